"""A real JupyterLab and a real Chromium for tests: what runs, what is asked of the network, what the console says, what it looks like."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT, needs
from tnskit.workbench.lab import command, environment, prepare

SECONDS = 240
"""How long the slowest step may take on a slow machine."""
DAY = date(2026, 1, 5)
TOUR = ROOT / "docs/pictures/tour"
APART = 0.1
"""Mean difference of brightness from which a picture of the manual no longer shows what is there; another theme gives 0.7."""
LOCAL = re.compile(r"(https?|wss?)://(localhost|127\.0\.0\.1|\[::1\])[:/]|data:|blob:|about:|chrome:|devtools:|file:")
SPOKEN = re.compile(r"(https?://(?:localhost|127\.0\.0\.1):\d+/)\S*token=(\w+)")


def wait(what: str, found: Any, seconds: int = SECONDS) -> Any:
    """Ask until the answer is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := found():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s for {what}")


@contextlib.contextmanager
def served(words: list[str], surroundings: dict[str, str], folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Run a server until the end of the block; its address and token."""
    told = folder / f"{name}.txt"
    home = {one: str(folder / one) for one in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    with told.open("w") as said:
        process = subprocess.Popen(words, env={**surroundings, **home}, stdout=said, stderr=said, cwd=folder)
        try:
            yield wait(name, lambda: process.poll() is None and SPOKEN.search(told.read_text())).groups()
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                # a busy machine is slow to end kernels; nothing of a test may stay behind
                process.kill()
                process.wait()


class Lab:
    """A JupyterLab in a fresh working folder."""

    def __init__(self, address: str, token: str, today: Path) -> None:
        self.address, self.token, self.today = address, token, today


@contextlib.contextmanager
def lab_in(folder: Path) -> Iterator[Lab]:
    """Run a JupyterLab with the templates of a day."""
    today = prepare(folder / "work", DAY)
    words = command(today, browser=False, extra=["--LabApp.expose_app_in_browser=True"])
    # so that a notebook of a test finds what tests make
    with served(words, {**environment(), "PYTHONPATH": str(ROOT)}, folder, "JupyterLab") as (address, token):
        yield Lab(address, token, today)


@contextlib.contextmanager
def chromium_in(path: str, folder: Path, *, height: int = 2600) -> Iterator[Any]:
    """Run a Chromium without a window that notes every request."""
    webdriver = pytest.importorskip("selenium.webdriver")
    driver = next((p for p in ("/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver") if Path(p).exists()), "")
    needs("chromedriver (Debian: apt install chromium-driver)", driver)
    options = webdriver.ChromeOptions()
    options.binary_location = path
    plain = f"--headless=new --no-sandbox --disable-gpu --disable-3d-apis --disable-dev-shm-usage --window-size=1400,{height}"
    quiet = "--disable-background-networking --disable-component-update --no-first-run --disable-sync"
    for word in [*plain.split(), *quiet.split(), f"--user-data-dir={folder}"]:
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    window = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    window.set_script_timeout(SECONDS)
    try:
        yield window
    finally:
        window.quit()


def outside(browser: Any) -> list[str]:
    """The addresses beyond this machine that the pages have asked for since this was asked last."""
    told = (json.loads(line["message"])["message"] for line in browser.get_log("performance"))
    asked = {"Network.requestWillBeSent": ("request", "url"), "Network.webSocketCreated": ("url",)}
    found = set()
    for message in told:
        if way := asked.get(message["method"]):
            value = message["params"]
            for step in way:
                value = value[step]
            found.add(value)
    return sorted(address for address in found if not LOCAL.match(address))


def complaints(browser: Any) -> list[str]:
    """The errors that the console has shown since this was asked last."""
    return [line["message"] for line in browser.get_log("browser") if line["level"] == "SEVERE"]


def pictured(browser: Any, name: str, folder: Path) -> Path:
    """Keep a picture of the screen, in a folder that outlives the test if one is named; where the manual shows it, compare.

    `TNSKIT_TOUR=write` renews the pictures of the manual instead.
    """
    where = Path(os.environ.get("TNSKIT_SCREENSHOTS", folder))
    where.mkdir(parents=True, exist_ok=True)
    taken, shown = where / f"{name}.png", TOUR / f"{name}.png"
    assert browser.save_screenshot(str(taken))
    if os.environ.get("TNSKIT_TOUR") == "write" and name in (ROOT / "docs/tour.md").read_text(encoding="utf-8"):
        TOUR.mkdir(parents=True, exist_ok=True)
        small(taken).quantize(48).save(shown, optimize=True)
    if shown.exists():
        assert apart(shown, taken) < APART, f"{name} no longer looks as the manual shows it; look, then renew it with TNSKIT_TOUR=write"
    return taken


def small(picture: Path) -> Image.Image:
    """The upper part of a picture of the screen, as the manual shows it."""
    with Image.open(picture) as whole:
        width, height = whole.size
        return whole.convert("RGB").crop((0, 0, width, min(height, 1500))).resize((933, min(height, 1500) * 933 // width))


def apart(shown: Path, taken: Path) -> float:
    """How far two pictures are apart in their large features: 0 the same, 1 black and white."""
    with Image.open(shown) as one:
        mine = np.asarray(one.convert("L").resize((24, 24)), dtype=float)
    return float(np.abs(mine - np.asarray(small(taken).convert("L").resize((24, 24)), dtype=float)).mean() / 255)


def do(browser: Any, name: str, **values: Any) -> None:
    """Run a command of JupyterLab, as its menus do, and wait for its end."""
    # asked again and again: a request that waits as long as a slow notebook runs would be given up by the client
    begin = (
        "window.tnsEnd = null; window.jupyterapp.commands.execute(arguments[0], arguments[1])"
        ".then(() => (window.tnsEnd = ['']), no => (window.tnsEnd = [`${no}`]));"
    )
    browser.execute_script(begin, name, values)
    assert wait(name, lambda: browser.execute_script("return window.tnsEnd")) == [""]


def open_lab(browser: Any, lab: Lab, who: str = "ana") -> None:
    """Open JupyterLab with nothing in it, at one person's desk."""
    browser.get(f"{lab.address}lab/workspaces/{who}?token={lab.token}")
    wait("JupyterLab", lambda: browser.execute_script("return !!(window.jupyterapp && document.querySelector('#main'))"))
    browser.execute_async_script("const end = arguments[0]; window.jupyterapp.restored.then(() => end());")


def open_notebook(browser: Any, lab: Lab, name: str) -> None:
    """Open a notebook of today and wait for its kernel."""
    do(browser, "docmanager:open", path=f"{lab.today.name}/{name}", factory="Notebook")
    wait("the kernel", lambda: browser.execute_script(STATUS) == "idle")


def run_all(browser: Any, lab: Lab, name: str) -> list[dict[str, Any]]:
    """Run all cells of the open notebook, save it, and give its code cells as they are on the disk."""
    do(browser, "notebook:run-all-cells")
    wait("the kernel to rest", lambda: browser.execute_script(STATUS) == "idle")
    do(browser, "docmanager:save")
    told = json.loads((lab.today / name).read_text(encoding="utf-8"))
    return [cell for cell in told["cells"] if cell["cell_type"] == "code"]


def close(browser: Any) -> None:
    """Close the open notebook and end all kernels."""
    do(browser, "docmanager:save")
    do(browser, "application:close-all")
    browser.execute_async_script("const end = arguments[0]; window.jupyterapp.serviceManager.sessions.shutdownAll().then(() => end());")


def theme(browser: Any, name: str) -> None:
    """Change the theme: Light or Dark, and wait until the splash that covers the change is gone."""
    do(browser, "apputils:change-theme", theme=f"JupyterLab {name}")
    light = str(name == "Light").lower()
    wait(name, lambda: browser.execute_script("return document.body.dataset.jpThemeLight") == light)
    wait("the splash to go", lambda: browser.execute_script("return document.querySelector('#jupyterlab-splash') === null"))


STATUS = "const shown = window.jupyterapp.shell.currentWidget; return shown?.context?.sessionContext?.session?.kernel?.status ?? '';"
