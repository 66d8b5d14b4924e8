"""Postal addresses: number, street, unit and place, as one line that two spellings share."""

from __future__ import annotations

import re
from typing import ClassVar

from tnskit.cleaning.names import plain

_SUFFIXES = {
    "st", "street", "ave", "av", "avenue", "rd", "road", "dr", "drive", "ln", "lane", "blvd", "boulevard", "ct", "court",
    "pl", "place", "ter", "terrace", "pkwy", "parkway", "cir", "circle", "hwy", "highway", "sq", "square", "way", "trl",
    "trail", "calle", "avenida", "rua", "carrera", "plaza",
}  # fmt: skip
_POINTS = {"north": "n", "south": "s", "east": "e", "west": "w", "norte": "n", "sur": "s", "este": "e", "oeste": "w",
           "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw"}  # fmt: skip
_STATES = {
    "al", "ak", "az", "ar", "ca", "co", "ct", "de", "fl", "ga", "hi", "id", "il", "in", "ia", "ks", "ky", "la", "me", "md",
    "ma", "mi", "mn", "ms", "mo", "mt", "ne", "nv", "nh", "nj", "nm", "ny", "nc", "nd", "oh", "ok", "or", "pa", "ri", "sc",
    "sd", "tn", "tx", "ut", "vt", "va", "wa", "wv", "wi", "wy", "dc", "pr",
}  # fmt: skip
_ORDINALS = {word: str(n) for n, word in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)}  # fmt: skip
_UNIT = re.compile(
    r"(?:,|\s)\s*(?:(?:apt|apartment|unit|suite|ste|room|rm|floor|fl|depto|dpto|apto|int|bldg|lote|casa)\b\.?\s*#?\s*|#\s*)"
    r"(?:([a-z0-9-]{1,6})\s*(?=,|$)|([a-z]?\d{1,5}-?[a-z]?)(?=\s))"
)
_FLOOR = re.compile(r"[,\s]+(?:(?:\d+(?:st|nd|rd|th)|first|second|third|ground)\s+(?:floor|fl)|basement|rear|lower level)\s*$")
_AGENT = re.compile(r"\b(?:pmb|p\.?\s?o\.?\s?box|mail ?box|apartado|caixa postal)\b")


class Address:
    """A postal address: house number, street without its suffix, unit, and postal code or town.

    The street's suffix (St, Ave, Calle) is dropped, because exports drop it too; so are a repeated town, state and
    postal code at the end of the line. Without a postal code and a town the place is unknown, and the loader
    fills it in only where one place in the whole market has that street line.
    """

    kind: ClassVar[str] = "address"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give `number street|unit|place|mail` from `line1 | unit | city | region | postal | country | agent`."""
        cells = [*(part.strip() for part in raw.split("\x1f")), "", "", "", "", "", ""][:7]
        line, unit, city, _, postal, country, agent = cells
        street, found, mail = _street(line)
        unit = re.sub(r"[^a-z0-9]", "", plain(unit)) or found
        unit = re.sub(r"^(?:apt|apartment|unit|suite|ste|depto|apto)(?=\w)", "", unit)
        tokens = street.split()
        if len(tokens) < 2 or not any(c.isdigit() for c in street) or not any(c.isalpha() for c in line) or len(street) > 120:
            return None
        inline = _inline_postal(line) if not postal else ""
        place = _postal(postal or inline, country or region) or plain(city)
        street = _without_place(tokens, plain(city), place)
        return f"{street}|{unit}|{place}|{'mail' if mail or agent == 'true' else ''}" if street else None

    def shown(self, clean: str) -> str:
        """Give the unit's presence and the first three characters of the place, nothing of the street."""
        _, unit, place, _ = clean.split("|")
        area = f"{place[:3]}••" if place[:3].isdigit() else "•••"
        return f"address ••• in {area}" + (" with unit" if unit else "")

    def klass(self, clean: str) -> str:
        """Give `mail_agent`, `unit`, or `building` (no unit told: a house, or a house of many)."""
        _, unit, _, mail = clean.split("|")
        return "mail_agent" if mail else "unit" if unit else "building"

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        return "no house number and street"


def _street(line: str) -> tuple[str, str, bool]:
    """Split a line into street, unit and whether it is a mail agent's box."""
    text = re.sub(r"\s+", " ", plain(line, keep=",#.-"))
    mail = bool(_AGENT.search(text))
    text = re.sub(r"\b(\d{5})-\d{4}$", r"\1", text.strip(" ,."))
    text = _FLOOR.sub("", text)
    unit = ""
    if match := _UNIT.search(text):
        unit, text = (match[1] or match[2]).replace("-", ""), text[: match.start()] + " " + text[match.end() :]
    text = re.sub(r"(\d+)(?:st|nd|rd|th)\b", r"\1", re.sub(r"[^\w\s]", " ", text))
    words = [_ORDINALS.get(w, _POINTS.get(w, w)) for w in text.split()]
    return " ".join(words), unit, mail


def _without_place(tokens: list[str], city: str, place: str) -> str:
    """Drop a town, state and postal code repeated at the end, then the street's suffix."""
    rest = list(tokens)
    for tail in (place.split(), city.split()):
        if tail and rest[-len(tail) :] == tail and len(rest) > len(tail) + 1:
            rest = rest[: -len(tail)]
    if len(rest) > 2 and re.fullmatch(r"\d{5}", rest[-1]):
        rest = rest[:-1]
    if len(rest) > 3 and rest[-1] in _STATES and any(w in _SUFFIXES for w in rest[:-1]):
        rest = rest[:-1]
        cut = max(n for n, w in enumerate(rest) if w in _SUFFIXES)
        rest = rest[: cut + 1] if cut >= 2 else rest
    kept = [w for n, w in enumerate(rest) if w not in _SUFFIXES or n == 0]
    return " ".join(kept if len(kept) >= 2 else rest)


def _inline_postal(line: str) -> str:
    match = re.search(r"\b(\d{5})(?:-\d{4})?\s*$", line.strip())
    return match[1] if match and len(line.split()) > 3 else ""


def _postal(postal: str, country: str) -> str:
    """Give a postal code without its add-on; a US code that lost its zeros gets them back."""
    text = re.sub(r"\.0$", "", postal.strip())
    if country.upper() in {"US", "USA", ""}:
        digits = re.sub(r"\D", "", text.split("-")[0])
        digits = digits[:5] if len(digits) == 9 else digits
        return digits.zfill(5) if 3 <= len(digits) <= 5 else ""
    return re.sub(r"\W", "", text).lower()
