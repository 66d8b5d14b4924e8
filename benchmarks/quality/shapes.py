"""Made-up markets of another make than `tnskit sample`: people first, one by one, each market of its own shape.

The toolkit's own generator was seen while the rules were set, so its figures flatter. This one shares no code and no
habits with it: networks change hands every few months, devices have ids of another form, people own two devices, farms
and rings are run in other ways, and every market has its own prevalence, households, carriers, care, dirt and tables.

`SHAPES` says what each market is; `TUNED` names those that were looked at, with other seeds, while the rules were set.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

import numpy as np

DAY0 = dt.datetime(2023, 3, 1, tzinfo=dt.UTC)
SPAN = 900
"""Days from the first account to the export."""

FIRST = {
    "US": "Abel Bonnie Curtis Dana Elmer Faye Gavin Hattie Isaac Jolene Kirk Lorna Milton Nadia Otis Paula Quincy Rhea Silas Thea Ulric "
    "Vera Wade Xena Yvette Zane Marlow Tessa Boyd Greta Hollis Ingrid Jasper Keely Lyle Mona".split(),
    "MX": "Ximena Rodrigo Itzel Emiliano Regina Santiago Jimena Leonardo Renata Octavio Paloma Ulises Yolanda Efrain Graciela Homero "
    "Irma Joel Karina Lorenzo Marisol Nestor Ofelia Porfirio".split(),
    "BR": "Thiago Larissa Caio Bruna Davi Leticia Enzo Yasmin Murilo Rafaela Otavio Bianca Vinicius Talita Igor Luana Heitor Flavia "
    "Renan Sabrina Everton Ivone Jonas Kelly".split(),
}  # fmt: skip
LAST = {
    "US": "Abbott Barlow Crane Dalton Ellery Finch Garrison Hobbs Ingram Jarvis Kemper Lockwood Merritt Norris Osgood Pruitt Quigley "
    "Rollins Sawyer Tilden Upshaw Vickers Whitlow Yates Zeller Ashby Beckett Coburn Draper Easton Fulton Gorman Holt Ivers Judd Kline "
    "Smith Smith Smith Johnson Johnson Brown Brown Jones Davis".split(),
    "MX": "Barrera Cisneros Dominguez Esparza Figueroa Galindo Huerta Ibarra Juarez Lozano Medrano Navarro Ochoa Palacios Quintero "
    "Rosales Salgado Trejo Urbina Valdez Zamora Hernandez Hernandez Garcia Garcia Martinez Lopez".split(),
    "BR": "Azevedo Barros Cardoso Duarte Esteves Furtado Guedes Lacerda Macedo Nogueira Peixoto Queiroz Rezende Siqueira Teles Uchoa "
    "Vasconcelos Xavier Silva Silva Silva Santos Santos Souza".split(),
}  # fmt: skip
STREETS = (
    "Birch Cedar Dogwood Elm Fir Grove Hazel Ivy Juniper Laurel Maple Nectar Olive Poplar Quarry Rowan Spruce Tamarack Upland Vine".split()
)
NET = {"home": "residential", "mobile": "mobile", "cgnat": "cgnat", "office": "business", "campus": "education", "cafe": "residential",
       "vpn": "relay_vpn", "host": "hosting"}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """What a market is like.

    Attributes:
        seed: What it is drawn from.
        accounts: About how many.
        guilt: Share of accounts in schemes.
        family: Share of accounts in households of two and more.
        cgnat: Share of homes behind a carrier's shared addresses.
        care: 0 to 1, how little an evader reuses.
        dirt: 0 to 1, how badly values are typed.
        country: `US`, `MX`, `BR`, or `mix`.
        tables: `full`; `long` (accounts and identifiers only); `nameless`; `plain` (logins without kind of network, nothing verified);
            `quiet` (no jobs, reviews, actions).
        crowd: 0 to 1, how many offices, campuses, cafes, call centres there are.
        wit: 0 to 1, how well farms and rings hide (own devices, VPN, burner phones).
    """

    seed: int
    accounts: int = 2_000
    guilt: float = 0.05
    family: float = 0.15
    cgnat: float = 0.1
    care: float = 0.3
    dirt: float = 0.1
    country: str = "US"
    tables: str = "full"
    crowd: float = 0.5
    wit: float = 0.4


def _shapes() -> dict[str, Shape]:
    base = Shape(0)
    rows = [
        {}, {"guilt": 0.1}, {"guilt": 0.015}, {"family": 0.4}, {"cgnat": 0.6}, {"care": 0.8}, {"dirt": 0.5},
        {"country": "MX", "cgnat": 0.5}, {"country": "BR", "cgnat": 0.4, "dirt": 0.3}, {"country": "mix"}, {"tables": "long"},
        {"tables": "nameless"}, {"tables": "plain"}, {"tables": "quiet"}, {"crowd": 1.0, "guilt": 0.03}, {"wit": 0.9}, {"wit": 0.0},
        {"tables": "plain", "country": "mix", "cgnat": 0.5}, {"tables": "long", "family": 0.35, "crowd": 0.9},
        {"family": 0.35, "crowd": 0.9, "care": 0.7},
        {"guilt": 0.12, "wit": 0.8, "care": 0.6}, {"tables": "nameless", "country": "BR"}, {"country": "mix", "family": 0.3, "dirt": 0.4},
        {"tables": "quiet", "care": 0.6, "wit": 0.6},
    ]  # fmt: skip
    return {f"shape-{n:02}": replace(base, seed=900 + n, **row) for n, row in enumerate(rows)}


SHAPES: dict[str, Shape] = _shapes()
TUNED = tuple(SHAPES)
"""Shapes whose settings were looked at while the rules were set, with seeds from 100 to 299; never with the seeds above."""


@dataclass(eq=False)
class _Person:
    number: int
    country: str
    first: str
    last: str
    birth: int
    home: _Home
    phone: str = ""
    email: str = ""
    devices: list[str] = field(default_factory=list)
    card: str = ""
    payout: str = ""
    office: str = ""
    cafe: str = ""
    vpn: float = 0.0


@dataclass(eq=False)
class _Home:
    line: str
    unit: str
    postal: str
    nets: list[str]
    shared: bool


@dataclass(eq=False)
class _Account:
    name: str
    person: _Person
    role: str
    start: float
    stop: float
    part: str = "innocent"
    scheme: str = ""
    group: str = ""
    shown: tuple[str, str] = ("", "")
    birth: int = 0
    jobs: float = 2.0
    removed: float | None = None
    referrer: str = ""
    uses: list[tuple[str, str, float, float, str, bool]] = field(default_factory=list)
    """Kind, value, first and last day, class, whether it was verified."""
    visits: int = 8
    devices: list[tuple[str, float]] = field(default_factory=list)
    vpn: float = 0.0
    home: _Home | None = None
    licence: str = ""
    business: str = ""
    disputes: int = 0
    places: list[tuple[str, str, float]] = field(default_factory=list)


class Maker:
    """Makes one market of a shape."""

    def __init__(self, shape: Shape):
        self.shape = shape
        self.draw = np.random.default_rng(shape.seed)
        self.people: list[_Person] = []
        self.accounts: list[_Account] = []
        self.innocents: list[tuple[str, str, str]] = []
        self.reviews: list[tuple[str, str, float]] = []
        self.count = 0
        self.taken: set[str] = set()
        self.pools = {kind: [self.address() for _ in range(6)] for kind in ("mobile", "cgnat", "vpn", "host")}

    def chance(self, share: float) -> bool:
        """Draw yes or no."""
        return bool(self.draw.random() < share)

    def pick(self, values: list[str]) -> str:
        """Draw one."""
        return values[int(self.draw.integers(len(values)))]

    def fresh(self, kind: str) -> str:
        """Give a value that nobody has yet, in a large market neither."""
        while (found := self.drawn(kind)) in self.taken:
            pass
        self.taken.add(found)
        return found

    def drawn(self, kind: str) -> str:
        """Draw a value; phones come back after some tens of thousands."""
        self.count += 1
        n = self.count * 7_919 % 9_999_991
        tail = f"{n:07d}"
        if kind == "phone":
            return {"US": f"+1614{2 + n % 8}{tail[1:]}", "MX": f"+5233{1 + n % 9}{tail}", "BR": f"+55119{8}{tail}"}[self.land()]
        if kind == "device":
            return f"{n * 2_654_435_761 % 2**32:08x}-{self.count:04x}-4{n % 4096:03x}"
        return {"card": f"tok_{n:07d}c{self.count}", "payout": f"acct-{n:07d}p{self.count}", "person": f"P{n}"}[kind]

    def land(self) -> str:
        """Draw a country."""
        return self.pick(["US", "US", "MX", "BR"]) if self.shape.country == "mix" else self.shape.country

    def address(self) -> str:
        """Give a public address that nobody has yet."""
        self.count += 1
        return f"{23 + self.count // 60_000 % 60}.{self.count // 240 % 250}.{self.count % 240 + 5}.{int(self.draw.integers(2, 250))}"

    def home(self, *, block: bool | None = None) -> _Home:
        """Make a home with its networks over time."""
        self.count += 1
        flat = self.chance(0.45) if block is None else block
        shared = self.chance(self.shape.cgnat)
        many = int(self.draw.integers(2, 6))
        nets = [self.pick(self.pools["cgnat"]) if shared else self.address() for _ in range(many)]
        line = f"{self.count % 899 + 100} {self.pick(STREETS)}{self.count % 97} Avenue"
        return _Home(line, str(int(self.draw.integers(1, 40))) if flat else "", f"{43000 + self.count % 900}", nets, shared)

    def person(self, home: _Home | None = None, *, last: str = "") -> _Person:
        """Make a person."""
        self.count += 1
        land = self.land()
        surname = last or self.pick(LAST[land]) + (f" {self.pick(LAST[land])}" if land != "US" and self.chance(0.7) else "")
        one = _Person(len(self.people), land, self.pick(FIRST[land]), surname, int(self.draw.integers(1950, 2004)), home or self.home())
        one.phone, one.card, one.payout = self.fresh("phone"), self.fresh("card"), self.fresh("payout")
        one.devices = [self.fresh("device") for _ in range(1 + self.chance(0.4))]
        word = one.first.lower() if self.chance(0.7) else "".join(self.pick(list("abcdefghkmnprst")) for _ in range(7))
        name, host = f"{word}.{one.last.split()[0].lower()}", self.pick(["post.example", "inbox.example", "gmail.com"])
        one.email = f"{name}{self.count % 1000}@{host}"
        one.email = f"{name}x{self.count}@{host}" if one.email in self.taken else one.email
        self.taken.add(one.email)
        one.vpn = 0.5 if self.chance(0.12) else 0.0
        self.people.append(one)
        return one

    def account(self, person: _Person, *, role: str = "", start: float | None = None, stop: float | None = None) -> _Account:
        """Open an account with a person's own things."""
        begin = float(self.draw.uniform(0, SPAN - 60)) if start is None else start
        end = min(SPAN - 1.0, begin + 20 + float(self.draw.exponential(420))) if stop is None else stop
        one = _Account(f"U{len(self.accounts):06d}", person, role or ("pro" if self.chance(0.25) else "customer"), begin, end)
        one.shown, one.birth, one.home, one.vpn = (person.first, person.last), person.birth, person.home, person.vpn
        one.jobs = float(self.draw.gamma(1.0, 3.0))
        one.devices = [(device, 1.0) for device in person.devices]
        one.visits = 4 + int(self.draw.poisson(8))
        self.accounts.append(one)
        return one

    def own(self, one: _Account, *, but: tuple[str, ...] = ()) -> None:
        """Let an account use what its person owns, save some kinds."""
        span = (one.start, one.stop)
        person = one.person
        for kind, value in (("phone", person.phone), ("email", person.email), ("card", person.card), ("payout", person.payout)):
            if kind not in but and (kind != "payout" or one.role == "pro") and (kind != "card" or self.chance(0.85)):
                one.uses.append((kind, value, *span, "", True))
        if "address" not in but and one.home:
            one.uses.append(("address", "", *span, "", True))

    def plain(self) -> None:
        """One person, one account."""
        self.own(self.account(self.person()))

    def linked(self, a: _Account, b: _Account, why: str) -> None:
        """Remember an innocent pair."""
        self.innocents.append((*sorted((a.name, b.name)), why))
