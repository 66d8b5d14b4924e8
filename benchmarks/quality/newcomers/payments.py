"""Money: fees, charges, payouts, refunds, chargebacks, and what no job stands behind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.columns import Columns
from benchmarks.quality.newcomers.jobs import Work
from benchmarks.quality.newcomers.plans import DAY, NOBODY
from benchmarks.quality.newcomers.world import World

USUAL: dict[str, Any] = {
    "job_id": None,
    "payer_id": NOBODY,
    "payee_id": NOBODY,
    "kind": "",
    "amount_minor": 0,
    "currency": "",
    "at": 0,
    "status": "ok",
    "instrument_id": None,
    "dispute_code": None,
}
"""The columns of a payment, and what stands in them if nothing else is said."""


def payments_table(world: World, columns: Columns, made: Work) -> pd.DataFrame:
    """The table `payments`; accounts by number."""
    rng, currency = world.rng, columns.currency
    parts = _of_jobs(world, currency, made)
    if world.transfers:
        parts.append(_of_no_job(world, currency))
    found = pd.concat([part.astype(object) for part in parts], ignore_index=True)
    found = found[found["at"].astype("int64") < world.end].reset_index(drop=True)
    found.insert(0, "payment_id", [f"pay_{n:08d}" for n in range(len(found))])
    found["parent_payment_id"] = found["hold_reason"] = None
    found["dispute_outcome"] = np.where(found["kind"] == "chargeback", rng.choice(["lost", "won", None], len(found)), None)
    found["at"] = found["at"].astype("int64")
    return found


def _of_jobs(world: World, currency: np.ndarray, made: Work) -> list[pd.DataFrame]:
    rng, many, customer, pro, at = world.rng, len(made.id), made.customer, made.pro, made.scheduled
    cards = np.array([account.instruments[0] if account.instruments else None for account in world.accounts], object)
    paid = made.done & (at < world.end - DAY) & (rng.random(many) < 0.45)
    back = paid & (rng.random(many) < 0.04)
    disputed = paid & (rng.random(many) < 0.012)
    fees = {"amount_minor": made.fee}
    by_card = {"payer_id": customer, "payee_id": pro, "instrument_id": cards[customer], "amount_minor": made.amount}
    kinds = [
        ("lead_fee", np.ones(many, bool), made.at, {"payer_id": pro, "instrument_id": cards[pro]} | fees),
        ("charge", paid, at + 7300, by_card),
        ("payout", paid, at + 2 * DAY, {"payee_id": pro, "amount_minor": (made.amount * 0.9).astype(int)}),
        ("refund", back, at + 5 * DAY, {"payer_id": pro, "payee_id": customer, "amount_minor": made.amount // 2}),
        ("chargeback", disputed, at + 30 * DAY, by_card | {"status": "open", "dispute_code": "13.1"}),
        ("credit", made.credited, made.at + 2 * DAY, {"payee_id": pro} | fees),
    ]
    parts = []
    for kind, rows, when, told in kinds:
        known: dict[str, Any] = {"job_id": made.id, "kind": kind, "currency": currency[customer], "at": when, **told}
        some = {name: value[rows] if isinstance(value, np.ndarray) else value for name, value in (USUAL | known).items()}
        parts.append(pd.DataFrame(some, index=range(rows.sum())))
    return parts


def _of_no_job(world: World, currency: np.ndarray) -> pd.DataFrame:
    found = pd.DataFrame(world.transfers)
    found.insert(0, "job_id", None)
    found.insert(5, "currency", currency[np.maximum(found["payer_id"], found["payee_id"])])
    return found
