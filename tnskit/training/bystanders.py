"""Three innocents beside every group that broke rules, each entangled with it in another way."""

from __future__ import annotations

import numpy as np

from tnskit.training.text import DAY, NONE, Flags, Ints
from tnskit.training.world import END, MAIN, PARTS, START, Group, Visit, World, moments

REASONS = ("spouse", "flatmate", "previous_holder", "workmate", "resold_device", "same_cafe", "namesake")
"""How a bystander comes to share something with a guilty account."""


def entangle(world: World, part: str, members: Group, *, stolen: bool = False) -> None:
    """Give every group three innocents who share something with one of its accounts.

    Args:
        world: The market.
        part: The stream to draw from.
        members: The groups that broke rules.
        stolen: Whether one of the three is the holder of a card that the group uses without being asked.
    """
    near = world.take(np.full(3 * members.count, 1))
    if near.count < 3 * members.count:
        members_of = np.arange(near.count) // 3
    else:
        members_of = np.repeat(np.arange(members.count), 3)
    place = np.arange(near.count) % 3
    sizes = np.bincount(members.group, minlength=members.count)
    first = np.flatnonzero(members.pos == 0)
    with_whom = members.account[first[members_of] + (place * 5) % sizes[members_of]]
    turn = world.draw(f"{part} bystanders").integers(0, len(REASONS), members.count)
    reason = (turn[members_of] + place * 2) % len(REASONS)
    world.who["cluster"][near.account] = world.who["cluster"][with_whom]
    world.who["scheme"][near.account] = world.who["scheme"][with_whom]
    world.who["part"][near.account] = PARTS.index("bystander")
    for word in ("metro", "language"):
        world.who[word][near.account] = world.who[word][with_whom]
    if stolen:
        holder = place == 0
        _cardholder(world, part, near.account[holder], with_whom[holder])
        reason = np.where(holder, NONE, reason)
    early = world.who["created"][with_whom] > START + 150 * DAY
    reason = np.where(np.isin(reason, (2, 4)) & ~early, REASONS.index("same_cafe"), reason)
    for at, word in enumerate(REASONS):
        here: Flags = reason == at
        if here.any():
            _MAKE[word](world, f"{part} {word}", near.account[here], with_whom[here])
            world.innocent(near.account[here], with_whom[here], word)


def _cardholder(world: World, part: str, holder: Ints, thief: Ints) -> None:
    opened = np.minimum(world.who["created"][holder], np.maximum(world.who["created"][thief] - 20 * DAY, START))
    world.who["created"][holder] = opened
    world.who["last"][holder] = END - 3600
    start = moments(world, f"{part} theft", world.who["created"][thief], world.who["last"][thief])
    world.use(
        "card",
        thief,
        world.own["card"][holder],
        between=(start, np.minimum(start + 2 * DAY, END - 1)),
        how="stolen",
    )
    world.innocent(holder, thief, "cardholder")


def _spouse(world: World, part: str, account: Ints, other: Ints) -> None:
    for kind in ("home", "address"):
        world.share(kind, account, other)
    world.who["household"][account] = world.who["household"][other]
    world.note("same surname", np.stack([account, other], axis=1).ravel())
    half = world.draw(part).random(len(account)) < 0.5
    world.share("card", account[half], other[half])


def _flatmate(world: World, part: str, account: Ints, other: Ints) -> None:
    del part
    for kind in ("home", "address"):
        world.share(kind, account, other)
    world.who["household"][account] = world.who["household"][other]


def _previous_holder(world: World, part: str, account: Ints, other: Ints) -> None:
    gap = world.draw(part).integers(46, 100, len(account)) * DAY
    end = world.who["created"][other] - gap
    world.who["created"][account] = START + (chance_of(world, part, len(account)) * (end - START - 5 * DAY)).astype(np.int64)
    world.who["last"][account] = END - 3600
    line = world.own["phone"][other]
    world.use("phone", account, line, between=(world.who["created"][account], end), how="signup")


def _workmate(world: World, part: str, account: Ints, other: Ints) -> None:
    del part
    office = world.fresh("work", len(account))
    line = world.fresh("phone", len(account)) | MAIN
    for who in (account, other):
        world.who["work"][who] = office
        world.use("phone", who, line, between=(world.who["created"][who], world.who["last"][who]), how="profile")


def _resold_device(world: World, part: str, account: Ints, other: Ints) -> None:
    end = world.who["created"][other] - 10 * DAY
    world.who["created"][account] = START + (chance_of(world, part, len(account)) * (end - START - 40 * DAY)).astype(np.int64)
    world.who["last"][account] = END - 3600
    for visit in range(3):
        at = moments(world, f"{part} {visit}", world.who["created"][account], end)
        world.visits.append(Visit(account, at, world.own["device"][other], np.full_like(at, NONE), account))


def _same_cafe(world: World, part: str, account: Ints, other: Ints) -> None:
    del part
    venue = world.fresh("venue", len(account))
    for who in (account, other):
        world.who["venue"][who] = venue


def _namesake(world: World, part: str, account: Ints, other: Ints) -> None:
    del part
    world.note("same name", np.stack([account, other], axis=1).ravel())


def chance_of(world: World, part: str, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Draw even chances from a part's second stream."""
    return world.draw(f"{part} again").random(count)


_MAKE = {
    "spouse": _spouse,
    "flatmate": _flatmate,
    "previous_holder": _previous_holder,
    "workmate": _workmate,
    "resold_device": _resold_device,
    "same_cafe": _same_cafe,
    "namesake": _namesake,
}
