"""Phone numbers, by Google's libphonenumber."""

from __future__ import annotations

import re
import unicodedata
from typing import ClassVar

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType, ValidationResult

LONGEST = 250
"""Characters of a cell that may hold a number (the bound of libphonenumber itself)."""

_TYPES = {
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "voip",  # a number that follows its holder is rented as internet numbers are
    PhoneNumberType.TOLL_FREE: "tollfree",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.PREMIUM_RATE: "tollfree",
    PhoneNumberType.SHARED_COST: "tollfree",
    PhoneNumberType.UAN: "tollfree",
    PhoneNumberType.VOICEMAIL: "tollfree",
}
_TOLL_FREE = re.compile(r"^\+1(?:8(?:00|33|44|55|66|77|88)\d{7}|900\d{7}|310\d{4}(?!\d))")
_PLAIN_US = re.compile(r"^(?:\+?1[-. ]?)?\(?([2-9]\d\d)\)?[-. ]?([2-9]\d\d)[-. ]?(\d{4})$")
"""Ten digits of the North American plan in their common dress; libphonenumber reads everything else."""
_STRAIGHT = "01234567890123456789"
_COUNTED = "01234567890"
_COUNTS = _STRAIGHT + "-" + _STRAIGHT[::-1]
_LOCAL = re.compile(r"local:[A-Z]{2}:\d{7,9}")
_ROUNDED = re.compile(r"^\+?(\d(?:\.\d+)?)[eE]\+?(\d+)$")
_PREFIXED = re.compile(r"^\+?(?:\d+\.)?\d+[eE]\+?\d+$")
_EXTENSION = re.compile(r"\b(?:ramal|interno|anexo|extensi[oó]n|extens[aã]o)\b\.?", re.I)
_REMARK = re.compile(r"^([^A-Za-z]*\d[^A-Za-z]*?)[\s(]*[A-Za-z(][^0-9]*$")

FICTION = re.compile(
    r"\+1\d{3}55501\d\d"
    r"|\+44(?:(?:11[3-8]|1[2-6]1)4960|2079460|1914980|2890180|2896496|2920180|1632960|7700900|8081570|9098790|3069990)\d{3}"
)
"""Numbers set aside for plays and films. Sources: the North American plan's 555-0100 to 555-0199 (NANPA, also of Canada); Ofcom's numbers
for drama use, in both editions of its range for Northern Ireland. The regulators of Mexico, Brazil, Portugal and Spain publish none."""

_DIRECTORY = re.compile(r"\+1\d{3}5551212")


class Phone:
    """A phone number in E.164, as libphonenumber reads it with the market's region for numbers without a country.

    Numbers that could be dialled are taken, assigned or not. A Mexican mobile loses the "1" after +52 and the old
    prefixes 01, 044 and 045, which ended in August 2019; a Brazilian mobile of eight digits gains its ninth. A number that
    lost its `+` is read with it where it is no number of the region otherwise. A number without an area code is kept as
    `local:REGION:digits`: two accounts with it may or may not mean the same line.
    Placeholders (all one digit, a count up or down) and numbers of films are no identifiers.
    """

    kind: ClassVar[str] = "phone"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give +E.164 (with `;ext=` where there is an extension), `local:...`, or None."""
        plain = _PLAIN_US.match(raw.strip()) if region in {"US", "CA", "PR"} or raw.lstrip().startswith("+1") else None
        if plain and plain[1] + plain[2] + plain[3] not in _COUNTS and len(set("".join(plain.groups()))) > 4:
            unreal = plain[2] == "555" and (plain[3][:2] == "01" or plain[3] == "1212")
            return None if unreal else f"+1{plain[1]}{plain[2]}{plain[3]}"
        if _LOCAL.fullmatch(raw):
            return raw
        found, placeholder = _read(raw, region)
        return None if placeholder else found

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
        return _TYPES.get(phonenumbers.number_type(_whole(clean)), "")

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        if _PREFIXED.match(raw.strip()):
            return "a phone number that a spreadsheet turned into a rounded figure; export the column as text"
        if _read(raw, region)[1]:
            return "a placeholder phone number, which says nothing"
        return f"not a phone number that could be dialled in region {region}"


def read(raw: str, region: str = "US") -> str | None:
    """Give the number that a cell means in E.164, placeholders and numbers of films too, or None."""
    return _read(raw, region)[0]


def _read(raw: str, region: str) -> tuple[str | None, bool]:
    """Give the number and whether it stands for nobody."""
    text = _tidy(raw)
    if not text:
        return None, False
    number = _parsed(text, region)
    possible = number is not None and phonenumbers.is_possible_number(number)
    if not text.startswith("+") and not (possible and len(text) < 11):
        number = _with_its_plus(text, number, possible) or number
        possible = number is not None and phonenumbers.is_possible_number(number)
    if not possible and (remark := _REMARK.match(text)):
        number = _parsed(remark[1], region)
    if number is None:
        return None, False
    digits = phonenumbers.national_significant_number(number)
    whole = "+" in text or number.country_code == 55 or region == "CA"
    found = _form(number, digits, region, whole=whole)
    return found, _is_placeholder(found or "", digits)


def _form(number: PhoneNumber, digits: str, region: str, *, whole: bool) -> str | None:
    """Give E.164 with its extension, a number without its area code as `local:...`, or None for what cannot be dialled.

    `whole`: a short number may be all there is, as Canada's 310 and Brazil's 4004 are; elsewhere it lacks its area code.
    """
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict == ValidationResult.IS_POSSIBLE_LOCAL_ONLY or (number.country_code == 55 and len(digits) in {8, 9}):
        if whole and phonenumbers.is_valid_number(number):
            return f"+{number.country_code}{digits}"
        local = digits if len(digits) == 7 or (number.country_code in {52, 55} and len(digits) in {8, 9}) else ""
        if number.country_code == 55 and re.fullmatch(r"[6-9]\d{7}", local):
            local = "9" + local
        return f"local:{region}:{local}" if local else None
    if verdict != ValidationResult.IS_POSSIBLE:
        return None
    text = f"+{number.country_code}{digits}"
    return f"{text};ext={number.extension}" if number.extension else text


def _is_placeholder(found: str, digits: str) -> bool:
    """Tell whether a number stands for nobody: one digit throughout, a count up or down, a number of films."""
    if FICTION.match(found) or _DIRECTORY.match(found):
        return True
    if len(set(digits)) == 1 or len(set(digits[-7:])) == 1 or digits in _COUNTED or digits in _COUNTED[::-1]:
        return True
    if found.startswith("local:"):
        return digits.startswith("55501")
    return found.startswith("+1") and (digits in _COUNTS or digits.startswith(("000", "123456")))


def _whole(clean: str) -> PhoneNumber:
    """Give the number of a clean form, which needs no parsing but for the length of its country code."""
    digits = clean.partition(";")[0].lstrip("+")
    cut = next((n for n in (1, 2, 3) if int(digits[:n]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE), 3)
    rest = digits[cut:]
    zeros = len(rest) - len(rest.lstrip("0"))
    number = PhoneNumber(country_code=int(digits[:cut]), national_number=int(rest or 0))
    if zeros:
        number.italian_leading_zero, number.number_of_leading_zeros = True, zeros
    return number


def _tidy(raw: str) -> str:
    """Give a cell without marks and remarks of software; an empty text where digits are lost."""
    if len(raw) > LONGEST:
        return ""
    text = raw.strip()
    if not text.isascii():
        folded = unicodedata.normalize("NFKC", text)
        text = "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Cs"})
    text = re.sub(r"(?<=\d)\.0\s*$", "", re.sub(r"\s+", " ", text).strip(" '\"="))
    if _PREFIXED.match(text):
        rounded = _ROUNDED.match(text)
        digits = rounded[1].replace(".", "") if rounded else ""
        # Only where every digit stands before the exponent is nothing lost.
        return digits if rounded and len(digits) == int(rounded[2][:3]) + 1 else ""
    text = _EXTENSION.sub(" ext ", text)
    return "+" + text[2:] if text.startswith("00") and text[2:3] not in {"0", ""} else text


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    return _mended(number, text) if number.country_code in {52, 55} else number


def _with_its_plus(text: str, number: PhoneNumber | None, possible: bool) -> PhoneNumber | None:
    """Read digits that lost their `+`: only where they are no number of the region, and are one of another country."""
    digits = re.sub(r"\D", "", text)
    if not 10 <= len(digits) <= 15 or digits[0] == "0" or re.search(r"[A-Za-z]", text) or (possible and len(digits) < 11):
        return None
    if number is not None and possible and phonenumbers.is_valid_number(number):
        return None
    other = _parsed("+" + digits, None)
    return other if other is not None and phonenumbers.is_valid_number(other) else None


def _mended(number: PhoneNumber, text: str) -> PhoneNumber:
    """Apply the two changes of numbering plans that libphonenumber leaves alone."""
    digits = phonenumbers.national_significant_number(number)
    if number.country_code == 52 and (match := re.fullmatch(r"(1|01|044|045)(\d{10})", digits)):
        # The bare 1 was only ever dialled behind +52; without it a 1 is that of North America.
        told = match[1] != "1" or "52" in re.sub(r"\D", "", text)[:-11]
        return PhoneNumber(country_code=52, national_number=int(match[2]), extension=number.extension) if told else number
    if number.country_code == 55 and re.fullmatch(r"[1-9]\d[6-9]\d{7}", digits):
        return PhoneNumber(country_code=55, national_number=int(f"{digits[:2]}9{digits[2:]}"), extension=number.extension)
    return number
