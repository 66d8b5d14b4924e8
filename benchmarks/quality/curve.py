"""Draw what was told against what held: one reliability curve for each make of markets."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from benchmarks.quality.measures import BINS

BLUE, GREY = "#1f5fa8", "#9aa4b0"


def pooled(scores: pd.DataFrame) -> pd.DataFrame:
    """Add up the curves of markets: rows by tenth, `told`, `held` (shares), `pairs`."""
    sums = {what: np.array([scores[f"{what}, tenth {n}"].sum() for n in range(BINS)]) for what in ("pairs", "told", "held")}
    frame = pd.DataFrame(sums)
    frame = frame[frame["pairs"] > 0]
    return frame.assign(told=frame["told"] / frame["pairs"], held=frame["held"] / frame["pairs"]).astype({"pairs": int})


def draw(scores: pd.DataFrame, file: str | Path) -> None:
    """Save one panel a make: the diagonal is a promise kept; under it how many pairs stand in each tenth."""
    makes = list(dict.fromkeys(scores["make"]))
    figure, axes = plt.subplots(2, len(makes), figsize=(3.3 * len(makes), 4.6), height_ratios=[4, 1], sharex=True, squeeze=False)
    for at, name in enumerate(makes):
        mine = scores[scores["make"] == name]
        points = pooled(mine)
        top, low = axes[0, at], axes[1, at]
        top.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1)
        top.plot(points["told"], points["held"], color=BLUE, marker="o", markersize=4)
        top.set(title=name, ylim=(-0.02, 1.02))
        words = f"{mine['market'].nunique()} markets\nBrier {mine['Brier'].median():.3f}"
        top.text(0.99, 0.03, words, ha="right", fontsize=9)
        low.bar(points.index / BINS + 0.05, points["pairs"], width=0.08, color=BLUE)
        low.set(yscale="log", xlabel="probability told")
    axes[0, 0].set_ylabel("share that was one hand")
    axes[1, 0].set_ylabel("pairs")
    for panel in axes.flat:
        panel.spines[["top", "right"]].set_visible(False)
        panel.tick_params(labelsize=8)
    figure.tight_layout()
    figure.savefig(file, dpi=120)
    plt.close(figure)
