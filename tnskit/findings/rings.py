"""Groups of accounts that hang together, ranked, with the weakest bridge of each named."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.evidence.links import INNOCENT, Links
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
        together), `label` (of its weakest bridge), `bridge` (the weakest link without which it falls apart, in words),
        `benign` (the most likely innocent reading inside it), `benign_score`, `beside` (list: accounts linked to a member as
        strongly, but more likely another person).

    Raises:
        UsageError: No such label.
    """
    groups = links.clusters(label)
    sizes = groups.groupby("cluster_id")["account_id"].transform("size")
    members = groups[sizes >= smallest]
    pairs = _pairs(links, labels_from(label))
    inside = dict(zip(members["account_id"], members["cluster_id"], strict=True))
    pairs["ring"], pairs["ring_b"] = pairs["a"].map(inside), pairs["b"].map(inside)
    held = pairs[(pairs["ring"] == pairs["ring_b"]) & (pairs["benign_score"] < INNOCENT)]
    beside = _beside(pairs[pairs["benign_score"] >= INNOCENT])
    by_ring = dict(list(held.groupby("ring", sort=True)))
    found_rows = [
        _row(str(name), sorted(group["account_id"]), by_ring[name], beside.get(str(name), []))
        for name, group in members.groupby("cluster_id", sort=True)
        if name in by_ring
    ]
    columns = ["ring_id", "accounts", "size", "score", "label", "bridge", "benign", "benign_score", "beside"]
    found = pd.DataFrame(found_rows, columns=columns)
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


def _row(name: str, accounts: list[str], held: pd.DataFrame, beside: list[str]) -> tuple[object, ...]:
    """Describe one ring by its maximum spanning tree: the links that hold it together, and the weakest of them."""
    tree = nx.maximum_spanning_tree(nx.from_pandas_edgelist(held, "a", "b", ["score", "label"]), weight="score")
    edges = sorted(tree.edges(data=True), key=lambda edge: (edge[2]["score"], sorted(edge[:2])))
    a, b, weakest = edges[0]
    a, b = sorted((str(a), str(b)))
    likely = held.sort_values(["benign_score", "a", "b"], ascending=[False, True, True]).iloc[0]
    bridge = f"{a} – {b} ({weakest['score']:g} points)" + _split(tree, a, b)
    score = sum(edge[2]["score"] for edge in edges) / len(edges)
    return (
        f"R-{name}", accounts, len(accounts), round(score, 2), weakest["label"], bridge, likely["benign"],
        float(likely["benign_score"]), beside,
    )  # fmt: skip


def _split(tree: nx.Graph[str], a: str, b: str) -> str:
    if len(tree) == 2:
        return ""
    cut = nx.restricted_view(tree, [], [(a, b)])
    left = len(nx.node_connected_component(cut, a))
    return f"; without it {left} | {len(tree) - left}"
