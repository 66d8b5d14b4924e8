"""The rules of a log: who holds which role, which policy is in force, who may decide what; each change is an event with a day."""

from __future__ import annotations

from typing import Any

from tnskit.errors import AuthorityError, UsageError
from tnskit.review.authority import LIMITS, changes_of, check_change, known
from tnskit.review.desk import Desk
from tnskit.review.person import plain
from tnskit.review.policies import Policy, changed, day, in_force
from tnskit.review.said import said
from tnskit.review.seals import Event


class Rulebook(Desk):
    """The rules that decisions are judged by."""

    def policy(self, code: str, *, on: Any = None) -> Policy:
        """Give the version of a policy that was in force on a day; today's if none is told."""
        changes = [one.facts for one in self._audit.events(names=("policy",))]
        return in_force(code, day(on) if on is not None else self.now().date(), changes=changes)

    def appoint(self, name: str, *roles: str, by: str | None = None) -> Event:
        """Say which roles somebody holds; from the first appointment on, roles are asked for.

        Args:
            name: Who.
            *roles: specialist, senior, lead; payments, safety, security, legal, policy, operations, reader. None takes all away.
            by: Who says so: a lead, but for the first, which has to make a lead.

        Raises:
            AuthorityError: It is not for them to say, or the first one is no lead.
            UsageError: No such role.
        """
        held, who, told = [known(role) for role in roles], self._who(by), plain(name)
        with self._audit.writing():
            staff = self.staff
            if not staff.roles and "lead" not in held:
                raise AuthorityError("the first appointment makes a lead; who else would make the next")
            staff.need(who.name, ("lead",), "an appointment")
            leads = {name for name, theirs in staff.roles.items() if "lead" in theirs}
            if leads == {told} and "lead" not in held:
                raise AuthorityError(f"'{told}' is the only lead; appoint another before")
            return self._audit.append("appointed", by=who.name, via=who.via, case="", facts={"name": told, "roles": held})

    def change_policy(self, code: str, *, since: Any, because: str, by: str | None = None, **new: Any) -> Event:
        """Change a policy from a day on; earlier incidents keep the version of their day.

        Args:
            code: The policy, such as "PAY-02".
            since: The day from which the new version holds.
            because: Why.
            by: Who says so: somebody for policies, or a lead.
            **new: What is new: `title`, `line`, `severity`, `ladder` (list of actions), `words`, `rests_on`, `strike`.

        Raises:
            UsageError: There is no such policy, part or day.
            AuthorityError: It takes another role.
        """
        words = said(because)
        change = {"code": code, "from": day(since).isoformat(), "because": words} | {
            key: [said(str(one), what=key) for one in value]
            if key == "ladder"
            else said(value, what=key)
            if isinstance(value, str)
            else value
            for key, value in new.items()
        }
        changed(self.policy(code, on=since), change)
        self.staff.need(self._who(by).name, ("policy", "lead"), "changing a policy")
        return self._write("policy", by, **change)

    def change_limits(self, name: str, *, since: Any, because: str, by: str | None = None, **new: Any) -> Event:
        """Change from a day on who may decide something, when a second person is needed, or what runs out when.

        What was decided before stays as it was; each decision keeps the day of the table that it was judged by.

        Args:
            name: The line of `log.authority()`: an action such as "restrict", a stop such as "H6", "appeal" or "review".
            since: The day from which it holds, today at the earliest.
            because: Why.
            by: Who says so: somebody for policies, or a lead.
            **new: What is new. Of an action `who`, `group_who`, `second`, `within_hours`, `within_days`, `expires_hours`, `expires_days`,
                `strike`, `says`; of a stop `clear`, the roles that may clear it; of "appeal" `open_days`, `reply_days`, `most`, `who`,
                `second_who`; of "review" `sample_of`, `reviewer_per_accounts`.

        Raises:
            UsageError: There is no such line or part, the day is over, or a removal would lose its second person.
            AuthorityError: It takes another role.
        """
        words, begins = said(because), day(since)
        if begins < self._today():
            raise UsageError(f"since={begins} is over; what was decided by then was judged by what held, so limits change from today on")
        if not new:
            raise UsageError("say what is new, such as expires_days=7")
        with self._audit.writing():
            check_change(name, new, on=begins, changes=changes_of(self._audit))
            self.staff.need(self._who(by).name, ("policy", "lead"), "changing a limit")
            told = {key: said(value, what=key) if key == "says" else value for key, value in new.items()}
            return self._write(LIMITS, by, **{"name": name, "from": begins.isoformat(), "because": words, "new": told})
