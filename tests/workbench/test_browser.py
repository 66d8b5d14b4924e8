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
    wait,
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


def test_the_check_is_read_and_filled_in_by_keyboard_alone(lab: Lab, browser: Any, tmp_path: Path) -> None:
    """From the field of one's reading on: Tab, words, Space; no mouse. What is refused is read out under the panel."""
    from selenium.webdriver.common.keys import Keys

    open_notebook(browser, lab, "check_before_removal.ipynb")
    run_all(browser, lab, "check_before_removal.ipynb")

    def keys(*pressed: str) -> None:
        browser.execute_script("document.querySelector('.tns-panel textarea').focus()")
        for one in pressed:
            browser.switch_to.active_element.send_keys(one)

    def said() -> str:
        return str(browser.execute_script("return document.querySelector('.tns-panel [role]')?.textContent || ''"))

    wait("the panel", lambda: browser.find_elements("css selector", ".tns-panel textarea"))
    keys(Keys.TAB, Keys.SPACE)
    wait("what is missing", lambda: "is empty" in said())
    keys("They share a card and a house.", Keys.TAB, Keys.SPACE)
    wait("what was decided before", lambda: "is shown now" in said())
    pictured(browser, "check_before_removal_read", tmp_path)
    over = "return [...document.querySelectorAll('.tns-panel')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert browser.execute_script(over) == 0
    close(browser)
    assert (outside(browser), complaints(browser)) == ([], [])
