"""Earlier decisions: whether a removal can carry a case of ban evasion, and what is kept folded until the evidence was read."""

from __future__ import annotations

import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.errors import UsageError
from tnskit.review.person import plain
from tnskit.review.question import Question

OLD = pd.DateOffset(months=24)
"""Age from which an earlier removal is looked at again. Source: practice table, an assumption."""
YES, NO, UNKNOWN = "yes", "no", "not known"


def evasion(q: Question) -> pd.DataFrame:
    """Ask the four questions that ban evasion needs a yes to, about the newest removal at the other end of the basis.

    Returns:
        DataFrame `question`, `holds` (yes, no or not known), `why`; empty where nothing was removed.
    """
    found = q.removals(q.basis.b) if q.basis is not None else q.earlier.head(0)
    if q.basis is None or found.empty:
        return pd.DataFrame(columns=["question", "holds", "why"])
    row = next(iter(rows(found)))
    who = q.basis.b
    asked = [
        (f"Was the removal of {who} sound?", *_sound(row)),
        ("Is it final?", *((NO, "an appeal against it waits for an answer") if row.appealed else (YES, "no appeal against it is open"))),
        (
            "Does it stand?",
            *((NO, f"it was overturned on {_day(row.reversed_at)}") if _is(row.reversed_at) else (YES, "it was not overturned")),
        ),
        (f"Did {q.account} begin after it?", *_after(q, row)),
    ]
    return pd.DataFrame(asked, columns=["question", "holds", "why"])


def _sound(row: object) -> tuple[str, str]:
    code, by, second = (_text(getattr(row, name)) for name in ("policy_code", "decided_by", "reviewed_by"))
    if code.lower() == "other":
        return NO, "it names no rule ('other')"
    if _text(getattr(row, "automation", "")) == "full":
        return NO, "no person decided it"
    if by and by == second:
        return NO, "the person who decided it also reviewed it"
    if not code:
        return UNKNOWN, "the export names no rule"
    return (
        (YES, f"rule {code}, decided and reviewed by two people")
        if by and second
        else (UNKNOWN, f"rule {code}; no second reviewer is named")
    )


def _after(q: Question, row: object) -> tuple[str, str]:
    removed = getattr(row, "effective_at", None)
    born = q.links.engine.run("SELECT created FROM main.people WHERE account_id = ?", [q.account])["created"].iloc[0]
    if not _is(born) or not _is(removed):
        return UNKNOWN, "the export does not tell when it was opened"
    opened, gone = pd.Timestamp(born), pd.Timestamp(str(removed))
    opened = opened.tz_localize("UTC") if opened.tzinfo is None else opened
    days = abs((opened - gone).days)
    if opened >= gone:
        return YES, f"it was opened on {_day(opened)}, {days:,} days after the removal of {_day(gone)}"
    return NO, f"it was opened on {_day(opened)}, {days:,} days before the removal: two accounts side by side are another question"


def removed_on(q: Question) -> pd.Timestamp | None:
    """Give when the account at the other end of the basis was last removed; None where it was not."""
    found = q.removals(q.basis.b) if q.basis is not None else q.earlier.head(0)
    when = [pd.Timestamp(one) for one in found["effective_at"].head(1) if _is(one)]
    return when[0] if when else None


def doubts(q: Question) -> list[str]:
    """Name what makes the earlier removal a weak ground, for stop H11."""
    found = evasion(q)
    told = [f"the removal of {q.basis.b} is no sound ground: {row.why}" for row in rows(found) if row.holds == NO] if q.basis else []
    if q.basis is not None and len(found):
        newest = q.removals(q.basis.b).iloc[0]["effective_at"]
        old = _is(newest) and pd.Timestamp(newest) < q.now - OLD
        told += [f"the removal of {q.basis.b} is older than 24 months"] if old else []
    return told


def reputation(q: Question) -> pd.DataFrame:
    """Give what was decided on the account before, newest first; a check keeps it folded until its reader has written a reading.

    Returns:
        DataFrame `at`, `account`, `what`, `counts` (whether it counts as a strike), `why`.
    """
    lines = []
    for row in rows(q.earlier[q.earlier["account_id"].isin(q.names)].iloc[::-1]):
        counts, why = strike(row, q.now)
        lines.append((row.decided_at, row.account_id, f"{row.action}, rule {_text(row.policy_code) or 'not named'}", counts, why))
    made = pd.DataFrame(lines, columns=["at", "account", "what", "counts", "why"])
    made["at"] = pd.to_datetime(made["at"], utc=True)
    return made


def suspenders(q: Question) -> tuple[str, ...]:
    """Name who suspended the account before, or agreed to it."""
    mine = q.earlier[q.earlier["account_id"].isin(q.names) & q.earlier["action"].isin(("suspend", "suspended", "s"))]
    names = {_name(_text(name)) for column in ("decided_by", "reviewed_by") for name in mine[column]}
    return tuple(sorted(names - {""}))


def _name(exported: str) -> str:
    """A name of the export as a log writes it, so that the same person is known again."""
    try:
        return plain(exported)
    except UsageError:
        return exported.strip().casefold()


def strike(row: object, now: pd.Timestamp) -> tuple[bool, str]:
    """Tell whether an earlier decision counts when the next one is weighed, and why."""
    if _is(getattr(row, "reversed_at", None)):
        return False, "overturned"
    if getattr(row, "appealed", False):
        return False, "under appeal"
    if getattr(row, "action", "") in {"warn", "w"} and not _is(getattr(row, "notice_sent_at", None)):
        return False, "no notice was sent"
    if getattr(row, "action", "") in {"no action", "verify", "escalate", "v", "e"}:
        return False, "no sanction"
    decided = getattr(row, "decided_at", None)
    if _is(decided) and pd.Timestamp(str(decided)) < now - pd.DateOffset(months=12):
        return False, "older than 12 months"
    return True, "stands"


def _is(value: object) -> bool:
    return value is not None and not pd.isna(value)  # type: ignore[call-overload]  # any scalar


def _text(value: object) -> str:
    return str(value) if _is(value) else ""


def _day(value: object) -> str:
    return f"{pd.Timestamp(str(value)):%d %b %Y}"
