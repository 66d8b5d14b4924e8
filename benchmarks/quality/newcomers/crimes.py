"""The trades of abuse: comebacks, farms, refunds, bought accounts, mules, testers, insiders."""

from __future__ import annotations

from benchmarks.quality.newcomers.hands import Operators
from benchmarks.quality.newcomers.people import Person, hash_int
from benchmarks.quality.newcomers.plans import CHARGE, DAY


class Crimes(Operators):
    """What operators do with their accounts."""

    def crime(self, kind, room, calm):
        """One operator or crew doing one trade; returns the accounts made.  calm: innocent accounts nobody has used yet."""
        r = self.r
        op = Person(self)
        ring = f"R{self.people:05d}"
        careful = self.hit(self.s["careful"])
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
                    and fit(self.A[a])
                    and self.A[a]["p"].cc == op.cc
                    and not self.A[a]["abuser"]
                    and self.A[a]["reason"] in (None, "public_wifi")
                    and self.A[a]["role"] in ("customer", "pro")
                ):
                    return a
            return None

        k = r.random()
        host = friend() if k < 0.38 else None
        if host is not None:
            H = self.A[host]
            hp = H["p"]
            if k < 0.13:
                op.home, op.addr, H["reason"] = hp.home, hp.addr, "household_of_abuser"
                (op.sur.__setitem__(0, hp.sur[0]) if self.hit(0.5) else None)
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
                free = i and i == n - 1 and self.hit(0.7)
                t1 = self.end if free else t + int(r.uniform(12, 150) * DAY)
                a = self.sock(op, ring, kind, t, t1, careful, "pro" if self.hit(0.75) else "customer", new=i > 0)
                made.append(a)
                t = self.A[a]["t1"] + int((r.uniform(5, 80) if careful else r.uniform(0, 14)) * DAY)
                if free or t > self.end - 10 * DAY:
                    break  # the newest one is still at work
                self.remove(a, self.A[a]["t1"], "ACC-01" if i else r.choice(["PRO-06", "PAY-04", "SAF-02", "REV-01"]))
                self.report(a, self.A[a]["t1"] - DAY, code)
                if i and self.hit(0.25):
                    self.way(
                        made[-2], self.ways[-1][1], self.ways[-1][2], t, t + 3 * DAY, fix=1, hour=-2
                    )  # tries the dead account from the new set-up
        elif kind == "solo":
            made.append(self.sock(op, ring, kind, at(0, 0.9), None, False, None, new=False))
        elif kind in ("farm_one", "farm_crew"):
            crew = [op] + [
                Person(self, op.cc, op.m if self.hit(0.7) else None) for _ in range(r.randint(2, 5) if kind == "farm_crew" else 0)
            ]
            pros = [a for a in calm if self.A[a]["role"] == "pro" and self.A[a]["p"].cc == op.cc and not self.A[a]["abuser"]]
            client = [r.choice(pros) for _ in range(r.randint(1, 4))] if pros else []
            base = at(0.05, 0.8)
            self.new_bank()  # drawn and never used
            shop = self.mob_net(op.cc, op.m)
            n = min(room, r.randint(6, 24)) if kind == "farm_one" else room
            for j, q in enumerate(crew):
                q.role_hint = "customer"
                hands = [self.device(0) for _ in range(max(1, n))] if kind == "farm_one" else None
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
                        hand=hands[i // (2 if self.hit(0.3) else 1)] if hands else None,
                        net=(shop if not careful else None) if hands and self.hit(0.7) else None,
                        new=i > 0 or kind == "farm_one",
                    )
                    made.append(a)
                    if self.hit(0.25):
                        self.add_card(
                            a, crew[(j + 1) % len(crew)].card, self.A[a]["t0"], self.A[a]["t1"], "none"
                        )  # crew members pay for each other
                    if kind == "farm_crew" and self.hit(0.2):
                        self.way(a, crew[0].home, q.hand, self.A[a]["t0"], self.A[a]["t1"], fix=r.randint(1, 3))
                    for c in client:
                        if self.hit(0.7):
                            self.R["reviews_x"].append(
                                (
                                    a,
                                    c,
                                    5,
                                    int(r.uniform(self.A[a]["t0"], self.A[a]["t1"])),
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
                self.A[c]["bought_reviews"] = True
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
            box = self.device(
                1 if kind == "tester" else 0, emulator=kind in ("referral",) and self.hit(0.6), per=(3 if careful else 10**5) * DAY
            )
            out = self.vpn_net(op.cc, "vpn") if careful or kind == "tester" else op.home
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
                A = self.A[a]
                if kind == "aged":
                    A.setdefault("w", [])
                    [
                        self.ways.__setitem__(j, (*self.ways[j][:5], self.ways[j][5] * 0.1, *self.ways[j][6:]))
                        for j in A["w"]
                        if self.ways[j][5]
                    ]
                    tb = self.end - r.randint(15, 50) * DAY
                    self.way(a, out, box if self.hit(0.7) else self.device(0), max(tb, A["t0"]), self.end, lam=12)
                if kind == "weak_chain" and i:  # each neighbour pair shares one thing, another thing each time
                    B = self.A[made[-2]]
                    x = chain[(i + hash_int(op.id)) % len(chain)]
                    bp = B["p"]
                    tm = max(A["t0"], B["t0"])
                    e = A["t1"]
                    c2 = self.new_card()
                    b2 = self.new_bank()
                    if x == "card":
                        self.add_card(a, c2, tm, e)
                        self.add_card(made[-2], c2, B["t0"], B["t1"])
                    if x == "phone":
                        self.add_phone(a, bp.phone, tm, e, "2fa")
                        self.add_phone(made[-2], bp.phone, B["t0"], B["t1"], "profile")
                    if x == "addr":
                        [self.add_addr(y, bp.addr, self.A[y]["t0"], self.A[y]["t1"]) for y in (a, made[-2])]
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
                                (bp.hand if x == "device" else self.device(0)),
                                self.A[y]["t0"],
                                self.A[y]["t1"],
                                fix=r.randint(2, 5),
                            )
                            for y in (a, made[-2])
                        ]
                if kind == "tester":
                    for _ in range(r.randint(2, 6)):
                        v = r.choice(calm) if calm and self.hit(0.15) else None
                        c = self.A[v]["p"].card if v is not None and self.A[v].get("ins") else self.new_card()
                        self.add_card(a, c, t0, A["t1"], "none")
                        self.R["payments_x"].append(
                            (
                                a,
                                -1,
                                "auth",
                                r.choice([100, 199, 500]),
                                int(r.uniform(t0, A["t1"])),
                                "declined" if self.hit(0.6) else "ok",
                                A["ins"][-1],
                                None,
                            )
                        )
                        if v is not None and self.A[v].get("ins"):
                            self.A[v]["reason"] = self.A[v]["reason"] or "card_victim"
                        if self.hit(0.4):
                            self.R["payments_x"].append(
                                (a, -1, "chargeback", 4900, int(t0 + r.randint(10, 90) * DAY), "lost", A["ins"][-1], "10.4")
                            )
                if kind in ("lead_refund", "aged", "weak_chain"):
                    self.R["jobs_x"] += [(a, int(r.uniform(A["t0"], A["t1"])), "refund") for _ in range(r.randint(2, 6))]
        elif kind == "mules":
            n = min(room, r.randint(3, 8))
            banks = [self.new_bank() for _ in range(n)]
            base = at(0.1, 0.8)
            herd = self.vpn_net(op.cc, "vpn")
            for i in range(n):
                q = Person(self, op.cc)
                mule = self.hit(0.4)
                a = self.account(
                    q, "pro", base + r.randint(0, 60) * DAY, ring=ring, abuser=True, beh=kind, careful=careful, bank=banks[i], own=False
                )
                made.append(a)
                A = self.A[a]
                if not mule:
                    A["ctrl"] = op.id
                self.add_bank(a, banks[(i + 1) % n], A["t0"] + 9 * DAY, holder="none")
                self.way(
                    a, herd, op.lap if op.lap is not None and not careful else self.device(1), A["t0"], A["t1"], lam=6 if not mule else 2
                )
                self.R["payments_x"] += [
                    (-1, a, "payout", r.randint(20, 90) * 1000, int(r.uniform(A["t0"], A["t1"])), "ok", None, None)
                    for _ in range(r.randint(2, 6))
                ]
        elif kind == "bought":
            for _ in range(min(room, r.choice([1, 1, 2, 4]))):
                b = friend(lambda A: A["t1"] >= self.end and A["t0"] < self.end - 90 * DAY and (A["role"] == "pro" or self.hit(0.3)))
                B = self.A[b] if b is not None else None
                if B is None:
                    continue
                net = op.home if not careful else self.vpn_net(op.cc, "proxy")
                tc = int(r.uniform(B["t0"] + 30 * DAY, self.end - 30 * DAY))
                rent = self.hit(0.35)
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
                    self.add_phone(b, self.number(op.cc, op.area), tc, self.end, "profile")
                    self.event(b, tc, "phone_change", net=net, dev=op.hand)
                    self.event(b, tc + 900, "password_reset", net=net, dev=op.hand)
                    (
                        self.add_mail(b, self.mailbox(op), tc, self.end),
                        self.event(b, tc + 1800, "email_change", net=net, dev=op.hand),
                    ) if self.hit(0.6) else None
                self.way(b, net, op.hand, tc, self.end, lam=r.choice([8, 25, 60]), hour=op.hour)
                self.way(b, op.cell, op.hand, tc, self.end, lam=8, hour=op.hour)
                if B["role"] == "pro" and self.hit(0.8):
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
            if made and room > len(made) and self.hit(0.5):
                t = at(0, 0.4)
                a = self.sock(op, ring, "comeback", t, t + r.randint(20, 120) * DAY, False, "pro", new=False)
                self.remove(a, self.A[a]["t1"], "PRO-06")
                made.append(a)
        elif kind == "insider":
            office = self.place_net(op.cc, op.m, "business")
            a = self.account(op, "staff", at(0, 0.2), self.end, ring=ring, abuser=True, beh=kind, own=False)
            self.way(a, office, self.device(1), self.A[a]["t0"], self.end, lam=60, work=1)
            made.append(a)
            for _ in range(min(room - 1, r.randint(1, 4))):
                q = Person(self, op.cc, op.m, sur=op.sur if self.hit(0.6) else None, her=op.her)
                q.home, q.addr = (op.home, op.addr) if self.hit(0.5) else (q.home, q.addr)
                b = self.account(
                    q, "pro", None, self.end, ring=ring, abuser=True, beh=kind, own=False, bank=op.bank if self.hit(0.3) else 0
                )
                made.append(b)
                self.way(b, office if self.hit(0.5) else op.home, op.hand, self.A[b]["t0"], self.end, fix=r.randint(1, 4))
                self.R["payments_x"] += [
                    (-1, b, "credit", 5000, int(r.uniform(self.A[b]["t0"], self.end)), "ok", None, None) for _ in range(4)
                ]
        if host is not None and k >= 0.13 and made:
            tt = self.A[made[-1]]["t0"]
            H = self.A[host]
            if k < 0.22:
                self.way(made[-1], hp.home, self.ways[self.A[made[-1]]["w"][0]][2], tt, tt + 60 * DAY, fix=r.randint(2, 6))
            elif k < 0.29:
                self.add_phone(made[-1], hp.phone, tt, tt + 20 * DAY, "2fa")
                self.way(made[-1], hp.home, hp.hand, tt, tt + 4 * DAY, fix=r.randint(1, 2))
            else:
                self.add_card(made[-1], hp.card, tt, tt + 40 * DAY, "none")
                (self.add_card(host, hp.card, H["t0"], H["t1"]) if not H.get("ins") else None)
        if kind in ("comeback", "solo") and made and self.hit(0.3):  # an innocent relative carries on with the van, the line and the tablet
            t = self.A[made[0]]["last"]
            q = friend(lambda A: A["t1"] > t + 20 * DAY and A["role"] == "pro")
            if q is not None:
                Q = self.A[q]
                t = max(t, Q["t0"])
                Q["reason"] = "relative_of_removed"
                self.add_phone(q, op.phone, t + 3 * DAY, Q["t1"], "profile")
                self.way(q, op.home, op.lap if op.lap is not None else op.hand, t + 3 * DAY, Q["t1"], lam=6)
                (self.add_addr(q, op.addr, t, Q["t1"]) if self.hit(0.5) else None)
        near = [x for x in self.spots if x[0] == op.cc]
        if near and made and self.hit(0.2):  # works from an innocent crowd's library, office or cafe now and then
            _, spot, pc = r.choice(near)
            [
                self.way(
                    a,
                    spot,
                    pc if self.hit(0.4) else self.ways[self.A[a]["w"][0]][2],
                    self.A[a]["t0"],
                    self.A[a]["t1"],
                    fix=r.randint(1, 5),
                    work=1,
                )
                for a in made
                if self.A[a].get("w") and self.hit(0.6)
            ]
        for a in made:
            A = self.A[a]
            caught = 0.3 if A["careful"] else 0.6
            if A["status"] != "removed" and kind != "comeback" and self.hit(caught):
                self.remove(
                    a, int(min(self.end, r.uniform(max(A["t0"] + DAY, A.get("swapped", 0) + DAY), max(A["t1"], A["t0"] + 2 * DAY)))), code
                )
            if self.hit(0.35):
                self.report(a, A["t0"] + r.randint(2, 60) * DAY, code)
        return len(made)
