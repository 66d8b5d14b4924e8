"""What keeps raw values inside the gate: free text is searched on the way out, and errors say nothing that was in a cell.

`find` tells where a text holds a raw identifier, `leaks` names the kinds, `masked` puts our masks in their place. A kind is
found by its form, in the disguises of `disguise`: phone numbers with a country code and as the US, Mexico and Brazil write
them, e-mail addresses, public IP addresses, street addresses of the same countries, tax numbers and bank accounts with
right check digits, pages of persons on social networks, payment tokens, and full card numbers.

Names, licence numbers and the tokens of devices have no form of their own and are not found here.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import duckdb

from tnskit.cleaning.cards import REDACTED, card_spans, redact
from tnskit.cleaning.disguise import views
from tnskit.cleaning.forms import FORMS, undated
from tnskit.cleaning.identifiers import KINDS
from tnskit.errors import EngineError, TnskitError

SAID = {
    "card": "a full card number",
    "ip": "an IP address",
    "email": "an e-mail address",
    "phone": "a phone number",
    "address": "a street address",
    "tax_id": "a tax number",
    "payout": "a bank account",
    "social": "a page on a social network",
    "token": "a payment token",
}
"""The kinds that are found, in the order in which they are named, as a person would say them."""

_ABOUT_SQL = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.SyntaxException, duckdb.OutOfMemoryException)
"""Errors of DuckDB that speak of the statement or the machine, never of a value."""

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Found:
    """A raw identifier in a text.

    Attributes:
        kind: One of `SAID`.
        start: Where it begins.
        end: Where it ends.
    """

    kind: str
    start: int
    end: int


def find(text: str) -> list[Found]:
    """Give the places of raw identifiers in a text, in order and apart from each other."""
    seen = [Found("card", *span) for span in card_spans(text)]
    read = [(view, undated(view.text)) for view in views(text)]
    seen += [Found(kind, *view.span(*span)) for kind, form in FORMS.items() for view, bare in read for span in form(bare)]
    made: list[Found] = []
    for one in seen:
        place = bisect_left(made, one.end, key=lambda other: other.start)
        if place == 0 or made[place - 1].end <= one.start:
            made.insert(place, one)
    return made


def leaks(text: str) -> list[str]:
    """Name the kinds of raw identifier that a person's free text holds, such as "a phone number"."""
    kinds = {one.kind for one in find(text)}
    return [name for kind, name in SAID.items() if kind in kinds]


def masked(text: str) -> str:
    """Give a text with our masks in place of the raw identifiers that `find` sees."""
    made = text
    for one in reversed(find(text)):
        made = made[: one.start] + mask(one.kind, text[one.start : one.end]) + made[one.end :]
    return made


def mask(kind: str, raw: str) -> str:
    """Give what may be seen of a raw value that was found in a text."""
    if kind == "card":
        return REDACTED
    plain = views(raw)[-1].text
    clean = KINDS[kind].clean(plain) if kind in {"phone", "email", "ip"} else None
    if clean is not None:
        return KINDS[kind].shown(clean)
    word = {"phone": "phone", "email": "e-mail", "ip": "IP", "payout": "bank account", "tax_id": "tax number"}.get(kind, kind)
    return f"{word} •••"


def told(problem: duckdb.Error) -> str:
    """Say what DuckDB complained of, without its words where they could quote a cell."""
    if isinstance(problem, _ABOUT_SQL):
        return redact(str(problem).splitlines()[0])
    return f"{type(problem).__name__}; its words are left out, for they may quote a value"


def quiet(step: str) -> Callable[[Callable[_Given, _Made]], Callable[_Given, _Made]]:
    """Let no error leave a function with a raw value in its words, its cause or its context.

    Errors of DuckDB become an EngineError that names the step; full card numbers are taken out of our own messages,
    which may repeat the name of a file or a column.

    Args:
        step: What the function does, for the message.
    """

    def wrap(function: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
        @functools.wraps(function)
        def run(*args: _Given.args, **values: _Given.kwargs) -> _Made:
            # raised after the handler, so that the error of DuckDB does not hang on ours as its context
            problem: TnskitError
            try:
                return function(*args, **values)
            except duckdb.Error as found:
                problem = EngineError(f"the step '{step}' failed inside DuckDB: {told(found)}")
            except TnskitError as found:
                problem = found
                problem.args = (redact(str(found)),)
                problem.__cause__ = problem.__context__ = None
            raise problem

        return run

    return wrap
