"""The starter: told in sentences, never sets up twice, never goes against what the machine was told."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).parent.parent / "start.py"


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The starter, of a project that lies in an empty folder."""
    spec = importlib.util.spec_from_file_location("start", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("first")
    venv = tmp_path / ".venv"
    places = {"ROOT": tmp_path, "VENV": venv, "BIN": venv / "bin", "PYTHON": venv / "bin/python"}
    for name, path in {**places, "LOG": venv / "setup.log", "STAMP": venv / "setup.done"}.items():
        monkeypatch.setattr(module, name, path)
    return module


def set_up(start: ModuleType, extra: str) -> None:
    """Leave behind what a set-up leaves."""
    start.BIN.mkdir(parents=True)
    start.PYTHON.touch()
    start.LOG.touch()
    start.STAMP.write_text(start.stamp(extra))


def steps(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write down the steps that the set-up would run."""
    said: list[str] = []

    def run(_: object, step: str, command: Sequence[str | Path], folder: Path | None = None) -> None:
        said.append(step)

    start.VENV.mkdir()
    monkeypatch.setattr(start.Progress, "run", run)
    return said


def test_an_old_python_can_read_the_file() -> None:
    ast.parse(FILE.read_text(), feature_version=(3, 8))


def test_only_the_standard_library_is_asked() -> None:
    nodes = [node for node in ast.walk(ast.parse(FILE.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    asked = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in nodes}
    assert {str(name).split(".")[0] for name in asked} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("newer", "sentence"),
    [
        (None, "tnskit needs Python 3.11 or newer, this is 3.9; install a newer one and start again with it"),
        (
            "/usr/bin/python3.12",
            "tnskit needs Python 3.11 or newer, this is 3.9; found /usr/bin/python3.12, going on with that",
        ),
    ],
)
def test_an_old_python_is_told_what_it_lacks(start: ModuleType, newer: str | None, sentence: str) -> None:
    assert start.version_sentence((3, 9), newer) == sentence


def test_a_newer_python_is_one_that_runs(start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, body in (("python3.13", "exit 127"), ("python3.12", f'exec "{sys.executable}" "$@"')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert start.newer_python() == str(tmp_path / "python3.12")


@pytest.mark.parametrize(("done", "asked", "ready"), [("run", "run", True), ("test", "run", True), ("run", "test", False)])
def test_a_second_start_sets_up_what_is_missing(start: ModuleType, done: str, asked: str, ready: bool) -> None:
    set_up(start, done)
    assert start.is_ready(asked) is ready


def test_a_changed_project_is_set_up_again(start: ModuleType) -> None:
    set_up(start, "run")
    (start.ROOT / "pyproject.toml").write_text("second")
    assert not start.is_ready("run")


def test_a_lost_interpreter_is_set_up_again(start: ModuleType) -> None:
    set_up(start, "run")
    start.PYTHON.unlink()
    assert not start.is_ready("run")


def test_what_a_killed_set_up_left_is_cleared_away(start: ModuleType) -> None:
    set_up(start, "run")
    start.STAMP.unlink()
    with start.only_one():
        assert list(start.VENV.iterdir()) == []


def test_a_moved_folder_is_cleared_away(start: ModuleType) -> None:
    set_up(start, "run")
    start.STAMP.write_text(start.STAMP.read_text().replace(str(start.ROOT), "elsewhere"))
    with start.only_one():
        assert list(start.VENV.iterdir()) == []


def test_a_changed_project_builds_on_what_is_there(start: ModuleType) -> None:
    set_up(start, "run")
    (start.ROOT / "pyproject.toml").write_text("second")
    with start.only_one():
        assert start.PYTHON.exists()


def test_a_venv_that_someone_else_made_is_kept(start: ModuleType) -> None:
    start.BIN.mkdir(parents=True)
    start.PYTHON.touch()
    with start.only_one():
        assert start.PYTHON.exists()


def test_a_second_start_waits(start: ModuleType) -> None:
    with start.only_one(), FILE.open() as second:
        assert not start.take(second.fileno())


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: [Errno 28] No space left on device", "the disk is full"),
        ("[Errno 30] Read-only file system: '.venv'", "this folder cannot be written to"),
        (
            "ERROR: Package 'tnskit' requires a different Python: 3.9.2 not in '>=3.11'",
            "the .venv here belongs to",
        ),
        (
            "SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed",
            "this machine does not trust",
        ),
        ("NewConnectionError: [Errno -3] Temporary failure in name resolution\nNo matching", "no network"),
        ("E: Unable to locate package python3-pip-whl", "no network"),
        (
            "ERROR: No matching distribution found for hatchling>=1.24",
            "the package index answered, but not with",
        ),
    ],
)
def test_a_failure_is_told_in_one_sentence(start: ModuleType, said: str, sentence: str) -> None:
    assert start.sentence_for(said).startswith(sentence)


def test_an_unforeseen_failure_is_told_by_its_error(start: ModuleType) -> None:
    said = [
        "Collecting x",
        "FileNotFoundError: Forced include not found: market",
        "error: metadata failed",
        "",
    ]
    assert start.sentence_for("\n".join(said)) is None
    assert start.last_error(said) == "FileNotFoundError: Forced include not found: market"
    assert start.last_error(["Collecting x", "error: broken", "hint: look"]) == "error: broken"
    assert start.last_error([]) == "it said nothing"


def test_a_failed_step_names_the_log(start: ModuleType) -> None:
    start.VENV.mkdir()
    with pytest.raises(start.SetupError) as told, start.Progress() as progress:
        progress.run("trying", [sys.executable, "-c", "raise SystemExit('error: it is Monday')"])
    assert str(told.value) == f"trying failed: error: it is Monday (all of it: {start.LOG})"
    assert start.LOG.read_text() == "error: it is Monday\n"


def test_nothing_sends_pip_elsewhere(start: ModuleType) -> None:
    told = {
        "PIP_TARGET": "/elsewhere",
        "PYTHONPATH": "/elsewhere",
        "PIP_USER": "1",
        "PIP_INDEX_URL": "https://mirror",
    }
    kept = start.clean_environment(told)
    assert (kept["PIP_USER"], kept["PIP_INDEX_URL"]) == ("0", "https://mirror")
    assert "/elsewhere" not in kept.values()


def test_uv_is_left_aside_where_pip_was_told_an_index(start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.Path, "home", lambda: tmp_path)
    assert start.pip_is_told({"PIP_INDEX_URL": "https://mirror"})
    assert start.pip_is_told({"PIP_FIND_LINKS": "wheels"})
    (tmp_path / ".config/pip").mkdir(parents=True)
    (tmp_path / ".config/pip/pip.conf").touch()
    assert start.pip_is_told({})


@pytest.mark.parametrize(
    ("ensurepip", "working", "said", "found"),
    [
        (True, "", ["making .venv"], "inside"),
        (False, "--python", ["making .venv"], "outside"),
        (False, "", ["making .venv", "asking apt for pip", "fetching pip by apt"], "none"),
    ],
)
def test_pip_is_found_by_what_the_machine_has(
    start: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    ensurepip: bool,
    working: str,
    said: list[str],
    found: str,
) -> None:
    ran = steps(start, monkeypatch)
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda _: ensurepip or None)
    monkeypatch.setattr(start, "works", lambda command: working != "" and working in command)
    monkeypatch.setattr(start.shutil, "which", lambda name: f"/usr/bin/{name}")
    ways = {
        "inside": [start.PYTHON, "-m", "pip"],
        "outside": [sys.executable, "-m", "pip", "--python", start.PYTHON],
    }
    if found == "none":
        with pytest.raises(start.SetupError, match="neither pip nor ensurepip: install python3-venv"):
            start.find_pip(start.Progress())
    else:
        assert start.find_pip(start.Progress()) == ways[found]
    assert ran == said


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ([], ["tnskit", "lab"]),
        (["--no-browser"], ["tnskit", "lab", "--no-browser"]),
        (["lab", "--port", "9"], ["tnskit", "lab", "--port", "9"]),
        (["check", "A1", "--out", "c.html"], ["tnskit", "check", "A1", "--out", "c.html"]),
    ],
)
def test_words_are_passed_on(start: ModuleType, monkeypatch: pytest.MonkeyPatch, typed: list[str], command: list[str]) -> None:
    passed: list[list[str]] = []
    monkeypatch.setattr(start, "set_up", lambda _: None)
    monkeypatch.setattr(start, "hand_over", lambda words: passed.append([Path(words[0]).name, *words[1:]]) or 0)
    assert start.main(typed) == 0
    assert passed == [command]


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ([], ["tests", "notebooks"]),
        (["-k", "rings"], ["tests", "notebooks", "-k", "rings"]),
        (["tests/test_docs.py"], ["--nbval-current-env", "tests/test_docs.py"]),
        (["notebooks/start_here.ipynb", "-x"], ["--nbval-current-env", "notebooks/start_here.ipynb", "-x"]),
    ],
)
def test_a_path_stands_for_all_tests(start: ModuleType, typed: list[str], last: list[str]) -> None:
    assert start.pytest_words(typed)[-len(last) :] == last


def test_help_sets_nothing_up(tmp_path: Path) -> None:
    copy = tmp_path / "start.py"
    copy.write_bytes(FILE.read_bytes())
    said = subprocess.run([sys.executable, copy, "help"], capture_output=True, text=True, check=True).stdout
    assert "python3 start.py test" in said
    assert list(tmp_path.iterdir()) == [copy]
