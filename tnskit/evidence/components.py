"""Connected components of a long table of sightings, near the cost of reading it.

Strings are what costs, so they are hashed while they are read and looked at again only where two rows may share a value:
values of one account are dropped first, what is left is compared letter by letter (a hash that two values share is
resolved, never trusted), crowded values are set aside by their number of accounts, and no pair is ever made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from tnskit.cleaning.market import Market
from tnskit.errors import SourceError, TableError, UsageError
from tnskit.evidence.arrays import Ints, connected, order_by_hash, twice

COLUMNS = ("account_id", "kind", "value")
BATCH = 8_000_000
"""Rows whose text is held at once: about 500 MB. A longer table is read twice instead of being kept. Measured."""


@dataclass(frozen=True)
class Long:
    """A long table of sightings on disk, read in slices of rows.

    Attributes:
        frame: The lazy table, three columns of text.
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
            part = self._part(start, COLUMNS[1:])
            for first in range(0, len(part), _SLICE):
                rows = slice(start + first, start + min(first + _SLICE, len(part)))
                some = part.slice(first, _SLICE)
                value[rows] = some["kind"].hash().to_numpy()
                value[rows] *= _ODD
                value[rows] ^= some["value"].hash().to_numpy()
        return value

    def text(self, wanted: Ints) -> pl.DataFrame:
        """Give the text of the rows that are wanted (True), in one piece of memory."""
        parts = []
        for start in range(0, self.rows, self.batch):
            inside = wanted[start : start + self.batch]
            if inside.any():
                parts.append(self._part(start, COLUMNS).filter(pl.Series(inside)))
        self._held.clear()
        # In one piece, for picking rows from many pieces costs twenty times as much.
        return (pl.concat(parts) if parts else self.frame.head(0).collect()).rechunk()

    def _part(self, start: int, columns: tuple[str, ...]) -> pl.DataFrame:
        if self._held:
            return self._held[0]
        if self.rows > self.batch:
            return self.frame.slice(start, self.batch).select(columns).collect()
        self._held.append(self.frame.collect())
        return self._held[0]


_SLICE = 1 << 17
"""Rows hashed at once, so that what lies between stays in the cache of the processor. Measured: 0.1 to 1 million are alike."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
"""Keeps a value apart from the same text of another kind: 2**64 divided by the golden ratio, the usual odd multiplier."""


def read_long(path: str | Path, *, batch: int = BATCH) -> Long:
    """Open a Parquet file (or a pattern such as `day-*.parquet`) with `account_id`, `kind` and `value`.

    Raises:
        SourceError: No such file, or not Parquet.
        TableError: A column is missing.
    """
    try:
        lazy = pl.scan_parquet(path)
        types = lazy.collect_schema()
        rows = lazy.select(pl.len()).collect().item()
    except (OSError, pl.exceptions.PolarsError):
        raise SourceError(f"'{path}' is not there or not a Parquet file; give a table with {', '.join(COLUMNS)}") from None
    if missing := [name for name in COLUMNS if name not in types]:
        raise TableError(f"'{Path(path).name}' lacks the column '{missing[0]}'; it has {', '.join(map(repr, types))}")
    text = lazy.select(name if types[name] == pl.String else pl.col(name).cast(pl.String) for name in COLUMNS)
    return Long(text, int(rows), batch)


def components(source: str | Path | Market, *, most: int = 50, batch: int = BATCH) -> pd.DataFrame:
    """Group the accounts that hang together by any identifier that at most so many accounts share.

    What people often call rings; it is none: one weak chain welds a large part of a market into one component, and
    nothing is scored. `link` says how much each shared value says. Use this to see how a market hangs together.

    Args:
        source: A Parquet file or pattern with `account_id`, `kind`, `value` (compared as they stand), or a Market.
        most: An identifier of more accounts than this is left out.
        batch: Rows whose text is held in memory at once.

    Returns:
        DataFrame `account_id`, `cluster_id` (int, numbered by the first account), in the order of the ids. An account
        that shares nothing is not listed.

    Raises:
        SourceError: No such file, or not Parquet.
        TableError: A column is missing.
        UsageError: `most` is below 2, or `batch` below 1.
    """
    if most < 2 or batch < 1:
        raise UsageError(f"most={most} and batch={batch} should be 2 or more and 1 or more")
    if isinstance(source, Market):
        return _of_market(source, most)
    return _of_table(read_long(source, batch=batch), most)


def _of_market(market: Market, most: int) -> pd.DataFrame:
    seen = market.db.cursor().execute("SELECT account, value FROM main.seen ORDER BY account, value").fetchnumpy()
    ids = market.db.cursor().execute("SELECT account_id FROM main.people ORDER BY code").df()["account_id"]
    account, value = np.asarray(seen["account"], np.int64), np.asarray(seen["value"], np.int64)
    return _named(account, value, most, pl.Series(ids.to_numpy()[account], dtype=pl.String))


def _of_table(table: Long, most: int) -> pd.DataFrame:
    hashes = table.hashes()
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
    del hashes, rows, many, shares
    text = table.text(wanted)
    value = _exact(text.select("kind", "value"), order, fresh)
    account = _exact(text.select("account_id"), *order_by_hash(text["account_id"].hash().to_numpy()))
    whole = text.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
    if not whole.all():
        kept = whole.to_numpy()
        account, value, text = account[kept], value[kept], text.filter(whole)
    return _named(account, value, most, text["account_id"])


def _exact(text: pl.DataFrame, order: Ints, fresh: Ints) -> Ints:
    """Give each row a code by its text.

    Args:
        text: One or more columns of text.
        order: Row numbers in an order in which equal text lies in one run.
        fresh: True where a new run begins.

    Returns:
        int64, one a row. Where a run holds different texts, for their hashes are (nearly) the same, each text has a code of its own.
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


def _kept(account: Ints, value: Ints, most: int) -> tuple[Ints, Ints]:
    """Give account and value once each, of the values that 2 to `most` accounts share, sorted by value."""
    if not len(account):
        return account, value
    bits = np.int64(int(account.max()).bit_length())
    keys = (value << bits) | account
    keys.sort()
    keys = keys[np.append(True, keys[1:] != keys[:-1])]
    value = keys >> bits
    fresh = np.flatnonzero(np.append(True, value[1:] != value[:-1]))
    sizes = np.diff(np.append(fresh, len(value)))
    kept = np.repeat((sizes >= 2) & (sizes <= most), sizes)
    return keys[kept] & ((np.int64(1) << bits) - 1), value[kept]


def _first_of_each(value: Ints, account: Ints) -> tuple[Ints, Ints]:
    """Give edges from the first account of each value to its others; `value` is sorted."""
    fresh = np.append(True, value[1:] != value[:-1])[: len(value)]
    heads = account[fresh][np.cumsum(fresh) - 1]
    return heads[~fresh], account[~fresh]


def _named(account: Ints, value: Ints, most: int, names: pl.Series) -> pd.DataFrame:
    """Label the linked accounts, in the order in which they first stand in the table.

    Args:
        account: A code for each row, in the order of the table.
        value: A code for each row.
        most: Leave out values of more accounts.
        names: The account of each row.
    """
    size = int(account.max(initial=-1)) + 1
    row_of = np.zeros(size, dtype=np.int64)
    # Written from the last row to the first, so that the first stays.
    row_of[account[::-1]] = np.arange(len(account) - 1, -1, -1)
    account, value = _kept(account, value, most)
    linked = np.zeros(len(names), dtype=np.bool_)
    linked[row_of[account]] = True
    rank = (np.cumsum(linked) - 1)[row_of]
    heads, others = _first_of_each(value, rank[account])
    names = names.filter(pl.Series(linked))
    first = connected(heads, others, len(names))
    numbers = (np.cumsum(first == np.arange(len(names))) - 1)[first]
    return pd.DataFrame({"account_id": names.to_numpy(), "cluster_id": numbers})
