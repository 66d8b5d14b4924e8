"""The real thing: JupyterLab in a real browser runs a template, in light and dark, and nothing leaves."""

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import needs
from tnskit.workbench.lab import command, environment, prepare

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECONDS = 180
"""How long the slowest step may take on a slow machine."""
LOCAL = re.compile(r"(https?|wss?)://(localhost|127\.0\.0\.1|\[::1\])[:/]|data:|blob:|about:|chrome:|devtools:")


def wait(what: str, found: Any, seconds: int = SECONDS) -> Any:
    """Ask until the answer is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := found():
            return answer
        time.sleep(0.3)
    raise AssertionError(f"waited {seconds} s for {what}")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab in a fresh working folder, with its token."""
    folder = prepare(tmp_path / "work")
    home = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    told = tmp_path / "said.txt"
    with told.open("w") as said:
        process = subprocess.Popen(command(folder, browser=False), env={**environment(), **home}, stdout=said, stderr=said)
        try:
            yield wait("JupyterLab", lambda: re.search(r"http://localhost:\d+/\S*token=\w+", told.read_text())).group()
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture
def browser(chromium: str, tmp_path: Path) -> Iterator[Any]:
    """A Chromium without a window that notes every request."""
    webdriver = pytest.importorskip("selenium.webdriver")
    driver = next((p for p in ("/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver") if Path(p).exists()), "")
    needs("chromedriver (Debian: apt install chromium-driver)", driver)
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    words = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --window-size=1400,4200"
    quiet = "--disable-background-networking --disable-component-update --no-first-run --disable-sync"
    for word in [*words.split(), *quiet.split(), f"--user-data-dir={tmp_path / 'browser'}"]:
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    window = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield window
    finally:
        window.quit()


def requests(browser: Any) -> set[str]:
    """The addresses that the page has asked for."""
    told = (json.loads(line["message"])["message"] for line in browser.get_log("performance"))
    asked = {"Network.requestWillBeSent": ("request", "url"), "Network.webSocketCreated": ("url",)}
    found = set()
    for message in told:
        if way := asked.get(message["method"]):
            value = message["params"]
            for step in way:
                value = value[step]
            found.add(value)
    return found


def open_notebook(browser: Any, lab: str, name: str) -> None:
    server, token = re.match(r"(http://[^/]+/)\S*token=(\w+)", lab).groups()  # type: ignore[union-attr]  # the fixture has seen it match
    browser.get(f"{server}lab/tree/notebooks/{name}?token={token}")
    wait(
        "the notebook",
        lambda: browser.execute_script("return document.querySelectorAll('.jp-Notebook .jp-Cell').length > 5"),
    )
    wait("the kernel", lambda: "Idle" in (browser.execute_script(_KERNEL) or ""))


_KERNEL = """
const sign = document.querySelector('.jp-Notebook-ExecutionIndicator, .jp-Toolbar-kernelStatus');
return sign ? (sign.getAttribute('data-status') || sign.title || '').replace(/^./, s => s.toUpperCase()) : '';
"""
_PROMPTS = """
const cells = document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt');
return [...cells].map(cell => cell.textContent.trim());
"""


def press(browser: Any, text: str) -> None:
    """Run a command of the menu by its words."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    area = browser.find_element(By.TAG_NAME, "body")
    area.send_keys(Keys.CONTROL, Keys.SHIFT, "c")
    box = wait("the commands", lambda: browser.find_elements(By.CSS_SELECTOR, ".lm-CommandPalette-input"))[0]
    box.send_keys(text)
    time.sleep(0.5)
    box.send_keys(Keys.ENTER)


def folder_of_pictures(tmp_path: Path) -> Path:
    """Where the pictures of the screen go: a folder that outlives the test if one is named."""
    folder = Path(os.environ.get("TNSKIT_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_investigate_account_runs_in_the_browser_and_nothing_leaves(lab: str, browser: Any, tmp_path: Path) -> None:
    open_notebook(browser, lab, "investigate_account.ipynb")
    assert "get notified" not in browser.page_source
    press(browser, "Clear Outputs of All Cells")
    wait("no outputs", lambda: set(browser.execute_script(_PROMPTS)) == {"[ ]:"})
    press(browser, "Run All Cells")
    wait(
        "all cells",
        lambda: (told := browser.execute_script(_PROMPTS)) and all(re.fullmatch(r"\[\d+\]:", one) for one in told),
    )
    time.sleep(2)
    errors = browser.execute_script(
        "return [...document.querySelectorAll('.jp-OutputArea-output[data-mime-type*=error]')].map(one => one.textContent)"
    )
    assert errors == []
    assert browser.execute_script("return document.querySelectorAll('.jp-OutputArea-output img').length") >= 4
    for theme in ("Light", "Dark"):
        press(browser, f"Use Theme: JupyterLab {theme}")
        wait(
            theme,
            lambda theme=theme: browser.execute_script("return document.body.dataset.jpThemeLight") == str(theme == "Light").lower(),
        )
        time.sleep(1)
        picture = folder_of_pictures(tmp_path) / f"investigate_account_{theme.lower()}.png"
        assert browser.save_screenshot(str(picture))
    assert [address for address in requests(browser) if not LOCAL.match(address)] == []
