import time

import networkx as nx
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.markets import linked
from tnskit.cleaning import hashes, longtable, sharing
from tnskit.cleaning.hashes import order_by_hash
from tnskit.errors import SourceError, TableError, UsageError
from tnskit.evidence.arrays import connected, spread, starts_of
from tnskit.evidence.components import components
from tnskit.evidence.tablelinks import link_table

ROWS = st.lists(st.tuples(st.sampled_from([*"ABCDEFGHIJ", "é", None]), st.sampled_from(["card", "ip", None]), st.sampled_from(["1", "2", "3", "4", "5", None])), max_size=40)  # fmt: skip


def written(folder, rows):
    file = folder / "rows.parquet"
    pl.DataFrame(rows, schema={"account_id": pl.String, "kind": pl.String, "value": pl.String}, orient="row").write_parquet(file)
    return file


def by_hand(rows, most):
    """What a graph of accounts and values says."""
    held: dict[tuple[str, str], set[str]] = {}
    for account, kind, value in rows:
        if account and kind and value:
            held.setdefault((kind, value), set()).add(account)
    graph = nx.Graph()
    for accounts in held.values():
        if 2 <= len(accounts) <= most:
            nx.add_path(graph, accounts)
    return {frozenset(group) for group in nx.connected_components(graph)}


def groups(found):
    return {frozenset(group) for _, group in found.groupby("cluster_id")["account_id"]}


@settings(max_examples=80, deadline=None)
@given(ROWS, st.integers(2, 5), st.sampled_from([1, 7, 1_000]))
def test_components_are_those_of_the_graph(tmp_path_factory, rows, most, batch):
    found = components(written(tmp_path_factory.mktemp("x"), rows), most=most, batch=batch)
    assert groups(found) == by_hand(rows, most)
    assert not found["account_id"].duplicated().any()
    assert list(dict.fromkeys(found["cluster_id"])) == list(range(found["cluster_id"].nunique()))


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from([0, 1, 3]), st.sampled_from([1, 3, 1_000]), st.sampled_from([5, 1_000]))
def test_hashes_that_meet_are_resolved_letter_by_letter(tmp_path_factory, rows, bits, looked_at, batch):
    file = written(tmp_path_factory.mktemp("x"), rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "_SAMPLE", looked_at)
        patch.setattr(hashes, "SLICE", 3)
        patch.setattr(longtable, "SLICE", 2)
        # Only the lowest bits of each hash are told apart, and moved to where a hash is looked at; two more stand where only a table
        # that is read twice looks.
        patch.setattr(
            longtable,
            "hash_of",
            lambda column, real=longtable.hash_of: (
                ((real(column) % 2**bits) * 2 ** (64 - bits) if bits else real(column) * 0) + real(column) // 256 % 4
            ),
        )
        found = components(file, most=4, batch=batch)
    assert groups(found) == by_hand(rows, 4)


@pytest.mark.parametrize("batch", [1, 3, 10, 40, 1_000])
@pytest.mark.parametrize("group", [1, 7, 64, 500])
def test_row_groups_of_any_size_give_the_same_components(tmp_path, monkeypatch, group, batch):
    rows = [(f"A{n % 31}", ("phone", "card")[n % 2], f"v{n * n % 97}") for n in range(300)]
    table = pd.DataFrame(rows, columns=["account_id", "kind", "value"])
    # in two files, as an export by day has them
    for day, part in enumerate((table[:170], table[170:])):
        pl.DataFrame(part.to_dict("list")).write_parquet(tmp_path / f"day-{day}.parquet", row_group_size=group)
    monkeypatch.setattr(longtable, "_STEP", 20)
    assert longtable.read_long(tmp_path / "day-*.parquet", batch=batch).ends[-1:] == ((300,) if batch < 300 else ())
    assert groups(components(tmp_path / "day-*.parquet", most=9, batch=batch)) == by_hand(rows, 9)


def test_a_market_gives_its_components_too():
    links = linked(
        "A B C D E", "A card fp_77aa88", "B card fp_77aa88", "C phone 312_555_2368", "D phone (312)_555-2368", "E card fp_99bb77"
    )
    assert components(links.market).values.tolist() == [["A", 0], ["B", 0], ["C", 1], ["D", 1]]


def test_wrong_files_and_figures_are_told(tmp_path):
    file = tmp_path / "rows.parquet"
    with pytest.raises(SourceError, match=r"'rows.parquet' is not there or not a Parquet file"):
        components(file)
    file.write_text("account_id,kind,value")
    with pytest.raises(SourceError, match="not a Parquet file"):
        components(file)
    pl.DataFrame({"account": ["A"], "kind": ["card"], "value": ["x"]}).write_parquet(file)
    with pytest.raises(TableError, match=r"'rows.parquet' lacks the column 'account_id'; it has 'account', 'kind', 'value'"):
        components(file)
    with pytest.raises(UsageError, match="most=1"):
        components(file, most=1)


@pytest.mark.parametrize("work", [components, lambda file: link_table(file).pairs])
def test_a_value_of_very_many_accounts_costs_no_pairs(tmp_path, work):
    size = 300_000
    rows = pl.DataFrame({"account_id": [f"A{n}" for n in range(size)], "kind": "ip", "value": "11.2.3.4"})
    rows.write_parquet(tmp_path / "rows.parquet")
    start = time.process_time()
    assert len(work(tmp_path / "rows.parquet")) == 0
    # 45 billion pairs would take hours; a linear pass takes half a second.
    assert time.process_time() - start < 10


def test_a_large_part_of_one_table_is_crowded_by_its_accounts_and_not_by_its_rows(tmp_path):
    # "home" stands in most rows of two accounts, "bus" in many rows of many; nobody else may go with either
    rows = [(f"A{n % 2}", "ip", "home") for n in range(400)] + [(f"B{n}", "ip", "bus") for n in range(300)]
    rows += [("A0", "card", "bus"), ("C", "card", "bus"), (None, "ip", "home"), ("D", "ip", None), ("E", "ip", None)]
    assert groups(components(written(tmp_path, rows), most=50)) == {frozenset({"A0", "A1", "C"})}


def test_numbers_are_read_as_text_and_the_order_of_rows_does_not_matter(tmp_path):
    file = tmp_path / "rows.parquet"
    frame = pd.DataFrame({"account_id": [7, 8, 9, 7], "kind": "card", "value": [1, 1, 2, 2]})
    pl.DataFrame(dict(frame.items())).write_parquet(file)
    first = groups(components(file))
    pl.DataFrame(dict(frame[::-1].items())).write_parquet(file)
    assert first == groups(components(file)) == {frozenset({"7", "8", "9"})}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_connected_gives_the_lowest_node_of_each_component(edges):
    graph = nx.empty_graph(31)
    graph.add_edges_from(edges)
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    expected = {node: min(group) for group in nx.connected_components(graph) for node in group}
    assert connected(ends[:, 0], ends[:, 1], 31).tolist() == [expected[node] for node in range(31)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1), max_size=50), st.lists(st.integers(0, 4), max_size=20))
def test_rows_are_ordered_and_groups_spread(hashes, codes):
    hashed = np.array(hashes + hashes[:3], dtype=np.uint64)
    order, fresh = order_by_hash(hashed.copy())
    assert sorted(order.tolist()) == list(range(len(hashed)))
    runs = np.cumsum(fresh)
    for value in set(hashes):
        assert len(set(runs[hashed[order] == np.uint64(value)])) == 1
    starts = starts_of(np.sort(codes).astype(np.int64), 5)
    assert spread(starts, np.array([3, 1])).tolist() == [n for code in (3, 1) for n in range(starts[code], starts[code + 1])]


def test_a_long_table_can_be_saved_and_asked_like_any_links(tmp_path):
    import tnskit as tns
    from tnskit.evidence.tablestore import as_links

    frame = pd.DataFrame(
        {"account_id": ["A", "B", "C"], "kind": "card", "value": ["fp_77aa88", "fp_77aa88", "x"], "seen_at": pd.Timestamp("2024-01-01")}
    )
    links = tns.open(as_links(link_table(frame)).save(tmp_path / "links"))
    assert tns.lookup(links, "A")["account_id"].tolist() == ["B"]
    assert links.evidence("A", "B")["shown"].tolist() == ["card …a88"]
    assert tns.lookup(links, "C").empty


def test_a_long_table_tells_no_probability_for_it_makes_no_innocent_reading(tmp_path):
    """A household's phone and address are no group of one person, and nobody is 99 % sure, only because nobody looked for a household."""
    import tnskit as tns
    from tnskit.evidence.tablestore import as_links
    from tnskit.workbench.explorer_answers import why

    values = {"phone": "312-555-2368", "address": "9 Oak St", "card": "fp_77aa88", "payout": "ba_99ff00"}
    rows = [(account, kind, values[kind]) for a, b, kinds in (("A", "B", ("phone", "address")), ("C", "D", ("card", "payout", "phone")))
            for account in (a, b) for kind in kinds]  # fmt: skip
    rows = [(account, kind, value + a_or_c(account)) for account, kind, value in rows]
    frame = pd.DataFrame(rows, columns=["account_id", "kind", "value"]).assign(seen_at=pd.Timestamp("2024-01-01"))
    links = tns.open(as_links(link_table(frame)).save(tmp_path / "links"))
    weak, strong = tns.explain(links, "A", "B"), tns.explain(links, "C", "D")
    assert (weak.label, strong.label) == ("possible", "strong")
    assert np.isnan([weak.likely, strong.likely]).all()
    assert "No innocent reading was looked for" in str(weak)
    assert not any("%" in str(part) for part in why(weak))
    groups = links.clusters("strong").set_index("account_id")["cluster_id"]
    assert (groups["A"] == groups["B"], groups["C"] == groups["D"]) == (False, True)
    assert tns.rings(links, smallest=2)["chance"].isna().all()


def a_or_c(account):
    return "1" if account in "AB" else "2"


def test_what_is_saved_is_the_same_whatever_the_hashes_were_seeded_with(tmp_path, monkeypatch):
    from tnskit.evidence.tablestore import as_links

    rng = np.random.default_rng(3)
    rows = pd.DataFrame({"account_id": rng.integers(0, 90, 400), "kind": rng.choice(["card", "phone", "ip"], 400), "value": rng.integers(0, 120, 400)})  # fmt: skip
    frame = rows.astype(str).assign(value=rows["value"].astype(str) + "000", seen_at=pd.Timestamp("2024-01-01"))
    kept = []
    for seed in (1, 2):
        monkeypatch.setattr(longtable, "_SEED", seed)
        folder = as_links(link_table(frame)).save(tmp_path / str(seed))
        kept.append({file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()})
    assert len(kept[0]) > 10
    assert [name for name in kept[0] if kept[0][name] != kept[1][name]] == []
