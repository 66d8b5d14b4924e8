"""Deciding: proposed by one, read blind by another, confirmed by somebody who is neither its author nor who suspended the account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tnskit.errors import AuthorityError, BlindError, CaseError, SamePersonError, StopError, UsageError
from tnskit.review.authority import Authority, Decision, due, runs_out
from tnskit.review.desk import NONE, Turn, refuse_interest
from tnskit.review.fold import Case, blind, sampled
from tnskit.review.freeze import records
from tnskit.review.precedents import Precedents
from tnskit.review.said import said
from tnskit.review.seals import Event
from tnskit.review.stops import MANY_ACCOUNTS

PLAN = {
    "milder": "why a milder step is not enough",
    "others": "why the other explanations do not hold",
    "scope": "what exactly is restricted, and where",
    "hours": "how long, in hours; for good if left out",
    "money": "what happens to money",
    "jobs": "what happens to jobs",
    "user": "what the user says",
    "from": "when it takes effect; at once if left out",
}
"""What a proposal may tell besides its reason, for the memo."""
LONGEST = 24 * 365


class Decisions(Precedents):
    """The steps that lead to a decision."""

    def clear(self, case: int | str | Case, code: str, *, because: str, by: str | None = None) -> Case:
        """Clear a hard stop.

        Args:
            case: The case.
            code: The stop, such as "H7".
            because: What was found or arranged that clears it.
            by: Who clears it: somebody in the role that the stop names, and not who opened the case or proposed its end.

        Raises:
            CaseError: The stop was not raised, or is cleared already.
            StopError: It cannot be cleared.
            SamePersonError: It is for another person.
            AuthorityError: It is for another role.
        """
        with self._turn(case, by) as turn:
            words = said(because, but=turn.case.names)
            raised = dict.fromkeys(turn.case.stops["code"])
            if code not in raised:
                raise CaseError(f"stop '{str(code)[:10]}' was not raised in case {turn.case.id}; raised were {', '.join(raised) or 'none'}")
            roles = self.authority().clear.get(code, ())
            if not roles:
                raise StopError(f"stop {code} cannot be cleared; verify or restrict instead of removing, or bring other evidence")
            if turn.who.name in {one.by for one in turn.case.of("opened", "proposed")}:
                raise SamePersonError(
                    f"stop {code} of case {turn.case.id} is for {' or '.join(roles)} to clear, not for '{turn.who.name}', whose case it is"
                )
            if code not in turn.case.open_stops():
                raise CaseError(f"stop {code} of case {turn.case.id} is cleared already")
            refuse_interest(turn.case, turn.who.name, "look into")
            unchecked = self.staff.need(turn.who.name, roles, f"clearing stop {code}")
            turn.write("cleared", code=code, because=words, unchecked=unchecked)
        return self.case(case, by=by)

    def propose(
        self,
        case: int | str | Case,
        action: str,
        *,
        policy: str,
        because: str,
        plan: Mapping[str, Any] | None = None,
        by: str | None = None,
    ) -> Case:
        """Propose how a case should end.

        Args:
            case: The case.
            action: no action, warn, verify, restrict, suspend, remove or escalate.
            policy: The code of the rule, such as "ACC-01"; the version is the one in force on the day of the incident.
            because: Why, in sentences that somebody outside the team understands.
            plan: What else the memo should hold: `milder`, `others`, `scope`, `hours`, `money`, `jobs`, `user`, `from`.
            by: Who proposes.

        Raises:
            UsageError: No such action, policy or part of a plan.
            CaseError: The case is past that, or has another proposal.
        """
        line, alike = self.authority()[action], records(self.similar(case))
        with self._turn(case, by) as turn:
            if turn.case.state != "open":
                raise CaseError(f"case {turn.case.id} is {turn.state}; a proposal is made while it is open")
            refuse_interest(turn.case, turn.who.name, "propose an end for")
            words, names = said(because, but=turn.case.names), turn.case.names
            known = self.policy(policy, on=_incident(turn.case))
            step = known.step(self.findings_before(turn.case, policy))
            turn.write(
                "proposed", action=line.action, policy=known.code, version=known.version, title=known.title, rests_on=known.rests_on,
                ladder=known.words, step=step, beyond=_harder(action, step), because=words, plan=_plan(plan or {}, names),
                similar=alike,
            )  # fmt: skip
        return self.case(case, by=by)

    def withdraw(self, case: int | str | Case, *, because: str, by: str | None = None) -> Case:
        """Take one's own proposal back before anybody read it.

        Raises:
            CaseError: There is none of one's own, or somebody has read it.
        """
        with self._turn(case, by) as turn:
            if turn.case.state != "proposed" or author(turn.case) != turn.who.name:
                raise CaseError(f"case {turn.case.id} has no unread proposal of '{turn.who.name}'")
            turn.write("withdrew", because=said(because, but=turn.case.names))
        return self.case(case, by=by)

    def review(self, case: int | str | Case, *, verdict: str, because: str, conflict: str = "", by: str | None = None) -> Case:
        """Give a second verdict, from the same evidence and without the first one.

        Args:
            case: The case.
            verdict: What you would do: no action, warn, verify, restrict, suspend, remove or escalate.
            because: Why.
            conflict: "none", or your interest in the case; whoever has one does not read it.
            by: Who reads: not the author, and not whoever suspended the account.

        Returns:
            The case, in which both verdicts can now be read.

        Raises:
            CaseError: Nothing waits for a second reader, or the reader has an interest in it.
            SamePersonError: The reader had a part in it.
            AuthorityError: The reader has read ten accounts of the same group.
        """
        verdict = self.authority()[verdict].action
        with self._turn(case, by) as turn:
            if not blind(turn.case.events):
                raise CaseError(f"case {turn.case.id} is {turn.case.state}; nothing in it waits for a second reader")
            self._stranger(turn, "read it")
            words = said(because, but=turn.case.names)
            declared = said(conflict, what="conflict", empty=True)
            if declared:
                turn.write("declared", conflict=declared)
            if declared in {"", NONE}:
                refuse_interest(turn.case, turn.who.name, "read")
                self._not_too_many(turn)
                first = turn.case.of("proposed")[-1].facts["action"]
                turn.write("reviewed", verdict=verdict, because=words, agrees=verdict == first, account=turn.case.account)
        if declared not in {"", NONE}:
            raise CaseError(f"'{turn.who.name}' declared a conflict of interest in case {turn.case.id}; somebody else has to read it")
        return self.case(case, by=by)

    def confirm(self, case: int | str | Case, *, because: str = "", by: str | None = None) -> Case:
        """Make a proposal the decision.

        A removal needs somebody other than its author, a second verdict that agrees, and no open stop. Where more than three accounts hang
        together it takes two people, one for each role that `authority.toml` names: the first call is kept, the second decides. What is
        mild or urgent its author confirms; the second reader comes after.

        Returns:
            The case: decided, in force, or as it was where somebody else has to confirm it as well.

        Raises:
            SamePersonError: It takes another person.
            BlindError: There is no second verdict yet.
            CaseError: There is nothing to confirm, or the two verdicts differ.
            StopError: A stop is open.
            AuthorityError: It takes another role.
        """
        with self._turn(case, by) as turn:
            # asked first, so that no other answer tells what waits
            if blind(turn.case.events) and turn.who.name != author(turn.case):
                raise BlindError(f"case {turn.case.id} has no second verdict yet; somebody else writes theirs with log.review first")
            if turn.case.state not in {"proposed", "reviewed", "disputed"}:
                raise CaseError(f"case {turn.case.id} is {turn.case.state}; there is no proposal in it to confirm")
            proposal = turn.case.of("proposed")[-1]
            line = self.authority()[proposal.facts["action"]]
            if line.second == "before":
                self._stranger(turn, "confirm it")
            if turn.case.state == "disputed":
                raise CaseError(f"case {turn.case.id} has two different verdicts; a lead decides it with log.lead")
            refuse_interest(turn.case, turn.who.name, "confirm")
            words = said(because, but=turn.case.names, empty=True)
            self._decide(turn, "confirmed", line, proposal, because=words)
        return self.case(case, by=by)

    def lead(self, case: int | str | Case, *, verdict: str, because: str, by: str | None = None) -> Case:
        """Decide a case on which two people came to different verdicts; a removal in a group takes two people here as well.

        Raises:
            CaseError: The two agree, or there are no two.
            SamePersonError: It takes a third person.
            StopError: The verdict is to remove, and a stop is open.
            AuthorityError: It takes a lead.
        """
        line = self.authority()[verdict]
        with self._turn(case, by) as turn:
            if turn.case.state != "disputed":
                raise CaseError(f"case {turn.case.id} is {turn.state}; a lead decides where two verdicts differ")
            self._stranger(turn, "decide it as lead")
            if turn.who.name in {one.by for one in turn.case.reviews}:
                raise SamePersonError(f"case {turn.case.id} was read by '{turn.who.name}'; a third person has to decide it")
            refuse_interest(turn.case, turn.who.name, "decide")
            words = said(because, but=turn.case.names)
            self._decide(
                turn,
                "led",
                replace(line, who=("lead",), second="none", within_hours=0, within_days=0),
                turn.case.of("proposed")[-1],
                because=words,
                verdict=line.action,
            )
        return self.case(case, by=by)

    def findings_before(self, case: Case, policy: str) -> int:
        """Count the earlier decisions on the account under the same policy that still count."""
        told = case.events[0].facts["bundle"].get("reputation", [])
        return sum(1 for row in told if row["counts"] and row["what"].endswith(f"rule {policy}"))

    def _decide(self, turn: Turn, event: str, line: Decision, proposal: Event, **facts: Any) -> None:
        table, hours = self.authority(), proposal.facts["plan"].get("hours")
        if line.action == "remove":
            _refuse_open(turn.case, proposal, table)
        told = {"account": turn.case.account, "action": line.action, "policy": proposal.facts["policy"], "author": proposal.by} | facts
        if line.group_who and len(turn.case.bundle["group"]) > MANY_ACCOUNTS:
            told["together"], told["unchecked"] = self._together(turn, line)
            if len(told["together"]) < len(line.group_who):
                turn.write("backed", **told)
                return
        else:
            long = line.action == "suspend" and event == "confirmed" and _over(hours, line.expires_hours)
            told["unchecked"] = self.staff.need(turn.who.name, ("senior",) if long else line.who, f"the decision '{line.action}'")
        now, alone = self.now(), turn.case.state == "proposed"
        told |= {"expires": _iso(runs_out(line, now, hours=hours)), "second_by": _iso(due(line, now) if alone else None),
                 "drawn": alone and line.second == "sample" and sampled(turn.case.events[0], table.sample_of),
                 "strike": line.strike, "limits": line.since.isoformat()}  # fmt: skip
        turn.write(event, **told)

    def _together(self, turn: Turn, line: Decision) -> tuple[dict[str, str], str]:
        """Who has said yes to a decision that takes several people, this one included, and in which role; and what was not checked."""
        name, said_yes = turn.who.name, [one.by for one in turn.case.backed]
        if name in said_yes:
            raise SamePersonError(f"'{name}' said yes to case {turn.case.id} already; it takes {' and '.join(line.group_who)}, two people")
        names = [*said_yes, name]
        roles = self.staff.together(names, line.group_who, f"the decision '{line.action}' on one of a group")
        told = dict(zip(names, roles, strict=True))
        return told, "" if self.staff.roles else f"whether {_as(told)}: this log knows no roles"

    def _stranger(self, turn: Turn, what: str) -> None:
        """Refuse the author of a proposal and whoever suspended the account."""
        name, case = turn.who.name, turn.case
        if author(case) == name:
            raise SamePersonError(f"case {case.id} was proposed by '{name}'; a second person has to {what}")
        if name in self._suspenders(case):
            raise SamePersonError(f"account '{case.account}' was suspended by '{name}'; somebody else has to {what}")

    def _suspenders(self, case: Case) -> set[str]:
        """Who suspended the account before, by the export or by this log."""
        made = [one for one in self._audit.events(names=("confirmed", "led")) if one.case != str(case.id)]
        here = [one for one in made if one.facts["action"] == "suspend" and one.facts["account"] == case.account]
        return {*case.bundle["suspended_by"], *(one.by for one in here), *(one.facts["author"] for one in here)}

    def _not_too_many(self, turn: Turn) -> None:
        """Refuse to read an eleventh account of one group."""
        most, group = self.authority().per_reviewer, set(turn.case.bundle["group"])
        read = [one for one in self._audit.events(names=("reviewed",)) if one.by == turn.who.name and one.facts["account"] in group]
        if len(read) >= most:
            raise AuthorityError(
                f"'{turn.who.name}' has read {len(read)} accounts of this group; one person reads {most}, another the next"
            )


def _refuse_open(case: Case, proposal: Event, table: Authority) -> None:
    rests_on, policy = proposal.facts["rests_on"], proposal.facts["policy"]
    left = case.open_stops(rests_on)
    if left:
        who = {code: " or ".join(table.clear.get(code, ())) for code in left}
        told = ", ".join(f"{code} ({words} can clear it)" if words else f"{code} (nobody can clear it)" for code, words in who.items())
        plural = "open stops" if len(left) > 1 else "an open stop"
        raise StopError(f"case {case.id} has {plural}: {told}; a removal waits for that")
    if policy == "ACC-01" and not case.bundle["evasion"]:
        raise StopError(f"case {case.id} rests on rule ACC-01, which needs an earlier removal; the check found none")
    if rests_on == "conduct" and not case.of("found"):
        raise StopError(
            f"case {case.id} rests on what the account did (rule {policy}); write down at least one fact with log.find before it is removed"
        )


def author(case: Case) -> str:
    """Give who made the newest proposal; "" without one."""
    made = case.of("proposed")
    return made[-1].by if made else ""


def _incident(case: Case) -> str:
    return str(case.events[0].facts["incident"] or case.bundle["now"])


def _harder(action: str, step: str) -> bool:
    order = ("no action", "verify", "warn", "restrict", "suspend", "remove")
    return bool(step) and action in order and order.index(action) > order.index(step)


def _over(hours: float | None, most: int) -> bool:
    return hours is not None and hours > most


def _as(told: Mapping[str, str]) -> str:
    return " and ".join(f"'{name}' acts as {role}" for name, role in told.items())


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _plan(plan: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in plan.items():
        if key not in PLAN:
            raise UsageError(f"a plan has no '{str(key)[:20]}'; it may tell {', '.join(PLAN)}")
        if key == "hours":
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LONGEST:
                raise UsageError(f"plan['hours'] is a number of hours up to {LONGEST:,}, not of another kind")
            made[key] = value
        else:
            made[key] = said(value, what=f"plan['{key}']", but=names)
    return made
