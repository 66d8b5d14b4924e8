import pandas as pd
import pytest

import tnskit as tns
from tests.markets import CARD, linked, market, seen
from tnskit.errors import UsageError
from tnskit.evidence.links import link

LINES = ("A card {c} 2024-01-01 2024-08-01", "B card {c} 2024-05-01 2024-09-01", "C card {c} 2024-07-01 2024-07-02", "C device dv_7aa88 2024-07-01",
         "A device dv_7aa88 2024-02-01")  # fmt: skip
ROWS = [line.format(c=CARD) for line in LINES]
PEOPLE = [
    {"account_id": n, "created_at": day, "legal_name": "Ana Ruiz"}
    for n, day in (("A", "2024-01-01"), ("B", "2024-04-01"), ("C", "2024-06-30"))
]
ACTIONS = [{"action_id": "1", "account_id": "A", "action": "remove", "decided_at": "2024-05-20", "reversed_at": "2024-06-20"}]
REPORTS = [{"report_id": "1", "reporter_account_id": "A", "subject_account_id": "B", "received_at": "2024-06-01"}]


@pytest.fixture
def whole():
    return market(PEOPLE, identifiers=seen(*ROWS), actions=ACTIONS, reports=REPORTS)


@pytest.mark.parametrize(
    ("day", "accounts", "pairs"),
    [
        ("2023-12-31", [], []),
        ("2024-04-30", ["A", "B"], []),
        ("2024-05-01", ["A", "B"], ["AB"]),
        ("2024-06-30", ["A", "B", "C"], ["AB"]),
        ("2024-07-01", ["A", "B", "C"], ["AB", "AC", "BC"]),
    ],
)
def test_only_what_was_known_then_is_seen(whole, day, accounts, pairs):
    links = link(whole, as_of=day)
    assert links.clusters()["account_id"].tolist() == accounts
    assert (links.pairs["a"] + links.pairs["b"]).tolist() == pairs
    last = links.engine.run("SELECT max(last_at) AS t FROM main.seen")["t"].iloc[0]
    assert pd.isna(last) or last < pd.Timestamp(day) + pd.Timedelta(days=1)


def test_as_of_equals_an_export_of_that_day(whole):
    rows = seen(f"A card {CARD} 2024-01-01 2024-06-10", f"B card {CARD} 2024-05-01 2024-06-10", "A device dv_7aa88 2024-02-01")
    rows[0]["last_seen"] = rows[1]["last_seen"] = "2024-06-10T23:59:59.999999"
    actions = [{key: value for key, value in ACTIONS[0].items() if key != "reversed_at"}]
    then = link(market(PEOPLE[:2], identifiers=rows, actions=actions, reports=REPORTS))
    now = link(whole, as_of="2024-06-10")
    pd.testing.assert_frame_equal(now.pairs, then.pairs)
    pd.testing.assert_frame_equal(now.evidence("A", "B"), then.evidence("A", "B"))
    assert "reported" in set(now.evidence("A", "B")["rule"])


def test_a_later_report_and_a_later_reversal_are_not_known_yet(whole):
    early = link(whole, as_of="2024-05-25")
    assert "reported" not in set(early.evidence("A", "B")["rule"])
    assert early.engine.run("SELECT reversed_at FROM public.actions")["reversed_at"].isna().all()
    assert early.settings["as_of"] == "2024-05-25 23:59:59.999999"


def test_the_market_itself_and_its_links_stay_as_they_are(whole):
    before = link(whole).pairs
    early = link(whole, as_of="2024-05-25")
    pd.testing.assert_frame_equal(link(whole).pairs, before)
    assert tns.lookup(early, "A")["account_id"].tolist() == ["B"]
    assert len(link(whole, as_of="2030-01-01").pairs) == len(before)


def test_an_as_of_that_is_no_date_is_told(whole):
    with pytest.raises(UsageError, match="as_of='soon' is not a date"):
        link(whole, as_of="soon")
    with pytest.raises(UsageError, match="as_of='NaT' is not a date"):
        link(whole, as_of=pd.NaT)


def test_an_erased_account_stays_erased_on_every_day():
    people = [{"account_id": "A"}, {"account_id": "B", "erased_at": "2024-08-01"}]
    links = link(market(people, identifiers=seen(*ROWS[:2])), as_of="2024-06-01")
    assert links.pairs.empty


def test_rows_without_a_date_count_as_known():
    links = linked("A B", f"A card {CARD}", f"B card {CARD}")
    pd.testing.assert_frame_equal(link(links.market, as_of="2000-01-01").pairs, links.pairs)
