"""Rules that are simpler than the evidence, by which somebody might try to guess what is true of an account."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tnskit.training.lessons import Key, Lesson
from tnskit.training.sample import ACCOUNT_COLUMNS
from tnskit.training.staging import TIMES

COUNTED = (
    "phones",
    "emails",
    "instruments",
    "addresses",
    "logins",
    "jobs",
    "messages",
    "payments",
    "reviews",
    "reports",
    "security_events",
)


def simple_rules(lesson: Lesson) -> pd.DataFrame:
    """One row an account that is asked about, one column a rule: id order, row positions, moments, numbers of rows."""
    table = {}
    for account in lesson.accounts:
        told = {"id": int(account[1:])}
        for name in COUNTED:
            frame = lesson.tables[name]
            columns = sorted(ACCOUNT_COLUMNS.intersection(frame.columns))
            here = np.flatnonzero(np.logical_or.reduce([(frame[column] == account).to_numpy(dtype=bool) for column in columns]))
            told |= {f"{name} rows": len(here), f"{name} first row": here.min(), f"{name} last row": here.max()}
            if name in TIMES:
                when = pd.to_datetime(frame[TIMES[name]].iloc[here]).astype("int64")
                told |= {f"{name} seconds": float(np.median(when // 10**6 % 60))}
        row = lesson.tables["accounts"].set_index("account_id").loc[account]
        told |= {
            "opened": pd.Timestamp(row["created_at"]).timestamp(),
            "name": len(str(row["display_name"])),
            "born": int(row["birth_year"]),
        }
        logins = lesson.tables["logins"]
        mine = pd.to_datetime(logins.loc[logins["account_id"] == account, "at"])
        told |= {"first visit": mine.min().timestamp(), "last visit": mine.max().timestamp(), "hour": float(mine.dt.hour.mean())}
        table[account] = told
    return pd.DataFrame(table).T


def auc(values: np.ndarray, guilty: np.ndarray) -> float:
    """The chance that a guilty account has the larger value; ties count half."""
    rank = pd.Series(values).rank().to_numpy()
    many = int(guilty.sum())
    return float((rank[guilty].sum() - many * (many + 1) / 2) / (many * (len(rank) - many)))


def inside(lesson: Lesson, key: Key) -> pd.DataFrame:
    """Rules as ranks inside the lesson, around a half for all, with the column `guilty`."""
    rules = (simple_rules(lesson).rank() - 0.5) / len(lesson.accounts)
    return rules.assign(guilty=[key.accounts[account].guilty for account in rules.index])
