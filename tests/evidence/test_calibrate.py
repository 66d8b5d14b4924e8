"""What a score means: the map that comes along, and one learned from decisions."""

import tomllib

import numpy as np
import pandas as pd
import pytest

from tests.markets import linked
from tnskit.errors import RuleError, UsageError
from tnskit.evidence import rules
from tnskit.evidence.calibrate import ENOUGH, calibrate, probability, reliability

SAME = "2024-01-01 2024-03-01"


@pytest.fixture(scope="module")
def links():
    """300 pairs with a card in common, every second of them a bank account too."""
    names = [f"A{n:03}" for n in range(600)]
    lines = [f"{name} card fp_{n // 2}aa88 {SAME}" for n, name in enumerate(names)]
    lines += [f"{name} payout ba_{n // 2}aa88 {SAME}" for n, name in enumerate(names) if n // 2 % 2]
    return linked(" ".join(names), *lines)


def decided(links, *, share_of_weak):
    """Decisions: with a bank account they are one person, without it a share of them."""
    pairs = links.pairs
    strong = pairs["shared"] == 2
    weak = np.arange(len(pairs)) % 10 < 10 * share_of_weak
    return pd.DataFrame({"a": pairs["b"], "b": pairs["a"], "same": strong | weak})


def test_the_map_that_comes_along_rises_with_points_and_falls_with_the_innocent_reading(links):
    found = calibrate(links)
    rows = pd.DataFrame({"score": [-5.0, 4.0, 11.0, 30.0, 11.0], "benign_score": [0.0, 0.0, 0.0, 0.0, 0.95]})
    told = found.probability(rows)
    assert (np.diff(told[:4]) > 0).all()
    assert told[4] < told[2]
    assert ((told >= 0) & (told <= 1)).all()
    assert (probability(links.rules, rows) == told).all()
    assert (found.decisions, found.warning) == (0, "")


def test_a_learned_map_fits_decisions_that_it_did_not_see_better(links):
    found = calibrate(links, decided(links, share_of_weak=0.1))
    assert found.decisions == len(links.pairs) >= ENOUGH
    assert found.after["Brier"] < found.before["Brier"]
    assert found.after["ECE"] < 0.05
    assert found.warning == ""
    assert {"told", "held", "pairs", "told_after", "held_after", "pairs_after"} <= set(found.curve)


def test_the_map_can_be_put_into_a_rule_table(links, tmp_path):
    found = calibrate(links, decided(links, share_of_weak=0.1))
    text = rules.DEFAULT.read_text()
    begin, end = text.index("[probability]"), text.index("# Learned once")
    (tmp_path / "rules.toml").write_text(text[:begin] + found.toml + text[end:])
    assert rules.read(tmp_path / "rules.toml").chances == found.steps
    assert tomllib.loads(found.toml)["probability"]["innocent"] == found.innocent


def test_few_decisions_are_warned_of(links):
    with pytest.warns(UserWarning, match="only 20 decisions; below 200"):
        found = calibrate(links, decided(links, share_of_weak=0.5).head(20))
    assert found.warning in str(found)


def test_wrong_decisions_are_told(links):
    with pytest.raises(UsageError, match="lack the column 'same'"):
        calibrate(links, pd.DataFrame({"a": [], "b": []}))
    with pytest.raises(UsageError, match="no decision is about two accounts"):
        calibrate(links, pd.DataFrame({"a": ["A000"], "b": ["A599"], "same": [True]}))


def test_reliability_compares_what_was_told_with_what_held():
    found = reliability(np.array([0.05, 0.05, 0.95, 1.0]), np.array([False, True, True, True]))
    assert found.reset_index().values.tolist() == [[0, 0.05, 0.5, 2], [9, 0.975, 1.0, 2]]


@pytest.mark.parametrize(("old", "new", "words"), [
    ("innocent = 16", "innocent = 16\nscores = [2, 1]\nchances = [0.1, 0.2]\n[x]", "should rise together"),
    ("innocent = 16", "innocent = 16\nscores = [1, 2]\nchances = [0.1, 1.2]\n[x]", "shares from 0 to 1"),
])  # fmt: skip
def test_a_map_that_makes_no_sense_does_not_load(tmp_path, old, new, words):
    (tmp_path / "rules.toml").write_text(rules.DEFAULT.read_text().replace(old, new, 1))
    with pytest.raises(RuleError, match=words):
        rules.read(tmp_path / "rules.toml")
