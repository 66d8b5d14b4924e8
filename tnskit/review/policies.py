"""Policies as dated data: which version was in force on a day, and how far its ladder goes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tnskit.errors import UsageError

FILE = Path(__file__).with_name("policies.toml")
ACTIONS = ("no action", "warn", "verify", "restrict", "suspend", "remove", "escalate")
"""What a case may end in, mildest first but for the last, which hands it on."""


@dataclass(frozen=True)
class Policy:
    """One version of one policy; `policies.toml` says what each part means.

    Attributes:
        code: Such as "ACC-01".
        version: The day it came into force, as text.
        since: The same day.
        ladder: The hardest action after the first, second, third finding.
    """

    code: str
    title: str
    line: str
    severity: str
    ladder: tuple[str, ...]
    words: str
    rests_on: str
    since: date
    strike: bool = True
    changed: str = ""
    """Why this version came, where the log tells it."""

    @property
    def version(self) -> str:
        """The day it came into force."""
        return self.since.isoformat()

    def step(self, earlier: int) -> str:
        """Give the hardest action that the ladder holds after so many earlier findings; "" without a ladder."""
        return self.ladder[min(earlier, len(self.ladder) - 1)] if self.ladder else ""


@cache
def written(file: Path = FILE) -> tuple[Policy, ...]:
    """Read a file of policies.

    Raises:
        UsageError: A block lacks something, or names an action that there is not.
    """
    blocks = tomllib.loads(file.read_text(encoding="utf-8"))["policy"]
    return tuple(_policy(block) for block in blocks)


def _policy(block: Mapping[str, Any]) -> Policy:
    try:
        made = Policy(
            block["code"], block["title"], block["line"], block["severity"], tuple(block["ladder"]), block["words"], block["rests_on"],
            block["from"], block.get("strike", True),
        )  # fmt: skip
    except KeyError as problem:
        raise UsageError(f"the policy '{block.get('code', '?')}' lacks {problem}") from None
    _check(made)
    return made


def _check(one: Policy) -> None:
    wrong = [step for step in one.ladder if step not in ACTIONS]
    if wrong or one.rests_on not in {"link", "conduct"} or type(one.since) is not date:
        raise UsageError(f"the policy '{one.code}' has a ladder of {', '.join(ACTIONS)}, rests on link or conduct, and begins on a day")


def changed(base: Policy, change: Mapping[str, Any]) -> Policy:
    """Give the version of a policy that a change makes; what the change does not name stays.

    Raises:
        UsageError: It names something else, or makes no sense.
    """
    known = {"title", "line", "severity", "ladder", "words", "rests_on", "strike"}
    if unknown := set(change) - known - {"code", "from", "because"}:
        raise UsageError(f"a policy has no '{sorted(unknown)[0]}'; what can be changed is {', '.join(sorted(known))}")
    new: dict[str, Any] = {name: tuple(value) if name == "ladder" else value for name, value in change.items() if name in known}
    made = replace(base, **new, since=day(change["from"]), changed=str(change.get("because", "")))
    _check(made)
    return made


def in_force(code: str, on: date, *, changes: Iterable[Mapping[str, Any]] = ()) -> Policy:
    """Give the version of a policy that was in force on a day.

    Args:
        code: Such as "ACC-01".
        on: The day of the incident.
        changes: What a log changed since: `code`, `from` and what is new.

    Returns:
        The newest version that began on that day or before; the oldest one where all began later.

    Raises:
        UsageError: There is no such policy.
    """
    versions = [one for one in written() if one.code == code]
    if not versions:
        raise UsageError(f"there is no policy '{code[:20]}'; they are {', '.join(sorted({one.code for one in written()}))}")
    for change in changes:
        if change["code"] == code:
            made = changed(_newest(versions, day(change["from"])), change)
            versions.append(made)
    return _newest(versions, on)


def _newest(versions: list[Policy], on: date) -> Policy:
    """The newest version that began by a day, the one written last where two begin together; the oldest one where all began later."""
    order = sorted(versions, key=lambda one: one.since)
    begun = [one for one in order if one.since <= on]
    return begun[-1] if begun else order[0]


def day(value: Any) -> date:
    """Read a day such as "2026-11-22", or that of a moment.

    Raises:
        UsageError: It is neither.
    """
    if isinstance(value, date):
        return value.date() if hasattr(value, "date") else value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise UsageError("a day is written like '2026-11-22'") from None
