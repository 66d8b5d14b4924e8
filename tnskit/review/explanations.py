"""Four explanations side by side: the same person, one home or firm, a takeover or a stolen identifier, coincidence.

None is left out because another looks strong; an empty side says that nothing was found, not that nothing is there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.evidence import benign
from tnskit.evidence.steps import HARD
from tnskit.review.question import Question
from tnskit.review.takeover import Fork

SAME, TOGETHER, TAKEN, CHANCE = (
    "the same person",
    "one home or one firm",
    "a takeover, or a stolen or lent identifier",
    "coincidence: passed on, shared by many, or dirty data",
)
FOUR = (SAME, TOGETHER, TAKEN, CHANCE)
_READINGS = {
    "household": TOGETHER, "one business": TOGETHER, "shared line or box": TOGETHER, "same building": TOGETHER, "one network": TOGETHER,
    "card lent, lost or stolen": TAKEN, "recycled phone": CHANCE, "resold or shared device": CHANCE, "coincidence": CHANCE,
}  # fmt: skip
"""Where each innocent reading belongs; a reading that is not named here belongs to a home or firm, the commonest."""
_SETTLES = {
    SAME: "Two families of evidence that overlap in time, and an answer of the user that fits.",
    TOGETHER: "Two different verified people, or the list of the firm's seats.",
    TAKEN: "Account security: sessions, who changed what, and from where.",
    CHANCE: "Both confirm the number again; how many others have the value.",
}
_PLAIN = {"PLACE": "a home", "NETWORK": "a network", "BUSINESS": "a firm's token", "PAYMENT": "a card or bank account",
          "DEVICE": "a device", "CONTACT": "a phone or mailbox", "IDENTITY": "a document", "NAME": "the name",
          "TIMING": "the order in time", "FACTS": "what else is known of the two", "CONDUCT": "what they did",
          "BREADTH": "how many kinds agree", "AGE": "the year of birth",
          "CONTENT": "texts and pictures", "BEHAVIOUR": "how they act"}  # fmt: skip


@dataclass
class _Sides:
    """What speaks for and against one explanation."""

    pro: list[str] = field(default_factory=list)
    con: list[str] = field(default_factory=list)


def explanations(q: Question, taken: Fork) -> pd.DataFrame:
    """Weigh the four explanations of what connects the account with the other end of the basis.

    Returns:
        DataFrame, always four rows: `explanation`, `speaks for it`, `speaks against it` (each a text of lines; "" where nothing was
        found), `would settle it`.
    """
    sides = {name: _Sides() for name in FOUR}
    if q.basis is not None:
        _from_pieces(q, sides)
        _from_reading(q, sides)
        _from_dates(q, sides)
    _from_fork(taken, sides)
    lines = [(name, _told(two.pro), _told(two.con), _settles(q, name)) for name, two in sides.items()]
    return pd.DataFrame(lines, columns=["explanation", "speaks for it", "speaks against it", "would settle it"])


def _told(found: list[str]) -> str:
    """One sentence a line."""
    return "\n".join(f"{one[:1].upper()}{one[1:].removesuffix('.')}." for one in found)


def _from_pieces(q: Question, sides: dict[str, _Sides]) -> None:
    assert q.basis is not None
    told = list(dict.fromkeys(q.basis.supports["family"]))
    families = [name for name in told if name in HARD]
    shared, besides = ([_PLAIN[name] for name in told if name in _PLAIN and (name in HARD) is hard] for hard in (True, False))
    if told:
        words = [f"they share {', '.join(shared)}"] if shared else []
        words += [f"beside these: {', '.join(besides)}"] if besides else []
        sides[SAME].pro.append(f"{q.basis.label}, {q.basis.score:g} points: {'; '.join(words)}")
    if len(families) == 1:
        sides[SAME].con.append("only one family of shared things")
    together = [name for name in families if name in {"PLACE", "NETWORK", "BUSINESS"}]
    sides[TOGETHER].pro += [f"they share {_PLAIN[name]}" for name in together]
    if not together:
        sides[TOGETHER].con.append("no home, network or firm in common")
    for row in rows(q.basis.against):
        sides[SAME].con.append(str(row.reading))
        sides[TOGETHER].pro.append(str(row.reading))
    rules = set(q.basis.evidence["rule"])
    if "name_same" in rules or "name_birth" in rules:
        sides[TOGETHER].con.append("both bear one full name")
    if "phone_handed" in rules:
        sides[CHANCE].pro.append("a phone changed hands between their uses")
    sides[CHANCE].pro += _shared_by_many(q)
    if len(families) >= 2 and not sides[CHANCE].pro:
        sides[CHANCE].con.append(f"{len(families)} families agree, and few others have what they share")


def _shared_by_many(q: Question) -> list[str]:
    assert q.basis is not None
    cuts = q.basis.evidence["rule"].map(lambda name: q.links.rules[name].cut)
    many = q.basis.evidence[(cuts > 0) & (q.basis.evidence["accounts"] > cuts)]
    return [f"{row.shown or row.kind} is seen with {row.accounts:,} accounts" for row in rows(many)]


def _from_reading(q: Question, sides: dict[str, _Sides]) -> None:
    assert q.basis is not None
    reading = benign.named(q.basis.benign)
    if reading is not None:
        mine = sides[_READINGS.get(reading.name, TOGETHER)]
        mine.pro.insert(0, f"{reading.name}, {q.basis.benign_score:.0%} likely: {reading.looks_for}")


def _from_dates(q: Question, sides: dict[str, _Sides]) -> None:
    assert q.basis is not None
    dated = q.basis.supports["overlap_days"].dropna()
    if dated.empty:
        return
    longest = float(dated.max())
    if longest > 0:
        sides[SAME].pro.append("both used what they share in the same days")
        sides[CHANCE].con.append("their uses overlap in time, so nothing was simply passed on")
    else:
        sides[SAME].con.append(f"their uses never overlap; {round(-longest) or 1:,} days lie between them")
        sides[CHANCE].pro.append("their uses never overlap in time")


def _from_fork(taken: Fork, sides: dict[str, _Sides]) -> None:
    found = taken.signs[taken.signs["found"]]
    if taken.victim:
        sides[TAKEN].pro += [f"{row.sign} ({row.what})" for row in rows(found)]
        sides[TAKEN].con += [f"{row.sign} ({row.what})" for row in rows(taken.owner) if row.found]
    else:
        sides[TAKEN].con.append(taken.sentence)


def _settles(q: Question, name: str) -> str:
    reading = benign.named(q.basis.benign) if q.basis is not None else None
    if reading is None or _READINGS.get(reading.name, TOGETHER) != name:
        return _SETTLES[name]
    return f"{reading.settles} Ask: {reading.ask}"
