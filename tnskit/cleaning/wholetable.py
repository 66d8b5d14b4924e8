"""A long table that stays: which rows have a value is a lookup, and rows come and go without reading the rest again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from tnskit.cleaning.hashes import Ints, between, bits_of, merged, once, rows_of, words_of
from tnskit.cleaning.longtable import COLUMNS, Long, Rows, Source, both, hash_of, read_long


@dataclass(frozen=True, eq=False)
class Whole:
    """All rows of a long table with the sorted words of their hashes.

    Attributes:
        rows: Number of rows.
        words: The upper bits of the hash of kind and value, and below them the number of the row, sorted.
        bits: How many bits the number of a row takes.
        late: The words of rows that came later, sorted, until they are an eighth of all.
    """

    _frame: pl.LazyFrame = field(repr=False)
    rows: int
    words: Ints = field(repr=False)
    bits: int
    late: Ints = field(default_factory=lambda: np.zeros(0, np.uint64), repr=False)

    def accounts(self) -> pl.Series:
        """Every account of the table once, sorted."""
        return self._frame.select(pl.col("account_id").drop_nulls().unique().sort()).collect().to_series()

    def kinds(self, accounts: pl.Series) -> pl.DataFrame:
        """Give every `account` (its place among `accounts`) and `kind` that stand in one row, once."""
        known = accounts.to_frame("account_id").lazy().with_row_index("account").with_columns(key=hash_of("account_id"))
        every, on = self._frame.select("account_id", "kind").drop_nulls(), "account_id"
        # Where no two accounts have one hash, it stands for them, and no text has to be compared.
        if known.select(pl.col("key").n_unique()).collect().item() == len(accounts):
            every, on = every.select("kind", key=hash_of("account_id")), "key"
        return every.unique().join(known, on=on).select(pl.col("account").cast(pl.Int64), "kind").collect()

    def having(self, hashes: Ints) -> Ints:
        """Give the numbers of the rows whose hash is (nearly) one of some, sorted."""
        low = np.uint64((1 << self.bits) - 1)
        wanted = once(np.sort(hashes & ~low))
        found = [rows_of(words[between(words, wanted, wanted | low)], self.bits) for words in (self.words, self.late)]
        return np.sort(np.concatenate(found))

    def pick(self, rows: Ints) -> Rows:
        """Give rows by their numbers, which are sorted, without those that lack something."""
        wanted = np.zeros(self.rows, dtype=np.bool_)
        wanted[rows] = True
        return in_memory(self._frame.filter(pl.Series(wanted)).collect() if len(rows) else self._frame.head(0).collect())

    def gone(self, removed: Source | None, erased: Iterable[str]) -> Ints:
        """Give the numbers of the rows of some accounts, and of those with an account, kind and value that stand in `removed`."""
        gone = np.zeros(self.rows, dtype=np.bool_)
        if erased := list(erased):
            gone |= self._frame.select(pl.col("account_id").is_in(erased).fill_null(False)).collect().to_series().to_numpy()
        if removed is not None:
            wrong = read_long(removed).frame.collect().drop_nulls()
            rows = self.having(wrong.select(both()).to_series().to_numpy())
            maybe = np.zeros(self.rows, dtype=np.bool_)
            maybe[rows] = True
            there = self._frame.filter(pl.Series(maybe)).select(COLUMNS).collect().with_columns(row=pl.Series(rows))
            gone[there.join(wrong, on=COLUMNS, how="semi")["row"].to_numpy()] = True
        return np.flatnonzero(gone)

    def without(self, rows: Ints) -> Whole:
        """Give the table without some rows; nothing of them stays in memory."""
        kept = np.ones(self.rows, dtype=np.bool_)
        kept[rows] = False
        numbers = np.cumsum(kept) - 1
        words = merged(self.words, self.late)
        high, old = words & ~np.uint64((1 << self.bits) - 1), rows_of(words, self.bits)
        stay = kept[old]
        words = high[stay] | numbers[old[stay]].astype(np.uint64)
        frame = self._frame.filter(pl.Series(kept)).collect().lazy()
        return Whole(frame, self.rows - len(rows), words, self.bits)

    def beside(self, new: pl.DataFrame) -> Whole:
        """Give the table with new rows after its own."""
        frame, rows = pl.concat([self._frame, new.lazy()]), self.rows + len(new)
        if bits_of(rows) > self.bits:
            return _with(frame, rows, frame.select(both()).collect().to_series().to_numpy())
        hashes = new.select(both()).to_series().to_numpy() & ~np.uint64((1 << self.bits) - 1)
        late = merged(self.late, np.sort(hashes | np.arange(self.rows, rows, dtype=np.uint64)))
        if 8 * len(late) > len(self.words):
            return Whole(frame, rows, merged(self.words, late), self.bits)
        return Whole(frame, rows, self.words, self.bits, late)


def whole(table: Long) -> Whole:
    """Keep a table, with room for as many rows again. One that was read whole stays in memory, so that nothing reads it again."""
    hashes = table.hashes()
    return _with(table.whole(), table.rows, hashes)


def _with(frame: pl.LazyFrame, rows: int, hashes: Ints) -> Whole:
    bits = bits_of(2 * rows + 1_000)
    return Whole(frame, rows, words_of(hashes, bits), bits)


def new_rows(source: Source | None) -> pl.DataFrame:
    """Read rows that are to be added, without those that lack something."""
    if source is None:
        source = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    return read_long(source, dates=True).frame.collect().drop_nulls(COLUMNS)


def in_memory(frame: pl.DataFrame) -> Rows:
    """Give all rows of a frame that lack nothing."""
    table = Long(frame.lazy(), len(frame), max(1, len(frame)), ("first", "last"))
    return table.pick(np.ones(len(frame), dtype=np.bool_))
