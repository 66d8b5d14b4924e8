"""Typed facts, and how a reader of one language and place is told them: dates, money, numbers and names by CLDR."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_name
from babel.numbers import format_currency, format_decimal, get_currency_precision, is_currency

from tnskit.errors import UsageError
from tnskit.review.wording import LANGUAGES, ROLES, Wording

MOST = 1_000
"""Characters of one value. Assumption: a fact that needs more is two facts."""
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_FIRST_STRONG, _END = "\u2068", "\u2069"
"""What keeps a name in another direction from turning the words around it (Unicode 9, isolates)."""
_HOME = {"en": "US", "es": "US", "pt": "BR"}
"""The place whose habits are followed where CLDR does not know the language in the reader's place."""


@dataclass(frozen=True)
class Money:
    """An amount in minor units (cents) of a currency (ISO 4217)."""

    minor: int
    currency: str = "USD"

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise UsageError("an amount is a whole number of minor units (cents), such as Money(4550, 'USD')")
        if not isinstance(self.currency, str) or not is_currency(self.currency):
            raise UsageError("a currency is written with three capital letters, such as 'USD' or 'BRL'")


@dataclass(frozen=True)
class Line:
    """A ready line told from typed facts, or words of your own in the language of the letter.

    Attributes:
        kind: The name of a ready line in `lines.toml`, such as `completed`; empty for words of your own.
        day: When.
        other: A second day, where the line has one.
        amount: How much.
        count: How many.
        source: Where it comes from: a name of the section `source`, such as `job`.
        standing: `agreed`, `disputed` or `unknown`.
        text: Words of your own.
    """

    kind: str = ""
    day: date | None = None
    other: date | None = None
    amount: Money | None = None
    count: int | None = None
    source: str = ""
    standing: str = ""
    text: str = ""


@dataclass(frozen=True)
class Facts:
    """What a letter may say, and to whom; the same facts serve all three languages.

    Attributes:
        case: Number of the case.
        recipient: Account that the letter goes to.
        role: `customer` or `pro`.
        place: Country where the reader is, such as "US"; the emergency number follows it, not the language.
        zone: The reader's time zone, such as "America/Chicago"; days are told in it.
        now: Moment of the letter, with a zone.
        values: Blank to value; see `blanks.toml`.
        name: The name as its owner writes it, with both surnames; empty for none.
        greeting: `plain`, `name` or `formal`.
        scope: What is limited, by its name in `words.toml`; that of the letter if left out.
        source: What a decision rests on: `report`, `own` or `both`.
        automation: `none`, `assisted` or `full`.
        others: Names and accounts of other people; no letter may hold them.
        staff: Names of those who work on the case; no letter may hold them.
        seal: Head of the case log, printed at the foot.
    """

    case: str
    recipient: str
    role: str
    place: str
    zone: str
    now: datetime
    values: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    greeting: str = "plain"
    scope: str = ""
    source: str = "own"
    automation: str = "none"
    others: tuple[str, ...] = field(default=(), repr=False)
    staff: tuple[str, ...] = field(default=(), repr=False)
    seal: str = ""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise UsageError(f"'{self.role[:20]}' is not a role; letters go to a {' or a '.join(ROLES)}")
        if self.now.tzinfo is None:
            raise UsageError("now= has no zone; a letter's moment is written like '2026-11-22T09:00:00Z'")
        zone_of(self.zone)


def zone_of(name: str) -> ZoneInfo:
    """Give a time zone by its name.

    Raises:
        UsageError: No such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"'{str(name)[:40]}' is not a time zone; they are written like 'America/Chicago'") from None


def locale_of(lang: str, place: str) -> Locale:
    """Give the CLDR locale of a language in a place; that of the language's home where CLDR has none.

    Portuguese is always that of Brazil.
    """
    territory = place if place.isascii() and place.isalpha() and lang != "pt" else _HOME[lang]
    try:
        return Locale(lang, territory=territory.upper())
    except UnknownLocaleError:
        return Locale(lang, territory=_HOME[lang])


def clean(value: Any, what: str) -> str:
    """Give a text as it may stand in a letter: one line, composed letters, no signs that steer what cannot be seen.

    Raises:
        UsageError: It is no text, or longer than a thousand characters.
    """
    if not isinstance(value, str):
        raise UsageError(f"'{what}' takes text, not a value of type {type(value).__name__}")
    if len(value) > MOST:
        raise UsageError(f"'{what}' holds {len(value):,} characters; {MOST:,} are the most")
    spaced = "".join(" " if mark.isspace() or unicodedata.category(mark) in {"Cc", "Zl", "Zp"} else mark for mark in value)
    kept = "".join(mark for mark in spaced if unicodedata.category(mark) not in {"Cf", "Cs", "Co", "Cn"})
    return " ".join(unicodedata.normalize("NFC", kept).split())


def isolated(text: str) -> str:
    """Give a text so that its direction stays its own; texts that run from left to right are left as they are."""
    turned = any(unicodedata.bidirectional(mark) in _RIGHT_TO_LEFT for mark in text)
    return f"{_FIRST_STRONG}{text}{_END}" if turned else text


@dataclass(frozen=True)
class Teller:
    """Tells typed values to one reader."""

    words: Wording
    place: str
    zone: ZoneInfo
    now: datetime

    @property
    def locale(self) -> Locale:
        """The reader's CLDR locale."""
        return locale_of(self.words.lang, self.place)

    def day(self, value: Any, what: str = "day") -> str:
        """Tell a day; the year stands only where it is not this one."""
        day = value.astimezone(self.zone).date() if isinstance(value, datetime) and value.tzinfo else value
        if isinstance(day, datetime) or not isinstance(day, date):
            raise UsageError(f"'{what}' takes a date, or a moment with a zone")
        if day.year == self.now.astimezone(self.zone).year:
            return format_skeleton("MMMMd", day, locale=self.locale)
        return format_date(day, "long", locale=self.locale)

    def date(self, value: datetime) -> str:
        """Tell the day of a letter, always with its year."""
        return format_date(value.astimezone(self.zone).date(), "long", locale=self.locale)

    def moment(self, value: Any, what: str = "moment") -> str:
        """Tell a moment by the reader's clock, with the name of the zone."""
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise UsageError(f"'{what}' takes a moment with a zone")
        here = value.astimezone(self.zone)
        time = format_time(here, "short", tzinfo=self.zone, locale=self.locale).replace("\u202f", " ").replace("\xa0", " ")
        return f"{self.day(value)}, {time} ({get_timezone_name(here, locale=self.locale)})"

    def money(self, value: Any, what: str = "amount") -> str:
        """Tell an amount; a sum without cents is told without them."""
        if not isinstance(value, Money):
            raise UsageError(f"'{what}' takes an amount, such as Money(4550, 'USD')")
        places = get_currency_precision(value.currency)
        amount = Decimal(value.minor).scaleb(-places)
        whole = places and amount == amount.to_integral_value()
        told = format_currency(amount, value.currency, locale=self.locale)
        separator = self.locale.number_symbols["latn"]["decimal"]
        return told.replace(separator + "0" * places, "") if whole else told

    def effect(self, value: Money, *, signed: bool = True) -> str:
        """Tell an amount for a column: with its cents, and with a sign for who gains and who pays."""
        amount = Decimal(value.minor).scaleb(-get_currency_precision(value.currency))
        told = format_currency(amount, value.currency, locale=self.locale)
        return f"+{told}" if signed and amount > 0 else told

    def count(self, value: Any, what: str) -> str:
        """Tell a number with its noun in the right plural form."""
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise UsageError(f"'{what}' takes a whole number")
        forms = self.words.words[what]
        form = forms.get(self.locale.plural_form(value), forms["other"])
        return str(form).replace("{count}", self.number(value))

    def number(self, value: int) -> str:
        """Tell a number with the reader's thousands marks."""
        return format_decimal(value, locale=self.locale)

    def line(self, value: Line | str, section: str) -> str:
        """Tell a line: a ready one from its facts, or the words of its author as they stand.

        Raises:
            UsageError: No such ready line, or it lacks a fact.
        """
        one = Line(text=value) if isinstance(value, str) else value
        if not isinstance(one, Line):
            raise UsageError(f"a line of '{section}' is a Line or text, not a value of type {type(value).__name__}")
        told = self._ready(one, section) if one.kind else clean(one.text, section)
        if one.source:
            told = f"{told.removesuffix('.')} ({self._name('source', one.source)})."
        return f"{self._name('standing', one.standing)}: {told}" if one.standing else told

    def _ready(self, one: Line, section: str) -> str:
        told = self._form(one, self._name(section, one.kind))
        values = {"day": one.day, "other": one.other, "amount": one.amount, "count": one.count}
        for name, value in values.items():
            mark = "{" + name + "}"
            if mark not in told:
                continue
            if value is None:
                raise UsageError(f"the line '{one.kind}' needs '{name}'")
            said = self.money(value) if name == "amount" else self.number(one.count or 0) if name == "count" else self.day(value, name)
            told = told.replace(mark, said)
        return told

    def _form(self, one: Line, usual: str) -> str:
        """The form of a ready line for a single thing, or for two days that are one."""
        if one.count == 1:
            return self.words.lines["just_one"].get(one.kind, usual)
        return self.words.lines["same_day"].get(one.kind, usual) if one.day is not None and one.day == one.other else usual

    def _name(self, section: str, kind: str) -> str:
        known = self.words.lines[section]
        if kind not in known:
            raise UsageError(f"there is no '{str(kind)[:40]}' among the lines of '{section}'; they are {', '.join(known)}")
        return known[kind]


def language_of(lang: str) -> str:
    """Give one of our languages for a tag such as "es-MX".

    Raises:
        UsageError: Another language.
    """
    found = str(lang).replace("_", "-").partition("-")[0].lower()
    if found not in LANGUAGES:
        raise UsageError(f"there are no letters in '{str(lang)[:20]}'; the languages are {', '.join(LANGUAGES)}")
    return found
