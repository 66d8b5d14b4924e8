"""The part of a market that is asked for: some kinds of identifier, what was known on a day.

What is not asked for is not read where the source can leave it out itself (Parquet, DuckDB, PostgreSQL); from other sources it is
read and left out. Either way the market is the same. Names are always read, for they speak against a link as well as for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from tnskit.cleaning.identifiers import ALIASES, KINDS
from tnskit.cleaning.mapping import Entry, Line, lines, parts, plain_file
from tnskit.cleaning.schema import TABLES
from tnskit.cleaning.sources.frames import literal, quoted
from tnskit.cleaning.sources.reading import Source
from tnskit.cleaning.until import BEGINS, known_rows, moment
from tnskit.errors import TnskitError, UsageError

_CARD = ("card", "card_digits")
_OF_KIND: dict[str, dict[str, tuple[str, ...]]] = {
    "phones": {"phone_raw": ("phone",), "phone_e164": ("phone",)},
    "emails": {"email_raw": ("email",), "email_norm": ("email",)},
    "instruments": {"fingerprint": _CARD, "bin": _CARD, "last4": _CARD},
    "payout_accounts": {"payout_token": ("payout",), "last4": ("payout",)},
    "logins": {"ip": ("ip",), "device_id": ("device",)},
    "devices": {"device_id": ("device",)},
    "security_events": {"ip": ("ip",), "device_id": ("device",)},
    "addresses": {"line1": ("address",), "unit": ("address",), "postal": ("address",)},
    "pro_profiles": {"licence_no": ("licence",), "tax_id_token": ("tax_id",)},
}
"""Columns that hold identifiers, and of which kinds."""

_MOMENTS = ("TIMESTAMP", "DATE")
"""How the types of columns begin whose cells can be compared with a moment where they lie."""


@dataclass(frozen=True)
class Part:
    """What is asked for.

    Attributes:
        kinds: Kinds of identifier; None for all.
        until: The last moment, UTC; empty for all.
    """

    kinds: frozenset[str] | None = None
    until: str = ""

    @property
    def settings(self) -> dict[str, Any]:
        """What a market says of its part."""
        told = {} if self.kinds is None else {"kinds": ", ".join(sorted(self.kinds))}
        return told | ({"as_of": self.until} if self.until else {})

    def line(self, line: Line) -> Line | None:
        """Give a match without the columns of other kinds; None where no row of it says anything then."""
        if self.kinds is None:
            return line
        gone = {name for name, kinds in _OF_KIND.get(line.table.name, {}).items() if not self.kinds.intersection(kinds)}
        if any(column.needed and column.name in gone for column in line.table.columns):
            return None
        return replace(line, columns={ours: theirs for ours, theirs in line.columns.items() if ours not in gone})

    def leave_out(self, db: duckdb.DuckDBPyConnection, brought: Iterable[str]) -> dict[str, int]:
        """Leave out of the typed tables what was read all the same; gives the number of rows of each table."""
        found = {}
        for name in brought:
            before = _many(db, name)
            if name == "identifiers" and self.kinds is not None:
                db.execute(f"DELETE FROM vault.identifiers WHERE kind IN ({_listed(self._other_words())})")
            if self.until:
                db.execute(f"CREATE TABLE vault._known AS {known_rows(TABLES[name], f'vault.{name}')}", [self.until])
                db.execute(f"DROP TABLE vault.{name}")
                db.execute(f"ALTER TABLE vault._known RENAME TO {name}")
            found[name] = before - _many(db, name)
        return found

    def notes(self, unread: Iterable[str], left_out: Mapping[str, int]) -> list[str]:
        """Say in words what was not asked for: tables that were `unread`, and rows that were read and left out."""
        made = (
            [f"read was only what was asked for: {', '.join(f'{name} {value}' for name, value in self.settings.items())}"]
            if self.settings
            else []
        )
        made += [f"{name} was not read: it holds no kind that was asked for" for name in unread]
        return made + [f"{name}: {rows:,} rows that were not asked for were left out" for name, rows in left_out.items() if rows]

    def _other_words(self) -> list[str]:
        words = {kind: kind for kind in KINDS} | ALIASES
        return sorted(word for word, kind in words.items() if kind not in (self.kinds or KINDS))

    def query(
        self, given: list[Entry], name: str, types: Mapping[str, str], *, far: bool = False, postgres: bool = False
    ) -> tuple[str, str]:
        """Give the SELECT list and the condition that bring only what is asked for; ("*", "") where that is not clear.

        More than is asked for may come; it is left out afterwards.

        Args:
            given: The mapping.
            name: Name of the raw table.
            types: Its columns and their types, in DuckDB's words; PostgreSQL is asked itself what they are.
            far: The table lies elsewhere, so columns that nothing is made from are spared too.
            postgres: The SQL is for PostgreSQL.
        """
        matched = _matched(given, Source(name, name, "", tuple(types), 0, ""))
        if matched is None or not (self.settings or far):
            return "*", ""
        source, cut = matched[0].source, [kept for line in matched if (kept := self.line(line))]
        if not cut:
            return "*", "false"
        wanted = {part for line in cut for told in line.columns.values() for one in told for part in parts(one, source)}
        cells = [quoted(one) if one in wanted or _nested(kind) else f"NULL AS {quoted(one)}" for one, kind in types.items()]
        rows = [one for one in (self._kind_rows(cut[0]), self._early_rows(cut[0], types, postgres)) if one] if len(matched) == 1 else []
        return ", ".join(cells), " AND ".join(rows)

    def _kind_rows(self, line: Line) -> str:
        told = line.columns.get("kind", ())
        if self.kinds is None or line.table.name != "identifiers" or len(told) != 1 or told[0] not in line.source.columns:
            return ""
        cell = f"CAST({quoted(told[0])} AS VARCHAR)"
        # a word that is written otherwise comes too, and is looked at here
        return f"({cell} IS NULL OR {cell} NOT IN ({_listed(self._other_words())}))"

    def _early_rows(self, line: Line, types: Mapping[str, str], postgres: bool) -> str:
        begins = [one for one in BEGINS.get(line.table.name, "").removeprefix("coalesce(").strip(')"').split(", ") if one]
        told = [line.columns[one] for one in begins if one in line.columns]
        if not self.until or not told or any(len(names) != 1 or names[0] not in types for names in told):
            return ""
        names = [names[0] for names in told]
        if not postgres and not all(types[name].startswith(_MOMENTS) for name in names):
            return ""
        # a day more, for the zone of a time without one
        last = f"TIMESTAMP {literal(self.until)} + INTERVAL '1 day'"
        if postgres:
            zoned = "pg_typeof({0})::text NOT IN ('date', 'timestamp without time zone', 'timestamp with time zone')"
            early = [
                f"CASE WHEN {zoned.format(quoted(name))} THEN true ELSE {quoted(name)}::text::timestamp <= {last} END" for name in names
            ]
        else:
            early = [f"{quoted(name)} <= {last}" for name in names]
        if len(names) == 1:
            return f"({early[0]} OR {quoted(names[0])} IS NULL)"
        arms = " ".join(f"WHEN {quoted(name)} IS NOT NULL THEN {one}" for name, one in zip(names, early, strict=True))
        return f"(CASE {arms} ELSE true END)"


def part(kinds: Any, as_of: Any) -> Part:
    """Read what `load` was asked for.

    Raises:
        UsageError: No kind that is known, or not a date.
    """
    until = "" if as_of is None else moment(as_of)
    if kinds is None:
        return Part(None, until)
    found = [kinds] if isinstance(kinds, str) else list(kinds)
    for kind in found:
        if kind not in KINDS:
            raise UsageError(f"'{str(kind)[:20]}' is no kind of identifier; the kinds are {', '.join(KINDS)}")
    if not found:
        raise UsageError("kinds= names no kind; leave it out for all of them")
    return Part(frozenset(found), until)


def _matched(given: list[Entry], source: Source) -> list[Line] | None:
    """Match one raw table as `lines` would, with others beside it or alone; None where it cannot be told."""
    named = [entry for entry in given if not entry.sql and source.name.lower() in {entry.name.lower(), plain_file(entry.name)}]
    # a mapping without `from` takes the only table there is, whatever that is called
    alone = [entry for entry in given if not entry.sql and not entry.told and entry not in named]
    found = []
    for entries in (named, alone) if alone and not named else (named,):
        try:
            found += lines([source], entries, part=True)
        except TnskitError:
            if entries is named:
                return None
    return found or None


def _nested(kind: str) -> bool:
    return kind.endswith(("]", ")")) and not kind.startswith("DECIMAL")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(map(literal, words)) or "''"


def _many(db: duckdb.DuckDBPyConnection, name: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM vault.{name}").fetchall()[0][0])
