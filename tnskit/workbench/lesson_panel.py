"""The panel of a lesson: the task, the market to look into, a form for the answer; it marks nothing and knows no key."""

from __future__ import annotations

import datetime as dt
import html
import time
from functools import partial
from typing import Any

import ipywidgets as widgets
import pandas as pd

from tnskit.errors import UsageError
from tnskit.evidence.links import Links, link
from tnskit.review.letters import write
from tnskit.review.lint import Needs, lint
from tnskit.review.stops import CODES
from tnskit.review.telling import Facts
from tnskit.review.wording import LANGUAGES, wording
from tnskit.training.bundles import write_answer
from tnskit.training.casefile import EXPLANATIONS, STEPS, VERDICTS
from tnskit.training.grading import Answer, Draft
from tnskit.training.lessons import Lesson, spoken
from tnskit.workbench.form import Panel, banner, banner_html, folded_html, heading

READINGS = 4
"""Explanations that are weighed side by side."""
LETTERS = 2
TABLES = (
    "accounts", "actions", "reports", "security_events", "jobs", "messages", "payments", "reviews", "logins", "devices", "business_members",
    "pro_profiles", "instruments", "phones", "addresses",
)  # fmt: skip
_WIDTH = {"description_width": "11rem"}


class LessonPanel(Panel):
    """The panel of a lesson; `answer()` gives what was filled in, `handed_in` whether it was sent."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.lesson = lesson
        self.began = time.monotonic()
        self.words = spoken(lesson.lang)
        self.handed_in = False
        self._links: Links | None = None
        self._seen = widgets.HTML()
        self.refresh()

    def __repr__(self) -> str:
        return f"Panel of {self.lesson.name}: {len(self.lesson.accounts)} accounts to decide on"

    def static(self) -> str:
        """Give what it shows where no widget runs."""
        told = pd.DataFrame({self.words["form"]["accounts"]: self.lesson.accounts})
        return banner_html(self.lesson.task, "") + folded_html(self.words["form"]["accounts"], told, open_=True)

    def show(self) -> list[Any]:
        """Give the task, the market, and the form."""
        said = self.words["form"]
        return [
            banner(self.lesson.task, ""), heading(said["tables"]), *self._market(), heading(said["accounts"]), *self._accounts(),
            heading(said["explanation"]), *self._readings(), heading(said["evidence"].split(",")[0]),
            self.text("evidence", said["evidence"].split(",")[0], hint=said["evidence"]), heading(said["stops"]),
            self._many("stops", said["stops"], [(f"{code}  {_why(code)}", code) for code in CODES]),
            self._many("steps", said["steps"], [(self.words["steps"][one], one) for one in STEPS]), *self._letters(),
            heading(said["rationale"]), self.text("rationale", said["rationale"]),
            self.button("send", said["send"], self._hand_in, style="primary"),
        ]  # fmt: skip

    def refresh(self) -> None:
        """Build the parts anew, with what was filled in."""
        kept = {name: field.value for name, field in self.fields.items()}
        super().refresh()
        for name, value in kept.items():
            if name in self.fields:
                self.fields[name].value = value

    def _many(self, name: str, label: str, options: list[tuple[str, str]]) -> Any:
        rows = min(len(options), 8)
        return self.field(name, widgets.SelectMultiple(options=options, description=label, rows=rows, style=_WIDTH))

    def _market(self) -> list[Any]:
        said = self.words["form"]
        which = widgets.Dropdown(options=list(TABLES), description=said["tables"], style=_WIDTH)
        who = [(said["accounts"], ""), *((account, account) for account in self.lesson.accounts)]
        return [
            self.field("table", which), self.field("of", widgets.Dropdown(options=who, value="", description="", style=_WIDTH)),
            widgets.HBox([self.button("look", said["show"], self._look), self.button("link", said["linked"], self._link)]), self._seen,
        ]  # fmt: skip

    def _look(self) -> str:
        name = self.value("table")
        frame = self.lesson.market.table(name)
        who = {self.value("of")} if self.value("of") else set(self._named())
        near = frame.apply(lambda column: column.isin(who)).any(axis=1)
        if name == "devices":
            near |= True
        shown = frame[near].dropna(axis=1, how="all").astype(str)
        self._seen.value = folded_html(f"{name}, {len(shown):,} / {len(frame):,}", shown.head(200), open_=True)
        return ""

    def _named(self) -> list[str]:
        known = set(self.lesson.market.accounts["account_id"])
        told = [word.strip(".,;:?¿()") for word in self.lesson.task.split()]
        return [*self.lesson.accounts, *(word for word in told if word in known)]

    def _link(self) -> str:
        if self._links is None:
            self._links = link(self.lesson.market)
        who = sorted(set(self._named()))
        pairs = self._links.pairs
        near = pairs[pairs["a"].isin(who) & pairs["b"].isin(who)]
        told = [folded_html(self.words["form"]["linked"], near, open_=True)]
        first = [(str(row.a), str(row.b)) for row in near.head(12).itertuples()]
        told += [folded_html(f"{a} {b}", self._links.evidence(a, b).astype(str)) for a, b in first]
        self._seen.value = "".join(told)
        return ""

    def _accounts(self) -> list[Any]:
        said, options = self.words["form"], [(self.words["verdicts"][one], one) for one in VERDICTS]
        whole = self.choice("all", said["all"], options)
        parts: list[Any] = []
        for account in self.lesson.accounts:
            self.choice(f"verdict {account}", account, options)
            self.text(f"rule {account}", said["rule"], hint="ACC-01", long=False)
            sure = widgets.IntSlider(min=50, max=100, value=75, description=said["sure"], style=_WIDTH, continuous_update=False)
            self.field(f"sure {account}", sure)
            parts.append(widgets.HBox([self.fields[f"{what} {account}"] for what in ("verdict", "rule", "sure")]))

        def fix(change: Any) -> None:
            for account in self.lesson.accounts if change["new"] else ():
                self.fields[f"verdict {account}"].value = change["new"]

        whole.observe(fix, names="value")
        return [*([whole] if len(self.lesson.accounts) > 2 else []), *parts]

    def _readings(self) -> list[Any]:
        said, options = self.words["form"], [(self.words["explanations"][one], one) for one in EXPLANATIONS]
        parts = [self.choice("explanation", said["explanation"], options)]
        for number in range(1, READINGS + 1):
            parts += [self.choice(f"reading {number}", f"{number}", options), self.text(f"why {number}", said["why"], long=False)]
        return parts

    def _letters(self) -> list[Any]:
        said, parts = self.words["form"], []
        forms = [(f"{code.split('-')[0]}  {one.title}", code.split("-")[0]) for code, one in wording("en").templates.items()]
        for number in range(1, LETTERS + 1):
            parts += [
                heading(f"{said['letter']} {number}"), self.choice(f"to {number}", said["to"], list(dict.fromkeys(self._named()))),
                self.choice(f"template {number}", said["template"], forms), self.choice(f"lang {number}", said["lang"], list(LANGUAGES)),
                self.text(f"text {number}", said["text"]),
                widgets.HBox([
                    self.button(f"draft {number}", said["draft"], partial(self._draft, number)),
                    self.button(f"check {number}", said["check"], partial(self._lint, number)),
                ]),
            ]  # fmt: skip
        return parts

    def _draft(self, number: int) -> str:
        to, code, lang = (self.value(f"{word} {number}") for word in ("to", "template", "lang"))
        if not (to and code and lang):
            raise UsageError("choose first to whom, which letter and in which language")
        facts = Facts(case="K1", recipient=to, role="customer", place="US", zone="America/Chicago", now=_NOON)
        forms = {name.split("-")[0]: one for name, one in wording("en").templates.items()}
        variants = forms[code].variants
        letter = write(facts, template=code, lang=lang, variant=variants[0] if variants else "")
        self.fields[f"text {number}"].value = letter.body
        return ""

    def _lint(self, number: int) -> str:
        text, lang, to = (self.value(f"{word} {number}") for word in ("text", "lang", "to"))
        others = tuple(account for account in self._named() if account != to)
        found = lint(text, lang or "en", needs=Needs(others=others, own=(to,), missing=("[...]",) if "[" in text else ()))
        return " ".join(f"{one.says} {one.instead}" for one in found) or self.words["say"]["full"]

    def answer(self) -> Answer:
        """Give what was filled in."""
        accounts = self.lesson.accounts
        chosen = {account: self.value(f"verdict {account}") for account in accounts}
        readings = {self.value(f"reading {n}"): self.value(f"why {n}") for n in range(1, READINGS + 1)}
        drafts = [
            Draft(*(str(self.value(f"{word} {n}")) for word in ("to", "template", "lang", "text"))) for n in range(1, LETTERS + 1)
            if self.value(f"to {n}") and self.value(f"lang {n}")
        ]  # fmt: skip
        return Answer(
            verdicts={account: verdict for account, verdict in chosen.items() if verdict},
            rules={account: self.value(f"rule {account}").strip() for account in accounts},
            explanation=self.value("explanation"),
            considered={reading: why for reading, why in readings.items() if reading},
            evidence=tuple(line.strip() for line in self.value("evidence").splitlines() if line.strip()),
            stops=tuple(self.value("stops")), steps=tuple(self.value("steps")), letters=tuple(drafts),
            confidence={account: self.value(f"sure {account}") / 100 for account, verdict in chosen.items() if verdict},
            rationale=self.value("rationale"), minutes=round((time.monotonic() - self.began) / 60, 1),
        )  # fmt: skip

    def _hand_in(self) -> str:
        given = self.answer()
        left = [account for account in self.lesson.accounts if account not in given.verdicts]
        if left:
            raise UsageError(f"{left[0]} has no verdict yet" + (f", and {len(left) - 1} more" if len(left) > 1 else ""))
        self.handed_in = True
        if not self.lesson.folder:
            return str(self.words["form"]["practice"])
        return str(self.words["form"]["saved"]).format(file=write_answer(given, self.lesson.folder).name)


_NOON = dt.datetime(2026, 1, 8, 12, tzinfo=dt.UTC)


def _why(code: str) -> str:
    return html.unescape((CODES[code].find.__doc__ or "").partition(": ")[2])
