"""Markets of a third make, on which no figure was fitted: no schemes are planted, everything follows from who holds what when.

Every person lives through a chain of homes, handsets, numbers and cards; a number or a handset that is given up goes to somebody else.
Accounts see what their person holds at the moment. An *operator* is a person with several accounts and a hygiene: how often another
account gets a thing of its own. Crews are operators who cash out through one bank account: several persons, one ring.

`STRANGERS` says what each market is; they are for reporting only.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.quality.written import Made

FIRST_DAY = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
DAYS = 1_000
GIVEN = {
    "US": "Aiden Brianna Cole Daphne Ethan Fiona Grant Helena Ian Jocelyn Kurt Leona Mason Nora Owen Priya Reid Sonia Trent Uma Victor "
    "Willa".split(),
    "BR": "Adriano Beatriz Cristiano Daniela Eduardo Fernanda Gustavo Helena Italo Juliana Kaua Luciana Marcelo Natalia Paulo "
    "Renata".split(),
}  # fmt: skip
SURNAMES = {
    "US": "Alvarez Brooks Chen Donovan Egan Foster Greer Hughes Iverson Jensen Kowalski Lambert Mercer Nolan Ortega Pratt Ramsey Stone "
    "Tucker Underwood Vaughn Walsh Young Zimmerman Miller Miller Davis Wilson".split(),
    "BR": "Almeida Batista Campos Dias Espindola Ferreira Gomes Henriques Junqueira Lopes Moreira Nunes Oliveira Pereira Ramos Tavares "
    "Oliveira Pereira Costa Lima".split(),
}  # fmt: skip


@dataclass(frozen=True)
class Stranger:
    """What such a market is like.

    Attributes:
        seed: What it is drawn from.
        accounts: About how many.
        country: `US` or `BR`.
        shared_nets: Share of homes behind one of few carrier addresses.
        operators: Share of accounts that operators hold.
        hygiene: 0 to 1, how often an operator takes a fresh thing for another account.
        visits: Mean number of logins of an account.
        export: `full`, `bare` (ids and one long table), `imported` (all accounts opened on one day, no dates of first use).
        agencies: Accounts in a hundred that an assistant looks after.
    """

    seed: int
    accounts: int = 2_000
    country: str = "US"
    shared_nets: float = 0.15
    operators: float = 0.05
    hygiene: float = 0.5
    visits: float = 9.0
    export: str = "full"
    agencies: int = 1


STRANGERS = {
    "plain": Stranger(3_101),
    "brazil": Stranger(3_102, country="BR", shared_nets=0.8, export="full", hygiene=0.4),
    "bare": Stranger(3_103, export="bare", visits=5),
    "imported": Stranger(3_104, export="imported", hygiene=0.4),
    "few visits": Stranger(3_105, visits=2.5, agencies=6),
    "careful": Stranger(3_106, hygiene=0.75, operators=0.08),
}
"""For reporting: no figure was fitted on them (see `benchmarks/quality/__main__.py` for the one thing they taught)."""


@dataclass(eq=False)
class _Holder:
    number: int
    given: str
    surname: str
    born: int
    held: dict[str, list[tuple[float, str]]] = field(default_factory=dict)

    def now(self, kind: str, day: float) -> str:
        """What the person holds on a day."""
        found = [value for since, value in self.held[kind] if since <= day]
        return found[-1] if found else self.held[kind][0][1]


@dataclass(eq=False)
class _Row:
    account: str
    holder: _Holder
    start: float
    stop: float
    role: str
    fresh: dict[str, str] = field(default_factory=dict)
    ring: str = ""
    given: str = ""
    surname: str = ""
    removed: bool = False
    referrer: str = ""
    jobs: float = 3.0
    veil: bool = False
    office: str = ""
    desk: str = ""
    line: str = ""


class _Town:
    """The people, their things, and the accounts."""

    def __init__(self, what: Stranger):
        self.what, self.dice = what, np.random.default_rng(what.seed)
        self.given_up: dict[str, list[tuple[float, str]]] = {"phone": [], "device": [], "home": []}
        self.rows: list[_Row] = []
        self.innocents: list[tuple[str, str, str]] = []
        self.holders: list[_Holder] = []
        self.serial = 0
        self.taken: set[str] = set()
        self.carrier = [self.net() for _ in range(5)]
        self.veils = [self.net() for _ in range(4)]
        self.praise: list[tuple[str, str, float]] = []

    def luck(self, share: float) -> bool:
        return bool(self.dice.random() < share)

    def one(self, values: Any) -> Any:
        return values[int(self.dice.integers(len(values)))]

    def net(self) -> str:
        self.serial += 1
        return f"{71 + self.serial % 90}.{self.serial // 90 % 220}.{self.serial // 19_800 + 3}.{self.serial % 241 + 7}"

    def thing(self, kind: str) -> str:
        """A thing nobody had before, in a large market neither."""
        while (found := self.drawn(kind)).split("|")[0] in self.taken:
            pass
        self.taken.add(found.split("|")[0])
        return found

    def drawn(self, kind: str) -> str:
        """Draw a thing; phones and houses come back after some tens of thousands."""
        self.serial += 1
        n = (self.serial * 48_271) % 9_999_973
        if kind == "phone":
            return (
                f"+5521 9{n:07d}{self.serial % 10}"[:14]
                if self.what.country == "BR"
                else f"+1-503-{2 + n % 8}{n // 8 % 100:02d}-{self.serial % 10_000:04d}"
            )
        if kind == "home":
            carrier = self.luck(self.what.shared_nets)
            unit = int(self.dice.integers(1, 60)) if self.luck(0.4) else 0
            street, net = self.one(["Lake", "Mill", "Church", "Sunset", "Ridge"]), self.one(self.carrier) if carrier else self.net()
            return f"{100 + self.serial % 880} {street} {self.serial % 311} St|{unit or ''}|{net}"
        return f"{kind[:2]}-{n:07d}-{self.serial}"

    def holder(self, *, surname: str = "", home: list[tuple[float, str]] | None = None) -> _Holder:
        """A person with a life of things; some of them second-hand."""
        land = self.what.country
        who = _Holder(len(self.holders), self.one(GIVEN[land]), surname or self.one(SURNAMES[land]), int(self.dice.integers(1952, 2005)))
        if land == "BR" and not surname and self.luck(0.6):
            who.surname += " " + self.one(SURNAMES[land])
        for kind, stay in (("phone", 1_500), ("device", 900), ("home", 1_100), ("card", 1_300), ("payout", 4_000), ("email", 9_000)):
            who.held[kind] = home if kind == "home" and home else self.chain(kind, stay, who)
        self.holders.append(who)
        return who

    def chain(self, kind: str, stay: float, who: _Holder) -> list[tuple[float, str]]:
        day, chain = 0.0, []
        while day < DAYS:
            value = self.second_hand(kind, day) or self.thing(kind)
            if kind == "email":
                self.serial += 1
                word = f"{who.given.lower()}{who.surname.split()[0].lower()}"
                host = self.one(["mailbox.example", "gmail.com"])
                value = f"{word}{self.serial % 4000}@{host}"
                value = f"{word}x{self.serial}@{host}" if value in self.taken else value
                self.taken.add(value)
            chain.append((day, value))
            day += float(self.dice.exponential(stay)) + 30
            if kind in self.given_up and day < DAYS - 90:
                self.given_up[kind].append((day + {"phone": 60, "device": 10, "home": 8}[kind], value))
        return chain

    def second_hand(self, kind: str, day: float) -> str:
        pool = self.given_up.get(kind, [])
        if day < 100 or not pool or not self.luck({"phone": 0.25, "device": 0.08, "home": 0.12}[kind]):
            return ""
        ready = [n for n, (since, _) in enumerate(pool) if since <= day]
        return pool.pop(ready[0])[1] if ready else ""

    def open(self, who: _Holder, *, start: float | None = None, stop: float | None = None, role: str = "") -> _Row:
        begin = float(self.dice.uniform(0, DAYS - 40)) if start is None else min(start, DAYS - 5)
        end = min(DAYS - 1, begin + 30 + float(self.dice.gamma(1.3, 300))) if stop is None else min(stop, DAYS - 1)
        row = _Row(f"acc{len(self.rows):05d}", who, begin, max(end, begin + 1), role or ("pro" if self.luck(0.3) else "customer"))
        row.given, row.surname = who.given, who.surname
        row.jobs = float(self.dice.gamma(1.2, 3))
        self.rows.append(row)
        return row


def _ordinary(town: _Town) -> None:
    """Households, offices, assistants' desks, and people alone; some come back under a second account."""
    draw = float(town.dice.random())
    desks = 0.002 * town.what.agencies
    if draw < 0.07:
        first = town.holder()
        rows = [town.open(first)]
        for _ in range(1 + town.luck(0.3)):
            other = town.holder(surname=first.surname if town.luck(0.55) else "", home=first.held["home"])
            row = town.open(other)
            if town.luck(0.35):
                other.held["card"] = first.held["card"]
            if town.luck(0.2):
                row.line = first.now("phone", row.start)
            rows.append(row)
            town.innocents.append((rows[0].account, row.account, "home"))
    elif draw < 0.085:
        net, line = town.net(), town.thing("phone")
        rows = [town.open(town.holder(), role="pro") for _ in range(int(town.dice.integers(3, 9)))]
        for row in rows:
            row.office, row.line = net, line if town.luck(0.7) else ""
        town.innocents += [(rows[0].account, row.account, "office") for row in rows[1:]]
    elif draw < 0.085 + desks:
        desk = town.thing("device")
        rows = [town.open(town.holder(), role="pro") for _ in range(int(town.dice.integers(4, 12)))]
        for row in rows:
            row.desk = desk
        town.innocents += [(rows[0].account, row.account, "assistant") for row in rows[1:]]
    elif draw < 0.13 + desks:
        who = town.holder()
        first = town.open(who, start=float(town.dice.uniform(0, 500)))
        town.open(who, start=first.stop + float(town.dice.uniform(1, 90)), role=first.role)
    else:
        town.open(town.holder())


def _operator(town: _Town, ring: str, many: int, *, sink: str = "") -> list[_Row]:
    """One person's accounts: each later one gets a fresh thing of a kind as often as the operator's hygiene has it."""
    who = town.holder()
    clean = float(np.clip(town.what.hygiene + town.dice.normal(0, 0.15), 0, 0.9))
    day = float(town.dice.uniform(20, DAYS - 300))
    burst = many > 4
    rows: list[_Row] = []
    pools: dict[str, list[str]] = {kind: [who.now(kind, day)] for kind in ("phone", "device", "card", "payout", "home")}
    for n in range(many):
        stop = day + float(town.dice.uniform(10, 70) if burst else town.dice.uniform(60, 250))
        row = town.open(who, start=day, stop=stop, role="customer" if burst else "pro")
        for kind, pool in pools.items():
            if n and town.luck(clean if kind != "phone" or not burst else 0.95):
                pool.append(town.thing(kind))
            row.fresh[kind] = pool[-1] if not burst else town.one(pool)
        if n or burst:
            made = town.holder()
            row.fresh["email"] = (
                made.now("email", 0) if town.luck(0.7) else "".join(town.one(list("qwrtzpsdf")) for _ in range(9)) + "@mailbox.example"
            )
            if town.luck(clean):
                row.given, row.surname = made.given, made.surname
        if sink:
            row.fresh["payout"] = sink
        row.ring, row.veil = ring, burst or town.luck(clean / 2)
        row.jobs = 0.2 if burst else 2.0
        if burst and n and town.luck(0.3):
            row.referrer = rows[0].account
        row.removed = not burst and n < many - 1 and town.luck(0.7)
        day = day + float(town.dice.exponential(5)) if burst else (row.stop + float(town.dice.uniform(2, 45)) if row.removed else day + 30)
        rows.append(row)
    pros = [row for row in town.rows if row.role == "pro" and not row.ring]
    if burst and pros and town.luck(0.6):
        clients = [town.one(pros) for _ in range(3)]
        town.praise += [
            (row.account, town.one(clients).account, float(town.dice.uniform(row.start, row.stop))) for row in rows for _ in range(2)
        ]
    return rows


def stranger(what: Stranger) -> Made:
    """Make a market of the second make, with its truth."""
    town = _Town(what)
    wanted = what.operators * what.accounts
    while len(town.rows) < what.accounts - wanted:
        _ordinary(town)
    n = 0
    while len(town.rows) < what.accounts:
        n += 1
        kind = town.dice.random()
        if kind < 0.75:
            rows = _operator(town, f"r{n}", int(town.one([2, 2, 2, 3, 3, 4])))
        elif kind < 0.9:
            rows = _operator(town, f"r{n}", int(town.dice.integers(6, 25)))
        else:
            sink = town.thing("payout")
            rows = [row for _ in range(2) for row in _operator(town, f"r{n}", 2, sink=sink)]
        _near(town, rows)
    truth = pd.DataFrame(
        [(r.account, f"H{r.holder.number}", "guilty" if r.ring else "innocent", "", r.ring, what.country) for r in town.rows],
        columns=["account_id", "person_id", "part", "scheme", "group", "country"],
    )
    innocents = pd.DataFrame(town.innocents, columns=["account_a", "account_b", "reason"])
    return Made(_export(town), truth, innocents)


def _near(town: _Town, rows: list[_Row]) -> None:
    """Somebody who lives with the operator, and somebody who got an old number."""
    own = town.one(rows)
    if town.luck(0.5):
        mate = town.holder(home=own.holder.held["home"])
        row = town.open(mate)
        if town.luck(0.3):
            row.fresh["card"] = own.fresh["card"]
        town.innocents.append((*sorted((own.account, row.account)), "lives with"))  # type: ignore[arg-type]
    last = max(one.stop for one in rows if one.fresh["phone"] == own.fresh["phone"])
    if town.luck(0.4) and last < DAYS - 150:
        row = town.open(town.holder(), start=last + float(town.dice.uniform(50, 120)))
        row.fresh["phone"] = own.fresh["phone"]
        town.innocents.append((*sorted((own.account, row.account)), "number before"))  # type: ignore[arg-type]


def _moment(day: float) -> str:
    return (FIRST_DAY + dt.timedelta(days=day)).strftime("%Y-%m-%d %H:%M:%S+00:00")


def _export(town: _Town) -> dict[str, pd.DataFrame]:
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


def _uses(town: _Town, row: _Row) -> list[dict[str, Any]]:
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


def _logins(town: _Town, row: _Row) -> list[dict[str, Any]]:
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


def _work(town: _Town) -> dict[str, pd.DataFrame]:
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
