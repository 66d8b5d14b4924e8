"""The words of an address line in English, Spanish and Portuguese, and the lines whose house number stands behind the street."""

from __future__ import annotations

import re

from tnskit.cleaning.names import forms

SUFFIXES = frozenset(
    "st street ave av avenue rd road dr drive ln lane blvd boulevard ct court pl place ter terrace pkwy parkway cir circle hwy highway"
    " sq square way trl trail calle avenida rua carrera plaza".split()
)
"""Words for a kind of street. Exports drop and swap them, so they are left out of the comparable form of a US address."""
ONE_WORD = {"street": "st", "avenue": "ave", "av": "ave", "road": "rd", "highway": "hwy", "boulevard": "blvd", "parkway": "pkwy"}
"""The one form of a kind of street that is all of its name beside a number (`Avenue 12`, `Highway 6`)."""
ROADS = frozenset("hwy highway route rt rte road avenue ave street st cr sr us fm rr box unit apt".split())
"""Words behind which a number is the name of a road, not a unit."""
POINTS = {"north": "n", "south": "s", "east": "e", "west": "w", "norte": "n", "sur": "s", "este": "e", "oeste": "w",
          "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw"}  # fmt: skip
ORDINALS = {word: str(n) for n, word in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)}  # fmt: skip

UNITS_EN = (
    "apartment apartamento apto apt unit suite ste room rm floor fl lot lote space spc trlr trailer bldg building penthouse ph flat casa"
    " departamento depto dpto interior int pmb"
).split()
"""Words before the number of a flat, room, building, floor or lot in lines that begin with the house number. Source: USPS Publication
28, appendix C2, and Spanish words that US exports hold."""

UNITS_LATIN = (
    "apartamento apto apt ap interior int departamento depto dpto piso planta puerta pta torre edificio edif bloque bloco bl casa local"
    " loja lj sala sl conjunto cj oficina ofna of despacho andar escalera esc manzana mza mz lote lt quadra qd suite unit fracao"
).split()
"""The same in Spanish and Portuguese. Sources: SEPOMEX and Correios on writing addresses."""

TYPES = forms(
    """
    calle: calle, c, cll, cl
    avenida: avenida, av, avda, avd, ave
    rua: rua, r
    travessa: travessa, tv
    praca: praca, pca
    plaza: plaza, pza, pl
    alameda: alameda, al
    estrada: estrada, est
    rodovia: rodovia, rod
    largo: largo, lg
    paseo: paseo, ps
    calzada: calzada, calz
    boulevard: boulevard, blvd, bulevar
    carretera: carretera, carr, ctra
    circuito: circuito, cto
    camino: camino, cno
    callejon: callejon, cjon
    cerrada: cerrada, cda
    privada: privada, priv
    prolongacion: prolongacion, prol
    andador: andador
    carrera: carrera, cra
    viela: viela
    beco: beco
    ladeira: ladeira
    ronda: ronda
    travesia: travesia
    via: via
    """
)
"""Kinds of street before the name, and the one form of each."""
SPANISH = frozenset("calle avenida paseo calzada camino carretera rua travessa praca alameda callejon cerrada privada prolongacion".split())
"""Those that tell a Spanish or Portuguese line in a country that writes the number first."""
USUAL = {"BR": "rua", "PT": "rua"}
"""The kind of street where none is told; `calle` elsewhere."""

_SHORT = forms(
    """
    dr: doctor, doutor
    gral: general, gal, gen
    pres: presidente
    prof: profesor, professor
    sta: santa
    sto: santo
    s: sao, san
    ing: ingeniero
    eng: engenheiro
    lic: licenciado
    cel: coronel
    cap: capitan, capitao
    mal: marechal
    alm: almirante
    sen: senador
    gov: governador
    gob: gobernador
    pe: padre
    """
)
_PARTICLES = frozenset("de del la las los el da do das dos e y".split())
_AREA = re.compile(
    r"[\s,]+(?:col(?:onia)?|bairro|barrio|fracc(?:ionamiento)?|urb(?:anizacion|anizacao)?|delegacion|alcaldia|mpio|municipio|jardim|jd|vila"
    r"|entre)"
    r"\b\.?.*$"
)
_NO = re.compile(r"(?:#|\b(?:numero|num|nro|no|n|km)\b[.o]?)\s*(\d{1,6}(?:\.\d)?(?:\s?-?\s?[a-z]\b)?)(?:\s?-\s?(\d{1,4}[a-z]?)\b)?")
_TAIL = re.compile(
    r"(.*?\S)\s+(\d{1,6}(?:\s?-\s?[a-z]\b|[a-z]\b)?)(?:\s?-\s?(\d{1,4}[a-z]?)\b)?(?:\s+(\d{1,4}\s?[oa]?\s?[a-z]{0,5}|bajo\s?[a-z]?|[a-z]))?"
)
_FLOOR = re.compile(r"(?:\d{1,2}|bajo|rc|r c)\s?[oa]?\s*(?:dcha|drcha|izda|izqda|izq|der|dto|esq|fte|centro|[a-h])?|\d{1,4}\s?-?[a-z]?")
_NONE = re.compile(r"\bs\s?/?\s?n\b|\bs(?:in|em) numero\b")
_FIRST_NUMBER = re.compile(r"\d{1,6}\s?-?\s?[a-z]?(?: |$)")
_PUNCTUATION = str.maketrans("./", "  ")
_MARKS = str.maketrans("-#", "  ")


def number_last(text: str, country: str) -> tuple[str, list[str]]:
    """Read a line such as `rua das flores, 123, 3o b`: plain words that keep `, # - . /`, units already taken out.

    Returns:
        The street with its number behind it (`rua flores 123`) and what units were told without a word for them. The
        number is `sn` where the line says that there is none; the street is empty where nothing tells.
    """
    text = _AREA.sub("", text.replace(" - ", ", "))
    none = "n" in text and bool(_NONE.search(text))
    if none:
        text = _NONE.sub(" ", text)
    street, number, rest = _numbered(text)
    words = street.translate(_MARKS).split()
    if not words:
        return "", []
    kind = TYPES.get(words[0], "") if len(words) > 1 else ""
    name = [_SHORT.get(w, w) for w in (words[1:] if kind else words) if w not in _PARTICLES]
    units = [re.sub(r"(\d)o\b|\W", r"\1", part) for part in rest if _FLOOR.fullmatch(part)]
    number = re.sub(r"\W", "", number) or ("sn" if none else "")
    return (f"{kind or USUAL.get(country, 'calle')} {' '.join(name)} {number}" if number and name else ""), units


def _numbered(text: str) -> tuple[str, str, list[str]]:
    """Give street, number and the parts behind it."""
    if match := _NO.search(text):
        street = _parts(text[: match.start()])[:1] or [""]
        return street[0], match[1], [part for part in (match[2], *_parts(text[match.end() :])) if part]
    head, *more = _parts(text) or [""]
    match = _TAIL.fullmatch(head)
    if more and _FIRST_NUMBER.match(more[0]) and (match is None or match[1] in TYPES):
        number, _, behind = more[0].partition(" ")
        return head, number, [part for part in (behind, *more[1:]) if part]
    if match and match[1] in TYPES and match[4] and match[4].isdigit():
        return f"{match[1]} {match[2]}", match[4], more
    if match:
        return match[1], match[2], [part for part in (match[3], match[4], *more) if part]
    return head, "", more


def _parts(text: str) -> list[str]:
    """Split at commas; white space and dashes around a part are dropped."""
    found = (" ".join(part.split()).strip(" -#") for part in text.translate(_PUNCTUATION).split(","))
    return [part for part in found if part]
