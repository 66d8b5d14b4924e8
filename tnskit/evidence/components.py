"""Connected components of a long table of sightings, near the cost of reading it: no pair is ever made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from tnskit.cleaning.hashes import Ints, keyed
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
    return _named(value, int(np.max(value, initial=-1)) + 1, np.arange(len(account)), fresh, most, names)


def _of_table(table: Long, most: int) -> pd.DataFrame:
    found = shared(table, most, count=False)
    return _named(found.value, found.values, found.order, found.fresh, most, found.rows.accounts())


def _named(value: Ints, values: int, order: Ints, fresh: Ints, most: int, names: pl.Series) -> pd.DataFrame:
    """Label the accounts that share a value, in the order in which they first stand in the table.

    Args:
        value: A code for each row, below `values`.
        values: The number of codes.
        order: Row numbers, account by account, in the order of the table inside.
        fresh: True where a new account begins in `order`.
        most: Leave out values of more accounts.
        names: The account of each row.
    """
    bits = values.bit_length()
    keys = keyed(fresh, value[order], bits)
    held = (keys & ((1 << bits) - 1)).astype(np.int32)
    accounts = np.bincount(held, minlength=values)
    kept = ((accounts >= 2) & (accounts <= most))[held]
    account, held = keys[kept] >> bits, held[kept]
    head = np.append(True, account[1:] != account[:-1])[: len(account)]
    # Two values of one account hang together. They are fewer than the accounts of each value.
    after = np.flatnonzero(~head)
    joined = connected(held[after - 1], held[after], values)
    row = order[fresh][account[head]]
    linked = np.zeros(len(names), dtype=np.bool_)
    linked[row] = True
    row <<= bits
    row |= joined[held[head]]
    row.sort()
    group = row & ((1 << bits) - 1)
    return pd.DataFrame({"account_id": column(names.filter(pl.Series(linked))), "cluster_id": _numbered(group, values)})


def _numbered(group: Ints, groups: int) -> Ints:
    """Number groups from 0, by their first entry."""
    # In four bytes each, which the cache holds twice as many of.
    width = np.int32 if max(groups, len(group)) < 2**31 else np.int64
    first = np.zeros(groups, dtype=width)
    # Written from the last to the first, so that the first stays.
    first[group[::-1]] = np.arange(len(group) - 1, -1, -1, dtype=width)
    first = first[group]
    found: Ints = (np.cumsum(first == np.arange(len(group), dtype=width), dtype=width) - 1)[first]
    return found.astype(np.int64)
