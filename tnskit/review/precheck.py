"""The check before a removal: one account in; what links it, what speaks against it, who would be hit, and a verdict out."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from tnskit.cleaning.market import Market, rows
from tnskit.errors import UsageError
from tnskit.evidence import benign
from tnskit.evidence.links import Links
from tnskit.findings.explain import Explanation, explain, lookup
from tnskit.review.stops import STOPS, Question, many

_VERDICTS = {
    "stop": "Stop. Do not remove this account on this evidence; the stops below say why and who can clear them.",
    "ask": "Ask first. Nothing forbids a removal, but what stands below has to be asked or answered.",
    "proceed": "Proceed to a second reviewer. Nothing was found that stops a proposal; a second person has to decide blind.",
}
_GOOD = "('active', 'restricted', '')"
WORTH_ASKING = 0.1
"""An innocent reading at or above this is worth a question. Assumption."""
EVERY_KIND = ("phone", "email", "card", "payout", "ip", "device", "address", "licence", "tax_id", "identity")


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

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        return _VERDICTS[self.verdict]

    def __str__(self) -> str:
        lines = [f"{self.account}: {self.sentence}"]
        lines += [f"  {r.code}  {r.why} -> {r.clear_by}" for r in rows(self.stops)]
        if self.basis is not None:
            lines.append(f"Rests on the link to {self.basis.b}: {self.basis.label}, {self.basis.score:g} points ({self.basis.families})")
        lines += [f"Against ({r.about}): {r.what}" for r in rows(self.against)]
        lines += [f"Would be hit: {r.count:,} {r.what}{f' ({r.detail})' if r.detail else ''}" for r in rows(self.collateral)]
        lines += [f"Ask: {question}" for question in self.questions]
        if self.not_found:
            lines.append(f"Not found for this account: {', '.join(self.not_found)}. Absence is no sign of innocence or of guilt.")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        parts = [f"<p><b>{html.escape(self.account)}</b>: {html.escape(self.sentence)}</p>"]
        for title, frame in (
            ("Stops", self.stops),
            ("Speaks against it", self.against),
            ("Would be hit", self.collateral),
        ):
            body = frame.to_html(index=False, border=0) if len(frame) else "<p>nothing found</p>"
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
) -> Check:
    """Check an account before anybody proposes to remove it.

    Args:
        market: A loaded market.
        links: Its links.
        account: The account.
        now: The moment to judge open jobs and old removals by; the day of the export if left out.
        reads: Languages that the reviewer reads, as two letters.

    Returns:
        Check. `stop` if any hard stop is raised, `ask` if something has to be asked or speaks against it, else `proceed`.

    Raises:
        UnknownAccountError: The market does not have the account.
        UsageError: `now` is not a moment with a zone.
    """
    moment = _moment(links, now)
    linked = lookup(links, account)
    account = links.id(links.code(account))
    basis = _basis(links, account, linked)
    group = links.clusters("strong")
    own = group.loc[group["account_id"] == account, "cluster_id"].iloc[0]
    together = tuple(group.loc[group["cluster_id"] == own, "account_id"])
    question = Question(market, links, account, basis, moment, tuple(reads), together)
    raised = [(stop.code, why, stop.clear_by) for stop in STOPS for why in stop.find(question)]
    stops = pd.DataFrame(raised, columns=["code", "why", "clear_by"])
    against = _against(question)
    questions = _questions(question)
    verdict = "stop" if len(stops) else "ask" if len(against) or questions else "proceed"
    return Check(
        account, verdict, stops, against, _collateral(question), questions, basis, linked, _not_found(question), moment,
        _cites(market, links),
    )  # fmt: skip


def _moment(links: Links, now: Any) -> pd.Timestamp:
    if now is None:
        found = links.engine.run(
            "SELECT coalesce((SELECT max(exported_at) FROM public.accounts), (SELECT max(last_at) FROM main.seen), "
            "TIMESTAMP '2000-01-01') AS now"
        )["now"].iloc[0]
        return pd.Timestamp(found, tz="UTC")
    try:
        moment = pd.Timestamp(now)
    except (ValueError, TypeError) as problem:
        raise UsageError("now should be a moment such as '2026-11-22T09:00:00Z'") from problem
    if moment.tzinfo is None:
        raise UsageError(f"now={moment} has no zone; write it like '2026-11-22T09:00:00Z'")
    return moment.tz_convert("UTC")


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
        "SELECT (SELECT count(*) FROM public.jobs WHERE completed_at IS NOT NULL AND $1 IN (customer_account_id, pro_account_id)) "
        "AS jobs, (SELECT count(*) FROM public.reviews WHERE subject_account_id = $1 AND rating >= 4) AS good, "
        "(SELECT count(*) FROM public.reports WHERE subject_account_id = $1) AS reports, "
        "(SELECT count(*) FROM public.actions WHERE account_id = $1 AND reversed_at IS NOT NULL) AS undone"
    ).iloc[0]
    if facts["jobs"]:
        lines.append((q.account, f"{many(facts['jobs'], 'completed job')}, {many(facts['good'], 'good review')}", 0.0))
    if not facts["reports"]:
        lines.append((q.account, "nobody reported this account; a link alone breaks no rule", 0.0))
    if facts["undone"]:
        lines.append((q.account, f"{many(facts['undone'], 'earlier decision')} on it overturned", 0.0))
    return pd.DataFrame(lines, columns=["about", "what", "points"])


def _questions(q: Question) -> tuple[str, ...]:
    reading = benign.named(q.basis.benign) if q.basis is not None else None
    likely = reading is not None and q.basis is not None and q.basis.benign_score >= WORTH_ASKING
    return (reading.ask,) if reading is not None and likely else ()


def _collateral(q: Question) -> pd.DataFrame:
    """Who and what else would be hit."""
    others = [name for name in q.group if name != q.account]
    good = q.links.engine.run(
        f"SELECT account_id FROM main.people WHERE list_contains($1, account_id) AND status IN {_GOOD} ORDER BY 1",
        [sorted({*others, *_near(q)})],
    )["account_id"]
    facts = q.ask(
        "SELECT (SELECT count(*) FROM public.jobs WHERE completed_at IS NULL AND cancelled_at IS NULL AND hired_at IS NOT NULL "
        "AND $1 IN (customer_account_id, pro_account_id)) AS jobs, "
        "(SELECT count(*) FROM public.reviews WHERE author_account_id = $1) AS written, "
        "(SELECT count(*) FROM public.reviews WHERE subject_account_id = $1) AS received, "
        "(SELECT coalesce(sum(amount_minor), 0) FROM public.payments WHERE payee_id = $1 AND hold_reason IS NOT NULL "
        "AND coalesce(status, '') NOT IN ('released', 'paid', 'settled')) AS held"
    ).iloc[0]
    lines = [
        (
            "linked accounts in good standing",
            len(good),
            ", ".join(good[:6]) + (" ..." if len(good) > 6 else ""),
        ),
        ("open jobs", int(facts["jobs"]), "customers who wait" if facts["jobs"] else ""),
        ("reviews written", int(facts["written"]), ""),
        ("reviews received", int(facts["received"]), ""),
        ("minor units of money held", int(facts["held"]), ""),
    ]
    return pd.DataFrame([row for row in lines if row[1]], columns=["what", "count", "detail"])


def _near(q: Question) -> list[str]:
    near = lookup(q.links, q.account, label="likely")
    return list(near["account_id"])


def _not_found(q: Question) -> tuple[str, ...]:
    have = q.links.engine.run(
        "SELECT DISTINCT kind FROM main.seen WHERE account = ?", [q.links.code(q.account)]
    )["kind"]  # fmt: skip
    return tuple(kind for kind in EVERY_KIND if kind not in set(have))


def _cites(market: Market, links: Links) -> dict[str, str]:
    inputs = {f"input {row.table}": row.sha256 for row in rows(market.report.tables) if row.sha256}
    settings = {key: str(value) for key, value in sorted(links.settings.items())}
    return {**settings, "settings_sha256": links.sha256, **inputs}
