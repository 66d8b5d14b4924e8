"""HTML pages that stand alone: one file, no script, nothing fetched, for light, dark and paper."""

from __future__ import annotations

import base64
import html
import io
import warnings
from typing import Any

import matplotlib.pyplot as plt
import networkx as nx
import pandas as pd

from tnskit.cleaning.headings import either
from tnskit.evidence import benign
from tnskit.findings.explain import Explanation
from tnskit.review.precheck import Check
from tnskit.review.sheet import page, table, words
from tnskit.workbench.plots import draw

LINKED = 20
"""Accounts that a check lists as linked."""


def picture(value: Any, alt: str, *, title: str | None = None) -> str:
    """Give what `draw` draws, for a light and a dark screen, with words for those who cannot see it."""
    dark, light = (base64.b64encode(image(value, "png", theme, title)).decode() for theme in ("dark", "light"))
    return (
        '<figure><picture><source media="screen and (prefers-color-scheme: dark)" '
        f'srcset="data:image/png;base64,{dark}">'
        f'<img src="data:image/png;base64,{light}" alt="{html.escape(alt)}"></picture></figure>'
    )


def image(value: Any, form: str, theme: str = "light", title: str | None = None) -> bytes:
    """Give what `draw` draws as a PNG or SVG, without a trace of the moment it was made."""
    ax = draw(value, theme=theme, title=title)
    figure = ax.get_figure(root=True)
    assert figure is not None
    held = io.BytesIO()
    plain: dict[str, Any] = {"Date": None} if form == "svg" else {"Software": None}
    with plt.rc_context({"svg.hashsalt": "tnskit", "svg.fonttype": "path"}), warnings.catch_warnings():
        # an id may hold what no font can draw; a box stands there, and the text beside the picture has it whole
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(held, format=form, dpi=110, bbox_inches="tight", facecolor=figure.get_facecolor(), metadata=plain)
    plt.close(figure)
    return held.getvalue()


def check_page(check: Check, near: nx.Graph[str] | None = None, events: pd.DataFrame | None = None) -> str:
    """Give a check as a page that a second reviewer can decide from.

    Args:
        check: What `precheck` gave.
        near: The graph around the account, to be drawn.
        events: The timeline of the account and of the one it may belong to, to be drawn.
    """
    first, _, rest = check.sentence.partition(". ")
    banner = f'<div class="banner {check.verdict}"><b>{html.escape(first)}.</b> {html.escape(rest)}</div>'
    stops = check.stops.rename(columns={"code": "stop", "clear_by": "who may clear it"})
    linked = check.linked.assign(families=check.linked["families"].map(lambda text: text.lower().replace("+", ", ")))
    linked = linked[list(_LINKED)].rename(columns=_LINKED)
    parts = [
        banner,
        words(f"Account {check.account}, judged as of {check.now:%d %B %Y, %H:%M} UTC.", kind="note"),
        "<h2>What stops a removal</h2>" + table(stops, empty="No hard stop was raised."),
        _sides(check),
        "<h2>Four explanations</h2>" + table(check.explanations),
        *_readings(check),
        *_earlier(check),
        "<h2>Who and what else would be hit</h2>" + table(check.collateral, empty="Nobody and nothing else was found."),
        *(["<h2>What would follow</h2>" + table(check.what_if)] if len(check.what_if) else []),
        "<h2>Who is linked</h2>" + table(linked, most=LINKED, empty="Nobody shares anything with it."),
        *_pictures(check, near, events),
        "<h2>What is missing</h2>" + _missing(check),
        "<h2>What this rests on</h2>" + _cites(check.cites),
    ]
    foot = (
        f"Made by tnskit {check.cites.get('version', '')}. A link says who may be the same person; it "
        "does not say that "
        "anybody broke a rule. Removal needs both, and a second person who decides blind."
    )
    return page(f"Check before a removal: {check.account}", parts, footer=foot)


_LINKED = {
    "account_id": "account",
    "score": "points",
    "label": "label",
    "families": "families",
    "benign": "innocent reading",
    "benign_score": "how likely",
    "status": "status",
}


def _sides(check: Check) -> str:
    """Evidence for and against, side by side."""
    told = check.basis
    pro = pd.DataFrame(columns=["points", "what is shared", "reading"])
    if told is not None and len(told.supports):
        some = told.supports
        pro = pd.DataFrame({"points": some["counted"], "what is shared": _shared(some), "reading": some["reading"]})
    con = check.against[["what", "about", "points"]]
    con = con if con["points"].any() else con.drop(columns="points")
    head = f" (the link to {told.b}: {told.label}, {told.score:g} points)" if told is not None else ""
    return (
        f'<h2>For and against{html.escape(head)}</h2><div class="two">'
        f"<div><h2>For one person</h2>{table(pro, empty='Nothing that counts.')}</div>"
        f"<div><h2>Against</h2>{table(con, empty='Nothing was found; look again.')}</div></div>"
    )


def _shared(pieces: pd.DataFrame) -> list[str]:
    return [str(r.shown) or str(r.family).lower() for r in pieces.itertuples()]


def _readings(check: Check) -> list[str]:
    told = check.basis
    parts = ["<h2>Innocent readings</h2>"]
    reading = benign.named(told.benign) if told is not None else None
    if told is None or reading is None:
        parts.append(words("No innocent reading fits better than chance; that is not proof of anything.", kind="note"))
    else:
        rows = [
            ("how likely", f"{told.benign_score:.0%}"),
            ("looks for", reading.looks_for),
            ("would settle it", reading.settles),
        ]
        parts.append(table(pd.DataFrame([*rows, ("ask", reading.ask)], columns=["reading", reading.name])))
    if check.questions:
        items = "".join(f"<li>{html.escape(question)}</li>" for question in check.questions)
        parts.append(f"<h2>Ask before going on</h2><ul>{items}</ul>")
    return parts


def _earlier(check: Check) -> list[str]:
    """What ban evasion needs, and whether the account was taken over."""
    parts = ["<h2>The earlier removal: ban evasion needs a yes to all four</h2>" + table(check.evasion)] if len(check.evasion) else []
    signs = check.takeover.signs[check.takeover.signs["found"]].drop(columns="found")
    return [*parts, "<h2>Was the account taken over?</h2>" + words(check.takeover.sentence) + (table(signs) if len(signs) else "")]


def _pictures(check: Check, near: nx.Graph[str] | None, events: pd.DataFrame | None) -> list[str]:
    told, parts = check.basis, []
    if told is not None:
        parts.append(f"<h2>The sum</h2>{picture(told, str(told))}")
    if events is not None and len(events):
        names = ", ".join(dict.fromkeys(events["account_id"]))
        first, last = events["at"].min(), events["at"].max()
        alt = f"{len(events):,} events of {names}, {first:%d %b %Y} to {last:%d %b %Y}"
        parts.append(f"<h2>What happened when</h2>{picture(events, alt, title='')}")
    if near is not None and len(near) > 1:
        others, lines = len(near) - 1, near.number_of_edges()
        alt = f"{check.account} and {others:,} {either(others, 'account', 'accounts')} around it"
        alt += f", with {lines:,} {either(lines, 'link', 'links')}"
        parts.append(f"<h2>The accounts around it</h2>{picture(near, alt, title='')}")
    return parts


def _missing(check: Check) -> str:
    both = check.basis.missing if isinstance(check.basis, Explanation) else ()
    lines = [f"The account has no data for: {', '.join(check.not_found)}."] if check.not_found else []
    lines += [f"Not known for both accounts of the link: {', '.join(both)}."] if both else []
    return words("\n".join([*lines, "What is missing is no sign of innocence or of guilt."]))


def _cites(cites: dict[str, str]) -> str:
    named = {
        "rules": "digest of the rule table",
        "load_report": "digest of the load report",
        "settings_sha256": "digest of all settings",
        "version": "tnskit",
        "rules_version": "rules of",
        "most": "identifiers of more accounts are set aside",
        "tz": "zone of times without one",
        "region": "region of phones without one",
    }
    rows = [(named.get(key, key), value) for key, value in cites.items() if value and value != "None"]
    return table(pd.DataFrame(rows, columns=["what", "value"]))
