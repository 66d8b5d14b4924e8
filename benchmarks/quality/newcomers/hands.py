"""One more account under the hand of an operator, and rings until enough accounts are theirs."""

from __future__ import annotations

from benchmarks.quality.newcomers.crowds import Innocents
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.plans import DAY


class Operators(Innocents):
    """Those who hold several accounts to do harm, and thieves of accounts."""

    def sock(self, op, ring, beh, t0, t1, careful, role, *, new=True, hand=None, net=None, weak=None, **kw):
        """One more account under op's hand.  A careful one changes everything but for the few slips listed below."""
        r = self.r
        role = role or op.role_hint
        face = Person(self, op.cc, op.m, her=op.her)
        face.hour = op.hour
        life = {"ring": ring, "abuser": True, "beh": beh, "careful": careful, "own": False}
        if not new:
            return self.account(op, role, t0, t1, **life, **kw)
        if not careful:
            face.sur = op.sur if self.hit(0.4) else face.sur
            face.given = op.given if self.hit(0.35) else face.given
            face.birth = op.birth if self.hit(0.4) else face.birth
            face.trade = op.trade
            net = net if net is not None else op.home
            hand = hand if hand is not None else op.hand
            l, d = op.mail.split("@")
            alias = r.choice([f"{l}+{r.randint(1, 99)}@{d}", f"{l}{r.randint(1, 99)}@{d}", f"{l[:2]}.{l[2:]}@{d}"])
            o = {
                "phone": op.phone if self.hit(0.3) else self.number(op.cc, op.area, r.choice(["voip", "mobile"])),
                "mail": alias if self.hit(0.45) else self.mailbox(face),
                "card": op.card if self.hit(0.4) else 0,
                "bank": op.bank if role == "pro" and self.hit(0.75) else 0,
                "addr": op.addr if self.hit(0.5) else 0,
            }
            a = self.account(
                face,
                role,
                t0,
                t1,
                **{**o, **kw},
                **life,
                ways=[(net, hand, 1.0), (op.cell, hand, 0.7)] + ([(net, op.lap, 0.6)] if op.lap is not None else []),
                rate=r.choice([0.05, 0.15, 0.4]),
            )
        else:
            hand = hand if hand is not None else self.device(r.choice([0, 0, 1]), per=r.choice([20, 60, 10**6]) * DAY)
            k = r.random()
            net = (
                net
                if net is not None
                else self.vpn_net(op.cc, "vpn")
                if k < 0.35
                else self.vpn_net(op.cc, "proxy")
                if k < 0.6
                else op.cell
                if k < 0.8
                else self.mob_net(op.cc, op.m)
            )
            o = {
                "phone": self.number(op.cc, op.area, r.choice(["voip", "mobile", "mobile"])),
                "mail": self.mailbox(face)
                if self.hit(0.85)
                else f"{r.getrandbits(36):x}@{r.choice(['mailinator.com', 'guerrillamail.com', 'tempmail.io'])}",
                "card": self.new_card(prepaid=True) if self.hit(0.5) else None,
                "bank": self.new_bank() if role == "pro" else None,
                "addr": 0 if self.hit(0.6) else None,
            }
            a = self.account(face, role, t0, t1, **{**o, **kw}, **life, ways=[(net, hand, 1.0)], rate=r.choice([0.04, 0.1, 0.3]))
            A = self.A[a]
            slips = (
                r.sample(
                    ["home", "device", "bank", "card", "phone", "addr", "mail", "text", "cell"],
                    r.choices([0, 1, 2, 3], [20, 35, 30, 15])[0],
                )
                if weak is None
                else weak
            )
            tt = int(r.uniform(A["t0"], max(A["t0"] + 1, A["t1"] - DAY)))
            A["slips"] = "+".join(slips)
            for x in slips:
                if x == "home":
                    self.way(a, op.home, hand, tt, tt + 20 * DAY, fix=r.randint(1, 4))
                if x == "cell":
                    self.way(a, op.cell, hand, A["t0"], A["t1"], fix=r.randint(2, 8))
                if x == "device":
                    self.way(a, net, op.lap if op.lap is not None and self.hit(0.5) else op.hand, tt, tt + 2 * DAY, fix=r.randint(1, 2))
                if x == "bank":
                    self.add_bank(a, op.bank, tt, holder="none")
                if x == "card":
                    self.add_card(a, op.card, tt, A["t1"], "none")
                if x == "phone":
                    self.add_phone(a, op.phone, tt, min(A["t1"], tt + 30 * DAY), r.choice(["2fa", "payout", "message"]), self.hit(0.6))
                if x == "addr":
                    self.add_addr(a, op.addr, tt, A["t1"])
                if x == "mail":
                    self.add_mail(a, op.mail, tt, A["t1"], False)
        self.A[a]["trade"], self.A[a]["ctrl"] = op.trade, op.id
        if (careful and "text" in self.A[a].get("slips", "")) or (not careful and self.hit(0.3)):
            self.R["text"].append((a, ring))
        return a
