"""tnskit finds out whether accounts belong together, why, and what speaks against it.

import tnskit as tns

market = tns.load("sample_data/market")
links = tns.link(market)
tns.lookup(links, "A1042")
"""

from importlib.metadata import version as _version

from tnskit.cleaning.market import Market, load
from tnskit.errors import TnskitError
from tnskit.evidence.links import Links, link
from tnskit.evidence.links import open_links as open  # noqa: A004  # said as tns.open
from tnskit.findings.explain import Explanation, explain, lookup, path
from tnskit.findings.graph import graph
from tnskit.findings.rings import rings
from tnskit.findings.timeline import timeline
from tnskit.review.precheck import Check, precheck
from tnskit.workbench.export import export
from tnskit.workbench.plots import draw

__version__ = _version("tnskit")

__all__ = [
    "Check",
    "Explanation",
    "Links",
    "Market",
    "TnskitError",
    "draw",
    "explain",
    "export",
    "graph",
    "link",
    "load",
    "lookup",
    "open",
    "path",
    "precheck",
    "rings",
    "timeline",
]
