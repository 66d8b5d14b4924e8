"""What an explorer sends to the browser: nodes with places, edges with words; every decision is already made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tnskit.cleaning.market import rows
from tnskit.evidence.groups import INNOCENT
from tnskit.evidence.links import Links
from tnskit.evidence.rules import LABELS
from tnskit.findings.apart import GONE, Apart, apart
from tnskit.findings.explain import labels_from
from tnskit.findings.graph import among
from tnskit.workbench.explorer_view import Members, View, hushed, members
from tnskit.workbench.labels import short, tidy
from tnskit.workbench.layouts import arrange
from tnskit.workbench.network import GONE as REMOVED
from tnskit.workbench.network import crowds, thinner
from tnskit.workbench.theme import MARKS

Place = tuple[float, float]

PAGE = 1.5
"""How many times as wide as high the explorer's picture is."""
PITCH = 1.25
"""Units between two new nodes; one unit is the room that a node needs."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A view, followed into the links.

    Attributes:
        view: What was asked for.
        members: Which accounts are in it.
        people: Account to account, as linked.
        graph: What is drawn, with what was taken away in thought applied, and groups and rests as nodes.
        codes: Accounts in the picture to their codes.
        apart: What falls apart without what was taken away; None where nothing was.
    """

    view: View
    members: Members
    people: nx.Graph[Any] = field(repr=False)
    graph: nx.Graph[Any] = field(repr=False)
    codes: dict[str, int] = field(repr=False)
    apart: Apart | None = field(repr=False, default=None)

    def seen(self) -> nx.Graph[Any]:
        """What is drawn, less what the filters leave out."""
        nodes, edges = hushed(self.graph, self.view)
        found = self.graph.copy()
        found.remove_edges_from(edges)
        found.remove_nodes_from(nodes)
        accounts = sum(data["type"] == "account" for _, data in found.nodes(data=True))
        found.graph.update(shown=accounts, of=self.members.of)
        return found


def picture(links: Links, view: View, most: int) -> Picture:
    """Follow a view into the links.

    Raises:
        UnknownAccountError: The market does not have an account.
        UsageError: The view asks for what there is not.
    """
    inside = members(links, view.checked(), most)
    people, things = among(links, inside.shown, label=view.label)
    held = [name for name in view.without if name in people or name in things]
    fallen = apart(links, people, held, label=view.label) if held else None
    graph = (things if view.two_mode else people).copy()
    if fallen is not None:
        _take_away(graph, fallen)
    _add_groups(graph, links, inside, view)
    _add_rests(graph, links, inside, view)
    graph.graph.update(shown=len(inside.shown), of=inside.of, label=view.label)
    codes = dict(zip(links.index.ids(inside.shown), inside.shown, strict=True))
    return Picture(view, inside, people, graph, codes, fallen)


def _take_away(graph: nx.Graph[Any], fallen: Apart) -> None:
    for name in fallen.without:
        if name in graph:
            graph.nodes[name]["without"] = True
    for row in fallen.changed.itertuples():
        if graph.has_edge(row.a, row.b):
            graph.edges[row.a, row.b].update(was=row.was, was_score=row.was_score, label=row.label, score=row.score)


def _add_groups(graph: nx.Graph[Any], links: Links, inside: Members, view: View) -> None:
    """A node for each folded group, tied to whom its members are linked to."""
    wanted = labels_from(view.label)
    where = {code: links.id(code) for code in inside.shown}
    for first, codes in inside.folded.items():
        name = f"{first} and {len(codes) - 1:,} others"
        graph.add_node(name, type="group", account=first, size=len(codes), role="", status="", hops=-1, center=False)
        where |= dict.fromkeys(codes, name)
    for first, codes in inside.folded.items():
        own = f"{first} and {len(codes) - 1:,} others"
        found = links.index.neighbours(codes, wanted)
        for row in rows(found[found["y"].isin(list(where))]):
            other = where[int(row.y)]
            if other != own and (not graph.has_edge(own, other) or graph.edges[own, other]["score"] < row.score):
                graph.add_edge(own, other, score=float(row.score), label=row.label, families=row.families,
                               benign=row.benign, benign_score=float(row.benign_score))  # fmt: skip


def _add_rests(graph: nx.Graph[Any], links: Links, inside: Members, view: View) -> None:
    """A node for the neighbours of an opened account that are not shown yet."""
    for account in view.opened:
        code = links.code(account)
        if code in inside.shown and (rest := inside.linked.get(code, 0) - inside.inside.get(code, 0)) > 0:
            name = f"{rest:,} more of {links.id(code)}"
            graph.add_node(name, type="more", account=links.id(code), size=rest, role="", status="", hops=-1, center=False)
            graph.add_edge(links.id(code), name, label=view.label, score=0.0)


def places(graph: nx.Graph[Any], before: Mapping[Any, Place], pinned: Mapping[Any, Place], *, seed: int = 7) -> dict[Any, Place]:
    """Give every node its place: those that have one keep it, new ones stand beside what they are linked to.

    Args:
        graph: What is drawn.
        before: Places so far; without any, everything is arranged.
        pinned: Places that a person chose.
        seed: The same seed gives the same places.
    """
    kept = {name: before[name] for name in graph if name in before}
    if not kept or len(kept) < len(graph) / 4:
        return {**arrange(graph, seed=seed, wide=PAGE).places, **{name: spot for name, spot in pinned.items() if name in graph}}
    found = {**kept, **{name: spot for name, spot in pinned.items() if name in graph}}
    waiting = [name for name in graph if name not in found]
    while waiting:
        anchored: dict[Any, list[Any]] = {}
        for name in waiting:
            beside = [other for other in graph[name] if other in found]
            if beside:
                anchored.setdefault(min(beside, key=lambda other: (graph.degree[other] == 1, str(other))), []).append(name)
        if not anchored:
            anchored = {None: list(waiting)}
        for anchor, names in anchored.items():
            found |= zip(names, _free(np.array(list(found.values())), found.get(anchor), len(names)), strict=True)
        waiting = [name for name in waiting if name not in found]
    return found


def _free(taken: NDArray[np.float64], anchor: Place | None, count: int) -> list[Place]:
    """The nearest free places around a node, those that lead away from the rest first."""
    middle = taken.mean(axis=0)
    at = np.array(anchor) if anchor is not None else np.array([np.max(taken[:, 0]) + 2 * PITCH, middle[1]])
    tree = cKDTree(taken)
    for reach in (3, 6, 12, 24, 48, 96):
        steps = np.arange(-reach, reach + 1)
        x, y = (side.ravel() for side in np.meshgrid(steps, steps))
        grid = np.column_stack([(x + 0.5 * (y % 2)) * PITCH, y * PITCH * 0.87]) + at
        free = grid[tree.query(grid)[0] >= PITCH * 0.9]
        if len(free) >= count:
            break
    away = at - middle
    outward = (free - at) @ (away / (np.hypot(*away) or 1.0))
    order = np.argsort(np.hypot(*(free - at).T) - 0.4 * outward, kind="stable")[:count]
    return [(float(px), float(py)) for px, py in free[order]]


class Ids:
    """Short names for the browser, the same from picture to picture; no text of an export is ever one."""

    def __init__(self) -> None:
        self._of: dict[tuple[bool, Any], str] = {}
        self.names: dict[str, Any] = {}

    def of(self, name: Any, kind: str) -> str:
        """Give the id of a node."""
        key = (kind == "identifier", name)
        if key not in self._of:
            self._of[key] = f"n{len(self._of)}"
            self.names[self._of[key]] = name
        return self._of[key]


def scene(picture: Picture, spots: Mapping[Any, Place], ids: Ids) -> dict[str, Any]:
    """Give the picture as plain data for the browser; a name is text and nothing else."""
    graph = picture.graph
    nodes = [_node(picture, name, data, spots[name], ids) for name, data in graph.nodes(data=True)]
    crowd = crowds(graph)
    edges = [{**_edge(graph, a, b, data, ids), "thin": thinner(crowd[a])} for a, b, data in graph.edges(data=True)]
    days = sorted(str(day) for _, _, data in graph.edges(data=True) for day in (data.get("first"), data.get("last")) if day)
    kinds = {str(data["kind"]) for _, data in graph.nodes(data=True) if data["type"] == "identifier"}
    kinds |= {kind for _, _, data in picture.people.edges(data=True) for kind in str(data["kinds"]).split("+") if kind}
    ends = [days[0], days[-1]] if days else []
    return {"nodes": nodes, "edges": edges, "days": ends, "kinds": [kind for kind in MARKS if kind in kinds]}


def state(picture: Picture, ids: Ids) -> dict[str, Any]:
    """Give what the filters leave out, by id, the filters themselves, and the words that say how much is shown."""
    view = picture.view
    nodes, edges = hushed(picture.graph, view)
    kind = {name: str(data["type"]) for name, data in picture.graph.nodes(data=True)}
    accounts = sum(kind[name] == "account" for name in kind if name not in nodes)
    folded = sum(len(group) for group in picture.members.folded.values())
    told = f"{accounts:,} of {picture.members.of:,} accounts shown, links from '{view.label}' up"
    told += f"; {folded:,} folded into {len(picture.members.folded):,} groups" if folded else ""
    told += f"; {len(view.hidden):,} hidden" if view.hidden else ""
    return {
        "nodes": [ids.of(name, kind[name]) for name in nodes],
        "edges": [f"{ids.of(a, kind[a])}-{ids.of(b, kind[b])}" for a, b in edges],
        "pinned": [ids.of(name, kind[name]) for name in view.pinned if name in kind],
        "mode": "two" if view.two_mode else "one", "label": view.label, "kinds": None if view.kinds is None else list(view.kinds),
        "since": view.since, "until": view.until, "without": [tidy(name) for name in view.without], "hidden": len(view.hidden),
        "told": told + ".",
    }  # fmt: skip


def _node(picture: Picture, name: Any, data: dict[str, Any], spot: Place, ids: Ids) -> dict[str, Any]:
    kind = str(data["kind"]) if data["type"] == "identifier" else str(data["type"])
    made = {
        "id": ids.of(name, str(data["type"])), "name": tidy(str(name), 200), "label": short(str(name)), "kind": kind,
        "x": round(spot[0], 3), "y": round(-spot[1], 3), "told": _told(picture, name, data),
        "without": bool(data.get("without")),
    }  # fmt: skip
    if kind == "account":
        linked, inside = _counts(picture, name)
        made |= {"gone": data["status"] in REMOVED, "center": bool(data["center"]) and _stands_out(picture), "linked": linked,
                 "status": tidy(str(data["status"]), 40), "role": tidy(str(data["role"]), 40), "inside": inside}  # fmt: skip
    elif data["type"] == "identifier":
        made |= {"linked": int(data["accounts"]), "inside": picture.graph.degree[name]}
    else:
        made |= {"size": int(data["size"]), "label": f"+ {data['size']:,}" if kind == "more" else f"{data['size']:,} accounts"}
    return made


def _stands_out(picture: Picture) -> bool:
    """Where most are asked about, none stands out, as in the still picture."""
    return 2 * len(picture.view.accounts) <= max(2, len(picture.graph))


def _counts(picture: Picture, name: Any) -> tuple[int, int]:
    code = picture.codes[name]
    return picture.members.linked.get(code, 0), picture.members.inside.get(code, 0)


def _told(picture: Picture, name: Any, data: dict[str, Any]) -> str:
    """One line for the table and for whoever listens instead of looking."""
    if data["type"] == "more":
        return "not shown yet: open it to bring in the next strongest"
    if data["type"] == "group":
        return f"{data['size']:,} accounts that hang together, folded into one: open it"
    if data["type"] == "identifier":
        return f"{MARKS[data['kind']].word if data['kind'] in MARKS else data['kind']}, seen with {data['accounts']:,} accounts"
    best = max(picture.people.edges(name, data=True), key=lambda edge: (edge[2]["score"], str(edge[1])), default=None)
    if best is None:
        return "no link inside this picture"
    innocent = f"; more likely innocent: {best[2]['benign']}" if best[2]["benign_score"] >= INNOCENT else ""
    return f"{best[2]['label']} link to {short(str(best[1]))}, {best[2]['score']:g} points{innocent}"


def _edge(graph: nx.Graph[Any], a: Any, b: Any, data: dict[str, Any], ids: Ids) -> dict[str, Any]:
    x, y = ids.of(a, graph.nodes[a]["type"]), ids.of(b, graph.nodes[b]["type"])
    label = str(data.get("label", ""))
    score = round(float(data.get("score", data.get("points", 0.0))), 2)
    innocent = float(data.get("benign_score", 0.0) or 0.0) >= INNOCENT
    words = f"{label}, {score:g} points" if label in LABELS else "taken away" if label == GONE else "was seen with it"
    if innocent:
        words += f", more likely innocent: {data.get('benign')}"
    if "was" in data:
        words += f" (was {data['was']}, {data['was_score']:g})"
    span = f", {data['first']} to {data['last']}" if data.get("first") and data.get("last") else ""
    return {
        "id": f"{x}-{y}", "s": x, "t": y, "label": label, "score": score, "innocent": innocent, "told": tidy(words + span, 200),
        "fell": "was" in data and (label == GONE or label not in labels_from(str(graph.graph["label"]))), "changed": "was" in data,
    }  # fmt: skip
