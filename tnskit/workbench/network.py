"""A graph as a picture that a person can read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import matplotlib.patheffects as effects
import networkx as nx
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from numpy.typing import NDArray

from tnskit.evidence.groups import INNOCENT
from tnskit.evidence.rules import LABELS
from tnskit.workbench.labels import Sheet, short, to_data, to_points
from tnskit.workbench.layouts import Layout, arrange
from tnskit.workbench.theme import FOLDED, LIGHT, MARKS, OTHER, Mark, Theme, mark_of

HAIR = 150
"""Edges of one component above which they are drawn thin and without words."""
WORDS = 40
"""Edges in the whole picture up to which an edge says what is shared."""
GONE = ("removed", "suspended")
WIDTH = {"strong": 3.4, "likely": 2.1, "possible": 1.3, "no reliable link": 0.8}


@dataclass(frozen=True, eq=False)
class Scene:
    """What the parts of the picture share.

    Attributes:
        graph: What is drawn.
        layout: Where its nodes stand.
        theme: The colours.
        names: The nodes in order.
        points: x, y, radius of every node, in points, in that order.
    """

    graph: nx.Graph[Any]
    layout: Layout
    theme: Theme
    names: list[Any]
    points: NDArray[np.float64]

    def kind(self, name: Any) -> str:
        """The kind of a node: `account`, or that of the identifier."""
        node = self.graph.nodes[name]
        kind = str(node.get("type", "account"))
        return str(node.get("kind", "other")) if kind == "identifier" else kind

    def centre(self, name: Any) -> bool:
        """Tell whether a node is asked about; where most are, none stands out."""
        return bool(self.graph.nodes[name].get("center")) and 2 * self.centres <= max(2, len(self.names))

    @property
    def centres(self) -> int:
        """Number of nodes asked about."""
        return sum(bool(self.graph.nodes[name].get("center")) for name in self.names)


def draw_graph(graph: nx.Graph[Any], ax: Axes, *, theme: Theme, seed: int) -> str:
    """Draw a graph into an axes and give the caption.

    The axes' place and size should be final: labels are set so that they do not overlap at that size.
    """
    layout = arrange(graph, seed=seed)
    places = np.array([layout.places[name] for name in graph.nodes]).reshape(-1, 2)
    _frame(ax, places)
    names = list(graph.nodes)
    where = to_points(ax, places)
    base = _radius(ax, len(names))
    scene = Scene(graph, layout, theme, names, np.column_stack([where, np.full(len(names), base)]))
    scene.points[:, 2] *= [1.45 if scene.centre(name) else 1.0 for name in names]
    _groups(ax, scene)
    segments = _edges(ax, scene)
    _nodes(ax, scene, places)
    unnamed = _words(ax, scene, segments)
    _legend(ax, scene)
    return _caption(scene, unnamed)


def figure_size(graph: nx.Graph[Any]) -> tuple[float, float]:
    """Width and height in inches that suit a graph."""
    side = min(11.0, 5.2 + 0.55 * math.sqrt(len(graph)))
    return side, side if len(graph) > 3 else 3.4


def _frame(ax: Axes, places: NDArray[np.float64]) -> None:
    ax.set_axis_off()
    low, high = (places.min(axis=0), places.max(axis=0)) if len(places) else (np.zeros(2), np.zeros(2))
    room = np.maximum((high - low) * 1.08 + 1.8, 3.4)
    box = ax.get_window_extent()
    wide, tall = max(box.width, 1.0), max(box.height, 1.0)
    unit = max(room[0] / wide, room[1] / tall)
    half, middle = np.array([wide, tall]) * unit / 2, (low + high) / 2
    ax.set_xlim(middle[0] - half[0], middle[0] + half[0])
    ax.set_ylim(middle[1] - half[1], middle[1] + half[1])
    ax.set_aspect("equal")


def _radius(ax: Axes, count: int) -> float:
    unit = float(np.ptp(to_points(ax, np.array([[0.0, 0.0], [1.0, 0.0]]))[:, 0]))
    return float(np.clip(0.36 * unit, 2.2, 13.0 if count <= 25 else 10.0))


def _groups(ax: Axes, scene: Scene) -> None:
    for x, y, radius, _ in scene.layout.groups:
        ax.add_patch(Circle((x, y), radius - 0.1, facecolor=scene.theme.faint, edgecolor="none", alpha=0.35, zorder=0))


def _edges(ax: Axes, scene: Scene) -> NDArray[np.float64]:
    """Draw the edges in bundles of one look; gives their ends in points, in the order of `graph.edges`."""
    crowd = crowds(scene.graph)
    looks: dict[tuple[Any, ...], list[tuple[tuple[float, float], tuple[float, float]]]] = {}
    for a, b, data in scene.graph.edges(data=True):
        ends = (scene.layout.places[a], scene.layout.places[b])
        look = _look(scene, data, crowd[a])
        if crowd[a] > HAIR and (scene.centre(a) or scene.centre(b)):
            look = (*look[:3], 0.12)  # spokes to everybody would hide what hangs together
        looks.setdefault(look, []).append(ends)
    for (colour, width, dash, alpha), ends_of in sorted(looks.items(), key=lambda item: item[0][1]):
        ax.add_collection(
            LineCollection(ends_of, colors=colour, linewidths=width, linestyles=dash, alpha=alpha, zorder=1),
            autolim=False,
        )
    number = {name: n for n, name in enumerate(scene.names)}
    pairs = [(number[a], number[b]) for a, b in scene.graph.edges]
    return np.array([[*scene.points[a, :2], *scene.points[b, :2]] for a, b in pairs]).reshape(-1, 4)


def crowds(graph: nx.Graph[Any]) -> dict[Any, int]:
    """Give the number of edges that hang together with each node."""
    found: dict[Any, int] = {}
    for part in nx.connected_components(graph.to_undirected(as_view=True)):
        found |= dict.fromkeys(part, sum(graph.degree[name] for name in part) // 2)
    return found


def thinner(crowd: int) -> float:
    """Share of its width that an edge keeps in a crowd of edges; below a half, a component is a tangle."""
    return round(min(1.0, max(0.4, 25 / max(crowd, 1))), 2)


def _look(scene: Scene, data: dict[str, Any], crowd: int) -> tuple[Any, ...]:
    """Colour, width, dashes and opacity of one edge."""
    theme, label = scene.theme, data.get("label")
    innocent = float(data.get("benign_score", 0.0) or 0.0) >= INNOCENT
    if label is None:  # an account and an identifier
        width = 0.8 + min(2.2, abs(float(data.get("points", 1.0) or 0.0)) * 0.3)
    else:
        width = WIDTH.get(str(label), 1.0)
    colour = theme.benign if innocent else theme.ink if label == "strong" else theme.soft
    dash: Any = (0, (4, 1.6)) if innocent else (0, (1, 1.5)) if label in LABELS[:2] else "solid"
    if crowd > HAIR:
        return colour, min(width, 0.9), dash, 0.3
    share = thinner(crowd)
    return colour, round(max(0.8, width * share), 2), dash, 0.9 if share == 1 else 0.7


def _nodes(ax: Axes, scene: Scene, places: NDArray[np.float64]) -> None:
    theme = scene.theme
    looks: dict[tuple[str, bool, bool], list[int]] = {}
    for number, name in enumerate(scene.names):
        node = scene.graph.nodes[name]
        looks.setdefault((scene.kind(name), node.get("status") in GONE, scene.centre(name)), []).append(number)
    for (kind, gone, centre), numbers in looks.items():
        mark = mark_of(kind)
        radius = float(scene.points[numbers[0], 2])
        at = places[numbers]
        dots = ax.scatter(
            at[:, 0],
            at[:, 1],
            s=(2 * radius) ** 2 * mark.size,
            c=mark.colour,
            marker=mark.shape,
            edgecolors=theme.paper if not gone else LIGHT.ink,
            linewidths=min(1.2, max(0.4, radius / 9)),
            zorder=3,
        )
        if gone:
            dots.set_hatch("////")
            _ringed(ax, at, 1.28 * radius, theme.minus, min(2.4, max(1.0, radius / 4)))
        if centre:
            _ringed(ax, at, 1.5 * radius, theme.ink, 1.4)


def _ringed(ax: Axes, at: NDArray[np.float64], radius: float, colour: str, width: float) -> None:
    x, y = at.T
    ax.scatter(x, y, s=(2 * radius) ** 2, c="none", edgecolors=colour, linewidths=width, marker="o", zorder=2)


def _words(ax: Axes, scene: Scene, segments: NDArray[np.float64]) -> int:
    """Write the names, the weightiest first, where there is room; gives how many nodes have none."""
    box = ax.get_window_extent()
    scale = 72.0 / float(ax.get_figure(root=True).dpi)  # type: ignore[union-attr]  # an axes of ours is in a figure
    frame = (box.x0 * scale, box.y0 * scale, box.x1 * scale, box.y1 * scale)
    sheet = Sheet(frame, scene.points, segments)
    halo = [effects.withStroke(linewidth=2.4, foreground=scene.theme.paper)]
    size = 9.0 if len(scene.names) <= 60 else 7.5
    written = 0
    for number in _weightiest(scene):
        name = scene.names[number]
        bold = scene.centre(name)
        text = short(str(scene.graph.nodes[name].get("shown", name)))
        if (spot := sheet.beside(number, text, size * (1.2 if bold else 1.0))) is None:
            continue
        written += 1
        ax.text(
            *to_data(ax, *spot),
            text,
            fontsize=size,
            color=scene.theme.ink,
            ha="center",
            va="center",
            zorder=5,
            fontweight="bold" if bold else "normal",
            path_effects=halo,
        )
    if scene.graph.number_of_edges() <= WORDS:
        _edge_words(ax, scene, sheet)
    return len(scene.names) - written


def _edge_words(ax: Axes, scene: Scene, sheet: Sheet) -> None:
    for number, (_, _, data) in enumerate(scene.graph.edges(data=True)):
        families = str(data.get("families", "")).lower().replace("+", ", ")
        if not families or "score" not in data:
            continue
        points = f"{float(data['score']):.1f}".removesuffix(".0")
        for text in (f"{points}: {families}", points):
            if (spot := sheet.along(number, text, 7.5)) is not None:
                ax.text(
                    *to_data(ax, *spot),
                    text,
                    fontsize=7.5,
                    color=scene.theme.ink,
                    ha="center",
                    va="center",
                    zorder=4,
                    bbox={"facecolor": scene.theme.paper, "edgecolor": "none", "pad": 1.0},
                )
                break


def _weightiest(scene: Scene) -> list[int]:
    """Nodes in the order in which they get a name: centres, hubs and strong links first."""
    graph = scene.graph
    most = {
        name: max(
            (float(d.get("score", d.get("points", 0)) or 0) for _, _, d in graph.edges(name, data=True)),
            default=0.0,
        )
        for name in scene.names
    }
    top = max([1, *(degree for _, degree in graph.degree)])
    scale = max([1.0, *most.values()])

    def weight(number: int) -> tuple[Any, ...]:
        name = scene.names[number]
        node = graph.nodes[name]
        hub = graph.degree[name] / top + most[name] / scale + 0.5 * (node.get("status") in GONE)
        return not scene.centre(name), not graph.degree[name], -round(hub, 6), number

    return sorted(range(len(scene.names)), key=weight)


def _legend(ax: Axes, scene: Scene) -> None:
    ax.legend(
        handles=[*_node_signs(scene), *_edge_signs(scene)],
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        frameon=False,
        labelcolor=scene.theme.ink,
        fontsize=9,
        labelspacing=0.75,
        handlelength=2.6,
        borderaxespad=0.0,
    )


def _node_signs(scene: Scene) -> list[Line2D]:
    theme, kinds = scene.theme, {scene.kind(name) for name in scene.names}
    signs = [_sign(mark, theme) for kind, mark in MARKS.items() if kind in kinds]
    signs += [_sign(mark, theme) for kind, mark in FOLDED.items() if kind in kinds]
    signs += [_sign(OTHER, theme)] if kinds - set(MARKS) - set(FOLDED) else []
    if any(scene.graph.nodes[name].get("status") in GONE for name in scene.names):
        sky = MARKS["account"].colour
        said = "removed or suspended"
        signs.append(Line2D([], [], marker="o", ls="", ms=10, mfc=sky, mec=theme.minus, mew=2.2, label=said))
    if any(scene.centre(name) for name in scene.names):
        ring = Line2D([], [], marker="o", ls="", ms=13, mfc="none", mec=theme.ink, mew=1.4, label="asked about")
        signs.append(ring)
    return signs


def _edge_signs(scene: Scene) -> list[Line2D]:
    signs, theme = [], scene.theme
    datas = [data for _, _, data in scene.graph.edges(data=True)]
    for label in reversed(LABELS):
        if any(data.get("label") == label for data in datas):
            colour, width, dash, _ = _look(scene, {"label": label}, 1)
            word = label if label == LABELS[0] else f"{label} link"
            signs.append(Line2D([], [], color=colour, lw=width, ls=dash, label=word))
    if any(float(data.get("benign_score", 0) or 0) >= INNOCENT for data in datas):
        dash = (0, (4, 1.6))
        signs.append(Line2D([], [], color=theme.benign, lw=2.1, ls=dash, label="more likely innocent"))
    if any("points" in data for data in datas):
        signs.append(Line2D([], [], color=theme.soft, lw=2.1, label="has it (wider: says more)"))
    return signs


def _sign(mark: Mark, theme: Theme) -> Line2D:
    return Line2D([], [], marker=mark.shape, ls="", ms=9, mfc=mark.colour, mec=theme.paper, mew=0.5, label=mark.word)


def _caption(scene: Scene, unnamed: int) -> str:
    graph, about = scene.graph, scene.graph.graph
    accounts = sum(scene.kind(name) == "account" for name in scene.names)
    of = max(int(about.get("of", accounts)), accounts)
    shown = f"{accounts:,} of {of:,} accounts"
    if others := sum(graph.nodes[name].get("type") == "identifier" for name in scene.names):
        shown += f" and {others:,} identifiers that they share"
    shown += f", links from '{about['label']}' up" if "label" in about else f", {graph.number_of_edges():,} links"
    if any(graph.nodes[name].get("center") for name in scene.names) and about.get("hops"):
        shown += f", up to {about['hops']} step{'s' * (about['hops'] != 1)} away"
    parts = [shown + "."]
    parts += [f"{len(scene.layout.alone):,} of them have no link inside this picture."] if scene.layout.alone else []
    parts += [f"{unnamed:,} have no name here for want of room: ask for fewer."] if unnamed else []
    parts += ["Grey discs: groups that are densely linked."] if scene.layout.groups else []
    parts.append("How to read: what hangs together stands together; a wider line says more, green dashes are more likely innocent.")
    parts.append("Next: explain the widest line into the account you ask about, then look for what speaks against it.")
    return " ".join(parts)
