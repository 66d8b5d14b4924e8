"""How a kind of dirt takes hold of a table: some rows, some cells, a row again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tnskit.training.text import Ints, Texts

Tables = dict[str, pd.DataFrame]
Stream = np.random.Generator


def some(frame: pd.DataFrame, draw: Stream, share: float, where: pd.Series | None = None, *, least: int = 1) -> Ints:
    """Draw the places of a share of the rows, at least one, of those where something holds."""
    pool = np.arange(len(frame)) if where is None else np.flatnonzero(where.to_numpy(dtype=bool))
    count = min(max(round(share * len(frame)), least), len(pool))
    return np.sort(draw.choice(pool, size=count, replace=False)).astype(np.int64) if count else np.zeros(0, np.int64)


def put(frame: pd.DataFrame, rows: Ints, column: str, values: object) -> int:
    """Write values into some cells of a column."""
    if len(rows):
        whole = frame[column].copy()
        whole.iloc[rows] = values
        frame[column] = whole
    return len(rows)


def cells(frame: pd.DataFrame, rows: Ints, column: str) -> Texts:
    """Read some cells of a column."""
    result: Texts = frame[column].iloc[rows].to_numpy(dtype=object)
    return result


def repeat(tables: Tables, name: str, rows: Ints) -> int:
    """Put copies of some rows right behind them."""
    frame = tables[name]
    order = np.sort(np.r_[np.arange(len(frame)), rows])
    tables[name] = frame.iloc[order].reset_index(drop=True)
    return len(rows)
