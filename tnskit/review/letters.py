"""Letters: the same facts told to one reader, in one of three languages, and looked through before they may be sent."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from typing import Any

import pandas as pd

from tnskit.errors import LetterError, UsageError
from tnskit.review.layout import Part, Run, message, page, plain
from tnskit.review.lint import Finding, Needs, lint, table
from tnskit.review.reading import Reading, reading
from tnskit.review.telling import Facts, Line, Teller, clean, language_of, zone_of
from tnskit.review.wording import SECTIONS, Paragraph, Piece, Template, Wording, pieces, wording

_QUESTIONS = ("agreed", "happened", "same", "different", "wish", "proof")
_WAYS = ("sign_in", "reply", "call")
_CHOICES = ("another", "later", "cancel")
MOST_SUBJECT = 150
"""Characters of a subject. Assumption: mail programs show about 70 and keep the rest."""


@dataclass(frozen=True, eq=False)
class Letter:
    """A letter to one reader.

    Attributes:
        template: Its code, such as `L08-closed`.
        lang: `en`, `es` or `pt`.
        tag: Language and place by BCP 47, such as `es-US`; the page and the message carry it.
        subject: The subject.
        parts: Its parts in order.
        missing: Blanks without a value; the letter cannot be sent while there are any.
        findings: What the lint found.
        second: Whether a second person has to read it before it goes; always so where words of one's own stand in it.
        facts: What it was told from.
    """

    template: str
    lang: str
    tag: str
    subject: str
    parts: tuple[Part, ...] = field(repr=False)
    missing: tuple[str, ...] = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    second: bool
    facts: Facts = field(repr=False)
    needs: Needs = field(repr=False)

    @property
    def text(self) -> str:
        """The letter as plain text."""
        return plain(self.subject, self.parts)

    @property
    def html(self) -> str:
        """The letter as a page that stands alone."""
        return page(Part("title", (Run(self.subject),)), self.parts, lang=self.tag)

    @property
    def lint(self) -> pd.DataFrame:
        """DataFrame `check`, `weight` (block or warn), `found`, `says`, `instead`: what was found, what blocks first."""
        return table(self.findings)

    @property
    def ready(self) -> bool:
        """Whether nothing blocks it."""
        return not any(one.block for one in self.findings)

    @property
    def reading(self) -> Reading:
        """How hard it is to read, by the formula of its language."""
        return reading(_measured(self.parts), self.lang)

    def eml(self) -> bytes:
        """Give the letter as a mail message (`.eml`) with a text and a page, in UTF-8.

        Raises:
            LetterError: Something blocks it; the message names the first check.
        """
        return self.message().as_bytes()

    def message(self) -> EmailMessage:
        """Give the letter as a message of the standard library, without a sender and a receiver.

        Raises:
            LetterError: Something blocks it.
        """
        blocks = [one for one in self.findings if one.block]
        if blocks:
            more = f" (and {len(blocks) - 1} more)" if len(blocks) > 1 else ""
            raise LetterError(f"this letter cannot be sent: {blocks[0].check}: {blocks[0].says} {blocks[0].instead}{more}")
        return message(self.subject, self.text, self.html, lang=self.tag, case=clean(self.facts.case, "case"), now=self.facts.now)

    def edit(self, body: str) -> Letter:
        """Give the letter with other words between greeting and close, looked through again.

        Args:
            body: Paragraphs with an empty line between them; lines that begin with "- " are items of a list.

        Raises:
            LetterError: The words of this letter belong to legal.
        """
        told = wording(self.lang)
        if told.templates[self.template].locked:
            raise LetterError("the words of this letter belong to legal; ask them for a change")
        shell = [part for part in self.parts if part.kind in {"line", "greeting", "closing", "foot"}]
        place = next(n for n, part in enumerate(shell) if part.kind == "closing")
        parts = (*shell[:place], *_body(body), *shell[place:])
        needs = replace(self.needs, missing=(), measured=_measured(parts))
        found = lint(_looked_through(self.subject, parts), self.lang, needs=needs)
        return replace(self, parts=parts, missing=(), needs=needs, findings=found, second=self.second or body != self.body)

    @property
    def body(self) -> str:
        """The words between greeting and close, as `edit` takes them."""
        inner = [part for part in self.parts if part.kind in {"text", "title", "item"}]
        told = [f"- {part.text}" if part.kind == "item" else part.text for part in inner]
        pairs = zip(inner, inner[1:], told[1:], strict=False)
        return told[0] + "".join(("\n" if a.kind == b.kind == "item" else "\n\n") + words for a, b, words in pairs) if told else ""

    def __str__(self) -> str:
        blocks, warns = sum(one.block for one in self.findings), sum(not one.block for one in self.findings)
        state = "ready to send" if self.ready else f"cannot be sent: {blocks} to mend"
        told = [f"{self.template} in {self.tag}, {state}" + (f", {warns} to look at" if warns else "")]
        told += ["A second person reads it before it goes."] if self.second else []
        told += [
            f"  {'block' if one.block else 'warn'}  {one.check}: {one.says} Found: {one.found}. {one.instead}" for one in self.findings
        ]
        return "\n".join([*told, "", self.text])

    def _repr_html_(self) -> str:
        head, _, _ = str(self).partition("\n\n")
        inside = "".join(
            f"<li>{part.html}</li>" if part.kind == "item" else f"<p>{part.html}</p>" for part in self.parts if part.kind != "line"
        )
        notes = "<br>".join(html.escape(line) for line in head.splitlines())
        return f'<p>{notes}</p><div lang="{html.escape(self.tag)}"><h4>{html.escape(self.subject)}</h4>{inside}</div>'


def write(facts: Facts, *, template: str, lang: str = "en", variant: str = "", words: Wording | None = None) -> Letter:
    """Write a letter from typed facts.

    Args:
        facts: What it may say and to whom.
        template: Which letter, such as `L08` or `L08-closed`.
        lang: Language of the reader: `en`, `es`, `pt`, or a tag such as `es-MX`.
        variant: Which of the letter's variants, where it has several.
        words: Wording of your own, as `wording(lang, folder)` gives it.

    Returns:
        Letter. What it lacks is in `missing`, what speaks against sending it in `lint`.

    Raises:
        UsageError: No such letter, variant or language, or a value of another type than its blank takes.
    """
    told = words or wording(language_of(lang))
    form = told.template(template)
    if form.variants and variant not in form.variants:
        raise UsageError(f"{form.code} needs variant=; it has {', '.join(form.variants)}")
    if variant and variant not in form.variants:
        raise UsageError(f"{form.code} has no variant '{variant[:40]}'; it has {', '.join(form.variants) or 'none'}")
    if facts.role not in form.to:
        raise UsageError(f"{form.code} goes to a {' or a '.join(form.to)}, not to a {facts.role}")
    return _Writer(told, form, facts, variant).write()


@dataclass
class _Writer:
    """Fills one letter. What is filled in is never looked at as a template again."""

    words: Wording
    form: Template
    facts: Facts
    variant: str
    missing: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.teller = Teller(self.words, self.facts.place, zone_of(self.facts.zone), self.facts.now)
        unknown = sorted(set(self.facts.values) - set(self.words.blanks))
        if unknown:
            raise UsageError(f"no letter has the blank '{str(unknown[0])[:40]}'; they are {', '.join(self.words.blanks)}")

    def write(self) -> Letter:
        subject = "".join(run.text for run in self._runs(self.form.subject))[:MOST_SUBJECT]
        body = [part for paragraph in self.form.paragraphs if self._holds(paragraph) for part in self._paragraph(paragraph)]
        parts = (*self._head(), *body, *self._foot())
        missing = tuple(dict.fromkeys(self.missing))
        needs = self._needs(parts, missing)
        found = lint(_looked_through(subject, parts), self.words.lang, needs=needs, words=self.words)
        tag = str(self.teller.locale).replace("_", "-")
        second = self.form.second or any(map(_own_words, self.facts.values.values()))
        return Letter(self.form.code, self.words.lang, tag, subject, parts, missing, found, second, self.facts, needs)

    def _holds(self, paragraph: Paragraph) -> bool:
        return not paragraph.when or bool(paragraph.when & {self.variant, self.facts.role})

    def _needs(self, parts: tuple[Part, ...], missing: tuple[str, ...]) -> Needs:
        facts = self.facts
        day = None
        if self.form.takes_away(self.variant):
            day = self.teller.day(facts.values["appeal_by"]) if facts.values.get("appeal_by") else ""
        exempt = tuple(run.text for part in parts for run in part.runs if run.exempt)
        own = (facts.recipient, facts.case, facts.seal, clean(facts.name, "name"))
        return Needs(facts.others, facts.staff, own, missing, day, exempt, _measured(parts))

    def _head(self) -> list[Part]:
        label, facts = self.words.words["label"], self.facts
        rows = [("date", self.teller.date(facts.now)), ("case", self._text("case", facts.case))]
        rows += [("recipient", self._text("recipient", facts.recipient))]
        if self.form.asks(self.variant) and (day := facts.values.get("by")):
            rows += [("reply_by", self.teller.day(day, "by"))]
        lines = [Part("line", (Run(f"{label[name]}: "), Run(told, value=True))) for name, told in rows]
        return [*lines, Part("greeting", tuple(self._runs(self._greeting())))]

    def _greeting(self) -> tuple[Piece, ...]:
        forms = self.words.words["greeting"]
        if self.facts.greeting not in forms:
            raise UsageError(f"'{self.facts.greeting[:40]}' is not a greeting; they are {', '.join(forms)}")
        first, _, last = forms[self.facts.greeting].partition("{name}")
        return (Piece(first), Piece("name", blank=True), Piece(last)) if last else (Piece(first),)

    def _foot(self) -> list[Part]:
        shared = self.words.words
        closing = Part("closing", (Run(f"{shared['closing']['text']}\n{shared['signer'][self.form.signer]}"),))
        foot = [self._shared(shared["block"]["reply"], "foot"), self._shared(shared["block"]["emergency"], "foot")]
        if self.facts.seal:
            foot.append(Part("foot", (Run(f"{shared['label']['seal']}: "), Run(clean(self.facts.seal, "seal"), value=True))))
        return [closing, *foot]

    def _shared(self, text: str, kind: str) -> Part:
        return Part(kind, tuple(self._runs(pieces(text))))

    def _paragraph(self, paragraph: Paragraph) -> list[Part]:
        alone = paragraph.pieces[0].text if len(paragraph.pieces) == 1 and paragraph.pieces[0].blank else ""
        if alone in ("reasons", "appeal"):
            return self._reasons() if alone == "reasons" else self._appeal()
        if alone and self.words.blanks[alone]["type"] == "lines":
            return [Part("item", (Run(told, value=True),)) for told in self._lines(alone)]
        return [Part("text", tuple(self._runs(paragraph.pieces)))]

    def _reasons(self) -> list[Part]:
        shared = self.words.words
        return [Part("title", (Run(shared["title"]["reasons"]),)), *[self._shared(one, "item") for one in shared["block"]["reasons"]]]

    def _appeal(self) -> list[Part]:
        shared = self.words.words
        return [Part("title", (Run(shared["title"]["appeal"]),)), *[self._shared(one, "text") for one in shared["block"]["appeal"]]]

    def _runs(self, split: tuple[Piece, ...]) -> list[Run]:
        return [run for piece in split for run in (self._blank(piece.text) if piece.blank else [Run(piece.text)])]

    def _blank(self, name: str) -> list[Run]:
        """Give what stands in a blank; a block is words of ours with blanks of its own."""
        if self.words.blanks[name]["type"] == "block":
            told = self._block(name)
            return self._runs(pieces(told)) if told else [self._gap(name)]
        value = self._value(name)
        if value in (None, "", ()):
            return [self._gap(name)]
        kind = self.words.blanks[name]["type"]
        tellers = {"day": self.teller.day, "moment": self.teller.moment, "money": self.teller.money, "count": self.teller.count}
        if kind in tellers:
            return [Run(tellers[kind](value, name), value=True)]
        told = self.teller.line(value, SECTIONS[name]) if kind == "line" else self._text(name, value)
        return [Run(told, value=True, exempt=kind == "office")] if told else [self._gap(name)]

    def _gap(self, name: str) -> Run:
        self.missing.append(name)
        return Run(f"[{name}: {self.words.blanks[name]['says']}]", gap=True)

    def _value(self, name: str) -> Any:
        own = {"case": self.facts.case, "recipient": self.facts.recipient, "name": self.facts.name}
        return own.get(name) if name in own else self.facts.values.get(name)

    def _text(self, name: str, value: Any) -> str:
        told = clean(str(value) if isinstance(value, int) and not isinstance(value, bool) else value, name)
        if not told:
            self.missing.append(name)
        return told

    def _lines(self, name: str) -> list[str]:
        given = self.facts.values.get(name)
        ready = {"questions": _QUESTIONS, "ways": _WAYS, "choices": _CHOICES}
        if given is None and name in ready:
            return [self.words.lines[SECTIONS[name]][kind] for kind in ready[name]]
        if isinstance(given, str) or not given:
            return [self._gap(name).text]
        told = [line for line in (self.teller.line(one, SECTIONS[name]) for one in given) if line]
        if not told or (name == "ways" and len(told) < 2):
            told.append(self._gap(name).text)
        return told

    def _block(self, name: str) -> str:
        """The words of a block, with blanks."""
        shared, facts = self.words.words, self.facts
        if name == "emergency":
            return str(self.words.places.get(facts.place.upper(), ""))
        if name == "rule_says":
            return self.words.policies.get(str(facts.values.get("rule", "")), "")
        if name == "duration":
            return str(shared["duration"][self.form.duration])
        chosen = {"scope": facts.scope or self.form.scope, "source": facts.source, "automation": facts.automation}[name]
        if chosen not in shared[name]:
            raise UsageError(f"'{chosen[:40]}' is not a {name}; they are {', '.join(shared[name])}")
        return str(shared[name][chosen])


def _own_words(value: Any) -> bool:
    """Whether a value holds a line in somebody's own words; the lint knows words and not what they mean, so a person reads these."""
    lines = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(one, Line) and not one.kind and bool(one.text) for one in lines)


def _body(text: str) -> list[Part]:
    parts = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line for line in block.split("\n") if line.strip()]
        items = [line for line in lines if line.startswith("- ")]
        if items and len(items) == len(lines):
            parts += [Part("item", (Run(clean(line[2:], "letter"), value=True),)) for line in items]
        elif lines:
            parts.append(Part("text", (Run(clean(" ".join(lines), "letter"), value=True),)))
    return parts


def _measured(parts: tuple[Part, ...]) -> str:
    return "\n".join("".join(run.text for run in part.runs if not run.exempt) for part in parts if part.kind in {"text", "item"})


def _looked_through(subject: str, parts: tuple[Part, ...]) -> str:
    """Everything the reader will see, a part a line."""
    return "\n".join([subject, *("".join(run.text for run in part.runs) for part in parts)])


def needed(template: Template, variant: str, role: str, words: Wording) -> Mapping[str, str]:
    """Give the blanks that a letter needs, with what they mean; for a form to fill in."""
    used: list[str] = [piece.text for piece in template.subject if piece.blank]
    used += [name for one in template.paragraphs if not one.when or one.when & {variant, role} for name in one.blanks]
    if "reasons" in used:
        used += ["start", "rule", "version"]
    if "appeal" in used:
        used.append("appeal_by")
    return {name: words.blanks[name]["says"] for name in dict.fromkeys(used) if words.blanks[name]["type"] != "block"}
