"""From text to typed rows: every row is kept or set aside with a reason, every unreadable cell is left empty and told."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from tnskit.cleaning.mapping import JOINT, Line
from tnskit.cleaning.schema import TABLES, Column, Table
from tnskit.cleaning.sources import Source
from tnskit.errors import TableError

_NULLS = "'(?i)|null|none|n/a|na|nan|nat|nil|<na>|undefined|#n/a|-'"
_LONGEST_NULL = 9
_LOST_ID = r"'^[+-]?\d+(\.\d+)?[eE]\+?\d+$|^\d{16,}\.0$'"
_ZONED = r"'\d[ T]\d{1,2}:\d{2}.*(Z|z|[+-]\d{2}(:?\d{2})?)$'"
_DATE = r"'^\d{4}-\d{2}-\d{2}$'"
_NUMBER = r"'^\d{9,10}(\.\d+)?$'"
_MILLIS = r"'^\d{13}$'"
_PLAIN_UTC = "'____-__-__T__:__:__Z'"
"""The form in which most exports write a moment; it is read without asking for any other."""
_DEFAULT_MOMENT = "TIMESTAMP '1970-01-01 00:00:00'"
_NAIVE_BIT = 32
"""From this bit of `_lost` on stand the times without a zone."""

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

        Every cell is read once: one statement writes the typed rows, beside each its reason to be set aside (`_why`), a
        bit for each cell that could not be read (`_lost`) and a digest to find repeats by (`_hash`).

        Args:
            line: What comes from where.
            wide: The export feeds other tables too, so a row of it with nothing for this table is no row of this table.
        """
        self.db.execute(f"CREATE OR REPLACE TABLE vault._typed AS {self._typed(line, wide)}")
        rows, bad, lost = self.db.execute("SELECT count(*), count(_why), coalesce(bit_or(_lost), 0) FROM vault._typed").fetchall()[0]
        self._refuse_naive(line, lost)
        bad += self._set_repeats_aside(line)
        self._tell_faults(line, lost)
        if bad:
            self.db.execute(
                f"INSERT INTO set_aside SELECT '{line.table.name}', row, split_part(_why, '\x1f', 1), split_part(_why, '\x1f', 2) "
                "FROM vault._typed WHERE _why IS NOT NULL ORDER BY row"
            )
            self.db.execute("DELETE FROM vault._typed WHERE _why IS NOT NULL")
        self._keep(line.table)
        return int(rows)

    def _keep(self, table: Table) -> None:
        """Let the typed rows be the table, or add them to it."""
        if self.db.execute(f"SELECT count(*) FROM vault.{table.name}").fetchall()[0][0]:
            self.db.execute(f"INSERT INTO vault.{table.name} SELECT * EXCLUDE (_why, _lost, _hash) FROM vault._typed")
            self.db.execute("DROP TABLE vault._typed")
            return
        for column in ("_why", "_lost", "_hash"):
            self.db.execute(f"ALTER TABLE vault._typed DROP COLUMN {column}")
        self.db.execute(f"DROP TABLE vault.{table.name}")
        self.db.execute(f"ALTER TABLE vault._typed RENAME TO {table.name}")

    def _typed(self, line: Line, wide: bool) -> str:
        """The statement that reads an export: cells as they came, without white space, as values, and what is wrong with them."""
        told = [column for column in line.table.columns if column.name in line.columns]
        bare = ", ".join(f"{self._bared(column)}" for column in told)
        values = ", ".join(f"{self._value(column)} AS {_name(column.name)}, {_cell_name(column.name)}" for column in told)
        names = ", ".join(
            _name(c.name) if c.name in line.columns else f"NULL::{_TYPES.get(c.type, 'VARCHAR')} AS {_name(c.name)}"
            for c in line.table.columns
        )
        digest = ", ".join(_name(column.name) for column in told if column.needed or column.type in {"id", "at"})
        return (
            f"SELECT row, {names}, CASE {self._reasons(line)} END AS _why, {self._lost(line)} AS _lost, hash({digest}) AS _hash "
            f"FROM (SELECT row, _extra, {values} FROM (SELECT row, _extra, {bare} FROM ({self._cells(line, wide)})))"
        )

    def _cells(self, line: Line, wide: bool) -> str:
        """Cells under our names; a column of ours that is told by several of theirs gives a row for each filled cell."""
        many = next((ours for ours, theirs in line.columns.items() if len(theirs) > 1), None)
        filled = " OR ".join(f"{_bare(_name(v))} IS NOT NULL" for v in ([many] if many else _value_columns(line) if wide else []))
        parts = []
        for place in range(len(line.columns[many]) if many else 1):
            picked = {ours: theirs[place if ours == many else 0] for ours, theirs in line.columns.items()}
            select = ", ".join(f"{_cell(theirs)} AS {_name(ours)}" for ours, theirs in picked.items())
            cells = f"SELECT __row AS row, {_extra(line.source)} AS _extra, {select} FROM {line.source.view}"
            parts.append(f"SELECT * FROM ({cells})" + (f" WHERE {filled}" if filled else ""))
        return " UNION ALL ".join(parts) + (" ORDER BY row" if many else "")

    def _refuse_naive(self, line: Line, lost: int) -> None:
        for place, column in enumerate(line.table.columns):
            if not lost >> (place + _NAIVE_BIT) & 1:
                continue
            first, many = self.db.execute(
                "SELECT min(row), count(*) FROM vault._typed WHERE _lost >> ? & 1 = 1", [place + _NAIVE_BIT]
            ).fetchall()[0]
            raise TableError(
                f"{line.source.file} has {many:,} times without a zone in '{column.name}' (first in row {first}); "
                "say which it is, for example tz='UTC' or tz='America/Chicago' (on the command line --tz)"
            )

    def _lost(self, line: Line) -> str:
        """A number with a bit for each cell that says something we could not read, and one for each time without a zone."""
        bits = ["0::BIGINT"]
        for place, column in enumerate(line.table.columns):
            if column.name not in line.columns:
                continue
            name, cell = _name(column.name), _cell_name(column.name)
            if column.type in _EXPECTED and not column.needed:
                bits.append(f"CASE WHEN {name} IS NULL AND {cell} IS NOT NULL THEN {1 << place} ELSE 0 END")
            if column.type == "at" and self.tz is None:
                naive = f"regexp_matches({cell}, '\\d{{1,2}}:\\d{{2}}') AND NOT regexp_matches({cell}, {_ZONED})"
                bits.append(f"CASE WHEN {cell} IS NOT NULL AND {naive} THEN {1 << place + _NAIVE_BIT} ELSE 0 END")
        return " | ".join(bits)

    def _reasons(self, line: Line) -> str:
        """One CASE arm per reason, the first that holds is told; `column`, unit separator, words."""
        arms = []
        if _extra(line.source) != "NULL":
            arms.append(f"WHEN _extra IS NOT NULL THEN '{_said('', 'more cells than the header has columns')}'")
        for column in (c for c in line.table.columns if c.name in line.columns):
            name, cell = _name(column.name), _cell_name(column.name)
            if column.type == "id":
                lost = "an id that was read as a number and has lost digits; export ids as text"
                digits = f"{name} < ':' AND (suffix({name}, '.0') OR contains(lower({name}), 'e')) AND regexp_matches({name}, {_LOST_ID})"
                arms.append(f"WHEN {digits} THEN '{_said(column.name, lost)}'")
            if column.needed:
                empty = f"'{_said(column.name, 'empty, and the row says nothing without it')}'"
                expected = f"'{_said(column.name, _EXPECTED.get(column.type, ''))}'"
                told = f"CASE WHEN {cell} IS NULL THEN {empty} ELSE {expected} END" if column.type in _EXPECTED else empty
                arms.append(f"WHEN {name} IS NULL THEN {told}")
        return " ".join(arms) or "WHEN false THEN ''"

    def _set_repeats_aside(self, line: Line) -> int:
        """Set aside exact repeats, rows that agree with an earlier one in every cell, and say how many."""
        twice = "SELECT _hash FROM vault._typed WHERE _why IS NULL GROUP BY _hash HAVING count(*) > 1"
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE _twice AS {twice}")
        if not self.db.execute("SELECT count(*) FROM _twice").fetchall()[0][0]:
            return 0
        names = ", ".join(_name(c.name) for c in line.table.columns if c.name in line.columns)
        return int(self.db.execute(
            f"WITH few AS (SELECT row, rowid AS rid, {names} FROM vault._typed WHERE _why IS NULL AND _hash IN (FROM _twice)), "
            f"first AS (SELECT rid, min(row) OVER (PARTITION BY {names}) AS kept, "
            f"row_number() OVER (PARTITION BY {names} ORDER BY row, rid) AS n FROM few) "
            "UPDATE vault._typed SET _why = '\x1fan exact repeat of row ' || kept FROM first WHERE vault._typed.rowid = rid AND n > 1"
        ).fetchall()[0][0])  # fmt: skip

    def _tell_faults(self, line: Line, lost: int) -> None:
        for place, column in enumerate(line.table.columns):
            if lost >> place & 1:
                self.db.execute(
                    f"INSERT INTO faults SELECT '{line.table.name}', row, '{column.name}', '{_EXPECTED[column.type]}; left empty' "
                    f"FROM vault._typed WHERE _why IS NULL AND _lost >> {place} & 1 = 1 ORDER BY row"
                )

    def _bared(self, column: Column) -> str:
        """A cell without white space, and before it the value of a cell in the form that most exports use, or NULL."""
        name, cell = _name(column.name), _cell_name(column.name)
        quick = {
            "at": f"CASE WHEN {name} LIKE {_PLAIN_UTC} THEN nullif(try_cast({name} AS TIMESTAMP), {_DEFAULT_MOMENT}) END",
            "int": f"CASE WHEN regexp_full_match({name}, '\\d{{1,18}}') THEN {name}::BIGINT END",
            "money": f"CASE WHEN regexp_full_match({name}, '\\d{{1,18}}') THEN {name}::BIGINT END",
            "bool": f"CASE WHEN {name} IN ('true', 'false') THEN {name} = 'true' END",
        }.get(column.type)
        if quick is None:
            return f"{_bare(name)} AS {cell}"
        return f"{quick} AS {name}, CASE WHEN {quick} IS NULL THEN {_bare(name)} END AS {cell}"

    def _value(self, column: Column) -> str:
        """Read one cell; a value that was told already stands under its name, its cell is empty then."""
        name, cell = _name(column.name), _cell_name(column.name)
        if column.type == "id":
            return f"CASE WHEN suffix({cell}, '.0') THEN regexp_replace({cell}, '^(\\d{{1,15}})\\.0$', '\\1') ELSE {cell} END"
        if column.type == "word":
            return f"lower({cell})"
        if column.type in {"int", "money"}:
            whole = f"CASE WHEN regexp_matches({cell}, '^[+-]?\\d{{1,18}}(\\.0*)?$') THEN try_cast({cell} AS DECIMAL(24, 4))::BIGINT END"
            return f"coalesce({name}, {whole})"
        if column.type == "year":
            return f"nullif(regexp_extract({cell}, '(?:^|\\D)((?:19|20)\\d\\d)', 1), '')::INTEGER"
        if column.type == "bool":
            return (
                f"CASE WHEN {name} IS NOT NULL THEN {name} WHEN regexp_full_match({cell}, '(?i)true|t|yes|y|1|1\\.0') THEN true "
                f"WHEN regexp_full_match({cell}, '(?i)false|f|no|n|0|0\\.0') THEN false END"
            )
        if column.type == "day":
            return f"try_cast({cell} AS DATE)"
        return self._moment(name, cell) if column.type == "at" else cell

    def _moment(self, name: str, cell: str) -> str:
        """A moment in UTC; the first day of 1970 is a default of software and stays empty."""
        zone = (self.tz or "UTC").replace("'", "")
        slashes = "['%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M', '%m/%d/%Y %I:%M %p', '%m/%d/%Y', '%m/%d/%y %H:%M', '%m/%d/%y']"
        if self.region not in {"US", "CA", "PR"}:
            slashes = slashes.replace("%m/%d", "%d/%m")
        naive = f"coalesce(try_cast({cell} AS TIMESTAMP), try_strptime({cell}, {slashes}))"
        return (
            f"nullif(CASE WHEN {cell} IS NULL THEN {name} "
            f"WHEN regexp_matches({cell}, {_NUMBER}) THEN to_timestamp(try_cast({cell} AS DOUBLE))::TIMESTAMP "
            f"WHEN regexp_matches({cell}, {_MILLIS}) THEN to_timestamp(try_cast({cell} AS DOUBLE) / 1000)::TIMESTAMP "
            f"WHEN regexp_matches({cell}, {_ZONED}) THEN try_cast({cell} AS TIMESTAMPTZ)::TIMESTAMP "
            f"WHEN regexp_matches({cell}, {_DATE}) THEN try_cast({cell} AS DATE)::TIMESTAMP "
            f"ELSE timezone('{zone}', {naive})::TIMESTAMP END, {_DEFAULT_MOMENT})"
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
    # Trimming by a set of characters is slow, and so is looking for words; both are asked for only where they could change something.
    # Lists of words are patterns here, for DuckDB turns `IN` with many words into a join over all rows.
    inked = f"{name} BETWEEN '!' AND '~' AND reverse({name}) BETWEEN '!' AND '~'"
    # No such word begins with a digit, and none with a letter but n and u.
    other = " OR ".join(f"{name} BETWEEN '{first}' AND '{last}~'" for first, last in ("09", "AM", "am", "ot"))
    plain = f"{inked} AND (strlen({name}) > {_LONGEST_NULL} OR {other} OR NOT regexp_full_match({name}, {_NULLS}))"
    full = f"nullif(trim({name}, ' \t\r\n\u00a0'), '')"
    edge = f"regexp_matches({name}, '^[\\s\u00a0]|[\\s\u00a0]$')"
    return (
        f"CASE WHEN {plain} THEN {name} "
        f"WHEN NOT regexp_full_match(trim({name}), {_NULLS}) THEN CASE WHEN {edge} THEN {full} ELSE {name} END END"
    )


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cell_name(name: str) -> str:
    """The name of a cell without white space, beside that of its value."""
    return _name(f"_cell_{name}")


def _said(column: str, why: str) -> str:
    return f"{column}\x1f{why}"
