"""Trade licences: state and number."""

from __future__ import annotations

import re
from typing import ClassVar

from tnskit.cleaning.kinds.places import us_state
from tnskit.cleaning.kinds.tokens import Token, is_default, trimmed
from tnskit.cleaning.names import plain

_LABELS = frozenset(
    "LICENSE LICENCE LICENSED LICENCIA LICENCA LIC LICS NUMBER NUMERO NUM NRO NO N CONTRACTOR CONTRACTORS CONTR REGISTRATION REG STATE"
    " BOARD CSLB ROC CCB CEDULA MATRICULA OF THE".split()
)
"""Words around a number. CSLB, ROC and CCB are the registrars of California, Arizona and Oregon, which holders write before it."""
_GLUED = re.compile(r"^(?:(?:LICENSE|LICENCE|LICENCIA|LICENCA|LIC|NUMBER|NUM|NO|CSLB|ROC|CCB|REG)+)(?=\d)")
_NOTHING = re.compile(r"^(?:0*|N/?A|NONE|PENDING|EXEMPT|APPLIED|EXPIRED|UNLICENSED|NOTREQUIRED|NOLICENSE|NINGUNA|NENHUMA)$")
_FILLED = frozenset({"123456", "1234567", "12345678", "123456789", "1234567890", "987654321", "987654", "1234567891"})


class Licence(Token):
    """A trade licence: state, and letters and digits without spaces, prefixes such as `LIC#` and leading zeros.

    The state comes before a bar (`CA|1005412`), or before the word for a licence (`CA Lic. 1005412`), as a name or as its
    two letters. A licence belongs to the firm's qualifier, so those who work for him give it too.
    """

    kind: ClassVar[str] = "licence"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give `STATE|NUMBER` in capitals, the state empty where it is not told; None for a default."""
        if len(raw) > 200:
            return None
        told, _, number = trimmed(raw).rpartition("|")
        if len(number) > 9 and is_default(number):
            return None
        words = plain(number).upper().split()
        state = us_state(told) or re.sub(r"[^A-Z0-9]", "", told.upper())
        if len(words) > 1 and words[1] in _LABELS and (told_here := us_state(words[0])):
            state, words = state or told_here, words[1:]
        while len(words) > 1 and words[0] in _LABELS:
            words = words[1:]
        text = _GLUED.sub("", "".join(words)).lstrip("0")
        filler = _NOTHING.match(text) or text in _FILLED or len(set(text)) == 1
        return f"{state}|{text}" if not filler and 3 <= len(text) <= 25 and any(c.isdigit() for c in text) else None

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        return "no licence number (empty, pending, exempt or a filler)"
