"""The hard stops before a removal: what each looks for, and who can clear it.

Each function gets a `Question` and gives the reasons it found, in words; none means that the stop is not raised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from tnskit.cleaning.market import Market
from tnskit.evidence.links import Links
from tnskit.findings.explain import Explanation

CANNOT = "cannot be cleared; use verification or a restriction instead"
EXCLUDED = 0.3
"""An innocent reading at or above this is not excluded. Assumption: nearer to a third than to nothing."""
MARKERS = 2
"""Takeover markers from which an account is treated as a victim's. Source: practice table, an assumption."""
MANY_ACCOUNTS, MANY_JOBS = 3, 50
"""Accounts in one action, and completed jobs, above which a lead must look. Source: practice table, an assumption."""


@dataclass(frozen=True, eq=False)
class Question:
    """What the stops are asked about.

    Attributes:
        market: The market.
        links: Its links.
        account: The account that somebody wants to remove.
        basis: The link that the removal would rest on: to an account that was removed, else the strongest; None without one.
        now: The moment of the check, UTC.
        reads: Languages that the reviewer reads.
        group: Accounts at "strong" with it, itself included.
    """

    market: Market = field(repr=False)
    links: Links = field(repr=False)
    account: str
    basis: Explanation | None
    now: pd.Timestamp
    reads: tuple[str, ...]
    group: tuple[str, ...]

    def ask(self, sql: str, *values: object) -> pd.DataFrame:
        """Run one question over the tables; `$1` is the account."""
        return self.links.engine.run(sql, [self.account, *values])

    @property
    def moment(self) -> str:
        """`now` as SQL compares it."""
        return self.now.tz_convert("UTC").strftime("%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True)
class Stop:
    """One hard stop."""

    code: str
    clear_by: str
    find: Callable[[Question], list[str]]


def one_family(q: Question) -> list[str]:
    """H1: only one family of evidence, or a label below strong."""
    if q.basis is None:
        return ["no other account shares anything that counts, so a removal cannot rest on a link"]
    if q.basis.label != "strong":
        return [f"the link to {q.basis.b} is '{q.basis.label}', not 'strong'"]
    return [] if "+" in q.basis.families else [f"only one family speaks for it: {q.basis.families}"]


def decisive_hub(q: Question) -> list[str]:
    """H2: without the values that many share, the link would not be strong."""
    if q.basis is None or q.basis.label != "strong":
        return []
    pieces = q.basis.evidence
    cuts = pieces["rule"].map(lambda name: q.links.rules[name].cut)
    hub = (pieces["counted"] > 0) & (cuts > 0) & (pieces["accounts"] > cuts)
    left = q.basis.score - float(pieces.loc[hub, "counted"].sum())
    families = set(pieces.loc[(pieces["counted"] > 0) & ~hub, "family"])
    firm = len(families) > 1 and families & set(q.links.rules.strong_families)
    if not hub.any() or (left >= q.links.rules.labels["strong"] and firm):
        return []
    names = ", ".join(pieces.loc[hub, "shown"])
    return [f"it rests on what many share ({names}); without that it would not be strong"]


def innocent_reading(q: Question) -> list[str]:
    """H3: a household or business explanation is not excluded."""
    if q.basis is None or q.basis.benign_score < EXCLUDED:
        return []
    return [f"'{q.basis.benign}' ({q.basis.benign_score:.0%}) is not excluded for the link to {q.basis.b}"]


def takeover(q: Question) -> list[str]:
    """H4: two or more markers of a takeover; the account's holder may be the victim."""
    found = q.ask(
        "SELECT DISTINCT e.event, f.event AS then FROM public.security_events e JOIN public.security_events f "
        'ON f.account_id = e.account_id AND f."at" BETWEEN e."at" AND e."at" + INTERVAL 72 HOUR AND f.event_id <> e.event_id '
        "WHERE e.account_id = $1 AND e.event IN ('password_reset', 'email_change', 'phone_change', 'mfa_off') "
        "AND f.event IN ('new_device', 'payout_change', 'email_change', 'phone_change') ORDER BY ALL"
    )
    markers = sorted(set(found["event"]) | set(found["then"]))
    words = ", ".join(marker.replace("_", " ") for marker in markers)
    return [f"within 72 hours: {words}"] if len(markers) >= MARKERS else []


def passed_on(q: Question) -> list[str]:
    """H5: a recycled number, or a card that may be reissued or stolen."""
    if q.basis is None:
        return []
    pieces = q.basis.evidence
    reasons = [f"{r.shown} changed hands" for r in pieces[pieces["rule"] == "phone_handed"].itertuples()]
    if q.basis.benign == "card lent, lost or stolen":
        reasons.append("only a card connects the two, and its holder may be a victim")
    return reasons


def job_on(q: Question) -> list[str]:
    """H6: a job is in progress or due within 72 hours."""
    found = q.ask(
        "SELECT count(*) FILTER (started_at <= $2::TIMESTAMP AND started_at > $2::TIMESTAMP - INTERVAL 30 DAY) AS going, "
        "count(*) FILTER (scheduled_for BETWEEN $2::TIMESTAMP AND $2::TIMESTAMP + INTERVAL 72 HOUR) AS due "
        "FROM public.jobs WHERE $1 IN (customer_account_id, pro_account_id) AND completed_at IS NULL "
        "AND cancelled_at IS NULL",
        q.moment,
    ).iloc[0]
    going = [f"{many(found['going'], 'job')} in progress"] if found["going"] else []
    return [*going, *([f"{many(found['due'], 'job')} due within 72 hours"] if found["due"] else [])]


def money_held(q: Question) -> list[str]:
    """H7: held funds, an open refund or chargeback, an unpaid pro."""
    found = q.ask(
        "SELECT count(*) FILTER (hold_reason IS NOT NULL AND coalesce(status, '') NOT IN ('released', 'paid', 'settled')) AS held, "
        "count(*) FILTER (kind = 'chargeback' AND coalesce(dispute_outcome, 'open') IN ('open', 'pending', 'none')) AS disputes, "
        "count(*) FILTER (kind IN ('refund', 'payout') AND status IN ('pending', 'requested', 'held')) AS pending "
        "FROM public.payments WHERE $1 IN (payer_id, payee_id)"
    ).iloc[0]
    words = {"held": "payment held", "disputes": "open chargeback", "pending": "refund or payout pending"}
    return [many(found[name], word) for name, word in words.items() if found[name]]


def safety(q: Question) -> list[str]:
    """H8: a safety report, a threat, or a minor."""
    found = q.ask("SELECT count(*) AS n FROM public.reports WHERE safety_flag AND $1 IN (subject_account_id, reporter_account_id)").iloc[0][
        "n"
    ]
    return [many(found, "report") + " with a safety flag"] if found else []


def legal(q: Question) -> list[str]:
    """H9: a legal hold, a request of an authority, or a regulator."""
    found = q.ask(
        "SELECT (SELECT count(*) FROM public.reports WHERE channel = 'legal' AND $1 IN (subject_account_id, reporter_account_id)) "
        "+ (SELECT count(*) FROM public.actions WHERE account_id = $1 AND action IN ('legal_hold', 'hold_legal')) AS n"
    ).iloc[0]["n"]
    return [many(found, "legal report or hold")] if found else []


def background(q: Question) -> list[str]:
    """H10: a background or consumer report may be part of the basis."""
    found = q.ask(
        "SELECT count(*) AS n FROM public.pro_profiles WHERE account_id = $1 "
        "AND background_status IN ('consider', 'failed', 'adverse', 'suspended', 'expired', 'not_clear')"
    ).iloc[0]["n"]
    return ["the background check is not clear; a decision must not rest on it without the steps of the FCRA"] if found else []


def unsound_removal(q: Question) -> list[str]:
    """H11: the earlier removal was overturned, is under appeal, or is older than 24 clean months."""
    if q.basis is None:
        return []
    found = q.links.engine.run(
        "SELECT a.reversed_at IS NOT NULL AS reversed, p.appeal_id IS NOT NULL AND p.decided_at IS NULL AS appealed, "
        "coalesce(a.effective_at, a.decided_at) < $2::TIMESTAMP - INTERVAL 24 MONTH AS old FROM public.actions a "
        "LEFT JOIN public.appeals p USING (action_id) WHERE a.account_id = $1 AND a.action IN "
        "('remove', 'removed', 'removal', 'ban', 'banned', 'close', 'x')",
        [q.basis.b, q.moment],
    )
    words = {"reversed": "was overturned", "appealed": "is under appeal", "old": "is older than 24 months"}
    return [f"the removal of {q.basis.b} {word}" for name, word in words.items() if found[name].eq(True).any()]


def interested_reporter(q: Question) -> list[str]:
    """H12: the only reporter has a dispute with the account or is a competitor."""
    found = q.ask(
        "SELECT DISTINCT r.reporter_account_id AS who, EXISTS (SELECT 1 FROM public.payments d JOIN public.jobs j USING (job_id) "
        "WHERE d.kind IN ('chargeback', 'refund') AND r.reporter_account_id IN (j.customer_account_id, j.pro_account_id) "
        "AND $1 IN (j.customer_account_id, j.pro_account_id)) AS dispute, EXISTS (SELECT 1 FROM public.pro_profiles x "
        "JOIN public.pro_profiles y USING (trade) WHERE x.account_id = r.reporter_account_id AND y.account_id = $1) AS rival "
        "FROM public.reports r WHERE r.subject_account_id = $1 AND r.reporter_account_id IS NOT NULL"
    )
    if len(found) != 1:
        return []
    row = found.iloc[0]
    word = "has a dispute with it" if row["dispute"] else "works in the same trade" if row["rival"] else ""
    return [f"the only reporter, {row['who']}, {word}"] if word else []


def too_much_at_once(q: Question) -> list[str]:
    """H13: more than three accounts hang on it, or more than fifty completed jobs."""
    jobs = q.ask(
        "SELECT count(*) AS n FROM public.jobs WHERE completed_at IS NOT NULL AND $1 IN (customer_account_id, pro_account_id)"
    ).iloc[0]["n"]
    group = [f"{len(q.group)} accounts hang together; each needs a memo of its own"] if len(q.group) > MANY_ACCOUNTS else []
    return [*group, *([f"{jobs} completed jobs"] if jobs > MANY_JOBS else [])]


def language(q: Question) -> list[str]:
    """H14: reports or messages in a language that the reviewer does not read."""
    found = q.ask(
        "SELECT DISTINCT lower(split_part(lang, '-', 1)) AS lang FROM (SELECT lang FROM public.reports WHERE subject_account_id = $1 "
        "UNION ALL SELECT lang FROM public.messages WHERE sender_account_id = $1 "
        "UNION ALL SELECT locale FROM public.accounts WHERE account_id = $1) WHERE lang IS NOT NULL ORDER BY 1"
    )["lang"]
    unread = [lang for lang in found if lang and lang not in q.reads]
    return [f"something to read is in {', '.join(unread)}, and this check was made for a reader of {', '.join(q.reads)}"] if unread else []


def worker_rule(q: Question) -> list[str]:
    """H15: a local rule that protects workers may apply."""
    found = q.ask(
        "SELECT count(*) AS n FROM public.addresses x JOIN public.accounts a USING (account_id) "
        "WHERE account_id = $1 AND lower(x.city) = 'seattle' AND a.role IN ('pro', 'both')"
    ).iloc[0]["n"]
    return ["the pro works in Seattle, whose ordinance of 2025 asks for notice, records and a way to challenge"] if found else []


def many(count: int, word: str) -> str:
    """Give a count with its word, such as "1 job" or "2 jobs"."""
    return f"{count:,} {word}" + ("s" if count != 1 else "")


STOPS: tuple[Stop, ...] = (
    Stop("H1", CANNOT, one_family),
    Stop("H2", CANNOT, decisive_hub),
    Stop("H3", "a lead, after contact with the user", innocent_reading),
    Stop("H4", "account security; treat the holder as a victim", takeover),
    Stop("H5", "a new verification of both", passed_on),
    Stop("H6", "an approved plan for the jobs", job_on),
    Stop("H7", "payments; a removal by itself never forfeits money", money_held),
    Stop("H8", "safety on call, who decide first; a lock that can be undone is allowed at once", safety),
    Stop("H9", "legal", legal),
    Stop("H10", "legal, after the pre-adverse steps of the FCRA", background),
    Stop("H11", "a lead", unsound_removal),
    Stop("H12", "a second source", interested_reporter),
    Stop("H13", "a lead, with one memo for each account", too_much_at_once),
    Stop("H14", "a reader of that language", language),
    Stop("H15", "legal or operations", worker_rule),
)
"""Every stop in order. Source: the practice of trust and safety teams; figures are assumptions unless they say otherwise."""
