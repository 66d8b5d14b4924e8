"""The account of an ordinary person: what it holds, and the turns a life takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from benchmarks.quality.newcomers.accounts import OWN, Account, Habit, Holds
from benchmarks.quality.newcomers.addresses import dwelling
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.lands import LANDS
from benchmarks.quality.newcomers.networks import home_line, place_line
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.phones import Phone, new_number
from benchmarks.quality.newcomers.plans import DAY
from benchmarks.quality.newcomers.rows import add_address, add_bank, add_card, add_event, add_mail, add_phone, add_way
from benchmarks.quality.newcomers.wallet import new_card
from benchmarks.quality.newcomers.world import World

ORDINARY = Holds()


class Released(NamedTuple):
    """A number that its holder gave up."""

    phone: Phone
    since: int
    account: Account


def open_account(
    world: World,
    person: Person,
    role: str | None = None,
    opened: int | None = None,
    closes: int | None = None,
    *,
    holds: Holds = ORDINARY,
    name: str | None = None,
    rate: float | None = None,
    turns: bool = True,
    **truth: Any,
) -> Account:
    """One account with everything an ordinary person leaves behind.

    Args:
        world: Where it is opened.
        person: Who opens it.
        role: What for; drawn if left out, as are all that follow.
        opened: From when, in seconds.
        closes: Until when.
        holds: What it holds that its person does not have, or has but does not leave.
        name: What it shows.
        rate: Logins a day.
        turns: Whether the turns of a life happen meanwhile: a new number, handset or home, a lost card.
        **truth: Other fields of the account.
    """
    role = role or ("pro" if world.chance(world.shape["pro_share"]) else "customer")
    opened, closes = _span(world, opened, closes)
    if rate is None:
        rate = world.dice.choice([0.008, 0.015, 0.03, 0.06, 0.12, 0.3 if role == "customer" else 0.7]) * (1.6 if role == "pro" else 1)
    shown = name if name is not None else person.shown(world)
    account = Account(len(world.accounts), person, role, opened, closes, closes, shown, person.legal(), person.trade, **truth)
    world.accounts.append(account)
    if name is None and role == "pro" and world.chance(0.3):
        account.name = world.dice.choice(_firm_names(person))
    if world.chance(0.3) and closes < world.end - 60 * DAY and not account.abuser:
        account.status, account.closed = "closed_by_user", closes
    _give_phone(world, account, holds, turns=turns)
    _give_more_phones(world, account, turns=turns)
    _give_mail(world, account, holds)
    _give_card(world, account, holds, turns=turns)
    _give_bank(world, account, holds)
    address = _give_address(world, account, holds)
    _give_licence(world, account)
    habits = _habits(world, account, turns=turns, address=address) if holds.habits is OWN else _as_habits(account, holds.habits)
    _log_in(world, account, habits, rate)
    return account


def _span(world: World, opened: int | None, closes: int | None) -> tuple[int, int]:
    dice = world.dice
    if opened is None:
        life = world.end - world.start
        opened = world.start + int(life * (dice.random() * 0.97 if world.chance(0.75) else dice.random() ** 2 * 0.3))
    opened = int(min(max(opened, world.start), world.end - 3 * DAY))
    if closes is None:
        stays = world.chance(0.55)
        closes = world.end if stays else opened + int(min(world.end - opened, DAY + dice.expovariate(1 / (120 * DAY))))
    return opened, int(min(world.end, max(closes, opened + DAY)))


def _firm_names(person: Person) -> list[str]:
    words = person.trade.split("_")
    return [
        f"{person.surnames[0]} {' '.join(words).title()}",
        f"{person.surnames[0]} & Sons LLC",
        f"{person.given.split()[0]}'s {words[0].title()}",
        f"{person.city} {words[0].title()} Pros",
    ]


def _give_phone(world: World, account: Account, holds: Holds, *, turns: bool) -> None:
    phone = holds.phone
    if phone is OWN and turns and not account.abuser:
        _recycle(world, account)
        if world.chance(0.07) and account.closes - account.opened > 90 * DAY:
            _change_number(world, account)
            return
    if phone is OWN:
        phone = account.person.phone
    if phone:
        origin, verified = world.dice.choice(["signup", "signup", "2fa", "profile"]), world.chance(0.8)
        add_phone(world, account, phone, account.opened, account.closes, origin, verified=verified, extension=holds.extension)


def _recycle(world: World, account: Account) -> None:
    """At times the person's number is one that somebody else gave up."""
    if not world.released or not world.chance(world.shape["recycled"] * 0.9):
        return
    some = world.dice.sample(world.released, min(12, len(world.released)))
    pool = [one for one in some if one.phone.land == account.person.land and one.since + 46 * DAY < account.opened]
    if pool:
        account.person.phone = pool[0].phone
        world.released.remove(pool[0])
        account.excuse("recycled_phone")
        pool[0].account.excuse("recycled_phone")


def _change_number(world: World, account: Account) -> None:
    person, opened, closes = account.person, account.opened, account.closes
    at = opened + int((closes - opened) * world.dice.uniform(0.1, 0.6))
    add_phone(world, account, person.phone, opened, at)
    world.released.append(Released(person.phone, at, account))
    add_event(world, account, at + DAY, "phone_change")
    person.phone = new_number(world, person.land, person.area_codes)
    add_phone(world, account, person.phone, at + DAY, closes, "profile")


def _give_more_phones(world: World, account: Account, *, turns: bool) -> None:
    person, dice = account.person, world.dice
    if world.chance(0.02):  # the platform's own proxy number, kept as if it were the user's
        pool = world.proxies.setdefault(person.land, [])
        if len(pool) < 2 + world.size // 150:
            pool.append(new_number(world, person.land, person.area_codes, "proxy"))
        add_phone(world, account, dice.choice(pool), account.opened, account.closes, "message", verified=False)
    if turns and world.chance(0.08):
        second = new_number(world, person.land, person.area_codes, dice.choice(["mobile", "landline", "voip"]))
        add_phone(world, account, second, account.opened + DAY, account.closes, "profile", verified=world.chance(0.4))


def _give_mail(world: World, account: Account, holds: Holds) -> None:
    mail = holds.mail
    if mail is OWN:
        relayed = not world.chance(0.965)
        mail = f"{world.dice.getrandbits(40):010x}@privaterelay.appleid.com" if relayed else account.person.mail
    if mail:
        add_mail(world, account, mail, account.opened, account.closes, verified=world.chance(0.85))


def _give_card(world: World, account: Account, holds: Holds, *, turns: bool) -> None:
    person, card, opened, closes = account.person, holds.card, account.opened, account.closes
    if card is OWN:
        card = person.card if world.chance(0.75 if account.role == "pro" else 0.4) else None
    if not card:
        return
    if turns and world.chance(0.06) and closes - opened > 100 * DAY:
        # Reissued after a loss: all is new but the bank.
        at = (opened + closes) // 2
        add_card(world, account, card, opened, at)
        first, second = new_card(world), new_card(world)
        person.card = second._replace(fingerprint=first.fingerprint, start=card.start)
        add_card(world, account, person.card, at, closes)
    else:
        add_card(world, account, card, opened + 3600, closes)


def _give_bank(world: World, account: Account, holds: Holds) -> None:
    bank = holds.bank
    if bank is OWN:
        bank = account.person.bank if account.role in ("pro", "both") and world.chance(0.85) else None
    if bank:
        add_bank(world, account, bank, account.opened + DAY)


def _give_address(world: World, account: Account, holds: Holds) -> bool:
    """Whether an address is on file."""
    address = holds.address
    if address is OWN:
        address = account.person.address if world.chance(0.85) else None
    if address:
        add_address(world, account, address, account.opened, account.closes)
    return bool(address)


def _give_licence(world: World, account: Account) -> None:
    if account.role != "pro":
        return
    person, dice = account.person, world.dice
    licensed = world.chance(0.35)
    world.rows["pro_profiles"].append(
        {
            "account_id": account.number,
            "trade": person.trade,
            "licence_no": f"{dice.choice(['LIC ', '', '#'])}{person.region}{person.stirred % 10**6:06d}" if licensed else None,
            "licence_state": person.region,
            "licence_status": dice.choice(["active", "active", "expired", "unknown"]),
            "licence_checked_at": account.opened + 5 * DAY,
            "service_zips": person.postal,
        }
    )


def _as_habits(account: Account, told: Any) -> list[Habit]:
    return [Habit(network, used, weight, account.opened, account.closes) for network, used, weight in told or ()]


def _habits(world: World, account: Account, *, turns: bool, address: bool) -> list[Habit]:
    """How an ordinary person logs in."""
    person = account.person
    told = [(person.home, person.handset, 1.0), (person.cell, person.handset, 1.6 if person.mostly_mobile else 0.35)]
    if person.laptop is not None:
        told.append((person.home, person.laptop, 0.9))
    if person.vpn is not None:
        told.append((person.vpn, person.laptop if person.laptop is not None else person.handset, 0.8))
    if turns and world.chance(0.06):
        told.append((_cafe(world, person), person.handset, 0.15))
        if not account.abuser:
            account.excuse("public_wifi")
    if turns and world.chance(0.05):  # visiting relatives, on holiday
        town = int(len(LANDS[person.land].towns) * world.dice.random())
        told.append((home_line(world, person.land, town), person.handset, 0.15))
    habits = _as_habits(account, told)
    if turns and world.chance(0.12) and account.closes - account.opened > 60 * DAY:
        habits = _new_handset(world, account, habits)
    if turns and world.chance(0.10) and account.closes - account.opened > 90 * DAY:
        habits = _move_house(world, account, habits, address=address)
    return habits


def _cafe(world: World, person: Person) -> int:
    """The line of one of the town's cafés."""
    known = world.cafes.setdefault((person.land, person.town), [])
    if len(known) < 2 + world.size // 1500:
        known.append(place_line(world, person.land, person.town, "business"))
    return world.dice.choice(known)


def _new_handset(world: World, account: Account, habits: list[Habit]) -> list[Habit]:
    person = account.person
    at = account.opened + (account.closes - account.opened) // 2
    old, person.handset = person.handset, device(world, "app")
    add_event(world, account, at, "new_device")
    before = [replace(one, stop=at) if one.device == old else one for one in habits]
    return before + [replace(one, device=person.handset, start=at) for one in habits if one.device == old]


def _move_house(world: World, account: Account, habits: list[Habit], *, address: bool) -> list[Habit]:
    """What is not split by a new handset already goes on over the line of the new home."""
    person, opened, closes = account.person, account.opened, account.closes
    at = opened + int((closes - opened) * world.dice.uniform(0.3, 0.8))
    line = home_line(world, person.land, person.town)
    moved: list[Habit] = []
    for one in habits:
        if one.network == person.home and (one.start, one.stop) == (opened, closes):
            moved += [replace(one, stop=at), replace(one, network=line, start=at)]
        else:
            moved.append(one)
    person.address = dwelling(world, person.land, person.town)
    if address:
        add_address(world, account, person.address, at, closes)
    return moved


def _log_in(world: World, account: Account, habits: list[Habit], rate: float) -> None:
    """Share the logins among habits; the first is at sign-up."""
    total = sum(one.weight for one in habits) or 1
    expected = min(90, max(0.5, rate * (account.closes - account.opened) / DAY)) * world.shape["login_rate"]
    for one in habits:
        add_way(world, account, one.network, one.device, one.start, one.stop, expected=expected * one.weight / total)
    if habits:
        add_way(world, account, habits[0].network, habits[0].device, account.opened, account.opened + 1800, fixed=1)
