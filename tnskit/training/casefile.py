"""A case example as data: who shares what and when, what is true, the usual mistake, the point to learn.

The twelve cases of the practice are files of this form in `cases/`; a trainer's own file has the same form and is checked in the
same way. Days are counted from the export, which is day 0: `"-30"`, or `"-30..-20"` for any moment between the two.

    code, suspected, explanation, stops, may, steps   what a good answer finds; `may` are stops that may be named as well
    [words.en] [words.es] [words.pt]                  title, task, mistake, point; {name} stands for an account
    [accounts.NAME]                                   role, opened, until, status, trade, many, asked, verdict, accept, rule, ...
    [[shares]]                                        kind, who, days.NAME, network, others, cells, proof
    [[rows]]                                          table, its columns, each, many, name, proof; "@NAME" is an account, "#NAME" a row
    [[letters]]                                       to, send

Source: the case examples of the practice specification.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tnskit.cleaning.schema import TABLES
from tnskit.errors import LessonError
from tnskit.review.stops import CODES
from tnskit.review.wording import LANGUAGES, wording
from tnskit.training.caseform import see_form

CASES = Path(__file__).parent / "cases"
VERDICTS = ("no action", "warn", "verify", "restrict", "suspend", "remove", "remove review", "give back", "mediate")
"""What a trainee may decide on an account; the words of each language stand in `words/`."""
TAKES_AWAY = ("remove", "suspend")
"""Verdicts that take somebody's living away."""
SANCTIONS = ("warn", "restrict", "suspend", "remove", "remove review")
EXPLANATIONS = (
    "same person", "household", "business", "takeover", "stolen card", "recycled phone", "crowded network", "rented account",
    "real friends", "own device", "bad-faith reports", "shared fault",
)  # fmt: skip
STEPS = (
    "evasion questions", "money plan", "propose suppression", "ask the user", "verify again", "check the register", "record seats",
    "warn customers", "a memo each", "both statements", "part refund", "redo", "safety first", "link the operator", "two cases",
)  # fmt: skip
KINDS = ("phone", "email", "card", "payout", "device", "cookie", "ip", "address", "licence", "tax_id")
NETWORKS = ("residential", "mobile", "education", "business", "hosting")
OLDEST = 3_650
"""Days before the export that a case may go back. Assumption: ten years."""
MOST_ACCOUNTS = 60
"""Accounts of one case. Assumption: more than that is a market, not a lesson."""
_WORDS = ("title", "task", "mistake", "point")
_DAYS = re.compile(r"-?\d+(\.\d+)?(\.\.-?\d+(\.\d+)?)?")
_TOP = {"code", "suspected", "explanation", "stops", "may", "steps", "words", "accounts", "shares", "rows", "letters"}
_SHARE = {"kind", "who", "days", "network", "others", "cells", "proof", "owner", "new"}
_ROW = {"table", "each", "many", "name", "proof"}


@dataclass(frozen=True)
class Part:
    """An account of the story, or several that play the same part.

    Attributes:
        name: How the file calls it.
        many: How many play it.
        role: `customer` or `pro`.
        opened: Days before the export between which the account was opened.
        until: Its last day; None for an account that is used to the end.
        status: `active`, `removed`, ...
        trade: Trade of a pro; "" for any.
        language: `en`, `es`, `pt`; "" for any.
        asked: Whether the trainee decides on it.
        verdict: What is right.
        accept: Other verdicts that are as good.
        rule: Codes of the rules that it broke, with blanks between; "" for none.
        surname_of: A part whose surname it bears.
        invited_by: A part that invited it.
    """

    name: str
    many: int = 1
    role: str = "customer"
    opened: tuple[float, float] = (-300.0, -60.0)
    until: float | None = None
    status: str = "active"
    trade: str = ""
    language: str = ""
    asked: bool = False
    verdict: str = "no action"
    accept: tuple[str, ...] = ()
    rule: str = ""
    surname_of: str = ""
    invited_by: str = ""

    @property
    def members(self) -> tuple[str, ...]:
        """The names of those who play it: NAME, or NAME.1, NAME.2, ..."""
        return (self.name,) if self.many == 1 else tuple(f"{self.name}.{number}" for number in range(1, self.many + 1))


@dataclass(frozen=True)
class CaseFile:
    """A case example that was read and checked."""

    code: str
    suspected: str
    explanation: str
    stops: tuple[str, ...]
    may: tuple[str, ...]
    steps: tuple[str, ...]
    words: dict[str, dict[str, str]] = field(repr=False)
    parts: dict[str, Part] = field(repr=False)
    shares: tuple[dict[str, Any], ...] = field(repr=False)
    rows: tuple[dict[str, Any], ...] = field(repr=False)
    letters: tuple[dict[str, Any], ...] = field(repr=False)

    @property
    def benign(self) -> bool:
        """Whether nobody in it is to be sanctioned."""
        return not any(part.asked and part.verdict in SANCTIONS for part in self.parts.values())

    @property
    def members(self) -> dict[str, Part]:
        """Every account of the story by name, with the part it plays."""
        return {name: part for part in self.parts.values() for name in part.members}

    def named(self, names: list[str]) -> list[str]:
        """Give the accounts that are meant by names of parts or of their members."""
        return [member for name in names for member in (self.parts[name].members if name in self.parts else (name,))]


@cache
def known_cases() -> dict[str, Path]:
    """Give the cases that come along, by code in their order."""
    found = {read_case(path).code: path for path in CASES.glob("*.toml")}
    return dict(sorted(found.items(), key=lambda one: int(one[0][1:])))


def read_case(source: str | Path) -> CaseFile:
    """Read a case: a TOML file, or its text.

    Raises:
        LessonError: What is wrong, in which part of the file, and what would be right.
    """
    path = Path(source) if isinstance(source, Path) or "\n" not in str(source) else None
    name = path.name if path is not None else "the case"
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8") if path is not None else str(source))
    except OSError as problem:
        raise LessonError(f"the case '{name}' cannot be read: {problem.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise LessonError(f"{name} is no TOML: {problem}") from None
    return read_told(name, told)


def read_told(name: str, told: dict[str, Any]) -> CaseFile:
    """Read a case from what stands in its file; `name` is how complaints call it.

    Raises:
        LessonError: As `read_case`.
    """
    return _Reader(name, told).case()


@dataclass(frozen=True, eq=False)
class _Reader:
    """Checks one file; every complaint names the file and the place in it."""

    name: str
    told: dict[str, Any]

    def wrong(self, where: str, what: str) -> LessonError:
        return LessonError(f"{self.name}, {where}: {what}")

    def case(self) -> CaseFile:
        self.known("the top", self.told, _TOP)
        for word in ("code", "suspected", "explanation", "accounts", "letters"):
            if not self.told.get(word):
                raise self.wrong("the top", f"'{word}' is missing")
        see_form(self.told, self.wrong)
        accounts = self.told["accounts"]
        parts = {name: self.part(name, one) for name, one in accounts.items()}
        if not any(part.asked for part in parts.values()):
            raise self.wrong("[accounts]", "nobody is asked about; set asked = true for at least one")
        if sum(part.many for part in parts.values()) > MOST_ACCOUNTS:
            raise self.wrong("[accounts]", f"a case has at most {MOST_ACCOUNTS} accounts")
        self.fair(parts)
        made = CaseFile(
            str(self.told["code"]), str(self.told["suspected"]),
            self.one_of("the top", "explanation", self.told["explanation"], EXPLANATIONS),
            self.each_of("the top", "stops", CODES), self.each_of("the top", "may", CODES), self.each_of("the top", "steps", STEPS),
            {}, parts, tuple(self.told.get("shares", [])), tuple(self.told.get("rows", [])), tuple(self.told["letters"]),
        )  # fmt: skip
        made.words.update(self.words(made))
        self.shares(made)
        self.rows(made)
        self.letters(made)
        return made

    def known(self, where: str, told: dict[str, Any], names: set[str]) -> None:
        for name in told:
            if name not in names:
                raise self.wrong(where, f"'{name}' is not known; there are {', '.join(sorted(names))}")

    def one_of(self, where: str, what: str, value: Any, options: Any) -> str:
        if value not in options:
            raise self.wrong(where, f"{what} = '{str(value)[:40]}' should be one of {', '.join(options)}")
        return str(value)

    def each_of(self, where: str, what: str, options: Any) -> tuple[str, ...]:
        return tuple(self.one_of(where, what, value, options) for value in self.told.get(what, []))

    def part(self, name: str, told: dict[str, Any]) -> Part:
        where = f"[accounts.{name}]"
        self.known(where, told, set(Part.__dataclass_fields__) - {"name"})
        given = dict(told)
        if not re.fullmatch(r"[a-z][a-z_]*", name) or name in {"someone", "somepro", "each"}:
            raise self.wrong(where, "a name is small letters, and not someone, somepro or each, which have a meaning")
        if not 1 <= given.get("many", 1) <= MOST_ACCOUNTS:
            raise self.wrong(where, f"many should be 1 to {MOST_ACCOUNTS}")
        self.one_of(where, "role", given.get("role", "customer"), ("customer", "pro"))
        self.one_of(where, "language", given.get("language", ""), ("", *LANGUAGES))
        for verdict in [given.get("verdict", "no action"), *given.get("accept", [])]:
            self.one_of(where, "verdict", verdict, VERDICTS)
        if given.get("asked") and "verdict" not in given:
            raise self.wrong(where, "somebody is asked about it, so it needs a verdict")
        if given.get("asked") and given["verdict"] in SANCTIONS and not given.get("rule"):
            raise self.wrong(where, f"verdict = '{given['verdict']}' needs the rule that was broken, such as ACC-01")
        for word in ("surname_of", "invited_by"):
            self.one_of(where, word, given.get(word, ""), ("", *self.told["accounts"]))
        given["opened"] = days(given.get("opened", "-300..-60"), self, f"{where} opened")
        if "until" in given:
            given["until"] = days(given["until"], self, f"{where} until")[0]
            if given["until"] <= given["opened"][1]:
                raise self.wrong(where, "until should be later than opened")
        if given["opened"][1] > -1:
            raise self.wrong(where, "opened should be at least one day before the export, such as '-40..-20'")
        given["accept"] = tuple(given.get("accept", ()))
        return Part(name, **given)

    def fair(self, parts: dict[str, Part]) -> None:
        """See that nothing but the evidence tells the accounts apart on which the trainee decides."""
        asked = [part for part in parts.values() if part.asked]
        guilty, innocent = [p for p in asked if p.verdict in SANCTIONS], [p for p in asked if p.verdict not in SANCTIONS]
        for one in guilty:
            for other in innocent:
                for what in ("opened", "until", "role", "status", "trade", "language"):
                    if getattr(one, what) != getattr(other, what):
                        raise self.wrong(
                            f"[accounts.{one.name}]",
                            f"'{what}' differs from that of '{other.name}', which would give the answer away; make them alike",
                        )

    def words(self, case: CaseFile) -> dict[str, dict[str, str]]:
        given = self.told.get("words", {})
        self.known("[words]", given, set(LANGUAGES))
        if not given:
            raise self.wrong("[words]", "write the task in at least one of en, es, pt")
        for lang, words in given.items():
            self.known(f"[words.{lang}]", words, set(_WORDS))
            for word in _WORDS:
                if not str(words.get(word, "")).strip():
                    raise self.wrong(f"[words.{lang}]", f"'{word}' is missing")
                for name in re.findall(r"\{([^}]*)\}", words[word]):
                    if name not in case.members:
                        raise self.wrong(f"[words.{lang}] {word}", f"{{{name}}} is no account; there are {', '.join(case.members)}")
        return {lang: dict(words) for lang, words in given.items()}

    def accounts(self, where: str, case: CaseFile, names: Any) -> None:
        for name in names if isinstance(names, list) else [names]:
            if name not in case.parts and name not in case.members:
                raise self.wrong(where, f"'{str(name)[:40]}' is no account; there are {', '.join(case.members)}")

    def shares(self, case: CaseFile) -> None:
        for place, one in enumerate(case.shares, 1):
            where = f"[[shares]] {place}"
            self.known(where, one, _SHARE)
            self.one_of(where, "kind", one.get("kind"), KINDS)
            self.accounts(where, case, one.get("who") or "")
            if one["kind"] == "ip":
                self.one_of(where, "network", one.get("network"), NETWORKS)
            if len(case.named(one["who"])) < 2 and not one.get("new"):
                raise self.wrong(where, "who should name two accounts at least, or new = true for a thing that one account takes up")
            for name, told in one.get("days", {}).items():
                self.accounts(f"{where} days", case, name)
                days(told, self, f"{where} days.{name}")
            if one["kind"] in {"payout", "licence", "tax_id"} and any(case.members[m].role != "pro" for m in case.named(one["who"])):
                raise self.wrong(where, f"only pros have a {one['kind']}")

    def rows(self, case: CaseFile) -> None:
        names = {one.get("name") for one in case.rows}
        for place, one in enumerate(case.rows, 1):
            where = f"[[rows]] {place}"
            table = TABLES[self.one_of(where, "table", one.get("table"), [t for t in TABLES if t not in {"accounts", "identifiers"}])]
            types = {column.name: column.type for column in table.columns}
            self.known(where, one, _ROW | set(types))
            if "each" in one:
                self.accounts(where, case, one["each"])
            for column, value in one.items():
                if column in _ROW or not isinstance(value, str):
                    continue
                if value.startswith("@") and value[1:] not in {"someone", "somepro", "each"}:
                    self.accounts(f"{where} {column}", case, value[1:])
                elif value.startswith("#") and value[1:] not in names:
                    raise self.wrong(f"{where} {column}", f"no row is named '{value[1:]}'")
                elif types[column] == "at":
                    days(value, self, f"{where} {column}")
            own = {column.name for column in table.columns if column.needed and column.name != f"{one['table'][:-1]}_id"}
            lacks = sorted(own - set(one) - {"event_id"})
            if lacks:
                raise self.wrong(where, f"a row of {one['table']} needs '{lacks[0]}'")

    def letters(self, case: CaseFile) -> None:
        codes = sorted({code.split("-")[0] for code in wording("en").templates})
        for place, one in enumerate(case.letters, 1):
            where = f"[[letters]] {place}"
            self.known(where, one, {"to", "send"})
            if one.get("to") not in case.members:
                raise self.wrong(where, f"'{str(one.get('to'))[:40]}' is no account; there are {', '.join(case.members)}")
            if not one.get("send"):
                raise self.wrong(where, "send should name a letter, such as L23")
            for code in one["send"]:
                self.one_of(where, "send", code, codes)


def days(told: Any, reader: _Reader | None = None, where: str = "") -> tuple[float, float]:
    """Read "-30" or "-30..-20" as the first and last day, counted from the export."""
    text = str(told)
    if not _DAYS.fullmatch(text):
        problem = f"'{text[:40]}' should be days before the export, such as '-30' or '-30..-20'"
        raise reader.wrong(where, problem) if reader is not None else LessonError(problem)
    first, _, last = text.partition("..")
    one, two = float(first), float(last or first)
    if one > two or two > 0 or one < -OLDEST:
        problem = f"'{text[:40]}' should run from the earlier to the later day, from {OLDEST:,} days before the export to day 0"
        raise reader.wrong(where, problem) if reader is not None else LessonError(problem)
    return one, two
