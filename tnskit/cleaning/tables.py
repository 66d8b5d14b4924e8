"""From text to typed rows: every row is kept or set aside with a reason, every unreadable cell is left empty and told."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from tnskit.cleaning import cells, moments
from tnskit.cleaning.cells import cell_name, name
from tnskit.cleaning.mapping import Line
from tnskit.cleaning.report import Finding
from tnskit.cleaning.schema import TABLES, Table
from tnskit.cleaning.survey import mended_ids
from tnskit.errors import TableError

_REPEATED = """
WITH few AS (SELECT row, rowid AS rid, {names} FROM vault._typed WHERE _why IS NULL AND _hash IN (FROM _twice)),
first AS (
  SELECT rid, min(row) OVER (PARTITION BY {names}) AS kept, row_number() OVER (PARTITION BY {names} ORDER BY row, rid) AS n FROM few)
UPDATE vault._typed SET _why = '\x1fan exact repeat of row ' || kept FROM first WHERE vault._typed.rowid = rid AND n > 1
"""


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
            columns = ", ".join(f"{name(c.name)} {cells.TYPES.get(c.type, 'VARCHAR')}" for c in table.columns)
            self.db.execute(f"CREATE OR REPLACE TABLE vault.{table.name} (row BIGINT, {columns})")

    def add(self, line: Line, *, wide: bool = False) -> int:
        """Read one matched export into its table and give the number of rows that came in.

        One statement writes the typed rows, beside each its reason to be set aside (`_why`), a bit for each cell that could
        not be read (`_lost`) and a digest to find repeats by (`_hash`).

        Args:
            line: What comes from where.
            wide: The export feeds other tables too, so a row of it with nothing for this table is no row of this table.

        Raises:
            TableError: Times without a zone where none was told.
        """
        brought = self._cells(line, wide)
        self._look(line, brought)
        self.db.execute(f"CREATE OR REPLACE TABLE vault._typed AS {self._typed(line, brought)}")
        rows, bad, lost = self.db.execute("SELECT count(*), count(_why), coalesce(bit_or(_lost), 0) FROM vault._typed").fetchall()[0]
        bad += self._set_repeats_aside(line)
        self._tell_faults(line, brought, lost)
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

    def _cells(self, line: Line, wide: bool) -> str:
        """Cells under our names; a column of ours that is told by several of theirs gives a row for each filled cell."""
        many = next((ours for ours, theirs in line.columns.items() if len(theirs) > 1), None)
        asked = [many] if many else _value_columns(line) if wide else []
        filled = " OR ".join(f"{cells.bare(name(one))} IS NOT NULL" for one in asked)
        parts = []
        for place in range(len(line.columns[many]) if many else 1):
            picked = {ours: theirs[place if ours == many else 0] for ours, theirs in line.columns.items()}
            select = ", ".join(f"{cells.told(theirs)} AS {name(ours)}" for ours, theirs in picked.items())
            brought = f"SELECT __row AS row, __fault AS _fault, {select} FROM {line.source.view}"
            parts.append(f"SELECT * FROM ({brought})" + (f" WHERE {filled}" if filled else ""))
        return " UNION ALL ".join(parts) + (" ORDER BY row" if many else "")

    def _look(self, line: Line, brought: str) -> None:
        """Find out how moments are written, and refuse times without a zone where none was told."""
        self.looks.clear()
        ids = [c.name for c in line.table.columns if c.type == "id" and c.name in line.columns]
        moments_ = [c for c in line.table.columns if c.type in {"at", "day"} and c.name in line.columns]
        trimmed = ", ".join(f"{cells.bare(name(one))} AS {name(one)}" for one in (*ids, *(c.name for c in moments_)))
        self.db.execute(f"CREATE OR REPLACE TEMP VIEW _trimmed AS SELECT row, {trimmed or 'NULL'} FROM ({brought})")
        for column in moments_:
            # a day is a day in every zone
            zone = self.tz if column.type == "at" else "UTC"
            look = moments.look(self.db, line.table.name, "_trimmed", column.name, tz=zone, region=self.region)
            if look.naive and zone is None:
                raise TableError(
                    f"{line.source.file} has {look.naive:,} times without a zone in '{column.name}' (first in row {look.first_naive:,}); "
                    "say which it is, for example tz='UTC' or tz='America/Chicago' (on the command line --tz)"
                )
            self.looks[column.name] = look
            self.findings.extend(look.findings if column.type == "at" else ())
        self.findings.extend(mended_ids(self.db, line.table.name, "_trimmed", ids))

    def _typed(self, line: Line, brought: str) -> str:
        """The statement that reads an export: cells as they came, without white space, as values, and what is wrong with them."""
        told = [column for column in line.table.columns if column.name in line.columns]
        bare = ", ".join(map(cells.bared, told))
        values = ", ".join(f"{cells.value(column, self.looks)} AS {name(column.name)}, {cell_name(column.name)}" for column in told)
        names = ", ".join(
            name(c.name) if c.name in line.columns else f"NULL::{cells.TYPES.get(c.type, 'VARCHAR')} AS {name(c.name)}"
            for c in line.table.columns
        )
        digest = ", ".join(name(column.name) for column in told if column.needed or column.type in {"id", "at"})
        return (
            f"SELECT row, {names}, CASE {self._reasons(line)} END AS _why, {self._lost(line)} AS _lost, hash({digest or 'row'}) AS _hash "
            f"FROM (SELECT row, _fault, {values} FROM (SELECT row, _fault, {bare} FROM ({brought})))"
        )

    def _lost(self, line: Line) -> str:
        """A number with a bit for each cell that says something we could not read."""
        bits = ["0::BIGINT"]
        for place, column in enumerate(line.table.columns):
            if column.name in line.columns and cells.readable(column) and not column.needed:
                unread = f"{name(column.name)} IS NULL AND {cell_name(column.name)} IS NOT NULL"
                bits.append(f"CASE WHEN {unread} THEN {1 << place} ELSE 0 END")
        return " | ".join(bits)

    def _reasons(self, line: Line) -> str:
        """One CASE arm per reason, the first that holds is told; `column`, unit separator, words."""
        arms = ["WHEN _fault IS NOT NULL THEN '\x1f' || _fault"] if line.source.faults else []
        arms += [f"WHEN true THEN '{one}\x1fthe export has no such column, and no row says anything without it'" for one in line.lacking]
        for column in (c for c in line.table.columns if c.name in line.columns):
            own, cell = name(column.name), cell_name(column.name)
            if column.type == "id":
                lost = "an id that was read as a number and has lost digits; export ids as text"
                arms.append(f"WHEN {cells.lost_id(column)} THEN '{column.name}\x1f{lost}'")
            if column.needed:
                empty = "'empty, and the row says nothing without it'"
                why = f"CASE WHEN {cell} IS NULL THEN {empty} ELSE {cells.fault(column, cell)} END" if cells.readable(column) else empty
                arms.append(f"WHEN {own} IS NULL THEN '{column.name}\x1f' || {why}")
        return " ".join(arms) or "WHEN false THEN ''"

    def _set_repeats_aside(self, line: Line) -> int:
        """Set aside exact repeats, rows that agree with an earlier one in every cell, and say how many."""
        twice = "SELECT _hash FROM vault._typed WHERE _why IS NULL GROUP BY _hash HAVING count(*) > 1"
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE _twice AS {twice}")
        if not self.db.execute("SELECT count(*) FROM _twice").fetchall()[0][0]:
            return 0
        names = ", ".join(name(c.name) for c in line.table.columns if c.name in line.columns)
        return int(self.db.execute(_REPEATED.format(names=names)).fetchall()[0][0])

    def _tell_faults(self, line: Line, brought: str, lost: int) -> None:
        """Tell the cells of kept rows that could not be read; only then are they read again, for the reason."""
        for place, column in enumerate(line.table.columns):
            if lost >> place & 1:
                own = name(column.name)
                self.db.execute(
                    f"WITH unread AS (SELECT row FROM vault._typed WHERE _why IS NULL AND _lost >> {place} & 1 = 1), "
                    f"cell AS (SELECT row, {cells.bare(own)} AS {own} FROM ({brought}) WHERE row IN (FROM unread)) "
                    f"INSERT INTO faults SELECT '{line.table.name}', row, '{column.name}', {cells.fault(column, own)} || '; left empty' "
                    "FROM cell ORDER BY row"
                )


def _value_columns(line: Line) -> list[str]:
    """The columns besides the account that a row of this table is about: the private ones that were matched."""
    if line.table.name == "accounts":
        return []
    return [c.name for c in line.table.columns if c.private and c.name in line.columns]
