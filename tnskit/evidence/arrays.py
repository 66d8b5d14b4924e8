"""Sorting, grouping and looking up integers in numpy arrays, without a Python loop over rows.

A *grouping* is stored as compressed rows (CSR): `items[starts[n]:starts[n + 1]]` are the items of group n.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from tnskit.cleaning.hashes import Ints, taken

Columns: TypeAlias = dict[str, Ints]
"""Arrays of one length, by name."""


def starts_of(codes: Ints, groups: int) -> Ints:
    """Give where each group starts in an array of sorted group codes, and the end."""
    starts = np.zeros(groups + 1, dtype=np.int64)
    np.cumsum(np.bincount(codes, minlength=groups), out=starts[1:])
    return starts


def spread(starts: Ints, wanted: Ints) -> Ints:
    """Give the positions of all items of the wanted groups, group by group.

    Args:
        starts: As of a grouping.
        wanted: Group numbers.

    Returns:
        int64 positions into the items.
    """
    first, size = starts[wanted], starts[wanted + 1] - starts[wanted]
    ends = np.cumsum(size)
    total = int(ends[-1]) if len(ends) else 0
    places: Ints = np.arange(total, dtype=np.int64) + np.repeat(first - (ends - size), size)
    return places


def connected(a: Ints, b: Ints, size: int) -> Ints:
    """Give, for every node 0 to size - 1, the lowest node of its connected component.

    Every end of an edge that is not the lower one hangs itself under the lowest it is joined to; then all point at the
    top of what they hang under, and the same is done again with the tops that edges still join, which are half as many at most.

    Args:
        a: One end of each edge.
        b: The other end.
        size: The number of nodes.

    Source: after Shiloach and Vishkin, "An O(log n) parallel connectivity algorithm", 1982.
    """
    top = np.arange(size, dtype=np.int32 if size < 2**31 else np.int64)
    if not len(a):
        return top
    np.minimum.at(top, np.maximum(a, b), np.minimum(a, b).astype(top.dtype))
    higher = taken(top, top)
    while not np.array_equal(higher, top):
        top, higher = higher, taken(higher, higher)
    a, b = taken(top, a), taken(top, b)
    apart = a != b
    a, b = a[apart], b[apart]
    if len(a):
        met = np.zeros(size, dtype=np.bool_)
        met[a] = met[b] = True
        left = np.flatnonzero(met)
        number = np.cumsum(met, dtype=top.dtype)
        top[left] = left[connected(number[a] - 1, number[b] - 1, len(left))]
        top = taken(top, top)
    return top


def picked(columns: Columns, places: Ints) -> Columns:
    """Give some rows of columns of one length."""
    return {name: column[places] for name, column in columns.items()}


def inserted(columns: Columns, new: Columns, by: str) -> Columns:
    """Merge rows into columns; both are sorted by the column `by`, and what is new comes after what is equal."""
    places = np.searchsorted(columns[by], new[by], side="right") + np.arange(len(new[by]))
    old = np.ones(len(columns[by]) + len(places), dtype=np.bool_)
    old[places] = False
    found = {name: np.empty(len(old), dtype=column.dtype) for name, column in columns.items()}
    for name, column in columns.items():
        found[name][old], found[name][places] = column, new[name]
    return found
