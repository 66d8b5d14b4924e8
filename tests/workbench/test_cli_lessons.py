"""A trainer's day at the command line: a plan, exercises for three, their answers, the report."""

import json
import re
from pathlib import Path

import nbformat
import pytest

import tnskit as tns
from tests.training.answers import everybody_removed, no_action, perfect
from tnskit.training.bundles import write_answer
from tnskit.training.cohort import open_keys
from tnskit.workbench.cli import main

WORDS = "correct horse battery"
PLAN = 'name = "Autumn"\ntrainees = ["ana", "luis:es", "bia:pt"]\ncases = ["C4", "C1"]\nsame = true\n'


@pytest.fixture(scope="module")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cohort as `tnskit lessons build` makes it: one knows everything, one removes everybody, one does nothing."""
    here = tmp_path_factory.mktemp("autumn")
    (here / "COHORT.toml").write_text(PLAN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TNSKIT_PASSPHRASE", WORDS)
        assert main(["lessons", "build", str(here / "COHORT.toml"), "--out", str(here / "out")]) == 0
    ways = {"ana": perfect, "luis": everybody_removed, "bia": no_action}
    for place, key in open_keys(here / "out", WORDS).items():
        write_answer(ways[place.split("/")[0]](key), here / "out" / "for_trainees" / place)
    return here / "out"


def test_answers_are_marked_and_reported(autumn: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TNSKIT_PASSPHRASE", WORDS)
    assert main(["lessons", "grade", str(autumn)]) == 0
    said = capsys.readouterr().out
    assert "Autumn: 6 answers, 0 waiting" in said
    assert "50% passed" in said
    report = autumn / "for_trainer" / "report"
    page = (report / "report.html").read_text(encoding="utf-8")
    for words in ("Hardest cases", "Agreement", "Sure and right", "Reasons", "The dates settle it.", "weighs another explanation"):
        assert words in page
    assert {path.name for path in report.glob("*.png")} == {"agreement.png", "calibration.png", "progress.png"}
    assert main(["lessons", "grade", str(autumn), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["answers"], told["waiting"], round(told["passed"], 2)) == (6, 0, 0.5)


@pytest.mark.parametrize(("name", "says"), [("ana", "The task."), ("luis", "La tarea."), ("bia", "A tarefa.")])
def test_each_gets_a_notebook_in_the_language_of_the_exercises(autumn: Path, name: str, says: str) -> None:
    place = autumn / "for_trainees" / name
    made = nbformat.read(place / "practise_a_case.ipynb", as_version=4)
    nbformat.validate(made)
    assert says in made.cells[2].source
    assert 'exercise: str = "exercise-01"' in made.cells[1].source
    assert [cell.outputs for cell in made.cells if cell.cell_type == "code"] == [[]] * 4
    assert sorted(path.name for path in place.iterdir()) == ["exercise-01", "exercise-02", "practise_a_case.ipynb"]


def test_the_trainer_gets_a_notebook_that_opens_the_cohort(autumn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tnskit.workbench.cohorts import leading

    place = autumn / "for_trainer"
    made = nbformat.read(place / "lead_a_training.ipynb", as_version=4)
    nbformat.validate(made)
    told = {name: value.strip('"') for name, value in re.findall(r'^(\w+): str = ("[^"]*")', made.cells[1].source, re.M)}
    assert (told["plan"], told["folder"], told["lang"]) == ("cohort.toml", "..", "en")
    monkeypatch.chdir(place)
    assert tns.open_cohort(told["plan"], told["folder"], passphrase=WORDS).exercises == 6
    for lang, says in (("es", "# Dirigir una formación"), ("pt", "# Conduzir uma formação")):
        assert nbformat.reads(leading(lang).decode(), as_version=4).cells[0].source.startswith(says)


def test_wrong_use_is_told_in_one_line(autumn: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TNSKIT_PASSPHRASE", "another passphrase")
    assert main(["lessons", "grade", str(autumn)]) == 2
    assert "another passphrase sealed them" in capsys.readouterr().err
    monkeypatch.setenv("TNSKIT_PASSPHRASE", WORDS)
    assert main(["lessons", "build", str(autumn.parent / "COHORT.toml"), "--out", str(autumn)]) == 2
    assert "is there already and not empty" in capsys.readouterr().err


def test_a_case_of_ones_own_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tnskit.training.casefile import known_cases

    own = tmp_path / "own.toml"
    own.write_text(known_cases()["C4"].read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["lessons", "check", str(own)]) == 0
    assert "C4 can be taught: 1 accounts to decide on, nobody is sanctioned, 1 pieces of evidence to find" in capsys.readouterr().out
    own.write_text("code = ")
    assert main(["lessons", "check", str(own)]) == 2
    assert "own.toml is no TOML" in capsys.readouterr().err
