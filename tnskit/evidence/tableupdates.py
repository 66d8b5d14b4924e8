"""What a day of rows changes in the pairs of a long table: only the values it names are looked at, only their pairs scored again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from tnskit.cleaning.hashes import Ints, among, between, merged, near, once, sliced
from tnskit.cleaning.longfile import Source
from tnskit.cleaning.longtable import Rows, hash_of
from tnskit.cleaning.sharing import coded, member
from tnskit.cleaning.wholetable import Whole, in_memory, new_rows
from tnskit.evidence.arrays import Columns, inserted, picked
from tnskit.evidence.rules import Rules
from tnskit.evidence.tablepairs import Pieced, pieced, scored


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


def changed(table: Whole, added: Source | None, removed: Source | None, erased: Iterable[str]) -> tuple[Whole, Rows, Rows]:
    """Take rows out of a table and put others in; gives the table and the rows that went and came."""
    gone, new = table.gone(removed, erased), new_rows(added)
    old = table.pick(gone)
    table = table.without(gone) if len(gone) else table
    return table.beside(new), old, in_memory(new)


def still_crowded(first: Pieced, old: Rows, new: Rows) -> tuple[Pieced, Ints]:
    """Count new accounts on the values of most accounts; those can only become more crowded, as long as no row went.

    Returns:
        What was linked with the new numbers, and the hashes of what is left to look at.
    """
    hashes, aside = new.hashes(), first.aside
    if len(old):
        # Who else has a value is looked up from now on.
        none = first.members[:0]
        first = replace(first, members=none, aside=aside | {"told": np.zeros_like(aside["told"])}, numbers=())
        return first, np.concatenate([old.hashes(), hashes])
    members = np.sort(first.members)
    told = np.flatnonzero(aside["told"])
    told = told[np.argsort(aside["hash"][told])]
    known = aside["hash"][told]
    here = np.flatnonzero(among(hashes, known))
    place = told[np.searchsorted(known, hashes[here])] if len(here) else here
    alike = new.at(here).like(first.crowd, place)
    here, place = here[alike], place[alike]
    seen, heads = np.unique(member(hashes[here], new.account_hashes()[here]), return_index=True)
    fresh = ~among(seen, members)
    more = np.bincount(place[heads[fresh]], minlength=len(aside["hash"]))
    left = np.ones(len(hashes), dtype=np.bool_)
    left[here] = False
    return replace(first, members=merged(members, seen[fresh]), aside=aside | {"accounts": aside["accounts"] + more}), hashes[left]


def looked_at(table: Whole, first: Pieced, hashes: Ints, names: pl.Series, rules: Rules, most: int) -> tuple[Pieced, pl.Series]:
    """Link the rows of some values, with the codes of accounts that there are and new ones after them."""
    found = coded(_rows(table, first, table.having(hashes, shared=True)))
    code, names = numbered(found.names(), names)
    return pieced(found, rules, most, code[found.account]), names


def _rows(table: Whole, first: Pieced, numbers: Ints) -> Rows:
    """Give rows of the table by their sorted numbers.

    What was linked at first holds the text of many; each has its own dates or those over all rows of its account and value,
    which comes to the same.
    """
    held, start = [], 0
    for known in first.numbers:
        # Numbers of another width would be compared with a copy of all.
        wanted = numbers.astype(known.dtype)
        here = among(wanted, known)
        held.append(first.rows.part(start, len(known)).at(np.searchsorted(known, wanted[here])))
        numbers, start = numbers[~here], start + len(known)
    found = table.pick(numbers)
    for rows in held:
        found = found.beside(rows)
    return found.in_one_piece()


def touched(table: Whole, known: Ints, hashes: Ints) -> Ints:
    """Tell which hashes are (nearly) one of those that were looked at, and so no longer hold."""
    found, places = np.zeros(len(known), dtype=np.bool_), near(known, hashes)
    found[places] = among(known[places] & table.told, np.sort(hashes & table.told))
    return found


def joined(first: Pieced, fresh: Pieced, stale: Ints) -> tuple[Pieced, Columns]:
    """Put what was looked at beside what was linked at first, and give its pieces with the places they have there.

    Args:
        first: What was linked at first.
        fresh: What was looked at.
        stale: True for each value set aside that no longer holds.
    """
    pieces = dict(fresh.pieces)
    for name in ("low", "high"):
        pieces[name] = pieces[name] + np.int32(len(first.rows))
    pieces["value"] = pieces["value"] + np.int32(len(first.values["hash"]))
    return replace(
        first, rows=first.rows.beside(fresh.rows), crowd=first.crowd.where(~stale).beside(fresh.crowd),
        values=_after(first.values, fresh.values), aside=_after(picked(first.aside, ~stale), fresh.aside),
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
    lost = [_lost(some, stale) for some in (first.pieces, before.pieces)]
    pairs = once(np.sort(np.concatenate([*lost, fresh["pair"]])))
    every = once(np.sort(np.concatenate([before.pairs, pairs])))
    new = pairs[~among(pairs, before.pairs)]
    pieces = _of_pairs(first.pieces, new)
    # The new pairs come from the first pieces, the others from what has changed before.
    pieces = inserted(before.pieces, pieces, "pair")
    pieces = inserted(picked(pieces, ~stale[pieces["value"]]), fresh, "pair")
    return Later(every, pieces, scored(pieces, first.values, rules))


def _lost(pieces: Columns, stale: Ints) -> Ints:
    found: Ints = pieces["pair"][sliced(lambda some: stale[pieces["value"][some]], len(pieces["pair"]))]
    return found


def _of_pairs(pieces: Columns, pairs: Ints) -> Columns:
    return picked(pieces, between(pieces["pair"], pairs, pairs))


def compacted(first: Pieced, pieces: Columns) -> Pieced:
    """Let go of rows and values that no piece stands on, so that what was erased leaves nothing behind."""
    rows, values = np.zeros(len(first.rows), dtype=np.bool_), np.zeros(len(first.values["hash"]), dtype=np.bool_)
    # Rows of the table may be asked for again.
    rows[: sum(map(len, first.numbers))] = True
    rows[pieces["low"]] = rows[pieces["high"]] = values[pieces["value"]] = True
    place, value = (np.cumsum(some, dtype=np.int32) - 1 for some in (rows, values))
    pieces = pieces | {"low": place[pieces["low"]], "high": place[pieces["high"]], "value": value[pieces["value"]]}
    return replace(first, rows=first.rows.where(rows), values=picked(first.values, values), pieces=pieces)


def numbered(ids: pl.Series, names: pl.Series) -> tuple[Ints, pl.Series]:
    """Give accounts the codes that they have in `names`, and new ones to those that have none."""
    hashes, known = _hashes(ids), _hashes(names)
    places = near(known, hashes)
    known = known[places]
    order = np.argsort(known)
    places, known = places[order], known[order]
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    here = np.flatnonzero(known[at] == hashes) if len(known) else at[:0]
    code = np.full(len(ids), -1, dtype=np.int64)
    code[here] = places[at[here]]
    same = (names.gather(code[here]) == ids.gather(here)).fill_null(False).to_numpy()
    if not same.all():
        # Two names have one hash.
        told = pl.DataFrame({"id": names.gather(places), "code": places})
        other = here[~same]
        asked = pl.DataFrame({"id": ids.gather(other)})
        code[other] = asked.join(told, on="id", how="left", maintain_order="left")["code"].fill_null(-1).to_numpy()
    new = code < 0
    code[new] = len(names) + np.arange(int(new.sum()))
    return code, pl.concat([names, ids.filter(pl.Series(new))])


def _hashes(ids: pl.Series) -> Ints:
    found: Ints = pl.DataFrame({"id": ids}).select(hash_of("id")).to_series().to_numpy()
    return found
