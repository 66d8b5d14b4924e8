"""A long table of sightings, read near the cost of reading it: the rows that share a value, in integer codes.

Strings are what costs, so they are hashed while they are read and looked at again only where two rows may share a value:
values of one row are dropped first, what is left is compared letter by letter. A hash that two values share is resolved,
never trusted. Text stays in here: what goes on are numbers, kinds, account ids, dates and masks.
"""

from __future__ import annotations

import itertools
import operator
import secrets
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from tqdm.auto import tqdm

from tnskit.cleaning import longfile
from tnskit.cleaning.hashes import SLICE, Ints, mixed_runs, order_by_hash
from tnskit.cleaning.longfile import Source
from tnskit.errors import SourceError, TableError

COLUMNS = ("account_id", "kind", "value")
DATES = {"first": ("first_seen", "seen_at"), "last": ("last_seen", "seen_at", "first_seen")}
"""Where the first and the last sighting of a row may stand, the first that is there counts."""

NEVER = np.iinfo(np.int64).min
"""Stands for a moment that is not told."""

BATCH = 8_000_000
"""Rows whose text is held at once, up to 100 bytes each. A longer table is read twice: memory touched once costs as much. Measured."""

_STEP = 400_000
"""Rows read at once, at least, from a table that is read twice, in whole row groups, for one that is cut is read by both its pieces.
Measured: what is freed after each step stays in the cache; much larger steps cost more."""

ODD = 0x9E3779B97F4A7C15
"""Keeps a value apart from the same text of another kind: 2**64 divided by the golden ratio, the usual odd multiplier."""

_SEED = secrets.randbits(63)
"""Of this process, so that nobody can make up values whose hashes meet."""


def hash_of(column: str) -> pl.Expr:
    """The hash of a column of text (uint64)."""
    return pl.col(column).hash(_SEED)


def both() -> pl.Expr:
    """The hash of kind and value (uint64)."""
    return hash_of("value") ^ (hash_of("kind") * pl.lit(ODD, pl.UInt64))


@dataclass(frozen=True, eq=False)
class Long:
    """A long table of sightings, opened.

    Attributes:
        rows: Number of rows.
        batch: Rows whose text is held at once.
        dates: The names of the columns of dates that were asked for: `first`, `last` or none.
        ends: Where the row groups of the file end; none for a frame.
    """

    _source: pl.LazyFrame = field(repr=False)
    rows: int
    batch: int
    dates: tuple[str, ...] = ()
    progress: bool = False
    ends: tuple[int, ...] = field(default=(), repr=False)
    _columns: tuple[pl.Expr, ...] = field(default=(), repr=False)
    _held: list[pl.DataFrame] = field(default_factory=list, repr=False)

    @property
    def frame(self) -> pl.LazyFrame:
        """The columns that count, under our names."""
        return self._told(self._source)

    def _told(self, some: pl.LazyFrame) -> pl.LazyFrame:
        return some.select(self._columns) if self._columns else some

    @property
    def twice(self) -> bool:
        """Whether it is too long for its text to be held, so that it is read twice."""
        return self.rows > self.batch

    def hashes(self) -> Ints:
        """Give a hash of kind and value, row by row (uint64), and hold the text where it is short enough."""
        found = np.empty(self.rows, dtype=np.uint64)
        text = () if self.twice else (*COLUMNS, *self.dates)
        for start, length in self._steps("reading"):
            part = self.frame.slice(start, length).select(*text, hash=both()).collect()
            at = start
            for piece in part["hash"].get_chunks():
                found[at : at + len(piece)] = piece.to_numpy()
                at += len(piece)
            if text:
                self._held.append(part.drop("hash"))
        return found

    def pick(self, wanted: Ints) -> Rows:
        """Give the rows that are wanted (True), without those that lack something."""
        return self.parts(wanted)[0][0]

    def parts(self, *wanted: Ints) -> list[tuple[Rows, Ints]]:
        """Give the rows of each of several choices (True), without those that lack something, and their numbers in the table."""
        kinds: dict[str, int] = {}
        found: list[list[tuple[pl.DataFrame, Ints, Ints]]] = [[] for _ in wanted]
        for start, length in self._steps("comparing"):
            part, here = self._held.pop(0) if self._held else None, [some[start : start + length] for some in wanted]
            numbers = [np.flatnonzero(some) + start for some in here]
            any_of = reduce(operator.or_, here)
            if not any_of.any():
                continue
            if part is None:
                lazy = self._source.slice(start, length)
                if 8 * np.count_nonzero(any_of) < length:
                    # Of few rows, the others are not even turned into our columns.
                    lazy, here = lazy.filter(pl.Series(any_of)), [some[any_of] for some in here]
                part = self._told(lazy).collect()
            for some, places, pieces in zip(here, numbers, found, strict=True):
                text, kind, there = _whole_rows(part if some.all() else part.filter(pl.Series(some)), kinds)
                pieces.append((text, kind, places[there].astype(np.uint32 if self.rows >> 32 == 0 else np.int64)))
            del part
        self._held.clear()
        return [self._joined(pieces, kinds) for pieces in found]

    def _joined(self, pieces: list[tuple[pl.DataFrame, Ints, Ints]], kinds: dict[str, int]) -> tuple[Rows, Ints]:
        texts = [text for text, _, _ in pieces if len(text)]
        numbers = np.concatenate([np.zeros(0, np.uint16), *(kind for _, kind, _ in pieces)])
        places = np.concatenate([np.zeros(0, np.uint32), *(places for _, _, places in pieces)])
        pieces.clear()
        return Rows(_in_one_piece(texts or [self.frame.head(0).drop("kind").collect()]), numbers, list(kinds)), places

    def passed(self, wanted: Ints) -> Ints:
        """Tell the rows that nobody wants but that are read all the same, beside those that are wanted (True)."""
        found = np.zeros(self.rows, dtype=np.bool_)
        for start, length in self._steps():
            some = wanted[start : start + length]
            if some.any():
                np.logical_not(some, out=found[start : start + length])
        return found

    @property
    def holds(self) -> bool:
        """Whether the text of all rows is held in memory."""
        return bool(self._held)

    def alike(self, some: Ints, row: int) -> Ints:
        """Tell which of some rows (True) say what one row says, letter by letter, in the same memory; the text has to be held."""
        held = pl.concat(self._held).select("kind", "value")
        wanted = [(pl.col(name), pl.lit(told, pl.String)) for name, told in held.row(row, named=True).items()]
        same = held.filter(pl.Series(some)).select(pl.all_horizontal(word.eq(told) for word, told in wanted)).to_series().fill_null(False)
        if not same.all():
            some[np.flatnonzero(some)[~same.to_numpy()]] = False
        return some

    def accounts(self, rows: Ints) -> int:
        """Count the accounts of some rows, by their numbers; the text has to be held."""
        return int(pl.concat(self._held)["account_id"].gather(pl.Series(rows)).drop_nulls().n_unique())

    def kept(self) -> Long:
        """Give the table to keep: as it is held, so that nothing reads it again, or where it lies."""
        return replace(self, _source=pl.concat(self._held).lazy(), _columns=(), _held=[]) if self._held else self

    def _steps(self, words: str = "") -> Any:
        """Give the first row and the number of rows of each step."""
        ends = self.ends if self.twice else ()
        least = min(_STEP, self.batch) if self.twice else self.batch
        most, cuts = self.batch if ends else least, [0]
        for end in (*ends, self.rows):
            if end - cuts[-1] >= least or end == self.rows:
                cuts += [*range(cuts[-1] + most, end, most), end]
        steps = [(start, end - start) for start, end in itertools.pairwise(cuts) if end > start]
        return tqdm(steps, desc=words, unit="step", disable=not (words and self.progress) or len(steps) < 2, leave=False)


def _in_one_piece(texts: list[pl.DataFrame]) -> pl.DataFrame:
    """Put frames one after the other, column by column, and let go of each; picking rows from many pieces costs twenty times as much."""
    columns = []
    for name in texts[0].columns:
        columns.append(pl.concat([text[name] for text in texts]).rechunk())
        texts[:] = [text.drop(name) for text in texts]
    return pl.DataFrame(columns)


def _whole_rows(part: pl.DataFrame, kinds: dict[str, int]) -> tuple[pl.DataFrame, Ints, Ints]:
    """Give rows without their kind, the number of each kind, with new ones added to `kinds`, and which rows lacked nothing."""
    there = np.ones(len(part), dtype=np.bool_)
    if any(part[column].null_count() for column in COLUMNS):
        there = part.select(pl.all_horizontal(pl.col(COLUMNS).is_not_null())).to_series().to_numpy()
        part = part.filter(pl.Series(there))
    if not len(part):
        return part.drop("kind"), np.zeros(0, np.uint16), there
    # One word for a run of rows of one kind, as exports of several systems have them.
    runs = part.select(word=pl.col("kind").rle()).unnest("word")
    for word in runs["value"].unique(maintain_order=True).to_list():
        kinds.setdefault(word, len(kinds))
    numbers = runs["value"].replace_strict(kinds, return_dtype=pl.UInt16).to_numpy()
    return part.drop("kind"), np.repeat(numbers, runs["len"].to_numpy()), there


@dataclass(frozen=True, eq=False)
class Rows:
    """Some rows of a long table, whole: each has an account, a kind and a value, which is only told as a mask.

    Attributes:
        kind: The number of each row's kind.
        kinds: The kinds.
    """

    _text: pl.DataFrame = field(repr=False)
    kind: Ints = field(repr=False)
    kinds: list[str]

    def __len__(self) -> int:
        return len(self._text)

    def where(self, wanted: Ints) -> Rows:
        """Give the rows that are wanted (True)."""
        return self if wanted.all() else Rows(self._text.filter(pl.Series(wanted)), self.kind[wanted], self.kinds)

    def at(self, places: Ints) -> Rows:
        """Give rows by their numbers."""
        return Rows(self._text[places], self.kind[places], self.kinds)

    def part(self, start: int, length: int) -> Rows:
        """Give some rows that follow each other, in the same memory."""
        return Rows(self._text.slice(start, length), self.kind[start : start + length], self.kinds)

    def in_one_piece(self) -> Rows:
        """Give the same rows so that picking some is cheap."""
        return replace(self, _text=self._text.rechunk())

    def beside(self, other: Rows) -> Rows:
        """Give these rows and after them the others."""
        kinds = {kind: number for number, kind in enumerate(self.kinds)}
        theirs = np.array([kinds.setdefault(kind, len(kinds)) for kind in other.kinds], dtype=np.uint16)
        kind = np.concatenate([self.kind, theirs[other.kind] if len(other) else other.kind])
        return Rows(pl.concat([self._text, other._text]), kind, list(kinds))

    def dated(self, places: Ints, first: Ints, last: Ints) -> Rows:
        """Give the rows with the dates of some of them set, where there are fewer of those than of all."""
        if len(places) == len(self):
            return self
        dates = {end: self._text[end].to_numpy().astype("datetime64[us]") for end in ("first", "last")}
        for end, column in (("first", first), ("last", last)):
            dates[end][places] = column.view("datetime64[us]")
        return Rows(self._text.with_columns(pl.Series(end, column) for end, column in dates.items()), self.kind, self.kinds)

    def accounts(self, places: Ints | None = None) -> pl.Series:
        """Give account ids, of all rows or by their numbers."""
        ids = self._text["account_id"]
        return ids if places is None else ids.gather(pl.Series(places))

    def hashes(self) -> Ints:
        """Give a hash of kind and value, row by row (uint64), as `Long.hashes` does."""
        words = pl.DataFrame({"kind": pl.Series(self.kinds, dtype=pl.String)}).select(hash_of("kind") * pl.lit(ODD, pl.UInt64))
        of_kind, found = words.to_series().to_numpy(), self._hashed("value")
        for first in range(0, len(found), SLICE):
            found[first : first + SLICE] ^= of_kind[self.kind[first : first + SLICE]]
        return found

    def account_hashes(self) -> Ints:
        """Give a hash of the account, row by row (uint64)."""
        return self._hashed("account_id")

    def _hashed(self, name: str) -> Ints:
        found, text = np.empty(len(self), dtype=np.uint64), self._text.select(name)
        for first in range(0, len(self), SLICE):
            found[first : first + SLICE] = text.slice(first, SLICE).select(hash_of(name)).to_series().to_numpy()
        return found

    def date(self, end: str) -> Ints:
        """Give the `first` or `last` sighting, row by row: microseconds, the lowest integer where there is none."""
        found: Ints = self._text[end].to_numpy().astype("datetime64[us]").view(np.int64)
        return found

    def shown(self, places: Ints | None = None) -> pl.DataFrame:
        """Give what may be seen: `kind`, and `shown`, the kind with the last three characters of the value."""
        some = self if places is None else self.at(places)
        kind = pl.Series("kind", [*some.kinds, None], dtype=pl.String).gather(pl.Series(some.kind, dtype=pl.UInt32))
        # In one piece each: polars panics on empty pieces.
        tail = some._text["value"].rechunk().str.tail(3)
        return pl.DataFrame({"kind": kind, "shown": kind + " …" + tail})

    def like(self, other: Rows, places: Ints) -> Ints:
        """Tell which rows have the kind and value of the row of others at each of some places."""
        kinds = {kind: number for number, kind in enumerate(self.kinds)}
        theirs = np.array([kinds.get(kind, -1) for kind in other.kinds] or [-1])[other.kind]
        text, texts = self._text["value"], other._text["value"]
        often = int(np.argmax(np.bincount(places))) if len(places) else 0
        rest = places != often
        if 2 * int(rest.sum()) > len(places) or not len(places):
            alike = (text == texts.gather(pl.Series(places))).to_numpy()
        else:
            # What most rows are compared with is not copied for each of them.
            alike = np.array(text == texts[often], dtype=np.bool_)
            alike[rest] = (text.filter(pl.Series(rest)) == texts.gather(pl.Series(places[rest]))).to_numpy()
        found: Ints = alike & (self.kind == theirs[places])
        return found

    def by_value(self) -> tuple[Ints, Ints]:
        """Put the rows of one kind and value beside each other, compared letter by letter: row numbers, and where a value begins."""
        order, fresh = order_by_hash(self.hashes())
        texts = [self._text["value"]]
        # Rows of one text and nearly one hash have one kind, unless two kinds have nearly one hash themselves.
        kinds = Rows(pl.DataFrame({"value": ["" for _ in self.kinds]}), np.arange(len(self.kinds)), self.kinds).hashes()
        if len(np.unique(kinds >> np.uint64(max(1, len(self)).bit_length()))) < len(kinds):
            texts.append(pl.Series(self.kind))
        return _exact(texts, order, fresh)

    def by_account(self) -> tuple[Ints, Ints]:
        """Put the rows of one account beside each other: row numbers, and where an account begins."""
        return _exact([self._text["account_id"]], *order_by_hash(self.account_hashes()))


def column(words: pl.Series) -> pd.Series:
    """Give text as a column of pandas, without a Python object for each cell where pandas keeps its text as Arrow does."""
    try:
        found: pd.Series = words.to_pandas()
    except ModuleNotFoundError:
        return pd.Series(words.to_numpy(), dtype=str)
    return found


def _exact(texts: list[pl.Series], order: Ints, fresh: Ints) -> tuple[Ints, Ints]:
    """Part the runs that hold different texts because their hashes are (nearly) the same.

    Args:
        texts: One or more columns of text.
        order: Row numbers in an order in which equal text lies in one run.
        fresh: True where a new run begins.
    """
    differs = np.zeros(max(0, len(order) - 1), dtype=np.bool_)
    for text in texts:
        _told_apart(text, order, differs)
    mixed, run = mixed_runs(fresh, differs)
    if not len(mixed):
        return order, fresh
    some = pl.DataFrame([text.gather(pl.Series(order[mixed])).alias(str(n)) for n, text in enumerate(texts)])
    codes = some.select(pl.struct(pl.all()).rank("dense")).to_series().to_numpy().astype(np.int64)
    inside = np.lexsort((order[mixed], codes, run))
    codes, order, fresh = codes[inside], order.copy(), fresh.copy()
    order[mixed] = order[mixed][inside]
    fresh[mixed[1:]] |= codes[1:] != codes[:-1]
    return order, fresh


def _told_apart(text: pl.Series, order: Ints, differs: Ints) -> None:
    """Mark the rows (from the second on, in some order) whose text is not that of the row before it."""
    for first in range(0, len(differs), SLICE):
        words = text.gather(pl.Series(order[first : first + SLICE + 1].astype(np.uint32)))
        differs[first : first + SLICE] |= words.head(-1).ne_missing(words.tail(-1)).to_numpy()


def read_long(source: Source, *, dates: bool = False, batch: int = BATCH, progress: bool = False) -> Long:
    """Open a long table with `account_id`, `kind` and `value`; `dates` asks for `first` and `last` too, empty if not there.

    Raises:
        SourceError: No such file, or not Parquet.
        TableError: A column is missing.
    """
    name = f"'{Path(source).name}'" if isinstance(source, str | Path) else "the frame"
    try:
        lazy = longfile.lazy(source)
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
    ends = longfile.ends(source, int(rows)) if rows > batch else ()
    return Long(lazy, int(rows), batch, tuple(DATES) if dates else (), progress, ends, tuple(columns))
