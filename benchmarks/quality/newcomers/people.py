"""People with habits: where they live, what they carry, when they are awake, how they write their name."""

from __future__ import annotations

import unicodedata

import numpy as np

from benchmarks.quality.newcomers.lands import CC, HER, NAMES, NICK


def plain(s):
    """Letters without marks, small."""
    return "".join(c for c in unicodedata.normalize("NFKD", s.replace("ß", "ss")) if not unicodedata.combining(c)).lower()


def hash_int(pid):
    """A number for a person, the same at every run."""
    return int(pid[1:]) * 2654435761 % 2**32


def mix(a, b):
    """Two integers (arrays) to one well-stirred uint64; the same at every run."""
    with np.errstate(over="ignore"):
        x = np.asarray(a, np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.asarray(b, np.uint64) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(31))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(29))


class Person:
    """A human with habits: where they live, what they carry, when they are awake."""

    def __init__(self, w, cc=None, m=None, sur=None, sex=None, her=None, given=None, birth=None):
        r = w.r
        self.id = f"P{w.people:06d}"
        w.people += 1
        self.cc = cc or w.pick(w.countries)
        c = CC[self.cc]
        self.m = m if m is not None else int(len(c["metros"]) * r.random() ** 1.5)
        self.city, self.region, self.tz, self.zip, self.area = c["metros"][self.m].split("|")
        self.her = her or r.choice(HER[self.cc])
        male, female, surs = NAMES[self.her]
        self.sex = sex or r.choice("mf")
        self.given = given or r.choice(male if self.sex == "m" else female)
        if self.her in ("hisp", "braz") and r.random() < 0.3:
            self.given += " " + r.choice(male if self.sex == "m" else female)

        def one():
            return surs[int(len(surs) * r.random() ** 1.3)]

        self.sur = (
            list(sur)
            if sur
            else ([one(), one()] if self.her in ("hisp", "braz") else [one() + ("a" if self.her == "russ" and self.sex == "f" else "")])
        )
        self.suffix = ""
        self.birth = birth or int(min(2006, max(1940, r.gauss(1983, 13))))
        self.middle = r.choice("ABCDEJLMRT") if self.her == "anglo" and r.random() < 0.3 else ""
        self.hour = r.choice([7, 9, 12, 13, 18, 20, 21, 23])
        self.locale = r.choice(c["loc"]) if self.her != "hisp" or self.cc != "US" else r.choice(["es-US", "en-US"])
        if self.her == "braz" and self.cc == "US" and r.random() < 0.5:
            self.locale = "pt-BR"
        self.home = w.home_net(self.cc, self.m)
        self.cell = w.mob_net(self.cc, self.m)
        self.hand = w.device(0)
        self.lap = w.device(1) if r.random() < 0.45 else None
        self.phone = w.number(self.cc, self.area)
        self.addr = w.place(self)
        self.vpn = w.vpn_net(self.cc) if r.random() < w.s["vpn"] else None
        self.trade = r.choice(w.trades)
        self.card = w.new_card()
        self.bank = w.new_bank()
        self.mail = w.mailbox(self)
        self.onmobile = r.random() < w.s["mobile"] * 1.3

    def legal(self):
        """The name as papers write it."""
        g, s = self.given, self.sur
        if self.her == "hisp":
            return f"{g} {' '.join(s[:2])}"
        if self.her == "braz":
            return f"{g} {['de ', 'da ', '', 'dos '][len(g) % 4]}{s[0]} {s[-1]}" if len(s) > 1 else f"{g} {s[0]}"
        if self.her == "inds":
            return f"{s[0][0]}. {g}" if len(g) % 2 else f"{g} {s[0]}"
        return " ".join(x for x in (g, self.middle and self.middle + ".", s[0], self.suffix) if x)

    def shown(self, r):
        """The name as people type it: short, a nickname, capitals, no marks."""
        g, s = self.given.split()[0], self.sur[-1 if self.her == "braz" else 0]
        n = NICK.get(g, g)
        k = r.random()
        return (
            f"{g} {s[0]}."
            if k < 0.3
            else f"{g} {s}"
            if k < 0.55
            else f"{n} {s}"
            if k < 0.68
            else self.legal()
            if k < 0.8
            else f"{g} {s}".upper()
            if k < 0.84
            else f"{g} {s}".lower()
            if k < 0.89
            else f"{s}, {g}"
            if k < 0.91
            else n
            if k < 0.95
            else plain(f"{g} {s}").title()
            if k < 0.98
            else f"{g[0]} {s}"
        )
