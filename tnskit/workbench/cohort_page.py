"""The report of a cohort as a page, tables and pictures: who agrees with whom, how sure people may be, how they come on."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tnskit.review.sheet import page, table, words
from tnskit.training.cohort import CohortReport
from tnskit.training.lessons import spoken
from tnskit.workbench.export import whole
from tnskit.workbench.pages import image, picture

MOST_MISTAKES = 15
"""Mistakes that are shown; the file `mistakes.csv` has them all."""


def cohort_page(rounds: Sequence[CohortReport]) -> str:
    """Give the report of a cohort as one page; earlier rounds come first and only show how people came on."""
    report = rounds[-1]
    say = spoken(report.lang)["report"]

    def part(word: str, *held: str) -> list[str]:
        told = words(say[f"{word}_says"]) if f"{word}_says" in say and word not in {"sure", "progress"} else ""
        return [f"<h2>{html.escape(say[word])}</h2>", told, *held]

    def listed(frame: pd.DataFrame) -> str:
        return table(report.told(frame), empty=say["nothing"], cut=say["cut"])

    title, parts = say["title"].format(name=report.name), [words(str(report))]
    waiting = part("waiting", listed(report.waiting))
    if report.scores.empty:
        return page(title, [*parts, *waiting], lang=report.lang)
    people = report.scores.groupby("trainee").agg(
        answers=("total", "size"), mean=("total", "mean"), passed=("passed", "mean"), innocents_lost=("false_removals", "sum"),
        missed=("missed", "sum"), brier=("brier", "mean"), minutes=("minutes", "mean"),
    )  # fmt: skip
    frames = {
        "trainees": people.reset_index(), "hardest": report.hardest, "mistakes": report.mistakes.head(MOST_MISTAKES),
        "agreement": report.agreement,
    }  # fmt: skip
    for word, frame in frames.items():
        parts += part(word, listed(frame))
    parts += [picture(report, say["alike_alt"])] if report.verdicts.shape[1] > 1 else []
    parts += part("sure", picture(report.curve, say["sure_alt"])) if len(report.sure) else []
    parts += part("progress", picture(list(rounds), say["progress_alt"])) if len(rounds) > 1 else []
    parts += part("twins", listed(report.bias)) if len(report.bias) else []
    if len(report.rationales):
        points = "; ".join(f"{number}: {what}" for number, what in spoken(report.lang)["rubric"].items())
        parts += part("reasons", words(f"{points}."), listed(report.rationales))
    return page(title, [*parts, *waiting], lang=report.lang)


def write_report(rounds: Sequence[CohortReport], folder: Path) -> Path:
    """Write the report of the last round: `report.html`, the pictures, and every table as CSV."""
    report = rounds[-1]
    for name in ("scores", "mistakes", "hardest", "agreement", "verdicts", "bias", "waiting", "rationales"):
        frame = getattr(report, name)
        whole(folder / f"{name}.csv", frame.to_csv(index=name == "verdicts").encode())
    if len(report.scores):
        if report.verdicts.shape[1] > 1:
            whole(folder / "agreement.png", image(report, "png"))
        if len(report.sure):
            whole(folder / "calibration.png", image(report.curve, "png"))
        whole(folder / "progress.png", image(list(rounds), "png"))
    return whole(folder / "report.html", cohort_page(rounds).encode())
