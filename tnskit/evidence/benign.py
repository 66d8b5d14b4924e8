"""Innocent readings: for each pair, how likely it is that two people share what they share for an ordinary reason.

Asked from other facts than the strength of the link: a family card looks as strong as a ring. Each reading looks at
the facts of a pair and gives a figure between 0 and 1; the highest is the pair's `benign` and `benign_score`.
The figures are assumptions, set so that a reading that two facts support independently passes one half.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """One innocent explanation.

    Attributes:
        name: How it is called in `benign`.
        looks_for: What it looks for in the data, for the investigator.
        settles: What would settle it.
        ask: What to ask the user.
        likely: SQL over the table `feature`, 0 to 1.
    """

    name: str
    looks_for: str
    settles: str
    ask: str
    likely: str


_TWO_PEOPLE = "0.25 * (names = 'family')::INT + 0.15 * (names = 'differ')::INT + 0.2 * coalesce(years > 1, false)::INT " \
    "+ 0.2 * histories::INT + 0.1 * against::INT"  # fmt: skip
_ONE_NAME = "CASE WHEN names = 'same' AND coalesce(years, 0) <= 1 THEN 0.2 ELSE 1 END"
_AFTER_BAN = "CASE WHEN after_ban THEN 0.5 ELSE 1 END"

READINGS: tuple[Reading, ...] = (
    Reading(
        "household",
        "The same home (address with unit, or home network) and a shared card, phone or tablet, with signs of two people: "
        "different first names, years of birth apart, histories of their own.",
        "Two different verified people at one address.",
        "Who else lives with you and uses the platform?",
        f"CASE WHEN place > 0 OR network > 0 OR (payment > 0 AND names = 'family') THEN "
        f"least(0.95, 0.3 + 0.1 * (place > 0)::INT + {_TWO_PEOPLE}) * {_ONE_NAME} * {_AFTER_BAN} ELSE 0 END",
    ),
    Reading(
        "one business",
        "Seats in one business, one business id, or one licence: colleagues under a qualifier, a franchise, an office line.",
        "The state register, and the list of the firm's seats.",
        "Whom do you work for, and who else has an account there?",
        f"CASE WHEN seats THEN 0.9 WHEN business > 0 THEN least(0.9, 0.5 + {_TWO_PEOPLE}) ELSE 0 END * {_ONE_NAME} * {_AFTER_BAN}",
    ),
    Reading(
        "recycled phone",
        "Only the phone connects them, and 45 days or more lie between the last use by one and the first by the other.",
        "Both confirm the number again.",
        "Since when have you had this number?",
        f"CASE WHEN handed AND payment + device + identity = 0 THEN 0.9 WHEN handed THEN 0.3 ELSE 0 END * {_ONE_NAME}",
    ),
    Reading(
        "resold or shared device",
        "Only a device (and the network that came with it) connects them, and their uses do not overlap, or look-alikes of "
        "one model are meant.",
        "Interleaved use speaks for one person, a clean hand-over for two.",
        "Did you buy this phone or computer used, or does somebody else use it too?",
        f"CASE WHEN device > 0 AND payment + contact + identity + business = 0 THEN "
        f"least(0.9, CASE WHEN device_gap > 7 THEN 0.7 ELSE 0.35 END + {_TWO_PEOPLE}) * {_ONE_NAME} * {_AFTER_BAN} ELSE 0 END",
    ),
    Reading(
        "card lent, lost or stolen",
        "Only a card connects them and the names have nothing in common: it was lent, passed on, or its holder is a victim.",
        "The processor's name match and who disputed which payment.",
        "Did you pay for somebody else, or miss a card?",
        f"CASE WHEN payment > 1 AND contact + device + identity + place + network = 0 THEN "
        f"least(0.85, 0.45 + {_TWO_PEOPLE}) * {_ONE_NAME} * {_AFTER_BAN} ELSE 0 END",
    ),
    Reading(
        "same building",
        "Only a house without a unit connects them.",
        "The unit of each.",
        "What is your unit or floor?",
        f"CASE WHEN place > 0 AND payment + device + identity + contact + business + network = 0 THEN 0.8 ELSE 0 END * {_ONE_NAME}",
    ),
    Reading(
        "one network",
        "Only a network connects them: flatmates, a café, a dormitory, a changed address.",
        "Other families of evidence; there are none here.",
        "Where do you usually use the platform?",
        f"CASE WHEN network > 0 AND payment + device + identity + contact + business + place = 0 THEN 0.8 ELSE 0 END * {_ONE_NAME}",
    ),
    Reading(
        "shared line or box",
        "Only a phone or a mailbox connects them, at the same time: a shop's line, a family phone, an assistant.",
        "The kind of line and who confirmed it.",
        "Who answers this phone or reads this box?",
        f"CASE WHEN contact > 0 AND NOT handed AND payment + device + identity + place + network = 0 THEN "
        f"least(0.85, 0.35 + {_TWO_PEOPLE}) * {_ONE_NAME} * {_AFTER_BAN} ELSE 0 END",
    ),
    Reading(
        "coincidence",
        "Nothing that was found is rare: card digits, a look-alike device, a name.",
        "A token from the processor, or another family.",
        "Nothing yet: look again before asking.",
        "CASE WHEN score < 2 THEN 0.7 ELSE 0 END",
    ),
)  # fmt: skip

FEATURES = """-- facts of each pair that innocent readings look at
CREATE OR REPLACE TABLE feature AS
WITH best AS (
  SELECT a, b, {families},
    coalesce(max(gap) FILTER (family = 'DEVICE' AND counted > 0), 0) AS device_gap,
    bool_or(rule = 'phone_handed') AND NOT bool_or(family = 'CONTACT' AND rule <> 'phone_handed' AND points > 1) AS handed,
    bool_or(rule = 'own_histories') AS histories, bool_or(family = 'AGAINST' AND rule NOT IN ('own_histories', 'birth_differs')) AS against
  FROM counted GROUP BY a, b)
SELECT best.*, s.score, f.names, f.years,
  coalesce(f.business_a = f.business_b, false) OR EXISTS (
    SELECT 1 FROM public.business_members m JOIN public.business_members n USING (business_id)
    WHERE m.account_id = f.id_a AND n.account_id = f.id_b) AS seats,
  coalesce(f.created_b > v.since AND NOT v.reversed, false) OR coalesce(f.created_a > w.since AND NOT w.reversed, false) AS after_ban
FROM best JOIN scored s USING (a, b) JOIN fact f USING (a, b)
LEFT JOIN removed v ON v.account = f.a LEFT JOIN removed w ON w.account = f.b
"""

FAMILIES = ("identity", "payment", "device", "contact", "network", "place", "business")


def features_sql() -> str:
    """The step that gathers the facts."""
    columns = (f"coalesce(max(counted) FILTER (family = '{name.upper()}' AND counted > 0), 0) AS {name}" for name in FAMILIES)
    return FEATURES.format(families=", ".join(columns))


def readings_sql() -> str:
    """The step that asks every reading and keeps the best; ties go to the one listed first."""
    asked = " UNION ALL ".join(
        f"SELECT a, b, {place} AS place, '{one.name}' AS benign, round({one.likely}, 4) AS benign_score FROM feature"
        for place, one in enumerate(READINGS)
    )
    return f"-- ask every innocent reading\nCREATE OR REPLACE TABLE asked AS SELECT * FROM ({asked}) WHERE benign_score > 0"


BEST = """-- the most likely innocent reading of each pair
CREATE OR REPLACE TABLE reading AS
SELECT a, b, benign, benign_score FROM asked
QUALIFY row_number() OVER (PARTITION BY a, b ORDER BY benign_score DESC, place) = 1
"""


def named(name: str) -> Reading | None:
    """Give a reading by its name, or None for an empty name."""
    return next((one for one in READINGS if one.name == name), None)
