"""A long table of sightings, read near the cost of reading it: the rows that share a value, in integer codes.

Strings are what costs, so they are hashed while they are read and looked at again only where two rows may share a value:
values of one row are dropped first, what is left is compared letter by letter. A hash that two values share is resolved,
never trusted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import polars as pl

from tnskit.errors import SourceError, TableError
from tnskit.evidence.arrays import Ints, order_by_hash, twice

Source: TypeAlias = str | Path | pd.DataFrame | pl.DataFrame
"""A Parquet file, a pattern such as `day-*.parquet`, or a frame."""

COLUMNS = ("account_id", "kind", "value")
DATES = {"first": ("first_seen", "seen_at"), "last": ("last_seen", "seen_at", "first_seen")}
"""Where the first and the last sighting of a row may stand, the first that is there counts."""

BATCH = 8_000_000
"""Rows whose text is held at once: about 500 MB. A longer table is read twice instead of being kept. Measured."""

_SLICE = 1 << 17
"""Rows hashed at once, so that what lies between stays in the cache of the processor. Measured: 0.1 to 1 million are alike."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
"""Keeps a value apart from the same text of another kind: 2**64 divided by the golden ratio, the usual odd multiplier."""


@dataclass(frozen=True)
class Long:
    """A long table of sightings, read in slices of rows.

    Attributes:
        frame: The lazy table: three columns of text, and `first` and `last` (moments) where dates were asked for.
        rows: Number of rows.
        batch: Rows to hold at once.
    """

    frame: pl.LazyFrame
    rows: int
    batch: int
    _held: list[pl.DataFrame] = field(default_factory=list, repr=False)

    def hashes(self) -> Ints:
        """Give a hash of kind and value, row by row (uint64)."""
        value = np.empty(self.rows, dtype=np.uint64)
        for start in range(0, self.rows, self.batch):
            part = self._part(start, list(COLUMNS[1:]))
            for first in range(0, len(part), _SLICE):
                value[start + first : start + min(first + _SLICE, len(part))] = hashed(part.slice(first, _SLICE))
        return value

    def text(self, wanted: Ints) -> pl.DataFrame:
        """Give all columns of the rows that are wanted (True), in one piece of memory."""
        parts = []
        for start in range(0, self.rows, self.batch):
            inside = wanted[start : start + self.batch]
            if inside.any():
                parts.append(self._part(start, None).filter(pl.Series(inside)))
        self._held.clear()
        # In one piece, for picking rows from many pieces costs twenty times as much.
        return (pl.concat(parts) if parts else self.frame.head(0).collect()).rechunk()

    def whole(self) -> pl.LazyFrame:
        """Give the table as it is held in memory."""
        return self._part(0, None).lazy()

    def _part(self, start: int, columns: list[str] | None) -> pl.DataFrame:
        if self._held:
            return self._held[0]
        if self.rows > self.batch:
            part = self.frame.slice(start, self.batch)
            return (part.select(columns) if columns else part).collect()
        self._held.append(self.frame.collect())
        return self._held[0]


@dataclass(frozen=True)
class Shared:
    """The rows of a long table whose value stands in another row too.

    Attributes:
        text: The rows, in the order of the table.
        account: A code of each row's account, from 0, in no order.
        value: A code of each row's kind and value, in no order.
    """

    text: pl.DataFrame
    account: Ints
    value: Ints


def hashed(part: pl.DataFrame) -> Ints:
    """Give a hash of kind and value for each row (uint64)."""
    found: Ints = part["kind"].hash().to_numpy() * _ODD
    found ^= part["value"].hash().to_numpy()
    return found


def read_long(source: Source, *, dates: bool = False, batch: int = BATCH) -> Long:
    """Open a long table with `account_id`, `kind` and `value`; `dates` asks for `first` and `last` too, empty if not there.

    Raises:
        SourceError: No such file, or not Parquet.
        TableError: A column is missing.
    """
    name = f"'{Path(source).name}'" if isinstance(source, str | Path) else "the frame"
    try:
        lazy = _lazy(source)
        types = lazy.collect_schema()
        rows = lazy.select(pl.len()).collect().item()
    except (OSError, pl.exceptions.PolarsError):
        raise SourceError(f"{name} is not there or not a Parquet file; give a table with {', '.join(COLUMNS)}") from None
    if missing := [column for column in COLUMNS if column not in types]:
        raise TableError(f"{name} lacks the column '{missing[0]}'; it has {', '.join(map(repr, types))}")
    columns = [pl.col(column) if types[column] == pl.String else pl.col(column).cast(pl.String) for column in COLUMNS]
    if dates:
        for ours, theirs in DATES.items():
            there = [pl.col(column).cast(pl.Datetime("us")) for column in theirs if column in types]
            columns.append((pl.coalesce(there) if there else pl.lit(None, pl.Datetime("us"))).alias(ours))
    return Long(lazy.select(columns), int(rows), batch)


def _lazy(source: Source) -> pl.LazyFrame:
    if isinstance(source, pl.DataFrame):
        return source.lazy()
    if isinstance(source, pd.DataFrame):
        return pl.DataFrame({str(name): _series(column) for name, column in source.items()}).lazy()
    return pl.scan_parquet(source)


def _series(column: pd.Series) -> Any:
    if column.dtype.kind == "M":
        naive = column.dt.tz_convert("UTC").dt.tz_localize(None) if getattr(column.dtype, "tz", None) else column
        return naive.to_numpy("datetime64[us]")
    return [None if missing else cell for cell, missing in zip(column.tolist(), column.isna(), strict=True)]


def shared(table: Long, hashes: Ints) -> Shared:
    """Find the rows that share a value with another row, and give accounts and values integer codes.

    Args:
        table: The table.
        hashes: What `table.hashes()` gave.
    """
    rows = twice(hashes)
    order, fresh = order_by_hash(hashes[rows])
    # A row alone in its run shares nothing: it differs from the row before it and from the row after it.
    many = ~(fresh & np.append(fresh[1:], True)[: len(fresh)])
    order, fresh = order[many], fresh[many]
    shares = np.zeros(len(rows), dtype=np.bool_)
    shares[order] = True
    wanted = np.zeros(table.rows, dtype=np.bool_)
    wanted[rows[shares]] = True
    order = (np.cumsum(shares, dtype=np.int32) - 1)[order]
    del rows, many, shares
    text = table.text(wanted)
    value = _exact(text.select("kind", "value"), order, fresh)
    account = _exact(text.select("account_id"), *order_by_hash(text["account_id"].hash().to_numpy()))
    whole = text.select(pl.all_horizontal(pl.col(*COLUMNS).is_not_null())).to_series()
    if not whole.all():
        kept = whole.to_numpy()
        account, value, text = account[kept], value[kept], text.filter(whole)
    return Shared(text, account, value)


def _exact(text: pl.DataFrame, order: Ints, fresh: Ints) -> Ints:
    """Give each row a code by its text.

    Args:
        text: One or more columns of text.
        order: Row numbers in an order in which equal text lies in one run.
        fresh: True where a new run begins.

    Returns:
        int64, one a row. Where a run holds different texts, for their hashes are (nearly) the same, each text has a code
        of its own.
    """
    differs = np.zeros(max(0, len(order) - 1), dtype=np.bool_)
    for name in text.columns:
        words = text[name].gather(order)
        differs |= words.head(-1).ne_missing(words.tail(-1)).to_numpy()
    differs &= ~fresh[1:]
    run = np.cumsum(fresh) - 1
    if differs.any():
        mixed = np.flatnonzero(np.isin(run, run[1:][differs]))
        codes = text[order[mixed]].select(pl.struct(pl.all()).rank("dense")).to_series().to_numpy()
        run[mixed] = run[-1] + codes.astype(np.int64)
    found = np.empty(len(run), dtype=np.int64)
    found[order] = run
    return found
