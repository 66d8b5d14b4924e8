"""`draw`: a graph, a timeline, an explanation or the rings as a matplotlib picture."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import partial
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import networkx as nx
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tnskit.errors import UsageError
from tnskit.findings.explain import Explanation
from tnskit.training.cohort import CohortReport
from tnskit.training.lessons import spoken
from tnskit.workbench.charts import (
    MOST_RINGS,
    draw_rings,
    draw_sum,
    draw_timeline,
    timeline_rows,
)
from tnskit.workbench.cohort_charts import draw_alike, draw_calibration, draw_progress
from tnskit.workbench.labels import short, tidy
from tnskit.workbench.matrix import accounts_of, draw_growth, draw_matrix
from tnskit.workbench.network import draw_graph, figure_size
from tnskit.workbench.theme import Theme, theme_of

TAKES = "a graph of graph(), the frame of timeline() or rings(), or an Explanation"
LEFT, LEGEND, TOP, LINE = 1.75, 2.45, 0.55, 0.185
"""Inches: names on the left, legend on the right, title, one line of the caption."""

Part = Callable[[Axes, Theme], str]


class Drawing(Figure):
    """A figure that says in words what it shows, for a terminal, a screen reader and the pages made from notebooks.

    Attributes:
        said: Its title and its caption.
    """

    said = ""

    def __repr__(self) -> str:
        return self.said or super().__repr__()


def draw(
    value: Any,
    *,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str | None = None,
    seed: int = 7,
    form: str = "network",
) -> Axes:
    """Draw what tnskit found, with a legend and a caption that says how to read it and what to do next.

    Args:
        value: A graph of `graph` (accounts, or accounts and identifiers), the frame of `timeline` or of
            `rings`, an Explanation, the report of a cohort, its `curve`, or a list of reports, oldest first.
        ax: Where to draw; a figure of a suitable size if left out.
        title: A heading; one that names the value if left out.
        theme: "light" or "dark"; follows the figure colour of matplotlib if left out.
        seed: The same seed gives the same picture of a graph.
        form: How a graph is drawn: "network"; "matrix", for a ring in which nearly all are linked with all; or "growth", since
            when its accounts are linked.

    Returns:
        The Axes; `ax.figure.savefig` writes it.

    Raises:
        UsageError: A value that cannot be drawn, an empty graph, or an unknown theme or form.
    """
    colours = theme_of(theme)
    part, heading, size, left = _part(value, seed, form)
    # before the settings are changed for a while: the first figure of a notebook switches it to showing figures, and that has to stay
    ax = _page(size, left, colours) if ax is None else ax
    # a name that holds two dollar signs is no formula
    with mpl.rc_context({"text.parse_math": False}):
        ax.set_facecolor(colours.paper)
        caption = part(ax, colours)
        said = tidy(heading if title is None else title, 160)
        ax.set_title(said, loc="left", color=colours.ink, fontsize=12, fontweight="bold", pad=14, parse_math=False)
        _caption(ax, caption, colours)
    figure = ax.get_figure(root=True)
    if isinstance(figure, Drawing):
        figure.said = f"Picture. {said}. {caption}" if said else f"Picture. {caption}"
    return ax


def _part(value: Any, seed: int, form: str) -> tuple[Part, str, tuple[float, float], float]:
    """What draws the value, its heading, the size of its axes in inches, the room for names on the left."""
    if isinstance(value, nx.Graph):
        if not len(value):
            raise UsageError("there is nothing to draw: the graph has no accounts; ask for a weaker label")
        return _graph_part(value, seed, form)
    if form != "network":
        raise UsageError(f"form='{form[:20]}' is for graphs; other values have one form")
    if isinstance(value, CohortReport):
        side = min(2.2 + 0.3 * value.verdicts.shape[1], 12.0)
        return partial(draw_alike, value), spoken(value.lang)["report"]["alike_title"].format(name=value.name), (side, side), LEFT
    if isinstance(value, pd.DataFrame) and {"said", "right", "verdicts"} <= set(value.columns):
        return partial(draw_calibration, value), spoken(value.attrs.get("lang", "en"))["report"]["sure_title"], (5.6, 4.2), 0.8
    if isinstance(value, list) and value and all(isinstance(one, CohortReport) for one in value):
        return partial(draw_progress, value), spoken(value[-1].lang)["report"]["progress_title"], (6.2, 3.8), 0.8
    if isinstance(value, Explanation):
        rows = int((value.evidence["counted"] != 0).sum()) if len(value.evidence) else 0
        return (
            partial(_sum, value),
            f"{short(value.a)} and {short(value.b)}: {value.label}",
            (6.2, 1.2 + 0.46 * (rows + 1)),
            2.3,
        )
    if isinstance(value, pd.DataFrame) and {"at", "account_id", "lane", "event", "detail"} <= set(value.columns):
        lines = timeline_rows(value)
        tall = 1.0 + 0.27 * len(lines) + 0.2 * len({name for name, _ in lines})
        return partial(_timeline, value), "What happened when", (7.2, tall), LEFT
    if isinstance(value, pd.DataFrame) and {"ring_id", "accounts", "size", "score", "label"} <= set(value.columns):
        return (
            partial(_rings, value),
            "Groups that hang together",
            (6.4, 1.0 + 0.33 * min(len(value), MOST_RINGS)),
            LEFT + 0.3,
        )
    raise UsageError(f"draw takes {TAKES}, not a {type(value).__name__}")


def _graph_part(value: nx.Graph[Any], seed: int, form: str) -> tuple[Part, str, tuple[float, float], float]:
    if form == "network":
        return partial(_graph, value, seed), _heading(value), figure_size(value), 0.15
    if form not in _FORMS:
        raise UsageError(f"'{form[:20]}' is not a form; they are network, {', '.join(_FORMS)}")
    side = min(9.0, 2.4 + 0.16 * len(accounts_of(value, form)))
    size = (side, side) if form == "matrix" else (7.2, 3.6)
    return partial(_other, value, form), f"{_heading(value)}: {_FORMS[form][1]}", size, LEFT if form == "matrix" else 0.8


_FORMS = {"matrix": (draw_matrix, "who is linked with whom"), "growth": (draw_growth, "how it grew")}


def _other(value: nx.Graph[Any], form: str, ax: Axes, theme: Theme) -> str:
    return _FORMS[form][0](value, ax, theme=theme)


def _graph(value: nx.Graph[Any], seed: int, ax: Axes, theme: Theme) -> str:
    return draw_graph(value, ax, theme=theme, seed=seed)


def _sum(value: Explanation, ax: Axes, theme: Theme) -> str:
    return draw_sum(value, ax, theme=theme)


def _timeline(value: pd.DataFrame, ax: Axes, theme: Theme) -> str:
    return draw_timeline(value, ax, theme=theme)


def _rings(value: pd.DataFrame, ax: Axes, theme: Theme) -> str:
    return draw_rings(value, ax, theme=theme)


def _heading(graph: nx.Graph[Any]) -> str:
    centres = [short(str(name)) for name, data in graph.nodes(data=True) if data.get("center")]
    if not centres:
        return "The strongest links"
    return f"Around {', '.join(centres[:3])}" + (f" and {len(centres) - 3} more" if len(centres) > 3 else "")


def _page(size: tuple[float, float], left: float, theme: Theme) -> Axes:
    """A figure with room for names, legend, title and caption round an axes of `size` inches."""
    under = 0.55 + 5 * LINE
    wide, tall = left + size[0] + LEGEND, TOP + size[1] + under
    figure = plt.figure(figsize=(wide, tall), facecolor=theme.paper, FigureClass=Drawing)
    ax: Axes = figure.add_axes((left / wide, under / tall, size[0] / wide, size[1] / tall))
    ax.set_facecolor(theme.paper)
    return ax


def _caption(ax: Axes, text: str, theme: Theme) -> None:
    """Write the caption under the axes, as wide as axes and legend together."""
    figure = ax.get_figure(root=True)
    inches = ax.get_window_extent().width / (figure.dpi if figure is not None else 100)
    wide = max(50, int((inches + 1.9) * 14.2))
    has_scale = ax.axison
    ax.annotate(
        "\n".join(textwrap.wrap(text, wide)),
        (0, 0),
        (0, -40 if has_scale and ax.get_xlabel() else -28 if has_scale else -6),
        xycoords="axes fraction",
        textcoords="offset points",
        va="top",
        ha="left",
        fontsize=9,
        color=theme.soft,
        annotation_clip=False,
    )
