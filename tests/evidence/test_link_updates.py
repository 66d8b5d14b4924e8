import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tnskit as tns
from tests.markets import CARD, CARD2, PHONE, market, seen
from tnskit.errors import UsageError
from tnskit.evidence.links import Links, link

NAMES = "ABCDE"
DAY = st.dates(pd.Timestamp("2024-01-01").date(), pd.Timestamp("2024-03-01").date()).map(str)
SIGHTING = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from(NAMES),
        "kind": st.sampled_from(["card", "phone", "device"]),
        "value": st.sampled_from([CARD, CARD2, PHONE, "0312 555-2368", "dv_7aa88", "555-2368"]),
        "first_seen": DAY,
    }
)
REPORT = st.fixed_dictionaries(
    {
        "report_id": st.sampled_from("123456"), "reporter_account_id": st.sampled_from(NAMES), "subject_account_id": st.sampled_from(NAMES),
        "received_at": DAY,
    }
)  # fmt: skip
PEOPLE = [{"account_id": name, "created_at": f"2024-01-0{n + 1}", "legal_name": "Ana Ruiz"} for n, name in enumerate(NAMES)]


def told(links: Links) -> list[pd.DataFrame]:
    """All that links say, so that two can be compared whole."""
    pairs = links.pairs
    every = [links.evidence(a, b) for a, b in pairs[["a", "b"]].itertuples(index=False)]
    return [pairs, links.crowded, links.clusters(), links.clusters("possible"), tns.rings(links).astype(str), links.market.accounts, *every]


def same(one: Links, two: Links) -> None:
    for ours, theirs in zip(told(one), told(two), strict=True):
        pd.testing.assert_frame_equal(ours, theirs)


def once(rows):
    return [dict(row) for row in dict.fromkeys(tuple(row.items()) for row in rows)]


@settings(max_examples=5, deadline=None)
@given(
    st.lists(SIGHTING, min_size=1, max_size=9),
    st.lists(SIGHTING, min_size=1, max_size=4),
    st.lists(REPORT, min_size=1, max_size=3),
    st.sampled_from(NAMES),
)
def test_an_update_equals_linking_all_again(before, day, reports, gone):
    people = PEOPLE[:4]
    links = link(market(people, identifiers=once(before), reports=once(reports)))
    grown = links.update({"identifiers": pd.DataFrame(once(day)), "accounts": pd.DataFrame(PEOPLE[4:])})
    rows = once(before + day)
    same(grown, link(market(PEOPLE, identifiers=rows, reports=once(reports))))
    wrong = rows[0]
    kept = [row for row in rows if row != wrong]
    if not kept:
        return
    mended = grown.update(removed={"identifiers": pd.DataFrame([wrong])})
    same(mended, link(market(PEOPLE, identifiers=kept, reports=once(reports))))
    left = [row for row in kept if row["account_id"] != gone]
    told_ = [row for row in once(reports) if row["subject_account_id"] != gone]
    told_ = [row | {"reporter_account_id": None} if row["reporter_account_id"] == gone else row for row in told_]
    others = [row for row in PEOPLE if row["account_id"] != gone]
    if left and told_:
        same(mended.update(erased=[gone]), link(market(others, identifiers=left, reports=told_)))


def test_an_erased_account_is_nowhere_any_more():
    people = [{"account_id": "A"}, {"account_id": "B", "referrer_account_id": "A"}]
    logins = [{"account_id": n, "at": "2024-01-01T10:00:00Z", "device_id": f"dv_{n}77aa88", "ip": "11.20.30.40"} for n in "AB"]
    devices = [{"device_id": f"dv_{n}77aa88", "kind": "app"} for n in "AB"]
    links = link(market(people, identifiers=seen(f"A card {CARD}", f"B card {CARD}"), logins=logins, devices=devices))
    assert len(links.pairs) == 1
    links = links.update(erased=["A"])
    assert links.pairs.empty
    assert links.market.accounts["account_id"].tolist() == ["B"]
    db, found = links.market.db, []
    for schema, name in db.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database()"
    ).fetchall():
        frame = db.execute(f'SELECT * FROM "{schema}"."{name}"').df()
        found += [f"{schema}.{name}" for cell in frame.astype(str).to_numpy().ravel() if str(cell) == "A" or "dv_A7" in str(cell)]
    assert found == []


def test_of_a_row_about_two_what_is_the_others_stays():
    jobs = [{"job_id": "J1", "customer_account_id": "A", "pro_account_id": "B", "created_at": "2024-01-01", "completed_at": "2024-01-02"}]
    said = [("R1", "A", "B"), ("R2", "B", "A")]
    reviews = [
        {"review_id": n, "author_account_id": a, "subject_account_id": b, "body": f"words of {a}", "created_at": "2024-01-03"}
        for n, a, b in said
    ]
    links = link(market("A B", jobs=jobs, reviews=reviews)).update(erased=["A"])
    assert links.market.table("jobs")[["customer_account_id", "pro_account_id"]].values.tolist() == [["[erased]", "B"]]
    kept = links.market.db.execute("SELECT review_id, author_account_id, body FROM vault.reviews").fetchall()
    assert kept == [("R1", None, None)]
    links = links.update(erased=["B"])
    assert links.market.table("jobs").empty
    assert links.market.table("reviews").empty


def test_a_new_row_of_an_account_takes_the_place_of_the_old_one():
    links = link(market("A B", identifiers=seen(f"A card {CARD}", f"B card {CARD}")))
    links = links.update({"accounts": pd.DataFrame([{"account_id": "A", "status": "removed"}])})
    assert links.market.accounts["status"].tolist() == ["removed", ""]
    assert len(links.pairs) == 1


def test_a_row_of_an_unknown_account_counts_once_the_account_comes():
    links = link(market("A", identifiers=seen(f"A card {CARD}"), phones=[{"account_id": n, "phone_raw": PHONE} for n in "AB"]))
    assert "an account that the accounts table does not have" in set(links.market.rejected["why"])
    links = links.update({"accounts": pd.DataFrame([{"account_id": "B"}])})
    assert links.pairs[["a", "b"]].values.tolist() == [["A", "B"]]
    assert links.market.rejected.empty


def test_a_day_of_one_table_needs_no_accounts():
    links = link(market("A B", identifiers=seen("A phone 312_555_2368")))
    day = {"phones": pd.DataFrame([{"account_id": "B", "phone_raw": PHONE, "first_seen": "2024-02-01"}])}
    grown = links.update(day)
    assert grown.pairs[["a", "b"]].values.tolist() == [["A", "B"]]
    assert grown.market.report.tables["table"].tolist() == ["accounts", "identifiers", "phones"]
    # The same day twice changes nothing.
    pd.testing.assert_frame_equal(grown.update(day).evidence("A", "B"), grown.evidence("A", "B"))
    assert links.pairs.empty


def test_a_day_and_an_opened_folder_cannot_be_updated(tmp_path):
    links = link(market("A B", identifiers=seen(f"A card {CARD} 2024-01-01", f"B card {CARD} 2024-01-01")))
    with pytest.raises(UsageError, match="known on a day"):
        link(links.market, as_of="2024-02-01").update(erased=["A"])
    with pytest.raises(UsageError, match="opened from a folder"):
        tns.open(links.save(tmp_path / "x")).update(erased=["A"])


def test_links_as_of_a_day_can_follow_an_update():
    links = link(market("A B", identifiers=seen(f"A card {CARD} 2024-01-01", f"B card {CARD} 2024-01-01")))
    links = links.update({"identifiers": pd.DataFrame(seen(f"C card {CARD} 2024-03-01")), "accounts": pd.DataFrame([{"account_id": "C"}])})
    assert len(links.pairs) == 3
    assert len(link(links.market, as_of="2024-02-01").pairs) == 1
