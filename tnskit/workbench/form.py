"""What every panel is made of: fields, buttons, folded tables, and one line that says what went wrong.

A panel holds no rules: it hands what was typed to a verb of the log and shows what the verb gave or refused. Everything in it is
an ordinary field or button, so the Tab key reaches all of it in order, Space presses, and a screen reader reads the labels.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets
import pandas as pd

from tnskit.errors import TnskitError
from tnskit.review.sheet import table, words

STYLE = """<style>
.tns-panel { max-width: 62rem; overflow-x: hidden } .tns-panel .jupyter-button { align-self: flex-start }
.tns-panel .jupyter-widgets { box-sizing: border-box; max-width: 100% } .tns-panel h4 { margin: .9rem 0 .2rem }
.tns-panel p { margin: .25rem 0; line-height: 1.45 } .tns-panel details { margin: .25rem 0 }
.tns-panel summary { cursor: pointer; padding: .2rem 0 }
.tns-panel summary:focus-visible { outline: 2px solid var(--jp-brand-color1, #0072B2) }
.tns-panel table { border-collapse: collapse; margin: .25rem 0 .5rem }
.tns-panel td, .tns-panel th { text-align: left !important; vertical-align: top; padding: .25rem .9rem .25rem 0; white-space: pre-line;
  border-bottom: 1px solid var(--jp-border-color2, #ccc); line-height: 1.4 }
.tns-panel td.n, .tns-panel th.n { text-align: right !important }
.tns-panel .wide { overflow-x: auto } .tns-panel .note { opacity: .75 }
.tns-panel .widget-html { margin: 0; min-height: 0 } .tns-panel .widget-html-content { line-height: 1.45; min-height: 0 }
body[data-jp-theme-light="false"] .tns-panel :is(select, input) { color-scheme: dark }
.tns-panel .widget-dropdown > select { appearance: auto; background-image: none !important }
.tns-panel :is(button, input, select, textarea):focus-visible { outline: 2px solid var(--jp-brand-color1, #0072B2); outline-offset: 1px }
@media (max-width: 46rem) { .tns-panel .widget-inline-hbox { flex-direction: column; align-items: stretch; height: auto }
  .tns-panel .widget-inline-hbox > .widget-label { width: auto !important; text-align: left }
  .tns-panel .widget-inline-hbox > :is(select, input, textarea) { flex: none } }
.tns-panel .banner { border-left: .4rem solid var(--jp-border-color1, #999); padding: .5rem .8rem; margin: .3rem 0;
  background: var(--jp-layout-color2, rgba(128, 128, 128, .12)) }
.tns-panel .stop { border-color: #b3401a } .tns-panel .ask { border-color: #a87700 } .tns-panel .proceed { border-color: #00805c }
.tns-panel .wrong { border-color: #b3401a; font-weight: 600 } .tns-panel .done { border-color: #00805c }
.tns-panel .told { margin: .1rem 0; font-variant-numeric: tabular-nums } .tns-panel progress { width: 7rem; vertical-align: middle }
.tns-panel .widget-label { min-width: 11rem } .tns-panel textarea { min-height: 3.6rem; resize: vertical }
</style>"""


class Panel(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types, so its classes are Any
    """A panel: its fields and buttons by name, and what it said last.

    Attributes:
        fields: Fields by name; set `.value`.
        buttons: Buttons by name; `.click()` presses.
    """

    def __init__(self) -> None:
        super().__init__()
        self.add_class("tns-panel")
        self.fields: dict[str, Any] = {}
        self.buttons: dict[str, Any] = {}
        self._said = widgets.HTML()
        self._words = ""
        self.unchosen, self.working = "choose ...", "Working ..."
        self.broken = "Something went wrong ({kind}); nothing was written."

    @property
    def said(self) -> str:
        """What stands under the panel: what went wrong, or what was done."""
        return self._words

    def show(self) -> list[Any]:
        """Give the parts of the panel as it stands now."""
        raise NotImplementedError

    def static(self) -> str:
        """Give what it shows where no widget runs, as HTML."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Build the parts anew; what was typed and not sent is gone."""
        self.fields, self.buttons = {}, {}
        self.children = [widgets.HTML(STYLE), *self.show(), self._said]

    def tell(self, words_: str, *, wrong: bool = False) -> None:
        """Say something under the panel; a screen reader reads it out."""
        self._words = words_
        role, kind = ("alert", "wrong") if wrong else ("status", "done")
        self._said.value = f'<div role="{role}" class="banner {kind}">{html.escape(words_)}</div>' if words_ else ""

    def field(self, name: str, made: Any) -> Any:
        """Keep a field under a name."""
        # a column stretches what has no width of its own; a width of 100 % would reach over its edge
        made.layout.width = made.layout.width or "auto"
        self.fields[name] = made
        return made

    def text(self, name: str, label: str, *, hint: str = "", long: bool = True) -> Any:
        """Give a field for words."""
        kind = widgets.Textarea if long else widgets.Text
        return self.field(name, kind(description=label, placeholder=hint, style={"description_width": "11rem"}, continuous_update=True))

    def choice(self, name: str, label: str, options: list[Any], *, unset: str = "") -> Any:
        """Give a list to choose from; nothing is chosen beforehand, and `unset` says what that means."""
        pairs = [one if isinstance(one, tuple) else (one, one) for one in options]
        listed = [(unset or self.unchosen, ""), *pairs]
        return self.field(name, widgets.Dropdown(options=listed, value="", description=label, style={"description_width": "11rem"}))

    def shown_for(self, name: str, others: Mapping[str, Callable[[str], bool]]) -> None:
        """Show each other field only while what is chosen in a list asks for it; what is hidden is emptied."""

        def look(_: Any = None) -> None:
            for other, asked in others.items():
                shown, one = asked(self.value(name)), self.fields[other]
                one.layout.display = "" if shown else "none"
                if not shown:
                    one.value = None if isinstance(one, widgets.DatePicker) else ""

        self.fields[name].observe(look, "value")
        look()

    def shown_if(self, name: str, wanted: str, *others: Any) -> None:
        """Show some parts only while one thing is chosen in a list."""

        def look(_: Any = None) -> None:
            for one in others:
                one.layout.display = "" if self.value(name) == wanted else "none"

        self.fields[name].observe(look, "value")
        look()

    def tick(self, name: str, label: str) -> Any:
        """Give a box to tick."""
        return self.field(name, widgets.Checkbox(value=False, description=label, indent=False))

    def button(self, name: str, label: str, do: Callable[[], str], *, style: str = "") -> Any:
        """Give a button; what it does gives words for the line under the panel."""
        made = widgets.Button(description=label, button_style=style, tooltip=label, layout={"width": "auto"})
        made.on_click(lambda _: self._press(do))
        self.buttons[name] = made
        return made

    def busy(self) -> None:
        """Show that something is being done, and let nothing be pressed twice."""
        self._words = ""
        self._said.value = (
            '<div role="status" class="banner"><progress aria-label="working"></progress> ' + f"{html.escape(self.working)}</div>"
        )
        for one in self.buttons.values():
            one.disabled = True

    def _press(self, do: Callable[[], str]) -> None:
        closed = {name: one.disabled for name, one in self.buttons.items()}
        pressed = dict(self.buttons)
        self.busy()
        try:
            done = do()
        except TnskitError as problem:
            self.tell(_sentence(str(problem)), wrong=True)
        except Exception as problem:
            # the words of a foreign error may hold what is raw
            self.tell(self.broken.format(kind=type(problem).__name__), wrong=True)
            raise
        else:
            self.refresh()
            self.tell(done)
        finally:
            for name, one in pressed.items():
                one.disabled = closed[name]

    def value(self, name: str) -> Any:
        """Give what stands in a field; "" where there is no such field now."""
        return self.fields[name].value if name in self.fields else ""

    def _repr_mimebundle_(self, **told: Any) -> Any:
        made = super()._repr_mimebundle_(**told)
        data = made[0] if isinstance(made, tuple) else made
        data["text/plain"] = repr(self)
        data["text/html"] = self.static()
        return made


_ARGUMENT = re.compile(r"^(?:\w+\[')?(\w+)(?:'\])?= ")
"""How the log names what was typed; a panel has fields."""


def _sentence(text: str) -> str:
    text = _ARGUMENT.sub(lambda found: f"what you wrote ({found[1].replace('_', ' ')}) ", text)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def heading(text: str) -> Any:
    """Give a heading."""
    return widgets.HTML(f"<h4>{html.escape(text)}</h4>")


def lines(text: str, *, kind: str = "") -> Any:
    """Give words as paragraphs."""
    return widgets.HTML(words(text, kind=kind))


def banner(text: str, kind: str) -> Any:
    """Give a line that stands out."""
    return widgets.HTML(banner_html(text, kind))


def banner_html(text: str, kind: str) -> str:
    """Give the HTML of a line that stands out."""
    return f'<div class="banner {html.escape(kind)}">{html.escape(text)}</div>'


def folded(title: str, frame: pd.DataFrame, *, open_: bool = False, empty: str = "Nothing was found.") -> Any:
    """Give a table behind its title, which a click or the Enter key unfolds."""
    return widgets.HTML(folded_html(title, frame, open_=open_, empty=empty))


def folded_html(title: str, frame: pd.DataFrame, *, open_: bool = False, empty: str = "Nothing was found.") -> str:
    """Give the HTML of a table behind its title."""
    count = f" ({len(frame):,})" if len(frame) else " (none)"
    shown = " open" if open_ else ""
    return f"<details{shown}><summary>{html.escape(title)}{count}</summary>{table(frame, empty=empty)}</details>"
