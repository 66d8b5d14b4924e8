"""How hard a text is to read, by the formula that each language has of its own.

- English: grade of Flesch and Kincaid (Kincaid and others 1975, US Navy report 8-75): 0.39 w + 11.8 s - 15.59.
- Spanish: reading ease of Fernández Huerta (1959), in the form that Gwillim Law corrected: 206.84 - 60 s - 1.02 w; its table puts
  60 to 70 at grades 7 and 8.
- Portuguese: Flesch's ease as Martins and others fitted it to Brazilian textbooks (ICMSC-USP 1996): 248.835 - 84.6 s - 1.015 w; its
  table puts 50 to 75 at grades 5 to 8.

w is words a sentence, s is syllables a word. Syllables are counted from the letters: Spanish and Portuguese are spelled as they are
spoken, and for English the rule of vowel groups is right or off by one for nearly all words. Libraries were looked at: `pyphen` knows
where a word may be broken, which is fewer places than it has syllables, and `textstat` fetches its English dictionary at run time.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

GRADE = 8
"""The most a letter may ask of its reader. Assumption: what public bodies aim at; half of US adults read at this level or below."""
FEWEST = 30
"""Words below which the formulas say nothing. Assumption: they were fitted on runs of 100 words."""

FORMULAS = {
    "en": "grade of Flesch and Kincaid (1975)",
    "es": "reading ease of Fernández Huerta (1959)",
    "pt": "reading ease of Flesch, fitted by Martins and others (1996)",
}
_EASE = {"es": ((90, 4), (80, 5), (70, 6), (60, 8), (50, 10), (30, 12)), "pt": ((75, 4), (50, 8), (25, 12))}
"""From this ease up, this grade at most; what is harder still is grade 16."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_END = re.compile(r"[.!?…]+(?=\s|$)|[\n;]+|:(?=\s|$)")
_SHORT = re.compile(r"\b(?:[ap]\. ?m|[Ss]ra?|[Mm]rs?|[Dd]ra?|[A-Z])\.")


@dataclass(frozen=True)
class Reading:
    """How hard a text is: the measure of its formula, and the school grade that the formula's table gives for it."""

    formula: str
    measure: float
    grade: float
    words: int

    @property
    def too_hard(self) -> bool:
        """Whether it asks for more than eight grades of school."""
        return self.words >= FEWEST and self.grade > GRADE


def reading(text: str, lang: str) -> Reading:
    """Measure a text; one paragraph a line."""
    words = _WORD.findall(text)
    bare = _SHORT.sub(lambda found: found[0].replace(".", ""), text)
    sentences = sum(1 for part in _END.split(bare) if _WORD.search(part))
    if not words:
        return Reading(FORMULAS[lang], 0.0, 0.0, 0)
    per_sentence, per_word = len(words) / max(1, sentences), sum(syllables(word, lang) for word in words) / len(words)
    if lang == "en":
        grade = 0.39 * per_sentence + 11.8 * per_word - 15.59
        return Reading(FORMULAS[lang], round(grade, 2), round(grade, 2), len(words))
    if lang == "es":
        ease = 206.84 - 60 * per_word - 1.02 * per_sentence
    else:
        ease = 248.835 - 84.6 * per_word - 1.015 * per_sentence
    grade = next((float(most) for least, most in _EASE[lang] if ease >= least), 16.0)
    return Reading(FORMULAS[lang], round(ease, 2), grade, len(words))


def syllables(word: str, lang: str) -> int:
    """Count the syllables of a word."""
    return max(1, _english(word) if lang == "en" else _romance(word, lang))


_SILENT = re.compile(
    r"[^aeiouyl]e$|[aeiouy]le$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyszxcgh])es$|(?<=[^aeiouy])e(?=(?:ty|ly|ments?|ful|less|thing|times?|where|body)$)"
    r"|(?<=ev)e(?=ry)"
)
"""Vowels that are written and not spoken: "note", "closed", "safety", "every"."""
_APART = re.compile(
    r"(?<![ctsg])ia|(?<![tscgx])io|(?<!fr)(?<![ctsg])ie(?=[rnt])|(?<=sc)ie|(?<!q)ua(?=[lt])|[aeiouy]ing|rea(?=te|ti|ct)|(?:id|ar)ea|eo(?=$|s$|[^aeiouypn])"
)
"""Vowels that stand together and are spoken apart: "media", "period", "client", "usual", "being", "create"."""


def _english(word: str) -> int:
    bare = re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", word.lower()))
    groups = len(re.findall(r"[aeiouy]+", bare))
    return groups - (len(_SILENT.findall(bare)) if groups > 1 else 0) + len(_APART.findall(bare))


_VOWELS = re.compile("[aeiouáéíóúüâêôãõàï]+")
_MARKED = re.compile("[áéíóúâêôãõ]")


def _romance(word: str, lang: str) -> int:
    """Two vowels are one syllable unless both are strong or the weak one bears the stress."""
    bare = unicodedata.normalize("NFC", word.lower())
    bare = re.sub(r"(?<=[qg])u(?=[aeiouáéíóúâêôãõ])", "", bare)
    if lang == "es":
        bare = re.sub(r"y(?![aeiouáéíóú])", "i", bare)
    return sum(1 + sum(_apart(found[0], pair, found.end() == len(bare), bare, lang) for pair in pairwise(found[0]))
               for found in _VOWELS.finditer(bare))  # fmt: skip


def _apart(run: str, pair: tuple[str, str], last: bool, word: str, lang: str) -> bool:
    left, right = pair
    if left in "ãõ" and right in "eo":
        return False
    if lang == "pt" and left in "iu":
        # Brazilian speech keeps "a-va-li-a-ção" and "di-a" apart; an unstressed end such as that of "história" is one syllable
        return not (last and run.endswith(left + right) and _MARKED.search(word) and not _MARKED.search(run))
    return left not in "iuü" and right not in "iuü"
