"""Groups of accounts that hang together, ranked, with the weakest bridge of each named."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd

from tnskit.evidence.arrays import connected
from tnskit.evidence.calibrate import likely
from tnskit.evidence.groups import INNOCENT
from tnskit.evidence.links import Links
from tnskit.findings.explain import labels_from


def rings(links: Links, *, label: str = "strong", smallest: int = 2) -> pd.DataFrame:
    """Give the groups whose members are linked at a label or above and are not more likely different people.

    A ring is a reading of the evidence, not a verdict; whether anybody broke a rule is another question.

    Args:
        links: What `link` gave.
        label: Links weaker than this hold no ring together.
        smallest: Leave out groups with fewer accounts.

    Returns:
        DataFrame, highest score first: `ring_id`, `accounts` (list), `size`, `score` (mean points of the links that hold it
        together), `label` (of its weakest bridge; below the one asked for where several weak links join two groups), `bridge` (the
        weakest link without which it falls apart, in words), `benign` (the most likely innocent reading inside it), `benign_score`,
        `beside` (list: accounts linked to a member as strongly, but more likely another person: probable bystanders), `chance` (how
        likely its weakest bridge holds, 0 to 1; NaN for links of a long table, see `Explanation.likely`), `harm` (disputed
        payments, reports of danger, praise without a job and sanctions of its members, counted), `since` and `until` (text, UTC:
        the days its first and last member were opened). Certainty and harm are two orders: sort by the one you need. The id is the
        first account's, so it stays from run to run while that account is in it.

    Raises:
        UsageError: No such label.
    """
    groups = links.clusters(label)
    sizes = groups.groupby("cluster_id")["account_id"].transform("size")
    members = groups[sizes >= smallest]
    pairs = _pairs(links, labels_from("possible"))
    inside = dict(zip(members["account_id"], members["cluster_id"], strict=True))
    pairs["ring"], pairs["ring_b"] = pairs["a"].map(inside), pairs["b"].map(inside)
    held = pairs[(pairs["ring"] == pairs["ring_b"]) & (pairs["benign_score"] < INNOCENT)]
    found = _held_together(held, links)
    if not links.reads_innocent:
        found["chance"] = math.nan
    named = members.sort_values("account_id").groupby("cluster_id")["account_id"].agg(list).reindex(found.index)
    beside = _beside(pairs[(pairs["benign_score"] >= INNOCENT) & pairs["label"].isin(labels_from(label))]).reindex(found.index)
    found = found.assign(
        ring_id="R-" + found.index.astype(str), accounts=named, size=members.groupby("cluster_id").size(),
        beside=beside.where(beside.notna(), pd.Series([[] for _ in beside], index=beside.index, dtype=object)),
    )[["ring_id", "accounts", "size", "score", "label", "bridge", "benign", "benign_score", "beside", "chance"]]  # fmt: skip
    return _harmed(links, found).sort_values(["score", "size", "ring_id"], ascending=[False, False, True], ignore_index=True)


def _pairs(links: Links, wanted: list[str]) -> pd.DataFrame:
    return links.engine.run(
        "SELECT x.account_id AS a, y.account_id AS b, score, label, benign, benign_score FROM pair "
        "JOIN main.people x ON x.code = pair.a JOIN main.people y ON y.code = pair.b "
        "WHERE list_contains(?, label) ORDER BY pair.a, pair.b",
        [wanted],
    )


def _beside(pairs: pd.DataFrame) -> pd.Series:
    """Accounts that hang on a ring by a link that is more likely innocent: ring to a sorted list."""
    ends = [pairs[names].set_axis(["ring", "other", "own"], axis="columns") for names in (["ring", "b", "ring_b"], ["ring_b", "a", "ring"])]
    both = pd.concat(ends, ignore_index=True)
    hangs = both[both["ring"].notna() & (both["ring"] != both["own"])].drop_duplicates(["ring", "other"])
    return hangs.sort_values(["ring", "other"]).groupby("ring")["other"].agg(list)


def _harmed(links: Links, found: pd.DataFrame) -> pd.DataFrame:
    """Add what the members did, counted, and when they came."""
    members = found[["ring_id", "accounts"]].explode("accounts").rename(columns={"accounts": "account_id"})
    done = links.engine.run(
        "WITH disputes AS (SELECT payer_id AS id, count(*) AS many FROM public.payments WHERE kind = 'chargeback' GROUP BY ALL), "
        "danger AS (SELECT subject_account_id AS id, count(*) AS many FROM public.reports WHERE safety_flag GROUP BY ALL) "
        "SELECT p.account_id, life.unhired + life.breached::BIGINT + coalesce(d.many, 0) + coalesce(s.many, 0) AS harm, "
        "coalesce(strftime(life.born, '%Y-%m-%d'), '') AS born "
        "FROM main.people p JOIN life ON life.account = p.survivor LEFT JOIN disputes d ON d.id = p.account_id "
        "LEFT JOIN danger s ON s.id = p.account_id"
    )
    by_ring = members.merge(done, on="account_id", how="left").groupby("ring_id")
    told = by_ring.agg(harm=("harm", "sum"), since=("born", "min"), until=("born", "max")).astype({"harm": "int64"})
    return found.merge(told.reset_index(), on="ring_id", how="left")


def _held_together(held: pd.DataFrame, links: Links) -> pd.DataFrame:
    """Describe each ring by its maximum spanning tree: the links that hold it together, and the weakest of them.

    Returns:
        DataFrame by `ring`: `score`, `label`, `bridge`, `benign`, `benign_score`, `chance`.
    """
    best = held.sort_values(["benign_score", "a", "b"], ascending=[False, True, True]).groupby("ring").first()
    forest = nx.maximum_spanning_edges(nx.from_pandas_edgelist(held, "a", "b", ["score", "label", "benign_score", "ring"]), weight="score")
    edges = [(*sorted((a, b)), *told.values()) for a, b, told in forest]
    tree = pd.DataFrame(edges, columns=["a", "b", "score", "label", "benign_score", "ring"])
    tree = tree.sort_values(["score", "a", "b"]).astype({"score": "float64", "benign_score": "float64"})
    weakest = tree.groupby("ring").first().reindex(best.index)
    points = [f"{score:g} points" for score in weakest["score"]]
    return pd.DataFrame({
        "score": tree.groupby("ring")["score"].mean().round(2), "label": weakest["label"],
        "bridge": weakest["a"] + " – " + weakest["b"] + " (" + points + _split(tree, held, weakest),
        "benign": best["benign"], "benign_score": best["benign_score"].astype("float64"),
        "chance": likely(links, weakest).round(4),
    })  # fmt: skip


def _split(tree: pd.DataFrame, held: pd.DataFrame, weakest: pd.DataFrame) -> pd.Series:
    """Say what falls apart without each weakest link, and how many others hold the same two parts together."""
    names = pd.Index(pd.unique(pd.concat([tree["a"], tree["b"]])))
    rest = tree[tree.duplicated("ring")]
    part = connected(names.get_indexer(rest["a"]), names.get_indexer(rest["b"]), len(names))
    apart = held["ring"][part[names.get_indexer(held["a"])] != part[names.get_indexer(held["b"])]]
    across = apart.groupby(apart).size().reindex(weakest.index)
    left = np.bincount(part, minlength=len(names))[part[names.get_indexer(weakest["a"])]]
    right = np.bincount(part, minlength=len(names))[part[names.get_indexer(weakest["b"])]]
    return pd.Series([
        ")" if one == other == 1
        else f"{f', one of {links:,} links between them' if links > 1 else ''}); without {'them' if links > 1 else 'it'} {one} | {other}"
        for links, one, other in zip(across, left, right, strict=True)
    ], index=weakest.index, dtype=str)  # fmt: skip
