"""Rows about an account, and the account of an ordinary person."""

from __future__ import annotations

from benchmarks.quality.newcomers.addresses import dwelling, written
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.lands import LANDS
from benchmarks.quality.newcomers.networks import home_line, place_line
from benchmarks.quality.newcomers.phones import new_number, typed
from benchmarks.quality.newcomers.plans import DAY
from benchmarks.quality.newcomers.wallet import new_card
from benchmarks.quality.newcomers.world import World, mix


class Traces(World):
    """What is on file about accounts."""

    def add_phone(self, a, ph, t0, t1, origin="signup", ver=True, ext=None):
        """A number on file for an account."""
        self.rows["phones"].append(
            (
                a,
                typed(self, ph, ext),
                "+" + LANDS[ph[0]].dial + ph[1] if self.chance(0.75) else None,
                ph[2] if self.chance(0.85) else "unknown",
                t0 + 90 if ver else -1,
                t0,
                t1,
                origin,
            )
        )

    def add_mail(self, a, m, t0, t1, ver=True):
        """A mailbox on file, at times dotted, tagged or in capitals."""
        r = self.dice
        l, d = m.split("@")
        raw = l
        if d in ("gmail.com", "googlemail.com", "outlook.com", "icloud.com"):
            if self.chance(0.04):
                raw = l + "+" + r.choice(["jobs", "tt", "home", "spam", "1"])
            elif self.chance(0.05) and d == "gmail.com" and len(l) > 4:
                raw = l.replace(".", "") if "." in l else l[:3] + "." + l[3:]
        raw = f"{raw}@{d}"
        raw = raw.upper() if self.chance(0.01) else raw.title() if self.chance(0.05) else raw
        self.rows["emails"].append(
            (
                a,
                raw,
                m.lower() if self.chance(0.5) else None,
                d,
                t0 + 60 if ver else -1,
                "mailinator" in d or "guerrilla" in d or "tempmail" in d,
                "privaterelay" in d or "relay.firefox" in d,
                t0,
                t1,
            )
        )

    def add_card(self, a, c, t0, t1, match="full"):
        """A card on file, at times in a wallet with a fingerprint of its own."""
        r = self.dice
        wallet = r.choice(["apple_pay", "google_pay"]) if self.chance(0.07) else None
        fp = c[0] if not wallet or self.chance(0.4) else "fp_" + f"{r.getrandbits(64):016x}"
        iid = self.next_id("ins_")
        self.rows["instruments"].append(
            (
                a,
                iid,
                "card" if not wallet else "wallet",
                fp,
                "stripe" if self.chance(0.9) else "adyen",
                c[1],
                c[2],
                c[3],
                c[4],
                c[5],
                wallet,
                match if self.chance(0.7) else "unknown",
                t0,
                t1,
            )
        )
        self.accounts[a].setdefault("ins", []).append(iid)

    def add_bank(self, a, b, t0, t1=-1, holder="full"):
        """A payout account on file."""
        self.rows["payout_accounts"].append((a, b[0], b[1], self.accounts[a]["p"].land, holder if self.chance(0.75) else None, t0, t1))

    def add_addr(self, a, ad, t0, t1, kind=None):
        """An address on file."""
        line, unit, city, reg, post = written(self, ad)
        self.rows["addresses"].append(
            (
                a,
                self.next_id("adr_"),
                kind
                or ("business" if self.accounts[a]["role"] == "pro" else self.dice.choice(["service", "service", "billing", "mailing"])),
                line,
                unit,
                city,
                reg,
                post,
                ad[0],
                ad[6] if self.chance(0.5) else None,
                t0,
                t1,
            )
        )

    def way(self, a, net, dev, t0, t1, lam=0.0, fix=0, work=0, hour=None):
        """A way to log in: a network and a device between two times, with how many logins to expect."""
        if t1 > t0:
            self.accounts[a].setdefault("w", []).append(len(self.ways))
            self.ways.append(
                (a, net, dev if dev is not None else -1, t0, t1, lam, fix, work, hour if hour is not None else self.accounts[a]["p"].hour)
            )

    def event(self, a, t, ev, actor="user", net=None, dev=None):
        """A security event, from the network and device at hand."""
        t = int(t)
        p = self.accounts[a]["p"]
        net, dev = (p.home, p.handset) if net is None else (net, dev)
        n, d = self.networks[net], self.devices[dev]
        x = n[0] + int(mix(n[3], t // n[2])) % n[1]
        self.rows["security_events"].append(
            (
                a,
                t,
                ev,
                actor,
                None if actor == "support" else f"{x >> 24}.{x >> 16 & 255}.{x >> 8 & 255}.{x & 255}",
                None if actor == "support" else ("ck_" if d[0] else "ins-") + f"{int(mix(d[4], t // d[1])):016x}",
            )
        )

    def remove(self, a, t, code, reverse=None, action="remove"):
        """A decision against an account, at times undone on appeal."""
        act = self.next_id("act_")
        r = self.dice
        A = self.accounts[a]
        rev = t + r.randint(3, 40) * DAY if reverse else -1
        if rev > self.end:
            reverse, rev = None, -1
        self.rows["actions"].append(
            (
                act,
                a,
                action,
                code if self.chance(0.85) else "other",
                f"2026.{r.randint(1, 4)}",
                f"C{r.randint(10**5, 10**6)}" if self.chance(0.7) else None,
                t,
                t + 60,
                -1,
                r.choice(["ana", "luis", "ops2", "kim"]),
                r.choice(["luis", "kim", None]),
                r.choice(["none", "assisted", "full"]),
                "policy breach confirmed",
                t + 600 if self.chance(0.9) else -1,
                rev,
                "appeal overturned" if reverse else None,
            )
        )
        if not reverse:
            A["status"], A["closed"], A["t1"], A["last"] = ("removed" if action == "remove" else "suspended"), t, min(A["t1"], t + 3600), t
        if reverse or self.chance(0.15):
            self.rows["appeals"].append(
                (
                    self.next_id("app_"),
                    act,
                    t + DAY,
                    A["p"].locale,
                    "I did nothing wrong",
                    "kim",
                    min(self.end, rev if reverse else t + 9 * DAY),
                    "overturned" if reverse else "upheld",
                )
            )

    def report(self, a, t, code, by=-1):
        """A complaint about an account."""
        if t < self.end:
            self.rows["reports"].append(
                (
                    self.next_id("rep_"),
                    by,
                    a,
                    self.dice.choice(["phone", "email", "chat", "app"]),
                    int(t),
                    code,
                    self.dice.choice(
                        [
                            "did not show up",
                            "asked for deposit then vanished",
                            "reviews look fake",
                            "charged twice",
                            "not the person in the photo",
                            "no me contestó más",
                            "pediu pagamento fora",
                        ]
                    ),
                    self.chance(0.03),
                )
            )

    def account(
        self,
        p,
        role=None,
        t0=None,
        t1=None,
        *,
        phone=0,
        mail=0,
        card=0,
        addr=0,
        bank=0,
        name=None,
        legal=0,
        ways=0,
        rate=None,
        biz=None,
        reason=None,
        group=None,
        ring=None,
        abuser=False,
        beh="single",
        careful=None,
        ref=-1,
        ext=None,
        own=True,
    ):
        """One account with everything an ordinary person leaves behind.

        A keyword overrides one part (None: leaves nothing).
        """
        r = self.dice
        role = role or ("pro" if self.chance(self.shape["pro_share"]) else "customer")
        life = self.end - self.start
        if t0 is None:
            t0 = self.start + int(life * (r.random() * 0.97 if self.chance(0.75) else r.random() ** 2 * 0.3))
        t0 = int(min(max(t0, self.start), self.end - 3 * DAY))
        if t1 is None:
            t1 = self.end if self.chance(0.55) else t0 + int(min(self.end - t0, DAY + r.expovariate(1 / (120 * DAY))))
        t1 = int(min(self.end, max(t1, t0 + DAY)))
        a = len(self.accounts)
        rate = (
            rate
            if rate is not None
            else r.choice([0.008, 0.015, 0.03, 0.06, 0.12, 0.3 if role == "customer" else 0.7]) * (1.6 if role == "pro" else 1)
        )
        self.accounts.append(
            {
                "p": p,
                "role": role,
                "t0": t0,
                "t1": t1,
                "last": t1,
                "status": "active",
                "closed": -1,
                "name": name if name is not None else p.shown(self),
                "legal": p.legal() if legal == 0 else legal,
                "biz": biz,
                "ref": ref,
                "reason": reason,
                "group": group,
                "ring": ring,
                "abuser": abuser,
                "beh": beh,
                "careful": careful,
                "before": None,
                "merged": -1,
                "trade": p.trade,
            }
        )
        if name is None and role == "pro" and self.chance(0.3):
            self.accounts[a]["name"] = r.choice(
                [
                    f"{p.surnames[0]} {p.trade.replace('_', ' ').title()}",
                    f"{p.surnames[0]} & Sons LLC",
                    f"{p.given.split()[0]}'s {p.trade.split('_')[0].title()}",
                    f"{p.city} {p.trade.split('_')[0].title()} Pros",
                ]
            )
        if self.chance(0.3) and t1 < self.end - 60 * DAY and not abuser:
            self.accounts[a]["status"], self.accounts[a]["closed"] = "closed_by_user", t1
        if phone == 0:
            phone = p.phone
            old = None
            if own and not abuser and self.released and self.chance(self.shape["recycled"] * 0.9):
                pool = [
                    x
                    for x in r.sample(self.released, min(12, len(self.released)))
                    if x[0][0] == p.land and x[1] + 46 * DAY < t0 and x[2] != a
                ]
                if pool:
                    phone, _, old = pool[0]
                    p.phone = phone
                    self.released.remove(pool[0])
            if old is not None:
                for x in (a, old):
                    self.accounts[x]["reason"] = self.accounts[x]["reason"] or "recycled_phone"
            if own and not abuser and self.chance(0.07) and t1 - t0 > 90 * DAY:
                tm = t0 + int((t1 - t0) * r.uniform(0.1, 0.6))
                self.add_phone(a, phone, t0, tm)
                self.released.append((phone, tm, a))
                self.event(a, tm + DAY, "phone_change")
                phone = p.phone = new_number(self, p.land, p.area_codes)
                self.add_phone(a, phone, tm + DAY, t1, "profile")
                phone = None
        if phone:
            self.add_phone(a, phone, t0, t1, r.choice(["signup", "signup", "2fa", "profile"]), self.chance(0.8), ext)
        if self.chance(0.02):  # the platform's own proxy number, kept as if it were the user's
            pool = self.proxies.setdefault(p.land, [])
            pool.append(new_number(self, p.land, p.area_codes, "proxy")) if len(pool) < 2 + self.size // 150 else None
            self.add_phone(a, r.choice(pool), t0, t1, "message", False)
        if own and self.chance(0.08):
            self.add_phone(
                a,
                new_number(self, p.land, p.area_codes, r.choice(["mobile", "landline", "voip"])),
                t0 + DAY,
                t1,
                "profile",
                self.chance(0.4),
            )
        if mail == 0:
            mail = p.mail if self.chance(0.965) else f"{r.getrandbits(40):010x}@privaterelay.appleid.com"
        if mail:
            self.add_mail(a, mail, t0, t1, self.chance(0.85))
        if card == 0:
            card = p.card if self.chance(0.75 if role == "pro" else 0.4) else None
        if card:
            if own and self.chance(0.06) and t1 - t0 > 100 * DAY:  # reissued after loss: new fingerprint and digits
                tm = (t0 + t1) // 2
                self.add_card(a, card, t0, tm)
                first, second = new_card(self), new_card(self)
                p.card = card = second._replace(fingerprint=first.fingerprint, start=card.start)
                self.add_card(a, card, tm, t1)
            else:
                self.add_card(a, card, t0 + 3600, t1)
        if bank == 0:
            bank = p.bank if role in ("pro", "both") and self.chance(0.85) else None
        if bank:
            self.add_bank(a, bank, t0 + DAY)
        if addr == 0:
            addr = p.address if self.chance(0.85) else None
        if addr:
            self.add_addr(a, addr, t0, t1)
        if role == "pro":
            self.rows["pro_profiles"].append(
                (
                    a,
                    p.trade,
                    f"{r.choice(['LIC ', '', '#'])}{p.region}{p.stirred % 10**6:06d}" if self.chance(0.35) else None,
                    p.region,
                    r.choice(["active", "active", "expired", "unknown"]),
                    t0 + 5 * DAY,
                    p.postal,
                    t0,
                )
            )
        if ways == 0:
            ways = [(p.home, p.handset, 1.0), (p.cell, p.handset, 1.6 if p.mostly_mobile else 0.35)] + (
                [(p.home, p.laptop, 0.9)] if p.laptop is not None else []
            )
            if p.vpn is not None:
                ways += [(p.vpn, p.laptop if p.laptop is not None else p.handset, 0.8)]
            if own and self.chance(0.06):
                k = (p.land, p.town)
                caf = self.cafes.setdefault(k, [])
                caf.append(place_line(self, *k, "business")) if len(caf) < 2 + self.size // 1500 else None
                ways += [(r.choice(caf), p.handset, 0.15)]
                self.accounts[a]["reason"] = self.accounts[a]["reason"] or (None if abuser else "public_wifi")
            if own and self.chance(0.05):
                ways += [
                    (home_line(self, p.land, int(len(LANDS[p.land].towns) * r.random())), p.handset, 0.15)
                ]  # visiting relatives, on holiday
            if own and self.chance(0.12) and t1 - t0 > 60 * DAY:  # new handset
                tm = t0 + (t1 - t0) // 2
                h2 = device(self, "app")
                ways = [(n, d, x, t0, tm) if d == p.handset else (n, d, x) for n, d, x in ways] + [
                    (n, h2, x, tm, t1) for n, d, x in ways if d == p.handset
                ]
                p.handset = h2
                self.event(a, tm, "new_device")
            if own and self.chance(0.10) and t1 - t0 > 90 * DAY:  # moved house
                tm = t0 + int((t1 - t0) * r.uniform(0.3, 0.8))
                h2 = home_line(self, p.land, p.town)
                ways = [
                    y for x in ways for y in ([(x[0], *x[1:3], t0, tm), (h2, *x[1:3], tm, t1)] if x[0] == p.home and len(x) == 3 else [x])
                ]
                p.address = dwelling(self, p.land, p.town)
                self.add_addr(a, p.address, tm, t1) if addr else None
        tot = sum(x[2] for x in ways) or 1
        cap = min(90, max(0.5, rate * (t1 - t0) / DAY)) * self.shape["login_rate"]
        for x in ways:
            self.way(a, x[0], x[1], *(x[3:5] if len(x) > 3 else (t0, t1)), lam=cap * x[2] / tot)
        if ways:
            self.way(a, ways[0][0], ways[0][1], t0, t0 + 1800, fix=1)
        return a
