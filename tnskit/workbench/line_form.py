"""The fields of a ready line, for panels in which facts and terms are put together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

import ipywidgets as widgets
from babel.numbers import get_currency_precision

from tnskit.errors import UsageError
from tnskit.review.telling import Line, Money
from tnskit.workbench.form import Panel

_LABEL = {"description_width": "11rem"}


class LinePanel(Panel):
    """A panel with fields for lines; its currency is that of what it shows."""

    @property
    def currency(self) -> str:
        """The currency that amounts are typed in."""
        raise NotImplementedError

    def line_fields(self, name: str, known: Mapping[str, str]) -> list[Any]:
        """Give the fields of one ready line, or of words; only those that the chosen line needs are shown."""
        fields = [
            self.choice(name, "Ready line", [(_open(text), kind) for kind, text in known.items()], unset="my own words"),
            self.text(f"{name}_text", "In your own words"),
            self.field(f"{name}_day", widgets.DatePicker(description="Day", style=_LABEL)),
            self.field(f"{name}_other", widgets.DatePicker(description="Second day", style=_LABEL)),
            self.text(f"{name}_amount", f"Amount in {self.currency}", hint="such as 200 or 45.50", long=False),
        ]
        blanks = {f"{name}_day": "{day}", f"{name}_other": "{other}", f"{name}_amount": "{amount}"}
        asked = {field: partial(_asks, known, blank) for field, blank in blanks.items()}
        self.shown_for(name, {f"{name}_text": lambda kind: not kind, **asked})
        return fields

    def typed_line(self, name: str) -> Line:
        """Give the line that was chosen or typed.

        Raises:
            UsageError: Nothing was, or both, or the amount is none.
        """
        kind, text = self.value(name), self.value(f"{name}_text")
        if not kind and not text.strip():
            raise UsageError("choose a ready line, or write one in your own words")
        if kind and text.strip():
            raise UsageError("a ready line and your own words do not go together; clear one of them")
        day: date | None = self.value(f"{name}_day") or None
        return Line(kind, day, self.value(f"{name}_other") or None, amount=self._money(name), text=text)

    def _money(self, name: str) -> Money | None:
        typed, currency = self.value(f"{name}_amount").strip(), self.currency
        if not typed:
            return None
        try:
            minor = Decimal(typed).scaleb(get_currency_precision(currency))
        except InvalidOperation:
            raise UsageError("an amount is written in figures, such as 200 or 45.50") from None
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise UsageError(f"an amount in {currency} has at most {get_currency_precision(currency)} figures after the point")
        return Money(int(minor), currency)


def _open(text: str) -> str:
    """A ready line as it is chosen from: its blanks in words."""
    return text.replace("{day}", "(day)").replace("{other}", "(second day)").replace("{amount}", "(amount)")


def _asks(known: Mapping[str, str], blank: str, kind: str) -> bool:
    # words of one's own may stand on a day, so that they find their place on the timeline
    return blank in known[kind] if kind else blank == "{day}"
