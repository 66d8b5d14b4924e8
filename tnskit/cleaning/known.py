"""Find the values of one market in text, of every kind: what has no form of its own is known by the market that holds it."""

from __future__ import annotations

import re
from collections.abc import Callable

from tnskit.cleaning.disguise import views
from tnskit.cleaning.market import Market
from tnskit.cleaning.privacy import Found

LEAST = 6
"""Characters that a value has at least; shorter ones stand in any text by chance. Assumption."""

_WORD = re.compile(r"[^\s,;<>\"'()\[\]{}|=]+")

_VALUES = """
SELECT DISTINCT kind, raw FROM vault.sighting WHERE raw IS NOT NULL AND kind NOT IN ('address', 'card_digits')
UNION SELECT DISTINCT kind, clean FROM vault.clean WHERE kind NOT IN ('address', 'card_digits', 'licence')
UNION SELECT DISTINCT 'address', line1 FROM vault.addresses WHERE line1 IS NOT NULL
UNION SELECT DISTINCT 'licence', licence_no FROM vault.pro_profiles WHERE licence_no IS NOT NULL
UNION SELECT DISTINCT 'name', legal_name FROM vault.accounts WHERE legal_name LIKE '% %'
UNION SELECT DISTINCT 'name', display_name FROM vault.accounts WHERE display_name LIKE '% %'
"""


def known(market: Market) -> Callable[[str], list[Found]]:
    """Give what finds the market's own raw and clean values in a text, in the disguises of `disguise`; capital letters do not count.

    Kinds are those of `identifiers.KINDS` and `name`; a card is a `token`, as in `privacy.SAID`. Account ids are no raw
    identifiers. The time that it takes grows with the text, not with the market.

    Args:
        market: A loaded market.
    """
    held: dict[str, list[tuple[list[str], str]]] = {}
    shown = {word for (mask,) in market.db.execute("SELECT shown FROM identifier").fetchall() for word in _words(mask)}
    for kind, value in market.db.execute(_VALUES).fetchall():
        words = _words(value)
        if len(value.strip()) >= LEAST and words and (len(words) > 1 or words[0] not in shown):
            held.setdefault(words[0], []).append((words, "token" if kind == "card" else kind))

    def find_known(text: str) -> list[Found]:
        made = []
        for view in views(text):
            read = [(match[0].casefold().rstrip(".:!?"), match.start(), match.end()) for match in _WORD.finditer(view.text)]
            for place, (word, start, _) in enumerate(read):
                fits = [words for words, _ in held.get(word, ()) if [w for w, *_ in read[place : place + len(words)]] == words]
                if fits:
                    longest = max(fits, key=len)
                    kind = next(kind for words, kind in held[word] if words == longest)
                    end = read[place + len(longest) - 1]
                    made.append(Found(kind, *view.span(start, end[1] + len(end[0]))))
        return _apart(made)

    return find_known


def _words(value: str) -> list[str]:
    return [match[0].casefold().rstrip(".:!?") for match in _WORD.finditer(value)]


def _apart(found: list[Found]) -> list[Found]:
    """Give what was found in order, each place once."""
    made: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not made or made[-1].end <= one.start:
            made.append(one)
    return made
