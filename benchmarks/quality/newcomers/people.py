"""People with habits: where they live, what they carry, when they are awake, how they write their name."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.quality.newcomers.addresses import dwelling
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.lands import LANDS
from benchmarks.quality.newcomers.names import HERITAGES, NAMES, NICKNAMES, plain
from benchmarks.quality.newcomers.networks import home_line, mobile_line, tunnel
from benchmarks.quality.newcomers.phones import new_number
from benchmarks.quality.newcomers.plans import TRADES
from benchmarks.quality.newcomers.wallet import mailbox, new_bank, new_card
from benchmarks.quality.newcomers.world import World

PARTICLES = ["de ", "da ", "", "dos "]
SHOWN = (
    (0.3, "{given} {initial}."),
    (0.55, "{given} {surname}"),
    (0.68, "{nickname} {surname}"),
    (0.8, "{legal}"),
    (0.84, "{capitals}"),
    (0.89, "{small}"),
    (0.91, "{surname}, {given}"),
    (0.95, "{nickname}"),
    (0.98, "{unmarked}"),
    (1, "{given_initial} {surname}"),
)
"""How people type their name, each way up to its share."""


class Person:
    """A human with habits; what is left out is drawn."""

    def __init__(
        self,
        world: World,
        land: str = "",
        town: int | None = None,
        *,
        surnames: Sequence[str] | None = None,
        sex: str = "",
        heritage: str | None = None,
        given: str = "",
        born: int | None = None,
    ):
        dice = world.dice
        self.id = f"P{world.people:06d}"
        world.people += 1
        self.land = land or world.weighted(world.shape["countries"])
        towns = LANDS[self.land].towns
        self.town = town if town is not None else int(len(towns) * dice.random() ** 1.5)
        self.city, self.region, self.zone, self.postal, self.area_codes = towns[self.town]
        self.heritage = heritage or dice.choice(HERITAGES[self.land])
        self.sex = sex or dice.choice("mf")
        self.given = self._given(world, given)
        self.surnames = list(surnames or ()) or self._surnames(world)
        self.suffix = ""
        self.born = born or int(min(2006, max(1940, dice.gauss(1983, 13))))
        self.middle = dice.choice("ABCDEJLMRT") if self.heritage == "anglo" and world.chance(0.3) else ""
        self.hour = dice.choice([7, 9, 12, 13, 18, 20, 21, 23])
        self.locale = self._locale(world)
        self._equip(world)

    @property
    def stirred(self) -> int:
        """A number of the person, the same at every run."""
        return int(self.id[1:]) * 2654435761 % 2**32

    def _given(self, world: World, given: str) -> str:
        names = NAMES[self.heritage].male if self.sex == "m" else NAMES[self.heritage].female
        first = given or world.dice.choice(names)
        double = self.heritage in ("hisp", "braz") and world.chance(0.3)
        return f"{first} {world.dice.choice(names)}" if double else first

    def _surnames(self, world: World) -> list[str]:
        known = NAMES[self.heritage].surnames
        many = 2 if self.heritage in ("hisp", "braz") else 1
        found = [known[int(len(known) * world.dice.random() ** 1.3)] for _ in range(many)]
        return [name + "a" for name in found] if self.heritage == "russ" and self.sex == "f" else found

    def _locale(self, world: World) -> str:
        abroad = self.land == "US"
        locale = world.dice.choice(["es-US", "en-US"] if abroad and self.heritage == "hisp" else LANDS[self.land].locales)
        return "pt-BR" if abroad and self.heritage == "braz" and world.chance(0.5) else locale

    def _equip(self, world: World) -> None:
        """Give what people have: lines, devices, a number, a home, a trade, a card, a bank, a mailbox."""
        self.home = home_line(world, self.land, self.town)
        self.cell = mobile_line(world, self.land, self.town)
        self.handset = device(world, "app")
        self.laptop = device(world, "browser") if world.chance(0.45) else None
        self.phone = new_number(world, self.land, self.area_codes)
        self.address = dwelling(world, self.land, self.town)
        self.vpn = tunnel(world, self.land) if world.chance(world.shape["vpn"]) else None
        self.trade = world.dice.choice(list(TRADES))
        self.card = new_card(world)
        self.bank = new_bank(world)
        self.mail = mailbox(world, self)
        self.mostly_mobile = world.chance(world.shape["mobile"] * 1.3)

    def legal(self) -> str:
        """The name as papers write it."""
        given, surnames = self.given, self.surnames
        if self.heritage == "hisp":
            return f"{given} {' '.join(surnames[:2])}"
        if self.heritage == "braz":
            particle = PARTICLES[len(given) % len(PARTICLES)]
            return f"{given} {particle}{surnames[0]} {surnames[-1]}" if len(surnames) > 1 else f"{given} {surnames[0]}"
        if self.heritage == "inds":
            return f"{surnames[0][0]}. {given}" if len(given) % 2 else f"{given} {surnames[0]}"
        return " ".join(word for word in (given, self.middle and f"{self.middle}.", surnames[0], self.suffix) if word)

    def shown(self, world: World) -> str:
        """The name as people type it: short, a nickname, capitals, no marks."""
        given, surname = self.given.split()[0], self.surnames[-1 if self.heritage == "braz" else 0]
        draw = world.dice.random()
        return next(style for share, style in SHOWN if draw < share).format(
            given=given,
            given_initial=given[0],
            surname=surname,
            initial=surname[0],
            nickname=NICKNAMES.get(given, given),
            legal=self.legal(),
            capitals=f"{given} {surname}".upper(),
            small=f"{given} {surname}".lower(),
            unmarked=plain(f"{given} {surname}").title(),
        )
