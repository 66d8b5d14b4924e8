"""Little markets for tests, told in one line."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tnskit.cleaning.market import Market, load
from tnskit.evidence.links import Links, link

PHONE, PHONE2 = "312 555 2368", "312 555 9911"
CARD, CARD2 = "fp_7Qd81kLm2", "fp_9Zx02pQa7"
IP, IP2 = "11.20.30.40", "22.7.8.9"
HOME = {
    "line1": "12 Oak St",
    "unit": "4",
    "city": "Austin",
    "region": "TX",
    "postal": "78701",
    "country": "US",
}


def market(accounts: Any, *, tz: str | None = "UTC", **tables: list[dict[str, Any]]) -> Market:
    """`accounts` is text such as "A B C" or rows; every other table is rows of its columns."""
    rows = [{"account_id": name} for name in accounts.split()] if isinstance(accounts, str) else accounts
    frames = {"accounts": pd.DataFrame(rows)} | {name: pd.DataFrame(t) for name, t in tables.items()}
    return load(frames, tz=tz)


def seen(*lines: str) -> list[dict[str, Any]]:
    """Rows of `identifiers` from lines such as "A phone 312-555-2368 2024-01-01 2024-02-01"; "_" is a space in the value."""
    rows = []
    for line in lines:
        account, kind, value, *days = line.split()
        first, last = (days + days + [None, None])[:2] if len(days) < 2 else days[:2]
        rows.append(
            {
                "account_id": account,
                "kind": kind,
                "value": value.replace("_", " "),
                "first_seen": first,
                "last_seen": last,
            }
        )
    return rows


def linked(accounts: Any, *lines: str, **tables: list[dict[str, Any]]) -> Links:
    """Load and link accounts with these sightings."""
    extra = {"identifiers": seen(*lines)} if lines else {}
    return link(market(accounts, **extra, **tables))
