"""How the browser draws: the same colours, shapes and widths as the still picture, told once."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from matplotlib.path import Path

from tnskit.evidence.rules import LABELS
from tnskit.review.corrections import WHY
from tnskit.workbench.network import WIDTH
from tnskit.workbench.theme import DARK, FOLDED, LIGHT, MARKS, OTHER, Mark

_SHAPES = {
    "o": "ellipse", "s": "rectangle", "D": "diamond", "p": "pentagon", "h": "hexagon", "8": "octagon", "*": "star", "^": "triangle",
}  # fmt: skip
"""Signs of matplotlib and their names in the browser; the others are drawn by their corners."""
_CORNERS: dict[str, list[tuple[float, float]]] = {
    "v": [(-1, -0.85), (1, -0.85), (0, 0.95)], ">": [(-0.85, -1), (0.95, 0), (-0.85, 1)], "<": [(0.85, -1), (-0.95, 0), (0.85, 1)],
    "P": [(-0.34, -1), (0.34, -1), (0.34, -0.34), (1, -0.34), (1, 0.34), (0.34, 0.34), (0.34, 1), (-0.34, 1), (-0.34, 0.34),
          (-1, 0.34), (-1, -0.34), (-0.34, -0.34)],
    "H": [(-1, 0), (-0.5, -0.87), (0.5, -0.87), (1, 0), (0.5, 0.87), (-0.5, 0.87)], "d": [(0, -1), (0.6, 0), (0, 1), (-0.6, 0)],
}  # fmt: skip
"""Corners from -1 to 1, y downwards as in the browser."""


def looks() -> dict[str, Any]:
    """Give marks, themes and widths as plain data."""
    marks = {kind: _mark(mark) for kind, mark in {**MARKS, **FOLDED, "other": OTHER}.items()}
    return {
        "marks": marks, "themes": {theme.name: asdict(theme) for theme in (LIGHT, DARK)}, "widths": WIDTH,
        "labels": list(reversed(LABELS[1:])), "why": list(WHY),
    }  # fmt: skip


def _mark(mark: Mark) -> dict[str, Any]:
    told: dict[str, Any] = {"word": mark.word, "colour": mark.colour, "size": round(mark.size**0.5, 3)}
    if isinstance(mark.shape, Path):
        corners = np.asarray(mark.shape.vertices, dtype=float)[:-1] * (1, -1)
        return {**told, "shape": "polygon", "corners": corners.ravel().tolist()}
    if mark.shape in _CORNERS:
        return {**told, "shape": "polygon", "corners": np.ravel(_CORNERS[mark.shape]).tolist()}
    return {**told, "shape": _SHAPES[mark.shape]}
