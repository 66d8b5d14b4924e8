"""Pictures of a cohort: who agrees with whom, how sure people may be, how they come on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from tnskit.training.agreement import pairwise
from tnskit.training.cohort import CohortReport
from tnskit.training.grading import PASS
from tnskit.training.lessons import spoken
from tnskit.workbench.theme import Theme

MOST_NAMES, MOST_FIGURES = 40, 12
"""Trainees that the matrix names, and up to which it writes a share into each cell; beyond that they would run into each other."""


def draw_alike(report: CohortReport, ax: Axes, theme: Theme) -> str:
    """Draw the share of accounts on which each two trainees decided alike."""
    shares = pairwise(report.verdicts)
    values, names = shares.to_numpy(dtype=float), list(shares.columns) if len(shares) <= MOST_NAMES else []
    ax.imshow(values, cmap=LinearSegmentedColormap.from_list("share", [theme.paper, theme.plus]), vmin=0, vmax=1)
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(names)), names, rotation=60, ha="left")
    ax.set_yticks(range(len(names)), names)
    if len(shares) <= MOST_FIGURES:
        for (y, x), value in np.ndenumerate(values):
            if not np.isnan(value):
                ax.text(x, y, f"{value:.0%}", ha="center", va="center", color=theme.ink if value < 0.6 else theme.paper, fontsize=8)
    _plain(ax, theme)
    return spoken(report.lang)["report"]["alike_says"].format(accounts=f"{len(report.verdicts):,}", people=len(shares))


def draw_calibration(curve: pd.DataFrame, ax: Axes, theme: Theme) -> str:
    """Draw how often verdicts were right against how sure people were."""
    say = spoken(curve.attrs.get("lang", "en"))["report"]
    ax.plot([0.5, 1], [0.5, 1], color=theme.soft, linestyle="--", linewidth=1, label=say["even"])
    ax.plot(curve["said"], curve["right"], color=theme.plus, marker="o", label=say["cohort"])
    for said, right, many in curve[["said", "right", "verdicts"]].itertuples(index=False):
        ax.annotate(f"{many:,}", (said, right), textcoords="offset points", xytext=(6, -13), color=theme.soft, fontsize=8)
    ax.set(xlim=(0.48, 1.02), ylim=(-0.03, 1.03))
    ax.set_xlabel(say["sure_x"], color=theme.ink)
    ax.set_ylabel(say["sure_y"], color=theme.ink)
    ax.legend(frameon=False, labelcolor=theme.ink, loc="upper left")
    _plain(ax, theme)
    return say["sure_says"]


def draw_progress(rounds: Sequence[CohortReport], ax: Axes, theme: Theme) -> str:
    """Draw each trainee's mean from round to round, and the mean of all."""
    say = spoken(rounds[-1].lang)["report"]
    means = pd.DataFrame({place: one.scores.groupby("trainee")["total"].mean() for place, one in enumerate(rounds, 1)})
    for row in means.to_numpy(dtype=float):
        ax.plot(list(means.columns), row, color=theme.soft, alpha=0.5, linewidth=1)
    ax.plot(list(means.columns), means.mean().to_numpy(), color=theme.plus, marker="o", linewidth=2.5, label=say["mean"])
    ax.axhline(PASS, color=theme.minus, linestyle="--", linewidth=1, label=say["passing"])
    ax.set_xticks(list(means.columns), [one.name for one in rounds])
    ax.set_ylim(0, 103)
    ax.set_ylabel(say["points"], color=theme.ink)
    ax.legend(frameon=False, labelcolor=theme.ink, loc="lower right")
    _plain(ax, theme)
    return say["progress_says"]


def _plain(ax: Axes, theme: Theme) -> None:
    ax.tick_params(colors=theme.ink, labelsize=8)
    for spine in ax.spines.values():
        spine.set_color(theme.faint)
