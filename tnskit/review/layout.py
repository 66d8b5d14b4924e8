"""How a letter looks: as plain text, as a page that stands alone, and as a message with both."""

from __future__ import annotations

import hashlib
import html
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from tnskit.review.telling import isolated


@dataclass(frozen=True)
class Run:
    """A run of text; `value` marks what was filled in, `exempt` what the law makes us name, `gap` what is missing."""

    text: str
    value: bool = False
    exempt: bool = False
    gap: bool = False


@dataclass(frozen=True)
class Part:
    """One part of a letter: `title`, `text`, `item` of a list, `greeting`, `closing`, `line` of the head or `foot`."""

    kind: str
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The words, with names in another direction kept apart."""
        return "".join(isolated(run.text) if run.value else run.text for run in self.runs)

    @property
    def html(self) -> str:
        """The words as HTML; what was filled in keeps its own direction."""
        return "".join(map(_run, self.runs))


def _run(run: Run) -> str:
    told = html.escape(run.text)
    return f"<mark>{told}</mark>" if run.gap else f"<bdi>{told}</bdi>" if run.value else told


STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1a1c1e; --soft: #5b6167; --line: #dadde1 }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #15181b; --ink: #edeff1; --soft: #a9b0b7; --line: #3a4046 } }
body { background: var(--paper); color: var(--ink); font: 17px/1.55 Georgia, 'Liberation Serif', 'DejaVu Serif', serif;
  margin: 2.5rem auto; max-width: 40rem; padding: 0 1.4rem; overflow-wrap: anywhere }
h1 { font-size: 1.45rem; line-height: 1.25; margin: 0 0 1.2rem } h2 { font-size: 1.05rem; margin: 1.6rem 0 .3rem }
p { margin: 0 0 .9rem } ul { margin: 0 0 .9rem; padding-inline-start: 1.3rem } li { margin: .25rem 0 }
.head { border-bottom: 1px solid var(--line); color: var(--soft); font: 14px/1.5 system-ui, sans-serif; margin: 0 0 1.6rem;
  padding: 0 0 .7rem } .head span { display: inline-block; margin-inline-end: 1.6rem }
.closing { margin-top: 1.6rem; white-space: pre-line }
footer { border-top: 1px solid var(--line); color: var(--soft); font: 14px/1.5 system-ui, sans-serif; margin-top: 2rem;
  padding-top: .8rem } footer p { margin: 0 0 .35rem }
@media print { body { font-size: 11.5pt; margin: 0; max-width: none } h2 { break-after: avoid } li, .closing { break-inside: avoid } }
"""

GUARD = "default-src 'none'; style-src 'unsafe-inline'"
"""Should something foreign ever get into a page, a reader's browser still fetches nothing and runs nothing."""
_TAGS = {"title": "h2", "text": "p", "greeting": "p", "foot": "p"}


def plain(subject: str, parts: Iterable[Part], width: int = 78) -> str:
    """Give a letter as text, with lines of a width that every mail program shows."""
    out: list[str] = []
    last = ""
    for part in parts:
        if part.kind == "line":
            out.append(part.text)
        elif part.kind == "item":
            out += ([] if last == "item" else [""]) + [_wrapped(f"- {part.text}", width, "  ")]
        elif part.kind == "closing":
            out += ["", *part.text.split("\n")]
        else:
            gap = [] if last == "foot" == part.kind else ["", "--"] if part.kind == "foot" else [""]
            out += [*gap, _wrapped(part.text, width)]
        last = part.kind
    return "\n".join([subject, "", *out]).strip() + "\n"


def _wrapped(text: str, width: int, indent: str = "") -> str:
    return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def page(subject: Part, parts: Iterable[Part], *, lang: str) -> str:
    """Give a letter as a page that stands alone: no script, nothing fetched, for light, dark and paper."""
    every = list(parts)
    head = "".join(f"<span>{part.html}</span>" for part in every if part.kind == "line")
    foot = "".join(_tag(part) for part in every if part.kind == "foot")
    body: list[str] = []
    for part in every:
        if part.kind in {"line", "foot"}:
            continue
        if part.kind == "item":
            item = f"<li>{part.html}</li>"
            if body and body[-1].endswith("</ul>"):
                body[-1] = body[-1].removesuffix("</ul>") + item + "</ul>"
            else:
                body.append(f"<ul>{item}</ul>")
        else:
            body.append(_tag(part))
    title = html.escape("".join(run.text for run in subject.runs))
    inner = "\n".join(body)
    return (
        f'<!doctype html>\n<html lang="{html.escape(lang)}" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{GUARD}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<div class="head">{head}</div>\n<h1>{subject.html}</h1>\n{inner}\n</main>\n<footer>{foot}</footer>\n</body>\n</html>\n'
    )


def _tag(part: Part) -> str:
    if part.kind == "closing":
        return f'<p class="closing">{part.html}</p>'
    tag = _TAGS[part.kind]
    return f"<{tag}>{part.html}</{tag}>"


def message(subject: str, text: str, page: str, *, lang: str, case: str, now: datetime) -> EmailMessage:
    """Give a letter as a message with a text and a page, each in UTF-8 and with its `Content-Language`.

    It has no sender and no receiver: an account is known here by its id, and the mail program of the team knows the rest.
    """
    made = EmailMessage(policy=SMTP)
    made["Subject"] = subject
    made["Date"] = format_datetime(now)
    made["X-Case"] = case
    made.set_content(text, charset="utf-8", cte="quoted-printable")
    made.add_alternative(page, subtype="html", charset="utf-8", cte="quoted-printable")
    # `add_alternative` moves what begins with "Content-" into the first part, so the language is told after it
    for part in (made, *made.iter_parts()):
        part["Content-Language"] = lang
    # The library draws a boundary by lot; the same letter should be the same file.
    made.set_boundary("tnskit-" + hashlib.sha256(page.encode()).hexdigest()[:32])
    return made
