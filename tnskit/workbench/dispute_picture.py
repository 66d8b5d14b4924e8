"""The timeline of a dispute as a picture made of text, which a screen reader reads and every theme colours."""

from __future__ import annotations

import html

import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.review.disputes import Dispute
from tnskit.review.telling import zone_of

_MARKS = {"record": "●", "agreed": "✓", "disputed": "≠", "unknown": "?"}
_NO_RECORDS = "No record of the job is at hand; give the market to mediate() or panel() to see jobs, messages, payments and reviews here."
_WHEN = """<style>
.tns-when { list-style: none; margin: .3rem 0; padding: 0 }
.tns-when li { display: grid; grid-template-columns: 7.5rem 1.4rem 1fr; align-items: baseline; line-height: 1.45 }
.tns-when time { text-align: right; padding-right: .6rem; opacity: .75; font-variant-numeric: tabular-nums }
.tns-when b { text-align: center; align-self: stretch; background: linear-gradient(currentColor, currentColor) center / 1px 100% no-repeat }
.tns-when b::first-letter { background: var(--jp-layout-color0, Canvas) }
.tns-when li > span { padding: .15rem 0 .15rem .5rem } .tns-when .note { opacity: .75; font-size: .9em; white-space: nowrap }
</style>"""


def picture(dispute: Dispute) -> str:
    """Give a line downwards as HTML: a day and a mark for each thing that happened, and where it is known from."""
    told, zone = dispute.timeline(), zone_of(dispute.standing.opened["zone"])
    items = "".join(
        f"<li><time>{'' if pd.isna(r.at) else f'{r.at.tz_convert(zone):%b %d, %Y}'}</time>"
        f'<b aria-hidden="true" class="{r.standing}">{_MARKS[r.standing]}</b>'
        f'<span>{html.escape(str(r.what))} <span class="note">{r.standing}, {html.escape(r.source)}</span></span></li>'
        for r in rows(told)
    )
    lacks = "" if (told["standing"] == "record").any() else f'<p class="note">{_NO_RECORDS}</p>'
    return f'{_WHEN}<ol class="tns-when">{items}</ol>{lacks}' if items else f'<p class="note">No fact yet. {_NO_RECORDS}</p>'
