"""Case examples: a lesson to work on, and apart from it the key that knows what is true.

A `Lesson` holds a market, a task and what is asked; it never holds the truth, the code of the case or the stream it was drawn
from. `lesson` makes one for practice, whose key can be made again from its code and seed by anybody who has tnskit; with
`secret=` only whoever knows the secret can. Bundles for trainees (`cohort.py`) are always made with a secret.
"""

from __future__ import annotations

import hashlib
import html
import json
import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from tnskit.cleaning.market import Market, load
from tnskit.errors import LessonError, UsageError
from tnskit.evidence.benign import READINGS
from tnskit.evidence.rules import LABELS, default
from tnskit.review.stops import CODES
from tnskit.review.wording import LANGUAGES, wording
from tnskit.training.casefile import SANCTIONS, CaseFile, known_cases, read_case
from tnskit.training.lives import SEEN
from tnskit.training.staging import Staged, stage

TASK, MARKET = "task.json", "market"
"""What a bundle holds: what the trainee is told, and the tables."""
WIDTH = 96
"""Letters of a line where a lesson is printed: what a notebook shows without breaking words."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """A case example to work on.

    Attributes:
        name: What it is called; in a trainee's bundle a number that says nothing.
        lang: Language of its words: `en`, `es` or `pt`.
        task: What the trainee is told.
        accounts: The accounts to decide on, in the order of their ids.
        seal: Digest of the market, which the key names.
        tables: The market as frames, made up from end to end.
        folder: The bundle that it was read from, where the answer is saved; else "".
        seed, origin, twin: What a lesson for practice was made from; None, "" and "" in a trainee's bundle.
    """

    name: str
    lang: str
    task: str
    accounts: tuple[str, ...]
    seal: str
    tables: dict[str, pd.DataFrame] = field(repr=False)
    folder: str = field(default="", repr=False)
    seed: int | None = field(default=None, repr=False)
    origin: str = field(default="", repr=False)
    twin: str = field(default="", repr=False)

    @cached_property
    def market(self) -> Market:
        """The market, loaded; `tns.link` takes it like any other."""
        return load(self.tables)

    def __str__(self) -> str:
        parts = (self.name, self.task, ", ".join(self.accounts))
        return "\n\n".join(textwrap.fill(part, WIDTH, break_on_hyphens=False) for part in parts)

    def _repr_html_(self) -> str:
        return f"<p><b>{html.escape(self.name)}</b></p><p>{html.escape(self.task)}</p><p>{html.escape(', '.join(self.accounts))}</p>"


@dataclass(frozen=True)
class Truth:
    """What is true of one account.

    Attributes:
        verdict: What is right.
        accept: Other verdicts that are as good.
        rule: Codes of the rules that were broken.
        part: The part it plays in the case, for comparing trainees.
    """

    verdict: str
    accept: tuple[str, ...]
    rule: str
    part: str

    @property
    def guilty(self) -> bool:
        """Whether it is to be sanctioned."""
        return self.verdict in SANCTIONS

    @property
    def acts(self) -> bool:
        """Whether something has to be done about it."""
        return self.verdict != "no action" and "no action" not in self.accept


@dataclass(frozen=True)
class Proof:
    """One piece of evidence that a good answer cites: what two or more accounts share, or a row.

    Attributes:
        kind: The kind that is shared; "" for a row.
        accounts: Who shares it, or whose row it is.
        table: Where it can be seen.
        rows: Ids of the rows of which any will do.
    """

    kind: str
    accounts: tuple[str, ...]
    table: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Key:
    """What is true of a lesson; kept apart from it.

    Attributes:
        code: The case, such as `C4`.
        seal: Digest of the market that it belongs to.
        accounts: What is true of each account that was asked about.
        explanation: The reading that holds.
        stops, may: Stops that the facts raise; stops that may be named as well.
        steps: What else a good answer plans.
        proofs: What it cites.
        letters: To whom, which letters are right, in which language.
        others: Accounts of the case that nobody is asked about.
        words: Title, mistake and point in the language of the lesson.
    """

    code: str
    seal: str
    accounts: dict[str, Truth]
    explanation: str
    stops: tuple[str, ...]
    may: tuple[str, ...]
    steps: tuple[str, ...]
    proofs: tuple[Proof, ...]
    letters: tuple[tuple[str, tuple[str, ...], str], ...]
    others: tuple[str, ...]
    words: dict[str, str]

    @property
    def benign(self) -> bool:
        """Whether nobody is to be sanctioned."""
        return not any(one.guilty for one in self.accounts.values())

    def __repr__(self) -> str:
        return f"Key of a lesson with {len(self.accounts)} accounts"

    def json(self) -> str:
        """Write it as text, to be sealed."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Key:
        """Read what `json` wrote.

        Raises:
            LessonError: It is no key.
        """
        try:
            told = json.loads(text)
            told["accounts"] = {name: Truth(**{**one, "accept": tuple(one["accept"])}) for name, one in told["accounts"].items()}
            told["proofs"] = tuple(Proof(p["kind"], tuple(p["accounts"]), p["table"], tuple(p["rows"])) for p in told["proofs"])
            told["letters"] = tuple((to, tuple(send), lang) for to, send, lang in told["letters"])
            given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
            return cls(**given)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise LessonError("this is no key of a lesson; a key is what `tnskit lessons build` sealed") from None


def lesson(case: str | Path, *, seed: int = 1, lang: str = "en", secret: str = "", twin: str = "") -> Lesson:
    """Make a case example.

    Args:
        case: `C1` to `C12`, a TOML file of your own, or the folder of an exercise that a trainer handed out.
        seed: A whole number from 0; another one gives other people and another truth.
        lang: Language of its words: `en`, `es`, `pt`.
        secret: What the key is made from besides case and seed; give it where trainees have tnskit too.
        twin: `en`, `es` or `pt`: give the accounts in question names, locale and street of that language, all else left alike.

    Returns:
        Lesson. `lesson.market` is a loaded market of a few hundred accounts.

    Raises:
        LessonError: No such case, or a file that cannot be used.
        UsageError: A negative seed, or another language.
    """
    if (Path(case).expanduser() / TASK).is_file():
        return read_lesson(case)
    return make(case, seed=seed, lang=lang, secret=secret.encode(), twin=twin)[0]


def answer_key(case: str | Path, *, seed: int = 1, lang: str = "en", secret: str = "", twin: str = "") -> Key:
    """Make the key of a lesson; the arguments are those of `lesson`.

    Raises:
        LessonError, UsageError: As `lesson`.
    """
    return make(case, seed=seed, lang=lang, secret=secret.encode(), twin=twin)[1]


def make(case: str | Path, *, seed: int, lang: str, secret: bytes, twin: str = "", name: str = "") -> tuple[Lesson, Key]:
    """Make a lesson and its key in one go."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise UsageError(f"the seed is a whole number from 0, not {seed}")
    for what, value in (("lang", lang), ("twin", twin or "en")):
        if value not in LANGUAGES:
            raise UsageError(f"{what}='{str(value)[:20]}' should be one of {', '.join(LANGUAGES)}")
    told = found(case)
    staged = stage(told, seed=seed, secret=secret, twin=twin)
    words = told.words.get(lang) or next(iter(told.words.values()))
    words = {word: filled(text, staged.people) for word, text in words.items()}
    asked = {staged.people[member]: (member, part) for member, part in told.members.items() if part.asked}
    order = tuple(sorted(asked, key=lambda account: int(account[1:])))
    seal = digest(staged.tables)
    made = Lesson(told.code, lang, words["task"], order, seal, staged.tables, seed=seed, origin=str(case), twin=twin)
    if name:
        made = Lesson(name, lang, words["task"], order, seal, staged.tables)
    truths = {a: Truth(asked[a][1].verdict, asked[a][1].accept, asked[a][1].rule, asked[a][0]) for a in order}
    letters = tuple((staged.people[one["to"]], tuple(one["send"]), staged.lives[one["to"]].language) for one in told.letters)
    others = tuple(account for account in staged.people.values() if account not in asked)
    rest = {word: words[word] for word in ("title", "mistake", "point")}
    return made, Key(
        told.code, seal, truths, told.explanation, told.stops, told.may, told.steps, _proofs(told, staged), letters, others, rest
    )


def found(case: str | Path) -> CaseFile:
    """Give a case by its code, or read a file."""
    cases = known_cases()
    if isinstance(case, str) and case.upper() in cases:
        return read_case(cases[case.upper()])
    path = Path(case)
    if path.suffix.lower() == ".toml":
        return read_case(path)
    raise LessonError(f"there is no case '{str(case)[:40]}'; there are {', '.join(cases)}, or a .toml file of your own")


def filled(text: str, people: Mapping[str, str]) -> str:
    """Put account ids where a text names accounts of the case."""
    for member, account in people.items():
        text = text.replace(f"{{{member}}}", account)
    return text


def read_lesson(folder: str | Path) -> Lesson:
    """Read a bundle back.

    Raises:
        LessonError: The folder is no bundle, or its market was changed.
    """
    here = Path(folder).expanduser()
    try:
        told = json.loads((here / TASK).read_text(encoding="utf-8"))
        tables = {
            path.stem: pd.read_csv(path, dtype=str, keep_default_na=False).replace("", None)
            for path in sorted((here / MARKET).glob("*.csv"))
        }
        made = Lesson(told["name"], told["lang"], told["task"], tuple(told["accounts"]), told["seal"], tables, folder=str(here))
    except (OSError, ValueError, KeyError, TypeError):
        raise LessonError(f"'{here.name}' is no exercise; one holds {TASK} and a folder {MARKET}") from None
    if digest(tables) != made.seal:
        raise LessonError(f"the market of '{here.name}' was changed since it was made; ask your trainer for the exercise again")
    return made


def digest(tables: Mapping[str, pd.DataFrame]) -> str:
    """Give the digest of a market: the same for the same cells, in memory and read back from files."""
    whole = hashlib.sha256()
    for name in sorted(tables):
        whole.update(name.encode())
        whole.update(tables[name].to_csv(index=False).encode())
    return whole.hexdigest()


@cache
def spoken(lang: str) -> dict[str, dict[str, str]]:
    """Give the words that lessons, marks and panels are told in; what stops, letter checks and rules say in English stands with them."""
    folder = Path(__file__).parent / "words"
    told: dict[str, dict[str, str]] = {}
    for name in (f"{lang}.toml", f"market.{lang}.toml", f"cohort.{lang}.toml"):
        told |= tomllib.loads((folder / name).read_text(encoding="utf-8"))
    checks, letters, rules = wording("en").checks, wording("en").templates, default().rules
    english = {
        "stops": {code: (stop.find.__doc__ or "").partition(": ")[2] for code, stop in CODES.items()},
        "letters": {code.split("-")[0]: one.title for code, one in letters.items()},
        "says": {check: str(line["says"]) for check, line in checks.items()},
        "instead": {check: str(line["instead"]) for check, line in checks.items()},
        "labels": {label: label for label in LABELS},
        "families": {rule.family: rule.family for rule in rules.values()},
        "kinds": {rule.kind: rule.kind for rule in rules.values() if rule.kind != "-"},
        "readings": {reading.name: reading.name for reading in READINGS},
        "rules": {rule.id: rule.proves for rule in rules.values()},
    }
    return {**english, **told}


def _proofs(case: CaseFile, staged: Staged) -> tuple[Proof, ...]:
    made = []
    for place, one in enumerate(case.shares):
        if one.get("proof"):
            kind, accounts = staged.pieces[place]
            made.append(Proof(kind, tuple(sorted(accounts)), SEEN[kind][0] if kind in SEEN else "logins"))
    for place, one in enumerate(case.rows):
        if one.get("proof"):
            rows = staged.marks[place]
            made.append(Proof("", tuple(dict.fromkeys(who for _, _, who in rows)), one["table"], tuple(row for _, row, _ in rows)))
    return tuple(made)
