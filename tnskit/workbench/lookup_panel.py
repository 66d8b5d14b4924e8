"""The panel of a lookup: put an account in, see who is linked, why, by which way, and go on to a check."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tnskit.errors import UsageError
from tnskit.evidence.links import Links
from tnskit.evidence.rules import LABELS
from tnskit.findings.explain import explain, lookup, path
from tnskit.review.cases import CaseLog
from tnskit.review.precheck import precheck
from tnskit.workbench.check_panel import CheckPanel
from tnskit.workbench.form import Panel, banner, banner_html, folded, folded_html, heading, lines

MOST = 50
"""Linked accounts that are shown; the title says of how many."""


class LookupPanel(Panel):
    """The panel of a lookup; with a log it shows the cases of an account, and goes on where somebody left off."""

    def __init__(self, links: Links, account: str = "", *, log: CaseLog | None = None) -> None:
        super().__init__()
        self.links, self.book = links, log
        self.account, self.other, self.label = "", "", LABELS[0]
        self.check: CheckPanel | None = None
        self._why = ""
        if account:
            self._ask(account)
        self.refresh()

    def __repr__(self) -> str:
        return f"Panel of a lookup: {self.account or 'no account yet'}"

    def static(self) -> str:
        """Give what it shows where no widget runs."""
        if not self.account:
            return banner_html("No account was looked up yet.", "")
        return banner_html(f"{self.account}: who is linked to it", "") + folded_html(*self._found(), open_=True)

    def show(self) -> list[Any]:
        """Give the parts: the question, who is linked, why, and what can be done next."""
        if self.check is not None:
            return [self.button("back", "Back to the lookup", self._back), self.check]
        asked = self.text("account", "Account", hint="such as A1042", long=False)
        asked.value = self.account
        least = self.field("label", self._labels())
        parts = [heading("Look an account up"), asked, least, self.button("look", "Look up", self._look, style="primary")]
        if not self.account:
            return parts
        title, found = self._found()
        parts += [banner(f"{self.account}: a link says who may be the same person; it does not say that anybody broke a rule", "")]
        parts += [folded(title, found, open_=True, empty="It shares nothing with anybody."), *self._cases()]
        if len(found):
            parts += [heading("Why?"), self.choice("other", "The link to", list(found["account_id"])),
                      self.button("why", "Explain the link", self._explain)]  # fmt: skip
        parts += [heading("How is it connected to ...?"), self.text("to", "Another account", long=False),
                  self.button("way", "Find the way", self._way)]  # fmt: skip
        parts += [lines(self._why, kind="told")] if self._why else []
        if self.links.market is not None:
            parts += [heading("Before anybody is removed"), self.button("check", f"Check {self.account}", self._check)]
        return parts

    def _labels(self) -> Any:
        made = self.choice("label", "At least", [(one, one) for one in LABELS])
        made.value = self.label
        return made

    def _found(self) -> tuple[str, pd.DataFrame]:
        found = lookup(self.links, self.account, label=self.label, most=MOST)
        of = found.attrs["of"]
        title = "Linked accounts" + (f", the strongest {len(found):,} of {of:,}" if of > len(found) else "")
        return title, found[["account_id", "score", "label", "benign", "benign_score", "role", "status"]]

    def _cases(self) -> list[Any]:
        if self.book is None:
            return []
        known = self.book.cases()
        mine = known[known["account"] == self.account]
        return [folded("Cases of this account", mine.drop(columns="account"), empty="No case was opened on it.")]

    def _ask(self, account: str) -> None:
        """Take an account in; nothing changes where there is none of that name."""
        wanted = account.strip()
        if not wanted:
            raise UsageError("write the id of an account first")
        self.account = self.links.id(self.links.code(wanted))
        self.other = self._why = ""

    def _look(self) -> str:
        self.label = self.value("label") or LABELS[0]
        self._ask(self.value("account"))
        return f"{self.account} was looked up."

    def _explain(self) -> str:
        self.other = self.value("other")
        if not self.other:
            raise UsageError("choose one of the linked accounts first")
        self._why = str(explain(self.links, self.account, self.other))
        return f"The link to {self.other} is explained here; try to prove its innocent reading."

    def _way(self) -> str:
        wanted = self.value("to").strip()
        if not wanted:
            raise UsageError("write the id of the other account first")
        self._why = str(path(self.links, self.account, wanted))
        return f"The way to {wanted} is told here."

    def _check(self) -> str:
        assert self.links.market is not None
        self.check = CheckPanel(precheck(self.links.market, self.links, self.account, log=self.book), log=self.book)
        return f"{self.account} was checked."

    def _back(self) -> str:
        self.check = None
        return "Back at the lookup."
