"""Groups of accounts that hang together, ranked, with the weakest bridge of each named."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.evidence.calibrate import probability
from tnskit.evidence.links import INNOCENT, Links
from tnskit.evidence.rules import Rules
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
        weakest link without which it falls apart, in words),
        `benign` (the most likely innocent reading inside it), `benign_score`, `beside` (list: accounts linked to a member as
        strongly, but more likely another person: probable bystanders), `chance` (how likely its weakest bridge holds, 0 to 1), `harm`
        (disputed payments, reports of danger, praise without a job and sanctions of its members, counted), `since` and `until`
        (text, UTC: the days its first and last member were opened). Certainty and harm are two orders: sort by the one you need. The id
        is the first account's, so it stays from run to run while that account is in it.

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
    beside = _beside(pairs[(pairs["benign_score"] >= INNOCENT) & pairs["label"].isin(labels_from(label))])
    by_ring = dict(list(held.groupby("ring", sort=True)))
    found_rows = [
        _row(str(name), sorted(group["account_id"]), by_ring[name], beside.get(str(name), []), links.rules)
        for name, group in members.groupby("cluster_id", sort=True)
        if name in by_ring
    ]
    columns = ["ring_id", "accounts", "size", "score", "label", "bridge", "benign", "benign_score", "beside", "chance"]
    found = _harmed(links, pd.DataFrame(found_rows, columns=columns))
    return found.sort_values(["score", "size", "ring_id"], ascending=[False, False, True], ignore_index=True)


def _pairs(links: Links, wanted: list[str]) -> pd.DataFrame:
    return links.engine.run(
        "SELECT x.account_id AS a, y.account_id AS b, score, label, benign, benign_score FROM pair "
        "JOIN main.people x ON x.code = pair.a JOIN main.people y ON y.code = pair.b "
        "WHERE list_contains(?, label) ORDER BY pair.a, pair.b",
        [wanted],
    )


def _beside(pairs: pd.DataFrame) -> dict[str, list[str]]:
    """Accounts that hang on a ring by a link that is more likely innocent."""
    found: dict[str, set[str]] = {}
    for row in rows(pairs):
        for ring, other, own in ((row.ring, row.b, row.ring_b), (row.ring_b, row.a, row.ring)):
            if isinstance(ring, str) and own != ring:
                found.setdefault(ring, set()).add(other)
    return {ring: sorted(others) for ring, others in found.items()}


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


def _row(name: str, accounts: list[str], held: pd.DataFrame, beside: list[str], rules: Rules) -> tuple[object, ...]:
    """Describe one ring by its maximum spanning tree: the links that hold it together, and the weakest of them."""
    edges_held = nx.from_pandas_edgelist(held, "a", "b", ["score", "label", "benign_score"])
    tree = nx.maximum_spanning_tree(edges_held, weight="score")
    edges = sorted(tree.edges(data=True), key=lambda edge: (edge[2]["score"], sorted(edge[:2])))
    a, b, weakest = edges[0]
    a, b = sorted((str(a), str(b)))
    likely = held.sort_values(["benign_score", "a", "b"], ascending=[False, True, True]).iloc[0]
    bridge = f"{a} – {b} ({weakest['score']:g} points" + _split(tree, held, a, b)
    score = sum(edge[2]["score"] for edge in edges) / len(edges)
    return (
        f"R-{name}", accounts, len(accounts), round(score, 2), weakest["label"], bridge, likely["benign"],
        float(likely["benign_score"]), beside, round(float(probability(rules, pd.DataFrame([weakest]))[0]), 4),
    )  # fmt: skip


def _split(tree: nx.Graph[str], held: pd.DataFrame, a: str, b: str) -> str:
    """Say what falls apart without the weakest link, and how many others hold the same two parts together."""
    if len(tree) == 2:
        return ")"
    left = nx.node_connected_component(nx.restricted_view(tree, [], [(a, b)]), a)
    across = int((held["a"].isin(left) != held["b"].isin(left)).sum())
    others = f", one of {across:,} links between them" if across > 1 else ""
    return f"{others}); without {'them' if across > 1 else 'it'} {len(left)} | {len(tree) - len(left)}"
