"""Which rows of a long table share a value: hubs are counted and set aside, the others get integer codes, letter by letter."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from tnskit.cleaning.hashes import Ints, bits_of, mixed_runs, once, repeated, rows_of, words_of
from tnskit.cleaning.longtable import ODD, Long, Rows

_ENOUGH = 16
"""Rows, in times of the bound, that are looked at to see that a value is crowded. Assumption: most rows are of accounts of their own."""

_SAMPLE = 1 << 14
"""Rows, spread over the table, that are looked at to find the values of a large part of it."""

_PASSED = 0.75
"""Rows that share nothing are held up to so many times those that do: they cost memory, but a day need not read the file again."""

_PART = 16
"""A value of more than a sixteenth of the rows is looked at before they are sorted. Assumption: below that, it costs little more."""


@dataclass(frozen=True, eq=False)
class Hubs:
    """Values of very many accounts, which were counted and set aside.

    Attributes:
        rows: A row of each value.
        accounts: The number of accounts of each.
        members: Hashes of who was seen with which of them, in no order; see `member`.
    """

    rows: Rows
    accounts: Ints = field(repr=False)
    members: Ints = field(repr=False)


@dataclass(frozen=True, eq=False)
class Shared:
    """The rows of a long table whose value stands in another row too, and is not crowded.

    Attributes:
        rows: The rows, in the order of the table.
        value: A number for each row's kind and value, below `values`.
        values: How many numbers there are.
        order: Row numbers, account by account, in the order of the table inside.
        fresh: True where a new account begins in `order`.
        hubs: The crowded values.
        numbers: Where the first of the rows stand in a table that stays, run by run of sorted numbers; those of `passed` come last.
        passed: Rows of such a table that share nothing, whose text was read on the way.
    """

    rows: Rows
    value: Ints = field(repr=False)
    values: int
    order: Ints = field(repr=False)
    fresh: Ints = field(repr=False)
    hubs: Hubs
    numbers: tuple[Ints, ...] = field(default=(), repr=False)
    passed: Rows | None = None

    @property
    def account(self) -> Ints:
        """A number for each row's account."""
        found = np.empty(len(self.order), dtype=np.int32)
        found[self.order] = np.cumsum(self.fresh, dtype=np.int32) - 1
        return found

    def names(self) -> pl.Series:
        """The account of each number."""
        return self.rows.accounts(self.order[self.fresh])


def shared(table: Long, most: int, words: Ints | None = None, bits: int = 0, lower: Ints | None = None, *, count: bool = True) -> Shared:
    """Find the rows that share a value with another row, and give accounts and values integer codes.

    Args:
        table: The table.
        most: A value of more accounts is crowded and set aside.
        words: The sorted words of the table's hashes, if they are there already, as those of a table that stays, and
        bits: how many bits of them tell the row, and
        lower: the lower bits of the hashes, row by row, of a table that is read twice.
        count: Count all accounts of the crowded values; without it only as many as make sure that they are crowded, and not all are told.
    """
    few, many, run, runs = _chosen(table, most, words, bits, lower, count)
    wanted = [few, many, *(_passed(table, few, many) if words is not None else ())]
    (rows, numbers), (hubs, there), *passed = table.parts(*wanted)
    if len(there) < len(run):
        run = run[np.searchsorted(np.flatnonzero(many), there)]
    del few, many, wanted
    crowd, left = _crowded(hubs, run, runs, most, count)
    found = coded(rows.beside(hubs.where(left)) if left.any() else rows, crowd)
    if words is None:
        return found
    return replace(found, numbers=(numbers, there[left], *(held for _, held in passed)), passed=passed[0][0] if passed else None)


def _passed(table: Long, few: Ints, many: Ints) -> list[Ints]:
    """Give the rows (True) that are read beside those that share a value, where holding them too is cheap: a day may name their values."""
    if not table.twice:
        return []
    found = table.passed(few | many)
    return [found] if np.count_nonzero(found) <= _PASSED * np.count_nonzero(few) else []


def coded(rows: Rows, hubs: Hubs | None = None) -> Shared:
    """Give accounts and values of some rows integer codes, beside what is set aside already."""
    order, fresh = rows.by_value()
    value = np.empty(len(rows), dtype=np.int32)
    value[order] = np.cumsum(fresh, dtype=np.int32) - 1
    none = np.zeros(0, dtype=np.int64)
    return Shared(rows, value, int(fresh.sum()), *rows.by_account(), hubs or Hubs(rows.at(none), none, none.astype(np.uint64)))


def _chosen(table: Long, most: int, words: Ints | None, bits: int, lower: Ints | None, count: bool) -> tuple[Ints, Ints, Ints, int]:
    """Give the rows of short runs (True), those of runs of more than `most`, the run of each of these, and how many runs they are."""
    ours = words is None
    if words is None:
        bits = bits_of(table.rows)
        words, lower = _words(table, bits, most, count)
    order, fresh = repeated(words, bits, over=ours)
    del words
    sizes = np.diff(np.append(np.flatnonzero(fresh), len(order)))
    large = np.repeat(sizes > most, sizes)
    few, many = np.zeros(table.rows, dtype=np.bool_), np.zeros(table.rows, dtype=np.bool_)
    few[order] = True
    if lower is not None and len(lower):
        few[_strangers(order, fresh, lower)] = False
    runs, keys = int((sizes > most).sum()), order[large]
    few[keys], many[keys] = False, True
    keys <<= bits_of(runs)
    keys |= np.repeat(np.arange(runs), sizes[sizes > most])
    keys.sort()
    keys &= (1 << bits_of(runs)) - 1
    return few, many, keys, runs


def _words(table: Long, bits: int, most: int, count: bool) -> tuple[Ints, Ints | None]:
    """Give the sorted words of the hashes and, for a table that is read twice, the lower bits of the hashes, row by row."""
    hashes = table.hashes()
    if not table.holds:
        lower = hashes.astype(np.uint16)
        return words_of(hashes, bits), lower
    return words_of(hashes, bits, None if count else _crowds(table, hashes, most)), None


def _strangers(order: Ints, fresh: Ints, lower: Ints) -> Ints:
    """Give the rows that only the upper bits of their hashes brought into a run.

    There are few. But a part of the table where nobody shares anything need not be read again for them.
    """
    seen = lower[order]
    places, run = mixed_runs(fresh, seen[1:] != seen[:-1])
    _, key, rows = np.unique(run << 16 | seen[places], return_inverse=True, return_counts=True)
    found: Ints = order[places[rows[key] == 1]]
    return found


def _crowds(table: Long, hashes: Ints, most: int) -> Ints | None:
    """Tell the rows of values that a large part of the table and more than `most` accounts have, letter by letter; None for none.

    Hashes only say where to look: every row that is told has the text of its value, and accounts are counted by their ids.
    """
    found, step = None, max(1, table.rows // _SAMPLE)
    numbers, first, many = np.unique(hashes[::step], return_index=True, return_counts=True)
    large = _PART * many > len(hashes[::step])
    for number, row in zip(numbers[large], (first[large] * step).tolist(), strict=True):
        same = table.alike(hashes == number, row)
        some = np.flatnonzero(same[::step]) * step
        if len(some) > most and table.accounts(some) > most:
            found = same if found is None else found | same
    return found


def _crowded(hubs: Rows, run: Ints, runs: int, most: int, count: bool) -> tuple[Hubs, Ints]:
    """Set aside the values of more accounts than `most`, among rows whose hashes lie in long runs; tells the other rows too (True)."""
    if not len(run):
        none = np.zeros(0, dtype=np.int64)
        return Hubs(hubs, none, none.astype(np.uint64)), np.zeros(0, dtype=np.bool_)
    first = np.zeros(runs, dtype=np.int64)
    first[run[::-1]] = np.arange(len(run) - 1, -1, -1)
    # A run of two values is looked at letter by letter like any other rows.
    one = np.ones(runs, dtype=np.bool_)
    one[run[~hubs.like(hubs, first[run])]] = False
    values = hubs.at(first).hashes()
    members, accounts = values[:0], np.zeros(runs, dtype=np.int64)
    if not count:
        # Rows spread over a run of very many soon show more accounts than the bound.
        some = np.arange(len(run)) % np.maximum(1, np.bincount(run, minlength=runs) // (_ENOUGH * most))[run] == 0
        members, accounts = counted(run[some], values, hubs.where(some).account_hashes())
    if not (accounts > most).all():
        members, accounts = counted(run, values, hubs.account_hashes())
    aside = one & (accounts > most)
    return Hubs(hubs.at(first[aside]), accounts[aside], members), ~aside[run]


def member(value: Ints, account: Ints) -> Ints:
    """Give a hash of being seen with a value, from the hashes of value and account."""
    found: Ints = value * np.uint64(ODD)
    found ^= account
    return found


def counted(run: Ints, values: Ints, accounts: Ints) -> tuple[Ints, Ints]:
    """Count the accounts of each run by their hashes: never too many, and too few once in many thousand tables.

    Args:
        run: The number of each row's run.
        values: The hash of each run's value.
        accounts: The hash of each row's account.

    Returns:
        The members of all runs (see `member`), in no order, and the number of each run's accounts.
    """
    seen = member(values[run], accounts)
    bits = bits_of(len(values))
    keys = seen & ~np.uint64((1 << bits) - 1)
    keys |= run.astype(np.uint64)
    keys.sort()
    return seen, np.bincount(rows_of(once(keys), bits), minlength=len(values))
