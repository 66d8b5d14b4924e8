"""Recognise which of our tables an export is, and which of its columns is which, by names first and then by what the cells hold."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import duckdb

from tnskit.cleaning import amounts, moments
from tnskit.cleaning.identifiers import KINDS
from tnskit.cleaning.schema import TABLES, Column, Table
from tnskit.cleaning.sources.frames import quoted
from tnskit.cleaning.sources.reading import Source

SAMPLE = 400
"""Filled cells of a column that are looked at."""
FITS = 0.7
"""Share of them that has to read as what the column should hold. Assumption: exports are mostly right about themselves."""
DISTINCT = 0.95
"""Share of the rows that have to differ in the id of what they are about. Assumption: dirty exports repeat a row in a hundred."""
ENOUGH = 1.0
"""Weight of what has to speak for a table: one column that only it has, or its name, or several columns that few tables have."""

REGIONS = ("US", "MX", "BR", "ES", "PT", "GB")
"""Countries whose phone numbers are tried where those of the region fit badly."""

KIND_OF = {"phone_raw": "phone", "email_raw": "email", "ip": "ip", "line1": "address"}
"""Columns whose cells can be told from others by cleaning them, with the kind."""
OPAQUE = {"device_id": "device", "fingerprint": "card", "payout_token": "payout"}
"""Columns of tokens, which only their names can tell."""


@dataclass(frozen=True)
class Match:
    """A column of ours and what it is read from.

    Attributes:
        ours: Our column.
        theirs: Their columns, or one constant such as `=charge`.
        why: The reason, in words.
    """

    ours: str
    theirs: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Guess:
    """A table that an export seems to be, with the columns that were recognised and the weight of all that speaks for it."""

    table: Table
    matches: tuple[Match, ...]
    weight: float
    why: str


class Cells:
    """What the cells of one export hold, asked once for each column."""

    def __init__(self, source: Source, db: duckdb.DuckDBPyConnection, region: str = "US") -> None:
        self.source, self.db, self.region = source, db, region
        self.abroad: dict[str, str] = {}
        """Columns of phones that another country's rules read better than those of `region`, with that country."""
        self._samples: dict[str, list[str]] = {}
        self._reads: dict[tuple[str, str], float | None] = {}

    def sample(self, column: str) -> list[str]:
        """Give filled cells of a column, as they are."""
        if column not in self._samples:
            name = quoted(column)
            found = self.db.execute(f"SELECT trim({name}) FROM {self.source.view} WHERE trim({name}) <> '' LIMIT {SAMPLE}").fetchall()
            self._samples[column] = [str(cell) for (cell,) in found]
        return self._samples[column]

    def share(self, column: str, what: str) -> float | None:
        """Give the share of the cells that read as `what` (a type of ours or a kind of identifier); None for a column without cells."""
        if (column, what) not in self._reads:
            cells = self.sample(column)
            self._reads[column, what] = self._share(column, cells, what) if cells else None
        return self._reads[column, what]

    def _share(self, column: str, cells: list[str], what: str) -> float:
        here = _good(self.db, cells, what, self.region) / len(cells)
        if what != "phone" or here >= FITS:
            return here
        found = {region: _good(self.db, cells, what, region) / len(cells) for region in REGIONS if region != self.region}
        best = max(found, key=lambda region: found[region])
        if found[best] < FITS:
            return here
        self.abroad[column] = best
        return found[best]

    def distinct(self, column: str) -> bool:
        """Tell whether a column has another value in every row, but for a few repeats."""
        name = quoted(column)
        values, filled, rows = self.db.execute(
            f"SELECT count(DISTINCT {name}), count({name}), count(*) FROM {self.source.view}"
        ).fetchall()[0]
        return bool(rows > 1 and values >= DISTINCT * rows and filled >= DISTINCT * rows)


def _good(db: duckdb.DuckDBPyConnection, cells: list[str], what: str, region: str) -> int:
    if what in KINDS:
        return sum(KINDS[what].clean(cell, region) is not None for cell in cells)
    if what in {"at", "day"}:
        db.execute(
            "CREATE OR REPLACE TEMP TABLE _look AS SELECT unnest(range(len($cells))) AS row, unnest($cells) AS cell", {"cells": cells}
        )
        sql = moments.look(db, "", "_look", "cell", tz="UTC", region="US").sql("cell")
    elif what == "money":
        # an amount with decimals is an amount too; a load will say what is wrong with it
        sql = f"coalesce({amounts.value('cell')}, CASE WHEN {amounts.fault('cell')} LIKE 'an amount%' THEN 1 END)"
    else:
        patterns = {"int": r"^[+-]?\d{1,18}(\.0)?$", "year": r"(^|\D)(19|20)\d\d", "bool": r"(?i)^(true|false|t|f|yes|no|y|n|[01](\.0)?)$"}
        sql = f"CASE WHEN regexp_matches(cell, '{patterns.get(what, '.')}') THEN 1 END"
    relation = "_look" if what in {"at", "day"} else "(SELECT unnest($cells) AS cell)"
    counted = db.execute(f"SELECT count({sql}) FROM {relation}", None if relation == "_look" else {"cells": cells}).fetchall()
    return int(counted[0][0])


@cache
def vocabulary() -> dict[str, Any]:
    """Give the names that exports use, as `vocabulary.toml` has them."""
    text = resources.files("tnskit.cleaning").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _meanings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for meaning, others in vocabulary()["words"].items():
        for word in map(_singular, others.split()):
            found[word] = (*found.get(word, ()), meaning)
    return found


@cache
def _small() -> frozenset[str]:
    return frozenset(vocabulary()["small"]["words"].split())


@cache
def _alternatives(section: str, name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(_singular, part.split())) for part in str(vocabulary()[section].get(name, "")).split(","))


def meant_by(column: str) -> tuple[tuple[str, ...], ...]:
    """Give the names that mean a column of ours, as words."""
    return _alternatives("columns", column)


def name_words(name: str) -> list[str]:
    """Cut a name into small words: at marks, at capital letters, at digits; in the singular."""
    letters = "".join(mark for mark in unicodedata.normalize("NFKD", name) if not unicodedata.combining(mark))
    # C.P., e-mail, sign-up and log in are one word each
    letters = re.sub(r"(?<![A-Za-z])([A-Za-z])\.(?=[A-Za-z](\.|$|[^A-Za-z]))", r"\1", letters)
    letters = re.sub(r"(?i)\b(?:(e)-(mail)|(sign|log)[- _](up|in|on))\b", r"\1\2\3\4", letters)
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", letters)
    found = [_singular(word) for word in re.findall(r"[a-z]+|\d+", apart.lower())]
    return [word for word in found if word not in _small()] or found


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("oes"):
        return f"{word[:-3]}ao"
    if word.endswith(("sses", "iones")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def means(name: str, wanted: tuple[tuple[str, ...], ...], *, beside: str = "") -> float:
    """Say how well a name means one of some alternatives: 0 (not at all) to 1 (nothing else is in the name).

    Args:
        name: The name of a column or of an export.
        wanted: Alternatives, each a few words.
        beside: A table of ours; its own words in the name (`review_date` in reviews) say nothing then.
    """
    words = name_words(name)
    own = {word for alternative in _alternatives("tables", beside) for word in alternative}
    best = 0.0
    for alternative in filter(None, wanted):
        left = list(words)
        for word in alternative:
            hits = [one for one in left if one == word or word in _meanings().get(one, ())]
            if not hits:
                break
            # the word that could mean little else
            left.remove(min(hits, key=lambda one: (one != word, len(_meanings().get(one, ())))))
        else:
            rest = [one for one in left if not _is_any(one, set(alternative))]
            foreign = [one for one in rest if not _is_any(one, own)]
            # what is told in the very words counts a little more, and words that say nothing a little less
            same = sum(word in words for word in alternative) / len(alternative)
            best = max(best, len(words) and (len(words) - len(foreign)) / len(words) * (0.9 + 0.1 * same) - 0.05 * len(rest))
    return best


def _is_any(word: str, wanted: set[str]) -> bool:
    return word in wanted or not wanted.isdisjoint(_meanings().get(word, ()))


def guesses(source: Source, cells: Cells) -> list[Guess]:
    """Give the tables that an export may be, the likeliest first; none where too little speaks for any."""
    found = [guess for table in TABLES.values() if (guess := _guess(table, source, cells)) is not None]
    return sorted((one for one in found if one.weight >= ENOUGH), key=lambda one: -one.weight)


def _guess(table: Table, source: Source, cells: Cells) -> Guess | None:
    matches = _matches(table, source, cells)
    named = means(source.name.replace(" by sql", ""), _alternatives("tables", table.name))
    have = {match.ours for match in matches}
    for column in table.columns:
        if column.needed and column.name not in have and (told := _constant(table, column, source)):
            matches.append(told)
            have.add(column.name)
    if not all(column.name in have for column in table.columns if column.needed):
        return None
    weight = sum(_weight(match.ours) for match in matches if not match.theirs[0].startswith("=")) + 1.5 * named
    words = [f"its name means '{table.name}'"] if named else []
    telling = [match.ours for match in matches if _weight(match.ours) >= 0.5]
    words += [f"it has {', '.join(telling[:4])}"] if telling else []
    return Guess(table, tuple(matches), weight, " and ".join(words) or "its columns fit no other table better")


@cache
def _weight(column: str) -> float:
    """How much a column tells: one of a single table all, one that many tables have little."""
    return 1 / sum(column in table.names for table in TABLES.values())


def _constant(table: Table, column: Column, source: Source) -> Match | None:
    told = vocabulary()["constants"].get(f"{table.name}.{column.name}", "")
    words = name_words(source.name)
    for part in filter(None, told.split(", ")):
        word, value = part.split(" = ")
        if word in words or word == "*":
            return Match(column.name, (f"={value}",), "the export has no such column; correct it where it is wrong")
    return None


def _matches(table: Table, source: Source, cells: Cells) -> list[Match]:
    """Match columns one by one, the best pairs of names first; each of theirs is used once."""
    pairs = []
    for column in table.columns:
        for theirs in source.columns:
            score = 1.2 if "_".join(name_words(theirs)) == "_".join(name_words(column.name)) else 0.0
            score = max(score, means(theirs, meant_by(column.name), beside=table.name))
            if score >= (0.4 if column.name in KIND_OF else 0.5) and (why := _reason(column, theirs, source, cells)):
                pairs.append((-score, not column.needed, table.names.index(column.name), source.columns.index(theirs), why))
    taken: dict[int, Match] = {}
    used: set[int] = set()
    for _, _, ours, place, why in sorted(pairs):
        if ours not in taken and place not in used:
            taken[ours] = Match(table.names[ours], (source.columns[place],), why)
            used.add(place)
    _only_moment_left(table, source, cells, taken, used)
    return [with_number(taken[place], source, cells) for place in sorted(taken)]


def is_street(column: str, source: Source, cells: Cells) -> bool:
    """Tell whether a column holds streets whose numbers stand in a column of their own."""
    street = Match("line1", (column,), "")
    return with_number(street, source, cells) is not street


def with_number(match: Match, source: Source, cells: Cells) -> Match:
    """Join the number of a house to its street where it has a column of its own: a street alone is shared by all who live in it."""
    if match.ours != "line1" or len(match.theirs) > 1 or match.theirs[0].startswith("="):
        return match
    street = match.theirs[0]
    bare = [cell for cell in cells.sample(street) if not re.search(r"\d", cell)]
    if len(bare) < 0.5 * len(cells.sample(street)):
        return match
    for other in source.columns:
        numbers = [cell for cell in cells.sample(other) if re.fullmatch(r"(?i)#?\d{1,6}(\.0)?[ -]?[a-z]?|s/n", cell)]
        if other != street and means(other, _HOUSE) >= 0.6 and cells.sample(other) and len(numbers) >= FITS * len(cells.sample(other)):
            both = sorted((street, other), key=source.columns.index)
            return Match("line1", (" + ".join(both),), f"by its name, with the number of the house from '{other}'")
    return match


_HOUSE = (("house", "id"), ("street", "id"), ("address", "id"), ("house",), ("id",))
"""Names of a column with the number of a house, beside a street."""


def _only_moment_left(table: Table, source: Source, cells: Cells, taken: dict[int, Match], used: set[int]) -> None:
    """Take the only column of moments that is left for the only moment that a row needs, whatever it is called."""
    needed = [place for place, column in enumerate(table.columns) if column.needed and column.type == "at" and place not in taken]
    if len(needed) != 1 or len(taken) < 2:
        return
    left = [place for place, column in enumerate(source.columns) if place not in used and (cells.share(column, "at") or 0) >= FITS]
    if len(left) == 1:
        taken[needed[0]] = Match(table.names[needed[0]], (source.columns[left[0]],), "the only column of moments that is left")
        used.add(left[0])


def _reason(column: Column, theirs: str, source: Source, cells: Cells) -> str:
    """Give the reason for a pair, or an empty text where the cells speak against it."""
    if column.name == "line1" and is_street(theirs, source, cells):
        return "by its name"
    what = KIND_OF.get(column.name, column.type)
    if what not in KINDS and what not in {"at", "day", "money", "int", "bool", "year"}:
        return "by its name"
    share = cells.share(theirs, what)
    if share is None:
        return "by its name; it is empty"
    words = {"at": "moments", "day": "days", "money": "amounts", "int": "whole numbers", "bool": "yes or no", "year": "years"}
    return f"by its name, and {share:.0%} of its cells read as {words.get(what, f'{what} values')}" if share >= FITS else ""
