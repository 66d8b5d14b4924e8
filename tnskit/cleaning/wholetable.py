"""A long table that stays: which rows have a value is a lookup, and rows come and go without reading the rest again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from tnskit.cleaning.hashes import Ints, among, between, bits_of, merged, once, repeated, rows_of, words_of
from tnskit.cleaning.longfile import Source
from tnskit.cleaning.longtable import COLUMNS, Long, Rows, both, hash_of, read_long


@dataclass(frozen=True, eq=False)
class Whole:
    """All rows of a long table with the sorted words of their hashes.

    Attributes:
        rows: Number of rows.
        words: The upper bits of the hash of kind and value, and below them the number of the row, sorted.
        bits: How many bits the number of a row takes.
        lower: The lower bits of the hash, row by row, of a table that has to be read again; none of one in memory. Those of
            rows that came later are kept apart, so that a day does not copy the others.
        late: The words of rows that came later, sorted, until they are an eighth of all.
    """

    _first: Long = field(repr=False)
    rows: int
    words: Ints = field(repr=False)
    bits: int
    lower: Ints = field(repr=False)
    late: Ints = field(default_factory=lambda: np.zeros(0, np.uint64), repr=False)
    _added: tuple[pl.DataFrame, ...] = field(default=(), repr=False)
    _later: Ints = field(default_factory=lambda: np.zeros(0, np.uint16), repr=False)

    @property
    def _frame(self) -> pl.LazyFrame:
        return pl.concat([self._first.frame, *(some.lazy() for some in self._added)])

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

    @property
    def told(self) -> np.uint64:
        """The bits of a hash by which rows are found: what has them in common is looked at together."""
        return ~np.uint64((1 << self.bits) - 1) | np.uint64(0xFFFF if len(self.lower) else 0)

    def having(self, hashes: Ints, *, shared: bool = False) -> Ints:
        """Give the numbers of the rows whose hash is (nearly) one of some, sorted; `shared` leaves out those alone with theirs."""
        low = np.uint64((1 << self.bits) - 1)
        wanted = once(np.sort(hashes & ~low))
        words = np.concatenate([words[between(words, wanted, wanted | low)] for words in (self.words, self.late)])
        if len(self.lower):
            # Where reading costs, every bit that is known keeps a part of the file from being read for nothing.
            full = (words & ~low) | self._lower_of((words & low).view(np.int64))
            words = words[among(full, np.sort(hashes & self.told))]
        words.sort()
        return np.sort(repeated(words, self.bits)[0] if shared else rows_of(words, self.bits))

    def _lower_of(self, rows: Ints) -> Ints:
        found = self.lower.take(rows, mode="clip")
        later = rows >= len(self.lower)
        found[later] = self._later[rows[later] - len(self.lower)]
        return found

    def pick(self, rows: Ints) -> Rows:
        """Give rows by their numbers, which are sorted, without those that lack something."""
        first = self._first.rows
        own, later = np.split(rows, np.searchsorted(rows, [first]))
        added = in_memory(pl.concat(self._added)[later - first]) if len(later) else None
        if added and not len(own):
            return added
        if self._first.twice:
            wanted = np.zeros(first, dtype=np.bool_)
            wanted[own] = True
            found = self._first.pick(wanted)
        else:
            found = in_memory(self._first.frame.collect()[own])
        return found.beside(added) if added else found

    def gone(self, removed: Source | None, erased: Iterable[str]) -> Ints:
        """Give the numbers of the rows of some accounts, and of those with an account, kind and value that stand in `removed`."""
        erased = list(erased)
        if removed is None and not erased:
            return np.zeros(0, dtype=np.int64)
        gone = np.zeros(self.rows, dtype=np.bool_)
        if erased:
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
        frame = self._frame.filter(pl.Series(kept)).collect()
        return Whole(_of_frame(frame), len(frame), words, self.bits, _NONE)

    def beside(self, new: pl.DataFrame) -> Whole:
        """Give the table with new rows after its own."""
        rows, added, hashes = self.rows + len(new), (*self._added, new), new.select(both()).to_series().to_numpy()
        later = np.append(self._later, hashes.astype(np.uint16))
        if bits_of(rows) > self.bits:
            bits, every = bits_of(2 * rows + 1_000), pl.concat([self._frame, new.lazy()]).select(both()).collect().to_series()
            return Whole(self._first, rows, words_of(every.to_numpy(), bits), bits, self.lower, _added=added, _later=later)
        words = np.sort((hashes & ~np.uint64((1 << self.bits) - 1)) | np.arange(self.rows, rows, dtype=np.uint64))
        late = merged(self.late, words)
        if 8 * len(late) > len(self.words):
            return replace(self, rows=rows, words=merged(self.words, late), late=late[:0], _added=added, _later=later)
        return replace(self, rows=rows, late=late, _added=added, _later=later)


_NONE: Ints = np.zeros(0, dtype=np.uint16)


def whole(table: Long) -> Whole:
    """Keep a table, with room for as many rows again. One that was read whole stays in memory, so that nothing reads it again."""
    hashes, bits = table.hashes(), bits_of(2 * table.rows + 1_000)
    lower = hashes.astype(np.uint16) if table.twice else _NONE
    return Whole(table.kept(), table.rows, words_of(hashes, bits), bits, lower)


def new_rows(source: Source | None) -> pl.DataFrame:
    """Read rows that are to be added, without those that lack something."""
    if source is None:
        source = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    return read_long(source, dates=True).frame.collect().drop_nulls(COLUMNS)


def in_memory(frame: pl.DataFrame) -> Rows:
    """Give all rows of a frame that lack nothing."""
    return _of_frame(frame).pick(np.ones(len(frame), dtype=np.bool_))


def _of_frame(frame: pl.DataFrame) -> Long:
    return Long(frame.lazy(), len(frame), max(1, len(frame)), ("first", "last"))
