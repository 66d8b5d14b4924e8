"""tnskit finds out whether accounts belong together, why, and what speaks against it.

import tnskit as tns

market = tns.load("sample_data/market")
links = tns.link(market)
tns.lookup(links, "A1042")
"""

from importlib.metadata import version as _version

from tnskit.cleaning.market import Market, load
from tnskit.errors import TnskitError
from tnskit.evidence.calibrate import Calibration, calibrate
from tnskit.evidence.links import Links, link
from tnskit.evidence.links import open_links as open  # noqa: A004  # said as tns.open
from tnskit.evidence.spark import Spark
from tnskit.findings.chains import chains
from tnskit.findings.explain import Explanation, explain, lookup, path
from tnskit.findings.graph import graph
from tnskit.findings.rings import rings
from tnskit.findings.timeline import timeline
from tnskit.review.calls import CallCard, call_card
from tnskit.review.cases import CaseLog
from tnskit.review.correspondence import letter
from tnskit.review.disputes import Dispute, mediate
from tnskit.review.letters import Letter
from tnskit.review.measures import Measures, measure
from tnskit.review.memo import memo
from tnskit.review.precheck import Check, precheck
from tnskit.review.telling import Facts, Line, Money
from tnskit.review.triage import triage
from tnskit.training.cohort import CohortReport, build_cohort, grade_cohort
from tnskit.training.grading import Answer, Draft, Marks, grade
from tnskit.training.lessons import Key, Lesson, answer_key, lesson
from tnskit.training.rehearsal import rehearse_cohort
from tnskit.workbench.cohorts import open_cohort
from tnskit.workbench.explorer import explore
from tnskit.workbench.export import export
from tnskit.workbench.panels import panel
from tnskit.workbench.plots import draw

__version__ = _version("tnskit")

__all__ = [
    "Answer",
    "Calibration",
    "CallCard",
    "CaseLog",
    "Check",
    "CohortReport",
    "Dispute",
    "Draft",
    "Explanation",
    "Facts",
    "Key",
    "Lesson",
    "Letter",
    "Line",
    "Links",
    "Market",
    "Marks",
    "Measures",
    "Money",
    "Spark",
    "TnskitError",
    "answer_key",
    "build_cohort",
    "calibrate",
    "call_card",
    "chains",
    "draw",
    "explain",
    "explore",
    "export",
    "grade",
    "grade_cohort",
    "graph",
    "lesson",
    "letter",
    "link",
    "load",
    "lookup",
    "measure",
    "mediate",
    "memo",
    "open",
    "open_cohort",
    "panel",
    "path",
    "precheck",
    "rehearse_cohort",
    "rings",
    "timeline",
    "triage",
]
