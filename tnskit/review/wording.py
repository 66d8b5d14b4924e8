"""The words of letters: one text file a letter and language, ready lines, and what no letter may say; read once, checked whole.

Everything a team may want to change is in the folder `wording`, in plain text and TOML. A letter looks like a letter:

    Subject: Your account is limited until {until}

    [pro] You cannot take new jobs here from {start} to {until}.

    {facts}

Words in braces are blanks, and only those of `blanks.toml` exist. A paragraph that begins with names in brackets stands only in
letters of such a variant or role. A folder of your own is read in the same way, and refused where a language lacks something.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tnskit.errors import UsageError, WordingError

HERE = Path(__file__).parent.parent / "wording"
"""The words that come with the package."""

LANGUAGES = ("en", "es", "pt")
ROLES = ("customer", "pro")
_BLANK = re.compile(r"\{([^{}]*)\}")
_WHEN = re.compile(r"\[([\w, ]+)\] ")
SECTIONS = {"facts": "fact", "terms": "term", "because": "because", "need": "need", "ways": "way", "choices": "choice",
            "questions": "question"}  # fmt: skip
"""Blank to the section of `lines.toml` that its ready lines stand in."""


@dataclass(frozen=True)
class Piece:
    """A run of text, or the name of a blank."""

    text: str
    blank: bool = False


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of a template; `when` names the variants and roles it is for, empty for all."""

    pieces: tuple[Piece, ...]
    when: frozenset[str] = frozenset()

    @property
    def blanks(self) -> tuple[str, ...]:
        """The blanks in it, in order."""
        return tuple(piece.text for piece in self.pieces if piece.blank)


@dataclass(frozen=True)
class Template:
    """One letter: what the register says about it, and its words in one language."""

    code: str
    title: str
    when: str
    to: tuple[str, ...]
    subject: tuple[Piece, ...]
    paragraphs: tuple[Paragraph, ...]
    variants: tuple[str, ...] = ()
    adverse: bool | tuple[str, ...] = False
    second: bool = False
    signer: str = "specialist"
    scope: str = ""
    duration: str = "open"
    answer: bool | tuple[str, ...] = False
    locked: bool = False

    def takes_away(self, variant: str) -> bool:
        """Whether this letter takes something away, and so needs the reasons and the way to appeal."""
        return self.adverse if isinstance(self.adverse, bool) else variant in self.adverse

    def asks(self, variant: str) -> bool:
        """Whether this letter needs an answer, so that its head shows the day."""
        return self.answer if isinstance(self.answer, bool) else variant in self.answer


@dataclass(frozen=True, eq=False)
class Wording:
    """Everything one language needs.

    Attributes:
        lang: `en`, `es` or `pt`.
        templates: Letters by their file name, such as `L08-closed`.
        words: What all letters share, by section.
        lines: Ready lines by section.
        policies: What each rule asks, by code.
        never: What no letter may say, by check.
        ideas: Words that stand for an idea; `checks` says which ideas may not meet.
        calls: What to say on the phone, by situation.
        checks: What each check means, in plain English.
        blanks: Type and meaning of each blank.
        places: Emergency number by country.
    """

    lang: str
    templates: Mapping[str, Template] = field(repr=False)
    words: Mapping[str, Any] = field(repr=False)
    lines: Mapping[str, Mapping[str, str]] = field(repr=False)
    policies: Mapping[str, str] = field(repr=False)
    never: Mapping[str, Any] = field(repr=False)
    ideas: Mapping[str, list[str]] = field(repr=False)
    calls: Mapping[str, Any] = field(repr=False)
    checks: Mapping[str, Any] = field(repr=False)
    blanks: Mapping[str, Mapping[str, str]] = field(repr=False)
    places: Mapping[str, str] = field(repr=False)

    def template(self, name: str) -> Template:
        """Give a letter by its name, or by the part of it that is enough, such as `L08`.

        Raises:
            UsageError: No such letter.
        """
        found = [one for code, one in self.templates.items() if name in (code, code.partition("-")[0])]
        if not found:
            raise UsageError(f"there is no letter '{str(name)[:40]}'; the letters are {', '.join(self.templates)}")
        return found[0]


def pieces(text: str) -> tuple[Piece, ...]:
    """Split a text at its blanks; a value that is filled in later is never split again."""
    split = _BLANK.split(text)
    return tuple(Piece(part, bool(place % 2)) for place, part in enumerate(split) if part or place % 2)


@functools.cache
def wording(lang: str, folder: Path = HERE) -> Wording:
    """Read the words of one language.

    Raises:
        UsageError: Another language.
        WordingError: Something is missing, or a letter has a blank that does not exist.
    """
    if lang not in LANGUAGES:
        raise UsageError(f"there are no letters in '{str(lang)[:20]}'; the languages are {', '.join(LANGUAGES)}")
    register, blanks = _toml(folder / "letters.toml"), _toml(folder / "blanks.toml")
    templates = {code: _template(folder / lang / f"{code}.txt", code, told) for code, told in register.items()}
    inner = {name: _toml(folder / lang / f"{name}.toml") for name in ("words", "lines", "policies", "never", "ideas")}
    calls = _toml(folder / lang / "call.toml")
    told = Wording(
        lang, templates, **inner, calls=calls, blanks=blanks, checks=_toml(folder / "checks.toml"), places=_toml(folder / "places.toml")
    )
    _check(told)
    return told


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise WordingError(f"the wording lacks {path.parent.name}/{path.name}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise WordingError(f"{path.parent.name}/{path.name} cannot be read: {problem}") from problem


def _template(path: Path, code: str, told: dict[str, Any]) -> Template:
    try:
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except OSError:
        raise WordingError(f"the wording lacks {path.parent.name}/{path.name}") from None
    first, _, rest = text.partition("\n")
    if not first.startswith("Subject: "):
        raise WordingError(f"{path.parent.name}/{path.name} should begin with 'Subject: '")
    paragraphs = []
    for block in re.split(r"\n\s*\n", rest.strip()):
        joined = " ".join(block.split())
        found = _WHEN.match(joined)
        names = frozenset(name.strip() for name in found[1].split(",")) if found else frozenset()
        paragraphs.append(Paragraph(pieces(joined[found.end() :] if found else joined), names))
    lists: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
    return Template(code=code, subject=pieces(first.removeprefix("Subject: ")), paragraphs=tuple(paragraphs), **lists)


def _fault(phrase: str) -> str:
    """What is wrong with a phrase of the little language of never.toml; empty for a sound one."""
    words = phrase.split()
    if any("" in word.split("|") for word in words) or not words:
        return "has an empty choice, which would stand for every word; write 'one|two' without a space"
    if any("|" in a and "|" in b for a, b in itertools.pairwise(words)):
        return "has two choices side by side; write 'a|b + c|d' for one of each, or 'a|b_c|d' where one choice has two words"
    if "..." in (words[0], words[-1]):
        return "begins or ends with '...', which stands for words in between"
    return ""


def _check(told: Wording) -> None:
    """Refuse a letter with a blank or a condition that does not exist, and a check of ideas that have no words."""
    asked = {idea for line in told.checks.values() for ideas in line.get("together", ()) for idea in ideas}
    if wrong := sorted(asked - set(told.ideas)):
        raise WordingError(f"{told.lang}/ideas.toml lacks '{wrong[0]}', which checks.toml asks for")
    never = {check: [*one.get("words", ()), *one.get("unless", ())] for check, one in told.never.items()}
    for file, lists in (("never", never), ("ideas", told.ideas)):
        for name, phrases in lists.items():
            for phrase in phrases:
                if fault := _fault(phrase):
                    raise WordingError(f"{told.lang}/{file}.toml, {name}: '{phrase[:60]}' {fault}")
    for code, template in told.templates.items():
        place = f"{told.lang}/{code}.txt"
        used = [piece.text for piece in template.subject if piece.blank]
        used += [name for paragraph in template.paragraphs for name in paragraph.blanks]
        if wrong := sorted(set(used) - set(told.blanks)):
            raise WordingError(f"{place} has the blank {{{wrong[0]}}}, which blanks.toml does not have")
        names = {name for paragraph in template.paragraphs for name in paragraph.when}
        if wrong := sorted(names - set(template.variants) - set(ROLES)):
            raise WordingError(f"{place} has a paragraph for [{wrong[0]}], which is no role and no variant of this letter")
        for paragraph in template.paragraphs:
            alone = [name for name in paragraph.blanks if told.blanks[name]["type"] == "lines" or name in ("reasons", "appeal")]
            if alone and len(paragraph.pieces) > 1:
                raise WordingError(f"{place}: {{{alone[0]}}} is a list and should be a paragraph of its own")
