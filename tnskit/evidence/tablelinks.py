"""`link_table`: pair the accounts of one long table, straight from the file, and keep the result current day by day.

For markets too large to clean value by value first, and for a look before anything is mapped: values are compared as they
stand, and each kind counts by its plain rule in `rules.toml` (no class, no hand-over, nothing that only other tables tell).
The best piece of each family counts, times rarity and recency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
import polars as pl

from tnskit.cleaning.hashes import Ints, among
from tnskit.cleaning.longfile import Source
from tnskit.cleaning.longtable import BATCH, column, read_long
from tnskit.cleaning.sharing import shared
from tnskit.cleaning.wholetable import Whole, whole
from tnskit.errors import UnknownAccountError, UsageError
from tnskit.evidence import rules as rule_tables
from tnskit.evidence.arrays import Columns, inserted, picked
from tnskit.evidence.rules import LABELS, Rules
from tnskit.evidence.tablepairs import Pieced, bound, families_of, pieced, scored
from tnskit.evidence.tableupdates import Later, changed, compacted, joined, later_of, looked_at, still_crowded, touched


@dataclass(frozen=True, eq=False)
class TableLinks:
    """Scored pairs of one long table with their evidence, in integer arrays.

    Attributes:
        rules: The rule table used.
        most: An identifier of more accounts than this is set aside, whatever its rule says.
        table: The table.
        names: The account of each code.
        first: What was linked at first; see `Pieced`. Its `rows`, `values` and `crowd` are current.
        first_scores: One entry a pair: `pair`, `score`, `families` (bits), `shared`.
        later: What has changed since, for some pairs.
    """

    rules: Rules = field(repr=False)
    most: int
    table: Whole = field(repr=False)
    names: pl.Series = field(repr=False)
    first: Pieced = field(repr=False)
    first_scores: Columns = field(repr=False)
    later: Later | None = field(default=None, repr=False)

    @cached_property
    def pieces(self) -> Columns:
        """One entry per pair and shared value, pair by pair; see `Pieced`."""
        if self.later is None:
            return self.first.pieces
        kept = ~among(self.first.pieces["pair"], self.later.pairs)
        return inserted(picked(self.first.pieces, kept), self.later.pieces, "pair")

    @cached_property
    def scores(self) -> Columns:
        """One entry a pair: `pair`, `score`, `families` (bits), `shared`."""
        if self.later is None:
            return self.first_scores
        kept = ~among(self.first_scores["pair"], self.later.pairs)
        return inserted(picked(self.first_scores, kept), self.later.scores, "pair")

    def __len__(self) -> int:
        return len(self.scores["pair"])

    @property
    def pairs(self) -> pd.DataFrame:
        """DataFrame `a`, `b` (a < b), `score`, `label`, `families`, `shared`, in the order of the ids."""
        rank = np.empty(len(self.names), dtype=np.int64)
        by_id = self.names.arg_sort().to_numpy()
        rank[by_id] = np.arange(len(rank))
        low, high = rank[self.scores["pair"] >> 32], rank[self.scores["pair"] & 0xFFFFFFFF]
        low, high = np.minimum(low, high), np.maximum(low, high)
        order = np.argsort(low << 32 | high)
        # A column of words is read once and then picked from, which is cheaper than reading every cell again.
        names = column(self.names.gather(by_id))
        families, labels = self.words()
        found = pd.DataFrame({"score": self.scores["score"][order], "shared": self.scores["shared"][order]})
        found.insert(0, "a", names.take(low[order]).reset_index(drop=True))
        found.insert(1, "b", names.take(high[order]).reset_index(drop=True))
        found.insert(3, "label", pd.Series(LABELS, dtype=str).take(labels[order]).reset_index(drop=True))
        found.insert(4, "families", families.take(self.scores["families"][order]).reset_index(drop=True))
        return found

    def words(self) -> tuple[pd.Series, Ints]:
        """Give the words of every set of families, and the number of each pair's label."""
        bits, (names, strong, weak) = self.scores["families"], families_of(self.rules)
        said = pd.Series(["+".join(name for n, name in enumerate(names) if some >> n & 1) for some in range(1 << len(names))], dtype=str)
        many, score, bounds = np.array([some.bit_count() for some in range(1 << len(names))])[bits], self.scores["score"], self.rules.labels
        place = np.searchsorted([bounds[label] for label in LABELS[1:]], score, side="right")
        place = np.where((place == 3) & ((many < 2) | (bits & strong == 0)), 2, place)
        return said, np.where((many == 1) & (bits & ~weak == 0), 0, place)

    @property
    def crowded(self) -> pd.DataFrame:
        """DataFrame `kind`, `shown` (masked), `accounts`, `why`: values set aside, most shared first."""
        aside, told = self.first.aside, self.first.crowd.shown()
        bounds = [bound(self.rules, number, self.most) for number in range(len(self.rules.rules) + 1)]
        why = [
            f"seen with {accounts} accounts; above {bounds[rule]} it says nothing"
            if bounds[rule]
            else "no rule says what sharing this means"
            for accounts, rule in zip(aside["accounts"].tolist(), aside["rule"].tolist(), strict=True)
        ]
        found = pd.DataFrame({**{name: told[name].to_numpy() for name in ("kind", "shown")}, "accounts": aside["accounts"], "why": why})
        return found.sort_values(["accounts", "kind", "shown"], ascending=[False, True, True], ignore_index=True)

    def evidence(self, a: str, b: str) -> pd.DataFrame:
        """Give what two accounts share: `kind`, `family`, `shown` (masked), `accounts`, `points`, and when each had it first and last.

        Raises:
            UnknownAccountError: An account that shares nothing with anybody.
        """
        x, y = self._code(a), self._code(b)
        pair = min(x, y) << 32 | max(x, y)
        late = self.later is not None and among(np.array([pair]), self.later.pairs)[0]
        pieces = self.later.pieces if self.later is not None and late else self.first.pieces
        start, stop = np.searchsorted(pieces["pair"], [pair, pair + 1])
        some = {name: column[start:stop] for name, column in pieces.items()}
        one, two = (some["low"], some["high"]) if x < y else (some["high"], some["low"])
        rows, values, told = self.first.rows, picked(self.first.values, some["value"]), self.first.rows.shown(one)
        families = np.array([rule.family for rule in self.rules.rules.values()], object)
        found = pd.DataFrame({"kind": told["kind"].to_numpy(), "family": families[values["rule"]], "shown": told["shown"].to_numpy()})
        found["accounts"], found["points"] = values["accounts"].astype(np.int64), some["points"]
        for name, places in (("a", one), ("b", two)):
            for end in ("first", "last"):
                found[f"{end}_{name}"] = pd.to_datetime(rows.at(places).date(end).view("datetime64[us]")).tz_localize("UTC")
        return found.sort_values(["points", "kind", "shown"], ascending=[False, True, True], ignore_index=True)

    def _code(self, account: str) -> int:
        found = (self.names == account).arg_true()
        if not len(found):
            raise UnknownAccountError(f"account '{str(account)[:40]}' shares nothing with another account of this table")
        return int(found[0])

    def update(self, new_rows: Source | None = None, *, removed: Source | None = None, erased: Iterable[str] = ()) -> TableLinks:
        """Give the links with rows added and taken out, as if the whole table had been linked again.

        Only the values that the rows name are looked at again, with all accounts that have them, and only the pairs on
        those are scored again. What was linked at first stays as it lies in memory; what changes is kept beside it until it
        is an eighth of all.

        Args:
            new_rows: Rows as in the table.
            removed: Rows (`account_id`, `kind`, `value`) that were wrong: every row of this account with this value goes.
            erased: Accounts whose rows go altogether.
        """
        gone = list(erased)
        table, old, new = changed(self.table, new_rows, removed, gone)
        first, hashes = still_crowded(self.first, old, new)
        fresh, names = looked_at(table, first, hashes, self.names, self.rules, self.most)
        first, pieces = joined(first, fresh, touched(table, first.aside["hash"], hashes))
        stale = touched(table, first.values["hash"], hashes)
        stale[len(self.first.values["hash"]) :] = False
        later = later_of(first, self.later, pieces, stale, self.rules)
        found = replace(self, table=table, names=names, first=first, later=later)
        return found._settled(gone) if len(old) or 8 * len(later.pairs) > len(self.first_scores["pair"]) else found

    def _settled(self, erased: list[str]) -> TableLinks:
        """Give the same in one piece, without the names of erased accounts."""
        names = self.names.to_frame("id").select(pl.when(~pl.col("id").is_in(erased)).then("id")).to_series() if erased else self.names
        return replace(self, names=names.rechunk(), first=compacted(self.first, self.pieces), first_scores=self.scores, later=None)


def link_table(source: Source, *, most: int = 50, rules: Rules | None = None, batch: int = BATCH, progress: bool = False) -> TableLinks:
    """Pair the accounts of one long table that share a value, and add up what that says.

    Args:
        source: A Parquet file or pattern, or a frame: `account_id`, `kind`, `value`, and `first_seen`, `last_seen` or `seen_at`.
        most: An identifier of more accounts than this is set aside, whatever its rule says.
        rules: The rule table; that of `rules.toml` if left out.
        batch: Rows whose text is held in memory at once, up to 100 bytes each; a longer table is read twice, and of it the rows that
            share a value stay, with up to three quarters as many that were read beside them.
        progress: Show a progress bar.

    Returns:
        TableLinks: `pairs`, `crowded`, `evidence(a, b)`, `update(new_rows)`.

    Raises:
        SourceError: No such file, or not Parquet.
        TableError: A column is missing.
        UsageError: `most` is below 2.
    """
    if most < 2:
        raise UsageError(f"most={most} would set every shared identifier aside; it should be 2 or more")
    table, rules = read_long(source, dates=True, batch=batch, progress=progress), rules or rule_tables.default()
    kept = whole(table)
    found = shared(table, most, kept.words, kept.bits, kept.lower)
    first = pieced(found, rules, most)
    return TableLinks(rules, most, kept, found.names(), first, scored(first.pieces, first.values, rules))
