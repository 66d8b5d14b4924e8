import pandas as pd
import pytest

from tests.markets import PHONE, market
from tnskit.cleaning import survey
from tnskit.cleaning.market import load


def found(m, about):
    return [str(line) for line in m.report._found(look=True) + m.report._found(look=False) if about in line]


def told(m, about):
    some = m.report.findings
    return [f"{r.table}.{r.column}: {r.count} {r.says}" for r in some[some["about"] == about].itertuples()]


def many(size, **columns):
    return pd.DataFrame({"account_id": [f"A{n:05}" for n in range(size)], **columns})


@pytest.fixture(scope="module")
def crowd():
    """1,000 accounts: 30 share one phone, 8 another, 40 a carrier's network."""
    accounts = many(1_000, created_at="2024-01-01")
    phones = pd.DataFrame({"account_id": accounts["account_id"][:38], "phone_raw": ["312 555 2368"] * 30 + ["312 555 9911"] * 8})
    logins = pd.DataFrame({"account_id": accounts["account_id"][:40], "ip": "11.20.30.40", "at": "2024-02-01", "asn_kind": "mobile"})
    return load({"accounts": accounts, "phones": phones, "logins": logins})


def test_values_that_many_accounts_share_are_listed_masked(crowd):
    assert crowd.report.hubs.values.tolist() == [["ip", "mobile", "IP 11.20.30.•", 40, 0.04], ["phone", "", "phone ••• •••-2368", 30, 0.03]]


def test_what_nothing_explains_looks_like_a_default_until_somebody_says_otherwise(crowd):
    assert told(crowd, "default") == [
        "phone.: 1 value is shared by more than 0.5% of the 1,000 accounts (30 at most): a default until somebody who knows says otherwise; "
        "they are listed below with what is shown of them"
    ]  # fmt: skip


def test_a_family_of_a_small_market_is_no_default():
    accounts = many(999)
    m = load({"accounts": accounts, "phones": pd.DataFrame({"account_id": accounts["account_id"][:30], "phone_raw": PHONE})})
    assert m.report.hubs.empty
    assert told(m, "default") == []


def test_a_crowd_is_listed_in_a_market_of_any_size():
    accounts = many(51)
    m = load({"accounts": accounts, "phones": pd.DataFrame({"account_id": accounts["account_id"], "phone_raw": PHONE})})
    assert m.report.hubs["accounts"].tolist() == [51]


def test_moments_after_the_day_of_the_export_are_told_and_plans_are_not():
    accounts = [{"account_id": "A", "created_at": "2024-01-01", "exported_at": "2024-06-01T00:00:00Z"}]
    jobs = [
        {
            "job_id": "J",
            "customer_account_id": "A",
            "created_at": "2024-06-03",
            "scheduled_for": "2025-01-01",
            "completed_at": "2024-06-02T10:00:00Z",
        }
    ]
    assert told(market(accounts, jobs=jobs), "future") == [
        "jobs.created_at: 1 moment lies after the export was made (1 June 2024), first in row 1"
    ]


def days(size, odd):
    return pd.concat(
        [pd.Series(pd.date_range("2023-01-01", periods=size, freq="8h").strftime("%Y-%m-%dT%H:%M:%SZ")), pd.Series(odd)], ignore_index=True
    )


def test_without_its_own_day_the_bulk_of_the_export_tells_where_it_ends():
    at = days(2_000, ["2031-01-01T00:00:07Z"])
    logins = pd.DataFrame({"account_id": "A00000", "login_id": range(len(at)), "at": at})
    m = load({"accounts": many(1), "logins": logins})
    assert told(m, "future") == ["logins.at: 1 moment lies after the export seems to end (28 November 2024), first in row 2,001"]


def test_moments_before_the_market_began_are_told():
    at = days(2_000, ["2001-01-01T00:00:07Z", "1989-01-01T00:00:07Z"])
    m = load({"accounts": many(len(at), created_at=at)})
    assert told(m, "launch") == [
        "accounts.created_at: 2 moments lie before the market seems to begin (1 December 2022), first in row 2,001"
    ]


def test_an_honest_export_has_neither():
    m = load({"accounts": many(3_000, created_at=days(3_000, [])[:3_000])})
    assert told(m, "future") + told(m, "launch") == []


def test_a_single_moment_is_neither_late_nor_early():
    m = market([{"account_id": "A", "created_at": "2024-01-01"}, {"account_id": "B", "created_at": "2030-01-01"}])
    assert told(m, "future") + told(m, "launch") == []


def test_nothing_is_older_than_the_web():
    m = market([{"account_id": "A", "created_at": "1989-01-01"}, {"account_id": "B", "created_at": "2024-01-01"}])
    assert told(m, "launch") == ["accounts.created_at: 1 moment lies before the market seems to begin (1 January 1995), first in row 1"]


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([("A", "B"), ("B", None)], []), ([("A", "A")], []), ([("A", None)], []),
        ([("A", "B"), ("B", "C"), ("C", None)], ["accounts.merged_into: 1 account was merged over more than one step, 2 at most"]),
        ([("A", "B"), ("B", "A"), ("C", "A")], ["accounts.merged_into: 3 accounts were merged in a circle; none of them was resolved"]),
        ([("A", "Z"), ("B", None)], ["accounts.merged_into: 1 account was merged into one that the export does not have"]),
        ([(f"A{n:03}", f"A{n + 1:03}") for n in range(200)], ["accounts.merged_into: 1 account was merged into one that the export does not have",
                                                             "accounts.merged_into: 198 accounts were merged over more than one step, 199 at most"]),
    ],
)  # fmt: skip
def test_chains_and_circles_of_merges_are_counted(pairs, says):
    assert told(market([{"account_id": a, "merged_into": b} for a, b in pairs]), "merged") == says


def long_ids(step, start=123_456_789_012_345_678):
    return [str(start + n * step) for n in range(40)]


@pytest.mark.parametrize(
    ("ids", "looks"),
    [
        (long_ids(7_919), False), (long_ids(1), False),
        ([str(int(float(one))) for one in long_ids(7_919)], "a number with decimals"), ([one[:15] + "000" for one in long_ids(1_000_003)], "a spreadsheet"),
        ([str(n << 22) for n in range(30_000_000_000, 30_000_000_040)], False),  # a snowflake: a time, and 22 bits that are mostly zero
        ([str(int(float(one))) for one in long_ids(7_919)][:10], False), ([f"{n}" for n in range(1000, 2000)], False), (["1000000000000000" + str(n) for n in range(10, 50)], False),
    ],
)  # fmt: skip
def test_long_ids_that_look_rounded_are_told_and_honest_ones_are_not(ids, looks):
    says = told(load({"accounts": pd.DataFrame({"account_id": ids})}), "id")
    if looks:
        assert len(says) == 1
        assert f"long ids look rounded by {looks}" in says[0]
    else:
        assert says == []


def test_ids_with_decimals_that_were_mended_are_told():
    m = load({"accounts": pd.DataFrame({"account_id": ["1.0", "2.0", "A3"]})})
    assert told(m, "id") == [
        "accounts.account_id: 2 ids came as numbers with decimals (.0 was removed); export ids as text, before they lose digits"
    ]


def test_an_empty_market_has_nothing_to_tell():
    m = load({"accounts": pd.DataFrame({"account_id": []})})
    assert m.report.findings.empty
    assert m.report.hubs.empty
    assert m.report.columns.values.tolist() == [["accounts", "account_id", 0, 0, 0.0]]


def test_what_a_hub_is_does_not_differ_from_what_a_link_sets_aside():
    assert survey.MANY == 50
