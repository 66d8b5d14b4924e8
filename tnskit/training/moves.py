"""What the structures do with the accounts they took: one hand, one thing, an end."""

from __future__ import annotations

import numpy as np

from tnskit.training.text import DAY, Ints
from tnskit.training.world import END, POLICIES, STATUSES, Group, World, among, moments

REMOVED = STATUSES.index("removed")
OLD_REASONS = ("PAY-04", "PRO-01", "SAF-03", "PRO-06", "PAY-03", "SAF-02")
"""What an account was removed for before its holder came back."""


def one_person(world: World, members: Group) -> None:
    """Put all accounts of a group into one hand, living in one place and speaking one language."""
    for word in ("person", "household", "language", "metro"):
        world.who[word][members.account] = world.who[word][members.first]


def live(world: World, part: str, accounts: Ints, first: Ints, last: Ints) -> None:
    """Let accounts be opened between two moments and stay in use until near the end."""
    world.who["created"][accounts] = moments(world, f"{part} opened", first, last)
    world.who["last"][accounts] = moments(
        world,
        f"{part} seen",
        np.maximum(world.who["created"][accounts] + 20 * DAY, first * 0 + END - 60 * DAY),
        first * 0 + END - 3600,
    )


def share_some(world: World, part: str, members: Group, kinds: tuple[str, ...], *, between: tuple[int, int]) -> None:
    """Let each group share a few kinds of things, drawn for the group, with its first account."""
    draw = world.draw(f"{part} shares")
    rank = np.argsort(np.argsort(draw.random((members.count, len(kinds))), axis=1), axis=1)
    many = draw.integers(between[0], between[1] + 1, members.count)
    for at, kind in enumerate(kinds):
        chosen = (rank[:, at] < many)[members.group] & (members.pos > 0)
        world.share(kind, members.account[chosen], members.first[chosen])


def remove(world: World, accounts: Ints, at: Ints) -> None:
    """Have accounts removed at a moment; nobody uses them afterwards."""
    world.who["removed"][accounts] = at
    world.who["last"][accounts] = at
    world.who["status"][accounts] = REMOVED


def remove_some(world: World, part: str, accounts: Ints, share: float) -> None:
    """Have a share of the accounts removed at the end of what they did."""
    chosen = accounts[among(world, f"{part} removed", len(accounts), share)]
    remove(world, chosen, world.who["last"][chosen])


def take_old_reason(world: World, part: str, accounts: Ints) -> None:
    """Enter what the accounts did before their removal."""
    codes = np.array([POLICIES.index(code) for code in OLD_REASONS])
    world.who["breach"][accounts] = codes[world.draw(f"{part} reasons").integers(0, len(codes), len(accounts))]
