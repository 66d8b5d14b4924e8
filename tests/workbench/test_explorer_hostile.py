"""A market whose every text tries to run: nothing of it does, seen from inside the browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

pytest.importorskip("selenium")

from tests.hostile import PAYLOADS, hostile_market
from tests.workbench.browsers import chromium_in, complaints, outside, pictured, wait
from tests.workbench.explored import Page, opened, write
from tnskit.evidence.links import Links, link
from tnskit.findings.explain import explain
from tnskit.findings.graph import graph
from tnskit.findings.rings import rings
from tnskit.findings.timeline import timeline
from tnskit.workbench.explorer import explore
from tnskit.workbench.plots import draw

mpl.use("Agg")
WATCH = """
window.hits = [];
window.pwned = (one) => { window.hits.push(String(one)); };
for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = (one) => { window.hits.push(name); };
"""
CLICK_ALL = """
const cy = root.tnsCanvas; root.querySelector('details').open = true;
const all = cy.elements().toArray(); const end = arguments[arguments.length - 1];
(async () => { for (const one of all.slice(arguments[1], arguments[2])) { one.emit('mouseover'); one.emit('tap'); await new Promise(r => setTimeout(r, arguments[3])); }
end(all.length); })();
"""


@pytest.fixture(scope="module")
def links() -> Links:
    return link(hostile_market())


@pytest.fixture
def browser(chromium: str, tmp_path: Path) -> Iterator[Any]:
    with chromium_in(chromium, tmp_path / "browser", height=1100) as window:
        window.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        yield window


def click_all(page: Page, first: int, last: int, pause: int) -> int:
    found = page.browser.execute_async_script(f"const root = arguments[0]; {CLICK_ALL}", page.root, first, last, pause)
    return int(found)


def test_there_are_a_hundred() -> None:
    assert len(set(PAYLOADS)) == 100


def test_none_is_lost_and_every_picture_is_drawn(links: Links) -> None:
    assert len(links.loaded()) == 101
    seen = graph(links, "A0")
    assert len(seen) >= 90
    other = next(iter(seen["A0"]))
    for value in (
        seen,
        graph(links, "A0", two_mode=True),
        explain(links, "A0", other),
        rings(links),
        timeline(links.loaded(), ["A0", *PAYLOADS[:20]]),
    ):
        ax = draw(value)
        ax.figure.canvas.draw()
        assert not any(text.get_parse_math() for text in ax.texts)
        mpl.pyplot.close(ax.figure)
    for form in ("matrix", "growth"):
        mpl.pyplot.close(draw(seen, form=form).figure)


def test_scenes_stay_small_whatever_names_are(links: Links) -> None:
    scene = explore(links, "A0", opened={"A0": 200})._scene
    assert max(len(str(one)) for one in scene["nodes"]) < 1_000
    assert not any(sign in one["name"] for one in scene["nodes"] for sign in "\u202e\u200b\ufeff\u2066")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("two_mode", [False, True])
def test_nothing_runs_in_a_saved_page(links: Links, browser: Any, tmp_path: Path, two_mode: bool) -> None:
    browser.get(explore(links, "A0", opened={"A0": 200}, two_mode=two_mode).save(tmp_path / "view.html").as_uri())
    page = Page(browser)
    assert click_all(page, 0, 1_000, 5) > 150
    assert page.js("return window.hits") == []
    assert (outside(browser), complaints(browser)) == ([], [])
    pictured(browser, f"explorer_hostile_{two_mode}", tmp_path)
    page.js("root.insertAdjacentHTML('beforeend', arguments[1])", "<img src=x onerror=pwned(1)>")
    wait("the watch to see what does run", lambda: page.js("return window.hits") == ["1"])


@pytest.mark.browser
@pytest.mark.slow
def test_nothing_runs_in_jupyterlab(links: Links, browser: Any, tmp_path: Path) -> None:
    links.save(tmp_path / "work/links")
    cell = (
        "import tnskit as tns\nlinks = tns.open('links')\nexplorer = tns.explore(links, 'A0', opened={'A0': 200}, two_mode=True)\nexplorer"
    )
    notebook = write(
        tmp_path / "work/explore.ipynb", cell, "print(explorer.text)", "tns.explain(links, 'A0', next(iter(explorer.graph['A0'])))"
    )
    with opened("lab", notebook, browser, tmp_path):
        page = Page(browser)
        for first in range(0, 400, 40):
            click_all(page, first, first + 4, 150)
        page.js("const box = root.querySelector('input[type=search]'); box.value = '<'; box.form.requestSubmit()")
        page.says("found")
        assert page.js("return window.hits") == []
        assert (outside(browser), complaints(browser)) == ([], [])
        pictured(browser, "explorer_hostile_lab", tmp_path)
