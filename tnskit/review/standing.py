"""Where a dispute stands: a fold over its events, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from tnskit.cleaning.market import Market
from tnskit.review.clocks import clock, due, effects
from tnskit.review.ledger import PREFIX, told
from tnskit.review.seals import Event
from tnskit.review.telling import Line, Money, zone_of

PARTIES = ("customer", "pro")
BEARERS = ("customer", "pro", "platform", "insurer", "held")
"""Who may gain or pay; what is held belongs to nobody yet."""
_FOLLOW_UPS = {7: "follow-up 1", 30: "follow-up 2"}

_RECORDS = """
SELECT created_at AS "at", 'asked' AS kind, NULL::BIGINT AS amount, NULL AS currency, 'job' AS source FROM public.jobs WHERE job_id = $1
UNION ALL SELECT hired_at, 'hired', NULL, NULL, 'job' FROM public.jobs WHERE job_id = $1
UNION ALL SELECT hired_at, 'quoted', quote_minor, currency, 'job' FROM public.jobs WHERE job_id = $1 AND quote_minor IS NOT NULL
UNION ALL SELECT scheduled_for, 'planned', NULL, NULL, 'job' FROM public.jobs WHERE job_id = $1
UNION ALL SELECT started_at, 'started', NULL, NULL, 'job' FROM public.jobs WHERE job_id = $1
UNION ALL SELECT completed_at, 'completed', NULL, NULL, 'job' FROM public.jobs WHERE job_id = $1
UNION ALL SELECT cancelled_at, 'cancelled', NULL, NULL, 'job' FROM public.jobs WHERE job_id = $1
UNION ALL SELECT "at", CASE kind WHEN 'charge' THEN 'charged' WHEN 'refund' THEN 'refunded' WHEN 'chargeback' THEN 'disputed_charge'
  WHEN 'payout' THEN 'paid_out' END, abs(amount_minor), currency, 'payment' FROM public.payments
  WHERE job_id = $1 AND kind IN ('charge', 'refund', 'chargeback', 'payout')
UNION ALL SELECT created_at, 'review', NULL, NULL, 'review' FROM public.reviews WHERE job_id = $1
UNION ALL SELECT received_at, 'report', NULL, NULL, 'own' FROM public.reports WHERE job_id = $1 AND NOT coalesce(confidential, false)
"""
"""What the tables know of a job that both sides may know: no fee of the pro, no address, no words of a message."""

_MESSAGES = (
    """SELECT min(sent_at) AS first, max(sent_at) AS last, count(*) AS n FROM public.messages WHERE job_id = $1 HAVING count(*) > 0"""
)


@dataclass(frozen=True)
class Offer:
    """One offer and its reply.

    Attributes:
        round: 1 to 3.
        party: Who made it.
        terms: What is offered.
        made: When, UTC.
        expires: When it ends, UTC.
        reply: `yes`, `no` or `counter`; empty without one.
        words: The words of the reply.
    """

    round: int
    party: str
    terms: tuple[Line, ...]
    made: datetime
    expires: datetime
    reply: str = ""
    words: str = ""


@dataclass(frozen=True, eq=False)
class Standing:
    """A dispute as its events tell it.

    Attributes:
        opened: The facts of its opening.
        events: All of its events, oldest first.
    """

    opened: Mapping[str, Any]
    events: tuple[Event, ...] = field(repr=False)

    def of(self, step: str) -> list[Mapping[str, Any]]:
        """The facts of every event of one step."""
        return [one.facts for one in self.events if one.event == PREFIX + step]

    def when(self, facts: Mapping[str, Any]) -> datetime:
        """The moment a step was taken."""
        return datetime.fromisoformat(facts["at"])

    def _first(self, step: str) -> datetime | None:
        found = self.of(step)
        return self.when(found[0]) if found else None

    @property
    def accounts(self) -> dict[str, str]:
        """Side to account."""
        return {party: self.opened[party] for party in PARTIES}

    @property
    def zones(self) -> dict[str, str]:
        """Side to time zone."""
        return dict(self.opened["zones"])

    @property
    def currency(self) -> str:
        """The currency of the job."""
        return str(self.opened["currency"])

    @property
    def job_day(self) -> datetime:
        """When the work was done, or was to be."""
        return datetime.fromisoformat(self.opened["job_day"])

    @cached_property
    def step(self) -> str:
        """The one word for where it stands."""
        if self.of("withdrew"):
            return "withdrawn"
        if not (triaged := self.of("triaged")):
            return "triage"
        if triaged[-1]["to"] != "mediation" or self.of("escalated"):
            return "away"
        if any(one["settled"] for one in self.of("talked")):
            return "withdrawn"
        if self.of("decided") or len(self.signed) == len(PARTIES):
            return "closed" if len(self.followed) == len(PARTIES) * len(_FOLLOW_UPS) else "follow-up"
        if self.agreed is not None:
            return "signing"
        if not self.of("asked"):
            return "talk"
        if len(set(self.statements) | self.silent) < len(PARTIES):
            return "statements"
        if not self.of("shared"):
            return "timeline"
        return "offers" if self.offers else "options"

    @property
    def outcome(self) -> str:
        """How it ended: `settled`, `decided`, `withdrawn`, `escalated`, `safety`, `fraud`, `takeover`; empty while it goes on."""
        if self.step == "away":
            return "escalated" if self.of("escalated") else str(self.of("triaged")[-1]["to"])
        if self.step == "withdrawn":
            return "withdrawn"
        return "" if self.step not in ("follow-up", "closed") else "decided" if self.of("decided") else "settled"

    @property
    def no_contact(self) -> bool:
        """Whether the sides should not talk directly."""
        found = self.of("triaged")
        return bool(found and found[-1]["no_contact"])

    @property
    def statements(self) -> dict[str, Mapping[str, str]]:
        """Side to its answers."""
        return {one["party"]: one["answers"] for one in self.of("heard")}

    @property
    def reminded(self) -> set[str]:
        """Sides that had their reminder."""
        return {one["party"] for one in self.of("reminded")}

    @property
    def silent(self) -> set[str]:
        """Sides whose silence is written down."""
        return {one["party"] for one in self.of("silent")}

    def hearing_ends(self, party: str) -> datetime:
        """When a side's time to answer is over: three days, and one after the reminder if that is later."""
        asked = self._first("asked")
        assert asked is not None
        ends = self._due("statements", asked, party)
        for one in self.of("reminded"):
            if one["party"] == party:
                ends = max(ends, self._due("reminder", self.when(one), party))
        return ends

    @property
    def facts(self) -> list[Line]:
        """Facts with their standing and source."""
        return [told(one["line"]) for one in self.of("fact")]

    @property
    def options(self) -> list[tuple[Line, ...]]:
        """The option sheet."""
        return [tuple(map(told, one["terms"])) for one in self.of("option")]

    @cached_property
    def offers(self) -> list[Offer]:
        """All offers, each with its reply."""
        found: list[Offer] = []
        for one in self.events:
            facts = one.facts
            if one.event == PREFIX + "offered":
                terms = tuple(map(told, facts["terms"]))
                ends = datetime.fromisoformat(facts["expires"])
                found.append(Offer(len(found) + 1, facts["party"], terms, self.when(facts), ends))
            elif one.event == PREFIX + "answered":
                last = found[-1]
                found[-1] = Offer(last.round, last.party, last.terms, last.made, last.expires, facts["reply"], facts["words"])
        return found

    def open_offer(self, now: datetime) -> Offer | None:
        """The offer that waits for its reply."""
        last = self.offers[-1] if self.offers else None
        return last if last is not None and not last.reply and now <= last.expires else None

    @property
    def offers_end(self) -> datetime:
        """When the seven days of offers are over, for the side whose clock runs longer."""
        began = self._first("option") or self._first("shared")
        assert began is not None
        return max(self._due("offers", began, party) for party in PARTIES)

    @property
    def agreed(self) -> Offer | None:
        """The offer that was answered with yes."""
        return next((one for one in self.offers if one.reply == "yes"), None)

    @property
    def signed(self) -> dict[str, str]:
        """Side to the words in which it accepted."""
        return {one["party"]: one["words"] for one in self.of("signed")}

    @property
    def terms(self) -> tuple[Line, ...]:
        """What was agreed or decided."""
        if decided := self.of("decided"):
            return tuple(map(told, decided[-1]["terms"]))
        return self.agreed.terms if self.agreed is not None and len(self.signed) == len(PARTIES) else ()

    @property
    def ended(self) -> datetime | None:
        """When it was settled or decided."""
        if decided := self.of("decided"):
            return self.when(decided[-1])
        return max(map(self.when, self.of("signed"))) if len(self.signed) == len(PARTIES) else None

    @property
    def followed(self) -> dict[tuple[str, int], Mapping[str, Any]]:
        """What each side said at each follow-up."""
        return {(one["party"], one["day"]): one for one in self.of("followed")}

    def _due(self, step: str, start: datetime, party: str) -> datetime:
        times = 2 if party in self.opened["slower"] else 1
        zone = self.zones.get(party, self.opened["zone"])
        return due(start, clock(step, start.date()), zone, times=times)

    def clocks(self) -> list[tuple[str, str, datetime, datetime | None]]:
        """Every clock that has begun: step, side (or "us"), when it runs out, when the step was done."""
        begun = datetime.fromisoformat(self.opened["at"])
        rows = [*self._deadline(), ("triage", "us", self._due("triage", begun, "us"), self._first("triaged"))]
        if self.step == "away":
            return rows
        asked, shared, option = self._first("asked"), self._first("shared"), self._first("option")
        if (triaged := self._first("triaged")) and not self.no_contact:
            rows += [("talk", party, self._due("talk", triaged, party), self._first("talked") or asked) for party in PARTIES]
        if asked is not None:
            rows += [("statement", party, self.hearing_ends(party), self._done(("heard", "silent"), party)) for party in PARTIES]
        if asked is not None and len(set(self.statements) | self.silent) == len(PARTIES):
            heard = max(self.when(one) for step in ("heard", "silent") for one in self.of(step))
            rows.append(("timeline", "us", self._due("timeline", heard, "us"), shared))
        if shared is not None:
            rows.append(("options", "us", self._due("options", shared, "us"), option))
        for one in self.offers:
            other = PARTIES[1 - PARTIES.index(one.party)]
            replies = [self.when(facts) for facts in self.of("answered")]
            rows.append((f"offer {one.round}", other, one.expires, replies[one.round - 1] if len(replies) >= one.round else None))
        return [*rows, *self._last_clocks(option or shared)]

    def _deadline(self) -> list[tuple[str, str, datetime, datetime | None]]:
        """The deadline told at intake, such as that of a chargeback: the end of its day where the job is."""
        if not self.opened["deadline"]:
            return []
        ends = self.morning(date.fromisoformat(self.opened["deadline"][:10]) + timedelta(days=1)) - timedelta(minutes=1)
        left = [self.when(one) for one in (*self.of("withdrew"), *(o for o in self.of("talked") if o["settled"]))]
        return [("deadline", "us", ends, self.ended or (left[0] if left else None))]

    def _last_clocks(self, began: datetime | None) -> list[tuple[str, str, datetime, datetime | None]]:
        rows: list[tuple[str, str, datetime, datetime | None]] = []
        yes = [self.when(one) for one in self.of("answered") if one["reply"] == "yes"]
        if yes:
            rows += [("signing", party, self._due("signing", yes[0], party), self._done(("signed",), party)) for party in PARTIES]
        elif began is not None:
            last = replace(clock("decision", began.date()), business_days=0, days=clock("decision", began.date()).most)
            rows.append(("decision", "us", self._due("decision", self.offers_end, "us"), self.ended))
            rows.append(("decision, at most", "us", due(self.offers_end, last, self.opened["zone"]), self.ended))
        if self.ended is not None:
            for day, step in _FOLLOW_UPS.items():
                for party in PARTIES:
                    said = self.followed.get((party, day))
                    rows.append((f"follow-up, day {day}", party, self._due(step, self.ended, party), self.when(said) if said else None))
        return rows

    def _done(self, steps: Iterable[str], party: str) -> datetime | None:
        return next((self.when(one) for step in steps for one in self.of(step) if one["party"] == party), None)

    @property
    def shared(self) -> list[tuple[datetime, Line]]:
        """The records that were kept when the timeline was shared, each at the beginning of its day."""
        lines = [told(one) for facts in self.of("shared")[-1:] for one in facts["records"]]
        return [(self.morning(one.day), one) for one in lines if one.day is not None]

    def morning(self, day: date) -> datetime:
        """The moment at which a day begins where the job is, in UTC."""
        return datetime(day.year, day.month, day.day, tzinfo=zone_of(self.opened["zone"])).astimezone(UTC)

    def records(self, market: Market) -> list[tuple[datetime, Line]]:
        """What the tables know of the job, oldest first, told neutrally."""
        job = str(self.opened["job"])
        rows = market.db.cursor().execute(f'SELECT * FROM ({_RECORDS}) WHERE "at" IS NOT NULL ORDER BY ALL', [job]).fetchall()
        zone = zone_of(self.opened["zone"])

        def day(at: datetime) -> date:
            return at.replace(tzinfo=UTC).astimezone(zone).date()

        found = [
            (at.replace(tzinfo=UTC), Line(kind, day(at), amount=None if minor is None else Money(int(minor), money), source=source))
            for at, kind, minor, money, source in rows
        ]
        for first, last, count in market.db.cursor().execute(_MESSAGES, [job]).fetchall():
            found.append((first.replace(tzinfo=UTC), Line("messages", day(first), day(last), count=int(count), source="message")))
        return sorted(found, key=lambda one: (one[0], one[1].kind))


def money(terms: Iterable[Line]) -> dict[str, int]:
    """Give what terms mean for each bearer, in minor units; it adds up to nothing."""
    found = dict.fromkeys(BEARERS, 0)
    for one in terms:
        for bearer, sign in effects().get(one.kind, {}).items():
            found[bearer] += sign * (one.amount.minor if one.amount is not None else 0)
    return found
