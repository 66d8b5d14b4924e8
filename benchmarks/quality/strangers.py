"""Markets of a third make, on which no figure was fitted: no schemes are planted, everything follows from who holds what when.

Every person lives through a chain of homes, handsets, numbers and cards; a number or a handset that is given up goes to somebody else.
Accounts see what their person holds at the moment. An *operator* is a person with several accounts and a hygiene: how often another
account gets a thing of its own. Crews are operators who cash out through one bank account: several persons, one ring.

`STRANGERS` says what each market is; they are for reporting only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.quality.strangertables import tables_of
from benchmarks.quality.written import Made

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
class Holder:
    """A person with what they hold, kind by kind, and since when."""

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
class Row:
    """An account, and what is taken fresh for it."""

    account: str
    holder: Holder
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


class Town:
    """The people, their things, and the accounts."""

    def __init__(self, what: Stranger):
        self.what, self.dice = what, np.random.default_rng(what.seed)
        self.given_up: dict[str, list[tuple[float, str]]] = {"phone": [], "device": [], "home": []}
        self.rows: list[Row] = []
        self.innocents: list[tuple[str, str, str]] = []
        self.holders: list[Holder] = []
        self.serial = 0
        self.taken: set[str] = set()
        self.carrier = [self.net() for _ in range(5)]
        self.veils = [self.net() for _ in range(4)]
        self.praise: list[tuple[str, str, float]] = []

    def luck(self, share: float) -> bool:
        """Draw yes or no."""
        return bool(self.dice.random() < share)

    def one(self, values: Any) -> Any:
        """Draw one."""
        return values[int(self.dice.integers(len(values)))]

    def net(self) -> str:
        """A network nobody had before."""
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

    def holder(self, *, surname: str = "", home: list[tuple[float, str]] | None = None) -> Holder:
        """A person with a life of things; some of them second-hand."""
        land = self.what.country
        who = Holder(len(self.holders), self.one(GIVEN[land]), surname or self.one(SURNAMES[land]), int(self.dice.integers(1952, 2005)))
        if land == "BR" and not surname and self.luck(0.6):
            who.surname += " " + self.one(SURNAMES[land])
        for kind, stay in (("phone", 1_500), ("device", 900), ("home", 1_100), ("card", 1_300), ("payout", 4_000), ("email", 9_000)):
            who.held[kind] = home if kind == "home" and home else self.chain(kind, stay, who)
        self.holders.append(who)
        return who

    def chain(self, kind: str, stay: float, who: Holder) -> list[tuple[float, str]]:
        """What a person holds of a kind, one after the other."""
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
        """A thing that somebody gave up before, or ""."""
        pool = self.given_up.get(kind, [])
        if day < 100 or not pool or not self.luck({"phone": 0.25, "device": 0.08, "home": 0.12}[kind]):
            return ""
        ready = [n for n, (since, _) in enumerate(pool) if since <= day]
        return pool.pop(ready[0])[1] if ready else ""

    def open(self, who: Holder, *, start: float | None = None, stop: float | None = None, role: str = "") -> Row:
        """An account of a person."""
        begin = float(self.dice.uniform(0, DAYS - 40)) if start is None else min(start, DAYS - 5)
        end = min(DAYS - 1, begin + 30 + float(self.dice.gamma(1.3, 300))) if stop is None else min(stop, DAYS - 1)
        row = Row(f"acc{len(self.rows):05d}", who, begin, max(end, begin + 1), role or ("pro" if self.luck(0.3) else "customer"))
        row.given, row.surname = who.given, who.surname
        row.jobs = float(self.dice.gamma(1.2, 3))
        self.rows.append(row)
        return row


def _ordinary(town: Town) -> None:
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


def _operator(town: Town, ring: str, many: int, *, sink: str = "") -> list[Row]:
    """One person's accounts: each later one gets a fresh thing of a kind as often as the operator's hygiene has it."""
    who = town.holder()
    clean = float(np.clip(town.what.hygiene + town.dice.normal(0, 0.15), 0, 0.9))
    day = float(town.dice.uniform(20, DAYS - 300))
    burst = many > 4
    rows: list[Row] = []
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
    town = Town(what)
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
    return Made(tables_of(town), truth, innocents)


def _near(town: Town, rows: list[Row]) -> None:
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
