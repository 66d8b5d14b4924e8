"""Innocents under one roof: couples, families, flatmates, namesakes, helped parents, separated couples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.quality.newcomers.accounts import OWN, Account, Holds
from benchmarks.quality.newcomers.addresses import dwelling
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.names import NAMES, plain
from benchmarks.quality.newcomers.networks import home_line
from benchmarks.quality.newcomers.opening import open_account
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.phones import Phone, new_number
from benchmarks.quality.newcomers.rows import add_phone, add_way
from benchmarks.quality.newcomers.wallet import mailbox
from benchmarks.quality.newcomers.world import World

HOUSEHOLDS = {
    "couple": 35,
    "family": 20,
    "flatmates": 17,
    "siblings": 6,
    "namesakes": 5,
    "mother_daughter": 5,
    "helped_parent": 6,
    "split_couple": 5,
    "multi_generation": 4,
}
"""Kinds of households by weight."""
REASONS = {"couple": "couple", "flatmates": "flatmates", "helped_parent": "family_helper", "split_couple": "couple"}
SUFFIXES = [("Sr.", "Jr."), ("", "Jr"), ("Sr", "")]


@dataclass(frozen=True)
class Roof:
    """What a household shares; `apart`: when a couple parted."""

    kind: str
    group: str
    first: Person
    tablet: int | None
    landline: Phone | None
    mail: str | None
    joint: bool
    apart: int | None


def household(world: World, room: int) -> None:
    """Up to `room` accounts under one roof."""
    kind = world.weighted(HOUSEHOLDS)
    first = Person(world)
    second = Person(world, first.land, first.town, heritage=first.heritage)
    group = f"H{world.people}"
    members = _members(world, kind, first, second)[:room]
    roof = _roof(world, kind, group, first, alone=len(members) == 1)
    for place, person in enumerate(members):
        _move_in(world, roof, person, place)


def _members(world: World, kind: str, first: Person, second: Person) -> list[Person]:
    children = {"hisp": [first.surnames[0], second.surnames[0]], "braz": [second.surnames[0], first.surnames[-1]]}.get(
        first.heritage, first.surnames
    )
    if kind in ("couple", "family", "split_couple") and first.heritage != "hisp" and world.chance(0.6):
        _marry(first, second)
    if kind in ("couple", "split_couple", "flatmates", "family", "multi_generation"):
        return [first, second, *_others(world, kind, first, children)]
    relative = _relative(world, kind, first, children)
    if kind == "namesakes" and first.heritage == "anglo":
        first.suffix, relative.suffix = world.dice.choice(SUFFIXES)
    if kind == "mother_daughter":
        names = NAMES[first.heritage].female
        first.sex, first.given = "f", world.dice.choice(names)
        relative.given = world.dice.choice([name for name in names if name[0] == first.given[0]] or [first.given])
    return [first, relative]


def _marry(first: Person, second: Person) -> None:
    """The second takes the first's name, as is the custom."""
    name = first.surnames[0]
    if first.heritage == "braz":
        second.surnames = [second.surnames[0], first.surnames[-1]]
    elif first.heritage == "russ" and second.sex == "f" and not name.endswith("a"):
        second.surnames = [name + "a"]
    else:
        second.surnames = [name]


def _others(world: World, kind: str, first: Person, children: list[str]) -> list[Person]:
    """Those who live with a pair."""
    dice, like = world.dice, _like(first)
    if kind == "flatmates":
        return [Person(world, first.land, first.town) for _ in range(dice.choice([0, 0, 1, 2]))]
    if kind == "family":
        return [Person(world, surnames=children, born=dice.randint(1990, 2006), **like) for _ in range(dice.choice([1, 1, 2, 3]))]
    if kind == "multi_generation":
        return [
            Person(world, surnames=names, born=born, **like) for names, born in ((first.surnames, 1945), (children, 2003), (children, 2005))
        ]
    return []


def _relative(world: World, kind: str, first: Person, children: list[str]) -> Person:
    """The one relative of a first person."""
    like = _like(first)
    if kind == "siblings":
        return Person(world, surnames=first.surnames, born=first.born + world.dice.choice([0, 0, 2, 4]), **like)
    if kind == "namesakes":
        return Person(world, surnames=first.surnames, given=first.given, sex=first.sex, born=min(2006, first.born + 27), **like)
    if kind == "mother_daughter":
        return Person(world, surnames=children, sex="f", born=min(2006, first.born + 25), **like)
    return Person(world, surnames=first.surnames, born=max(1930, first.born - 30), **like)


def _like(person: Person) -> dict[str, Any]:
    return {"land": person.land, "town": person.town, "heritage": person.heritage}


def _roof(world: World, kind: str, group: str, first: Person, *, alone: bool) -> Roof:
    tablet = device(world, "tablet") if kind != "flatmates" and world.chance(0.35) else None
    landline = new_number(world, first.land, first.area_codes, "landline") if world.chance(0.18) else None
    mail = mailbox(world, first) if world.chance(0.08) and kind != "flatmates" else None
    if mail and world.chance(0.5) and not alone:
        mail = f"{plain(first.surnames[0]).replace(' ', '')}family{first.id[-4:]}@{mail.split('@')[1]}"
    joint = world.chance(0.4) and kind not in ("flatmates", "siblings")
    apart = world.between(0.3, 0.8) if kind == "split_couple" else None
    return Roof(kind, group, first, tablet, landline, mail, joint, apart)


def _move_in(world: World, roof: Roof, person: Person, place: int) -> None:
    """Open the account of a member, the first at place 0."""
    kind, first = roof.kind, roof.first
    together = kind != "flatmates" or world.chance(0.8)
    person.home, person.address = first.home, first.address if together else dwelling(world, person.land, person.town)
    reason = REASONS.get(kind, "household")
    if roof.tablet is not None and world.chance(0.6):
        reason = "family_tablet"
    if roof.apart and place == 1:
        person.home = home_line(world, person.land, person.town)
    holds = Holds(
        card=first.card if roof.joint and place and world.chance(0.7) else OWN,
        mail=roof.mail if roof.mail and world.chance(0.7) else OWN,
        bank=first.bank if roof.joint and place == 1 and world.chance(0.3) else OWN,
    )
    rate = 0.01 if kind == "helped_parent" and place else None
    account = open_account(world, person, holds=holds, rate=rate, reason=reason, group=roof.group, behaviour=kind)
    opened, closes = account.opened, account.closes
    if reason == "family_tablet" and roof.tablet is not None:
        add_way(world, account, first.home, roof.tablet, opened, closes, expected=world.dice.choice([1, 3, 8]))
    if roof.landline and world.chance(0.7):
        add_phone(world, account, roof.landline, opened, closes, "profile", verified=world.chance(0.3))
    if roof.apart and place == 1:
        add_way(world, account, first.home, person.handset, opened, min(roof.apart, closes), expected=12)
    if kind == "helped_parent" and place:
        _help(world, first, account)


def _help(world: World, child: Person, account: Account) -> None:
    """A child lends a parent a hand, and at times runs the parent's account altogether."""
    add_way(world, account, child.home, child.handset, account.opened, account.closes, expected=world.dice.choice([2, 5]))
    add_phone(world, account, child.phone, account.opened, account.closes, "2fa")
    if world.chance(0.3):
        account.controller = child.id
