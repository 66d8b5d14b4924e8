"""One more account under the hand of an operator, and rings until enough accounts are theirs."""

from __future__ import annotations

from benchmarks.quality.newcomers.crowds import Innocents
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.networks import mobile_line, proxy_line, tunnel
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.phones import new_number
from benchmarks.quality.newcomers.plans import DAY
from benchmarks.quality.newcomers.wallet import mailbox, new_bank, new_card


class Operators(Innocents):
    """Those who hold several accounts to do harm, and thieves of accounts."""

    def sock(self, op, ring, beh, t0, t1, careful, role, *, new=True, hand=None, net=None, weak=None, **kw):
        """One more account under op's hand.  A careful one changes everything but for the few slips listed below."""
        r = self.dice
        role = role or op.role_hint
        face = Person(self, op.land, op.town, heritage=op.heritage)
        face.hour = op.hour
        life = {"ring": ring, "abuser": True, "beh": beh, "careful": careful, "own": False}
        if not new:
            return self.account(op, role, t0, t1, **life, **kw)
        if not careful:
            face.surnames = op.surnames if self.chance(0.4) else face.surnames
            face.given = op.given if self.chance(0.35) else face.given
            face.born = op.born if self.chance(0.4) else face.born
            face.trade = op.trade
            net = net if net is not None else op.home
            hand = hand if hand is not None else op.handset
            l, d = op.mail.split("@")
            alias = r.choice([f"{l}+{r.randint(1, 99)}@{d}", f"{l}{r.randint(1, 99)}@{d}", f"{l[:2]}.{l[2:]}@{d}"])
            o = {
                "phone": op.phone if self.chance(0.3) else new_number(self, op.land, op.area_codes, r.choice(["voip", "mobile"])),
                "mail": alias if self.chance(0.45) else mailbox(self, face),
                "card": op.card if self.chance(0.4) else 0,
                "bank": op.bank if role == "pro" and self.chance(0.75) else 0,
                "addr": op.address if self.chance(0.5) else 0,
            }
            a = self.account(
                face,
                role,
                t0,
                t1,
                **{**o, **kw},
                **life,
                ways=[(net, hand, 1.0), (op.cell, hand, 0.7)] + ([(net, op.laptop, 0.6)] if op.laptop is not None else []),
                rate=r.choice([0.05, 0.15, 0.4]),
            )
        else:
            hand = hand if hand is not None else device(self, r.choice(["app", "app", "browser"]), period=r.choice([20, 60, 10**6]) * DAY)
            k = r.random()
            net = (
                net
                if net is not None
                else tunnel(self, op.land, "vpn")
                if k < 0.35
                else proxy_line(self, op.land)
                if k < 0.6
                else op.cell
                if k < 0.8
                else mobile_line(self, op.land, op.town)
            )
            o = {
                "phone": new_number(self, op.land, op.area_codes, r.choice(["voip", "mobile", "mobile"])),
                "mail": mailbox(self, face)
                if self.chance(0.85)
                else f"{r.getrandbits(36):x}@{r.choice(['mailinator.com', 'guerrillamail.com', 'tempmail.io'])}",
                "card": new_card(self, prepaid=True) if self.chance(0.5) else None,
                "bank": new_bank(self) if role == "pro" else None,
                "addr": 0 if self.chance(0.6) else None,
            }
            a = self.account(face, role, t0, t1, **{**o, **kw}, **life, ways=[(net, hand, 1.0)], rate=r.choice([0.04, 0.1, 0.3]))
            A = self.accounts[a]
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
                    self.way(
                        a,
                        net,
                        op.laptop if op.laptop is not None and self.chance(0.5) else op.handset,
                        tt,
                        tt + 2 * DAY,
                        fix=r.randint(1, 2),
                    )
                if x == "bank":
                    self.add_bank(a, op.bank, tt, holder="none")
                if x == "card":
                    self.add_card(a, op.card, tt, A["t1"], "none")
                if x == "phone":
                    self.add_phone(a, op.phone, tt, min(A["t1"], tt + 30 * DAY), r.choice(["2fa", "payout", "message"]), self.chance(0.6))
                if x == "addr":
                    self.add_addr(a, op.address, tt, A["t1"])
                if x == "mail":
                    self.add_mail(a, op.mail, tt, A["t1"], False)
        self.accounts[a]["trade"], self.accounts[a]["ctrl"] = op.trade, op.id
        if (careful and "text" in self.accounts[a].get("slips", "")) or (not careful and self.chance(0.3)):
            self.rows["text"].append((a, ring))
        return a
