"""The steps of a mediation: each is checked against where the dispute stands, written to the log, and gives the dispute anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from tnskit.cleaning.market import Market
from tnskit.errors import DisputeError, UsageError
from tnskit.review.clocks import clock, due, effects
from tnskit.review.ledger import Ledger, kept, moment
from tnskit.review.lint import spoken
from tnskit.review.said import said
from tnskit.review.standing import PARTIES, Standing
from tnskit.review.telling import Line, Teller, zone_of
from tnskit.review.wording import wording

AWAY = ("safety", "fraud", "takeover")
"""What leaves mediation at once."""
HIGHER = ("lead", "legal")
"""Who takes over what a mediator should not end alone."""
ROUNDS = 3
"""Rounds of offers. Source: Airtasker's help pages (three offers or seven days)."""
QUESTIONS = tuple(wording("en").lines["question"])
"""What both sides are asked, by name."""
REPLIES = ("yes", "no", "counter")

_REFUSED = {
    "review_deal": "money is never tied to a review; leave the review out",
    "threat": "nobody is pressed into an agreement; leave the threat out",
    "identifier": "one side's address, phone or other contact is not passed to the other; leave it out",
    "other_outcome": "one side's history is not passed to the other; leave it out",
    "police": "nobody is pressed into an agreement with the police or a court; leave it out",
}
_STEPS = {
    "triaged": ("triage", "talk", "statements", "timeline", "options", "offers", "signing"),
    "talked": ("talk",),
    "asked": ("talk",),
    "reminded": ("statements",),
    "heard": ("statements",),
    "silent": ("statements",),
    "fact": ("statements", "timeline", "options", "offers"),
    "shared": ("timeline",),
    "option": ("options", "offers"),
    "offered": ("options", "offers"),
    "answered": ("offers",),
    "signed": ("signing",),
    "escalated": ("talk", "statements", "timeline", "options", "offers", "signing"),
    "withdrew": ("triage", "talk", "statements", "timeline", "options", "offers", "signing"),
    "decided": ("timeline", "options", "offers", "signing"),
    "followed": ("follow-up", "closed"),
    "referred": ("triage", "talk", "statements", "timeline", "options", "offers", "signing", "follow-up", "closed"),
}
"""Step to the stands of a dispute that take it."""


_TELLER = Teller(wording("en"), "US", zone_of("UTC"), datetime(2024, 1, 1, tzinfo=UTC))
"""What tries whether a ready line has all its facts, before it is written."""


class Taken(Protocol):
    """What the steps need of a dispute."""

    @property
    def id(self) -> str:
        """Its number."""

    @property
    def ledger(self) -> Ledger:
        """The log it is kept in."""

    def now(self) -> datetime:
        """The moment by the log's clock."""

    def again(self: D) -> D:
        """The dispute as the log has it now."""

    @property
    def standing(self) -> Standing:
        """Where it stands."""

    @property
    def market(self) -> Market | None:
        """The market that knows the job."""


D = TypeVar("D", bound=Taken)
P = ParamSpec("P")


def _held(step: Callable[Concatenate[D, P], D]) -> Callable[Concatenate[D, P], D]:
    """Hold the log while a step is checked against the dispute as it is now, and written."""

    @wraps(step)
    def whole(dispute: D, /, *args: P.args, **kwargs: P.kwargs) -> D:
        with dispute.ledger.turn():
            return step(dispute.again(), *args, **kwargs)

    return whole


def _take(dispute: D, step: str, at: datetime | None, **facts: Any) -> D:
    """Write a step, if the dispute is where the step belongs, and give the dispute anew."""
    here = dispute.standing.step
    if here not in _STEPS[step]:
        raise DisputeError(f"dispute {dispute.id} is at '{here}' and does not take '{step}'; that belongs to {_where(step)}")
    with dispute.ledger.turn() as write:
        write(step, dispute.id, {**facts, "at": moment(at, dispute.now()).isoformat()})
    return dispute.again()


def _where(step: str) -> str:
    return " or ".join(f"'{name}'" for name in _STEPS[step])


def passed_on(text: str, others: Iterable[str] = ()) -> str:
    """Give words that may reach the other side.

    Raises:
        DisputeError: They tie money to a review, threaten, or hold contacts or the history of a side.
        WordsError: They are empty, too long, or hold a raw identifier.
    """
    found = {one.check for one in spoken(text, _REFUSED)}
    for check, why in _REFUSED.items():
        if check in found:
            raise DisputeError(why)
    if any(name and name in text for name in others):
        raise DisputeError("one side's account is not told to the other; write 'the other side'")
    return said(text, what="words")


def _party(name: str) -> str:
    if name not in PARTIES:
        raise UsageError(f"'{str(name)[:20]}' is not a side of a dispute; they are {' and '.join(PARTIES)}")
    return name


class Steps:
    """The steps, in the order in which a mediation takes them."""

    @_held
    def triage(self: D, to: str, *, because: str, no_contact: bool = False, at: datetime | None = None) -> D:
        """Let a dispute into mediation, or send it away, at any time.

        Args:
            to: `mediation`, or `safety`, `fraud`, `takeover`, which leave mediation at once.
            because: Why.
            no_contact: The sides should not talk directly: harassment or a safety claim.
            at: When; now if left out.

        Raises:
            DisputeError: It is over.
        """
        if to not in ("mediation", *AWAY):
            raise UsageError(f"triage goes to mediation, {', '.join(AWAY)}, not to '{str(to)[:20]}'")
        if to == "mediation" and self.standing.step != "triage":
            raise DisputeError(f"dispute {self.id} is in mediation already")
        return _take(self, "triaged", at, to=to, because=said(because), no_contact=bool(no_contact))

    @_held
    def talked(self: D, *, settled: bool, because: str, at: datetime | None = None) -> D:
        """Note how direct talk ended; one that settled it ends the dispute by withdrawal."""
        if self.standing.no_contact:
            raise DisputeError("these sides should not talk directly; pass their words on instead")
        return _take(self, "talked", at, settled=bool(settled), because=said(because))

    @_held
    def ask(self: D, *, at: datetime | None = None) -> D:
        """Send both sides the same questions at the same time."""
        return _take(self, "asked", at, questions=list(QUESTIONS))

    @_held
    def remind(self: D, party: str, *, at: datetime | None = None) -> D:
        """Note the one reminder of a side that has not answered."""
        stand = self.standing
        if _party(party) in stand.reminded or party in stand.statements:
            raise DisputeError(f"the {party} has answered, or was reminded once already; one reminder is enough")
        return _take(self, "reminded", at, party=party)

    @_held
    def hear(self: D, party: str, answers: Mapping[str, str], *, at: datetime | None = None) -> D:
        """Keep a side's statement: its answers to the questions, by name, in its own words.

        Raises:
            UsageError: Another question.
            DisputeError: The side has been heard already.
            WordsError: An answer holds a raw identifier.
        """
        if wrong := sorted(set(answers) - set(QUESTIONS)):
            raise UsageError(f"nobody was asked '{wrong[0][:40]}'; both sides were asked {', '.join(QUESTIONS)}")
        if not answers:
            raise UsageError("a statement answers at least one question; silence is written with silent()")
        if _party(party) in self.standing.statements:
            raise DisputeError(f"the {party} has been heard; add what is new as a fact")
        told = {name: said(text, what=name) for name, text in answers.items()}
        return _take(self, "heard", at, party=party, answers=told)

    @_held
    def silent(self: D, party: str, *, at: datetime | None = None) -> D:
        """Write down that a side has not answered. What it would have said is not guessed.

        Raises:
            DisputeError: It was not reminded, or its time is not over.
        """
        stand, when = self.standing, moment(at, self.now())
        if _party(party) in stand.statements:
            raise DisputeError(f"the {party} has been heard")
        if party not in stand.reminded:
            raise DisputeError(f"the {party} was not reminded yet; one reminder comes before silence is written down")
        until = stand.hearing_ends(party)
        if when <= until:
            raise DisputeError(f"the {party} still has until {until:%d %B %Y, %H:%M} UTC")
        return _take(self, "silent", at, party=party)

    @_held
    def fact(self: D, line: Line | str, *, standing: str, source: str, at: datetime | None = None) -> D:
        """Add a fact: agreed, disputed or unknown, with its source.

        Raises:
            UsageError: Another standing or source.
        """
        for name, value in (("standing", standing), ("source", source)):
            known = wording("en").lines[name]
            if value not in known:
                raise UsageError(f"'{str(value)[:20]}' is not a {name} of a fact; they are {', '.join(known)}")
        if isinstance(line, str):
            passed_on(line, self.standing.accounts.values())
        _TELLER.line(line, "fact")
        one = {**kept(line), "standing": standing, "source": source}
        return _take(self, "fact", at, line=one)

    @_held
    def share(self: D, market: Market | None = None, *, at: datetime | None = None) -> D:
        """Note that the timeline went to both sides, the same to each; the records of the job in the market are kept with it."""
        found = market or self.market
        lines = [] if found is None else [kept(line) for _, line in self.standing.records(found)]
        return _take(self, "shared", at, records=lines)

    @_held
    def option(self: D, terms: Iterable[Line | str], *, at: datetime | None = None) -> D:
        """Put a way out on the option sheet; what it means in money for each side is reckoned from its terms."""
        return _take(self, "option", at, terms=_terms(terms, self.standing))

    @_held
    def offer(self: D, party: str, terms: Iterable[Line | str], *, expires: datetime | None = None, at: datetime | None = None) -> D:
        """Pass an offer of one side on.

        Args:
            party: Who offers.
            terms: What is offered, ready lines or words.
            expires: When it ends; three days later if left out, never after the seven days of all offers.
            at: When it was made.

        Raises:
            DisputeError: Three rounds are over, an offer is open, or the words cannot be passed on.
        """
        stand, when = self.standing, moment(at, self.now())
        if len(stand.offers) >= ROUNDS:
            raise DisputeError(f"{ROUNDS} rounds of offers are over; a reasoned decision comes next")
        if stand.open_offer(when) is not None:
            raise DisputeError("an offer is still open; it needs its reply, or its end, before the next one")
        last = stand.offers_end
        if when > last:
            raise DisputeError(f"the seven days of offers ended on {last:%d %B %Y, %H:%M} UTC; a reasoned decision comes next")
        other = PARTIES[1 - PARTIES.index(_party(party))]
        usual = due(when, clock("offer", when.date()), stand.zones[other])
        until = min(usual if expires is None else moment(expires, max(expires, when), "expires"), last)
        if until <= when:
            raise DisputeError("an offer ends after it is made; give a later expires=")
        facts = {"party": party, "terms": _terms(terms, stand), "expires": until.isoformat()}
        return _take(self, "offered", at, **facts)

    @_held
    def answer(self: D, party: str, reply: str, *, words: str = "", at: datetime | None = None) -> D:
        """Note the reply to the open offer: `yes`, `no`, or `counter` (an offer of their own comes next).

        Raises:
            DisputeError: No offer is open to this side.
        """
        if reply not in REPLIES:
            raise UsageError(f"a reply is {', '.join(REPLIES)}, not '{str(reply)[:20]}'")
        stand, when = self.standing, moment(at, self.now())
        offer = stand.open_offer(when)
        if offer is None:
            raise DisputeError("no offer is open; the last one has its reply, or has ended")
        if offer.party == _party(party):
            raise DisputeError(f"the {party} made this offer; the other side answers it")
        return _take(self, "answered", at, party=party, reply=reply, words=passed_on(words, stand.accounts.values()) if words else "")

    @_held
    def sign(self: D, party: str, *, words: str, at: datetime | None = None) -> D:
        """Keep the words in which a side accepted; an agreement stands when both have."""
        if _party(party) in self.standing.signed:
            raise DisputeError(f"the {party} has accepted already")
        return _take(self, "signed", at, party=party, words=said(words, what="words"))

    @_held
    def withdraw(self: D, party: str, *, because: str, at: datetime | None = None) -> D:
        """Note that a side takes its complaint back."""
        return _take(self, "withdrew", at, party=_party(party), because=said(because))

    @_held
    def escalate(self: D, to: str, *, because: str, at: datetime | None = None) -> D:
        """Hand the dispute to a lead or to legal, who end it; mediation ends here."""
        if to not in HIGHER:
            raise UsageError(f"a dispute is handed to {' or '.join(HIGHER)}, not to '{str(to)[:20]}'")
        return _take(self, "escalated", at, to=to, because=said(because))

    @_held
    def decide(self: D, terms: Iterable[Line | str], *, because: str, could_change: str, at: datetime | None = None) -> D:
        """Write a reasoned decision after no agreement.

        Args:
            terms: What is to be done.
            because: The reasons.
            could_change: What could change it.
            at: When.

        Raises:
            DisputeError: An offer is open.
        """
        stand, when = self.standing, moment(at, self.now())
        if stand.open_offer(when) is not None:
            raise DisputeError("an offer is still open; wait for its reply or its end")
        if not stand.facts:
            raise DisputeError("a decision rests on facts; add at least one, with its source")
        facts = {"because": said(because), "could_change": said(could_change, what="could_change")}
        return _take(self, "decided", at, terms=_terms(terms, stand), **facts)

    @_held
    def follow(self: D, party: str, day: int, *, done: bool | None, satisfied: int | None, pressure: bool = False,
               words: str = "", at: datetime | None = None) -> D:  # fmt: skip
        """Keep what a side says at the follow-up.

        Args:
            party: Who was asked.
            day: 7 or 30.
            done: Whether what was agreed or decided was done; None for no answer.
            satisfied: 1 (not at all) to 5 (very); None for no answer.
            pressure: Whether the other side tried to get back at them.
            words: In their own words.
            at: When.
        """
        if day not in (7, 30) or (satisfied is not None and satisfied not in range(1, 6)):
            raise UsageError("a follow-up is on day 7 or 30, and satisfaction is 1 to 5, or None for no answer")
        if (_party(party), day) in self.standing.followed:
            raise DisputeError(f"the {party} was asked on day {day} already")
        told = {"done": done, "satisfied": satisfied, "pressure": bool(pressure), "words": said(words, what="words", empty=True)}
        return _take(self, "followed", at, party=party, day=day, **told)

    @_held
    def refer(self: D, account: str, *, because: str, at: datetime | None = None) -> D:
        """Note that the conduct of a side goes to a case of its own, with its own evidence; the dispute goes on."""
        if account not in self.standing.accounts.values():
            raise UsageError("the account is no side of this dispute")
        return _take(self, "referred", at, account=account, because=said(because))


def _terms(terms: Iterable[Line | str], stand: Standing) -> list[dict[str, Any]]:
    """Give terms as plain values; words are looked through, for they reach the other side."""
    if isinstance(terms, str | Line):
        raise UsageError("terms= takes a list of lines; put one line in brackets")
    found = []
    for one in terms:
        if isinstance(one, Line) and one.kind and one.kind not in effects():
            raise UsageError(f"'{one.kind[:40]}' is not a term of a dispute; they are {', '.join(effects())}")
        if isinstance(one, str) or not one.kind:
            passed_on(one if isinstance(one, str) else one.text, stand.accounts.values())
        if isinstance(one, Line) and one.amount is not None and one.amount.currency != stand.currency:
            raise UsageError(f"this dispute is in {stand.currency}; an amount in another currency cannot be weighed against it")
        if isinstance(one, Line) and one.amount is not None and one.amount.minor < 0:
            raise UsageError("an amount is not below zero; the term says who pays")
        line = Line(text=one) if isinstance(one, str) else one
        _TELLER.line(line, "term")
        found.append(kept(line))
    if not found:
        raise UsageError("terms= is empty; 'no_fault' is a term too")
    return found
