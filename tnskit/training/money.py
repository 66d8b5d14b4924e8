"""What the accounts pay each other: `payments`. Money is in cents, never below zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tnskit.training.text import DAY, NONE, Flags, Ints, blanked, numbered, picked, stamps
from tnskit.training.trade import DONE, FIRST_JOB, Jobs
from tnskit.training.world import END, World

KINDS = ("auth", "charge", "lead_fee", "refund", "payout", "credit", "chargeback", "reversal")
AUTH, CHARGE, LEAD_FEE, REFUND, PAYOUT, CREDIT, CHARGEBACK, REVERSAL = range(len(KINDS))


def payments(world: World, job: Jobs, cards: pd.DataFrame) -> pd.DataFrame:
    """Write the table `payments`: charges and what followed; `cards` gives each payer an instrument."""
    draw = world.draw("payments")
    card = np.full(world.accounts, NONE, dtype=np.int64)
    card[cards["account_id"].to_numpy()[::-1]] = np.arange(len(cards), dtype=np.int64)[::-1]
    parts = _of_jobs(world, job, draw) + _trials(world, draw)
    leads = np.flatnonzero((job.pro >= 0) & (draw.random(len(job.request)) < 0.35))
    none = np.full(len(leads), NONE, dtype=np.int64)
    fee = draw.integers(600, 4_500, len(leads))
    parts.append(_Entry(leads, job.pro[leads], none, LEAD_FEE, fee, job.created[leads] + 60, none, none))
    return _payments_table(world, _together(parts), cards, card)


def _of_jobs(world: World, job: Jobs, draw: np.random.Generator) -> list[_Entry]:
    """Charge three jobs in five here; some are refunded in part, some disputed, some money is held."""
    paid = np.flatnonzero((job.status == DONE) & (draw.random(len(job.request)) < 0.6))
    count, customer, pro = len(paid), job.customer[paid], job.pro[paid]
    sums = np.where(job.quote[paid] >= 0, job.quote[paid], 12_000)
    disputed = np.isin(customer, world.noted("disputed")) | (draw.random(count) < 0.008)
    back = ~disputed & (draw.random(count) < 0.03)
    looked_at = np.isin(pro, world.noted("held")) | disputed
    held = draw.random(count) < np.where(looked_at, 0.5, 0.025)
    at = job.completed[paid] + draw.integers(60, DAY, count)
    none = np.full(count, NONE, dtype=np.int64)
    part = sums * draw.integers(2, 11, count) // 10
    months = draw.integers(15 * DAY, 90 * DAY, count)
    return [
        _Entry(paid, customer, pro, CHARGE, sums, at, none, none),
        _Entry(paid, none, pro, PAYOUT, sums * 85 // 100, at + 2 * DAY, np.where(held, 0, NONE), none),
        _Entry(paid, pro, customer, REFUND, part, at + 5 * DAY, none, paid).only(back),
        _Entry(paid, customer, none, CHARGEBACK, sums, at + months, none, paid).only(disputed),
    ]


@dataclass(frozen=True, eq=False)
class _Entry:
    """Payments of one kind before they are written."""

    job: Ints
    payer: Ints
    payee: Ints
    kind: Ints | int
    amount: Ints
    at: Ints
    held: Ints
    parent: Ints

    def only(self, keep: Flags) -> _Entry:
        kind = self.kind if isinstance(self.kind, int) else self.kind[keep]
        cut = (column[keep] for column in (self.amount, self.at, self.held, self.parent))
        return _Entry(self.job[keep], self.payer[keep], self.payee[keep], kind, *cut)


def _trials(world: World, draw: np.random.Generator) -> list[_Entry]:
    """Let whoever tries cards pay small sums without a job; the holders of the cards dispute them."""
    who = np.repeat(world.noted("disputed"), 3)
    count = len(who)
    none = np.full(count, NONE, dtype=np.int64)
    width = world.who["last"][who] - world.who["created"][who]
    at = world.who["created"][who] + (draw.random(count) * width).astype(np.int64)
    amount = draw.integers(100, 2_500, count)
    charges = _Entry(none, who, none, np.where(draw.random(count) < 0.4, AUTH, CHARGE), amount, at, none, none)
    disputed = draw.random(count) < 0.6
    back = _Entry(none, who, none, CHARGEBACK, amount, at + draw.integers(10 * DAY, 60 * DAY, count), none, none)
    return [charges, back.only(disputed)]


def _together(parts: list[_Entry]) -> _Entry:
    kinds = [np.full(len(part.job), part.kind, dtype=np.int64) if isinstance(part.kind, int) else part.kind for part in parts]
    names = ("job", "payer", "payee", "amount", "at", "held", "parent")
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    whole = _Entry(kind=np.concatenate(kinds), **joined)
    whole = whole.only(whole.at < END)
    order = np.lexsort((whole.payer, whole.job, whole.at))
    kind = np.asarray(whole.kind)[order]
    return _Entry(kind=kind, **{name: getattr(whole, name)[order] for name in names})


def _payments_table(world: World, entry: _Entry, cards: pd.DataFrame, card: Ints) -> pd.DataFrame:
    draw = world.draw("payments table")
    count = len(entry.job)
    kind = np.asarray(entry.kind)
    ids = numbered("Y", 9_000_001 + np.arange(count, dtype=np.int64))
    charge = np.full((int(np.max(entry.job)) if len(entry.job) else 0) + 2, NONE, dtype=np.int64)
    charges = np.flatnonzero((kind == CHARGE) & (entry.job >= 0))
    charge[entry.job[charges]] = charges
    parent = np.where(entry.parent >= 0, charge[entry.parent], NONE)
    by_card = np.isin(kind, (AUTH, CHARGE, LEAD_FEE, CHARGEBACK)) & (entry.payer >= 0)
    place = np.where(by_card, card[entry.payer], NONE)
    lost = np.searchsorted(np.array([0.45, 0.75]), draw.random(count), side="right")
    open_still = entry.at > END - 30 * DAY
    status = np.where((kind == CHARGEBACK) & open_still, "open", np.where(entry.held >= 0, "held", "settled")).astype(object)
    return pd.DataFrame(
        {
            "payment_id": ids,
            "job_id": numbered("", np.where(entry.job >= 0, FIRST_JOB + 7 * entry.job, NONE)),
            "payer_id": entry.payer,
            "payee_id": entry.payee,
            "kind": picked(KINDS, kind),
            "amount_minor": entry.amount,
            "currency": "USD",
            "at": stamps(entry.at),
            "status": status,
            "instrument_id": blanked(cards["instrument_id"].to_numpy(dtype=object)[place], place >= 0),
            "parent_payment_id": blanked(ids[parent], parent >= 0),
            "hold_reason": blanked(np.full(count, "risk_review", dtype=object), entry.held >= 0),
            "dispute_code": blanked(picked(("10.4", "13.1", "13.3"), draw.integers(0, 3, count)), kind == CHARGEBACK),
            "dispute_outcome": blanked(picked(("lost", "won", "accepted"), lost), (kind == CHARGEBACK) & ~open_still),
        },
        copy=False,
    )
