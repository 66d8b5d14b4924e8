"""Answers that a script gives: everything right, everybody removed, nothing done, or anything at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tnskit.review.stops import CODES
from tnskit.review.wording import wording
from tnskit.training.casefile import EXPLANATIONS, STEPS, VERDICTS
from tnskit.training.grading import Answer, Draft
from tnskit.training.lessons import Key, Lesson

TEXTS = {
    "en": "We looked at what was reported about your account, and at your jobs and payments. "
    "This letter tells you what we decided and why. You can answer in your own language, and a person reads it. "
    "If we got this wrong, ask for a review by {day}. Someone who was not part of this decision will read it.",
    "es": "Revisamos lo que se informó sobre su cuenta, y también sus trabajos y pagos. "
    "En esta carta le contamos qué decidimos y por qué. Puede responder en su idioma, y una persona lo lee. "
    "Si cree que nos equivocamos, puede pedir una revisión hasta el {day}. La hará una persona que no participó en esta decisión.",
    "pt": "Analisamos o que foi relatado sobre a sua conta, e também os seus serviços e pagamentos. "
    "Nesta carta contamos o que decidimos e por quê. Você pode responder no seu idioma, e uma pessoa lê. "
    "Se você acha que erramos, pode pedir uma revisão até {day}. Quem vai analisar é uma pessoa que não participou desta decisão.",
}
DAYS = {"en": "July 10, 2026", "es": "10 de julio de 2026", "pt": "10 de julho de 2026"}
REASONS = (
    "the dates and the shared things fit this one", "their devices and mailboxes differ all the time",
    "no reset and no new contact was seen", "too few others have what they share",
)  # fmt: skip


def written(to: str, template: str, lang: str) -> Draft:
    return Draft(to, template, lang, TEXTS[lang].format(day=DAYS[lang]), DAYS[lang])


def perfect(key: Key) -> Answer:
    """Everything that the key asks for."""
    readings = [key.explanation, *[one for one in EXPLANATIONS if one != key.explanation][:3]]
    cited = [
        f"{p.accounts[0]} {p.accounts[1]} {p.kind}" if p.kind and len(p.accounts) > 1 else p.rows[0] if p.rows else "" for p in key.proofs
    ]
    cited = [f"{p.table} {p.accounts[0]}" if p.rows and p.rows[0] == p.table else one for p, one in zip(key.proofs, cited, strict=True)]
    return Answer(
        verdicts={account: truth.verdict for account, truth in key.accounts.items()},
        rules={account: truth.rule for account, truth in key.accounts.items()},
        explanation=key.explanation,
        considered=dict(zip(readings, REASONS, strict=True)),
        evidence=tuple(cited),
        stops=key.stops,
        steps=key.steps,
        letters=tuple(written(to, send[0], lang) for to, send, lang in key.letters),
        confidence=dict.fromkeys(key.accounts, 0.9),
        rationale="The dates settle it.",
        minutes=20.0,
    )


def everybody_removed(key: Key) -> Answer:
    """All else right, but everybody who is linked loses the account."""
    return replace(perfect(key), verdicts=dict.fromkeys(key.accounts, "remove"))


def no_action(key: Key) -> Answer:
    """All else right, but nothing is done."""
    return replace(perfect(key), verdicts=dict.fromkeys(key.accounts, "no action"))


def at_random(lesson: Lesson, rng: np.random.Generator) -> Answer:
    """Anything that the form allows; what is cited is in the market."""

    def some(options: Any, most: int) -> list[Any]:
        return [options[int(n)] for n in rng.permutation(len(options))[: int(rng.integers(0, most + 1))]]

    accounts = list(lesson.accounts)
    codes = [code.split("-")[0] for code in wording("en").templates]
    rows = [str(one) for table, column in (("reports", "report_id"), ("jobs", "job_id")) for one in lesson.tables[table][column].dropna()]
    lang = ("en", "es", "pt")[int(rng.integers(3))]
    return Answer(
        verdicts={account: VERDICTS[int(rng.integers(len(VERDICTS)))] for account in accounts},
        rules={account: ("", "ACC-01", "PAY-01")[int(rng.integers(3))] for account in accounts},
        explanation=EXPLANATIONS[int(rng.integers(len(EXPLANATIONS)))],
        considered=dict(zip(some(EXPLANATIONS, 4), REASONS, strict=False)),
        evidence=tuple(some(rows, 3)),
        stops=tuple(some(list(CODES), 4)),
        steps=tuple(some(STEPS, 4)),
        letters=tuple(written(account, codes[int(rng.integers(len(codes)))], lang) for account in accounts),
    )
