"""The markets of `unseen` as tables, typed as badly as people type."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.quality.towns import LENGTH, Account, Make

BEGIN = dt.datetime(2023, 11, 6, tzinfo=dt.UTC)
DIAL = {"US": "+1", "MX": "+52", "BR": "+55", "CO": "+57"}


def _time(day: float) -> str:
    return (BEGIN + dt.timedelta(days=day)).isoformat(timespec="seconds")


def tables_of(m: Make) -> dict[str, pd.DataFrame]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for one in m.accounts:
        for name, some in _of(m, one).items():
            rows.setdefault(name, []).extend(some)
    rows |= _work(m)
    tables = {name: pd.DataFrame(some) for name, some in rows.items() if some}
    if m.town.export == "unchecked":
        for name, column in (("phones", "verified_at"), ("phones", "line_type"), ("emails", "verified_at"), ("logins", "asn_kind")):
            tables[name] = tables[name].drop(columns=column)
    if m.town.export == "thin":
        for name in ("jobs", "reviews", "actions", "payments"):
            tables.pop(name, None)
    return _one_table(tables) if m.town.export == "long" else tables


def _typed(m: Make, kind: str, value: str, land: str) -> dict[str, Any]:
    """A value as somebody types it."""
    bad = m.yes(m.town.dirt * 0.4)
    if kind == "phone":
        area, n = {"US": "415", "MX": "55", "BR": "11", "CO": "30"}[land], value
        full = {"US": f"{area}{2 + int(n[0]) % 8}{n[1:]}", "MX": f"{area}{n}8", "BR": f"{area}9{n}4", "CO": f"{area}1{n}"}[land]
        shown = f"{DIAL[land]} {full}" if not bad else f"{DIAL[land]}-{full[:3]}.{full[3:6]}.{full[6:]}"
        return {"phone_raw": "111-111-1111" if m.yes(m.town.dirt * 0.04) else shown}
    if kind == "email":
        name, host = value, ["zmail.example", "correo.example", "gmail.com"][len(value) % 3]
        return {"email_raw": f" {name.upper()}@{host}" if bad else f"{name}@{host}"}
    line, unit, postal = value.split("|")
    short = line.replace("Street", "St.").replace("Road", "Rd") if bad else line
    return {"line1": short, "unit": (f"# {unit}" if bad else unit) or None, "postal": postal}


def _of(m: Make, one: Account) -> dict[str, list[dict[str, Any]]]:
    """The rows of one account."""
    land, span = one.who.land, {"first_seen": _time(one.start), "last_seen": _time(one.stop)}
    full = f"{one.family}, {one.given}" if m.yes(m.town.dirt * 0.2) else f"{one.given} {one.family}"
    every = [(kind, value) for kind, value in one.things.items() if kind not in ("device", "net")]
    every += [(kind, value) for kind, value, _ in one.also if kind not in ("device", "net")]
    rows: dict[str, list[dict[str, Any]]] = {
        "accounts": [{"account_id": one.name, "role": one.role, "status": "removed" if one.removed else "active",
                      "created_at": _time(one.start), "country": land, "legal_name": None if m.yes(m.town.dirt * 0.3) else full,
                      "display_name": one.given, "birth_year": one.born if m.yes(0.6) else None, "business_id": one.firm or None,
                      "referrer_account_id": one.came_by or None}],
        "phones": [], "emails": [], "instruments": [], "payout_accounts": [], "addresses": [], "identifiers": [], "actions": [],
    }  # fmt: skip
    for n, (kind, value) in enumerate(every):
        key = {"account_id": one.name}
        if kind == "phone":
            rows["phones"].append(key | _typed(m, kind, value, land) | span | {
                "line_type": "voip" if one.voip else "mobile", "verified_at": _time(one.start + 0.1) if m.yes(0.75) else None})  # fmt: skip
        elif kind == "email":
            rows["emails"].append(key | _typed(m, kind, value, land) | span | {"verified_at": _time(one.start) if m.yes(0.85) else None})
        elif kind == "card" and m.yes(0.8):
            rows["instruments"].append(key | {"instrument_id": f"{one.name}/{n}", "kind": "card", "fingerprint": value, "processor": "q",
                "funding": "prepaid" if one.prepaid else "credit", "first_used": _time(one.start),
                "last_used": _time(one.stop)})  # fmt: skip
        elif kind == "payout" and one.role == "pro":
            rows["payout_accounts"].append(key | {"payout_token": value, "added_at": _time(one.start), "country": land})
        elif kind == "home" and m.yes(0.8):
            rows["addresses"].append(key | _typed(m, kind, value, land) | span | {"address_id": f"{one.name}:{n}", "kind": "service",
                                                                                  "country": land})  # fmt: skip
        elif kind == "tax_id":
            rows["identifiers"].append(key | {"kind": "tax_id", "value": value} | span)
    if one.removed:
        rows["actions"].append({"action_id": f"act{one.name}", "account_id": one.name, "action": "remove", "policy_code": "ACC-01",
                                "decided_at": _time(one.stop)})  # fmt: skip
    rows["logins"] = _visits(m, one)
    return rows


def _visits(m: Make, one: Account) -> list[dict[str, Any]]:
    found = []
    at = np.sort(np.append(m.dice.uniform(one.start, one.stop, one.visits), one.start))
    for n, day in enumerate(at.tolist()):
        device, net, kind = one.things["device"], one.things["net"], "residential"
        for what, value, share in one.also:
            if what == "device" and m.yes(share):
                device = value
            if what == "net" and m.yes(share):
                net, kind = value, "business" if m.yes(0.4) else "residential"
        if m.yes(0.22):
            net, kind = m.of(m.mobile), "mobile"
        if m.yes(one.veil):
            # Half of the proxies are other people's homes, and told as such.
            at_proxy = int(m.dice.integers(len(m.proxies)))
            net, kind = m.proxies[at_proxy], "hosting" if at_proxy % 2 else "residential"
        found.append({"login_id": f"{one.name}~{n}", "account_id": one.name, "at": _time(day), "ip": net, "asn_kind": kind,
                      "device_id": device, "outcome": "ok"})  # fmt: skip
    return found


def _work(m: Make) -> dict[str, list[dict[str, Any]]]:
    pros = [one for one in m.accounts if one.role == "pro"]
    jobs: list[dict[str, Any]] = []
    reviews: list[dict[str, Any]] = []
    money: list[dict[str, Any]] = []
    for one in m.accounts:
        for _ in range(int(m.dice.poisson(one.work)) if one.role == "customer" and pros else 0):
            day = m.days(one.start, one.stop)
            asked = [m.of(pros) for _ in range(6)]
            pro = next((p for p in asked if p.start <= day <= p.stop), None)
            if pro is None or day > LENGTH - 15:
                continue
            job = f"job/{len(jobs)}"
            jobs.append({"job_id": job, "customer_account_id": one.name, "pro_account_id": pro.name, "created_at": _time(day),
                         "completed_at": _time(day + m.days(1, 14)) if m.yes(0.8) else None, "status": "done"})  # fmt: skip
            if m.yes(0.35):
                reviews.append({"review_id": f"r/{len(reviews)}", "job_id": job, "author_account_id": one.name,
                                "subject_account_id": pro.name, "rating": int(m.dice.integers(3, 6)),
                                "created_at": _time(day + 14.5)})  # fmt: skip
        for _ in range(one.disputes + m.yes(0.003)):
            money.append({"payment_id": f"pay/{len(money)}", "payer_id": one.name, "kind": "chargeback", "amount_minor": 4_900,
                          "at": _time(one.stop)})  # fmt: skip
    reviews += [{"review_id": f"r/{len(reviews) + n}", "job_id": None, "author_account_id": a.name, "subject_account_id": b.name,
                 "rating": 5, "created_at": _time(day)} for n, (a, b, day) in enumerate(m.praise)]  # fmt: skip
    return {"jobs": jobs, "reviews": reviews, "payments": money}


def _one_table(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """All a team has is who was seen with what."""
    logins, parts = tables["logins"], []
    for column, kind in (("ip", "ip"), ("device_id", "device")):
        span = logins.groupby(["account_id", column])["at"].agg(first_seen="min", last_seen="max").reset_index()
        parts.append(span.rename(columns={column: "value"}).assign(kind=kind))
    for name, column, kind, first, last in (
        ("phones", "phone_raw", "phone", "first_seen", "last_seen"), ("emails", "email_raw", "email", "first_seen", "last_seen"),
        ("instruments", "fingerprint", "card", "first_used", "last_used"),
        ("payout_accounts", "payout_token", "payout", "added_at", "added_at"),
    ):  # fmt: skip
        one = tables[name]
        parts.append(pd.DataFrame({"account_id": one["account_id"], "kind": kind, "value": one[column], "first_seen": one[first],
                                   "last_seen": one[last]}))  # fmt: skip
    return {"accounts": tables["accounts"][["account_id"]], "identifiers": pd.concat(parts, ignore_index=True)}
