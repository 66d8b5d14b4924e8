"""The panel of a dispute: both statements side by side, the timeline, the option sheet, the offers, and the step that comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import ipywidgets as widgets
import pandas as pd

from tnskit.cleaning.market import Market
from tnskit.errors import UsageError
from tnskit.review.clocks import effects
from tnskit.review.correspondence import letter
from tnskit.review.dispute_sheets import joined
from tnskit.review.disputes import Dispute
from tnskit.review.mediator import HIGHER, QUESTIONS
from tnskit.review.standing import PARTIES
from tnskit.review.telling import Line
from tnskit.review.wording import wording
from tnskit.workbench.dispute_picture import picture
from tnskit.workbench.form import banner, banner_html, folded, folded_html, heading, lines
from tnskit.workbench.line_form import LinePanel

NEXT = {
    "triage": "Is anybody in danger, was an account taken over, is it fraud? Then it leaves mediation.",
    "talk": "Give both sides 48 hours to talk, unless they should not; then ask both the same questions.",
    "statements": "Write down what each side answers; remind once; silence is written down, not guessed.",
    "timeline": "Add facts with their source: agreed, disputed or unknown. Then share the timeline with both.",
    "options": "Put ways out on the option sheet. Then pass on the first offer.",
    "offers": "Pass offers on, three rounds at most; or decide with reasons.",
    "signing": "Both accept in writing.",
    "follow-up": "Ask both on day 7 and on day 30.",
    "closed": "Nothing is left to do.",
    "withdrawn": "Nothing is left to do.",
    "away": "Safety, account security, a case of its own, or whoever it was handed to goes on from here.",
}
_ENDS = ("triage", "talk", "statements", "timeline", "options", "offers", "signing")
_OPEN = ("Clocks", "Both statements", "Option sheet", "Offers")
_FITS = "the one that fits this step"
_LANGUAGES = [("English", "en"), ("Spanish", "es"), ("Portuguese", "pt")]


class DisputePanel(LinePanel):
    """The panel of a dispute.

    Args:
        dispute: What `mediate` gave.
        market: The market that knows the job, for the timeline; that of the dispute if left out.
    """

    def __init__(self, dispute: Dispute, *, market: Market | None = None) -> None:
        super().__init__()
        self.dispute = dispute if market is None else replace(dispute, market=market)
        self.letter: Any = None
        self.terms: list[Line] = []
        self.refresh()

    @property
    def currency(self) -> str:
        """The currency of the job."""
        return self.dispute.standing.currency

    def __repr__(self) -> str:
        return f"Panel of dispute {self.dispute.id}: {self.dispute.outcome or self.dispute.step}"

    def static(self) -> str:
        """Give what it shows where no widget runs."""
        tables = "".join(folded_html(title, frame, open_=title in _OPEN) for title, frame in self._tables())
        return banner_html(self._head(), "") + tables + picture(self.dispute)

    def show(self) -> list[Any]:
        """Give the parts: what is known, then the step that comes next, then the letter."""
        self.dispute = self.dispute.again()
        late = "late" in set(self.dispute.clocks["state"])
        parts: list[Any] = [
            banner(self._head(), "ask" if late else "proceed" if self.dispute.outcome else ""),
            lines(NEXT[self.dispute.step]),
        ]
        parts += [folded(title, frame, open_=title in _OPEN) for title, frame in self._tables()]
        parts += [heading("What happened when"), widgets.HTML(picture(self.dispute))]
        steps = {
            "triage": self._triage,
            "talk": self._talk,
            "statements": self._hearing,
            "timeline": self._facts,
            "options": self._options,
            "offers": self._offers,
            "signing": self._signing,
            "follow-up": self._following,
        }
        parts += steps[self.dispute.step]() if self.dispute.step in steps else []
        parts += self._leaving() if self.dispute.step in _ENDS else []
        return [*parts, *self._referring(), *self._letter()]

    def _head(self) -> str:
        wanted = str(self.dispute.standing.opened["wanted"])
        return f"Dispute {self.dispute.id}, job {self.dispute.job}: {self.dispute.outcome or self.dispute.step}." + (
            f" Wanted: {wanted}" if wanted else ""
        )

    def _tables(self) -> list[tuple[str, pd.DataFrame]]:
        found = self.dispute
        return [
            ("Intake", found.sheet("intake")),
            ("Clocks", found.clocks[["step", "party", "local", "state"]].rename(columns={"local": "until, on their clock"})),
            ("Both statements", found.statements if found.standing.statements or found.standing.silent else pd.DataFrame()),
            ("Facts", found.facts),
            ("Option sheet", found.sheet("options")),
            ("Offers", found.sheet("offers")),
            ("Guarantees in force on the day of the job", found.sheet("guarantees")),
            ("Law and rules that hold for this job", found.sheet("notices")),
        ]

    def _press_step(self, done: Dispute, words: str) -> str:
        self.dispute = done
        self.letter = None
        self.terms = []
        return words

    def _step(self, name: str, label: str, do: Any, words: str, style: str = "primary") -> Any:
        return self.button(name, label, lambda: self._press_step(do(), words), style=style)

    def _triage(self) -> list[Any]:
        to = [("into mediation", "mediation"), ("to safety", "safety"), ("to fraud", "fraud"), ("to account security", "takeover")]
        return [
            heading("Triage"),
            self.choice("to", "Where it goes", to),
            self.tick("no_contact", "The sides should not talk directly"),
            self.text("because", "Because"),
            self._step(
                "triage",
                "Write it down",
                lambda: self.dispute.triage(
                    self._chosen("to", "where it goes"), because=self.value("because"), no_contact=self.value("no_contact")
                ),
                "It is written down.",
            ),
        ]

    def _talk(self) -> list[Any]:
        parts = [heading("Direct talk")]
        if not self.dispute.standing.no_contact:
            parts += [
                self.tick("settled", "They settled it themselves"),
                self.text("because", "How it went"),
                self._step(
                    "talked",
                    "Write down how it ended",
                    lambda: self.dispute.talked(settled=self.value("settled"), because=self.value("because")),
                    "How their talk ended is written down.",
                ),
            ]
        ask = self._step(
            "ask", "Ask both sides the same questions", lambda: self.dispute.ask(), "Both sides were asked; their clocks run.", ""
        )
        return [*parts, ask]

    def _hearing(self) -> list[Any]:
        asked = wording("en").lines["question"]
        parts = [heading("A statement"), self.choice("party", "Whose", _same(PARTIES))]
        parts += [self.text(name, asked[name]) for name in QUESTIONS]

        def hear() -> Dispute:
            answers = {name: self.value(name) for name in QUESTIONS if self.value(name).strip()}
            return self.dispute.hear(self._chosen("party", "whose statement this is"), answers)

        def party() -> str:
            return self._chosen("party", "which side")

        return [
            *parts,
            self._step("hear", "Keep the statement", hear, "The statement is kept."),
            self._step("remind", "Remind this side", lambda: self.dispute.remind(party()), "The reminder is written down.", ""),
            self._step("silent", "This side did not answer", lambda: self.dispute.silent(party()), "The silence is written down.", ""),
        ]

    def _facts(self) -> list[Any]:
        told = wording("en").lines
        known = {kind: text for kind, text in told["fact"].items() if "{count}" not in text}
        parts = [heading("A fact"), *self.line_fields("fact", known)]
        parts += [
            self.choice("standing", "Standing", _same(told["standing"])),
            self.choice("from", "Source", [(v, k) for k, v in told["source"].items()]),
        ]

        def add() -> Dispute:
            return self.dispute.fact(
                self.typed_line("fact"), standing=self._chosen("standing", "a standing"), source=self._chosen("from", "a source")
            )

        return [
            *parts,
            self._step("fact", "Add the fact", add, "The fact stands on the timeline."),
            self._step("share", "The timeline went to both", lambda: self.dispute.share(), "Both have the same timeline.", ""),
        ]

    def _options(self) -> list[Any]:
        add = self._step("option", "Put it on the option sheet", lambda: self.dispute.option(self._way()), "It is on the sheet.", "")
        return [
            heading("A way out, or an offer"),
            *self._terms(),
            add,
            *self._offering(),
            *self._deciding(),
        ]

    def _offers(self) -> list[Any]:
        if self.dispute.standing.open_offer(self.dispute.now()) is None:
            return self._options()
        return [
            heading("The reply"),
            self.choice("party", "Who replies", _same(PARTIES)),
            self.choice("reply", "Reply", _same(("yes", "no", "counter"))),
            self.text("words", "In their words"),
            self._step(
                "answer",
                "Write the reply down",
                lambda: self.dispute.answer(
                    self._chosen("party", "who replies"), self._chosen("reply", "a reply"), words=self.value("words")
                ),
                "The reply is written down.",
            ),
        ]

    def _terms(self) -> list[Any]:
        """The fields of a way out: one line, or several of them put together."""

        def another() -> str:
            self.terms.append(self.typed_line("term"))
            return "Kept; add the next line, or use what is there."

        def clear() -> str:
            self.terms = []
            return "The lines are gone."

        told = joined(self.terms, self.dispute.teller())
        kept = [lines(f"So far: {told}"), self.button("clear", "Begin anew", clear)] if self.terms else []
        return [*kept, *self.line_fields("term", _terms()), self.button("another", "And one more line to it", another)]

    def _way(self) -> list[Line]:
        typed = self.value("term") or self.value("term_text").strip()
        return [*self.terms, *([self.typed_line("term")] if typed or not self.terms else [])]

    def _offering(self) -> list[Any]:
        return [
            self.choice("party", "Who offers it", _same(PARTIES)),
            self._step(
                "offer",
                "Pass it on as an offer",
                lambda: self.dispute.offer(self._chosen("party", "who offers"), self._way()),
                "The offer is passed on; its clock runs.",
            ),
        ]

    def _deciding(self) -> list[Any]:
        return [
            heading("Or a reasoned decision, on the way out above"),
            self.text("because", "Because"),
            self.text("could_change", "What could change it"),
            self._step(
                "decide",
                "Decide",
                lambda: self.dispute.decide(self._way(), because=self.value("because"), could_change=self.value("could_change")),
                "The decision is written down.",
                "warning",
            ),
        ]

    def _signing(self) -> list[Any]:
        return [
            heading("Acceptance in writing"),
            self.choice("party", "Who accepts", _same(PARTIES)),
            self.text("words", "In their words"),
            self._step(
                "sign", "Keep it", lambda: self.dispute.sign(self._chosen("party", "who accepts"), words=self.value("words")), "It is kept."
            ),
            *self._terms(),
            *self._deciding(),
        ]

    def _following(self) -> list[Any]:
        def follow() -> Dispute:
            done = {"yes": True, "no": False, "no answer": None}[self._chosen("done", "whether it was done")]
            mark = self._chosen("satisfied", "how satisfied they are")
            return self.dispute.follow(
                self._chosen("party", "which side"),
                int(self._chosen("day", "a day")),
                done=done,
                satisfied=None if mark == "no answer" else int(mark),
                pressure=self.value("pressure"),
                words=self.value("words"),
            )

        return [
            heading("Follow-up"),
            self.choice("party", "Who", _same(PARTIES)),
            self.choice("day", "Day", _same(("7", "30"))),
            self.choice("done", "Was it done?", _same(("yes", "no", "no answer"))),
            self.choice("satisfied", "Satisfied, 1 to 5", _same(("1", "2", "3", "4", "5", "no answer"))),
            self.tick("pressure", "The other side tried to get back at them"),
            self.text("words", "In their words"),
            self._step("follow", "Keep it", follow, "It is kept."),
        ]

    def _leaving(self) -> list[Any]:
        where = [(f"the {p} takes it back", p) for p in PARTIES]
        if self.dispute.step != "triage":
            away = [("to safety", "safety"), ("to fraud", "fraud"), ("to account security", "takeover")]
            where = [*away, *where, ("handed to a lead", "lead"), ("handed to legal", "legal")]

        def leave() -> Dispute:
            to, because = self._chosen("leave", "how it ends"), self.value("leave_because")
            if to in HIGHER:
                return self.dispute.escalate(to, because=because)
            return self.dispute.withdraw(to, because=because) if to in PARTIES else self.dispute.triage(to, because=because)

        return [
            heading("It ends here"),
            self.choice("leave", "How", where),
            self.text("leave_because", "Because", long=False),
            self._step("leave", "End the mediation", leave, "The mediation has ended.", ""),
        ]

    def _referring(self) -> list[Any]:
        if self.dispute.step in ("withdrawn", "away"):
            return []

        def refer() -> Dispute:
            account = self.dispute.standing.accounts[self._chosen("referred", "whose conduct")]
            return self.dispute.refer(account, because=self.value("referred_because"))

        return [
            heading("Conduct that needs a case of its own"),
            self.choice("referred", "Whose", _same(PARTIES)),
            self.text("referred_because", "Because", long=False),
            self._step("refer", "Note that it goes to a case", refer, "It is noted; open the case with its own evidence.", ""),
        ]

    def _letter(self) -> list[Any]:
        def preview() -> str:
            values = {"because": Line(self.value("reason"))} if self.value("reason") else {}
            values |= {"rule": self.value("rule"), "version": self.value("version")} if self.value("rule") else {}
            self.letter = letter(
                self.dispute,
                to=self._chosen("to_whom", "who gets it"),
                template=self.value("template"),
                lang=self.value("lang"),
                values=values,
            )
            return str(self.letter).partition("\n\n")[0]

        known = wording("en")
        shown = [widgets.HTML(self.letter._repr_html_())] if self.letter is not None else []
        return [
            heading("A letter"),
            self.choice("to_whom", "To", _same(PARTIES)),
            self.choice("template", "Letter", [(f"{code[:3]} {one.title}", code) for code, one in known.templates.items()], unset=_FITS),
            self.choice("lang", "Language", _LANGUAGES, unset="the one they read"),
            self.choice("reason", "Because", [(text, name) for name, text in known.lines["because"].items()], unset="no reason needed"),
            self.choice("rule", "Rule", [(f"{code}: {says}", code) for code, says in known.policies.items()], unset="no rule needed"),
            self.text("version", "Version of the rule", long=False),
            self.button("letter", "Show the letter", preview),
            *shown,
        ]

    def _chosen(self, name: str, what: str) -> str:
        if not self.value(name):
            raise UsageError(f"choose {what} first")
        return str(self.value(name))


def _same(names: Iterable[str]) -> list[Any]:
    """Names to choose from that are shown as they are."""
    return [(name, name) for name in names]


def _terms() -> dict[str, str]:
    told = wording("en").lines["term"]
    return {name: told[name] for name in effects()}
