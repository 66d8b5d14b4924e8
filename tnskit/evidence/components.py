"""Connected components of a long table of sightings, near the cost of reading it: no pair is ever made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from tnskit.cleaning.market import Market
from tnskit.errors import UsageError
from tnskit.evidence.arrays import Ints, connected
from tnskit.evidence.longtable import BATCH, Long, read_long, shared


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
    found = shared(table, table.hashes())
    return _named(found.account, found.value, most, found.text["account_id"])


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
