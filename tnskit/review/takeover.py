"""The fork before any sanction: was the account taken from its holder, or lent out by them?

Two signs or more of a takeover, and whoever opened the account is treated as its victim: freeze, restore, no strike. Source: the
practice of trust and safety teams; the number two and the windows are assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.review.question import Question

SIGNS = 2
"""Signs from which an account is treated as a victim's."""

_CHANGES = "('password_reset', 'email_change', 'phone_change', 'mfa_off')"
_CHANGE = f"""
SELECT "at", event FROM public.security_events WHERE list_contains($1, account_id) AND event IN {_CHANGES}
"""
_WORDS = {
    "change": "a password reset, or a change of phone, e-mail or second factor",
    "device": "within 72 hours of it, a device that the account had not been seen with",
    "network": "within 72 hours of it, a network of another provider",
    "payout": "within 72 hours of it, another bank account for payouts",
    "several": "within 72 hours of it, another such change",
    "burst": "right after it, a burst of activity after 60 silent days",
    "language": "after it, messages in another language than before",
    "reports": "within 14 days of it, reports from others",
}
_SIGNS = {
    "change": f"""
SELECT min("at") AS "at", string_agg(DISTINCT replace(event, '_', ' '), ', ' ORDER BY replace(event, '_', ' ')) AS what
FROM ({_CHANGE})""",
    "device": f"""
WITH change AS ({_CHANGE}), told AS (
  SELECT e."at" FROM public.security_events e JOIN change c ON e."at" BETWEEN c."at" - INTERVAL 72 HOUR AND c."at" + INTERVAL 72 HOUR
  WHERE list_contains($1, e.account_id) AND e.event = 'new_device'),
born AS (SELECT min(first_at) AS first_at FROM main.seen WHERE kind = 'device' AND account = $2::INTEGER),
seen AS (
  SELECT s.first_at AS "at", i.shown FROM main.seen s JOIN main.identifier i ON i.code = s.value
  JOIN change c ON s.first_at BETWEEN c."at" - INTERVAL 72 HOUR AND c."at" + INTERVAL 72 HOUR, born
  WHERE s.kind = 'device' AND s.account = $2::INTEGER AND s.first_at > born.first_at)
SELECT min("at") AS "at", coalesce(string_agg(DISTINCT shown, ', ' ORDER BY shown), 'a new device') AS what
FROM (SELECT "at", shown FROM seen UNION ALL SELECT "at", NULL FROM told)""",
    "network": f"""
WITH change AS ({_CHANGE}),
login AS (SELECT "at", asn FROM public.logins WHERE list_contains($1, account_id) AND asn IS NOT NULL),
first AS (SELECT asn, min("at") AS first_at FROM login GROUP BY asn)
SELECT min(f.first_at) AS "at", 'network ' || min(f.asn) AS what FROM first f
JOIN change c ON f.first_at BETWEEN c."at" - INTERVAL 72 HOUR AND c."at" + INTERVAL 72 HOUR
WHERE f.first_at > (SELECT min("at") FROM login) + INTERVAL 30 DAY HAVING count(*) > 0""",
    "payout": f"""
WITH change AS ({_CHANGE})
SELECT min(e."at") AS "at", 'payout change' AS what FROM public.security_events e
JOIN change c ON e."at" BETWEEN c."at" - INTERVAL 72 HOUR AND c."at" + INTERVAL 72 HOUR
WHERE list_contains($1, e.account_id) AND e.event = 'payout_change' HAVING count(*) > 0""",
    "several": f"""
WITH change AS ({_CHANGE})
SELECT min(x."at") AS "at", min(replace(x.event, '_', ' ') || ' and ' || replace(y.event, '_', ' ')) AS what FROM change x
JOIN change y ON y."at" BETWEEN x."at" AND x."at" + INTERVAL 72 HOUR AND x.event <> y.event HAVING count(*) > 0""",
    "burst": f"""
WITH change AS ({_CHANGE}), act AS (
  SELECT "at" FROM public.logins WHERE list_contains($1, account_id)
  UNION ALL SELECT sent_at FROM public.messages WHERE list_contains($1, sender_account_id)
  UNION ALL SELECT created_at FROM public.jobs WHERE list_contains($1, customer_account_id)),
counted AS (
  SELECT c."at", count(*) FILTER (a."at" < c."at" - INTERVAL 3 DAY) AS ever,
    count(*) FILTER (a."at" BETWEEN c."at" - INTERVAL 60 DAY AND c."at" - INTERVAL 3 DAY) AS before,
    count(*) FILTER (a."at" BETWEEN c."at" AND c."at" + INTERVAL 7 DAY) AS after FROM change c, act a GROUP BY c."at")
SELECT min("at") AS "at", max(after) || ' actions in a week' AS what FROM counted WHERE ever > 0 AND before = 0 AND after >= 5
HAVING count(*) > 0""",
    "language": f"""
WITH change AS (SELECT min("at") AS "at" FROM ({_CHANGE})),
said AS (SELECT sent_at, lower(split_part(lang, '-', 1)) AS lang FROM public.messages
  WHERE list_contains($1, sender_account_id) AND lang IS NOT NULL),
usual AS (SELECT DISTINCT lang FROM said, change WHERE sent_at < change."at")
SELECT min(sent_at) AS "at", string_agg(DISTINCT lang, ', ' ORDER BY lang) AS what FROM said, change
WHERE sent_at BETWEEN change."at" AND change."at" + INTERVAL 14 DAY AND (SELECT count(*) FROM usual) > 0
AND lang NOT IN (SELECT lang FROM usual) HAVING count(*) > 0""",
    "reports": f"""
WITH change AS ({_CHANGE})
SELECT min(received_at) AS "at", count(DISTINCT report_id) || ' reports' AS what FROM public.reports
JOIN change ON received_at BETWEEN change."at" AND change."at" + INTERVAL 14 DAY
WHERE list_contains($1, subject_account_id) HAVING count(*) > 0""",
}
_KNOWN = """
WITH change AS (SELECT min("at") AS "at" FROM public.security_events WHERE list_contains($1, account_id) AND event IN {changes})
SELECT string_agg(i.shown, ', ' ORDER BY i.shown) AS what FROM main.seen s JOIN main.identifier i ON i.code = s.value, change
WHERE s.kind = '{kind}' AND s.account = $2::INTEGER AND s.first_at < change."at" - INTERVAL 30 DAY
AND s.last_at > change."at" + INTERVAL 3 DAY
"""
_OWNER = {
    "device": "a device known long before the change is still in use after it",
    "payout": "the bank account for payouts is the one from before the change",
}


@dataclass(frozen=True, eq=False)
class Fork:
    """Whether an account was probably taken from its holder.

    Attributes:
        signs: DataFrame `sign`, `found` (bool), `since` (UTC), `what`: every sign that was looked for.
        owner: DataFrame `sign`, `found`, `what`: what speaks for the holder still being there, or having lent the account.
        victim: Whether the holder is treated as a victim.
    """

    signs: pd.DataFrame = field(repr=False)
    owner: pd.DataFrame = field(repr=False)
    victim: bool

    @property
    def sentence(self) -> str:
        """What it comes to, in words."""
        found = int(self.signs["found"].sum())
        if self.victim:
            return (
                f"{found} of {len(self.signs)} signs of a takeover: treat the holder as a victim (freeze, restore, no strike) "
                "until account security says otherwise."
            )
        if found:
            return "A change of contact or password alone is no sign of a takeover; people buy new phones."
        return "No sign of a takeover was found in what was exported."

    def __str__(self) -> str:
        told = [f"  {row.sign}: {row.what}" for row in rows(self.signs) if row.found]
        told += [f"  against it: {row.sign}: {row.what}" for row in rows(self.owner) if row.found and self.victim]
        return "\n".join([self.sentence, *told])


def fork(q: Question) -> Fork:
    """Look for every sign of a takeover, and for what speaks against one."""
    code = q.links.code(q.account)
    signs = pd.DataFrame([_sign(q, _WORDS[name], sql, code) for name, sql in _SIGNS.items()], columns=["sign", "found", "since", "what"])
    signs["since"] = pd.to_datetime(signs["since"], utc=True)
    changed = bool(signs["found"].iloc[0])
    kept = []
    for kind, words in _OWNER.items():
        what = q.ask(_KNOWN.format(kind=kind, changes=_CHANGES), code)["what"].iloc[0] if changed else None
        kept.append((words, isinstance(what, str), what if isinstance(what, str) else ""))
    return Fork(signs, pd.DataFrame(kept, columns=["sign", "found", "what"]), int(signs["found"].sum()) >= SIGNS)


def _sign(q: Question, words: str, sql: str, code: int) -> tuple[str, bool, object, str]:
    found = q.ask(sql, code) if "$2" in sql else q.ask(sql)
    since = found["at"].iloc[0] if len(found) else None
    there = since is not None and not pd.isna(since)
    return words, there, since if there else None, str(found["what"].iloc[0]) if there else ""
