"""`mediate`: a dispute about a job, from intake to follow-up, kept in the case log."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from tnskit.cleaning.market import Market, rows
from tnskit.errors import DisputeError, UsageError
from tnskit.evidence.links import Links
from tnskit.findings.explain import lookup
from tnskit.review import clocks
from tnskit.review.dispute_sheets import bare, guarantees, joined, sheet
from tnskit.review.ledger import Ledger, ledger
from tnskit.review.mediator import Steps
from tnskit.review.said import said
from tnskit.review.sheet import table
from tnskit.review.standing import BEARERS, PARTIES, Standing, money
from tnskit.review.telling import Line, Money, Teller, language_of, zone_of
from tnskit.review.wording import wording

CHANNELS = ("phone", "e-mail", "platform")
_JOB = """
SELECT j.job_id, customer_account_id AS customer, pro_account_id AS pro,
  coalesce(quote_minor, 0) AS minor, coalesce(currency, 'USD') AS currency,
  coalesce(completed_at, scheduled_for, started_at, hired_at, j.created_at) AS job_day, coalesce(j.tz, 'UTC') AS zone,
  c.tz AS customer_zone, p.tz AS pro_zone, coalesce(c.country, 'US') AS customer_place, coalesce(p.country, 'US') AS pro_place,
  c.locale AS customer_locale, p.locale AS pro_locale
FROM public.jobs j LEFT JOIN public.accounts c ON c.account_id = customer_account_id
LEFT JOIN public.accounts p ON p.account_id = pro_account_id WHERE j.job_id = ?
"""


@dataclass(frozen=True, eq=False)
class Dispute(Steps):
    """A dispute as the log has it; every step gives it anew.

    Attributes:
        id: Its number, such as `D3`.
        ledger: The log it is kept in, and who works at it.
        standing: Where it stands.
        market: The market that knows the job; None where it was gone on with without one.
    """

    id: str
    ledger: Ledger = field(repr=False)
    standing: Standing = field(repr=False)
    market: Market | None = field(default=None, repr=False)

    def now(self) -> datetime:
        """The moment by the log's clock."""
        return self.ledger.now()

    def again(self) -> Dispute:
        """The dispute as the log has it now."""
        return _read(self.ledger, self.id, self.market)

    @property
    def step(self) -> str:
        """Where it stands: triage, talk, statements, timeline, options, offers, signing, follow-up, closed, withdrawn or away."""
        return self.standing.step

    @property
    def outcome(self) -> str:
        """How it ended: settled, decided, withdrawn, escalated, safety, fraud, takeover; empty while it goes on."""
        return self.standing.outcome

    @property
    def job(self) -> str:
        """The job it is about."""
        return str(self.standing.opened["job"])

    @property
    def statements(self) -> pd.DataFrame:
        """DataFrame `question`, `customer`, `pro`: both statements side by side; a silent side is told as such."""
        told = self.standing.statements
        gone = dict.fromkeys(self.standing.silent, "(did not answer)")
        asked = wording("en").lines["question"]
        lines = [(asked[name], *(told.get(party, {}).get(name, gone.get(party, "")) for party in PARTIES)) for name in asked]
        return pd.DataFrame(lines, columns=["question", *PARTIES])

    @property
    def facts(self) -> pd.DataFrame:
        """DataFrame `fact`, `standing` (agreed, disputed, unknown), `source`."""
        lines = [(self._told(one, "fact"), one.standing, one.source) for one in self.standing.facts]
        return pd.DataFrame(lines, columns=["fact", "standing", "source"])

    @property
    def options(self) -> pd.DataFrame:
        """DataFrame `option`, minor units for `customer`, `pro`, `platform`, `insurer`, `held` (adding up to 0), and `currency`."""
        lines = [(self._joined(terms), *money(terms).values(), self.standing.currency) for terms in self.standing.options]
        return pd.DataFrame(lines, columns=["option", *BEARERS, "currency"])

    @property
    def offers(self) -> pd.DataFrame:
        """DataFrame `round`, `party`, `offer`, `customer`, `pro` (minor units), `currency`, `made`, `expires` (UTC), `reply`, `words`."""
        now = self.now()
        lines = []
        for one in self.standing.offers:
            effect = money(one.terms)
            reply = one.reply or ("open" if now <= one.expires else "ended without a reply")
            sums = (effect["customer"], effect["pro"], self.standing.currency)
            lines.append((one.round, one.party, self._joined(one.terms), *sums, one.made, one.expires, reply, one.words))
        names = ["round", "party", "offer", "customer", "pro", "currency", "made", "expires", "reply", "words"]
        return pd.DataFrame(lines, columns=names)

    @property
    def clocks(self) -> pd.DataFrame:
        """DataFrame `step`, `party`, `due` (UTC), `local` (on the party's wall clock), `state`: done, done late, due, late, silent."""
        now, stand, lines = self.now(), self.standing, []
        for step, party, until, done in stand.clocks():
            zone = stand.zones.get(party, str(stand.opened["zone"]))
            local = f"{until.astimezone(zone_of(zone)):%a %d %b %Y, %H:%M %Z}"
            gone = step == "statement" and party in stand.silent
            lines.append((step, party, until, local, "silent" if gone else clocks.standing(until, now, done)))
        return pd.DataFrame(lines, columns=["step", "party", "due", "local", "state"])

    def sheet(self, name: str, *, lang: str = "en") -> pd.DataFrame:
        """Give `intake`, `options`, `offers`, `guarantees` or `notices` as people read them, with headings and money in `lang`.

        Returns:
            DataFrame of text. Ends stand on the wall clock of the side they are for. `options` and `offers` as properties, and
            `guarantees()`, hold the same in minor units and UTC.

        Raises:
            UsageError: No such sheet or language.
        """
        return sheet(name, self.standing, self.teller(lang))

    def timeline(self, market: Market | None = None, *, lang: str = "en") -> pd.DataFrame:
        """Give the neutral timeline of the job: records, and the facts that were added.

        Args:
            market: The market that knows the job; that of the dispute if left out. Without any, the records stand in it that were
                kept when the timeline was shared.
            lang: Language of the lines.

        Returns:
            DataFrame `at` (UTC), `what` (in `lang`), `source`, `standing`. The same for both sides; it holds no fee, no contact and no
            words of a message.
        """
        teller = self.teller(lang)
        lines: list[tuple[datetime | None, str, str, str]]
        found, stand = market or self.market, self.standing
        records = stand.shared if found is None else stand.records(found)
        lines = [(at, teller.line(bare(one), "fact"), one.source, "record") for at, one in records]
        for one in stand.facts:
            at = None if one.day is None else stand.morning(one.day)
            lines.append((at, teller.line(bare(one), "fact"), one.source, one.standing))
        frame = pd.DataFrame(lines, columns=["at", "what", "source", "standing"])
        frame["at"] = pd.to_datetime(frame["at"], utc=True)
        return frame.sort_values("at", kind="stable", na_position="last", ignore_index=True)

    def lens(self, links: Links) -> pd.DataFrame:
        """Look whether the sides, and those who reviewed either, are linked to each other; the scores are those of `links`.

        Returns:
            DataFrame `a`, `b`, `who` (such as "pro and a reviewer of the pro"), `score`, `label`, `benign`, strongest first. A link says
            that two accounts may be one person; it does not say who is right.
        """
        sides = self.standing.accounts
        people = {account: party for party, account in sides.items()}
        found = links.engine.run(
            "SELECT DISTINCT author_account_id AS author, subject_account_id AS subject FROM public.reviews "
            "WHERE list_contains($1, subject_account_id) AND author_account_id IS NOT NULL ORDER BY ALL",
            [list(sides.values())],
        )
        for one in rows(found):
            people.setdefault(one.author, f"a reviewer of the {people[one.subject]}")
        lines = [
            (account, one.account_id, f"{party} and {people[one.account_id]}", one.score, one.label, one.benign)
            for party, account in sides.items()
            for one in rows(lookup(links, account))
            if one.account_id in people and (one.account_id not in sides.values() or party == PARTIES[0])
        ]
        frame = pd.DataFrame(lines, columns=["a", "b", "who", "score", "label", "benign"])
        return frame.sort_values(["score", "a", "b"], ascending=[False, True, True], ignore_index=True)

    def guarantees(self) -> pd.DataFrame:
        """Give the terms in force on the day of the job: `programme`, `version`, `up_to` (minor units), `currency`, `claim_by` (UTC)."""
        stand = self.standing
        lines = [
            (
                one.programme,
                one.version,
                one.limit.minor,
                one.limit.currency,
                one.claim_by(stand.job_day, stand.zones["customer"]),
                one.source,
            )
            for one in guarantees(stand)
        ]
        return pd.DataFrame(lines, columns=["programme", "version", "up_to", "currency", "claim_by", "source"])

    def teller(self, lang: str = "en") -> Teller:
        """What tells its values: in a language, by the clock of the place of the job."""
        return Teller(wording(language_of(lang)), "US", zone_of(self.standing.opened["zone"]), self.now())

    def _told(self, one: Line, section: str) -> str:
        return self.teller().line(bare(one), section)

    def _joined(self, terms: Iterable[Line]) -> str:
        return joined(terms, self.teller())

    def __str__(self) -> str:
        opened = self.standing.opened
        lines = [f"Dispute {self.id} about job {self.job}: {self.outcome or 'at ' + self.step}"]
        lines.append(f"Customer {opened['customer']} ({opened['langs']['customer']}), pro {opened['pro']} ({opened['langs']['pro']})")
        lines += [f"{what}: {opened[key]}" for what, key in (("Wanted", "wanted"), ("Harm told", "harm")) if opened[key]]
        lines += [f"Did not answer: the {party}" for party in PARTIES if party in self.standing.silent]
        lines += [f"  {one.state:9} {one.step}, {one.party}: {one.local}" for one in rows(self.clocks)]
        lines += [f"Agreed or decided: {self._joined(self.standing.terms)}"] if self.standing.terms else []
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head, *rest = str(self).splitlines()
        notes = "".join(f"<p>{html.escape(line)}</p>" for line in rest if not line.startswith("  "))
        tables = [
            ("Intake", self.sheet("intake")),
            ("Clocks", self.clocks[["step", "party", "local", "state"]]),
            ("Statements", self.statements),
            ("Facts", self.facts),
            ("Option sheet", self.sheet("options")),
            ("Offers", self.sheet("offers")),
        ]
        parts = "".join(f"<h4>{title}</h4>{table(frame)}" for title, frame in tables if len(frame))
        return f"<p><b>{html.escape(head)}</b></p>{notes}{parts}"


def mediate(
    log: Any,
    job: str,
    *,
    market: Market | None = None,
    intake: Mapping[str, Any] | None = None,
    by: str | None = None,
) -> Dispute:
    """Open the dispute about a job, or go on with the one that is open.

    Args:
        log: A case log.
        job: The job.
        market: The market that knows the job; needed to open a dispute, kept at hand for its timeline.
        intake: What was said when it came in: `channel` (phone, e-mail, platform), `wanted` (outcome), `harm`, `amount` (minor units),
            `langs`, `zones` and `places` (side to value, where the tables do not tell), `deadline` (a date, of a chargeback say),
            `region` (the state of the job, such as "CA", for what holds there), `slower` (sides who need more time); names are never kept.
        by: Who works on it; whoever is at the log if left out.

    Returns:
        Dispute.

    Raises:
        DisputeError: No dispute about this job is open, and no market was given.
        UsageError: The market does not have the job, the job has one side only, or the intake holds something else.
    """
    desk = ledger(log, by)
    with desk.turn() as write:
        known = [one.facts for one in desk.events() if one.event == "dispute opened"]
        for facts in reversed(known):
            found = _read(desk, facts["dispute"], market)
            if facts["job"] == str(job) and not found.outcome:
                return found
        if market is None:
            raise DisputeError("no dispute about this job is open in this log; give market= to open one")
        name = f"D{len(known) + 1}"
        write("opened", name, _opening(market, str(job), dict(intake or {}), desk.now()))
    return _read(desk, name, market)


def _opening(market: Market, job: str, intake: dict[str, Any], now: datetime) -> dict[str, Any]:
    found = market.db.cursor().execute(_JOB, [job])
    names = [column[0] for column in found.description or ()]
    row = found.fetchone()
    if row is None:
        raise UsageError("this market has no such job; ids are text, and capital letters and leading zeros count")
    told = dict(zip(names, row, strict=True))
    if not told["pro"]:
        raise UsageError("nobody was hired for this job, so it has one side only")
    known = {"channel", "wanted", "harm", "amount", "langs", "zones", "places", "region", "deadline", "slower"}
    if wrong := sorted(set(intake) - known):
        raise UsageError(f"an intake has no '{str(wrong[0])[:40]}'; it has {', '.join(sorted(known))}")
    if intake.get("channel", CHANNELS[0]) not in CHANNELS:
        raise UsageError(f"a dispute comes in by {', '.join(CHANNELS)}")
    zones = {party: told[f"{party}_zone"] or told["zone"] for party in PARTIES} | dict(intake.get("zones", {}))
    langs = {party: (told[f"{party}_locale"] or "en")[:2] for party in PARTIES} | dict(intake.get("langs", {}))
    for zone in (*zones.values(), told["zone"]):
        zone_of(zone)
    amount = Money(intake.get("amount", int(told["minor"])), told["currency"])
    return {
        "at": now.isoformat(), "job": job, "customer": told["customer"], "pro": told["pro"], "zones": zones, "langs": langs,
        "places": {party: told[f"{party}_place"] for party in PARTIES} | dict(intake.get("places", {})), "zone": told["zone"],
        "amount": amount.minor, "currency": amount.currency, "region": str(intake.get("region", ""))[:8].upper(),
        "job_day": told["job_day"].replace(tzinfo=UTC).isoformat(),
        "channel": intake.get("channel", CHANNELS[0]), "wanted": said(intake.get("wanted", ""), what="wanted", empty=True),
        "harm": said(intake.get("harm", ""), what="harm", empty=True), "slower": sorted(intake.get("slower", ())),
        "deadline": intake["deadline"].isoformat() if intake.get("deadline") else "",
    }  # fmt: skip


def _read(desk: Ledger, name: str, market: Market | None) -> Dispute:
    events = desk.events(name)
    if not events:
        raise DisputeError(f"this log has no dispute {name[:20]}")
    return Dispute(name, desk, Standing(events[0].facts, events), market)
