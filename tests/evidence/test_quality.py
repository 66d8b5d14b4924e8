"""Links tell people apart on markets of another make, and the figures that say so are right."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from benchmarks.quality import measures, outsiders
from benchmarks.quality.__main__ import measure, of_newcomer, of_outsider
from benchmarks.quality.shapes import SHAPES
from benchmarks.quality.written import make
from tnskit.cleaning.market import load


def truth(people, guilty=()):
    frame = pd.DataFrame({"person_id": list(people)}, index=[f"A{n}" for n in range(len(people))])
    frame["part"] = ["guilty" if n in guilty else "innocent" for n in range(len(people))]
    frame["group"] = ["r" if n in guilty else "" for n in range(len(people))]
    return frame.assign(country="US")


@pytest.mark.parametrize(
    ("people", "groups", "found"),
    [
        ("aabb", "1122", {"pair F1": 1.0, "B-cubed F1": 1.0, "largest": 2.0}),
        ("aabb", "1234", {"pair F1": 0.0, "B-cubed F1": 2 / 3, "largest": 1.0}),
        ("aabb", "1111", {"pair F1": 0.5, "B-cubed F1": 2 / 3, "largest": 4.0}),
        ("aaab", "1123", {"pair precision": 1.0, "pair recall": 1 / 3}),
    ],
)
def test_groupings_are_scored(people, groups, found):
    scores = measures.grouped(pd.Series(list(groups), index=truth(people).index), truth(people))
    assert {name: scores[name] for name in found} == pytest.approx(found)


def test_harm_and_rings_are_counted():
    who = truth("aaaabc", guilty=(0, 1, 2, 3))
    group = pd.Series(list("111223"), index=who.index)
    scores = measures.grouped(group, who)
    assert (scores["innocents per 100"], scores["ring recall"], scores["abusers covered"]) == (25.0, 1.0, 0.75)


def test_scores_are_ranked():
    score, same = np.array([3.0, 2.0, 1.0, 1.0]), np.array([True, False, True, False])
    assert measures.average_precision(score, np.ones(4), same) == pytest.approx(0.75)
    assert measures.average_precision(score, np.ones(4), same, missed=2) == pytest.approx(0.375)
    assert measures.auc(score, same) == pytest.approx(0.625)
    assert math.isnan(measures.auc(score, np.ones(4, dtype=bool)))
    assert measures.ece(np.array([0.25, 0.75]), np.array([False, True])) == pytest.approx(0.25)


def test_the_same_shape_gives_the_same_market():
    shape = dataclasses.replace(SHAPES["shape-09"], accounts=120)
    one, two = make(shape), make(shape)
    assert one.tables.keys() == two.tables.keys()
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, two.tables[name])


@pytest.mark.parametrize("name", ["dirty", "no abuse"])
def test_markets_of_newcomers_load_and_their_truth_covers_them(name):
    market, who, innocents = of_newcomer(name, 300)
    seen = who.reindex(market.accounts["account_id"])
    assert len(seen) >= 290
    assert seen.notna().all(axis=None)
    assert seen["part"].eq("guilty").any() == (name == "dirty")
    assert innocents[["account_a", "account_b"]].isin(who.index).all(axis=None)


def test_markets_of_outsiders_load_and_their_truth_covers_them():
    market, who, innocents = of_outsider("bare", 150)
    assert sorted(market.accounts["account_id"]) == sorted(who.index)
    assert who.notna().all(axis=None)
    assert who["part"].value_counts().index.tolist() == ["innocent", "guilty"]
    assert who["group"].ne("").sum() == who["part"].eq("guilty").sum()
    assert len(innocents)
    assert innocents[["account_a", "account_b"]].isin(who.index).all(axis=None)


def test_markets_of_outsiders_are_the_same_for_the_same_seed():
    (tables, *answer), (again, *answer_again), (other, *_) = (outsiders.make(seed, 150, **outsiders.SHAPES["bare"]) for seed in (3, 3, 4))
    assert list(tables) == list(again)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, again[name])
    for mine, same in zip(answer, answer_again, strict=True):
        pd.testing.assert_frame_equal(mine, same)
    assert not tables["phones"].equals(other["phones"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["shape-01", "shape-10", "shape-11", "shape-22"])
def test_links_keep_their_promise_on_markets_of_another_make(name):
    """Floors under what `python -m benchmarks.quality` shows; seeds that no rule was set on."""
    made = make(dataclasses.replace(SHAPES[name], accounts=1_000, seed=7_000 + len(name)))
    table, scores = measure(load(made.tables), made.accounts.set_index("account_id"), made.innocents)
    ours, write_first = table.loc["ours, strong"], table.loc["at most 10 accounts"]
    assert ours["innocents per 100"] <= 2
    assert ours["innocents per 100"] <= write_first["innocents per 100"]
    assert ours["pair precision"] >= 0.95
    assert ours["B-cubed F1, linked"] >= 0.8
    assert scores["benign AUC"] >= 0.96
    assert scores["strong precision"] >= 0.95
