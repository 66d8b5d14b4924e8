"""Payment cards: by the processor's token, or weakly by first digits, last digits and expiry."""

from __future__ import annotations

import re

from tnskit.cleaning.cards import luhn
from tnskit.cleaning.kinds.tokens import Token, bare, trimmed

_LONG = re.compile(r"\d{13,19}")
_MASKED = re.compile(r"[•*xX]+")
_OWN = re.compile(r"(\d{6})\|(\d{4})\|(\d{2})-(1[0-2]|[1-9])")


class Card(Token):
    """A card by its processor's fingerprint, written `processor:fingerprint`; a full card number is never taken as one.

    A fingerprint means something only to the processor that made it, so the processor is part of the value, in lower
    case. A wallet may show the token of the handset instead (class `wallet`): one card then has two values.
    """

    kind = "card"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give the fingerprint; None for a default, for a full card number and for a few digits of one."""
        text = super().clean(raw, region)
        if text is None:
            return None
        head, colon, rest = text.partition(":")
        digits = re.sub(r"[ .-]", "", rest or text)
        if digits.isdigit() and (len(digits) < 6 or (_LONG.fullmatch(digits) and luhn(digits))):
            return None
        return f"{head.lower()}:{rest}" if colon and re.fullmatch(r"[A-Za-z]\w{1,30}", head) else text

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        digits = bare(trimmed(raw[:100]))
        if digits.isdigit() and len(set(digits)) > 1:
            return "digits of a card number, not a token; ask the payment processor for its fingerprint"
        return super().fault(raw, region)


class CardDigits(Token):
    """BIN, last four digits and expiry: many cards share them, so it is a weak kind of its own.

    A BIN has six digits or, since 2022, eight (ISO/IEC 7812-1:2017); two exports meet at the first six.
    Last four digits that lost their zeros (42 for 0042) get them back; years of two and of four digits are one.
    """

    kind = "card_digits"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give `BIN|last four|year-month` from those in this order; the expiry may be written as month/year too."""
        text = trimmed(raw[:200])
        if _OWN.fullmatch(text):
            return None if text[:6] == "000000" else text
        parts = [_MASKED.sub(" ", part).strip() for part in re.split(r"[|\x1f]", text)]
        if len(parts) == 1:
            parts = parts[0].split(maxsplit=2)
        if len(parts) != 3:
            return None
        first = re.fullmatch(r"(\d{6})(\d{2})?", re.sub(r"\.0$|[\s-]", "", parts[0]))
        last = re.fullmatch(r"\d{1,4}", re.sub(r"\.0$|\D+(?=\d{4}$)", "", parts[1]))
        expiry = _expiry(parts[2])
        if not first or not last or not expiry or len(set(first[1])) == 1:
            return None
        return f"{first[1]}|{last[0].zfill(4)}|{expiry}"

    def shown(self, clean: str) -> str:
        """Give the last four digits."""
        return f"card •••• {clean.split('|')[1]}"

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        return "not six first digits, four last digits and an expiry of a card"


def _expiry(text: str) -> str:
    """Give `year-month`, the year in two digits; a figure above 12 is the year, else `/` puts the month first and `-` the year."""
    found = [int(number) for number in re.findall(r"\d+", re.sub(r"(\d)\.0\b", r"\1", text))]
    if len(found) == 1 and re.fullmatch(r"\d{3,4}", text):
        found = list(divmod(found[0], 100))
    if len(found) != 2:
        return ""
    first, second = found
    year, month = found if first > 12 or (second <= 12 and "/" not in text and "-" in text) else (second, first)
    return f"{year % 100:02}-{month}" if 1 <= month <= 12 and (year < 100 or 2000 <= year < 2100) else ""
