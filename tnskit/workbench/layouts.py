"""Where the nodes of a graph stand: the same places for the same graph and seed.

One unit is the room that one node needs. A single centre gets rings around it, a step a ring, with what hangs
together side by side. Other components are laid out one by one and packed in rows, large to small. A
component that is too big to be read is cut into groups of what is densely linked, each a disc of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import cKDTree

Places = NDArray[np.float64]
Simple = Any  # nx.Graph[int]: the graph with numbers for nodes, so that no order hangs on the hash of a text

BIG = 60
"""Nodes above which a component is drawn in groups."""
CLEAR = 0.45
"""How far from the middle of a centre a line between two others should pass, so that it is seen: about its radius."""


@dataclass(frozen=True, eq=False)
class Layout:
    """Places of the nodes, and the discs of the groups where there are any.

    Attributes:
        places: Node to (x, y), in units.
        groups: (x, y, radius, members) of each disc.
        alone: Nodes without a link.
    """

    places: dict[Any, tuple[float, float]]
    groups: tuple[tuple[float, float, float, int], ...] = ()
    alone: tuple[Any, ...] = ()


def arrange(graph: nx.Graph[Any], *, seed: int = 7, wide: float = 1.0) -> Layout:
    """Give every node its place.

    Args:
        graph: Any networkx graph; node attribute `center` marks a centre, edge attribute `score` or `points`
            the strength; where every node has `x` and `y`, those are its places.
        seed: The same seed gives the same places.
        wide: How many times as wide as high the page is; components that hang apart are packed for it.
    """
    names = list(graph.nodes)
    if names and all("x" in data and "y" in data for _, data in graph.nodes(data=True)):
        return Layout({name: (float(data["x"]), float(data["y"])) for name, data in graph.nodes(data=True)}, (), _alone(graph))
    simple = _simple(graph, names)
    centres = [code for code, name in enumerate(names) if graph.nodes[name].get("center")]
    parts = sorted((sorted(part) for part in nx.connected_components(simple)), key=lambda part: (-len(part), part[0]))
    alone = [part[0] for part in parts if len(part) == 1 and len(parts) > 1]
    boxes: list[tuple[list[int], Places, list[tuple[float, float, float, int]]]] = []
    for part in parts:
        if len(part) > 1 or not alone:
            inside = [code for code in centres if code in set(part)]
            boxes.append((part, *_component(simple.subgraph(part), part, inside, seed)))
    places: Places = np.zeros((len(names), 2))
    groups = _pack(boxes, alone, places, wide)
    found = {name: (float(x), float(y)) for name, (x, y) in zip(names, places, strict=True)}
    return Layout(found, tuple(groups), tuple(names[code] for code in alone))


def _alone(graph: nx.Graph[Any]) -> tuple[Any, ...]:
    return tuple(name for name, many in graph.degree if not many) if len(graph) > 1 else ()


def _simple(graph: nx.Graph[Any], names: list[Any]) -> Simple:
    code = {name: number for number, name in enumerate(names)}
    simple: Simple = nx.Graph()
    simple.add_nodes_from(range(len(names)))
    for a, b, data in graph.edges(data=True):
        if a != b:
            strength = float(data.get("score", data.get("points", 1.0)) or 0.0)
            simple.add_edge(code[a], code[b], weight=max(strength, 0.1), one=1.0)
    return simple


def _component(graph: Simple, part: list[int], centres: list[int], seed: int) -> tuple[Places, list[tuple[float, float, float, int]]]:
    if len(part) == 1:
        return np.zeros((1, 2)), []
    centre = centres[0] if len(centres) == 1 else None
    if len(part) > BIG:
        return _grouped(graph, part, centre, seed)
    if centre is not None:
        return _radial(graph, part, centre), []
    return _plain(graph, part), []


def _plain(graph: Simple, part: list[int]) -> Places:
    """A small component: a circle where nearly all are linked, else by the lengths of the paths."""
    size = len(part)
    if size == 2:
        return np.array([[-0.9, 0.0], [0.9, 0.0]])
    links = graph.number_of_edges()
    if 2 * links > 0.6 * size * (size - 1):
        turn = 2 * np.pi * np.arange(size) / size + np.pi / 2
        return np.column_stack([np.cos(turn), np.sin(turn)]) * max(1.0, 1.15 * size / (2 * np.pi))
    places = _by_paths(graph, part)
    found = dict(zip(part, places, strict=True))
    lengths = [np.hypot(*(found[a] - found[b])) for a, b in graph.edges]
    return spread(places * (1.7 / max(float(np.median(lengths)), 0.1)))


def _by_paths(graph: Simple, part: list[int]) -> Places:
    """Places whose distances are as near as can be to the lengths of the shortest paths.

    By majorising the stress, weights the inverse square of the length; a few dozen steps, each a small
    matrix product.

    Source: Gansner, Koren and North, Graph Drawing by Stress Majorization, 2004.
    """
    size = len(part)
    matrix = nx.to_scipy_sparse_array(graph, nodelist=part, weight=None)
    far = shortest_path(matrix, directed=False, unweighted=True)
    np.fill_diagonal(far, 1.0)
    weights = far**-2.0
    np.fill_diagonal(weights, 0.0)
    inverse = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    turn = 2 * np.pi * np.arange(size) / size
    places = np.column_stack([np.cos(turn), np.sin(turn)]) * size / 4
    for _ in range(150):
        between = places[:, None] - places[None]
        pulls = -weights * far / np.maximum(np.hypot(between[..., 0], between[..., 1]), 1e-9)
        np.fill_diagonal(pulls, 0.0)
        np.fill_diagonal(pulls, -pulls.sum(axis=1))
        places = inverse @ (pulls @ places)
    return np.asarray(places)


def _radial(graph: Simple, part: list[int], centre: int) -> Places:
    """The centre in the middle, a ring a step, what hangs together side by side.

    Two who stand opposite each other are linked by a line behind the centre, where nobody sees it; then a part of the ring stays
    empty, so that none stand opposite.
    """
    far = nx.single_source_shortest_path_length(graph, centre)
    children = _tree(graph, part, centre, far)
    first = len(children[centre])
    number = {code: n for n, code in enumerate(part)}
    others = np.array([(number[a], number[b]) for a, b in graph.edges if centre not in (a, b)], dtype=int).reshape(-1, 2)
    tried = []
    for empty in (0.0, 1.0, 0.5, 1.5):
        turns = _turns(part, centre, far, children, 2 * np.pi * (1 - empty / (first + empty)))
        counts = np.bincount([far[code] for code in part])
        radius = [0.0]
        for count in counts[1:]:
            radius.append(max(radius[-1] + 1.7, 1.15 * float(count + empty) / (2 * np.pi)))
        places = np.array([(radius[far[code]] * math.cos(turns[code]), radius[far[code]] * math.sin(turns[code])) for code in part])
        places = spread(places, fixed=number[centre])
        tried.append((min(_beside_middle(places[others[:, 0]], places[others[:, 1]]), CLEAR), places))
        if tried[-1][0] == CLEAR:
            break
    return max(tried, key=lambda one: one[0])[1]


def _turns(part: list[int], centre: int, far: dict[int, int], children: dict[int, list[int]], whole: float) -> dict[int, float]:
    """The direction of every node from the centre; each has a wedge as wide as what hangs on it, all within `whole`."""
    leaves = dict.fromkeys(part, 0)
    for code in sorted(part, key=lambda code: -far[code]):
        leaves[code] = max(1, sum(leaves[child] for child in children[code]))
    turns, wedges = {centre: 0.0}, {centre: (-np.pi, whole - np.pi)}
    for code in sorted(part, key=lambda code: far[code]):
        low, end = wedges[code]
        for child in children[code]:
            high = low + (end - wedges[code][0]) * leaves[child] / leaves[code]
            wedges[child], turns[child] = (low, high), (low + high) / 2
            low = high
    return turns


def _beside_middle(a: Places, b: Places) -> float:
    """How near the nearest of some lines comes to (0, 0)."""
    if not len(a):
        return math.inf
    way = b - a
    share = np.clip(-(a * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-9), 0, 1)
    return float(np.min(np.hypot(*(a + way * share[:, None]).T)))


def _tree(graph: Simple, part: list[int], centre: int, far: dict[int, int]) -> dict[int, list[int]]:
    """Hang every node on its strongest link towards the centre; children in the order of their clusters."""
    rest = graph.subgraph([code for code in part if code != centre])
    clusters = sorted((sorted(c) for c in nx.connected_components(rest)), key=lambda c: (-len(c), c[0]))
    order: dict[int, int] = {}
    for cluster in clusters:
        for code in nx.dfs_preorder_nodes(rest, min(cluster, key=lambda code: (far[code], code))):
            order[code] = len(order)
    children: dict[int, list[int]] = {code: [] for code in part}
    for code in sorted(order, key=lambda code: order[code]):
        inner = [other for other in graph[code] if far[other] == far[code] - 1]
        children[max(inner, key=lambda other: (graph[code][other]["weight"], -other))].append(code)
    return children


def spread(places: Places, *, least: float = 1.0, fixed: int | None = None) -> Places:
    """Push nodes apart until none is nearer to another than `least`; one may be held where it is."""
    found = places.copy()
    for _ in range(80):
        near = cKDTree(found).query_pairs(least * 0.999, output_type="ndarray")
        if not len(near):
            break
        between = found[near[:, 1]] - found[near[:, 0]]
        apart = np.hypot(between[:, 0], between[:, 1])
        same = apart < 1e-9
        between[same] = np.column_stack([np.cos(near[same, 1]), np.sin(near[same, 1])])
        apart[same] = 1.0
        push = between * ((least - np.where(same, 0.0, apart)) / (2 * apart))[:, None]
        np.add.at(found, near[:, 0], -push)
        np.add.at(found, near[:, 1], push)
        if fixed is not None:
            found -= found[fixed] - places[fixed]
    return found


def _grouped(graph: Simple, part: list[int], centre: int | None, seed: int) -> tuple[Places, list[tuple[float, float, float, int]]]:
    """Cut a big component into densely linked groups, each disc beside the discs it is linked with."""
    rest = graph.subgraph([code for code in part if code != centre]).copy()
    cuts = nx.community.louvain_communities(rest, weight="weight", seed=seed)
    groups = sorted((sorted(group) for group in cuts), key=lambda group: (-len(group), group[0]))
    inner = [_disc(rest.subgraph(group), group) for group in groups]
    if centre is not None:
        groups, inner = [[centre], *groups], [np.zeros((1, 2)), *inner]
    radii = np.array([float(np.hypot(*places.T).max()) + 0.75 for places in inner])
    spots = _beside(graph, groups, radii, centre is not None)
    where = {
        code: spot + place
        for group, spot, places in zip(groups, spots, inner, strict=True)
        for code, place in zip(group, places, strict=True)
    }
    discs = [(float(x), float(y), float(r), len(group)) for (x, y), r, group in zip(spots, radii, groups, strict=True) if len(group) > 2]
    return np.array([where[code] for code in part]), discs


def _disc(graph: Simple, group: list[int]) -> Places:
    """Places of one group around (0, 0); a large one as the seeds of a sunflower, the best linked inside."""
    if len(group) == 1:
        return np.zeros((1, 2))
    if len(group) <= BIG and nx.is_connected(graph):
        places = _plain(graph, group)
        return np.asarray(places - (places.max(axis=0) + places.min(axis=0)) / 2)
    rank = sorted(range(len(group)), key=lambda n: (-graph.degree(group[n]), n))
    places = np.zeros((len(group), 2))
    for nth, number in enumerate(rank):
        turn, away = nth * 2.399963, 0.62 * math.sqrt(nth + 0.5)
        places[number] = (away * math.cos(turn), away * math.sin(turn))
    return places


def _beside(graph: Simple, groups: list[list[int]], radii: Places, centred: bool) -> Places:
    """Place discs one after another, each touching one that is there, near those it is linked with."""
    belongs = {code: number for number, group in enumerate(groups) for code in group}
    ties: list[dict[int, int]] = [{} for _ in groups]
    for a, b in graph.edges:
        x, y = belongs[a], belongs[b]
        if x != y and not (centred and 0 in (x, y)):
            ties[x][y] = ties[x].get(y, 0) + 1
            ties[y][x] = ties[y].get(x, 0) + 1
    spots: Places = np.zeros((len(groups), 2))
    placed = [0]
    waiting = list(range(1, len(groups)))
    turns = 2 * np.pi * np.arange(24) / 24
    ways = np.column_stack([np.cos(turns), np.sin(turns)])
    while waiting:
        tied = [sum(ties[number].get(other, 0) for other in placed) > 0 for number in waiting]
        number = waiting.pop(tied.index(True) if any(tied) else 0)
        linked = [other for other in placed if other in ties[number]]
        target = np.average(spots[linked], axis=0, weights=[ties[number][o] for o in linked]) if linked else spots[0]
        spots[number] = _spot(spots[placed], radii[placed], float(radii[number]), target, ways)
        placed.append(number)
    return spots


def _spot(spots: Places, radii: Places, radius: float, target: Places, ways: Places) -> Places:
    near = np.argsort(np.hypot(*(spots - target).T) - radii, kind="stable")
    for some in (near[:40], near):
        tries = (spots[some, None, :] + ways[None] * (radii[some, None, None] + radius + 0.15)).reshape(-1, 2)
        apart = np.hypot(tries[:, None, 0] - spots[None, :, 0], tries[:, None, 1] - spots[None, :, 1])
        free = (apart >= radii[None] + radius + 0.149).all(axis=1)
        if free.any():
            cost = np.hypot(*(tries - target).T) + 0.35 * np.hypot(*(tries - spots[0]).T)
            return np.asarray(tries[np.flatnonzero(free)[np.argmin(cost[free])]])
    return np.asarray(spots[0] + [float(np.abs(spots).max()) + radius * 2 + 1, 0.0])


def _pack(
    boxes: list[tuple[list[int], Places, list[tuple[float, float, float, int]]]],
    alone: list[int],
    places: Places,
    aspect: float,
) -> list[tuple[float, float, float, int]]:
    """Write the places of all components, from large to small, each as high up as it fits, and those without a link below."""
    sizes = np.array([np.ptp(at, axis=0) + 1.7 for _, at, _ in boxes]).reshape(-1, 2)
    order = sorted(range(len(boxes)), key=lambda n: (-round(float(sizes[n, 1]), 3), -round(float(sizes[n, 0]), 3), n))
    base = math.sqrt((float(sizes.prod(axis=1).sum()) + 1.21 * len(alone)) * aspect)
    widest = float(np.max(sizes[:, 0], initial=1.0))
    tried = [_sheet(sizes, order, len(alone), max(base * share, widest)) for share in (1.0, 1.1, 1.2, 1.35, 1.5, 1.75)]
    corners, singles, _ = min(tried, key=lambda sheet: max(sheet[2][0], sheet[2][1] * aspect))
    groups = []
    for number, (part, at, discs) in enumerate(boxes):
        x, y = corners[number]
        shift = np.array([x, y - sizes[number, 1]]) - at.min(axis=0) + 0.85
        places[part] = at + shift
        groups += [(cx + shift[0], cy + shift[1], r, members) for cx, cy, r, members in discs]
    places[alone] = singles
    return groups


def _sheet(sizes: Places, order: list[int], alone: int, width: float) -> tuple[Places, Places, tuple[float, float]]:
    """Lay boxes on a sheet of a width: their upper left corners, the places of singles below, and how wide and high it became."""
    cell = 0.25
    filled = np.zeros(math.ceil(width / cell) + 1)
    corners: Places = np.zeros((len(sizes), 2))
    right = 0.0
    for number in order:
        cells = min(len(filled), math.ceil(float(sizes[number, 0]) / cell - 1e-6))
        depth = np.lib.stride_tricks.sliding_window_view(filled, cells).max(axis=1)
        at = int(np.argmin(depth))
        corners[number] = at * cell, -depth[at]
        filled[at : at + cells] = depth[at] + sizes[number, 1]
        right = max(right, at * cell + float(sizes[number, 0]))
    low = float(np.max(filled))
    columns = max(1, int(max(width, right) / 1.1))
    nth = np.arange(alone)
    singles = np.column_stack([0.85 + 1.1 * (nth % columns), -low - 1.2 * bool(len(sizes)) - 1.1 * (nth // columns)])
    if alone:
        right, low = max(right, 1.1 * min(alone, columns)), low + 1.2 + 1.1 * ((alone - 1) // columns)
    return corners, singles, (right, low)
