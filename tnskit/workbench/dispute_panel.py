"""The panel of a dispute: both statements side by side, the timeline, the option sheet, the offers, and the step that comes next."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import ipywidgets as widgets
import pandas as pd
from babel.numbers import get_currency_precision

from tnskit.cleaning.market import Market, rows
from tnskit.errors import UsageError
from tnskit.review.clocks import effects
from tnskit.review.correspondence import letter
from tnskit.review.disputes import Dispute
from tnskit.review.mediator import QUESTIONS
from tnskit.review.standing import PARTIES
from tnskit.review.telling import Line, Money
from tnskit.review.wording import LANGUAGES, wording
from tnskit.workbench.form import Panel, banner, banner_html, folded, folded_html, heading, lines

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
    "away": "Safety, account security or a case of its own goes on from here.",
}
_MARKS = {"record": "●", "agreed": "✓", "disputed": "≠", "unknown": "?"}
_LABEL = {"description_width": "11rem"}


class DisputePanel(Panel):
    """The panel of a dispute.

    Args:
        dispute: What `mediate` gave.
        market: The market that knows the job; the timeline then holds its records.
    """

    def __init__(self, dispute: Dispute, *, market: Market | None = None) -> None:
        super().__init__()
        self.dispute = dispute
        self.market = market
        self.letter: Any = None
        self.refresh()

    def __repr__(self) -> str:
        return f"Panel of dispute {self.dispute.id}: {self.dispute.outcome or self.dispute.step}"

    def static(self) -> str:
        """Give what it shows where no widget runs."""
        return banner_html(self._head(), "") + "".join(folded_html(title, frame) for title, frame in self._tables()) + self._picture()

    def show(self) -> list[Any]:
        """Give the parts: what is known, then the step that comes next, then the letter."""
        self.dispute = self.dispute.again()
        late = "late" in set(self.dispute.clocks["state"])
        parts: list[Any] = [
            banner(self._head(), "ask" if late else "proceed" if self.dispute.outcome else ""),
            lines(NEXT[self.dispute.step]),
        ]
        parts += [folded(title, frame, open_=title in ("Clocks", "Both statements")) for title, frame in self._tables()]
        parts += [heading("What happened when"), widgets.HTML(self._picture())]
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
        return [*parts, *self._letter()]

    def _head(self) -> str:
        wanted = str(self.dispute.standing.opened["wanted"])
        return f"Dispute {self.dispute.id}, job {self.dispute.job}: {self.dispute.outcome or self.dispute.step}." + (
            f" Wanted: {wanted}" if wanted else ""
        )

    def _tables(self) -> list[tuple[str, pd.DataFrame]]:
        found = self.dispute
        return [
            ("Clocks", found.clocks[["step", "party", "local", "state"]].rename(columns={"local": "until, on their clock"})),
            ("Both statements", found.statements if found.standing.statements or found.standing.silent else pd.DataFrame()),
            ("Facts", found.facts),
            ("Option sheet (minor units)", found.options),
            ("Offers (minor units)", found.offers),
            ("Guarantees in force on the day of the job", found.guarantees()),
        ]

    def _picture(self) -> str:
        """The timeline as a list with a mark and a word for what each line is."""
        if self.market is not None:
            told = self.dispute.timeline(self.market)
        else:
            told = self.dispute.facts.rename(columns={"fact": "what"})
        items = "".join(
            f'<li><b aria-hidden="true">{_MARKS[r.standing]}</b> {html.escape(str(r.what))} '
            f'<span class="note">{r.standing}, {html.escape(r.source)}</span></li>'
            for r in rows(told)
        )
        return f'<ul style="list-style: none; padding: 0">{items}</ul>' if items else '<p class="note">No fact and no record yet.</p>'

    def _press_step(self, done: Dispute, words: str) -> str:
        self.dispute = done
        self.letter = None
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
        return [*parts, ask, *self._leaving()]

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
            *self._leaving(),
        ]

    def _facts(self) -> list[Any]:
        told = wording("en").lines
        parts = [heading("A fact"), *self._line("fact", told["fact"])]
        parts += [
            self.choice("standing", "Standing", _same(told["standing"])),
            self.choice("from", "Source", [(v, k) for k, v in told["source"].items()]),
        ]

        def add() -> Dispute:
            return self.dispute.fact(
                self._typed("fact"), standing=self._chosen("standing", "a standing"), source=self._chosen("from", "a source")
            )

        return [
            *parts,
            self._step("fact", "Add the fact", add, "The fact stands on the timeline."),
            self._step("share", "The timeline went to both", lambda: self.dispute.share(self.market), "Both have the same timeline.", ""),
            *self._leaving(),
        ]

    def _options(self) -> list[Any]:
        add = self._step(
            "option", "Put it on the option sheet", lambda: self.dispute.option([self._typed("term")]), "It is on the sheet.", ""
        )
        return [
            heading("A way out, or an offer"),
            *self._line("term", _terms()),
            add,
            *self._offering(),
            *self._deciding(),
            *self._leaving(),
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
            *self._leaving(),
        ]

    def _offering(self) -> list[Any]:
        return [
            self.choice("party", "Who offers it", _same(PARTIES)),
            self._step(
                "offer",
                "Pass it on as an offer",
                lambda: self.dispute.offer(self._chosen("party", "who offers"), [self._typed("term")]),
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
                lambda: self.dispute.decide([self._typed("term")], because=self.value("because"), could_change=self.value("could_change")),
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
            *self._line("term", _terms()),
            *self._deciding(),
            *self._leaving(),
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
        where = [
            ("to safety", "safety"),
            ("to fraud", "fraud"),
            ("to account security", "takeover"),
            *((f"the {p} takes it back", p) for p in PARTIES),
        ]

        def leave() -> Dispute:
            to, because = self._chosen("leave", "how it ends"), self.value("leave_because")
            return self.dispute.withdraw(to, because=because) if to in PARTIES else self.dispute.triage(to, because=because)

        return [
            heading("It ends here"),
            self.choice("leave", "How", where),
            self.text("leave_because", "Because", long=False),
            self._step("leave", "End the mediation", leave, "The mediation has ended.", ""),
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
            self.choice("template", "Which; the one that fits if left", [(one.title, code) for code, one in known.templates.items()]),
            self.choice("lang", "Language; theirs if left", _same(LANGUAGES)),
            self.choice("reason", "Because", [(text, name) for name, text in known.lines["because"].items()]),
            self.choice("rule", "Rule", _same(known.policies)),
            self.text("version", "Version of the rule", long=False),
            self.button("letter", "Show the letter", preview),
            *shown,
        ]

    def _line(self, name: str, known: Mapping[str, str]) -> list[Any]:
        """Fields of one ready line, or of words."""
        return [
            self.choice(name, "Ready line", [(text, kind) for kind, text in known.items()]),
            self.text(f"{name}_text", "or your own words"),
            self.field(f"{name}_day", widgets.DatePicker(description="Day", style=_LABEL)),
            self.field(f"{name}_other", widgets.DatePicker(description="Second day", style=_LABEL)),
            self.text(f"{name}_amount", f"Amount in {self.dispute.standing.currency}", hint="such as 200 or 45.50", long=False),
        ]

    def _typed(self, name: str) -> Line:
        kind, text = self.value(name), self.value(f"{name}_text")
        if not kind and not text.strip():
            raise UsageError("choose a ready line, or write one in your own words")
        if kind and text.strip():
            raise UsageError("a ready line and your own words do not go together; clear one of them")
        day: date | None = self.value(f"{name}_day") or None
        return Line(kind, day, self.value(f"{name}_other") or None, amount=self._money(name), text=text)

    def _money(self, name: str) -> Money | None:
        typed, currency = self.value(f"{name}_amount").strip(), self.dispute.standing.currency
        if not typed:
            return None
        try:
            minor = Decimal(typed).scaleb(get_currency_precision(currency))
        except InvalidOperation:
            raise UsageError("an amount is written in figures, such as 200 or 45.50") from None
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise UsageError(f"an amount in {currency} has at most {get_currency_precision(currency)} figures after the point")
        return Money(int(minor), currency)

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
