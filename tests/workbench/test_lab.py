import json
import os
from pathlib import Path

import pytest

from tnskit.errors import UsageError
from tnskit.workbench.lab import command, environment, prepare
from tnskit.workbench.notebooks import templates


def test_a_working_folder_has_all_that_the_templates_ask_for(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "work")
    assert {path.stem for path in (folder / "notebooks").iterdir()} == set(templates())
    assert (folder / "notebooks/../sample_data/market/accounts.csv").is_file()


def test_work_is_never_overwritten(tmp_path: Path) -> None:
    mine = prepare(tmp_path) / "notebooks/start_here.ipynb"
    mine.write_text("my work")
    (tmp_path / "notebooks/hunt_rings.ipynb").unlink()
    prepare(tmp_path)
    assert mine.read_text() == "my work"
    assert (tmp_path / "notebooks/hunt_rings.ipynb").is_file()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "work").touch()
    with pytest.raises(UsageError, match="is a file"):
        prepare(tmp_path / "work")


def test_lab_opens_on_the_first_notebook() -> None:
    words = command(Path("/w"), browser=False, port=9123, extra=["--ServerApp.quit_button=False"])
    assert words[1:4] == ["-m", "jupyterlab", "--ServerApp.root_dir=/w"]
    assert "--LabApp.default_url=/lab/tree/notebooks/start_here.ipynb" in words
    assert {"--no-browser", "--ServerApp.port=9123", "--ServerApp.quit_button=False"} <= set(words)
    assert "--no-browser" not in command(Path("/w"))


def test_lab_asks_nobody_for_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/theirs")
    ours, theirs = environment()["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    settings = json.loads((Path(ours) / "labconfig/default_setting_overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert theirs == "/theirs"
