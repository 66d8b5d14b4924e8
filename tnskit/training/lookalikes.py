"""The structures in which nobody broke a rule, though their accounts share things: most of what a link finds.

Rates are shares of all accounts. Households of two and more come to about 8 % of the households that have
accounts; cards shared within a family or a firm to about 3 % of accounts; lines that changed holder to about
4 % of lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tnskit.training.text import DAY, NONE, Ints
from tnskit.training.world import AGENT, END, MAIN, ROLES, START, Group, Visit, World, among, moments

PRO, CUSTOMER = ROLES.index("pro"), ROLES.index("customer")


@dataclass(frozen=True)
class Lookalike:
    """One innocent structure: the share of accounts in it, and the size of its groups."""

    name: str
    share: float
    low: int
    high: int
    shares: str


PLAN = (
    Lookalike("customer_and_pro", 0.050, 2, 2, "3-5 of phone, card, device, home, address, email"),
    Lookalike("lost_password", 0.036, 2, 2, "3-5 of phone, card, device, home, address"),
    Lookalike("couple", 0.072, 2, 2, "home, address, card for some, tablet for some"),
    Lookalike("flatmates", 0.050, 2, 4, "home, address"),
    Lookalike("family_plan", 0.024, 3, 3, "phone, home and address for some"),
    Lookalike("family_tablet", 0.012, 2, 2, "device, home, address"),
    Lookalike("small_office", 0.024, 2, 6, "office network, main line, licence, card for some"),
    Lookalike("franchise", 0.006, 3, 6, "tax id, brand"),
    Lookalike("agency", 0.006, 5, 9, "the assistant's device and network, a card"),
    Lookalike("payroll", 0.006, 5, 12, "payout"),
    Lookalike("dorm", 0.020, 8, 24, "campus network, address without a door"),
    Lookalike("coworking", 0.008, 6, 18, "office network"),
    Lookalike("library", 0.010, 8, 24, "public network, one browser"),
    Lookalike("public_wifi", 0.030, 8, 36, "public network"),
    Lookalike("call_centre", 0.008, 10, 24, "phone"),
    Lookalike("landlord", 0.008, 3, 6, "address"),
    Lookalike("past_tenant", 0.012, 2, 2, "address, one after the other"),
    Lookalike("mail_agent", 0.010, 10, 22, "address of a mail agent"),
    Lookalike("recycled_phone", 0.090, 2, 2, "phone, one after the other"),
    Lookalike("resold_device", 0.008, 2, 2, "device, one after the other"),
    Lookalike("shared_inbox", 0.005, 2, 4, "e-mail box"),
)


def plant_lookalikes(world: World) -> None:
    """Put every innocent structure into the market."""
    for kind in PLAN:
        draw = world.draw(f"sizes of {kind.name}")
        mean = (kind.low + kind.high) / 2
        count = max(round(kind.share * world.accounts / mean), 1)
        members = world.take(draw.integers(kind.low, kind.high + 1, count))
        world.name(kind.name, members, guilty=False, shares=kind.shares)
        world.who["metro"][members.account] = world.who["metro"][members.first]
        _MAKE[kind.name](world, kind.name, members)
        if kind.name not in ("customer_and_pro", "lost_password"):
            later = members.pos > 0
            world.innocent(members.first[later], members.account[later], kind.name)


def _family(world: World, members: Group, *kinds: str) -> None:
    for kind in kinds:
        world.share(kind, members.account, members.first)
    world.who["household"][members.account] = world.who["household"][members.first]
    world.who["language"][members.account] = world.who["language"][members.first]


def _same_person(world: World, part: str, members: Group) -> None:
    one, two = members.at(0), members.at(1)
    draw = world.draw(part)
    for word in ("person", "household", "language", "face"):
        world.who[word][two] = world.who[word][one]
    early = START + draw.integers(0, 420 * DAY, members.count)
    world.who["created"][one] = early
    world.who["created"][two] = early + draw.integers(20 * DAY, 280 * DAY, members.count)
    if part == "customer_and_pro":
        world.who["role"][one], world.who["role"][two] = CUSTOMER, PRO
        world.who["last"][one] = END - draw.integers(3600, 40 * DAY, members.count)
    else:
        world.who["role"][two] = world.who["role"][one]
        world.who["last"][one] = world.who["created"][two] - draw.integers(DAY, 15 * DAY, members.count)
    world.who["last"][two] = END - draw.integers(3600, 40 * DAY, members.count)
    kinds = ("phone", "card", "device", "home", "address", "email")
    rank = np.argsort(np.argsort(draw.random((members.count, len(kinds))), axis=1), axis=1)
    many = draw.integers(3, 6, members.count)
    for at, kind in enumerate(kinds):
        if not (part == "lost_password" and kind == "email"):
            world.share(kind, two[rank[:, at] < many], one[rank[:, at] < many])
    world.who["alias"][two] = draw.integers(0, 4, members.count)


def _couple(world: World, part: str, members: Group) -> None:
    _family(world, members, "home", "address")
    one, two = members.at(0), members.at(1)
    card = among(world, f"{part} card", members.count, 0.38)
    world.share("card", two[card], one[card])
    married = among(world, f"{part} name", members.count, 0.7)
    world.note("same surname", np.stack([two[married], one[married]], axis=1).ravel())
    tablet = among(world, f"{part} tablet", members.count, 0.15)
    _tablet(world, part, one[tablet], two[tablet])


def _tablet(world: World, part: str, one: Ints, two: Ints) -> None:
    device = world.fresh("device", len(one))
    for who, word in ((one, "one"), (two, "two")):
        for visit in range(3):
            at = moments(world, f"{part} {word} {visit}", world.who["created"][who], world.who["last"][who])
            world.visits.append(Visit(who, at, device, np.zeros_like(at), who))


def _flatmates(world: World, part: str, members: Group) -> None:
    del part
    _family(world, members, "home", "address")


def _family_plan(world: World, part: str, members: Group) -> None:
    world.who["household"][members.account] = world.who["household"][members.first]
    world.who["language"][members.account] = world.who["language"][members.first]
    later = members.pos > 0
    world.note("same surname", np.stack([members.account[later], members.first[later]], axis=1).ravel())
    at_home = among(world, part, members.count, 0.5)[members.group] | (members.pos < 2)
    for kind in ("home", "address"):
        world.share(kind, members.account[at_home], members.first[at_home])
    line = world.own["phone"][members.first]
    between = (world.who["created"][members.account], world.who["last"][members.account])
    world.use(
        "phone",
        members.account[later],
        line[later],
        between=(between[0][later], between[1][later]),
        how="2fa",
    )


def _family_tablet(world: World, part: str, members: Group) -> None:
    _family(world, members, "home", "address")
    _tablet(world, part, members.at(0), members.at(1))


def _small_office(world: World, part: str, members: Group) -> None:
    firm = world.fresh("business", members.count)[members.group]
    world.who["business"][members.account] = firm
    world.who["role"][members.account] = PRO
    world.who["work"][members.account] = world.fresh("work", members.count)[members.group]
    line = (world.fresh("phone", members.count) | MAIN)[members.group]
    created, last = world.who["created"][members.account], world.who["last"][members.account]
    world.use("phone", members.account, line, between=(created, last), how="profile")
    card = among(world, f"{part} card", members.count, 0.3)[members.group] & (members.pos < 2)
    company = world.fresh("card", members.count)[members.group]
    world.use("card", members.account[card], company[card], between=(created[card], last[card]), how="company")
    told = among(world, f"{part} seats", members.count, 0.6)[members.group]
    world.note("seated", members.account[told])
    world.note("licensed together", members.account)


def _franchise(world: World, part: str, members: Group) -> None:
    del part
    world.who["business"][members.account] = world.fresh("business", members.count)[members.group]
    world.who["role"][members.account] = PRO
    world.note("branded", members.account)


def _agency(world: World, part: str, members: Group) -> None:
    device = world.fresh("device", members.count)[members.group]
    office = world.fresh("work", members.count)[members.group]
    world.who["role"][members.account] = PRO
    created, last = world.who["created"][members.account], world.who["last"][members.account]
    for visit in range(2):
        at = moments(world, f"{part} {visit}", created, np.minimum(created + 20 * DAY, last))
        world.visits.append(Visit(members.account, at, device, np.full_like(at, 2), office))
    paid = among(world, f"{part} card", len(members.account), 0.3)
    card = world.fresh("card", members.count)[members.group]
    world.use("card", members.account[paid], card[paid], between=(created[paid], last[paid]), how="company")


def _payroll(world: World, part: str, members: Group) -> None:
    del part
    world.who["role"][members.account] = PRO
    world.share("payout", members.account, members.first)


def _dorm(world: World, part: str, members: Group) -> None:
    world.who["role"][members.account] = CUSTOMER
    world.who["venue"][members.account] = (world.fresh("venue", members.count) | MAIN)[members.group]
    hall = (world.fresh("address", members.count) | MAIN)[members.group]
    world.own["address"][members.account] = hall
    invited = among(world, f"{part} invited", len(members.account), 0.3) & (members.pos > 0)
    world.who["referrer"][members.account[invited]] = members.first[invited]
    first = world.who["created"][members.first]
    close = np.minimum(first + members.pos * 3 * DAY + 3600, END - 15 * DAY)
    world.who["created"][members.account[invited]] = close[invited]
    world.who["last"][members.account[invited]] = END - 5 * DAY


def _coworking(world: World, part: str, members: Group) -> None:
    del part
    world.who["work"][members.account] = world.fresh("work", members.count)[members.group]


def _library(world: World, part: str, members: Group) -> None:
    world.who["venue"][members.account] = world.fresh("venue", members.count)[members.group]
    device = world.fresh("device", members.count)[members.group] | MAIN
    some = among(world, f"{part} browser", len(members.account), 0.5)
    who = members.account[some]
    at = moments(world, part, world.who["created"][who], world.who["last"][who])
    world.visits.append(Visit(who, at, device[some], np.full_like(at, 3), world.who["venue"][who]))


def _public_wifi(world: World, part: str, members: Group) -> None:
    del part
    world.who["venue"][members.account] = world.fresh("venue", members.count)[members.group]


def _call_centre(world: World, part: str, members: Group) -> None:
    line = (world.fresh("phone", members.count) | MAIN)[members.group]
    created, last = world.who["created"][members.account], world.who["last"][members.account]
    at = moments(world, part, created, last)
    world.use("phone", members.account, line, between=(at, last), how="message")


def _landlord(world: World, part: str, members: Group) -> None:
    del part
    tenants = members.pos > 0
    door = world.own["address"][members.account]
    owner = members.first[tenants]
    between = (world.who["created"][owner], world.who["last"][owner])
    world.use("address", owner, door[tenants], between=between, how="service")


def _past_tenant(world: World, part: str, members: Group) -> None:
    one, two = members.at(0), members.at(1)
    draw = world.draw(part)
    out = START + draw.integers(90 * DAY, 400 * DAY, members.count)
    world.who["created"][one] = out - draw.integers(20 * DAY, 85 * DAY, members.count)
    world.who["last"][one] = END - 3600
    world.who["created"][two] = out + draw.integers(20 * DAY, 200 * DAY, members.count)
    world.who["last"][two] = END - draw.integers(3600, 30 * DAY, members.count)
    door = world.own["address"][two]
    world.use("address", one, door, between=(world.who["created"][one], out), how="service")


def _mail_agent(world: World, part: str, members: Group) -> None:
    del part
    box = (world.fresh("address", members.count) | AGENT)[members.group]
    created, last = world.who["created"][members.account], world.who["last"][members.account]
    world.use("address", members.account, box, between=(created, last), how="mailing")


def _recycled_phone(world: World, part: str, members: Group) -> None:
    before, after = members.at(0), members.at(1)
    draw = world.draw(part)
    end = START + draw.integers(30 * DAY, 450 * DAY, members.count)
    world.who["created"][before] = end - (draw.random(members.count) * (end - START)).astype(np.int64)
    world.who["last"][before] = END - draw.integers(3600, 60 * DAY, members.count)
    world.who["created"][after] = end + draw.integers(45 * DAY + 3600, 240 * DAY, members.count)
    world.who["last"][after] = END - draw.integers(3600, 30 * DAY, members.count)
    world.who["metro"][after] = world.who["metro"][before]
    line = world.own["phone"][after]
    world.use("phone", before, line, between=(world.who["created"][before], end), how="signup")


def _resold_device(world: World, part: str, members: Group) -> None:
    before, after = members.at(0), members.at(1)
    draw = world.draw(part)
    end = START + draw.integers(60 * DAY, 450 * DAY, members.count)
    world.who["created"][before] = START + draw.integers(0, 50 * DAY, members.count)
    world.who["last"][before] = END - 3600
    world.who["created"][after] = end + draw.integers(8 * DAY, 200 * DAY, members.count)
    world.who["last"][after] = END - 3600
    for visit in range(4):
        at = moments(world, f"{part} {visit}", world.who["created"][before], end)
        world.visits.append(Visit(before, at, world.own["device"][after], np.full_like(at, NONE), before))


def _shared_inbox(world: World, part: str, members: Group) -> None:
    del part
    world.who["business"][members.account] = world.fresh("business", members.count)[members.group]
    world.who["role"][members.account] = PRO
    world.own["email"][members.account] = (world.fresh("email", members.count) | MAIN)[members.group]


_MAKE: dict[str, Callable[[World, str, Group], None]] = {
    "customer_and_pro": _same_person,
    "lost_password": _same_person,
    "couple": _couple,
    "flatmates": _flatmates,
    "family_plan": _family_plan,
    "family_tablet": _family_tablet,
    "small_office": _small_office,
    "franchise": _franchise,
    "agency": _agency,
    "payroll": _payroll,
    "dorm": _dorm,
    "coworking": _coworking,
    "library": _library,
    "public_wifi": _public_wifi,
    "call_centre": _call_centre,
    "landlord": _landlord,
    "past_tenant": _past_tenant,
    "mail_agent": _mail_agent,
    "recycled_phone": _recycled_phone,
    "resold_device": _resold_device,
    "shared_inbox": _shared_inbox,
}
