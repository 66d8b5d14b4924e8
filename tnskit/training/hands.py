"""The structures in which an account changes hands: rented, lent, taken over."""

from __future__ import annotations

import numpy as np

from tnskit.training.bystanders import entangle
from tnskit.training.moves import remove, take_old_reason
from tnskit.training.text import DAY, Ints
from tnskit.training.world import END, ROLES, START, VOIP, Group, Visit, World, moments

PRO, CUSTOMER = ROLES.index("pro"), ROLES.index("customer")


def _hand_over(world: World, part: str, account: Ints, device: Ints, payout: Ints) -> Ints:
    """Let another person work an account from some day on, from a device of its own; gives that day."""
    draw = world.draw(part)
    day = world.who["created"][account] + draw.integers(60 * DAY, 150 * DAY, len(account))
    until = np.full(len(account), END - 3600, dtype=np.int64)
    world.who["last"][account] = until
    for visit in range(5):
        at = moments(world, f"{part} visit {visit}", day, until)
        world.visits.append(Visit(account, at, device, np.zeros_like(at) - 1, account))
    some = draw.random(len(account)) < 0.4
    world.use("payout", account[some], payout[some], between=(day[some], until[some]))
    return day


def rented_account(world: World, members: Group) -> None:
    """Somebody removed goes on under the vetted account of another person, who lends it."""
    world.name("rented_account", members, guilty=True, shares="device from some day on, payout for some")
    operator, owner = members.at(0), members.at(1)
    draw = world.draw("rented account")
    world.who["role"][members.account] = PRO
    world.who["metro"][operator] = world.who["metro"][owner]
    world.who["created"][owner] = START + draw.integers(0, 480 * DAY, members.count)
    removed = world.who["created"][owner] + draw.integers(40 * DAY, 60 * DAY, members.count)
    world.who["created"][operator] = np.maximum(removed - draw.integers(40 * DAY, 200 * DAY, members.count), START)
    remove(world, operator, removed)
    day = _hand_over(world, "rented account", owner, world.own["device"][operator], world.own["payout"][operator])
    take_old_reason(world, "rented account", operator)
    world.breach(owner, "ACC-03")
    world.note("busy", owner)
    world.controllers.append((owner, world.who["person"][operator], day, np.full_like(day, END)))
    entangle(world, "rented account", members)


def lent_account(world: World, members: Group) -> None:
    """A vetted pro lends the account to somebody who has none here."""
    world.name("lent_account", members, guilty=True, shares="nothing with another account")
    owner = members.account
    world.who["role"][owner] = PRO
    world.who["created"][owner] = START + world.draw("lent").integers(0, 560 * DAY, len(owner))
    hands = world.fresh("person", len(owner))
    day = _hand_over(world, "lent account", owner, world.fresh("device", len(owner)), world.fresh("payout", len(owner)))
    world.breach(owner, "ACC-03")
    world.note("busy", owner)
    world.controllers.append((owner, hands, day, np.full_like(day, END)))
    entangle(world, "lent account", members)


def takeover(world: World, members: Group) -> None:
    """Somebody gets into the account of another; one hand takes two, so two victims have met one device."""
    world.name("takeover", members, guilty=False, shares="the device of whoever took them over")
    victim = members.account
    draw = world.draw("takeover")
    world.who["created"][victim] = START + draw.integers(0, 200 * DAY, len(victim))
    world.who["last"][victim] = END - draw.integers(3600, 10 * DAY, len(victim))
    at = START + draw.integers(300 * DAY, 715 * DAY, len(victim))
    taker = members.group // 2
    hands = world.fresh("person", int(np.max(taker)) + 1 if len(taker) else 0)[taker]
    device = world.fresh("device", len(np.unique(hands)))[taker]
    for hour in (0, 5, 26):
        net = np.where(draw.random(len(victim)) < 0.5, 4, 5)
        world.visits.append(Visit(victim, at + hour * 3600 + 120, device, net, device))
    moved = draw.random(len(victim)) < 0.45
    burner = world.fresh("phone", len(victim)) | VOIP
    world.use("phone", victim[moved], burner[moved], between=(at[moved] + 900, at[moved] + 3 * DAY), how="profile")
    token = world.fresh("payout", len(victim))
    world.use("payout", victim, token, between=(at + 1800, at + 3 * DAY))
    world.who["role"][victim] = np.where(draw.random(len(victim)) < 0.7, PRO, CUSTOMER)
    world.note("taken", victim)
    world.note("taken at", at)
    world.note("taken by", device)
    world.note("taken phone", moved.astype(np.int64))
    world.controllers.append((victim, hands, at, at + 3 * DAY))
    for one, other in ((victim[:-1:2], victim[1::2]),):
        world.innocent(one[: len(other)], other, "taken_over_by_the_same_hand")
