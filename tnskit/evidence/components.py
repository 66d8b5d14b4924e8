"""Connected components of a long table of sightings, near the cost of reading it: no pair is ever made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from tnskit.cleaning.hashes import Ints, keyed, taken
from tnskit.cleaning.longtable import BATCH, Long, column, read_long
from tnskit.cleaning.market import Market
from tnskit.cleaning.sharing import shared
from tnskit.errors import UsageError
from tnskit.evidence.arrays import connected


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
    seen = market.db.cursor().execute("SELECT account, value FROM main.seen WHERE value IS NOT NULL ORDER BY account, value").fetchnumpy()
    account, value = np.asarray(seen["account"], np.int64), np.asarray(seen["value"], np.int64)
    fresh = np.append(True, account[1:] != account[:-1])[: len(account)]
    ids = market.db.cursor().execute("SELECT account_id FROM main.people ORDER BY code").df()["account_id"]
    names = pl.Series(ids.to_numpy()[account], dtype=pl.String)
    values = int(np.max(value, initial=-1)) + 1
    row, group = _grouped([value, np.arange(len(account)), fresh], values, most)
    return _named(row, group, values, names)


def _of_table(table: Long, most: int) -> pd.DataFrame:
    found = shared(table, most, count=False)
    names, coded = found.rows.accounts(), [found.value, found.order, found.fresh]
    values = found.values
    # What is not asked any more is let go: memory taken for the first time costs as much as what is done in it.
    del found
    row, group = _grouped(coded, values, most)
    return _named(row, group, values, names)


def _grouped(coded: list[Ints], values: int, most: int) -> tuple[Ints, Ints]:
    """Give the first row of each account that shares a value, in the order of the table, and the lowest value it hangs together with.

    Args:
        coded: A code for each row, below `values`; row numbers, account by account, in the order of the table inside; True
            where a new account begins in them. The list is emptied.
        values: The number of codes.
        most: Leave out values of more accounts.
    """
    value, order, fresh = coded
    coded.clear()
    bits = values.bit_length()
    rows = order[fresh]
    keys = keyed(fresh, value, order, bits)
    del value, order, fresh
    low = (1 << bits) - 1
    held = (keys & low).astype(np.int32)
    accounts = np.bincount(held, minlength=values)
    kept = taken((accounts >= 2) & (accounts <= most), held)
    account, held = keys[kept] >> bits, held[kept]
    del keys, accounts, kept
    head = np.append(True, account[1:] != account[:-1])[: len(account)]
    # Two values of one account hang together. They are fewer than the accounts of each value.
    after = np.flatnonzero(~head)
    joined = connected(held[after - 1], held[after], values)
    row = taken(rows, account[head])
    del account, rows, after
    row <<= bits
    row |= taken(joined, held[head])
    row.sort()
    group = (row & low).astype(joined.dtype)
    row >>= bits
    return row, group


def _named(row: Ints, group: Ints, groups: int, names: pl.Series) -> pd.DataFrame:
    """Name the accounts of some rows, which are sorted, with their groups, from 0 by their first entry."""
    linked = np.zeros(len(names), dtype=np.bool_)
    linked[row] = True
    del row
    return pd.DataFrame({"account_id": column(names.filter(pl.Series(linked))), "cluster_id": _numbered(group, groups)})


def _numbered(group: Ints, groups: int) -> Ints:
    """Number groups from 0, by their first entry."""
    # In four bytes each, which the cache holds twice as many of.
    width = np.int32 if max(groups, len(group)) < 2**31 else np.int64
    first = np.zeros(groups, dtype=width)
    # Written from the last to the first, so that the first stays.
    first[group[::-1]] = np.arange(len(group) - 1, -1, -1, dtype=width)
    first = taken(first, group)
    number = np.cumsum(first == np.arange(len(group), dtype=width), dtype=width)
    found: Ints = taken(number, first).astype(np.int64)
    found -= 1
    return found
