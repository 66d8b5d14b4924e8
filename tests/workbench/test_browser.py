"""The real thing: JupyterLab in a real browser runs every template, in light and dark, and nothing leaves."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.browsers import (
    Lab,
    chromium_in,
    close,
    complaints,
    do,
    lab_in,
    open_lab,
    open_notebook,
    outside,
    pictured,
    run_all,
    theme,
)
from tnskit.workbench.notebooks import templates

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab_in(tmp_path_factory.mktemp("lab")) as made:
        yield made


@pytest.fixture(scope="module")
def browser(chromium: str, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium_in(chromium, tmp_path_factory.mktemp("browser")) as made:
        open_lab(made, lab)
        yield made


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_template_runs_without_an_error_and_nothing_leaves(lab: Lab, browser: Any, name: str, tmp_path: Path) -> None:
    open_notebook(browser, lab, f"{name}.ipynb")
    do(browser, "notebook:clear-all-cell-outputs")
    cells = run_all(browser, lab, f"{name}.ipynb")
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert [one for cell in cells for one in cell["outputs"] if one["output_type"] == "error"] == []
    assert [bool(cell["metadata"].get("jupyter", {}).get("source_hidden")) for cell in cells] == [False] + [True] * (len(cells) - 1)
    for light in ("Light", "Dark"):
        theme(browser, light)
        time.sleep(0.5)
        pictured(browser, f"{name}_{light.lower()}", tmp_path)
    assert "get notified" not in browser.page_source
    close(browser)
    assert (outside(browser), complaints(browser)) == ([], [])
