import json
from pathlib import Path
from typing import Any

import pytest

from tnskit.errors import RunError, UsageError
from tnskit.workbench.notebooks import Parameter, parameters, run, sample_market, templates

SIGNATURE = 'name: str = "ana"  # who is greeted\ntimes: int = 2  # how often\nloud: bool = False  # in capitals'

TABLE = "import pandas; pandas.DataFrame({'used': ['2024-01-01 to 2024-03-01']})"


def written(folder: Path, *cells: str, first: str = SIGNATURE) -> Path:
    """A notebook with a tagged cell and others."""

    def code(number: int, source: str) -> dict[str, Any]:
        tags = {"tags": ["parameters"]} if number == 0 else {}
        return {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": tags,
            "source": source,
            "outputs": [],
            "execution_count": None,
        }

    words = {
        "cell_type": "markdown",
        "id": "m",
        "metadata": {},
        "source": "# A greeting\n\nIt <b>greets</b>.",
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells_ = [words, *(code(number, source) for number, source in enumerate([first, *cells]))]
    path = folder / "greet.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells_}))
    return path


def test_templates_are_found() -> None:
    assert {
        "start_here",
        "investigate_account",
        "hunt_rings",
        "check_before_removal",
        "use_your_own_data",
    } <= set(templates())
    assert (sample_market() / "accounts.csv").is_file()


def test_parameters_are_read_with_their_help(tmp_path: Path) -> None:
    assert parameters(written(tmp_path)) == {
        "name": Parameter("name", "str", "ana", "who is greeted"),
        "times": Parameter("times", "int", 2, "how often"),
        "loud": Parameter("loud", "bool", False, "in capitals"),
    }


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_notebook_is_filled_in_and_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = written(tmp_path, "print(name * times, loud)", "import pathlib; print(pathlib.Path('here.txt').exists())", TABLE)
    Path("here.txt").touch()
    page = run(source, {"name": "eva", "times": "3", "loud": "yes"}, "out/page.html").read_text()
    assert "evaevaeva True" in page
    assert "<h1>A greeting</h1>" in page
    assert "<script" not in page
    assert '<td><span class="day">2024-01-01</span> to <span class="day">2024-03-01</span></td>' in page
    saved = json.loads(run(source, {}, "out.ipynb").read_text())
    assert set(saved["metadata"]) <= {"kernelspec", "language_info"}
    assert saved["cells"][-2]["outputs"][0]["text"] in ("True\n", ["True\n"])


def test_without_a_browser_a_pdf_is_refused_before_anything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"none is here; save as \.html"):
        run(written(tmp_path), {}, tmp_path / "o.pdf")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_run_is_printed_also_where_it_failed(tmp_path: Path, chromium: str) -> None:
    with pytest.raises(RunError, match="ZeroDivisionError"):
        run(written(tmp_path, "print(name)", "1 / 0"), {}, tmp_path / "o.pdf")
    assert (tmp_path / "o.pdf").read_bytes().startswith(b"%PDF-")
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["greet.ipynb", "o.pdf"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_failed_run_is_saved_and_marked(tmp_path: Path) -> None:
    source = written(tmp_path, "print('before')", "1 / 0", "print('after')")
    for name in ("out.html", "out.ipynb"):
        with pytest.raises(RunError, match="greet stopped: a cell ended in ZeroDivisionError; what ran until then is in"):
            run(source, {}, tmp_path / name)
    page = (tmp_path / "out.html").read_text()
    assert "This run stopped." in page
    assert "before\n" in page
    assert "Traceback" not in page
    assert "This run stopped." in "".join(json.loads((tmp_path / "out.ipynb").read_text())["cells"][0]["source"])


@pytest.mark.parametrize(
    ("values", "out", "told"),
    [
        ({"nmae": "x"}, "o.html", "no parameter 'nmae'; it has name: who is greeted; times: how often"),
        ({"times": "often"}, "o.html", "'times' takes a value of type int: how often"),
        ({"loud": "maybe"}, "o.html", "'loud' takes a value of type bool"),
        ({}, "o.docx", "should end in .html, .pdf or .ipynb"),
    ],
)
def test_wrong_use_is_refused_before_anything_runs(tmp_path: Path, values: dict[str, str], out: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        run(written(tmp_path), values, tmp_path / out)
    assert [path.name for path in tmp_path.iterdir()] == ["greet.ipynb"]


def test_an_unknown_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no template 'nope'; the templates are .*start_here"):
        run("nope", {}, tmp_path / "o.html")
