"""Countries, states and postal codes, as far as addresses and licences need them."""

from __future__ import annotations

import re
from functools import lru_cache

from tnskit.cleaning.names import forms, plain

STATES = {
    "alabama": "al", "alaska": "ak", "arizona": "az", "arkansas": "ar", "california": "ca", "colorado": "co", "connecticut": "ct",
    "delaware": "de", "florida": "fl", "georgia": "ga", "hawaii": "hi", "idaho": "id", "illinois": "il", "indiana": "in", "iowa": "ia",
    "kansas": "ks", "kentucky": "ky", "louisiana": "la", "maine": "me", "maryland": "md", "massachusetts": "ma", "michigan": "mi",
    "minnesota": "mn", "mississippi": "ms", "missouri": "mo", "montana": "mt", "nebraska": "ne", "nevada": "nv", "new hampshire": "nh",
    "new jersey": "nj", "new mexico": "nm", "new york": "ny", "north carolina": "nc", "north dakota": "nd", "ohio": "oh", "oklahoma": "ok",
    "oregon": "or", "pennsylvania": "pa", "rhode island": "ri", "south carolina": "sc", "south dakota": "sd", "tennessee": "tn",
    "texas": "tx", "utah": "ut", "vermont": "vt", "virginia": "va", "washington": "wa", "west virginia": "wv", "wisconsin": "wi",
    "wyoming": "wy", "district of columbia": "dc", "puerto rico": "pr", "guam": "gu",
}  # fmt: skip
"""States and territories of the US. Source: USPS Publication 28, appendix B."""

CODES = frozenset(STATES.values())

COUNTRIES = forms(
    """
    US: us, usa, united states, united states of america, eeuu, estados unidos
    PR: pr, puerto rico
    MX: mx, mex, mexico
    BR: br, bra, brasil, brazil
    CA: ca, can, canada
    PT: pt, prt, portugal
    ES: es, esp, spain, espana
    GB: gb, uk, gbr, united kingdom
    CO: co, colombia
    AR: ar, argentina
    CL: cl, chile
    PE: pe, peru
    GT: gt, guatemala
    EC: ec, ecuador
    UY: uy, uruguay
    """
)
"""Words for a country (ISO 3166-1 codes of two and three letters, and names)."""

NUMBER_LAST = frozenset({"MX", "BR", "PT", "ES", "CO", "AR", "CL", "PE", "GT", "EC", "UY"})
"""Countries that write the house number after the street. Source: UPU, postal addressing systems by country."""

_DIGITS = {"US": 5, "PR": 5, "GU": 5, "MX": 5, "ES": 5, "BR": 8, "PT": 7}
"""Digits of a postal code. Source: UPU, postal addressing systems by country."""


def us_state(text: str) -> str:
    """Give the two letters of a US state by its name or letters, in capitals, or an empty string."""
    word = plain(text)
    return (STATES.get(word) or (word if word in CODES else "")).upper()


@lru_cache(maxsize=4_096)
def country_code(text: str, region: str = "US") -> str:
    """Give the code of a country by its name or code; `region` where nothing is told."""
    word = plain(text)
    return COUNTRIES.get(word) or (word.upper()[:2] if word else region)


def postal_code(text: str, country: str) -> str:
    """Give a postal code without signs and without the add-on of a ZIP; one that lost its zeros gets them back.

    A US code keeps five digits, a Brazilian eight, a Portuguese seven (four where only the old form is told). Codes of
    noughts or nines only are fillers.
    """
    bare = re.sub(r"\.0$", "", text.strip())
    size = _DIGITS.get(country)
    if size is None:
        return re.sub(r"\W", "", bare).lower()[:12]
    digits = re.sub(r"\D", "", bare.split("-")[0] if size == 5 else bare)
    if size == 5:
        # eight digits: a ZIP and its add-on that lost their zero
        digits = digits.zfill(9)[:5] if len(digits) in {8, 9} and country in {"US", "PR", "GU"} else digits
    elif size == 7:
        size = 4 if len(digits) <= 4 else 7
    filler = set(digits) <= {"0"} or set(digits) == {"9"}
    return digits.zfill(size) if size - 2 <= len(digits) <= size and not filler else ""
