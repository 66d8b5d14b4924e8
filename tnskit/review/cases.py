"""The case log: from a check to a decision that somebody else can follow, doubt and undo."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.errors import CaseError, UsageError
from tnskit.review.appeals import Appeals
from tnskit.review.decisions import Decisions
from tnskit.review.fold import HELD, NEXT, Case, blind
from tnskit.review.freeze import freeze, sha256
from tnskit.review.person import plain
from tnskit.review.policies import day
from tnskit.review.precheck import Check
from tnskit.review.question import DECISIONS
from tnskit.review.said import said


class CaseLog(Decisions, Appeals):
    """A case log: append-only, sealed, for several people at once.

    Every verb checks who may, writes one event and gives the case as its reader may see it. `by` is whoever is at the log unless somebody
    else is named.

    Args:
        path: The file of the log; None for a practice log, which is thrown away at the end.
        by: Who is at work; the login of JupyterHub or of this machine if left out.
        clock: What tells the moment of an event.

    Raises:
        LogError: The file is something else or cannot be opened.
        AuthorityError: The login is nobody's own.
    """

    def open(
        self, check: Check, *, trigger: str = "", policy: str = "", incident: Any = None, conflict: str = "", by: str | None = None
    ) -> Case:
        """Open a case on what a check saw, and freeze that.

        Args:
            check: What `precheck` gave.
            trigger: What made you look.
            policy: The rule that may be broken, such as "ACC-01".
            incident: The day of the incident, or its moment with a zone; the policy version of that day (in UTC) holds. The day of the
                check if left out, and the memo says so.
            conflict: "none", or your interest in the case; the memo says if nothing was declared.
            by: Who opens it.

        Returns:
            The case.

        Raises:
            UsageError: There is no such policy or day.
            WordsError: A text is too long or holds a raw identifier.
        """
        who, bundle = self._who(by), freeze(check)
        words = said(trigger, what="trigger", but=check.group, empty=True)
        declared = said(conflict, what="conflict", empty=True)
        at = _moment(incident)
        on = at.date() if at is not None else day(incident) if incident is not None else None
        known = self.policy(policy, on=on or check.now) if policy else None
        with self._audit.writing():
            number = 1 + len(self._audit.events(names=("opened",)))
            self._audit.append("opened", by=who.name, via=who.via, case=str(number), facts={
                "account": check.account, "trigger": words, "policy": policy, "version": known.version if known else "",
                "incident": on.isoformat() if on else "",
                "incident_at": at.isoformat() if at is not None else "", "conflict": declared, "bundle": bundle, "sha256": sha256(bundle),
            })  # fmt: skip
        return self.case(number, by=by)

    def assign(self, case: int | str | Case, to: str, *, because: str = "", by: str | None = None) -> Case:
        """Hand a case to somebody."""
        with self._turn(case, by) as turn:
            turn.write("assigned", to=plain(to), because=said(because, but=turn.case.names, empty=True))
        return self.case(case, by=by)

    def declare(self, case: int | str | Case, conflict: str, *, by: str | None = None) -> Case:
        """Declare whether one has an interest in a case: "none", or which; whoever has one takes no further step in it."""
        with self._turn(case, by) as turn:
            turn.write("declared", conflict=said(conflict, what="conflict"))
        return self.case(case, by=by)

    def read(self, case: int | str | Case, reading: str, *, by: str | None = None) -> Case:
        """Write down what one takes the evidence to say; after that, what was decided before and what colleagues think is shown."""
        with self._turn(case, by) as turn:
            turn.write("read", text=said(reading, what="reading", but=turn.case.names))
        return self.case(case, by=by)

    def note(self, case: int | str | Case, text: str, *, by: str | None = None) -> Case:
        """Write a note; colleagues read it after their own reading of the evidence."""
        with self._turn(case, by) as turn:
            turn.write("noted", text=said(text, what="note", but=turn.case.names))
        return self.case(case, by=by)

    def find(self, case: int | str | Case, fact: str, *, rests_on: Iterable[str] = (), on: Any = None, by: str | None = None) -> Case:
        """Write down a fact about what the account did, or about what connects it.

        Args:
            case: The case.
            fact: What was found, as a fact and not as a judgment.
            rests_on: Pieces of the frozen evidence, such as ["E1", "E3"], or ids of reports, jobs and messages.
            on: The day of it, if it has one.
            by: Who found it.

        Raises:
            CaseError: It names a piece of evidence that the case does not have.
        """
        with self._turn(case, by) as turn:
            ids = [said(str(one), what="rests_on", but=[str(one)]) for one in rests_on]
            known = set(turn.case.evidence["id"]) if len(turn.case.evidence) else set()
            if invented := [one for one in ids if one[:1] == "E" and one[1:].isdecimal() and one not in known]:
                raise CaseError(f"case {turn.case.id} has no evidence {', '.join(invented)}; it has E1 to E{len(known)}" if known else
                                f"case {turn.case.id} has no evidence {', '.join(invented)}, for it rests on no link")  # fmt: skip
            turn.write("found", fact=said(fact, what="fact", but=turn.case.names), rests_on=ids, on=day(on).isoformat() if on else "")
        return self.case(case, by=by)

    def hear(self, case: int | str | Case, statement: str, *, lang: str = "", by: str | None = None) -> Case:
        """Write down what the user says, without raw identifiers; silence is not proof of anything."""
        with self._turn(case, by) as turn:
            turn.write("heard", text=said(statement, what="statement", but=turn.case.names), lang=said(lang, what="lang", empty=True))
        return self.case(case, by=by)

    def letter(self, case: int | str | Case, name: str, *, lang: str, sha256: str = "", by: str | None = None) -> Case:
        """Record that a letter was sent: its name such as "L08", its language, and the digest of its text."""
        with self._turn(case, by) as turn:
            turn.write("letter", name=said(name, what="name"), lang=said(lang, what="lang"), sha256=said(sha256, what="sha256", empty=True))
        return self.case(case, by=by)

    def cases(self, *, by: str | None = None) -> pd.DataFrame:
        """Give every case: DataFrame `case`, `account`, `state`, `opened_at`, `opened_by`, `whose` (turn it is), `next` (the next step)."""
        told = []
        for one in self._audit.events(names=("opened",)):
            case = self.case(int(one.case), by=by)
            moved = case.of("assigned")
            told.append((case.id, case.account, case.state, one.at, one.by, moved[-1].facts["to"] if moved else one.by, NEXT[case.state]))
        return pd.DataFrame(told, columns=["case", "account", "state", "opened_at", "opened_by", "whose", "next"])

    def due(self, *, now: datetime | None = None) -> pd.DataFrame:
        """Give what waits for somebody, most urgent first.

        Returns:
            DataFrame `by_when` (UTC), `case`, `what`, `late` (bool). What waits for its second reader is due by the strictest of the
            clocks that it could have, so that the day does not tell what was proposed.
        """
        moment, lines = now or self.now(), list[tuple[datetime, int | None, str]]()
        for one in self._audit.events(names=("opened",)):
            whole = self._read(int(one.case), None)
            lines += [(when, whole.id, what) for when, what in (self._unread(whole) if blind(whole.events) else _waits(whole))]
        ends = self.suppressions()
        lines += [(row.expires_at, None, f"a value set aside counts again: {row.kind}, {row.why}") for row in rows(ends)]
        frame = pd.DataFrame(sorted(lines, key=lambda line: (line[0], line[1] or 0)), columns=["by_when", "case", "what"])
        frame["by_when"] = pd.to_datetime(frame["by_when"], utc=True)
        return frame.assign(case=frame["case"].astype("Int64"), late=frame["by_when"] < pd.Timestamp(moment))

    def _unread(self, whole: Case) -> list[tuple[datetime, str]]:
        """What a case waits for that no second person has read; its own clocks, which would tell what it is, are for its author alone."""
        seen, proposal = self.case(whole.id), whole.of("proposed")[-1]
        begun = whole.of("confirmed")[-1] if seen.state == "in force" else proposal
        soon = self.authority(begun.at, until=begun.n).soonest(begun.at)
        if not self._may_read(whole):
            return [(soon, IN_FORCE if seen.state == "in force" else SECOND), *_asked(whole)]
        if seen.state != "proposed":
            return _waits(whole)
        alone = self.authority()[proposal.facts["action"]].second != "before"
        return [(soon, "its author confirms it, or a second person gives a verdict" if alone else SECOND)]

    def _may_read(self, whole: Case) -> bool:
        """Whether what was proposed last may be read by whoever is at the log."""
        return HELD not in next(one for one in reversed(self._shown(whole.events, self.by)[1]) if one.event == "proposed").facts

    def decided(self, accounts: list[str], *, until: int | None = None) -> pd.DataFrame:
        """Give what this log decided on accounts, as `precheck` asks for it.

        What is in force and waits for its second reader is not among it, except for its author.

        Args:
            accounts: The accounts.
            until: As the log stood at this event; now, if left out.

        Returns:
            DataFrame with the columns of `DECISIONS`.
        """
        made = self._audit.events(names=("confirmed", "led"), until=until)
        numbers = {one.case for one in made if one.facts["account"] in accounts}
        whole = [self._read(int(number), None, until=until) for number in sorted(numbers, key=int)]
        found = [_row(case) for case in whole if self._may_read(case)]
        frame = pd.DataFrame(found, columns=DECISIONS)
        for name in ("decided_at", "effective_at", "expires_at", "notice_sent_at", "reversed_at"):
            frame[name] = pd.to_datetime(frame[name], utc=True)
        return frame


def _moment(incident: Any) -> pd.Timestamp | None:
    """The moment of an incident in UTC; None where only a day is told, or nothing."""
    if (
        incident is None
        or (isinstance(incident, str) and ":" not in incident)
        or (isinstance(incident, date) and not isinstance(incident, datetime))
    ):
        return None
    try:
        told = pd.Timestamp(incident)
    except (ValueError, TypeError):
        raise UsageError("incident= is a day such as '2026-11-22', or a moment such as '2026-11-22T21:30:00-06:00'") from None
    if told.tzinfo is None:
        raise UsageError("incident= has no zone; write a day such as '2026-11-22', or a moment such as '2026-11-22T21:30:00-06:00'")
    return told.tz_convert("UTC")


SECOND, IN_FORCE = "a second person gives a verdict", "a second person looks at what is in force"


def _waits(case: Case) -> list[tuple[datetime, str]]:
    """What a case waits for, and until when."""
    now, found = case.state, []
    last = case.of("confirmed", "led")
    if last and now in {"in force", "decided"}:
        if now == "in force" and last[-1].facts["second_by"]:
            found.append((datetime.fromisoformat(last[-1].facts["second_by"]), IN_FORCE))
        elif blind(case.events):
            found.append((last[-1].at, "a second person looks at a case drawn by lot"))
        if last[-1].facts["expires"]:
            found.append((datetime.fromisoformat(last[-1].facts["expires"]), "what is in force runs out"))
    found += _asked(case)
    if now == "appealed":
        found.append((datetime.fromisoformat(case.of("appealed")[-1].facts["reply_by"]), "the appeal is answered"))
    if now == "overturned":
        left = list(case.undo.loc[case.undo["state"] == "to do", "item"])
        found += [(case.of("undone")[-1].at + timedelta(days=1), f"put right: {', '.join(left)}")] if left else []
    return found


def _asked(case: Case) -> list[tuple[datetime, str]]:
    made, asked = case.of("confirmed", "led"), case.of("asked")
    waits = case.state in {"in force", "decided", "appealed"} and asked and asked[-1].n > made[-1].n
    return [(asked[-1].at, "a second person agrees to undo a case about safety, or says no")] if waits else []


def _row(case: Case) -> tuple[Any, ...]:
    """A decided case as a row of earlier decisions."""
    made, proposal = case.of("confirmed", "led")[-1], case.of("proposed")[-1]
    lighter = [one for one in case.of("answered") if "action" in one.facts]
    seconds = [one.by for one in case.of("reviewed", "confirmed", "led") if one.by != proposal.by]
    sent = [one.at for one in case.of("letter") if one.n > made.n]
    undone = case.of("undone")
    return (
        f"case {case.id}", case.account, lighter[-1].facts["action"] if lighter else made.facts["action"], proposal.facts["policy"],
        made.at, made.at, made.facts["expires"], proposal.by, seconds[-1] if seconds else None, "assisted", sent[0] if sent else None,
        undone[-1].at if undone else None, case.state == "appealed", "log",
    )  # fmt: skip
