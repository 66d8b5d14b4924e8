"""From text to typed rows: every row is kept or set aside with a reason, every unreadable cell is left empty and told."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from tnskit.cleaning import amounts, moments
from tnskit.cleaning.mapping import JOINT, Line
from tnskit.cleaning.report import Finding
from tnskit.cleaning.schema import TABLES, Column, Table
from tnskit.cleaning.survey import mended_ids
from tnskit.errors import TableError

_NULLS = "('', 'null', 'none', 'n/a', 'na', 'nan', 'nat', 'nil', '<na>', 'undefined', '#n/a', '-')"
_LOST_ID = r"'^[+-]?\d+(\.\d+)?[eE]\+?\d+$|^\d{16,}\.0$'"

_TYPES = {
    "at": "TIMESTAMP",
    "day": "DATE",
    "int": "BIGINT",
    "year": "INTEGER",
    "money": "BIGINT",
    "bool": "BOOLEAN",
}
_EXPECTED = {
    "at": "not a date and time, or a default of software such as 1970-01-01",
    "day": "not a date, or a default of software such as 1970-01-01",
    "int": "not a whole number",
    "year": "no year between 1900 and 2099",
    "bool": "neither true nor false",
}


@dataclass(frozen=True)
class Reader:
    """Turns matched exports into typed tables of one DuckDB.

    Attributes:
        db: The database; set-aside rows go to `set_aside`, emptied cells to `faults`.
        tz: Zone of naive timestamps; None refuses them.
        region: Decides between month-day and day-month where a column does not tell.
        findings: What was found about moments and ids, for the load report.
        looks: How to read each moment of the table at hand.
    """

    db: duckdb.DuckDBPyConnection
    tz: str | None
    region: str
    findings: list[Finding] = field(default_factory=list)
    looks: dict[str, moments.Look] = field(default_factory=dict)

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
        self._look(line, view)
        self._type(line.table, view, line.source.faults)
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
            cells = f"SELECT __row AS row, __fault AS _fault, {select} FROM {line.source.view}"
            filled = " OR ".join(f"{_name(value)} IS NOT NULL" for value in values)
            parts.append(f"SELECT * FROM ({cells})" + (f" WHERE {filled}" if filled else ""))
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE _renamed AS {' UNION ALL '.join(parts)}")
        return "_renamed"

    def _look(self, line: Line, view: str) -> None:
        """Find out how moments are written, and refuse times without a zone where none was told."""
        self.looks.clear()
        for column in line.table.columns:
            if column.type not in {"at", "day"} or column.name not in line.columns:
                continue
            # a day is a day in every zone
            zone = self.tz if column.type == "at" else "UTC"
            look = moments.look(self.db, line.table.name, view, column.name, tz=zone, region=self.region)
            if look.naive and zone is None:
                raise TableError(
                    f"{line.source.file} has {look.naive:,} times without a zone in '{column.name}' (first in row {look.first_naive:,}); "
                    "say which it is, for example tz='UTC' or tz='America/Chicago' (on the command line --tz)"
                )
            self.looks[column.name] = look
            self.findings.extend(look.findings if column.type == "at" else ())
        ids = [column.name for column in line.table.columns if column.type == "id" and column.name in line.columns]
        self.findings.extend(mended_ids(self.db, line.table.name, view, ids))

    def _type(self, table: Table, view: str, faults: bool) -> None:
        """Write the readable rows to the table and the others, with the first reason, to `set_aside`."""
        have = {row[0] for row in self.db.execute(f"DESCRIBE {view}").fetchall()}
        typed = ", ".join(f"{self._value(c)} AS {_name(c.name)}" for c in table.columns if c.name in have)
        why = self._reasons(table, have, faults)
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE _typed AS SELECT row, {typed}, CASE {why} END AS _why FROM {view}")
        self._drop_repeats([c.name for c in table.columns if c.name in have])
        self._tell_faults(table, view, have)
        self.db.execute(
            f"INSERT INTO set_aside SELECT '{table.name}', row, split_part(_why, '\x1f', 1), split_part(_why, '\x1f', 2) "
            "FROM _typed WHERE _why IS NOT NULL ORDER BY row"
        )
        self.db.execute(f"INSERT INTO vault.{table.name} BY NAME SELECT * EXCLUDE (_why) FROM _typed WHERE _why IS NULL ORDER BY row")

    def _reasons(self, table: Table, have: set[str], faults: bool) -> str:
        """One CASE arm per reason, the first that holds is told; `column`, unit separator, words."""
        arms = ["WHEN _fault IS NOT NULL THEN '\x1f' || _fault"] if faults else []
        for column in (c for c in table.columns if c.name in have):
            cell = _name(column.name)
            if column.type == "id" and column.name != "row":
                lost = "an id that was read as a number and has lost digits; export ids as text"
                arms.append(f"WHEN regexp_matches({cell}, {_LOST_ID}) THEN '{_said(column.name, lost)}'")
            if column.needed:
                arms.append(f"WHEN {cell} IS NULL THEN '{_said(column.name, 'empty, and the row says nothing without it')}'")
                if column.type == "money":
                    arms.append(f"WHEN {self._value(column)} IS NULL THEN '{column.name}\x1f' || {amounts.fault(cell)}")
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
            if column.needed or column.type not in {*_EXPECTED, "money"} or column.name not in have:
                continue
            cell, value = _name(column.name), self._value(column)
            why = amounts.fault(cell) if column.type == "money" else f"'{_EXPECTED[column.type]}'"
            self.db.execute(
                f"INSERT INTO faults SELECT '{table.name}', row, '{column.name}', {why} || '; left empty' "
                f"FROM {view} WHERE {cell} IS NOT NULL AND {value} IS NULL "
                "AND row IN (SELECT row FROM _typed WHERE _why IS NULL) ORDER BY row"
            )

    def _value(self, column: Column) -> str:
        cell = _name(column.name)
        if column.type == "id":
            # a float that is whole, or a decimal with all its digits
            return f"regexp_replace({cell}, '^(?:(\\d{{1,15}})\\.0|(\\d+)\\.0{{2,}})$', '\\1\\2')"
        if column.type == "word":
            return f"lower({cell})"
        if column.type == "money":
            return amounts.value(cell)
        if column.type == "int":
            return f"CASE WHEN regexp_matches({cell}, '^[+-]?\\d{{1,18}}(\\.0*)?$') THEN try_cast({cell} AS DECIMAL(24, 4))::BIGINT END"
        if column.type == "year":
            return f"nullif(regexp_extract({cell}, '(?:^|\\D)((?:19|20)\\d\\d)', 1), '')::INTEGER"
        if column.type == "bool":
            return (
                f"CASE WHEN lower({cell}) IN ('true', 't', 'yes', 'y', '1', '1.0') THEN true "
                f"WHEN lower({cell}) IN ('false', 'f', 'no', 'n', '0', '0.0') THEN false END"
            )
        if column.type == "day":
            return f"({self.looks[column.name].sql(cell)})::DATE"
        return self.looks[column.name].sql(cell) if column.type == "at" else cell


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
