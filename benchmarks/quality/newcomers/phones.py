"""Phone numbers: as countries number, and as people type them."""

from __future__ import annotations

import random
from typing import NamedTuple

from benchmarks.quality.newcomers.lands import LANDS
from benchmarks.quality.newcomers.world import World


class Phone(NamedTuple):
    """A number: its country, its national digits, the kind of line."""

    land: str
    national: str
    line: str


EXCHANGES = [number for number in range(220, 990) if number != 555 and number % 100 != 11]
GERMAN_MOBILE = ["51", "60", "72", "76"]
PARTS = {"US": (3, 6), "BR": (2, -4), "MX": (2, 6)}
"""Where a number is cut into three; after three and six digits where nothing is said."""
STYLES = {
    "US": (
        (0.3, "({one}) {two}-{three}"),
        (0.55, "{one}-{two}-{three}"),
        (0.8, "+1{all}"),
        (0.9, "{all}"),
        (0.95, "{one}.{two}.{three}"),
        (1, "1 {one} {two} {three}"),
    ),
    "BR": (
        (0.5, "({one}) {two}-{three}"),
        (0.8, "+55{all}"),
        (0.88, "0{all}"),
        (0.93, "{without_nine}"),
        (1, "{all}"),
    ),
    "MX": ((0.35, "+52{all}"), (0.5, "+521{all}"), (0.58, "044 {all}"), (0.9, "{one} {two} {three}"), (1, "{all}")),
    "DE": ((0.4, "0{area}/{rest}"), (0.55, "+49 (0) {area} {rest}"), (0.8, "+49{all}"), (1, "0{all}")),
    "IN": ((0.4, "+{dial}{all}"), (0.6, "+{dial} {one} {two} {three}"), (0.66, "00{dial}{all}"), (0.8, "0{all}"), (1, "{all}")),
    "": ((0.4, "+{dial}{all}"), (0.6, "+{dial} {one} {two} {three}"), (0.66, "00{dial}{all}"), (1, "{all}")),
}
"""How people of a country type a number, each style up to its share."""


def new_number(world: World, land: str, area_codes: str, line: str = "") -> Phone:
    """A phone number nobody has; mostly a mobile one, if no kind of line is asked for."""
    while True:
        area = world.dice.choice(area_codes.split())
        national = _national(world.dice, land, area, mobile=line != "landline")
        if (land, national) not in world.used_phones:
            world.used_phones.add((land, national))
            return Phone(land, national, line or ("mobile" if world.chance(0.93) else "voip"))


def _national(dice: random.Random, land: str, area: str, *, mobile: bool) -> str:
    def digits(many: int) -> str:
        return "".join(dice.choice("0123456789") for _ in range(many))

    if land == "US":
        return area + str(dice.choice(EXCHANGES)) + digits(4)
    if land == "MX":
        return area + digits(10 - len(area))
    if land == "IN":
        return dice.choice("6789") + digits(9)
    if land == "BR":
        return area + ("9" + dice.choice("6789") if mobile else "3") + digits(7)
    if not mobile:
        return area + digits(7 if land == "DE" else 9 - len(area))
    if land == "DE":
        return "1" + dice.choice(GERMAN_MOBILE) + digits(7)
    return "6" + digits(8) if land == "ES" else "9" + dice.choice("1236") + digits(7)


def typed(world: World, phone: Phone, extension: int | None = None) -> str:
    """A number as people type it in that country."""
    land, national, _ = phone
    draw = world.dice.random()
    style = next(style for share, style in STYLES.get(land, STYLES[""]) if draw < share)
    first, second = PARTS.get(land, (3, 6))
    text = style.format(
        all=national,
        dial=LANDS[land].dial,
        one=national[:first],
        two=national[first:second],
        three=national[second:],
        area=national[:3],
        rest=national[3:],
        without_nine=f"+55 {national[:2]} {national[3:7]}-{national[7:]}" if len(national) == 11 else national,
    )
    if extension:
        text += world.dice.choice([" x", " ext. ", ",,", " ramal " if land == "BR" else " ext "]) + str(extension)
    return text
