"""What people write: messages about jobs, and reviews."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.columns import Columns
from benchmarks.quality.newcomers.jobs import Work
from benchmarks.quality.newcomers.plans import DAY, NEVER, NOBODY
from benchmarks.quality.newcomers.world import World

MESSAGES = {
    "en": [
        "Hi, are you free this week?",
        "Thanks, see you {day}.",
        "Could you send a quote for {trade}?",
        "I can come {day} after 3pm",
        "Is parking ok in front?",
        "Sounds good 👍",
        "Running 10 min late sorry",
    ],
    "es": [
        "Hola, ¿tiene disponibilidad esta semana?",
        "Gracias, nos vemos {day}.",
        "¿Me puede cotizar {trade}?",
        "Puedo ir {day} después de las 3",
        "Perfecto, quedo atento",
    ],
    "pt": [
        "Oi, tudo bem? Tem horário essa semana?",
        "Obrigado, até {day}.",
        "Pode me passar um orçamento de {trade}?",
        "Consigo ir {day} depois das 15h",
    ],
    "de": ["Guten Tag, haben Sie diese Woche Zeit?", "Danke, bis {day}.", "Was kostet {trade} ungefähr?"],
}
"""What people write, by language; in English where theirs is not here."""
SCRIPT = (
    "Hello dear, i am very interested in your service for {days} days, kindly send me your cell and best total price including material"
)
"""What all accounts of a ring write that has a script."""
REVIEWS = [
    "Great work",
    "Muy recomendable",
    "Arrived late but good job",
    "ok",
    "Ótimo profissional",
    "Would hire again",
    "Overpriced",
]


def messages_table(world: World, columns: Columns, made: Work) -> pd.DataFrame:
    """The table `messages`; senders by number."""
    rng = world.rng
    place = np.repeat(np.arange(len(made.id)), rng.poisson(np.where(made.hired, 3, 0.9)))
    many = len(place)
    sender = np.where(rng.random(many) < 0.5, made.pro[place], made.customer[place])
    languages = np.array([account.person.locale[:2] for account in world.accounts], object)[sender]
    bodies = _bodies(world, sender, languages, columns.trade[made.pro[place]])
    return pd.DataFrame(
        {
            "message_id": [f"M{n:08d}" for n in range(many)],
            "job_id": made.id[place],
            "sender_account_id": sender,
            "sent_at": np.minimum(world.end, made.at[place] + rng.integers(60, 4 * DAY, many)),
            "channel": rng.choice(["in_app", "sms", "call", "email"], many, p=[0.75, 0.15, 0.05, 0.05]),
            "body_redacted": bodies,
            "lang": languages,
            "has_contact": rng.random(many) < 0.1,
            "attachments": rng.poisson(0.1, many),
            "deleted_at": NEVER,
        }
    )


def _bodies(world: World, sender: np.ndarray, languages: np.ndarray, trades: np.ndarray) -> np.ndarray:
    rng, many, found = world.rng, len(sender), []
    for language, draw, trade in zip(languages, rng.random(many), trades, strict=True):
        known = MESSAGES.get(language, MESSAGES["en"])
        found.append(known[int(draw * len(known))].format(day="Tue", trade=trade))
    bodies = np.array(found, object)
    scripts = {number: SCRIPT.format(days=ring[-3:]) for number, ring in world.scripts.items()}
    scripted = np.array([scripts.get(number) for number in sender], object)
    rows = pd.notna(scripted) & (rng.random(many) < 0.7)
    bodies[rows] = scripted[rows]
    bodies[rng.random(many) < 0.3] = None
    return bodies


def reviews_table(world: World, columns: Columns, made: Work) -> pd.DataFrame:
    """The table `reviews`, those that no job stands behind last; authors and subjects by number."""
    parts = [_of_jobs(world, made), _of_no_job(world, columns)]
    found = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    found.insert(0, "review_id", [f"V{n:07d}" for n in range(len(found))])
    found["origin"] = np.where(found["author_account_id"] < 0, "imported", "platform")
    found["verified_hire"] = found["job_id"].notna()
    found["status"] = np.where(world.rng.random(len(found)) < 0.97, "published", "removed")
    return found


def _of_jobs(world: World, made: Work) -> pd.DataFrame:
    rng = world.rng
    place = np.flatnonzero(made.done & (made.scheduled < world.end - DAY) & (rng.random(len(made.id)) < 0.35))
    many = len(place)
    return pd.DataFrame(
        {
            "job_id": made.id[place],
            "author_account_id": np.where(rng.random(many) < 0.05, NOBODY, made.customer[place]),
            "subject_account_id": made.pro[place],
            "rating": rng.choice([5, 4, 3, 2, 1], many, p=[0.7, 0.14, 0.05, 0.04, 0.07]),
            "body": np.where(rng.random(many) < 0.5, rng.choice(np.array(REVIEWS, object), many), None),
            "created_at": np.minimum(world.end, made.scheduled[place] + rng.integers(DAY // 2, 9 * DAY, many)),
        }
    )


def _of_no_job(world: World, columns: Columns) -> pd.DataFrame:
    rows = [row for row in world.praise if row["created_at"] < columns.last[row["subject_account_id"]]]
    return pd.DataFrame(rows, columns=["author_account_id", "subject_account_id", "rating", "body", "created_at"])
