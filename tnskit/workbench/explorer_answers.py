"""What an explorer says: answers as plain parts that the browser writes down as text, each with what can be asked next."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from tnskit.cleaning.headings import either
from tnskit.cleaning.market import rows
from tnskit.evidence import benign
from tnskit.evidence.links import Links
from tnskit.evidence.rules import LABELS
from tnskit.findings.apart import GONE, Apart
from tnskit.findings.explain import UNREAD, Explanation, Path
from tnskit.workbench.labels import tidy
from tnskit.workbench.theme import MARKS

Part = dict[str, Any]
NEVER = "A link says who may be the same person. It does not say that anybody broke a rule."
FOUND = 12
"""Accounts that a search lists."""
HOLDERS = 50
"""Accounts that are listed for one identifier."""
SUREST = 0.99
"""No share of one person that is told is larger: nothing in an export is certain. Assumption."""


def text(words: str, kind: str = "p") -> Part:
    """Give a paragraph ("p"), a heading ("h") or a note ("note")."""
    return {"part": kind, "text": words}


def buttons(*pairs: tuple[str, dict[str, Any]]) -> Part:
    """Give buttons: their words and what each asks."""
    return {"part": "buttons", "buttons": [{"text": words, "ask": ask} for words, ask in pairs]}


def _likely(told: Explanation) -> str:
    """Say how likely one person is, where the label says as much: a number beside "possible" would be read and the word not."""
    if math.isnan(told.likely) or told.label not in LABELS[2:]:
        return ""
    return f" One person: {'more than 99%' if told.likely > SUREST else f'{told.likely:.0%}'}, by the map of the rule table."


def why(told: Explanation) -> list[Part]:
    """Say why two accounts may belong together: the signed sum, dates, innocent readings, what would change it."""
    a, b = tidy(told.a), tidy(told.b)
    if told.evidence.empty:
        parts = [text(f"{a} and {b} share nothing that was seen.", "h")]
    else:
        parts = [text(f"{a} and {b}: {told.label}, {told.score:g} points", "h"), {"part": "sum", "rows": [*_sum(told)]}]
        parts.append(text(f"= {told.score:g} points from {told.families.lower().replace('+', ', ') or 'no family'}.{_likely(told)}"))
        parts += [text(UNREAD)] if math.isnan(told.likely) else []
        parts += [text(f"Innocent reading: {told.benign} ({told.benign_score:.0%})", "h"), *_reading(told.benign)] if told.benign else []
        parts += [text(f"Not strong: it lacks {' and '.join(told.lacks)}.")] if told.lacks else []
        parts += [text(f"What would change the label: {told.turns}")] if told.turns else []
    if told.missing:
        parts.append(text(f"Not known for both: {', '.join(told.missing)}. What is missing is no sign of innocence or of guilt.", "note"))
    return [*parts, text(NEVER, "note")]


def _sum(told: Explanation) -> Iterable[dict[str, Any]]:
    for row in rows(told.evidence):
        what = tidy(str(row.shown)) or str(row.rule).replace("_", " ")
        yield {"points": float(row.counted), "what": what, "family": "against" if row.points < 0 else str(row.family).lower(),
               "words": str(row.reading), "dates": _dates(row, told)}  # fmt: skip


def _dates(row: Any, told: Explanation) -> str:
    spans = [
        f"{tidy(name)} {_day(first)} to {_day(last)}"
        for name, first, last in ((told.a, row.first_a, row.last_a), (told.b, row.first_b, row.last_b))
        if not pd.isna(first)
    ]
    return "; ".join(spans)


def _day(moment: Any) -> str:
    return "" if pd.isna(moment) else f"{pd.Timestamp(moment):%d %b %Y}"


def _reading(name: str) -> list[Part]:
    found = benign.named(name)
    if found is None:
        return []
    return [text(found.looks_for), text(f"What would settle it: {found.settles}"), text(f"Ask: {found.ask}")]


def account(name: str, told: Explanation | None, *, linked: int, inside: int, facts: dict[str, str]) -> list[Part]:
    """Tell of one account: what it is, how many it is linked to, and why it belongs to what is asked about."""
    about = ", ".join(word for word in (facts.get("role", ""), facts.get("status", "")) if word) or "role and status not known"
    others = f"{linked:,} {either(linked, 'account', 'accounts')}"
    parts = [text(tidy(name), "h"), text(f"{about}; linked to {others}, {inside:,} of them in this picture.")]
    asks = [("Open its strongest links", {"ask": "expand", "name": name})] if linked > inside else []
    asks += [("Hide", {"ask": "hide", "name": name}), ("What if it were not there?", {"ask": "without", "name": name}),
             ("Explore around it", {"ask": "around", "name": name})]  # fmt: skip
    parts.append(buttons(*asks))
    return [*parts, *(why(told) if told is not None else [text(NEVER, "note")])]


def identifier(links: Links, shown: str, data: dict[str, Any], names: list[str]) -> list[Part]:
    """Tell of one identifier: who was seen with it, when, and what it says."""
    kind = MARKS[data["kind"]].word if data["kind"] in MARKS else str(data["kind"])
    found = links.engine.run(
        "SELECT p.account_id, s.first_at, s.last_at FROM main.identifier i JOIN main.seen s ON s.value = i.code "
        "JOIN main.people p ON p.code = s.account WHERE i.shown = ? ORDER BY s.first_at, p.account_id",
        [shown],
    )
    inside = set(names)
    spans = [(tidy(str(row.account_id)), f"{_day(row.first_at)} to {_day(row.last_at)}", str(row.account_id) in inside)
             for row in rows(found.head(HOLDERS))]  # fmt: skip
    parts = [
        text(tidy(shown), "h"),
        text(f"{kind}, seen with {len(found):,} accounts, {len(inside):,} of them in this picture."),
        {"part": "table", "head": ["account", "from first to last seen", "in the picture"],
         "rows": [[name, span, "yes" if here else "no"] for name, span, here in spans]},
    ]  # fmt: skip
    parts += [text(f"The first {HOLDERS} of {len(found):,} are listed.", "note")] if len(found) > HOLDERS else []
    return [
        *parts,
        buttons(("Hide", {"ask": "hide", "name": shown}), ("What if it were not there?", {"ask": "without", "name": shown}),
                ("Mark as shared by many …", {"ask": "form", "form": "shared", "name": shown})),
        text("What many share proves nothing. Seen one after another, it may have changed hands.", "note"),
    ]  # fmt: skip


def pair(told: Explanation, a: str, b: str, *, can_mark: bool) -> list[Part]:
    """Say why two accounts may belong together, and offer what can be done about it."""
    asks: list[tuple[str, dict[str, Any]]] = [("Path between them", {"ask": "path", "a": a, "b": b})]
    if can_mark:
        asks.append(("Not the same person …", {"ask": "form", "form": "apart", "a": a, "b": b}))
    return [*why(told), buttons(*asks)]


def way(found: Path) -> list[Part]:
    """Tell the path between two accounts, step by step."""
    if not found.accounts:
        return [text("No path", "h"), text(tidy(found.sentences[0], 300))]
    steps = [tidy(sentence, 300) for sentence in found.sentences]
    far = len(found.accounts) - 1
    parts = [text(" – ".join(map(tidy, found.accounts)), "h"), {"part": "list", "items": steps}]
    parts += [text(f"The two ends share nothing themselves; a path of {far} steps carries no points.")] if far > 1 else []
    return [*parts, text("What many share is no step of a path.", "note")]


def fallen(found: Apart) -> list[Part]:
    """Say what falls apart without something."""
    head, *rest = str(found).split("\n")
    parts = [text("What if", "h"), text(tidy(head, 400)), *(text(tidy(line, 600)) for line in rest)]
    if len(found.changed):
        shown = [
            [tidy(f"{row.a} – {row.b}", 70), f"{row.was}, {row.was_score:g}", GONE if row.label == GONE else f"{row.label}, {row.score:g}"]
            for row in found.changed.head(HOLDERS).itertuples()
        ]
        parts.append({"part": "table", "head": ["link", "was", "would be"], "rows": shown})
    return [
        *parts,
        buttons(("Put everything back", {"ask": "back"})),
        text("In thought only: nothing is written, and every score stands as it was linked.", "note"),
    ]


def hits(found: list[tuple[str, bool]], asked: str) -> list[Part]:
    """List what a search found: names, and whether each is in the picture."""
    if not found:
        return [text(f"No account begins with '{tidy(asked)}', and nothing in this picture contains it.", "p")]
    return [
        text(f"{len(found):,} found", "h"),
        buttons(*((tidy(name) + ("" if here else " (bring it in)"), {"ask": "find", "name": name}) for name, here in found)),
    ]
