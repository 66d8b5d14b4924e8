"""What was known of a table on a day: rows that came later are left out, later cells emptied."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tnskit.cleaning.schema import Table
from tnskit.errors import UsageError

BEGINS = {
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


def moment(day: Any) -> str:
    """Give the end of a day, or a moment, in UTC as text.

    Raises:
        UsageError: Not a date.
    """
    try:
        found = pd.Timestamp(day)
        if pd.isna(found):
            raise ValueError
        whole = found == found.normalize()
        found = found.tz_convert("UTC").tz_localize(None) if found.tzinfo else found
    except (ValueError, TypeError):
        raise UsageError(f"as_of='{str(day)[:40]}' is not a date; they are written like '2024-06-30'") from None
    return str(found + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1) if whole else found)


def known_rows(table: Table, rows: str) -> str:
    """Give the SQL of the rows of a table that were known at the moment `?`, with what was not known yet emptied, out of `rows`."""
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
    begins = BEGINS.get(table.name, "NULL::TIMESTAMP")
    return (
        f"SELECT row, {', '.join(cells)} FROM {rows}, (SELECT ?::TIMESTAMP AS until) WHERE coalesce({begins} <= until, true) ORDER BY row"
    )
