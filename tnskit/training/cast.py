"""Who stands on a stage: the accounts of a case, and so many others who live like them that every stage is equally full.

Without the others, the number of rows would tell which case it is, and with it how many did something. Names, language and part of
town of a twin are swapped here, before anything is planted.
"""

from __future__ import annotations

import pandas as pd

from tnskit.training.casefile import CaseFile, Part
from tnskit.training.lives import Dice, Life, city, dice, live, mailbox, needed
from tnskit.training.people import LOCALES
from tnskit.training.world import name_lists

PEOPLE = {"customer": 42, "pro": 6}
"""Accounts of each role on every stage: as many as the largest of our cases has, and a few more. A larger case of a trainer's own
has no others beside it."""
ROLES = tuple(PEOPLE)
_STREETS = {
    "en": ("Maple Hill", "Orchard", "Stratford", "Windsor", "Kingsley", "Fairview", "Brookside", "Church"),
    "es": ("Cesar Chavez", "Guadalupe", "San Jacinto", "Mariposa", "Del Norte", "La Villita", "Esperanza", "Morelos"),
    "pt": ("Lisboa", "Ipanema", "Santos", "Fatima", "Acores", "Bahia", "Camoes", "Salvador"),
}
_ZIP = {"en": "11", "es": "47", "pt": "83"}
"""Streets and the end of the ZIP code of three made-up parts of town, for twins."""


def cast(
    case: CaseFile, base: dict[str, pd.DataFrame], *, seed: int, secret: bytes, twin: str
) -> tuple[dict[str, Life], dict[str, list[str]]]:
    """Give everybody on the stage an ordinary life.

    Args:
        case: The case.
        base: The ordinary market around it.
        seed: As `stage`.
        secret: As `stage`.
        twin: As `stage`.

    Returns:
        The lives by name, those of the case first; and ordinary accounts by role, for them to have jobs with.
    """
    place = city(dice(secret, case.code, seed, "city"))
    needs = needed(case)
    lives: dict[str, Life] = {}
    for member, part in {**case.members, **_crowd(case)}.items():
        surname = lives[part.surname_of].names[1] if part.surname_of else ""
        luck = dice(secret, case.code, seed, "life", member)
        lives[member] = live(member, part, f"new {member}", place, luck, needs=needs, surname=surname)
        if twin and part.asked:
            _swap(lives[member], twin, surname, dice(secret, case.code, seed, "twin", member))
        if part.invited_by:
            lives[member].rows["accounts"][0]["referrer_account_id"] = f"new {part.invited_by}"
    there = base["accounts"]
    early = there[
        (there["status"] == "active") & (there["created_at"].astype(str) < "2024-08") & ~there["account_id"].duplicated(keep=False)
    ]
    return lives, {role: early.loc[early["role"] == role, "account_id"].astype(str).tolist() for role in ROLES}


def _crowd(case: CaseFile) -> dict[str, Part]:
    """Give those who fill the stage up; a blank in the name keeps it apart from any name in a file."""
    there = [part.role for part in case.members.values()]
    return {f"crowd {role} {number}": Part("crowd", role=role) for role in ROLES for number in range(PEOPLE[role] - there.count(role))}


def _swap(life: Life, lang: str, surname: str, luck: Dice) -> None:
    """Give an account the names, the locale, the mailbox and the part of town of people who speak another language."""
    lists = name_lists()[lang]
    life.names, life.language = (luck.pick(lists["first"]), surname or luck.pick(lists["last"])), lang
    first, last = life.names
    life.rows["accounts"][0].update(
        display_name=f"{first} {last[:1]}.", legal_name=f"{first} {last}", locale=LOCALES[("en", "es", "pt").index(lang)]
    )
    for row in life.rows["emails"]:
        row.update(mailbox(life, luck))
    for row in life.rows["addresses"]:
        number, *_, kind = str(row["line1"]).split(" ")
        row["line1"] = f"{number} {luck.pick(_STREETS[lang])} {kind}"
        row["postal"] = life.metro.zip3 + _ZIP[lang]
