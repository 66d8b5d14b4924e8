"""What a dispute stands on: its events in the case log, written in one turn, read back as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from tnskit.errors import DisputeError, UsageError
from tnskit.review.audit import AuditLog
from tnskit.review.authority import Authority, by_log
from tnskit.review.person import Person, person
from tnskit.review.said import said
from tnskit.review.seals import Event
from tnskit.review.telling import Line, Money

PREFIX = "dispute "


@dataclass(frozen=True, eq=False)
class Ledger:
    """A log, and who writes to it.

    Attributes:
        _audit: The append-only log, of which only what is told here may be read.
        who: Who works at it.
    """

    _audit: AuditLog = field(repr=False)
    who: Person

    @property
    def head(self) -> str:
        """Place and seal of the newest event."""
        return self._audit.head

    def now(self) -> datetime:
        """The moment by the log's clock."""
        return self._audit.now()

    def authority(self, on: date) -> Authority:
        """Give who may decide what, and by when, as it was on a day."""
        return by_log(self._audit, on)

    @contextmanager
    def turn(self) -> Iterator[Callable[..., Event]]:
        """Hold the log while a step is checked and written."""
        with self._audit.writing():
            yield self._write

    def events(self, dispute: str | None = None) -> tuple[Event, ...]:
        """Give the events of one dispute, or of all, oldest first."""
        found = (one for one in self._audit.events("") if one.event.startswith(PREFIX))
        return tuple(one for one in found if dispute is None or one.facts.get("dispute") == dispute)

    def _write(self, step: str, dispute: str, facts: Mapping[str, Any]) -> Event:
        return self._audit.append(PREFIX + step, by=self.who.name, via=self.who.via, case="", facts={**facts, "dispute": dispute})


def ledger(log: Any, by: str | None = None) -> Ledger:
    """Give the ledger of a case log, or of the bare file under it.

    Raises:
        UsageError: It is no log.
    """
    if isinstance(log, AuditLog):
        return Ledger(log, person(by))
    beside = getattr(log, "kept_beside", None)
    found = beside() if callable(beside) else None
    if not isinstance(found, Ledger):
        raise UsageError(f"a dispute is kept in a case log such as tns.CaseLog('cases.db'), not in a {type(log).__name__}")
    return found if by is None else replace(found, who=person(by))


def moment(value: datetime | None, now: datetime, what: str = "at") -> datetime:
    """Give when something happened: as told, or now; never later than now.

    Raises:
        UsageError: It has no zone.
        DisputeError: It lies ahead.
    """
    told = now if value is None else value
    if told.tzinfo is None:
        raise UsageError(f"{what}= has no zone; write it like '2026-03-06T09:00:00Z'")
    if told > now:
        raise DisputeError(f"{what}= lies ahead of the log's clock; a step is written when it has happened")
    return told.astimezone(UTC)


def kept(line: Line | str) -> dict[str, Any]:
    """Give a line as plain values for the log; words of its author are searched for raw identifiers.

    Raises:
        WordsError: They are empty, too long, or hold one.
    """
    one = Line(text=line) if isinstance(line, str) else line
    if not isinstance(one, Line):
        raise UsageError(f"a line is a Line or text, not a {type(line).__name__}")
    told: dict[str, Any] = {"kind": one.kind, "source": one.source, "standing": one.standing, "count": one.count}
    told |= {"day": one.day.isoformat() if one.day else None, "other": one.other.isoformat() if one.other else None}
    told |= {"amount": [one.amount.minor, one.amount.currency] if one.amount else None}
    told["text"] = "" if one.kind else said(one.text, what="a line")
    return {name: value for name, value in told.items() if value not in (None, "")}


def told(kept: Mapping[str, Any]) -> Line:
    """Give a line back from the log."""
    amount = kept.get("amount")
    return Line(
        kind=kept.get("kind", ""),
        day=date.fromisoformat(kept["day"]) if kept.get("day") else None,
        other=date.fromisoformat(kept["other"]) if kept.get("other") else None,
        amount=Money(int(amount[0]), amount[1]) if amount else None,
        count=kept.get("count"),
        source=kept.get("source", ""),
        standing=kept.get("standing", ""),
        text=kept.get("text", ""),
    )
