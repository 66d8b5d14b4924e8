"""What if an identifier or an account were not there: which links fall, and what falls apart."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import networkx as nx
import pandas as pd

from tnskit.errors import UsageError
from tnskit.evidence.links import Links
from tnskit.evidence.rules import LABELS
from tnskit.findings import whatif
from tnskit.findings.explain import labels_from

GONE = "gone"
"""The label of a link one of whose ends is taken away."""


@dataclass(frozen=True, eq=False)
class Apart:
    """What is left of a graph when something is taken away in thought.

    Attributes:
        without: What was taken away.
        changed: DataFrame `a`, `b`, `was` (label), `label`, `was_score`, `score`: every link that is not what it was.
        before: Groups of accounts that hung together, the largest first.
        after: The same, with it taken away.
        label: Links weaker than this hold nothing together.
    """

    without: tuple[str, ...]
    changed: pd.DataFrame = field(repr=False)
    before: tuple[tuple[str, ...], ...] = field(repr=False)
    after: tuple[tuple[str, ...], ...] = field(repr=False)
    label: str = "possible"

    @property
    def broken(self) -> tuple[tuple[str, ...], ...]:
        """The groups of before that fall apart."""
        kept = {frozenset(group) for group in self.after}
        gone = set(self.without)
        return tuple(group for group in self.before if frozenset(group) - gone not in kept and len(set(group) - gone) > 1)

    def __str__(self) -> str:
        head = f"Without {', '.join(self.without)}"
        if self.changed.empty:
            return f"{head}: no link in this picture changes."
        falls = int((self.changed["was"].isin(labels_from(self.label)) & ~self.changed["label"].isin(labels_from(self.label))).sum())
        many = len(self.changed)
        lines = [f"{head}: {many:,} link{'s change' if many != 1 else ' changes'}, {falls:,} of them below '{self.label}' then."]
        for group in self.broken:
            parts = [part for part in self.after if set(part) <= set(group)]
            lines.append(f"{len(group):,} accounts that hung together fall into {len(parts):,}: " + " | ".join(map(_named, parts)))
        if not self.broken:
            lines.append("No group falls apart: what hung together still does.")
        return "\n".join(lines)


def _named(part: tuple[str, ...]) -> str:
    return ", ".join(part[:4]) + (f" and {len(part) - 4:,} more" if len(part) > 4 else "")


def apart(links: Links, graph: nx.Graph[str], without: Collection[str], *, label: str = "possible") -> Apart:
    """Take identifiers (as they are shown) or accounts out of a graph in thought, and say what is left.

    Args:
        links: What the graph was made from.
        graph: What `graph` gives: account to account, with the evidence on every edge.
        without: Accounts of the graph, and identifiers as they are shown.
        label: Links weaker than this hold nothing together.

    Returns:
        Apart. Scores are what linking adds up without the pieces; the next best of a family counts where the best is gone.

    Raises:
        UsageError: Nothing in the graph is called like that, or no such label.
    """
    wanted, bare = labels_from(label), whatif.is_bare(links.kinds)
    told = {(a, b): json.loads(data["evidence"]) for a, b, data in graph.edges(data=True) if "evidence" in data}
    known = {piece["shown"] for pieces in told.values() for piece in pieces if piece["shown"]}
    if strange := [name for name in without if name not in graph and name not in known]:
        raise UsageError(f"'{strange[0][:40]}' is neither an account nor an identifier of this graph; names are as they are shown")
    people = {name for name in without if name in graph}
    values = {name for name in without if name not in people}
    rows: list[dict[str, Any]] = []
    for (a, b), pieces in told.items():
        if (new := _new(a, b, pieces, people, values, links, bare)) is not None:
            data = graph.edges[a, b]
            rows.append({"a": a, "b": b, "was": data["label"], "label": new[1], "was_score": data["score"], "score": new[0]})
    changed = pd.DataFrame(rows, columns=["a", "b", "was", "label", "was_score", "score"])
    lost = {(row["a"], row["b"]) for row in rows if row["label"] not in wanted}
    held = [(a, b) for a, b, data in graph.edges(data=True) if data.get("label") in wanted]
    names = [name for name, data in graph.nodes(data=True) if data.get("type") == "account"]
    before = _groups(names, held)
    after = _groups([name for name in names if name not in people], [pair for pair in held if pair not in lost])
    return Apart(tuple(without), changed, before, after, label)


def _new(
    a: str, b: str, pieces: list[dict[str, Any]], people: set[str], values: set[str], links: Links, bare: bool
) -> tuple[float, str] | None:
    """Score and label of one link without what is taken away; None where nothing changes."""
    if a in people or b in people:
        return 0.0, GONE
    if not any(piece["shown"] in values for piece in pieces):
        return None
    rest = whatif.left(pieces, values)
    score, label = whatif.label_of_records(rest, links.rules, bare=bare)
    return (round(score, 2), label) if rest else (0.0, LABELS[0])


def _groups(names: list[str], pairs: list[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    made: nx.Graph[str] = nx.Graph()
    made.add_nodes_from(names)
    made.add_edges_from(pairs)
    groups = [tuple(sorted(part)) for part in nx.connected_components(made) if len(part)]
    return tuple(sorted(groups, key=lambda group: (-len(group), group)))
