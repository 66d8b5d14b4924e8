"""Little markets for tests, told in one line."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

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


P = ParamSpec("P")
T = TypeVar("T")


def once(make: Callable[P, T]) -> Callable[P, T]:
    """Give what was made before for the same words, numbers, lists and dicts; for markets that tests only read.

    Loading and linking costs most of such a test. Eight are kept, those that were asked for last.
    """
    kept: dict[str, T] = {}

    @functools.wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        asked = repr((args, sorted(kwargs.items())))
        kept[asked] = kept.pop(asked) if asked in kept else make(*args, **kwargs)
        if len(kept) > 8:
            del kept[next(iter(kept))]
        return kept[asked]

    return made


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
