"""Who the people are: names in English, Spanish and Portuguese, and how accounts show them.

Names are drawn so that the commonest come back among strangers: namesakes exist. Spanish names have two
surnames, Portuguese ones a particle now and then, and one in eight writes the name without its accents.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from tnskit.training.metros import metros
from tnskit.training.text import (
    NONE,
    Ints,
    Texts,
    blanked,
    chance,
    numbered,
    objects,
    one_of,
    picked,
    stamps,
    weighted,
)
from tnskit.training.world import END, ROLES, STATUSES, World, name_lists

TRADES = (
    "cleaning", "handyman", "plumbing", "electrical", "painting", "moving", "lawn_care", "roofing",
    "tiling", "hvac", "photography", "tutoring", "dj", "pet_care", "landscaping", "personal_training",
)  # fmt: skip
WORDS = (
    "Home Services",
    "Pros",
    "& Sons",
    "Cleaning Co",
    "Repairs",
    "Works",
    "Handyman",
    "Painting LLC",
    "Care",
    "Studio",
)
LOCALES = ("en-US", "es-US", "pt-BR", "zh-US")


@dataclass(frozen=True, eq=False)
class Names:
    """Every account's name, as its holder gave it."""

    first: Texts
    last: Texts
    """All surnames."""
    plain_first: Texts
    """In lower case without accents or spaces, as in a mailbox."""
    plain_last: Texts


@cache
def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


def name(world: World) -> Names:
    """Draw the names; the members of a family share a surname where the structures said so."""
    draw = world.draw("names")
    count = world.accounts
    language = world.who["language"]
    places = {word: np.zeros(count, dtype=np.int64) for word in ("first", "one", "two")}
    for at, lang in enumerate(("en", "es", "pt", "en")):
        here = np.flatnonzero(language == at)
        for word, key in (("first", "first"), ("one", "last"), ("two", "last")):
            size = len(name_lists()[lang][key])
            weights = 1.0 / np.arange(3, size + 3) ** 0.7
            places[word][here] = weighted(draw.random(len(here)), weights.tolist())
    for word in places:
        places[word] = places[word][world.who["face"]]
    language = language[world.who["face"]]
    _relate(world, places)
    result = {word: np.full(count, None, dtype=object) for word in ("first", "last", "plain_first", "plain_last")}
    for at, lang in enumerate(("en", "es", "pt", "en")):
        here = np.flatnonzero(language == at)
        lists = name_lists()[lang]
        first, last = objects(lists["first"]), objects(lists["last"])
        result["first"][here] = first[places["first"][here]]
        one, two = places["one"][here], places["two"][here]
        result["last"][here] = _surnames(lang, last, one, two, here)
        result["plain_first"][here] = objects([_plain(word) for word in lists["first"]])[places["first"][here]]
        result["plain_last"][here] = objects([_plain(word) for word in lists["last"]])[one]
    return Names(**result)


def _relate(world: World, places: dict[str, Ints]) -> None:
    kin = world.noted("same surname").reshape(-1, 2)
    same = kin[world.who["language"][kin[:, 0]] == world.who["language"][kin[:, 1]]]
    for word in ("one", "two"):
        places[word][same[:, 0]] = places[word][same[:, 1]]
    twins = world.noted("same name").reshape(-1, 2)
    for word in places:
        places[word][twins[:, 0]] = places[word][twins[:, 1]]


def _surnames(lang: str, last: Texts, one: Ints, two: Ints, who: Ints) -> Texts:
    if lang == "es":
        both: Texts = last[one] + " " + last[two]
        return both
    if lang == "pt":
        link = picked((" da ", " de ", " dos ", " "), one_of(who, 11, 4))
        both = last[two] + link + last[one]
        return np.where(chance(who, 12) < 0.7, both, last[one])
    return last[one]


def shown_names(world: World, names: Names) -> Texts:
    """Write the display names: `Maria G.`, the full name, or a business."""
    who = np.arange(world.accounts, dtype=np.int64)
    style = chance(who, world.salt("display"))
    initial = names.last.astype("U1").astype(object)
    short: Texts = names.first + " " + initial + "."
    full: Texts = names.first + " " + names.last
    firm: Texts = names.last + " " + picked(WORDS, one_of(who, world.salt("firm"), len(WORDS)))
    pro = np.isin(world.who["role"], (ROLES.index("pro"), ROLES.index("both")))
    shown = np.where(pro & (style < 0.45), firm, np.where(style < 0.7, short, np.where(style < 0.95, full, names.first)))
    branded = world.noted("branded")
    brand = world.who["business"][branded]
    trade = picked(("BrightNest", "FixFolk", "Tidy Otter", "GreenGable"), one_of(brand, world.salt("brand"), 4))
    shown[branded] = trade + " " + picked([place.city for place in metros()], world.who["metro"][branded])
    return shown


def account_numbers(world: World) -> Ints:
    """Number the accounts in an order that says nothing."""
    return 1_000 + world.draw("account ids").permutation(world.accounts).astype(np.int64)


def accounts_table(world: World, names: Names) -> pd.DataFrame:
    """Write the table `accounts`; other accounts are named by number."""
    who = world.who
    each = np.arange(world.accounts, dtype=np.int64)
    full: Texts = names.first + " " + names.last
    told = world.draw("legal names").random(world.accounts)
    pro = np.isin(who["role"], (1, 2))
    closed = np.where(who["removed"] >= 0, who["removed"], NONE)
    quits = (who["status"] == 0) & (who["last"] < END - 120 * 86_400) & (chance(each, world.salt("quits")) < 0.06)
    closed = np.where(quits, who["last"], closed)
    status = np.where(quits, STATUSES.index("closed_by_user"), who["status"])
    seated = np.zeros(world.accounts, dtype=bool)
    seated[world.noted("seated")] = True
    friend = _friends(world)
    born = 1950 + one_of(who["person"], world.salt("born"), 56)
    return pd.DataFrame(
        {
            "account_id": each,
            "role": picked(ROLES, who["role"]),
            "status": picked(STATUSES, status),
            "created_at": stamps(who["created"]),
            "closed_at": stamps(closed),
            "merged_into": np.full(world.accounts, None, dtype=object),
            "display_name": shown_names(world, names),
            "legal_name": blanked(full, told < np.where(pro, 0.8, 0.3)),
            "business_id": numbered("B", np.where(seated, 700_000 + who["business"], NONE)),
            "country": "US",
            "tz": picked([place.tz for place in metros()], who["metro"]),
            "locale": picked(LOCALES, who["language"]),
            "referrer_account_id": friend,
            "birth_year": pd.arrays.IntegerArray(born, told < 0.55),
            "erased_at": np.full(world.accounts, None, dtype=object),
        },
        copy=False,
    )


def _friends(world: World) -> Ints:
    """Tell who invited whom: the structures' own edges, and one account in twelve besides."""
    draw = world.draw("friends")
    result = world.who["referrer"].copy()
    invited = (result < 0) & (draw.random(world.accounts) < 0.08)
    order = np.argsort(world.who["created"], kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(world.accounts)
    earlier = order[(draw.random(world.accounts) * rank).astype(np.int64)]
    return np.where(invited & (rank > 0), earlier, result)
