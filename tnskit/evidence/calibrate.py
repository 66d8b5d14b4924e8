"""What a score means: from points to a probability, by a fixed map or by one learned from a team's own decisions."""

from __future__ import annotations

import html
import warnings
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tnskit.cleaning.hashes import Ints
from tnskit.errors import UsageError
from tnskit.evidence.company import company_of
from tnskit.evidence.links import Links
from tnskit.evidence.rules import COMPANY, Rules

ENOUGH = 200
"""Decisions below which a learned map is more noise than knowledge. Assumption: some twenty in each of ten steps."""

FOLDS, STEPS = 5, 12
"""Parts for testing a learned map on decisions it has not seen, and the most steps it may have."""

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, eq=False)
class Calibration:
    """What scores mean, and how well that held on decisions.

    Attributes:
        steps: (points, probability) pairs, rising; between them the probability is a straight line.
        innocent: Points taken off a pair whose innocent reading is certain, before the steps are asked.
        decisions: How many decisions were used; 0 for the map that comes along.
        curve: DataFrame, one row a tenth of probability: `told` (mean probability), `held` (share that was one person), `pairs`,
            for the old map; `told_after`, `held_after`, `pairs_after` for the learned one, on decisions it had not seen.
        before: Brier score and expected calibration error of the old map on the decisions.
        after: The same of the learned map, each decision told by a map learned without it.
        warning: What to beware of, or "".
        links: Where to see whom else two accounts are strongly linked to, which adds points; None where that is not asked.
    """

    steps: tuple[tuple[float, float], ...]
    innocent: float
    decisions: int = 0
    curve: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    before: dict[str, float] = field(default_factory=dict)
    after: dict[str, float] = field(default_factory=dict)
    warning: str = ""
    links: Links | None = field(default=None, repr=False)

    def probability(self, pairs: pd.DataFrame) -> Floats:
        """Give how likely each pair is one person.

        Args:
            pairs: Rows with `score` and `benign_score`, as `Links.pairs` has them; with `a` and `b` too it counts whom else the
                two are strongly linked to.

        Returns:
            One float (0 to 1) a row.
        """
        points, beside = _points(self.links, self.innocent, pairs)
        return left(_told(points, self.steps), pairs, beside)

    @property
    def toml(self) -> str:
        """The map as the table `[probability]` of a rule table of your own."""
        scores = ", ".join(f"{score:g}" for score, _ in self.steps)
        chances = ", ".join(f"{chance:.4f}" for _, chance in self.steps)
        points = self.links.rules.company if self.links else (0.0,) * len(COMPANY)
        company = ", ".join(f"{name} = {value:g}" for name, value in zip(COMPANY, points, strict=True))
        return f"[probability]\ninnocent = {self.innocent:g}\ncompany = {{ {company} }}\nscores = [{scores}]\nchances = [{chances}]\n"

    def __str__(self) -> str:
        lines = [self.warning] if self.warning else []
        lines.append(
            f"points to probability, from {self.decisions:,} decisions" if self.decisions else "points to probability, as it comes"
        )
        lines += [f"  {score:6.1f} points: {chance:.0%}" for score, chance in self.steps]
        for word, found in (("before", self.before), ("after", self.after)):
            if found:
                lines.append(f"{word}: Brier score {found['Brier']:.4f}, calibration error {found['ECE']:.4f}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        table = self.curve.round(3).to_html(index=False, border=0) if len(self.curve) else ""
        return f"<pre>{html.escape(str(self))}</pre>{table}"


def calibrate(links: Links, decisions: pd.DataFrame | None = None) -> Calibration:
    """Say what scores mean: by the map of the rule table, or by one learned from your own past decisions.

    Args:
        links: What `link` gave.
        decisions: Rows of `a`, `b`, `same`: two accounts, and whether people found that they are one person's. Of a pair told twice
            the last row counts; pairs that share nothing are left out.

    Returns:
        Calibration: `probability(pairs)`, `curve`, `before`, `after`, `toml` (to put into a rule table of your own).

    Raises:
        UsageError: A column is missing, or no decision is about a pair of these links.

    Source: isotonic regression (Zadrozny & Elkan 2002) by pooling adjacent violators.
    """
    given = Calibration(links.rules.chances, links.rules.innocent, links=links)
    if decisions is None:
        return given
    if missing := sorted({"a", "b", "same"} - set(decisions.columns)):
        raise UsageError(f"decisions lack the column '{missing[0]}'; they need a, b (accounts) and same (true or false)")
    pairs = _decided(links, decisions)
    if pairs.empty:
        raise UsageError("no decision is about two accounts that these links connect; nothing can be learned from them")
    warning = ""
    if len(pairs) < ENOUGH:
        warning = f"only {len(pairs):,} decisions; below {ENOUGH} a learned map is mostly noise, so keep the one that comes along"
        warnings.warn(warning, UserWarning, stacklevel=2)
    same = pairs["same"].to_numpy(dtype=bool)
    points, beside = _points(links, given.innocent, pairs)
    old, new = given.probability(pairs), left(_unseen(points, same), pairs, beside)
    curve = reliability(old, same).join(reliability(new, same).rename(columns=lambda name: f"{name}_after"), how="outer").reset_index()
    return Calibration(_learned(points, same), given.innocent, len(pairs), curve, _held(old, same), _held(new, same), warning, links)


def probability(rules: Rules, pairs: pd.DataFrame) -> Floats:
    """Give how likely each pair is one person by its points alone, whoever else the two are linked to; see `likely`."""
    return Calibration(rules.chances, rules.innocent).probability(pairs)


def left(told: Floats, pairs: pd.DataFrame, beside: Ints) -> Floats:
    """Tell of two, of whom at least one hangs with nobody else, no more than their innocent reading leaves.

    Of such a pair nothing is known but what the reading looked at, and one person and two people cannot both be likelier than not. Where
    each hangs with others, those say what the reading does not know.

    Args:
        told: How likely each pair is one person by its points.
        pairs: Rows with `benign_score`.
        beside: With whom else the two hang; see `company`.
    """
    result: Floats = np.where((beside == 0) | (beside == 1), np.minimum(told, 1 - pairs["benign_score"].to_numpy(dtype=float)), told)
    return result


def likely(links: Links, pairs: pd.DataFrame) -> Floats:
    """Give how likely each pair is one person, by the map of the rule table and the company of the two."""
    return calibrate(links).probability(pairs)


def reliability(told: Floats, same: Flags, *, bins: int = 10) -> pd.DataFrame:
    """Compare what was told with what held.

    Returns:
        DataFrame by `bin` (0 to `bins` - 1, of equal width): `told`, `held`, `pairs`.
    """
    place = np.minimum((told * bins).astype(int), bins - 1)
    frame = pd.DataFrame({"bin": place, "told": told, "held": same.astype(float)})
    return frame.groupby("bin").agg(told=("told", "mean"), held=("held", "mean"), pairs=("held", "size"))


def _held(told: Floats, same: Flags) -> dict[str, float]:
    each = reliability(told, same)
    error = float(((each["told"] - each["held"]).abs() * each["pairs"]).sum() / each["pairs"].sum())
    return {"Brier": float(((told - same) ** 2).mean()), "ECE": error}


def _decided(links: Links, decisions: pd.DataFrame) -> pd.DataFrame:
    told = decisions[["a", "b", "same"]].dropna()
    low, high = told[["a", "b"]].astype(str).min(axis=1), told[["a", "b"]].astype(str).max(axis=1)
    told = pd.DataFrame({"a": low, "b": high, "same": told["same"].astype(bool)}).drop_duplicates(["a", "b"], keep="last")
    return links.pairs[["a", "b", "score", "benign_score"]].merge(told, on=["a", "b"]).sort_values(["a", "b"], ignore_index=True)


def _points(links: Links | None, innocent: float, pairs: pd.DataFrame) -> tuple[Floats, Ints]:
    """Points of strength, less those of the innocent reading, and those of company, and that company; a long table tells of neither."""
    points: Floats = pairs["score"].to_numpy(dtype=float) - innocent * pairs["benign_score"].to_numpy(dtype=float)
    if links is None or not links.reads_innocent or not {"a", "b"} <= set(pairs.columns) or pairs.empty:
        return points, np.full(len(pairs), -1, dtype=np.int64)
    beside = company_of(links, pairs)
    points += np.array(links.rules.company)[beside]
    return points, beside


def _told(points: Floats, steps: tuple[tuple[float, float], ...]) -> Floats:
    at, chance = np.array(steps, dtype=float).T
    result: Floats = np.interp(points, at, chance)
    return result


def _unseen(points: Floats, same: Flags) -> Floats:
    """Tell each decision by a map that was learned from the others."""
    part = np.random.default_rng(0).permutation(len(points)) % FOLDS
    told = np.full(len(points), float(same.mean()))
    for fold in range(min(FOLDS, len(points))):
        here = part == fold
        if (~here).any():
            told[here] = _told(points[here], _learned(points[~here], same[~here]))
    return told


def _learned(points: Floats, same: Flags) -> tuple[tuple[float, float], ...]:
    """Fit a rising map: equal shares of the decisions to a step, then adjacent steps that fall are pooled."""
    order = np.argsort(points, kind="stable")
    blocks: list[list[float]] = []
    for part in np.array_split(order, min(STEPS, len(order))):
        # One success and one failure are added to each step, so that no step is ever sure.
        blocks.append([float(points[part].mean()) * len(part), float(same[part].sum()), float(len(part))])
        while len(blocks) > 1 and _rate(blocks[-2]) >= _rate(blocks[-1]):
            last = blocks.pop()
            blocks[-1] = [x + y for x, y in zip(blocks[-1], last, strict=True)]
    return tuple((round(block[0] / block[2], 2), round(_rate(block), 4)) for block in blocks)


def _rate(block: list[float]) -> float:
    return (block[1] + 1) / (block[2] + 2)
