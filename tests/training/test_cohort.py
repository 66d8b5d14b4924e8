import gzip
import json
import re
from pathlib import Path

import pytest

from tnskit.errors import LessonError, UsageError
from tnskit.training.bundles import read_answer, seal, unseal, write_answer
from tnskit.training.cohort import FOR_TRAINEES, FOR_TRAINER, build_cohort, grade_cohort, open_keys, read_cohort
from tnskit.training.grading import Answer, grade
from tnskit.training.lessons import lesson
from tnskit.training.rehearsal import rehearse_cohort
from tnskit.workbench.cohort_page import write_report

WORDS = "correct horse battery"


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cohort in Spanish of two, three cases each, one of them in English, as it is before anybody has begun."""
    here = tmp_path_factory.mktemp("spring")
    (here / "plan.toml").write_text('name = "Spring"\nlang = "es"\ntrainees = ["ana:en", "luis"]\ncases = ["C4", "C1", "C3"]\n')
    assert build_cohort(here / "plan.toml", here / "out", passphrase=WORDS) == {"trainees": 2, "exercises": 6}
    return here / "out"


def everything(folder: Path) -> str:
    """Every byte of every file below a folder as text, names and packed files too."""
    told = []
    for path in sorted(folder.rglob("*")):
        told.append(path.name)
        if path.is_file():
            raw = path.read_bytes()
            told.append((gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8", "replace"))
    return "\n".join(told)


def test_a_determined_search_of_a_bundle_finds_no_key(spring: Path) -> None:
    keys = open_keys(spring, WORDS)
    for name in ("ana", "luis"):
        told = everything(spring / FOR_TRAINEES / name)
        for place, key in keys.items():
            if place.startswith(name):
                assert key.words["mistake"] not in told
                assert key.words["point"] not in told
                assert key.words["title"] not in told
                task = json.loads((spring / FOR_TRAINEES / place / "task.json").read_text())
                assert set(task) == {"name", "lang", "task", "accounts", "seal"}
                assert task["name"].startswith("exercise ")
        for word in ("verdict", "benign", "newcomer", "neighbour", '"C1"', "C4,", "secret", "passphrase", "proof"):
            assert word not in told
        assert not re.search(r"\bseed\b", told)


def test_neither_times_nor_sizes_nor_order_of_files_tell_anything(spring: Path) -> None:
    files = [path for path in (spring / FOR_TRAINEES).rglob("*") if path.is_file()]
    assert {path.stat().st_mtime for path in files} == {1_767_225_600}
    cases = {name: [open_keys(spring, WORDS)[f"{name}/exercise-{n:02d}"].code for n in (1, 2, 3)] for name in ("ana", "luis")}
    assert {tuple(sorted(codes)) for codes in cases.values()} == {("C1", "C3", "C4")}


def test_the_package_and_the_bundle_do_not_make_the_key_again(spring: Path) -> None:
    """Whoever has tnskit, the bundle and small seeds cannot make its market, nor mark it."""
    task = lesson(spring / FOR_TRAINEES / "ana" / "exercise-01")
    assert (task.seed, task.origin, task.twin) == (None, "", "")
    for code in ("C1", "C3", "C4"):
        assert all(lesson(code, seed=seed).seal != task.seal for seed in (0, 1))
    with pytest.raises(LessonError, match="marking it needs its key"):
        grade(task, Answer())


def test_two_trainees_get_different_markets(spring: Path) -> None:
    keys = open_keys(spring, WORDS)
    assert len({key.seal for key in keys.values()}) == 6


def test_the_keys_do_not_open_with_another_passphrase(spring: Path) -> None:
    with pytest.raises(LessonError, match="do not open"):
        open_keys(spring, "another passphrase")
    sealed = seal({}, b"x", WORDS)
    assert unseal(sealed, WORDS) == {}
    with pytest.raises(LessonError, match="do not open"):
        unseal(sealed[:-9] + b"AAAAAAAA\n", WORDS)
    with pytest.raises(UsageError, match="8 characters"):
        seal({}, b"x", "short")
    with pytest.raises(LessonError, match="is no cohort"):
        grade_cohort(spring / FOR_TRAINEES, passphrase=WORDS)


def test_a_changed_market_is_refused(tmp_path: Path, spring: Path) -> None:
    import shutil

    copy = shutil.copytree(spring / FOR_TRAINEES / "ana" / "exercise-01", tmp_path / "exercise-01")
    with (copy / "market" / "reports.csv").open("a") as file:
        file.write("R1\n")
    with pytest.raises(LessonError, match="was changed since it was made"):
        lesson(copy)
    with pytest.raises(LessonError, match="there is no case"):
        lesson(str(tmp_path))


def test_answers_are_read_back_and_reported(tmp_path: Path, spring: Path) -> None:
    import shutil

    copy = shutil.copytree(spring, tmp_path / "cohort")
    before = grade_cohort(copy, passphrase=WORDS)
    assert (len(before.scores), len(before.waiting)) == (0, 6)
    assert rehearse_cohort(copy, passphrase=WORDS, seed=3) == 6
    with pytest.raises(LessonError, match="has an answer already"):
        rehearse_cohort(copy, passphrase=WORDS)
    (copy / FOR_TRAINEES / "ana" / "exercise-02" / "answer.json").write_text("{broken")
    report = grade_cohort(copy, passphrase=WORDS)
    assert (len(report.scores), len(report.waiting)) == (5, 1)
    assert "no answer to a lesson" in report.waiting.iloc[0]["why"]
    assert set(report.scores["case"]) <= {"C1", "C3", "C4"}
    assert set(report.agreement.columns) >= {"case", "raw", "cohen", "fleiss", "alpha", "low", "high", "ac1", "prevalence"}
    assert report.sure["confidence"].between(0.5, 1).all()
    page = write_report([report, report], copy / FOR_TRAINER / "report").read_text()
    assert str(report).startswith("Spring: 5 respuestas, 1 pendientes\npromedio ")
    for words in ('<html lang="es">', "Los casos más difíciles", "Veredicto por cuenta", "prevalencia", "nombra lo visto"):
        assert words in page
    assert not re.search("Hardest|Agreement|no action|who decided", page)
    assert "<script" not in page
    marked = (copy / FOR_TRAINER / "report" / "rationales.csv").read_text().replace("compared.,", "compared.,3", 1)
    (copy / FOR_TRAINER / "report" / "rationales.csv").write_text(marked)
    assert (grade_cohort(copy, passphrase=WORDS).rationales["points"] == "3").sum() == 1


def test_a_calibration_round_and_twins(tmp_path: Path) -> None:
    plan = tmp_path / "round.toml"
    plan.write_text('trainees = 3\ncases = ["C3", "C4"]\nsame = true\ntwins = true\n')
    build_cohort(plan, tmp_path / "out", passphrase=WORDS)
    keys = open_keys(tmp_path / "out", WORDS)
    assert len(keys) == 12
    seals = [{place.split("/")[1]: key.seal for place, key in keys.items() if place.startswith(f"trainee-0{n}")} for n in (1, 2, 3)]
    assert seals[0] == seals[1] == seals[2]
    rehearse_cohort(tmp_path / "out", passphrase=WORDS)
    report = grade_cohort(tmp_path / "out", passphrase=WORDS)
    assert report.bias.iloc[0]["pairs"] == 9
    assert report.bias.iloc[0]["harsher"] + report.bias.iloc[0]["milder"] <= 9
    assert report.agreement.iloc[0]["raters"] == 3
    assert report.verdicts.shape == (6, 3)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ('trainees = ["ana"]\ncases = ["C99"]', "there is no case 'C99'"),
        ("trainees = 0", "trainees should be names"),
        ('trainees = ["../up"]', "made of letters, digits"),
        ('trainees = ["ana:fr"]', "the language 'fr' should be one of"),
        ('trainees = ["ana", "Ana"]', "two trainees have one name"),
        ('trainees = ["ana"]\nsame = 1', "same should be true or false"),
        ('trainees = ["ana"]\neach = 99', "each should be 1 to 30"),
        ('trainee = ["ana"]', "'trainee' is not known"),
        ("trainees =", "is no TOML"),
    ],
)
def test_a_plan_is_checked_with_clear_errors(tmp_path: Path, told: str, problem: str) -> None:
    (tmp_path / "plan.toml").write_text(told)
    with pytest.raises(LessonError, match=problem):
        read_cohort(tmp_path / "plan.toml")


def test_nothing_is_overwritten_and_nothing_is_left_half_made(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text('trainees = ["ana"]\ncases = ["C4"]')
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").touch()
    with pytest.raises(UsageError, match="is there already and not empty"):
        build_cohort(tmp_path / "plan.toml", tmp_path / "out", passphrase=WORDS)
    with pytest.raises(UsageError, match="8 characters"):
        build_cohort(tmp_path / "plan.toml", tmp_path / "new", passphrase="x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "plan.toml"]


def test_an_answer_is_saved_whole(tmp_path: Path) -> None:
    answer = Answer(verdicts={"A1": "verify"}, rationale="Ñandú.")
    write_answer(answer, tmp_path)
    assert read_answer(tmp_path) == answer
    assert [path.name for path in tmp_path.iterdir()] == ["answer.json"]
