"""Who may decide what, as it was on a day: the dated table of `authority.toml`, what a log changed in it, and who holds which role."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pandas as pd

from tnskit.errors import AuthorityError, UsageError
from tnskit.review.audit import AuditLog

FILE = Path(__file__).with_name("authority.toml")
LIMITS = "limits"
"""The event that changes the table for one log."""
_SECOND = ("none", "sample", "after", "before", "safety")
_ROLES = {"who", "group_who", "second_who", "clear"}
_WHOLE = {"within_hours", "within_days", "expires_hours", "expires_days"}
_COUNTS = {"open_days", "reply_days", "most", "reviewer_per_accounts", "sample_of"}
_KNOWN = {
    "appeal": {"open_days", "reply_days", "most", "who", "second_who"},
    "review": {"reviewer_per_accounts", "sample_of"},
    "a stop": {"clear"},
    "a decision": {"who", "group_who", "second", "says", "strike", *_WHOLE},
}  # fmt: skip


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
    since: date = date.min
    """The day from which the line holds as it is."""


@dataclass(frozen=True)
class Authority:
    """The whole table, as it was on a day.

    Attributes:
        decisions: Action to its line.
        clear: Stop to the roles that may clear it; a stop that is missing cannot be cleared.
        appeal: Clocks and roles of appeals.
        per_reviewer: Accounts of one group that one person may review.
        sample_of: One in so many decisions without a second person is looked at by one.
    """

    decisions: Mapping[str, Decision] = field(repr=False)
    clear: Mapping[str, tuple[str, ...]] = field(repr=False)
    appeal: Mapping[str, Any]
    per_reviewer: int
    sample_of: int

    def __getitem__(self, action: str) -> Decision:
        if action not in self.decisions or action == "reinstate":
            known = ", ".join(f"'{name}'" for name in self.decisions if name != "reinstate")
            raise UsageError(f"'{str(action)[:30]}' is not an action; they are {known}")
        return self.decisions[action]

    @property
    def table(self) -> pd.DataFrame:
        """DataFrame `decision`, `who`, `group` (who decides it together in a group), `second`, `within`, `runs_out`, `since`.

        Days of `within` are business days.
        """
        told = [
            (one.action, " or ".join(one.who) or "anybody", " and ".join(one.group_who), one.second,
             _span(one.within_hours, one.within_days), _span(one.expires_hours, one.expires_days), one.since)
            for one in self.decisions.values()
        ]  # fmt: skip
        return pd.DataFrame(told, columns=["decision", "who", "group", "second", "within", "runs_out", "since"])

    def soonest(self, since: datetime) -> datetime:
        """Say by when a second person looks at what is in force, whatever it is: the strictest of the clocks."""
        return min(when for one in self.decisions.values() if (when := due(one, since)) is not None)

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False, border=0)


def _span(hours: int, days: int) -> str:
    count, word = (hours, "hour") if hours else (days, "day")
    return f"{count} {word}{'s' if count > 1 else ''}" if count else ""


@cache
def _written(file: Path = FILE) -> Mapping[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _rows(told: Mapping[str, Any]) -> list[tuple[str, date, dict[str, Any]]]:
    """What the file says, a line a name and day: an action, a stop, "appeal" or "review"."""
    rows = [(one["action"], one["from"], {key: one[key] for key in one.keys() - {"action", "from"}}) for one in told["decision"]]
    rows += [(code, one["from"], {"clear": one[code]}) for one in told["clear"] for code in one.keys() - {"from"}]
    return rows + [
        (name, one["from"], {key: one[key] for key in one.keys() - {"from"}}) for name in ("appeal", "review") for one in told[name]
    ]


def authority(on: date, changes: Iterable[Mapping[str, Any]] = ()) -> Authority:
    """Give the table of authority as it was on a day.

    Args:
        on: The day.
        changes: What a log changed since: `name`, `from` and what is `new`.

    Returns:
        Authority. A line whose first version began later than `on` is told in that version.

    Raises:
        UsageError: A line lacks something, or makes no sense.
    """
    rows = _rows(_written())
    rows += [(one["name"], date.fromisoformat(one["from"]), dict(one["new"])) for one in changes]
    held: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(row[0] for row in rows):
        versions = sorted((row for row in rows if row[0] == name), key=lambda row: row[1])
        begun = [row for row in versions if row[1] <= on] or versions[:1]
        held[name] = {"since": begun[-1][1]}
        for _, _, values in begun:
            held[name] |= values
    actions = [one["action"] for one in _written()["decision"]]
    return Authority(
        {name: _decision(name, held[name]) for name in dict.fromkeys(actions)},
        {name: tuple(values["clear"]) for name, values in held.items() if "clear" in values},
        held["appeal"], held["review"]["reviewer_per_accounts"], held["review"]["sample_of"],
    )  # fmt: skip


def _decision(name: str, values: Mapping[str, Any]) -> Decision:
    parts: dict[str, Any] = {key: tuple(value) if key in _ROLES else value for key, value in values.items()}
    try:
        made = Decision(name, **parts)
    except TypeError as problem:
        raise UsageError(f"the decision '{name}' of authority.toml is incomplete: {problem}") from None
    if made.second not in _SECOND or (made.second == "after" and not (made.within_hours or made.within_days)):
        raise UsageError(f"the decision '{name}' has a second person of {', '.join(_SECOND)}, and with 'after' a time within which")
    if name == "remove" and made.second != "before":
        raise UsageError("a removal always has a second person before it takes effect; that does not change")
    if name == "remove" and len(made.group_who) < 2:
        raise UsageError("a removal in a group is decided by two people at least; that does not change")
    return made


def check_change(name: str, new: Mapping[str, Any], *, on: date, changes: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a change of the table that makes no sense, on its day or with what was announced for later.

    Args:
        name: The line.
        new: What is new in it.
        on: The day from which it holds.
        changes: What was changed before.

    Raises:
        UsageError: There is no such line or part, a value is of another kind, or a removal would lose its second person.
    """
    table = authority(on, changes)
    names = [*table.decisions, *table.clear, "appeal", "review"]
    if name not in names:
        raise UsageError(f"'{str(name)[:20]}' is no line of the table of authority; it has {', '.join(names)}")
    kind = name if name in _KNOWN else "a stop" if name in table.clear else "a decision"
    if unknown := set(new) - _KNOWN[kind]:
        raise UsageError(f"{kind} has no '{sorted(unknown)[0][:20]}'; what can be changed is {', '.join(sorted(_KNOWN[kind]))}")
    for key, value in new.items():
        if key in _ROLES:
            if not isinstance(value, list | tuple):
                raise UsageError(f"{key}= is a list of roles, such as ['senior']")
            if key in {"clear", "second_who"} and not value:
                raise UsageError(f"{key}= names no role; then nobody could do it")
            for role in value:
                known(role)
        elif key in _WHOLE | _COUNTS and (type(value) is not int or not (key in _COUNTS) <= value <= 10_000):
            raise UsageError(f"{key}= is a whole number of {'1' if key in _COUNTS else '0'} to 10,000")
        elif key == "strike" and type(value) is not bool:
            raise UsageError("strike= is True or False")
    days = {on, *(one for change in changes if (one := date.fromisoformat(change["from"])) > on)}
    for one in days:
        authority(one, [*changes, {"name": name, "from": on.isoformat(), "new": new}])


def by_log(audit: AuditLog, on: date, *, until: int | None = None) -> Authority:
    """Give the table as it was on a day by one log: that of the file, and what the log had changed in it.

    Args:
        audit: The log.
        on: The day.
        until: What was written after this event is not known yet.
    """
    return authority(on, changes_of(audit, until=until))


def changes_of(audit: AuditLog, *, until: int | None = None) -> list[Mapping[str, Any]]:
    """Give what a log changed in the table, oldest first."""
    return [one.facts for one in audit.events(names=(LIMITS,), until=until)]


def known(role: Any) -> str:
    """Give a role as it is written.

    Raises:
        UsageError: There is no such role.
    """
    names = (*_written()["roles"], *_written()["others"])
    if role not in names:
        raise UsageError(f"'{str(role)[:30]}' is not a role; they are {', '.join(names)}")
    return str(role)


def allows(held: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether somebody who holds some roles may do what is for others; a higher role may do what a lower may."""
    order: list[str] = _written()["roles"]
    rank = max((order.index(role) for role in held if role in order), default=-1)
    return any(role in held or (role in order and rank >= order.index(role)) for role in wanted)


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
        if not allows(self.roles.get(name, ()), wanted):
            raise AuthorityError(f"{what} is for {_or(wanted)}, and '{name}' is {self._held(name)}")
        return ""

    def together(self, names: Sequence[str], wanted: Sequence[str], what: str) -> tuple[str, ...]:
        """Share out roles among people who decide together, one role each.

        Args:
            names: Who said yes, the last one just now.
            wanted: The roles, all of which it takes.
            what: What is decided, for the refusal.

        Returns:
            The role of each.

        Raises:
            AuthorityError: The last of them is in no role that is left.
        """
        for roles in permutations(wanted, len(names)):
            if not self.roles or all(allows(self.roles.get(name, ()), (role,)) for name, role in zip(names, roles, strict=True)):
                return roles
        before = f", and {' and '.join(repr(name) for name in names[:-1])} said yes already" if names[:-1] else ""
        raise AuthorityError(
            f"{what} is for {' and '.join(wanted)} together, one person for each{before}; '{names[-1]}' is {self._held(names[-1])}"
        )

    def _held(self, name: str) -> str:
        held = self.roles.get(name, ())
        return _or(held) if held else "without a role in this log"


def _or(roles: Sequence[str]) -> str:
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
