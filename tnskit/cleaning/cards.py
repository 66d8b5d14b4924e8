"""Full card numbers: how they are told from other long numbers, and how they are taken out of text.

A card number has 13 to 19 digits, begins with the digits of a card network that issues that length, and passes the Luhn
check. Where the words before it speak of a card, any first digits will do. Nothing is computed from a card number: what
is taken out is replaced by a note, never by a digest.

Read as one number: digits in one piece; groups as cards are printed (4-4-4-4, 4-6-5, 4-6-4, 4-4-4-4-3) or of equal size,
with any marks, tags or line breaks of up to five characters between them; other groups where they stand alone. Disguises
are read by `disguise.views`; base64 of plain digits is read too.

Left alone: dates, decimals, UUIDs, hexadecimal digests, IBANs with right check digits, and valid phone numbers with a
country code. What the rule cannot see: numbers split over several cells, digits told in words, and numbers that have
lost digits to a spreadsheet (`4.11111E+15`).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

import phonenumbers

from tnskit.cleaning.disguise import views

REDACTED = "[card number removed]"

Span = tuple[int, int]

NETWORKS: tuple[tuple[str, int, tuple[int, ...]], ...] = (
    ("4", 1, (13, 16, 19)),  # Visa
    ("5[1-5]", 2, (16,)),  # Mastercard
    (r"222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720", 4, (16,)),  # Mastercard
    ("3[47]", 2, (15,)),  # American Express
    (r"30[0-5]|309", 3, (14, 16)),  # Diners Club
    ("3[689]", 2, (14, 15, 16, 17, 18, 19)),  # Diners Club
    (r"35(?:2[89]|[3-8]\d)", 4, (16, 17, 18, 19)),  # JCB
    ("6011", 4, (16, 17, 18, 19)),  # Discover
    ("64[4-9]|65[0-9]", 3, (16, 17, 18, 19)),  # Discover
    ("62|81", 2, (16, 17, 18, 19)),  # UnionPay
    ("5018|5020|5038|5893|6304|6759|676[1-3]", 4, (13, 14, 15, 17, 18, 19)),  # Maestro
    ("6062", 4, (13, 19)),  # Hipercard
    (r"5[06-8]|6\d|82", 2, (16,)),  # Maestro, Elo, Hipercard, RuPay
    ("220[0-4]|9792", 4, (16,)),  # Mir, Troy
)
"""First digits, how many these are, and the lengths that the network issues. Source: the public lists of issuer
identification numbers, as in Wikipedia's "Payment card number"; Elo, Hipercard and Carnet lie inside 50 and 60 to 69."""

ISSUED = "|".join(f"(?:{first})[0-9]{{{size - told}}}" for first, told, sizes in NETWORKS for size in sizes).replace(r"\d", "[0-9]")
"""The same as a regular expression, for Python and DuckDB."""

_ISSUED = re.compile(ISSUED)
_NAMED = re.compile(
    r"(?:\b|_)(?:cards?|card_?no|cc|ccnum|pan|visa|master ?card|amex|american express|discover|diners|debit|credit"
    r"|tarjeta|cart[aã]o|d[eé]bito|cr[eé]dito)"
    r"(?:\b|_)[^\d]{0,30}$",
    re.IGNORECASE,
)
_NEAR = 60
"""Characters before a number in which a word for a card is looked for. Assumption."""

_RUN = re.compile(r"[0-9](?:[\W_]{0,5}[0-9])+")
_ENOUGH = re.compile(r"[0-9](?:[\W_]{0,5}[0-9]){12}")
_MARKS = re.compile(r"[\W_]+")
_SOFT = frozenset(" -._/\n\r\t")
_GROUPS = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 4, 2), (4, 4, 4, 4, 1), (4, 4, 4, 3), (4, 4, 5), (4, 4, 4, 1)}
"""How cards of 13 to 19 digits are printed."""

_FEW = 6
"""Groups of a number, its expiry date and its code; more are a list, in which only every fourth begins a number."""

_NOT_CARDS = re.compile(
    r"(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]?\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:[+-]\d\d:?\d\d)?)?(?!\d)"
    r"|(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d(?:,? \d{1,2}:\d\d(?::\d\d)?)?(?!\d)"
    r"|(?<!\d)[0-2]?\d:[0-5]\d:[0-5]\d(?:[.,]\d{1,9})?(?!\d)"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|(?<![\w.])[-+]?\d{1,12}\.\d{5,20}(?![\w.]*\d)",
    re.IGNORECASE,
)
"""Dates, times, UUIDs and decimals."""
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b")
_DIALLED = re.compile(r"(?:\+|\b00|tel:)\s?\(?$")
_DIGEST = re.compile(r"[0-9a-f]{20,}|[0-9A-F]{20,}")
_SCIENCE = re.compile(r"(?<![\w.])(\d)[.,](\d{11,18})[eE]\+?(\d{1,2})(?!\d)")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_TRACK = re.compile(r"(?:\^[^^]{2,26}\^|[=D])\d{7,}\??")
"""What follows the number on a card's magnetic stripe (ISO/IEC 7813)."""
_URL_SAFE = str.maketrans("-_", "+/")
_BASE64_DIGITS = re.compile(r"[MNO][DTjz][AEIMQUYcgk][w-z0-5]")
"""Three ASCII digits, as base64 writes them."""


def luhn(digits: str) -> bool:
    """Tell whether a run of digits passes the Luhn check (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, mark in enumerate(reversed(digits)):
        number = int(mark) * (1 + place % 2)
        total += number - 9 * (number > 9)
    return total % 10 == 0


def is_card_number(digits: str, *, named: bool = False) -> bool:
    """Tell whether ASCII digits are a full card number: 13 to 19, a network's first digits and length, Luhn.

    Args:
        digits: Digits and nothing else.
        named: Something else already says that this is a card, so that any first digits will do.
    """
    if not 13 <= len(digits) <= 19 or len(set(digits)) < 2:
        return False
    return (named or _ISSUED.fullmatch(digits) is not None) and luhn(digits)


def redact(text: str, *, named: bool = False, note: Callable[[str], str] | None = None) -> str:
    """Give `text` with every full card number replaced by a note; see the module for what is read as one.

    Args:
        text: Any text.
        named: The column that it stands in is called after a card, so that any first digits will do.
        note: What stands in place of a number, given what was written there; `REDACTED` if left out.
    """
    made = text
    for start, end in reversed(card_spans(text, named=named)):
        made = made[:start] + (note(text[start:end]) if note else REDACTED) + made[end:]
    return made


def card_spans(text: str, *, named: bool = False) -> list[Span]:
    """Give the places of full card numbers in a text, in order and apart from each other."""
    found = [view.span(*span) for view in views(text) for span in _spans(view.text, named)]
    return merged([*found, *_in_base64(text, named)])


def merged(spans: list[Span]) -> list[Span]:
    """Give spans in order, those that overlap as one."""
    made: list[Span] = []
    for start, end in sorted(spans):
        if made and start < made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def is_iban(text: str) -> bool:
    """Tell whether letters and digits are an International Bank Account Number with right check digits (ISO 13616)."""
    bare = re.sub(r"[ -]", "", text).upper()
    if not 15 <= len(bare) <= 34:
        return False
    return int("".join(str(int(mark, 36)) for mark in bare[4:] + bare[:4])) % 97 == 1


def _spans(text: str, named: bool) -> Iterator[Span]:
    if not _ENOUGH.search(text):
        return
    bare = _NOT_CARDS.sub(lambda match: "x" * len(match[0]), text)
    bare = _IBAN.sub(lambda match: "x" * len(match[0]) if is_iban(match[0]) else match[0], bare)
    for match in _RUN.finditer(bare):
        if len(_MARKS.sub("", match[0])) >= 13:
            yield from _in_run(bare, match, named)
    for match in _SCIENCE.finditer(text):
        if _in_science(match, named):
            yield match.span()


def _in_run(text: str, match: re.Match[str], named: bool) -> Iterator[Span]:
    """Try the groups of one run of digits, alone and together; the longest that fits is taken."""
    groups = [(one.start() + match.start(), one.end() + match.start()) for one in re.finditer("[0-9]+", match[0])]
    seps = [text[a[1] : b[0]] for a, b in pairwise(groups)]
    done = -1
    for first, (start, _) in enumerate(groups):
        if start < done:
            continue
        for last in range(min(len(groups), first + 19), first, -1):
            end = groups[last - 1][1]
            digits = _MARKS.sub("", text[start:end]) if end - start < 120 else ""
            if not is_card_number(digits, named=True) or not _shaped(groups, seps, first, last):
                continue
            said = named or _ISSUED.fullmatch(digits) or _NAMED.search(text, max(0, start - _NEAR), start)
            if said and not _else(text, start, end, digits):
                track = _TRACK.match(text, end)
                done = track.end() if track else end
                yield start, done
                break


def _shaped(groups: list[Span], seps: list[str], first: int, last: int) -> bool:
    """Tell whether `groups[first:last]` may be one number by the way it is written."""
    if last - first == 1:
        return True
    inner = seps[first : last - 1]
    sizes = tuple(b - a for a, b in groups[first:last])
    soft = all(set(sep) <= _SOFT for sep in inner)
    if sizes in _GROUPS or (len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0]):
        # four numbers of a list are no card: what stands around a card is set off in another way
        around = {seps[n] for n in (first - 1, last - 1) if 0 <= n < len(seps)}
        spaced = (sizes in _GROUPS and (first % 4 == 0 or len(groups) <= _FEW)) or (sizes[0] == 1 and first == 0)
        return not around & set(inner) or (soft and spaced)
    whole = first == 0 and last == len(groups)
    return whole and (len(set(inner)) == 1 or (soft and min(sizes) >= 3))


def _else(text: str, start: int, end: int, digits: str) -> bool:
    """Tell whether what looks like a card number is part of a digest, or a phone number with its country."""
    left = re.search(r"[0-9A-Za-z]*$", text[max(0, start - 130) : start])
    right = re.match(r"[0-9A-Za-z]*", text[end : end + 130])
    word = (left[0] if left else "") + text[start:end] + (right[0] if right else "")
    if _DIGEST.fullmatch(word) and sum(mark.isalpha() for mark in word) >= 4:
        return True
    return len(digits) <= 15 and bool(_DIALLED.search(text[max(0, start - 6) : start])) and dialled(digits)


def dialled(digits: str) -> bool:
    """Tell whether digits are a valid phone number with its country code."""
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}")))
    except phonenumbers.NumberParseException:
        return False


def _in_science(match: re.Match[str], named: bool) -> bool:
    """Tell whether a figure such as 4.111111111111111E+15 still carries a card number, or all of it but the check digit."""
    digits, places = match[1] + match[2], int(match[3]) + 1
    if not 13 <= places <= 19 or digits[places:].strip("0"):
        return False
    whole = digits[:places].ljust(places, "0")
    lost_one = len(digits) == 15 and places == 16 and _ISSUED.fullmatch(whole) is not None
    return lost_one or (len(digits) >= 13 and is_card_number(whole, named=named))


def _in_base64(text: str, named: bool) -> Iterator[Span]:
    for match in _BASE64.finditer(text):
        if len(_BASE64_DIGITS.findall(match[0])) < 2:
            continue
        for skipped in range(4):
            bare = match[0].rstrip("=")[skipped:].translate(_URL_SAFE)
            packed = bare[: len(bare) - (len(bare) % 4 == 1)]
            inner = base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("latin-1")
            if any(_spans(inner, named)):
                yield match.span()
                break
