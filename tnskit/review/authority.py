"""Who may decide what: the table of `authority.toml`, and who holds which role in a log."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tnskit.errors import AuthorityError, UsageError

FILE = Path(__file__).with_name("authority.toml")


@dataclass(frozen=True)
class Decision:
    """One line of the table of authority; `authority.toml` says what each part means."""

    action: str
    who: tuple[str, ...]
    second: str
    says: str
    strike: bool = False
    within_hours: int = 0
    within_days: int = 0
    expires_hours: int = 0
    expires_days: int = 0
    group_who: tuple[str, ...] = ()


@dataclass(frozen=True)
class Authority:
    """The whole table.

    Attributes:
        decisions: Action to its line.
        clear: Stop to the roles that may clear it; a stop that is missing cannot be cleared.
        roles: From the lowest to the highest.
        others: Roles beside that order.
        appeal: Clocks and roles of appeals.
        per_reviewer: Accounts of one group that one person may review.
        sample_of: One in so many decisions without a second person is looked at by one.
    """

    decisions: Mapping[str, Decision]
    clear: Mapping[str, tuple[str, ...]]
    roles: tuple[str, ...]
    others: tuple[str, ...]
    appeal: Mapping[str, Any]
    per_reviewer: int
    sample_of: int

    def __getitem__(self, action: str) -> Decision:
        if action not in self.decisions or action == "reinstate":
            known = ", ".join(f"'{name}'" for name in self.decisions if name != "reinstate")
            raise UsageError(f"'{str(action)[:30]}' is not an action; they are {known}")
        return self.decisions[action]

    def known(self, role: str) -> str:
        """Give a role as it is written.

        Raises:
            UsageError: There is no such role.
        """
        if role not in (*self.roles, *self.others):
            raise UsageError(f"'{str(role)[:30]}' is not a role; they are {', '.join((*self.roles, *self.others))}")
        return role

    def allows(self, held: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
        """Tell whether somebody who holds some roles may do what is for others; a higher role may do what a lower may."""
        rank = max((self.roles.index(role) for role in held if role in self.roles), default=-1)
        return any(role in held or (role in self.roles and rank >= self.roles.index(role)) for role in wanted)


@cache
def authority() -> Authority:
    """Read the table of authority."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    lines = {
        name: Decision(name, tuple(line.pop("who")), group_who=tuple(line.pop("group_who", ())), **line)
        for name, line in told["decision"].items()
    }
    clear = {code: tuple(roles) for code, roles in told["clear"].items()}
    return Authority(
        lines, clear, tuple(told["roles"]), tuple(told["others"]), told["appeal"], told["reviewer_per_accounts"], told["sample_of"]
    )


@dataclass(frozen=True)
class Staff:
    """Who holds which role in one log; empty where nobody was appointed, and then roles are not asked for.

    Attributes:
        roles: Person to roles.
    """

    roles: Mapping[str, tuple[str, ...]]

    def need(self, name: str, wanted: tuple[str, ...], what: str) -> str:
        """Refuse somebody who may not do something, and say how it is known who may.

        Returns:
            "" where their role allows it, or words for the memo where the log knows no roles.

        Raises:
            AuthorityError: The log knows roles, and theirs does not allow it.
        """
        if not wanted:
            return ""
        if not self.roles:
            return f"whether '{name}' acts as {_or(wanted)}: this log knows no roles"
        held = self.roles.get(name, ())
        if not authority().allows(held, wanted):
            told = _or(held) if held else "without a role in this log"
            raise AuthorityError(f"{what} is for {_or(wanted)}, and '{name}' is {told}")
        return ""


def _or(roles: tuple[str, ...]) -> str:
    return " or ".join(roles)


def due(decision: Decision, since: datetime) -> datetime | None:
    """Say by when a second person has to look at a decision that already holds; business days leave out Saturday and Sunday."""
    if decision.within_hours:
        return since + timedelta(hours=decision.within_hours)
    if not decision.within_days:
        return None
    left, at = decision.within_days, since
    while left:
        at += timedelta(days=1)
        left -= at.weekday() < 5
    return at


def runs_out(decision: Decision, since: datetime, *, hours: float | None = None) -> datetime | None:
    """Say when a decision runs out by itself; None for one that does not."""
    if hours is not None:
        return since + timedelta(hours=hours)
    whole = decision.expires_hours + 24 * decision.expires_days
    return since + timedelta(hours=whole) if whole else None
