"""What would change a label: the same signed sum with pieces taken away, and what is missing for the next word."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from tnskit.evidence.rules import LABELS, Rules

MOST = 2
"""Pieces taken away together at most. Assumption: a label that three pieces hold needs no single check."""

_DERIVED = frozenset({"FACTS", "MARKET", "BREADTH"})
_WHO = frozenset({"NAME", "AGE"})
"""Families that tell who the two are and not what they share; as in the step `scored` of linking."""
_WHOLE = 1
"""Points below which what is shared is no ground for conduct to stand on; as in that step."""
_PERSONAL, _WEIGHTY = frozenset({"IDENTITY", "PAYMENT", "DEVICE", "CONTACT"}), 4
"""Families that the piece on breadth counts, and the points from which it counts one; as in the step `breadth` of linking."""


def is_bare(kinds: Collection[str]) -> bool:
    """Tell whether an export has no document, card, bank account or device at all."""
    return not set(kinds) & {"identity", "payout", "card", "device"}


def steps(evidence: pd.DataFrame) -> pd.DataFrame:
    """Give the sum as a waterfall: what counted, largest first, then what speaks against it.

    Returns:
        DataFrame `family`, `shown`, `rule`, `points`, `total` (running sum); empty where nothing counted.
    """
    counted = evidence[evidence["counted"] != 0]
    ordered = pd.concat([counted[counted["counted"] > 0], counted[counted["counted"] < 0]])
    told = ordered[["family", "shown", "rule", "counted"]].rename(columns={"counted": "points"})
    return told.assign(total=told["points"].cumsum()).reset_index(drop=True)


def label_of(evidence: pd.DataFrame, rules: Rules, *, bare: bool = False) -> tuple[float, str]:
    """Give score and label of some pieces, as linking would.

    Args:
        evidence: Pieces with `family`, `rule`, `counted`.
        rules: The rule table.
        bare: Whether the export has no document, card, bank account or device at all.
    """
    return label_of_records(evidence[["family", "rule", "counted"]].to_dict("records"), rules, bare=bare)


def label_of_records(pieces: Iterable[Mapping[Any, Any]], rules: Rules, *, bare: bool = False) -> tuple[float, str]:
    """Give score and label of some pieces as plain records, as `label_of` does."""
    every = list(pieces)
    held = [one for one in every if one["counted"] > 0]
    score, families = float(sum(one["counted"] for one in every)), {str(one["family"]) for one in held}
    firm = any(one["family"] in rules.strong_families and not rules[str(one["rule"])].weak for one in held)
    beside = all(one["counted"] < _WHOLE or one["family"] in rules.beside_families or rules[str(one["rule"])].weak for one in held)
    placed, named, reached = ("PLACE" in families, "NAME" in families, "CONTACT" in families)
    holds = firm or (named and reached and placed) or (bare and placed and (named or reached))
    many = families - _DERIVED - {"AGE"}
    things = many - _WHO
    if score < rules.labels["possible"] or (len(many) == 1 and families <= set(rules.weak_families)):
        return score, LABELS[0]
    if score < rules.labels["likely"] or beside:
        return score, LABELS[1]
    if score < rules.labels["strong"] or len(things) < (1 if bare else 2) or len(many) < 2 or not holds:
        return score, LABELS[2]
    return score, LABELS[3]


def without(pieces: Sequence[Mapping[Any, Any]], gone: Collection[int]) -> list[dict[Any, Any]]:
    """Take pieces away, by their places; the next best of the family counts in the place of one that did."""
    rest = [dict(one) for place, one in enumerate(pieces) if place not in gone]
    for lost in (pieces[place] for place in sorted(gone)):
        others = [one for one in rest if one["family"] == lost["family"] and one["points"] > 0]
        if lost["counted"] > 0 and lost["family"] != "AGAINST" and others:
            best = max(others, key=lambda one: float(one["points"]))
            best["counted"] = best["points"]
    before, after = _breadth(pieces), _breadth(rest)
    if after < before:
        for one in (one for one in rest if one["family"] == "BREADTH"):
            one["points"] = one["counted"] = round(4 * float(one["points"]) * after / before) / 4
        rest = [one for one in rest if one["family"] != "BREADTH" or after]
    # what was read from the shared things falls with the last of them
    if any(one["counted"] > 0 and one["family"] not in _DERIVED for one in rest):
        return rest
    return [one for one in rest if one["family"] not in _DERIVED]


def _breadth(pieces: Iterable[Mapping[Any, Any]]) -> float:
    """Give the share of its points that the piece on breadth has: from two families half of them, from three all."""
    held = {one["family"] for one in pieces if one["family"] in _PERSONAL and one["points"] >= _WEIGHTY}
    return min(1.0, max(0, len(held) - 1) / 2)


def left(pieces: Sequence[Mapping[Any, Any]], values: Collection[str]) -> list[dict[Any, Any]]:
    """Take identifiers away from the pieces of one pair, by how they are shown."""
    return without(pieces, {place for place, one in enumerate(pieces) if one["shown"] in values})


def flip(evidence: pd.DataFrame, rules: Rules, *, bare: bool = False) -> tuple[list[int], str]:
    """Find the fewest pieces (then the fewest points) without which the label is another one.

    Returns:
        Their places in `evidence` (rows counted from 0), and the label without them; ([], "") where up to `MOST` pieces do not change it.
    """
    pieces = evidence[["family", "rule", "points", "counted"]].to_dict("records")
    before = label_of_records(pieces, rules, bare=bare)[1]
    places = [place for place, one in enumerate(pieces) if one["counted"] and one["family"] not in _DERIVED]
    for many in range(1, MOST + 1):
        found = [
            (sum(abs(float(pieces[place]["counted"])) for place in gone), list(gone), after)
            for gone in itertools.combinations(places, many)
            if (after := label_of_records(without(pieces, gone), rules, bare=bare)[1]) != before
        ]
        if found:
            _, gone, after = min(found, key=lambda one: (one[0], one[1]))
            return gone, after
    return [], ""


def lacks(evidence: pd.DataFrame, rules: Rules, *, bare: bool = False) -> list[str]:
    """Say what a link that is not strong lacks for it."""
    score, label = label_of(evidence, rules, bare=bare)
    if label == LABELS[3]:
        return []
    held = set(evidence.loc[evidence["counted"] > 0, "family"])
    found = []
    if score < rules.labels["strong"]:
        missing = rules.labels["strong"] - score
        found.append(f"{missing:g} {'point' if missing == 1 else 'points'} of the {rules.labels['strong']:g}")
    if len(held - _DERIVED - _WHO) < 2:
        found.append("a second family beside the name")
    if not held & set(rules.strong_families):
        found.append(f"one of {', '.join(rules.strong_families)}")
    return found
