"""Phone numbers, by Google's libphonenumber."""

from __future__ import annotations

import re
import unicodedata
from typing import ClassVar

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

_SPREADSHEET = re.compile(r"^\s*\+?\d(\.\d+)?[eE]\+?\d+\s*$")
_TYPES = {
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.TOLL_FREE: "tollfree",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.PREMIUM_RATE: "tollfree",
    PhoneNumberType.SHARED_COST: "tollfree",
    PhoneNumberType.UAN: "tollfree",
}
_TOLL_FREE = re.compile(r"^\+1(8(00|33|44|55|66|77|88)|900)")
_PLAIN_US = re.compile(r"^(?:\+?1[-. ]?)?\(?([2-9]\d\d)\)?[-. ]?([2-9]\d\d)[-. ]?(\d{4})$")
"""Ten digits of the North American plan in their common dress; libphonenumber reads everything else."""
_STRAIGHT = "01234567890123456789"


class Phone:
    """A phone number in E.164, as libphonenumber reads it with the market's region for numbers without a country.

    Numbers that could be dialled are taken, assigned or not. A Mexican mobile loses the "1" after +52 and the old
    prefixes 01, 044 and 045, which ended in August 2019; a Brazilian mobile of eight digits gains its ninth.
    A number without an area code is kept as `local:REGION:digits`: two accounts with it may or may not mean the same line.
    Placeholders (all one digit, a count up or down, 555-0100 to 555-0199) are no identifiers.
    """

    kind: ClassVar[str] = "phone"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give +E.164 (with `;ext=` where there is an extension), `local:...`, or None."""
        plain = _PLAIN_US.match(raw.strip()) if region in {"US", "CA", "PR"} or raw.lstrip().startswith("+1") else None
        if plain and plain[1] + plain[2] + plain[3] not in _STRAIGHT * 2 and len(set("".join(plain.groups()))) > 4:
            return None if plain[2] + plain[3][:2] == "55501" else f"+1{plain[1]}{plain[2]}{plain[3]}"
        number = self._parse(raw, region)
        if number is None or self._placeholder(number):
            return None
        verdict = phonenumbers.is_possible_number_with_reason(number)
        digits = phonenumbers.national_significant_number(number)
        if verdict == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return f"local:{region}:{digits}" if len(digits) == 7 else None
        if verdict != ValidationResult.IS_POSSIBLE:
            return None
        text: str = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        return f"{text};ext={number.extension}" if number.extension else text

    def shown(self, clean: str) -> str:
        """Give the last four digits."""
        digits = re.sub(r"\D", "", clean.split(";")[0])
        return f"phone ••• •••-{digits[-4:]}"

    def klass(self, clean: str) -> str:
        """Give `mobile`, `landline`, `voip`, `tollfree`, `partial` (no area code) or "" (not told by the number)."""
        if clean.startswith("local:"):
            return "partial"
        if clean.startswith("+1"):
            return "tollfree" if _TOLL_FREE.match(clean) else ""
        return _TYPES.get(phonenumbers.number_type(phonenumbers.parse(clean.split(";")[0])), "")

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        if _SPREADSHEET.match(raw):
            return "a phone number that a spreadsheet turned into a rounded figure; export the column as text"
        number = self._parse(raw, region)
        if number is not None and self._placeholder(number):
            return "a placeholder phone number, which says nothing"
        return f"not a phone number that could be dialled in region {region}"

    def _parse(self, raw: str, region: str) -> phonenumbers.PhoneNumber | None:
        if len(raw) > 250 or _SPREADSHEET.match(raw):
            return None
        text = unicodedata.normalize("NFKC", raw)
        text = re.sub(r"(?<=\d)\.0\s*$", "", "".join(c for c in text if unicodedata.category(c) != "Cf"))
        text = re.sub(r"\s+", " ", text).strip()
        bare = re.sub(r"\D", "", text)
        if not text.startswith(("+", "00")) and region in {"US", "CA"} and len(bare) == 12 and bare[:2] == "52":
            text = "+" + bare
        text = _mended(text)
        try:
            return phonenumbers.parse(text, region)
        except NumberParseException:
            return None

    def _placeholder(self, number: phonenumbers.PhoneNumber) -> bool:
        digits = phonenumbers.national_significant_number(number)
        local = digits[-7:]
        if len(set(digits)) == 1 or len(set(local)) == 1 or digits in _STRAIGHT or digits in _STRAIGHT[::-1]:
            return True
        if number.country_code == 1 and len(digits) == 10:
            return digits[3:8] == "55501" or digits.startswith(("000", "123456"))
        return number.country_code == 1 and digits.startswith("55501")


def _mended(text: str) -> str:
    """Apply the two changes of numbering plans that libphonenumber leaves alone."""
    bare = re.sub(r"[^\d+]", "", text)
    if match := re.match(r"^(\+|00)?52(1|01|044|045)(\d{10})$", bare):
        return f"+52{match[3]}"
    if match := re.match(r"^(\+|00)55(\d{2})([6-9]\d{7})$", bare):
        return f"+55{match[2]}9{match[3]}"
    return text
