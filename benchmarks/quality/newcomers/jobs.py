"""Requests, leads and hires between customers and pros of one town."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.columns import Columns
from benchmarks.quality.newcomers.plans import DAY, NEVER, TRADES
from benchmarks.quality.newcomers.world import World

LEAD = ["customer", "pro", "request", "at", "first", "refund"]
"""Columns of leads: `first` of those who were asked, `refund`: its fee is credited."""


@dataclass(frozen=True, eq=False)
class Work:
    """Jobs as columns, in the order of time; customers and pros by number."""

    id: np.ndarray
    request: np.ndarray
    customer: np.ndarray
    pro: np.ndarray
    at: np.ndarray
    hired: np.ndarray
    done: np.ndarray
    cancelled: np.ndarray
    hired_at: np.ndarray
    scheduled: np.ndarray
    amount: np.ndarray
    fee: np.ndarray
    credited: np.ndarray


def work(world: World, columns: Columns) -> Work:
    """All leads, and what becomes of them."""
    rng = world.rng
    leads = _in_season(world, columns, _leads(world, columns))
    many, refund = len(leads), leads["refund"].to_numpy(bool)
    hired = leads["first"].to_numpy(bool) & (rng.random(many) < 0.55) & ~refund
    done = hired & (rng.random(many) < 0.8)
    cancelled = ~done & (rng.random(many) < 0.2)
    at = leads["at"].to_numpy()
    hired_at = at + rng.integers(3600, 4 * DAY, many)
    scheduled = hired_at + rng.integers(3600, 20 * DAY, many)
    amount = np.exp(rng.normal(5.2, 0.8, many)).astype(int) * 100
    fee = rng.integers(800, 9000, many)
    return Work(
        id=np.array([f"{700000000000000000 + 37 * n}" for n in range(many)], object),
        request=leads["request"].to_numpy(np.int64),
        customer=leads["customer"].to_numpy(int),
        pro=leads["pro"].to_numpy(int),
        at=at,
        hired=hired,
        done=done,
        cancelled=cancelled,
        hired_at=hired_at,
        scheduled=scheduled,
        amount=amount,
        fee=fee,
        credited=refund | (rng.random(many) < 0.02),
    )


def _leads(world: World, columns: Columns) -> pd.DataFrame:
    found = []
    for town in np.unique(columns.town):
        pros = np.flatnonzero((columns.town == town) & np.isin(columns.role, ["pro", "both"]))
        customers = np.flatnonzero((columns.town == town) & np.isin(columns.role, ["customer", "both"]))
        if len(pros) and len(customers):
            found.append(_leads_of_town(world, columns, town, customers, pros))
    for number, at in world.refunds:
        others = (columns.town == columns.town[number]) & (columns.role == "pro")
        others[number] = False
        if others.any():
            pro = int(world.rng.choice(np.flatnonzero(others)))
            found.append(pd.DataFrame([[number, pro, -1 - len(found), float(at), True, True]], columns=LEAD))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame({name: [] for name in LEAD})


def _leads_of_town(world: World, columns: Columns, town: int, customers: np.ndarray, pros: np.ndarray) -> pd.DataFrame:
    """Each request goes to one to three pros; some pros are asked far more than others."""
    rng = world.rng
    customer = np.repeat(customers, rng.poisson(np.minimum(12, rng.gamma(0.8, 2.2, len(customers)))))
    liked = rng.pareto(1.5, len(pros)) + 0.1
    pro = rng.choice(pros, len(customer), p=liked / liked.sum())
    request = np.arange(len(customer))
    asked = rng.choice([1, 2, 3], len(customer), p=[0.5, 0.3, 0.2])
    customer, pro, request = np.repeat(customer, asked), np.repeat(pro, asked), np.repeat(request, asked)
    first = np.r_[True, request[1:] != request[:-1]] if len(request) else np.zeros(0, bool)
    pro = np.where(first, pro, rng.choice(pros, len(customer), p=liked / liked.sum()))
    start = np.maximum(columns.opened[customer], columns.opened[pro])
    stop = np.minimum(columns.last[customer], columns.last[pro])
    at = start + rng.random(len(customer)) * (stop - start)
    rows = {"customer": customer, "pro": pro, "request": request + 10**7 * town, "at": at, "first": first, "refund": False}
    return pd.DataFrame(rows)[stop > start + 3600]


def _in_season(world: World, columns: Columns, leads: pd.DataFrame) -> pd.DataFrame:
    """Few leads out of the season of a trade."""
    leads["at"] = leads["at"].astype("int64")
    trades = columns.trade[leads["pro"].to_numpy(int)]
    months = pd.to_datetime(leads["at"], unit="s").dt.month.to_numpy()
    season = np.array([_asked_for(trade, month) for trade, month in zip(trades, months, strict=True)], bool)
    kept = season | (world.rng.random(len(leads)) < 0.25) | leads["refund"].to_numpy(bool)
    return leads[kept].sort_values(["at", "customer"], ignore_index=True)


def _asked_for(trade: str, month: int) -> bool:
    season = TRADES[trade]
    if season is None:
        return True
    first, last = season
    return first <= month <= last if first <= last else month >= first or month <= last


def jobs_table(world: World, columns: Columns, made: Work) -> pd.DataFrame:
    """The table `jobs`."""
    rng, end, many = world.rng, world.end, len(made.id)

    def told(at: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return np.where(rows & (at < end), at, NEVER)

    ended = np.where(made.cancelled, "cancelled", np.where(made.hired, "in_progress", "open"))
    return pd.DataFrame(
        {
            "job_id": made.id,
            "request_id": [f"RQ{number % 10**9:09d}" for number in made.request],
            "customer_account_id": made.customer,
            "pro_account_id": made.pro,
            "category": columns.trade[made.pro],
            "created_at": made.at,
            "hired_at": told(made.hired_at, made.hired),
            "scheduled_for": told(made.scheduled, made.hired),
            "started_at": told(made.scheduled, made.done),
            "completed_at": told(made.scheduled + 7200, made.done),
            "cancelled_at": told(made.hired_at, made.cancelled),
            "cancelled_by": np.where(made.cancelled & (made.hired_at < end), rng.choice(["customer", "pro"], many), None),
            "status": np.where(made.done & (made.scheduled < end), "completed", ended),
            "quote_minor": np.where(rng.random(many) < 0.7, made.amount, None),
            "currency": columns.currency[made.customer],
            "lead_fee_minor": made.fee,
            "lead_credit": made.credited,
            "address_id": None,
            "tz": columns.zone[made.customer],
        }
    )
