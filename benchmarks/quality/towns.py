"""People, the things they carry, and why innocents of `unseen` share them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

LENGTH = 820.0
COST = ("email", "card", "phone", "device", "net", "home", "payout")
"""What an abuser renews first to last: a mailbox is free, a bank account needs a person."""

FIRST = {
    "US": "Amos Bettina Clyde Deirdre Edwin Flora Glenn Hazel Ivan Judith Kenneth Lydia Marvin Noreen Oscar Pearl Randall Selma Troy "
    "Ursula Vernon Wanda Yolanda Zachary Kendra Lamar Tamika Devon".split(),
    "MX": "Alejandra Benito Citlali Damian Elvira Fermin Guadalupe Hector Ines Julian Lourdes Mauricio Nayeli Osvaldo Pilar Raul Silvia "
    "Teodoro Veronica Wendy".split(),
    "BR": "Aline Benedito Camila Douglas Eliane Fabricio Giovana Humberto Isadora Josue Livia Marcos Neusa Orlando Patricia Rogerio Simone "
    "Tatiane Ubirajara Vanessa".split(),
    "CO": "Andres Blanca Camilo Dayana Esteban Fabiola German Hilda Ismael Jenny Kevin Luz Manuel Nidia Oscar Paola Ricardo Sandra Tulio "
    "Viviana".split(),
}  # fmt: skip
LAST = {
    "US": "Atkins Bowers Carmichael Dixon Everett Fields Gaines Hatfield Irwin Jennings Knox Lowery Maddox Nash Orr Pittman Rhodes Sykes "
    "Thornton Vance Whitaker York Smith Smith Johnson Williams Brown Nguyen Nguyen Patel Lee".split(),
    "MX": "Aguilar Bautista Cervantes Duran Escobedo Fuentes Gallegos Hinojosa Jaramillo Luna Mejia Nava Ortiz Pacheco Rangel Solis Tovar "
    "Villa Garcia Garcia Hernandez Hernandez Martinez Lopez Gonzalez".split(),
    "BR": "Amaral Brito Camargo Diniz Fagundes Guimaraes Leal Machado Neves Paiva Queiroga Ribeiro Sales Toledo Viana Silva Silva Santos "
    "Santos Oliveira Souza Lima".split(),
    "CO": "Arango Bedoya Cardona Echeverri Giraldo Henao Londono Marin Ospina Posada Restrepo Salazar Uribe Vargas Rodriguez Rodriguez "
    "Gomez Lopez Martinez".split(),
}  # fmt: skip


@dataclass(frozen=True)
class Town:
    """What a market is like.

    Attributes:
        seed: What it is drawn from.
        accounts: About how many.
        abuse: Share of accounts in schemes.
        homes: Share of accounts in homes of two and more.
        carrier: Share of homes behind shared carrier addresses.
        care: 0 to 1, how much of a budget abusers have for fresh things.
        dirt: 0 to 1, how badly values are typed.
        land: `US`, `MX`, `BR`, `CO` or `all`.
        export: `full`, `unchecked` (nothing about verification or class of network), `thin` (no work, reviews, sanctions) or `long`.
        places: 0 to 1, how many firms, schools, cafés, desks there are.
        mix: Weights of the schemes, in the order of `unseen.SCHEMES`.
    """

    seed: int
    accounts: int = 2_000
    abuse: float = 0.05
    homes: float = 0.15
    carrier: float = 0.2
    care: float = 0.4
    dirt: float = 0.15
    land: str = "US"
    export: str = "full"
    places: float = 0.5
    mix: tuple[float, ...] = (4, 2, 2, 1, 1, 1, 1)


@dataclass(eq=False)
class Person:
    """Somebody with a wallet of things, by kind."""

    number: int
    land: str
    given: str
    family: str
    born: int
    things: dict[str, str]


@dataclass(eq=False)
class Account:
    """What one account is, holds and does."""

    name: str
    who: Person
    start: float
    stop: float
    role: str
    things: dict[str, str]
    given: str
    family: str
    ring: str = ""
    scheme: str = ""
    also: list[tuple[str, str, float]] = field(default_factory=list)
    """Kind, value, and the share of visits (device, net) or 1."""
    work: float = 2.0
    voip: bool = False
    prepaid: bool = False
    veil: float = 0.0
    removed: bool = False
    disputes: int = 0
    came_by: str = ""
    firm: str = ""
    visits: int = 8
    born: int | None = None


class Make:
    """Makes one market."""

    def __init__(self, town: Town):
        self.town, self.dice = town, np.random.default_rng(town.seed)
        self.people: list[Person] = []
        self.accounts: list[Account] = []
        self.innocents: list[tuple[str, str, str]] = []
        self.praise: list[tuple[Account, Account, float]] = []
        self.made = 0
        self.boxes: set[str] = set()
        self.carriers = [self.fresh("net") for _ in range(6)]
        self.mobile = [self.fresh("net") for _ in range(5)]
        self.proxies = [self.fresh("net") for _ in range(8)]

    def yes(self, share: float) -> bool:
        """Draw yes or no."""
        return bool(self.dice.random() < share)

    def of(self, values: Any) -> Any:
        """Draw one."""
        return values[int(self.dice.integers(len(values)))]

    def days(self, low: float, high: float) -> float:
        """Draw a number of days."""
        return float(self.dice.uniform(low, high))

    def fresh(self, kind: str) -> str:
        """Give a value nobody had before."""
        self.made += 1
        n = (self.made * 104_729 + 17) % 9_999_991
        return {
            "phone": f"{n:07d}", "card": f"fp_{n:x}{self.made}", "payout": f"bk{n}x{self.made}", "device": f"{n:07x}.{self.made}",
            "net": f"{81 + self.made % 60}.{self.made // 60 % 250}.{n % 250}.{self.made % 239 + 3}",
            "tax": f"{n:07d}{self.made % 90 + 10}",
            "email": f"{n:x}{self.made}",
            "home": f"{self.made % 9000 + 100} {self.of(['Aspen', 'Bay', 'Canal', 'Dover', 'Erie', 'Ferry'])} "
            f"{self.of(['Street', 'Road', 'Lane'])}|{int(self.dice.integers(1, 90)) if self.yes(0.5) else ''}|{10_000 + n % 80_000}",
        }[kind]  # fmt: skip

    def person(self, mate: Person | None = None, *, family: bool = False) -> Person:
        """Somebody with a wallet of things; `mate` shares the home and its network."""
        land = mate.land if mate else self.of(["US", "US", "MX", "BR", "CO"]) if self.town.land == "all" else self.town.land
        surname = " ".join(self.of(LAST[land]) for _ in range(1 if land == "US" or self.yes(0.3) else 2))
        things = {kind: self.fresh(kind) for kind in COST}
        if self.yes(self.town.carrier):
            things["net"] = self.of(self.carriers)
        if mate:
            things |= {"home": mate.things["home"], "net": mate.things["net"]}
        one = Person(len(self.people), land, self.of(FIRST[land]), mate.family if mate and family else surname,
                      int(self.dice.integers(1948, 2006)), things)  # fmt: skip
        word = self.of([one.given.lower(), one.given[:1].lower(), self.of("sunny blue the_real mr casa dona big".split())])
        one.things["email"] = f"{word}{self.of(['.', '_', ''])}{one.family.split()[0].lower()}{self.made % 700}"
        if one.things["email"] in self.boxes:  # in a large market somebody has it: no two people are given one mailbox
            one.things["email"] += f"x{self.made}"
        self.boxes.add(one.things["email"])
        self.people.append(one)
        return one

    def open(self, who: Person, *, start: float | None = None, stop: float | None = None, role: str = "") -> Account:
        """An account with the person's own things."""
        begin = self.days(0, LENGTH - 30) if start is None else min(max(start, 0.0), LENGTH - 12)
        end = begin + 15 + float(self.dice.weibull(0.9) * 330) if stop is None else stop
        one = Account(f"M{7_000_000 + len(self.accounts) * 13}", who, begin, min(max(end, begin + 2), LENGTH - 0.5),
                       role or ("pro" if self.yes(0.28) else "customer"), dict(who.things), who.given, who.family)  # fmt: skip
        one.work, one.visits, one.veil = float(self.dice.gamma(1.1, 2.6)), 3 + int(self.dice.poisson(9)), 0.6 if self.yes(0.09) else 0.0
        one.born = who.born
        self.accounts.append(one)
        return one

    def two(self, a: Account, b: Account, why: str) -> None:
        """Remember that two accounts are two people's."""
        self.innocents.append((*sorted((a.name, b.name)), why))  # type: ignore[arg-type]


def home(m: Make) -> None:
    first = m.person()
    one = m.open(first)
    tablet = m.fresh("device")
    for _ in range(1 + m.yes(0.3)):
        kin = m.yes(0.65)
        other = m.open(m.person(first, family=kin and m.yes(0.7)))
        if kin and m.yes(0.35):
            other.things["card"] = one.things["card"]
        if kin and m.yes(0.15):
            other.also.append(("phone", one.things["phone"], 1))
        if kin and m.yes(0.25):
            one.also.append(("device", tablet, 0.3))
            other.also.append(("device", tablet, 0.4))
        if kin and m.yes(0.1):
            other.given = first.given  # a parent and child of one name
        m.two(one, other, "family" if kin else "roof")


def place(m: Make) -> None:
    """A firm, a school, a café, a desk, a payroll, a brand."""
    kind = m.of(["firm", "firm", "school", "cafe", "desk", "payroll", "brand", "counter"])
    net, line, device, card, bank, tax = (m.fresh(k) for k in ("net", "phone", "device", "card", "payout", "tax"))
    pro = kind not in ("school", "cafe", "counter")
    many = int(m.dice.integers(2, 6) if kind in ("firm", "brand") else m.dice.integers(3, 13))
    rows = [m.open(m.person(), role="pro" if pro else "") for _ in range(many)]
    told = m.yes(0.4)
    for n, row in enumerate(rows):
        if kind in ("firm", "school", "cafe"):
            row.also.append(("net", net, m.days(0.2, 0.6)))
        if kind == "firm":
            row.firm = f"F{tax}" if told else ""
            row.also += [("phone", line, 1)] * m.yes(0.7) + [("card", card, 1)] * m.yes(0.35) + [("tax_id", tax, 1)] * m.yes(0.4)
        if kind == "brand":
            row.also += [("tax_id", tax, 1), ("phone", line, 1)][: 1 + m.yes(0.4)]
        if kind == "desk":
            row.also.append(("device", device, m.days(0.15, 0.5)))
            row.also += [("card", card, 1)] * m.yes(0.3)
        if kind == "payroll":
            row.things["payout"] = bank
        if kind == "counter":
            row.also.append(("device", device, m.days(0.1, 0.4)))
        if kind == "school" and n and m.yes(0.4):
            row.came_by, row.start = rows[0].name, min(rows[0].start + m.days(0, 20), LENGTH - 20)
            row.stop = max(row.stop, row.start + 5)
        if n:
            m.two(rows[0], row, kind)


def passed_on(m: Make) -> None:
    """A number, a handset or a flat that somebody else has afterwards; a gift card."""
    one = m.open(m.person(), stop=None)
    kind = m.of(["phone", "phone", "device", "home", "card"])
    gap = {"phone": m.days(50, 200), "device": m.days(1, 40), "home": m.days(5, 60), "card": m.days(0, 60)}[kind]
    if one.stop + gap > LENGTH - 20:
        return
    other = m.open(m.person(), start=one.stop + gap)
    other.things[kind] = one.things[kind]
    m.two(one, other, f"handed {kind}")


def again(m: Make) -> None:
    """One person with two accounts and no harm in it: a forgotten password, a customer who became a pro."""
    who = m.person()
    first = m.open(who, start=m.days(0, LENGTH - 250))
    second = m.open(who, start=first.start + m.days(20, 220), role=m.of(["", "pro"]))
    for kind in COST:
        if m.yes(0.3):
            second.things[kind] = m.fresh(kind)
