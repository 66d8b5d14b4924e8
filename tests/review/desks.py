"""A market with one returned account, and a log with people at it, told in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.markets import market, once, seen
from tnskit.cleaning.market import Market
from tnskit.errors import CaseError, UsageError
from tnskit.evidence.links import Links, link
from tnskit.review.cases import CaseLog
from tnskit.review.fold import Case
from tnskit.review.precheck import Check, precheck

NOW = "2024-04-01T00:00:00Z"
DAYS = {"A": "2024-02-10 2024-03-20", "B": "2024-01-01 2024-01-31"}
PEOPLE = [
    {
        "account_id": "A",
        "legal_name": "Ana Ruiz",
        "birth_year": "1980",
        "status": "active",
        "role": "pro",
        "locale": "en-US",
        "created_at": "2024-02-10",
        "tz": "America/Chicago",
    },
    {
        "account_id": "B",
        "legal_name": "Ana Ruiz",
        "birth_year": "1980",
        "status": "removed",
        "role": "pro",
        "locale": "en-US",
        "created_at": "2024-01-01",
    },
]
REMOVED = {
    "action_id": "1",
    "account_id": "B",
    "action": "remove",
    "decided_at": "2024-02-01",
    "policy_code": "PAY-01",
    "decided_by": "s.ana",
    "reviewed_by": "s.mei",
}
HELD = {
    "payment_id": "1",
    "payee_id": "A",
    "payer_id": "C9",
    "kind": "payout",
    "amount_minor": "5000",
    "at": "2024-03-15",
    "currency": "USD",
    "status": "held",
    "hold_reason": "review",
}


def returned(**tables: Any) -> tuple[Market, Links]:
    """A came back as B had been removed: one bank account, one device, one mailbox; no stop unless a table brings one."""
    lines = [
        f"{name} {value} {days}"
        for name, days in DAYS.items()
        for value in ("payout ba_77aa88", "device dev_77aa88", "email ana.r_77@mail.example")
    ]
    m = market(PEOPLE, identifiers=seen(*lines), **({"actions": [REMOVED]} | tables))
    return m, link(m)


_same = once(returned)


def checked(*, log: Any = None, **tables: Any) -> Check:
    """The check of A, anew on the same market and links."""
    m, links = _same(**tables)
    return precheck(m, links, "A", now=NOW, log=log)


def ticking(start: str = "2024-04-01T09:00:00+00:00", minutes: int = 5) -> Callable[[], datetime]:
    """A clock that moves on by some minutes each time somebody looks."""

    def moments() -> Iterator[datetime]:
        at = datetime.fromisoformat(start).astimezone(UTC)
        while True:
            yield at
            at += timedelta(minutes=minutes)

    told = moments()
    return lambda: next(told)


def desk(folder: Path, *, by: str = "ana", **more: Any) -> CaseLog:
    """A log in a folder, with ana at it."""
    return CaseLog(folder / "cases.db", by=by, **({"clock": ticking()} | more))


def opened(log: CaseLog, check: Check, **more: Any) -> Case:
    """An open case on a check."""
    return log.open(check, **({"trigger": "a report", "policy": "ACC-01", "incident": "2024-03-01", "conflict": "none"} | more))


def proposed(log: CaseLog, check: Check, action: str = "remove", *, policy: str = "ACC-01", **more: Any) -> Case:
    """A case for which ana proposed something."""
    return log.propose(opened(log, check), action, policy=policy, because="The same person came back after a removal.", **more)


def decided(log: CaseLog, check: Check) -> Case:
    """A removal that ana proposed, luis read and luis confirmed."""
    case = proposed(log, check)
    log.review(case, by="luis", verdict="remove", because="One bank account, one after the other.", conflict="none")
    return log.confirm(case, by="luis")


REVIEW = {"verdict": "remove", "because": "One bank account, one after the other.", "conflict": "none"}


def refused(step, *args, **values):
    """The one sentence with which a step is refused."""
    with pytest.raises((CaseError, UsageError)) as told:
        step(*args, **values)
    return type(told.value), str(told.value)
