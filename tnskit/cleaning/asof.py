"""A market as it was known on a day: later rows are left out, later cells emptied, and what follows from them made anew."""

from __future__ import annotations

import itertools
from typing import Any

import duckdb
import pandas as pd

from tnskit.cleaning import decided, people, sightings
from tnskit.cleaning.market import Market, open_public
from tnskit.cleaning.schema import TABLES, Table
from tnskit.errors import UsageError

_BEGINS = {
    "accounts": "created_at", "identifiers": "coalesce(first_seen, seen_at)", "phones": "first_seen", "emails": "first_seen",
    "instruments": "first_used", "payout_accounts": "added_at", "logins": '"at"', "devices": "first_seen",
    "security_events": '"at"', "addresses": "first_seen", "business_members": '"from"', "jobs": "created_at", "messages": "sent_at",
    "payments": '"at"', "reviews": "created_at", "reports": "received_at", "actions": "decided_at", "appeals": "received_at",
    "suppressions": '"at"', "dissociations": '"at"',
}  # fmt: skip
"""When a row came to be known. A row without that date, and a table without such a column, counts as known all along."""

_LASTS = ("last_seen", "last_used", "exported_at")
"""Ends of a range that goes on: cut at the day, for the range had begun."""

_TOLD_BY: dict[str, dict[str, tuple[str, ...]]] = {
    "accounts": {"closed_at": ("status",)},
    "appeals": {"decided_at": ("outcome", "reviewer")},
    "jobs": {"cancelled_at": ("cancelled_by",)},
    "actions": {"reversed_at": ("reversal_reason",)},
}
"""Words that were not known before a date of the same row."""

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
    until = _moment(day)
    home, db = beside(market, "as_of")
    db.execute("CREATE SCHEMA vault")
    for empty in ("set_aside", "faults"):
        db.execute(f"CREATE TABLE {empty} AS FROM {home}.main.{empty} LIMIT 0")
    for table in TABLES.values():
        db.execute(f"CREATE TABLE vault.{table.name} AS {_known(table, home)}", [until])
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


def _moment(day: Any) -> str:
    try:
        moment = pd.Timestamp(day)
        if pd.isna(moment):
            raise ValueError
        whole = moment == moment.normalize()
        moment = moment.tz_convert("UTC").tz_localize(None) if moment.tzinfo else moment
    except (ValueError, TypeError):
        raise UsageError(f"as_of='{str(day)[:40]}' is not a date; they are written like '2024-06-30'") from None
    return str(moment + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1) if whole else moment)


def _known(table: Table, home: str) -> str:
    """The rows of a table that were known, with what was not known yet emptied."""
    later = _TOLD_BY.get(table.name, {})
    hidden = {word: date for date, words in later.items() for word in words}
    cells = []
    for column in table.columns:
        name = f'"{column.name}"'
        if column.name in hidden:
            cells.append(f"CASE WHEN {hidden[column.name]} IS NULL OR {hidden[column.name]} <= until THEN {name} END AS {name}")
        elif column.type == "at" and column.name in _LASTS:
            cells.append(f"least({name}, until) AS {name}")
        elif column.type == "at" and column.name != "erased_at":
            # Who asked to be erased stays erased on every day.
            cells.append(f"CASE WHEN {name} <= until THEN {name} END AS {name}")
        else:
            cells.append(name)
    begins = _BEGINS.get(table.name, "NULL::TIMESTAMP")
    return (
        f"SELECT row, {', '.join(cells)} FROM {home}.vault.{table.name}, (SELECT ?::TIMESTAMP AS until) "
        f"WHERE coalesce({begins} <= until, true) ORDER BY row"
    )
