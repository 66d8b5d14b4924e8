"""What a day of rows leaves as it was, taken over from the market before: cleaned values, visits, and kinds whose tables did not change."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from tnskit.cleaning.schema import TABLES

_REMEMBERED = """
CREATE TABLE vault.known_{kind} AS
SELECT v.raw, coalesce(i.clean, v.clean) AS clean, coalesce(i.class, v.class) AS class, v.fault
FROM {home}.vault.value_{kind} v LEFT JOIN {home}.vault.incomplete i ON i.kind = '{kind}' AND i.raw = v.raw
"""


@dataclass(frozen=True)
class Before:
    """The database of the market before, in this process, and which tables have changed since.

    Attributes:
        home: Its name.
        grown: Tables that got rows, which stand in
        new: the database of this name.
        changed: Tables that changed otherwise, or may have.
    """

    home: str
    grown: frozenset[str]
    new: str
    changed: frozenset[str]
    _tables: frozenset[str] = field(repr=False)

    def same(self, *tables: str) -> bool:
        """Whether these tables are what they were."""
        return not (self.grown | self.changed).intersection(tables)

    def has(self, kind: str) -> bool:
        """Whether there were values of this kind."""
        return f"value_{kind}" in self._tables

    def remember(self, db: duckdb.DuckDBPyConnection, kind: str) -> None:
        """Take over what was cleaned of a kind, for the values that are still there."""
        if self.has(kind):
            db.execute(_REMEMBERED.format(kind=kind, home=self.home))

    def visits(self, db: duckdb.DuckDBPyConnection, column: str, *tables: str) -> str | None:
        """Take over the visits of accounts that have no new logins; gives the condition for those that have, None where all count anew.

        Args:
            db: Gets the table `vault.visit_` and the column.
            column: Of `logins`.
            *tables: Other tables that visits are made from.
        """
        if f"visit_{column}" not in self._tables or "logins" in self.changed or not self.same(*tables):
            return None
        old = f"{self.home}.vault.visit_{column}"
        if self.same("logins"):
            db.execute(f"CREATE OR REPLACE TABLE vault.visit_{column} AS FROM {old}")
            return "false"
        came = f"{self.new}.vault.logins"
        db.execute(f"CREATE OR REPLACE TABLE vault.visit_{column} AS SELECT v.* FROM {old} v ANTI JOIN {came} n USING (account_id)")
        return f"l.account_id IN (SELECT account_id FROM {came})"

    def values(self, db: duckdb.DuckDBPyConnection, kind: str) -> None:
        """Take over the cleaned values of a kind."""
        db.execute(f"CREATE OR REPLACE TABLE vault.value_{kind} AS FROM {self.home}.vault.value_{kind}")
        db.execute(f"INSERT INTO vault.incomplete SELECT * FROM {self.home}.vault.incomplete WHERE kind = ?", [kind])

    def codes(self, db: duckdb.DuckDBPyConnection, kind: str, first: int) -> bool:
        """Take over the codes of a kind, counted from `first`, and who was seen with them; False where that has to be made anew.

        Then `vault.ranked` tells the code of each value.
        """
        old = f"{self.home}.vault.clean_{kind}"
        shift = db.execute(f"SELECT $first - min(code) FROM {old}", {"first": first}).fetchall()[0][0] or 0
        db.execute(
            f"CREATE OR REPLACE TABLE vault.clean_{kind} AS SELECT (code + $shift)::INTEGER AS code, clean, class, mask FROM {old}",
            {"shift": shift},
        )
        day = db.execute(f"SELECT o.day IS NOT DISTINCT FROM n.day FROM {self.home}.vault.told_on o, vault.told_on n").fetchall()[0][0]
        if day and self.same("accounts"):
            db.execute(
                f"INSERT INTO seen SELECT account, (value + $shift)::INTEGER, kind, first_at, last_at, days, verified "
                f"FROM {self.home}.main.seen WHERE kind = $kind ORDER BY value, account",
                {"shift": shift, "kind": kind},
            )
            return True
        db.execute(
            f"CREATE OR REPLACE TABLE vault.ranked AS SELECT raw, code FROM vault.value_{kind} JOIN vault.clean_{kind} USING (clean)"
        )
        return False


def before(
    db: duckdb.DuckDBPyConnection, home: str, *, new: str, grown: frozenset[str], shrunk: frozenset[str], erased: bool, known: bool
) -> Before:
    """Say what changed since the market in `home`.

    Args:
        db: A connection that sees it.
        home: Its database.
        new: The database of the new rows.
        grown: Tables that have new rows there.
        shrunk: Tables of which rows were taken out.
        erased: Whether accounts were erased, which may touch every table.
        known: Whether the accounts come from a table of their own, and not from `identifiers`.
    """
    asked = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'vault'"
    tables = frozenset(name for (name,) in db.execute(asked, [home]).fetchall())
    changed = set(shrunk)
    if erased or "accounts" in shrunk or (not known and "identifiers" in grown | shrunk):
        changed |= set(TABLES)
    if "accounts" in grown:
        # Rows that waited for their account may count now.
        changed |= {name for name in TABLES if f"ghost_{name}" in tables}
    return Before(home, grown, new, frozenset(changed), tables)
