"""What a day of rows changes in the pairs of a long table: only the values it names are looked at, only their pairs scored again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from tnskit.cleaning.hashes import Ints
from tnskit.cleaning.longtable import Source, coded, counted, hash_of
from tnskit.cleaning.wholetable import Whole, new_rows
from tnskit.evidence.arrays import Columns, among, inserted, picked
from tnskit.evidence.rules import Rules
from tnskit.evidence.tablepairs import Pieced, bound, pieced, scored

_BUCKETS = 22
"""Upper bits of a hash that tell which accounts a day may name, before their ids are compared. Measured: enough for a million a day."""


@dataclass(frozen=True, eq=False)
class Later:
    """What has changed since all was linked: all pieces and the score of every pair that was touched.

    Attributes:
        pairs: The pairs, sorted; what was linked at first says nothing about them any more.
        pieces: As of `Pieced`.
        scores: As `scored` gives them.
    """

    pairs: Ints = field(repr=False)
    pieces: Columns = field(repr=False)
    scores: Columns = field(repr=False)


def changed(table: Whole, added: Source | None, removed: Source | None, erased: Iterable[str]) -> tuple[Whole, Ints, bool]:
    """Take rows out of a table and put others in.

    Returns:
        The table, the hashes of the values that were named, and whether a row was taken out.
    """
    gone, new = table.gone(removed, erased), new_rows(added)
    named = [table.pick(gone).hashes()] if len(gone) else []
    table = table.without(gone) if len(gone) else table
    after = table.beside(new)
    return after, np.concatenate([*named, after.pick(np.arange(table.rows, after.rows)).hashes()]), len(gone) > 0


def still_crowded(table: Whole, aside: Columns, hashes: Ints, rules: Rules, most: int) -> tuple[Columns, Ints]:
    """Count the accounts of crowded values that were named again; those that stay crowded need no more than that.

    Returns:
        The values set aside with their new numbers, and the hashes of what is left to look at.
    """
    named = np.flatnonzero(among(aside["hash"], np.sort(hashes)))
    known, place = np.unique(aside["hash"][named], return_inverse=True)
    rows = table.pick(table.having(known))
    mine = rows.hashes()
    there = among(mine, known)
    rows, run = rows.where(there), np.searchsorted(known, mine[there])
    first = np.zeros(len(known), dtype=np.int64)
    first[run[::-1]] = np.arange(len(run) - 1, -1, -1)
    # Two values with one hash are looked at letter by letter like any other.
    mixed = np.zeros(len(known), dtype=np.bool_)
    mixed[run[~rows.like(first[run])]] = True
    accounts = counted(run.astype(np.uint64), rows.account_hashes(), len(known))
    bounds = np.array([bound(rules, number, most) for number in range(len(rules.rules) + 1)])
    stays = (accounts[place] > np.maximum(1, bounds[aside["rule"][named]])) & ~mixed[place]
    counts = aside["accounts"].copy()
    counts[named[stays]] = accounts[place[stays]]
    return aside | {"accounts": counts}, hashes[~among(hashes, np.sort(aside["hash"][named[stays]]))]


def looked_at(table: Whole, hashes: Ints, names: pl.Series, rules: Rules, most: int) -> tuple[Pieced, pl.Series]:
    """Link the rows of some values, with the codes of accounts that there are and new ones after them."""
    found = coded(table.pick(table.having(hashes)), most)
    code, names = numbered(found.names(), names)
    return pieced(found, rules, most, code[found.account]), names


def touched(table: Whole, known: Ints, hashes: Ints) -> Ints:
    """Tell which hashes are (nearly) one of those that were looked at, and so no longer hold."""
    high = ~np.uint64((1 << table.bits) - 1)
    return among(known & high, np.unique(hashes & high))


def joined(first: Pieced, fresh: Pieced, stale: Ints, aside: Columns) -> tuple[Pieced, Columns]:
    """Put what was looked at beside what was linked at first, and give its pieces with the places they have there.

    Args:
        first: What was linked at first.
        fresh: What was looked at.
        stale: True for each value set aside that no longer holds.
        aside: The values set aside with their new numbers.
    """
    pieces = dict(fresh.pieces)
    for name in ("low", "high"):
        pieces[name] = pieces[name] + np.int32(len(first.rows))
    pieces["value"] = pieces["value"] + np.int32(len(first.values["hash"]))
    return replace(
        first, rows=first.rows.beside(fresh.rows), crowd=first.crowd.where(~stale).beside(fresh.crowd),
        values=_after(first.values, fresh.values), aside=_after(picked(aside, ~stale), fresh.aside),
    ), pieces  # fmt: skip


def _after(one: Columns, two: Columns) -> Columns:
    return {name: np.concatenate([one[name], two[name]]) for name in one}


def later_of(first: Pieced, later: Later | None, fresh: Columns, stale: Ints, rules: Rules) -> Later:
    """Score the pairs again that lost or won a piece.

    Args:
        first: What was linked at first, with the values of all.
        later: What has changed before.
        fresh: The new pieces.
        stale: True for each value whose pieces no longer hold.
        rules: The rule table.
    """
    none = {name: column[:0] for name, column in first.pieces.items()}
    before = later or Later(first.pieces["pair"][:0], none, {})
    lost = [some["pair"][stale[some["value"]]] for some in (first.pieces, before.pieces)]
    pairs = _once(np.concatenate([*lost, fresh["pair"]]))
    every = _once(np.concatenate([before.pairs, pairs]))
    new = pairs[~among(pairs, before.pairs)]
    pieces = _of_pairs(first.pieces, new)
    # The new pairs come from the first pieces, the others from what has changed before.
    pieces = inserted(before.pieces, pieces, "pair")
    pieces = inserted(picked(pieces, ~stale[pieces["value"]]), fresh, "pair")
    return Later(every, pieces, scored(pieces, first.values, rules))


def _once(numbers: Ints) -> Ints:
    numbers.sort()
    return numbers[np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]]


def _of_pairs(pieces: Columns, pairs: Ints) -> Columns:
    first, last = (np.searchsorted(pieces["pair"], pairs, side=side) for side in ("left", "right"))
    size = last - first
    places = np.arange(int(size.sum())) + np.repeat(first - (np.cumsum(size) - size), size)
    return picked(pieces, places)


def compacted(first: Pieced, pieces: Columns) -> Pieced:
    """Let go of rows and values that no piece stands on, so that what was erased leaves nothing behind."""
    rows, values = np.zeros(len(first.rows), dtype=np.bool_), np.zeros(len(first.values["hash"]), dtype=np.bool_)
    rows[pieces["low"]] = rows[pieces["high"]] = values[pieces["value"]] = True
    place, value = (np.cumsum(some, dtype=np.int32) - 1 for some in (rows, values))
    pieces = pieces | {"low": place[pieces["low"]], "high": place[pieces["high"]], "value": value[pieces["value"]]}
    return replace(first, rows=first.rows.where(rows), values=picked(first.values, values), pieces=pieces)


def numbered(ids: pl.Series, names: pl.Series) -> tuple[Ints, pl.Series]:
    """Give accounts the codes that they have in `names`, and new ones to those that have none."""
    flags = np.zeros(1 << _BUCKETS, dtype=np.bool_)
    flags[_bucket(ids)] = True
    known = pl.Series(np.flatnonzero(flags[_bucket(names)]))
    told = pl.DataFrame({"id": names.gather(known), "code": known.cast(pl.Int64)})
    code = pl.DataFrame({"id": ids}).join(told, on="id", how="left", maintain_order="left")["code"].fill_null(-1).to_numpy().copy()
    new = code < 0
    code[new] = len(names) + np.arange(int(new.sum()))
    return code, pl.concat([names, ids.filter(pl.Series(new))])


def _bucket(ids: pl.Series) -> Ints:
    found: Ints = (pl.DataFrame({"id": ids}).select(hash_of("id")).to_series().to_numpy() >> np.uint64(64 - _BUCKETS)).view(np.int64)
    return found
