"""A group of trainees: bundles for each, and later a report of what they made of them.

name = "Spring"
lang = "en"                       # or a trainee's own: "luis:es"
trainees = ["ana", "luis:es"]     # or a number
cases = ["C1", "C4", "mine.toml"] # left out: all twelve
each = 1                          # so many markets of every case
same = false                      # true: the same exercises for all, a calibration round
twins = false                     # true: every case twice, with names, language and street swapped
"""

from __future__ import annotations

import secrets
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from tnskit.errors import LessonError, UsageError
from tnskit.review.wording import LANGUAGES
from tnskit.training.agreement import Agreement, agreement
from tnskit.training.bundles import read_answer, seal, unseal, write_lesson
from tnskit.training.casefile import known_cases
from tnskit.training.grading import OF, Marks, grade
from tnskit.training.lessons import Key, Lesson, found, make, read_lesson, spoken
from tnskit.training.lives import dice

FOR_TRAINEES, FOR_TRAINER, KEYS, PLAN = "for_trainees", "for_trainer", "keys.sealed", "cohort.toml"
MOST_TRAINEES = 500
SEVERITY = {verdict: place for place, verdict in enumerate(
    ("no action", "give back", "mediate", "verify", "warn", "remove review", "restrict", "suspend", "remove"))}  # fmt: skip
"""Verdicts from mild to severe, for comparing twins and for ordinal alpha. Assumption: the ladder of the policies."""
_SHARES = ("passed", "raw", "prevalence")


@dataclass(frozen=True)
class Cohort:
    """A plan that was read and checked."""

    name: str
    trainees: tuple[tuple[str, str], ...]
    cases: tuple[str, ...]
    each: int
    same: bool
    twins: bool
    lang: str = "en"


@dataclass(frozen=True, eq=False)
class CohortReport:
    """What a cohort made of its exercises.

    Attributes:
        name: The cohort.
        scores: DataFrame, one row an answer: `trainee`, `exercise`, `case`, `total`, `passed`, the parts, `false_removals`, `missed`,
            `brier`, `minutes`.
        waiting: DataFrame `trainee`, `exercise`, `why`: exercises without an answer that can be read.
        mistakes: DataFrame `case`, `part`, `answers`, `lost` (mean points), `words`: what went wrong most often, and how it is told.
        hardest: DataFrame `case`, `answers`, `passed` (share), `mean`; the hardest first.
        agreement: DataFrame, one row for all cases and one a case: raw, Cohen, Fleiss, alpha with its interval, AC1, prevalence.
        verdicts: DataFrame, one row a case and account, one column a trainee.
        bias: DataFrame `case`, `pairs`, `harsher`, `milder`, `p`: twins whose names, language and street were swapped.
        sure: DataFrame `trainee`, `confidence`, `right`: one row a verdict.
        rationales: DataFrame `trainee`, `exercise`, `case`, `rationale`, `points`: for a person to mark, 0 to 4.
        lang: Language of its words: that of the plan.
    """

    name: str
    scores: pd.DataFrame = field(repr=False)
    waiting: pd.DataFrame = field(repr=False)
    mistakes: pd.DataFrame = field(repr=False)
    hardest: pd.DataFrame = field(repr=False)
    agreement: pd.DataFrame = field(repr=False)
    verdicts: pd.DataFrame = field(repr=False)
    bias: pd.DataFrame = field(repr=False)
    sure: pd.DataFrame = field(repr=False)
    rationales: pd.DataFrame = field(repr=False)
    lang: str = "en"

    @property
    def curve(self) -> pd.DataFrame:
        """The calibration curve: DataFrame `said`, `right` (shares), `verdicts`, by how sure people were; `attrs["lang"]` its language."""
        told = curve(self.sure)
        told.attrs["lang"] = self.lang
        return told

    def told(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give a table of this report as a trainer reads it: shares as percents, words and headings in her language, empty columns out."""
        said, told = spoken(self.lang), (frame.dropna(axis=1, how="all") if len(frame) else frame).copy()
        for column in told.columns.intersection(list(_SHARES)):
            told[column] = told[column].map(lambda value: "" if pd.isna(value) else f"{value:.0%}")
        for column, known in (("part", said["parts"]), ("commonest", said["verdicts"]), ("case", {"all": said["report"]["all"]})):
            if column in told:
                told[column] = told[column].map(lambda value, known=known: known.get(value, value))
        return told.rename(columns=said["report_columns"])

    def __str__(self) -> str:
        say, done = spoken(self.lang)["report"], len(self.scores)
        told = [say["answers"].format(name=self.name, done=done, waiting=len(self.waiting))]
        if done:
            mean, passed, lost = self.scores["total"].mean(), self.scores["passed"].mean(), int(self.scores["false_removals"].sum())
            told.append(say["told"].format(mean=f"{mean:.1f}", passed=f"{passed:.0%}", lost=lost))
            told.append(say["hard"].format(cases=", ".join(self.hardest["case"].head(3))))
        return "\n".join(told)


def read_cohort(source: str | Path) -> Cohort:
    """Read the plan of a cohort.

    Raises:
        LessonError: What is wrong in it, and what would be right.
    """
    path = Path(source).expanduser()
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise LessonError(f"the cohort '{path.name}' cannot be read: {problem.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise LessonError(f"{path.name} is no TOML: {problem}") from None
    names = {"name", "lang", "trainees", "cases", "each", "same", "twins"}
    for word in told:
        if word not in names:
            raise LessonError(f"{path.name}: '{word}' is not known; there are {', '.join(sorted(names))}")
    for word, kind, says in (("each", int, "a whole number"), ("same", bool, "true or false"), ("twins", bool, "true or false")):
        if word in told and type(told[word]) is not kind:
            raise LessonError(f"{path.name}: {word} should be {says}")
    cases = tuple(str(path.parent / one) if str(one).endswith(".toml") else str(one) for one in told.get("cases", known_cases()))
    for one in cases:
        found(one)
    lang = told.get("lang", "en")
    if lang not in LANGUAGES:
        raise LessonError(f"{path.name}: the language '{str(lang)[:10]}' should be one of {', '.join(LANGUAGES)}")
    each = told.get("each", 1)
    if not 1 <= each <= 30:
        raise LessonError(f"{path.name}: each should be 1 to 30")
    trainees = _trainees(path.name, told.get("trainees"), lang)
    return Cohort(str(told.get("name", path.stem)), trainees, cases, each, told.get("same", False), told.get("twins", False), lang)


def _trainees(file: str, told: Any, lang: str) -> tuple[tuple[str, str], ...]:
    if isinstance(told, int) and not isinstance(told, bool) and 1 <= told <= MOST_TRAINEES:
        told = [f"trainee-{number:02d}" for number in range(1, told + 1)]
    if not isinstance(told, list) or not 1 <= len(told) <= MOST_TRAINEES:
        raise LessonError(f'{file}: trainees should be names, such as ["ana", "luis:es"], or a number up to {MOST_TRAINEES}')
    made = []
    for one in told:
        name, _, own = str(one).partition(":")
        if not name.replace("-", "").replace("_", "").isalnum():
            raise LessonError(f"{file}: '{name[:30]}' should be made of letters, digits, - and _, for it names a folder")
        if (own or lang) not in LANGUAGES:
            raise LessonError(f"{file}: the language '{(own or lang)[:10]}' should be one of {', '.join(LANGUAGES)}")
        made.append((name, own or lang))
    if len({name.casefold() for name, _ in made}) < len(made):
        raise LessonError(f"{file}: two trainees have one name")
    return tuple(made)


def build_cohort(
    plan: str | Path, out: str | Path, *, passphrase: str, progress: bool = False, notebook: Callable[[str], bytes] | None = None
) -> dict[str, int]:
    """Make the bundles of a cohort, and the sealed keys apart from them.

    Args:
        plan: The TOML file of the cohort.
        out: A folder that is not there yet: `for_trainees/NAME/exercise-01/...` to hand out, `for_trainer/` to keep.
        passphrase: What the keys are sealed with; it is written nowhere.
        progress: Show a progress bar.
        notebook: Gives the notebook that lies beside a trainee's exercises, by language; none if left out.

    Returns:
        `trainees`, `exercises`: how many were made.

    Raises:
        LessonError, UsageError: The plan, the folder or the passphrase cannot be used; nothing is left half-made.
    """
    cohort, target = read_cohort(plan), Path(out).expanduser()
    if target.exists() and any(target.iterdir()):
        raise UsageError(f"'{target.name}' is there already and not empty; a cohort goes into a folder of its own")
    secret = secrets.token_bytes(32)
    sealed_empty = seal({}, secret, passphrase)
    half = target.with_name(f".{target.name}.part")
    shutil.rmtree(half, ignore_errors=True)
    keys: dict[str, Key] = {}
    shared: dict[Any, tuple[Lesson, Key]] = {}
    try:
        todo = [(name, lang, exercise) for name, lang in cohort.trainees for exercise in _exercises(cohort, name, secret)]
        for name, lang, (number, case, seed, twin) in tqdm(
            todo, desc="making exercises", unit="exercise", disable=not progress, leave=False
        ):
            own = secret if cohort.same or cohort.twins else dice(secret, "trainee", name).rng.bytes(32)
            which = (case, seed, lang, twin)
            lesson, key = shared.get(which) or make(case, seed=seed, lang=lang, secret=own, twin=twin, name=f"exercise {number}")
            if cohort.same:
                shared[which] = lesson, key
            place = f"{name}/exercise-{number:02d}"
            write_lesson(lesson, half / FOR_TRAINEES / place)
            keys[place + (f" {twin}" if twin else "")] = key
        for name, lang in cohort.trainees:
            if notebook is not None:
                (half / FOR_TRAINEES / name / "practise_a_case.ipynb").write_bytes(notebook(lang))
        (half / FOR_TRAINER).mkdir(parents=True)
        (half / FOR_TRAINER / PLAN).write_bytes(Path(plan).expanduser().read_bytes())
        (half / FOR_TRAINER / KEYS).write_bytes(seal(keys, secret, passphrase) if keys else sealed_empty)
        if target.exists():
            target.rmdir()
        half.replace(target)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return {"trainees": len(cohort.trainees), "exercises": len(keys)}


def _exercises(cohort: Cohort, name: str, secret: bytes) -> list[tuple[int, str, int, str]]:
    """Give number, case, seed and twin of a trainee's exercises, in an order that says nothing."""
    twins = ("en", "es") if cohort.twins else ("",)
    every = [(case, seed, twin) for case in cohort.cases for seed in range(cohort.each) for twin in twins]
    order = dice(secret, "order", "" if cohort.same else name).rng.permutation(len(every))
    return [(number, *every[int(place)]) for number, place in enumerate(order, 1)]


def grade_cohort(folder: str | Path, *, passphrase: str, progress: bool = False) -> CohortReport:
    """Read the answers of a cohort back and mark them.

    Raises:
        LessonError: The folder is no cohort, or the passphrase does not open its keys.
    """
    here, keys = Path(folder).expanduser(), open_keys(folder, passphrase)
    told: list[tuple[str, str, str, Key, Marks, float, bool]] = []
    plan = here / FOR_TRAINER / PLAN
    cohort = read_cohort(plan) if plan.is_file() else Cohort(here.name, (), (), 1, False, False)
    waiting = []
    for place, key in tqdm(keys.items(), desc="marking", unit="exercise", disable=not progress, leave=False):
        where, _, twin = place.partition(" ")
        trainee, exercise = where.split("/")
        bundle = here / FOR_TRAINEES / where
        try:
            answer = read_answer(bundle)
            if answer is None:
                waiting.append((trainee, exercise, spoken(cohort.lang)["report"]["no_answer"]))
            else:
                given = read_lesson(bundle)
                # marked in the words of the report, which may not be those of the trainee
                marks = grade(replace(given, lang=cohort.lang), answer, key)
                told.append((trainee, exercise, twin, key, marks, answer.minutes, given.lang != cohort.lang))
        except (LessonError, OSError) as problem:
            waiting.append((trainee, exercise, str(problem)))
    return _report(cohort, told, pd.DataFrame(waiting, columns=["trainee", "exercise", "why"]), _points(here), _chosen(here, told))


def open_keys(folder: str | Path, passphrase: str) -> dict[str, Key]:
    """Open the keys of a cohort, by trainee and exercise; a twin's place ends in its language.

    Raises:
        LessonError: The folder is no cohort, or the passphrase does not open its keys.
    """
    here = Path(folder).expanduser()
    try:
        return unseal((here / FOR_TRAINER / KEYS).read_bytes(), passphrase)
    except OSError:
        raise LessonError(f"'{here.name}' is no cohort; one holds {FOR_TRAINER}/{KEYS}, as `tnskit lessons build` made it") from None


def _chosen(here: Path, told: list[Any]) -> dict[tuple[str, str], dict[str, str]]:
    chosen = {}
    for trainee, exercise, *_ in told:
        answer = read_answer(here / FOR_TRAINEES / trainee / exercise)
        chosen[trainee, exercise] = dict(answer.verdicts) if answer is not None else {}
    return chosen


def _points(here: Path) -> dict[tuple[str, str], str]:
    """Give the points for reasons that a person has written into the table of an earlier report."""
    file = here / FOR_TRAINER / "report" / "rationales.csv"
    if not file.is_file():
        return {}
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    if "points" not in frame:
        return {}
    return {(str(row["trainee"]), str(row["exercise"])): str(row["points"]) for row in frame.to_dict("records")}


def _report(
    cohort: Cohort, told: list[Any], waiting: pd.DataFrame, points: dict[Any, str], chosen: dict[Any, dict[str, str]]
) -> CohortReport:
    rows, sure, reasons, cells, lost = [], [], [], [], []
    for trainee, exercise, twin, key, marks, minutes, foreign in told:
        rows.append({
            "trainee": trainee, "exercise": exercise, "case": key.code, "total": marks.total, "passed": marks.passed, **marks.points,
            "false_removals": len(marks.false_removals), "missed": len(marks.missed), "brier": marks.brier, "minutes": minutes,
        })  # fmt: skip
        reasons.append((trainee, exercise, key.code, marks.rationale, points.get((trainee, exercise), "")))
        for account, truth in key.accounts.items():
            cells.append((key.code, truth.part, twin, trainee, exercise, chosen[trainee, exercise].get(account)))
        for part, row in zip(OF, marks.feedback.itertuples(), strict=True):
            if marks.points[part] < OF[part]:
                lost.append((key.code, part, OF[part] - marks.points[part], str(row.words).splitlines()[0], foreign))
        sure += [(trainee, one, right) for one, right in marks_sure(marks)]
    scores = pd.DataFrame(
        rows, columns=["trainee", "exercise", "case", "total", "passed", *OF, "false_removals", "missed", "brier", "minutes"]
    )
    verdicts = pd.DataFrame(cells, columns=["case", "part", "twin", "trainee", "exercise", "verdict"])
    return CohortReport(
        cohort.name, scores, waiting, _mistakes(lost), _hardest(scores), _agreements(verdicts), _wide(verdicts), _bias(verdicts),
        pd.DataFrame(sure, columns=["trainee", "confidence", "right"]),
        pd.DataFrame(reasons, columns=["trainee", "exercise", "case", "rationale", "points"]), cohort.lang,
    )  # fmt: skip


def marks_sure(marks: Marks) -> list[tuple[float, bool]]:
    """Give how sure each verdict was, and whether it was right."""
    return [(marks.confidence[account], right) for account, right in marks.right.items() if account in marks.confidence]


def _mistakes(lost: list[Any]) -> pd.DataFrame:
    # what the case itself says stands in the trainee's language: told in that of the report, where somebody had it so
    frame = pd.DataFrame(lost, columns=["case", "part", "lost", "words", "foreign"]).sort_values("foreign", kind="stable")
    if frame.empty:
        return pd.DataFrame(columns=["case", "part", "answers", "lost", "words"])
    told = frame.groupby(["case", "part"]).agg(answers=("lost", "size"), lost=("lost", "mean"), words=("words", "first")).reset_index()
    return told.sort_values(["answers", "lost"], ascending=False, kind="stable").reset_index(drop=True)


def _hardest(scores: pd.DataFrame) -> pd.DataFrame:
    told = scores.groupby("case").agg(answers=("total", "size"), passed=("passed", "mean"), mean=("total", "mean")).reset_index()
    return told.sort_values(["passed", "mean"], kind="stable").reset_index(drop=True)


def _wide(verdicts: pd.DataFrame) -> pd.DataFrame:
    """One row a case and part, one column a trainee; the n-th market of a case is compared with the n-th of others."""
    frame = verdicts.sort_values("exercise", kind="stable")
    turn = frame.groupby(["case", "part", "twin", "trainee"]).cumcount()
    frame = frame.assign(item=frame["case"] + " " + frame["part"] + " " + frame["twin"] + " " + (turn + 1).astype(str))
    return frame.pivot(index="item", columns="trainee", values="verdict").astype(object).where(lambda table: table.notna(), None)


def _agreements(verdicts: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for case, part in [("all", verdicts), *verdicts.groupby("case")]:
        try:
            found_ = agreement(_wide(part), draws=300)
        except UsageError:
            continue
        rows.append({"case": case, **{name: getattr(found_, name) for name in Agreement.__dataclass_fields__}})
    return pd.DataFrame(rows, columns=["case", *Agreement.__dataclass_fields__])


def _bias(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Compare twins, case by case: how often the account with the other name, language and street was judged more severely.

    Source: the sign test on discordant pairs, which is McNemar's exact test.
    """
    from scipy import stats  # a big import, and few who load the package come here

    twins = verdicts[(verdicts["twin"] != "") & verdicts["verdict"].notna()]
    severe = twins.assign(severity=twins["verdict"].map(SEVERITY).astype(float))
    wide = severe.pivot_table(index=["case", "trainee", "part"], columns="twin", values="severity", aggfunc="mean")
    rows = []
    if {"en", "es"} <= set(wide.columns):
        wide = wide.dropna()
        for case, part in [("all", wide), *wide.groupby(level="case")]:
            harsher, milder = int((part["es"] > part["en"]).sum()), int((part["es"] < part["en"]).sum())
            p = float(stats.binomtest(harsher, harsher + milder).pvalue) if harsher + milder else float("nan")
            rows.append((case, len(part), harsher, milder, p))
    return pd.DataFrame(rows, columns=["case", "pairs", "harsher", "milder", "p"])


def curve(sure: pd.DataFrame, *, bins: int = 5) -> pd.DataFrame:
    """Give the calibration curve: DataFrame `said`, `right` (shares), `verdicts` by how sure people were, from 50 to 100 %."""
    edges = np.linspace(0.5, 1.0, bins + 1)
    place = np.clip(np.digitize(sure["confidence"].astype(float), edges) - 1, 0, bins - 1)
    told = sure.assign(bin=place, right=sure["right"].astype(float)).groupby("bin")
    return told.agg(said=("confidence", "mean"), right=("right", "mean"), verdicts=("right", "size")).reset_index(drop=True)
