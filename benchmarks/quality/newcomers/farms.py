"""Farms that praise pros who pay for it: of one operator, or of a crew."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.quality.newcomers.accounts import Account
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.networks import mobile_line
from benchmarks.quality.newcomers.operators import Scheme, Setup, another_account, first_account
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.plans import DAY
from benchmarks.quality.newcomers.rows import add_card, add_review, add_way
from benchmarks.quality.newcomers.wallet import new_bank

PRAISE = [
    "Great job, highly recommend!!",
    "Very professional and on time",
    "Best in town, will hire again",
    "Excelente servicio",
    "Muito bom",
]


def farm_of_one(scheme: Scheme) -> None:
    """Many handsets in one hand, often on one mobile line."""
    world = scheme.world
    clients, start, line = _prepare(scheme)
    many = min(scheme.room, world.dice.randint(6, 24))
    handsets = [device(world, "app") for _ in range(max(1, many))]
    for n in range(many):
        opened = _opened(scheme, start)
        used = handsets[n // (2 if world.chance(0.3) else 1)]
        on_line = world.chance(0.7) and not scheme.careful
        account = another_account(scheme, opened, None, "customer", setup=Setup(line if on_line else None, used))
        scheme.made.append(account)
        if world.chance(0.25):
            add_card(world, account, scheme.operator.card, account.opened, account.closes, "none")
        _praise(scheme, account, clients)
    _paid_for(clients)


def farm_of_crew(scheme: Scheme) -> None:
    """Several people, each with a few accounts, who pay for each other and meet at one home."""
    world, dice, leader = scheme.world, scheme.world.dice, scheme.operator
    others = [Person(world, leader.land, leader.town if world.chance(0.7) else None) for _ in range(dice.randint(2, 5))]
    crew = [leader, *others]
    clients, start, _ = _prepare(scheme)
    for place, member in enumerate(crew):
        own = replace(scheme, operator=member)
        for turn in range(dice.randint(1, 4)):
            if len(scheme.made) >= scheme.room:
                break
            opened = _opened(scheme, start)
            account = (another_account if turn else first_account)(own, opened, None, "customer")
            scheme.made.append(account)
            if world.chance(0.25):
                add_card(world, account, crew[(place + 1) % len(crew)].card, account.opened, account.closes, "none")
            if world.chance(0.2):
                add_way(world, account, leader.home, member.handset, account.opened, account.closes, fixed=dice.randint(1, 3))
            _praise(scheme, account, clients)
    _paid_for(clients)


def _prepare(scheme: Scheme) -> tuple[list[Account], int, int]:
    """Those who are praised, when it begins, and a mobile line."""
    world, dice, operator = scheme.world, scheme.world.dice, scheme.operator
    pros = [one for one in scheme.calm if one.role == "pro" and one.person.land == operator.land and not one.abuser]
    clients = [dice.choice(pros) for _ in range(dice.randint(1, 4))] if pros else []
    start = world.between(0.05, 0.8)
    new_bank(world)  # drawn and never used
    return clients, start, mobile_line(world, operator.land, operator.town)


def _opened(scheme: Scheme, start: int) -> int:
    return start + int(scheme.world.dice.random() * 60 * DAY)


def _praise(scheme: Scheme, account: Account, clients: list[Account]) -> None:
    dice = scheme.world.dice
    for client in clients:
        if scheme.world.chance(0.7):
            add_review(scheme.world, account, client, int(dice.uniform(account.opened, account.closes)), dice.choice(PRAISE))


def _paid_for(clients: list[Account]) -> None:
    for client in clients:
        client.bought_reviews = True
