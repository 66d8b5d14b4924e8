"""Where people live, and how they write it."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.quality.newcomers.lands import LANDS
from benchmarks.quality.newcomers.names import plain
from benchmarks.quality.newcomers.world import World

AMERICAN_STREETS = {"r": ["Road", "Rd", "Rd."], "s": ["Street", "St", "ST", "St."], "a": ["Ave", "Avenue", "Av"]}
STREETS = {"BR": ["Rua", "R.", "rua"], "ES": ["Calle", "C/", "Cl."], "MX": ["Calle", "C.", "Av."], "DE": ["straße", "str.", "strasse"]}
AMERICAN_UNITS = ["Apt {unit}", "#{unit}", "{unit}", "Unit {unit}"]
UNITS = {
    "BR": "apto {unit}",
    "MX": "Int {unit}",
    "ES": "{floor}º {door}",
    "PT": "{floor}.º Esq",
    "DE": "Whg. {unit}",
    "IN": "Flat {unit}",
}


class Address(NamedTuple):
    """A house, or a flat in one; `block` ends the postal code, `street_kind` is one of `AMERICAN_STREETS`."""

    land: str
    town: int
    number: int
    street: str
    unit: str
    block: str
    virtual: bool
    street_kind: str


class Written(NamedTuple):
    """An address as it is written."""

    line: str
    unit: str | None
    city: str
    region: str
    postal: str


def dwelling(world: World, land: str, town: int) -> Address:
    """Somewhere to live: a house, or a flat in a block many share."""
    dice, streets = world.dice, LANDS[land].streets
    if world.chance(0.14):
        blocks = world.buildings.setdefault((land, town), [])
        if len(blocks) < 1 + world.size // 400:
            blocks.append((dice.randint(1, 2000), dice.choice(streets), f"{dice.randint(0, 99):02d}"))
        number, street, block = dice.choice(blocks)
        return Address(land, town, number, street, f"{dice.randint(1, 24)}{dice.choice('ABCD')}", block, False, "r")
    return Address(
        land,
        town,
        dice.randint(1, 9900),
        dice.choice(streets),
        f"{dice.randint(1, 9)}{dice.choice('ABC')}" if world.chance(0.3) else "",
        f"{dice.randint(0, 99):02d}",
        False,
        dice.choice("rsa"),
    )


def written(world: World, address: Address) -> Written:
    """An address as people write it."""
    town = LANDS[address.land].towns[address.town]
    told = bool(address.unit) and world.chance(0.72)
    line = _line(world, address)
    unit = _unit(world, address) if told else None
    if unit and world.chance(0.2):
        line, unit = f"{line}, {unit}", None
    return Written(
        line if world.chance(0.93) else line.upper(),
        unit,
        town.city if world.chance(0.95) else plain(town.city).title(),
        town.region,
        _postal(address, town.postal),
    )


def _line(world: World, address: Address) -> str:
    dice, land, number, street = world.dice, address.land, address.number, address.street
    if land == "US":
        words = {kind: dice.choice(forms) for kind, forms in AMERICAN_STREETS.items()}
        return f"{number} {street} {words[address.street_kind]}"
    if land == "BR":
        return f"{dice.choice(STREETS[land])} {street}, {number}"
    if land in ("MX", "ES"):
        return f"{dice.choice(STREETS[land])} {street} {'#' if land == 'MX' and world.chance(0.4) else ''}{number}"
    if land == "DE":
        return f"{street}{dice.choice(STREETS[land])} {number % 180 + 1}"
    if land == "PT":
        return f"Rua {street}, n.º {number % 400 + 1}" if world.chance(0.5) else f"R. {street} {number % 400 + 1}"
    return f"{number % 900 + 1}, {street}"


def _unit(world: World, address: Address) -> str:
    american = world.dice.choice(AMERICAN_UNITS)
    return UNITS.get(address.land, american).format(unit=address.unit, floor=address.unit[:-1], door=address.unit[-1:])


def _postal(address: Address, start: str) -> str:
    return {
        "BR": f"{start}{address.block}-{address.number % 900:03d}",
        "PT": f"{start}-{int(address.block) + 100}",
        "IN": f"{start}0{address.block}",
        "MX": f"{start}{address.block}0"[:5],
    }.get(address.land, start + address.block)
