"""Accounts as columns, for what is made for all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.quality.newcomers.lands import LANDS
from benchmarks.quality.newcomers.world import World


@dataclass(frozen=True, eq=False)
class Columns:
    """One value an account, in the order of their numbers; a town has a number of its own in the world."""

    opened: np.ndarray
    last: np.ndarray
    role: np.ndarray
    status: np.ndarray
    trade: np.ndarray
    land: np.ndarray
    zone: np.ndarray
    town: np.ndarray

    @property
    def removed(self) -> np.ndarray:
        """Whether an account is removed or suspended."""
        return np.isin(self.status, ["removed", "suspended"])

    @property
    def currency(self) -> np.ndarray:
        """What an account is paid in."""
        return np.array([LANDS[land].currency for land in self.land], object)


def values(things: Iterable[Any], name: str, kind: Any = object) -> np.ndarray:
    """One field of many things."""
    return np.array([getattr(one, name) for one in things], kind)


def of(things: Sequence[Any], name: str, places: np.ndarray, kind: Any = np.int64) -> np.ndarray:
    """One field of the things at these places."""
    return values(things, name, kind)[places]


def columns(world: World) -> Columns:
    """The accounts of a world as columns."""
    accounts = world.accounts
    people = [account.person for account in accounts]
    lands = list(LANDS)
    return Columns(
        opened=values(accounts, "opened", np.int64),
        last=values(accounts, "last", np.int64),
        role=values(accounts, "role"),
        status=values(accounts, "status"),
        trade=values(accounts, "trade"),
        land=values(people, "land"),
        zone=values(people, "zone"),
        town=np.array([lands.index(person.land) * 10 + person.town for person in people]),
    )
