"""What the accounts do together: `jobs`, `messages`, `payments` and `reviews`.

One request goes to one to three pros, each a job row of its own; at most one is hired. Money is in cents.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tnskit.training.metros import metros
from tnskit.training.people import TRADES
from tnskit.training.phrases import BLAME, BOUGHT, CONTACT, PRAISE, TALK
from tnskit.training.text import DAY, NONE, Flags, Ints, Texts, blanked, numbered, objects, picked, stamps
from tnskit.training.world import END, World

FIRST_JOB = 400_000_000_000_000_001
"""Ids of jobs and requests have 18 digits, past what a float holds."""

LEAD, DONE, RUNNING, DUE, CANCELLED, GONE, NEVER_CLOSED = range(7)
STATUS = ("sent", "completed", "in_progress", "scheduled", "cancelled", "declined", "hired")


@dataclass(frozen=True, eq=False)
class Jobs:
    """The jobs before they are written, one entry a lead."""

    request: Ints
    customer: Ints
    pro: Ints
    created: Ints
    hired: Ints
    scheduled: Ints
    started: Ints
    completed: Ints
    cancelled: Ints
    status: Ints
    quote: Ints
    odd: Ints
    """0 for an ordinary job, 1 for a request that was never meant."""


def jobs(world: World) -> Jobs:
    """Draw requests, whom they went to, and what became of them."""
    draw = world.draw("jobs")
    customer, at, odd, want = _requests(world)
    leads = 1 + (draw.random(len(customer)) < 0.4) + (draw.random(len(customer)) < 0.15)
    request = np.repeat(np.arange(len(customer), dtype=np.int64), leads)
    pos = np.arange(len(request)) - (np.cumsum(leads) - leads)[request]
    asked = (want[request] >= 0) & (pos == 0)
    pro = np.where(asked, want[request], _pros(world, customer[request], at[request]))
    hired = (pos == 0) & (pro >= 0) & (odd[request] == 0) & (asked | (draw.random(len(request)) < 0.72))
    return _outcomes(world, _Leads(request, customer[request], pro, at[request], odd[request]), hired)


def _requests(world: World) -> tuple[Ints, Ints, Ints, Ints]:
    """Draw who asks for work and when, in time; whether it is meant, and of which pro (`NONE` of anybody)."""
    draw = world.draw("requests")
    created, last = world.who["created"], world.who["last"]
    buys = np.flatnonzero(np.isin(world.who["role"], (0, 2)))
    many = draw.poisson(0.85, len(buys)) * (last[buys] - created[buys] > 2 * DAY)
    plain = np.repeat(buys, many)
    fake = np.repeat(world.noted("fake requests"), 5)
    # Accounts that later chapters look at have work behind them and, one job each, before them.
    busy = np.repeat(world.noted("busy"), 4)
    eager = _neighbours(world, buys, busy)
    part = draw.random(len(busy))
    part[::4] = 1.0
    sent = (plain, draw.random(len(plain)) ** 1.3), (fake, draw.random(len(fake)))
    at = [created[who] + (share * (last - created)[who]).astype(np.int64) for who, share in sent]
    at.append(created[busy] + (part * np.maximum(last[busy] - created[busy] - 5 * DAY, 60)).astype(np.int64))
    customer, when = np.concatenate([plain, fake, eager]), np.concatenate(at)
    odd = np.zeros(len(customer), dtype=np.int64)
    odd[len(plain) : len(plain) + len(fake)] = 1
    want = np.full(len(customer), NONE, dtype=np.int64)
    want[len(plain) + len(fake) :] = busy
    want[want == customer] = NONE
    order = np.lexsort((customer, when))
    return customer[order], when[order], odd[order], want[order]


def _neighbours(world: World, buys: Ints, pros: Ints) -> Ints:
    """Choose a customer in the city of each pro, or anywhere where the city has none."""
    if not len(buys):
        return pros
    city = world.who["metro"][buys]
    order = np.argsort(city, kind="stable")
    low, high = (np.searchsorted(city[order], world.who["metro"][pros], side=side) for side in ("left", "right"))
    none = low == high
    low, high = np.where(none, 0, low), np.where(none, len(buys), high)
    luck = world.draw("neighbours").random(len(pros))
    return buys[order[low + (luck * (high - low)).astype(np.int64)]]


def _pros(world: World, customer: Ints, at: Ints) -> Ints:
    """Choose a pro of the customer's city who is there at that moment; three tries, then nobody."""
    draw = world.draw("pros")
    who = world.who
    pros = np.flatnonzero(np.isin(who["role"], (1, 2)))
    result = np.full(len(customer), NONE, dtype=np.int64)
    if not len(pros):
        return result
    wide = END * 2
    key = who["metro"][pros] * wide + who["created"][pros]
    order = np.argsort(key, kind="stable")
    pros, key = pros[order], key[order]
    low = np.searchsorted(key, who["metro"][customer] * wide)
    high = np.searchsorted(key, who["metro"][customer] * wide + at)
    for _ in range(4):
        pick = pros[np.minimum(low + (draw.random(len(customer)) * (high - low)).astype(np.int64), len(pros) - 1)]
        other = who["person"][pick] != who["person"][customer]
        good = (result < 0) & (high > low) & (who["last"][pick] > at) & other
        result = np.where(good, pick, result)
    return result


@dataclass(frozen=True, eq=False)
class _Leads:
    """Requests as they reached pros, one entry a lead; `pro` is `NONE` where nobody was found."""

    request: Ints
    customer: Ints
    pro: Ints
    at: Ints
    odd: Ints


def _outcomes(world: World, lead: _Leads, hired: Flags) -> Jobs:
    """Draw what became of the leads; what would lie past the export is still to come."""
    draw = world.draw("outcomes")
    count = len(lead.request)
    luck = draw.random(count)
    hired_at = np.where(hired, lead.at + draw.integers(1_800, 3 * DAY, count), NONE)
    due = np.where(hired, (hired_at + draw.integers(DAY // 2, 12 * DAY, count)) // 1_800 * 1_800, NONE)
    long = draw.random(count) < 0.08
    lasts = draw.integers(3_600, 9 * 3_600, count) + long * draw.integers(2 * DAY, 30 * DAY, count)
    status = np.where(lead.pro < 0, LEAD, np.where(hired, DONE, np.where(luck < 0.5, GONE, LEAD)))
    status = np.where(hired & (luck < 0.09), CANCELLED, np.where(hired & (luck > 0.97), NEVER_CLOSED, status))
    live = status == DONE
    status = np.where(live & (due > END), DUE, np.where(live & (due + lasts > END), RUNNING, status))
    hired_at = np.where(hired & (hired_at > END), lead.at, hired_at)
    quote = (np.exp(draw.normal(5.1, 0.8, count)) * 100).astype(np.int64) // 100 * 100 + 2_000
    off = np.minimum(np.maximum(due - draw.integers(3_600, 2 * DAY, count), hired_at), END - 60)
    return Jobs(
        request=lead.request,
        customer=lead.customer,
        pro=lead.pro,
        created=lead.at,
        hired=hired_at,
        scheduled=due,
        started=np.where((status == DONE) | (status == RUNNING), np.minimum(due, END - 600), NONE),
        completed=np.where(status == DONE, due + lasts, NONE),
        cancelled=np.where(status == CANCELLED, off, NONE),
        status=status,
        quote=np.where((lead.pro >= 0) & ~(draw.random(count) < 0.15), quote, NONE),
        odd=lead.odd,
    )


def jobs_table(world: World, job: Jobs, door: Texts) -> pd.DataFrame:
    """Write the table `jobs`; `door` is the row of each account's own address."""
    draw = world.draw("jobs table")
    count = len(job.request)
    each = np.arange(count, dtype=np.int64)
    trade = draw.integers(0, len(TRADES), world.accounts)
    fee = np.where(job.pro >= 0, draw.integers(600, 4_500, count), NONE)
    by = np.where(draw.random(count) < 0.6, "customer", "pro").astype(object)
    return pd.DataFrame(
        {
            "job_id": numbered("", FIRST_JOB + 7 * each),
            "request_id": numbered("", 300_000_000_000_000_001 + 3 * job.request),
            "customer_account_id": job.customer,
            "pro_account_id": job.pro,
            "category": picked(TRADES, trade[np.where(job.pro >= 0, job.pro, job.customer)]),
            "created_at": stamps(job.created),
            "hired_at": stamps(job.hired),
            "scheduled_for": stamps(job.scheduled),
            "started_at": stamps(job.started),
            "completed_at": stamps(job.completed),
            "cancelled_at": stamps(job.cancelled),
            "cancelled_by": blanked(by, job.cancelled >= 0),
            "status": picked(STATUS, job.status),
            "quote_minor": pd.arrays.IntegerArray(job.quote, job.quote < 0),
            "currency": "USD",
            "lead_fee_minor": pd.arrays.IntegerArray(fee, fee < 0),
            "lead_credit": pd.arrays.BooleanArray((job.odd > 0) & (draw.random(count) < 0.5), fee < 0),
            "address_id": door[job.customer],
            "tz": picked([place.tz for place in metros()], world.who["metro"][job.customer]),
        },
        copy=False,
    )


def said(world: World, table: dict[str, tuple[str, ...]], who: Ints, part: str) -> Texts:
    """Draw a sentence in the language of whoever says it."""
    luck = world.draw(part).random(len(who))
    result: Texts = np.full(len(who), None, dtype=object)
    for at, lang in enumerate(("en", "es", "pt", "en")):
        here = world.who["language"][who] == at
        lines = objects(table[lang])
        result[here] = lines[(luck[here] * len(lines)).astype(np.int64)]
    return result


def messages(world: World, job: Jobs) -> pd.DataFrame:
    """Write the table `messages`."""
    draw = world.draw("messages")
    talks = np.flatnonzero(job.pro >= 0)
    many = draw.integers(0, 3, len(talks)) + (job.hired[talks] >= 0)
    at = np.repeat(talks, many)
    count = len(at)
    sender = np.where(draw.random(count) < 0.5, job.customer[at], job.pro[at])
    sent = np.minimum(job.created[at] + (draw.random(count) * 4 * DAY).astype(np.int64), END - 60)
    order = np.lexsort((at, sent))
    at, sender, sent = at[order], sender[order], sent[order]
    contact = draw.random(count) < 0.04
    gone = draw.random(count) < 0.01
    return pd.DataFrame(
        {
            "message_id": numbered("M", 6_000_001 + np.arange(count, dtype=np.int64)),
            "job_id": numbered("", FIRST_JOB + 7 * at),
            "sender_account_id": sender,
            "sent_at": stamps(sent),
            "channel": picked(("in_app", "sms", "call", "email"), np.searchsorted([0.8, 0.93, 0.97], draw.random(count))),
            "body_redacted": np.where(contact, CONTACT, said(world, TALK, sender, "talk")),
            "lang": picked(("en", "es", "pt", "en"), world.who["language"][sender]),
            "has_contact": contact,
            "attachments": (draw.random(count) < 0.08).astype(np.int64) * draw.integers(1, 4, count),
            "deleted_at": stamps(np.where(gone, np.minimum(sent + DAY, END - 1), NONE)),
        },
        copy=False,
    )


def reviews(world: World, job: Jobs) -> tuple[pd.DataFrame, Ints]:
    """Write the table `reviews`; also tells of each row: 0 genuine, 1 from a farm, 2 bought."""
    draw = world.draw("reviews")
    done = np.flatnonzero((job.completed >= 0) & (draw.random(len(job.request)) < 0.75))
    real = len(done)
    imported = draw.random(real) < 0.03
    stars, body = _praise(world, job, done)
    farm, bought = (_farm(world, word, real) for word in ("farm", "bought"))
    fakes = len(farm[0]) + len(bought[0])
    none = np.full(fakes, NONE, dtype=np.int64)
    at = np.r_[job.completed[done] + draw.integers(600, 6 * DAY, real), farm[2], bought[2]]
    subject = np.r_[job.pro[done], farm[1], bought[1]]
    order = np.lexsort((subject, at))
    why = np.r_[np.zeros(real, np.int64), np.ones(len(farm[0]), np.int64), np.full(len(bought[0]), 2)][order]
    work = np.r_[np.where(imported, NONE, done), none][order]
    caught = (why > 0) & (draw.random(len(why)) < 0.35)
    frame = pd.DataFrame(
        {
            "review_id": numbered("V", 8_000_001 + np.arange(len(order), dtype=np.int64)),
            "job_id": numbered("", np.where(work >= 0, FIRST_JOB + 7 * work, NONE)),
            "author_account_id": np.r_[np.where(imported, NONE, job.customer[done]), farm[0], bought[0]][order],
            "subject_account_id": subject[order],
            "rating": np.r_[stars, np.full(fakes, 5)][order],
            "body": np.r_[body, objects(BOUGHT)[draw.integers(0, len(BOUGHT), fakes)]][order],
            "created_at": stamps(np.minimum(at, END - 60)[order]),
            "origin": picked(("platform", "imported", "invited"), np.r_[imported * 1, np.full(fakes, 2)][order]),
            "verified_hire": work >= 0,
            "status": picked(("published", "removed"), caught.astype(np.int64)),
        },
        copy=False,
    )
    return frame, why


def _praise(world: World, job: Jobs, done: Ints) -> tuple[Ints, Texts]:
    """Draw the stars and words of genuine reviews; jobs that were never done get few stars."""
    draw = world.draw("stars")
    count = len(done)
    low = draw.random(count) < np.where(np.isin(job.pro[done], world.noted("no service")), 0.8, 0.09)
    stars = np.where(low, draw.integers(1, 4, count), 4 + (draw.random(count) < 0.8))
    blame = objects(BLAME)[draw.integers(0, len(BLAME), count)]
    return stars, np.where(stars < 4, blame, said(world, PRAISE, job.customer[done], "praise"))


def _farm(world: World, word: str, real: int) -> tuple[Ints, Ints, Ints]:
    """Let the farm (or lone writers) praise pros until about one review in twenty-five is not genuine."""
    draw = world.draw(f"{word} reviews")
    authors, pros = world.noted(word), world.noted("praised")
    if not len(authors) or not len(pros):
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty
    each = 2
    if word == "farm":
        # In a small market most of a farm sleeps: its accounts have not written yet.
        want = max(round(0.045 * real) - 2 * len(world.noted("bought")), 12)
        each = max(1, min(want // len(authors), 6))
        authors = authors[:want]
    author = np.repeat(authors, each)
    subject = pros[(draw.random(len(author)) * len(pros)).astype(np.int64)]
    width = world.who["last"][author] - world.who["created"][author]
    return author, subject, world.who["created"][author] + (draw.random(len(author)) * width).astype(np.int64)
