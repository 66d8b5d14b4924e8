"""Innocents: households, crowds of one place or firm, second accounts, sold handsets, wrong decisions."""

from __future__ import annotations

from benchmarks.quality.newcomers.addresses import dwelling
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.names import NAMES, plain
from benchmarks.quality.newcomers.networks import home_line, place_line
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.phones import new_number
from benchmarks.quality.newcomers.plans import CROWDS, DAY
from benchmarks.quality.newcomers.traces import Traces
from benchmarks.quality.newcomers.wallet import mailbox, new_bank, new_card


class Innocents(Traces):
    """All who do no harm."""

    def household(self, room):
        """Up to `room` accounts under one roof: a couple, a family, flatmates, twins, namesakes, a helped parent, a separated couple."""
        r = self.dice
        kind = r.choices(
            [
                "couple",
                "family",
                "flatmates",
                "siblings",
                "namesakes",
                "mother_daughter",
                "helped_parent",
                "split_couple",
                "multi_generation",
            ],
            [35, 20, 17, 6, 5, 5, 6, 5, 4],
        )[0]
        p = Person(self)
        q = Person(self, p.land, p.town, heritage=p.heritage)
        gid = f"H{self.people}"
        same = {"land": p.land, "town": p.town, "heritage": p.heritage}
        kid = (
            [p.surnames[0], q.surnames[0]]
            if p.heritage == "hisp"
            else [q.surnames[0], p.surnames[-1]]
            if p.heritage == "braz"
            else p.surnames
        )
        if kind in ("couple", "family", "split_couple") and p.heritage not in ("hisp",) and self.chance(0.6):
            q.surnames = (
                [p.surnames[0] + "a" if p.heritage == "russ" and q.sex == "f" and not p.surnames[0].endswith("a") else p.surnames[0]]
                if p.heritage != "braz"
                else [q.surnames[0], p.surnames[-1]]
            )
        ppl = {
            "couple": lambda: [p, q],
            "split_couple": lambda: [p, q],
            "flatmates": lambda: [p, q] + [Person(self, p.land, p.town) for _ in range(r.choice([0, 0, 1, 2]))],
            "family": lambda: (
                [p, q] + [Person(self, surnames=kid, born=r.randint(1990, 2006), **same) for _ in range(r.choice([1, 1, 2, 3]))]
            ),
            "siblings": lambda: [p, Person(self, surnames=p.surnames, born=p.born + r.choice([0, 0, 2, 4]), **same)],
            "namesakes": lambda: [p, Person(self, surnames=p.surnames, given=p.given, sex=p.sex, born=min(2006, p.born + 27), **same)],
            "mother_daughter": lambda: [p, Person(self, surnames=kid, sex="f", born=min(2006, p.born + 25), **same)],
            "helped_parent": lambda: [p, Person(self, surnames=p.surnames, born=max(1930, p.born - 30), **same)],
            "multi_generation": lambda: (
                [p, q] + [Person(self, surnames=s, born=b, **same) for s, b in ((p.surnames, 1945), (kid, 2003), (kid, 2005))]
            ),
        }[kind]()
        if kind == "namesakes" and p.heritage in ("anglo",):
            ppl[0].suffix, ppl[1].suffix = r.choice([("Sr.", "Jr."), ("", "Jr"), ("Sr", "")])
        if kind == "mother_daughter":
            ppl[0].sex = "f"
            ppl[0].given = r.choice(NAMES[p.heritage].female)
            ppl[1].given = r.choice([x for x in NAMES[p.heritage].female if x[0] == ppl[0].given[0]] or [ppl[0].given])
        ppl = ppl[:room]
        tablet = device(self, "tablet") if kind not in ("flatmates",) and self.chance(0.35) else None
        land = new_number(self, p.land, p.area_codes, "landline") if self.chance(0.18) else None
        box = mailbox(self, p) if self.chance(0.08) and kind != "flatmates" else None
        if box and self.chance(0.5) and len(ppl) > 1:
            box = f"{plain(p.surnames[0]).replace(' ', '')}family{p.id[-4:]}@{box.split('@')[1]}"
        joint = self.chance(0.4) and kind not in ("flatmates", "siblings")
        apart = self.start + int((self.end - self.start) * r.uniform(0.3, 0.8)) if kind == "split_couple" else None
        for i, x in enumerate(ppl):
            x.home, x.address = p.home, p.address if kind != "flatmates" or self.chance(0.8) else dwelling(self, x.land, x.town)
            reason = {"couple": "couple", "flatmates": "flatmates", "helped_parent": "family_helper", "split_couple": "couple"}.get(
                kind, "household"
            )
            if tablet is not None and self.chance(0.6):
                reason = "family_tablet"
            if apart and i == 1:
                x.home = home_line(self, x.land, x.town)
            a = self.account(
                x,
                reason=reason,
                group=gid,
                beh=kind,
                card=p.card if joint and i and self.chance(0.7) else 0,
                mail=box if box and self.chance(0.7) else 0,
                bank=p.bank if joint and i == 1 and self.chance(0.3) else 0,
                rate=0.01 if kind == "helped_parent" and i else None,
            )
            A = self.accounts[a]
            if reason == "family_tablet":
                self.way(a, p.home, tablet, A["t0"], A["t1"], lam=r.choice([1, 3, 8]))
            if land and self.chance(0.7):
                self.add_phone(a, land, A["t0"], A["t1"], "profile", self.chance(0.3))
            if apart and i == 1:
                self.way(a, p.home, x.handset, A["t0"], min(apart, A["t1"]), lam=12)
            if kind == "helped_parent" and i:
                self.way(a, p.home, p.handset, A["t0"], A["t1"], lam=r.choice([2, 5]))
                self.add_phone(a, p.phone, A["t0"], A["t1"], "2fa")
                if self.chance(0.3):
                    A["ctrl"] = p.id  # the child runs the parent's account altogether
        return len(ppl)

    def crowd(self, kind, room):
        """Up to `room` innocents who share what their place or firm gives them (`CROWDS`)."""
        r = self.dice
        c = CROWDS[kind]
        n = min(r.randint(*c["n"]), room)
        lead = Person(self)
        cc, m = lead.land, lead.town

        def has(k):
            return c.get(k) and self.chance(c[k])

        gid = f"G{self.people}-{kind}"
        spot = place_line(self, cc, m, c["kind"])
        addr = dwelling(self, lead.land, lead.town)
        addr = addr._replace(virtual=bool(c.get("virtual")))
        card, bank = new_card(self), new_bank(self)
        main = new_number(self, cc, lead.area_codes, r.choice(["landline", "voip", "tollfree"] if c.get("ext") else ["landline", "mobile"]))
        dom = f"{plain(lead.surnames[0]).replace(' ', '').replace(chr(39), '')}{r.choice(['co', 'group', 'services', lead.trade.split('_')[0]])}.{'com' if cc == 'US' else cc.lower()}"
        box = r.choice([f"info@{dom}", mailbox(self, lead)])
        devs = [device(self, r.choice(["browser", "tablet"])) for _ in range(r.choice([1, 1, 2, 3]))]
        base = self.start + int((self.end - self.start) * r.uniform(0, 0.8))
        biz = self.next_id("B") if c.get("biz") else None
        self.spots.append((cc, spot, devs[0]))
        made = []
        t_serial = self.start
        brand = r.choice(["MaidRight", "Mr. Fix", "GreenLawn", "RapidRooter", "Two Guys Moving"])
        for i in range(n):
            p = Person(
                self,
                cc,
                m,
                surnames=lead.surnames if c.get("sur") else None,
                heritage=lead.heritage if c.get("sur") else None,
                born=r.randint(1930, 1946) if c.get("old") else None,
            )
            if kind in ("shelter", "courier_house", "hostel", "family_business") and self.chance(0.7):
                p.home = spot
            t0 = base + int(r.random() * c["burst"] * DAY) if c.get("burst") else None
            t1 = None
            if c.get("serial"):
                t0 = t_serial + r.randint(5, 40) * DAY
                t1 = t0 + int((self.end - self.start) / n * r.uniform(0.5, 0.9))
                t_serial = t1
            role = {"c": "customer", "p": "pro"}.get(c["role"]) if self.chance(0.93) else None
            shares_phone = has("phone")
            shares_card = has("card")
            if kind in ("courier_house",):
                p.trade = "courier"
            if c.get("brand"):
                p.trade = lead.trade
            a = self.account(
                p,
                role,
                t0,
                t1,
                reason=kind,
                group=gid,
                beh=kind,
                biz=biz,
                phone=main if shares_phone and self.chance(0.6) else 0,
                ext=100 + i if c.get("ext") and shares_phone else None,
                mail=box if has("mail") else mailbox(self, p, dom) if has("domain") else 0,
                card=card if shares_card else 0,
                addr=addr._replace(unit=str(100 + i)) if c.get("virtual") else addr if has("addr") else 0,
                bank=bank if has("bank") and (role == "pro") else 0,
                name=f"{brand} of {p.city} {r.choice(['North', 'South', 'East', p.given])}" if c.get("brand") else None,
                ref=made[-1] if made and has("refer") else -1,
                rate=0.012 if c.get("old") else None,
            )
            A = self.accounts[a]
            made.append(a)
            dev = r.choice(devs)
            if shares_card:
                A["match"] = "partial"
            if has("net"):
                self.way(
                    a,
                    spot,
                    p.laptop if p.laptop is not None and self.chance(0.5) else p.handset,
                    A["t0"],
                    A["t1"],
                    lam=r.choice([1, 2]) if c.get("few") else r.choice([2, 6, 20]),
                    work=c.get("work", 0),
                )
            if has("dev"):
                self.way(a, spot, dev, A["t0"], A["t1"], lam=r.choice([1, 2, 6]), work=c.get("work", 0))
            if has("signup"):
                self.way(a, spot, dev, A["t0"], A["t0"] + 3600, fix=1)
                (self.add_phone(a, main, A["t0"], A["t0"] + 5 * DAY, "signup", False) if self.chance(0.25) else None)
            if has("agent"):
                tt = r.uniform(A["t0"], A["t1"])
                self.way(
                    a,
                    spot,
                    devs[0],
                    *((tt, tt + 3600) if c.get("once") else (A["t0"], A["t1"])),
                    lam=0 if c.get("once") else r.choice([4, 15, 30]),
                    fix=1 if c.get("once") else 0,
                    work=0 if c.get("once") else 1,
                )
            if (biz or kind in ("office", "agency")) and self.chance(0.4):
                self.rows["business_members"].append(
                    (biz or gid, a, "owner" if i == 0 else r.choice(["manager", "office", "field"]), A["t0"], -1)
                )
        for a in made:
            if c.get("swap") and len(made) > 1 and self.chance(c["swap"]):
                b = r.choice([x for x in made if x != a])
                x, y = max(self.accounts[a]["t0"], self.accounts[b]["t0"]), self.accounts[a]["t1"]
                if y > x:
                    self.way(a, spot, self.accounts[b]["p"].handset, x, y, lam=r.choice([2, 4, 8]))
        return n

    def second(self, a):
        """The same innocent person once more: customer and pro, lost password, new married name, firm beside private."""
        A = self.accounts[a]
        p, r = A["p"], self.dice
        kind = r.choice(["other_role", "lost_password", "married_name", "firm"])
        lost = kind == "lost_password"
        t0 = A["t0"] + int((self.end - A["t0"]) * r.uniform(0.05, 0.9))
        if kind == "married_name":
            p.surnames = (
                [Person(self, p.land, p.town, heritage=p.heritage).surnames[0], *p.surnames[:1]]
                if self.chance(0.4)
                else [Person(self, p.land, p.town, heritage=p.heritage).surnames[0]]
            )
        if self.chance(0.2):
            p.handset, p.home, p.card, p.laptop, p.address = (
                device(self, "app"),
                home_line(self, p.land, p.town),
                new_card(self),
                None,
                dwelling(self, p.land, p.town),
            )  # years later: another phone, another flat
        mail = (
            mailbox(self, p)
            if lost or kind == "married_name" or self.chance(0.6)
            else p.mail.replace("@", f"+{r.choice(['pro', '2', 'biz'])}@")
        )
        b = self.account(
            p,
            {"customer": "pro", "pro": "customer"}[A["role"]] if kind == "other_role" else "pro" if kind == "firm" else A["role"],
            t0,
            reason="own_second_account",
            beh=kind,
            mail=mail,
            phone=p.phone if self.chance(0.6) else new_number(self, p.land, p.area_codes),
            own=False,
        )
        A["reason"] = "own_second_account"
        if lost and self.chance(0.3):
            A["status"], A["merged"] = "merged", b
        return 1

    def innocents(self, n):
        """All who do no harm: crowds, households, second accounts, sold handsets, wrong decisions."""
        r = self.dice
        s = self.shape

        def made():
            return len(self.accounts)

        stop = n
        while made() < stop * s["places"] * s["lookalikes"] and made() < stop * 0.8:
            self.crowd(r.choices(list(CROWDS), [c["w"] for c in CROWDS.values()])[0], stop - made())
        c0 = made()
        while made() - c0 < stop * s["household"] and made() < stop * 0.92:
            self.household(stop - made())
        s0 = made()
        extra = int((stop - s0) * s["second_account"] * 0.6)
        while made() < stop - extra:
            a = self.account(Person(self))
            k = r.random()
            if k < 0.002:
                self.accounts[a]["role"] = r.choice(["staff", "test"])
                self.accounts[a]["name"] = r.choice(["Test Test", "QA user", "zzz do not use", "Support Demo"])
            elif k < 0.007 and self.accounts[a]["t1"] < self.end - 30 * DAY:
                self.accounts[a].update(name=None, legal=None, erased=True)
        pool = [
            a
            for a in range(s0, made())
            if self.accounts[a]["reason"] in (None, "carrier")
            and self.accounts[a]["role"] in ("customer", "pro")
            and self.accounts[a]["t0"] < self.end - 30 * DAY
        ]
        r.shuffle(pool)
        while made() < stop and pool:
            self.second(pool.pop())
        while made() < stop:
            self.account(Person(self))
        ended = [a for a in range(made()) if self.accounts[a]["t1"] < self.end - 60 * DAY]
        late = [a for a in range(s0, made()) if self.accounts[a]["t1"] > self.end - 30 * DAY and self.accounts[a]["reason"] is None]
        for _ in range(int(n * s["resold"])):  # sold or handed-down handsets whose id survived
            if not ended or not late:
                break
            a, b = r.choice(ended), r.choice(late)
            A, B = self.accounts[a], self.accounts[b]
            if A["p"].land != B["p"].land or A["p"].id == B["p"].id:
                continue
            t = max(A["t1"], B["t0"]) + r.randint(2, 60) * DAY
            self.way(b, B["p"].home, A["p"].handset, t, self.end, lam=15)
            B["reason"] = "resold_device"
            A["reason"] = A["reason"] or "resold_device"
        for a in r.sample(range(made()), int(n * 0.006)):  # wrong or later undone decisions, and unjust reports
            A = self.accounts[a]
            t = r.randint(A["t0"] + DAY // 2, A["t1"])
            (
                self.remove(
                    a,
                    t,
                    r.choice(["PRO-03", "ACC-02", "ACC-01", "PAY-03"]),
                    reverse=self.chance(0.6),
                    action=r.choice(["remove", "suspend"]),
                )
                if self.chance(0.5)
                else self.report(a, t, "PRO-04")
            )
        for a in r.sample(range(made()), int(n * 0.012)):
            self.report(
                a,
                r.randint(self.accounts[a]["t0"], self.accounts[a]["t1"]),
                r.choice(["PRO-03", "PRO-04", "PRO-06", "REV-01"]),
                by=r.choice([-1, r.randrange(made())]),
            )
