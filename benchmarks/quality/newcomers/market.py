"""A whole market: innocents, rings until enough accounts are theirs, everybody else, and the tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from benchmarks.quality.newcomers.abusers import abusers
from benchmarks.quality.newcomers.exports import export
from benchmarks.quality.newcomers.innocents import innocents
from benchmarks.quality.newcomers.opening import open_account
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.world import World


def make(seed: int, accounts: int, **shape: Any) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Make the tables of a market and its truth, one row an account; the same for the same seed, size and shape (`SHAPE`)."""
    world = World(seed, accounts, shape)
    bad = round(accounts * world.shape["prevalence"])
    innocents(world, accounts - bad)
    abusers(world, bad)
    while len(world.accounts) < accounts:
        open_account(world, Person(world))
    return export(world)
