"""Groups by alternating stars are those that `groups` finds in memory; `test_spark.py` runs them on Spark."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from tnskit.evidence import groups, stars
from tnskit.evidence.engine import Duck


def held(seed: int, size: int, sure: int, weak: int) -> pd.DataFrame:
    """Links drawn at random."""
    ends = np.sort(np.random.default_rng(seed).integers(0, size, (sure + weak, 2)))
    found = pd.DataFrame({"a": ends[:, 0], "b": ends[:, 1], "sure": np.arange(sure + weak) < sure})
    return found[found["a"] < found["b"]]


def chain(size: int) -> pd.DataFrame:
    """One long chain through all accounts in no order: the worst there is for whoever walks it link by link."""
    order = np.random.default_rng(5).permutation(size)
    ends = np.sort(np.stack([order[:-1], order[1:]], axis=1))
    return pd.DataFrame({"a": ends[:, 0], "b": ends[:, 1], "sure": True})


def duck(edges: pd.DataFrame) -> Duck:
    found = Duck(duckdb.connect(), "stars")
    found.run("CREATE TABLE held (a INTEGER, b INTEGER, sure BOOLEAN)")
    found.run("INSERT INTO held SELECT a, b, sure FROM frame", frame=edges) if len(edges) else None
    return found


@pytest.mark.parametrize(
    ("edges", "size"),
    [
        (held(1, 5, 0, 0), 5),
        (held(2, 40, 0, 30), 40),
        (held(3, 200, 60, 150), 200),
        (held(4, 2_000, 1_800, 900), 2_000),
        (chain(2_000), 2_000),
    ],
)
def test_the_groups_are_those_found_in_memory(edges, size):
    wanted = groups.grouped(edges[edges["sure"]], edges[~edges["sure"]], size)
    assert stars.grouped(duck(edges), size).tolist() == wanted.tolist()


def test_rounds_grow_with_the_logarithm_of_a_chain():
    rounds = [stars.components(duck(chain(size)), "held") for size in (64, 512, 4_096)]
    assert rounds == sorted(rounds)
    assert rounds[-1] <= 12
