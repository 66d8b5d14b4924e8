import tomllib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.training.answers import at_random, everybody_removed, no_action, perfect
from tests.training.leaks import auc, inside, learned, simple_rules
from tnskit.errors import LessonError, UsageError
from tnskit.training.casefile import known_cases, read_case, read_told
from tnskit.training.cast import PEOPLE
from tnskit.training.citing import exists
from tnskit.training.grading import OF, Answer, grade
from tnskit.training.lessons import Key, Lesson, answer_key, digest, lesson, make, spoken

CASES = tuple(known_cases())
each = pytest.mark.parametrize("code", CASES)
BENIGN = ("C2", "C3", "C4", "C5", "C6", "C9", "C12")


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, int], tuple[Lesson, Key]]:
    """Every case from two seeds, in two languages."""
    return {(code, seed): make(code, seed=seed, lang=("en", "es")[seed % 2], secret=b"one") for code in CASES for seed in (3, 4)}


def test_there_are_twelve_cases_and_at_least_five_are_benign() -> None:
    assert tuple(f"C{number}" for number in range(1, 13)) == CASES
    assert tuple(code for code, path in known_cases().items() if read_case(path).benign) == BENIGN


@each
@pytest.mark.parametrize("seed", [3, 4])
def test_a_perfect_answer_gets_a_hundred(made: dict[tuple[str, int], tuple[Lesson, Key]], code: str, seed: int) -> None:
    one, key = made[code, seed]
    marks = grade(one, perfect(key), key)
    assert (marks.points, marks.passed, marks.false_removals, marks.missed) == ({**OF}, True, (), ())
    assert marks.brier == pytest.approx(0.01)


@pytest.mark.parametrize("code", BENIGN)
def test_removing_everybody_fails_every_benign_case(made: dict[tuple[str, int], tuple[Lesson, Key]], code: str) -> None:
    for seed in (3, 4):
        one, key = made[code, seed]
        marks = grade(one, everybody_removed(key), key)
        assert (marks.passed, marks.false_removals) == (False, one.accounts)


@pytest.mark.parametrize("code", [code for code in CASES if code not in {"C2", "C3", "C4", "C5", "C12"}])
def test_doing_nothing_fails_every_case_in_which_something_must_be_done(made: dict[tuple[str, int], tuple[Lesson, Key]], code: str) -> None:
    for seed in (3, 4):
        one, key = made[code, seed]
        assert not grade(one, no_action(key), key).passed


@pytest.mark.parametrize("code", ["C1", "C7", "C8", "C10"])
def test_removing_everybody_fails_the_mixed_cases_too(made: dict[tuple[str, int], tuple[Lesson, Key]], code: str) -> None:
    one, key = made[code, 3]
    assert not grade(one, everybody_removed(key), key).passed


def test_random_answers_pass_under_one_percent(made: dict[tuple[str, int], tuple[Lesson, Key]]) -> None:
    rng = np.random.default_rng(8)
    passed = [
        grade(one, at_random(one, rng), key).passed
        for code, seed in made
        if seed == 3
        for one, key in [made[code, seed]]
        for _ in range(30)
    ]
    assert len(passed) == 360
    assert np.mean(passed) < 0.01


def test_the_same_seed_gives_the_same_lesson_and_another_gives_another() -> None:
    one, again, other = lesson("C4", seed=11), lesson("c4", seed=11), lesson("C4", seed=12)
    assert (one.seal, one.accounts) == (again.seal, again.accounts)
    assert one.seal == digest(one.tables)
    assert one.seal != other.seal


def test_a_practice_lesson_is_marked_without_a_key() -> None:
    one = lesson("C4", seed=11)
    assert grade(one, perfect(answer_key("C4", seed=11))).total == 100


def test_a_secret_makes_a_market_that_nobody_else_can_make() -> None:
    one = lesson("C4", seed=11, secret="of the trainer")
    assert one.seal != lesson("C4", seed=11).seal
    with pytest.raises(LessonError, match="made with another secret"):
        grade(one, Answer())
    assert grade(one, perfect(answer_key("C4", seed=11, secret="of the trainer")), "of the trainer").total == 100


def test_a_key_of_another_lesson_is_refused(made: dict[tuple[str, int], tuple[Lesson, Key]]) -> None:
    with pytest.raises(LessonError, match="belongs to another lesson"):
        grade(made["C4", 3][0], Answer(), made["C4", 4][1])


def test_a_key_comes_back_from_its_text(made: dict[tuple[str, int], tuple[Lesson, Key]]) -> None:
    for _, key in made.values():
        assert Key.read(key.json()) == key
    with pytest.raises(LessonError, match="no key"):
        Key.read('{"code": 1}')


def test_the_lesson_holds_no_truth(made: dict[tuple[str, int], tuple[Lesson, Key]]) -> None:
    one, key = made["C7", 3]
    told = {**vars(one), "tables": ""}
    assert "C7" == told.pop("name") == told.pop("origin")
    for secret in (key.words["mistake"], key.words["point"], key.explanation, "tester", "verdict"):
        assert secret not in str(told)
    assert "tester" not in "".join(frame.to_csv() for frame in one.tables.values())


def test_the_market_loads_and_links() -> None:
    from tnskit.evidence.links import link

    one, key = make("C1", seed=5, lang="en", secret=b"")
    links = link(one.market)
    pair = sorted(key.proofs[0].accounts)
    assert 260 < len(one.market) < 330
    assert {"payout", "device"} <= set(links.evidence(*pair)["kind"])


def test_what_is_cited_has_to_exist(made: dict[tuple[str, int], tuple[Lesson, Key]]) -> None:
    one, key = made["C1", 3]
    a, b = key.proofs[0].accounts
    assert exists(one.tables, f"{a} {b} payout")
    assert exists(one.tables, f"{b}, {a}: Bank")
    assert exists(one.tables, key.proofs[2].rows[0])
    for made_up in (f"{a} {b} tax_id", f"{a} {a} payout", "N99999", f"{a} {b}", "", "pro_profiles A1", f"{a} {b} aura"):
        assert not exists(one.tables, made_up)
    answer = perfect(key)
    spoiled = Answer(**{**vars(answer), "evidence": (*answer.evidence, f"{a} {b} tax_id")})
    assert grade(one, spoiled, key).points["evidence"] == 10


def test_where_points_are_lost_it_is_told_why(made: dict[tuple[str, int], tuple[Lesson, Key]]) -> None:
    one, key = made["C7", 3]
    for answer in (perfect(key), everybody_removed(key), no_action(key), Answer(), at_random(one, np.random.default_rng(3))):
        for row in grade(one, answer, key).feedback.itertuples():
            assert (row.points == row.of) == (row.words == spoken(one.lang)["say"]["full"]), row


def test_feedback_names_what_was_missed_and_where_it_could_be_seen() -> None:
    one, key = make("C1", seed=5, lang="en", secret=b"")
    marks = grade(one, Answer(verdicts=dict.fromkeys(one.accounts, "remove")), key)
    told = str(marks)
    back = next(account for account, truth in key.accounts.items() if truth.guilty)
    assert "have the same payout: table payout_accounts" in told
    assert f"{back}: the rule is ACC-01" in told
    assert "would have lost the account without cause" in told
    assert "H7 was not named" in told
    assert "0 of 4 explanations" in told
    assert "The usual mistake" in told


def test_the_three_languages_say_the_same() -> None:
    shape = {lang: {part: sorted(words) for part, words in spoken(lang).items()} for lang in ("en", "es", "pt")}
    assert shape["en"] == shape["es"] == shape["pt"]
    for path in known_cases().values():
        assert set(read_case(path).words) == {"en", "es", "pt"}


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"verdicts": {"A1": "ban"}}, "'ban' is not a verdict; there are no action, warn"),
        ({"stops": ["H99"]}, "'H99' is not a stop"),
        ({"explanation": "magic"}, "'magic' is not an explanation"),
        ({"confidence": {"A1": 3}}, "between 0 and 1"),
        ({"guess": 1}, "no answer to a lesson"),
        ("[]", "no answer to a lesson"),
    ],
)
def test_an_answer_that_says_what_does_not_exist_is_refused(told: object, problem: str) -> None:
    with pytest.raises(LessonError, match=problem):
        Answer.read(told)  # type: ignore[arg-type]


def test_an_answer_comes_back_from_its_text(made: dict[tuple[str, int], tuple[Lesson, Key]]) -> None:
    answer = perfect(made["C9", 3][1])
    assert Answer.read(answer.json()) == answer


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('verdict = "remove"', 'verdict = "delete"', r"\[accounts.newcomer\]: verdict = 'delete' should be one of no action"),
        ('rule = "ACC-01"', "", "needs the rule that was broken, such as ACC-01"),
        (
            'opened = "-37..-34"\nasked = true\nverdict = "remove"',
            'opened = "-90..-80"\nasked = true\nverdict = "remove"',
            "give the answer away",
        ),
        ('kind = "payout"\nwho', 'kind = "aura"\nwho', r"\[\[shares\]\] 1: kind = 'aura' should be one of phone"),
        ('"@painter"', '"@plumber"', "'plumber' is no account; there are painter, newcomer"),
        ('decided_at = "-40"', 'decided_at = "May"', "should be days before the export"),
        ('table = "payments"', 'table = "purse"', "table = 'purse' should be one of"),
        ("policy_code", "policy_kode", "'policy_kode' is not known"),
        ('send = ["L08"]', 'send = ["L99"]', "send = 'L99' should be one of L01"),
        ("{newcomer}", "{nobody}", r"\{nobody\} is no account"),
        ('stops = ["H7"]', 'stops = ["H77"]', "stops = 'H77' should be one of H1"),
        ("asked = true", "asked = false", "nobody is asked about"),
        ("many = 3", "many = 300", "many should be a whole number from 0 to 60"),
        ('account_id = "@painter"', 'account_id = "A1042"', r"account_id should be an account, such as '@someone'"),
        ("code =", "code", "is no TOML"),
    ],
)
def test_a_case_of_ones_own_is_checked_with_clear_errors(
    tmp_path_factory: pytest.TempPathFactory, old: str, new: str, problem: str
) -> None:
    text = known_cases()["C1"].read_text(encoding="utf-8")
    assert old in text
    file = tmp_path_factory.mktemp("own") / "own.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(LessonError, match=problem):
        read_case(file)


WRONG = [[], {}, "", 5, -1, 1e308, True, "x" * 5_000, "\x00{[", "@nobody", [[]], ["x"], "9..1", 10**30]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in nested tables and lists, but the whole."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inner:
        yield (*path, step)
        yield from places(one, (*path, step))


def test_whatever_stands_in_a_case_is_taken_or_refused_in_one_sentence() -> None:
    """Every place of a case, one after the other, filled with what does not belong there."""
    whole = tomllib.loads(known_cases()["C1"].read_text(encoding="utf-8"))
    said: list[str] = []
    for path in places(whole):
        holder = whole
        for step in path[:-1]:
            holder = holder[step]
        right = holder[path[-1]]
        for value in WRONG:
            holder[path[-1]] = value
            try:
                read_told("own.toml", whole)
            except LessonError as problem:
                said.append(str(problem))
        holder[path[-1]] = right
    assert len(said) > 900
    assert [one for one in said if "\n" in one or len(one) > 400] == []


def test_a_case_of_ones_own_becomes_a_lesson(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("own") / "sisters.toml"
    file.write_text(
        """
code = "sisters"
suspected = "ACC-02"
explanation = "household"
stops = ["H3"]
[words.en]
title = "Two sisters"
task = "Look at {one} and {two}."
mistake = "One person."
point = "Two people."
[accounts.one]
asked = true
verdict = "no action"
[accounts.two]
asked = true
verdict = "no action"
surname_of = "one"
[[shares]]
kind = "address"
who = ["one", "two"]
proof = true
[[letters]]
to = "one"
send = ["L23"]
""",
        encoding="utf-8",
    )
    one = lesson(file, seed=2)
    assert grade(one, perfect(answer_key(file, seed=2))).total == 100


def test_wrong_use_is_told() -> None:
    with pytest.raises(LessonError, match="there is no case 'C13'; there are C1, C2"):
        lesson("C13")
    with pytest.raises(UsageError, match="a whole number from 0"):
        lesson("C1", seed=-1)
    with pytest.raises(UsageError, match="lang='fr' should be one of en, es, pt"):
        lesson("C1", lang="fr")


@pytest.fixture(scope="module")
def rules() -> list[pd.DataFrame]:
    """What simple rules say of thirty lessons of each case with guilty and innocent accounts in it, and who is guilty."""
    told = []
    for seed in range(30):
        for code in ("C1", "C7", "C8", "C10"):
            one, key = make(code, seed=seed, lang="en", secret=b"leaks")
            told.append(simple_rules(one).assign(guilty=[key.accounts[account].guilty for account in one.accounts]))
    return told


def far(found: dict[str, float]) -> dict[str, float]:
    """The rules that tell the guilty better, or worse, than chance by more than the bound."""
    return {rule: round(value, 3) for rule, value in found.items() if abs(value - 0.5) > 0.05}


@pytest.mark.slow
def test_no_simple_rule_tells_the_guilty(rules: list[pd.DataFrame]) -> None:
    """Neither between accounts of one lesson nor over all lessons; nor does the best sum of all rules, where accounts are compared."""
    whole = pd.concat(rules)
    guilty = whole["guilty"].to_numpy(dtype=bool)
    assert (len(whole), guilty.sum(), whole.shape[1]) == (1710, 480, 52)
    assert far({rule: auc(whole[rule].to_numpy(dtype=float), guilty) for rule in whole.columns.drop("guilty")}) == {}
    assert far(inside(rules)) == {}
    assert abs(learned(rules) - 0.5) <= 0.05


def test_a_rule_that_leaks_is_seen(made: dict[tuple[str, int], tuple[Lesson, Key]]) -> None:
    """The search itself works: with a column that knows, it finds it."""
    told = []
    for (code, _), (one, key) in made.items():
        if code in {"C7", "C8"}:
            rows = simple_rules(one).assign(guilty=[key.accounts[account].guilty for account in one.accounts])
            told.append(rows[["id", "guilty"]].assign(leak=rows["guilty"] + np.random.default_rng(len(told)).random(len(rows))))
    assert inside(told)["leak"] == 1
    assert learned(told) > 0.8


DRAWN = {"phones": 0.25, "logins": 11.9} | dict.fromkeys(("jobs", "messages", "payments", "reviews", "reports", "security_events"), 2.0)
"""Variance of the rows that the dice give one account: 1 or 2, 26 to 37, and up to 4 more than the least."""


@pytest.mark.parametrize("code", ["C1", "C8"])
def test_every_stage_is_equally_full(made: dict[tuple[str, int], tuple[Lesson, Key]], code: str) -> None:
    """Two stages around one market differ by no more rows than chance gives their accounts: three standard deviations of the difference."""
    one, other = made[code, 3][0].tables, made["C7", 3][0].tables
    assert len(one["accounts"]) == len(other["accounts"])
    apart = {table: abs(len(one[table]) - len(other[table])) for table in DRAWN}
    assert {table: many for table, many in apart.items() if many > 3 * (2 * sum(PEOPLE.values()) * DRAWN[table]) ** 0.5} == {}


def test_twins_differ_in_names_language_and_part_of_town_alone() -> None:
    one, other = (make("C3", seed=5, lang="en", secret=b"twins", twin=twin) for twin in ("en", "es"))
    for table in one[0].tables:
        assert len(one[0].tables[table]) == len(other[0].tables[table])
    for (lesson_, key), lang in ((one, "en"), (other, "es")):
        homes = lesson_.tables["addresses"].set_index("account_id").loc[list(key.accounts)]
        people = lesson_.tables["accounts"].set_index("account_id").loc[list(key.accounts)]
        assert homes["postal"].nunique() == 1
        assert set(people["locale"].str[:2]) == {lang}
        assert people["legal_name"].nunique() == 2
    assert set(one[0].tables["addresses"]["line1"]) - set(other[0].tables["addresses"]["line1"])
    assert [t.verdict for t in one[1].accounts.values()] == [t.verdict for t in other[1].accounts.values()]


AT_ONCE = {"C2", "C7", "C8", "C12"}
"""Cases whose task is one proposal about more than three accounts."""


@pytest.mark.slow
@each
def test_the_stops_of_a_key_are_those_that_the_check_raises(made: dict[tuple[str, int], tuple[Lesson, Key]], code: str) -> None:
    from tnskit.evidence.links import link
    from tnskit.review.precheck import precheck

    one, key = made[code, 3]
    links = link(one.market)
    parts = {truth.part.split(".")[0]: account for account, truth in key.accounts.items()}
    others = one.accounts if code in AT_ONCE else ()
    raised = {stop for account in parts.values() for stop in precheck(one.market, links, account, together=others).stops["code"]}
    assert set(key.stops) <= raised <= {*key.stops, *key.may}
