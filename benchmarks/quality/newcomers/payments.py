"""Money: fees, charges, payouts, refunds, chargebacks, and what no job stands behind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.columns import Columns
from benchmarks.quality.newcomers.jobs import Work
from benchmarks.quality.newcomers.plans import DAY, NOBODY
from benchmarks.quality.newcomers.world import World


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
    rng, many, customer, pro = world.rng, len(made.id), made.customer, made.pro
    cards = np.array([account.instruments[0] if account.instruments else None for account in world.accounts], object)

    def some(rows: np.ndarray, kind: str, amount: np.ndarray, at: np.ndarray, **more: Any) -> pd.DataFrame:
        rest = {"payer": NOBODY, "payee": NOBODY, "status": "ok", "instrument": None, "code": None} | more
        rest = {name: value[rows] if isinstance(value, np.ndarray) else value for name, value in rest.items()}
        return pd.DataFrame(
            {
                "job_id": made.id[rows],
                "payer_id": rest["payer"],
                "payee_id": rest["payee"],
                "kind": kind,
                "amount_minor": amount[rows],
                "currency": currency[customer[rows]],
                "at": at[rows],
                "status": rest["status"],
                "instrument_id": rest["instrument"],
                "dispute_code": rest["code"],
            }
        )

    paid = made.done & (made.scheduled < world.end - DAY) & (rng.random(many) < 0.45)
    back, disputed = paid & (rng.random(many) < 0.04), paid & (rng.random(many) < 0.012)
    done = made.scheduled
    return [
        some(np.ones(many, bool), "lead_fee", made.fee, made.at, payer=pro, instrument=cards[pro]),
        some(paid, "charge", made.amount, done + 7300, payer=customer, payee=pro, instrument=cards[customer]),
        some(paid, "payout", (made.amount * 0.9).astype(int), done + 2 * DAY, payee=pro),
        some(back, "refund", made.amount // 2, done + 5 * DAY, payer=pro, payee=customer),
        some(
            disputed,
            "chargeback",
            made.amount,
            done + 30 * DAY,
            payer=customer,
            payee=pro,
            status="open",
            instrument=cards[customer],
            code="13.1",
        ),
        some(made.credited, "credit", made.fee, made.at + 2 * DAY, payee=pro),
    ]


def _of_no_job(world: World, currency: np.ndarray) -> pd.DataFrame:
    found = pd.DataFrame(world.transfers)
    found.insert(0, "job_id", None)
    found.insert(5, "currency", currency[np.maximum(found["payer_id"], found["payee_id"])])
    return found
