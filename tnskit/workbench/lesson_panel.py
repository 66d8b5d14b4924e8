"""The panel of a lesson: the task, the market to look into, a form for the answer; it marks nothing and knows no key."""

from __future__ import annotations

import datetime as dt
import time
from functools import partial
from typing import Any

import ipywidgets as widgets
import pandas as pd

from tnskit.errors import UsageError
from tnskit.evidence.links import Links, link
from tnskit.review.authority import authority
from tnskit.review.letters import write
from tnskit.review.stops import CODES
from tnskit.review.telling import Facts, Teller, zone_of
from tnskit.review.wording import wording
from tnskit.training.bundles import write_answer
from tnskit.training.casefile import EXPLANATIONS, STEPS, VERDICTS
from tnskit.training.grading import Answer, Draft, look_through
from tnskit.training.lessons import Lesson, spoken
from tnskit.workbench.form import Panel, banner, banner_html, folded_html, heading

READINGS = 4
"""Explanations that are weighed side by side."""
LETTERS = 2
MOST_SHOWN, MOST_PAIRS = 200, 12
"""Rows of a table that are shown at once, and pairs whose evidence is shown."""
TABLES = (
    "accounts", "actions", "appeals", "reports", "security_events", "jobs", "messages", "payments", "reviews", "logins", "devices",
    "business_members", "pro_profiles", "instruments", "payout_accounts", "phones", "emails", "addresses",
)  # fmt: skip
EVIDENCE = ("reading", "counted", "kind", "shown", "accounts", "first_a", "last_a", "first_b", "last_b", "overlap_days", "family")
"""Columns of evidence that are shown, what it says first."""
_WIDTH = {"description_width": "11rem"}
_ROW = (("11rem", "24rem"), ("11rem", "18rem"), ("11rem", "26rem"))
"""Width of the label and of the whole, of the three fields of an account; they stand in one line where there is room."""


class LessonPanel(Panel):
    """The panel of a lesson; `answer()` gives what was filled in, `handed_in` whether it was sent."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.lesson = lesson
        self.began = time.monotonic()
        self.words = spoken(lesson.lang)
        self.unchosen, self.working, self.broken = (self.words["form"][word] for word in ("choose", "working", "broken"))
        self.handed_in = False
        self._links: Links | None = None
        self._seen = widgets.HTML()
        self.refresh()

    def __repr__(self) -> str:
        return f"Panel of {self.lesson.name}: {len(self.lesson.accounts)} accounts to decide on"

    @property
    def seen(self) -> str:
        """What stands under the buttons that look into the market, as HTML."""
        return str(self._seen.value)

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
            self.text("evidence", said["evidence"].split(",")[0], hint=said["evidence"]),
            heading(f"{said['stops']} ({said['several']})"),
            self._many("stops", said["stops"], [(f"{code} {self.words['stops'][code]}", code) for code in CODES]),
            self._many("steps", said["steps"], [(self.words["steps"][one], one) for one in STEPS]), *self._letters(),
            heading(said["rationale"]), self.text("rationale", said["reasons"]),
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
        listed = [(self._captioned(name), name) for name in TABLES]
        which = widgets.Dropdown(options=listed, description=said["table"], style=_WIDTH)
        who = [(said["everyone"], ""), *((account, account) for account in self.lesson.accounts)]
        return [
            self.field("table", which), self.field("of", widgets.Dropdown(options=who, value="", description=said["whom"], style=_WIDTH)),
            widgets.HBox([self.button("look", said["show"], self._look), self.button("link", said["linked"], self._link)]), self._seen,
        ]  # fmt: skip

    def _captioned(self, name: str) -> str:
        return f"{self.words['tables'][name]} ({name})"

    def _look(self) -> str:
        name = self.value("table")
        frame = self.lesson.market.table(name)
        who = {self.value("of")} if self.value("of") else set(self._named())
        near = frame.apply(lambda column: column.isin(who)).any(axis=1)
        if name == "devices":
            near |= True
        shown = frame[near].dropna(axis=1, how="all").astype(str)
        count = self.words["form"]["rows"].format(shown=f"{len(shown):,}", all=f"{len(frame):,}")
        self._seen.value = self._folded(f"{self._captioned(name)}: {count}", shown.head(MOST_SHOWN), open_=True)
        return ""

    def _folded(self, title: str, frame: pd.DataFrame, *, open_: bool = False) -> str:
        """Give a table behind its title, or one line in the reader's language that there is nothing."""
        if frame.empty:
            return banner_html(f"{title}: {self.words['form']['nothing']}", "")
        return folded_html(title, frame, open_=open_)

    def _spoken(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give links or evidence in the words of the lesson."""
        told = frame.copy()
        for column, words in (("label", "labels"), ("benign", "readings"), ("kind", "kinds"), ("family", "families")):
            if column in told:
                told[column] = told[column].map(lambda value, known=self.words[words]: known.get(value, value))
        if "families" in told:
            told["families"] = told["families"].map(lambda value: " + ".join(self.words["families"].get(f, f) for f in value.split("+")))
        if "rule" in told:
            told["reading"] = told["rule"].map(self.words["rules"]).fillna(told["reading"])
            told = told[list(EVIDENCE)]
        if "benign_score" in told:
            # what is nearly sure is not sure
            told["benign_score"] = told["benign_score"].map(lambda value: f"{min(value, 0.99):.0%}")
        return told.rename(columns=self.words["headings"])

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
        told = [self._folded(self.words["form"]["linked"], self._spoken(near), open_=True)]
        first = [(str(row.a), str(row.b)) for row in near.head(MOST_PAIRS).itertuples()]
        told += [self._folded(f"{a} {b}", self._spoken(self._links.evidence(a, b))) for a, b in first]
        self._seen.value = "".join(told)
        return ""

    def _accounts(self) -> list[Any]:
        said, options = self.words["form"], [(self.words["verdicts"][one], one) for one in VERDICTS]
        whole = self.choice("all", said["all"], options)
        parts: list[Any] = []
        for account in self.lesson.accounts:
            self.choice(f"verdict {account}", account, options)
            self.text(f"rule {account}", said["rule"], hint="ACC-01", long=False)
            sure = widgets.IntSlider(min=50, max=100, value=75, description=said["sure"], continuous_update=False)
            self.field(f"sure {account}", sure)
            row = [self.fields[f"{what} {account}"] for what in ("verdict", "rule", "sure")]
            for one, (label, wide) in zip(row, _ROW, strict=True):
                one.style.description_width, one.layout.width = label, wide
            parts.append(widgets.HBox(row, layout={"flex_flow": "row wrap"}))

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
        for number in range(1, LETTERS + 1):
            parts += [
                heading(f"{said['letter']} {number}"), self.choice(f"to {number}", said["to"], list(dict.fromkeys(self._named()))),
                self.choice(f"template {number}", said["template"], self._forms()),
                self.choice(f"lang {number}", said["lang"], [(name, code) for code, name in _OWN.items()]),
                self.text(f"text {number}", said["text"]),
                self.text(f"appeal {number}", said["appeal"], hint=_EXAMPLES[self.lesson.lang], long=False),
                widgets.HBox([
                    self.button(f"draft {number}", said["draft"], partial(self._draft, number)),
                    self.button(f"check {number}", said["check"], partial(self._lint, number)),
                ]),
            ]  # fmt: skip
            self.fields[f"text {number}"].rows = 14
        return parts

    def _forms(self) -> list[tuple[str, str]]:
        """Give every letter in the reader's words, one line a variant."""
        titles, variants = self.words["letters"], self.words["variants"]
        listed = []
        for name, one in wording("en").templates.items():
            code = name.split("-")[0]
            listed += [(f"{code} {titles[code]}: {variants[variant]}", f"{code}-{variant}") for variant in one.variants]
            listed += [] if one.variants else [(f"{code} {titles[code]}", code)]
        return listed

    def _draft(self, number: int) -> str:
        said = self.words["form"]
        to, chosen, lang = (self.value(f"{word} {number}") for word in ("to", "template", "lang"))
        if not (to and chosen and lang):
            raise UsageError(said["letter_first"])
        code, _, variant = chosen.partition("-")
        accounts = self.lesson.market.accounts.set_index("account_id")
        role = "customer" if accounts.loc[to, "role"] == "customer" else "pro"
        form = next(one for name, one in wording("en").templates.items() if name.split("-")[0] == code)
        if role not in form.to:
            raise UsageError(said["letter_role"].format(code=code, role=said[role], account=to))
        until = (_NOON + dt.timedelta(days=authority(_NOON.date()).appeal["open_days"])).date()
        facts = Facts(case="K1", recipient=to, role=role, place="US", zone=_ZONE, now=_NOON, values={"appeal_by": until})
        self.fields[f"text {number}"].value = write(facts, template=code, lang=lang, variant=variant).body
        day = Teller(wording(lang), "US", zone_of(_ZONE), _NOON).day(until)
        self.fields[f"appeal {number}"].value = day if form.takes_away(variant) else ""
        return ""

    def _drafted(self, number: int) -> Draft:
        return Draft(*(str(self.value(f"{word} {number}")).strip() for word in ("to", "template", "lang", "text", "appeal")))

    def _lint(self, number: int) -> str:
        draft, said = self._drafted(number), self.words["form"]
        if not (draft.to and draft.template and draft.lang):
            raise UsageError(said["letter_first"])
        found = look_through(draft, [account for account in self._named() if account != draft.to])
        return " ".join(f"{self.words['says'][one.check]} {self.words['instead'][one.check]}" for one in found) or said["letter_fine"]

    def answer(self) -> Answer:
        """Give what was filled in."""
        accounts = self.lesson.accounts
        chosen = {account: self.value(f"verdict {account}") for account in accounts}
        readings = {self.value(f"reading {n}"): self.value(f"why {n}") for n in range(1, READINGS + 1)}
        numbers = [n for n in range(1, LETTERS + 1) if self.value(f"to {n}") and self.value(f"lang {n}")]
        return Answer(
            verdicts={account: verdict for account, verdict in chosen.items() if verdict},
            rules={account: self.value(f"rule {account}").strip() for account in accounts},
            explanation=self.value("explanation"),
            considered={reading: why for reading, why in readings.items() if reading},
            evidence=tuple(line.strip() for line in self.value("evidence").splitlines() if line.strip()),
            stops=tuple(self.value("stops")), steps=tuple(self.value("steps")), letters=tuple(self._drafted(n) for n in numbers),
            confidence={account: self.value(f"sure {account}") / 100 for account, verdict in chosen.items() if verdict},
            rationale=self.value("rationale"), minutes=round((time.monotonic() - self.began) / 60, 1),
        )  # fmt: skip

    def _hand_in(self) -> str:
        given = self.answer()
        left = [account for account in self.lesson.accounts if account not in given.verdicts]
        if left:
            word = "undecided" if len(left) == 1 else "undecided_more"
            raise UsageError(self.words["form"][word].format(account=left[0], many=len(left) - 1))
        self.handed_in = True
        if not self.lesson.folder:
            return str(self.words["form"]["practice"])
        return str(self.words["form"]["saved"]).format(file=write_answer(given, self.lesson.folder).name)


_NOON = dt.datetime(2026, 1, 8, 12, tzinfo=dt.UTC)
"""When the letters of a lesson are written: a week after the export."""
_ZONE = "America/Chicago"
_OWN = {"en": "English", "es": "Español", "pt": "Português"}
_EXAMPLES = {"en": "July 7, 2026", "es": "7 de julio de 2026", "pt": "7 de julho de 2026"}
