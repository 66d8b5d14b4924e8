"""The words: the same letters, blanks, lines and checks in three languages; nothing that a letter may not say."""

import re
import shutil
from pathlib import Path

import pytest

from tnskit.errors import UsageError, WordingError
from tnskit.review.clocks import effects
from tnskit.review.lint import _pattern, fold, lint
from tnskit.review.policies import written
from tnskit.review.wording import HERE, LANGUAGES, SECTIONS, Wording, wording

EN, *OTHERS = (wording(lang) for lang in LANGUAGES)


def shape(told: Wording) -> dict[str, object]:
    """Letter to its blanks, in order, and the conditions of its paragraphs."""
    return {
        code: (sorted(p.text for p in one.subject if p.blank), [(sorted(p.when), sorted(p.blanks)) for p in one.paragraphs])
        for code, one in told.templates.items()
    }


def keys(value: object) -> object:
    """The keys of a table without its words; plural forms and word lists differ between languages."""
    return {key: keys(one) for key, one in value.items()} if isinstance(value, dict) else None


def marks(told: Wording) -> dict[str, list[str]]:
    return {
        f"{section}.{key}": sorted(re.findall(r"\{\w+\}", text)) for section, lines in told.lines.items() for key, text in lines.items()
    }


def test_there_are_twenty_five_letters() -> None:
    assert [code[:3] for code in EN.templates] == [f"L{number:02}" for number in range(1, 26)]
    assert {path.stem for path in (HERE / "en").glob("*.txt")} == set(EN.templates)


@pytest.mark.parametrize("other", OTHERS, ids=lambda one: one.lang)
def test_three_languages_have_the_same_keys_and_blanks(other: Wording) -> None:
    assert shape(other) == shape(EN)
    assert marks(other) == marks(EN)
    assert keys({**other.words, "leads": {}}) == keys({**EN.words, "leads": {}})
    assert set(other.policies) == set(EN.policies)
    assert set(other.never) == set(EN.never)
    assert set(other.ideas) == set(EN.ideas)
    assert keys(other.calls) == keys(EN.calls)


@pytest.mark.parametrize("told", [EN, *OTHERS], ids=lambda one: one.lang)
def test_words_that_ship_are_words_that_may_be_sent(told: Wording) -> None:
    lines = [text for lines in told.lines.values() for text in lines.values()]
    found = {text: lint(text, told.lang) for text in [*lines, *told.policies.values()]}
    assert {text: [one.check for one in some] for text, some in found.items() if some} == {}


def test_every_rule_is_told_and_every_check_has_its_words() -> None:
    assert set(EN.policies) == {one.code for one in written()}
    in_code = {"identifier", "other_user", "missing_field", "reading_level", "shouting"}
    assert set(EN.checks) == set(EN.never) | in_code


def test_every_idea_is_used() -> None:
    assert set(EN.ideas) == {idea for line in EN.checks.values() for ideas in line.get("together", ()) for idea in ideas}


def test_every_term_of_a_dispute_has_its_line_and_adds_up_to_nothing() -> None:
    assert set(effects()) <= set(EN.lines["term"])
    assert {name: sum(signs.values()) for name, signs in effects().items()} == dict.fromkeys(effects(), 0)


def test_every_blank_is_used_and_typed() -> None:
    used = {name for one in EN.templates.values() for p in one.paragraphs for name in p.blanks}
    used |= {piece.text for one in EN.templates.values() for piece in one.subject if piece.blank}
    shared = str(EN.words)
    assert [name for name in EN.blanks if name not in used and "{" + name + "}" not in shared and name != "recipient"] == []
    assert set(SECTIONS) == {name for name, one in EN.blanks.items() if one["type"] in ("line", "lines")}


def test_every_letter_says_how_it_goes_on() -> None:
    """What takes something away has its reasons and its way to appeal, in every such variant."""
    for form in EN.templates.values():
        for variant in form.variants or ("",):
            for role in form.to:
                blanks = {name for p in form.paragraphs if not p.when or p.when & {variant, role} for name in p.blanks}
                assert form.takes_away(variant) == ({"reasons", "appeal"} <= blanks), (form.code, variant)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("en/L01-report-received.txt", "{received}", "{recieved}", r"en/L01-report-received.txt has the blank {recieved}"),
        ("en/L04-limited-for-a-time.txt", "[pro]", "[pros]", r"has a paragraph for \[pros\]"),
        ("en/L02-your-side-please.txt", "\n{facts}\n", "\nLook: {facts}\n", "facts.* should be a paragraph of its own"),
        ("en/L03-please-verify.txt", "Subject: ", "Subject ", "should begin with 'Subject: '"),
        ("en/words.toml", "[label]", "[label", "words.toml cannot be read"),
        (
            "en/ideas.toml",
            '"deposit*"',
            '"deposit|down payment|advance"',
            r"en/ideas.toml, money: 'deposit\|down payment\|advance' has two choices",
        ),
        ("en/ideas.toml", '"deposit*"', '"deposit| advance"', "money: .* has an empty choice, which would stand for every word"),
        ("en/never.toml", '"every cent"', '"every cent ..."', r"never.toml, promise: .* begins or ends with '\.\.\.'"),
    ],
)
def test_a_wording_of_your_own_is_refused_where_it_is_not_whole(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    folder = Path(shutil.copytree(HERE, tmp_path / "wording"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(WordingError, match=told):
        wording("en", folder)


def test_a_choice_may_have_two_words_and_choices_may_follow_each_other() -> None:
    found = _pattern(("card|bank_account + number|holder",))
    texts = ("card number", "bank account holder", "bank holder", "card account")
    assert [bool(found.pattern.fullmatch(text)) for text in texts] == [1, 1, 0, 0]
    assert [bool(found.search(text)) for text in texts] == [1, 1, 0, 0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_passed_over_that_a_phrase_matches(lang: str) -> None:
    """A sentence without any sign of a list of phrases is not looked at; each choice of each word of a phrase is said once here."""
    told = wording(lang)
    lists = [line[key] for line in told.never.values() for key in ("words", "unless", "must", "common") if key in line]
    tried = 0
    for phrases in map(tuple, [*lists, *told.ideas.values()]):
        found = _pattern(phrases)
        for phrase in phrases:
            words = [word.split("|") for word in fold(phrase).split() if word not in ("+", "...")]
            for turn in range(max(map(len, words), default=0)):
                text = " ".join(word[turn % len(word)].replace("*", "").replace("_", " ") for word in words)
                assert found.pattern.search(text)
                assert found.search(text), text
                tried += 1
    assert tried > 1_000


def test_another_language_is_refused() -> None:
    with pytest.raises(UsageError, match="there are no letters in 'fr'; the languages are en, es, pt"):
        wording("fr")


def test_no_form_of_spain_or_portugal_and_no_gender() -> None:
    told = {lang: " ".join(path.read_text(encoding="utf-8") for path in (HERE / lang).glob("*.txt")).lower() for lang in ("es", "pt")}
    assert re.findall(r"\bvosotros\b|\bvuestr|\bordenador|\bestimad[oa]|\bbienvenid", told["es"]) == []
    assert re.findall(r"\btelemóvel|\bequipa\b|\bconnosco|\bobrigad[oa]|\bprezad[oa]|\bvamos estar \w+ndo", told["pt"]) == []
