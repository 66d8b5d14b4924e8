"""Where words stand in a picture, so that none lies on another or on a node."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.textpath import TextPath
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points."""

WAYS = [(0.0, -1.0), (0.0, 1.0), (1.0, 0.0), (-1.0, 0.0), (0.8, -0.8), (-0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)]
"""Where a label may stand, seen from its node; below is tried first."""


def tidy(text: str, most: int = 60) -> str:
    """Give a text in one line of signs that can be seen: no control sign, none that turns or hides others, cut in the middle."""
    # cut first, so that a name of a million signs costs no more than a short one
    half = most // 2
    cut = text if len(text) <= 2 * most else f"{text[:most]}…{text[-most:]}"
    seen = "".join(" " if sign.isspace() else "▯" if unicodedata.category(sign)[0] == "C" else sign for sign in cut)
    return seen if len(seen) <= most else f"{seen[: half - 1]}…{seen[-half:]}"


def short(text: str) -> str:
    """Give a name as it stands beside a node."""
    return tidy(text, 30)


@functools.cache
def _advance(sign: str) -> float:
    """Width of one sign at one point of size; measuring whole texts takes a hundred times as long."""
    path = TextPath((0, 0), f"n{sign}n", size=100)
    return (float(path.get_extents().width) - _PAIR) / 100


_PAIR = float(TextPath((0, 0), "nn", size=100).get_extents().width)


def measure(text: str, size: float) -> tuple[float, float]:
    """Give width and height of a text in points."""
    lines = text.split("\n")
    width = max(sum(_advance(sign) for sign in line) for line in lines)
    return width * size + 2.0, 1.25 * size * len(lines)


@dataclass
class Sheet:
    """A page on which words are set one after another; what is there stays free of later words."""

    frame: Box
    nodes: NDArray[np.float64]
    """x, y, radius of every node, in points."""
    edges: NDArray[np.float64]
    """x0, y0, x1, y1 of every edge, in points."""
    taken: list[Box] = field(default_factory=list)

    def free(self, box: Box) -> bool:
        """Tell whether nothing stands in a box."""
        x0, y0, x1, y1 = box
        left, low, right, high = self.frame
        if x0 < left or y0 < low or x1 > right or y1 > high:
            return False
        if any(x0 < b[2] and b[0] < x1 and y0 < b[3] and b[1] < y1 for b in self.taken):
            return False
        dx = np.maximum(np.maximum(x0 - self.nodes[:, 0], self.nodes[:, 0] - x1), 0)
        dy = np.maximum(np.maximum(y0 - self.nodes[:, 1], self.nodes[:, 1] - y1), 0)
        return not bool((np.hypot(dx, dy) < self.nodes[:, 2]).any())

    def crossed(self, box: Box) -> int:
        """Count the edges that run through a box, by points along each."""
        if not len(self.edges):
            return 0
        low, high = (
            np.minimum(self.edges[:, :2], self.edges[:, 2:]),
            np.maximum(self.edges[:, :2], self.edges[:, 2:]),
        )
        near = (low < box[2:]).all(axis=1) & (high > box[:2]).all(axis=1)
        edges, steps = self.edges[near], np.linspace(0, 1, 25)[None]
        x = edges[:, :1] + (edges[:, 2:3] - edges[:, :1]) * steps
        y = edges[:, 1:2] + (edges[:, 3:] - edges[:, 1:2]) * steps
        return int(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).any(axis=1).sum())

    def beside(self, node: int, text: str, size: float) -> tuple[float, float] | None:
        """Take the best free place beside a node; gives its middle in points, or None where all are taken."""
        wide, tall = measure(text, size)
        x, y, radius = (float(part) for part in self.nodes[node])
        best: tuple[int, float, float, Box] | None = None
        for right, up in WAYS:
            mx, my = x + right * (radius + 2 + wide / 2), y + up * (radius + 2 + tall / 2)
            box = (mx - wide / 2, my - tall / 2, mx + wide / 2, my + tall / 2)
            if self.free(box):
                cost = self.crossed(box)
                if best is None or cost < best[0]:
                    best = (cost, mx, my, box)
        if best is None:
            return None
        self.taken.append(best[3])
        return best[1], best[2]

    def along(self, edge: int, text: str, size: float) -> tuple[float, float] | None:
        """Take a free place on an edge; None where there is none."""
        wide, tall = measure(text, size)
        x0, y0, x1, y1 = (float(part) for part in self.edges[edge])
        for share in (0.5, 0.4, 0.6, 0.33, 0.67):
            mx, my = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
            box = (mx - wide / 2, my - tall / 2, mx + wide / 2, my + tall / 2)
            if self.free(box) and self.crossed(box) <= 1:
                self.taken.append(box)
                return mx, my
        return None


def to_points(ax: Any, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give data coordinates as points on the page."""
    if not len(places):
        return np.zeros((0, 2))
    return np.asarray(ax.transData.transform(places)) * 72.0 / float(ax.figure.dpi)


def to_data(ax: Any, x: float, y: float) -> tuple[float, float]:
    """Give points on the page as data coordinates."""
    scale = float(ax.figure.dpi) / 72.0
    found = ax.transData.inverted().transform((x * scale, y * scale))
    return float(found[0]), float(found[1])
