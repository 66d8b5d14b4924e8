"""The markets of `strangers` as tables, as a team's systems hand them out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from benchmarks.quality.strangers import Row, Town

FIRST_DAY = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)


def _moment(day: float) -> str:
    return (FIRST_DAY + dt.timedelta(days=day)).strftime("%Y-%m-%d %H:%M:%S+00:00")


def tables_of(town: Town) -> dict[str, pd.DataFrame]:
    """What the team's systems hand out."""
    uses: list[dict[str, Any]] = []
    logins: list[dict[str, Any]] = []
    for row in town.rows:
        uses += _uses(town, row)
        logins += _logins(town, row)
    people = [
        {"account_id": r.account, "role": r.role, "status": "removed" if r.removed else "active", "created_at": _moment(r.start),
         "legal_name": f"{r.given} {r.surname}", "display_name": r.given, "country": town.what.country,
         "birth_year": r.holder.born if town.luck(0.5) and not r.ring else None, "referrer_account_id": r.referrer or None}
        for r in town.rows
    ]  # fmt: skip
    tables = {"accounts": pd.DataFrame(people), "identifiers": pd.DataFrame(uses), "logins": pd.DataFrame(logins), **_work(town)}
    if town.what.export == "bare":
        seen = tables["logins"].melt(["account_id", "at"], ["ip", "device_id"], "kind").replace({"kind": {"device_id": "device"}})
        span = seen.groupby(["account_id", "kind", "value"])["at"].agg(first_seen="min", last_seen="max").reset_index()
        return {"accounts": tables["accounts"][["account_id"]], "identifiers": pd.concat([tables["identifiers"], span], ignore_index=True)}
    if town.what.export == "imported":
        tables["accounts"]["created_at"] = _moment(0)
        tables["identifiers"]["first_seen"] = tables["identifiers"]["last_seen"]
    return tables


def _uses(town: Town, row: Row) -> list[dict[str, Any]]:
    found = []
    for kind in ("phone", "email", "card", "payout", "home"):
        if (kind == "payout" and row.role != "pro") or (kind == "card" and town.luck(0.2)):
            continue
        chain = row.holder.held[kind]
        spans = [(since, value) for since, value in chain if since < row.stop]
        ends = [since for since, _ in spans[1:]] + [row.stop]
        own = [(max(since, row.start), end, value) for (since, value), end in zip(spans, ends, strict=True) if end > row.start]
        for first, last, value in [(row.start, row.stop, row.fresh[kind])] if kind in row.fresh else own:
            shown = value.split("|")
            text = f"{shown[0]} {'Apt ' + shown[1] if shown[1] else ''}".strip() + ", 97201" if kind == "home" else value
            found.append({"account_id": row.account, "kind": "address" if kind == "home" else kind, "value": text,
                          "first_seen": _moment(first), "last_seen": _moment(last)})  # fmt: skip
    if row.line:
        found.append(
            {
                "account_id": row.account,
                "kind": "phone",
                "value": row.line,
                "first_seen": _moment(row.start),
                "last_seen": _moment(row.stop),
            }
        )
    return found


def _logins(town: Town, row: Row) -> list[dict[str, Any]]:
    many = 1 + int(town.dice.poisson(max(town.what.visits - 1, 0.5)))
    found = []
    for n, share in enumerate(sorted(town.dice.random(many))):
        day = row.start + (0 if n == 0 else float(share)) * (row.stop - row.start)
        home = row.fresh.get("home", row.holder.now("home", day)).split("|")[2]
        device = row.fresh.get("device", row.holder.now("device", day))
        net, kind = home, "residential"
        luck = float(town.dice.random())
        if row.veil and luck < 0.85:
            net, kind = town.one(town.veils), "hosting"
        elif row.office and luck < 0.5:
            net, kind = row.office, "business" if town.luck(0.5) else "residential"
        elif luck > 0.75:
            net, kind = town.one(town.carrier), "mobile"
        if row.desk and town.luck(0.3):
            device = row.desk
        found.append({"login_id": f"{row.account}.{n}", "account_id": row.account, "at": _moment(day), "ip": net, "asn_kind": kind,
                      "device_id": device, "outcome": "ok"})  # fmt: skip
    return found


def _work(town: Town) -> dict[str, pd.DataFrame]:
    pros = [row for row in town.rows if row.role == "pro"]
    jobs, reviews = [], []
    for row in town.rows:
        if row.role == "pro":
            continue
        for _ in range(int(town.dice.poisson(row.jobs))):
            pro, day = town.one(pros), float(town.dice.uniform(row.start, row.stop))
            jobs.append({"job_id": f"job{len(jobs)}", "customer_account_id": row.account, "pro_account_id": pro.account,
                         "created_at": _moment(day), "completed_at": _moment(day + 3), "status": "done"})  # fmt: skip
            if town.luck(0.5):
                reviews.append({"review_id": f"rev{len(reviews)}", "job_id": jobs[-1]["job_id"], "author_account_id": row.account,
                                "subject_account_id": pro.account, "rating": 5, "created_at": _moment(day + 4)})  # fmt: skip
    for author, subject, day in town.praise:
        reviews.append({"review_id": f"rev{len(reviews)}", "job_id": None, "author_account_id": author, "subject_account_id": subject,
                        "rating": 5, "created_at": _moment(day)})  # fmt: skip
    return {"jobs": pd.DataFrame(jobs), "reviews": pd.DataFrame(reviews)}
