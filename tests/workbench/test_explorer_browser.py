"""The explorer as people meet it: in JupyterLab, Jupyter Notebook and Voila, in a real browser without a graphics card."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT
from tests.markets import linked

pytest.importorskip("selenium")

from tests.workbench.browsers import DAY, STATUS, Lab, chromium_in, complaints, do, outside, pictured, run_all, theme, wait
from tests.workbench.explored import FRONTS, Page, opened, write
from tnskit.findings.explain import explain
from tnskit.workbench.explorer import explore
from tnskit.workbench.lab import environment, prepare

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAME, LATER = "2024-01-01 2024-03-01", "2024-08-01 2024-09-01"
OPEN = "import tnskit as tns\nfrom pathlib import Path\nimport json\nlinks = tns.open('links')\nexplorer = tns.explore(links, 'A')"
TELL = """
def told(_=None):
    Path("told.json").write_text(json.dumps({"selected": explorer.selected, "view": repr(explorer.view), "code": explorer.code}))
explorer.observe(told, ["selected", "_state"])
told()
explorer
"""


def star() -> Any:
    """A shares a bank account with each of B00 to B29; B00 shares two things with C later; B05 was removed."""
    others = [f"B{n:02}" for n in range(30)]
    accounts = [{"account_id": name, "status": "removed" if name == "B05" else "active", "role": "pro"} for name in ["A", "C", *others]]
    lines = [f"{name} payout ba_{n:02}aa88 {SAME}" for n, other in enumerate(others) for name in ("A", other)]
    lines += [f"{n} {value} {LATER}" for n in ("B00", "C") for value in ("device dv_77cc88", "payout ba_zz77")]
    return linked(accounts, *lines)


def head() -> str:
    told = explain(star(), "A", "B00")
    return f"A and B00: {told.label}, {told.score:g} points"


@pytest.fixture
def browser(chromium: str, tmp_path: Path) -> Iterator[Any]:
    with chromium_in(chromium, tmp_path / "browser", height=1100) as window:
        yield window


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    star().save(folder / "links")
    write(folder / "explore.ipynb", OPEN, TELL)
    return folder


def python(work: Path) -> dict[str, Any]:
    """What the kernel holds."""
    found: dict[str, Any] = json.loads((work / "told.json").read_text())
    return found


@pytest.mark.parametrize("front", FRONTS)
def test_it_answers_wherever_it_is_shown(front: str, browser: Any, work: Path, tmp_path: Path) -> None:
    pytest.importorskip({"lab": "jupyterlab"}.get(front, front))
    with opened(front, work / "explore.ipynb", browser, tmp_path):
        page = Page(browser)
        assert started(browser, front) == []
        assert page.told == "26 of 31 accounts shown, links from 'possible' up."
        page.click("B00")
        assert head() in page.says("A and B00")
        wait("the selection in Python", lambda: python(work)["selected"] == ["B00"])
        page.click("B00", twice=True)
        wait("C", lambda: "27 of" in page.told)
        assert "1 more accounts are shown" in page.said
        page.click("C")
        page.click("B01", shift=True)
        page.button("Path between them")
        page.says("C – B00 – A – B01")
        wait("the path in Python", lambda: python(work)["selected"] == ["C", "B00", "A", "B01"])
        page.click("A")
        page.button("What if it were not there?")
        page.says("accounts that hung together fall into")
        pictured(browser, f"explorer_{front}_what_if", tmp_path)
        page.button("Put everything back")
        page.says("Everything is back")
        for _ in range(3):
            page.button("Undo")
        wait("the first view", lambda: page.told == "26 of 31 accounts shown, links from 'possible' up.")
        assert outside(browser) == []
        assert complaints(browser) == []
        if front == "lab":
            for name in ("Light", "Dark"):
                theme(browser, name)
                wait(name, lambda name=name: page.js("return root.dataset.theme") == name.lower())
                page.click("B00")
                page.says("A and B00")
                pictured(browser, f"explorer_lab_{name.lower()}", tmp_path)
        if front == "notebook":
            the_check_is_shown_and_answers(browser, work, tmp_path)


def started(browser: Any, front: str) -> list[str]:
    """What the console complained of while a page started."""
    # the keyboard shortcuts of Notebook 7 are asked for before they are there, whatever the notebook holds
    return [one for one in complaints(browser) if front != "notebook" or "reading 'schema'" not in one]


def the_check_is_shown_and_answers(browser: Any, work: Path, tmp_path: Path) -> None:
    """A template in Jupyter Notebook: its words, figures, tables and panel, light and dark."""
    today = prepare(work, DAY)
    do(browser, "docmanager:save")
    browser.get(browser.current_url.partition("?")[0].replace("explore.ipynb", f"{today.name}/check_before_removal.ipynb"))
    wait("the notebook", lambda: browser.execute_script("return !!window.jupyterapp"))
    wait("the kernel", lambda: browser.execute_script(STATUS) == "idle")
    cells = run_all(browser, Lab("", "", today), "check_before_removal.ipynb")
    assert [one for cell in cells for one in cell["outputs"] if one["output_type"] == "error"] == []
    assert "A1565: Stop." in browser.execute_script("return document.querySelector('.jp-RenderedText').closest('.jp-Notebook').innerText")
    wide = "return [...document.querySelectorAll('.jp-RenderedImage img')].filter(one => one.naturalWidth > 400).length"
    wait("two figures", lambda: browser.execute_script(wide) == 2)
    wait("the panel", lambda: browser.find_elements("css selector", ".tns-panel table"))
    browser.find_element("css selector", ".tns-panel textarea").send_keys("They share a card and a house.")
    button = browser.find_element("xpath", "//div[contains(@class, 'tns-panel')]//button[starts-with(., 'Go on')]")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    said = "return document.querySelector('.tns-panel [role]')?.textContent ?? ''"
    wait("what was decided before", lambda: "is shown now" in browser.execute_script(said))
    for name in ("Dark", "Light"):
        theme(browser, name)
        pictured(browser, f"notebook_check_{name.lower()}", tmp_path)
    over = "const page = document.querySelector('.jp-WindowedPanel-outer'); return page.scrollWidth - page.clientWidth"
    assert browser.execute_script(over) <= 1
    assert (started(browser, "notebook"), outside(browser)) == ([], [])


def test_a_saved_page_opens_offline_and_answers(browser: Any, tmp_path: Path) -> None:
    file = explore(star(), "A", two_mode=True).save(tmp_path / "view.html")
    browser.get(file.as_uri())
    page = Page(browser)
    page.click("B00")
    page.says(head())
    assert outside(browser) == []
    assert complaints(browser) == []
    pictured(browser, "explorer_page", tmp_path)


def test_a_converted_notebook_shows_the_still_picture_and_asks_nobody(browser: Any, work: Path, tmp_path: Path) -> None:
    """As JupyterLab exports it and as `jupyter nbconvert` writes it under our settings, widget state and all; tables, figure and panel too."""
    figure = "why = tns.explain(links, 'A', 'B00')\ntns.draw(why)\nwhy.supports"
    panel = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.review.desks import checked\ntns.panel(checked())"
    write(work / "explore.ipynb", OPEN, figure, panel, TELL)
    made = nbformat.read(work / "explore.ipynb", 4)
    NotebookClient(made, kernel_name="python3", resources={"metadata": {"path": str(work)}}, store_widget_state=True).execute()
    nbformat.write(made, work / "explore.ipynb")
    assert "widgets" in made.metadata
    words = [sys.executable, "-m", "nbconvert", "--to", "html", str(work / "explore.ipynb")]
    subprocess.run(words, env=environment(), check=True, capture_output=True)
    browser.get((work / "explore.html").as_uri())
    wide = "return [...document.querySelectorAll('.jp-OutputArea-output img')].filter(one => one.naturalWidth > 400).length"
    wait("the explorer's picture and the figure", lambda: browser.execute_script(wide) == 2)
    tables = "document.querySelectorAll('details').forEach(one => (one.open = true)); return document.querySelectorAll('table').length"
    assert browser.execute_script(tables) > 3
    shown = browser.execute_script("return document.body.innerText")
    assert [word for word in ("strong", "Hard stops", "Four explanations") if word not in shown] == []
    assert "model not found" not in shown
    assert (outside(browser), complaints(browser)) == ([], [])
    pictured(browser, "explorer_nbconvert", tmp_path)
