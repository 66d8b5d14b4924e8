"""Innocent readings: for each pair, how likely it is that two people share what they share for an ordinary reason.

Asked from other facts than the strength of the link, for strength is not guilt: a family card looks as strong as a ring.
How rare, how recent and how many the shared things are, which make the score, is not looked at here. What is: who the two
are (names, years of birth), whether each has things of their own, what *kind* of thing they share and whether it is the main one
of both, how their lives lie in time, and whether they look like lives at all. These facts are added up (`SAYS`), and each
reading adds what speaks for it in particular; the likeliest reading whose gate is open is the pair's `benign`.

`SAYS` is in log-odds of two people against one. Signs and sizes are what a logistic regression found on two independent kinds of
made-up markets, kept where both agree and rounded; a third was left for testing,
but for one wrong pair in it, which told that a line handed on is not the only phone of both (see `benchmarks/quality`);
the readings' own figures are assumptions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tnskit.evidence.conduct import RAREST, WHOLE


@dataclass(frozen=True)
class Reading:
    """One innocent explanation.

    Attributes:
        name: How it is called in `benign`.
        looks_for: What it looks for in the data, for the investigator.
        settles: What would settle it.
        ask: What to ask the user.
        open: SQL over the table `feature`: whether the reading can be at all.
        more: SQL over the table `feature`: what speaks for this reading in particular, in log-odds.
    """

    name: str
    looks_for: str
    settles: str
    ask: str
    open: str
    more: str


MANY, CROWD = 3, 8
"""Accounts above which a thing is a place's rather than a person's, where names tell its users apart, and where nobody is named (asked of
lines and boxes alone: a made-up mailbox is everybody's). Assumptions: a couple and a child share one tablet; a shelter shares another."""


def _of_a_place(kind: str, *, unnamed: bool = False) -> str:
    """SQL: many have the same thing as their only one, by several names and with lives that look like lives, where lives are told of."""
    nobody = f" OR n_{kind} > {CROWD} AND names = 'unknown'" if unnamed else ""
    return f"(n_{kind} > {MANY} AND names IN ('differ', 'family'){nobody}) AND lives_told AND one_purpose < {RAREST / WHOLE:.3f}"


def _made_up() -> str:
    """SQL: a mailbox that nobody is known to have confirmed, of many by several names or none, and nothing else that connects the two."""
    return (
        f"n_email > {MANY} AND NOT confirmed AND names <> 'same' AND payment + device + identity + place + network = 0 "
        f"AND one_purpose < {RAREST / WHOLE:.3f}"
    )


SAYS: dict[str, tuple[float, str, str]] = {
    "start": (0.8, "true", "before anything is known"),
    "differs": (0.8, "names = 'differ'", "names that have nothing in common"),
    "family": (1.5, "names = 'family'", "one surname, two first names"),
    "same": (-3.0, "names = 'same' AND coalesce(years, 0) <= 1", "one name, and years of birth that may agree"),
    "born": (0.8, "coalesce(years > 1, false)", "years of birth that differ"),
    "age": (0.5, "coalesce(years > 15, false)", "a generation between them"),
    "one year": (-1.0, "names = 'same' AND coalesce(years <= 0, false)", "one name and year of birth"),
    "their year": (-1.5, "names <> 'same' AND coalesce(years = 0, false)", "one year of birth, by names that are not the same"),
    "and no family": (-1.0, "names = 'differ' AND coalesce(years = 0, false)", "and names that have nothing in common"),
    "mailbox": (1.8, "own_email", "a mailbox each"),
    "line": (0.4, "own_phone", "a phone each"),
    "handset": (0.2, "own_device", "a device each"),
    "handed": (1.2, "handed", "a phone one after the other"),
    "apart": (1.0, "apart", "lives long after each other"),
    "histories": (0.3, "histories", "a year of jobs each"),
    "told": (2.0, "against", "somebody reported or verified that they are two"),
    "home": (0.5, "place > 0 OR network > 0", "a home that is shared"),
    "only home": (0.7, "payment + device + identity + contact = 0", "nothing personal that is shared"),
    "device": (-2.0, "device > 1 AND NOT passed_on", "a device that is shared, and did not change hands for all that is seen"),
    "their device": (-5.0, f"main_device AND NOT ({_of_a_place('device')})", "the only device of both, unless it is a place's"),
    "their box": (
        -2.0,
        f"main_email AND NOT office_box AND NOT ({_of_a_place('email', unnamed=True)}) AND NOT ({_made_up()})",
        "the only mailbox of both, unless it is a place's or looks made up",
    ),
    "office box": (1.0, "office_box", "a box such as info@, which an office shares"),
    "their bank": (-3.8, "payout > 4 AND holders_payout <= 3", "one bank account, of three people at most"),
    "their card": (-2.0, f"main_card AND NOT ({_of_a_place('card')})", "the only card of both, unless it is a place's"),
    "their line": (
        -4.0,
        "main_phone AND NOT handed AND NOT (names = 'family' AND coalesce(years > 1, false)) "
        f"AND NOT ({_of_a_place('phone', unnamed=True)})",
        "the only phone of both at one time, unless they are of one family and not of one age, or it is a place's",
    ),
    "victim": (
        1.5,
        "card > 0 AND one_disputed AND names <> 'same' AND device + contact + identity = 0",
        "only a card connects them, and the payments of one of them alone were disputed: the other may be its holder",
    ),
    "seats": (2.0, "seats AND names <> 'same'", "a seat each in one business, and not one name"),
    "face": (-4.0, "identity > 0", "one document or face"),
}
"""What speaks for two people: log-odds, SQL over the table `feature`, and words. Facts that are shares are in `SHARES`."""

SHARES: dict[str, tuple[float, str, str]] = {
    "removal": (-2.8, "after_removal", "opened after the other's removal"),
    "came back": (
        -0.7,
        "after_removal * (device + identity + payout > 0 OR names = 'same' OR NOT coalesce(own_email, false))::INT",
        "and more than a card, a line or a home came along, or no mailbox of each",
    ),
    "purpose": (-5.0, "one_purpose", "few traces of an ordinary life on both"),
    "together": (-1.8, "together", "opened within days of each other"),
    "made for it": (
        -3.0,
        "one_purpose * greatest(together, after_removal)",
        "and both at once: few traces of an ordinary life on two that opened together, or one after the other's removal",
    ),
    "usual": (-2.5, "usual", "in this market most who share these bear one name"),
    "referral": (-1.3, "referral", "one referred the other"),
    "invited": (-2.0, "invited", "one referred both"),
    "praise": (
        -5.0,
        f"praised * greatest(0, one_purpose - {RAREST / WHOLE:.3f})",
        "both praised one pro without a job behind it, and neither shows an ordinary life beside that",
    ),
}
"""As `SAYS`, for facts that are a share between 0 and 1."""

THINGS = frozenset({"start", "home", "only home", "face", "device", "their line", "praise", "made for it"})
"""Facts that set a level or that the score weighs itself; all others enter the score too (rule `facts_agree`)."""

READINGS: tuple[Reading, ...] = ()
"""Every reading, in the order in which ties are broken; filled below."""


def _reading(name: str, settles: str, ask: str) -> Callable[[Callable[[], tuple[str, str]]], Callable[[], tuple[str, str]]]:
    def enter(make: Callable[[], tuple[str, str]]) -> Callable[[], tuple[str, str]]:
        global READINGS
        gate, more = make()
        READINGS = (*READINGS, Reading(name, " ".join((make.__doc__ or "").split()), settles, ask, gate, more))
        return make

    return enter


@_reading("recycled phone", "Both confirm the number again.", "Since when have you had this number?")
def recycled_phone() -> tuple[str, str]:
    """Only the phone connects them, and 45 days or more lie between the last use by one and the first by the other."""
    return "handed AND payment + device + identity = 0", "0.8"


@_reading("resold device", "Interleaved use speaks for one person, a clean hand-over for two.", "Did you buy this phone or computer used?")
def resold_device() -> tuple[str, str]:
    """Only a device (and the network that came with it) connects them, and their uses do not overlap: the order of its holders is clean."""
    return (
        "device > 0 AND (gap_device > 3 OR passed_on) AND payment + contact + identity + business = 0",
        "2.3 + 0.8 * (gap_device > 30)::INT",
    )


@_reading(
    "one business", "The state register, and the list of the firm's seats.", "Whom do you work for, and who else has an account there?"
)
def one_business() -> tuple[str, str]:
    """Seats in one business or one business id: colleagues in a small office, with an office line and an office network."""
    return "seats", "1.8"


@_reading("franchise or one licence", "The state register, for the day of the incident.", "Under whose licence do you work?")
def franchise() -> tuple[str, str]:
    """One licence or one tax number: employees under a qualifier, or owners under one brand, who are seldom just two."""
    return "business > 0 AND NOT seats", "1.0 - 1.2 * (payment + device + contact > 0)::INT - 1.2 * (n_tax_id BETWEEN 1 AND 3)::INT"


@_reading("agency", "The assistant's contract, and whose customers these are.", "Who set up your account, and who uses it now?")
def agency() -> tuple[str, str]:
    """Three or more pros were seen on one device that is the main one of none of them: somebody set the accounts up, or pays for them."""
    return "pros AND device > 0 AND NOT main_device AND n_device >= 3", "1.0"


@_reading("shared company card", "The name on the card and the firm that pays the bill.", "Who pays for your account?")
def company_card() -> tuple[str, str]:
    """Pros who pay with one card besides their own, or who share a card and an office line or network: the firm's card."""
    return "pros AND card > 0 AND NOT main_device AND main_payout IS NOT TRUE AND (network > 0 OR contact > 0 OR NOT main_card)", "0.8"


@_reading("one payer for many", "The holder's name at the bank, and the payroll agreement.", "Who is paid through this bank account?")
def payroll() -> tuple[str, str]:
    """Four or more accounts are paid through one bank account, and nothing else connects them: a payroll agent or a family firm."""
    return "holders_payout >= 4 AND device + contact + identity = 0", "1.2"


@_reading("couple's card", "Two different verified people; who disputed which payment.", "Who else pays with this card?")
def couples_card() -> tuple[str, str]:
    """A shared card at one home (address, home network or surname), while each has a phone or a device of their own."""
    return (
        "card > 0 AND (place > 0 OR network > 0 OR names = 'family') AND NOT main_device",
        "0.5 * own_phone::INT + 0.8 * own_device::INT",
    )


@_reading("family tablet", "Interleaved use from one home by two verified people.", "Who else at home uses this tablet?")
def family_tablet() -> tuple[str, str]:
    """A shared device at one home, while each has another device of their own; a tablet explains no bank account that is shared too."""
    return "device > 0 AND NOT main_device AND payout = 0 AND (place > 0 OR network > 0)", "1.1"


@_reading("household", "Two different verified people at one address.", "Who else lives with you and uses the platform?")
def household() -> tuple[str, str]:
    """A home in common (address or network), with a line, a card or a surname, and signs of two people: first names, ages, histories."""
    return "(place > 0 OR network > 0 OR names = 'family') AND payment + device + contact > 0", "(names = 'family')::INT"


@_reading("flatmates", "Two different verified people at one address.", "Do you share the flat with somebody who uses the platform?")
def flatmates() -> tuple[str, str]:
    """The same flat or home network and nothing personal: strangers under one roof."""
    return "(unit OR (network > 0 AND n_ip < 5)) AND payment + device + identity + contact = 0", "0.6"


@_reading("campus", "The kind of network; the register of the school.", "Do you live or study at a school?")
def campus() -> tuple[str, str]:
    """Customers on a network or in a house of many, perhaps invited by one of them: a dormitory or a school."""
    return (
        "NOT pros AND payment + device + identity + contact = 0 AND greatest(n_ip, n_address) >= 5 AND place + referral + invited > 0",
        "0.9",
    )


@_reading("co-working", "The kind of network, and the hours of use.", "Where do you work?")
def coworking() -> tuple[str, str]:
    """Pros on a network of five or more accounts, each with a line and a device of their own: a shared office."""
    return "pros AND n_ip >= 5 AND payment + device + identity + contact = 0", "0.8"


@_reading("carrier address", "The kind of network; count its accounts in a day.", "Do you mostly use mobile data?")
def carrier() -> tuple[str, str]:
    """A network of five or more accounts that neither uses most of the time, told as a home: a carrier's shared address."""
    return "n_ip >= 5 AND NOT main_ip AND payment + device + identity + contact + place = 0", "0.75"


@_reading("public Wi-Fi", "Other families of evidence; there are none here.", "Where do you usually use the platform?")
def public_wifi() -> tuple[str, str]:
    """Only a network connects them: a café, a library, a changed address of the provider."""
    return "network > 0 AND payment + device + identity + contact + business + place = 0", "0.7"


@_reading("call-centre phone", "The kind of line, and who confirmed it.", "Who answers this phone?")
def call_centre() -> tuple[str, str]:
    """A phone that three or more accounts gave besides one of their own: a main line, a call centre."""
    return "contact > 0 AND n_phone >= 3 AND NOT main_phone AND payment + device + identity = 0", "1.6"


@_reading("shared line or box", "The kind of line and who confirmed it.", "Who answers this phone or reads this box?")
def shared_line() -> tuple[str, str]:
    """Only a phone or a mailbox connects them, at the same time: a shop's line, a family phone, an assistant."""
    return "contact > 0 AND NOT handed AND payment + device + identity + place + network = 0", "0.2"


@_reading(
    "card lent, lost or stolen",
    "The processor's name match and who disputed which payment.",
    "Did you pay for somebody else, or miss a card?",
)
def lent_card() -> tuple[str, str]:
    """Only a card connects them and the names have nothing in common: it was lent, passed on, or its holder is a victim."""
    return "card > 1 AND names IN ('differ', 'unknown') AND contact + device + identity + place + network = 0", "0.6"


@_reading("shared computer", "See whether each has another device; look for the place.", "Do you use a computer that others use too?")
def shared_computer() -> tuple[str, str]:
    """Only a device connects them that is not the main one of both, or look-alikes of one model are meant: a library, a shop."""
    return "device > 0 AND NOT main_device AND payment + contact + identity + business = 0", "0.9"


@_reading("same building", "The unit of each.", "What is your unit or floor?")
def same_building() -> tuple[str, str]:
    """Only a house without a unit connects them."""
    return "place > 0 AND payment + device + identity + contact + business + network = 0", "0.5"


@_reading("coincidence", "A token from the processor, or another family.", "Nothing yet: look again before asking.")
def coincidence() -> tuple[str, str]:
    """Nothing that was found is rare: card digits, a look-alike device, a name, a number that was handed on."""
    return "payment <= 1 AND device <= 2 AND contact <= 1 AND identity = 0", "0.3"


@_reading("two people", "Two different verified people.", "Who else knows or uses what you use?")
def two_people() -> tuple[str, str]:
    """No story fits, yet the facts speak for two people: other names, ages, lines, devices, lives."""
    return "true", "0"


FEATURES = """-- facts of each pair that innocent readings look at
CREATE OR REPLACE TABLE feature AS
WITH known AS (SELECT c.*, c.points / nullif(r.points, 0) AS part FROM piece c JOIN rule r ON r.id = c.rule),
best AS (
  SELECT a, b, {families}, {shares}, {own}, {many},
    coalesce(max(points) FILTER (kind = 'card' AND points > 0), 0) AS card,
    coalesce(max(points) FILTER (kind = 'payout' AND points > 0), 0) AS payout,
    coalesce(max(gap) FILTER (family = 'DEVICE' AND points > 0), 0) AS gap_device,
    coalesce(bool_or(family = 'DEVICE' AND NOT weak), false) AS firm_device,
    coalesce(bool_or(rule = 'phone_handed') AND NOT bool_or(family = 'CONTACT' AND rule <> 'phone_handed' AND points > 1), false) AS handed,
    bool_or(rule = 'device_handed') AS passed_on, coalesce(bool_or(rule = 'address_unit'), false) AS unit,
    bool_or(rule = 'email_empty') AS office_box, bool_or(rule = 'email_verified') AS confirmed, bool_or(rule = 'years_apart') AS apart,
    bool_or(rule = 'own_histories') AS histories,
    bool_or(rule IN ('dissociated', 'identity_differs', 'reported', 'two_places')) AS against
  FROM known GROUP BY a, b),
whole AS (SELECT a, b, {main} FROM portion GROUP BY a, b)
SELECT best.* EXCLUDE (firm_device), whole.* EXCLUDE (a, b, main_device),
  -- an export that names nobody does not tell who bought a handset from who kept it
  (firm_device OR passed_on AND NOT EXISTS (SELECT 1 FROM fact WHERE names <> 'unknown'))
    AND coalesce(main_device, false) AS main_device,
  f.names, f.years, f.one_disputed, (SELECT count(*) > 0 FROM worked) AS lives_told, x.role = 'pro' AND y.role = 'pro' AS pros, f.seats
FROM best JOIN fact f USING (a, b) LEFT JOIN whole USING (a, b)
JOIN main.people x ON x.code = best.a JOIN main.people y ON y.code = best.b
"""

FAMILIES = ("identity", "payment", "device", "contact", "network", "place", "business")
_SHARE = {"after_removal": ("after_removal",), "one_purpose": ("one_purpose",), "together": ("opened_together",),
          "usual": ("usual",),
          "referral": ("referral",), "invited": ("one_referrer",), "praised": ("same_praise",)}  # fmt: skip
_OWN = ("phone", "email", "device", "payout")
_MANY = ("phone", "email", "card", "device", "ip", "address", "tax_id")
_MAIN = ("phone", "email", "card", "payout", "device", "ip")


def features_sql(main: float) -> str:
    """The step that gathers the facts; `main` is the share of use from which a thing is an account's main one."""
    columns = (f"coalesce(max(points) FILTER (family = '{name.upper()}' AND points > 0), 0) AS {name}" for name in FAMILIES)
    shares = (f"coalesce(max(part) FILTER (rule IN ({', '.join(map(repr, rules))})), 0) AS {name}" for name, rules in _SHARE.items())
    own = (f"bool_or(rule = 'own_{kind}') AS own_{kind}" for kind in _OWN)
    many = [f"coalesce(max(accounts) FILTER (kind = '{kind}'), 0) AS n_{kind}" for kind in _MANY]
    many.append("coalesce(max(holders) FILTER (kind = 'payout'), 0) AS holders_payout")
    whole = (f"coalesce(max(least_part) FILTER (kind = '{kind}') >= {main}, false) AS main_{kind}" for kind in _MAIN)
    return FEATURES.format(
        families=", ".join(columns), shares=", ".join(shares), own=", ".join(own), many=", ".join(many), main=", ".join(whole)
    )


def two_sql() -> str:
    """The step that adds up what speaks for two people."""
    facts = {name: f"{weight} * coalesce({fact}, false)::INT" for name, (weight, fact, _) in SAYS.items()}
    shares = {name: f"{weight} * {fact}" for name, (weight, fact, _) in SHARES.items()}
    every = facts | shares
    people = " + ".join(sql for name, sql in every.items() if name not in THINGS)
    return (
        "-- what speaks for two people, in all and beside what they share\n"
        f"CREATE OR REPLACE TABLE two AS SELECT *, {' + '.join(every.values())} AS odds, {people} AS known FROM feature"
    )


def readings_sql() -> str:
    """The step that asks every reading."""
    asked = " UNION ALL ".join(
        f"SELECT a, b, {place} AS place, '{one.name.replace(chr(39), chr(39) * 2)}' AS benign, "
        f"round(1 / (1 + exp(-(odds + {one.more}))), 4) AS benign_score FROM two WHERE {one.open}"
        for place, one in enumerate(READINGS)
    )
    return f"-- ask every innocent reading\nCREATE OR REPLACE TABLE asked AS {asked}"


BEST = """-- the most likely innocent reading of each pair, if it is one in twenty at least; ties go to the one listed first
CREATE OR REPLACE TABLE reading AS
SELECT a, b, benign, benign_score FROM asked WHERE benign_score >= 0.05
QUALIFY row_number() OVER (PARTITION BY a, b ORDER BY benign_score DESC, place) = 1
"""


def named(name: str) -> Reading | None:
    """Give a reading by its name, or None for an empty name."""
    return next((one for one in READINGS if one.name == name), None)
