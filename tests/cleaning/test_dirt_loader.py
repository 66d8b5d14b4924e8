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


def marked(at, expires_at):
    """The number that both have, marked by people as one that many share."""
    row = {"kind": "phone", "value_token": "+13125552368", "why": "office", "by": "ana", "at": at, "expires_at": expires_at}
    return both(PHONE, {"suppressions": [row]})


def test_a_value_that_people_marked_as_shared_links_nobody():
    assert score(**marked(DAY, "2030-01-01T00:00:00Z")) == 0


def test_a_value_whose_mark_has_expired_links():
    assert score(**marked("2023-01-01T00:00:00Z", "2023-06-01T00:00:00Z")) == 1


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


def test_a_date_in_the_future_is_told():
    assert "1 moment lies after the export seems to end" in created("2024-01-01T00:00:00Z", "2199-01-01T10:00:00Z")
    some = [f"2024-01-{day:02}T09:17:00Z" for day in range(1, 20)]
    assert "1 moment lies after the export seems to end" in created(*some, "2042-01-20T09:17:00Z")


def test_a_date_in_the_past_is_not():
    assert "seems to end" not in created("2024-01-01T00:00:00Z", "2024-01-02T10:00:00Z")
    assert "seems to end" not in created("2010-05-01T00:00:00Z", "2024-01-02T10:00:00Z")
    some = [f"2024-01-{day:02}T09:17:00Z" for day in range(1, 20)]
    assert "seems to end" not in created(*some, "2024-09-20T09:17:00Z")


def test_a_spike_at_midnight_is_told():
    assert "28 of 28 times are exactly 00:00:00" in created(*(f"2024-01-{n + 1:02}T00:00:00Z" for n in range(28)))


def test_ordinary_hours_are_not():
    assert "00:00:00" not in created(*(f"2024-01-{n + 1:02}T{n % 24:02}:17:09Z" for n in range(28)))


def test_an_exact_repeat_is_dropped_and_told_and_another_row_is_kept():
    rows = pd.DataFrame({"account_id": ["A", "A", "A"], "phone_raw": ["312 555 2368", "312 555 2368", "312 555 9911"]})
    market = load({"accounts": pd.DataFrame({"account_id": ["A"]}), "phones": rows})
    assert market.rejected[["table", "row", "why"]].values.tolist() == [["phones", 2, "an exact repeat of row 1"]]


def default(size):
    """Twenty accounts of so many have one bank account."""
    return linked(many(size), **each("payout_accounts", {"payout_token": "ba_77aa88"}, accounts=many(20)))


def test_a_value_of_more_than_half_a_percent_of_accounts_is_taken_for_a_default():
    links = default(1_000)
    assert links.pairs.empty
    assert links.crowded["why"].tolist() == ["seen with 20 accounts, so large a part of the market that it looks like a default"]


def test_a_value_of_less_or_of_two_among_few_accounts_is_not():
    assert len(default(4_001).pairs) == 190
    assert score("A B C", **each("payout_accounts", {"payout_token": "ba_77aa88"})) == 1


def test_the_report_counts_rows_by_reason_and_has_a_digest_of_its_own():
    one, other = (loaded(**each("phones", {"phone_raw": raw})).report for raw in ("1.8E+10", "312 555 2368"))
    assert one.reasons[["table", "rows"]].values.tolist() == [["phones", 2]]
    assert other.reasons.empty
    assert one.sha256 != other.sha256
    assert len(one.sha256) == 64


def test_the_report_tells_how_many_cells_of_a_column_are_empty():
    rows = [{"account_id": "A", "display_name": None}, {"account_id": "B", "display_name": None}, {"account_id": "C", "display_name": "Cy"}]
    assert "accounts: empty cells in display_name 67%" in str(loaded(rows).report)


def test_the_report_names_the_values_that_many_share_by_their_masks():
    text = str(loaded(many(60), **each("phones", {"phone_raw": "312 555 2368"}, accounts=many(60))).report)
    assert "phone ••• •••-2368 is shared by 60 accounts (100.0%)" in text


def test_a_value_of_two_is_not_named():
    assert "shared by" not in str(loaded(many(60), **each("phones", {"phone_raw": "312 555 2368"})).report)


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
