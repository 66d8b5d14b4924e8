"""What a person typed, looked at before it is written: long enough, short enough, and without a raw identifier."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from tnskit.cleaning.privacy import SAID, find
from tnskit.errors import WordsError

MOST = 4_000
"""Characters of a reason or a note. Assumption: two pages; a reason that needs more is an attachment."""
_KEPT = {"\n", "\t", "\u200c", "\u200d"}
"""Signs without a shape that words need: line breaks, and the joiners of Persian, Hindi and emoji."""
_TURNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that make a line read otherwise than it is written."""


def said(text: Any, *, what: str = "because", but: Iterable[str] = (), empty: bool = False) -> str:
    """Give free text as it may be written to the log.

    Args:
        text: What somebody typed. It is kept as data, whatever it holds: HTML, formulas and templates are shown as they stand.
        what: What it is called, for the message.
        but: Account ids that it may name, though they look like numbers.
        empty: Whether nothing will do as well.

    Raises:
        WordsError: It is empty, too long, holds signs that cannot be seen, or a raw identifier. The message never repeats it.
    """
    if not isinstance(text, str):
        raise WordsError(f"{what}= takes words, not a {type(text).__name__}")
    if len(text) > MOST:
        raise WordsError(f"{what}= has {len(text):,} characters; it takes {MOST:,}")
    words = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not any(sign.isalnum() for sign in words):
        if empty and not words:
            return ""
        raise WordsError(f"{what}= is empty; write in a sentence what you saw and why it matters")
    if any(sign in _TURNS or (unicodedata.category(sign) in {"Cc", "Cs", "Co"} and sign not in _KEPT) for sign in words):
        raise WordsError(f"{what}= holds signs that cannot be seen and change how it reads; type it as plain text")
    if found := raw(words, but):
        raise WordsError(f"{what}= holds {' and '.join(found)}; say it without, the masks in the check are enough")
    return words


def raw(words: str, but: Iterable[str] = ()) -> list[str]:
    """Name the kinds of raw identifier that a text holds, account ids apart."""
    names = set(but)
    kinds = {one.kind for one in find(words) if words[one.start : one.end].strip() not in names}
    return [name for kind, name in SAID.items() if kind in kinds]


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give facts from outside as they may be written: every text in them is looked at like a reason.

    Raises:
        WordsError: A text is too long or holds a raw identifier.
    """
    return {said(str(key), what="a name of a fact"): _plain(value, str(key)) for key, value in facts.items()}


def _plain(value: Any, what: str) -> Any:
    if isinstance(value, str):
        return said(value, what=what, empty=True) if any(sign.isalnum() for sign in value) else value[:MOST]
    if isinstance(value, Mapping):
        return {said(str(key), what=what): _plain(one, what) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, what) for one in value]
    return value
