"""What comes after a job: money, reviews, reports, decisions, as flat tables (times are days until `dirt`)."""

import numpy as np
import pandas as pd

from benchmarks.quality.outsiders.world import END


class Ledger:
    """Payments as they are written down, each with a card that the payer had on the day."""

    def __init__(self, w):
        self.w, self.rows = w, []
        self.cards = {
            a.id: [
                (w.instrument_ids[(a.id, id(u.thing))], u.first, u.last)
                for u in a.uses.get("card", ())
                if (a.id, id(u.thing)) in w.instrument_ids
            ]
            for a in w.accounts
        }

    def add(self, kind, payer, payee, amount, at, job, *, status="succeeded", parent=None, code=None, outcome=None):
        """Write a payment down and give its id; `job` is the id of the job and its currency."""
        mine = self.cards.get(payer if kind not in ("payout", "refund", "chargeback") else payee, ())
        live = [c for c in mine if c[1] - 1 <= at <= c[2] + 1]
        card, held = self.w.pick(live)[0] if live else None, "velocity" if status == "held" else None
        payment = f"pay{len(self.rows):07d}"
        job_id, currency = job
        at = min(at, END)
        self.rows.append((payment, job_id, payer, payee, kind, int(amount), currency, at, status, card, parent, held, code, outcome))
        return payment

    def table(self):
        """All that was written down."""
        columns = (
            "payment_id job_id payer_id payee_id kind amount_minor currency at status instrument_id parent_payment_id "
            "hold_reason dispute_code dispute_outcome"
        )
        return pd.DataFrame(self.rows, columns=columns.split())


def payments(w, job, nature, done):
    """Lead fees from pros, charges for some finished jobs, declines, refunds, chargebacks (half or more first-party: trade figure)."""
    rng, ledger = w.rng, Ledger(w)
    columns = "job_id customer_account_id pro_account_id created_at completed_at quote_minor lead_fee_minor currency"
    rows = job[columns.split()].itertuples(index=False, name=None)
    for i, (job_id, customer, pro, made, ended, quote, fee, currency) in enumerate(rows):
        this, kind, roll = (job_id, currency), nature[i], rng.random(4)
        ledger.add("lead_fee", pro, None, fee, made, this, status="declined" if roll[0] < 0.02 else "succeeded")
        if kind == "bonus":
            ledger.add("credit", None, customer, 2500, made + 1, this)
        if not (done[i] and (roll[1] < 0.55 or kind == "refund")) and not (kind in ("scam", "refund") and roll[1] < 0.6):
            continue
        day = ended if ended == ended else made + 1
        if roll[0] < (0.3 if kind == "refund" else 0.04):
            ledger.add("auth", customer, pro, quote, day, this, status="declined")
        charge = ledger.add("charge", customer, pro, quote, day, this)
        ledger.add("payout", pro, None, quote * 0.95, day + 2, this, status="held" if roll[3] < 0.01 else "succeeded", parent=charge)
        if roll[2] < (0.45 if kind == "refund" else 0.2 if kind == "scam" else 0.006):
            code, outcome = w.pick(["10.4", "13.1", "4837"]), w.pick(["won", "lost", "pending"])
            back = day + 20 + 40 * roll[3]
            ledger.add("chargeback", pro, customer, quote, back, this, parent=charge, code=code, outcome=outcome)
        elif roll[2] < (0.75 if kind == "refund" else 0.25 if kind == "scam" else 0.025):
            ledger.add("refund", pro, customer, quote * w.pick([1, 1, 0.5]), day + 4, this, parent=charge)
    return ledger.table()


PRAISE = [
    "Great work, would hire again.",
    "On time and tidy.",
    "Good communication.",
    "Excelente trabajo",
    "Muito bom, recomendo!",
    "Fair price",
    "ok",
    "Very professional and quick.",
    "Five stars!!",
    "Nice guy, solid work",
]


def reviews(w, job, nature, done):
    rng = w.rng
    wash = nature == "wash"
    take = np.flatnonzero((done & (rng.random(len(job)) < 0.42)) | (wash & (rng.random(len(job)) < 0.95)))
    n, fake = len(take), wash[np.flatnonzero(np.isin(np.arange(len(job)), take))]
    base = job.iloc[take]
    origin = np.where(rng.random(n) < 0.06, "imported", np.where(rng.random(n) < 0.2, "invited", "platform"))
    return pd.DataFrame(
        {
            "review_id": ["rv" + str(i) for i in rng.permutation(n) + 5000],
            "job_id": np.where(origin == "imported", None, base["job_id"]),
            "author_account_id": np.where((origin == "imported") & (rng.random(n) < 0.6), None, base["customer_account_id"]),
            "subject_account_id": base["pro_account_id"].to_numpy(),
            "rating": np.where(fake, 5, rng.choice([1, 2, 3, 4, 5], n, p=[0.06, 0.03, 0.05, 0.16, 0.7])),
            "body": [w.pick(PRAISE) if w.chance(0.8) else None for _ in range(n)],
            "created_at": np.minimum(base["completed_at"].fillna(base["created_at"] + 1).to_numpy() + rng.exponential(3, n), END),
            "origin": origin,
            "verified_hire": (origin != "imported") & (rng.random(n) < np.where(fake, 0.55, 0.93)),
            "status": rng.choice(["published", "removed", "pending"], n, p=[0.96, 0.03, 0.01]),
        }
    )


CODES = {
    "comeback": "ACC-01",
    "farm": "LEA-02",
    "chain": "ACC-02",
    "reviews": "REV-01",
    "leads": "LEA-01",
    "refunds": "PAY-03",
    "rented": "ACC-03",
    "mules": "PAY-05",
    "testers": "PAY-01",
    "crew": "PAY-04",
}


def reports(w, job):
    rng, rows = w.rng, []
    clients = job.groupby("pro_account_id")["customer_account_id"].first().to_dict()
    for a in w.accounts:
        if not w.chance(0.3 if a.ring else 0.012):
            continue
        code = CODES[a.story] if a.ring and w.chance(0.6) else w.pick(["PRO-03", "PRO-04", "PRO-06", "SAF-03", None])
        rows.append(
            {
                "report_id": f"R{len(rows) + 1:05d}",
                "reporter_account_id": clients.get(a.id),
                "subject_account_id": a.id,
                "job_id": None,
                "channel": w.pick(["phone", "email", "chat", "app", "social"]),
                "received_at": w.between(max(a.created, 0), END),
                "policy_code": code,
                "narrative": w.pick(
                    ["States the pro did not arrive.", "Says same person as before.", "Dice que no terminó.", "Cliente pede estorno."]
                ),
                "lang": str(rng.choice(["en", "es", "pt"], p=[0.8, 0.16, 0.04])),
                "safety_flag": w.chance(0.03),
                "confidential": w.chance(0.1),
            }
        )
    return pd.DataFrame(rows)


def actions(w):
    """Removals with their dates; a few innocents were removed too and some got back (errors are common)."""
    rows, appeals = [], []
    for a in w.accounts:
        wrong = not a.ring and a.status == "active" and w.chance(0.003)
        if wrong and w.chance(0.4):
            a.status, a.closed = "removed", a.until
        if a.status not in ("removed", "suspended", "restricted") and not wrong:
            continue
        day = a.closed if a.closed == a.closed else w.between(a.created, min(a.until, 700)) if wrong else a.until
        code = CODES[a.story] if a.ring and w.chance(0.8) else "other"
        back = day + 12 if wrong and a.status == "active" else np.nan
        rows.append(
            {
                "action_id": f"X{len(rows) + 1:05d}",
                "account_id": a.id,
                "action": {"removed": "remove", "suspended": "suspend", "restricted": "restrict"}.get(a.status, "remove"),
                "policy_code": code,
                "policy_version": "2025-03",
                "case_id": None,
                "decided_at": day,
                "effective_at": day,
                "expires_at": np.nan,
                "decided_by": w.pick(["ana", "luis", "sam"]),
                "reviewed_by": w.pick(["kim", None]),
                "automation": w.pick(["none", "assisted", "full"]),
                "reason": "rule broken",
                "notice_sent_at": day + 0.1,
                "reversed_at": min(back, END),
                "reversal_reason": "our mistake" if back == back else None,
            }
        )
        if w.chance(0.15):
            appeals.append(
                {
                    "appeal_id": f"P{len(appeals) + 1:04d}",
                    "action_id": rows[-1]["action_id"],
                    "received_at": min(day + 5, END),
                    "lang": "en",
                    "grounds": "not me",
                    "reviewer": "ida",
                    "decided_at": min(day + 15, END),
                    "outcome": w.pick(["upheld", "upheld", "upheld", "overturned", "modified"]),
                }
            )
    return pd.DataFrame(rows), pd.DataFrame(appeals)


EVENTS = ["password_reset", "new_device", "email_change", "identity_check", "phone_change"]
BY = ["user", "user", "support"]


def security_events(w):
    rows = []
    for a in w.accounts:
        rows += [(a, w.between(a.created, a.until), w.pick(EVENTS), w.pick(BY)) for _ in range(int(w.rng.poisson(0.15)))]
        if a.taken == a.taken:
            rows += [(a, a.taken + d, e, "user") for d, e in ((0.01, "password_reset"), (0.02, "new_device"), (0.5, "payout_change"))]
    return pd.DataFrame(
        [
            {"event_id": f"E{i:06d}", "account_id": a.id, "at": at, "event": e, "actor": who, "ip": None, "device_id": None}
            for i, (a, at, e, who) in enumerate(rows)
        ]
    )
