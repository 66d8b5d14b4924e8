"""Lone operators, and those who come back after a removal."""

from __future__ import annotations

from benchmarks.quality.newcomers.operators import Scheme, another_account, first_account
from benchmarks.quality.newcomers.plans import ANY_HOUR, DAY
from benchmarks.quality.newcomers.rows import add_way, remove, report

FIRST_REMOVAL = ["PRO-06", "PAY-04", "SAF-02", "REV-01"]


def solo(scheme: Scheme) -> None:
    """One account and no second."""
    scheme.careful = False
    scheme.made.append(first_account(scheme, scheme.world.between(0, 0.9), None))


def comeback(scheme: Scheme) -> None:
    """One account after another; the newest may still be at work."""
    world, dice = scheme.world, scheme.world.dice
    start = world.between(0, 0.45)
    many = min(scheme.room, dice.choices([2, 3, 4, 6], [60, 25, 10, 5])[0])
    for turn in range(many):
        free = turn > 0 and turn == many - 1 and world.chance(0.7)
        until = world.end if free else start + int(dice.uniform(12, 150) * DAY)
        role = "pro" if world.chance(0.75) else "customer"
        account = another_account(scheme, start, until, role) if turn else first_account(scheme, start, until, role)
        scheme.made.append(account)
        pause = dice.uniform(5, 80) if scheme.careful else dice.uniform(0, 14)
        start = account.closes + int(pause * DAY)
        if free or start > world.end - 10 * DAY:
            break
        remove(world, account, account.closes, "ACC-01" if turn else dice.choice(FIRST_REMOVAL))
        report(world, account, account.closes - DAY, scheme.code)
        if turn and world.chance(0.25):
            # Tries the dead account from the new set-up.
            latest = world.ways[-1]
            add_way(world, scheme.made[-2], latest.network, latest.device, start, start + 3 * DAY, fixed=1, hour=ANY_HOUR)
