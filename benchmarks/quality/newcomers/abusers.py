"""Rings by their weights until enough accounts are theirs, and thieves of accounts."""

from __future__ import annotations

from benchmarks.quality.newcomers.accounts import Account
from benchmarks.quality.newcomers.comebacks import comeback, solo
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.farms import farm_of_crew, farm_of_one
from benchmarks.quality.newcomers.handovers import bought, insider, mules
from benchmarks.quality.newcomers.lending import borrow, inherit, leave_traces, work_among_innocents
from benchmarks.quality.newcomers.networks import proxy_line, tunnel
from benchmarks.quality.newcomers.operators import Scheme
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.phones import new_number
from benchmarks.quality.newcomers.plans import CRIME, DAY
from benchmarks.quality.newcomers.rows import add_bank, add_event, add_phone, add_support_event, add_way, remove, report
from benchmarks.quality.newcomers.series import series
from benchmarks.quality.newcomers.wallet import Bank, new_bank
from benchmarks.quality.newcomers.world import World

TRADES = {
    "comeback": comeback,
    "solo": solo,
    "farm_one": farm_of_one,
    "farm_crew": farm_of_crew,
    "referral": series,
    "tester": series,
    "lead_refund": series,
    "mules": mules,
    "bought": bought,
    "insider": insider,
    "aged": series,
    "weak_chain": series,
}
"""Who carries out each of `CRIME`."""
MOST_MISSES = 200


def abusers(world: World, many: int) -> None:
    """Rings until so many accounts are theirs, then takeovers."""
    calm = [one for one in world.accounts if one.reason in (None, "public_wifi") and one.role in ("customer", "pro")]
    weights = dict(world.shape["trades"] or CRIME)
    done = missed = 0
    while done < many and missed < MOST_MISSES:
        made = _crime(world, world.weighted(weights), many - done, calm)
        done += made
        missed = 0 if made else missed + 1
    _takeovers(world, calm)


def _crime(world: World, kind: str, room: int, calm: list[Account]) -> int:
    """One operator or crew doing one trade; gives the number of accounts made."""
    operator = Person(world)
    ring = f"R{world.people:05d}"
    scheme = Scheme(world, kind, operator, ring, world.chance(world.shape["careful"]), room, calm)
    loan = borrow(scheme)
    TRADES[kind](scheme)
    if not scheme.made:
        return 0
    if loan is not None:
        leave_traces(scheme, loan)
    if kind in ("comeback", "solo") and world.chance(0.3):
        inherit(scheme)
    work_among_innocents(scheme)
    _catch(scheme)
    return len(scheme.made)


def _catch(scheme: Scheme) -> None:
    """Most are removed in the end, some are complained about."""
    world, dice = scheme.world, scheme.world.dice
    for account in scheme.made:
        caught = 0.3 if account.careful else 0.6
        if account.status != "removed" and scheme.kind != "comeback" and world.chance(caught):
            early = max(account.opened + DAY, account.swapped + DAY)
            late = max(account.closes, account.opened + 2 * DAY)
            remove(world, account, int(min(world.end, dice.uniform(early, late))), scheme.code)
        if world.chance(0.35):
            report(world, account, account.opened + dice.randint(2, 60) * DAY, scheme.code)


def _takeovers(world: World, calm: list[Account]) -> None:
    """Thieves, each with several victims, at times from the set-up of an abusive account."""
    dice = world.dice
    victims = [one for one in calm if not one.abuser and one.reason is None]
    rings = [one for one in world.accounts if one.abuser]
    left = round(world.size * world.shape["takeover"])
    while left > 0 and victims:
        thief = dice.choice(rings).person if rings and world.chance(0.6) else Person(world)
        network = dice.choice([thief.home, thief.cell, tunnel(world, thief.land, "vpn"), proxy_line(world, thief.land)])
        used = thief.handset if world.chance(0.7) else device(world, "browser")
        bank = new_bank(world)
        for _ in range(min(left, dice.choice([1, 1, 2, 5]))):
            victim = dice.choice(victims)
            left -= 1
            if victim.reason is None:
                _steal(world, victim, thief, (network, used), bank)


def _steal(world: World, victim: Account, thief: Person, setup: tuple[int, int], bank: Bank) -> None:
    dice = world.dice
    at = int(dice.uniform(victim.opened + DAY / 2, victim.closes))
    add_way(world, victim, *setup, at, at + dice.randint(1, 5) * DAY, fixed=dice.randint(1, 6), hour=3)
    victim.reason = victim.behaviour = "takeover_victim"
    add_event(world, victim, at, "password_reset", *setup)
    add_event(world, victim, at + 300, "new_device", *setup)
    add_support_event(world, victim, at + 6 * DAY, "password_reset")
    if world.chance(0.45):
        phone = thief.phone if world.chance(0.4) else new_number(world, thief.land, thief.area_codes, "voip")
        add_phone(world, victim, phone, at + 600, at + 5 * DAY, "profile")
        add_event(world, victim, at + 600, "phone_change", *setup)
    if victim.role == "pro":
        add_bank(world, victim, bank, at + 1200, at + 6 * DAY, "none")
        add_event(world, victim, at + 1200, "payout_change", *setup)
