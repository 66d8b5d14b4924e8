"""The desk: a log, somebody at it, and one case at a time, looked up and written to in one turn."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from tnskit.errors import CaseError, SealError, UnknownCaseError, UsageError
from tnskit.review.audit import AuditLog, clock
from tnskit.review.authority import Authority, Staff, by_log
from tnskit.review.fold import HELD, Case, said_in, shown, state
from tnskit.review.ledger import Ledger
from tnskit.review.person import TOLD, Person, person
from tnskit.review.policies import day
from tnskit.review.said import plain_facts
from tnskit.review.seals import Event, Soundness

OWN = frozenset(
    "opened assigned declared noted read found heard cleared proposed withdrew reviewed backed confirmed led suppressed dissociated agreed "
    "lifted undone asked restored appealed answered policy limits appointed".split()
)
"""Events that only a verb of the log writes, for it checks who may."""
_NAME = re.compile(r"[a-z][a-z _-]{1,40}")


@dataclass(frozen=True, eq=False)
class Turn:
    """A case held still while a step is checked and written.

    Attributes:
        case: The whole case, nothing held back.
        who: Who takes the step.
        write: Writes an event with its facts.
        state: Where the case stands, as far as whoever takes the step may know it.
    """

    case: Case
    who: Person
    write: Callable[..., Event]
    state: str


class Desk:
    """A case log and who works at it.

    Args:
        path: The file of the log; None for a practice log, which is thrown away at the end.
        by: Who is at work; the login of JupyterHub or of this machine if left out.
        clock: What tells the moment of an event.

    Raises:
        LogError: The file is something else or cannot be opened.
        AuthorityError: The login is nobody's own.
    """

    def __init__(self, path: str | Path | None = None, *, by: str | None = None, clock: Callable[[], datetime] = clock) -> None:
        self._me = person(by)
        self._practice = None if path else tempfile.TemporaryDirectory(prefix="tnskit-practice-", ignore_cleanup_errors=True)
        self._audit = AuditLog(path or Path(self._practice.name if self._practice else ".") / "practice.db", clock=clock)
        self._clock = clock
        self._typed: set[int] = set()

    def __repr__(self) -> str:
        return f"{type(self).__name__} {self.path.name} of {self.by}"

    @property
    def path(self) -> Path:
        """The file."""
        return self._audit.path

    @property
    def by(self) -> str:
        """Who is at work."""
        return self._me.name

    @property
    def me(self) -> Person:
        """Who is at work, and how that is known."""
        return self._me

    def now(self) -> datetime:
        """The moment, as the clock of this log has it."""
        return self._clock()

    def kept_beside(self) -> Ledger:
        """Give the ledger of what is kept beside cases, such as disputes; it gives no event of a case."""
        return Ledger(self._audit, self._me)

    @property
    def head(self) -> str:
        """Place and seal of the newest event; printed on memos, asked for by `tnskit verify --head`."""
        return self._audit.head

    def verify(self, *, head: str | None = None) -> Soundness:
        """Look through the whole log; see `tnskit verify`."""
        return self._audit.verify(head=head)

    def close(self) -> None:
        """Close the file, and throw a practice log away."""
        self._audit.close()
        if self._practice is not None:
            self._practice.cleanup()

    def case(self, case: int | str | Case, *, by: str | None = None) -> Case:
        """Give a case as somebody may see it now.

        In the name of somebody who is not at the log it shows no verdict and no reading of theirs that was not typed here.

        Raises:
            UnknownCaseError: It is not in this log.
            SealError: One of its events does not match its seal.
        """
        return self._read(_number(case), self._who(by).name)

    def _shown(self, events: tuple[Event, ...], reader: str) -> tuple[str, tuple[Event, ...]]:
        """Give the state of a case and its events with what a reader may not see held back.

        Whoever asks in another's name sees no more than what was typed here, and a name that somebody told opens nothing that a login
        wrote.
        """
        mine = {one.n for one in events if one.by == reader and (one.n in self._typed or (reader == self.by and self._proves(one)))}
        return shown(events, reader, mine)

    def _proves(self, one: Event) -> bool:
        return self._me.via != TOLD or one.via == TOLD

    def events(self, case: int | str | Case | None = None, *, by: str | None = None) -> pd.DataFrame:
        """Give what happened, of one case or in the whole log.

        Returns:
            DataFrame `n`, `at` (UTC), `case`, `by`, `via` (how the name is known), `event`, `said`, oldest first; what its reader may not
            see yet is held back.
        """
        reader = self._who(by).name
        found = self._audit.events(None if case is None else str(self.case(case).id))
        cases: dict[str, list[Event]] = {}
        for one in found:
            cases.setdefault(one.case, []).append(one)
        shown = [one for name, some in cases.items() for one in (self._shown(tuple(some), reader)[1] if name else some)]
        told = [
            (one.n, one.at, int(one.case) if one.case else None, one.by, one.via, one.event, said_in(one))
            for one in sorted(shown, key=lambda e: e.n)
        ]
        frame = pd.DataFrame(told, columns=["n", "at", "case", "by", "via", "event", "said"])
        return frame.assign(case=frame["case"].astype("Int64"))

    def append(self, event: str, *, by: str | None = None, case: int | str | Case = "", facts: Mapping[str, object] | None = None) -> Event:
        """Write an event that no verb of the log writes: a reveal, a letter, an export.

        Args:
            event: What happened, in small letters, such as "reveal".
            by: Who; whoever is at the log if left out.
            case: The case it belongs to; no case, no look.
            facts: Plain values. Every text in them is searched for raw identifiers.

        Raises:
            UsageError: The event is one that a verb writes, for that verb checks who may.
            UnknownCaseError: The case is not in this log.
            WordsError: A text is too long or holds a raw identifier.
            LogError: The log cannot be written.
        """
        if event in OWN or not _NAME.fullmatch(event):
            raise UsageError(f"'{event[:40]}' is written by the verb of the log that checks who may, or is no name of an event")
        plain = plain_facts(facts or {})
        with self._turn(case, by) as turn:
            return turn.write(event, **plain)

    @property
    def staff(self) -> Staff:
        """Who holds which role; empty where nobody was appointed."""
        return Staff({one.facts["name"]: tuple(one.facts["roles"]) for one in self._audit.events(names=("appointed",))})

    def authority(self, on: Any = None, *, until: int | None = None) -> Authority:
        """Give who may decide what, as this log knows it.

        Args:
            on: The day; today if left out.
            until: As the log stood at this event; now, if left out.

        Returns:
            Authority; `table` is a DataFrame.
        """
        return by_log(self._audit, day(on) if on is not None else self._today(), until=until)

    def _today(self) -> date:
        return self.now().date()

    def _who(self, by: str | None) -> Person:
        if by is None:
            return self._me
        told = person(by)
        return self._me if told.name == self._me.name else told

    def _read(self, number: int, reader: str | None, *, until: int | None = None) -> Case:
        """Fold a case for a reader; for None nothing is held back."""
        head = self._audit.head
        whole = tuple(self._audit.events(str(number), until=until))
        if not whole:
            raise UnknownCaseError(f"case {number} is not in {self.path.name}")
        if whole[0].event != "opened":
            raise SealError(f"{self.path.name}, event {whole[0].n} writes to case {number} before it is opened", whole[0].n)
        told, seen = (state(whole), whole) if reader is None else self._shown(whole, reader)
        return Case(number, str(whole[0].facts["account"]), told, reader or "", seen, head, self)

    @contextmanager
    def _turn(self, case: int | str | Case, by: str | None) -> Iterator[Turn]:
        """Hold the log while a step on a case is checked and written."""
        who, number = self._who(by), _number(case)
        with self._audit.writing():
            whole = self._read(number, None)

            def write(event: str, **facts: Any) -> Event:
                made = self._audit.append(event, by=who.name, via=who.via, case=str(number), facts=facts)
                self._typed.add(made.n)
                return made

            yield Turn(whole, who, write, self._shown(whole.events, who.name)[0])

    def _write(self, event: str, by: str | None, **facts: Any) -> Event:
        """Write an event that belongs to no case."""
        who = self._who(by)
        return self._audit.append(event, by=who.name, via=who.via, case="", facts=facts)


def _number(case: int | str | Case) -> int:
    if isinstance(case, Case):
        return case.id
    try:
        return int(case)
    except (TypeError, ValueError):
        raise UsageError("a case is told by its number, or by what the log gave for it") from None


def refuse_interest(case: Case, name: str, what: str) -> None:
    """Refuse somebody who declared a conflict of interest.

    Raises:
        CaseError: They did.
    """
    told = [one for one in case.of("declared", "opened", "reviewed") if one.by == name and one.facts.get("conflict")]
    if told and told[-1].facts["conflict"] != NONE:
        raise CaseError(f"'{name}' declared a conflict of interest in case {case.id}; somebody else has to {what} it")


NONE = "none"
"""What somebody without a conflict of interest declares."""
__all__ = ["HELD", "NONE", "OWN", "Desk", "Turn", "refuse_interest"]
