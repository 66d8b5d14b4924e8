"""The check before a removal: one account in; what links it, what speaks against it, who would be hit, and a verdict out."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import pandas as pd

from tnskit.cleaning.market import Market, rows
from tnskit.errors import UsageError
from tnskit.evidence import benign
from tnskit.evidence.links import Links
from tnskit.evidence.remembered import moment as exported_on
from tnskit.findings.explain import Explanation, explain, lookup
from tnskit.review import collateral, prior
from tnskit.review.explanations import explanations
from tnskit.review.question import DECISIONS, Question, exported, many
from tnskit.review.said import said
from tnskit.review.stops import STOPS
from tnskit.review.takeover import Fork, fork

_VERDICTS = {
    "stop": "Stop. Do not remove this account on this evidence; the stops below say why and who can clear them.",
    "ask": "Ask first. Nothing forbids a removal, but what stands below has to be asked or answered.",
    "proceed": "Proceed to a second reviewer. Nothing was found that stops a proposal; a second person has to decide blind.",
}
WORTH_ASKING = 0.1
"""An innocent reading at or above this is worth a question. Assumption."""
EVERY_KIND = ("phone", "email", "card", "payout", "ip", "device", "address", "licence", "tax_id", "identity")


class Memory(Protocol):
    """What remembers earlier decisions: a `CaseLog` does."""

    def decided(self, accounts: list[str]) -> pd.DataFrame:
        """Give decisions on accounts, with the columns of `DECISIONS`."""


@dataclass(frozen=True, eq=False)
class Check:
    """A check before a removal.

    Attributes:
        account: The account that somebody wants to remove.
        verdict: `stop`, `ask` or `proceed`.
        stops: DataFrame `code`, `why`, `clear_by`: the hard stops that were raised.
        against: DataFrame `about`, `what`, `points`: everything that speaks against the link or the removal.
        collateral: DataFrame `what`, `count`, `detail`: who and what else would be hit.
        questions: What to ask before going on.
        basis: The link that a removal would rest on, explained; None without one.
        linked: Who is linked to the account, strongest first, as `lookup` gives it.
        not_found: Kinds of identifier the account has no data for; absence is not innocence.
        now: The moment the check was made for, UTC.
        cites: What makes it repeatable: version, digests of inputs, rules and settings.
        explanations: DataFrame, four rows: `explanation`, `speaks for it`, `speaks against it`, `would settle it`.
        takeover: Whether the account was probably taken from its holder.
        evasion: DataFrame `question`, `holds`, `why`: what ban evasion needs a yes to; empty where nothing was removed.
        what_if: DataFrame `what`, `accounts`, `detail`: what would follow from a removal.
        group: Accounts at "strong" with it, itself included, and those that the same proposal would remove.
        role: The role of the account, as the export has it.
        status: Its status.
        tz: Its zone, or "".
        country: Country where its holder is, or ""; a letter's emergency number follows it.
        locale: The language it is used in, such as "es-US", or "".
        removed_on: When the account at the other end of `basis` was removed; None where it was not.
        reads: Languages that the reader of the check reads.
        suspended_by: Who suspended it before; they neither read nor confirm its removal.
        log: What remembers earlier decisions, as it was given; None without one.
        together: Other accounts that the same proposal would remove, as somebody has told.
    """

    account: str
    verdict: str
    stops: pd.DataFrame = field(repr=False)
    against: pd.DataFrame = field(repr=False)
    collateral: pd.DataFrame = field(repr=False)
    questions: tuple[str, ...] = field(repr=False)
    basis: Explanation | None = field(repr=False)
    linked: pd.DataFrame = field(repr=False)
    not_found: tuple[str, ...] = field(repr=False)
    now: pd.Timestamp = field(repr=False)
    cites: dict[str, str] = field(repr=False)
    explanations: pd.DataFrame = field(repr=False)
    takeover: Fork = field(repr=False)
    evasion: pd.DataFrame = field(repr=False)
    what_if: pd.DataFrame = field(repr=False)
    group: tuple[str, ...] = field(repr=False)
    role: str = field(repr=False)
    status: str = field(repr=False)
    tz: str = field(repr=False)
    country: str = field(repr=False)
    locale: str = field(repr=False)
    removed_on: pd.Timestamp | None = field(repr=False)
    reads: tuple[str, ...] = field(repr=False)
    suspended_by: tuple[str, ...] = field(repr=False)
    log: Memory | None = field(repr=False)
    _folded: pd.DataFrame = field(repr=False)
    together: tuple[str, ...] = field(default=(), repr=False)

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        return _VERDICTS[self.verdict]

    def reputation(self, reading: str) -> pd.DataFrame:
        """Give what was decided on the account before, once you have read the evidence.

        Evidence first, reputation later: examiners who knew a story before they looked have changed their conclusions.

        Args:
            reading: What you take the identifiers to say, in a sentence of your own.

        Returns:
            DataFrame `at`, `account`, `what`, `counts` (as a strike), `why`; newest first.

        Raises:
            WordsError: Nothing was written, or it holds a raw identifier.

        Source: Dror and others on context and fingerprint examiners, 2006 and 2015.
        """
        said(reading, what="reading", but=[self.account, *self.group])
        return self._folded.copy()

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        lines = [f"{self.account}: {self.sentence}"]
        lines += [f"  {r.code}  {r.why} -> {r.clear_by}" for r in rows(self.stops)]
        if self.basis is not None:
            families = self.basis.families.replace("+", ", ").lower()
            lines.append(f"Rests on the link to {self.basis.b}: {self.basis.label}, {self.basis.score:g} points ({families})")
        lines += [f"{r.question} {r.holds[0].upper()}{r.holds[1:]}: {r.why}." for r in rows(self.evasion)]
        if self.takeover.victim:
            lines.append(f"Takeover: {self.takeover.sentence}")
        lines += [f"Against ({r.about}): {r.what}" for r in rows(self.against)]
        lines += [f"Would be hit: {r.what}: {r.count:,}{f' ({r.detail})' if r.detail else ''}" for r in rows(self.collateral)]
        lines += [f"If removed, {r.what}: {', '.join(r.accounts)}" for r in rows(self.what_if)]
        lines += [f"Ask: {question}" for question in self.questions]
        if self.not_found:
            lines.append(f"Not found for this account: {', '.join(self.not_found)}. Absence is no sign of innocence or of guilt.")
        if len(self._folded):
            lines.append("What was decided on it before stays folded until you write your reading: check.reputation('...')")
        return lines

    def _repr_html_(self) -> str:
        parts = [f"<p><b>{html.escape(self.account)}</b>: {html.escape(self.sentence)}</p>"]
        for title, frame in (
            ("Stops", self.stops),
            ("Four explanations", self.explanations),
            ("Speaks against it", self.against),
            ("Would be hit", self.collateral),
        ):
            body = frame.to_html(index=False, border=0).replace("\\n", "<br>") if len(frame) else "<p>nothing found</p>"
            parts.append(f"<h4>{title}</h4>{body}")
        parts += [f"<p>Ask: {html.escape(question)}</p>" for question in self.questions]
        return "".join(parts)


def precheck(
    market: Market,
    links: Links,
    account: str,
    *,
    now: Any = None,
    reads: tuple[str, ...] = ("en",),
    log: Memory | None = None,
    together: Iterable[str] = (),
) -> Check:
    """Check an account before anybody proposes to remove it.

    Args:
        market: A loaded market.
        links: Its links.
        account: The account.
        now: The moment to judge open jobs and old removals by; the day of the export if left out.
        reads: Languages that the reviewer reads, as two letters.
        log: A `CaseLog`, whose own decisions are looked at beside those of the export.
        together: Other accounts that somebody would remove with it ("the whole ring"); more than three in all raise stop H13. Each still
            needs a check, a case and a memo of its own.

    Returns:
        Check. `stop` if any hard stop is raised, `ask` if something has to be asked or speaks against it, else `proceed`.

    Raises:
        UnknownAccountError: The market does not have the account, or one of `together`.
        UsageError: `together` is one text, `now` is not a moment with a zone, or the links are not those of this market.
    """
    if links.market is not market:
        raise UsageError("these links were made from another market; link this one first")
    moment, others = _moment(links, now), _others(links, account, together)
    linked = lookup(links, account)
    account = links.id(links.code(account))
    q = _question(links, account, linked, moment, reads=tuple(reads), log=log)
    q = replace(q, together=others)
    raised = [(stop.code, why, stop.clear_by) for stop in STOPS for why in stop.find(q)]
    stops = pd.DataFrame(raised, columns=["code", "why", "clear_by"])
    against, questions, taken = _against(q), _questions(q), fork(q)
    verdict = "stop" if len(stops) else "ask" if len(against) or questions else "proceed"
    return Check(
        account, verdict, stops, against, collateral.collateral(q), questions, q.basis, linked, _not_found(q), moment,
        _cites(market, links, q), explanations(q, taken), taken, prior.evasion(q), collateral.what_if(q),
        tuple(dict.fromkeys((*q.group, *others))), *_facts(q),
        prior.removed_on(q), q.reads, prior.suspenders(q), log, prior.reputation(q), others,
    )  # fmt: skip


def _question(
    links: Links, account: str, linked: pd.DataFrame, now: pd.Timestamp, *, reads: tuple[str, ...], log: Memory | None
) -> Question:
    basis = _basis(links, account, linked)
    group = links.clusters("strong")
    own = group.loc[group["account_id"] == account, "cluster_id"].iloc[0]
    together = tuple(group.loc[group["cluster_id"] == own, "account_id"])
    names = tuple(
        links.engine.run("SELECT account_id FROM main.people WHERE survivor = ? ORDER BY code", [links.code(account)])["account_id"]
    )
    asked = [*names, *([basis.b] if basis is not None else [])]
    told = [exported(links, asked), *([log.decided(asked)] if log is not None else [])]
    full = [frame for frame in told if len(frame)]
    earlier = pd.concat(full, ignore_index=True)[DECISIONS] if full else told[0]
    return Question(links.loaded(), links, account, basis, now, reads, together, names, earlier, linked=linked)


def _moment(links: Links, now: Any) -> pd.Timestamp:
    if now is None:
        return exported_on(links.engine)
    try:
        moment = pd.Timestamp(now)
    except (ValueError, TypeError) as problem:
        raise UsageError("now should be a moment such as '2026-11-22T09:00:00Z'") from problem
    if moment.tzinfo is None:
        raise UsageError(f"now={moment} has no zone; write it like '2026-11-22T09:00:00Z'")
    return moment.tz_convert("UTC")


def _others(links: Links, account: str, together: Iterable[str]) -> tuple[str, ...]:
    if isinstance(together, str):
        raise UsageError("together= is a list of accounts, such as ['A2077', 'A3300']")
    names = [links.id(links.code(name)) for name in together]
    return tuple(sorted({*names} - {links.id(links.code(account))}))


def _basis(links: Links, account: str, linked: pd.DataFrame) -> Explanation | None:
    """The strongest link to an account that was removed, else the strongest of all."""
    counts = linked[linked["score"] > 0]
    if counts.empty:
        return None
    gone = counts[counts["status"] == "removed"]
    chosen = gone if len(gone) and gone.iloc[0]["label"] != "no reliable link" else counts
    return explain(links, account, chosen.iloc[0]["account_id"])


def _against(q: Question) -> pd.DataFrame:
    lines: list[tuple[str, str, float]] = []
    if q.basis is not None:
        about = f"the link to {q.basis.b}"
        lines += [(about, r.reading, float(r.points)) for r in rows(q.basis.against)]
        if q.basis.benign:
            lines.append((about, f"innocent reading: {q.basis.benign} ({q.basis.benign_score:.0%})", 0.0))
    facts = q.ask(
        "SELECT (SELECT count(*) FROM public.jobs WHERE completed_at IS NOT NULL "
        "AND list_has_any($1, [customer_account_id, pro_account_id])) AS jobs, "
        "(SELECT count(*) FROM public.reviews WHERE list_contains($1, subject_account_id) AND rating >= 4) AS good, "
        "(SELECT count(*) FROM public.reports WHERE list_contains($1, subject_account_id)) AS reports"
    ).iloc[0]
    if facts["jobs"]:
        lines.append((q.account, f"{many(facts['jobs'], 'completed job')}, {many(facts['good'], 'good review')}", 0.0))
    if not facts["reports"]:
        lines.append((q.account, "nobody reported this account; a link alone breaks no rule", 0.0))
    if undone := int((q.earlier["account_id"].isin(q.names) & q.earlier["reversed_at"].notna()).sum()):
        lines.append((q.account, f"{many(undone, 'earlier decision')} on it overturned", 0.0))
    return pd.DataFrame(lines, columns=["about", "what", "points"])


def _questions(q: Question) -> tuple[str, ...]:
    reading = benign.named(q.basis.benign) if q.basis is not None else None
    likely = reading is not None and q.basis is not None and q.basis.benign_score >= WORTH_ASKING
    return (reading.ask,) if reading is not None and likely else ()


def _facts(q: Question) -> tuple[str, str, str, str, str]:
    found = q.links.engine.run(
        "SELECT p.role, p.status, coalesce(p.tz, '') AS tz, coalesce(a.country, '') AS country, coalesce(a.locale, '') AS locale "
        "FROM main.people p LEFT JOIN public.accounts a USING (account_id) WHERE account_id = ?",
        [q.account],
    ).iloc[0]
    return str(found["role"]), str(found["status"]), str(found["tz"]), str(found["country"]), str(found["locale"])


def _not_found(q: Question) -> tuple[str, ...]:
    have = q.links.engine.run(
        "SELECT DISTINCT kind FROM main.seen WHERE account = ?", [q.links.code(q.account)]
    )["kind"]  # fmt: skip
    return tuple(kind for kind in EVERY_KIND if kind not in set(have))


LOGGED = "decisions known from the log"


def _cites(market: Market, links: Links, q: Question) -> dict[str, str]:
    inputs = {f"input {row.table}": row.sha256 for row in rows(market.report.tables) if row.sha256}
    settings = {key: str(value) for key, value in sorted(links.settings.items())}
    logged = int((q.earlier["kept_in"] == "log").sum())
    return {**settings, "settings_sha256": links.sha256, **({LOGGED: str(logged)} if logged else {}), **inputs}
