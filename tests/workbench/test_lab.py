import ast
import json
import os
from datetime import date
from pathlib import Path

import pytest

from tnskit.errors import UsageError
from tnskit.workbench.lab import command, environment, prepare
from tnskit.workbench.notebooks import templates

DAY = date(2026, 1, 5)


def test_a_working_folder_has_all_that_the_templates_ask_for(tmp_path: Path) -> None:
    today = prepare(tmp_path / "work", DAY)
    assert today == tmp_path / "work/2026-01-05"
    assert {path.stem for path in today.iterdir()} == set(templates())
    assert (today / "../sample_data/market/accounts.csv").is_file()


def test_work_is_never_overwritten(tmp_path: Path) -> None:
    mine = prepare(tmp_path, DAY) / "start_here.ipynb"
    mine.write_text("my work")
    mine.with_name("hunt_rings.ipynb").unlink()
    prepare(tmp_path, DAY)
    assert mine.read_text() == "my work"
    assert mine.with_name("hunt_rings.ipynb").is_file()


def test_another_day_begins_with_fresh_templates(tmp_path: Path) -> None:
    mine = prepare(tmp_path, DAY) / "start_here.ipynb"
    mine.write_text("my work")
    tomorrow = prepare(tmp_path, date(2026, 1, 6))
    assert (mine.read_text(), "my work" in (tomorrow / "start_here.ipynb").read_text()) == ("my work", False)


def test_the_code_of_prepared_cells_is_folded_and_the_settings_are_not(tmp_path: Path) -> None:
    written = (prepare(tmp_path, DAY) / "hunt_rings.ipynb").read_text()
    told = json.loads(written)
    assert "NBVAL" not in written
    first, *others = [cell["metadata"] for cell in told["cells"] if cell["cell_type"] == "code"]
    assert "jupyter" not in first
    assert all(one["jupyter"] == {"source_hidden": True} for one in others)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "work").touch()
    with pytest.raises(UsageError, match="is a file"):
        prepare(tmp_path / "work", DAY)


def test_lab_opens_on_the_first_notebook_of_the_day() -> None:
    words = command(Path("/w/2026-01-05"), browser=False, port=9123, extra=["--ServerApp.quit_button=False"])
    assert words[1:4] == ["-m", "jupyterlab", "--ServerApp.root_dir=/w"]
    assert "--LabApp.default_url=/lab/tree/2026-01-05/start_here.ipynb" in words
    assert {"--no-browser", "--ServerApp.port=9123", "--ServerApp.quit_button=False"} <= set(words)
    assert "--no-browser" not in command(Path("/w/2026-01-05"))


def test_lab_breaks_printed_lines_between_words_unless_a_person_has_a_style_sheet_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", "/theirs")
    words = command(Path("/w/2026-01-05"))
    assert "--LabApp.custom_css=True" in words
    told = next(word for word in words if "static_custom_path" in word).partition("=")[2]
    theirs, ours = ast.literal_eval(told)["static_custom_path"]
    assert Path(theirs) == Path("/theirs/custom")
    assert "word-break: normal" in Path(ours, "custom.css").read_text(encoding="utf-8")


def test_lab_asks_nobody_for_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/theirs")
    ours, theirs = environment()["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    settings = json.loads((Path(ours) / "labconfig/default_setting_overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert theirs == "/theirs"
