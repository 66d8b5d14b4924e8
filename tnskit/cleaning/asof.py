"""A market as it was known on a day: later rows are left out, later cells emptied, and what follows from them made anew."""

from __future__ import annotations

import itertools
from typing import Any

import duckdb

from tnskit.cleaning import decided, people, sightings
from tnskit.cleaning.market import Market, open_public
from tnskit.cleaning.schema import TABLES
from tnskit.cleaning.until import known_rows, moment

_numbers = itertools.count(1)


def as_of(market: Market, day: Any) -> Market:
    """Give a market as it was known at the end of a day, or at a moment.

    What tells no date (a name, a job's amount, the outcome of a dispute) is taken as it stands.

    Args:
        market: A loaded market.
        day: A date such as "2024-06-30" (its end, in UTC) or a moment.

    Raises:
        UsageError: Not a date.
    """
    until = moment(day)
    home, db = beside(market, "as_of")
    db.execute("CREATE SCHEMA vault")
    for empty in ("set_aside", "faults"):
        db.execute(f"CREATE TABLE {empty} AS FROM {home}.main.{empty} LIMIT 0")
    for table in TABLES.values():
        db.execute(f"CREATE TABLE vault.{table.name} AS {known_rows(table, f'{home}.vault.{table.name}')}", [until])
    brought = frozenset(market.report.tables["table"])
    people.build(db, brought=brought | {"accounts"})
    sightings.build(db, brought=brought, region=str(market.settings["region"]))
    decided.build(db, region=str(market.settings["region"]))
    open_public(db)
    return Market(db, market.rejected, market.report, {**market.settings, "as_of": until})


def beside(market: Market, word: str) -> tuple[str, duckdb.DuckDBPyConnection]:
    """Open an empty database beside that of a market; gives the name of the market's own, and a connection to the new one."""
    name = f"{word}_{next(_numbers)}"
    home = str(market.db.execute("SELECT current_database()").fetchall()[0][0])
    db = market.db.cursor()
    db.execute("SET TimeZone = 'UTC'")
    db.execute(f"ATTACH ':memory:' AS {name}")
    db.execute(f"USE {name}.main")
    return home, db
