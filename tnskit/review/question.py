"""What a check asks about: one account, its market, and the link that a removal would rest on."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from tnskit.cleaning.market import Market
from tnskit.evidence.links import Links
from tnskit.findings.explain import Explanation

DECISIONS = ["action_id", "account_id", "action", "policy_code", "decided_at", "effective_at", "expires_at", "decided_by", "reviewed_by",
             "automation", "notice_sent_at", "reversed_at", "appealed", "kept_in"]  # fmt: skip
"""Columns of earlier decisions, whichever place they are kept in; `appealed` is true while an appeal waits."""
REMOVALS = ("remove", "removed", "removal", "ban", "banned", "close", "x")
"""How exports call a removal."""


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
        names: The account, and those that were merged into it.
        earlier: Decisions on the account and on the other end of the basis, from the export and from the log.
        together: Other accounts that the same proposal would remove.
        linked: Every account that shares something with it, as `lookup` gives them.
    """

    market: Market = field(repr=False)
    links: Links = field(repr=False)
    account: str
    basis: Explanation | None
    now: pd.Timestamp
    reads: tuple[str, ...]
    group: tuple[str, ...]
    names: tuple[str, ...]
    earlier: pd.DataFrame = field(repr=False)
    together: tuple[str, ...] = ()
    linked: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    def ask(self, sql: str, *values: object) -> pd.DataFrame:
        """Run one question over the tables; `$1` is the list of the account's ids."""
        return self.links.engine.run(sql, [list(self.names), *values])

    def count(self, sql: str, *values: object) -> int:
        """Run a question whose answer is a number."""
        return int(self.ask(sql, *values).to_numpy()[0, 0])

    @property
    def moment(self) -> str:
        """`now` as SQL compares it."""
        return self.now.tz_convert("UTC").strftime("%Y-%m-%d %H:%M:%S")

    def removals(self, account: str) -> pd.DataFrame:
        """Earlier removals of an account, newest first."""
        mine = self.earlier["account_id"].eq(account) & self.earlier["action"].isin(REMOVALS)
        return self.earlier[mine].sort_values(["decided_at", "action_id"], ascending=False)


_EXPORTED = """
SELECT a.action_id, a.account_id, a.action, a.policy_code, a.decided_at, coalesce(a.effective_at, a.decided_at) AS effective_at,
  a.expires_at, a.decided_by, a.reviewed_by, a.automation, a.notice_sent_at, a.reversed_at,
  coalesce(bool_or(p.appeal_id IS NOT NULL AND p.decided_at IS NULL), false) AS appealed, 'export' AS kept_in
FROM public.actions a LEFT JOIN public.appeals p USING (action_id)
WHERE list_contains($1, a.account_id) GROUP BY ALL ORDER BY a.decided_at, a.action_id NULLS FIRST
"""


def exported(links: Links, accounts: list[str]) -> pd.DataFrame:
    """Give the decisions on accounts that the export tells of, with the columns of `DECISIONS`."""
    found = links.engine.run(_EXPORTED, [accounts])
    for name in ("decided_at", "effective_at", "expires_at", "notice_sent_at", "reversed_at"):
        found[name] = pd.to_datetime(found[name], utc=True)
    return found


def many(count: int, word: str) -> str:
    """Give a count with its word, such as "1 job" or "2 jobs"."""
    return f"{count:,} {word}" + ("s" if count != 1 else "")
