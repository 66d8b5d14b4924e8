"""A whole market: takeovers and rings until enough accounts are theirs, everybody else, and the tables."""

from __future__ import annotations

import pandas as pd

from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.exports import Exports
from benchmarks.quality.newcomers.networks import proxy_line, tunnel
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.phones import new_number
from benchmarks.quality.newcomers.plans import CRIME, DAY
from benchmarks.quality.newcomers.wallet import new_bank


class World(Exports):
    """A made-up market."""

    def abusers(self, n):
        """Rings by their weights until `n` accounts are theirs, and thieves who take over accounts of others."""
        r = self.dice
        s = self.shape
        calm = [a for a, A in enumerate(self.accounts) if A["reason"] in (None, "public_wifi") and A["role"] in ("customer", "pro")]
        goal = n
        done = 0
        crimes = s["trades"] or CRIME
        miss = 0
        while done < goal and miss < 200:
            k = self.weighted(dict(crimes))
            got = self.crime(k, goal - done, calm)
            done += got
            miss = 0 if got else miss + 1
        self.calm = calm
        wrong = [a for a in calm if not self.accounts[a]["abuser"] and self.accounts[a]["reason"] is None]
        bad = [a for a, A in enumerate(self.accounts) if A["abuser"]]
        left = round(self.size * s["takeover"])
        while left > 0 and wrong:  # takeover: one thief, several victims, at times from the set-up of an abusive account
            q = self.accounts[r.choice(bad)]["p"] if bad and self.chance(0.6) else Person(self)
            net = r.choice([q.home, q.cell, tunnel(self, q.land, "vpn"), proxy_line(self, q.land)])
            dev = q.handset if self.chance(0.7) else device(self, "browser")
            drop = new_bank(self)
            for _ in range(min(left, r.choice([1, 1, 2, 5]))):
                v = r.choice(wrong)
                V = self.accounts[v]
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
                if self.chance(0.45):
                    self.add_phone(
                        v, q.phone if self.chance(0.4) else new_number(self, q.land, q.area_codes, "voip"), t + 600, t + 5 * DAY, "profile"
                    )
                    self.event(v, t + 600, "phone_change", **thief)
                if V["role"] == "pro":
                    self.add_bank(v, drop, t + 1200, t + 6 * DAY, "none")
                    self.event(v, t + 1200, "payout_change", **thief)


def make(seed: int, accounts: int, **shape) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Make the tables of a market and its truth, one row an account; the same for the same seed, size and shape (`SHAPE`)."""
    w = World(seed, accounts, shape)
    bad = round(accounts * w.shape["prevalence"])
    w.innocents(accounts - bad)
    w.abusers(bad)
    while len(w.accounts) < accounts:
        w.account(Person(w))
    return w.frames()
