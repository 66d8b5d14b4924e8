"""The rule table: how much each shared value says, how fast it fades, and how it could be innocent."""

from __future__ import annotations

import hashlib
import itertools
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from tnskit.errors import RuleError

DEFAULT = Path(__file__).with_name("rules.toml")
LABELS = ("no reliable link", "possible", "likely", "strong")
"""The labels, weakest first. None of them says "confirmed": only people confirm."""

COMPANY = ("alone", "one", "each", "same")
"""With whom else two accounts are strongly linked: neither with anybody, one of them, each, both with the same third; see `company`."""

_WORDS = ("proves", "innocent", "check", "source")


@dataclass(frozen=True)
class Rule:
    """One line of the rule table; `rules.toml` says what each figure means."""

    id: str
    kind: str
    family: str
    points: float
    days: int
    cut: int
    proves: str
    innocent: str
    check: str
    source: str
    classes: tuple[str, ...] = ()
    verified: str = ""
    weak: bool = False
    least: int = 0
    otherwise: str = ""
    handover: int = 0
    handed: str = ""
    aside: float = 1.0


@dataclass(frozen=True)
class Rules:
    """The whole table, with the bounds of the labels.

    Attributes:
        version: The day the figures were set.
        rules: By id, in the order of the file.
        labels: Label to the score from which it is given.
        recency: (days, share) pairs in order; the last holds for all that is older.
        strong_families: Families of which a strong link needs one.
        weak_families: Families of which one alone is no reliable link.
        beside_families: Families that only say something beside others; together they are `possible` at most.
        sha256: Digest of the file.
        chances: (points, probability) pairs in order: what a score means.
        innocent: Points taken off for a certain innocent reading, before `chances` are asked.
        sure: Probability from which a pair holds a group together, whatever its word.
        company: Points added before `chances` are asked, by whom else the two are strongly linked to: in the order of `COMPANY`.
    """

    version: str
    rules: dict[str, Rule]
    labels: dict[str, float]
    recency: tuple[tuple[float, float], ...]
    strong_families: tuple[str, ...]
    weak_families: tuple[str, ...]
    beside_families: tuple[str, ...]
    sha256: str
    chances: tuple[tuple[float, float], ...] = ()
    innocent: float = 0.0
    sure: float = 0.95
    company: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)

    def __getitem__(self, name: str) -> Rule:
        return self.rules[name]

    def pick(self, kind: str, klass: str, verified: str) -> Rule | None:
        """Give the first rule that fits a kind, a class and whether it was verified (`yes`, `no` or `unknown`)."""
        for rule in self.rules.values():
            fits = rule.kind == kind and (not rule.classes or klass in rule.classes)
            if fits and rule.verified in {"", verified}:
                return rule
        return None

    def points_of(self, chance: float) -> float:
        """Give the points from which a pair is one person with this probability; infinite where the map never says so."""
        above = [at for at, (_, told) in enumerate(self.chances) if told >= chance]
        if not above or above[0] == 0:
            return self.chances[0][0] if above else float("inf")
        (low, less), (high, more) = self.chances[above[0] - 1], self.chances[above[0]]
        return low + (high - low) * (chance - less) / (more - less)

    def frame(self) -> pd.DataFrame:
        """The rules as a table that SQL can join."""
        names = ["id", "family", "points", "days", "cut", "weak", "least", "otherwise", "handover", "handed", "aside"]
        return pd.DataFrame([[getattr(rule, name) for name in names] for rule in self.rules.values()], columns=names)

    def choices(self, classes: pd.DataFrame) -> pd.DataFrame:
        """Give `kind`, `class`, `verified`, `id` for every class that occurs in a market; for none one row without a word."""
        rows = [
            (kind, klass, verified, rule.id)
            for kind, klass in classes.itertuples(index=False)
            for verified in ("yes", "no", "unknown")
            if (rule := self.pick(kind, klass, verified))
        ]
        return pd.DataFrame(rows or [("", "", "", "")], columns=["kind", "class", "verified", "id"])


@cache
def default() -> Rules:
    """The rule table that comes along, read once."""
    return read(DEFAULT)


def read(path: Path | str = DEFAULT) -> Rules:
    """Read a rule table.

    Args:
        path: A TOML file in the form of `rules.toml`.

    Raises:
        RuleError: A rule lacks its words or a figure, points outside -10 to 10, or names a rule that is not there.
    """
    text = Path(path).read_bytes()
    data = tomllib.loads(text.decode("utf-8"))
    rules = {rule.id: rule for rule in map(_rule, data["rule"])}
    if len(rules) != len(data["rule"]):
        raise RuleError("two rules have the same id; each needs its own")
    for rule in rules.values():
        for other in (rule.otherwise, rule.handed):
            if other and other not in rules:
                raise RuleError(f"rule '{rule.id}' names the rule '{other}', which is not in the table")
    recency = [(float("inf") if days == "older" else float(days), share) for days, share in data["recency"].items()]
    labels = {name: float(data["labels"][name]) for name in LABELS[1:]}
    if not labels["possible"] < labels["likely"] < labels["strong"]:
        raise RuleError("the labels should rise: possible < likely < strong")
    return Rules(
        str(data["version"]), rules, labels, tuple(sorted(recency)), tuple(data["labels"]["strong_families"]),
        tuple(data["labels"]["weak_families"]), tuple(data["labels"]["beside_families"]), hashlib.sha256(text).hexdigest(),
        *_chances(data.get("probability")), float(data["labels"].get("sure", Rules.sure)), _company(data.get("probability")),
    )  # fmt: skip


def _chances(table: dict[str, Any] | None) -> tuple[tuple[tuple[float, float], ...], float]:
    """Give the map from points to probability; a table without one has that of the table that comes along."""
    table = table or _come_along()
    pairs = tuple(zip(map(float, table["scores"]), map(float, table["chances"]), strict=True))
    if not pairs or list(pairs) != sorted(pairs) or any(x[1] > y[1] for x, y in itertools.pairwise(pairs)):
        raise RuleError("the scores and chances of [probability] should rise together")
    if not all(0 <= chance <= 1 for _, chance in pairs):
        raise RuleError("the chances of [probability] are shares from 0 to 1")
    return pairs, float(table["innocent"])


def _company(table: dict[str, Any] | None) -> tuple[float, ...]:
    """Give the points by company; a map without them knows of none."""
    told = (table or _come_along()).get("company", dict.fromkeys(COMPANY, 0))
    points = tuple(float(told[name]) for name in COMPANY) if set(told) == set(COMPANY) else ()
    if not points or list(points) != sorted(points):
        raise RuleError(f"the company of [probability] has points for {', '.join(COMPANY)}, and they should rise in this order")
    return points


def _come_along() -> dict[str, Any]:
    """The table [probability] of the rule table that comes along."""
    table: dict[str, Any] = tomllib.loads(DEFAULT.read_text(encoding="utf-8"))["probability"]
    return table


def _rule(block: dict[str, Any]) -> Rule:
    entry = {("otherwise" if key == "else" else key): value for key, value in block.items()}
    name = entry.get("id", "?")
    known = {field.name for field in fields(Rule)}
    if unknown := sorted(set(entry) - known):
        raise RuleError(f"rule '{name}' has '{unknown[0]}', which no rule has; the entries are {', '.join(sorted(known))}")
    for word in _WORDS:
        if not str(entry.get(word, "")).strip():
            raise RuleError(f"rule '{name}' lacks '{word}'; say in words what it proves, how it could be innocent, and its source")
    if missing := sorted({"id", "kind", "family", "points", "days", "cut"} - set(entry)):
        raise RuleError(f"rule '{name}' lacks '{missing[0]}'")
    if not -10 <= entry["points"] <= 10:
        raise RuleError(f"rule '{name}' has {entry['points']} points; the scale is -10 to 10")
    entry["classes"] = tuple(entry.get("classes", ()))
    entry["points"] = float(entry["points"])
    return Rule(**entry)
