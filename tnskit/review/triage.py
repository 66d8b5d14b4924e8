"""`triage`: the reports that wait for somebody, by how bad it would be and, apart from that, by how sure it is.

Harm and certainty are two orders and are never multiplied: a terrible thing that one person says is looked at today and believed
tomorrow. Certainty counts what stands behind the words of a report; it does not count how many reports there are, for one person can
write ten, and it does not look at earlier sanctions, which come after the evidence.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from tnskit.cleaning.market import Market, rows
from tnskit.errors import UsageError
from tnskit.evidence.groups import INNOCENT
from tnskit.evidence.links import Links
from tnskit.evidence.remembered import moment as exported_on
from tnskit.findings.explain import labels_from
from tnskit.review.policies import day, in_force, written
from tnskit.review.question import many

COLUMNS = ["account_id", "status", "reports", "rules", "harm", "harm_why", "certainty", "certainty_why", "by_harm", "by_certainty",
           "newest", "waits", "lang", "linked", "reporters_linked", "next"]  # fmt: skip
UNNAMED = 2
"""Harm of a report that names no rule, from 1 to 4. Assumption: below the middle, for most of them are about quality."""
SHOWN = 3
"""Linked accounts that are named."""

_WAITING = """-- reports on which nothing was decided since they came, with what the tables know about each
SELECT p.survivor AS subject, r.report_id, coalesce(r.policy_code, '') AS policy, r.received_at AS received, coalesce(r.lang, '') AS lang,
  coalesce(r.safety_flag, false) AS danger, w.survivor AS reporter,
  coalesce(EXISTS (SELECT 1 FROM public.jobs j JOIN main.people c ON c.account_id = j.customer_account_id
    JOIN main.people o ON o.account_id = j.pro_account_id
    WHERE (c.survivor, o.survivor) IN ((p.survivor, w.survivor), (w.survivor, p.survivor))), false) AS worked,
  EXISTS (SELECT 1 FROM public.payments m JOIN public.jobs j USING (job_id)
    JOIN main.people s ON s.account_id IN (j.customer_account_id, j.pro_account_id)
    WHERE m.kind = 'chargeback' AND s.survivor = p.survivor AND m.at <= $1) AS disputed
FROM public.reports r JOIN main.people p ON p.account_id = r.subject_account_id
LEFT JOIN main.people w ON w.account_id = r.reporter_account_id
WHERE r.received_at <= $1 AND r.received_at > $2
  AND NOT EXISTS (SELECT 1 FROM public.actions a JOIN main.people x ON x.account_id = a.account_id
    WHERE x.survivor = p.survivor AND a.decided_at >= r.received_at AND a.decided_at <= $1)
ORDER BY p.survivor, r.received_at, r.report_id
"""


def triage(market: Market, links: Links, *, days: int = 90, now: Any = None) -> pd.DataFrame:
    """Give the accounts whose reports wait for somebody, those with the worst harm first.

    Args:
        market: A loaded market with a table `reports`.
        links: Its links.
        days: Leave out reports that are older than this.
        now: The moment to look from; the day of the export if left out. Later reports and decisions are not seen.

    Returns:
        DataFrame, one row a reported account, sorted by harm, then by how long it waits: `account_id`, `status`, `reports` (list of ids,
        oldest first), `rules` (what they name), `harm` (1 low to 4 critical: the severity of the worst rule named, 4 where somebody may
        be in danger, 2 where none is named), `harm_why`, `certainty` (0 to 3, one each for: two reporters who are not linked, a job
        between a reporter and the account, a disputed payment on its jobs), `certainty_why`, `by_harm` and `by_certainty` (its place in
        either order, from 1; equals share a place), `newest` (UTC), `waits` (days since the oldest), `lang` (of the reports),
        `linked` (accounts it hangs together with at likely or strong and not more likely another person; `!` marks removed ones),
        `reporters_linked` (reporters who are linked to each other or to the account, in words), `next` (what to do first).

    Raises:
        UsageError: `days` is below 1, `now` has no zone, or the links are of another market.

    Source: severities are those of `policies.toml`; the three signs of certainty are an assumption, from the practice of hearing a second
    source before acting on a report by somebody in a dispute (stop H12).
    """
    if days < 1:
        raise UsageError(f"days={days} leaves nothing to look at; give 1 or more")
    if links.market is not market:
        raise UsageError("these links were made from another market; link this one first")
    moment = exported_on(links.engine) if now is None else _moment(now)
    plain = [moment.tz_convert("UTC").tz_localize(None), (moment - pd.Timedelta(days=days)).tz_convert("UTC").tz_localize(None)]
    waiting = links.engine.run(_WAITING, plain)
    if waiting.empty:
        return pd.DataFrame(columns=COLUMNS)
    waiting["severity"] = _severity(waiting, moment)
    near = _near(links, waiting)
    codes = [int(code) for code in waiting["subject"].drop_duplicates()]
    people = rows(links.index.people(codes))
    by_subject = dict(list(waiting.groupby("subject", sort=False)))
    lines = [_row(code, by_subject[code], near, person, moment) for code, person in zip(codes, people, strict=True)]
    frame = pd.DataFrame(lines, columns=[name for name in COLUMNS if not name.startswith("by_")])
    for name in ("harm", "certainty"):
        frame[f"by_{name}"] = frame[name].rank(method="min", ascending=False).astype(int)
    return frame.sort_values(["harm", "waits", "account_id"], ascending=[False, False, True], ignore_index=True)[COLUMNS]


def _moment(now: Any) -> pd.Timestamp:
    moment = pd.Timestamp(now)
    if moment.tzinfo is None:
        raise UsageError("now has no zone; write it like '2026-11-22T09:00:00Z'")
    return moment


def _severity(waiting: pd.DataFrame, now: pd.Timestamp) -> pd.Series[int]:
    """Give the severity of the rule each report names, 1 to 4."""
    known = {one.code for one in written()}
    told = {code: in_force(code, day(now)).severity for code in waiting["policy"].unique() if code in known}
    worst = {code: int(words[-1]) if words else 1 for code, words in told.items()}
    return waiting["policy"].map(worst).fillna(UNNAMED).astype(int).where(~waiting["danger"], 4)


def _near(links: Links, waiting: pd.DataFrame) -> pd.DataFrame:
    """Give the links of those reported and of those who report: `x`, `y` (codes), `label`, `benign_score`, `name`, `status`."""
    codes = pd.concat([waiting["subject"], waiting["reporter"].dropna()]).astype("int64").unique()
    found = links.index.neighbours(sorted(codes), labels_from("likely"))[["x", "y", "label", "benign_score"]]
    people = links.index.people(found["y"])
    return found.assign(name=people["account_id"].to_numpy(), status=people["status"].to_numpy())


def _row(code: int, mine: pd.DataFrame, near: pd.DataFrame, person: Any, now: pd.Timestamp) -> tuple[object, ...]:
    """Describe one reported account; its groups are as small as its reports."""
    reporters = mine["reporter"].dropna().astype("int64").unique().tolist()
    apart, told = _independent(reporters, code, near)
    worst, danger = mine["severity"].max(), bool(mine["danger"].any())
    rules = list(dict.fromkeys(rule for rule in mine["policy"] if rule))
    signs = {
        f"{apart} reporters who are not linked": apart >= 2,
        "a job between a reporter and the account": bool(mine["worked"].any()),
        "a disputed payment on its jobs": bool(mine["disputed"].any()),
    }
    why = [name for name, holds in signs.items() if holds]
    waits = (now - pd.Timestamp(mine["received"].min(), tz="UTC")).days
    harm_why = "somebody may be in danger" if danger else f"severity S{worst} of the rule named" if rules else "no rule is named"
    return (
        person.account_id, person.status, mine["report_id"].tolist(), ", ".join(rules), int(worst), harm_why, len(why),
        ", ".join(why) or "nothing stands behind the words yet", pd.Timestamp(mine["received"].max(), tz="UTC"), int(waits),
        ", ".join(sorted({one for one in mine["lang"] if one})), _linked(near[near["x"] == code]), told,
        _next(int(worst), len(why), danger=danger),
    )  # fmt: skip


def _independent(reporters: list[int], code: int, near: pd.DataFrame) -> tuple[int, str]:
    """Count the reporters who stand for themselves: those linked to each other count once, those linked to the account not at all."""
    ties = near[near["x"].isin(reporters) & near["y"].isin([*reporters, code])]
    with_it = set(ties.loc[ties["y"] == code, "x"])
    groups: list[set[int]] = []
    for one in reporters:
        own = {one, *ties.loc[(ties["x"] == one) & (ties["y"] != code), "y"]}
        touching = [group for group in groups if group & own]
        groups = [group for group in groups if not group & own] + [set().union(own, *touching)]
    told = [f"{many(len(with_it), 'reporter')} linked to the account"] if with_it else []
    told += [f"{len(group)} reporters linked to each other" for group in groups if len(group) > 1]
    return sum(not group & with_it for group in groups), "; ".join(told)


def _linked(mine: pd.DataFrame) -> str:
    found = mine[mine["benign_score"] < INNOCENT]
    named = [f"{row.name}{'!' if row.status == 'removed' else ''} ({row.label})" for row in rows(found.head(SHOWN))]
    return ", ".join(named) + (f" and {len(found) - SHOWN:,} more" if len(found) > SHOWN else "")


def _next(harm: int, certainty: int, *, danger: bool) -> str:
    if danger:
        return "hand it to safety now; a lock that can be undone is allowed at once"
    if harm >= 3:
        return "open a case today" if certainty else "read the report and ask the reporter today; act on a second source"
    return "investigate in turn" if certainty else "answer the reporter; look for a second source"
