"""The hard stops before a removal: what each looks for, and who can clear it.

Each function gets a `Question` and gives the reasons it found, in words; none means that the stop is not raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from babel import Locale

from tnskit.cleaning.market import rows
from tnskit.evidence.steps import HARD
from tnskit.findings.explain import lookup
from tnskit.review.prior import doubts
from tnskit.review.question import Question, many
from tnskit.review.takeover import fork

CANNOT = "cannot be cleared; use verification or a restriction instead"
EXCLUDED = 0.3
"""An innocent reading at or above this is not excluded. Assumption: nearer to a third than to nothing."""
MANY_ACCOUNTS, MANY_JOBS = 3, 50
"""Accounts in one action, and completed jobs, above which a lead must look. Source: practice table, an assumption."""
OF_AGE = 18
"""Years below which somebody is a minor."""


@dataclass(frozen=True)
class Stop:
    """One hard stop.

    Attributes:
        code: H1 to H15.
        clear_by: Who can clear it, in words; the roles stand in `authority.toml`.
        find: What looks for it.
        about: "link" for what weakens the link, which only matters where a removal rests on one; else "account".
    """

    code: str
    clear_by: str
    find: Callable[[Question], list[str]]
    about: str = "account"


def one_family(q: Question) -> list[str]:
    """H1: only one family of evidence, or a label below strong."""
    if q.basis is None:
        return ["no other account shares anything that counts, so a removal cannot rest on a link"]
    if q.basis.label != "strong":
        return [f"the link to {q.basis.b} is '{q.basis.label}', not 'strong'"]
    seen = [family for family in q.basis.families.split("+") if family in HARD]
    if len(seen) > 1:
        return []
    return [f"only one family of shared things speaks for it: {'+'.join(seen) or 'none'}; names, times and conduct are no second one"]


def decisive_hub(q: Question) -> list[str]:
    """H2: all that counts is what many share, or without it the link would not be strong."""
    if q.basis is None:
        return _set_aside(q)
    pieces = q.basis.evidence
    cuts = pieces["rule"].map(lambda name: q.links.rules[name].cut)
    hub = (pieces["counted"] > 0) & (cuts > 0) & (pieces["accounts"] > cuts)
    if q.basis.label != "strong":
        sole = bool(hub.any()) and bool((hub | (pieces["counted"] <= 0)).all())
        return [f"nothing else speaks for it than what many share ({', '.join(pieces.loc[hub, 'shown'])})"] if sole else []
    left = q.basis.score - float(pieces.loc[hub, "counted"].sum())
    families = set(pieces.loc[(pieces["counted"] > 0) & ~hub, "family"])
    firm = len(families) > 1 and families & set(q.links.rules.strong_families)
    if not hub.any() or (left >= q.links.rules.labels["strong"] and firm):
        return []
    names = ", ".join(pieces.loc[hub, "shown"])
    return [f"it rests on what many share ({names}); without that it would not be strong"]


def _set_aside(q: Question) -> list[str]:
    """What the account shares with removed accounts alone, where nothing that counts connects it with anybody."""
    found = q.links.engine.run(_SET_ASIDE, [q.links.code(q.account)])
    named = [f"{row.shown} ({row.accounts:,} accounts, {row.why})" for row in rows(found.head(_NAMED))]
    more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    return [f"all that it shares with an account that was removed is set aside: {', '.join(named)}{more}"] if named else []


_NAMED = 3
_SET_ASIDE = """
SELECT c.shown, c.accounts, c.why FROM main.seen mine JOIN crowded c USING (value)
WHERE mine.account = $1 AND EXISTS (SELECT 1 FROM main.seen s JOIN main.people p ON p.code = s.account
  WHERE s.value = mine.value AND s.account <> $1 AND p.status = 'removed')
GROUP BY ALL ORDER BY c.accounts, c.shown
"""


def innocent_reading(q: Question) -> list[str]:
    """H3: a household or business explanation is not excluded."""
    if q.basis is None:
        return []
    likely = [f"'{q.basis.benign}' ({q.basis.benign_score:.0%}) is not excluded for the link to {q.basis.b}"]
    two = [f"{q.account} and {q.basis.b} showed different documents or faces"]
    rules = set(q.basis.evidence["rule"])
    home = bool((q.basis.evidence["family"].eq("PLACE") & q.basis.evidence["points"].gt(0)).any())
    housed = [f"{q.account} and {q.basis.b} share a home under different names"]
    return [
        *(likely if q.basis.benign_score >= EXCLUDED else []),
        *(two if "identity_differs" in rules else []),
        *(housed if home and rules & {"name_family", "name_differs"} else []),
    ]


def takeover(q: Question) -> list[str]:
    """H4: two or more signs of a takeover; the account's holder may be the victim."""
    taken = fork(q)
    found = [str(row.what) for row in rows(taken.signs) if row.found]
    return [f"{len(found)} signs of a takeover: {'; '.join(found)}"] if taken.victim else []


def passed_on(q: Question) -> list[str]:
    """H5: a recycled number, or a card that may be reissued or stolen."""
    if q.basis is None:
        gone = q.linked[(q.linked["status"] == "removed") & (q.linked["benign"] == "recycled phone")]
        return [f"a number that {row.account_id} had before its removal changed hands" for row in rows(gone.head(_NAMED))]
    pieces = q.basis.evidence
    reasons = [f"{row.shown} changed hands" for row in rows(pieces[pieces["rule"] == "phone_handed"])]
    if q.basis.benign == "card lent, lost or stolen":
        reasons.append("only a card connects the two, and its holder may be a victim")
    if "PAYMENT" in set(q.basis.supports["family"]) and _disputed(q, q.basis.b):
        reasons.append("a payment of one of them was disputed as not made by the card's holder, who may be a victim")
    return reasons


def _disputed(q: Question, other: str) -> int:
    """Chargebacks for fraud on either side; the codes are those of Visa (10.x) and Mastercard (4837, 4863)."""
    return q.count(
        "SELECT count(*) FROM public.payments WHERE kind = 'chargeback' AND (payer_id = $2 OR list_contains($1, payer_id)) "
        "AND (dispute_code LIKE '10.%' OR dispute_code IN ('4837', '4863')) AND coalesce(dispute_outcome, 'open') <> 'won'",
        other,
    )


def job_on(q: Question) -> list[str]:
    """H6: a job is in progress or due within 72 hours."""
    found = q.ask(
        "SELECT count(*) FILTER (started_at <= $2::TIMESTAMP AND started_at > $2::TIMESTAMP - INTERVAL 30 DAY) AS going, "
        "count(*) FILTER (scheduled_for BETWEEN $2::TIMESTAMP AND $2::TIMESTAMP + INTERVAL 72 HOUR) AS due "
        "FROM public.jobs WHERE list_has_any($1, [customer_account_id, pro_account_id]) AND completed_at IS NULL "
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
        "FROM public.payments WHERE list_has_any($1, [payer_id, payee_id])"
    ).iloc[0]
    words = {"held": "payment held", "disputes": "open chargeback", "pending": "refund or payout pending"}
    return [many(found[name], word) for name, word in words.items() if found[name]]


def safety(q: Question) -> list[str]:
    """H8: a safety report, a threat, or a minor."""
    reports = q.count(
        "SELECT count(*) FROM public.reports WHERE (safety_flag OR policy_code LIKE 'SAF-%' OR policy_code = 'ACC-06') "
        "AND list_has_any($1, [subject_account_id, reporter_account_id])"
    )
    young = q.count(
        "SELECT count(*) FROM main.people WHERE list_contains($1, account_id) AND birth_year > year($2::TIMESTAMP) - $3",
        q.moment, OF_AGE,
    )  # fmt: skip
    told = [many(reports, "report") + " about safety or a minor"] if reports else []
    return [*told, *(["its holder may be under age, by the year of birth"] if young else [])]


def legal(q: Question) -> list[str]:
    """H9: a legal hold, a request of an authority, or a regulator."""
    found = q.count(
        "SELECT (SELECT count(*) FROM public.reports WHERE channel = 'legal' "
        "AND list_has_any($1, [subject_account_id, reporter_account_id])) "
        "+ (SELECT count(*) FROM public.actions WHERE list_contains($1, account_id) AND action IN ('legal_hold', 'hold_legal'))"
    )
    return [many(found, "legal report or hold")] if found else []


def background(q: Question) -> list[str]:
    """H10: a background or consumer report may be part of the basis."""
    found = q.count(
        "SELECT count(*) FROM public.pro_profiles WHERE list_contains($1, account_id) "
        "AND background_status IN ('consider', 'failed', 'adverse', 'suspended', 'expired', 'not_clear')"
    )
    return ["the background check is not clear; a decision must not rest on it without the steps of the FCRA"] if found else []


def unsound_removal(q: Question) -> list[str]:
    """H11: the earlier removal was unsound, overturned, under appeal, older than 24 months, or came later than this account."""
    return doubts(q)


def interested_reporter(q: Question) -> list[str]:
    """H12: the only reporter has a dispute with the account, is a competitor, or lives or works with it."""
    found = q.ask(
        "SELECT DISTINCT r.reporter_account_id AS who, EXISTS (SELECT 1 FROM public.payments d JOIN public.jobs j USING (job_id) "
        "WHERE d.kind IN ('chargeback', 'refund') AND r.reporter_account_id IN (j.customer_account_id, j.pro_account_id) "
        "AND list_has_any($1, [j.customer_account_id, j.pro_account_id])) AS dispute, EXISTS (SELECT 1 FROM public.pro_profiles x "
        "JOIN public.pro_profiles y USING (trade) WHERE x.account_id = r.reporter_account_id AND list_contains($1, y.account_id)) AS rival "
        "FROM public.reports r WHERE list_contains($1, r.subject_account_id) AND r.reporter_account_id IS NOT NULL "
        "AND NOT list_contains($1, r.reporter_account_id)"
    )
    if len(found) != 1:
        return []
    row = found.iloc[0]
    near = row["who"] in set(lookup(q.links, q.account, label="possible")["account_id"])
    word = (
        "has a dispute with it" if row["dispute"] else "works in the same trade" if row["rival"] else "shares identifiers with it" if near
        else ""
    )  # fmt: skip
    return [f"the only reporter, {row['who']}, {word}"] if word else []


def too_much_at_once(q: Question) -> list[str]:
    """H13: more than three accounts hang on it or would go with it, or more than fifty completed jobs."""
    jobs = q.count(
        "SELECT count(*) FROM public.jobs WHERE completed_at IS NOT NULL AND list_has_any($1, [customer_account_id, pro_account_id])"
    )
    at_once = {q.account, *q.together}
    group = [f"{len(q.group)} accounts hang together; each needs a memo of its own"] if len(q.group) > MANY_ACCOUNTS else []
    group += [f"{len(at_once)} accounts would be removed at once; each needs a memo of its own"] if len(at_once) > MANY_ACCOUNTS else []
    return [*group, *([f"{jobs} completed jobs"] if jobs > MANY_JOBS else [])]


def language(q: Question) -> list[str]:
    """H14: reports or messages in a language that the reviewer does not read."""
    found = q.ask(
        "SELECT DISTINCT lower(split_part(lang, '-', 1)) AS lang FROM ("
        "SELECT lang FROM public.reports WHERE list_contains($1, subject_account_id) "
        "UNION ALL SELECT lang FROM public.messages WHERE list_contains($1, sender_account_id) "
        "UNION ALL SELECT locale FROM public.accounts WHERE list_contains($1, account_id)) WHERE lang IS NOT NULL ORDER BY 1"
    )["lang"]
    unread = [lang for lang in found if lang and lang not in q.reads]
    return [f"something to read is in {_named(unread)}, and this check was made for a reader of {_named(q.reads)}"] if unread else []


def _named(languages: Iterable[str]) -> str:
    known = Locale("en").languages
    return ", ".join(known.get(lang, lang) for lang in languages)


def worker_rule(q: Question) -> list[str]:
    """H15: a local rule that protects workers may apply."""
    found = q.count(
        "SELECT count(*) FROM public.addresses x JOIN public.accounts a USING (account_id) "
        "WHERE list_contains($1, account_id) AND lower(x.city) = 'seattle' AND a.role IN ('pro', 'both')"
    )
    return ["the pro works in Seattle, whose ordinance of 2025 asks for notice, records and a way to challenge"] if found else []


STOPS: tuple[Stop, ...] = (
    Stop("H1", CANNOT, one_family, "link"),
    Stop("H2", CANNOT, decisive_hub, "link"),
    Stop("H3", "a lead, after contact with the user", innocent_reading, "link"),
    Stop("H4", "account security; treat the holder as a victim", takeover),
    Stop("H5", "a new verification of both", passed_on, "link"),
    Stop("H6", "an approved plan for the jobs", job_on),
    Stop("H7", "payments; a removal by itself never forfeits money", money_held),
    Stop("H8", "safety on call, who decide first; a lock that can be undone is allowed at once", safety),
    Stop("H9", "legal", legal),
    Stop("H10", "legal, after the pre-adverse steps of the FCRA", background),
    Stop("H11", "a lead", unsound_removal, "link"),
    Stop("H12", "a second source", interested_reporter),
    Stop("H13", "a lead, with one memo for each account", too_much_at_once),
    Stop("H14", "a reader of that language", language),
    Stop("H15", "legal or operations", worker_rule),
)
"""Every stop in order. Source: the practice of trust and safety teams; figures are assumptions unless they say otherwise."""

CODES = {stop.code: stop for stop in STOPS}
"""Every stop by its code."""
