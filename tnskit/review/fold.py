"""What a case is: a fold over its events, as far as its reader may see them yet.

Two things are held back. The first verdict is shown to nobody but its author until a second person has given theirs. What was
decided on the account before, and what colleagues think of it, is shown to a reader who has written a reading of the evidence.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.errors import BlindError
from tnskit.review.seals import Event
from tnskit.review.stops import CODES

HELD = "held back"
"""The one fact of an event that its reader may not see yet; it says why."""
FIRST, OTHERS = (
    "the first verdict is shown after a second one is given",
    "what others think, and what was decided before, is shown after your own reading",
)
_VERDICTS = {"proposed", "confirmed", "withdrew", "letter"}
_AFTER = {"confirmed", "letter"}
_VIEWS = {"noted", "read"}
_FOLDED = {"reputation", "suspended_by"}

UNDO = {
    "account": "the account works again",
    "rank": "its rank in search and lists is what it was",
    "badges": "badges are back",
    "reviews": "reviews written and received are back",
    "jobs": "jobs that were cancelled by it are offered again, or settled with both sides",
    "payouts": "money held is paid",
    "lead_fees": "fees for leads it could not use are given back",
    "deny_lists": "its phones, cards and devices are off every deny list",
    "linked_accounts": "accounts hit by the same finding are looked at again",
    "strikes": "the decision no longer counts against it",
    "dissociation": "the log holds that the two are not one person",
    "apology": "a letter says that we were wrong",
    "calibration": "the case goes to the next calibration",
}
"""What has to be put right when a decision is overturned. Source: the undo list of the practice table."""


NEXT = {
    "open": "write a reading, clear what can be cleared, propose",
    "proposed": "a second person gives a verdict, or the author confirms what needs none",
    "reviewed": "confirm, once no stop is open; a removal in a group takes two people for that",
    "disputed": "a lead decides",
    "in force": "a second person looks at it in time",
    "decided": "send the letter; wait for an appeal",
    "appealed": "somebody who had no part answers the appeal",
    "overturned": "put right what is on the undo list",
}
"""What comes next in each state."""


def sampled(first: Event, one_in: int) -> bool:
    """Tell whether a case is one of the few without a second person that one looks at all the same; its first seal draws the lot."""
    return int(first.seal[:12], 16) % one_in == 0


def state(events: tuple[Event, ...]) -> str:
    """Give the one word for where a case stands."""
    now, agreed = "open", False
    for one in events:
        if one.event == "proposed":
            now, agreed = "proposed", False
        elif one.event == "withdrew":
            now = "open"
        elif one.event == "reviewed":
            agreed = bool(one.facts["agrees"])
            held = now in {"in force", "decided"}
            now = "disputed" if not agreed else "decided" if held else "reviewed"
        elif one.event == "confirmed":
            now = "in force" if one.facts["second_by"] and not agreed else "decided"
        elif one.event == "led":
            now = "decided"
        elif one.event == "appealed":
            now = "appealed"
        elif one.event == "answered":
            now = "overturned" if one.facts["outcome"] == "overturned" else "decided"
        elif one.event == "undone":
            now = "overturned"
    return now


def blind(events: tuple[Event, ...]) -> bool:
    """Tell whether the first verdict is still to be held back."""
    now = state(events)
    if now in {"proposed", "in force"}:
        return True
    last = [one for one in events if one.event in {"confirmed", "reviewed", "answered"}]
    return now == "decided" and bool(last[-1].facts.get("drawn"))


def shown(events: tuple[Event, ...], reader: str, mine: Collection[int]) -> tuple[str, tuple[Event, ...]]:
    """Give where a case stands, and its events with what their reader may not see yet held back; it is not in what is given.

    A case without a second person that was drawn by lot looks to its second reader as if nothing was decided, for only what is mildest
    is drawn.

    Args:
        events: Those of one case.
        reader: Who asks.
        mine: The places of those that the reader wrote, as far as that is known.
    """
    now, verdicts = state(events), [one for one in events if one.event == "proposed"]
    # a proposal that was taken back stays its author's own, for they may make it again
    hidden = bool(verdicts) and verdicts[-1].n not in mine and (blind(events) or now == "open")
    drawn = hidden and now == "decided"
    has_read = any(one.event == "read" and one.n in mine for one in events)
    authors = {one.by for one in verdicts}
    told = []
    for one in events:
        if drawn and one.event in _AFTER:
            continue
        if hidden and (one.event in _VERDICTS or (one.event in _VIEWS and one.by in authors)) and one.n not in mine:
            one = replace(one, facts={HELD: FIRST}, seal="", after="")
        elif not has_read and one.event in _VIEWS and one.by != reader:
            one = replace(one, facts={HELD: OTHERS}, seal="", after="")
        elif not has_read and one.event == "opened":
            bundle = {key: value for key, value in one.facts["bundle"].items() if key not in _FOLDED}
            one = replace(one, facts={**one.facts, "bundle": bundle})
        told.append(one)
    return "proposed" if drawn else now, tuple(told)


@dataclass(frozen=True, eq=False)
class Case:
    """A case, as one reader sees it.

    Attributes:
        id: Its number in the log.
        account: The account it is about.
        state: open, proposed, in force, reviewed, disputed, decided, appealed or overturned.
        reader: Who reads it.
        events: What happened, oldest first; some facts may be held back.
        head: The head of the log when this was read.
        log: The log it stands in.
    """

    id: int
    account: str
    state: str
    reader: str
    events: tuple[Event, ...] = field(repr=False)
    head: str = field(repr=False)
    log: Any = field(repr=False)

    def of(self, *names: str) -> tuple[Event, ...]:
        """Give the events with one of these names."""
        return tuple(one for one in self.events if one.event in names)

    @property
    def bundle(self) -> Mapping[str, Any]:
        """The evidence as it was frozen when the case was opened; see `freeze`."""
        found: Mapping[str, Any] = self.events[0].facts["bundle"]
        return found

    @property
    def names(self) -> list[str]:
        """The accounts that it speaks of."""
        basis = self.bundle["basis"]
        return list(dict.fromkeys([self.account, *self.bundle["group"], *([basis["b"]] if basis else [])]))

    @property
    def opened(self) -> Event:
        """How it began: `trigger`, `policy`, `version`, `incident`, `conflict`, `sha256` of the evidence."""
        return self.events[0]

    @property
    def proposal(self) -> Event | None:
        """The proposal that stands: `action`, `policy`, `version`, `because`, `plan`; None without one.

        Raises:
            BlindError: It is somebody else's, and no second verdict was given yet.
        """
        made = self.of("proposed")
        if not made or (self.of("withdrew") and self.of("withdrew")[-1].n > made[-1].n):
            return None
        if HELD in made[-1].facts:
            raise BlindError(
                f"case {self.id}: the first verdict is shown to '{self.reader}' after a second one is given; write yours with log.review"
            )
        return made[-1]

    @property
    def reviews(self) -> tuple[Event, ...]:
        """Second verdicts: `verdict`, `because`, `agrees`."""
        return self.of("reviewed")

    @property
    def backed(self) -> tuple[Event, ...]:
        """Who has said yes to a decision that takes several people, and waits for the others: `action`, `together`."""
        verdicts = self.of("proposed", "reviewed")
        return tuple(one for one in self.of("backed") if one.n > verdicts[-1].n)

    @property
    def decision(self) -> Mapping[str, Any] | None:
        """What holds: `action`, `policy`, `version`, `by`, `at`; None while nothing is decided.

        Raises:
            BlindError: It is somebody else's, in force, and no second verdict was given yet.
        """
        last = self.of("confirmed", "led", "answered")
        settled = [one for one in last if one.event != "answered" or "action" in one.facts]
        if not settled or self.proposal is None:
            return None
        one = settled[-1]
        known = self.proposal.facts
        return {"action": one.facts["action"], "policy": known["policy"], "version": known["version"], "by": one.by, "at": one.at,
                "expires": one.facts.get("expires")}  # fmt: skip

    @property
    def reputation(self) -> pd.DataFrame:
        """What was decided on the account before: DataFrame `at`, `account`, `what`, `counts`, `why`.

        Raises:
            BlindError: The reader has not written a reading of the evidence yet.
        """
        if "reputation" not in self.bundle:
            raise BlindError(f"case {self.id}: write your reading of the evidence first, with log.read; {OTHERS}")
        return pd.DataFrame(self.bundle["reputation"], columns=["at", "account", "what", "counts", "why"])

    @property
    def evidence(self) -> pd.DataFrame:
        """The pieces of the link that the case rests on, E1 and on: DataFrame, as `Links.evidence` with `id` in front."""
        basis = self.bundle["basis"]
        return pd.DataFrame(basis["evidence"] if basis else [])

    @property
    def stops(self) -> pd.DataFrame:
        """DataFrame `code`, `why`, `clear_by`, `cleared_by`, `because`: every hard stop, and who cleared it."""
        cleared = {one.facts["code"]: one for one in self.of("cleared")}
        lines = []
        for row in self.bundle["stops"]:
            done = cleared.get(row["code"])
            lines.append((row["code"], row["why"], row["clear_by"], done.by if done else "", done.facts["because"] if done else ""))
        return pd.DataFrame(lines, columns=["code", "why", "clear_by", "cleared_by", "because"])

    def open_stops(self, rests_on: str = "link") -> list[str]:
        """Give the stops that are not cleared; where a removal rests on conduct, those about the link do not count."""
        found = self.stops
        left = dict.fromkeys(found.loc[found["cleared_by"] == "", "code"])
        return [code for code in left if rests_on == "link" or CODES[code].about == "account"]

    @property
    def findings(self) -> pd.DataFrame:
        """DataFrame `number`, `fact`, `rests_on` (list), `at`, `by`: what was found, as facts."""
        told = [
            (number, one.facts["fact"], one.facts["rests_on"], one.facts["on"], one.by) for number, one in enumerate(self.of("found"), 1)
        ]
        return pd.DataFrame(told, columns=["number", "fact", "rests_on", "at", "by"])

    @property
    def undo(self) -> pd.DataFrame:
        """DataFrame `item`, `what`, `state` (to do, done, does not apply), `by`, `because`: what has to be put right; else empty."""
        columns = ["item", "what", "state", "by", "because"]
        if not self.of("undone"):
            return pd.DataFrame(columns=columns)
        done = {one.facts["item"]: one for one in self.of("restored")}
        lines = []
        for item, what in UNDO.items():
            one = done.get(item)
            lines.append((item, what, one.facts["state"] if one else "to do", one.by if one else "", one.facts["because"] if one else ""))
        return pd.DataFrame(lines, columns=columns)

    @property
    def history(self) -> pd.DataFrame:
        """DataFrame `n`, `at`, `by`, `event`, `said`: everything in order, in words."""
        return pd.DataFrame(
            [(one.n, one.at, one.by, one.event, said_in(one)) for one in self.events], columns=["n", "at", "by", "event", "said"]
        )

    def __str__(self) -> str:
        lines = [f"Case {self.id} on {self.account}: {self.state}", *(f"  {line}" for line in self._lines())]
        return "\n".join(lines)

    def _lines(self) -> list[str]:
        stops = self.stops
        lines = []
        for row in rows(stops):
            done = f"cleared by {row.cleared_by}: {row.because}" if row.cleared_by else f"open; {row.clear_by}"
            lines.append(f"{row.code}  {row.why} -> {done}")
        told = [one for one in self.events if one.event not in {"opened", "cleared"}]
        return [*lines, *(f"{one.by} {_DONE.get(one.event, one.event)}: {said_in(one)}" for one in told)]

    def _repr_html_(self) -> str:
        head, *rest = str(self).splitlines()
        items = "".join(f"<li>{html.escape(line.strip())}</li>" for line in rest)
        return f"<p><b>{html.escape(head)}</b></p><ul>{items}</ul>"


_DONE = {
    "assigned": "handed it on", "declared": "declared", "noted": "noted", "read": "read the evidence", "found": "found",
    "heard": "wrote down",
    "backed": "said yes to it",
    "proposed": "proposed", "withdrew": "took the proposal back", "reviewed": "came to", "confirmed": "confirmed", "led": "decided as lead",
    "letter": "sent a letter", "reveal": "looked at a raw value", "appealed": "took in an appeal", "answered": "answered the appeal",
    "undone": "undid it", "asked": "asked to undo it", "restored": "put right", "suppressed": "set a value aside",
    "dissociated": "said that two are not one person", "agreed": "agreed",
}  # fmt: skip
_MAIN = ("action", "verdict", "outcome", "item", "name", "kind", "code", "to")


def said_in(one: Event) -> str:
    """Give an event in one line."""
    if HELD in one.facts:
        return f"({one.facts[HELD]})"
    if one.event == "opened":
        return str(one.facts["trigger"] or "opened")
    main = next((str(one.facts[key]) for key in _MAIN if one.facts.get(key)), "")
    words = next((str(one.facts[key]) for key in ("because", "fact", "text", "grounds", "conflict") if one.facts.get(key)), "")
    return ": ".join(part for part in (main, " ".join(words.split())) if part)
