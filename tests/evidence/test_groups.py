"""Groups: sure links first, then what several weak links hold; never a chain of single ones."""

import duckdb
import pandas as pd
import pytest

from tnskit.evidence import rules
from tnskit.evidence.benign import READINGS
from tnskit.evidence.groups import CARDS, SEVERAL, components, grouped, holding_sql

STOLEN, COUPLE = CARDS


def pairs(text):
    rows = [tuple(map(int, word.split("-"))) for word in text.split()]
    return pd.DataFrame(rows, columns=["a", "b"], dtype="int64")


@pytest.mark.parametrize(
    ("sure", "weak", "found"),
    [
        ("", "", [0, 1, 2, 3, 4, 5]),
        ("0-1 1-2", "", [0, 0, 0, 3, 4, 5]),
        ("0-1 1-2 3-4 4-5", "0-3", [0, 0, 0, 3, 3, 3]),  # one weak link joins nothing
        ("0-1 1-2 3-4 4-5", "0-3 1-3 2-3", [0, 0, 0, 3, 3, 3]),  # three members, but one of the others
        ("0-1 1-2 3-4 4-5", "0-3 1-4 2-5", [0, 0, 0, 0, 0, 0]),
        ("0-1 1-2", "0-3 1-3 2-3", [0, 0, 0, 0, 4, 5]),  # a single account held by three
        ("0-1 1-2", "0-3 1-3", [0, 0, 0, 3, 4, 5]),
        ("0-1 2-3", "0-2 1-3 0-3 1-2", [0, 0, 2, 2, 4, 5]),  # two pairs are no group yet
        ("", "0-1 1-2 2-3 3-4 4-5", [0, 1, 2, 3, 4, 5]),  # a careful chain is not closed
    ],
)
def test_groups(sure, weak, found):
    assert grouped(pairs(sure), pairs(weak), 6).tolist() == found


def test_the_order_of_the_links_does_not_matter():
    sure, weak = pairs("0-1 1-2 3-4 4-5"), pairs("0-3 1-4 2-5")
    turned = weak.iloc[::-1].rename(columns={"a": "b", "b": "a"})
    assert grouped(sure.iloc[::-1], turned, 6).tolist() == grouped(sure, weak, 6).tolist()


@pytest.mark.parametrize(
    ("label", "thing", "benign", "likely", "held"),
    [
        ("likely", "PAYMENT", STOLEN, 0.3, False),  # whose card it is may be the victim
        ("likely", "PAYMENT", STOLEN, 0.2, True),
        ("strong", "PAYMENT", STOLEN, 0.3, False),  # however strong it is
        ("strong", "PAYMENT", STOLEN, 0.2, True),
        ("strong", "PAYMENT", STOLEN, 0.6, False),
        ("strong", "PAYMENT", COUPLE, 0.4, False),  # who lives with somebody pays with one card
        ("strong", "PAYMENT", COUPLE, 0.3, True),
        ("likely", "CONTACT+NETWORK", "shared line or box", 0.3, True),  # a line does not pass to strangers unseen
    ],
)
def test_a_card_alone_holds_only_what_is_hardly_innocent(label, thing, benign, likely, held):
    assert benign in {reading.name for reading in READINGS}
    assert bool(holding(label, f"CONDUCT+{thing}", likely, benign)) == held


@pytest.mark.parametrize(
    ("families", "likely", "sure"),
    [
        ("DEVICE+FACTS", 0.1, True),
        ("DEVICE+FACTS", 0.3, False),  # a couple's one computer
        ("PAYMENT", 0.1, False),
        ("CONTACT+NAME", 0.0, False),  # a firm's line
        ("CONDUCT+NETWORK+TIMING", 0.1, True),  # made for one purpose, at one time, at one home
        ("CONDUCT+NETWORK+TIMING", 0.3, False),  # or flatmates
        ("CONDUCT+NETWORK", 0.0, False),
        ("CONDUCT+TIMING", 0.0, False),
        ("FACTS+NAME+NETWORK+TIMING", 0.0, True),  # a name, a home network, and a removal the week before
        ("NAME+NETWORK", 0.0, False),
        ("NETWORK+TIMING", 0.0, False),
        ("CONDUCT+DEVICE+TIMING", 0.0, True),
        ("CONDUCT+CONTACT", 0.0, False),  # conduct is no second thing
    ],
)
def test_what_is_as_sure_as_a_strong_link(families, likely, sure):
    assert any(holding("likely", families, likely)) == sure


def test_a_thing_of_which_only_a_crumb_is_left_holds_nobody():
    assert any(holding("possible", "CONDUCT+DEVICE+FACTS+TIMING", 0.0))
    assert not any(holding("possible", "CONDUCT+DEVICE+FACTS+TIMING", 0.0, crumbs=True))


def holding(label, families, likely, benign="two people", crumbs=False):
    """Whether one pair of 9 points holds by itself, if it may hold a group at all."""
    known = pd.DataFrame({"a": [0], "b": [1], "score": [9.0], "label": [label], "families": [families], "benign": [benign],
                          "benign_score": [likely], "crumbs": [crumbs]})  # fmt: skip
    with duckdb.connect() as db:
        db.register("pair", known)
        return db.execute(*holding_sql("strong", rules.default(), reads_innocent=True)).df()["sure"].tolist()


def test_nobody_is_no_group():
    assert components(pairs(""), 0).tolist() == []
    assert SEVERAL >= 2
