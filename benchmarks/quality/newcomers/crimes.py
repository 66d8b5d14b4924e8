"""The trades of abuse: comebacks, farms, refunds, bought accounts, mules, testers, insiders."""

from __future__ import annotations

from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.hands import Operators
from benchmarks.quality.newcomers.networks import mobile_line, place_line, proxy_line, tunnel
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.phones import new_number
from benchmarks.quality.newcomers.plans import CHARGE, DAY
from benchmarks.quality.newcomers.wallet import mailbox, new_bank, new_card


class Crimes(Operators):
    """What operators do with their accounts."""

    def crime(self, kind, room, calm):
        """One operator or crew doing one trade; returns the accounts made.  calm: innocent accounts nobody has used yet."""
        r = self.dice
        op = Person(self)
        ring = f"R{self.people:05d}"
        careful = self.chance(self.shape["careful"])
        L = self.end - self.start

        def at(a, b):
            return self.start + int(L * r.uniform(a, b))

        op.role_hint = "pro"
        made = []
        code = CHARGE[kind]

        def friend(fit=lambda _: True):
            for _ in range(400):
                a = r.choice(calm) if calm else None
                if (
                    a is not None
                    and fit(self.accounts[a])
                    and self.accounts[a]["p"].land == op.land
                    and not self.accounts[a]["abuser"]
                    and self.accounts[a]["reason"] in (None, "public_wifi")
                    and self.accounts[a]["role"] in ("customer", "pro")
                ):
                    return a
            return None

        k = r.random()
        host = friend() if k < 0.38 else None
        if host is not None:
            H = self.accounts[host]
            hp = H["p"]
            if k < 0.13:
                op.home, op.address, H["reason"] = hp.home, hp.address, "household_of_abuser"
                (op.surnames.__setitem__(0, hp.surnames[0]) if self.chance(0.5) else None)
            elif k < 0.22:
                op.home, H["reason"] = hp.home, "lent_wifi"
            elif k < 0.29:
                op.phone, H["reason"] = hp.phone, "lent_phone"
            else:
                op.card, H["reason"] = hp.card, "lent_card"
        if kind == "comeback":
            t = at(0, 0.45)
            n = min(room, r.choices([2, 3, 4, 6], [60, 25, 10, 5])[0])
            for i in range(n):
                free = i and i == n - 1 and self.chance(0.7)
                t1 = self.end if free else t + int(r.uniform(12, 150) * DAY)
                a = self.sock(op, ring, kind, t, t1, careful, "pro" if self.chance(0.75) else "customer", new=i > 0)
                made.append(a)
                t = self.accounts[a]["t1"] + int((r.uniform(5, 80) if careful else r.uniform(0, 14)) * DAY)
                if free or t > self.end - 10 * DAY:
                    break  # the newest one is still at work
                self.remove(a, self.accounts[a]["t1"], "ACC-01" if i else r.choice(["PRO-06", "PAY-04", "SAF-02", "REV-01"]))
                self.report(a, self.accounts[a]["t1"] - DAY, code)
                if i and self.chance(0.25):
                    self.way(
                        made[-2], self.ways[-1][1], self.ways[-1][2], t, t + 3 * DAY, fix=1, hour=-2
                    )  # tries the dead account from the new set-up
        elif kind == "solo":
            made.append(self.sock(op, ring, kind, at(0, 0.9), None, False, None, new=False))
        elif kind in ("farm_one", "farm_crew"):
            crew = [op] + [
                Person(self, op.land, op.town if self.chance(0.7) else None) for _ in range(r.randint(2, 5) if kind == "farm_crew" else 0)
            ]
            pros = [
                a
                for a in calm
                if self.accounts[a]["role"] == "pro" and self.accounts[a]["p"].land == op.land and not self.accounts[a]["abuser"]
            ]
            client = [r.choice(pros) for _ in range(r.randint(1, 4))] if pros else []
            base = at(0.05, 0.8)
            new_bank(self)  # drawn and never used
            shop = mobile_line(self, op.land, op.town)
            n = min(room, r.randint(6, 24)) if kind == "farm_one" else room
            for j, q in enumerate(crew):
                q.role_hint = "customer"
                hands = [device(self, "app") for _ in range(max(1, n))] if kind == "farm_one" else None
                for i in range(n if kind == "farm_one" else r.randint(1, 4)):
                    if len(made) >= room:
                        break
                    a = self.sock(
                        q,
                        ring,
                        kind,
                        base + int(r.random() * 60 * DAY),
                        None,
                        careful,
                        "customer",
                        hand=hands[i // (2 if self.chance(0.3) else 1)] if hands else None,
                        net=(shop if not careful else None) if hands and self.chance(0.7) else None,
                        new=i > 0 or kind == "farm_one",
                    )
                    made.append(a)
                    if self.chance(0.25):
                        self.add_card(
                            a, crew[(j + 1) % len(crew)].card, self.accounts[a]["t0"], self.accounts[a]["t1"], "none"
                        )  # crew members pay for each other
                    if kind == "farm_crew" and self.chance(0.2):
                        self.way(a, crew[0].home, q.handset, self.accounts[a]["t0"], self.accounts[a]["t1"], fix=r.randint(1, 3))
                    for c in client:
                        if self.chance(0.7):
                            self.rows["reviews_x"].append(
                                (
                                    a,
                                    c,
                                    5,
                                    int(r.uniform(self.accounts[a]["t0"], self.accounts[a]["t1"])),
                                    r.choice(
                                        [
                                            "Great job, highly recommend!!",
                                            "Very professional and on time",
                                            "Best in town, will hire again",
                                            "Excelente servicio",
                                            "Muito bom",
                                        ]
                                    ),
                                )
                            )
            for c in client:
                self.accounts[c]["bought_reviews"] = True
        elif kind in ("referral", "tester", "aged", "lead_refund", "weak_chain"):
            n = min(
                room,
                {
                    "referral": r.randint(6, 30),
                    "tester": r.randint(4, 14),
                    "aged": r.randint(3, 9),
                    "lead_refund": r.randint(2, 6),
                    "weak_chain": r.randint(4, 8),
                }[kind],
            )
            base = at(0, 0.8) if kind != "aged" else at(0, 0.2)
            span = {"referral": 20, "tester": 4, "aged": 150, "lead_refund": 120, "weak_chain": 200}[kind] * DAY
            box = device(
                self,
                "browser" if kind == "tester" else "app",
                emulator=kind in ("referral",) and self.chance(0.6),
                period=(3 if careful else 10**5) * DAY,
            )
            out = tunnel(self, op.land, "vpn") if careful or kind == "tester" else op.home
            for i in range(n):
                t0 = base + int(span * (i + r.random()) / n)
                role = "customer" if kind in ("referral", "tester", "lead_refund") else None
                t1 = t0 + r.randint(1, 12) * DAY if kind == "tester" else self.end if kind == "aged" else None
                o = {"hand": box, "net": out} if kind in ("referral", "tester") else {}
                chain = ["card", "phone", "addr", "bank", "mail", "device", "home"]
                if kind in ("aged", "weak_chain"):
                    a = self.sock(
                        op, ring, kind, t0, t1, True, role, weak=[] if kind == "weak_chain" or careful else r.sample(["home", "cell"], 1)
                    )
                else:
                    a = self.sock(op, ring, kind, t0, t1, careful, role, ref=made[0] if kind == "referral" and made else -1, **o)
                made.append(a)
                A = self.accounts[a]
                if kind == "aged":
                    A.setdefault("w", [])
                    [
                        self.ways.__setitem__(j, (*self.ways[j][:5], self.ways[j][5] * 0.1, *self.ways[j][6:]))
                        for j in A["w"]
                        if self.ways[j][5]
                    ]
                    tb = self.end - r.randint(15, 50) * DAY
                    self.way(a, out, box if self.chance(0.7) else device(self, "app"), max(tb, A["t0"]), self.end, lam=12)
                if kind == "weak_chain" and i:  # each neighbour pair shares one thing, another thing each time
                    B = self.accounts[made[-2]]
                    x = chain[(i + op.stirred) % len(chain)]
                    bp = B["p"]
                    tm = max(A["t0"], B["t0"])
                    e = A["t1"]
                    c2 = new_card(self)
                    b2 = new_bank(self)
                    if x == "card":
                        self.add_card(a, c2, tm, e)
                        self.add_card(made[-2], c2, B["t0"], B["t1"])
                    if x == "phone":
                        self.add_phone(a, bp.phone, tm, e, "2fa")
                        self.add_phone(made[-2], bp.phone, B["t0"], B["t1"], "profile")
                    if x == "addr":
                        [self.add_addr(y, bp.address, self.accounts[y]["t0"], self.accounts[y]["t1"]) for y in (a, made[-2])]
                    if x == "bank":
                        self.add_bank(a, b2, tm)
                        self.add_bank(made[-2], b2, B["t0"])
                    if x == "mail":
                        self.add_mail(a, bp.mail, tm, e)
                        self.add_mail(made[-2], bp.mail, B["t0"], B["t1"])
                    if x in ("device", "home"):
                        [
                            self.way(
                                y,
                                bp.home,
                                (bp.handset if x == "device" else device(self, "app")),
                                self.accounts[y]["t0"],
                                self.accounts[y]["t1"],
                                fix=r.randint(2, 5),
                            )
                            for y in (a, made[-2])
                        ]
                if kind == "tester":
                    for _ in range(r.randint(2, 6)):
                        v = r.choice(calm) if calm and self.chance(0.15) else None
                        c = self.accounts[v]["p"].card if v is not None and self.accounts[v].get("ins") else new_card(self)
                        self.add_card(a, c, t0, A["t1"], "none")
                        self.rows["payments_x"].append(
                            (
                                a,
                                -1,
                                "auth",
                                r.choice([100, 199, 500]),
                                int(r.uniform(t0, A["t1"])),
                                "declined" if self.chance(0.6) else "ok",
                                A["ins"][-1],
                                None,
                            )
                        )
                        if v is not None and self.accounts[v].get("ins"):
                            self.accounts[v]["reason"] = self.accounts[v]["reason"] or "card_victim"
                        if self.chance(0.4):
                            self.rows["payments_x"].append(
                                (a, -1, "chargeback", 4900, int(t0 + r.randint(10, 90) * DAY), "lost", A["ins"][-1], "10.4")
                            )
                if kind in ("lead_refund", "aged", "weak_chain"):
                    self.rows["jobs_x"] += [(a, int(r.uniform(A["t0"], A["t1"])), "refund") for _ in range(r.randint(2, 6))]
        elif kind == "mules":
            n = min(room, r.randint(3, 8))
            banks = [new_bank(self) for _ in range(n)]
            base = at(0.1, 0.8)
            herd = tunnel(self, op.land, "vpn")
            for i in range(n):
                q = Person(self, op.land)
                mule = self.chance(0.4)
                a = self.account(
                    q, "pro", base + r.randint(0, 60) * DAY, ring=ring, abuser=True, beh=kind, careful=careful, bank=banks[i], own=False
                )
                made.append(a)
                A = self.accounts[a]
                if not mule:
                    A["ctrl"] = op.id
                self.add_bank(a, banks[(i + 1) % n], A["t0"] + 9 * DAY, holder="none")
                self.way(
                    a,
                    herd,
                    op.laptop if op.laptop is not None and not careful else device(self, "browser"),
                    A["t0"],
                    A["t1"],
                    lam=6 if not mule else 2,
                )
                self.rows["payments_x"] += [
                    (-1, a, "payout", r.randint(20, 90) * 1000, int(r.uniform(A["t0"], A["t1"])), "ok", None, None)
                    for _ in range(r.randint(2, 6))
                ]
        elif kind == "bought":
            for _ in range(min(room, r.choice([1, 1, 2, 4]))):
                b = friend(lambda A: A["t1"] >= self.end and A["t0"] < self.end - 90 * DAY and (A["role"] == "pro" or self.chance(0.3)))
                B = self.accounts[b] if b is not None else None
                if B is None:
                    continue
                net = op.home if not careful else proxy_line(self, op.land)
                tc = int(r.uniform(B["t0"] + 30 * DAY, self.end - 30 * DAY))
                rent = self.chance(0.35)
                for j in B["w"]:
                    w = self.ways[j]
                    if w[4] > tc:
                        self.ways[j] = (
                            *w[:4],
                            w[4] if rent else max(w[3] + 1, tc),
                            w[5] * (0.4 if rent else max(0, tc - w[3]) / (w[4] - w[3])),
                            *w[6:],
                        )
                if not rent:
                    B["cut"] = tc
                    self.add_phone(b, new_number(self, op.land, op.area_codes), tc, self.end, "profile")
                    self.event(b, tc, "phone_change", net=net, dev=op.handset)
                    self.event(b, tc + 900, "password_reset", net=net, dev=op.handset)
                    (
                        self.add_mail(b, mailbox(self, op), tc, self.end),
                        self.event(b, tc + 1800, "email_change", net=net, dev=op.handset),
                    ) if self.chance(0.6) else None
                self.way(b, net, op.handset, tc, self.end, lam=r.choice([8, 25, 60]), hour=op.hour)
                self.way(b, op.cell, op.handset, tc, self.end, lam=8, hour=op.hour)
                if B["role"] == "pro" and self.chance(0.8):
                    self.add_bank(b, op.bank, tc + DAY, holder="none")
                    self.event(b, tc + DAY, "payout_change")
                B.update(
                    before=B["p"].id,
                    ctrl=op.id,
                    ring=ring,
                    abuser=True,
                    beh="rented" if rent else "bought",
                    careful=careful,
                    reason=None,
                    swapped=tc,
                )
                made.append(b)
            if made and room > len(made) and self.chance(0.5):
                t = at(0, 0.4)
                a = self.sock(op, ring, "comeback", t, t + r.randint(20, 120) * DAY, False, "pro", new=False)
                self.remove(a, self.accounts[a]["t1"], "PRO-06")
                made.append(a)
        elif kind == "insider":
            office = place_line(self, op.land, op.town, "business")
            a = self.account(op, "staff", at(0, 0.2), self.end, ring=ring, abuser=True, beh=kind, own=False)
            self.way(a, office, device(self, "browser"), self.accounts[a]["t0"], self.end, lam=60, work=1)
            made.append(a)
            for _ in range(min(room - 1, r.randint(1, 4))):
                q = Person(self, op.land, op.town, surnames=op.surnames if self.chance(0.6) else None, heritage=op.heritage)
                q.home, q.address = (op.home, op.address) if self.chance(0.5) else (q.home, q.address)
                b = self.account(
                    q, "pro", None, self.end, ring=ring, abuser=True, beh=kind, own=False, bank=op.bank if self.chance(0.3) else 0
                )
                made.append(b)
                self.way(b, office if self.chance(0.5) else op.home, op.handset, self.accounts[b]["t0"], self.end, fix=r.randint(1, 4))
                self.rows["payments_x"] += [
                    (-1, b, "credit", 5000, int(r.uniform(self.accounts[b]["t0"], self.end)), "ok", None, None) for _ in range(4)
                ]
        if host is not None and k >= 0.13 and made:
            tt = self.accounts[made[-1]]["t0"]
            H = self.accounts[host]
            if k < 0.22:
                self.way(made[-1], hp.home, self.ways[self.accounts[made[-1]]["w"][0]][2], tt, tt + 60 * DAY, fix=r.randint(2, 6))
            elif k < 0.29:
                self.add_phone(made[-1], hp.phone, tt, tt + 20 * DAY, "2fa")
                self.way(made[-1], hp.home, hp.handset, tt, tt + 4 * DAY, fix=r.randint(1, 2))
            else:
                self.add_card(made[-1], hp.card, tt, tt + 40 * DAY, "none")
                (self.add_card(host, hp.card, H["t0"], H["t1"]) if not H.get("ins") else None)
        if (
            kind in ("comeback", "solo") and made and self.chance(0.3)
        ):  # an innocent relative carries on with the van, the line and the tablet
            t = self.accounts[made[0]]["last"]
            q = friend(lambda A: A["t1"] > t + 20 * DAY and A["role"] == "pro")
            if q is not None:
                Q = self.accounts[q]
                t = max(t, Q["t0"])
                Q["reason"] = "relative_of_removed"
                self.add_phone(q, op.phone, t + 3 * DAY, Q["t1"], "profile")
                self.way(q, op.home, op.laptop if op.laptop is not None else op.handset, t + 3 * DAY, Q["t1"], lam=6)
                (self.add_addr(q, op.address, t, Q["t1"]) if self.chance(0.5) else None)
        near = [x for x in self.spots if x[0] == op.land]
        if near and made and self.chance(0.2):  # works from an innocent crowd's library, office or cafe now and then
            _, spot, pc = r.choice(near)
            [
                self.way(
                    a,
                    spot,
                    pc if self.chance(0.4) else self.ways[self.accounts[a]["w"][0]][2],
                    self.accounts[a]["t0"],
                    self.accounts[a]["t1"],
                    fix=r.randint(1, 5),
                    work=1,
                )
                for a in made
                if self.accounts[a].get("w") and self.chance(0.6)
            ]
        for a in made:
            A = self.accounts[a]
            caught = 0.3 if A["careful"] else 0.6
            if A["status"] != "removed" and kind != "comeback" and self.chance(caught):
                self.remove(
                    a, int(min(self.end, r.uniform(max(A["t0"] + DAY, A.get("swapped", 0) + DAY), max(A["t1"], A["t0"] + 2 * DAY)))), code
                )
            if self.chance(0.35):
                self.report(a, A["t0"] + r.randint(2, 60) * DAY, code)
        return len(made)
