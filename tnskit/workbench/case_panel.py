"""The panel of a case: what its reader may do next, and only that."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.errors import BlindError, UsageError
from tnskit.review.fold import NEXT, Case
from tnskit.review.policies import ACTIONS, written
from tnskit.review.wording import wording
from tnskit.workbench.form import Panel, banner, banner_html, folded, folded_html, heading, lines

BEFORE_REMOVAL = {
    "against": "I have read what speaks against it",
    "hit": "I have read who and what else would be hit",
    "asked": "The user was asked, or asking would put somebody at risk",
}
"""What is ticked before a removal is proposed."""
READ = {"What speaks against it", "Four explanations", "Who and what else would be hit"}
"""What is unfolded while something is still to be decided."""
LETTERS_IN = [("English", "en"), ("Spanish", "es"), ("Portuguese", "pt")]


_TWO = "A removal in a group is decided by several people together, each in a role of their own."
_DONE = "Decided. Send the letter next; the memo holds everything."
_HALF = f"Your yes is written down; nothing is decided yet. {_TWO}"

FIRST = "Say what the evidence tells you, before you see what was decided on this account and what others think."
LATE = "It was kept back so that it could not colour a verdict. To see it, write down what the evidence alone tells you."
"""What asks for a reading: before a verdict, and of who gave one without it or comes when all is decided."""


class CasePanel(Panel):
    """The panel of a case, for its reader."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case
        self.refresh()

    def __repr__(self) -> str:
        return f"Panel of case {self.case.id} on {self.case.account}: {self.case.state}, for {self.case.reader}"

    def static(self) -> str:
        """Give what it shows where no widget runs."""
        case = self.case
        head = banner_html(f"Case {case.id} on {case.account}: {case.state}. Next: {NEXT[case.state]}.", "")
        return head + "".join(folded_html(title, frame) for title, frame in _evidence(case)) + f"<p>{html.escape(repr(self))}</p>"

    def show(self) -> list[Any]:
        """Give the parts that fit the state of the case and who reads it."""
        case = self.case = self.case.log.case(self.case.id, by=self.case.reader)
        parts: list[Any] = [banner(f"Case {case.id} on {case.account}: {case.state}. Next: {NEXT[case.state]}.", _mood(case))]
        deciding = case.state in {"open", "proposed", "in force", "reviewed", "disputed"}
        parts += [heading("Evidence")]
        parts += [folded(title, frame, open_=deciding and title in READ and len(frame) > 0) for title, frame in _evidence(case)]
        parts += self._reading()
        parts += self._stops()
        parts += self._writing()
        steps: dict[str, Callable[[], list[Any]]] = {
            "open": self._proposing, "proposed": self._waiting, "in force": self._waiting, "reviewed": self._confirming,
            "disputed": self._leading, "decided": self._after, "appealed": self._answering, "overturned": self._undoing,
        }  # fmt: skip
        return [*parts, *steps[case.state]()]

    def _by(self) -> str | None:
        """The reader, as the log wants them: whoever is at the log goes without saying."""
        return None if self.case.reader == self.case.log.by else self.case.reader

    def _reading(self) -> list[Any]:
        if "reputation" in self.case.bundle:
            told = [(one.by, one.facts.get("text", "(held back until a second verdict is given)")) for one in self.case.of("read", "noted")]
            return [folded("What was decided on the account before", self.case.reputation),
                    folded("Readings and notes", pd.DataFrame(told, columns=["by", "says"]))]  # fmt: skip

        def save() -> str:
            self.case.log.read(self.case, self.value("reading"), by=self._by())
            return "Your reading is written down. What was decided before, and what colleagues think, is shown now."

        late = self.case.state in {"decided", "overturned"} or self.case.reader in {one.by for one in self.case.of("proposed", "reviewed")}
        head, asks = ("What was decided on the account before", LATE) if late else ("Your reading", FIRST)
        return [
            heading(head),
            lines(asks),
            self.text("reading", "My reading", hint="What do they share, when, and what could it mean besides one person?"),
            self.button("reading", "Write my reading down", save),
        ]

    def _stops(self) -> list[Any]:
        found = self.case.stops
        shown = found.rename(columns={"clear_by": "who may clear it", "cleared_by": "cleared by", "because": "how"})
        parts = [folded("Hard stops", shown, open_=True, empty="No hard stop was raised.")]
        left = self.case.open_stops()
        if not left:
            return parts

        def clear() -> str:
            code = self.value("stop")
            self.case.log.clear(self.case, code, because=self.value("cleared"), by=self._by())
            return f"Stop {code} is cleared."

        return [
            *parts,
            self.choice("stop", "Clear a stop", left),
            self.text("cleared", "What clears it"),
            self.button("clear", "Clear it", clear),
        ]

    def _writing(self) -> list[Any]:
        def find() -> str:
            wanted = [one.strip() for one in self.value("rests_on").split(",") if one.strip()]
            self.case.log.find(self.case, self.value("fact"), rests_on=wanted, by=self._by())
            return "The fact is written down."

        def note() -> str:
            self.case.log.note(self.case, self.value("note"), by=self._by())
            return "The note is written down."

        def hear() -> str:
            self.case.log.hear(self.case, self.value("heard"), by=self._by())
            return "What the user says is written down."

        told = [(one.at, one.facts["text"]) for one in self.case.of("heard")]
        return [
            heading("Facts, the user's side, notes"),
            folded("Facts", self.case.findings),
            self.text("fact", "A fact", hint="What the account did, and when; no judgment"),
            self.text("rests_on", "It rests on", hint="E1, E3, or the id of a report", long=False),
            self.button("find", "Write the fact down", find),
            *([folded("What the user says", pd.DataFrame(told, columns=["at", "says"]), open_=True)] if told else []),
            self.text("heard", "What the user says", hint="In their words, without numbers or addresses; silence is no proof"),
            self.button("hear", "Write down what the user says", hear),
            self.text("note", "A note"),
            self.button("note", "Write the note down", note),
        ]

    def _proposing(self) -> list[Any]:
        similar = self.case.log.similar(self.case)
        parts = [
            heading("Propose how it ends"), folded("Similar cases and how they ended", similar, open_=len(similar) > 0),
            self.choice("action", "I propose", list(ACTIONS)),
            self.choice("policy", "Rule", rules()), self.text("because", "Because", hint="For somebody outside the team"),
            self.text("others", "Why the others do not hold", hint="The other explanations above: a home or firm, a takeover, chance"),
            self.text("milder", "Why not a milder step"), self.text("money", "Money", long=False), self.text("jobs", "Jobs", long=False),
        ]  # fmt: skip
        care = widgets.VBox([
            lines("A removal is the hardest step. Tick all three, and write the account's id once more.", kind="note"),
            *(self.tick(name, label) for name, label in BEFORE_REMOVAL.items()), self.text("again", "The account's id", long=False),
        ])  # fmt: skip
        self.shown_if("action", "remove", care)
        return [*parts, care, self.button("propose", "Propose", self._propose, style="primary")]

    def _propose(self) -> str:
        plan = {name: self.value(name) for name in ("milder", "others", "money", "jobs") if self.value(name).strip()}
        action = self.value("action")
        if not action or not self.value("policy"):
            raise UsageError("choose first what you propose, and the rule it rests on")
        if action == "remove" and not all(self.value(name) for name in BEFORE_REMOVAL):
            raise UsageError("a removal is the hardest step; tick all three lines when they are true")
        if action == "remove" and self.value("again").strip() != self.case.account:
            raise UsageError("write the id of the account that would be removed once more, as it stands at the top")
        self.case.log.propose(self.case, action, policy=self.value("policy"), because=self.value("because"), plan=plan, by=self._by())
        return f"Proposed: {action}. Somebody else reads the case now, without your verdict."

    def _waiting(self) -> list[Any]:
        try:
            mine = self.case.proposal
        except BlindError:
            return self._reviewing()
        assert mine is not None
        parts = [heading("Your proposal"), lines(f"{mine.facts['action']}, rule {mine.facts['policy']}: {mine.facts['because']}")]
        if self.case.state == "in force":
            return [*parts, lines("It is in force; a second person looks at it in time.", kind="note"), *self._after()]
        parts += [self.button("confirm", "Confirm (where no second person is needed)", self._confirm)]

        def back() -> str:
            self.case.log.withdraw(self.case, because=self.value("back"), by=self._by())
            return "The proposal is taken back."

        return [*parts, self.text("back", "Take it back because", long=False), self.button("withdraw", "Take it back", back)]

    def _reviewing(self) -> list[Any]:
        def give() -> str:
            verdict, told = self.value("verdict"), interest_told(self)
            if not verdict:
                raise UsageError("choose first what you would do")
            self.case.log.review(self.case, verdict=verdict, because=self.value("why"), conflict=told, by=self._by())
            return f"Your verdict is written down: {verdict}. Both can be read now."

        return [
            heading("Your verdict"),
            lines("Somebody has proposed how this case ends. You see their verdict after you have given yours, from the same evidence."),
            *interest(self), self.choice("verdict", "I would", list(ACTIONS)), self.text("why", "Because"),
            self.button("review", "Give my verdict", give),
        ]  # fmt: skip

    def _confirm(self) -> str:
        made = self.case.log.confirm(self.case, by=self._by())
        return _HALF if made.state == "reviewed" else _DONE

    def _confirming(self) -> list[Any]:
        told = [
            (one.by, one.facts.get("action") or one.facts["verdict"], one.facts["because"]) for one in self.case.of("proposed", "reviewed")
        ]
        both = folded("Both verdicts", pd.DataFrame(told, columns=["by", "verdict", "because"]), open_=True)
        return [
            heading("Confirm"),
            both,
            *self._half(),
            self.tick("sure", "I have read both"),
            self.button("confirm", "Confirm the decision", self._sure),
        ]

    def _half(self) -> list[Any]:
        """Who has said yes already, where it takes two."""
        return [lines(f"{one.by} said yes to '{one.facts['action']}'. {_TWO}", kind="note") for one in self.case.backed]

    def _sure(self) -> str:
        if not self.value("sure"):
            raise UsageError("tick that you have read both verdicts")
        return self._confirm()

    def _leading(self) -> list[Any]:
        def lead() -> str:
            made = self.case.log.lead(self.case, verdict=self.value("verdict"), because=self.value("why"), by=self._by())
            return _HALF if made.state == "disputed" else "Decided by the lead."

        told = [
            (one.by, one.facts.get("action") or one.facts["verdict"], one.facts["because"]) for one in self.case.of("proposed", "reviewed")
        ]
        both = folded("Both verdicts", pd.DataFrame(told, columns=["by", "verdict", "because"]), open_=True)
        return [heading("A lead decides"), both, *self._half(), self.choice("verdict", "I decide", list(ACTIONS)),
                self.text("why", "Because"), self.button("lead", "Decide", lead)]  # fmt: skip

    def _after(self) -> list[Any]:
        def appeal() -> str:
            self.case.log.appeal(self.case, grounds=self.value("grounds"), by=self._by())
            return "The appeal is taken in; its clock has started."

        def undo() -> str:
            made = self.case.log.undo(self.case, because=self.value("wrong"), by=self._by())
            if made.state != "overturned":
                return "Written down. There is a report about safety, so a second person has to ask for it too."
            return "The decision is overturned. What has to be put right is listed now."

        def sent() -> str:
            name, lang = self.value("letter"), self.value("lang")
            if not name or not lang:
                raise UsageError("choose the letter that was sent, and its language")
            self.case.log.letter(self.case, name, lang=lang, by=self._by())
            return f"Written down: {name} was sent."

        letters = [(f"{code}  {one.title}", code.partition("-")[0]) for code, one in wording("en").templates.items()]
        told = [(one.at, one.facts.get("name", ""), one.facts.get("lang", "")) for one in self.case.of("letter")]
        return [
            heading("After the decision"),
            folded("Letters", pd.DataFrame(told, columns=["at", "letter", "language"]), open_=bool(told)),
            self.choice("letter", "A letter was sent", letters), self.choice("lang", "In", LETTERS_IN),
            self.button("sent", "Write down that it was sent", sent),
            self.text("grounds", "The user appeals"), self.button("appeal", "Take the appeal in", appeal),
            self.text("wrong", "We were wrong because"), self.button("undo", "Undo the decision", undo),
        ]  # fmt: skip

    def _answering(self) -> list[Any]:
        def answer() -> str:
            action = self.value("action") or None
            self.case.log.answer(self.case, outcome=self.value("outcome"), because=self.value("why"), action=action, by=self._by())
            return "The appeal is answered."

        outcomes = ["upheld", "modified", "overturned", "withdrawn"]
        parts = [
            heading("Answer the appeal"), lines(self.case.of("appealed")[-1].facts["grounds"]),
            self.choice("outcome", "Outcome", outcomes), self.choice("action", "Modified to", list(ACTIONS)),
            self.text("why", "Because"), self.button("answer", "Answer", answer),
        ]  # fmt: skip
        self.shown_if("outcome", "modified", self.fields["action"])
        return parts

    def _undoing(self) -> list[Any]:
        def restore() -> str:
            item = self.value("item")
            self.case.log.restore(self.case, item, because=self.value("how"), applies=not self.value("not"), by=self._by())
            return f"Settled: {item.replace('_', ' ')}."

        left = [(item.replace("_", " "), item) for item in self.case.undo.loc[self.case.undo["state"] == "to do", "item"]]
        shown = self.case.undo.assign(item=self.case.undo["item"].str.replace("_", " "))
        parts = [heading("What has to be put right"), folded("The list", shown, open_=True), *self._two_people()]
        fields = [self.choice("item", "Settle", left), self.text("how", "What was done"), self.tick("not", "It does not apply here"),
                  self.button("restore", "Settle it", restore)]  # fmt: skip
        return [*parts, *(fields if left else [])]

    def _two_people(self) -> list[Any]:
        """What waits for a second person: that the two accounts are not one."""
        known = self.case.log.dissociations()
        mine = known[known["n"].isin([one.n for one in self.case.of("dissociated")]) & (known["second"] == "")]
        if mine.empty:
            return []
        row = next(iter(rows(mine)))

        def agree() -> str:
            self.case.log.agree(int(row.n), because=self.value("looked"), by=self._by())
            return "Two people agree; the next run of linking keeps the two accounts apart."

        names = f"{self.case.account} and {self.case.bundle['basis']['b']}"
        return [
            lines(f"{row.by} says that {names} are not one person: {row.because} It holds once somebody else agrees."),
            self.text("looked", "What I looked at", long=False), self.button("agree", "I agree that they are two people", agree),
        ]  # fmt: skip


def interest(shown: Panel) -> list[Any]:
    """Ask for an interest in the case; what it is, is asked only after a yes."""
    parts = [
        shown.choice("interest", "An interest in it?", [("no", "no"), ("yes, namely", "yes")]),
        shown.text("which", "Which", long=False),
    ]
    shown.shown_if("interest", "yes", shown.fields["which"])
    return parts


def interest_told(shown: Panel) -> str:
    """Give the interest as the log takes it.

    Raises:
        UsageError: Nothing was chosen, or not which.
    """
    if not shown.value("interest"):
        raise UsageError("say first whether you have an interest in this case: a friend, a rival, a job of your own")
    if shown.value("interest") == "no":
        return "none"
    if not shown.value("which").strip():
        raise UsageError("say which interest it is; somebody else then goes on with the case")
    return str(shown.value("which"))


def _mood(case: Case) -> str:
    return "stop" if case.open_stops() else "proceed" if case.state in {"reviewed", "decided"} else "ask"


def _evidence(case: Case) -> list[tuple[str, pd.DataFrame]]:
    """The tables of the frozen evidence, what speaks against it before what speaks for it."""
    bundle = case.bundle
    basis, told = bundle["basis"], case.evidence
    pieces = told[["id", "kind", "shown", "counted", "accounts", "reading"]] if len(told) else pd.DataFrame()
    head = f"The link to {basis['b']}: {basis['label']}, {basis['score']:g} points" if basis else "No link"
    signs = pd.DataFrame(bundle["takeover"]["signs"], columns=["sign", "found", "since", "what"])
    return [
        ("What speaks against it", pd.DataFrame(bundle["against"], columns=["about", "what", "points"])),
        (
            "Four explanations",
            pd.DataFrame(bundle["explanations"], columns=["explanation", "speaks for it", "speaks against it", "would settle it"]),
        ),
        (head, pieces),
        ("The earlier removal", pd.DataFrame(bundle["evasion"], columns=["question", "holds", "why"])),
        ("Signs of a takeover", signs[signs["found"]].drop(columns="found")),
        ("Who and what else would be hit", pd.DataFrame(bundle["collateral"], columns=["what", "count", "detail"])),
        ("What would follow", pd.DataFrame(bundle["what_if"], columns=["what", "accounts", "detail"])),
        ("Not found for this account", pd.DataFrame({"kind": bundle["not_found"]})),
    ]


def rules() -> list[tuple[str, str]]:
    """Give every rule with its title, to choose from."""
    return [(f"{one.code}  {one.title}", one.code) for one in written()]
