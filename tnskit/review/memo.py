"""The memo of a case: everything that a decision rests on, on paper, so that somebody else can follow, doubt and repeat it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from tnskit.errors import SealError, UsageError
from tnskit.review.fold import Case
from tnskit.review.parts import DECISION, TOLD, Part, parts
from tnskit.review.seals import canonical
from tnskit.review.sheet import cell, page, table, words

_MARK = "tnskit-record"


@dataclass(frozen=True, eq=False)
class Memo:
    """The memo of a case.

    Attributes:
        case: The number of the case.
        title: What it is about, in a line.
        parts: Its parts in order.
        record: What `tnskit replay` needs to make the check again.
    """

    case: int
    title: str
    parts: tuple[Part, ...] = field(repr=False)
    record: Mapping[str, Any] = field(repr=False)

    @property
    def html(self) -> str:
        """One page that stands alone, for a screen and for paper."""
        body = [_part(one) for one in self.parts]
        body.append(
            f'<details><summary>Record for tnskit replay</summary><pre id="{_MARK}">{html.escape(_record(self.record))}</pre></details>'
        )
        return page(self.title, [_STYLE, *body], footer=FOOT)

    @property
    def markdown(self) -> str:
        """The same as Markdown; what people typed is shown as they typed it and does nothing."""
        told = [f"# {_quiet(self.title)}", *(_marked(one) for one in self.parts)]
        told.append(f"## Record for tnskit replay\n\n```json {_MARK}\n{_record(self.record)}\n```")
        return "\n\n".join([*told, f"*{FOOT}*"]) + "\n"

    @property
    def text(self) -> str:
        """The same as plain text."""
        told = [self.title]
        for one in self.parts:
            told += ["", one.title.upper(), *(f"  {line}" for text in one.lines for line in text.splitlines())]
            for row in (one.frame if one.frame is not None else pd.DataFrame()).itertuples(index=False, name=None):
                told.append("  " + " | ".join(" ".join(cell(value).split()) for value in row))
        return "\n".join([*told, "", FOOT])

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        body = "".join(_part(one) for one in self.parts)
        return f'<div class="tns-memo">{_IN_NOTEBOOK}<h3>{html.escape(self.title)}</h3>{body}</div>'


FOOT = (
    "A link says who may be the same person; it does not say that anybody broke a rule. Account ids, dates and amounts are as exported; "
    "phones, cards, networks and the like are masked."
)
_STYLE = """<style>
section { break-inside: auto } section h2 { border-top: 1px solid var(--line); padding-top: .8rem }
p { margin: .35rem 0; overflow-wrap: anywhere }
.told th { width: 13rem; font-weight: 400 } .told td { overflow-wrap: anywhere }
details { margin-top: 2rem } summary { color: var(--soft); cursor: pointer }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .75rem; background: var(--wash); padding: .6rem .8rem }
.banner p { margin: 0 }
@media print { section > p:has(+ .wide), section > p:has(+ table), section > p:has(+ p) { break-after: avoid } }
</style>"""


_IN_NOTEBOOK = """<style>
.tns-memo { max-width: 62rem } .tns-memo h2 { font-size: 1.1em; margin: 1.2em 0 .3em } .tns-memo p { margin: .25em 0 }
.tns-memo th, .tns-memo td { text-align: left !important; vertical-align: top; white-space: pre-line }
.tns-memo .told td { overflow-wrap: anywhere }
.tns-memo .banner { border-left: .4rem solid currentColor; padding-left: .8rem } .tns-memo .wide { overflow-x: auto }
</style>"""
"""A notebook sets tables to the right, where sentences are hard to read."""


def memo(case: Case) -> Memo:
    """Write the memo of a case, as its reader may see it.

    Args:
        case: What the log gave.

    Returns:
        Memo: `html`, `markdown`, `text`.

    Raises:
        BlindError: The reader may not see the first verdict yet.
        SealError: The log is not sound; no memo is written from it.
    """
    if not hasattr(case, "bundle"):
        raise UsageError("memo takes a case, as the log gives it")
    sound = case.log.verify(head=case.head)
    if not sound.sound:
        raise SealError(f"no memo is written from a log that is not sound: {sound.why}", sound.event)
    return Memo(case.id, f"Case {case.id}: account {case.account}", parts(case), record(case))


def record(case: Case) -> dict[str, Any]:
    """Give what is needed to make the check of a case again and compare it."""
    bundle = case.bundle
    basis: Mapping[str, Any] = bundle["basis"] or {}
    pairs = {name: basis.get(name) for name in ("b", "score", "label", "families", "benign", "benign_score")}
    return {
        "case": case.id, "opened": case.opened.n, "account": case.account, "now": bundle["now"], "reads": bundle["reads"],
        "together": bundle.get("together", []),
        "cites": bundle["cites"],
        "verdict": bundle["verdict"], "stops": sorted({row["code"] for row in bundle["stops"]}), "basis": pairs if basis else None,
        "evidence": basis.get("evidence", []), "linked": bundle["linked"], "sha256": case.opened.facts["sha256"], "head": case.head,
    }  # fmt: skip


def read_record(text: str) -> dict[str, Any]:
    """Find the record in the text of a memo, in HTML or Markdown.

    Raises:
        UsageError: There is none, or it was damaged.
    """
    found = re.search(rf'<pre id="{_MARK}">(.*?)</pre>', text, re.DOTALL)
    told = html.unescape(found[1]) if found else ""
    if not found and (fenced := re.search(rf"```json {_MARK}\r?\n(.*?)\r?\n```", text, re.DOTALL)):
        told = fenced[1]
    try:
        made = json.loads(told)
        known = {"account", "opened", "now", "reads", "cites", "verdict", "stops", "basis", "evidence", "linked"}
        if not isinstance(made, dict) or not known <= set(made):
            raise ValueError
    except ValueError:
        raise UsageError("this is no memo with a record, or its record was damaged; give the .html or .md that tnskit wrote") from None
    return made


def _record(told: Mapping[str, Any]) -> str:
    return canonical(told).replace("```", "\\u0060\\u0060\\u0060")


def _part(one: Part) -> str:
    lines = "".join(words(line) for line in one.lines)
    if one.title == DECISION:
        return f'<div class="banner">{lines}</div>'
    shown = "" if one.frame is None else _told(one.frame) if tuple(one.frame.columns) == TOLD else table(one.frame)
    return f"<section><h2>{html.escape(one.title)}</h2>{lines}{shown}</section>"


def _told(frame: pd.DataFrame) -> str:
    """Give a table of two columns whose first one names the second."""
    lines = (
        f'<tr><th scope="row">{html.escape(what)}</th><td>{html.escape(str(told))}</td></tr>'
        for what, told in frame.itertuples(index=False)
    )
    return f'<table class="told"><tbody>{"".join(lines)}</tbody></table>'


def _marked(one: Part) -> str:
    told = [f"## {_quiet(one.title)}", *(_quiet(line) for line in one.lines)]
    if one.frame is not None:
        rows = [[str(name) for name in one.frame.columns], ["---"] * one.frame.shape[1]]
        rows += [[cell(value) for value in row] for row in one.frame.itertuples(index=False, name=None)]
        told.append("\n".join("| " + " | ".join(value if value == "---" else _quiet(value) for value in row) + " |" for row in rows))
    return "\n\n".join(told)


def _quiet(text: str) -> str:
    """Give text as Markdown that shows it and does nothing else: no HTML, link, picture, table or heading."""
    safe = html.escape(text, quote=False)
    return re.sub(r"([\\`*_{}\[\]()#+!|~>$=:@-])", r"\\\1", safe).replace("\n", "<br>")
