"""What an explorer shows: what was opened, folded, hidden and filtered, as one plain value that undo can go back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tnskit.errors import UsageError
from tnskit.evidence.links import Links
from tnskit.evidence.rules import LABELS
from tnskit.findings.explain import labels_from
from tnskit.workbench.theme import MARKS

STEP = 25
"""Neighbours that one opening brings in, the strongest first. Assumption: as many as a person reads at once."""
MOST = 2_000
"""Accounts drawn one by one; beyond that, groups are folded. Measured: what a browser without a graphics card still moves smoothly."""


@dataclass(frozen=True)
class View:
    """What is asked for; everything in the picture follows from it and from the links.

    Attributes:
        accounts: What is asked about; empty for the strongest links of the market.
        opened: Account to how many of its strongest neighbours are shown.
        two_mode: Whether the identifiers stand between the accounts.
        label: Links of this label or above.
        kinds: Only what is shared by these kinds; None for all.
        since: Only what was used on this day or later, such as "2025-03-01"; "" for all.
        until: Only what was used on this day or before.
        hidden: Names that are not shown.
        pinned: Name to the place where it was put.
        without: Names taken away in thought.
        unfolded: Groups that were opened, by their first account.
    """

    accounts: tuple[str, ...]
    opened: Mapping[str, int] = field(default_factory=dict)
    two_mode: bool = False
    label: str = "possible"
    kinds: tuple[str, ...] | None = None
    since: str = ""
    until: str = ""
    hidden: tuple[str, ...] = ()
    pinned: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    unfolded: tuple[str, ...] = ()

    def checked(self) -> View:
        """Give the view if it can be shown.

        Raises:
            UsageError: No such label, kind or day.
        """
        labels_from(self.label)
        if self.label == LABELS[0]:
            raise UsageError(f"links without a reliable label are not drawn; the labels are {', '.join(LABELS[1:])}")
        if wrong := [kind for kind in self.kinds or () if kind not in MARKS or kind == "account"]:
            raise UsageError(f"'{wrong[0][:20]}' is not a kind; they are {', '.join(list(MARKS)[1:])}")
        for day in (self.since, self.until):
            if day and pd.isna(pd.to_datetime(day, format="%Y-%m-%d", errors="coerce")):
                raise UsageError(f"'{day[:20]}' is not a day; write it like 2025-03-01")
        return self


@dataclass(frozen=True, eq=False)
class Members:
    """Which accounts are in the picture.

    Attributes:
        shown: Code to distance from what is asked about (-1 without such), in the order in which they came in.
        of: Accounts that there are within what was opened.
        linked: Code to how many accounts it is linked to, in the picture or not.
        inside: Code to how many of those are in the picture, folded ones included.
        folded: First account of a group to the codes in it.
    """

    shown: dict[int, int]
    of: int
    linked: dict[int, int] = field(repr=False)
    inside: dict[int, int] = field(repr=False)
    folded: dict[str, list[int]] = field(repr=False)


def members(links: Links, view: View, most: int) -> Members:
    """Follow a view into the links: whom it shows, and how many there are.

    Raises:
        UnknownAccountError: The market does not have an account.
    """
    wanted = labels_from(view.label)
    if view.accounts:
        shown, every = _opened(links, view, wanted)
    else:
        shown = dict.fromkeys(_strongest(links, wanted, 10 * most), -1)
        for code, far in _opened(links, view, wanted)[0].items():
            shown.setdefault(code, -1 if far >= 0 else far)
        every = set(shown)
    codes = np.fromiter(shown, dtype=np.int64)
    x, y, _ = links.index.reach(codes, wanted)
    within = np.isin(y, codes)
    linked = {int(code): int(count) for code, count in zip(*np.unique(x, return_counts=True), strict=True)}
    inside = {int(code): int(count) for code, count in zip(*np.unique(x[within], return_counts=True), strict=True)}
    folded = _folded(links, view, shown, most) if len(shown) > most else {}
    away = {code for group in folded.values() for code in group}
    kept = [code for code in shown if code not in away][:most]
    return Members({code: shown[code] for code in kept}, len(every), linked, inside, folded)


def _opened(links: Links, view: View, wanted: list[str]) -> tuple[dict[int, int], set[int]]:
    """What was opened, in order, and everything that there is within it."""
    shown = {links.code(name): 0 for name in view.accounts}
    every = set(shown)
    for name, many in view.opened.items():
        code = links.code(name)
        far = shown.setdefault(code, 1)
        every.add(code)
        found = links.index.neighbours([code], wanted)["y"].to_numpy()
        every.update(found.tolist())
        for other in found[:many].tolist():
            shown[other] = min(shown.get(other, far + 1), far + 1)
    return shown, every


def _strongest(links: Links, wanted: list[str], most: int) -> list[int]:
    found = links.engine.run(
        "SELECT a, b FROM pair WHERE list_contains($1, label) ORDER BY score DESC, a, b LIMIT $2", [wanted, most]
    ).to_numpy()
    return list(dict.fromkeys(found.ravel().tolist()))[:most]


def _folded(links: Links, view: View, shown: dict[int, int], most: int) -> dict[str, list[int]]:
    """Fold what hangs together most surely, the largest groups first, until the picture can be read."""
    codes = np.array([code for code, far in shown.items() if far != 0], dtype=np.int64)
    keep = {links.code(name) for name in (*view.unfolded, *view.opened)}
    for label in reversed(LABELS[1:]):
        x, y, _ = links.index.reach(codes, labels_from(label))
        inner = np.isin(y, codes)
        order = np.argsort(codes)
        rows, columns = (order[np.searchsorted(codes, side[inner], sorter=order)] for side in (x, y))
        _, part = connected_components(coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(codes),) * 2), directed=False)
        groups: dict[int, list[int]] = {}
        for code, number in zip(codes.tolist(), part.tolist(), strict=True):
            groups.setdefault(number, []).append(code)
        large = sorted((g for g in groups.values() if len(g) > 2 and not keep & set(g)), key=lambda g: (-len(g), min(g)))
        found, left = dict[str, list[int]](), len(shown)
        for group in large:
            if left <= most:
                break
            found[links.id(min(group))] = group
            left -= len(group) - 1
        if left <= most or label == view.label:
            break
    return found


def hushed(graph: nx.Graph[Any], view: View) -> tuple[set[Any], set[tuple[Any, Any]]]:
    """Give the nodes and edges that a view's filters leave out of a graph.

    What has no date is never left out by one. An account that loses every link to a filter goes too, unless it is asked about.
    """
    gone = set(view.hidden) & set(graph)
    kinds = None if view.kinds is None else set(view.kinds)
    if kinds is not None:
        gone |= {name for name, data in graph.nodes(data=True) if data.get("type") == "identifier" and data.get("kind") not in kinds}
    edges = {
        (a, b) for a, b, data in graph.edges(data=True) if a in gone or b in gone or _outside(data, view, kinds)
    }  # fmt: skip
    left = {name: graph.degree[name] for name in graph}
    for a, b in edges:
        left[a] -= 1
        left[b] -= 1
    lonely = {name for name, count in left.items() if not count and graph.degree[name] and not graph.nodes[name].get("center")}
    return gone | lonely, edges


def _outside(data: dict[str, Any], view: View, kinds: set[str] | None) -> bool:
    if view.since and data.get("last") and str(data["last"]) < view.since:
        return True
    if view.until and data.get("first") and str(data["first"]) > view.until:
        return True
    # an edge to a folded group tells no kinds and stays
    return kinds is not None and "kinds" in data and not kinds & set(str(data["kinds"]).split("+"))
