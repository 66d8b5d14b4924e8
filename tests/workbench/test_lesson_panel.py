import pytest

from tests.training.answers import perfect
from tnskit.training.casefile import known_cases, read_case
from tnskit.training.grading import OF, Answer, grade
from tnskit.training.lessons import Key, Lesson, make, spoken
from tnskit.workbench.lesson_panel import LETTERS, LessonPanel


def fill_in(panel: LessonPanel, answer: Answer) -> None:
    """Put an answer into the fields, as somebody would who knows it."""
    told = {"explanation": answer.explanation, "evidence": "\n".join(answer.evidence), "stops": answer.stops, "steps": answer.steps}
    for account, verdict in answer.verdicts.items():
        told |= {f"verdict {account}": verdict, f"rule {account}": answer.rules[account], f"sure {account}": 90}
    for number, (reading, why) in enumerate(answer.considered.items(), 1):
        told |= {f"reading {number}": reading, f"why {number}": why}
    for number, draft in enumerate(answer.letters, 1):
        told |= {f"to {number}": draft.to, f"lang {number}": draft.lang, f"text {number}": draft.text, f"appeal {number}": draft.appeal_by}
        told[f"template {number}"] = next(value for _, value in panel.fields[f"template {number}"].options if value[:3] == draft.template)
    for name, value in told.items():
        panel.fields[name].value = value


@pytest.fixture(scope="module", params=[("C1", "en"), ("C9", "es"), ("C8", "pt")], ids=" ".join)
def lesson(request: pytest.FixtureRequest) -> tuple[Lesson, Key]:
    """Something taken away, two letters in two languages, forty accounts; each told in another language."""
    code, lang = request.param
    return make(code, seed=6, lang=lang, secret=b"panel")


def test_a_perfect_answer_can_be_given_in_the_panel_alone(lesson: tuple[Lesson, Key]) -> None:
    one, key = lesson
    panel = LessonPanel(one)
    fill_in(panel, perfect(key))
    panel.buttons["link"].click()
    # nothing links the two sides of a flooded bathroom
    told = (
        [spoken(one.lang)["form"]["nothing"]]
        if one.name == "C9"
        else [f">{spoken(one.lang)['headings'][words]}</th>" for words in ("reading", "benign", "first_a")]
    )
    assert [words for words in told if words not in panel.seen] == []
    assert ("Both accounts" in panel.seen) == (one.lang == "en")
    panel.buttons["send"].click()
    assert panel.handed_in
    assert panel.said == spoken(one.lang)["form"]["practice"]
    assert grade(one, panel.answer(), key).points == {**OF}


@pytest.mark.parametrize("code", known_cases())
def test_every_letter_that_a_key_asks_for_has_a_place_in_the_panel(code: str) -> None:
    case = read_case(known_cases()[code])
    assert 1 <= len(case.letters) <= LETTERS
    for one in case.letters:
        for lang, words in case.words.items():
            assert f"{{{one['to']}}}" in words["task"], (lang, one["to"])


@pytest.mark.parametrize("lang", ["en", "es", "pt"])
def test_a_letter_is_begun_looked_through_and_refused_in_the_words_of_the_lesson(lesson: tuple[Lesson, Key], lang: str) -> None:
    one, key = lesson
    panel, said = LessonPanel(one), spoken(one.lang)["form"]
    panel.buttons["draft 1"].click()
    assert panel.said.casefold().rstrip(".") == said["letter_first"].casefold()
    to = key.letters[0][0]
    for name, value in {"to 1": to, "template 1": "L07", "lang 1": lang}.items():
        panel.fields[name].value = value
    panel.buttons["draft 1"].click()
    begun = panel.value("text 1")
    assert panel.value("appeal 1") in begun
    assert panel.value("appeal 1")
    panel.fields["text 1"].value = begun.replace(panel.value("appeal 1"), "")
    panel.buttons["check 1"].click()
    assert spoken(one.lang)["says"]["missing_appeal"] in panel.said


def test_nothing_is_handed_in_without_a_verdict_on_each(lesson: tuple[Lesson, Key]) -> None:
    panel = LessonPanel(lesson[0])
    panel.buttons["send"].click()
    assert not panel.handed_in
    assert lesson[0].accounts[0] in panel.said
