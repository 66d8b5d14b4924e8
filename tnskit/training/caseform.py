"""What kind of value stands where in the file of a case, so that a slip of the pen is told as a sentence.

Whether the values make sense together is asked afterwards, in `casefile.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tnskit.cleaning.schema import TABLES
from tnskit.training.sample import ACCOUNT_COLUMNS

MOST_LETTERS, MOST_WORD, MOST_ROWS = 4_000, 200, 60
"""Letters of a text in `[words]` and of any other text; rows that one block plants. Assumption: more is a slip."""
Wrong = Callable[[str, str], Exception]
_RANGE = re.compile(r"-?\d{1,12}(\.\.-?\d{1,12})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _text(value: Any, most: int = MOST_WORD) -> bool:
    return isinstance(value, str) and len(value) <= most and not _CONTROL.search(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(_text(one) for one in value)


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_ROWS


def _number(value: Any) -> bool:
    return (type(value) is int and abs(value) < 10**12) or (isinstance(value, str) and bool(_RANGE.fullmatch(value) and _rises(value)))


def _rises(text: str) -> bool:
    first, _, last = text.partition("..")
    return int(first) <= int(last or first)


def _day(value: Any) -> bool:
    return _text(value) or type(value) in (int, float)


_KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "text": (_text, f"a text of at most {MOST_WORD} letters"),
    "words": (lambda value: _text(value, MOST_LETTERS), f"a text of at most {MOST_LETTERS:,} letters"),
    "texts": (_texts, 'a list of texts, such as ["one", "two"]'),
    "names": (lambda value: _text(value) or _texts(value), 'a name, or a list of names such as ["one", "two"]'),
    "flag": (lambda value: type(value) is bool, "true or false"),
    "bool": (lambda value: type(value) is bool or value in ("true", "false"), "true or false"),
    "count": (_count, f"a whole number from 0 to {MOST_ROWS}"),
    "number": (_number, "a whole number, or two with two dots between, such as '300..1900'"),
    "day": (_day, "days before the export, such as '-30' or '-30..-20'"),
    "at": (_text, "days before the export, such as '-30' or '-30..-20'"),
    "block": (lambda value: isinstance(value, dict), "a block of its own, such as [words.en]"),
    "blocks": (lambda value: isinstance(value, list) and all(isinstance(one, dict) for one in value), "blocks such as [[shares]]"),
    "account": (lambda value: _text(value) and value.startswith("@"), "an account, such as '@someone'"),
    "cell": (lambda value: _text(value) or type(value) in (int, float, bool), "a text, a number, true or false"),
}
"""What a value can be, and how that is told."""
_TOP = {
    "code": "text", "suspected": "text", "explanation": "text", "stops": "texts", "may": "texts", "steps": "texts", "words": "block",
    "accounts": "block", "shares": "blocks", "rows": "blocks", "letters": "blocks",
}  # fmt: skip
_ACCOUNT = {"many": "count", "asked": "flag", "accept": "texts", "opened": "day", "until": "day"}
_SHARE = {"who": "names", "days": "block", "cells": "block", "others": "count", "proof": "flag", "new": "flag"}
_ROW = {"many": "count", "proof": "flag"}
_LETTER = {"send": "texts"}
_COLUMNS = {"at": "at", "int": "number", "money": "number", "bool": "bool"}


def see_form(told: dict[str, Any], wrong: Wrong) -> None:
    """See that every value in the file of a case is of the kind that stands there.

    Args:
        told: The file.
        wrong: Makes an error of a place and what is wrong there.

    Raises:
        LessonError: What is wrong, where, and what would be right.
    """
    _seen("the top", told, _TOP, "text", wrong)
    for lang, words in told.get("words", {}).items():
        _seen("[words]", {lang: words}, {}, "block", wrong)
        _seen(f"[words.{lang}]", words, {}, "words", wrong)
    for name, part in told.get("accounts", {}).items():
        _seen("[accounts]", {name: part}, {}, "block", wrong)
        _seen(f"[accounts.{name}]", part, _ACCOUNT, "text", wrong)
    for place, one in enumerate(told.get("shares", []), 1):
        _seen(f"[[shares]] {place}", one, _SHARE, "text", wrong)
        _seen(f"[[shares]] {place} days", one.get("days", {}), {}, "day", wrong)
        _seen(f"[[shares]] {place} cells", one.get("cells", {}), {}, "cell", wrong)
    for place, one in enumerate(told.get("rows", []), 1):
        _seen(f"[[rows]] {place}", one, _ROW | _columns(one), "cell", wrong)
    for place, one in enumerate(told.get("letters", []), 1):
        _seen(f"[[letters]] {place}", one, _LETTER, "text", wrong)


def _columns(row: dict[str, Any]) -> dict[str, str]:
    """The kinds of a row's columns, by the table that it names."""
    name = row.get("table")
    if not isinstance(name, str) or name not in TABLES:
        return {"table": "text", "each": "text", "name": "text"}
    kinds = {column.name: _COLUMNS.get(column.type, "cell") for column in TABLES[name].columns if column.name not in _ROW}
    return kinds | dict.fromkeys(ACCOUNT_COLUMNS.intersection(kinds), "account") | {"table": "text", "each": "text", "name": "text"}


def _seen(where: str, told: dict[str, Any], kinds: dict[str, str], other: str, wrong: Wrong) -> None:
    for word, value in told.items():
        fits, says = _KINDS[kinds.get(word, other)]
        if not fits(value):
            raise wrong(where, f"{word[:40]} should be {says}")
