"""What is built is whole: installed where nothing else is, it works from any folder."""

import csv
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT, needs

pytestmark = pytest.mark.slow

SECONDS = 90
"""How long JupyterLab may take to answer on a slow machine."""


def pip(*words: str | Path) -> None:
    """Run pip; where it cannot reach its index, that is what the test needs."""
    done = subprocess.run([sys.executable, "-m", "pip", *map(str, words)], capture_output=True, text=True)
    needs(
        "a package index",
        not re.search("No matching distribution|connection broken", done.stdout + done.stderr),
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of an environment that holds the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    pip("wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("tnskit-*.whl")
    pip("--python", folder / "venv/bin/python", "install", "--quiet", "--no-compile", wheel)
    return folder / "venv/bin"


def tnskit(installed: Path, folder: Path, *words: str) -> str:
    """Run a command of the installed wheel in a folder of its own."""
    done = subprocess.run([installed / "tnskit", *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def an_account() -> str:
    with (ROOT / "sample_data/market/accounts.csv").open(encoding="utf-8", newline="") as lines:
        return next(csv.DictReader(lines))["account_id"]


def test_the_commands_work_from_any_folder(installed: Path, tmp_path: Path) -> None:
    assert "tnskit" in tnskit(installed, tmp_path, "doctor")
    account = an_account()
    tnskit(installed, tmp_path, "run", "investigate_account", "-p", f"account={account}", "--out", "case.html")
    assert account in (tmp_path / "case.html").read_text(encoding="utf-8")


@pytest.fixture
def lab(installed: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab that `tnskit lab` has opened, with its key."""
    with (tmp_path / "said.txt").open("w+") as said:
        command = [installed / "tnskit", "lab", "work", "--no-browser"]
        process = subprocess.Popen(command, cwd=tmp_path, stdout=said, stderr=said)
        try:
            yield address(process, tmp_path / "said.txt")
        finally:
            process.terminate()
            process.wait(timeout=30)


def address(process: "subprocess.Popen[bytes]", said: Path) -> str:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"http://[\w.]+:\d+/\S*token=\w+", said.read_text())
        if found:
            return found.group()
        time.sleep(0.2)
    raise AssertionError(said.read_text())


def test_lab_opens_on_the_templates(lab: str) -> None:
    server, _, key = lab.partition("/lab")
    where = f"{server}/api/contents/{date.today().isoformat()}?{key.partition('?')[2]}"
    with urllib.request.urlopen(where, timeout=SECONDS) as answer:
        assert "investigate_account.ipynb" in answer.read().decode()
