"""`panel`: the one door to widgets."""

from __future__ import annotations

from typing import Any

from tnskit.cleaning.market import Market
from tnskit.errors import UsageError
from tnskit.evidence.links import Links
from tnskit.review.cases import CaseLog
from tnskit.review.disputes import Dispute
from tnskit.review.fold import Case
from tnskit.review.precheck import Check
from tnskit.training.lessons import Lesson
from tnskit.workbench.case_panel import CasePanel
from tnskit.workbench.check_panel import CheckPanel
from tnskit.workbench.dispute_panel import DisputePanel
from tnskit.workbench.form import Panel
from tnskit.workbench.lesson_panel import LessonPanel
from tnskit.workbench.lookup_panel import LookupPanel

__all__ = ["CasePanel", "CheckPanel", "LookupPanel", "panel"]


def panel(value: Any, *, log: CaseLog | None = None, market: Market | None = None) -> Panel:
    """Give the panel of links, a check, a case, a dispute or a lesson: a form to ask, read, fill in and send.

    Args:
        value: What `link`, `precheck`, a case log, `mediate` or `lesson` gave.
        log: Where a case is opened from a check; the log that the check was made with, if left out. The panel of links shows the cases
            of an account from it, so that one goes on where one was, also after the kernel was started again.
        market: The market that knows the job of a dispute, for its timeline; the one that `mediate` was given, if left out.

    Returns:
        A widget; in a notebook it is shown as the last line of a cell. `panel.fields` and `panel.buttons` hold its parts by name.

    Raises:
        UsageError: There is no panel for such a value.
    """
    if isinstance(value, Links):
        return LookupPanel(value, log=log)
    if isinstance(value, Check):
        return CheckPanel(value, log=log)
    if isinstance(value, Case):
        return CasePanel(value)
    if isinstance(value, Dispute):
        return DisputePanel(value, market=market)
    if isinstance(value, Lesson):
        return LessonPanel(value)
    raise UsageError(f"panel takes Links, a Check, a Case, a Dispute or a Lesson, not a {type(value).__name__}")
