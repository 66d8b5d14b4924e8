"""The panel of a check: read, write a reading, open a case."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import pandas as pd

from tnskit.review.cases import CaseLog
from tnskit.review.precheck import Check
from tnskit.workbench.case_panel import CasePanel, interest, interest_told, rules
from tnskit.workbench.form import Panel, banner, banner_html, folded, folded_html, heading, lines


class CheckPanel(Panel):
    """The panel of a check; with a log it opens a case."""

    def __init__(self, check: Check, *, log: CaseLog | None = None) -> None:
        super().__init__()
        self.check = check
        self.book = log if log is not None else check.log if isinstance(check.log, CaseLog) else None
        self.case: CasePanel | None = None
        self._reputation: pd.DataFrame | None = None
        self._written = ""
        self.refresh()

    def __repr__(self) -> str:
        return f"Panel of the check of {self.check.account}: {self.check.verdict}"

    def static(self) -> str:
        """Give what it shows where no widget runs."""
        told = f"{self.check.account}: {self.check.sentence}"
        return banner_html(told, self.check.verdict) + "".join(folded_html(title, frame) for title, frame in _tables(self.check))

    def show(self) -> list[Any]:
        """Give the parts: evidence first, an own reading, then the rest."""
        if self.case is not None:
            return [self.case]
        check = self.check
        opened = {"Hard stops", "What speaks against it", "Four explanations"}
        parts: list[Any] = [banner(f"{check.account}: {check.sentence}", check.verdict), heading("Read this first")]
        parts += [folded(title, frame, open_=title in opened) for title, frame in _tables(check)]
        parts += [heading("Ask"), lines("\n".join(check.questions))] if check.questions else []
        parts += self._reading()
        return [*parts, *(self._opening() if self.book is not None else [lines("Give log= to open a case from here.", kind="note")])]

    def _reading(self) -> list[Any]:
        if self._reputation is not None:
            return [folded("What was decided on the account before", self._reputation, open_=True)]

        def save() -> str:
            words = self.value("reading")
            self._reputation = self.check.reputation(words)
            self._written = words
            return "What was decided on the account before is shown now. Opening a case writes your reading to it."

        return [
            heading("Your reading"),
            lines("Say what the evidence tells you, before you see what was decided on this account."),
            self.text("reading", "My reading", hint="What do they share, when, and what could it mean besides one person?"),
            self.button("reading", "Go on to what was decided before", save),
        ]

    def _opening(self) -> list[Any]:
        return [
            heading("Open a case"),
            self.text("trigger", "What made me look", long=False), self.choice("policy", "Rule suspected", rules()),
            self.field("incident", widgets.DatePicker(description="Day of the incident", style={"description_width": "11rem"})),
            *interest(self), self.button("open", "Open the case", self._open, style="primary"),
        ]  # fmt: skip

    def _open(self) -> str:
        assert self.book is not None
        case = self.book.open(
            self.check,
            trigger=self.value("trigger"),
            policy=self.value("policy"),
            incident=self.value("incident") or None,
            conflict=interest_told(self),
        )
        if self._reputation is not None:
            case = self.book.read(case, self._written)
        self.case = CasePanel(case)
        return f"Case {case.id} is open."


def _tables(check: Check) -> list[tuple[str, pd.DataFrame]]:
    told = check.basis
    pieces = told.evidence[["kind", "shown", "counted", "accounts", "reading"]] if told is not None else pd.DataFrame()
    head = f"The link to {told.b}: {told.label}, {told.score:g} points" if told is not None else "No link"
    signs = check.takeover.signs[check.takeover.signs["found"]].drop(columns="found")
    return [
        ("Hard stops", check.stops.rename(columns={"clear_by": "who may clear it"})),
        ("What speaks against it", check.against),
        ("Four explanations", check.explanations),
        (head, pieces),
        ("The earlier removal", check.evasion),
        ("Signs of a takeover", signs),
        ("Who and what else would be hit", check.collateral),
        ("What would follow", check.what_if),
        ("Not found for this account", pd.DataFrame({"kind": list(check.not_found)})),
    ]
