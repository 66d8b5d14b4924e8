"""What the explorer costs in a real browser: time from click to answer on a large market, frames while it is moved, pictures of it.

    python -m benchmarks.explorer --accounts 1000000 --clicks 60
    python -m benchmarks.explorer --pictures FOLDER

The market is the one of `benchmarks/markets.py`, loaded, linked and saved once; a JupyterLab opens it with `tns.open`. A click is the
event that a click of the mouse gives; its time ends when the answer stands in the panel. Chromium runs without a window and without
WebGL, so frames are drawn by the processor. Pictures are taken at 10, 100, 500 and 2,000 nodes, light and dark.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.common.by import By

from tests.workbench.browsers import chromium_in
from tests.workbench.explored import Page, opened, write
from tnskit.cleaning.market import load
from tnskit.errors import TnskitError
from tnskit.evidence.links import Links, link, open_links
from tnskit.workbench.explorer import explore

FOLDER = Path(tempfile.gettempdir(), "tnskit-bench")
SIZES = (10, 100, 500, 2_000)


def saved(accounts: int) -> Path:
    """Make, load, link and save a market once, and again when the rules have changed."""
    folder = FOLDER / f"explorer-{accounts}"
    try:
        open_links(folder / "links")
    except TnskitError:
        from benchmarks.markets import make

        (folder / "market").mkdir(parents=True, exist_ok=True)
        make(accounts, folder / "market/identifiers.parquet")
        db = duckdb.connect()
        part = str(folder / "market").replace("'", "''")
        db.execute(f"COPY (SELECT DISTINCT account_id FROM '{part}/identifiers.parquet' ORDER BY 1) TO '{part}/accounts.parquet'")
        link(load(folder / "market")).save(folder / "links")
    return folder / "links"


def asked(links: Links, many: int) -> list[str]:
    """Accounts that have a link, drawn by lot."""
    found = links.engine.run("SELECT DISTINCT a FROM pair WHERE label <> 'no reliable link' ORDER BY a")["a"].to_numpy()
    return links.index.ids(np.random.default_rng(7).choice(found, many, replace=False))


TIMED = """
const root = arguments[0], id = arguments[1], end = arguments[arguments.length - 1], said = root.querySelector('.said');
const begin = performance.now();
const seen = new MutationObserver(() => { seen.disconnect(); requestAnimationFrame(() => end(performance.now() - begin)); });
seen.observe(said, { attributes: true, attributeFilter: ['data-said'] });
if (arguments[2] === 'search') { const box = root.querySelector('input[type=search]'); box.value = id; box.form.requestSubmit(); }
else root.tnsCanvas.getElementById(id).emit(arguments[2] === 'open' ? 'dbltap' : 'tap');
"""
FRAMES = """
window.took = []; window.going = true; let last = performance.now();
const step = () => { const now = performance.now(); took.push(now - last); last = now; if (going) requestAnimationFrame(step); };
requestAnimationFrame(step);
"""


def clicks(chromium: str, accounts: int, many: int) -> None:
    """Print time from click to answer in JupyterLab."""
    folder = saved(accounts)
    names = asked(open_links(folder), max(2, many // 6))
    took: dict[str, list[float]] = {"edge": [], "account": [], "open": [], "search": []}
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch, "work")
        work.mkdir()
        cells = f"import tnskit as tns\nlinks = tns.open({str(folder)!r})\nexplorer = tns.explore(links, {names[0]!r})\nexplorer"
        notebook = write(work / "explore.ipynb", cells)
        with chromium_in(chromium, Path(scratch, "browser"), height=1100) as browser, opened("lab", notebook, browser, Path(scratch)):
            page = Page(browser)

            def one(kind: str, what: str) -> None:
                took[kind].append(float(browser.execute_async_script(TIMED, page.root, what, kind)))

            for name in names:
                one("search", name)
                page.button(name)
                page.js("root.querySelector('.said').dataset.said = '0'")
                page.button("Explore around it")
                time.sleep(1)
                ids = page.js("return root.tnsCanvas.nodes().filter(n => n.data('kind') === 'account').map(n => n.id()).slice(0, 3)")
                for place in ids:
                    one("account", place)
                for place in page.js("return root.tnsCanvas.edges().map(e => e.id()).slice(0, 2)"):
                    one("edge", place)
                if more := page.js("return root.tnsCanvas.nodes().filter(n => n.data('linked') > n.data('inside')).map(n => n.id())"):
                    one("open", more[0])
    every = np.concatenate([np.array(times) for times in took.values()])
    for kind, times in [*took.items(), ("all", every)]:
        if len(times):
            print(f"{kind:8} {len(times):4} times: median {np.median(times):6.0f} ms, p95 {np.quantile(times, 0.95):6.0f} ms")


def sized(links: Links, size: int) -> Any:
    """So many accounts of a market: the largest groups that hang together, one after the other."""
    groups = links.clusters("possible")
    many = groups.groupby("cluster_id")["account_id"].transform("size")
    names = groups.assign(many=many).sort_values(["many", "cluster_id", "account_id"], ascending=[False, True, True])["account_id"]
    return explore(links, list(names.head(size)), opened={}, most=size)


def dragged(page: Page) -> Any:
    """How long each frame takes, in ms, while the picture is dragged to and fro by the mouse."""
    hold = ActionChains(page.browser, duration=30)
    hold.move_to_element_with_offset(page.root.find_element(By.CSS_SELECTOR, ".view"), -450, -240).click_and_hold()
    for turn in range(40):
        hold.move_by_offset(5 if turn % 2 else -4, 3 if turn % 3 else -4)
    page.browser.execute_script(FRAMES)
    hold.release().perform()
    return np.array(page.browser.execute_script("going = false; return took")[1:])


def wheeled(page: Page) -> Any:
    """How long each frame takes, in ms, while the wheel of the mouse zooms in and out."""
    stage = page.root.find_element(By.CSS_SELECTOR, ".view")
    turns = ActionChains(page.browser, duration=0)
    for turn in range(48):
        # in for a dozen notches, then out for a dozen
        turns.scroll_from_origin(ScrollOrigin.from_element(stage), 0, -40 if turn // 12 % 2 == 0 else 40).pause(0.03)
    before = page.js("return root.tnsCanvas.zoom()")
    page.browser.execute_script("window.zooms = 0; arguments[0].tnsCanvas.on('zoom', () => (window.zooms += 1))", page.root)
    page.browser.execute_script(FRAMES)
    turns.perform()
    frames = np.array(page.browser.execute_script("going = false; return took")[1:])
    assert page.browser.execute_script("return zooms") > 10, f"the wheel does not zoom; it stands at {before}"
    return frames


def told(frames: Any) -> str:
    """Give the median and the 95th percentile of times in words."""
    return f"{np.median(frames):4.0f} ms (p95 {np.quantile(frames, 0.95):4.0f} ms)"


def pictures(chromium: str, links: Links, folder: Path) -> None:
    """Take pictures, and print how long a frame takes while the picture is dragged and zoomed."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for size in SIZES:
            begin = time.process_time()
            view = sized(links, size)
            file = view.save(Path(scratch, f"{size}.html"))
            made = time.process_time() - begin
            nodes, edges = len(view._scene["nodes"]), len(view._scene["edges"])
            for dark in (False, True):
                with chromium_in(chromium, Path(scratch, f"browser-{size}-{dark}"), height=1000) as browser:
                    media = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
                    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
                    browser.get(file.as_uri())
                    page = Page(browser)
                    page.js("root.tnsCanvas.edges().first().emit('tap')")
                    time.sleep(1)
                    browser.save_screenshot(str(folder / f"explorer_{size}_{'dark' if dark else 'light'}.png"))
                    frames, zoomed = dragged(page), wheeled(page)
            print(f"{nodes:5,} nodes, {edges:6,} links: {made:5.1f} CPU s in Python; a frame takes {told(frames)} while dragged, "
                  f"{told(zoomed)} while the wheel zooms")  # fmt: skip


def main() -> None:
    """Run what is asked for."""
    asks = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asks.add_argument("--accounts", type=int, default=1_000_000)
    asks.add_argument("--clicks", type=int, default=60)
    asks.add_argument("--pictures", type=Path, help="take pictures into this folder instead")
    asks.add_argument("--links", type=Path, help="saved links to take pictures of; those of --accounts if left out")
    wanted = asks.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or os.environ.get("CHROMIUM", "")
    if wanted.pictures:
        pictures(chromium, open_links(wanted.links or saved(wanted.accounts)), wanted.pictures)
    else:
        clicks(chromium, wanted.accounts, wanted.clicks)


if __name__ == "__main__":
    main()
