"""`measure`: how good a team's own decisions were, as far as appeals and undone decisions tell.

Speed and agreement are easy to count and reward the wrong thing; what counts first is how many people were removed who should not have
been. Every share comes with its interval, for a team has few appeals: two of three overturned may be a third or nearly all.
Who decided is left out on purpose; this measures how the team works, not its people.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from tnskit.cleaning.market import Market, rows
from tnskit.errors import UsageError
from tnskit.review.cases import CaseLog
from tnskit.review.question import REMOVALS
from tnskit.review.sheet import table, words

FEW = 10
"""Decisions below which nothing is said about a language. Assumption: an interval from fewer spans most of the scale."""
SURE = 0.05
"""Chance below which a difference between languages is pointed at. Convention; it means look, not proof."""
UNDECIDED = ("open", "proposed", "reviewed", "disputed")
"""States of a case in which nothing holds yet."""
BEFORE = 180
"""Days before a decision in which its first report is looked for. Assumption: older ones were about something else."""

_EXPORTED = """-- decisions of the export, each with its last answered appeal and the first report that may have led to it
SELECT a.account_id, lower(a.action) AS action, coalesce(a.policy_code, '') AS policy, a.decided_at, a.reversed_at,
  coalesce(a.automation, '') AS automation, lower(left(coalesce(x.locale, ''), 2)) AS lang,
  max(p.received_at) AS appealed_at, max(p.decided_at) AS answered_at, coalesce(arg_max(p.outcome, p.decided_at), '') AS outcome,
  (SELECT min(r.received_at) FROM public.reports r WHERE r.subject_account_id = a.account_id AND r.received_at <= a.decided_at
    AND r.received_at > a.decided_at - to_days($1)) AS reported_at
FROM public.actions a LEFT JOIN public.accounts x USING (account_id) LEFT JOIN public.appeals p USING (action_id)
GROUP BY a.action_id, a.account_id, a.action, a.policy_code, a.decided_at, a.reversed_at, a.automation, x.locale
ORDER BY a.decided_at, a.account_id, a.action_id
"""
_TIMES = ["decided_at", "reversed_at", "appealed_at", "answered_at", "reported_at"]


@dataclass(frozen=True, eq=False)
class Measures:
    """How good a team's decisions were.

    Attributes:
        decisions: DataFrame, one row a kind of action: `action`, `decided`, `appealed`, `answered`, `overturned` (or undone without an
            appeal), `share` (overturned of decided), `low`, `high` (95 % interval of the share).
        languages: DataFrame, one row a language of the account: `lang`, `decided`, `removed`, `overturned`, `share`, `low`, `high`,
            `days` (median from report to decision), `chance` (that a difference this large to all others is luck; NaN with too
            few), `reading` (in words).
        times: DataFrame `step`, `cases`, `median`, `p90` (days), `open`: from report to decision, from appeal to answer, and from the
            opening of a case of the log to its decision.
        automation: DataFrame `automation`, `decided`, `overturned`, `share`, `low`, `high`.
        agreement: Second verdicts in the log, and how many agreed with the first without having seen it.
        since: First decision counted, UTC; NaT without one.
        until: Last one.
    """

    decisions: pd.DataFrame = field(repr=False)
    languages: pd.DataFrame = field(repr=False)
    times: pd.DataFrame = field(repr=False)
    automation: pd.DataFrame = field(repr=False)
    agreement: tuple[int, int] = (0, 0)
    since: Any = pd.NaT
    until: Any = pd.NaT

    @property
    def headline(self) -> str:
        """False removals per 100, in a sentence with its interval."""
        found = self.decisions[self.decisions["action"].isin(REMOVALS)]
        decided, wrong = int(found["decided"].sum()), int(found["overturned"].sum())
        if not decided:
            return "No removal was decided, so there is nothing to measure."
        low, high = interval(wrong, decided)
        return (
            f"{100 * wrong / decided:.1f} false removals per 100 ({wrong:,} of {decided:,}; "
            f"95 % interval {100 * low:.1f} to {100 * high:.1f}). Only those that an appeal or an undoing brought to light are counted."
        )

    def __repr__(self) -> str:
        return f"Measures of {int(self.decisions['decided'].sum()):,} decisions"

    def __str__(self) -> str:
        parts = [self.headline]
        parts += [f"{title}\n{_shown(frame).to_string(index=False)}" for title, frame in self._tables() if len(frame)]
        return "\n\n".join([*parts, self._agreed()]).strip()

    def _repr_html_(self) -> str:
        parts = [f"<p><b>{html.escape(self.headline)}</b></p>"]
        parts += [f"<h4>{html.escape(title)}</h4>{table(_shown(frame))}" for title, frame in self._tables() if len(frame)]
        return "".join([*parts, words(self._agreed())])

    def _tables(self) -> list[tuple[str, pd.DataFrame]]:
        return [("By action", self.decisions), ("By language", self.languages), ("Days", self.times), ("By automation", self.automation)]

    def _agreed(self) -> str:
        seconds, same = self.agreement
        return f"{same:,} of {seconds:,} blind second verdicts agreed with the first." if seconds else ""


def measure(market: Market, *, log: CaseLog | None = None, since: Any = None, until: Any = None) -> Measures:
    """Measure a team's decisions: overturned ones, false removals, differences between languages, time to close.

    Args:
        market: A loaded market; its tables `actions`, `appeals` and `reports` are read.
        log: A case log whose decisions are counted too; one that the export also has (same account, action and day) counts once.
        since: Leave out decisions before this moment, such as "2025-01-01".
        until: Leave out decisions from this moment on.

    Returns:
        Measures. Decisions whose action is empty or "no action" are left out.

    Raises:
        UsageError: `since` or `until` is no moment.

    Source: intervals after Wilson (1927), differences by Fisher's exact test; the headline figure is the one that
    the practice table names first.
    """
    told = _exported(market)
    if log is not None:
        told = _together(told, _logged(log, market))
    told = told[~told["action"].isin(["", "no action"])]
    for bound, keep in ((since, "ge"), (until, "lt")):
        if bound is not None:
            told = told[getattr(told["decided_at"], keep)(_moment(bound))]
    told = told.assign(wrong=told["outcome"].eq("overturned") | told["reversed_at"].notna())
    ends = (told["decided_at"].min(), told["decided_at"].max())
    return Measures(_by_action(told), _by_language(told), _times(told, log), _shares(told, "automation"), _agreement(log), *ends)


def interval(hits: int, of: int) -> tuple[float, float]:
    """Give the 95 % interval of a share, after Wilson; it stays inside 0 to 1 and holds for few cases and none."""
    if not of:
        return 0.0, 1.0
    # a big import, and few who load the package come here
    from scipy import stats

    found = stats.binomtest(hits, of).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def _moment(value: Any) -> pd.Timestamp:
    try:
        moment = pd.Timestamp(value)
    except (ValueError, TypeError) as problem:
        raise UsageError("since and until are moments such as '2025-01-01'") from problem
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")


def _exported(market: Market) -> pd.DataFrame:
    frame = market.db.execute(_EXPORTED, [BEFORE]).df()
    for name in _TIMES:
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame.assign(opened_at=pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns, UTC]"))


def _logged(log: CaseLog, market: Market) -> pd.DataFrame:
    """Give the decisions of a log like those of the export."""
    cases = log.cases()
    made = log.decided(list(cases["account"].unique())) if len(cases) else pd.DataFrame()
    if made.empty:
        return pd.DataFrame()
    locale = dict(market.db.execute("SELECT account_id, lower(left(coalesce(locale, ''), 2)) FROM public.accounts").fetchall())
    frame = made.rename(columns={"policy_code": "policy"})
    frame["case"] = frame["action_id"].str.removeprefix("case ").astype(int)
    frame = frame.merge(cases[["case", "opened_at"]], on="case", how="left")
    appeals = pd.DataFrame([_appeal(log, number) for number in frame["case"]], columns=["appealed_at", "answered_at", "outcome"])
    frame = frame.assign(lang=frame["account_id"].map(locale).fillna(""), reported_at=None, automation="assisted")
    for name, column in appeals.items():
        frame[name] = column.to_numpy()
    for name in (*_TIMES, "opened_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def _appeal(log: CaseLog, number: int) -> tuple[Any, Any, str]:
    case = log.case(number)
    taken, answered = case.of("appealed"), case.of("answered")
    outcome = answered[-1].facts.get("outcome", "") if answered else ""
    return taken[-1].at if taken else None, answered[-1].at if answered else None, outcome


def _together(exported: pd.DataFrame, logged: pd.DataFrame) -> pd.DataFrame:
    if logged.empty:
        return exported
    if exported.empty:
        return logged[exported.columns]
    both = pd.concat([logged[exported.columns], exported], ignore_index=True)
    return both[~both.assign(on=both["decided_at"].dt.date).duplicated(["account_id", "action", "on"])].reset_index(drop=True)


def _shares(told: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count decisions and those overturned by a column, with the interval of the share."""
    found = told.groupby(by, sort=True)["wrong"].agg(decided="size", overturned="sum").reset_index().astype({"overturned": int})
    ends = [interval(row.overturned, row.decided) for row in rows(found)]
    found["share"] = found["overturned"] / found["decided"]
    return found.assign(low=[low for low, _ in ends], high=[high for _, high in ends])


def _by_action(told: pd.DataFrame) -> pd.DataFrame:
    counts = told.groupby("action")[["appealed_at", "answered_at"]].count().reset_index()
    found = _shares(told, "action").merge(counts.rename(columns={"appealed_at": "appealed", "answered_at": "answered"}), on="action")
    columns = ["action", "decided", "appealed", "answered", "overturned", "share", "low", "high"]
    return found.sort_values(["decided", "action"], ascending=[False, True], ignore_index=True)[columns]


def _by_language(told: pd.DataFrame) -> pd.DataFrame:
    found = _shares(told, "lang")
    waited = (told["decided_at"] - told["reported_at"]).dt.total_seconds() / 86_400
    found["days"] = found["lang"].map(waited.groupby(told["lang"]).median())
    found["removed"] = found["lang"].map(told["action"].isin(REMOVALS).groupby(told["lang"]).sum()).astype(int)
    wrong, all_ = int(found["overturned"].sum()), int(found["decided"].sum())
    compared = [_compared(row.overturned, row.decided, wrong, all_) for row in rows(found)]
    found = found.assign(chance=[chance for chance, _ in compared], reading=[reading for _, reading in compared])
    columns = ["lang", "decided", "removed", "overturned", "share", "low", "high", "days", "chance", "reading"]
    return found.sort_values(["decided", "lang"], ascending=[False, True], ignore_index=True)[columns]


def _compared(hits: int, of: int, wrong: int, all_: int) -> tuple[float, str]:
    """Compare one language with all others, and say it in words."""
    if of < FEW or all_ - of < FEW:
        return float("nan"), f"fewer than {FEW} on one side, too few to compare"
    from scipy import stats

    chance = float(stats.fisher_exact([[hits, of - hits], [wrong - hits, all_ - of - (wrong - hits)]])[1])
    if chance >= SURE:
        return chance, "no difference to the others can be seen"
    more = hits * (all_ - of) > (wrong - hits) * of
    return chance, f"overturned {'more' if more else 'less'} often than the others; read these cases again, blind"


def _times(told: pd.DataFrame, log: CaseLog | None) -> pd.DataFrame:
    steps = [("report to decision", "reported_at", "decided_at"), ("appeal to answer", "appealed_at", "answered_at"),
             ("case opened to decision", "opened_at", "decided_at")]  # fmt: skip
    lines = []
    for step, start, end in steps:
        days = ((told[end] - told[start]).dt.total_seconds() / 86_400).dropna()
        waiting = int((told[start].notna() & told[end].isna()).sum())
        lines.append((step, len(days), days.median(), days.quantile(0.9), waiting))
    frame = pd.DataFrame(lines, columns=["step", "cases", "median", "p90", "open"])
    if log is not None:
        frame.loc[frame["step"].str.startswith("case"), "open"] = int(log.cases()["state"].isin(UNDECIDED).sum())
    return frame[(frame["cases"] > 0) | (frame["open"] > 0)].reset_index(drop=True)


def _agreement(log: CaseLog | None) -> tuple[int, int]:
    if log is None:
        return 0, 0
    seen = [one.facts["agrees"] for number in log.cases()["case"] for one in log.case(int(number)).reviews if "agrees" in one.facts]
    return len(seen), sum(map(bool, seen))


def _shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Give a table as a person reads it: shares in per cent, days with one digit."""
    shown = frame.copy()
    for name in shown.columns.intersection(["share", "low", "high"]):
        shown[name] = [f"{100 * value:.0f} %" for value in shown[name]]
    for name in shown.columns.intersection(["days", "median", "p90"]):
        shown[name] = ["" if pd.isna(value) else f"{value:.1f}" for value in shown[name]]
    for name in shown.columns.intersection(["chance"]):
        shown[name] = ["" if pd.isna(value) else f"{value:.2f}" for value in shown[name]]
    return shown.replace({"lang": {"": "not told"}, "automation": {"": "not told"}})
