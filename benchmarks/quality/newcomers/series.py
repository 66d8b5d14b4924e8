"""Series of accounts by one operator: referrals, card testers, aged rings, lead refunds, chains."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.quality.newcomers.accounts import Account
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.networks import tunnel
from benchmarks.quality.newcomers.operators import WHATEVER, Scheme, Setup, another_account
from benchmarks.quality.newcomers.plans import DAY
from benchmarks.quality.newcomers.rows import add_address, add_bank, add_card, add_mail, add_payment, add_phone, add_way
from benchmarks.quality.newcomers.wallet import new_bank, new_card

SIZES = {"referral": (6, 30), "tester": (4, 14), "aged": (3, 9), "lead_refund": (2, 6), "weak_chain": (4, 8)}
"""Accounts of a series, at least and at most."""
DAYS = {"referral": 20, "tester": 4, "aged": 150, "lead_refund": 120, "weak_chain": 200}
"""Within how many days they are opened."""
CHAIN = ["card", "phone", "addr", "bank", "mail", "device", "home"]
"""What two neighbours of a chain share, one after the other."""


@dataclass(frozen=True)
class Series:
    """A series: when it begins, the device and network that may serve all of it."""

    many: int
    start: int
    device: int
    network: int


def series(scheme: Scheme) -> None:
    """Open account after account, each with what its trade asks for."""
    plan = _plan(scheme)
    for n in range(plan.many):
        account = _next_account(scheme, plan, n)
        scheme.made.append(account)
        if scheme.kind == "aged":
            _wake(scheme, account, plan)
        if scheme.kind == "weak_chain" and n:
            _share_one_thing(scheme, scheme.made[-2], account, CHAIN[(n + scheme.operator.stirred) % len(CHAIN)])
        if scheme.kind == "tester":
            _test_cards(scheme, account)
        if scheme.kind in ("lead_refund", "aged", "weak_chain"):
            _ask_for_refunds(scheme, account)


def _plan(scheme: Scheme) -> Series:
    world, kind, operator = scheme.world, scheme.kind, scheme.operator
    sizes = {one: world.dice.randint(*size) for one, size in SIZES.items()}
    start = world.between(0, 0.2 if kind == "aged" else 0.8)
    box = device(
        world,
        "browser" if kind == "tester" else "app",
        emulator=kind == "referral" and world.chance(0.6),
        period=(3 if scheme.careful else 10**5) * DAY,
    )
    network = tunnel(world, operator.land, "vpn") if scheme.careful or kind == "tester" else operator.home
    return Series(min(scheme.room, sizes[kind]), start, box, network)


def _next_account(scheme: Scheme, plan: Series, n: int) -> Account:
    world, dice, kind = scheme.world, scheme.world.dice, scheme.kind
    opened = plan.start + int(DAYS[kind] * DAY * (n + dice.random()) / plan.many)
    if kind in ("aged", "weak_chain"):
        closes = world.end if kind == "aged" else None
        slips = [] if kind == "weak_chain" or scheme.careful else dice.sample(["home", "cell"], 1)
        return another_account(scheme.with_care(), opened, closes, slips=slips)
    closes = opened + dice.randint(1, 12) * DAY if kind == "tester" else None
    setup = Setup(plan.network, plan.device) if kind in ("referral", "tester") else WHATEVER
    account = another_account(scheme, opened, closes, "customer", setup=setup)
    if kind == "referral" and scheme.made:
        account.referrer = scheme.made[0].number
    return account


def _wake(scheme: Scheme, account: Account, plan: Series) -> None:
    """An aged account sleeps, and is busy at the end."""
    world, dice = scheme.world, scheme.world.dice
    for way in account.ways:
        way.expected *= 0.1
    start = world.end - dice.randint(15, 50) * DAY
    used = plan.device if world.chance(0.7) else device(world, "app")
    add_way(world, account, plan.network, used, max(start, account.opened), world.end, expected=12)


def _share_one_thing(scheme: Scheme, before: Account, account: Account, kind: str) -> None:
    """Two neighbours of a chain share a single thing."""
    world, dice, earlier = scheme.world, scheme.world.dice, before.person
    start, until = max(account.opened, before.opened), account.closes
    card, bank = new_card(world), new_bank(world)
    if kind == "card":
        add_card(world, account, card, start, until)
        add_card(world, before, card, before.opened, before.closes)
    if kind == "phone":
        add_phone(world, account, earlier.phone, start, until, "2fa")
        add_phone(world, before, earlier.phone, before.opened, before.closes, "profile")
    if kind == "bank":
        add_bank(world, account, bank, start)
        add_bank(world, before, bank, before.opened)
    if kind == "mail":
        add_mail(world, account, earlier.mail, start, until)
        add_mail(world, before, earlier.mail, before.opened, before.closes)
    for one in (account, before):
        if kind == "addr":
            add_address(world, one, earlier.address, one.opened, one.closes)
        if kind in ("device", "home"):
            used = earlier.handset if kind == "device" else device(world, "app")
            add_way(world, one, earlier.home, used, one.opened, one.closes, fixed=dice.randint(2, 5))


def _test_cards(scheme: Scheme, account: Account) -> None:
    """Small sums on many cards, some of them of innocents."""
    world, dice = scheme.world, scheme.world.dice
    for _ in range(dice.randint(2, 6)):
        victim = dice.choice(scheme.calm) if scheme.calm and world.chance(0.15) else None
        robbed = victim is not None and bool(victim.instruments)
        card = victim.person.card if victim is not None and robbed else new_card(world)
        add_card(world, account, card, account.opened, account.closes, "none")
        add_payment(
            world,
            "auth",
            payer=account.number,
            amount=dice.choice([100, 199, 500]),
            at=int(dice.uniform(account.opened, account.closes)),
            status="declined" if world.chance(0.6) else "ok",
            instrument=account.instruments[-1],
        )
        if victim is not None and robbed:
            victim.excuse("card_victim")
        if world.chance(0.4):
            at, card_used = account.opened + dice.randint(10, 90) * DAY, account.instruments[-1]
            add_payment(world, "chargeback", payer=account.number, amount=4900, at=at, status="lost", instrument=card_used, code="10.4")


def _ask_for_refunds(scheme: Scheme, account: Account) -> None:
    dice = scheme.world.dice
    for _ in range(dice.randint(2, 6)):
        scheme.world.refunds.append((account.number, int(dice.uniform(account.opened, account.closes))))
