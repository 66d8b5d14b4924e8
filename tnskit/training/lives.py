"""The ordinary life of an account of a case: a phone, a mailbox, cards, visits, jobs, like everybody's.

Whoever is guilty and whoever is innocent lives by this one page: how many rows an account has, when they happened and in which
order they stand is drawn before anything is planted, by the same dice for all. What a case plants afterwards is written into rows
that are there already, so that nothing can be told from what was added.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tnskit.training.casefile import CaseFile, Part
from tnskit.training.habits import AGENTS, MODELS
from tnskit.training.metros import Metro, metros
from tnskit.training.networks import BLOCKS
from tnskit.training.people import LOCALES, TRADES, WORDS
from tnskit.training.phrases import PRAISE, TALK
from tnskit.training.text import DAY
from tnskit.training.world import END, name_lists

Row = dict[str, Any]
LEAST = {"jobs": 6, "messages": 5, "payments": 6, "reviews": 2, "reports": 2, "security_events": 3}
"""Rows of each table that every account has at least: as many as our cases plant on one, but for the six reports that one is about."""
LEAST_OF_A_KIND = 1
"""Rows of each kind that an account has besides those drawn: as many as any of our cases writes into, so that cases look alike."""
SPREAD = 4
"""An account has up to so many more, by chance."""
SEEN = {
    "phone": ("phones", "phone_raw", "phone_e164"),
    "email": ("emails", "email_raw", "email_norm", "domain"),
    "card": ("instruments", "kind", "fingerprint", "bin", "last4", "exp_month", "exp_year", "funding"),
    "payout": ("payout_accounts", "payout_token", "last4"),
    "address": ("addresses", "line1", "unit", "city", "region", "postal"),
    "licence": ("pro_profiles", "licence_no", "licence_state", "licence_class", "licence_status"),
    "tax_id": ("pro_profiles", "tax_id_token"),
}
"""Table and columns that two accounts have in common when they share a kind."""
VISITED = {
    "device": ("device_id", "user_agent"),
    "cookie": ("device_id", "user_agent"),
    "ip": ("ip", "asn", "asn_kind", "geo_city", "geo_country", "geo_radius_km"),
}
"""The same for what is seen at a visit."""
SPAN = {
    "phones": ("first_seen", "last_seen"),
    "emails": ("first_seen", "last_seen"),
    "instruments": ("first_used", "last_used"),
    "payout_accounts": ("added_at", "removed_at"),
    "addresses": ("first_seen", "last_seen"),
}
_REPORTED = ("Came a little late, but called before.", "The invoice came twice.", "Hard to reach by phone.", "Parked in front of the gate.")
_STREETS = ("Ave", "St", "Ln", "Rd", "Way")


@dataclass(eq=False)
class Life:
    """One account of a case, with its rows by table; what is planted changes them."""

    name: str
    part: Part
    account: str
    metro: Metro
    language: str
    opened: float
    until: float
    names: tuple[str, str]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    """How many rows of each kind a case has written into."""


@dataclass(eq=False)
class Dice:
    """One stream of chance, with the few draws that lives are made of."""

    rng: np.random.Generator

    def pick(self, options: Any) -> Any:
        """Choose one of several."""
        return options[int(self.rng.integers(len(options)))]

    def hex(self, digits: int) -> str:
        """Draw digits to the base of sixteen."""
        return self.rng.bytes(digits // 2).hex()

    def day(self, first: float, last: float) -> float:
        """Draw a moment between two, in days."""
        return float(first + self.rng.random() * max(last - first, 0.0))


def dice(secret: bytes, *words: object) -> Dice:
    """Open the stream of one part; without the secret nobody can open it again."""
    told = "|".join(str(word) for word in words).encode()
    seed = int.from_bytes(hmac.new(secret or b"practice", told, hashlib.sha256).digest(), "big")
    return Dice(np.random.Generator(np.random.PCG64(seed)))


def stamp(day: float) -> str:
    """Write a day before the export as a moment in UTC."""
    return f"{dt.datetime.fromtimestamp(min(int(END + day * DAY), END - 60), dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def live(name: str, part: Part, account: str, metro: Metro, dice: Dice, *, needs: dict[str, int], surname: str = "") -> Life:
    """Give an account its ordinary rows.

    Args:
        name: Its name in the case.
        part: The part it plays.
        account: Its id.
        metro: Where everybody of the case lives.
        dice: Its own stream.
        needs: How many rows of each kind a case writes into, at most; all accounts of the case have more.
        surname: The surname, where it is given.
    """
    opened = dice.day(*part.opened)
    until = part.until if part.until is not None else dice.day(-0.9, -0.05)
    language = part.language or ("en", "es", "pt")[int(dice.rng.choice(3, p=[0.62, 0.26, 0.12]))]
    if part.language == "" and surname:
        language = "en"
    lists = name_lists()[language]
    names = (dice.pick(lists["first"]), surname or dice.pick(lists["last"]))
    life = Life(name, part, account, metro, language, opened, until, names)
    life.rows["accounts"] = [_account(life, dice)]
    makers = {"phones": (_phone, "phone"), "emails": (_email, "email"), "instruments": (_card, "card"), "addresses": (_address, "address")}
    for table, (make, kind) in makers.items():
        life.rows[table] = [make(life, dice) for _ in range(needs.get(kind, 0) + int(dice.rng.integers(1, 3)))]
    if part.role == "pro":
        life.rows["payout_accounts"] = [_payout(life, dice) for _ in range(needs.get("payout", 0) + int(dice.rng.integers(1, 3)))]
        life.rows["pro_profiles"] = [_profile(life, dice)]
    life.rows["logins"] = _logins(life, dice)
    return life


def _account(life: Life, dice: Dice) -> Row:
    first, last = life.names
    pro = life.part.role == "pro"
    shown = f"{last} {dice.pick(WORDS)}" if pro and dice.rng.random() < 0.5 else f"{first} {last[:1]}."
    gone = life.part.status == "removed"
    return {
        "account_id": life.account, "role": life.part.role, "status": life.part.status, "created_at": stamp(life.opened),
        "closed_at": stamp(life.until) if gone else None, "display_name": shown, "legal_name": f"{first} {last}",
        "country": "US", "tz": life.metro.tz, "locale": LOCALES[("en", "es", "pt").index(life.language)],
        "birth_year": int(dice.rng.integers(1955, 2005)),
    }  # fmt: skip


def _phone(life: Life, dice: Dice) -> Row:
    number = f"{dice.pick(life.metro.codes)}555{int(dice.rng.integers(2000, 9900)):04d}"
    first = dice.day(life.opened, life.opened + 2)
    return {
        "account_id": life.account, "phone_raw": f"({number[:3]}) {number[3:6]}-{number[6:]}", "phone_e164": f"+1{number}",
        "line_type": "mobile", "verified_at": stamp(first + 0.01), "first_seen": stamp(first), "last_seen": stamp(life.until),
        "origin": dice.pick(("signup", "profile", "2fa")),
    }  # fmt: skip


def _plain(word: str) -> str:
    return "".join(letter for letter in word.lower() if "a" <= letter <= "z") or "box"


def mailbox(life: Life, dice: Dice) -> Row:
    """Give a mailbox that bears the account's name, as three columns."""
    box = f"{_plain(life.names[0])}.{_plain(life.names[1])}{int(dice.rng.integers(100, 99_999))}"
    domain = dice.pick(("mail.example", "post.example", "inbox.example"))
    return {"email_raw": f"{box}@{domain}", "email_norm": f"{box}@{domain}", "domain": domain}


def _email(life: Life, dice: Dice) -> Row:
    return {
        "account_id": life.account, **mailbox(life, dice),
        "verified_at": stamp(life.opened + 0.02), "is_disposable": False, "is_relay": False,
        "first_seen": stamp(life.opened), "last_seen": stamp(life.until),
    }  # fmt: skip


def _card(life: Life, dice: Dice) -> Row:
    return {
        "account_id": life.account, "instrument_id": f"new-{dice.hex(16)}", "kind": "card", "fingerprint": f"fp{dice.hex(16)}",
        "processor": "stripline", "bin": dice.pick(("424242", "400005", "555555", "222300")),
        "last4": f"{int(dice.rng.integers(10_000)):04d}", "exp_month": int(dice.rng.integers(1, 13)),
        "exp_year": int(dice.rng.integers(2026, 2031)), "funding": dice.pick(("credit", "debit")), "name_match": "full",
        "first_used": stamp(dice.day(life.opened, min(life.opened + 10, life.until))), "last_used": stamp(life.until),
    }  # fmt: skip


def _payout(life: Life, dice: Dice) -> Row:
    return {
        "account_id": life.account, "payout_token": f"ba{dice.hex(16)}", "last4": f"{int(dice.rng.integers(10_000)):04d}",
        "country": "US", "holder_match": "full", "added_at": stamp(dice.day(life.opened, min(life.opened + 10, life.until))),
    }  # fmt: skip


def _address(life: Life, dice: Dice) -> Row:
    zips = life.metro.zip3
    return {
        "account_id": life.account, "address_id": f"new-{dice.hex(16)}", "kind": "service" if life.part.role == "customer" else "billing",
        "line1": f"{int(dice.rng.integers(1_000, 9_999))} {dice.pick(name_lists()['streets']['name'])} {dice.pick(_STREETS)}",
        "unit": str(int(dice.rng.integers(1, 40))), "city": life.metro.city, "region": life.metro.region,
        "postal": f"{zips}{int(dice.rng.integers(1, 99)):02d}", "country": "US",
        "is_mail_agent": False, "first_seen": stamp(life.opened), "last_seen": stamp(life.until),
    }  # fmt: skip


def _profile(life: Life, dice: Dice) -> Row:
    return {
        "account_id": life.account, "trade": life.part.trade or dice.pick(TRADES),
        "licence_no": f"LC{int(dice.rng.integers(10**6, 10**7))}",
        "licence_state": life.metro.region, "licence_class": "C", "licence_status": "active",
        "licence_checked_at": stamp(life.opened + 0.5),
        "background_status": "clear", "background_provider": "vetwell", "tax_id_token": f"tx{dice.hex(12)}",
    }  # fmt: skip


def network(kind: str, dice: Dice, metro: Metro) -> Row:
    """Give an address on the internet that nobody has, with what is logged of it."""
    block = dice.pick([one for one in BLOCKS if one.kind == kind and one.told])
    # the upper half of each block, which the ordinary market does not reach
    host = block.base + (1 << (block.bits - 1)) + int(dice.rng.integers(1 << (block.bits - 1)))
    host += (host & 255) == 0
    return {
        "ip": ".".join(str(host >> shift & 255) for shift in (24, 16, 8, 0)), "asn": block.asn, "asn_kind": kind,
        "geo_city": metro.city, "geo_country": "US", "geo_radius_km": 100 if kind == "mobile" else 10,
    }  # fmt: skip


def device(kind: str, dice: Dice) -> Row:
    """Give a device that nobody has, as it shows itself at a visit."""
    app = kind == "device"
    return {"device_id": f"{'in' if app else 'ck'}-{dice.hex(16)}", "user_agent": AGENTS[0] if app else dice.pick(AGENTS[2:])}


def _logins(life: Life, dice: Dice) -> list[Row]:
    home, carrier = network("residential", dice, life.metro), network("mobile", dice, life.metro)
    phone, browser = device("device", dice), device("cookie", dice)
    rows = []
    for day in np.sort(dice.rng.uniform(life.opened + 0.001, life.until, int(dice.rng.integers(26, 38)))):
        where = carrier if dice.rng.random() < 0.3 else home
        what = phone if dice.rng.random() < 0.6 else browser
        rows.append({
            "login_id": f"new-{dice.hex(16)}", "account_id": life.account, "day": float(day), **where, **what,
            "session_id": f"se{dice.hex(12)}", "outcome": "ok",
        })  # fmt: skip
    return rows


def devices_of(rows: list[Row], dice: Dice) -> list[Row]:
    """Write the table `devices` for what was seen at visits."""
    seen: dict[str, list[float]] = {}
    for row in rows:
        seen.setdefault(row["device_id"], []).append(row["day"])
    made = []
    for name, when in seen.items():
        app = name.startswith("in-")
        platform, model = dice.pick(MODELS[:7] if app else MODELS[7:])
        made.append({
            "device_id": name, "kind": "install" if app else "cookie", "algo_version": "app-7" if app else "web-2", "platform": platform,
            "model": model, "first_seen": stamp(min(when)), "last_seen": stamp(max(when)), "emulator": False,
        })  # fmt: skip
    return made


def count(life: Life, rows: list[Row], columns: tuple[str, ...]) -> int:
    """Count the rows that name an account."""
    return sum(any(row.get(column) == life.account for column in columns) for row in rows)


def fill(
    life: Life, table: str, dice: Dice, *, others: dict[str, list[str]], jobs: list[Row], when: tuple[float, float] | None = None
) -> Row:
    """Make one more ordinary row of a table in which an account appears, between two days if they are told."""
    first, last = when or (life.opened + 0.6, life.until - (2.5 if table == "jobs" else 0.05))
    at, pro = dice.day(max(first, life.opened + 0.1), last), life.part.role == "pro"
    other = dice.pick(others["customer" if pro else "pro"])
    sides = {"customer": other if pro else life.account, "pro": life.account if pro else other}
    job = dice.pick(jobs)["job_id"] if jobs else None
    if table == "jobs":
        return {
            "job_id": f"new-{dice.hex(16)}", "request_id": f"new-{dice.hex(16)}", "customer_account_id": sides["customer"],
            "pro_account_id": sides["pro"], "category": life.part.trade or dice.pick(TRADES), "created_at": stamp(at),
            "hired_at": stamp(at + 0.5), "scheduled_for": stamp(at + 2), "started_at": stamp(at + 2.02), "completed_at": stamp(at + 2.3),
            "status": "completed", "quote_minor": int(dice.rng.integers(60, 900)) * 100, "currency": "USD",
            "lead_fee_minor": 1_500, "tz": life.metro.tz,
        }  # fmt: skip
    if table == "messages":
        return {
            "message_id": f"new-{dice.hex(16)}", "job_id": job, "sender_account_id": life.account, "sent_at": stamp(at),
            "channel": "in_app",
            "body_redacted": dice.pick(TALK[life.language]), "lang": life.language, "has_contact": False, "attachments": 0,
        }  # fmt: skip
    if table == "payments":
        return {
            "payment_id": f"new-{dice.hex(16)}", "job_id": job, "payer_id": life.account, "kind": "lead_fee" if pro else "charge",
            "amount_minor": int(dice.rng.integers(900, 30_000)), "currency": "USD", "at": stamp(at), "status": "settled",
        }  # fmt: skip
    if table == "reviews":
        return {
            "review_id": f"new-{dice.hex(16)}", "author_account_id": sides["customer"], "subject_account_id": sides["pro"],
            "rating": int(dice.rng.integers(4, 6)), "body": dice.pick(PRAISE["en"]), "created_at": stamp(at), "origin": "platform",
            "status": "published",
        }  # fmt: skip
    if table == "reports":
        return {
            "report_id": f"new-{dice.hex(16)}", "reporter_account_id": sides["customer"], "subject_account_id": sides["pro"],
            "channel": "app", "received_at": stamp(at), "narrative": dice.pick(_REPORTED), "lang": "en", "safety_flag": False,
            "confidential": False,
        }  # fmt: skip
    return {
        "event_id": f"new-{dice.hex(16)}", "account_id": life.account, "at": stamp(at),
        "event": dice.pick(("session_revoke", "identity_check")),
        "actor": dice.pick(("user", "system")),
    }  # fmt: skip


def city(dice: Dice) -> Metro:
    """Choose where everybody of a case lives; Seattle has a rule of its own and is left out."""
    return metros()[int(dice.pick([place for place, one in enumerate(metros()) if one.city != "Seattle"]))]


def needed(case: CaseFile) -> dict[str, int]:
    """Tell how many rows of each kind a case writes into, at most, for one account."""
    most: dict[str, int] = {}
    for member in case.members:
        for kind in SEEN:
            many = sum(one["kind"] == kind and member in case.named(one["who"]) for one in case.shares)
            most[kind] = max(most.get(kind, 0), many)
    return {kind: max(many, LEAST_OF_A_KIND) for kind, many in most.items()}


def frame(rows: list[Row]) -> pd.DataFrame:
    """Give rows as a table."""
    return pd.DataFrame(rows)
