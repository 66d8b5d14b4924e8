"""A public table that nobody here made: it loads, links and explains, and the manual's figures are what comes out."""

import re
from pathlib import Path

import pandas as pd
import pytest

import tnskit as tns
from tnskit.evidence.rules import LABELS

DOCS = Path(__file__).parents[1] / "docs"

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def sites(real_data):
    """The links, and for each row the site that it really is."""
    market = tns.load(real_data, mapping=DOCS / "real-data.toml")
    truth = pd.read_csv(real_data, dtype=str).set_index("Id")["True Id"]
    return market, tns.link(market), truth


def told(name):
    """The rows of a table of the manual's page, below the line that names it."""
    part = (DOCS / "real-data.md").read_text().split(f"<!-- {name} -->")[1].split("\n\n")[1]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines()[2:]]


def test_rows_in_are_rows_kept_and_rows_set_aside(sites):
    report = sites[0].report.tables
    assert (report["rows_in"] == report["kept"] + report["rejected"]).all()
    rows = [[str(v) for v in (r.table, f"{r.rows_in:,}", f"{r.kept:,}", f"{r.rejected:,}")] for r in report.itertuples()]
    assert rows == told("rows")


def test_precision_and_recall_at_each_label_are_as_the_manual_says(sites):
    _, links, truth = sites
    found = links.pairs
    same = truth.loc[found["a"]].to_numpy() == truth.loc[found["b"]].to_numpy()
    sizes = truth.groupby(truth).size()
    every = int((sizes * (sizes - 1) // 2).sum())
    rows = []
    for place in range(len(LABELS) - 1, -1, -1):
        here = found["label"].isin(LABELS[place:]).to_numpy()
        right = int((same & here).sum())
        precision = f"{right / here.sum():.3f}" if here.any() else "none"
        rows.append([LABELS[place], f"{here.sum():,}", precision, f"{right / every:.3f}"])
    assert rows == told("labels")


def test_what_each_combination_of_families_is_worth_is_as_the_manual_says(sites):
    _, links, truth = sites
    found = links.pairs
    found["same"] = truth.loc[found["a"]].to_numpy() == truth.loc[found["b"]].to_numpy()
    table = found.groupby("families")["same"].agg(["size", "mean"]).sort_values("size", ascending=False)
    assert [[name.replace("+", " + "), f"{r['size']:,.0f}", f"{r['mean']:.3f}"] for name, r in table.iterrows()] == told("families")


def test_the_groups_are_as_good_as_the_manual_says(sites):
    market, links, truth = sites
    rows = []
    for label in ("strong", "likely", "possible"):
        found = pd.DataFrame({"group": links.clusters(label).set_index("account_id")["cluster_id"], "site": truth})
        cells = found.groupby(["group", "site"]).size()
        by_group, by_site = found.groupby("group").size(), found.groupby("site").size()
        right, made, true = ((sizes * (sizes - 1) // 2).sum() for sizes in (cells, by_group, by_site))
        squares = cells**2
        precision = (squares / by_group.reindex(cells.index, level="group")).sum() / len(market)
        recall = (squares / by_site.reindex(cells.index, level="site")).sum() / len(market)
        pair_f1, cubed_f1 = 2 * right / (made + true), 2 * precision * recall / (precision + recall)
        rows.append([label, *(f"{x:.3f}" for x in (right / made, right / true, pair_f1, cubed_f1)), f"{by_group.max()}"])
        if label == "strong":
            assert (pair_f1 >= 0.85, cubed_f1 >= 0.91) == (True, True)
    assert rows == told("groups")


def test_the_page_s_example_is_what_the_tool_says_and_shows_no_raw_number(sites, real_data):
    page = (DOCS / "real-data.md").read_text()
    a, b = re.search(r'tns.explain\(links, "(\d+)", "(\d+)"\)', page).groups()
    assert str(tns.explain(sites[1], a, b)) in page
    phones = set(pd.read_csv(real_data, dtype=str)["Phone"].dropna())
    assert [phone for phone in phones if phone in page] == []


def test_it_can_be_looked_up_drawn_and_exported(sites, tmp_path):
    market, links, _ = sites
    account = links.pairs.sort_values("score").iloc[-1]["a"]
    graph = tns.graph(links, around=account, hops=2)
    assert len(tns.lookup(links, account)) >= 1
    assert tns.draw(graph).figure is not None
    assert tns.export(graph, tmp_path / "sites.graphml").stat().st_size > 0
    assert tns.precheck(market, links, account).verdict == "stop"
