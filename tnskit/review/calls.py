"""`call_card`: one page for whoever is on the phone: what to say first, what to ask, what not to say, in three languages."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tnskit.errors import BlindError, UsageError
from tnskit.review.disputes import Dispute
from tnskit.review.fold import Case
from tnskit.review.layout import GUARD, STYLE
from tnskit.review.wording import LANGUAGES, wording

_HEADS = {
    "en": ("English", "Say first", "Ask", "Do not say", "At the end"),
    "es": ("Español", "Primero diga", "Pregunte", "No diga", "Al final"),
    "pt": ("Português", "Primeiro diga", "Pergunte", "Não diga", "No fim"),
}
_PARTS = ("first", "ask", "never", "close")
_WIDE = """
.three { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1.6rem } body { max-width: 80rem; font-size: 15px }
h3 { font-size: 1rem; margin: 1rem 0 .3rem } @page { size: landscape; margin: 12mm }
@media print { body { font-size: 8.5pt; line-height: 1.35 } }
@media (max-width: 60rem) { .three { grid-template-columns: 1fr } }
"""


@dataclass(frozen=True)
class CallCard:
    """What to say on the phone.

    Attributes:
        case: The case or dispute it is for.
        situation: dispute, decision, takeover, safety, appeal or closed.
        words: Language to part (`first`, `ask`, `never`, `close`) to lines.
    """

    case: str
    situation: str
    words: Mapping[str, Mapping[str, tuple[str, ...]]]

    def text(self, lang: str) -> str:
        """The card in one language, as text."""
        if lang not in self.words:
            raise UsageError(f"there is no card in '{str(lang)[:20]}'; the languages are {', '.join(self.words)}")
        heads = dict(zip(_PARTS, _HEADS[lang][1:], strict=True))
        parts = [f"{heads[part]}\n" + "\n".join(f"- {line}" for line in self.words[lang][part]) for part in _PARTS]
        return f"{self.case}: {wording(lang).calls[self.situation]['title']}\n\n" + "\n\n".join(parts) + "\n"

    @property
    def html(self) -> str:
        """The card as a page that stands alone, the languages side by side."""
        columns = "".join(f'<section lang="{lang}"><h2>{_HEADS[lang][0]}</h2>{self._column(lang)}</section>' for lang in self.words)
        title = html.escape(f"{self.case}: {wording('en').calls[self.situation]['title']}")
        return (
            f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{GUARD}">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n<style>{STYLE}{_WIDE}</style>\n'
            f'</head>\n<body>\n<main>\n<h1>{title}</h1>\n<div class="three">{columns}</div>\n</main>\n</body>\n</html>\n'
        )

    def _column(self, lang: str) -> str:
        heads = dict(zip(_PARTS, _HEADS[lang][1:], strict=True))
        lists = {part: "".join(f"<li>{html.escape(line)}</li>" for line in self.words[lang][part]) for part in _PARTS}
        return "".join(f"<h3>{heads[part]}</h3><ul>{lists[part]}</ul>" for part in _PARTS)

    def __str__(self) -> str:
        return "\n".join(self.text(lang) for lang in self.words)

    def _repr_html_(self) -> str:
        return "".join(f'<div lang="{lang}"><h4>{_HEADS[lang][0]}</h4>{self._column(lang)}</div>' for lang in self.words)


def call_card(value: Any, *, place: str = "") -> CallCard:
    """Give one page for a call about a case or a dispute.

    Args:
        value: A case or a dispute.
        place: Country where the caller is, for the emergency number; left out, that of the customer of a dispute, else "US".

    Returns:
        CallCard: `text(lang)`, `html`.

    Raises:
        UsageError: It is something else, or the place has no emergency number in `places.toml`.
    """
    if isinstance(value, Dispute):
        name, situation = value.id, _of_dispute(value)
        where = place or str(value.standing.opened["places"]["customer"])
    elif isinstance(value, Case):
        name, situation, where = f"K-{value.id}", _of_case(value), place or "US"
    else:
        raise UsageError(f"a call card is for a case or a dispute, not for a {type(value).__name__}")
    number = wording("en").places.get(where.upper())
    if number is None:
        raise UsageError("this place has no emergency number in places.toml; add it first")
    return CallCard(name, situation, {lang: _words(lang, situation, {"case": name, "emergency": number}) for lang in LANGUAGES})


def _words(lang: str, situation: str, values: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    told = wording(lang).calls
    found = {}
    for part in _PARTS:
        always, own = list(told["always"][part]), list(told[situation].get(part, ()))
        # who is on the phone is asked before anything else is
        lines = [*always, *own] if part == "first" else [*always[:1], *own, *always[1:]] if part == "ask" else [*own, *always]
        for name, value in values.items():
            lines = [line.replace("{" + name + "}", value) for line in lines]
        found[part] = tuple(lines)
    return found


def _of_dispute(value: Dispute) -> str:
    return {"safety": "safety", "takeover": "takeover"}.get(value.outcome, "dispute")


def _of_case(value: Case) -> str:
    if value.state == "appealed":
        return "appeal"
    if value.state == "overturned":
        return "closed"
    if value.bundle["takeover"]["victim"]:
        return "takeover"
    if any(row["code"] == "H8" for row in value.bundle["stops"]):
        return "safety"
    try:
        decided = value.decision
    except BlindError:
        return "decision"
    return "closed" if decided and decided["action"] == "no action" else "decision"
