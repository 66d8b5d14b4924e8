"""What accounts leave behind before it is theirs: networks, devices, numbers, mailboxes, addresses, cards."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.lands import CC
from benchmarks.quality.newcomers.people import plain
from benchmarks.quality.newcomers.plans import DAY, FOREVER, MODELS, SHAPE, TRADES


class Things:
    """The chance of a market and everything drawn from it; no number and no mailbox is drawn twice.

    `s` is the shape, `r` and `g` the chance, `N` the accounts asked for. `nets`, `devs` and `ways` hold networks, devices and ways to log in
    as tuples, `A` the accounts as dicts, `R` the rows of each table; accounts are their place in `A` until they are exported.
    """

    def __init__(self, seed, accounts, shape):
        bad = set(shape) - set(SHAPE)
        if bad:
            raise TypeError(f"unknown shape keys {sorted(bad)}; known: {sorted(SHAPE)}")
        self.s = s = {**SHAPE, **shape}
        self.r = random.Random(seed * 7919 + accounts)
        self.g = np.random.default_rng([seed, accounts])
        self.N, self.people, self.seq = accounts, 0, 0
        self.countries, self.trades = dict(s["countries"]), list(TRADES)
        self.end = int(pd.Timestamp(s["end"], tz="UTC").timestamp())
        self.start = self.end - int(s["days"]) * DAY
        self.nets, self.devs, self.ways, self.A, self.owner = [], [], [], [], []
        self.R = {
            k: []
            for k in "phones emails instruments payout_accounts addresses security_events business_members pro_profiles actions appeals reports reviews_x jobs_x payments_x dissociations text".split()
        }
        self.usedmail, self.usedphone, self.released, self.spots, self.cafes, self.buildings, self.proxies = (
            set(),
            set(),
            [],
            [],
            {},
            {},
            {},
        )

    def pick(self, d):
        """One key of a dict of weights."""
        return self.r.choices(list(d), list(d.values()))[0]

    def salt(self):
        """Sixty bits of chance."""
        return self.r.getrandbits(60)

    def hit(self, p):
        """True with this chance."""
        return self.r.random() < p

    def nid(self, p):
        """The next id with this prefix."""
        self.seq += 1
        return f"{p}{self.seq:07d}"

    def net(self, lo, size, period, p6, hi6, per6, asn, kind, cc, city):
        """Keep a network: first address, size, seconds until an address changes, IPv6, who runs it, where; gives its number."""
        self.nets.append((lo, size, period, self.salt(), p6, hi6, per6, asn, kind, cc, city))
        return len(self.nets) - 1

    def home_net(self, cc, m):
        """A home line: fixed, weekly, daily, or behind a carrier's shared addresses."""
        r = self.r
        asn, a, b, hi = r.choice(CC[cc]["isps"])
        lo = (a << 24) + ((b + m) << 16)
        city = CC[cc]["metros"][m].split("|")[0]
        p6 = r.choice([0.3, 0.6, 0.9]) if hi and self.hit(self.s["ipv6"] * 1.3) else 0
        per6 = r.choice([FOREVER, FOREVER, 30 * DAY, 180 * DAY, DAY if cc == "DE" else 7 * DAY])
        if self.hit(self.s["cgnat_home"]):
            return self.net(lo + 60000, 4 + self.N // 500, r.choice([DAY, 3 * DAY, 7 * DAY]), p6, hi, per6, asn, "residential", cc, city)
        per = r.choice([FOREVER] * 6 + [7 * DAY] * 3 + [30 * DAY, 90 * DAY, 180 * DAY] + ([DAY] * 8 if cc == "DE" else [DAY]))
        return self.net(lo, 59000, per, p6, hi, per6, asn, "residential", cc, city)

    def mob_net(self, cc, m):
        """A mobile carrier of one town."""
        asn, a, b, hi = self.r.choice(CC[cc]["mob"])
        return self.net(
            (a << 24) + ((b + m) << 16) + 256,
            6 + self.N // 400,
            self.r.choice([2, 4, 12, 24]) * 3600,
            0.6 if hi and self.hit(self.s["ipv6"] * 1.8) else 0,
            hi,
            4 * 3600,
            asn,
            "mobile",
            cc,
            CC[cc]["metros"][m].split("|")[0],
        )

    def vpn_net(self, cc, kind=None):
        """A relay, a firm's gateway, a commercial VPN, or a proxy through other people's homes."""
        kind = kind or self.r.choice(["vpn", "vpn", "relay", "work"])
        if kind == "proxy":  # residential proxy: other people's homes, a new one each hour
            asn, a, b, _hi = self.r.choice(CC[cc]["isps"])
            return self.net((a << 24) + (b << 16), 59000, 3600, 0, 0, FOREVER, asn, "residential", cc, None)
        asn, a, b, n, k = {
            "vpn": self.r.choice([(9009, 185, 156, 24, "relay_vpn"), (212238, 156, 146, 30, "hosting"), (60068, 89, 187, 20, "hosting")]),
            "relay": (36183, 172, 225, 64, "relay_vpn"),
            "work": (16509, 52, 94, 6, "hosting"),
        }[kind]
        return self.net(
            (a << 24) + (b << 16) + (sum(map(ord, cc)) % 200 << 8),
            n,
            6 * 3600,
            0.3 if kind == "relay" else 0,
            0x2A02266C,
            6 * 3600,
            asn,
            k,
            cc if self.hit(0.8) else "NL",
            None,
        )

    def place_net(self, cc, m, kind):
        """The fixed line of a place where many log in."""
        asn, a, b, hi = self.r.choice(CC[cc]["isps"])
        return self.net(
            (a << 24) + ((b + m) << 16),
            59000,
            FOREVER,
            self.r.choice([0, 0, 0.5]) if hi else 0,
            hi,
            FOREVER,
            asn if kind != "education" else 64000 + m,
            kind,
            cc,
            CC[cc]["metros"][m].split("|")[0],
        )

    def device(self, cookie, emulator=False, model=None, per=None):
        """Keep a device: 0 an app, 1 a browser whose cookie is cleared, 2 a tablet; gives its number."""
        pool = [i for i, x in enumerate(MODELS) if (x[0] == "web") == bool(cookie)] if cookie != 2 else [13, 14]
        m = self.r.choices(pool, [MODELS[i][2] for i in pool])[0] if model is None else model
        per = per or (self.r.choice([30, 60, 120, 200, 400, 10**5]) * DAY if cookie == 1 else (400 * DAY if self.hit(0.3) else FOREVER))
        self.devs.append((1 if cookie == 1 else 0, per, m, emulator, self.salt()))
        return len(self.devs) - 1

    def number(self, cc, areas, line=None):
        """A phone number nobody has, as the country numbers."""
        r = self.r
        while True:
            ar = r.choice(areas.split())

            def d(n):
                return "".join(r.choice("0123456789") for _ in range(n))

            mobile = line not in ("landline",)
            nat = (
                ar + str(r.choice([x for x in range(220, 990) if x != 555 and x % 100 != 11])) + d(4)
                if cc == "US"
                else ar + ("9" + r.choice("6789") + d(7) if mobile else "3" + d(7))
                if cc == "BR"
                else ar + d(10 - len(ar))
                if cc == "MX"
                else ("6" + d(8) if mobile else ar + d(9 - len(ar)))
                if cc == "ES"
                else r.choice("6789") + d(9)
                if cc == "IN"
                else ("9" + r.choice("1236") + d(7) if mobile else ar + d(9 - len(ar)))
                if cc == "PT"
                else ("1" + r.choice(["51", "60", "72", "76"]) + d(7) if mobile else ar + d(7))
            )
            if (cc, nat) not in self.usedphone:
                self.usedphone.add((cc, nat))
                return (cc, nat, line or ("mobile" if self.hit(0.93) else "voip"))

    def raw_phone(self, ph, ext=None):
        """A number as people type it in that country."""
        cc, n, _ = ph
        r = self.r
        k = r.random()
        dial = CC[cc]["dial"]
        if cc == "US":
            s = (
                f"({n[:3]}) {n[3:6]}-{n[6:]}"
                if k < 0.3
                else f"{n[:3]}-{n[3:6]}-{n[6:]}"
                if k < 0.55
                else "+1" + n
                if k < 0.8
                else n
                if k < 0.9
                else f"{n[:3]}.{n[3:6]}.{n[6:]}"
                if k < 0.95
                else f"1 {n[:3]} {n[3:6]} {n[6:]}"
            )
        elif cc == "BR":
            s = (
                f"({n[:2]}) {n[2:-4]}-{n[-4:]}"
                if k < 0.5
                else "+55" + n
                if k < 0.8
                else f"0{n}"
                if k < 0.88
                else f"+55 {n[:2]} {n[3:7]}-{n[7:]}"
                if len(n) == 11 and k < 0.93
                else n
            )
        elif cc == "MX":
            s = (
                f"+52{n}"
                if k < 0.35
                else f"+521{n}"
                if k < 0.5
                else f"044 {n}"
                if k < 0.58
                else f"{n[:2]} {n[2:6]} {n[6:]}"
                if k < 0.9
                else n
            )
        elif cc == "DE":
            s = f"0{n[:3]}/{n[3:]}" if k < 0.4 else f"+49 (0) {n[:3]} {n[3:]}" if k < 0.55 else "+49" + n if k < 0.8 else "0" + n
        else:
            s = (
                f"+{dial}{n}"
                if k < 0.4
                else f"+{dial} {n[:3]} {n[3:6]} {n[6:]}"
                if k < 0.6
                else f"00{dial}{n}"
                if k < 0.66
                else ("0" + n if cc == "IN" and k < 0.8 else n)
            )
        return s + (r.choice([" x", " ext. ", ",,", " ramal " if cc == "BR" else " ext "]) + str(ext) if ext else "")

    def mailbox(self, p, domain=None):
        """A mailbox nobody has."""
        r = self.r
        g, s = plain(p.given.split()[0]), plain(p.sur[0]).replace("'", "").replace(" ", "")
        y = str(p.birth)
        while True:
            k = r.random()
            l = (
                f"{g}.{s}"
                if k < 0.25
                else f"{g[0]}{s}"
                if k < 0.4
                else f"{g}{s}{y[2:]}"
                if k < 0.6
                else f"{s}{g}{r.randint(1, 99)}"
                if k < 0.7
                else f"{g}_{s}"
                if k < 0.78
                else f"{g}{r.randint(1, 9999)}"
                if k < 0.9
                else f"{p.trade.split('_')[0]}{g}{y[2:]}"
            )
            d = domain or r.choice(CC[p.cc]["dom"].split())
            key = (l.replace(".", ""), d)
            if key in self.usedmail:
                l += str(r.randint(1, 9999))
                key = (l.replace(".", ""), d)
            if key not in self.usedmail:
                self.usedmail.add(key)
                return f"{l}@{d}"

    def place(self, p):
        """Somewhere to live: a house, or a flat in a block many share."""
        r = self.r
        if self.hit(0.14):
            b = self.buildings.setdefault((p.cc, p.m), [])
            cap = 1 + self.N // 400
            if len(b) < cap:
                b.append((r.randint(1, 2000), r.choice(CC[p.cc]["street"].split("|")), f"{r.randint(0, 99):02d}"))
            n, st, z = r.choice(b)
            return (p.cc, p.m, n, st, f"{r.randint(1, 24)}{r.choice('ABCD')}", z, False, "r")
        return (
            p.cc,
            p.m,
            r.randint(1, 9900),
            r.choice(CC[p.cc]["street"].split("|")),
            f"{r.randint(1, 9)}{r.choice('ABC')}" if self.hit(0.3) else "",
            f"{r.randint(0, 99):02d}",
            False,
            r.choice("rsa"),
        )

    def write_addr(self, ad):
        """An address as people write it: line, unit, city, region, postal code."""
        cc, m, n, st, unit, z, _virtual, t = ad
        r = self.r
        city, reg, _, zp, _ = CC[cc]["metros"][m].split("|")
        u = unit and self.hit(0.72)
        if cc == "US":
            line = (
                f"{n} {st} "
                + {
                    "r": r.choice(["Road", "Rd", "Rd."]),
                    "s": r.choice(["Street", "St", "ST", "St."]),
                    "a": r.choice(["Ave", "Avenue", "Av"]),
                }[t]
            )
        elif cc == "BR":
            line = r.choice(["Rua", "R.", "rua"]) + f" {st}, {n}"
        elif cc in ("MX", "ES"):
            line = (
                r.choice(["Calle", "C/", "Cl."] if cc == "ES" else ["Calle", "C.", "Av."])
                + f" {st} {'#' if cc == 'MX' and self.hit(0.4) else ''}{n}"
            )
        elif cc == "DE":
            line = st + r.choice(["straße", "str.", "strasse"]) + f" {n % 180 + 1}"
        elif cc == "PT":
            line = f"Rua {st}, n.º {n % 400 + 1}" if self.hit(0.5) else f"R. {st} {n % 400 + 1}"
        else:
            line = f"{n % 900 + 1}, {st}"
        ut = (
            unit
            and u
            and {
                "US": r.choice([f"Apt {unit}", f"#{unit}", unit, f"Unit {unit}"]),
                "BR": f"apto {unit}",
                "MX": f"Int {unit}",
                "ES": f"{unit[:-1]}º {unit[-1]}",
                "PT": f"{unit[:-1]}.º Esq",
                "DE": f"Whg. {unit}",
                "IN": f"Flat {unit}",
            }[cc]
        )
        if ut and self.hit(0.2):
            line, ut = f"{line}, {ut}", None
        post = zp + z + ("-" + str(100 + n % 800) if cc == "BR" else "") if cc != "PT" else f"{zp}-{int(z) + 100}"
        if cc == "BR":
            post = zp + z + "-" + f"{n % 900:03d}"
        if cc == "IN":
            post = zp + "0" + z
        if cc == "MX":
            post = (zp + z + "0")[:5]
        return line if self.hit(0.93) else line.upper(), ut or None, city if self.hit(0.95) else plain(city).title(), reg, post

    def new_card(self, prepaid=False):
        """A card: fingerprint, bank digits, last four, month, year, funding."""
        r = self.r
        return [
            "fp_" + f"{r.getrandbits(64):016x}",
            r.choice(["411111", "424242", "546616", "553391", "402944", "379382", "510510", "601100"])
            if not prepaid
            else r.choice(["485246", "516732"]),
            f"{r.randint(0, 9999):04d}",
            r.randint(1, 12),
            r.randint(2026, 2031),
            "prepaid" if prepaid else r.choice(["debit", "credit", "credit"]),
        ]

    def new_bank(self):
        """A payout account: token and last four."""
        return (f"ba_{self.r.getrandbits(56):014x}", f"{self.r.randint(0, 9999):04d}")
