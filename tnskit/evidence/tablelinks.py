"""`link_table`: pair the accounts of one long table, straight from the file, and keep the result current day by day.

For markets too large to clean value by value first, and for a look before anything is mapped: values are compared as they
stand, and each kind counts by its plain rule in `rules.toml` (no class, no hand-over, nothing that only other tables tell).
The best piece of each family counts, times rarity and recency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import polars as pl

from tnskit.errors import UnknownAccountError, UsageError
from tnskit.evidence import rules as rule_tables
from tnskit.evidence.arrays import Columns, Ints, among, inserted, picked
from tnskit.evidence.longtable import BATCH, COLUMNS, Long, Shared, Source, hashed, read_long, shared
from tnskit.evidence.rules import LABELS, Rules
from tnskit.evidence.tablepairs import bound, families_of, pieced, scored

_BUCKETS = 22
"""Upper bits of a hash that tell which rows a day's values may touch. Measured: enough for a million values a day."""


@dataclass(frozen=True, eq=False)
class TableLinks:
    """Scored pairs of one long table with their evidence, in integer arrays.

    Attributes:
        rules: The rule table used.
        most: An identifier of more accounts than this is set aside, whatever its rule says.
        rows: The table.
        hashes: A hash of kind and value for each row.
        held: The rows that share a value: `account_id`, `kind`, `value`, `first`, `last`.
        names: The account of each code.
        pieces: One entry per pair and shared value, pair by pair: `pair` (the two codes, 32 bits each, the lower first),
            `low`, `high` (where the two stand in `held`), `rule`, `accounts`, `points`, `hash`.
        scores: One entry a pair: `pair`, `score`, `families` (bits), `shared`.
        aside: One entry per value set aside: `row` (in `held`), `accounts`, `rule`, `hash`.
    """

    rules: Rules = field(repr=False)
    most: int
    rows: pl.LazyFrame = field(repr=False)
    hashes: Ints = field(repr=False)
    held: pl.DataFrame = field(repr=False)
    names: pl.Series = field(repr=False)
    pieces: Columns = field(repr=False)
    scores: Columns = field(repr=False)
    aside: Columns = field(repr=False)

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
        names = pd.Series(self.names.gather(by_id).to_numpy(), dtype=str)
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
        told = masked(self.held[self.aside["row"]])
        bounds = [bound(self.rules, number, self.most) for number in range(len(self.rules.rules) + 1)]
        why = [
            f"seen with {accounts} accounts; above {bounds[rule]} it says nothing"
            if bounds[rule]
            else "no rule says what sharing this means"
            for accounts, rule in zip(self.aside["accounts"].tolist(), self.aside["rule"].tolist(), strict=True)
        ]
        found = pd.DataFrame(
            {**{name: told[name].to_numpy() for name in ("kind", "shown")}, "accounts": self.aside["accounts"], "why": why}
        )
        return found.sort_values(["accounts", "kind", "shown"], ascending=[False, True, True], ignore_index=True)

    def evidence(self, a: str, b: str) -> pd.DataFrame:
        """Give what two accounts share: `kind`, `family`, `shown` (masked), `accounts`, `points`, and when each had it first and last.

        Raises:
            UnknownAccountError: An account that shares nothing with anybody.
        """
        x, y = self._code(a), self._code(b)
        pair = min(x, y) << 32 | max(x, y)
        start, stop = np.searchsorted(self.pieces["pair"], [pair, pair + 1])
        some = {name: column[start:stop] for name, column in self.pieces.items()}
        one, two = (some["low"], some["high"]) if x < y else (some["high"], some["low"])
        told, other = masked(self.held[one]), self.held[two]
        families = np.array([rule.family for rule in self.rules.rules.values()], object)
        found = pd.DataFrame({"kind": told["kind"].to_numpy(), "family": families[some["rule"]], "shown": told["shown"].to_numpy()})
        found["accounts"], found["points"] = some["accounts"].astype(np.int64), some["points"]
        for name, frame in (("a", told), ("b", other)):
            for end in ("first", "last"):
                found[f"{end}_{name}"] = pd.to_datetime(frame[end].to_numpy()).tz_localize("UTC")
        return found.sort_values(["points", "kind", "shown"], ascending=[False, True, True], ignore_index=True)

    def _code(self, account: str) -> int:
        found = (self.names == account).arg_true()
        if not len(found):
            raise UnknownAccountError(f"account '{str(account)[:40]}' shares nothing with another account of this table")
        return int(found[0])

    def update(self, new_rows: Source | None = None, *, removed: Source | None = None, erased: Iterable[str] = ()) -> TableLinks:
        """Give the links with rows added and taken out, as if the whole table had been linked again.

        Only the values that the rows name are looked at again, with all accounts that have them, and only the pairs on
        those are scored again.

        Args:
            new_rows: Rows as in the table.
            removed: Rows (`account_id`, `kind`, `value`) that were wrong: every row of this account with this value goes.
            erased: Accounts whose rows go altogether.
        """
        return _updated(self, new_rows, removed, list(erased))


def link_table(source: Source, *, most: int = 50, rules: Rules | None = None, batch: int = BATCH) -> TableLinks:
    """Pair the accounts of one long table that share a value, and add up what that says.

    Args:
        source: A Parquet file or pattern, or a frame: `account_id`, `kind`, `value`, and `first_seen`, `last_seen` or `seen_at`.
        most: An identifier of more accounts than this is set aside, whatever its rule says.
        rules: The rule table; that of `rules.toml` if left out.
        batch: Rows whose text is held in memory at once; a longer table is read twice.

    Returns:
        TableLinks: `pairs`, `crowded`, `evidence(a, b)`, `update(new_rows)`.

    Raises:
        SourceError: No such file, or not Parquet.
        TableError: A column is missing.
        UsageError: `most` is below 2.
    """
    if most < 2:
        raise UsageError(f"most={most} would set every shared identifier aside; it should be 2 or more")
    table = read_long(source, dates=True, batch=batch)
    rules = rules or rule_tables.default()
    hashes = table.hashes()
    # A table that was read whole is kept, so that an update need not read it again.
    rows = table.whole() if table.rows <= batch else table.frame
    return _linked(rules, most, rows, hashes, shared(table, hashes))


def _linked(rules: Rules, most: int, rows: pl.LazyFrame, hashes: Ints, found: Shared) -> TableLinks:
    names = np.zeros(int(found.account.max(initial=-1)) + 1, dtype=np.int64)
    names[found.account[::-1]] = np.arange(len(found.account) - 1, -1, -1)
    pieces, aside, held = pieced(found, rules, most)
    return TableLinks(rules, most, rows, hashes, held, found.text["account_id"].gather(names), pieces, scored(pieces, rules), aside)


def _updated(links: TableLinks, new_rows: Source | None, removed: Source | None, erased: list[str]) -> TableLinks:
    new = (pl.DataFrame(schema=links.held.schema) if new_rows is None else read_long(new_rows, dates=True).frame.collect()).drop_nulls(
        COLUMNS
    )
    gone = _gone(links, removed, erased)
    rows, hashes = links.rows, links.hashes
    touched = np.concatenate([hashes[gone], hashed(new)])
    if gone.any():
        rows, hashes = rows.filter(pl.Series(~gone)), hashes[~gone]
    rows, hashes = pl.concat([rows, new.lazy()]), np.concatenate([hashes, hashed(new)])
    old, touched = _still_crowded(links, rows, hashes, touched)
    flags = np.zeros(1 << _BUCKETS, dtype=np.bool_)
    flags[_bucket(touched)] = True
    old, looked_at = picked(old, ~flags[_bucket(old["hash"])]), flags[_bucket(hashes)]
    some = rows.filter(pl.Series(looked_at)).collect()
    found, names = _renamed(shared(Long(some.lazy(), len(some), max(1, len(some))), hashes[looked_at]), links.names)
    fresh, aside, held = pieced(found, links.rules, links.most)
    offset = len(links.held)
    fresh |= {name: fresh[name] + np.int32(offset) for name in ("low", "high")}
    aside["row"] = aside["row"] + offset
    stale = flags[_bucket(links.pieces["hash"])]
    pairs = np.sort(np.concatenate([links.pieces["pair"][stale], fresh["pair"]]))
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    pieces = inserted(picked(links.pieces, ~stale), fresh, "pair")
    return replace(
        links, rows=rows, hashes=hashes, held=pl.concat([links.held, held]), names=names, pieces=pieces,
        scores=_rescored(links, pieces, pairs), aside={name: np.concatenate([column, aside[name]]) for name, column in old.items()},
    )  # fmt: skip


def _still_crowded(links: TableLinks, rows: pl.LazyFrame, hashes: Ints, touched: Ints) -> tuple[Columns, Ints]:
    """Count again the accounts of crowded values that were touched; those that stay crowded need no more than that.

    Returns:
        The values set aside with their new numbers, and the hashes of what is left to look at.
    """
    aside = links.aside
    touched = np.sort(touched)
    hubs = np.sort(aside["hash"][among(aside["hash"], touched)])
    flags = np.zeros(1 << _BUCKETS, dtype=np.bool_)
    flags[_bucket(hubs)] = True
    there = flags[_bucket(hashes)]
    there[there] = among(hashes[there], hubs)
    some = rows.filter(pl.Series(there)).select(COLUMNS).collect().with_columns(hash=pl.Series(hashes[there]))
    told = some.group_by("hash").agg(
        values=pl.struct("kind", "value").n_unique(), accounts=pl.col("account_id").drop_nulls().n_unique().cast(pl.Int64)
    ).filter(pl.col("values") == 1).sort("hash")  # fmt: skip
    known, counts = told["hash"].to_numpy(), told["accounts"].to_numpy()
    place = np.minimum(np.searchsorted(known, aside["hash"]), max(0, len(known) - 1))
    bounds = np.array([bound(links.rules, number, links.most) for number in range(len(links.rules.rules) + 1)])
    if not len(known):
        return aside, touched
    stays = (known[place] == aside["hash"]) & (counts[place] > np.maximum(1, bounds[aside["rule"]]))
    updated = aside | {"accounts": np.where(stays, counts[place], aside["accounts"])}
    return updated, touched[~among(touched, np.sort(aside["hash"][stays]))]


def _bucket(hashes: Ints) -> Ints:
    """The upper bits of hashes: what is in no bucket that was touched, was not touched."""
    found: Ints = (hashes >> np.uint64(64 - _BUCKETS)).view(np.int64)
    return found


def _gone(links: TableLinks, removed: Source | None, erased: list[str]) -> Ints:
    """Tell which rows of the table are taken out."""
    gone = np.zeros(len(links.hashes), dtype=np.bool_)
    if erased:
        gone |= links.rows.select(pl.col("account_id").is_in(erased)).collect().to_series().to_numpy()
    if removed is not None:
        wrong = read_long(removed).frame.collect().drop_nulls()
        maybe = np.isin(links.hashes, hashed(wrong))
        there = links.rows.filter(pl.Series(maybe)).collect()
        gone[maybe] |= there.select(pl.struct(COLUMNS).is_in(wrong.select(pl.struct(COLUMNS)).to_series().implode())).to_series().to_numpy()
    return gone


def _renamed(found: Shared, names: pl.Series) -> tuple[Shared, pl.Series]:
    """Give the accounts of some rows the codes that they have, and new ones to those that have none."""
    local = np.zeros(int(found.account.max(initial=-1)) + 1, dtype=np.int64)
    local[found.account] = np.arange(len(found.account))
    ids = pl.DataFrame({"id": found.text["account_id"].gather(local)})
    flags = np.zeros(1 << _BUCKETS, dtype=np.bool_)
    flags[_bucket(ids["id"].hash().to_numpy())] = True
    known = pl.Series(np.flatnonzero(flags[_bucket(names.hash().to_numpy())]))
    codes = ids.join(pl.DataFrame({"id": names.gather(known), "code": known.cast(pl.Int64)}), on="id", how="left", maintain_order="left")
    code = codes["code"].fill_null(-1).to_numpy().copy()
    new = code < 0
    code[new] = len(names) + np.arange(int(new.sum()))
    return Shared(found.text, code[found.account], found.value), pl.concat([names, ids["id"].filter(pl.Series(new))]).rechunk()


def _rescored(links: TableLinks, pieces: Columns, pairs: Ints) -> Columns:
    """Score some pairs again and put them in the place of what they were."""
    first, last = (np.searchsorted(pieces["pair"], pairs, side=side) for side in ("left", "right"))
    size = last - first
    places = np.arange(int(size.sum())) + np.repeat(first - (np.cumsum(size) - size), size)
    at = np.searchsorted(links.scores["pair"], pairs)
    there = at < len(links)
    there[there] = links.scores["pair"][at[there]] == pairs[there]
    kept = np.ones(len(links), dtype=np.bool_)
    kept[at[there]] = False
    return inserted(picked(links.scores, kept), scored(picked(pieces, places), links.rules), "pair")


def masked(rows: pl.DataFrame) -> pl.DataFrame:
    """Give rows with what may be seen of each value, its kind and last three characters, instead of the value."""
    return rows.with_columns(shown=pl.format("{} …{}", "kind", pl.col("value").str.tail(3))).drop("value")
