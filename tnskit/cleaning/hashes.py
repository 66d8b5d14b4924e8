"""Sorting hashes together with the number of their row: equal ones come to lie beside each other, in the order of the rows.

One 64-bit *word* holds the upper bits of a hash and, below them, the number of the row, so that a plain sort of integers,
which the processor does many at a time, takes the place of looking up and counting at random places in memory. The lower
bits of the hash are not looked at: two hashes that differ only there share a run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

Ints: TypeAlias = np.ndarray[Any, np.dtype[Any]]
"""An array of integers, of whatever width."""

SLICE = 1 << 17
"""Rows worked on at once, so that what lies between stays in the cache of the processor. Measured: 0.1 to 1 million are alike."""

_BUCKETS = 22
"""Upper bits of a hash that tell what a day may name, before anything is compared. Measured: enough for a million a day."""


def bits_of(size: int) -> int:
    """How many bits the number of a row takes."""
    return max(1, int(size - 1).bit_length()) if size else 1


def words_of(hashes: Ints, bits: int, but: Ints | None = None) -> Ints:
    """Give the sorted words of hashes (uint64, well mixed), without some (True), in the same memory where that may be written to.

    Memory that is touched for the first time costs more than what is done with it, so none is taken that is there already.
    """
    high, end = ~np.uint64((1 << bits) - 1), 0
    words = hashes if hashes.flags.writeable else np.empty(len(hashes), dtype=np.uint64)
    for first in range(0, len(hashes), SLICE):
        part = hashes[first : first + SLICE] & high
        part |= np.arange(first, first + len(part), dtype=np.uint64)
        if but is not None:
            part = part[~but[first : first + SLICE]]
        words[end : end + len(part)] = part
        end += len(part)
    words = words[:end]
    words.sort()
    return words


def rows_of(words: Ints, bits: int) -> Ints:
    """Give the row numbers of words (int64), in the same memory."""
    words &= np.uint64((1 << bits) - 1)
    found: Ints = words.view(np.int64)
    return found


def fresh_of(words: Ints, bits: int) -> Ints:
    """Tell where a new run begins in sorted words."""
    low, fresh = np.uint64((1 << bits) - 1), np.ones(len(words), dtype=np.bool_)
    for first in range(1, len(words), SLICE):
        last = min(first + SLICE, len(words))
        np.greater(words[first:last] ^ words[first - 1 : last - 1], low, out=fresh[first:last])
    return fresh


def taken(numbers: Ints, places: Ints) -> Ints:
    """Give `numbers[places]`, of places that are all there: where the cache does not hold the numbers, at half the cost. Measured."""
    found = np.empty(len(places), dtype=numbers.dtype)
    for first in range(0, len(places), SLICE):
        # Anything but clipping is worked out in memory of its own first.
        np.take(numbers, places[first : first + SLICE], out=found[first : first + SLICE], mode="clip")
    return found


def keyed(fresh: Ints, inner: Ints, order: Ints, bits: int) -> Ints:
    """Give sorted keys (int64), in the memory of the order: the number of the run, and below it a number inside the run, each once.

    Args:
        fresh: True where a new run begins.
        inner: A number for each row, of at most so many bits.
        order: The rows, run by run.
        bits: How many.
    """
    before = -1
    for first in range(0, len(fresh), SLICE):
        part = order[first : first + SLICE]
        inside = inner[part]
        np.cumsum(fresh[first : first + SLICE], out=part)
        part += before
        before = int(part[-1])
        part <<= bits
        part |= inside
    order.sort()
    return once(order)


def once(numbers: Ints) -> Ints:
    """Give sorted numbers once each."""
    found: Ints = numbers[np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]]
    return found


def merged(numbers: Ints, new: Ints) -> Ints:
    """Give the sorted numbers of two sorted arrays, of which the second is short."""
    found: Ints = np.insert(numbers, np.searchsorted(numbers, new), new)
    return found


def near(known: Ints, wanted: Ints) -> Ints:
    """Give the places of known hashes whose upper bits are those of one of some; few others are left to be looked up."""
    bits, flags = np.uint64(64 - _BUCKETS), np.zeros(1 << _BUCKETS, dtype=np.bool_)
    flags[(wanted >> bits).view(np.int64)] = True
    return sliced(lambda some: flags[(known[some] >> bits).view(np.int64)], len(known))


def sliced(told: Callable[[slice], Ints], size: int) -> Ints:
    """Give the places where True is told, asked slice by slice, so that no memory is taken for what is told of all."""
    places = (np.flatnonzero(told(slice(first, first + SLICE))) + first for first in range(0, size, SLICE))
    return np.concatenate([np.zeros(0, dtype=np.int64), *places])


def among(wanted: Ints, known: Ints) -> Ints:
    """Tell which of some numbers are among known ones, which are sorted."""
    if not len(known):
        return np.zeros(len(wanted), dtype=np.bool_)
    found: Ints = known[np.minimum(np.searchsorted(known, wanted), len(known) - 1)] == wanted
    return found


def between(numbers: Ints, least: Ints, most: Ints) -> Ints:
    """Give the places of sorted numbers from one of `least` to the one of `most` beside it, bound by bound."""
    first = np.searchsorted(numbers, least)
    size = np.zeros(len(first), dtype=np.int64)
    # Most bounds hold none or one; looking at the next is cheaper than searching for it.
    some = np.flatnonzero(first < len(numbers))
    some = some[numbers[first[some]] <= most[some]]
    size[some] = 1
    some = some[first[some] + 1 < len(numbers)]
    some = some[numbers[first[some] + 1] <= most[some]]
    size[some] = np.searchsorted(numbers, most[some], side="right") - first[some]
    found: Ints = np.arange(int(size.sum())) + np.repeat(first - (np.cumsum(size) - size), size)
    return found


def order_by_hash(hashes: Ints) -> tuple[Ints, Ints]:
    """Put rows of (nearly) equal hash beside each other, in the order of the rows inside.

    Returns:
        Two arrays: row numbers in the new order, and True where a new run begins.
    """
    bits = bits_of(len(hashes))
    words = words_of(hashes, bits)
    fresh = fresh_of(words, bits)
    return rows_of(words, bits), fresh


def repeated(words: Ints, bits: int, *, over: bool = False) -> tuple[Ints, Ints]:
    """Give the numbers of the rows that are not alone in their run, run by run, and where a run begins; `over` writes over the words."""
    low, end = np.uint64((1 << bits) - 1), 0
    # Of empty arrays, memory is only taken where something is written. What is written never comes before what is still read.
    rows, begins = words if over else np.empty_like(words), np.empty(len(words), dtype=np.bool_)
    for first in range(0, len(words), SLICE):
        some = words[first : first + SLICE]
        fresh = np.ones(len(some) + 1, dtype=np.bool_)
        np.greater(some[1:] ^ some[:-1], low, out=fresh[1:-1])
        if first:
            fresh[0] = some[0] ^ words[first - 1] > low
        if first + SLICE < len(words):
            fresh[-1] = words[first + SLICE] ^ some[-1] > low
        # One that begins a run is alone where the next one begins another.
        kept = np.flatnonzero(~(fresh[:-1] & fresh[1:]))
        begins[end : end + len(kept)] = fresh[kept]
        rows[end : end + len(kept)] = some[kept]
        end += len(kept)
    return rows_of(rows[:end], bits), begins[:end]


def mixed_runs(fresh: Ints, differs: Ints) -> tuple[Ints, Ints]:
    """Give the places of all rows of runs in which a row differs from the one before it, and the number of each one's run.

    Args:
        fresh: True where a new run begins.
        differs: True where a row differs from the one before it, from the second on; it is written to.
    """
    differs &= ~fresh[1:]
    at = np.flatnonzero(differs) + 1
    if not len(at):
        return at, at
    starts = np.append(np.flatnonzero(fresh), len(fresh))
    runs = np.unique(np.searchsorted(starts, at, side="right") - 1)
    sizes = starts[runs + 1] - starts[runs]
    places = np.arange(int(sizes.sum())) + np.repeat(starts[runs] - (np.cumsum(sizes) - sizes), sizes)
    return places, np.repeat(runs, sizes)
