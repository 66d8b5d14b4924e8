"""Pairs of the accounts on each value of a long table, with points, in integer arrays; what `tablelinks` is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tnskit.cleaning.hashes import SLICE, Ints, fresh_of, taken
from tnskit.cleaning.identifiers import ALIASES
from tnskit.cleaning.longtable import NEVER, Rows
from tnskit.cleaning.sharing import Shared
from tnskit.evidence.arrays import Columns, spread
from tnskit.evidence.rules import Rules

_DAY = 86_400_000_000


@dataclass(frozen=True, eq=False)
class Pieced:
    """What the accounts of some rows share.

    Attributes:
        pieces: One entry per pair and shared value, pair by pair: `pair` (the two codes, 32 bits each, the lower first),
            `low`, `high` (where the two stand in `rows`), `value`, `points`.
        values: One entry per value of a pair: `rule`, `accounts`, `hash`.
        aside: One entry per value set aside, as a row of `crowd`: `rule`, `accounts`, `hash`, `told` (its accounts are among
            `members`).
        rows: A row for each account and value, with the dates over all its rows.
        crowd: A row for each value set aside.
        members: Who was seen with the values of most accounts; see `member`.
        numbers: Where the first of `rows` stand in the table, run by run of sorted numbers.
    """

    pieces: Columns = field(repr=False)
    values: Columns = field(repr=False)
    aside: Columns = field(repr=False)
    rows: Rows
    crowd: Rows
    members: Ints = field(repr=False)
    numbers: tuple[Ints, ...] = field(default=(), repr=False)


def pieced(found: Shared, rules: Rules, most: int, account: Ints | None = None) -> Pieced:
    """Give a piece of evidence for every two accounts on every value that their rule lets through.

    Args:
        found: The rows.
        rules: The rule table.
        most: A value of more accounts is set aside, whatever its rule says.
        account: Codes of the rows' accounts, if other than their own.
    """
    held, starts = _once(found, found.account if account is None else account)
    numbers = rules_of(found.rows.kinds, rules)
    rule = numbers[found.rows.kind[held["row"]]]
    sizes, heads = np.diff(starts), starts[:-1]
    bounds = np.array([bound(rules, number, most) for number in range(len(rules.rules) + 1)])
    shares = sizes >= 2
    fits = shares & (sizes <= bounds[rule[heads]])
    out = heads[shares & ~fits]
    crowd = found.rows.at(held["row"][out]).beside(found.hubs.rows)
    aside = {
        "accounts": np.concatenate([sizes[shares & ~fits], found.hubs.accounts]), "hash": crowd.hashes(),
        "rule": np.concatenate([rule[out], numbers[found.hubs.rows.kind]]),
        "told": np.append(np.zeros(len(out), np.bool_), np.ones(len(found.hubs.rows), np.bool_)),
    }  # fmt: skip
    groups = np.flatnonzero(fits)
    first = found.rows.at(held["row"][heads[groups]])
    values = {"rule": rule[heads[groups]], "accounts": sizes[groups].astype(np.int32), "hash": first.hashes()}
    rows = found.rows.dated(held["row"], held["first"], held["last"])
    rows = rows.beside(found.passed) if found.passed else rows
    return Pieced(_pieces(held, starts, groups, values, rules), values, aside, rows, crowd, found.hubs.members, found.numbers)


def _once(found: Shared, account: Ints) -> tuple[Columns, Ints]:
    """Give each account once on each value: `account`, `row`, and `first` and `last` over all its rows; and where each value starts."""
    bits = max(1, int(account.max(initial=0)).bit_length())
    keys = found.value.astype(np.int64)
    keys <<= bits
    keys |= account
    order = np.argsort(keys)
    keys = taken(keys, order)
    fresh = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    first, last = (taken(found.rows.date(end), order) for end in ("first", "last"))
    if len(fresh) < len(order):
        top = np.iinfo(np.int64).max
        first = np.minimum.reduceat(np.where(first == NEVER, top, first), fresh)
        first, last = np.where(first == top, NEVER, first), np.maximum.reduceat(last, fresh)
        keys, order = keys[fresh], order[fresh]
    starts = np.append(np.flatnonzero(fresh_of(keys.view(np.uint64), bits)), len(keys))
    keys &= (1 << bits) - 1
    np.copyto(last, first, where=last == NEVER)
    return {"account": keys, "row": order, "first": first, "last": last}, starts


def _pieces(held: Columns, starts: Ints, groups: Ints, values: Columns, rules: Rules) -> Columns:
    """Give a piece for every two accounts of the groups, and let go of what is held as soon as it is done with."""
    one, two, value = _pairs(starts, groups)
    pair = held["account"][one]
    pair <<= 32
    pair |= held["account"][two]
    points, (most, longest) = np.empty(len(pair)), _said(rules, values)
    for start in range(0, len(pair), SLICE):
        some = slice(start, start + SLICE)
        points[some] = _points(rules, most[value[some]], longest[value[some]], _gap(held, one[some], two[some]))
    row = held["row"].astype(np.int32)
    held.clear()
    pieces, order = {"pair": pair, "low": row[one], "high": row[two], "value": value, "points": points}, np.argsort(pair)
    del row, pair, one, two, value, points
    for name in pieces:
        pieces[name] = taken(pieces[name], order)
    return pieces


def rules_of(kinds: list[str], rules: Rules) -> Ints:
    """Give the number of the rule of each kind; past the last where none fits."""
    numbers = {name: number for number, name in enumerate(rules.rules)}
    told = (rules.pick(ALIASES.get(kind.lower(), kind.lower()), "", "unknown") for kind in kinds)
    return np.array([numbers[rule.id] if rule else len(numbers) for rule in told], dtype=np.uint8)


def bound(rules: Rules, number: int, most: int) -> int:
    """Accounts above which a value leaves no points; 0 where no rule fits or sharing says nothing."""
    if number == len(rules.rules):
        return 0
    rule = list(rules.rules.values())[number]
    return 0 if rule.points <= 0 else min(most, 5 * rule.cut) if rule.cut else most


def _pairs(starts: Ints, groups: Ints) -> tuple[Ints, Ints, Ints]:
    """Give every pair of places inside each group, and the place of the group in `groups`."""
    places = spread(starts, groups).astype(np.int32)
    sizes = starts[groups + 1] - starts[groups]
    after = np.repeat(starts[groups + 1].astype(np.int32), sizes) - places - 1
    one = np.repeat(places, after)
    # Counts up from the one that comes next, afresh for each.
    two = np.arange(1, len(one) + 1, dtype=np.int32) - np.repeat((np.cumsum(after) - after).astype(np.int32), after)
    two += one
    return one, two, np.repeat(np.arange(len(groups), dtype=np.int32), sizes * (sizes - 1) // 2)


def _gap(held: Columns, one: Ints, two: Ints) -> Ints:
    """Give the time between when one had a value and when the other had it, below 0 where both had it at once; `NEVER` if unknown."""
    first, firsts = held["first"][one], held["first"][two]
    gap: Ints = np.maximum(first, firsts) - np.minimum(held["last"][one], held["last"][two])
    gap[(first == NEVER) | (firsts == NEVER)] = NEVER
    return gap


def _said(rules: Rules, values: Columns) -> tuple[Ints, Ints]:
    """Give the points of each value's rule, times rarity, and the longest gap after which it says something, in microseconds."""
    every = list(rules.rules.values())
    told = {name: np.array([getattr(one, name) for one in every], dtype=np.float64) for name in ("points", "cut", "days")}
    points, cut, days = (column[values["rule"]] for column in told.values())
    over = np.where(cut > 0, values["accounts"] / np.maximum(cut, 1), 0)
    points *= np.select([over <= 1, over <= 2, over <= 5], [1, 0.5, 0.25], 0)
    return points, np.where(days == 0, np.inf, days * _DAY)


def _points(rules: Rules, points: Ints, longest: Ints, gap: Ints) -> Ints:
    """Give points times recency; a gap of `NEVER` is unknown."""
    shares = np.array([share for _, share in rules.recency])
    bounds = np.array([days * _DAY for days, _ in rules.recency[:-1]])
    recent: Ints = shares[np.searchsorted(bounds, gap.astype(np.float64), side="left")]
    recent[(gap == NEVER) | np.isinf(longest)] = 1
    recent[gap > longest] = 0
    recent *= points
    return recent


def families_of(rules: Rules) -> tuple[list[str], int, int]:
    """Every family in order, and which of them are strong and weak, as bits."""
    names = sorted({rule.family for rule in rules.rules.values() if rule.kind != "pair"})
    strong, weak = (sum(1 << n for n, name in enumerate(names) if name in some) for some in (rules.strong_families, rules.weak_families))
    return names, strong, weak


def scored(pieces: Columns, values: Columns, rules: Rules) -> Columns:
    """Add up the best piece of each family, pair by pair; see `TableLinks.scores`."""
    names = families_of(rules)[0]
    family = np.array([names.index(rule.family) if rule.family in names else 0 for rule in rules.rules.values()], np.uint8)[values["rule"]]
    fresh = np.append(True, pieces["pair"][1:] != pieces["pair"][:-1])[: len(pieces["pair"])]
    heads = np.flatnonzero(fresh)
    shared = np.diff(np.append(heads, len(fresh))).astype(np.int32)
    # Most pairs have one piece, which is their score.
    score, of = pieces["points"][heads], family[pieces["value"][heads]]
    bits = (score > 0).astype(np.int64) << of
    many = np.flatnonzero(shared > 1)
    places = spread(np.append(heads, len(fresh)), many)
    number, points, of = np.repeat(np.arange(len(many)), shared[many]), pieces["points"][places], family[pieces["value"][places]]
    total, sets = np.zeros(len(many)), np.zeros(len(many), dtype=np.int64)
    for n in np.unique(of):
        some, best = of == n, np.zeros(len(many))
        np.maximum.at(best, number[some], points[some])
        total += best
        sets |= (best > 0).astype(np.int64) << n
    score[many], bits[many] = total, sets
    return {"pair": pieces["pair"][heads], "score": score, "families": bits, "shared": shared}
