"""Everything in the explorer that has no test elsewhere, done by mouse and keyboard in one JupyterLab, one step after the other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytest.importorskip("selenium")

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.markets import seen
from tests.workbench.browsers import chromium_in, complaints, outside, pictured, wait
from tests.workbench.explored import Page, opened, write
from tnskit.review.cases import CaseLog

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAME, LATER = "2024-01-01 2024-03-01", "2024-08-01 2024-09-01"
CELL = """
import tnskit as tns
from pathlib import Path
links = tns.link(tns.load("market", tz="UTC"))
explorer = tns.explore(links, "A", log=tns.CaseLog("cases.db", by="ana"))
explorer.observe(lambda _: Path("told.txt").write_text(repr(explorer.view)), ["_state"])
explorer
"""
SEEN = "return root.tnsCanvas.nodes(':visible').filter(n => !arguments[1] || n.data('kind') === arguments[1]).map(n => n.data('name'))"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shares a bank account with each of B0 to B7; B0 shares two things with C later."""
    monkeypatch.setenv("TNSKIT_KEY", "00112233445566778899aabbccddeeff" * 2)
    folder = tmp_path / "work"
    (folder / "market").mkdir(parents=True)
    others = [f"B{n}" for n in range(8)]
    lines = [f"{name} payout ba_{n:02}aa88 {SAME}" for n, other in enumerate(others) for name in ("A", other)]
    lines += [f"{name} {value} {LATER}" for name in ("B0", "C") for value in ("device dv_77cc88", "payout ba_zz77")]
    pd.DataFrame({"account_id": ["A", "C", *others]}).to_csv(folder / "market/accounts.csv", index=False)
    pd.DataFrame(seen(*lines)).to_csv(folder / "market/identifiers.csv", index=False)
    write(folder / "explore.ipynb", CELL)
    return folder


@pytest.fixture
def page(chromium: str, work: Path, tmp_path: Path) -> Iterator[Page]:
    with (
        chromium_in(chromium, tmp_path / "browser", height=1100) as browser,
        opened("lab", work / "explore.ipynb", browser, tmp_path),
    ):
        kept = {"behavior": "allow", "downloadPath": str(tmp_path / "kept")}
        browser.execute_cdp_cmd("Browser.setDownloadBehavior", kept)
        yield Page(browser)


def field(page: Page, name: str) -> Any:
    """What a screen reader calls so."""
    found = page.root.find_element(By.CSS_SELECTOR, f"[aria-label='{name}']")
    page.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
    return found


def keys(page: Page, *pressed: str) -> None:
    """Press keys wherever the focus is."""
    ActionChains(page.browser, duration=50).send_keys(*pressed).perform()


def undo(page: Page) -> None:
    """Ctrl-Z, in the picture."""
    page.js("root.querySelector('.stage').focus()")
    ActionChains(page.browser).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()


def test_by_hand(page: Page, work: Path, tmp_path: Path) -> None:
    assert page.told == "9 of 9 accounts shown, links from 'possible' up."
    searched(page)
    filtered(page, work)
    moved(page, work)
    marked(page, work)
    by_keyboard(page)
    saved(page, tmp_path / "kept")
    while field(page, "Take the last step back").is_enabled():
        before = page.js("return root.querySelector('.said').dataset.said")
        page.button("Undo")
        wait("the step back", lambda before=before: page.js("return root.querySelector('.said').dataset.said") != before)
    wait("the first view", lambda: page.told == "9 of 9 accounts shown, links from 'possible' up.")
    assert (outside(page.browser), complaints(page.browser)) == ([], [])
    page.browser.get((tmp_path / "kept/explorer.html").as_uri())
    kept = Page(page.browser)
    assert kept.told == "10 of 10 accounts shown, links from 'possible' up."
    kept.click("B0")
    kept.says("A and B0")
    assert (outside(page.browser), complaints(page.browser)) == ([], [])


def searched(page: Page) -> None:
    """An account of the market, and a masked value of the picture."""
    field(page, "Search").send_keys("zebra", Keys.ENTER)
    page.says("No account begins with 'zebra'")
    field(page, "Search").clear()
    field(page, "Search").send_keys("C", Keys.ENTER)
    page.says("1 found")
    page.button("C (bring it in)")
    wait("C", lambda: page.told.startswith("10 of 10"))


def filtered(page: Page, work: Path) -> None:
    """By label, by what is drawn, by kind and by time; each is taken back."""
    Select(field(page, "Weakest link that is drawn")).select_by_visible_text("strong links")
    wait("strong links", lambda: page.told.endswith("links from 'strong' up."))
    undo(page)
    wait("possible links", lambda: page.told.endswith("links from 'possible' up."))
    Select(field(page, "What is drawn")).select_by_visible_text("accounts and what they share")
    wait("a device between two accounts", lambda: len(page.js(SEEN, "device")) == 1)
    legend = next(one for one in page.root.find_elements(By.CSS_SELECTOR, ".kinds label") if one.text.strip() == "device")
    legend.click()
    wait("no device", lambda: page.js(SEEN, "device") == [] and len(page.js(SEEN, "payout")) == 9)
    pictured(page.browser, "explorer_by_hand_kinds", work.parent)
    undo(page)
    wait("the device", lambda: len(page.js(SEEN, "device")) == 1)
    since = field(page, "Used on this day or later")
    hold = ActionChains(page.browser, duration=50).move_to_element_with_offset(since, 8 - since.size["width"] // 2, 0).click_and_hold()
    hold.move_by_offset(int(since.size["width"] * 0.6), 0).release().perform()
    wait("only what was used later", lambda: sorted(page.js(SEEN, "account")) == ["A", "B0", "C"])
    since.send_keys(Keys.HOME)
    wait("all of the time", lambda: len(page.js(SEEN, "account")) == 10)
    Select(field(page, "What is drawn")).select_by_visible_text("accounts")
    wait("accounts only", lambda: len(page.js(SEEN, "")) == 10)


def moved(page: Page, work: Path) -> None:
    """Dragged and so pinned, let go; hidden and shown again."""

    def view() -> str:
        return (work / "told.txt").read_text()

    x, y = page.where("B1")
    stage = page.root.find_element(By.CSS_SELECTOR, ".view")
    page.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", stage)
    hands = ActionChains(page.browser, duration=100).move_to_element_with_offset(stage, round(x), round(y)).click_and_hold()
    hands.move_by_offset(15, 10).move_by_offset(15, 10).release().perform()
    wait("the pin", lambda: "pinned={'B1'" in view())
    page.click("B1")
    page.says("A and B1")
    page.js("root.querySelector('.stage').focus()")
    keys(page, "p")
    wait("no pin", lambda: "pinned={}" in view())
    page.click("B2")
    page.says("A and B2")
    page.button("Hide")
    wait("one hidden", lambda: page.told.endswith("1 hidden.") and "B2" not in page.js(SEEN, ""))
    page.button("Show hidden")
    wait("none hidden", lambda: "hidden" not in page.told and "B2" in page.js(SEEN, ""))


def marked(page: Page, work: Path) -> None:
    """A value that many share, and two who are not one: written to the log with a reason, lifted by undo."""
    log = CaseLog(work / "cases.db", by="eva")
    Select(field(page, "What is drawn")).select_by_visible_text("accounts and what they share")
    (device,) = wait("the device", lambda: page.js(SEEN, "device"))
    page.click(device)
    page.says("seen with 2 accounts")
    page.button("Mark as shared by many")
    write_it = "Write it to the case log"
    page.button(write_it)
    assert log.suppressions().empty
    field(page, "How that is known").send_keys("The front desk pays for all of them.")
    page.button(write_it)
    page.says("as event 1")
    assert len(log.suppressions()) == 1
    undo(page)
    wait("it is lifted", lambda: log.suppressions().empty)
    Select(field(page, "What is drawn")).select_by_visible_text("accounts")
    wait("accounts only", lambda: len(page.js(SEEN, "")) == 10)
    page.click("A")
    page.click("B3", shift=True)
    page.button("Not the same person")
    keys(page, "Both came to the desk with their papers.", Keys.TAB, Keys.ENTER)
    page.says("It holds once a second person has agreed")
    assert len(log.dissociations()) == 1
    undo(page)
    wait("it is lifted", lambda: log.dissociations().empty)
    log.close()


def by_keyboard(page: Page) -> None:
    """No mouse: from the picture to the search, and through the table that mirrors it."""
    page.js("root.querySelector('.stage').focus()")
    keys(page, Keys.ESCAPE, Keys.ARROW_RIGHT, Keys.ENTER)
    page.says("A and B")
    keys(page, "w")
    page.says("In thought only")
    undo(page)
    page.says("The last step was taken back")
    keys(page, "/")
    assert page.browser.switch_to.active_element.get_attribute("type") == "search"
    page.js("root.querySelector('summary').focus()")
    keys(page, Keys.ENTER)
    wait("the table", lambda: page.js("return root.querySelectorAll('.mirror tbody tr').length") == len(page.js(SEEN, "")))
    assert page.js("return root.querySelector('caption').textContent") == page.told
    keys(page, Keys.TAB, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ENTER)
    chosen = "return [...root.querySelectorAll('tr[aria-selected=true]')].map(one => one.cells[0].textContent)"
    (name,) = wait("one row", lambda: page.js(chosen))
    assert page.js("return root.tnsCanvas.nodes('.chosen').map(n => n.data('name'))") == [name]
    page.says(f"A and {name}")
    page.click("B5")
    wait("its row", lambda: page.js(chosen) == ["B5"])


def saved(page: Page, kept: Path) -> None:
    """As a picture, as a page and as code."""
    for words, name, begin in (
        ("picture (PNG)", "png", b"\x89PNG"),
        ("picture (SVG)", "svg", b"<?xml"),
        ("page that", "html", b"<!doctype"),
    ):
        choice = next(one for one in Select(field(page, "Save as")).options if one.text.startswith(words))
        choice.click()
        page.says(f"Saved as explorer.{name}")
        file = kept / f"explorer.{name}"
        assert wait(name, lambda file=file: file.exists() and file.read_bytes()).startswith(begin)
    Select(field(page, "Save as")).select_by_visible_text("cell that recreates it")
    assert wait("the code", lambda: page.js("return root.querySelector('.code')?.value")).startswith("tns.explore(links, 'A'")
