"""The main job, end to end, on the committed sample market: from exports to who is linked, why, and what speaks against it."""

import re
from pathlib import Path

import pandas as pd
import pytest

import tnskit as tns
from tnskit.workbench.pages import check_page

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def market():
    return tns.load(ROOT / "sample_data/market")


@pytest.fixture(scope="module")
def links(market):
    return tns.link(market)


@pytest.fixture(scope="module")
def persons():
    """Who really holds each account."""
    return (
        pd.read_csv(ROOT / "sample_data/truth/accounts.csv", dtype=str).drop_duplicates("account_id").set_index("account_id")["person_id"]
    )


def test_rows_in_are_rows_kept_and_rows_rejected(market):
    table = market.report.tables
    assert (table["rows_in"] == table["kept"] + table["rejected"]).all()
    assert len(market.rejected[["table", "row"]].drop_duplicates()) == len(market.rejected) == table["rejected"].sum()
    for row in table.itertuples():
        written = pd.read_csv(ROOT / "sample_data/market" / row.file, dtype=str, keep_default_na=False)
        assert len(written) == row.rows_in


def test_every_account_is_in_one_cluster(market, links):
    found = links.clusters("strong")
    assert found["account_id"].tolist() == market.accounts["account_id"].tolist()
    assert set(found["cluster_id"]) <= set(found["account_id"])


def test_a_strong_link_that_is_not_likely_innocent_is_one_hand(links, persons):
    """One person, or two who run one guilty ring from the same devices; never an innocent."""
    pairs = links.pairs
    sure = pairs[(pairs["label"] == "strong") & (pairs["benign_score"] < 0.5)]
    truth = pd.read_csv(ROOT / "sample_data/truth/accounts.csv", dtype=str).set_index("account_id")
    rings = truth["cluster_id"].where(truth["part"] == "guilty")
    one = persons[sure["a"]].to_numpy() == persons[sure["b"]].to_numpy()
    ring = rings[sure["a"]].to_numpy() == rings[sure["b"]].to_numpy()
    assert len(sure) >= 20
    assert (one | ring).mean() >= 0.95


def test_the_stronger_the_label_the_surer(links, persons):
    pairs = links.pairs
    same = pd.Series(persons[pairs["a"]].to_numpy() == persons[pairs["b"]].to_numpy(), index=pairs.index)
    share = same.groupby(pairs["label"]).mean()
    assert share["strong"] > share["likely"] > share["no reliable link"]


@pytest.mark.parametrize("place", range(10))
def test_all_views_of_ten_pairs_agree(market, links, place, tmp_path):
    """Table, evidence, lookup, explanation, path, both graphs, export, check and its page tell one score and one label."""
    pairs = links.pairs.sort_values(["score", "a", "b"], ascending=[False, True, True])
    row = pairs[pairs["score"] > 0].iloc[place * 12]
    evidence, told = links.evidence(row["b"], row["a"]), tns.explain(links, row["a"], row["b"])
    near = tns.lookup(links, row["b"]).set_index("account_id").loc[row["a"]]
    edge = tns.graph(links, around=[row["a"], row["b"]], hops=0, label="no reliable link").edges[row["a"], row["b"]]
    saved = tns.export(links, tmp_path / "links.csv")
    exported = pd.read_csv(saved, dtype={"a": str, "b": str}).set_index(["a", "b"]).loc[(row["a"], row["b"])]
    scores = {
        row["score"],
        evidence["counted"].sum(),
        told.score,
        near["score"],
        edge["score"],
        exported["score"],
    }
    assert scores == {row["score"]}
    assert {row["label"], told.label, near["label"], edge["label"], exported["label"]} == {row["label"]}
    assert f"{row['label']}, {row['score']:g} points" in str(tns.path(links, row["a"], row["b"]))
    check = tns.precheck(market, links, row["a"])
    basis = tns.explain(links, check.account, check.basis.b)
    assert (check.basis.score, check.basis.label) == (basis.score, basis.label)
    assert f"the link to {basis.b}: {basis.label}, {basis.score:g} points" in check_page(check)


def test_nothing_raw_is_in_anything_a_person_sees(market, links, tmp_path):
    """Every phone, mailbox, network, token and street of the vault is looked for in every view of the strongest pairs."""
    raw = {value for (value,) in market.db.execute("SELECT DISTINCT raw FROM vault.value WHERE kind <> 'address'").fetchall()}
    raw |= {value for (value,) in market.db.execute("SELECT DISTINCT line1 FROM vault.addresses").fetchall()}
    strongest = links.pairs.nlargest(5, "score")
    seen = [
        repr(market),
        repr(links),
        str(market.report),
        market.rejected.to_csv(),
        links.crowded.to_csv(),
        tns.rings(links).to_csv(),
    ]
    for a, b in strongest[["a", "b"]].itertuples(index=False):
        check = tns.precheck(market, links, a)
        graph = tns.graph(links, around=a, hops=2, two_mode=True)
        seen += [
            links.evidence(a, b).to_csv(),
            str(tns.explain(links, a, b)),
            str(tns.path(links, a, b)),
            str(check),
            check_page(check),
        ]
        seen += [str(graph.nodes(data=True)), tns.timeline(market, [a, b]).to_csv()]
    text = "\n".join(seen)
    words = set(re.findall(r"[^\s,<>\"']{6,}", text))
    assert [value for value in raw if value and (value in words or (" " in value and value in text))] == []
