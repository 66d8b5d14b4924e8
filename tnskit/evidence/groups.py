"""From pairs to groups: what surely hangs together first, then groups that several weak links hold to each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

SEVERAL = 3
"""Members on either side that weak links have to reach before two groups are one. Assumption: two can be a couple's chance."""

Codes = np.ndarray[tuple[int], np.dtype[np.int64]]


def components(edges: pd.DataFrame, size: int) -> Codes:
    """Give, for every code from 0 to `size` - 1, the lowest code of its connected component."""
    ones = np.ones(len(edges), dtype=np.int8)
    matrix = coo_array((ones, (edges["a"].to_numpy(), edges["b"].to_numpy())), shape=(size, size))
    groups, labels = connected_components(matrix, directed=False)
    lowest = np.full(groups, size, dtype=np.int64)
    np.minimum.at(lowest, labels, np.arange(size))
    first: Codes = lowest[labels]
    return first


def grouped(sure: pd.DataFrame, weak: pd.DataFrame, size: int) -> Codes:
    """Group codes by sure links, and join groups of which several members are weakly linked to several of the other.

    One weak link never joins anything: two accounts, or a pair and a stranger, stay apart however long the chain. A group of three
    and more is one hand's already; when several of its members are linked to several of another group (or a single account to
    several of them), each of those links would have to be chance.

    Args:
        sure: `a`, `b`: links that hold by themselves.
        weak: `a`, `b`: links that do not.
        size: How many codes there are.

    Returns:
        For every code the lowest code of its group.
    """
    first = components(sure, size)
    many = np.bincount(first, minlength=size)
    ends = pd.DataFrame({"a": weak["a"].to_numpy(), "b": weak["b"].to_numpy()})
    ends["g"], ends["h"] = first[ends["a"]], first[ends["b"]]
    ends = ends[(ends["g"] != ends["h"]) & (np.maximum(many[ends["g"]], many[ends["h"]]) >= SEVERAL)]
    swap = ends["g"] > ends["h"]
    ends = pd.DataFrame(
        {
            "a": np.where(swap, ends["b"], ends["a"]), "b": np.where(swap, ends["a"], ends["b"]),
            "g": np.where(swap, ends["h"], ends["g"]), "h": np.where(swap, ends["g"], ends["h"]),
        }
    )  # fmt: skip
    met = ends.groupby(["g", "h"])[["a", "b"]].nunique().reset_index()
    held = met[(met["a"] >= np.minimum(SEVERAL, many[met["g"]])) & (met["b"] >= np.minimum(SEVERAL, many[met["h"]]))]
    joined = held[["g", "h"]].set_axis(["a", "b"], axis=1)
    return components(pd.concat([sure[["a", "b"]], joined], ignore_index=True), size)
