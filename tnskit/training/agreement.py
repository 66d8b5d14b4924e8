"""How far reviewers agree: raw, Cohen, Fleiss, Krippendorff's alpha and Gwet's AC1, with how common the commonest verdict is.

Each is a line or two of arithmetic on the table of items by raters. No library that we could rest on has them all: `krippendorff` is
under the GPL, `irrCAC` needs a pandas below 3, `statsmodels` has Cohen and Fleiss and weighs 25 MB. Ours are held to all three on
the published examples to 1e-9 (`tests/training/test_agreement.py` names them).

Words for a figure, such as Landis and Koch's, are only labels. For alpha .80 is good and .667 the least to draw even tentative
conclusions from. Source: Krippendorff, Content Analysis, 2004. Where nearly everybody is let go on, kappa is low though people agree:
AC1 and the prevalence stand beside it for that reason (Gwet, 2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tnskit.errors import UsageError

LEVELS = ("nominal", "ordinal")
Table = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Agreement:
    """How far raters agree.

    Attributes:
        items, raters: How many.
        raw: Share of pairs of verdicts on the same item that are the same.
        cohen: For two raters; None for more.
        fleiss: For any number; items that somebody left out count with those who did rate them.
        alpha: Krippendorff's, with missing verdicts.
        low, high: Its interval, by drawing items with replacement; 95 % of the draws lie inside.
        ac1: Gwet's.
        prevalence: Share of the commonest verdict among all verdicts.
        commonest: That verdict.
    """

    items: int
    raters: int
    raw: float
    cohen: float | None
    fleiss: float
    alpha: float
    low: float
    high: float
    ac1: float
    prevalence: float
    commonest: str


def agreement(table: pd.DataFrame, *, level: str = "nominal", order: Sequence[str] = (), draws: int = 1_000, seed: int = 1) -> Agreement:
    """Measure how far raters agree.

    Args:
        table: One row an item, one column a rater, in the cells the verdict; None where there is none.
        level: `nominal`, or `ordinal` where verdicts have an order.
        order: The verdicts from mild to severe, for `ordinal`; their own order if left out.
        draws: How many times items are drawn for the interval of alpha.
        seed: What the draws come from.

    Raises:
        UsageError: Fewer than two raters, no item that two of them rated, or another level.

    Source: Cohen 1960; Fleiss 1971; Krippendorff 2011; Gwet 2008. The interval is a percentile bootstrap over items (Efron).
    """
    if level not in LEVELS:
        raise UsageError(f"level='{level[:20]}' should be one of {', '.join(LEVELS)}")
    if table.shape[1] < 2:
        raise UsageError("agreement needs the verdicts of at least two people")
    values = list(order) if order else sorted({value for value in table.to_numpy(dtype=object).ravel() if not pd.isna(value)})
    counts = _counts(table, values)
    rated = counts[counts.sum(axis=1) > 1]
    if not len(rated):
        raise UsageError("no case was decided by two people, so there is nothing to compare")
    distances = _distances(rated, level)
    rng = np.random.default_rng(seed)
    drawn = [alpha(rated[rng.integers(len(rated), size=len(rated))], distances) for _ in range(draws)]
    kept = np.array([one for one in drawn if not np.isnan(one)])
    low, high = (float(np.quantile(kept, q)) for q in (0.025, 0.975)) if len(kept) else (float("nan"), float("nan"))
    share = counts.sum(axis=0) / counts.sum()
    two = cohen(table.iloc[:, 0], table.iloc[:, 1]) if table.shape[1] == 2 else None
    return Agreement(
        len(rated), table.shape[1], raw(rated), two, fleiss(rated), alpha(rated, distances), low, high, ac1(counts),
        float(share.max()), str(values[int(np.argmax(share))]),
    )  # fmt: skip


def _counts(table: pd.DataFrame, values: Sequence[Any]) -> Table:
    """One row an item, one column a verdict: by how many it was given."""
    cells = table.to_numpy(dtype=object)
    return np.stack([(cells == value).sum(axis=1) for value in values], axis=1).astype(float)


def raw(counts: Table) -> float:
    """Give the share of agreeing pairs, the mean over items."""
    many = counts.sum(axis=1)
    return float(np.mean((counts * (counts - 1)).sum(axis=1) / (many * (many - 1))))


def cohen(one: pd.Series, two: pd.Series) -> float:
    """Give Cohen's kappa of two raters over the items that both rated; 1 where both gave one verdict only.

    Source: Cohen, A coefficient of agreement for nominal scales, 1960.
    """
    both = one.notna() & two.notna()
    a, b = one[both].to_numpy(dtype=object), two[both].to_numpy(dtype=object)
    if not len(a):
        return float("nan")
    chance = sum(float((a == value).mean()) * float((b == value).mean()) for value in {*a, *b})
    return _corrected(float((a == b).mean()), chance)


def fleiss(counts: Table) -> float:
    """Give Fleiss' kappa.

    Source: Fleiss, Measuring nominal scale agreement among many raters, 1971; shares are means over items, so that an item with
    fewer verdicts counts like any other (Gwet, 2014).
    """
    shares = (counts / counts.sum(axis=1, keepdims=True)).mean(axis=0)
    return _corrected(raw(counts), float((shares**2).sum()))


def ac1(counts: Table) -> float:
    """Give Gwet's AC1.

    Args:
        counts: Items by verdicts; an item with one verdict says how common verdicts are, and nothing about agreement.

    Source: Gwet, Computing inter-rater reliability and its variance in the presence of high agreement, 2008.
    """
    some = counts[counts.sum(axis=1) > 0]
    shares = (some / some.sum(axis=1, keepdims=True)).mean(axis=0)
    many = len(shares)
    if many < 2:
        return 1.0
    return _corrected(raw(some[some.sum(axis=1) > 1]), float((shares * (1 - shares)).sum()) / (many - 1))


def alpha(counts: Table, distances: Table) -> float:
    """Give Krippendorff's alpha; not a number where all verdicts are the same, for then nothing could be confused.

    Source: Krippendorff, Computing Krippendorff's alpha-reliability, 2011.
    """
    many = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :]
    index = np.arange(counts.shape[1])
    pairs[:, index, index] -= counts
    seen = (pairs / (many - 1)[:, None, None]).sum(axis=0)
    totals = seen.sum(axis=1)
    expected = (np.outer(totals, totals) - np.diag(totals)) / (totals.sum() - 1)
    by_chance = float((expected * distances).sum())
    return 1 - float((seen * distances).sum()) / by_chance if by_chance > 0 else float("nan")


def _distances(counts: Table, level: str) -> Table:
    many = counts.shape[1]
    if level == "nominal":
        return 1.0 - np.eye(many)
    totals = counts.sum(axis=0)
    upto = np.cumsum(totals) - totals / 2
    result: Table = (upto[:, None] - upto[None, :]) ** 2
    return result


def _corrected(seen: float, chance: float) -> float:
    return 1.0 if chance >= 1 else (seen - chance) / (1 - chance)


def pairwise(table: pd.DataFrame) -> pd.DataFrame:
    """Give the share of cases on which each two raters agree, as a matrix; not a number where they share no case."""
    cells, names = table.to_numpy(dtype=object), list(table.columns)
    told = table.notna().to_numpy()
    result = np.full((len(names), len(names)), np.nan)
    for place in range(len(names)):
        both = told & told[:, [place]]
        same = both & (cells == cells[:, [place]])
        with np.errstate(invalid="ignore"):
            result[place] = np.where(both.sum(axis=0) > 0, same.sum(axis=0) / np.maximum(both.sum(axis=0), 1), np.nan)
    return pd.DataFrame(result, index=names, columns=names)
