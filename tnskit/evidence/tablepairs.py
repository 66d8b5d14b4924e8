"""Pairs of the accounts on each value of a long table, with points, in integer arrays; what `tablelinks` is made of."""

from __future__ import annotations

import numpy as np
import polars as pl

from tnskit.cleaning.identifiers import ALIASES
from tnskit.evidence.arrays import Columns, Ints, picked, spread
from tnskit.evidence.longtable import Shared, hashed
from tnskit.evidence.rules import Rules

_DAY = 86_400_000_000
_NEVER = np.iinfo(np.int64).min


def pieced(found: Shared, rules: Rules, most: int) -> tuple[Columns, Columns, pl.DataFrame]:
    """Give the pieces of evidence of every pair, sorted by pair, the values set aside, and the rows; see `TableLinks`."""
    held = _once(found)
    rule = _rules_of(found.text, rules)[held["row"]]
    fresh = np.append(True, held["value"][1:] != held["value"][:-1])[: len(rule)]
    starts = np.append(np.flatnonzero(fresh), len(rule))
    sizes = np.diff(starts)
    bounds = np.array([bound(rules, number, most) for number in range(len(rules.rules) + 1)])
    heads = starts[:-1]
    shares = sizes >= 2
    fits = shares & (sizes <= bounds[rule[heads]])
    out = heads[shares & ~fits]
    aside = {"row": held["row"][out], "accounts": sizes[shares & ~fits], "rule": rule[out]}
    aside["hash"] = hashed(found.text[aside["row"]])
    one, two, group = _pairs(starts, np.flatnonzero(fits))
    a, b = held["account"][one], held["account"][two]
    one, two = np.where(a < b, (one, two), (two, one))
    pair = np.minimum(a, b) << 32 | np.maximum(a, b)
    gap = (np.maximum(held["first"][one], held["first"][two]) - np.minimum(held["last"][one], held["last"][two])) / _DAY
    dated = (held["first"][one] != _NEVER) & (held["first"][two] != _NEVER)
    points = _points(rules, rule[one], sizes[group], np.where(dated, gap, -np.inf))
    order = np.argsort(pair, kind="stable")
    names = hashed(found.text[held["row"][heads[fits]]])
    place = np.cumsum(fits) - 1
    pieces = {
        "pair": pair, "low": held["row"][one].astype(np.int32), "high": held["row"][two].astype(np.int32), "rule": rule[one],
        "accounts": sizes[group].astype(np.int32), "points": points, "hash": names[place[group]],
    }  # fmt: skip
    return picked(pieces, order), aside, _dated(found.text, held)


def _once(found: Shared) -> Columns:
    """Each account once on each value: `value`, `account`, `row`, and `first` and `last` over all its rows; sorted by both."""
    bits = max(1, int(found.account.max(initial=0)).bit_length())
    keys = found.value << bits | found.account
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    fresh = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    first, last = (found.text[end].to_numpy().astype("datetime64[us]").view(np.int64)[order] for end in ("first", "last"))
    if len(fresh) < len(order):
        top = np.iinfo(np.int64).max
        first = np.minimum.reduceat(np.where(first == _NEVER, top, first), fresh)
        first, last = np.where(first == top, _NEVER, first), np.maximum.reduceat(last, fresh)
    keys, last = keys[fresh], np.where(last == _NEVER, first, last)
    return {"value": keys >> bits, "account": keys & (1 << bits) - 1, "row": order[fresh], "first": first, "last": last}


def _dated(text: pl.DataFrame, held: Columns) -> pl.DataFrame:
    """Give the rows with the dates over all rows of the same account and value, where an account has several."""
    if len(held["row"]) == len(text):
        return text
    dates = {end: text[end].to_numpy().astype("datetime64[us]") for end in ("first", "last")}
    for end, column in dates.items():
        column[held["row"]] = held[end].view("datetime64[us]")
    return text.with_columns(pl.Series(end, column) for end, column in dates.items())


def _rules_of(text: pl.DataFrame, rules: Rules) -> Ints:
    """Give the number of the rule of each row's kind; past the last where none fits."""
    numbers = {name: number for number, name in enumerate(rules.rules)}
    kinds = text["kind"].unique().to_list()
    told = {kind: rules.pick(ALIASES.get(kind.lower(), kind.lower()), "", "unknown") for kind in kinds}
    found = text["kind"].replace_strict(
        {kind: numbers[rule.id] if rule else len(numbers) for kind, rule in told.items()}, return_dtype=pl.UInt8
    )
    return found.to_numpy().astype(np.uint8)


def bound(rules: Rules, number: int, most: int) -> int:
    """Accounts above which a value leaves no points; 0 where no rule fits or sharing says nothing."""
    if number == len(rules.rules):
        return 0
    rule = list(rules.rules.values())[number]
    return 0 if rule.points <= 0 else min(most, 5 * rule.cut) if rule.cut else most


def _pairs(starts: Ints, groups: Ints) -> tuple[Ints, Ints, Ints]:
    """Give every pair of places inside each group, and the group."""
    places = spread(starts, groups)
    ends = np.repeat(starts[groups + 1], starts[groups + 1] - starts[groups])
    after = ends - places - 1
    one = np.repeat(places, after)
    offset = np.arange(len(one)) - np.repeat(np.cumsum(after) - after, after)
    return one, one + 1 + offset, np.repeat(np.repeat(groups, starts[groups + 1] - starts[groups]), after)


def _points(rules: Rules, rule: Ints, accounts: Ints, gap: Ints) -> Ints:
    """Points of the rule, times rarity, times recency; a gap of minus infinity is unknown."""
    every = list(rules.rules.values())
    points, cut, days = (np.array([getattr(one, name) for one in every], dtype=np.float64)[rule] for name in ("points", "cut", "days"))
    over = np.where(cut > 0, accounts / np.maximum(cut, 1), 0)
    rarity = np.select([over <= 1, over <= 2, over <= 5], [1, 0.5, 0.25], 0)
    shares = np.array([share for _, share in rules.recency])
    recent = shares[np.searchsorted([day for day, _ in rules.recency[:-1]], gap, side="left")]
    found: Ints = points * rarity * np.where((days == 0) | np.isneginf(gap), 1, np.where(gap > days, 0, recent))
    return found


def families_of(rules: Rules) -> tuple[list[str], int, int]:
    """Every family in order, and which of them are strong and weak, as bits."""
    names = sorted({rule.family for rule in rules.rules.values() if rule.kind != "pair"})
    strong, weak = (sum(1 << n for n, name in enumerate(names) if name in some) for some in (rules.strong_families, rules.weak_families))
    return names, strong, weak


def scored(pieces: Columns, rules: Rules) -> Columns:
    """Add up the best piece of each family, pair by pair; see `TableLinks.scores`."""
    names = families_of(rules)[0]
    family = np.array([names.index(rule.family) if rule.family in names else 0 for rule in rules.rules.values()], np.uint8)[pieces["rule"]]
    fresh = np.append(True, pieces["pair"][1:] != pieces["pair"][:-1])[: len(family)]
    heads = np.flatnonzero(fresh)
    score, bits = np.zeros(len(heads)), np.zeros(len(heads), dtype=np.int64)
    number = np.cumsum(fresh) - 1
    for n in np.unique(family):
        some = family == n
        best = np.zeros(len(heads))
        np.maximum.at(best, number[some], pieces["points"][some])
        score += best
        bits |= (best > 0).astype(np.int64) << n
    shared_ = np.diff(np.append(heads, len(family)))
    return {"pair": pieces["pair"][heads], "score": score, "families": bits, "shared": shared_}
