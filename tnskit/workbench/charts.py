"""A timeline, a signed sum and a ranking as pictures."""

from __future__ import annotations

from typing import Any

import matplotlib.dates as mdates
import matplotlib.patheffects as effects
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from tnskit.evidence.groups import INNOCENT
from tnskit.findings.explain import Explanation
from tnskit.workbench.labels import short, tidy
from tnskit.workbench.theme import (
    BLUE,
    GREEN,
    GREY,
    MARKS,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    YELLOW,
    Mark,
    Theme,
)

IN_LANES = 4
"""Accounts up to which each kind of event has a line of its own."""
MOST_ACCOUNTS, MOST_RINGS = 40, 25

LANES: dict[str, Mark] = {
    "account": Mark("account opened, closed", "o", SKY),
    "decision": Mark("decision", "X", VERMILION, 1.3),
    "security": Mark("security event", "d", YELLOW),
    "report": Mark("report", "v", ORANGE),
    "job": Mark("job", "s", BLUE, 0.8),
    "money": Mark("money", "P", GREEN),
    "review": Mark("review", "*", PURPLE, 1.4),
    **{kind: mark for kind, mark in MARKS.items() if kind != "account"},
}
"""One mark for every lane, in the order in which they stand."""
_ANY = Mark("something else", "8", GREY)
SHADE = {"strong": 1.0, "likely": 0.65, "possible": 0.4}


def plain(ax: Axes, theme: Theme) -> None:
    """Dress an axes with scales in the colours of a theme."""
    ax.set_facecolor(theme.paper)
    ax.tick_params(colors=theme.soft, labelcolor=theme.ink, labelsize=9, length=0)
    for side, spine in ax.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(theme.soft)
    ax.grid(axis="x", color=theme.faint, lw=0.7)
    ax.set_axisbelow(True)


def _rows(frame: pd.DataFrame) -> Any:
    """Rows whose columns are attributes, of whatever type they are."""
    return frame.itertuples()


def timeline_rows(events: pd.DataFrame) -> list[tuple[str, str]]:
    """Give the lines of a timeline from the top: (account, lane); (account, "") where lanes are folded."""
    asked = [str(name) for name in events.attrs.get("accounts", [])]
    seen = [str(name) for name in dict.fromkeys(events["account_id"])]
    names = [*dict.fromkeys([*(name for name in asked if name in set(seen)), *seen])]
    if len(names) > IN_LANES:
        return [(name, "") for name in names[:MOST_ACCOUNTS]]
    order = {lane: n for n, lane in enumerate(LANES)}
    found = []
    for name in names:
        lanes = set(events.loc[events["account_id"] == name, "lane"])
        found += [(name, lane) for lane in sorted(lanes, key=lambda lane: (order.get(lane, 99), lane))]
    return found


def draw_timeline(events: pd.DataFrame, ax: Axes, *, theme: Theme) -> str:
    """Draw a timeline into an axes and give the caption."""
    rows = timeline_rows(events)
    plain(ax, theme)
    at = _heights(rows)
    folded = bool(rows) and not rows[0][1]
    data = events.assign(
        y=[at.get((str(a), "" if folded else lane), float("nan")) for a, lane in zip(events["account_id"], events["lane"], strict=True)]
    )
    data = data[data["y"].notna()]
    _spans(ax, data)
    for lane, some in data[data["event"] != "last seen"].groupby("lane", sort=False):
        mark = LANES.get(str(lane), _ANY)
        ax.scatter(
            some["at"],
            some["y"],
            s=52 * mark.size,
            c=mark.colour,
            marker=mark.shape,
            edgecolors=theme.ink,
            linewidths=0.5,
            zorder=4,
        )
    for moment in data.loc[data["lane"] == "decision", "at"]:
        ax.axvline(moment, color=theme.minus, lw=1.0, ls=(0, (4, 2)), zorder=1)
    _rows_named(ax, rows, at, theme)
    scale = mdates.ConciseDateFormatter(ax.xaxis.get_major_locator())  # type: ignore[no-untyped-call]  # matplotlib
    ax.xaxis.set_major_formatter(scale)
    ax.xaxis.get_offset_text().set_color(theme.ink)
    lanes = [lane for lane in dict.fromkeys([*LANES, *data["lane"]]) if lane in set(data["lane"])]
    signs = [_dot(LANES.get(lane, _ANY), theme) for lane in lanes]
    signs.append(Line2D([], [], color=theme.soft, lw=3, alpha=0.6, label="first to last seen"))
    if "decision" in lanes:
        signs.append(Line2D([], [], color=theme.minus, lw=1, ls=(0, (4, 2)), label="moment of a decision"))
    _legend(ax, signs, theme)
    return _timeline_caption(events, data)


def _heights(rows: list[tuple[str, str]]) -> dict[tuple[str, str], float]:
    at: dict[tuple[str, str], float] = {}
    y, before = 0.0, None
    for name, lane in rows:
        y -= 1.6 if before is not None and before != name and lane else 1.0
        at[(name, lane)], before = y, name
    return at


def _spans(ax: Axes, data: pd.DataFrame) -> None:
    """A bar from the first to the last sighting of every identifier."""
    seen = data[data["event"].isin(["first seen", "last seen"])]
    for (_, lane, _), some in seen.groupby(["account_id", "lane", "detail"], sort=False):
        if len(some) > 1:
            colour = LANES.get(str(lane), _ANY).colour
            ax.hlines(
                some["y"].iloc[0],
                some["at"].min(),
                some["at"].max(),
                color=colour,
                lw=3.5,
                alpha=0.55,
                zorder=2,
            )


def _rows_named(ax: Axes, rows: list[tuple[str, str]], at: dict[tuple[str, str], float], theme: Theme) -> None:
    lanes = [LANES.get(lane, _ANY).word if lane in LANES else lane for _, lane in rows]
    firsts = [n == 0 or rows[n - 1][0] != rows[n][0] for n in range(len(rows))]
    words = [short(name) if not lane else word for (name, lane), word in zip(rows, lanes, strict=True)]
    ax.set_yticks([at[row] for row in rows], words)
    for (name, lane), first in zip(rows, firsts, strict=True):
        if lane and first:
            ax.text(
                0.0,
                at[(name, lane)] + 0.62,
                f" {short(name)}",
                transform=ax.get_yaxis_transform(),
                color=theme.ink,
                fontweight="bold",
                fontsize=10,
                va="center",
                zorder=5,
                path_effects=[effects.withStroke(linewidth=2.5, foreground=theme.paper)],
            )
    if at:
        ax.set_ylim(min(at.values()) - 0.6, max(at.values()) + 1.0)


def _timeline_caption(events: pd.DataFrame, data: pd.DataFrame) -> str:
    shown, of = data["account_id"].nunique(), events["account_id"].nunique()
    return (
        f"{len(data):,} of {len(events):,} events of {shown:,} of {of:,} accounts, in UTC. How to read: "
        "one mark an "
        "event, a bar from the first to the last time that an identifier was seen; what stands one above "
        "the other "
        "happened at the same time. Next: look whether one account begins where another was closed, and "
        "whether their "
        "uses alternate or overlap."
    )


def _dot(mark: Mark, theme: Theme) -> Line2D:
    return Line2D([], [], marker=mark.shape, ls="", ms=8, mfc=mark.colour, mec=theme.ink, mew=0.5, label=mark.word)


def _legend(ax: Axes, signs: list[Any], theme: Theme) -> None:
    ax.legend(
        handles=signs,
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        frameon=False,
        labelcolor=theme.ink,
        fontsize=9,
        labelspacing=0.75,
        borderaxespad=0.0,
    )


def draw_sum(told: Explanation, ax: Axes, *, theme: Theme) -> str:
    """Draw an explanation as a sum, piece by piece, with the bounds of the labels, and give the caption."""
    plain(ax, theme)
    pieces = told.evidence[told.evidence["counted"] != 0] if len(told.evidence) else told.evidence
    ordered = pieces.sort_values("counted", ascending=False, kind="stable") if len(pieces) else pieces
    rows = [(_piece(row), float(row.counted)) for row in _rows(ordered)]
    ends = [0.0]
    for nth, (_, points) in enumerate(rows):
        _bar(ax, nth, ends[-1], points, theme)
        ends.append(ends[-1] + points)
    ax.barh(-len(rows), told.score, height=0.62, color=theme.soft, zorder=3)
    _say(ax, f"{told.score:g}: {told.label}", (max(told.score, 0), -len(rows)), theme, "bold")
    ax.set_yticks([-n for n in range(len(rows) + 1)], [*(name for name, _ in rows), "together"])
    bounds = told.bounds
    for nth, (label, bound) in enumerate(bounds.items()):
        ax.axvline(bound, color=theme.soft, lw=1.0, ls=(0, (2, 2)), zorder=1)
        ax.text(bound, 1.2 - 0.3 * nth, f" {label} from {bound:g}", fontsize=8.5, color=theme.soft, va="center")
    ax.set_xlim(min(0.0, *ends) - 0.3, max(max(ends), *bounds.values()) * 1.18 + 1)
    ax.set_ylim(-len(rows) - 0.6, 1.45)
    ax.set_xlabel("points", color=theme.ink, fontsize=9)
    return _sum_caption(told, len(rows))


def _bar(ax: Axes, nth: int, begin: float, points: float, theme: Theme) -> None:
    """One piece of a sum, with the line that leads to the next."""
    look: dict[str, Any] = {"color": theme.plus, "hatch": ""} if points > 0 else {"color": theme.minus, "hatch": "////"}
    ax.barh(-nth, points, left=begin, height=0.62, edgecolor=theme.paper, lw=0.5, zorder=3, **look)
    ax.plot([begin + points] * 2, [-nth - 1.31, -nth], color=theme.soft, lw=0.9, zorder=2)
    _say(ax, f"{points:+g}", (max(begin, begin + points), -nth), theme)


def _say(ax: Axes, text: str, at: tuple[float, float], theme: Theme, weight: str = "normal") -> None:
    """Write behind the end of a bar."""
    halo = [effects.withStroke(linewidth=2.5, foreground=theme.paper)]
    look: dict[str, Any] = {"color": theme.ink, "fontsize": 9.5, "fontweight": weight, "path_effects": halo}
    ax.annotate(text, at, (5, 0), textcoords="offset points", va="center", zorder=5, **look)


def _piece(row: Any) -> str:
    """The family and what is shared, in two short lines."""
    family = "against" if row.points < 0 else str(row.family).lower()
    what = str(row.shown) or str(row.rule).replace("_", " ")
    return f"{family}\n{tidy(what, 34)}"


def _sum_caption(told: Explanation, count: int) -> str:
    innocent = f" The best innocent reading is '{told.benign}' ({told.benign_score:.0%})." if told.benign else ""
    return (
        f"{count:,} of {len(told.evidence):,} pieces of evidence about {short(told.a)} and {short(told.b)}: the best of "
        "each family "
        f"counts.{innocent} How to read: bars to the right speak for one person, hatched bars to the left "
        "against; the "
        "last bar is the sum. "
        "'strong' needs two families besides, one of identity, payment or device. "
        "Next: ask what the innocent reading asks, before anything is decided."
    )


def draw_rings(found: pd.DataFrame, ax: Axes, *, theme: Theme) -> str:
    """Draw the strongest rings as bars and give the caption."""
    plain(ax, theme)
    shown = found.head(MOST_RINGS)
    for nth, row in enumerate(_rows(shown)):
        innocent = float(row.benign_score) >= INNOCENT / 2
        shade, hatch = SHADE.get(str(row.label), 0.4), "////" if innocent else ""
        look: dict[str, Any] = {"color": theme.plus, "alpha": shade, "hatch": hatch, "edgecolor": theme.paper}
        ax.barh(-nth, row.score, height=0.66, lw=0.5, zorder=3, **look)
        perhaps = f", perhaps {row.benign} ({row.benign_score:.0%})" if innocent else ""
        _say(ax, f"{'●' * min(int(row.size), 15)} {row.size} accounts{perhaps}", (row.score, -nth), theme)
    ax.set_yticks([-n for n in range(len(shown))], [_ring(row) for row in _rows(shown)])
    ax.set_xlim(0, 1.6 * (float(shown["score"].max()) if len(shown) else 1.0))
    ax.set_ylim(-len(shown) + 0.4 if len(shown) else -1, 0.6)
    ax.set_xlabel("points of the links that hold it together (mean)", color=theme.ink, fontsize=9)
    words = {label: f"weakest bridge {label}" for label in SHADE if label in set(shown["label"])}
    signs: list[Any] = [Patch(facecolor=theme.plus, alpha=SHADE[label], label=said) for label, said in words.items()]
    said = "innocent reading 25 % or more"
    signs.append(Patch(facecolor=theme.plus, hatch="////", edgecolor=theme.paper, label=said))
    _legend(ax, signs, theme)
    return (
        f"{len(shown):,} of {len(found):,} groups, the strongest on top. How to read: a longer bar is held "
        "together by stronger links; a dot is an account (15 at most). A ring is a reading of the evidence, "
        "not a verdict. "
        "Next: draw one with graph(links, around=its accounts) and look at its weakest bridge."
    )


def _ring(row: Any) -> str:
    names = [short(str(name)) for name in row.accounts]
    return f"{', '.join(names[:2])}" + (f" + {len(names) - 2}" if len(names) > 2 else "")
