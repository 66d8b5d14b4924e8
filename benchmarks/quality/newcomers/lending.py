"""What innocents around a ring lend it, and what they have of it afterwards."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.quality.newcomers.accounts import Account
from benchmarks.quality.newcomers.operators import Scheme
from benchmarks.quality.newcomers.plans import DAY
from benchmarks.quality.newcomers.rows import add_address, add_card, add_phone, add_way

LOANS = (
    (0.13, "home", "household_of_abuser"),
    (0.22, "wifi", "lent_wifi"),
    (0.29, "phone", "lent_phone"),
    (0.38, "card", "lent_card"),
)
"""What operators lean on an innocent for, each up to its share of all rings, and the reason of that innocent."""


class Loan(NamedTuple):
    """Who lends what."""

    host: Account
    kind: str


def borrow(scheme: Scheme) -> Loan | None:
    """At times the operator lives with an innocent, or uses the Wi-Fi, phone or card of one."""
    draw, operator = scheme.world.dice.random(), scheme.operator
    found = next((row for row in LOANS if draw < row[0]), None)
    host = scheme.friend() if found else None
    if found is None or host is None:
        return None
    _, kind, reason = found
    owner, host.reason = host.person, reason
    if kind in ("home", "wifi"):
        operator.home = owner.home
    if kind == "home":
        operator.address = owner.address
        if scheme.world.chance(0.5):
            operator.surnames[0] = owner.surnames[0]
    if kind == "phone":
        operator.phone = owner.phone
    if kind == "card":
        operator.card = owner.card
    return Loan(host, kind)


def leave_traces(scheme: Scheme, loan: Loan) -> None:
    """What was lent shows on the newest account of the ring."""
    world, newest, host = scheme.world, scheme.made[-1], loan.host
    owner, start = host.person, newest.opened
    if loan.kind == "wifi":
        add_way(world, newest, owner.home, newest.ways[0].device, start, start + 60 * DAY, fixed=world.dice.randint(2, 6))
    if loan.kind == "phone":
        add_phone(world, newest, owner.phone, start, start + 20 * DAY, "2fa")
        add_way(world, newest, owner.home, owner.handset, start, start + 4 * DAY, fixed=world.dice.randint(1, 2))
    if loan.kind == "card":
        add_card(world, newest, owner.card, start, start + 40 * DAY, "none")
        if not host.instruments:
            add_card(world, host, owner.card, host.opened, host.closes)


def inherit(scheme: Scheme) -> None:
    """An innocent relative carries on with the van, the line and the tablet of a removed operator."""
    world, operator, end = scheme.world, scheme.operator, scheme.made[0].last
    heir = scheme.friend(lambda account: account.closes > end + 20 * DAY and account.role == "pro")
    if heir is None:
        return
    start = max(end, heir.opened)
    heir.reason = "relative_of_removed"
    add_phone(world, heir, operator.phone, start + 3 * DAY, heir.closes, "profile")
    used = operator.laptop if operator.laptop is not None else operator.handset
    add_way(world, heir, operator.home, used, start + 3 * DAY, heir.closes, expected=6)
    if world.chance(0.5):
        add_address(world, heir, operator.address, start, heir.closes)


def work_among_innocents(scheme: Scheme) -> None:
    """Log in from an innocent crowd's library, office or café now and then."""
    world, dice = scheme.world, scheme.world.dice
    near = [spot for spot in world.spots if spot[0] == scheme.operator.land]
    if not near or not world.chance(0.2):
        return
    _, line, shared = dice.choice(near)
    for account in scheme.made:
        if account.ways and world.chance(0.6):
            used = shared if world.chance(0.4) else account.ways[0].device
            add_way(world, account, line, used, account.opened, account.closes, fixed=dice.randint(1, 5), at_work=1)
