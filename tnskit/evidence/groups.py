"""From pairs to groups: what surely hangs together first, then groups that several weak links hold to each other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tnskit.evidence.rules import LABELS, Rules

INNOCENT = 0.5
"""A pair whose best innocent reading is at least this likely joins no group. Assumption: more likely than not."""

CARDS = {"card lent, lost or stolen": 0.3, "couple's card": 0.4}
"""Readings of a card, and how likely each has to be to keep a pair from holding a group, however strong the pair is: a card is the one
thing that passes to strangers unseen, whose holder is then the victim, and from hand to hand at home. Assumptions: 3 and 4 in ten."""

SEVERAL = 3
"""Members on either side that weak links have to reach before two groups are one. Assumption: two can be a couple's chance."""

Codes = np.ndarray[tuple[int], np.dtype[np.int64]]


def holding_sql(label: str, table: Rules, *, reads_innocent: bool) -> tuple[str, list[Any]]:
    """Give the SQL, with its values, of the pairs that may hold a group together; see `links.holding`.

    As sure as the label asked for is what two families say, a personal thing among them of which a point is left (conduct is no second
    one: it stands on what is shared), or a name at one home at one time. Where no innocent reading comes near, so is a document or the one
    device of both by itself, and a home or a network of two that leave few traces of an ordinary life and opened together, or one after the
    other's removal.
    """
    cards = " ".join(f"WHEN benign = '{name.replace(chr(39), chr(39) * 2)}' THEN {most}" for name, most in CARDS.items())
    sql = (
        "WITH known AS (SELECT *, benign_score < $3 / 2 AS plain, array_length(list_filter(string_split(families, '+'), "
        "lambda family: family NOT IN ('FACTS', 'MARKET', 'BREADTH', 'NAME', 'AGE', 'CONDUCT'))) AS many FROM pair WHERE label <> $2), "
        "judged AS (SELECT *, list_contains($1, label) OR score - $4 * benign_score >= $5 AND (NOT crumbs AND ("
        "many >= 2 AND regexp_matches(families, 'IDENTITY|PAYMENT|DEVICE|CONTACT|NAME.*(NETWORK|PLACE).*TIMING') "
        "OR plain AND regexp_matches(families, 'IDENTITY|DEVICE')) "
        "OR plain AND score >= $6 AND regexp_matches(families, 'CONDUCT.*(NETWORK|PLACE).*TIMING')) AS sure FROM known) "
        "SELECT a, b, score, label, benign, benign_score, sure FROM judged "
        f"WHERE benign_score < CASE {cards} "
        "WHEN sure OR families LIKE '%BEHAVIOUR%' THEN $3 ELSE $3 / 2 END ORDER BY a, b"
    )
    wanted = list(LABELS[LABELS.index(label) :])
    # no pair is sure beyond its word where nobody looked for an innocent reading
    sure = table.points_of(table.sure) if reads_innocent else math.inf
    return sql, [wanted, LABELS[0], INNOCENT, table.innocent, sure, table.labels["likely"]]


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
