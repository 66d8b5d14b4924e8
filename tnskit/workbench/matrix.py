"""A dense ring as a matrix, and how it grew: two more ways to look at a graph."""

from __future__ import annotations

from typing import Any

import matplotlib.dates as mdates
import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from tnskit.errors import UsageError
from tnskit.evidence.groups import INNOCENT
from tnskit.evidence.rules import LABELS
from tnskit.workbench.charts import SHADE, plain
from tnskit.workbench.labels import short
from tnskit.workbench.theme import Theme

MOST = 120
"""Accounts in one matrix. Assumption: past that a cell is no longer seen."""
NAMED = 60
"""Accounts up to which each line has its name."""


def accounts_of(graph: nx.Graph[Any], form: str) -> list[Any]:
    """Give the accounts of a graph of accounts.

    Raises:
        UsageError: It is a graph of accounts and identifiers, or of too many.
    """
    names = [name for name, data in graph.nodes(data=True) if data.get("type", "account") == "account"]
    if any(data.get("type") == "identifier" for _, data in graph.nodes(data=True)):
        raise UsageError(f"a {form} is drawn of accounts alone; ask for the graph without two_mode=True")
    if form == "matrix" and len(names) > MOST:
        raise UsageError(f"a matrix of {len(names):,} accounts cannot be read; draw {MOST} or fewer, a ring for instance")
    return names


def draw_matrix(graph: nx.Graph[Any], ax: Axes, *, theme: Theme) -> str:
    """Draw who is linked with whom as a square of cells and give the caption; who hangs together stands together."""
    names = accounts_of(graph, "matrix")
    held = graph.subgraph(names)
    blocks = sorted(
        (sorted(one) for one in nx.community.louvain_communities(held, weight="score", seed=7)), key=lambda one: (-len(one), one)
    )
    names = [name for block in blocks for name in sorted(block, key=lambda name: (-held.degree[name], str(name)))]
    place = {name: nth for nth, name in enumerate(names)}
    plain(ax, theme)
    ax.grid(False)
    seen: set[str] = set()
    for a, b, data in held.edges(data=True):
        label, innocent = str(data.get("label", "possible")), float(data.get("benign_score", 0) or 0) >= INNOCENT
        seen |= {label, *(["innocent"] if innocent else [])}
        look: dict[str, Any] = {"facecolor": theme.benign if innocent else theme.plus, "alpha": SHADE.get(label, 0.25), "lw": 0.4}
        for x, y in ((place[a], place[b]), (place[b], place[a])):
            hatch = "////" if innocent else None
            ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, edgecolor=theme.paper, hatch=hatch, **look))
    ax.set_xlim(-0.5, len(names) - 0.5)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_aspect("equal")
    words = [short(str(name)) for name in names] if len(names) <= NAMED else []
    size = 9 if len(names) <= 30 else 6.5
    ax.set_yticks(range(len(words)), words, fontsize=size)
    ax.set_xticks(range(len(words)), words, fontsize=size, rotation=90)
    ax.xaxis.tick_top()
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color(theme.faint)
    signs = [Patch(facecolor=theme.plus, alpha=SHADE[label], label=f"{label} link") for label in reversed(LABELS[1:]) if label in seen]
    signs += (
        [Patch(facecolor=theme.benign, hatch="////", edgecolor=theme.paper, label="more likely innocent")] if "innocent" in seen else []
    )
    _legend(ax, signs, theme)
    many = len(names) * (len(names) - 1) // 2
    return (
        f"{held.number_of_edges():,} of {many:,} pairs of {len(names):,} accounts are linked. How to read: a filled cell is a link between "
        "its line and its column, the same on both sides of the empty diagonal; a block is a group in which all are linked with all. "
        "Next: look at what lies outside the blocks, for there a single link joins two groups."
    )


def draw_growth(graph: nx.Graph[Any], ax: Axes, *, theme: Theme) -> str:
    """Draw since when the accounts of a graph are linked, as steps, and give the caption."""
    names = accounts_of(graph, "growth")
    since = {name: min((str(d["first"]) for _, _, d in graph.edges(name, data=True) if d.get("first")), default="") for name in names}
    days = pd.to_datetime(pd.Series(sorted(day for day in since.values() if day), dtype="object"), format="%Y-%m-%d")
    plain(ax, theme)
    ax.grid(axis="y", color=theme.faint, lw=0.7)
    if len(days):
        ax.step(days, np.arange(1, len(days) + 1), where="post", color=theme.plus, lw=2.2, zorder=3)
        ax.scatter(days, np.arange(1, len(days) + 1), s=18, color=theme.plus, zorder=4)
    scale = mdates.ConciseDateFormatter(ax.xaxis.get_major_locator())  # type: ignore[no-untyped-call]  # matplotlib
    ax.xaxis.set_major_formatter(scale)
    ax.xaxis.get_offset_text().set_color(theme.ink)
    ax.set_ylim(0, max(1, len(days)) * 1.08)
    ax.set_ylabel("accounts that share something with another", color=theme.ink, fontsize=9)
    jump = f" The most in one week: {_busiest(days):,}." if len(days) > 1 else ""
    return (
        f"{len(days):,} of {len(names):,} accounts, each from the first day on which what it shares was used.{jump} How to read: a steep "
        "step is many at once, as one hand opens them; a gentle slope is how households and firms grow. What has no date is not "
        "drawn. Next: look at what the accounts of the steepest step share."
    )


def _busiest(days: pd.Series[Any]) -> int:
    """Accounts in the busiest seven days."""
    at = days.to_numpy("datetime64[D]").astype(int)
    return int(np.max(np.searchsorted(at, at + 7, side="left") - np.arange(len(at))))


def _legend(ax: Axes, signs: list[Any], theme: Theme) -> None:
    ax.legend(handles=signs, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, labelcolor=theme.ink, fontsize=9)
