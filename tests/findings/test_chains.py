"""Chains of single different things: shown step by step, never closed, never a crowd on one thing."""

import pandas as pd
import pytest

from tests.markets import linked
from tnskit.findings.chains import chains
from tnskit.findings.rings import rings

SAME = "2024-01-01 2024-03-01"


@pytest.fixture(scope="module")
def careful():
    """A – B by phone, B – C by card, C – D by device; each opened after the one before, A removed; X, Y and Z share one card."""
    names = ("Ana Ruiz", "Leo Kern", "Mia Holt", "Tom Voss")
    people = [{"account_id": n, "created_at": f"2024-0{at}-01", "status": "removed" if n == "A" else "active", "legal_name": name}
              for at, (n, name) in enumerate(zip("ABCD", names, strict=True), 1)]  # fmt: skip
    people += [{"account_id": n, "created_at": "2024-01-01", "status": "active"} for n in "XYZ"]
    return linked(
        people, *(f"{n} phone 312_555_2368 2024-02-01 2024-05-01" for n in "AB"), *(f"{n} card fp_77aa88 2024-03-01 2024-05-01" for n in "BC"),
        *(f"{n} install dev_77aa88 2024-04-01 2024-05-01" for n in "CD"),
        *(f"{n} {kind} {value % at} 2024-0{at}-01 2024-05-01" for at, n in enumerate("ABCD", 1)
          for kind, value in (("phone", "312_555_7%d12"), ("install", "dev_own_7%d"), ("email", "own7%d@post.example"))),
        *(f"{n} card fp_crowd9 {SAME}" for n in "XYZ"),
    )  # fmt: skip


def test_a_chain_is_told_step_by_step_and_is_no_ring(careful):
    found = chains(careful, chance=0.0)
    assert found["accounts"].tolist() == [["A", "B", "C", "D"]]
    row = found.iloc[0]
    assert (row["chain_id"], row["size"], row["kinds"], row["removed"], row["in_turn"]) == ("C-A", 4, 3, 1, True)
    assert row["told"] == "A – B by phone, B – C by card, C – D by device"
    assert row["weakest"] in row["told"]
    assert 0 <= row["chance"] <= 1
    groups = careful.clusters("strong").set_index("account_id")["cluster_id"]
    assert groups["A"] != groups["D"]
    assert not [ring for ring in rings(careful)["accounts"] if {"A", "D"} <= set(ring)]


def test_many_on_one_thing_are_no_chain(careful):
    assert not [way for way in chains(careful, chance=0.0)["accounts"] if set(way) & set("XYZ")]


def test_steps_that_are_too_unlikely_make_no_chain(careful):
    assert chains(careful, chance=1.0).empty


def test_chains_of_nothing_are_an_empty_table():
    found = chains(linked("A B"))
    assert isinstance(found, pd.DataFrame)
    assert found.empty
    assert {"chain_id", "told", "removed", "since"} <= set(found.columns)
