"""The made-up markets of `shapes` as tables, with the dirt, and with the truth beside them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd

from benchmarks.quality.lives import live
from benchmarks.quality.shapes import DAY0, NET, SPAN, Maker, Shape, _Account

MODELS = ("SM-A546B", "iPhone13,2", "Redmi Note 12", "Pixel 7a", "PC", "MacBook")


@dataclass(frozen=True, eq=False)
class Made:
    """A market and its truth: `account_id`, `person_id`, `part`, `scheme`, `group`, `country`; and innocent pairs."""

    tables: dict[str, pd.DataFrame]
    accounts: pd.DataFrame
    innocents: pd.DataFrame


def _at(day: float) -> str:
    return (DAY0 + dt.timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")


def make(shape: Shape) -> Made:
    """Make the market of a shape."""
    m = Maker(shape)
    live(m)
    rows: dict[str, list[dict[str, Any]]] = {}
    for one in m.accounts:
        for name, found in _of(m, one).items():
            rows.setdefault(name, []).extend(found)
    _trade(m, rows)
    rows["devices"] = [
        {"device_id": d, "kind": kind, "model": MODELS[hash_(d) % 6], "platform": "x", "algo_version": "1"}
        for d, kind in dict.fromkeys((r["device_id"], r.pop("_kind")) for r in rows["logins"])
    ]  # fmt: skip
    truth = pd.DataFrame(
        [(a.name, f"P{a.person.number}", a.part, a.scheme, a.group, a.person.country) for a in m.accounts],
        columns=["account_id", "person_id", "part", "scheme", "group", "country"],
    )
    innocents = pd.DataFrame(m.innocents, columns=["account_a", "account_b", "reason"]).drop_duplicates(["account_a", "account_b"])
    return Made(_subset(shape, {k: pd.DataFrame(v) for k, v in rows.items() if v}), truth, innocents)


def hash_(text: str) -> int:
    """A number that depends on nothing but the text."""
    return sum(ord(c) * 31**n for n, c in enumerate(text)) % 1_000_003


def _of(m: Maker, one: _Account) -> dict[str, list[dict[str, Any]]]:
    """The rows of one account in the tables that are about accounts."""
    name, dirt = one.name, m.shape.dirt
    first, last = one.shown
    if m.chance(dirt * 0.3):
        first, last = first.upper(), last.upper()
    status = "removed" if one.removed is not None else "active"
    rows: dict[str, list[dict[str, Any]]] = {
        "accounts": [{
            "account_id": name, "role": one.role, "status": status, "created_at": _at(one.start), "country": one.person.country,
            "display_name": f"{first} {last[:1]}." if m.chance(0.5) else first,
            "legal_name": None if m.chance(dirt * 0.4) else f"{first} {last}",
            "business_id": one.business or None, "referrer_account_id": one.referrer or None,
            "birth_year": None if m.chance(0.3) else one.birth,
            "exported_at": _at(SPAN),
        }],
        "phones": [], "emails": [], "instruments": [], "payout_accounts": [], "addresses": [], "pro_profiles": [], "actions": [],
        "identifiers": [],
    }  # fmt: skip
    for kind, value, begin, end, klass, checked in one.uses:
        _use(m, rows, one, (kind, value, begin, end, klass, checked))
    if one.role == "pro":
        rows["pro_profiles"].append({"account_id": name, "trade": ["roofs", "cleaning", "paint", "garden"][hash_(name) % 4],
                                     "licence_no": one.licence or None, "licence_state": "OH" if one.licence else None})  # fmt: skip
    if one.removed is not None:
        rows["actions"].append({"action_id": f"x{name}", "account_id": name, "action": "remove", "decided_at": _at(one.removed),
                                "policy_code": "ACC-01"})  # fmt: skip
    rows["logins"] = _logins(m, one)
    return rows


def _use(m: Maker, rows: dict[str, list[dict[str, Any]]], one: _Account, use: tuple[str, str, float, float, str, bool]) -> None:
    kind, value, begin, end, klass, checked = use
    name, dirt = one.name, m.shape.dirt
    begin, end = begin + float(m.draw.uniform(0, max(end - begin, 0) * 0.2)), end
    when = {"first_seen": _at(begin), "last_seen": _at(max(begin, end))}
    if kind == "phone":
        bare = value[1:] if m.chance(dirt * 0.2) and value.startswith("+1") else value
        raw = f"({bare[2:5]}) {bare[5:8]}-{bare[8:]}" if value.startswith("+1") and m.chance(0.3) and bare == value else bare
        raw = "000-000-0000" if m.chance(dirt * 0.06) else raw
        rows["phones"].append({"account_id": name, "phone_raw": raw, "line_type": klass or ("mobile" if m.chance(0.7) else None),
                               "verified_at": _at(begin) if checked and m.chance(0.8) else None, **when})  # fmt: skip
    elif kind == "email":
        raw = value.upper() if m.chance(dirt * 0.2) else value
        rows["emails"].append({"account_id": name, "email_raw": raw, "is_disposable": klass == "disposable",
                               "verified_at": _at(begin) if m.chance(0.9) else None, **when})  # fmt: skip
    elif kind == "card":
        rows["instruments"].append({"account_id": name, "instrument_id": f"i{name}{len(rows['instruments'])}", "kind": "card",
                                    "fingerprint": value, "processor": "px", "funding": klass or "debit", "first_used": _at(begin),
                                    "last_used": _at(end)})  # fmt: skip
    elif kind == "payout":
        rows["payout_accounts"].append({"account_id": name, "payout_token": value, "added_at": _at(begin), "country": one.person.country})
    elif kind == "tax_id":
        rows["identifiers"].append({"account_id": name, "kind": "tax_id", "value": value, **when})
    elif kind == "address":
        owner = next(a for a in m.accounts if a.name == value) if value else one
        home = owner.home
        if home is not None:
            line = home.line.upper() if m.chance(dirt * 0.3) else home.line
            rows["addresses"].append({"account_id": name, "address_id": f"a{name}{len(rows['addresses'])}", "kind": "service",
                                      "line1": line,
                                      "unit": None if m.chance(dirt * 0.3) else home.unit or None, "postal": home.postal,
                                      "country": "US", **when})  # fmt: skip


def _logins(m: Maker, one: _Account) -> list[dict[str, Any]]:
    rows = []
    width = max(one.stop - one.start, 0.05)
    days = sorted(one.start + float(x) * width for x in m.draw.random(one.visits))
    days[0] = one.start
    weights = [share for _, share in one.devices]
    for n, day in enumerate(days):
        device = one.devices[int(m.draw.choice(len(weights), p=[w / sum(weights) for w in weights]))][0]
        device, _, until = device.partition("|")
        if until and day > float(until):
            device = one.devices[0][0].partition("|")[0]
        ip, kind = _net(m, one, day)
        ip = "10.0.0.7" if m.chance(m.shape.dirt * 0.05) else ip
        form = ("install", "cookie", "cookie")[hash_(device) % 3]
        rows.append({"login_id": f"{one.name}-{n}", "account_id": one.name, "at": _at(day), "ip": ip,
                     "asn_kind": None if m.chance(m.shape.dirt * 0.3) else kind, "device_id": device, "_kind": form,
                     "outcome": "ok" if m.chance(0.97) else "bad_password", "user_agent": f"ua{hash_(device) % 9}"})  # fmt: skip
    return rows


def _net(m: Maker, one: _Account, day: float) -> tuple[str, str]:
    if m.chance(one.vpn):
        return m.pick(m.pools["vpn" if m.chance(0.6) else "host"]), NET["vpn"]
    luck = float(m.draw.random())
    for net, kind, share in one.places:
        if luck < share:
            return net, NET[kind]
        luck -= share
    if m.chance(0.25):
        return m.pick(m.pools["mobile"]), "mobile"
    home = one.home or one.person.home
    at = min(int(day / SPAN * len(home.nets)), len(home.nets) - 1)
    # Carriers' shared addresses are often sold as plain homes.
    return home.nets[at], "residential" if not home.shared or m.chance(0.7) else "mobile"


def _trade(m: Maker, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Jobs of everybody, reviews of some of them, the reviews of farms, disputed payments."""
    pros = [a for a in m.accounts if a.role == "pro"]
    rows["jobs"], rows["reviews"], rows["payments"] = [], [], []
    for one in m.accounts:
        for _ in range(int(m.draw.poisson(one.jobs)) if pros else 0):
            day = float(m.draw.uniform(one.start, max(one.stop, one.start + 0.1)))
            done = day + float(m.draw.uniform(1, 12))
            # Nobody works before the account is opened or after it is over.
            asked = (pros[int(at)] for at in m.draw.integers(len(pros), size=8))
            other = next((pro for pro in asked if pro.start <= day <= pro.stop and pro.person is not one.person), None)
            if other is None or done > SPAN:
                continue
            customer, pro = (one, other) if one.role == "customer" else (other, one)
            job = f"J{len(rows['jobs'])}"
            rows["jobs"].append({"job_id": job, "customer_account_id": customer.name, "pro_account_id": pro.name, "created_at": _at(day),
                                 "started_at": _at(done - 0.2), "completed_at": _at(done) if m.chance(0.85) else None,
                                 "status": "done"})  # fmt: skip
            if m.chance(0.4):
                rows["reviews"].append({"review_id": f"V{len(rows['reviews'])}", "job_id": job, "author_account_id": customer.name,
                                        "subject_account_id": pro.name, "rating": 5, "created_at": _at(done + 1),
                                        "verified_hire": True})  # fmt: skip
        for _ in range(one.disputes + m.chance(0.004)):
            rows["payments"].append({"payment_id": f"Y{len(rows['payments'])}", "payer_id": one.name, "kind": "chargeback",
                                     "amount_minor": 2500, "at": _at(one.stop)})  # fmt: skip
    for author, subject, day in m.reviews:
        rows["reviews"].append({"review_id": f"V{len(rows['reviews'])}", "author_account_id": author, "subject_account_id": subject,
                                "rating": 5, "created_at": _at(day), "verified_hire": None})  # fmt: skip


def _subset(shape: Shape, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Keep the tables and columns that this market's export has."""
    if shape.tables == "nameless":
        tables["accounts"] = tables["accounts"].drop(columns=["display_name", "legal_name", "birth_year"])
    if shape.tables == "plain":
        tables["logins"] = tables["logins"].drop(columns=["asn_kind", "user_agent"])
        tables["phones"] = tables["phones"].drop(columns=["verified_at", "line_type"])
        tables["emails"] = tables["emails"].drop(columns=["verified_at", "is_disposable"])
        tables.pop("devices")
    if shape.tables == "quiet":
        for name in ("jobs", "reviews", "payments", "actions"):
            tables.pop(name, None)
    return {"accounts": tables["accounts"][["account_id"]], "identifiers": _long(tables)} if shape.tables == "long" else tables


def _long(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One long table of who was seen with what, as a team that has nothing else would export it."""
    parts = [tables["identifiers"][["account_id", "kind", "value", "first_seen", "last_seen"]]] if "identifiers" in tables else []
    for name, column, kind, begin, end in (
        ("phones", "phone_raw", "phone", "first_seen", "last_seen"), ("emails", "email_raw", "email", "first_seen", "last_seen"),
        ("instruments", "fingerprint", "card", "first_used", "last_used"),
        ("payout_accounts", "payout_token", "payout", "added_at", "added_at"),
    ):  # fmt: skip
        frame = tables[name]
        parts.append(pd.DataFrame({"account_id": frame["account_id"], "kind": kind, "value": frame[column], "first_seen": frame[begin],
                                   "last_seen": frame[end]}))  # fmt: skip
    for column, kind in (("ip", "ip"), ("device_id", "device")):
        many = tables["logins"].groupby(["account_id", column])["at"].agg(["min", "max"]).reset_index()
        parts.append(pd.DataFrame({"account_id": many["account_id"], "kind": kind, "value": many[column], "first_seen": many["min"],
                                   "last_seen": many["max"]}))  # fmt: skip
    return pd.concat(parts, ignore_index=True)
