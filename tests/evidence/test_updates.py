import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tnskit.cleaning import hashes, longtable
from tnskit.cleaning.hashes import between, merged, near
from tnskit.errors import UnknownAccountError, UsageError
from tnskit.evidence import tableupdates
from tnskit.evidence.tablelinks import link_table

DAY = st.sampled_from([None, *pd.date_range("2024-01-01", periods=5, freq="40D")])
ROW = st.tuples(
    st.sampled_from("ABCDEFGHé"),
    st.sampled_from(["card", "phone", "ip", "device", "odd"]),
    st.sampled_from(["v1x", "v2x", "v3x"]),
    DAY,
    DAY,
)


def table(rows):
    frame = pd.DataFrame(rows, columns=["account_id", "kind", "value", "first_seen", "last_seen"])
    for name in ("first_seen", "last_seen"):
        frame[name] = pd.to_datetime(frame[name])
    frame["last_seen"] = frame[["first_seen", "last_seen"]].max(axis=1)
    return frame


def same(one, two):
    pd.testing.assert_frame_equal(one.pairs, two.pairs)
    pd.testing.assert_frame_equal(one.crowded, two.crowded)
    for a, b in one.pairs[["a", "b"]].itertuples(index=False):
        pd.testing.assert_frame_equal(one.evidence(a, b), two.evidence(a, b))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(ROW, max_size=30),
    st.lists(ROW, max_size=12),
    st.lists(ROW, max_size=12),
    st.sets(st.sampled_from("ABC"), max_size=1),
    st.integers(2, 6),
)
def test_updates_equal_linking_all_again(before, day, wrong, erased, most):
    links = link_table(table(before), most=most).update(table(day))
    same(links, link_table(table(before + day), most=most))
    links = links.update(removed=table(wrong), erased=erased)
    gone = {row[:3] for row in wrong}
    kept = [row for row in before + day if row[:3] not in gone and row[0] not in erased]
    same(links, link_table(table(kept), most=most))
    same(links.update(table(before)), link_table(table(kept + before), most=most))


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=30), st.lists(ROW, max_size=12), st.lists(ROW, max_size=6), st.sampled_from([0, 1, 3]), st.integers(1, 40))
def test_updates_of_a_file_that_is_read_again_are_right_even_where_hashes_meet(tmp_path_factory, before, day, later, bits, batch):
    folder = tmp_path_factory.mktemp("x")
    types = dict.fromkeys(("account_id", "kind", "value"), pl.String) | dict.fromkeys(("first_seen", "last_seen"), pl.Datetime)
    for name, rows in (("day-0", before[:11]), ("day-1", before[11:])):
        cells = [(*row[:4], max(filter(None, row[3:]), default=None)) for row in rows]
        pl.DataFrame(cells, schema=types, orient="row").write_parquet(folder / f"{name}.parquet", row_group_size=3)

    def met(column, real=longtable.hash_of):
        """Few upper bits, and two lower ones, which count only where reading costs."""
        return ((real(column) % 2**bits) * 2 ** (64 - bits) if bits else real(column) * 0) + real(column) // 256 % 4

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(longtable, "hash_of", met)
        links = link_table(folder / "day-*.parquet", most=3, batch=batch).update(table(day))
        same(links, link_table(table(before + day), most=3))
        same(links.update(table(later)), link_table(table(before + day + later), most=3))
        gone = {row[:3] for row in day}
        links = links.update(table(later), removed=table(day))
        same(links, link_table(table([row for row in before if row[:3] not in gone] + later), most=3))


def by_hand(frame, most):
    """Score and count as a reader of the rule table would, with a loop."""
    from tnskit.evidence import rules

    found: dict[tuple[str, str], dict[str, float]] = {}
    table_ = rules.default()
    for (kind, _), group in frame.groupby(["kind", "value"]):
        rule = table_.pick(kind, "", "unknown")
        spans = group.groupby("account_id").agg(first=("first_seen", "min"), last=("last_seen", "max"))
        n = len(spans)
        if rule is None or n < 2 or n > min(most, 5 * rule.cut):
            continue
        rarity = 1 if n <= rule.cut else 0.5 if n <= 2 * rule.cut else 0.25
        for a in spans.index:
            for b in spans.index[spans.index > a]:
                gap = (max(spans["first"][a], spans["first"][b]) - min(spans["last"][a], spans["last"][b])).days
                share = next(share for days, share in table_.recency if gap <= days) if gap <= rule.days or not rule.days else 0
                best = found.setdefault((a, b), {})
                best[rule.family] = max(best.get(rule.family, 0), rule.points * rarity * (share if rule.days else 1))
    return {pair: sum(best.values()) for pair, best in found.items()}


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW.filter(lambda row: row[3] is not None), max_size=40), st.integers(2, 6))
def test_scores_are_what_the_rule_table_says(rows, most):
    frame = table(rows)
    pairs = link_table(frame, most=most).pairs
    assert {(r.a, r.b): r.score for r in pairs.itertuples()} == pytest.approx(by_hand(frame, most))


@pytest.mark.parametrize("bits", [0, 1, 62])
def test_accounts_whose_hashes_meet_keep_their_codes(monkeypatch, bits):
    monkeypatch.setattr(tableupdates, "hash_of", lambda column: pl.col(column).hash(1) // 2 ** (63 - bits) * 2 ** (63 - bits))
    code, names = tableupdates.numbered(pl.Series([*"CAZBY"]), pl.Series([*"ABC", None, *"DE"]))
    assert code.tolist() == [2, 0, 6, 1, 7]
    assert names.to_list() == [*"ABC", None, *"DEZY"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=30), st.lists(st.integers(0, 40), max_size=8), st.integers(0, 5))
def test_numbers_between_bounds_are_found_where_they_lie(numbers, least, width):
    some, bounds = np.sort(np.array(numbers, dtype=np.int64)), np.array(least, dtype=np.int64)
    assert between(some, bounds, bounds + width).tolist() == [
        place for bound in least for place, number in enumerate(some.tolist()) if bound <= number <= bound + width
    ]
    assert merged(some, np.sort(bounds)).tolist() == sorted(numbers + least)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=20), st.lists(st.integers(0, 9), max_size=5))
def test_hashes_that_are_near_are_found_slice_by_slice(known, wanted):
    """Numbers that differ below the upper 22 bits are near."""
    some, bounds = (np.array(numbers, dtype=np.uint64) << np.uint64(41) for numbers in (known, wanted))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashes, "SLICE", 3)
        assert near(some, bounds).tolist() == [n for n, one in enumerate(known) if one // 2 in {other // 2 for other in wanted}]


def test_an_erased_account_leaves_nothing_behind():
    frame = table([(n, "card", "fp_77aa88", None, None) for n in "ABC"])
    links = link_table(frame).update(erased=["B"])
    assert links.pairs[["a", "b"]].values.tolist() == [["A", "C"]]
    assert "B" not in links.table.accounts().to_list() + links.names.to_list() + links.first.rows.accounts().to_list()
    assert links.update(erased=["A", "C"]).pairs.empty


def test_masks_and_errors_hold_no_value():
    links = link_table(table([(n, "card", "fp_77aa88", None, None) for n in "AB"]))
    assert links.evidence("A", "B")["shown"].tolist() == ["card …a88"]
    assert "fp_77" not in repr(links) + links.evidence("A", "B").to_csv()
    with pytest.raises(UnknownAccountError, match="account 'Z' shares nothing"):
        links.evidence("A", "Z")
    with pytest.raises(UsageError, match="most=1"):
        link_table(table([]), most=1)


def test_a_table_read_in_slices_gives_the_same(tmp_path):
    rng = np.random.default_rng(3)
    rows = [
        (f"A{a}", k, f"v{v}x", None, None)
        for a, k, v in zip(rng.integers(0, 60, 300), rng.choice(["card", "ip"], 300), rng.integers(0, 80, 300), strict=True)
    ]
    file = tmp_path / "rows.parquet"
    pl.DataFrame(rows, schema=["account_id", "kind", "value", "first_seen", "last_seen"], orient="row").write_parquet(file)
    sliced, whole = link_table(file, batch=37), link_table(file)
    same(sliced, whole)
    same(sliced.update(table(rows[:5]), erased=["A1"]), whole.update(table(rows[:5]), erased=["A1"]))


@pytest.mark.parametrize("batch", [5, 1_000])
def test_a_day_does_not_read_again_what_was_read_at_first(tmp_path, batch):
    file = tmp_path / "rows.parquet"
    alone = [(f"P{n}", "phone", f"v{n}", None, None) for n in range(6)]
    mixed = [("A", "card", "x1", None, None), ("B", "card", "x1", None, None), ("C", "card", "x2", None, None)]
    again = [("A", "card", "x1", pd.Timestamp("2024-03-01"), None), ("D", "card", "x3", None, None), ("D", "card", "x3", None, None)]
    before, day = alone + mixed + again, [("E", "card", value, pd.Timestamp("2024-02-01"), None) for value in ("x1", "x2", "x3")]
    pl.from_pandas(table(before)).write_parquet(file, row_group_size=6)
    links = link_table(file, batch=batch)
    held = links.first.rows.accounts().to_list()
    assert "C" in held or batch > len(before)
    erased = links.update(erased=["C"])
    assert "C" not in erased.first.rows.accounts().to_list()
    same(erased.update(table(day)), link_table(table([row for row in before if row[0] != "C"] + day)))
    file.unlink()
    updated = links.update(table(day))
    same(updated, link_table(table(before + day)))
    # What was held stays held where all is put in one piece.
    assert updated.later is None
    same(updated.update(table(day[1:])), link_table(table(before + day + day[1:])))


def test_rows_that_share_nothing_are_not_held_where_they_are_many(tmp_path):
    rows = [(f"P{n}", "phone", f"v{n}", None, None) for n in range(40)] + [(n, "card", "x1", None, None) for n in "AB"]
    order = np.random.default_rng(1).permutation(len(rows))
    frame, day = table([rows[n] for n in order]), table([("E", "phone", f"v{n}", None, None) for n in range(3)])
    pl.from_pandas(frame).write_parquet(tmp_path / "rows.parquet", row_group_size=30)
    links = link_table(tmp_path / "rows.parquet", batch=5)
    assert sorted(links.first.rows.accounts()) == ["A", "B"]
    same(links.update(day), link_table(pd.concat([frame, day], ignore_index=True)))
