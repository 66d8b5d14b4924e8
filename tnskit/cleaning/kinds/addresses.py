"""Postal addresses: number, street, unit and place, as one line that two spellings share.

Own rules and no library: the trained parsers for US lines (usaddress) take hundreds of microseconds a line and know no
Spanish or Portuguese; libpostal knows them and needs two gigabytes of models besides the package.
"""

from __future__ import annotations

import re
import unicodedata
from typing import ClassVar

from tnskit.cleaning.kinds.places import CODES, NUMBER_LAST, STATES, country_code, postal_code, us_state
from tnskit.cleaning.kinds.streets import ONE_WORD, ORDINALS, POINTS, ROADS, SPANISH, SUFFIXES, UNITS_EN, UNITS_LATIN, number_last
from tnskit.cleaning.kinds.tokens import NOTHING
from tnskit.cleaning.names import plain

_STRONG = "apartment|apto|apt|unit|suite|ste|depto|dpto|#"
_WEAK = "|".join(sorted(set(UNITS_EN) - {"fl", "floor"}, key=len, reverse=True))
_UNIT = re.compile(
    r"(?:^|[,\s])\s*(?:"
    rf"(?:{_STRONG})(?<=[\w#])(?:\b|(?<=#))\.?\s*(?:no\b\.?)?\s*[#:]?\s*(?P<any>[a-z0-9]{{1,6}}(?:-[a-z0-9]{{1,5}})?)\s*(?=,|$)"
    rf"|(?:{_WEAK}|#)(?:\b|(?<=#))\.?\s*[#:]?\s*(?P<short>\d[a-z0-9]{{0,5}}|[a-z]\d{{0,5}}|[a-z]{{1,2}})\s*(?=,|$)"
    rf"|(?:{_WEAK}|#)(?:\b|(?<=#))\.?\s*[#:]?\s*(?P<inside>[a-z]?\d{{1,5}}-?[a-z]?)(?=\s)"
    r"|(?:floor|fl)\b\.?\s*#?\s*(?P<floor>\d{1,3}[a-z]?|[a-z])(?=[\s,]|$))"
)
_WORDED = re.compile(
    rf"(?:^|[,\s])\s*(?:{'|'.join(sorted({*UNITS_LATIN, *UNITS_EN}, key=len, reverse=True))})\b\.?\s*(?:no\b\.?|n\b\.?)?\s*[#:]?\s*"
    r"(\d[a-z0-9]{0,5}(?:-[a-z0-9]{1,4}|\s[a-z](?=\s*(?:,|$)))?|[a-z]\d{0,4})(?=[,\s-]|$)"
)
_UNIT_LABEL = re.compile(rf"^(?:(?:{'|'.join({*UNITS_LATIN, *UNITS_EN})}|no|num)\b\.?|#)\s*")
_ONE_UNIT = re.compile(r"(?:(?:apt|unit|ste|suite|apto|depto|pmb)\.? ?)?(?:# ?)?(\d{1,6}[a-z]?|[a-z]\d{1,5}|[a-z])")
_GLUED = re.compile(r"\b(apt|apartment|unit|suite|ste|depto|dpto|apto)(?=\d)")
_FLOOR = re.compile(r"[,\s]+(?:(?:\d+(?:st|nd|rd|th)|first|second|third|ground)\s+(?:floor|fl)|basement|rear|lower level)\s*$")
_AGENT = re.compile(
    r"\b(?:pmb|po box|mail ?box(?:es)?|apartado(?: postal)?|apdo|caixa postal|ups store|postnet|ipostal1|registered agents?"
    r"|virtual office)\b"
)
_BOX = re.compile(r"\b(?:p\.?\s?o\.?\s?box|pob|post office box)\b\.?")
_COUNTRIES = (
    "usa",
    "u.s.a.",
    "u.s.a",
    "united states",
    "united states of america",
    "mexico",
    "brasil",
    "brazil",
    "canada",
    "portugal",
    "espana",
    "spain",
)
_STATE = re.compile(rf"[\s,]+({'|'.join(sorted(STATES, key=len, reverse=True))})(?=\s*(?:\d{{5}}(?:-\d{{4}})?)?\s*$)")
_STATE_NAMES = tuple(STATES)
_INLINE = re.compile(r"\b(\d{5})(?:-\d{4})?\s*$")
_INLINE_CODE = re.compile(r"[\s,-]*\b(?:cep|c\.?\s?p\.?|cod(?:igo)?\.? postal)\s*:?\s*(\d{4,5}(?:-?\d{3})?)\b")
_NTH = re.compile(r"(\d+)(?:st|nd|rd|th)\b")
_RAISED = str.maketrans("", "", "ºª°")
_SIGNS = str.maketrans(",#.-/", "     ")
_NOT_A_UNIT = frozenset({"", "0", "na", "none", "null", "no", "sn", "ninguno", "nenhum", "house", "home"})
_UNITS_EN = frozenset(UNITS_EN)
_UNITS_LATIN = frozenset(UNITS_LATIN) | _UNITS_EN


class Address:
    """A postal address: house number, street, unit, and postal code or town.

    In the US the suffix of the street (St, Ave) is dropped, because exports drop it too; so are a repeated town, state and
    postal code at the end of the line. In Mexico, Brazil, Spain and Portugal the number stands behind the street, whose
    kind (calle, avenida, rua) is kept in one form. Without a postal code and a town the place is unknown, and the loader
    fills it in only where one place in the whole market has that street line.
    """

    kind: ClassVar[str] = "address"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give `street|unit|place|mail` from `line1 | unit | city | region | postal | country | agent`.

        The cells are parted by the unit separator (U+001F); all but the first may be missing.
        """
        if len(raw) < 400 and raw.count("|") == 3 and _is_own(raw):
            return raw
        folded = raw[:5_000] if raw.isascii() else unicodedata.normalize("NFKC", raw[:5_000].translate(_RAISED))
        cells = [*(part.strip() for part in folded.split("\x1f")), "", "", "", "", "", ""][:7]
        line, unit, city, state, postal, country, agent = cells
        code = country_code(country, region)
        text = plain(line, keep=",#.-/")
        if len(text) > 200 or not any(c.isalpha() for c in text):
            return None
        if "box" in text or "pob" in text:
            text = _BOX.sub("po box", text)
        mail = bool(_AGENT.search(f"{text} {plain(unit)}" if unit else text)) or agent.lower() in {"true", "1", "t", "yes"}
        city_words = plain(city)
        if code in NUMBER_LAST or text.partition(" ")[0].strip(".") in SPANISH:
            street, found, inline = _number_last(text, code)
        else:
            street, found, inline = _number_first(text, city_words, postal, code)
        if not street or len(street) > 120 or all(w in NOTHING or w.isdigit() for w in street.split()):
            return None
        place = postal_code(postal or inline, code) or _town(city_words, state, code)
        return f"{street}|{_unit(unit) or found}|{place}|{'mail' if mail else ''}"

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


def _is_own(raw: str) -> bool:
    """Tell whether this is a clean form already."""
    street, unit, place, mail = raw.split("|")
    plain_parts = plain(street) == street and plain(place) == place and re.fullmatch(r"[a-z0-9-]*", unit) is not None
    return plain_parts and " " in street and mail in {"", "mail"} and any(c.isalnum() for c in street)


def _unit(text: str) -> str:
    """Give the unit of its own cell: `Apt. #004B` is `4b`, `Torre 2 Depto 301` is `2-301`."""
    if not text:
        return ""
    if match := _ONE_UNIT.fullmatch(text.lower()):
        return _bare_unit(match[1])
    words = _GLUED.sub(r"\1 ", plain(text, keep="#-,"))
    several = [match[1] for match in _WORDED.finditer(" " + words)]
    if len(several) > 1:
        return _joined(several)
    last = ""
    while last != words:
        last, words = words, _UNIT_LABEL.sub("", words).strip(" ,-")
    return _bare_unit(words)


def _bare_unit(text: str) -> str:
    bare = re.sub(r"[^a-z0-9]", "", text).lstrip("0")
    return "" if bare in _NOT_A_UNIT or len(bare) > 20 else bare


def _joined(units: list[str]) -> str:
    """Put several units together (tower and flat); a dash keeps two figures apart."""
    found = [bare for bare in map(_bare_unit, units) if bare]
    return re.sub(r"(?<!\d)-|-(?!\d)", "", "-".join(found))


def _town(city: str, state: str, country: str) -> str:
    """A town with its state where that is told: there is a Springfield in most states."""
    if not any(c.isalpha() for c in city):
        return ""
    told = us_state(state).lower() if country in {"US", "PR"} else ""
    return f"{city} {told or plain(state)}".strip()


def _number_first(text: str, city: str, postal: str, country: str) -> tuple[str, str, str]:
    """Read `12 main st, apt 4`: street without its suffix, unit, and a postal code at the end of the line."""
    text = _shortened(text)
    inline = "" if postal or country not in {"US", "PR"} or text.count(" ") < 3 else _found(_INLINE, text)
    text = re.sub(r"\b(\d{5})-\d{4}$", r"\1", text.strip(" ,.")) if "-" in text else text.strip(" ,.")
    seen = set(text.translate(_SIGNS).split())
    if not seen.isdisjoint(("floor", "fl", "basement", "rear", "level")):
        text = _FLOOR.sub("", text)
    unit = ""
    if country == "CA" and (match := re.match(r"#?(\d{1,5}[a-z]?)-(\d{1,6}[a-z]?) ", text)):
        unit, text = match[1], text[match.start(2) :]
    if ("#" in text or not seen.isdisjoint(_UNITS_EN)) and (match := _UNIT.search(text)):
        told = match["any"] or match["short"] or match["inside"] or match["floor"]
        unit, text = _bare_unit(told), text[: match.start()] + " " + text[match.end() :]
    bare = _NTH.sub(r"\1", text.translate(_SIGNS))
    words = [ORDINALS.get(w, POINTS.get(w, w)) for w in bare.split()]
    if len(words) < 2 or not any(c.isdigit() for c in bare):
        return "", "", ""
    rest = _without_place(words, city, inline or postal.partition("-")[0].strip())
    if not unit:
        rest, unit = _unit_behind(rest)
    kept = [w for n, w in enumerate(rest) if w not in SUFFIXES or n == 0]
    if len(kept) < 2 or all(w.isdigit() for w in kept):
        kept = [ONE_WORD.get(w, w) for w in rest]
    return " ".join(kept), unit, inline


def _shortened(text: str) -> str:
    """Drop the country at the end of a line, write a state there with two letters, and part glued units."""
    if text.endswith(_COUNTRIES):
        for name in _COUNTRIES:
            cut = text.removesuffix(name)
            if cut != text and cut[-1:] in {" ", ","} and cut.strip(" ,"):
                text = cut.strip(" ,")
                break
    if text.rstrip("0123456789- ").endswith(_STATE_NAMES) and (match := _STATE.search(text)):
        head = text[: match.start() + 1]
        if "," in head or not SUFFIXES.isdisjoint(head.split()):
            text = f"{text[: match.start()]} {STATES[match[1]]}{text[match.end() :]}"
    return _GLUED.sub(r"\1 ", text)


def _number_last(text: str, country: str) -> tuple[str, str, str]:
    """Read `calle roma 12 int 3`: street with its number behind it, unit, and a postal code named in the line."""
    text = _shortened(text)
    inline = _found(_INLINE_CODE, text)
    if inline:
        text = _INLINE_CODE.sub(" ", text)
    units: list[str] = []
    if not _UNITS_LATIN.isdisjoint(text.translate(_SIGNS).split()):
        units = [match[1] for match in _WORDED.finditer(text)]
        text = _WORDED.sub(" ", text)
    street, behind = number_last(text.strip(" ,."), country)
    if country in {"US", "PR"} and street:
        _, *name, number = street.split()
        street = " ".join([number, *name])
    return street, _joined([*units, *behind]), inline


def _without_place(tokens: list[str], city: str, place: str) -> list[str]:
    """Drop a town, state and postal code repeated at the end of a line."""
    rest = list(tokens)
    for tail in (place.split(), city.split()):
        if tail and rest[-len(tail) :] == tail and len(rest) > len(tail) + 1:
            rest = rest[: -len(tail)]
        if len(rest) > 3 and rest[-1] in CODES and any(w in SUFFIXES for w in rest[:-1]):
            rest = rest[:-1]
            cut = max(n for n, w in enumerate(rest) if w in SUFFIXES)
            rest = rest[: cut + 1] if cut >= 2 else rest
    if len(rest) > 2 and re.fullmatch(r"\d{5}", rest[-1]):
        rest = rest[:-1]
    return rest


def _unit_behind(rest: list[str]) -> tuple[list[str], str]:
    """Take a unit without a word for it behind the street's suffix: `12 main st 4b`, but not `12 county road 4`."""
    if (
        len(rest) < 4
        or rest[-2] not in SUFFIXES
        or rest[-2] in {"hwy", "highway"}
        or not re.fullmatch(r"\d{1,4}[a-z]?|[a-z]\d{0,4}", rest[-1])
    ):
        return rest, ""
    if (
        rest[-3] in ROADS | {"county", "state", "private", "farm", "ranch", "old"}
        or rest[-1] in {"n", "s", "e", "w"}
        or len(rest[-3]) == 1
        or rest[-3].isdigit()
    ):
        return rest, ""
    return rest[:-1], rest[-1]


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""
