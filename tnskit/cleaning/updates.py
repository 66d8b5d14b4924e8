"""A market with a day of rows more, with rows corrected, or without those of people who asked to be erased."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tnskit.cleaning import decided, people, sightings, unchanged
from tnskit.cleaning.asof import beside
from tnskit.cleaning.mapping import asked, entries
from tnskit.cleaning.market import Market, Taken, open_public, taken
from tnskit.cleaning.privacy import quiet
from tnskit.cleaning.schema import ACCOUNT_COLUMNS, TABLES, Table
from tnskit.cleaning.sources.reading import read
from tnskit.errors import UsageError

_NAMING = ("merged_into", "referrer_account_id")
"""Columns in which another account is only named: the cell is emptied where that account is erased, the row stays."""

_LEFT_TO = {
    "jobs": ("customer_account_id", "pro_account_id"), "payments": ("payer_id", "payee_id"),
    "reviews": ("subject_account_id",), "reports": ("subject_account_id",),
}  # fmt: skip
"""Tables whose rows are about two: a row stays as long as one of these is somebody who was not erased. Whoever lost the proof of finished
work, of money that went back or of a danger because the other side left would be harmed by somebody else's right."""

ERASED = "[erased]"
"""What stands for an erased account where a row cannot be without one."""


@quiet("updating")
def updated(market: Market, added: Any = None, *, removed: Any = None, erased: Iterable[str] = (), mapping: Any = None) -> Market:
    """Give a market as if its exports had been loaded again with rows added, corrected and taken out.

    Values that were cleaned before are not cleaned again. The market itself stays as it is as long as somebody holds it.

    Args:
        market: A loaded market.
        added: What `load` takes: exports of a day. A row of `accounts` takes the place of the row that the account had.
        removed: What `load` takes: rows that were wrong. Every row goes that agrees with one of them in all the cells given.
        erased: Accounts whose rows go, from every table. Of a job, a payment, a review or a report that is about somebody else too, what is
            the other's stays: the account is emptied, and the erased person's words with it.
        mapping: How the columns are called; see `load`.

    Returns:
        A Market. An added row that says exactly what a row of the market says is set aside as a repeat.

    Raises:
        SourceError: A file that cannot be read.
        TableError: A table lacks a needed column, or times have no zone.
        UsageError: The market is one `as_of` a day.
    """
    if "as_of" in market.settings:
        raise UsageError("this market shows what was known on a day; update the market as it is now")
    wrong = _brought(market, removed, mapping)
    new = _brought(market, added, mapping)
    home, db = beside(market, "update")
    db.execute("CREATE SCHEMA vault")
    # What the steps set aside is found again; why a row could not be read is not.
    for empty in ("set_aside", "faults"):
        db.execute(f"CREATE TABLE {empty} AS FROM {home}.main.{empty} LIMIT 0")
    gone = list(erased)
    for table in TABLES.values():
        _put(db, table, home, new, wrong, gone)
    _forget_devices(db, home, gone)
    names = frozenset(market.report.tables["table"]) | (new[1].tables if new else frozenset())
    people.build(db, brought=names)
    grown, shrunk = (came[1].tables if came else frozenset() for came in (new, wrong))
    known = "accounts" in names
    old = unchanged.before(db, home, new=new[0] if new else "", grown=grown, shrunk=shrunk, erased=bool(gone), known=known)
    sightings.build(db, brought=names, region=str(market.settings["region"]), before=old)
    decided.build(db, region=str(market.settings["region"]))
    open_public(db)
    weakref.finalize(market, _let_go, db.cursor(), home)
    return _market(market, db, new)


def _brought(market: Market, source: Any, mapping: Any) -> tuple[str, Taken] | None:
    """Type the rows of exports in a database of their own; gives its name too."""
    if source is None:
        return None
    _, db = beside(market, "brought")
    folder = Path(tempfile.mkdtemp(prefix="tnskit-"))
    try:
        given = entries(mapping)
        sources, _ = read(source, db, asked=asked(given), folder=folder)
        came = taken(db, sources, given, settings=market.settings, progress=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return str(db.execute("SELECT current_database()").fetchall()[0][0]), came


def _put(
    db: duckdb.DuckDBPyConnection, table: Table, home: str, new: tuple[str, Taken] | None, wrong: tuple[str, Taken] | None, gone: list[str]
) -> None:
    """Write one typed table: what stays of the old rows, and after them the new ones that say something new."""
    name, columns = table.name, [f'"{column.name}"' for column in table.columns]
    db.execute(f"CREATE TABLE vault.{name} AS SELECT row, {', '.join(columns)} FROM {home}.vault.{name} ORDER BY row")
    if db.execute("SELECT count(*) FROM duckdb_tables() WHERE database_name = ? AND table_name = ?", [home, f"ghost_{name}"]).fetchall()[0][
        0
    ]:
        db.execute(f"INSERT INTO vault.{name} SELECT row, {', '.join(columns)} FROM {home}.vault.ghost_{name}")
    for place, line in [(wrong[0], line) for line in wrong[1].matched if line.table.name == name] if wrong else []:
        same = " AND ".join(f'o."{column}" IS NOT DISTINCT FROM w."{column}"' for column in line.columns)
        db.execute(f"DELETE FROM vault.{name} o USING {place}.vault.{name} w WHERE {same}")
    if new and name in new[1].tables:
        if name == "accounts":
            db.execute(f"DELETE FROM vault.accounts WHERE account_id IN (SELECT account_id FROM {new[0]}.vault.accounts)")
        same = " AND ".join(f"o.{column} IS NOT DISTINCT FROM n.{column}" for column in columns)
        db.execute(
            f"INSERT INTO vault.{name} SELECT row + (SELECT coalesce(max(row), 0) FROM {home}.vault.{name}), {', '.join(columns)} "
            f"FROM {new[0]}.vault.{name} n WHERE NOT EXISTS (SELECT 1 FROM vault.{name} o WHERE {same}) ORDER BY row"
        )
    if gone:
        _erase(db, table, gone)


def _erase(db: duckdb.DuckDBPyConnection, table: Table, gone: list[str]) -> None:
    """Take erased accounts out of a typed table, and leave to others what is theirs too."""
    whose = [column for column in table.columns if column.name in ACCOUNT_COLUMNS]
    if whose:
        left = " OR ".join(f"{name} <> '{ERASED}' AND NOT list_contains($1, {name})" for name in _LEFT_TO.get(table.name, ())) or "false"
        named = " OR ".join(f"list_contains($1, {column.name})" for column in whose)
        db.execute(f"DELETE FROM vault.{table.name} WHERE ({named}) AND NOT coalesce({left}, false)", [gone])
    words = [f"{column.name} = NULL" for column in table.columns if column.private]
    for column in whose if table.name in _LEFT_TO else ():
        emptied = ", ".join([f"{column.name} = {repr(ERASED) if column.needed else 'NULL'}", *words])
        db.execute(f"UPDATE vault.{table.name} SET {emptied} WHERE list_contains($1, {column.name})", [gone])
    for name in (column.name for column in table.columns if column.name in _NAMING):
        db.execute(f"UPDATE vault.{table.name} SET {name} = NULL WHERE list_contains($1, {name})", [gone])


def _forget_devices(db: duckdb.DuckDBPyConnection, home: str, gone: list[str]) -> None:
    """Take out the devices that only erased accounts were seen with."""
    if gone:
        db.execute(
            f"DELETE FROM vault.devices WHERE device_id IN (SELECT device_id FROM {home}.vault.logins WHERE list_contains($1, account_id)) "
            "AND device_id NOT IN (SELECT device_id FROM vault.logins WHERE device_id IS NOT NULL)",
            [gone],
        )


def _let_go(db: duckdb.DuckDBPyConnection, home: str) -> None:
    """Drop what a market held that nobody holds any more."""
    for schema in ("public", "vault"):
        db.execute(f'DROP SCHEMA IF EXISTS "{home}"."{schema}" CASCADE')


def _market(market: Market, db: duckdb.DuckDBPyConnection, new: tuple[str, Taken] | None) -> Market:
    """Give the market with its report: the files of both, and every row that was set aside."""
    found = db.execute('SELECT tab AS "table", row, col AS "column", why FROM set_aside ORDER BY tab, row, col, why').df()
    before = market.rejected[market.rejected["why"] != people.GHOST]
    rejected = pd.concat([before, found]).drop_duplicates(ignore_index=True)
    tables = market.report.tables
    if new:
        aside = db.execute(f'SELECT tab AS "table", row, col AS "column", why FROM {new[0]}.main.set_aside').df()
        rejected = pd.concat([rejected, aside], ignore_index=True)
        came = new[1].came.assign(rejected=0, kept=new[1].came["rows_in"])
        both = pd.concat([tables, came])[list(tables.columns)].groupby("table", as_index=False, sort=True)
        tables = both.agg(
            file=("file", " + ".join),
            rows_in=("rows_in", "sum"),
            kept=("kept", "sum"),
            rejected=("rejected", "sum"),
            sha256=("sha256", " ".join),
        )
        db.execute(f"DETACH {new[0]}")
    report = replace(market.report, tables=tables)
    return Market(db, rejected, report, dict(market.settings))
