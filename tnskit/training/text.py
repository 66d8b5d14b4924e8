"""Numbers into text, a column at a time: moments, ids, tokens, and the spread that values start from.

Strings are made once per distinct value wherever we can and then taken by position: at a million accounts the
text is what costs. A missing value is `NONE` among the numbers and `None` among the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

NONE = -1
"""A number that is not there."""

DAY = 86_400
"""Seconds."""


def objects(values: Sequence[str] | npt.NDArray[np.generic]) -> Texts:
    """Give the values as an array of Python strings."""
    return np.asarray(values, dtype=object)


def spread(values: Ints, salt: int) -> npt.NDArray[np.uint64]:
    """Scatter whole numbers over 64 bits, the same way each time.

    Source: the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    """
    mixed = values.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def chance(values: Ints, salt: int) -> npt.NDArray[np.float64]:
    """Give each number its own even chance between 0 and 1."""
    return (spread(values, salt) >> np.uint64(11)).astype(np.float64) / float(2**53)


def one_of(values: Ints, salt: int, count: int) -> Ints:
    """Give each number one of `count` places."""
    return (chance(values, salt) * count).astype(np.int64)


def stamps(seconds: Ints) -> Texts:
    """Write moments as ISO 8601 in UTC, `2025-03-04T17:22:09Z`; a negative number is missing."""
    known = seconds >= 0
    result: Texts = np.full(len(seconds), None, dtype=object)
    if not known.any():
        return result
    days, rest = np.divmod(seconds[known], DAY)
    first = int(days.min())
    dates = np.arange(first, int(days.max()) + 1).astype("datetime64[D]").astype(str).astype(object)
    result[known] = dates[days - first] + _clock()[rest]
    return result


@cache
def _clock() -> Texts:
    moments = np.datetime_as_string(np.arange(DAY).astype("datetime64[s]"))
    return objects([f"{text[10:]}Z" for text in moments.tolist()])


def dates(seconds: Ints) -> Texts:
    """Write moments as ISO 8601 days; a negative number is missing."""
    result: Texts = np.full(len(seconds), None, dtype=object)
    known = seconds >= 0
    result[known] = (seconds[known] // DAY).astype("datetime64[D]").astype(str).astype(object)
    return result


def numbered(prefix: str, numbers: Ints) -> Texts:
    """Write ids: the prefix and a number of four digits or more; a negative number is missing."""
    keep = numbers >= 0
    result: Texts = np.full(len(numbers), None, dtype=object)
    high, low = np.divmod(numbers[keep], 10_000)
    if not len(high):
        return result
    least, most = int(high.min()), int(high.max())
    if most - least < 4 * len(high):
        heads = objects([f"{prefix}{number or ''}" for number in range(least, most + 1)])[high - least]
    else:
        heads = objects([prefix]) + high.astype("U20").astype(object)
    result[keep] = heads + _tails()[low]
    return result


@cache
def _tails() -> Texts:
    return objects([f"{number:04d}" for number in range(10_000)])


def column(choices: Sequence[str] | Texts, places: Ints) -> ExtensionArray:
    """Take choices by place straight into a column of a frame; `NONE` is missing. Faster than `picked`."""
    return pd.array(objects(choices), dtype="str").take(places, allow_fill=True)


def blanked(texts: Texts, keep: Flags) -> Texts:
    """Leave out the texts that are not to be kept."""
    result: Texts = np.array(texts, dtype=object)
    result[~keep] = None
    return result


def hexes(values: npt.NDArray[np.uint64], *, words: int = 4) -> Texts:
    """Write the top `words` times 16 bits in hexadecimal, padded."""
    pieces = quads()
    result: Texts = pieces[(values >> np.uint64(48)).astype(np.int64)]
    for step in range(1, words):
        result = result + pieces[((values >> np.uint64(48 - 16 * step)) & np.uint64(0xFFFF)).astype(np.int64)]
    return result


@cache
def quads() -> Texts:
    """Give the 65,536 hexadecimal words of four digits."""
    return objects([f"{piece:04x}" for piece in range(65_536)])


def picked(choices: Sequence[str], places: Ints) -> Texts:
    """Take a choice by its place; `NONE` is missing."""
    table = objects([*choices, ""])
    return blanked(table[places], places >= 0)


def weighted(chances: npt.NDArray[np.float64], weights: Sequence[float]) -> Ints:
    """Turn even chances into places drawn by weight."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.minimum(np.searchsorted(edges / edges[-1], chances, side="right"), len(weights) - 1)


def counted(keys: Ints) -> Ints:
    """Number the equal keys 0, 1, 2, ... in the order in which they stand."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(keys) else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[starts, len(keys)])
    result = np.empty(len(keys), dtype=np.int64)
    result[order] = np.arange(len(keys)) - np.repeat(starts, sizes)
    return result
