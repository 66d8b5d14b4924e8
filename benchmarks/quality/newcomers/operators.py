"""One more account under the hand of an operator: a careless one repeats itself, a careful one slips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from benchmarks.quality.newcomers.accounts import OWN, Account, Holds
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.networks import mobile_line, proxy_line, tunnel
from benchmarks.quality.newcomers.opening import open_account
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.phones import new_number
from benchmarks.quality.newcomers.plans import CHARGE, DAY
from benchmarks.quality.newcomers.rows import add_address, add_bank, add_card, add_mail, add_phone, add_way
from benchmarks.quality.newcomers.wallet import mailbox, new_bank, new_card
from benchmarks.quality.newcomers.world import World

SLIPS = ["home", "device", "bank", "card", "phone", "addr", "mail", "text", "cell"]
"""What a careful operator may leave behind."""
HOW_MANY_SLIPS = {0: 20, 1: 35, 2: 30, 3: 15}
THROWN_AWAY = ["mailinator.com", "guerrillamail.com", "tempmail.io"]


@dataclass(eq=False)
class Scheme:
    """One operator or crew doing one trade.

    Attributes:
        world: Where.
        kind: The trade, one of `plans.CRIME`.
        operator: Who.
        ring: Its id.
        careful: Whether everything is changed from account to account.
        room: It may make so many accounts.
        calm: Innocent accounts that may come into it.
        made: The accounts it has made.
    """

    world: World
    kind: str
    operator: Person
    ring: str
    careful: bool
    room: int
    calm: list[Account]
    made: list[Account] = field(default_factory=list)

    @property
    def code(self) -> str:
        """What its accounts are removed for."""
        return CHARGE[self.kind]

    @property
    def truth(self) -> dict[str, Any]:
        """What is true of each of its accounts."""
        return {"ring": self.ring, "abuser": True, "behaviour": self.kind, "careful": self.careful}

    def with_care(self) -> Scheme:
        """The same, by an operator who changes everything."""
        return replace(self, careful=True)

    def friend(self, fit: Callable[[Account], bool] = lambda _: True) -> Account | None:
        """An innocent of the operator's country that nobody has used yet, if one is met."""
        for _ in range(400 if self.calm else 0):
            account = self.world.dice.choice(self.calm)
            if fit(account) and account.person.land == self.operator.land and _unused(account):
                return account
        return None


class Setup(NamedTuple):
    """The network and the device an operator uses, where they are given."""

    network: int | None = None
    device: int | None = None


WHATEVER = Setup()


def _unused(account: Account) -> bool:
    return not account.abuser and account.reason in (None, "public_wifi") and account.role in ("customer", "pro")


def _face(scheme: Scheme) -> Person:
    """Another name at the operator's place and hours."""
    operator = scheme.operator
    face = Person(scheme.world, operator.land, operator.town, heritage=operator.heritage)
    face.hour = operator.hour
    return face


def first_account(scheme: Scheme, opened: int, closes: int | None, role: str = "pro") -> Account:
    """The account that an operator opens under its own name."""
    _face(scheme)  # drawn whether or not it is used
    return open_account(scheme.world, scheme.operator, role, opened, closes, turns=False, **scheme.truth)


def another_account(
    scheme: Scheme, opened: int, closes: int | None, role: str = "pro", *, setup: Setup = WHATEVER, slips: list[str] | None = None
) -> Account:
    """One more account under the operator's hand; what a careful one lets slip is drawn, if it is not said."""
    world, operator, face = scheme.world, scheme.operator, _face(scheme)
    if scheme.careful:
        account = _careful(scheme, face, opened, closes, role, setup)
        _slip(scheme, account, slips)
        scripted = "text" in (account.slips or "")
    else:
        account = _careless(scheme, face, opened, closes, role, setup)
        scripted = world.chance(0.3)
    account.trade, account.controller = operator.trade, operator.id
    if scripted:
        world.scripts[account.number] = scheme.ring
    return account


def _careless(scheme: Scheme, face: Person, opened: int, closes: int | None, role: str, setup: Setup) -> Account:
    world, dice, operator = scheme.world, scheme.world.dice, scheme.operator
    face.surnames = operator.surnames if world.chance(0.4) else face.surnames
    face.given = operator.given if world.chance(0.35) else face.given
    face.born = operator.born if world.chance(0.4) else face.born
    face.trade = operator.trade
    network = operator.home if setup.network is None else setup.network
    used = operator.handset if setup.device is None else setup.device
    name, host = operator.mail.split("@")
    alias = dice.choice([f"{name}+{dice.randint(1, 99)}@{host}", f"{name}{dice.randint(1, 99)}@{host}", f"{name[:2]}.{name[2:]}@{host}"])
    habits = [(network, used, 1.0), (operator.cell, used, 0.7)]
    if operator.laptop is not None:
        habits.append((network, operator.laptop, 0.6))
    same_phone = world.chance(0.3)
    holds = Holds(
        phone=operator.phone if same_phone else new_number(world, operator.land, operator.area_codes, dice.choice(["voip", "mobile"])),
        mail=alias if world.chance(0.45) else mailbox(world, face),
        card=operator.card if world.chance(0.4) else OWN,
        bank=operator.bank if role == "pro" and world.chance(0.75) else OWN,
        address=operator.address if world.chance(0.5) else OWN,
        habits=habits,
    )
    rate = dice.choice([0.05, 0.15, 0.4])
    return open_account(world, face, role, opened, closes, holds=holds, rate=rate, turns=False, **scheme.truth)


def _careful(scheme: Scheme, face: Person, opened: int, closes: int | None, role: str, setup: Setup) -> Account:
    world, dice, operator = scheme.world, scheme.world.dice, scheme.operator
    used = setup.device
    if used is None:
        used = device(world, dice.choice(["app", "app", "browser"]), period=dice.choice([20, 60, 10**6]) * DAY)
    network = _hidden(scheme, setup.network)
    phone = new_number(world, operator.land, operator.area_codes, dice.choice(["voip", "mobile", "mobile"]))
    kept = world.chance(0.85)
    holds = Holds(
        phone=phone,
        mail=mailbox(world, face) if kept else f"{dice.getrandbits(36):x}@{dice.choice(THROWN_AWAY)}",
        card=new_card(world, prepaid=True) if world.chance(0.5) else None,
        bank=new_bank(world) if role == "pro" else None,
        address=OWN if world.chance(0.6) else None,
        habits=[(network, used, 1.0)],
    )
    rate = dice.choice([0.04, 0.1, 0.3])
    return open_account(world, face, role, opened, closes, holds=holds, rate=rate, turns=False, **scheme.truth)


def _hidden(scheme: Scheme, given: int | None) -> int:
    """A network that does not give the operator away, if none is given."""
    world, operator, draw = scheme.world, scheme.operator, scheme.world.dice.random()
    if given is not None:
        return given
    if draw < 0.35:
        return tunnel(world, operator.land, "vpn")
    if draw < 0.6:
        return proxy_line(world, operator.land)
    return operator.cell if draw < 0.8 else mobile_line(world, operator.land, operator.town)


def _slip(scheme: Scheme, account: Account, slips: list[str] | None) -> None:
    """Leave something of the operator's behind."""
    dice = scheme.world.dice
    if slips is None:
        slips = dice.sample(SLIPS, dice.choices(list(HOW_MANY_SLIPS), list(HOW_MANY_SLIPS.values()))[0])
    at = int(dice.uniform(account.opened, max(account.opened + 1, account.closes - DAY)))
    account.slips = "+".join(slips)
    for kind in slips:
        if kind in ("home", "cell", "device"):
            _slip_in_a_login(scheme, account, kind, at)
        else:
            _slip_on_file(scheme, account, kind, at)


def _slip_in_a_login(scheme: Scheme, account: Account, kind: str, at: int) -> None:
    world, dice, operator, usual = scheme.world, scheme.world.dice, scheme.operator, account.ways[0]
    if kind == "home":
        add_way(world, account, operator.home, usual.device, at, at + 20 * DAY, fixed=dice.randint(1, 4))
    if kind == "cell":
        add_way(world, account, operator.cell, usual.device, account.opened, account.closes, fixed=dice.randint(2, 8))
    if kind == "device":
        own = operator.laptop if operator.laptop is not None and world.chance(0.5) else operator.handset
        add_way(world, account, usual.network, own, at, at + 2 * DAY, fixed=dice.randint(1, 2))


def _slip_on_file(scheme: Scheme, account: Account, kind: str, at: int) -> None:
    world, operator = scheme.world, scheme.operator
    if kind == "bank":
        add_bank(world, account, operator.bank, at, holder="none")
    if kind == "card":
        add_card(world, account, operator.card, at, account.closes, "none")
    if kind == "phone":
        origin, until = world.dice.choice(["2fa", "payout", "message"]), min(account.closes, at + 30 * DAY)
        add_phone(world, account, operator.phone, at, until, origin, verified=world.chance(0.6))
    if kind == "addr":
        add_address(world, account, operator.address, at, account.closes)
    if kind == "mail":
        add_mail(world, account, operator.mail, at, account.closes, verified=False)
