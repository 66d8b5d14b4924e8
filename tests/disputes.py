"""Disputes for tests, told in one line: a clock that is moved by hand, a log in a folder, a market of one job."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.markets import market, once
from tnskit.cleaning.market import Market
from tnskit.review.cases import CaseLog
from tnskit.review.disputes import Dispute, mediate
from tnskit.review.telling import Line, Money

START = datetime(2026, 3, 5, 22, 0, tzinfo=UTC)
EAST, WEST, DESERT = "America/New_York", "America/Los_Angeles", "America/Phoenix"


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def move(self, hours: float) -> None:
        self.at += timedelta(hours=hours)


def one_job() -> Market:
    """A customer in New York, a pro in Los Angeles, a job in Phoenix of 784 dollars, with a review and a message each way."""
    return market(
        [
            {"account_id": "ACUST", "tz": EAST, "country": "US", "locale": "en-US", "role": "customer"},
            {"account_id": "APRO", "tz": WEST, "country": "US", "locale": "es-MX", "role": "pro"},
            {"account_id": "AREV", "role": "customer"},
        ],
        jobs=[{
            "job_id": "J881", "customer_account_id": "ACUST", "pro_account_id": "APRO", "category": "tiling", "created_at": "2026-02-20",
            "hired_at": "2026-02-21T15:00Z", "completed_at": "2026-03-02T05:30Z", "quote_minor": "78400", "currency": "USD", "tz": DESERT,
            "lead_fee_minor": "2500",
        }, {"job_id": "J882", "customer_account_id": "ACUST", "created_at": "2026-02-20"}],
        messages=[
            {"message_id": "M1", "job_id": "J881", "sender_account_id": "ACUST", "sent_at": "2026-02-22T10:00Z", "body_redacted": "secret words"},
            {"message_id": "M2", "job_id": "J881", "sender_account_id": "APRO", "sent_at": "2026-02-23T10:00Z"},
        ],
        payments=[
            {"payment_id": "P1", "job_id": "J881", "payer_id": "APRO", "kind": "lead_fee", "amount_minor": "2500", "currency": "USD", "at": "2026-02-20T11:00Z"},
            {"payment_id": "P2", "job_id": "J881", "payer_id": "ACUST", "kind": "charge", "amount_minor": "78400", "currency": "USD", "at": "2026-03-02T06:00Z"},
        ],
        reviews=[
            {"review_id": "V1", "job_id": "J881", "author_account_id": "ACUST", "subject_account_id": "APRO", "rating": "1", "created_at": "2026-03-03"},
            {"review_id": "V2", "author_account_id": "AREV", "subject_account_id": "APRO", "rating": "5", "created_at": "2026-02-01"},
        ],
    )  # fmt: skip


_same_job = once(one_job)


def opened(folder: Path, hand: Hand, **intake: Any) -> Dispute:
    """A dispute that has just come in."""
    return mediate(CaseLog(folder / "cases.db", by="ana", clock=hand), "J881", market=_same_job(), intake=intake)


def heard(folder: Path, hand: Hand, **intake: Any) -> Dispute:
    """A dispute in which both sides were heard, one fact stands, and the timeline is shared."""
    found = opened(folder, hand, **intake).triage("mediation", because="nobody is in danger").ask()
    for party in ("customer", "pro"):
        hand.move(1)
        found = found.hear(party, {"happened": f"The {party} says what happened.", "wish": "A fair end"})
    return found.fact(Line("unfinished", START.date()), standing="disputed", source="customer").share()


def offered(folder: Path, hand: Hand) -> Dispute:
    """A dispute in which the pro has offered to give back 200 dollars."""
    found = heard(folder, hand).option([Line("part_refund", amount=Money(20_000))])
    return found.offer("pro", [Line("part_refund", amount=Money(20_000))])
