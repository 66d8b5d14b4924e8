"""The made-up world: a mint for phones, cards, banks, devices, networks and addresses; people; accounts."""

from dataclasses import dataclass, field

import numpy as np

END = 730.0  # the export day, in days since 2024-07-01 00:00 UTC
# city: country, region, first digits of the post code, area codes, zone, hours from UTC, share
CITIES = {
    "Boston": ("US", "MA", "021", ("617", "857"), "America/New_York", -5, 3),
    "Newark": ("US", "NJ", "071", ("973", "862"), "America/New_York", -5, 2),
    "Miami": ("US", "FL", "331", ("305", "786"), "America/New_York", -5, 3),
    "Chicago": ("US", "IL", "606", ("312", "773"), "America/Chicago", -6, 3),
    "Austin": ("US", "TX", "787", ("512", "737"), "America/Chicago", -6, 2),
    "El Paso": ("US", "TX", "799", ("915",), "America/Denver", -7, 2),
    "San Diego": ("US", "CA", "921", ("619", "858"), "America/Los_Angeles", -8, 3),
    "Seattle": ("US", "WA", "981", ("206",), "America/Los_Angeles", -8, 2),
    "Tijuana": ("MX", "BC", "220", ("664", "663"), "America/Tijuana", -8, 3),
    "Ciudad Juárez": ("MX", "CHH", "320", ("656",), "America/Ciudad_Juarez", -7, 3),
    "Monterrey": ("MX", "NLE", "640", ("81",), "America/Monterrey", -6, 2),
    "São Paulo": ("BR", "SP", "013", ("11",), "America/Sao_Paulo", -3, 5),
    "Recife": ("BR", "PE", "500", ("81",), "America/Recife", -3, 2),
    "Curitiba": ("BR", "PR", "800", ("41",), "America/Sao_Paulo", -3, 2),
    "Lisboa": ("PT", "11", "110", ("91", "96", "93"), "Europe/Lisbon", 0, 3),
}
HOME_ISP = {
    "US": [(7922, "Comcast", 73), (20115, "Charter", 71), (7018, "AT&T", 107)],
    "MX": [(8151, "Telmex", 187), (13999, "Megacable", 189)],
    "BR": [(28573, "Claro", 177), (27699, "Vivo", 179), (262907, "Brisanet", 168)],
    "PT": [(3243, "MEO", 85), (2860, "NOS", 89)],
}
CARRIERS = {
    "US": [(21928, "T-Mobile", 172 * 256 + 56), (6167, "Verizon Wireless", 174 * 256 + 192), (20057, "AT&T Mobility", 107 * 256 + 77)],
    "MX": [(28403, "Telcel", 187 * 256 + 213), (28469, "AT&T MX", 189 * 256 + 203)],
    "BR": [(26615, "TIM", 191 * 256 + 56), (26599, "Vivo Movel", 179 * 256 + 240)],
    "PT": [(12353, "Vodafone PT", 85 * 256 + 245)],
}
VPNS = [
    (9009, "M247", 146 * 256 + 70),
    (212238, "Datacamp", 89 * 256 + 187),
    (60068, "CDN77", 185 * 256 + 156),
    (36352, "Relay egress", 104 * 256 + 28),
]
HOSTS = [(16509, "Amazon", 52 * 256 + 90), (14061, "DigitalOcean", 167 * 256 + 99)]
PHONES_MODELS = [("ios", m) for m in ("iPhone12,1", "iPhone13,2", "iPhone14,5", "iPhone15,4")] + [
    ("android", m) for m in ("SM-A145M", "SM-S911U", "moto g(20)", "Redmi Note 12", "Pixel 7", "SM-A047F")
]
STREETS = {
    "US": "Main St|Oak Ave|Maple Dr|Washington Blvd|Park Pl|Elm St|2nd Ave|Cedar Ln|Lake Rd|MLK Jr Blvd|Church St|Hill Rd",
    "MX": "Av. Revolución|Calle Benito Juárez|Blvd. Agua Caliente|Calle Hidalgo|Av. Constitución|Calle 16 de Septiembre",
    "BR": "Rua das Flores|Av. Paulista|Rua Sete de Setembro|Rua São João|Av. Boa Viagem|Travessa da Paz",
    "PT": "Rua Augusta|Av. da Liberdade|Rua do Carmo|Rua de São Bento",
}


def hash_code(text):
    out = 1469598103934665603
    for c in text.encode():
        out = (out ^ c) * 1099511628211 % 2**63
    return out


@dataclass(eq=False)
class Phone:
    """A number."""

    country: str
    number: str  # national digits
    line: str = "mobile"


@dataclass(eq=False)
class Card:
    """A card, or a wallet on it."""

    fp: str
    bin: str
    last4: str
    exp: tuple
    funding: str = "debit"
    kind: str = "card"


@dataclass(eq=False)
class Bank:
    """An account that is paid into."""

    token: str
    last4: str
    country: str


@dataclass(eq=False)
class Device:
    """An install, a cookie or a browser print."""

    id: str
    kind: str
    platform: str
    model: str
    agent: str
    emulator: bool = False
    portable: bool = True


@dataclass(eq=False)
class Address:
    """A street address."""

    line1: str
    unit: str
    city: str
    postal: str
    mail_agent: bool = False


@dataclass(eq=False)
class Use:
    """A thing used by an account over a time; weight is how often."""

    thing: object
    first: float
    last: float
    weight: float = 1.0
    note: str = ""


@dataclass(eq=False)
class Person:
    """Somebody, with what they carry (`kit`)."""

    id: str
    city: str
    name: dict
    born: int
    home: int  # network
    address: Address
    carrier: int  # network
    kit: dict = field(default_factory=dict)
    abuser: bool = False
    accounts: list = field(default_factory=list)
    hour: float = 14.0


@dataclass(eq=False)
class Account:
    """An account and what was used on it, by kind."""

    id: str
    person: Person
    role: str
    created: float
    until: float  # last activity
    name: dict
    uses: dict
    ring: str = ""
    story: str = ""
    status: str = "active"
    closed: float = float("nan")
    referrer: str = ""
    business: str = ""
    licence: str = ""
    merged_into: str = ""
    trade: str = "cleaning"
    taken: float = float("nan")  # taken over on this day

    def end(self, day):
        """Close the account on this day, and every use with it."""
        self.until = max(day, self.created + 0.3)
        for uses in self.uses.values():
            for use in uses:
                use.first, use.last = min(use.first, self.until), min(use.last, self.until)

    def add(self, kind, thing, first=None, last=None, weight=1.0, note=""):
        """Note that a thing was used, within the account's life."""
        first = self.created if first is None else max(first, self.created)
        last = self.until if last is None else min(last, self.until)
        if last >= first:
            self.uses.setdefault(kind, []).append(Use(thing, first, last, weight, note))


class World:
    """Everything that exists, and the dice."""

    def __init__(self, seed, accounts, s):
        self.rng = np.random.default_rng([int(seed), 606])
        self.s, self.size = s, accounts
        self.people, self.accounts, self.groups = [], [], []
        self.seen, self.nets = set(), []
        self.recent = END - s["login_days"]  # logins before this day are gone
        cities = [c for c, v in CITIES.items() if v[0] in s["countries"]]
        share = np.array(
            [
                s["countries"][CITIES[c][0]] * CITIES[c][6] / sum(CITIES[d][6] for d in cities if CITIES[d][0] == CITIES[c][0])
                for c in cities
            ]
        )
        if s["campus"] > 0.2:  # a university town is mostly one town
            share[0] *= 6
        self.cities, self.city_share = cities, share / share.sum()
        self.carriers = {c: self._carriers(c) for c in cities}
        self.vpns = [self.net("relay_vpn", a, "US", "", b << 16, max(6, accounts // 150), mode="account", org=o) for a, o, b in VPNS]
        self.hosts = [self.net("hosting", a, "US", "", b << 16, 12, mode="account", org=o) for a, o, b in HOSTS]

    def _carriers(self, city):
        rows, country = CARRIERS[CITIES[city][0]], CITIES[city][0]
        per = self.size * self.city_share[self.cities.index(city)] / len(rows)
        pool = max(3, int(per * 8 / 25))  # trade figure: 5-60 accounts on a carrier address
        return [
            self.net("mobile", a, country, city, (b << 16) + 4096 * self.cities.index(city), pool, mode="account", org=o)
            for a, o, b in rows
        ]

    # --- dice
    def chance(self, p):
        """Throw a coin."""
        return self.rng.random() < p

    def pick(self, items):
        """Draw one of them."""
        return items[int(self.rng.integers(len(items)))]

    def weighted(self, table):
        """Draw a key by its weight."""
        keys, values = list(table), np.array(list(table.values()), float)
        return keys[int(self.rng.choice(len(keys), p=values / values.sum()))]

    def between(self, a, b):
        """Draw a number between two; the first one where they are the wrong way round."""
        return float(self.rng.uniform(a, max(a, b)))

    def token(self, prefix="", n=12):
        """Mint hex digits."""
        return prefix + self.rng.bytes((n + 1) // 2).hex()[:n]

    def digits(self, n):
        """Mint decimal digits."""
        return "".join(map(str, self.rng.integers(0, 10, n)))

    # --- the mint
    def net(self, kind, asn, country, city, base, span, mode="static", lease=400.0, v6=False, org="", reason=""):
        """Open a network and give its number."""
        self.nets.append(
            {
                "kind": kind,
                "asn": asn,
                "country": country,
                "city": city,
                "base": int(base),
                "span": int(span),
                "mode": mode,
                "lease": lease,
                "v6": v6,
                "org": org,
                "reason": reason,
            }
        )
        return len(self.nets) - 1

    def home_net(self, city):
        """Open a home line, by chance behind a shared carrier address."""
        country = CITIES[city][0]
        asn, org, first = self.pick(HOME_ISP[country])
        base = (first << 24) + ((self.cities.index(city) * 7 + 16) << 16)
        if self.chance(self.s["fixed_cgnat"]):
            return self.net(
                "residential",
                asn,
                country,
                city,
                base + 16 * self.size + 1000,
                max(4, self.size // 220),
                "lease",
                1.0,
                org=org,
                reason="fixed-line carrier NAT",
            )
        lease = self.pick([2.0, 12.0, 45.0, 120.0, 400.0, 400.0])
        return self.net("residential", asn, country, city, base, 16 * self.size, "lease", lease, self.chance(self.s["ipv6"]), org)

    def site_net(self, kind, city, span=1, reason="", org="Business line"):
        """Open the line of a business or a school."""
        country = CITIES[city][0]
        asn = self.pick(HOME_ISP[country])[0] if kind == "business" else 18 if kind == "education" else 7018
        base = (self.pick([12, 50, 64, 96]) << 24) + (int(self.rng.integers(1, 250)) << 16) + int(self.rng.integers(0, 65000))
        return self.net(kind, asn, country, city, base, span, "account" if span > 1 else "static", org=org, reason=reason)

    def phone(self, city, line="mobile"):
        """Mint a number that nobody had."""
        country, codes = CITIES[city][0], CITIES[city][3]
        while True:
            code = self.pick(codes) if line != "voip" or country != "US" else self.pick(["332", "628", "838", "659", *codes])
            if country == "US":
                number = code + str(self.rng.integers(200, 999)) + self.digits(4)
            elif country == "BR":
                number = code + ("9" if line != "landline" else "3") + self.digits(8 if line != "landline" else 7)
            else:
                number = code + self.digits((10 if country == "MX" else 9) - len(code))
            if number not in self.seen and number[3:6] != "555":
                self.seen.add(number)
                return Phone(country, number, line)

    def card(self, country, funding=None):
        """Mint a card."""
        bins = {
            "US": ["414720", "440066", "524306", "377481", "426684"],
            "MX": ["415231", "547046", "455511"],
            "BR": ["516292", "550209", "498406"],
            "PT": ["476173"],
        }
        funding = funding or self.weighted({"debit": 0.55, "credit": 0.42, "prepaid": 0.03})
        exp = (int(self.rng.integers(1, 13)), int(self.rng.integers(2026, 2031)))
        card_bin = self.pick(["435880", "511332"]) if funding == "prepaid" else self.pick(bins[country])
        return Card(self.token("fp_", 16), card_bin, self.digits(4), exp, funding, "wallet" if self.chance(0.12) else "card")

    def bank(self, country):
        """Mint a bank account."""
        return Bank(self.token("ba_", 16), self.digits(4), country)

    def device(self, app=None, emulator=False, portable=True):
        """Mint a device."""
        app = self.chance(0.6) if app is None else app
        if app or (portable and self.chance(0.5)):
            platform, model = self.pick(PHONES_MODELS)
            agent = f"{'Market/8.' + self.pick(['1', '2', '4']) if app else 'Mozilla/5.0 (' + model + ') Mobile Safari'}"
        else:
            platform, model = self.pick([("windows", "PC"), ("macos", "Mac")])
            agent, portable = f"Mozilla/5.0 ({platform}) Chrome/{self.pick([118, 122, 126])}.0", False
        kind = "install" if app else "cookie"
        if not app and self.chance(0.06):  # a print, not an id: same model, same print (trade figure: 40-66 % unique)
            code = f"{platform}{model}{self.rng.integers(max(2, self.size // 250))}"
            return Device("bfp-" + format(abs(hash_code(code)), "016x"), "browser_fp", platform, model, agent, emulator, portable)
        return Device(self.token("ins-" if app else "ck-", 20), kind, platform, model, agent, emulator, portable)

    def address(self, city, unit=None, mail_agent=False):
        """Mint an address."""
        country, _, post = CITIES[city][:3]
        line = self.pick(STREETS[country].split("|"))
        no = str(self.rng.integers(1, 4000))
        line1 = f"{no} {line}" if country == "US" else f"{line} {no}"
        unit = self.pick(["", "", "", "Apt 2B", "Apt 4", "#12", "Unit 3", "Apto 31"]) if unit is None else unit
        postal = (
            post
            + {
                "US": self.digits(2),
                "MX": self.digits(2),
                "BR": self.digits(2) + "-" + self.digits(3),
                "PT": self.digits(1) + "-" + self.digits(3),
            }[country]
        )
        return Address(line1, unit, city, postal, mail_agent)

    def note(self, reason, accounts):
        """These accounts share something for an ordinary reason."""
        if len(accounts) > 1:
            self.groups.append((reason, list(accounts)))
