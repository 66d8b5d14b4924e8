"""Words and names as people type them, made comparable.

A name has two comparable forms: its *words*, sorted, so that order does not matter (`Ruiz, Ana` and `Ana Ruiz`), and its
*surnames*. In Spanish the surnames of father and mother follow the given names, in Portuguese those of mother and father,
and either may be left out in daily life; so one name is the other's short form where it lacks words and adds none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from tnskit.cleaning.kinds.tokens import NOTHING, bare

TITLES = frozenset("mr mrs ms miss mx dr dra prof sr sra srta lic ing arq".split())
PARTICLES = frozenset("the de da do dos das del la las los y e van von der den di du le".split())
"""Words inside a name that come and go from form to form."""
SUFFIXES = frozenset("jr junior hijo filho ii iii iv 2nd 3rd sr senior neto sobrinho".split())
"""Words that tell relatives of one name apart; `sr` behind a name is a suffix, before it a title."""
FIRMS = frozenset(
    "llc inc corp corporation co ltd ltda limited sa srl cv company group services service pllc lp llp plc mei eireli".split()
)
NOBODY = frozenset(
    "test tester unknown none null na anonymous guest user customer admin deleted desconocido desconhecido nombre name".split()
)

_MARKS = re.compile(r"[^\w\s]|_")
_SPACE = re.compile(r"\s+")
_KEEPING: dict[str, re.Pattern[str]] = {}


def plain(text: str, *, keep: str = "") -> str:
    """Give `text` in lower case without accents, with everything but letters, digits and `keep` as a space."""
    if text.isascii():
        folded = text[:500].lower()
    else:
        marked = unicodedata.normalize("NFKD", text[:500]).casefold()
        folded = "".join(c for c in marked if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    marks = _MARKS
    if keep:
        marks = _KEEPING.get(keep) or _KEEPING.setdefault(keep, re.compile(rf"[^\w\s{re.escape(keep)}]|_"))
    return _SPACE.sub(" ", marks.sub(" ", folded)).strip()


def forms(text: str) -> dict[str, str]:
    """Read lines such as `calle: c, cll, cl` into a table from each word to the form before the colon."""
    rows = (line.partition(":") for line in text.strip().splitlines())
    return {word.strip(): form.strip() for form, _, words in rows for word in words.split(",")}


@dataclass(frozen=True)
class Name:
    """A name taken apart.

    Attributes:
        given: Given names and initials, in order.
        surnames: The words after them, in order; empty where the name has one word.
        suffix: `jr`, `filho`, `iii` ... or an empty string.
    """

    given: tuple[str, ...]
    surnames: tuple[str, ...]
    suffix: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """All words but the suffix, sorted."""
        return tuple(sorted(self.given + self.surnames))

    @property
    def initials(self) -> frozenset[str]:
        """Words of one letter."""
        return frozenset(word for word in self.words if len(word) == 1)


def parsed(text: str) -> Name:
    """Take a name apart: order of `Surname, Given`, accents, titles, particles, suffixes and words of firms are dropped.

    Where nothing tells where the surnames begin, a name of two words has one, of three one or two (the last two are
    taken, as in Spanish), of four two.
    """
    front, comma, back = text[:200].partition(",")
    first, second = _kept(front), _kept(back)
    suffix = next((word for word in reversed(first[1:] + second) if word in SUFFIXES), "")
    first, second = [w for w in first if w not in SUFFIXES], [w for w in second if w not in SUFFIXES]
    if comma and first and second:
        return Name(tuple(second), tuple(first), suffix)
    words = first + second
    if len(words) < 2:
        return Name(tuple(words), (), suffix)
    cut = 1 if len(words) <= 3 and not (len(words) == 3 and len(words[1]) == 1) else len(words) - 2 if len(words) > 3 else 2
    return Name(tuple(words[:cut]), tuple(words[cut:]), suffix)


def _kept(text: str) -> list[str]:
    words = plain(text.replace("'", "").replace("’", "")).split()
    while words and words[0] in TITLES:
        words = words[1:]
    return [w for n, w in enumerate(words) if w not in PARTICLES and w not in FIRMS and not (n and w in TITLES and w not in SUFFIXES)]


def name_key(text: str) -> str:
    """Give the words of a name, sorted: one form for every order, accent, title and particle."""
    return " ".join(parsed(text).words)


def surname_key(text: str) -> str:
    """Give the surnames of a name, sorted; empty where it has one word only."""
    return " ".join(sorted(parsed(text).surnames))


def compare(a: str, b: str) -> str:
    """Say how two names relate.

    Returns:
        `same`: one is the other, or its short form with two words or more in common, initials included, and no suffix
        tells them apart. `family`: a surname of three letters or more in common. `differ`: none. `unknown`: a name is
        missing or has one word, or only initials decide.
    """
    one, two = parsed(a), parsed(b)
    if len(one.words) < 2 or len(two.words) < 2 or not NOBODY.isdisjoint(one.words + two.words):
        return "unknown"
    short, long = sorted((one.words, two.words), key=len)
    rest = list(long)
    for word in short:
        if word in rest:
            rest.remove(word)
    missing = [word for word in short if word not in long]
    told_apart = bool(one.suffix and two.suffix and one.suffix != two.suffix)
    if not missing:
        return "family" if told_apart else "same"
    surnames = {*one.surnames, *two.surnames}
    shared = any(len(word) > 2 and word in long and word in surnames for word in short)
    if all(_initial_of(word, rest) for word in missing):
        return "same" if shared and not told_apart else "unknown"
    return "family" if shared else "differ"


def _initial_of(word: str, rest: list[str]) -> bool:
    """Tell whether a word is the initial of one that is left, or is spelled out of an initial that is left."""
    return any(other.startswith(word) if len(word) == 1 else len(other) == 1 and word.startswith(other) for other in rest)


class PersonName:
    """A person's name, by its sorted words. Namesakes are many, so sharing it is never evidence alone."""

    kind: ClassVar[str] = "name"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give the sorted words, or None for a default and for a name of one word."""
        words = parsed(raw).words
        letters = sum(map(len, words))
        named = len(words) > 1 and letters > 3 and all(word.isalpha() for word in words)
        return " ".join(words) if named and NOBODY.isdisjoint(words) and bare(raw[:200]) not in NOTHING else None

    def shown(self, clean: str) -> str:
        """Give the initials."""
        return "name " + " ".join(f"{word[0].upper()}•••" for word in clean.split())

    def klass(self, clean: str) -> str:
        """A name tells no class."""
        return ""

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        return "not a name of two words or more"
