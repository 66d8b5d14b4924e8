"""Made-up answers for a cohort, so that a trainer sees the report before the first course, and a benchmark has something to mark.

Each made-up trainee has a skill between 0.35 and 0.95: the chance to see each thing that the key asks for. Assumption: the two are
a beginner and somebody with years of it.
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tnskit.errors import LessonError
from tnskit.training.bundles import write_answer
from tnskit.training.casefile import EXPLANATIONS, VERDICTS
from tnskit.training.cohort import FOR_TRAINEES, FOR_TRAINER, build_cohort, open_keys, read_cohort
from tnskit.training.cohort import PLAN as COHORT
from tnskit.training.grading import Answer, Draft
from tnskit.training.lessons import Key, Proof
from tnskit.training.lives import Dice

_LETTER = {
    "en": "We looked at what was reported about your account, and at your jobs and payments. This letter tells what we decided and why. "
    "If we got this wrong, ask for a review by {day}. Someone who was not part of this decision will read it.",
    "es": "Revisamos lo que se informó sobre su cuenta, y también sus trabajos y pagos. En esta carta le contamos qué decidimos y por qué. "
    "Si cree que nos equivocamos, puede pedir una revisión hasta el {day}. La hará una persona que no participó en esta decisión.",
    "pt": "Analisamos o que foi relatado sobre a sua conta, e também os seus serviços e pagamentos. Nesta carta contamos o que decidimos. "
    "Se você acha que erramos, pode pedir uma revisão até {day}. Quem vai analisar é uma pessoa que não participou desta decisão.",
}
_DAY = {"en": "July 10, 2026", "es": "10 de julio de 2026", "pt": "10 de julho de 2026"}
_WHY = ("the dates fit this one", "their devices differ all the time", "no reset was seen anywhere", "too few others have it")


PLAN = 'name = "A rehearsal"\ntrainees = 3\ncases = ["C1", "C3", "C4"]\nsame = true\n'


@dataclass(frozen=True)
class OpenCohort:
    """A cohort that lies in a folder: its name, the folder, how many trainees and exercises."""

    name: str
    folder: str = field(repr=False)
    trainees: int
    exercises: int

    def __str__(self) -> str:
        return f"{self.name}: {self.exercises} exercises for {self.trainees} trainees"


def open_cohort(
    plan: str | Path = "",
    folder: str | Path = "",
    *,
    passphrase: str,
    progress: bool = False,
    notebook: Callable[[str], bytes] | None = None,
) -> OpenCohort:  # fmt: skip
    """Make a cohort, or open one that lies there already.

    Args:
        plan: The TOML file of the cohort; empty rehearses with three made-up trainees.
        folder: Where it lies or shall lie; empty takes a folder that is thrown away with the session, and makes up answers.
        passphrase: That of its keys.
        progress: Show a progress bar.
        notebook: Gives the notebook that lies beside a trainee's exercises, by language; none if left out.

    Raises:
        LessonError, UsageError: The plan, the folder or the passphrase cannot be used.
    """
    here = Path(folder).expanduser() if str(folder) else None
    if here is None or not (here / FOR_TRAINER).is_dir():
        held = tempfile.TemporaryDirectory(prefix="tnskit-")
        weakref.finalize(OpenCohort, held.cleanup)
        source = Path(plan).expanduser() if str(plan) else Path(held.name) / "cohort.toml"
        if not str(plan):
            source.write_text(PLAN, encoding="utf-8")
        here = here or Path(held.name) / "cohort"
        build_cohort(source, here, passphrase=passphrase, progress=progress, notebook=notebook)
        if not str(folder):
            rehearse_cohort(here, passphrase=passphrase)
    keys, cohort = open_keys(here, passphrase), read_cohort(here / FOR_TRAINER / COHORT)
    return OpenCohort(cohort.name, str(here), len(cohort.trainees), len(keys))


def rehearse_cohort(folder: str | Path, *, passphrase: str, seed: int = 1) -> int:
    """Write a made-up answer into every exercise of a cohort.

    Args:
        folder: What `build_cohort` made, before it is handed out.
        passphrase: That of its keys.
        seed: Another one, other answers.

    Returns:
        How many were written.

    Raises:
        LessonError: An exercise has an answer already, which is never overwritten.
    """
    here, keys = Path(folder).expanduser() / FOR_TRAINEES, open_keys(folder, passphrase)
    for place in keys:
        if (here / place.split(" ")[0] / "answer.json").exists():
            raise LessonError("an exercise of this cohort has an answer already; rehearse with a cohort that nobody has begun")
    rng = np.random.default_rng(seed)
    skills = {name: float(rng.uniform(0.35, 0.95)) for name in sorted({place.split("/")[0] for place in keys})}
    for place, key in keys.items():
        write_answer(made_up(key, skills[place.split("/")[0]], Dice(rng)), here / place.split(" ")[0])
    return len(keys)


def made_up(key: Key, skill: float, dice: Dice) -> Answer:
    """Make up an answer by somebody who sees each thing with the chance `skill`."""

    def sees() -> bool:
        return float(dice.rng.random()) < skill

    right = {account: sees() for account in key.accounts}
    verdicts = {account: truth.verdict if right[account] else dice.pick(VERDICTS) for account, truth in key.accounts.items()}
    best = key.explanation if sees() else dice.pick(EXPLANATIONS)
    readings = [best, *(one for one in EXPLANATIONS if one != best)][: 2 + int(sees()) + int(sees())]
    return Answer(
        verdicts=verdicts,
        rules={account: truth.rule if sees() else "" for account, truth in key.accounts.items()},
        explanation=best,
        considered=dict(zip(readings, _WHY, strict=False)),
        evidence=tuple(cite(proof) for proof in key.proofs if sees()),
        stops=tuple(stop for stop in key.stops if sees()),
        steps=tuple(step for step in key.steps if sees()),
        letters=tuple(
            Draft(to, send[0], lang, _LETTER[lang].format(day=_DAY[lang]), _DAY[lang]) for to, send, lang in key.letters if sees()
        ),
        confidence={account: round(float(np.clip(dice.rng.normal(0.45 + 0.5 * skill, 0.12), 0.5, 1.0)), 2) for account in verdicts},
        rationale="A made-up answer: the dates and what is shared were compared.",
        minutes=round(float(dice.rng.uniform(12, 40)), 1),
    )


def cite(proof: Proof) -> str:
    """Write one citation that meets a piece of evidence."""
    if proof.kind:
        return " ".join((*proof.accounts[:2], proof.kind)) if len(proof.accounts) > 1 else ""
    return f"{proof.table} {proof.accounts[0]}" if proof.rows[0] == proof.table else proof.rows[0]
