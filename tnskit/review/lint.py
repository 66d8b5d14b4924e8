"""What no letter may say: each check is a line of `wording/checks.toml`, its words stand in `wording/{en,es,pt}/never.toml`.

A check looks at one sentence at a time: for words, and for ideas that may not meet in it in whatever order, such as a review and money
(`checks.toml`, `{en,es,pt}/ideas.toml`). Capitals, accents and signs that cannot be seen do not matter; `*` stands for the rest of a word,
`...` for up to eight words. A finding never repeats an identifier.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from tnskit.cleaning.privacy import leaks
from tnskit.errors import UsageError
from tnskit.review.reading import reading
from tnskit.review.wording import LANGUAGES, Wording, wording

_SENTENCE = re.compile(r"(?<=[.!?…;])\s+|\n+")
_DATES = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2})?|(?<=\d, )(?:19|20)\d{2}\b|(?<=\bde )(?:19|20)\d{2}\b")
_ADDRESS = re.compile(
    r"\b\d{1,5} (?:[\w.]+ ){1,3}(?i:street|avenue|ave|road|rd|boulevard|blvd)\b"
    r"|\b\d{1,5} (?:[NSEW]\.? )?(?:[A-Z][\w.]*|\d+(?:st|nd|rd|th)) (?:[\w.]+ ){0,2}"
    r"(?i:st|lane|ln|drive|dr|court|ct|way|place|pl|terrace|circle)\b"
    r"|\b(?i:calle|avenida|av\.|rua|travessa|alameda|carrera|calzada|colonia)(?: [\w.]+){1,4},? (?i:n[oº.]* ?|#)?\d{1,5}\b"
)
"""A street address. Words that mean other things too, such as "way" or "place", need a name with a capital before them."""
_DOCUMENT = re.compile(r"\b\d{3}-\d{2}-\d{4}\b|\b\d{3}\.\d{3}\.\d{3}-\d{2}\b|\b[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d\b")
_PHONE = re.compile(r"(?<![\d.])(?:\+?1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)")
_ID_WORD = re.compile(r"\b(?:\d[ -]?){9,}\d\b")
_CAPITALS = re.compile(r"\b[A-ZÁÉÍÓÚÂÊÔÃÕÇÑ]{4,}(?:\s+[A-ZÁÉÍÓÚÂÊÔÃÕÇÑ]{2,})+\b|!{2,}")
_SIGNED = re.compile(r",[ \t]*\n+[ \t]*(?:[A-ZÁÉÍÓÚÂÊÔÃÕÇÑ][a-záéíóúâêôãõçñ]+[ \t]*){1,3}\.?[ \t]*(?:\n|$)")
"""A name alone on the line after a comma, as people sign."""
_FOREIGN = 2
"""Words of another language in a paragraph, and more than its own, that make it foreign. Assumption: one may be a name."""


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    Attributes:
        check: Its name in `checks.toml`.
        block: Whether the letter cannot be sent with it.
        found: The words that were found, or the kind of identifier; never an identifier.
        says: What is wrong, in plain English.
        instead: What would be right.
    """

    check: str
    block: bool
    found: str
    says: str
    instead: str


@dataclass(frozen=True)
class Needs:
    """What a letter must hold, and whom it must not name.

    Attributes:
        others: Names and accounts of other people.
        staff: Names of those who work on the case.
        own: Names and accounts of the reader, which may stand in it.
        missing: Blanks without a value.
        appeal_by: The day of appeal as told in the letter, where it takes something away; None where it does not.
        exempt: What the law makes us name.
        measured: The words whose reading level counts; the whole text if left out.
    """

    others: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    appeal_by: str | None = None
    exempt: tuple[str, ...] = ()
    measured: str | None = None


def lint(text: str, lang: str, *, needs: Needs | None = None, words: Wording | None = None) -> tuple[Finding, ...]:
    """Look for what a letter may not say.

    Args:
        text: The letter; one paragraph a line, or wrapped with empty lines between paragraphs.
        lang: `en`, `es` or `pt`.
        needs: What it must hold, and whom it must not name.
        words: Wording of your own.

    Returns:
        Findings: those that block first, each in the order of `checks.toml`.

    Raises:
        UsageError: Another language.
    """
    if lang not in LANGUAGES:
        raise UsageError(f"there is no lint for '{str(lang)[:20]}'; the languages are {', '.join(LANGUAGES)}")
    told, asked = words or wording(lang), needs or Needs()
    bare = _joined(text)
    for name in asked.exempt:
        bare = bare.replace(name, " ")
    found = [*_said(bare, told), *_people(bare, asked, told), *_whole(bare, lang, asked)]
    order = {check: place for place, check in enumerate(told.checks)}
    made = {(check, what): _finding(check, what, told) for check, what in found}
    return tuple(sorted(made.values(), key=lambda one: (not one.block, order[one.check], one.found)))


def table(findings: Iterable[Finding]) -> pd.DataFrame:
    """Give findings as a DataFrame `check`, `weight` (block or warn), `found`, `says`, `instead`."""
    rows = [(one.check, "block" if one.block else "warn", one.found, one.says, one.instead) for one in findings]
    return pd.DataFrame(rows, columns=["check", "weight", "found", "says", "instead"])


def spoken(text: str, checks: Iterable[str]) -> tuple[Finding, ...]:
    """Look in words of any of our languages for some of the checks; for what a party says before it is passed on."""
    wanted, bare = set(checks), _joined(text)
    found: dict[str, Finding] = {}
    for lang in LANGUAGES:
        told = wording(lang)
        for check, what in [*_said(bare, told), *_identifiers(bare)]:
            if check in wanted:
                found.setdefault(check, _finding(check, what, told))
    return tuple(found.values())


def _finding(check: str, what: str, told: Wording) -> Finding:
    line = told.checks[check]
    return Finding(check, bool(line["block"]), what, line["says"], line["instead"])


def fold(text: str) -> str:
    """Give a text without capitals, accents, curly quotes and signs that cannot be seen."""
    bare = text.casefold().replace("’", "'").replace("‘", "'")
    if bare.isascii():
        return bare
    plain = unicodedata.normalize("NFKD", bare)
    return "".join(mark for mark in plain if unicodedata.category(mark) not in {"Mn", "Cf"})


def _joined(text: str) -> str:
    """One paragraph a line, without the signs that would hide a word from a search."""
    seen = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    blocks = re.split(r"\n\s*\n", seen) if re.search(r"\n\s*\n", seen) else seen.split("\n")
    return "\n".join(re.sub(r"[ \t]*\n(?!- )[ \t]*", " ", block).strip() for block in blocks)


@dataclass(frozen=True)
class _Phrases:
    """Phrases as one pattern, tried only on a sentence that holds one of their signs: most hold none, and a look for one costs little.

    Attributes:
        pattern: What matches any of them.
        signs: Pieces of text, one of which stands wherever the pattern matches.
    """

    pattern: re.Pattern[str]
    signs: tuple[str, ...]

    def search(self, sentence: str) -> re.Match[str] | None:
        return self.pattern.search(sentence) if any(sign in sentence for sign in self.signs) else None

    def findall(self, sentence: str) -> list[str]:
        return self.pattern.findall(sentence) if any(sign in sentence for sign in self.signs) else []


@functools.cache
def _pattern(phrases: tuple[str, ...]) -> _Phrases:
    """Phrases of the little language of `never.toml` as one pattern."""
    told = [fold(phrase) for phrase in phrases]
    pattern = re.compile("|".join(sorted(map(_phrase, told), key=len, reverse=True)) or r"(?!)")
    return _Phrases(pattern, tuple(sorted({sign for phrase in told for sign in _signs(phrase)})))


def _signs(phrase: str) -> list[str]:
    """What stands in a sentence with a phrase: one piece of each choice of the word whose shortest piece is the longest."""
    words = [word.split("|") for word in phrase.split() if word not in ("...", "+")]
    pieces = [[max(re.split(r"[*_]", one), key=len) for one in word] for word in words]
    return max(pieces, key=lambda word: min(map(len, word)), default=[])


def _phrase(phrase: str) -> str:
    """One phrase as a pattern: `*` is the rest of a word, `...` up to eight words, `one|two` either word, `_` a space in a choice."""
    words = [r"(?:\S+\s+){0,8}?" if word == "..." else _word(word) + r"\s+" for word in phrase.split() if word != "+"]
    return "".join(words).removesuffix(r"\s+")


def _word(word: str) -> str:
    either = [re.escape(one).replace(r"\*", r"\w*").replace("_", r"\s+") for one in word.split("|")]
    start = r"(?<!\w)" if word[0].isalnum() or word[0] == "*" else ""
    return f"{start}(?:{'|'.join(either)})" + (r"(?!\w)" if word[-1].isalnum() or word[-1] == "*" else "")


def _said(text: str, told: Wording) -> list[tuple[str, str]]:
    """What is said in words, one look a check and sentence, or in ideas that meet in one sentence."""
    found: list[tuple[str, str]] = []
    paragraphs = [[fold(one) for one in _SENTENCE.split(line) if one.strip()] for line in text.split("\n")]
    for check, line in told.never.items():
        pattern, fine, asked = _pattern(tuple(line.get("words", ()))), _pattern(tuple(line.get("unless", ()))), told.checks[check]
        left = [[one for one in sentences if not fine.search(one)] for sentences in paragraphs]
        hits = [hit for sentences in left for one in sentences for hit in pattern.findall(one)]
        hits = hits or [hit for sentences in left for run in _runs(sentences, asked.get("over", 1)) for hit in _met(run, told, check)]
        if len(hits) >= int(asked.get("least", 1)):
            found += [(check, hit) for hit in hits]
    return found


def _runs(sentences: list[str], over: int) -> list[str]:
    """Sentences of a paragraph, joined where ideas may meet over several in a row."""
    return [" ".join(sentences[place : place + over]) for place in range(max(0, len(sentences) - over) + 1)]


def _met(sentence: str, told: Wording, check: str) -> Iterable[str]:
    """The words in which ideas met that may not meet in one sentence."""
    for ideas in told.checks[check].get("together", ()):
        looks = (_pattern(tuple(told.ideas[idea])).search(sentence) for idea in ideas)
        met = [one[0] for one in itertools.takewhile(bool, looks) if one]
        if len(met) == len(ideas):
            yield " ... ".join(met)


def _identifiers(text: str) -> list[tuple[str, str]]:
    bare = _DATES.sub(" ", text)
    kinds = dict.fromkeys(leaks(bare), True)
    patterns = {"a phone number": _PHONE, "a street address": _ADDRESS, "an ID number": _DOCUMENT, "a long number": _ID_WORD}
    kinds |= {name: True for name, pattern in patterns.items() if pattern.search(bare)}
    if len(kinds) > 1:
        kinds.pop("a long number", None)
    return [("identifier", kind) for kind in kinds]


def _people(text: str, needs: Needs, told: Wording) -> list[tuple[str, str]]:
    """Identifiers, other users, staff."""
    mine = [name for name in needs.own if name]
    bare = text
    for name in [*mine, *told.words["signer"].values()]:
        bare = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", bare)
    found = _identifiers(bare)
    checks = (("other_user", needs.others, "a name or account of another user"), ("staff_name", needs.staff, "a name of staff"))
    for check, names, what in checks:
        if any(_named(name, bare, mine) for name in names):
            found.append((check, what))
    before = "|".join(re.escape(word) for word in told.never["staff_name"]["before"])
    if re.search(rf"(?<!\w)(?i:{before})(?:[ \t]+|[ \t]*\n[ \t]*)(?-i:[A-ZÁÉÍÓÚÂÊÔÃÕÇÑ][a-záéíóúâêôãõçñ]+)", bare):
        found.append(("staff_name", "a name after a word such as 'agent'"))
    if _SIGNED.search(bare):
        found.append(("staff_name", "a name under the close"))
    return found


def _named(name: str, text: str, own: list[str]) -> bool:
    """Whether somebody's whole name, account, or a surname of theirs that is not the reader's stands in a text."""
    folded, theirs = fold(text), fold(name).split()
    mine = {word for one in own for word in fold(one).split()}
    words = [word for word in theirs if len(word) > 2 and word not in mine] if len(theirs) > 1 else theirs
    whole = " ".join(theirs)
    parts = [whole, *[word for word in words if len(theirs) > 1 and _proper(word, text)]]
    return any(part and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", folded) for part in parts)


def _proper(word: str, text: str) -> bool:
    """Whether a word stands in a text with a capital, as a name does."""
    return any(fold(one) == word and one[0].isupper() for one in re.findall(r"\w+", text))


def _whole(text: str, lang: str, needs: Needs) -> list[tuple[str, str]]:
    """What can only be seen in the whole letter."""
    told = wording(lang)
    found = [("missing_field", name) for name in needs.missing]
    if needs.appeal_by is not None and not _appeals(text, needs.appeal_by, told):
        found.append(("missing_appeal", "no way to appeal, or no last day"))
    found += [("wrong_language", f"a paragraph that looks {name}") for name in sorted({*_foreign(text, lang)})]
    level = reading(text if needs.measured is None else needs.measured, lang)
    if level.too_hard:
        found.append(("reading_level", f"{level.formula}: {level.measure:g}, grade {level.grade:g}"))
    if _CAPITALS.search(text):
        found.append(("shouting", "capital letters or exclamation marks"))
    return found


def _appeals(text: str, day: str, told: Wording) -> bool:
    must = _pattern(tuple(told.never["missing_appeal"]["must"]))
    return bool(day) and any(must.search(fold(sentence)) and day in sentence for sentence in _SENTENCE.split(text))


_NAMES = {"en": "English", "es": "Spanish", "pt": "Portuguese"}


def _foreign(text: str, lang: str) -> Iterable[str]:
    """The languages of paragraphs that are not in the one of the letter, by their small words."""
    small = {one: _pattern(tuple(wording(one).never["wrong_language"]["common"])) for one in LANGUAGES}
    for paragraph in _SENTENCE.split(text):
        bare = fold(paragraph)
        counts = {one: len(pattern.findall(bare)) for one, pattern in small.items()}
        best = max(counts, key=lambda one: (counts[one], one == lang))
        if best != lang and counts[best] >= _FOREIGN and counts[best] > counts[lang]:
            yield _NAMES[best]
