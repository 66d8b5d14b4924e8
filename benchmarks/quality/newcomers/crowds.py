"""Crowds of innocents who share what their place or firm gives them."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.quality.newcomers.accounts import OWN, Account, Holds
from benchmarks.quality.newcomers.addresses import Address, dwelling
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.names import plain
from benchmarks.quality.newcomers.networks import place_line
from benchmarks.quality.newcomers.opening import open_account
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.phones import Phone, new_number
from benchmarks.quality.newcomers.plans import CROWDS, DAY, NEVER, NOBODY, Crowd
from benchmarks.quality.newcomers.rows import add_phone, add_way
from benchmarks.quality.newcomers.wallet import Bank, Card, mailbox, new_bank, new_card
from benchmarks.quality.newcomers.world import World

BRANDS = ["MaidRight", "Mr. Fix", "GreenLawn", "RapidRooter", "Two Guys Moving"]
LIVED_IN = ("shelter", "courier_house", "hostel", "family_business")


@dataclass(frozen=True)
class Spot:
    """A place or firm and what it has to share; `start`: when its first member comes."""

    kind: str
    plan: Crowd
    lead: Person
    group: str
    line: int
    address: Address
    card: Card
    bank: Bank
    phone: Phone
    domain: str
    mail: str
    devices: list[int]
    start: int
    business: str | None
    brand: str


def crowd(world: World, kind: str, room: int) -> None:
    """Up to `room` innocents of one place or firm (`CROWDS`)."""
    many = min(world.dice.randint(*CROWDS[kind].members), room)
    spot = _spot(world, kind)
    world.spots.append((spot.lead.land, spot.line, spot.devices[0]))
    members: list[Account] = []
    left = world.start
    for place in range(many):
        person = _member(world, spot)
        span = _span(world, spot, left, many)
        left = span[1] or left
        member = _join(world, spot, person, span, place, members)
        members.append(member)
        _come(world, spot, member, place)
    _swap(world, spot, members)


def _spot(world: World, kind: str) -> Spot:
    dice, plan = world.dice, CROWDS[kind]
    lead = Person(world)
    group = f"G{world.people}-{kind}"
    line = place_line(world, lead.land, lead.town, plan.line)
    address = dwelling(world, lead.land, lead.town)._replace(virtual=plan.virtual)
    card, bank = new_card(world), new_bank(world)
    lines = ["landline", "voip", "tollfree"] if plan.extension else ["landline", "mobile"]
    phone = new_number(world, lead.land, lead.area_codes, dice.choice(lines))
    surname = plain(lead.surnames[0]).replace(" ", "").replace("'", "")
    word = dice.choice(["co", "group", "services", lead.trade.split("_")[0]])
    domain = f"{surname}{word}.{'com' if lead.land == 'US' else lead.land.lower()}"
    mail = dice.choice([f"info@{domain}", mailbox(world, lead)])
    devices = [device(world, dice.choice(["browser", "tablet"])) for _ in range(dice.choice([1, 1, 2, 3]))]
    start = world.between(0, 0.8)
    business = world.next_id("B") if plan.business else None
    brand = dice.choice(BRANDS)
    return Spot(kind, plan, lead, group, line, address, card, bank, phone, domain, mail, devices, start, business, brand)


def _member(world: World, spot: Spot) -> Person:
    lead, plan = spot.lead, spot.plan
    person = Person(
        world,
        lead.land,
        lead.town,
        surnames=lead.surnames if plan.surname else None,
        heritage=lead.heritage if plan.surname else None,
        born=world.dice.randint(1930, 1946) if plan.elderly else None,
    )
    if spot.kind in LIVED_IN and world.chance(0.7):
        person.home = spot.line
    return person


def _span(world: World, spot: Spot, left: int, many: int) -> tuple[int | None, int | None]:
    """When a member comes and goes, where the place says so: within days of the first, or each after another has left."""
    dice, plan = world.dice, spot.plan
    opened = spot.start + int(dice.random() * plan.burst_days * DAY) if plan.burst_days else None
    if not plan.serial:
        return opened, None
    opened = left + dice.randint(5, 40) * DAY
    return opened, opened + int((world.end - world.start) / many * dice.uniform(0.5, 0.9))


def _some(world: World, share: float) -> bool:
    """Whether a member shares what a crowd shares to this extent; what it does not share at all is not drawn."""
    return bool(share) and world.chance(share)


def _join(world: World, spot: Spot, person: Person, span: tuple[int | None, int | None], place: int, members: list[Account]) -> Account:
    """Open the account of a member with what the crowd shares."""
    plan = spot.plan
    role = plan.role if world.chance(0.93) else None
    shares_phone, shares_card = _some(world, plan.phone), _some(world, plan.card)
    if spot.kind == "courier_house":
        person.trade = "courier"
    if plan.brand:
        person.trade = spot.lead.trade
    holds = Holds(
        phone=spot.phone if shares_phone and world.chance(0.6) else OWN,
        extension=100 + place if plan.extension and shares_phone else None,
        mail=spot.mail if _some(world, plan.mail) else mailbox(world, person, spot.domain) if _some(world, plan.domain) else OWN,
        card=spot.card if shares_card else OWN,
        address=_shared_address(world, spot, place),
        bank=spot.bank if _some(world, plan.bank) and role == "pro" else OWN,
    )
    name = f"{spot.brand} of {person.city} {world.dice.choice(['North', 'South', 'East', person.given])}" if plan.brand else None
    referrer = members[-1].number if members and _some(world, plan.refer) else NOBODY
    return open_account(
        world,
        person,
        role,
        *span,
        holds=holds,
        name=name,
        rate=0.012 if plan.elderly else None,
        reason=spot.kind,
        group=spot.group,
        behaviour=spot.kind,
        business=spot.business,
        referrer=referrer,
    )


def _shared_address(world: World, spot: Spot, place: int) -> Address:
    if spot.plan.virtual:
        return spot.address._replace(unit=str(100 + place))
    return spot.address if _some(world, spot.plan.address) else OWN


def _come(world: World, spot: Spot, account: Account, place: int) -> None:
    """How a member logs in at the place, and its seat in the firm."""
    dice, plan, person = world.dice, spot.plan, account.person
    opened, closes = account.opened, account.closes
    shared = dice.choice(spot.devices)
    if _some(world, plan.network):
        own = person.laptop if person.laptop is not None and world.chance(0.5) else person.handset
        visits = dice.choice([1, 2]) if plan.few else dice.choice([2, 6, 20])
        add_way(world, account, spot.line, own, opened, closes, expected=visits, at_work=plan.at_work)
    if _some(world, plan.device):
        add_way(world, account, spot.line, shared, opened, closes, expected=dice.choice([1, 2, 6]), at_work=plan.at_work)
    if _some(world, plan.signup):
        add_way(world, account, spot.line, shared, opened, opened + 3600, fixed=1)
        if world.chance(0.25):
            add_phone(world, account, spot.phone, opened, opened + 5 * DAY, verified=False)
    if _some(world, plan.agent):
        at = dice.uniform(opened, closes)
        if plan.once:
            add_way(world, account, spot.line, spot.devices[0], at, at + 3600, fixed=1)
        else:
            add_way(world, account, spot.line, spot.devices[0], opened, closes, expected=dice.choice([4, 15, 30]), at_work=1)
    if (spot.business or spot.kind in ("office", "agency")) and world.chance(0.4):
        seat = "owner" if place == 0 else dice.choice(["manager", "office", "field"])
        world.rows["business_members"].append(
            {"business_id": spot.business or spot.group, "account_id": account.number, "seat": seat, "from": opened, "to": NEVER}
        )


def _swap(world: World, spot: Spot, members: list[Account]) -> None:
    """Members log in with each other's handsets."""
    for account in members:
        if len(members) > 1 and _some(world, spot.plan.swap):
            other = world.dice.choice([one for one in members if one is not account])
            start = max(account.opened, other.opened)
            if account.closes > start:
                add_way(world, account, spot.line, other.person.handset, start, account.closes, expected=world.dice.choice([2, 4, 8]))
