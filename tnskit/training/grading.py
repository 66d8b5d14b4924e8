"""Marks for the reasons: a hundred points against what is true, with words for what was missed and where it could be seen.

    30  a verdict on each account: an innocent who loses the account -15, somebody who is missed -8, another wrong step -4
    15  explanations: the one that holds 9, four weighed each with a reason of its own 6
    15  evidence: what proves it, cited; each piece that does not exist -5
    15  stops: those that the facts raise; each that nothing raises -3
    10  proportion: the step 5, the rule 2, what else is planned 3; nothing where an innocent loses the account
    15  letters: the right one 5, in the reader's language 3, nothing in it that no letter may say 7

Passed from 80 points, and never where an innocent lost the account in a case without anybody to sanction. Where nothing was done
about anybody about whom something had to be done, nothing remains of the thirty points.

Source: the hundred points, their parts and the pass are those of the practice specification; what is inside a part is an assumption.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from tnskit.errors import LessonError
from tnskit.review.lint import Finding, Needs, lint
from tnskit.review.stops import CODES
from tnskit.review.wording import LANGUAGES, wording
from tnskit.training.casefile import EXPLANATIONS, STEPS, TAKES_AWAY, VERDICTS
from tnskit.training.citing import exists, meets
from tnskit.training.lessons import Key, Lesson, Proof, answer_key, spoken

OF = {"verdicts": 30, "explanations": 15, "evidence": 15, "stops": 15, "action": 10, "letters": 15}
PASS = 80
MILD = ("no action", "verify")
"""Verdicts that let somebody go on."""
LEAST_WORDS = 3
"""Words of a reason that counts as one. Assumption."""
_LEFT = '<td style="text-align: left">'
LEAST_LETTER = 150
"""Characters of a letter that can tell what was decided and why. Assumption: the shortest of ours has more."""


@dataclass(frozen=True)
class Draft:
    """A letter as a trainee wrote it: to which account, which letter (`L23`), in which language, its text, the day of appeal."""

    to: str
    template: str
    lang: str
    text: str
    appeal_by: str = ""


@dataclass(frozen=True)
class Answer:
    """What a trainee hands in.

    Attributes:
        verdicts: Account to verdict, one of `VERDICTS`.
        rules: Account to the codes of the rules that it broke; left out or "" for none.
        explanation: The reading that holds, one of `EXPLANATIONS`.
        considered: Reading to the reason why it does or does not hold.
        evidence: What proves it: `A1042 A1077 payout`, the id of a row, or a table and an account.
        stops: Codes such as `H3`.
        steps: What else is planned, of `STEPS`.
        letters: Drafts.
        confidence: Account to how sure the verdict is, 0.5 to 1.
        rationale: The reasons in the trainee's own words, for the trainer.
        minutes: How long it took.
    """

    verdicts: dict[str, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    explanation: str = ""
    considered: dict[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    letters: tuple[Draft, ...] = ()
    confidence: dict[str, float] = field(default_factory=dict)
    rationale: str = ""
    minutes: float = 0.0

    def json(self) -> str:
        """Write it as text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def read(cls, told: str | Mapping[str, Any]) -> Answer:
        """Read what `json` wrote, or a mapping of the same names.

        Raises:
            LessonError: It is no answer, or says something that does not exist.
        """
        try:
            read = json.loads(told) if isinstance(told, str) else told
            given = dict(read.items())
            given["letters"] = tuple(one if isinstance(one, Draft) else Draft(**one) for one in given.get("letters", ()))
            whole: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
            made = cls(**whole)
            made._check()
        except (ValueError, TypeError, AttributeError) as problem:
            if isinstance(problem, LessonError):
                raise
            raise LessonError("this is no answer to a lesson; an answer has verdicts, explanation, evidence, stops and letters") from None
        return made

    def _check(self) -> None:
        known = {
            "a verdict": (self.verdicts.values(), VERDICTS), "an explanation": ([self.explanation or EXPLANATIONS[0]], EXPLANATIONS),
            "a reading": (self.considered, EXPLANATIONS), "a stop": (self.stops, tuple(CODES)), "a step": (self.steps, STEPS),
            "a language": ((one.lang for one in self.letters), LANGUAGES),
        }  # fmt: skip
        for what, (values, options) in known.items():
            for value in values:
                if value not in options:
                    raise LessonError(f"'{str(value)[:40]}' is not {what}; there are {', '.join(options)}")
        if any(not 0 <= float(sure) <= 1 for sure in self.confidence.values()):
            raise LessonError("how sure somebody is should be between 0 and 1")


@dataclass(frozen=True, eq=False)
class Marks:
    """What an answer is worth, and why.

    Attributes:
        points: Part to points; the parts and their most are `OF`.
        passed: Whether the lesson is passed.
        feedback: DataFrame `part`, `points`, `of`, `words`: what was missed, and where it could be seen.
        false_removals: Innocents who would have lost their account.
        missed: Accounts about which something had to be done, and nothing was.
        brier: Mean squared distance between how sure the trainee was and whether the verdict was right; None if nobody told.
        right: Account to whether its verdict was right.
        benign: Whether nobody was to be sanctioned.
        words: Title, mistake and point of the case.
        rationale: The trainee's reasons, which a person marks.
        rubric: The four points that a person gives for them.
        confidence: Account to how sure the trainee was.
        lang: Language of the words.
    """

    points: dict[str, float]
    passed: bool
    feedback: pd.DataFrame = field(repr=False)
    false_removals: tuple[str, ...]
    missed: tuple[str, ...]
    brier: float | None
    right: dict[str, bool] = field(repr=False)
    benign: bool
    words: dict[str, str] = field(repr=False)
    rationale: str = field(repr=False)
    rubric: tuple[str, ...] = field(repr=False)
    confidence: dict[str, float] = field(repr=False)
    lang: str = "en"

    @property
    def total(self) -> float:
        """The sum of the points, 0 to 100."""
        return round(sum(self.points.values()), 2)

    @property
    def headline(self) -> str:
        """The result in words."""
        say = spoken(self.lang)["say"]
        return f"{say['result'].format(points=f'{self.total:g}')}, {say['passed' if self.passed else 'failed']}"

    def _lines(self) -> list[str]:
        say = spoken(self.lang)["say"]
        told = [f"{say['mistake']}: {self.words['mistake']}", f"{say['point']}: {self.words['point']}"]
        if self.brier is not None:
            right = 100 * sum(self.right.values()) / max(len(self.right), 1)
            sure = 100 * sum(self.confidence.values()) / len(self.confidence)
            told.append(f"{say['brier']}: " + say["brier_says"].format(score=f"{self.brier:.3f}", sure=f"{sure:.0f}", right=f"{right:.0f}"))
        return [*told, *([say["rationale"]] if self.rationale else [])]

    def __str__(self) -> str:
        rows = [f"{row.part} {row.points:g}/{row.of}: {row.words}" for row in self.feedback.itertuples()]
        return "\n".join([f"{self.words['title']}: {self.headline}", *rows, *self._lines()])

    def _repr_html_(self) -> str:
        head = f"<p><b>{html.escape(self.words['title'])}: {html.escape(self.headline)}</b></p>"
        told = "".join(f"<p>{html.escape(line)}</p>" for line in self._lines())
        shown = self.feedback.assign(points=self.feedback["points"].map("{:g}".format)).rename(columns=spoken(self.lang)["columns"])
        return head + shown.to_html(index=False, border=0).replace("\\n", "<br>").replace("<td>", _LEFT) + told


def look_through(draft: Draft, others: Sequence[str]) -> tuple[Finding, ...]:
    """Give what speaks against sending a draft.

    Args:
        draft: The letter as it was written.
        others: Accounts that it must not name.
    """
    code, _, variant = draft.template.partition("-")
    forms = [one for name, one in wording(draft.lang).templates.items() if name.split("-")[0] == code]
    takes = any(one.takes_away(variant) if variant in one.variants else bool(one.adverse) for one in forms)
    missing = ("[...]",) if "[" in draft.text else ()
    needs = Needs(others=tuple(others), own=(draft.to,), missing=missing, appeal_by=draft.appeal_by if takes else None)
    return lint(draft.text, draft.lang, needs=needs)


def grade(lesson: Lesson, answer: Answer | Mapping[str, Any], *third: Key | str, key: Key | str | None = None) -> Marks:
    """Mark an answer.

    Args:
        lesson: The lesson.
        answer: What the trainee handed in, or a mapping of the same names.
        third: The key, in third place.
        key: The key by name: what is true of the lesson; the secret that it was made with; left out for a lesson for practice.

    Returns:
        Marks.

    Raises:
        LessonError: The key is missing, or of another lesson; or the answer says something that does not exist.
    """
    given = Answer.read(asdict(answer) if isinstance(answer, Answer) else answer)
    truth = _key(lesson, third[0] if third else key)
    told = _Telling(lesson, truth, given)
    parts = {
        "verdicts": told.verdicts(), "explanations": told.explanations(), "evidence": told.evidence(), "stops": told.stops(),
        "action": told.action(), "letters": told.letters(),
    }  # fmt: skip
    points = {name: round(max(0.0, min(got, OF[name])), 2) for name, (got, _) in parts.items()}
    words = spoken(lesson.lang)
    rows = [(words["parts"][name], points[name], OF[name], "\n".join(said) or words["say"]["full"]) for name, (_, said) in parts.items()]
    right = {account: told.right(account) for account in truth.accounts}
    sure = {account: float(given.confidence[account]) for account in right if account in given.confidence}
    brier = sum((sure[a] - right[a]) ** 2 for a in sure) / len(sure) if sure else None
    passed = sum(points.values()) >= PASS and not (truth.benign and told.lost)
    return Marks(
        points, passed, pd.DataFrame(rows, columns=["part", "points", "of", "words"]), tuple(told.lost), tuple(told.missed), brier, right,
        truth.benign, truth.words, given.rationale, tuple(words["rubric"].values()), sure,
        lesson.lang,
    )  # fmt: skip


def _key(lesson: Lesson, key: Key | str | None) -> Key:
    if isinstance(key, Key):
        if key.seal != lesson.seal:
            raise LessonError("this key belongs to another lesson, or the market of the lesson was changed")
        return key
    if lesson.seed is None:
        raise LessonError("this lesson is from a bundle, so marking it needs its key; your trainer has it")
    made = answer_key(lesson.origin, seed=lesson.seed, lang=lesson.lang, secret=key or "", twin=lesson.twin)
    if made.seal != lesson.seal:
        raise LessonError("this lesson was made with another secret; give key= the secret or the key that it was made with")
    return made


@dataclass(eq=False)
class _Telling:
    """Compares one answer with what is true, part by part; each part gives points and words."""

    lesson: Lesson
    key: Key
    given: Answer
    lost: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = spoken(self.lesson.lang)
        self.say = self.words["say"]
        for account, truth in self.key.accounts.items():
            chosen = self.chosen(account)
            if (chosen in TAKES_AWAY and not truth.guilty) or (chosen == "remove" and "remove" not in (truth.verdict, *truth.accept)):
                self.lost.append(account)
            elif truth.acts and chosen not in (truth.verdict, *truth.accept) and chosen in MILD:
                self.missed.append(account)

    def chosen(self, account: str) -> str:
        return self.given.verdicts.get(account, "no action")

    def right(self, account: str) -> bool:
        truth = self.key.accounts[account]
        return account in self.given.verdicts and self.chosen(account) in (truth.verdict, *truth.accept)

    def verdicts(self) -> tuple[float, list[str]]:
        got, said = 30.0, []
        for account, truth in self.key.accounts.items():
            right = self.words["verdicts"][truth.verdict]
            if self.right(account):
                continue
            word, cost = ("removed_innocent", 15) if account in self.lost else ("missed", 8) if account in self.missed else ("other", 4)
            got -= cost
            given = self.words["verdicts"][self.chosen(account)] if account in self.given.verdicts else "-"
            said.append(self.say[word].format(account=account, right=right, given=given))
        must = [account for account, truth in self.key.accounts.items() if truth.acts]
        if must and set(must) <= set(self.missed):
            got = 0.0
            said.append(self.say["nothing"])
        return got, said

    def explanations(self) -> tuple[float, list[str]]:
        reasons = {" ".join(why.split()).casefold() for why in self.given.considered.values() if len(why.split()) >= LEAST_WORDS}
        many, said = min(len(reasons), 4), []
        best = 9.0 if self.given.explanation == self.key.explanation else 5.0 if self.key.explanation in self.given.considered else 0.0
        if best < 9:
            right = self.words["explanations"][self.key.explanation]
            said.append(self.say["explanation"].format(right=right, point=self.key.words["point"]))
        if many < 4:
            said.append(self.say["considered"].format(many=many))
        return best + 1.5 * many, said

    def evidence(self) -> tuple[float, list[str]]:
        cited = [piece for piece in dict.fromkeys(" ".join(one.split()) for one in self.given.evidence) if piece]
        invented = [piece for piece in cited if not exists(self.lesson.tables, piece)]
        unseen = [proof for proof in self.key.proofs if not any(meets(proof, piece) for piece in cited)]
        found = len(self.key.proofs) - len(unseen)
        said = [self.say["unseen"].format(piece=self.where(proof)) for proof in unseen]
        said += [self.say["invented"].format(piece=piece[:60]) for piece in invented]
        return 15 * found / max(len(self.key.proofs), 1) - 5 * len(invented), said

    def where(self, proof: Proof) -> str:
        """Tell where a piece of evidence could be seen."""
        who = self.some(proof.accounts)
        if proof.kind:
            return self.say["share"].format(accounts=who, kind=proof.kind, table=proof.table)
        return self.say["row"].format(id=proof.rows[0], account=who, table=proof.table)

    def stops(self) -> tuple[float, list[str]]:
        named = set(self.given.stops)
        unnamed = [stop for stop in self.key.stops if stop not in named]
        extra = sorted(named - {*self.key.stops, *self.key.may}, key=lambda code: int(code[1:]))
        said = [self.say["stop"].format(stop=stop, why=self.words["stops"][stop]) for stop in unnamed]
        said += [self.say["stop_extra"].format(stop=stop) for stop in extra]
        found = len(self.key.stops) - len(unnamed)
        return (15 * found / len(self.key.stops) if self.key.stops else 15.0) - 3 * len(extra), said

    def action(self) -> tuple[float, list[str]]:
        said, accounts = [], self.key.accounts
        steps = sum(self.right(account) for account in accounts) / len(accounts)
        good = 0
        for account, truth in accounts.items():
            if set(self.given.rules.get(account, "").replace(",", " ").split()) == set(truth.rule.split()):
                good += 1
            else:
                said.append(self.say["rule" if truth.rule else "rule_none"].format(account=account, right=truth.rule))
        unplanned = [step for step in self.key.steps if step not in self.given.steps]
        extra = len(set(self.given.steps) - set(self.key.steps))
        said += [self.say["step"].format(right=self.words["steps"][step]) for step in unplanned]
        other = [account for account in accounts if not self.right(account)]
        said += [self.say["action_step"].format(accounts=self.some(other))] if other else []
        said += [self.say["action_extra"].format(many=extra - 2)] if extra > 2 else []
        planned = 1 - len(unplanned) / len(self.key.steps) if self.key.steps else 1.0
        got = 5 * steps + 2 * good / len(accounts) + max(0.0, 3 * planned - max(0, extra - 2))
        return (0.0, [self.say["action_lost"], *said]) if self.lost else (got, said)

    def some(self, accounts: Sequence[str]) -> str:
        """Name up to three accounts, and how many more there are."""
        who = ", ".join(accounts[:3])
        return who if len(accounts) <= 3 else self.say["who"].format(one=who, many=len(accounts) - 3)

    def letters(self) -> tuple[float, list[str]]:
        got, said = 0.0, []
        for to, send, lang in self.key.letters:
            drafts = [draft for draft in self.given.letters if draft.to == to]
            if not drafts:
                said.append(self.say["letter_none"].format(account=to))
                continue
            points, words = self.letter(drafts[0], send, lang)
            got += points
            said += words
        return got / max(len(self.key.letters), 1), said

    def letter(self, draft: Draft, send: tuple[str, ...], lang: str) -> tuple[float, list[str]]:
        got, said = 0.0, []
        if draft.template.split("-")[0] in send:
            got += 5
        else:
            said.append(self.say["letter_kind"].format(account=draft.to, right=" / ".join(send), given=draft.template or "-"))
        if draft.lang == lang:
            got += 3
        else:
            said.append(self.say["letter_lang"].format(account=draft.to, right=lang))
        others = [a for a in (*self.key.accounts, *self.key.others) if a != draft.to]
        blocks = [one for one in look_through(draft, others) if one.block]
        if len(draft.text.strip()) < LEAST_LETTER:
            said.append(self.say["letter_short"].format(account=draft.to))
        elif not blocks:
            got += 7
        said += [
            self.say["letter_lint"].format(account=draft.to, says=self.words["says"][one.check], instead=self.words["instead"][one.check])
            for one in blocks
        ]
        return got, said
