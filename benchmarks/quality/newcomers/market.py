"""A whole market: takeovers and rings until enough accounts are theirs, everybody else, and the tables."""

from __future__ import annotations

import pandas as pd

from benchmarks.quality.newcomers.exports import Exports
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.plans import CRIME, DAY


class World(Exports):
    """A made-up market."""

    def abusers(self, n):
        """Rings by their weights until `n` accounts are theirs, and thieves who take over accounts of others."""
        r = self.r
        s = self.s
        calm = [a for a, A in enumerate(self.A) if A["reason"] in (None, "public_wifi") and A["role"] in ("customer", "pro")]
        goal = n
        done = 0
        crimes = s["trades"] or CRIME
        miss = 0
        while done < goal and miss < 200:
            k = self.pick(dict(crimes))
            got = self.crime(k, goal - done, calm)
            done += got
            miss = 0 if got else miss + 1
        self.calm = calm
        wrong = [a for a in calm if not self.A[a]["abuser"] and self.A[a]["reason"] is None]
        bad = [a for a, A in enumerate(self.A) if A["abuser"]]
        left = round(self.N * s["takeover"])
        while left > 0 and wrong:  # takeover: one thief, several victims, at times from the set-up of an abusive account
            q = self.A[r.choice(bad)]["p"] if bad and self.hit(0.6) else Person(self)
            net = r.choice([q.home, q.cell, self.vpn_net(q.cc, "vpn"), self.vpn_net(q.cc, "proxy")])
            dev = q.hand if self.hit(0.7) else self.device(1)
            drop = self.new_bank()
            for _ in range(min(left, r.choice([1, 1, 2, 5]))):
                v = r.choice(wrong)
                V = self.A[v]
                if V["reason"]:
                    left -= 1
                    continue
                t = int(r.uniform(V["t0"] + DAY / 2, V["t1"]))
                self.way(v, net, dev, t, t + r.randint(1, 5) * DAY, fix=r.randint(1, 6), hour=3)
                left -= 1
                V["reason"], V["beh"] = "takeover_victim", "takeover_victim"
                thief = {"net": net, "dev": dev}
                self.event(v, t, "password_reset", **thief)
                self.event(v, t + 300, "new_device", **thief)
                self.event(v, t + 6 * DAY, "password_reset", "support")
                if self.hit(0.45):
                    self.add_phone(v, q.phone if self.hit(0.4) else self.number(q.cc, q.area, "voip"), t + 600, t + 5 * DAY, "profile")
                    self.event(v, t + 600, "phone_change", **thief)
                if V["role"] == "pro":
                    self.add_bank(v, drop, t + 1200, t + 6 * DAY, "none")
                    self.event(v, t + 1200, "payout_change", **thief)


def make(seed: int, accounts: int, **shape) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Make the tables of a market and its truth, one row an account; the same for the same seed, size and shape (`SHAPE`)."""
    w = World(seed, accounts, shape)
    bad = round(accounts * w.s["prevalence"])
    w.innocents(accounts - bad)
    w.abusers(bad)
    while len(w.A) < accounts:
        w.account(Person(w))
    return w.frames()
