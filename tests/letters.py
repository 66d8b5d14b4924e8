"""Facts of the sample market for every letter, told in one line each."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tnskit.cleaning.market import Market
from tnskit.review.telling import Facts, Line, Money
from tnskit.review.wording import wording

NOW = datetime(2026, 1, 8, 16, 30, tzinfo=UTC)
ALL = [(code, variant) for code, form in wording("en").templates.items() for variant in form.variants or ("",)]
"""Every letter with every variant of it."""
DAY = date(2025, 12, 30)


@functools.cache
def a_job(market: Market) -> dict[str, Any]:
    """A completed job of the sample market with a price, its two sides, and what the tables know of it."""
    found = market.db.execute(
        "SELECT j.job_id, customer_account_id AS customer, pro_account_id AS pro, hired_at, completed_at, quote_minor, currency, "
        "min(m.sent_at) AS first, max(m.sent_at) AS last, count(m.message_id) AS messages FROM public.jobs j "
        "JOIN public.messages m USING (job_id) WHERE completed_at IS NOT NULL AND quote_minor > 0 AND pro_account_id IS NOT NULL "
        "AND hired_at IS NOT NULL GROUP BY ALL HAVING count(m.message_id) > 1 ORDER BY completed_at DESC, j.job_id LIMIT 1"
    )
    names = [column[0] for column in found.description]
    return dict(zip(names, found.fetchone(), strict=True))


def values(market: Market) -> dict[str, Any]:
    """Something for every blank, from one job of the market."""
    job, days = a_job(market), {n: date(2026, 1, 8) + timedelta(days=n) for n in (0, 3, 7, 14, 30, 180)}
    done, price = job["completed_at"], Money(int(job["quote_minor"]), job["currency"])
    lines = (Line("hired", job["hired_at"].date(), source="job"), Line("quoted", amount=price, source="message"),
             Line("messages", job["first"].date(), job["last"].date(), count=int(job["messages"]), source="message"),
             Line("completed", done.date(), source="job"))  # fmt: skip
    terms = (Line("redo", days[7]), Line("part_refund", amount=Money(price.minor // 4, price.currency)))
    return {
        "facts": lines, "terms": terms, "because": Line("records_show"), "need": Line("in_writing"),
        "received": done.date(), "job_day": done.date(), "review_day": done.date(), "earlier_day": done.date(), "decided_day": done.date(),
        "by": days[3], "next_by": days[7], "start": days[0], "until": days[14], "agreed_day": days[0], "follow_day": days[7],
        "appeal_by": days[180], "expires": NOW + timedelta(hours=72), "amount": price, "claimed": Money(2 * price.minor, price.currency),
        "limit": Money(100_000_00), "leads": 3, "round": "2", "rule": "PRO-03", "version": "2024-01",
        "agency": "Example Checks, 500 Main St, Springfield, telephone 312 555 2368",
    }  # fmt: skip


OWN: dict[str, dict[str, Any]] = {
    "L05": {"facts": (Line("new_sign_in", DAY), Line("payout_changed", DAY, source="own"))},
    "L06": {"facts": (Line("price_changed", DAY, source="message"),), "need": Line("in_writing")},
    "L07": {"because": Line("safety_risk")},
    "L08": {"because": Line("same_breach")},
    "L14": {"because": Line("half_shown"), "facts": (Line("damaged", DAY, source="photo"),)},
    "L16": {"because": Line("nothing_new")},
    "L17": {"terms": (Line("account_back"), Line("reviews_back"), Line("strike_gone")), "facts": (Line("licence_sound", DAY, source="register"),)},
    "L18": {"terms": (Line("account_back"), Line("payouts_back"), Line("apart"), Line("fees_back", amount=Money(4550))),
            "facts": (Line("mixed_up", DAY),)},
    "L20": {"facts": (Line("not_genuine", DAY, source="job"),)},
    "L21": {"facts": (Line("duplicate_lead", DAY, DAY, source="payment"),)},
    "L22": {"need": Line("receipt"), "because": Line("checked_now"), "facts": (Line("charged", DAY, amount=Money(120_000), source="payment"),)},
    "L23": {"facts": (Line("no_proof"), Line("checked", DAY))},
}  # fmt: skip
"""What suits one letter better than the facts of a job."""


def facts(market: Market, code: str, variant: str = "", **over: Any) -> Facts:
    """Facts of one letter: to the pro of that job where the letter goes to a pro, else to the customer."""
    job, form = a_job(market), wording("en").templates[code]
    role = over.pop("role", form.to[-1])
    rule = {"evasion": "ACC-01", "removed": "REV-01", "removed_other": "REV-01", "kept": "REV-01"}.get(variant, "PRO-03")
    given = {**values(market), "rule": rule, **OWN.get(code[:3], {}), **over.pop("values", {})}
    other = "customer" if role == "pro" else "pro"
    base: dict[str, Any] = {
        "case": "K-2026-014", "recipient": job[role], "role": role, "place": "US", "zone": "America/Chicago", "now": NOW,
        "name": "María José Núñez Guimarães", "greeting": "name", "others": (job[other],), "staff": ("ana", "luis"), "seal": "12:9f86d081",
    }  # fmt: skip
    return Facts(**{**base, **over}, values=given)


def hostile(market: Market, code: str, variant: str, value: str) -> Facts:
    """Facts of one letter in which every text is the same value."""
    typed = {
        name: (value, Line(text=value)) if one["type"] == "lines" else value
        for name, one in wording("en").blanks.items()
        if one["type"] in ("text", "office", "line", "lines") and name not in ("case", "recipient", "name")
    }
    return facts(market, code, variant, values=typed, case=value, recipient=value, name=value, seal=value, place=value[:5])
