"""From text to typed rows: every row is kept or set aside with a reason, every unreadable cell is left empty and told."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from tnskit.cleaning.mapping import JOINT, Line
from tnskit.cleaning.schema import TABLES, Column, Table
from tnskit.cleaning.sources import Source
from tnskit.errors import TableError

_NULLS = "('', 'null', 'none', 'n/a', 'na', 'nan', 'nat', 'nil', '<na>', 'undefined', '#n/a', '-')"
_LOST_ID = r"'^[+-]?\d+(\.\d+)?[eE]\+?\d+$|^\d{16,}\.0$'"
_ZONED = r"'\d[ T]\d{1,2}:\d{2}.*(Z|z|[+-]\d{2}(:?\d{2})?)$'"
_DATE = r"'^\d{4}-\d{2}-\d{2}$'"
_NUMBER = r"'^\d{9,10}(\.\d+)?$'"
_MILLIS = r"'^\d{13}$'"

_TYPES = {
    "at": "TIMESTAMP",
    "day": "DATE",
    "int": "BIGINT",
    "year": "INTEGER",
    "money": "BIGINT",
    "bool": "BOOLEAN",
}
_EXPECTED = {
    "at": "not a date and time",
    "day": "not a date",
    "int": "not a whole number",
    "year": "no year between 1900 and 2099",
    "money": "not a whole number of minor units",
    "bool": "neither true nor false",
}


@dataclass(frozen=True)
class Reader:
    """Turns matched exports into typed tables of one DuckDB.

    Attributes:
        db: The database; set-aside rows go to `set_aside`, emptied cells to `faults`.
        tz: Zone of naive timestamps; None refuses them.
        region: Decides between month-day and day-month where a date is written with slashes.
    """

    db: duckdb.DuckDBPyConnection
    tz: str | None
    region: str

    def begin(self) -> None:
        """Create every table empty, so that later steps need not ask which were brought."""
        self.db.execute("CREATE OR REPLACE TABLE set_aside (tab VARCHAR, row BIGINT, col VARCHAR, why VARCHAR)")
        self.db.execute("CREATE OR REPLACE TABLE faults (tab VARCHAR, row BIGINT, col VARCHAR, why VARCHAR)")
        self.db.execute("CREATE SCHEMA IF NOT EXISTS vault")
        for table in TABLES.values():
            columns = ", ".join(f'"{c.name}" {_TYPES.get(c.type, "VARCHAR")}' for c in table.columns)
            self.db.execute(f"CREATE OR REPLACE TABLE vault.{table.name} (row BIGINT, {columns})")

    def add(self, line: Line, *, wide: bool = False) -> int:
        """Read one matched export into its table and give the number of rows that came in.

        Args:
            line: What comes from where.
            wide: The export feeds other tables too, so a row of it with nothing for this table is no row of this table.
        """
        view = self._columns(line, wide)
        self._refuse_naive(line, view)
        self._type(line.table, view, self._overflow(line.source))
        self.db.execute("DROP TABLE IF EXISTS _typed")
        counted = self.db.execute(f"SELECT count(*) FROM {view}").fetchall()
        return int(counted[0][0])

    def _columns(self, line: Line, wide: bool) -> str:
        """Rename the columns; a column of ours that is told by several of theirs gives a row for each filled cell."""
        many = next((ours for ours, theirs in line.columns.items() if len(theirs) > 1), None)
        values = [many] if many else _value_columns(line) if wide else []
        parts = []
        for place in range(len(line.columns[many]) if many else 1):
            picked = {ours: theirs[place if ours == many else 0] for ours, theirs in line.columns.items()}
            select = ", ".join(f"{_bare(_cell(theirs))} AS {_name(ours)}" for ours, theirs in picked.items())
            cells = f"SELECT __row AS row, {_extra(line.source)} AS _extra, {select} FROM {line.source.view}"
            filled = " OR ".join(f"{_name(value)} IS NOT NULL" for value in values)
            parts.append(f"SELECT * FROM ({cells})" + (f" WHERE {filled}" if filled else ""))
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE _renamed AS {' UNION ALL '.join(parts)}")
        return "_renamed"

    def _overflow(self, source: Source) -> bool:
        return _extra(source) != "NULL"

    def _refuse_naive(self, line: Line, view: str) -> None:
        if self.tz is not None:
            return
        for column in line.table.columns:
            if column.type != "at" or column.name not in line.columns:
                continue
            cell = _name(column.name)
            naive = f"regexp_matches({cell}, '\\d{{1,2}}:\\d{{2}}') AND NOT regexp_matches({cell}, {_ZONED})"
            found = self.db.execute(f"SELECT min(row), count(*) FROM {view} WHERE {naive}").fetchall()[0]
            if found[1]:
                raise TableError(
                    f"{line.source.file} has {found[1]:,} times without a zone in '{column.name}' (first in row {found[0]}); "
                    "say which it is, for example tz='UTC' or tz='America/Chicago' (on the command line --tz)"
                )

    def _type(self, table: Table, view: str, overflow: bool) -> None:
        """Write the readable rows to the table and the others, with the first reason, to `set_aside`."""
        have = {row[0] for row in self.db.execute(f"DESCRIBE {view}").fetchall()}
        typed = ", ".join(f"{self._value(c)} AS {_name(c.name)}" for c in table.columns if c.name in have)
        why = self._reasons(table, have, overflow)
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE _typed AS SELECT row, {typed}, CASE {why} END AS _why FROM {view}")
        self._drop_repeats([c.name for c in table.columns if c.name in have])
        self._tell_faults(table, view, have)
        self.db.execute(
            f"INSERT INTO set_aside SELECT '{table.name}', row, split_part(_why, '\x1f', 1), split_part(_why, '\x1f', 2) "
            "FROM _typed WHERE _why IS NOT NULL ORDER BY row"
        )
        self.db.execute(f"INSERT INTO vault.{table.name} BY NAME SELECT * EXCLUDE (_why) FROM _typed WHERE _why IS NULL ORDER BY row")

    def _reasons(self, table: Table, have: set[str], overflow: bool) -> str:
        """One CASE arm per reason, the first that holds is told; `column`, unit separator, words."""
        arms = [f"WHEN _extra IS NOT NULL THEN '{_said('', 'more cells than the header has columns')}'"] if overflow else []
        for column in (c for c in table.columns if c.name in have):
            cell = _name(column.name)
            if column.type == "id" and column.name != "row":
                lost = "an id that was read as a number and has lost digits; export ids as text"
                arms.append(f"WHEN regexp_matches({cell}, {_LOST_ID}) THEN '{_said(column.name, lost)}'")
            if column.needed:
                arms.append(f"WHEN {cell} IS NULL THEN '{_said(column.name, 'empty, and the row says nothing without it')}'")
                if column.type in _EXPECTED:
                    arms.append(f"WHEN {self._value(column)} IS NULL THEN '{_said(column.name, _EXPECTED[column.type])}'")
        return " ".join(arms) or "WHEN false THEN ''"

    def _drop_repeats(self, columns: list[str]) -> None:
        """Set aside exact repeats: rows that agree with an earlier one in every cell."""
        names = ", ".join(map(_name, columns))
        self.db.execute(
            f"WITH hashed AS (SELECT rowid AS rid, hash({names}) AS h FROM _typed WHERE _why IS NULL), "
            "twice AS (SELECT h FROM hashed GROUP BY h HAVING count(*) > 1), "
            f"few AS (SELECT row, rid, {names} FROM _typed JOIN hashed ON _typed.rowid = rid WHERE h IN (FROM twice)), "
            f"first AS (SELECT rid, row, min(row) OVER (PARTITION BY {names}) AS kept, "
            f"row_number() OVER (PARTITION BY {names} ORDER BY row, rid) AS n FROM few) "
            "UPDATE _typed SET _why = '\x1fan exact repeat of row ' || kept FROM first WHERE _typed.rowid = rid AND n > 1"
        )

    def _tell_faults(self, table: Table, view: str, have: set[str]) -> None:
        for column in table.columns:
            if column.needed or column.type not in _EXPECTED or column.name not in have:
                continue
            cell, value = _name(column.name), self._value(column)
            self.db.execute(
                f"INSERT INTO faults SELECT '{table.name}', row, '{column.name}', '{_EXPECTED[column.type]}; left empty' "
                f"FROM {view} WHERE {cell} IS NOT NULL AND {value} IS NULL "
                "AND row IN (SELECT row FROM _typed WHERE _why IS NULL) ORDER BY row"
            )

    def _value(self, column: Column) -> str:
        cell = _name(column.name)
        if column.type == "id":
            return f"regexp_replace({cell}, '^(\\d{{1,15}})\\.0$', '\\1')"
        if column.type == "word":
            return f"lower({cell})"
        if column.type in {"int", "money"}:
            return f"CASE WHEN regexp_matches({cell}, '^[+-]?\\d{{1,18}}(\\.0*)?$') THEN try_cast({cell} AS DECIMAL(24, 4))::BIGINT END"
        if column.type == "year":
            return f"nullif(regexp_extract({cell}, '(?:^|\\D)((?:19|20)\\d\\d)', 1), '')::INTEGER"
        if column.type == "bool":
            return (
                f"CASE WHEN lower({cell}) IN ('true', 't', 'yes', 'y', '1', '1.0') THEN true "
                f"WHEN lower({cell}) IN ('false', 'f', 'no', 'n', '0', '0.0') THEN false END"
            )
        if column.type == "day":
            return f"try_cast({cell} AS DATE)"
        return self._moment(cell) if column.type == "at" else cell

    def _moment(self, cell: str) -> str:
        """A moment in UTC; the first day of 1970 is a default of software and stays empty."""
        zone = (self.tz or "UTC").replace("'", "")
        slashes = "['%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M', '%m/%d/%Y %I:%M %p', '%m/%d/%Y', '%m/%d/%y %H:%M', '%m/%d/%y']"
        if self.region not in {"US", "CA", "PR"}:
            slashes = slashes.replace("%m/%d", "%d/%m")
        naive = f"coalesce(try_cast({cell} AS TIMESTAMP), try_strptime({cell}, {slashes}))"
        return (
            f"nullif(CASE WHEN regexp_matches({cell}, {_NUMBER}) THEN to_timestamp(try_cast({cell} AS DOUBLE))::TIMESTAMP "
            f"WHEN regexp_matches({cell}, {_MILLIS}) THEN to_timestamp(try_cast({cell} AS DOUBLE) / 1000)::TIMESTAMP "
            f"WHEN regexp_matches({cell}, {_ZONED}) THEN try_cast({cell} AS TIMESTAMPTZ)::TIMESTAMP "
            f"WHEN regexp_matches({cell}, {_DATE}) THEN try_cast({cell} AS DATE)::TIMESTAMP "
            f"ELSE timezone('{zone}', {naive})::TIMESTAMP END, TIMESTAMP '1970-01-01 00:00:00')"
        )


def _extra(source: Source) -> str:
    """The cells past the header, which DuckDB names column2, column3 ... when a row is longer than its header."""
    surplus = [
        c for n, c in enumerate(source.columns) if c == f"column{n}" and source.file.lower().endswith((".csv", ".csv.gz", ".tsv", ".txt"))
    ]
    return f"coalesce({', '.join(map(_name, surplus))})" if surplus else "NULL"


def _value_columns(line: Line) -> list[str]:
    """The columns besides the account that a row of this table is about: the private ones that were matched."""
    if line.table.name == "accounts":
        return []
    return [c.name for c in line.table.columns if c.private and c.name in line.columns]


def _cell(theirs: str) -> str:
    """What a mapping tells for one column of ours: a word for every row, a column, or several columns in a row."""
    if theirs.startswith("="):
        return "'" + theirs[1:].replace("'", "''") + "'"
    parts = theirs.split(JOINT)
    return _name(theirs) if len(parts) == 1 else f"concat_ws(' ', {', '.join(map(_name, parts))})"


def _bare(name: str) -> str:
    """A cell without white space around it; what software writes for nothing is nothing."""
    # Trimming by a set of characters is slow, so it is asked for only where an edge needs it.
    full = f"nullif(trim({name}, ' \t\r\n\u00a0'), '')"
    edge = f"regexp_matches({name}, '^[\\s\u00a0]|[\\s\u00a0]$')"
    return f"CASE WHEN lower(trim({name})) NOT IN {_NULLS} THEN CASE WHEN {edge} THEN {full} ELSE {name} END END"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _said(column: str, why: str) -> str:
    return f"{column}\x1f{why}"
