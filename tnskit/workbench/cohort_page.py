"""The report of a cohort as a page, tables and pictures: who agrees with whom, how sure people may be, how they come on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tnskit.review.sheet import page, table, words
from tnskit.training.cohort import CohortReport
from tnskit.training.lessons import spoken
from tnskit.workbench.export import whole
from tnskit.workbench.pages import image, picture


def cohort_page(rounds: Sequence[CohortReport]) -> str:
    """Give the report of a cohort as one page; earlier rounds come first and only show how people came on."""
    report = rounds[-1]
    parts = [words(str(report))]
    if report.scores.empty:
        return page(f"Cohort {report.name}", [*parts, "<h2>Waiting</h2>", table(report.waiting)])
    people = report.scores.groupby("trainee").agg(
        answers=("total", "size"), mean=("total", "mean"), passed=("passed", "mean"), innocents_lost=("false_removals", "sum"),
        missed=("missed", "sum"), brier=("brier", "mean"), minutes=("minutes", "mean"),
    )  # fmt: skip
    parts += ["<h2>Trainees</h2>", table(_told(people.reset_index()))]
    parts += [
        "<h2>Hardest cases</h2>",
        words("Low agreement or marks on one case: look at its text first, then at people."),
        table(_told(report.hardest)),
    ]
    parts += ["<h2>Common mistakes</h2>", table(_told(report.mistakes.head(15)))]
    parts += ["<h2>Agreement</h2>", words(_AGREE), table(_told(report.agreement))]
    if report.verdicts.shape[1] > 1:
        parts.append(picture(report, "Share of accounts on which each two trainees decided alike"))
    if len(report.sure):
        parts += [
            "<h2>Sure and right</h2>",
            picture(report.curve, "How often verdicts were right by how sure people were"),
        ]
    if len(rounds) > 1:
        parts += [
            "<h2>Progress</h2>",
            picture(list(rounds), "Mean of each trainee from round to round"),
        ]
    if len(report.bias):
        parts += ["<h2>Twins</h2>", words(_TWINS), table(_told(report.bias))]
    if len(report.rationales):
        points = "; ".join(f"{number}: {what}" for number, what in spoken("en")["rubric"].items())
        parts += ["<h2>Reasons</h2>", words(f"{_REASONS} One point each. {points}."), table(_told(report.rationales))]
    parts += ["<h2>Waiting</h2>", table(report.waiting, empty="Nothing is waiting.")]
    return page(
        f"Cohort {report.name}",
        parts,
    )


_AGREE = (
    "Alpha: .80 is good, .667 the least to draw tentative conclusions from. Where one verdict is very common, kappa is low though people "
    "agree; AC1 and the prevalence stand beside it for that."
)
_REASONS = "A person marks these: write 0 to 4 into the column points of rationales.csv and mark again; what you wrote is kept."
_TWINS = (
    "The same facts twice, once with an English and once with a Spanish name, locale and street. Harsher: the second was judged more "
    "severely. p: how often a fair coin would differ as much."
)


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    told = frame.copy()
    for column in told.columns[told.dtypes.map(lambda kind: str(kind).startswith("float"))]:
        told[column] = told[column].map(lambda value: "" if pd.isna(value) else f"{value:.3g}")
    told.columns = [str(name).replace("_", " ") for name in told.columns]
    return told.fillna("")


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
