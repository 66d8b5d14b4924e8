"""Markets of a fourth make, half of them never looked at: what a market is like is drawn, not chosen.

Written from the trade's tables (who shares what, and why), after the rules and beside them; it shares no code and no habits
with the other makes. Here accounts are *opened by a need* (a kitchen, a move, a season of work), people carry a wallet of
things that wears out, and an abuser has a budget: what is bought fresh for the next account costs effort, the dearest last.

`LOOKED` are the markets that may be looked at while rules are set. `UNSEEN` are for reporting alone: their settings and their pairs
were looked at by nobody, only medians and worst figures over all of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.quality.towns import COST, FIRST, LAST, LENGTH, Account, Make, Town, again, home, passed_on, place
from benchmarks.quality.towntables import tables_of
from benchmarks.quality.written import Made


def _drawn(first: int, many: int, word: str) -> dict[str, Town]:
    """Draw what the markets are like: spread evenly over each range (a Latin hypercube), joined by chance."""
    dice = np.random.default_rng(first)
    ranges = {
        "abuse": (0.012, 0.12),
        "homes": (0.05, 0.4),
        "carrier": (0.05, 0.7),
        "care": (0.0, 0.9),
        "dirt": (0.0, 0.5),
        "places": (0, 1),
    }
    even = {name: low + (high - low) * (dice.permutation(many) + dice.random(many)) / many for name, (low, high) in ranges.items()}
    lands = dice.permutation(np.resize(["US", "MX", "BR", "CO", "all"], many))
    exports = dice.permutation(np.resize(["full", "full", "full", "unchecked", "thin", "long"], many))
    mixes = dice.gamma(2.0, 1.0, (many, 7)) * np.array([4, 2, 2, 1, 1, 1, 1])
    return {
        f"{word}-{n:02}": Town(first + n, land=str(lands[n]), export=str(exports[n]), mix=tuple(mixes[n].tolist()),
                               **{name: float(values[n]) for name, values in even.items()})
        for n in range(many)
    }  # fmt: skip


LOOKED = _drawn(52_000, 12, "looked")
UNSEEN = _drawn(77_000, 12, "unseen")


def _fresh(m: Make, row: Account, before: Account, *, keep: float) -> None:
    """Renew as far as the budget goes, the cheap things first; what is left is what was before."""
    budget = m.town.care * len(COST) * m.days(0.4, 1.6) * (1 - keep)
    for n, kind in enumerate(COST):
        renewed = n < budget and m.yes(0.85)
        row.things[kind] = m.fresh(kind) if renewed else before.things[kind]
    if all(row.things[k] != before.things[k] for k in ("card", "phone", "device", "payout", "home")):
        kind = m.of(["device", "payout", "card"])
        row.things[kind] = before.things[kind]
    if m.yes(0.25 + 0.6 * m.town.care):
        mask = m.person()
        row.given, row.family, row.born = mask.given, mask.family if m.yes(0.8) else row.family, mask.born
        row.things["email"] = mask.things["email"]
    row.voip = row.things["phone"] != before.things["phone"] and m.yes(0.5)


def _comeback(m: Make) -> list[Account]:
    """Removed, and back within weeks under another face."""
    who, day = m.person(), m.days(0, LENGTH - 260)
    rows: list[Account] = []
    for n in range(int(m.of([2, 2, 2, 3]))):
        row = m.open(who, start=day, stop=day + m.days(40, 200), role="pro" if m.yes(0.7) else "customer")
        if n:
            _fresh(m, row, rows[-1], keep=0.2)
        rows.append(row)
        row.removed = True
        day = row.stop + m.days(1, 50)
    rows[-1].removed = m.yes(0.1)
    return rows


def _doubles(m: Make) -> list[Account]:
    """Two to four profiles of one pro, open at one time, for more leads."""
    who, day = m.person(), m.days(0, LENGTH - 300)
    rows = [m.open(who, start=day + m.days(0, 120), stop=LENGTH - m.days(1, 150), role="pro") for _ in range(int(m.of([2, 2, 3, 4])))]
    for row in rows[1:]:
        _fresh(m, row, rows[0], keep=0.5)
    return rows


def _promo(m: Make) -> list[Account]:
    """Customers invented for the invitation bonus, within weeks, with rented numbers and gift cards."""
    who, day = m.person(), m.days(10, LENGTH - 120)
    pool = {"device": [m.fresh("device") for _ in range(1 + int(4 * m.town.care))], "card": [m.fresh("card") for _ in range(3)]}
    rows: list[Account] = []
    for n in range(int(m.dice.integers(4, 13))):
        row = m.open(who, start=day, stop=day + m.days(4, 45), role="customer")
        row.given, row.family, row.born = m.of(FIRST[who.land]), m.of(LAST[who.land]), int(m.dice.integers(1960, 2004))
        row.things |= {"email": m.fresh("email"), "phone": m.fresh("phone"), **{kind: m.of(some) for kind, some in pool.items()}}
        row.voip, row.prepaid, row.veil, row.work = True, m.yes(0.6), 0.7 * m.yes(0.7), 0.3
        row.came_by, row.visits = rows[0].name if n and m.yes(0.85) else "", 2 + int(m.dice.poisson(2))
        rows.append(row)
        day += m.days(0, 5)
    return rows


def _praisers(m: Make) -> list[Account]:
    """A seller of praise: a dozen customers on a few handsets who never hired whom they praise."""
    who, day = m.person(), m.days(0, LENGTH - 300)
    handsets = [m.fresh("device") for _ in range(2 + int(3 * m.town.care))]
    pros = [row for row in m.accounts if row.role == "pro" and not row.ring]
    buyers = [m.of(pros) for _ in range(4)] if pros else []
    rows = []
    for _ in range(int(m.dice.integers(6, 22))):
        row = m.open(who, start=day + m.days(0, 150), role="customer")
        row.stop = min(row.start + m.days(10, 90), LENGTH - 1)
        row.given, row.family, row.born = m.of(FIRST[who.land]), m.of(LAST[who.land]), None
        row.things |= {kind: m.fresh(kind) for kind in ("email", "phone", "card")} | {"device": m.of(handsets)}
        row.voip, row.veil, row.work, row.visits = m.yes(0.6), 0.85, 0.1, 2 + int(m.dice.poisson(3))
        m.praise += [(row, m.of(buyers), m.days(row.start, row.stop)) for _ in range(2) if buyers]
        rows.append(row)
    return rows


def _testers(m: Make) -> list[Account]:
    """Stolen cards tried out from one machine within days; every account disputed."""
    who, day, machine = m.person(), m.days(0, LENGTH - 60), m.fresh("device")
    cards = [m.fresh("card") for _ in range(4)]
    rows = []
    for _ in range(int(m.dice.integers(4, 11))):
        row = m.open(who, start=day + m.days(0, 8), role="customer")
        row.stop = min(row.start + m.days(1, 20), LENGTH - 1)
        row.given, row.family = m.of(FIRST[who.land]), m.of(LAST[who.land])
        row.things |= {"email": m.fresh("email"), "phone": m.fresh("phone"), "card": m.of(cards), "device": machine}
        row.voip, row.disputes, row.work, row.veil, row.removed = True, 1, 0.2, 0.8, m.yes(0.4)
        rows.append(row)
    return rows


def _links_in_chain(m: Make) -> list[Account]:
    """A careful hand: each account has one thing of the one before, and nothing of any other."""
    who, day = m.person(), m.days(0, LENGTH - 420)
    rows: list[Account] = []
    for n in range(int(m.of([3, 4, 5]))):
        row = m.open(who, start=day, stop=day + m.days(50, 140), role="pro")
        if n:
            row.things |= {kind: m.fresh(kind) for kind in COST}
            mask = m.person()
            row.given, row.family, row.born = mask.given, mask.family, None
            kind = m.of(["phone", "card", "device", "payout"])
            row.things[kind] = rows[-1].things[kind]
        row.removed = n < 2 and m.yes(0.7)
        rows.append(row)
        day = row.stop - m.days(-25, 15)
    return rows


def _crew(m: Make) -> list[Account]:
    """Two people with two accounts each who are paid into one account for work nobody did."""
    bank, rows = m.fresh("payout"), []
    for _ in range(2):
        who, day = m.person(), m.days(0, LENGTH - 300)
        mine = [m.open(who, start=day + m.days(0, 90), role="pro") for _ in range(2)]
        _fresh(m, mine[1], mine[0], keep=0.4)
        rows += mine
    for row in rows:
        row.things["payout"], row.disputes = bank, 0
    return rows


SCHEMES: tuple[Callable[[Make], list[Account]], ...] = (_comeback, _doubles, _promo, _praisers, _testers, _links_in_chain, _crew)


def _beside(m: Make, rows: list[Account]) -> None:
    """Innocents near an abuser: who lives there, who has the number afterwards, whose card it was, a neighbour of one name."""
    one = m.of(rows)
    if m.yes(0.4):
        mate = m.open(m.person(one.who, family=m.yes(0.5)))
        mate.things |= {"home": one.things["home"], "net": one.things["net"]}
        if m.yes(0.25):
            mate.things["card"] = one.things["card"]
        m.two(one, mate, "beside: home")
    if m.yes(0.3):
        victim = m.open(m.person())
        victim.things["card"] = one.things["card"]
        one.disputes += 1
        m.two(one, victim, "beside: card")
    end = max(row.stop for row in rows if row.things["phone"] == one.things["phone"])
    if m.yes(0.3) and end + 60 < LENGTH - 20:
        after = m.open(m.person(), start=end + m.days(48, 110))
        after.things["phone"] = one.things["phone"]
        m.two(one, after, "beside: number")
    # A handset is sold when nobody of the ring has it any more.
    end = max(row.stop for row in rows if row.things["device"] == one.things["device"])
    if m.yes(0.2) and end + 20 < LENGTH - 20:
        buyer = m.open(m.person(), start=end + m.days(1, 20))
        buyer.things["device"] = one.things["device"]
        m.two(one, buyer, "beside: handset")


def unseen(town: Town) -> Made:
    """Make a market, with its truth."""
    m = Make(town)
    honest = town.accounts * (1 - town.abuse)
    while len(m.accounts) < honest:
        draw = float(m.dice.random())
        if draw < town.homes / 2.3:
            home(m)
        elif draw < town.homes / 2.3 + 0.02 * town.places:
            place(m)
        elif draw < town.homes / 2.3 + 0.02 * town.places + 0.025:
            passed_on(m)
        elif draw < town.homes / 2.3 + 0.02 * town.places + 0.05:
            again(m)
        else:
            m.open(m.person())
    share, rings = np.array(town.mix) / sum(town.mix), 0
    while len(m.accounts) < town.accounts:
        rings += 1
        name = f"K{rings}"
        at = int(m.dice.choice(len(SCHEMES), p=share))
        rows = SCHEMES[at](m)
        for row in rows:
            row.ring, row.scheme = name, SCHEMES[at].__name__.strip("_")
        _beside(m, rows)
    truth = pd.DataFrame(
        [(a.name, f"N{a.who.number}", "guilty" if a.ring else "innocent", a.scheme, a.ring, a.who.land) for a in m.accounts],
        columns=["account_id", "person_id", "part", "scheme", "group", "country"],
    )
    innocents = pd.DataFrame(m.innocents, columns=["account_a", "account_b", "reason"]).drop_duplicates(["account_a", "account_b"])
    return Made(tables_of(m), truth, innocents)
