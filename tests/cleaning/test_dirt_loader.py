"""What people decided before, and the rules of the loader: a named test for every dirt, and its innocent twin below it."""

import pandas as pd
import pytest

from tests.dirt import both, each, linked, loaded, many, people, score
from tnskit.cleaning.market import load
from tnskit.evidence.links import link

DAY = "2024-02-01T10:00:00Z"
PHONE = each("phones", {"phone_raw": "312 555 2368"})
CARD = each("instruments", {"fingerprint": "fp_77aa88", "processor": "stripe"})
STRONG = both(PHONE, CARD)


# suppressions


@pytest.mark.xfail(strict=True, reason="not built yet: the table 'suppressions' is read and never asked")
def test_a_value_that_people_marked_as_shared_links_nobody():
    assert (
        score(
            **both(
                PHONE,
                {
                    "suppressions": [
                        {
                            "kind": "phone",
                            "value_token": "+13125552368",
                            "why": "office",
                            "by": "ana",
                            "at": DAY,
                            "expires_at": "2030-01-01T00:00:00Z",
                        }
                    ]
                },
            )
        )
        == 0
    )


def test_a_value_whose_mark_has_expired_links():
    assert (
        score(
            **both(
                PHONE,
                {
                    "suppressions": [
                        {
                            "kind": "phone",
                            "value_token": "+13125552368",
                            "why": "office",
                            "by": "ana",
                            "at": "2023-01-01T00:00:00Z",
                            "expires_at": "2023-06-01T00:00:00Z",
                        }
                    ]
                },
            )
        )
        == 1
    )


# dissociations

APART = {"dissociations": [{"account_a": "B", "account_b": "A", "why": "met both", "by": "ana", "second_reviewer": "luis", "at": DAY}]}


def test_not_the_same_person_survives_the_next_run():
    assert [linked(**both(STRONG, APART)).pairs["label"].tolist() for _ in range(2)] == [["no reliable link"]] * 2


def test_without_that_decision_the_same_two_are_linked():
    assert score(**STRONG) == 2


# rules of the loader that no table owns


def test_times_without_a_zone_are_refused_and_with_one_are_read():
    frame = {"accounts": pd.DataFrame({"account_id": ["A"], "created_at": ["2024-07-01 12:00:00"]})}
    with pytest.raises(ValueError, match="1 times without a zone"):
        load(frame)
    assert load(frame, tz="America/Chicago").accounts["created_at"].astype(str).tolist() == ["2024-07-01 17:00:00+00:00"]


def created(*times, tz="UTC"):
    frame = pd.DataFrame({"account_id": [f"A{n}" for n in range(len(times))], "created_at": times})
    return str(load({"accounts": frame}, tz=tz).report)


def test_the_hour_that_the_clock_repeats_is_told():
    assert "twice" in created("2024-11-03 01:30:00", tz="America/Chicago")


def test_another_hour_of_that_day_is_not():
    assert "twice" not in created("2024-11-03 04:30:00", tz="America/Chicago")


@pytest.mark.xfail(strict=True, reason="not built yet: dates in the future are not told")
def test_a_date_in_the_future_is_told():
    assert "future" in created("2024-01-01T00:00:00Z", "2199-01-01T10:00:00Z")


def test_a_date_in_the_past_is_not():
    assert "future" not in created("2024-01-01T00:00:00Z", "2024-01-02T10:00:00Z")


@pytest.mark.xfail(strict=True, reason="not built yet: a spike at midnight is not told")
def test_a_spike_at_midnight_is_told():
    assert "midnight" in created(*(f"2024-01-{n + 1:02}T00:00:00Z" for n in range(28)))


def test_ordinary_hours_are_not():
    assert "midnight" not in created(*(f"2024-01-{n + 1:02}T{n % 24:02}:17:09Z" for n in range(28)))


def test_an_exact_repeat_is_dropped_and_told_and_another_row_is_kept():
    rows = pd.DataFrame({"account_id": ["A", "A", "A"], "phone_raw": ["312 555 2368", "312 555 2368", "312 555 9911"]})
    market = load({"accounts": pd.DataFrame({"account_id": ["A"]}), "phones": rows})
    assert market.rejected[["table", "row", "why"]].values.tolist() == [["phones", 2, "an exact repeat of row 1"]]


@pytest.mark.xfail(strict=True, reason="not built yet: hubs are judged by each rule's cut, not by half a percent of all accounts")
def test_a_value_of_more_than_half_a_percent_of_accounts_is_taken_for_a_default():
    names = many(400)
    links = linked(names, **each("payout_accounts", {"payout_token": "ba_77aa88"}, accounts="A B C0000"))
    assert links.pairs.empty


def test_a_value_of_two_among_few_accounts_is_not():
    assert score("A B C", **each("payout_accounts", {"payout_token": "ba_77aa88"})) == 1


def test_the_report_counts_rows_by_reason_and_has_a_digest_of_its_own():
    one, other = (loaded(**each("phones", {"phone_raw": raw})).report for raw in ("1.8E+10", "312 555 2368"))
    assert one.reasons[["table", "rows"]].values.tolist() == [["phones", 2]]
    assert other.reasons.empty
    assert one.sha256 != other.sha256
    assert len(one.sha256) == 64


@pytest.mark.xfail(strict=True, reason="not built yet: the load report has no null rates")
def test_the_report_tells_how_many_cells_of_a_column_are_empty():
    rows = [{"account_id": "A", "display_name": None}, {"account_id": "B", "display_name": None}, {"account_id": "C", "display_name": "Cy"}]
    assert "67" in str(loaded(rows).report)


@pytest.mark.xfail(strict=True, reason="not built yet: the load report names no values that many share")
def test_the_report_names_the_values_that_many_share_by_their_masks():
    assert "2368" in str(loaded(many(60), **each("phones", {"phone_raw": "312 555 2368"}, accounts=many(60))).report)


def test_what_a_notebook_shows_is_masked():
    links = linked(people("Ana Ruiz", "Pat Lee"), **STRONG)
    shown = f"{links!r}{links.evidence('A', 'B').to_csv()}{links.crowded.to_csv()}{links.market.report}"
    assert [raw for raw in ("312 555", "3125552368", "fp_77aa88", "Ana", "Ruiz") if raw in shown] == []
    assert "phone ••• •••-2368" in shown


def test_a_kind_that_nobody_knows_and_a_range_that_is_none_are_set_aside():
    market = loaded(
        identifiers=[{"account_id": "A", "kind": "shoe size", "value": "42aaaa"}], ip_ranges=[{"prefix": "12.0.0.0/33", "kind": "mobile"}]
    )
    assert market.rejected[["table", "column"]].values.tolist() == [["identifiers", "kind"], ["ip_ranges", "prefix"]]


def test_a_known_kind_and_a_range_are_read_and_the_range_wins():
    ranges = [{"prefix": "11.0.0.0/8", "kind": "mobile"}]
    links = link(loaded(identifiers=[{"account_id": n, "kind": "ip", "value": "11.2.3.4"} for n in "AB"], ip_ranges=ranges))
    assert links.crowded["why"].tolist() == ["shared by design: mobile"]
