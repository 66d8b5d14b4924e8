"""Company: whom else two accounts are strongly linked to counts in how likely one person is, and nowhere else."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import tnskit as tns
from tests.markets import linked
from tnskit.errors import RuleError
from tnskit.evidence import rules
from tnskit.evidence.calibrate import calibrate, likely, probability
from tnskit.evidence.company import WORDS, company, company_of

HAND = ("card", "payout", "install", "phone")


def hand(names, number):
    """Lines of accounts that share a card, a bank account, a device and a phone."""
    shown = {"card": f"fp_{number}7aa88", "payout": f"ba_{number}7aa88", "install": f"dev_{number}7aa88", "phone": f"312_555_2{number}68"}
    return [f"{name} {kind} {shown[kind]} 2024-01-01 2024-03-01" for name in names for kind in HAND]


def borrowed(a, b, number):
    """Lines of two accounts that share one more card."""
    return [f"{name} card fp_{number}9bb99 2024-01-01 2024-03-01" for name in (a, b)]


@pytest.fixture(scope="module")
def links():
    """A and B are one hand, C and D another, E to H nobody's; cards go between A and C, B and E, and E and F."""
    cards = [*borrowed("A", "C", 1), *borrowed("B", "E", 2), *borrowed("F", "G", 3)]
    return linked("A B C D E F G H", *hand("AB", 1), *hand("CD", 2), *cards)


def at(links, a, b):
    pairs = links.pairs
    return pairs[(pairs["a"] == a) & (pairs["b"] == b)]


def test_company_is_neither_one_each_or_the_same():
    strong = pd.DataFrame({"a": [0, 2, 5, 6], "b": [1, 3, 6, 7]})
    a, b = np.array([[8, 9], [1, 9], [1, 2], [5, 7], [0, 1], [5, 6]]).T
    # 0 and 1 hang together, with nobody else; 5 hangs with 7 by way of 6; 6 alone hangs with a third besides 5
    assert company(strong, a, b).tolist() == [0, 1, 2, 3, 0, 1]
    assert company(strong.head(0), a, b).tolist() == [0] * 6


def test_company_agrees_with_counting_by_hand():
    dice = np.random.default_rng(4)
    ends = np.unique(np.sort(dice.integers(0, 40, (60, 2)), axis=1), axis=0)
    ends = ends[ends[:, 0] < ends[:, 1]]
    near = {n: {*ends[ends[:, 0] == n, 1].tolist(), *ends[ends[:, 1] == n, 0].tolist()} for n in range(40)}
    a, b = np.triu_indices(40, 1)
    wanted = [3 if near[x] & near[y] else bool(near[x] - {y}) + bool(near[y] - {x}) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    assert company(pd.DataFrame(ends, columns=["a", "b"]), a, b).tolist() == wanted


def test_two_who_hang_with_nobody_else_are_told_less_surely_and_two_who_do_more(links):
    assert at(links, "A", "B")["label"].item() == at(links, "C", "D")["label"].item() == "strong"
    for (a, b), number in {("F", "G"): 0, ("B", "E"): 1, ("A", "C"): 2}.items():
        told, pair = tns.explain(links, a, b), at(links, a, b)
        counted = pair.assign(score=pair["score"] + links.rules.company[number])
        most = 1 - pair["benign_score"].item() if number < 2 else 1  # what the innocent reading leaves
        assert told.likely == pytest.approx(min(probability(links.rules, counted).item(), most))
        assert (told.likely < probability(links.rules, pair).item()) == (number < 2)
        assert (told.score, told.label) == (pair["score"].item(), pair["label"].item())
        assert told.company == WORDS[number]
        assert WORDS[number] in str(told)
    assert tns.explain(links, "A", "H").company == ""


def test_company_changes_no_score_label_or_group(links, tmp_path):
    text = rules.DEFAULT.read_text()
    line = next(line for line in text.splitlines() if line.startswith("company"))
    (tmp_path / "rules.toml").write_text(text.replace(line, "company = { alone = -29, one = 0, each = 0, same = 20 }"))
    other = tns.link(links.loaded(), rule_file=tmp_path / "rules.toml")
    pd.testing.assert_frame_equal(other.pairs, links.pairs)
    pd.testing.assert_frame_equal(other.clusters(), links.clusters())
    assert (likely(other, at(other, "F", "G")) < likely(links, at(links, "F", "G"))).all()


def test_one_and_all_are_told_the_same_and_a_saved_folder_too(tmp_path):
    cards = [*borrowed("A", "D", 1), *borrowed("B", "F", 2), *borrowed("G", "H", 3)]
    links = linked("A B C D E F G H", *hand("ABC", 1), *hand("DE", 2), *cards)
    pairs = links.pairs
    told, found = likely(links, pairs), company_of(links, pairs)
    assert set(found.tolist()) == {0, 1, 2, 3}
    opened = tns.open(links.save(tmp_path / "saved"))
    assert (likely(opened, pairs) == told).all()
    for row in range(len(pairs)):
        a, b = pairs["a"][row], pairs["b"][row]
        one, again = tns.explain(links, a, b), tns.explain(opened, b, a)
        assert one.likely == again.likely == pytest.approx(told[row])
        assert one.company == again.company == WORDS[found[row]]
    ring = tns.rings(links).iloc[0]
    first, second = ring["bridge"].split(" (")[0].split(" – ")
    assert ring["chance"] == pytest.approx(tns.explain(links, first, second).likely, abs=1e-4)


def test_rows_without_accounts_and_strange_accounts_are_told_by_points_alone_or_as_alone(links):
    pair = at(links, "A", "C")
    assert (calibrate(links).probability(pair.drop(columns=["a", "b"])) == probability(links.rules, pair)).all()
    alone = pair.assign(score=pair["score"] + links.rules.company[0])
    assert (likely(links, pair.assign(a="nobody", b="no one")) == probability(links.rules, alone)).all()
    assert len(likely(links, pair.head(0))) == 0


def test_a_learned_map_keeps_the_company(links, tmp_path):
    text, learned = rules.DEFAULT.read_text(), dataclasses.replace(calibrate(links), decisions=200)
    begin, end = text.index("[probability]"), text.index("# Learned once")
    (tmp_path / "rules.toml").write_text(text[:begin] + learned.toml + text[end:])
    assert rules.read(tmp_path / "rules.toml").company == links.rules.company


@pytest.mark.parametrize("wrong", ["{ alone = 1 }", "{ alone = 5, one = 0, each = 5, same = 9 }"])
def test_company_that_makes_no_sense_does_not_load(tmp_path, wrong):
    text = rules.DEFAULT.read_text()
    line = next(line for line in text.splitlines() if line.startswith("company"))
    (tmp_path / "rules.toml").write_text(text.replace(line, f"company = {wrong}"))
    with pytest.raises(RuleError, match="points for alone, one, each, same"):
        rules.read(tmp_path / "rules.toml")
    (tmp_path / "rules.toml").write_text(text.replace(line, ""))
    assert rules.read(tmp_path / "rules.toml").company == (0, 0, 0, 0)
