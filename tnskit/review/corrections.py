"""What people know better than the data: a value that many share, two accounts that are not one person. The next `link` obeys.

Both are remembered by keyed token, so that the log holds no phone, no network and no second account in clear.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from tnskit.cleaning.keys import keys
from tnskit.cleaning.market import Market
from tnskit.cleaning.tokens import token_of
from tnskit.errors import CaseError, SamePersonError, UsageError
from tnskit.evidence.remembered import account_token
from tnskit.review.desk import Desk, Turn, _number
from tnskit.review.fold import Case
from tnskit.review.policies import day
from tnskit.review.said import said
from tnskit.review.seals import Event

WHY = ("household", "office", "school", "cgnat", "call_centre", "mail_agent", "proxy_number", "other")
"""Who shares a suppressed value. Source: the table `suppressions`."""
_WORD = {"suppressed": "suppression", "dissociated": "dissociation"}
LONGEST = 366 * 2
"""Days that a suppression holds at most; then somebody looks again. Assumption."""


class Corrections(Desk):
    """The steps that the next run of linking obeys."""

    def suppress(
        self, market: Market, shown: str, *, why: str, because: str, until: Any, case: int | str | Case | None = None, by: str | None = None
    ) -> Event:
        """Set a value aside that says nothing: a school's network, a shop's phone.

        Args:
            market: The market that has it.
            shown: The value as it is shown, masked, such as "IP 11.20.30.•".
            why: household, office, school, cgnat, call_centre, mail_agent, proxy_number or other.
            because: How that is known.
            until: The day on which it runs out, at most two years from now; a value changes hands.
            case: The case in which it was seen, if any.
            by: Who says so.

        Raises:
            UsageError: No such value, reason or day.
            WordsError: No reason is given, or it holds a raw identifier.
            KeyMissingError: There is no key to make tokens with.
        """
        if why not in WHY:
            raise UsageError(f"'{str(why)[:20]}' is no reason of this list; it has {', '.join(WHY)}")
        ends, today = day(until), self.now().date()
        if not today < ends <= today + timedelta(days=LONGEST):
            raise UsageError(f"until={ends} should be after {today} and within {LONGEST} days; a value changes hands")
        kind, code = _identifier(market, shown)
        facts = {"kind": kind, "token": token_of(market, code, keys()[0]), "why": why, "because": said(because), "until": ends.isoformat()}
        return self._anywhere("suppressed", case, by, facts)

    def dissociate(self, a: str, b: str, *, because: str, case: int | str | Case | None = None, by: str | None = None) -> Event:
        """Say that two accounts are not one person; it holds once a second person has agreed.

        Args:
            a: One account.
            b: The other.
            because: How that is known.
            case: The case in which it was found, if any.
            by: Who says so.

        Returns:
            The event; a second person agrees with `log.agree(event.n)`.

        Raises:
            UsageError: Twice the same account.
            WordsError: No reason is given, or it holds a raw identifier.
            KeyMissingError: There is no key to make tokens with.
        """
        facts = _apart(a, b) | {"because": said(because, but=[a, b])}
        return self._anywhere("dissociated", case, by, facts)

    def agree(self, n: int, *, because: str = "", by: str | None = None) -> Event:
        """Agree, as a second person, that two accounts are not one person.

        Args:
            n: The number of the event that `dissociate`, or an undone decision, wrote.
            because: What you looked at.
            by: Who agrees.

        Raises:
            CaseError: There is no such event, or it was agreed to or lifted already.
            SamePersonError: Whoever said it cannot agree to it.
        """
        who, words = self._who(by), said(because, empty=True)
        with self._audit.writing():
            found = self._standing("dissociated", n)
            if found.by == who.name:
                raise SamePersonError(f"event {n} was written by '{who.name}'; a second person has to agree to it")
            if any(one.facts["n"] == n for one in self._audit.events(names=("agreed",))):
                raise CaseError(f"event {n} was agreed to already")
            made = self._audit.append("agreed", by=who.name, via=who.via, case=found.case, facts={"n": n, "because": words})
            if found.case and self._read(int(found.case), None).of("undone"):
                settled = {"item": "dissociation", "state": "done", "because": f"two people agreed, events {n} and {made.n}"}
                self._audit.append("restored", by=who.name, via=who.via, case=found.case, facts=settled)
        return made

    def lift(self, n: int, *, because: str, by: str | None = None) -> Event:
        """Take a suppression or a dissociation back.

        Raises:
            CaseError: There is no such event, or it was lifted already.
        """
        who, words = self._who(by), said(because)
        with self._audit.writing():
            found = self._standing(None, n)
            return self._audit.append("lifted", by=who.name, via=who.via, case=found.case, facts={"n": n, "because": words})

    def suppressions(self, *, until: int | None = None) -> pd.DataFrame:
        """Give the values that were set aside.

        Args:
            until: As the log stood at this event; now, if left out.

        Returns:
            DataFrame `n`, `kind`, `token`, `why`, `because`, `by`, `at` (UTC), `expires_at` (UTC).
        """
        told = [
            (one.n, one.facts["kind"], one.facts["token"], one.facts["why"], one.facts["because"], one.by, one.at,
             datetime.fromisoformat(one.facts["until"]).replace(tzinfo=UTC))
            for one in self._stand("suppressed", until)
        ]  # fmt: skip
        return pd.DataFrame(told, columns=["n", "kind", "token", "why", "because", "by", "at", "expires_at"])

    def dissociations(self, *, until: int | None = None) -> pd.DataFrame:
        """Give the pairs that two people said are not one person.

        Args:
            until: As the log stood at this event; now, if left out.

        Returns:
            DataFrame `n`, `token_a`, `token_b`, `part_a`, `part_b` (a few digits that make an account quick to find), `because`,
            `by`, `second`, `at` (UTC); those that wait for a second person have "" there and are not obeyed.
        """
        agreed = {one.facts["n"]: one.by for one in self._audit.events(names=("agreed",), until=until)}
        names = ["token_a", "token_b", "part_a", "part_b", "because"]
        told = [
            (one.n, *(one.facts[name] for name in names), one.by, agreed.get(one.n, ""), one.at)
            for one in self._stand("dissociated", until)
        ]
        return pd.DataFrame(told, columns=["n", *names, "by", "second", "at"])

    def _stand(self, name: str, until: int | None) -> list[Event]:
        lifted = {one.facts["n"] for one in self._audit.events(names=("lifted",), until=until)}
        return [one for one in self._audit.events(names=(name,), until=until) if one.n not in lifted]

    def _standing(self, name: str | None, n: int) -> Event:
        kinds = (name,) if name else ("suppressed", "dissociated")
        for kind in kinds:
            for one in self._stand(kind, None):
                if one.n == n:
                    return one
        raise CaseError(f"event {n} of this log is no {' or '.join(_WORD[kind] for kind in kinds)} that stands")

    def _anywhere(self, event: str, case: int | str | Case | None, by: str | None, facts: dict[str, Any]) -> Event:
        if case is None:
            return self._write(event, by, **facts)
        with self._turn(_number(case), by) as turn:
            return turn.write(event, **facts)

    def _dissociate(self, turn: Turn, a: str, b: str, *, because: str) -> Event:
        return turn.write("dissociated", **_apart(a, b), because=because)


def _identifier(market: Market, shown: str) -> tuple[str, int]:
    found = market.db.cursor().execute("SELECT kind, code FROM main.identifier WHERE shown = ?", [shown]).fetchall()
    if len(found) != 1:
        raise UsageError("no value of this market is shown like that; copy it from the evidence, mask and number included")
    return str(found[0][0]), int(found[0][1])


def _apart(a: str, b: str) -> dict[str, str]:
    """Two accounts by keyed token; the few digits beside each find it quickly among millions and tell nobody which it is."""
    if a == b:
        raise UsageError(f"'{a}' and '{b}' are the same account; two accounts are said to be two people")
    key = keys()[0]
    made: dict[str, str] = {}
    for end, name in (("a", min(a, b)), ("b", max(a, b))):
        part = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:4]
        made |= {f"token_{end}": account_token(name, key), f"part_{end}": part}
    return made
