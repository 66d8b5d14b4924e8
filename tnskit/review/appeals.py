"""After a decision: appeals read by somebody else, and undoing, which lists and records every item."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from tnskit.errors import CaseError, KeyMissingError, SamePersonError, UsageError
from tnskit.review.corrections import Corrections
from tnskit.review.desk import Turn, refuse_interest
from tnskit.review.fold import UNDO, Case
from tnskit.review.policies import ACTIONS
from tnskit.review.said import said

OUTCOMES = ("upheld", "modified", "overturned", "withdrawn")
STATES = ("done", "does not apply")
_ITSELF = {"strikes", "dissociation"}
"""Items of the undo list that the log settles itself."""


class Appeals(Corrections):
    """The steps that follow a decision."""

    def appeal(self, case: int | str | Case, *, grounds: str, lang: str = "", by: str | None = None) -> Case:
        """Take in an appeal; it is free, and its clock starts.

        Args:
            case: The decided case.
            grounds: What the user says, without raw identifiers; new evidence is welcome.
            lang: The language it was written in, as two letters.
            by: Who takes it in.

        Raises:
            CaseError: Nothing is decided, or it was appealed twice already.
        """
        rules = self.authority().appeal
        with self._turn(case, by) as turn:
            if turn.case.state not in {"decided", "in force"}:
                raise CaseError(f"case {turn.case.id} is {turn.case.state}; an appeal is against a decision that holds")
            before = len(turn.case.of("appealed"))
            if before >= rules["most"]:
                raise CaseError(f"case {turn.case.id} was appealed {before} times; a lead has read it, and that is the last")
            now, made = self.now(), turn.case.of("confirmed", "led")[-1].at
            late = now - made > self._open(turn.case)
            turn.write(
                "appealed", grounds=said(grounds, what="grounds", but=turn.case.names), lang=said(lang, what="lang", empty=True), late=late,
                reply_by=(now + timedelta(days=rules["reply_days"])).isoformat(timespec="seconds"),
            )  # fmt: skip
        return self.case(case, by=by)

    def answer(self, case: int | str | Case, *, outcome: str, because: str, action: str | None = None, by: str | None = None) -> Case:
        """Answer an appeal.

        Args:
            case: The case.
            outcome: upheld, modified, overturned or withdrawn. Overturned opens the undo list.
            because: Why, for the person who appealed too.
            action: What holds instead, where the outcome is modified.
            by: Who answers: nobody who had a part in the decision; a lead the second time.

        Raises:
            CaseError: There is no open appeal.
            SamePersonError: It takes somebody who had no part in the decision.
            AuthorityError: It takes another role.
            UsageError: No such outcome or action.
        """
        if outcome not in OUTCOMES:
            raise UsageError(f"'{str(outcome)[:20]}' is not an outcome; they are {', '.join(OUTCOMES)}")
        with self._turn(case, by) as turn:
            if turn.case.state != "appealed":
                raise CaseError(f"case {turn.case.id} is {turn.case.state}; there is no open appeal in it")
            self._no_part(turn)
            refuse_interest(turn.case, turn.who.name, "answer the appeal in")
            second = len(turn.case.of("appealed")) > 1
            roles = tuple(self.authority().appeal["second_who" if second else "who"])
            unchecked = self.staff.need(turn.who.name, roles, "this appeal")
            facts: dict[str, Any] = {"outcome": outcome, "because": said(because, but=turn.case.names), "unchecked": unchecked}
            if outcome == "modified":
                facts["action"] = _milder(turn.case, action)
            if outcome == "overturned" and self._two_for_safety(turn.case) and not _asked(turn):
                raise CaseError(
                    f"case {turn.case.id} has a report about safety; before it is overturned somebody else asks for it with log.undo"
                )
            turn.write("answered", **facts)
            if outcome == "overturned":
                self._undo(turn, facts["because"])
        return self.case(case, by=by)

    def undo(self, case: int | str | Case, *, because: str, by: str | None = None) -> Case:
        """Overturn a decision without an appeal, for instance because we see that it was wrong.

        The strike no longer counts, the two accounts are said to be two people (a second person has to agree with `log.agree`), and
        the undo list begins. Where a report about safety was raised (stop H8) the first call asks for it, and a second person's does it.

        Raises:
            CaseError: Nothing is decided, or it is undone already.
            SamePersonError: A second person has to ask for it too.
            AuthorityError: It takes a senior.
        """
        with self._turn(case, by) as turn:
            if turn.case.state not in {"decided", "in force", "appealed"}:
                raise CaseError(f"case {turn.case.id} is {turn.case.state}; only a decision can be undone")
            refuse_interest(turn.case, turn.who.name, "undo")
            self.staff.need(turn.who.name, self.authority().decisions["reinstate"].who, "to undo a decision")
            words = said(because, but=turn.case.names)
            if self._two_for_safety(turn.case) and not _asked(turn):
                if turn.case.of("asked"):
                    raise SamePersonError(f"case {turn.case.id} has a report about safety; a second person has to ask for its end too")
                turn.write("asked", because=words)
            else:
                self._undo(turn, words)
        return self.case(case, by=by)

    def restore(self, case: int | str | Case, item: str, *, because: str, applies: bool = True, by: str | None = None) -> Case:
        """Record that an item of the undo list was put right, or does not apply.

        Args:
            case: The overturned case.
            item: The item, such as "reviews"; `case.undo` lists them.
            because: What was done, or why it does not apply.
            applies: False where there is nothing to put right.
            by: Who did it.

        Raises:
            CaseError: The decision was not overturned, or the item is settled.
            UsageError: No such item.
        """
        with self._turn(case, by) as turn:
            if turn.case.state != "overturned":
                raise CaseError(f"case {turn.case.id} is {turn.case.state}; there is nothing to put right before a decision is overturned")
            if item not in UNDO:
                raise UsageError(f"the undo list has no '{str(item)[:20]}'; it has {', '.join(UNDO)}")
            left = turn.case.undo
            if item in _ITSELF and (item == "strikes" or applies):
                raise CaseError(
                    f"'{item}' is settled by the log itself" + ("; a second person agrees with log.agree" if item != "strikes" else "")
                )
            if left.set_index("item").loc[item, "state"] != "to do":
                raise CaseError(f"'{item}' of case {turn.case.id} is settled already")
            state = STATES[0] if applies else STATES[1]
            turn.write("restored", item=item, state=state, because=said(because, but=turn.case.names))
        return self.case(case, by=by)

    def _open(self, case: Case) -> timedelta:
        """How long an appeal is taken in: as it was when the decision was made."""
        made = case.of("confirmed", "led")[-1]
        return timedelta(days=self.authority(made.at, until=made.n).appeal["open_days"])

    def _two_for_safety(self, case: Case) -> bool:
        return self.authority().decisions["reinstate"].second == "safety" and "H8" in set(case.stops["code"])

    def _no_part(self, turn: Turn) -> None:
        name, case = turn.who.name, turn.case
        parts = {
            "opened": "opened",
            "proposed": "proposed",
            "reviewed": "read",
            "backed": "confirmed",
            "confirmed": "confirmed",
            "led": "decided",
        }
        had = [word for event, word in parts.items() if name in {one.by for one in case.of(event)}]
        if had:
            raise SamePersonError(f"case {case.id} was {had[0]} by '{name}'; an appeal is answered by somebody who had no part in it")
        if name in {one.by for one in case.of("answered")}:
            raise SamePersonError(f"'{name}' answered the first appeal in case {case.id}; somebody else answers the second")

    def _undo(self, turn: Turn, words: str) -> None:
        basis, proposal = turn.case.bundle["basis"], turn.case.of("proposed")[-1]
        turn.write("undone", because=words, account=turn.case.account, beside=self._beside(turn.case))
        turn.write("restored", item="strikes", state="done", because="the log leaves it out from now on")
        if basis is None or proposal.facts["rests_on"] != "link":
            why = "the decision did not rest on a link"
            turn.write("restored", item="dissociation", state="does not apply", because=why)
            return
        # somebody is not kept waiting for a key: the item stays on the list until log.dissociate can be called
        with suppress(KeyMissingError):
            self._dissociate(turn, turn.case.account, basis["b"], because=words)

    def _beside(self, case: Case) -> list[int]:
        """Other decided cases on accounts of the same group: those that the same finding may have hit."""
        group = set(case.bundle["group"]) - {case.account}
        hit = [one for one in self._audit.events(names=("confirmed", "led")) if one.facts["account"] in group]
        return sorted({int(one.case) for one in hit})


def _asked(turn: Turn) -> bool:
    """Whether somebody else asked for the end of what is decided now."""
    settled = max(one.n for one in turn.case.of("confirmed", "led"))
    return any(one.n > settled and one.by != turn.who.name for one in turn.case.of("asked"))


def _milder(case: Case, action: str | None) -> str:
    if action not in ACTIONS:
        raise UsageError(f"a modified decision needs action=, one of {', '.join(ACTIONS)}")
    held = case.of("confirmed", "led")[-1].facts["action"]
    order = ("no action", "verify", "warn", "restrict", "suspend", "remove")
    if action not in order or (held in order and order.index(action) >= order.index(held)):
        raise CaseError(f"an appeal makes a decision milder; '{action}' is not milder than '{held}'")
    return action
