"""What a dispute puts before people: money with its currency, ends on the clock of the side they are for, headings in one language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pandas as pd

from tnskit.errors import UsageError
from tnskit.review import clocks
from tnskit.review.standing import BEARERS, PARTIES, Standing, money
from tnskit.review.telling import Line, Money, Teller, zone_of

SHEETS = ("intake", "options", "offers", "guarantees", "notices")


def sheet(name: str, stand: Standing, teller: Teller) -> pd.DataFrame:
    """Give one sheet by its name, as people read it.

    Raises:
        UsageError: No such sheet.
    """
    if name not in SHEETS:
        raise UsageError(f"a dispute has no sheet '{str(name)[:20]}'; it has {', '.join(SHEETS)}")
    made = {"intake": _intake, "options": _options, "offers": _offers, "guarantees": _guarantees}
    frame, heads = made[name](stand, teller) if name in made else _notices(stand), teller.words.words["sheet"]
    return frame.rename(columns={one: heads[one] for one in frame.columns})


def bare(one: Line) -> Line:
    """A line without its source and standing, which have columns of their own."""
    return replace(one, source="", standing="")


def joined(terms: Iterable[Line], teller: Teller) -> str:
    """Several terms in one run of words."""
    return " ".join(teller.line(bare(one), "term") for one in terms)


def notices(stand: Standing) -> tuple[clocks.Notice, ...]:
    """The facts of law and rule that held on the day of the job, in its region."""
    return clocks.notices(stand.job_day.date(), str(stand.opened.get("region", "")))


def guarantees(stand: Standing) -> list[clocks.Guarantee]:
    """The programmes as they were on the day of the job."""
    known = [clocks.guarantee(name, stand.job_day.date()) for name in clocks.programmes()]
    return [one for one in known if one is not None]


def _intake(stand: Standing, teller: Teller) -> pd.DataFrame:
    opened, heads = stand.opened, teller.words.words["sheet"]
    when = datetime.fromisoformat(opened["at"])
    rows = {
        "job": opened["job"],
        "came_in": f"{teller.words.words['channel'][opened['channel']]}, {teller.moment(when)}",
        "amount": teller.effect(Money(int(opened["amount"]), opened["currency"]), signed=False),
        "wanted": opened["wanted"],
        "harm": opened["harm"],
        "deadline": teller.day(datetime.fromisoformat(opened["deadline"]).date()) if opened["deadline"] else "",
        "reads": ", ".join(f"{heads[party]}: {opened['langs'][party]}" for party in PARTIES),
        "slower": ", ".join(heads[party] for party in opened["slower"]),
    }
    return pd.DataFrame([(heads[name], told) for name, told in rows.items() if told], columns=["what", "told"])


def _options(stand: Standing, teller: Teller) -> pd.DataFrame:
    rows = [(joined(terms, teller), *_effects(terms, stand, teller)) for terms in stand.options]
    frame = pd.DataFrame(rows, columns=["option", *BEARERS])
    touched = {bearer for terms in stand.options for bearer, minor in money(terms).items() if minor}
    # whoever no way out touches needs no column; what is left still adds up to nothing
    return frame.drop(columns=[one for one in BEARERS if one not in PARTIES and one not in touched])


def _offers(stand: Standing, teller: Teller) -> pd.DataFrame:
    heads, rows = teller.words.words["sheet"], []
    for one in stand.offers:
        other = PARTIES[1 - PARTIES.index(one.party)]
        theirs = replace(teller, zone=zone_of(stand.zones[other]))
        effect = dict(zip(BEARERS, _effects(one.terms, stand, teller), strict=True))
        reply = heads[one.reply or ("open" if teller.now <= one.expires else "ended")]
        told = (effect["customer"], effect["pro"], theirs.moment(one.expires), reply, one.words)
        rows.append((one.round, heads[one.party], joined(one.terms, teller), *told))
    return pd.DataFrame(rows, columns=["round", "party", "offer", "customer", "pro", "expires", "reply", "words"])


def _guarantees(stand: Standing, teller: Teller) -> pd.DataFrame:
    heads, theirs = teller.words.words["sheet"], replace(teller, zone=zone_of(stand.zones["customer"]))
    rows = []
    for one in guarantees(stand):
        until = one.claim_by(stand.job_day, stand.zones["customer"])
        state = heads[clocks.standing(until, teller.now)]
        rows.append((one.programme, one.version, teller.effect(one.limit, signed=False), theirs.moment(until), state, one.source))
    return pd.DataFrame(rows, columns=["programme", "version", "up_to", "claim_by", "state", "source"])


def _notices(stand: Standing) -> pd.DataFrame:
    return pd.DataFrame([(one.says, one.source) for one in notices(stand)], columns=["notice", "source"])


def _effects(terms: Iterable[Line], stand: Standing, teller: Teller) -> list[str]:
    return [teller.effect(Money(minor, stand.currency)) for minor in money(terms).values()]
