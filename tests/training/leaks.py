"""Rules that are simpler than the evidence, by which somebody might try to guess what is true of an account."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tnskit.training.lessons import Lesson
from tnskit.training.sample import ACCOUNT_COLUMNS
from tnskit.training.staging import TIMES

COUNTED = (
    "phones", "emails", "instruments", "addresses", "logins", "jobs", "messages", "payments", "reviews", "reports", "security_events",
)  # fmt: skip


def simple_rules(lesson: Lesson) -> pd.DataFrame:
    """One row an account that is asked about, one column a rule: id order, row positions, moments, numbers of rows and of things."""
    told = pd.DataFrame({"id": [int(account[1:]) for account in lesson.accounts]}, index=list(lesson.accounts))
    for name in COUNTED:
        mine = _rows_of(lesson, name)
        by = mine.groupby("_who")["_place"]
        told[f"{name} rows"], told[f"{name} first row"], told[f"{name} last row"] = by.size(), by.min(), by.max()
        if name in TIMES:
            told[f"{name} seconds"] = pd.to_datetime(mine[TIMES[name]]).dt.second.groupby(mine["_who"]).median()
    rows = lesson.tables["accounts"].set_index("account_id").loc[list(lesson.accounts)]
    told["opened"] = pd.to_datetime(rows["created_at"]).astype("int64")
    told["name"], told["born"] = rows["display_name"].astype(str).str.len(), rows["birth_year"].astype(int)
    logins = _rows_of(lesson, "logins")
    at = pd.to_datetime(logins["at"])
    for rule, values in (("first visit", at.groupby(logins["_who"]).min()), ("last visit", at.groupby(logins["_who"]).max())):
        told[rule] = values.astype("int64")
    told["hour"] = at.dt.hour.groupby(logins["_who"]).mean()
    for column in ("device_id", "ip", "user_agent", "asn"):
        told[f"number of {column}"] = logins.groupby("_who")[column].nunique()
    return told


def _rows_of(lesson: Lesson, name: str) -> pd.DataFrame:
    """The rows of a table that name an account which is asked about, with the account and the place in the table."""
    frame = lesson.tables[name].assign(_place=np.arange(len(lesson.tables[name])))
    parts = [frame[frame[column].isin(lesson.accounts)].assign(_who=frame[column]) for column in sorted(ACCOUNT_COLUMNS & set(frame))]
    return pd.concat(parts).drop_duplicates(["_place", "_who"])


def auc(values: np.ndarray, guilty: np.ndarray) -> float:
    """The chance that a guilty account has the larger value; ties count half."""
    rank = pd.Series(values).rank().to_numpy()
    many = int(guilty.sum())
    return float((rank[guilty].sum() - many * (many + 1) / 2) / (many * (len(rank) - many)))


def inside(rules: list[pd.DataFrame]) -> dict[str, float]:
    """The same chance between accounts of one lesson, over all lessons; weights of van Elteren (1960), best where lessons differ in size."""
    guilty = [one["guilty"].to_numpy(dtype=bool) for one in rules]
    weights = [float(who.sum()) * float((~who).sum()) / (len(who) + 1) for who in guilty]
    names = rules[0].columns.drop("guilty")
    parts = {name: [auc(one[name].to_numpy(dtype=float), who) for one, who in zip(rules, guilty, strict=True)] for name in names}
    return {name: float(np.average(values, weights=weights)) for name, values in parts.items()}


def learned(rules: list[pd.DataFrame]) -> float:
    """The same for the best weighted sum of all rules: learned from the ranks in one half of the lessons, tried on the other half."""
    ranks = [((one.drop(columns="guilty").rank() - 0.5) / len(one) - 0.5).to_numpy(dtype=float) for one in rules]
    truth = [one["guilty"].to_numpy(dtype=float) - one["guilty"].mean() for one in rules]
    turn = np.random.default_rng(1).permutation(len(rules)) % 2
    told = []
    for half in (0, 1):
        x, y = (np.concatenate([one for one, at in zip(parts, turn, strict=True) if at == half]) for parts in (ranks, truth))
        weights = np.linalg.solve(x.T @ x + 5 * np.eye(x.shape[1]), x.T @ y)
        told += [
            pd.DataFrame({"sum": rank @ weights, "guilty": one["guilty"].to_numpy()})
            for rank, one, at in zip(ranks, rules, turn, strict=True)
            if at != half
        ]
    return inside(told)["sum"]
