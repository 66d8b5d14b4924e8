"""Put the figures of all makes into the manual: `docs/how-sure.md`, between two marks, and the reliability curves beside it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.quality import curve

PAGE = Path(__file__).parents[2] / "docs" / "how-sure.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
GROUPS = {
    "B-cubed F1, linked": 3, "pair F1": 3, "ring recall": 3, "abusers covered": 3, "innocents per 100": 2, "exposed hit": 3, "largest": 0,
}  # fmt: skip
"""What is told of each way of grouping, with its digits."""
LESS = frozenset({"innocents per 100", "exposed hit", "largest", "ECE", "ECE, a ring one hand", "Brier", "exposed hit, worst country"})
"""Figures of which less is better."""
SCORES = ("strong precision", "AP", "AP balanced", "AP, rings apart", "benign AUC", "benign AUC, mean of reasons",
          "benign AUC, worst reason", "ECE", "ECE, a ring one hand", "Brier", "exposed hit, worst country")  # fmt: skip


def write(groups: pd.DataFrame, scores: pd.DataFrame) -> None:
    """Write a table for each make and one for the scores, and draw the curves."""
    parts = [_groups(str(make), part) for make, part in groups.groupby("make", sort=False)]
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    text = "\n\n".join([before + BEGIN, *parts, _scores(scores), END + rest.split(END)[1]])
    PAGE.write_text(text, encoding="utf-8")
    curve.draw(scores, PAGE.parent / "pictures" / "reliability.png")


def _cell(values: pd.Series, name: str, digits: int = 3) -> str:
    if values.isna().all():
        return ""
    worst = values.max() if name in LESS else values.min()
    return f"{values.median():,.{digits}f} ({worst:,.{digits}f})"


def _groups(make: str, part: pd.DataFrame) -> str:
    accounts = part["accounts"].iloc[0]
    lines = [f"### {make}: {part['market'].nunique()} markets of {accounts:,} accounts", "", f"| way | {' | '.join(GROUPS)} |",
             f"|---|{'---|' * len(GROUPS)}"]  # fmt: skip
    for way, mine in part.groupby("way", sort=False):
        lines.append(f"| {way} | {' | '.join(_cell(mine[name], name, digits) for name, digits in GROUPS.items())} |")
    return "\n".join(lines)


def _scores(scores: pd.DataFrame) -> str:
    makes = list(dict.fromkeys(scores["make"]))
    lines = ["### Our scores and readings, make by make", "", f"| figure | {' | '.join(makes)} |", f"|---|{'---|' * len(makes)}"]
    by = {make: scores[scores["make"] == make] for make in makes}
    told = {name: [_cell(by[make][name], name) for make in makes] for name in SCORES if name in scores}
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in told.items()]
    return "\n".join(lines)
