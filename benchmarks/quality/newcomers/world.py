"""The chance of a market, what is kept of it while it is made, and numbers stirred the same way at every run."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.plans import DAY, SHAPE

if TYPE_CHECKING:
    from benchmarks.quality.newcomers.accounts import Account, Way
    from benchmarks.quality.newcomers.devices import Device
    from benchmarks.quality.newcomers.networks import Network
    from benchmarks.quality.newcomers.opening import Released
    from benchmarks.quality.newcomers.phones import Phone


class World:
    """All that a market is made of; accounts, networks and devices are their place in these lists until they are exported."""

    def __init__(self, seed: int, accounts: int, shape: dict[str, Any]):
        unknown = set(shape) - set(SHAPE)
        if unknown:
            raise TypeError(f"unknown shape keys {sorted(unknown)}; known: {sorted(SHAPE)}")
        self.shape: dict[str, Any] = {**SHAPE, **shape}
        self.size = accounts
        self.dice = random.Random(seed * 7919 + accounts)
        """The chance of people and what they do."""
        self.rng = np.random.default_rng([seed, accounts])
        """The chance of whole columns: days and dirt."""
        self.end = int(pd.Timestamp(self.shape["end"], tz="UTC").timestamp())
        self.start = self.end - int(self.shape["days"]) * DAY
        self.people, self.sequence = 0, 0
        self.networks: list[Network] = []
        self.devices: list[Device] = []
        self.ways: list[Way] = []
        self.accounts: list[Account] = []
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        """Rows by table; those of what happens day by day come later."""
        self.praise: list[dict[str, Any]] = []
        self.transfers: list[dict[str, Any]] = []
        """Reviews and payments that no job stands behind."""
        self.refunds: list[tuple[int, int]] = []
        """Accounts by number that send a lead whose fee is credited, and when."""
        self.scripts: dict[int, str] = {}
        """Rings by number of the accounts that write what the ring writes."""
        self.used_mail: set[tuple[str, str]] = set()
        self.used_phones: set[tuple[str, str]] = set()
        self.released: list[Released] = []
        self.spots: list[tuple[str, int, int]] = []
        """Country, line and device of each crowd's place."""
        self.cafes: dict[tuple[str, int], list[int]] = {}
        self.buildings: dict[tuple[str, int], list[tuple[int, str, str]]] = {}
        self.proxies: dict[str, list[Phone]] = {}

    def chance(self, share: float) -> bool:
        """True with this chance."""
        return self.dice.random() < share

    def weighted(self, weights: Mapping[str, float]) -> str:
        """One key of a table of weights."""
        return self.dice.choices(list(weights), list(weights.values()))[0]

    def between(self, low: float, high: float) -> int:
        """A time between two shares of the market's days."""
        return self.start + int((self.end - self.start) * self.dice.uniform(low, high))

    def salt(self) -> int:
        """Sixty bits of chance."""
        return self.dice.getrandbits(60)

    def next_id(self, prefix: str) -> str:
        """The next id with this prefix."""
        self.sequence += 1
        return f"{prefix}{self.sequence:07d}"


def mix(a: Any, b: Any) -> Any:
    """Two integers (arrays) to one well-stirred uint64."""
    with np.errstate(over="ignore"):
        mixed = np.asarray(a, np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.asarray(b, np.uint64) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(29))


def dotted(address: int) -> str:
    """An IPv4 address as it is written."""
    return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"
