"""Clocks and limits of mediation: dated data, reckoned on each party's own wall clock."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tnskit.errors import UsageError
from tnskit.review.telling import Money, zone_of

FILE = Path(__file__).with_name("mediation.toml")
_SATURDAY = 5


@dataclass(frozen=True)
class Clock:
    """How long one step may take.

    Attributes:
        step: What it is for.
        hours: Hours that run on, through nights and changes of the clock.
        days: Days after which the party's wall clock shows the same hour.
        business_days: The same, leaving out Saturdays and Sundays; public holidays count as days.
        most: The longest time in days that the table names; 0 for none.
        since: The day it came into force.
        source: Where the figure comes from.
    """

    step: str
    hours: int = 0
    days: int = 0
    business_days: int = 0
    most: int = 0
    since: date = date(2024, 1, 1)
    source: str = ""


@dataclass(frozen=True)
class Guarantee:
    """What a programme pays at most, and until when after a job it may be asked."""

    programme: str
    version: str
    limit: Money
    clock: Clock
    source: str

    def claim_by(self, done: datetime, zone: str) -> datetime:
        """Give the last moment of a claim for a job done then, in UTC."""
        return due(done, self.clock, zone)


@dataclass(frozen=True)
class Notice:
    """A fact of law or rule shown beside the options."""

    code: str
    says: str
    source: str


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _in_force(rows: list[dict[str, Any]], on: date) -> dict[str, Any] | None:
    begun = [row for row in rows if row["from"] <= on]
    return max(begun, key=lambda row: row["from"]) if begun else None


def clock(step: str, on: date) -> Clock:
    """Give the clock of a step as it was on a day.

    Raises:
        UsageError: No such step, or none in force on that day.
    """
    rows = [row for row in _data()["clock"] if row["step"] == step]
    found = _in_force(rows, on)
    if found is None:
        raise UsageError(f"there is no clock for '{step[:40]}' on {on}; see mediation.toml")
    lasts = {name: found.get(name, 0) for name in ("hours", "days", "business_days", "most")}
    return Clock(step, **lasts, since=found["from"], source=found["source"])


def guarantee(programme: str, on: date) -> Guarantee | None:
    """Give the terms of a programme as they were on the day of a job; None where it did not exist yet.

    Raises:
        UsageError: No such programme.
    """
    rows = [row for row in _data()["guarantee"] if row["programme"] == programme]
    if not rows:
        known = sorted({row["programme"] for row in _data()["guarantee"]})
        raise UsageError(f"there is no programme '{programme[:40]}'; they are {', '.join(known)}")
    found = _in_force(rows, on)
    if found is None:
        return None
    lasts = Clock("claim", hours=found.get("hours", 0), days=found.get("days", 0), since=found["from"], source=found["source"])
    return Guarantee(programme, found["version"], Money(found["up_to_minor"], found["currency"]), lasts, found["source"])


def programmes() -> tuple[str, ...]:
    """Give the names of the programmes."""
    return tuple(sorted({row["programme"] for row in _data()["guarantee"]}))


def notices(on: date, region: str = "") -> tuple[Notice, ...]:
    """Give the facts of law and rule that hold on a day in a region (a state, such as "CA")."""
    found = [row for row in _data()["notice"] if row["from"] <= on and row["region"] in ("", region)]
    return tuple(Notice(row["code"], row["says"], row["source"]) for row in found)


def effects() -> Mapping[str, Mapping[str, int]]:
    """Give, for each ready term, the sign of its amount for each party."""
    found: Mapping[str, Mapping[str, int]] = _data()["effect"]
    return found


def due(start: datetime, lasts: Clock, zone: str, *, times: int = 1) -> datetime:
    """Give the moment at which a clock runs out.

    Args:
        start: When it began, with a zone.
        lasts: How long.
        zone: The party's zone; days keep the hour of its wall clock, also over a change to or from summer time.
        times: 2 for somebody who needs more time.

    Returns:
        The moment in UTC. A local hour that a change of the clock leaves out is told as the hour after it.

    Raises:
        UsageError: `start` has no zone, or there is no such zone.
    """
    if start.tzinfo is None:
        raise UsageError("a clock begins at a moment with a zone")
    here = zone_of(zone)
    moment = start.astimezone(UTC) + timedelta(hours=lasts.hours * times)
    local = moment.astimezone(here)
    wall = local.replace(tzinfo=None) + timedelta(days=lasts.days * times)
    left = lasts.business_days * times
    while left:
        wall += timedelta(days=1)
        left -= wall.weekday() < _SATURDAY
    if not (lasts.days or lasts.business_days):
        return moment
    return wall.replace(tzinfo=here, fold=local.fold).astimezone(UTC)


def standing(until: datetime, now: datetime, done: datetime | None = None) -> str:
    """Give the word for a clock: `done`, `done late`, `due` or `late`."""
    if done is not None:
        return "done" if done <= until else "done late"
    return "due" if now <= until else "late"
