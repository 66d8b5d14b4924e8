"""An explorer in a real browser, in whatever Jupyter: what a person sees of it and does to it."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.workbench.browsers import STATUS, do, served, wait
from tnskit.workbench.app import command as app
from tnskit.workbench.app import surroundings
from tnskit.workbench.lab import environment

FRONTS = ("lab", "notebook", "voila")
"""Where it is shown: JupyterLab, Jupyter Notebook, and Voila as `tnskit app` serves it."""


def write(path: Path, *cells: str) -> Path:
    """Write a notebook of some code cells."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(made, path)
    return path


@contextlib.contextmanager
def opened(front: str, notebook: Path, browser: Any, scratch: Path) -> Iterator[None]:
    """Open a notebook somewhere and run all of it."""
    if front == "voila":
        words = app(notebook, browser=False, port=_port())
        with served(words, surroundings(), scratch, front) as (address, token):
            browser.get(f"{address}?token={token}")
            yield
        return
    name = {"lab": "Lab", "notebook": "JupyterNotebook"}[front]
    words = [sys.executable, "-m", {"lab": "jupyterlab", "notebook": "notebook"}[front], "--no-browser", f"--ServerApp.port={_port()}",
             f"--ServerApp.root_dir={notebook.parent}", "--allow-root", f"--{name}App.expose_app_in_browser=True"]  # fmt: skip
    with served(words, environment(), scratch, front) as (address, token):
        way = {"lab": "lab/tree", "notebook": "notebooks"}[front]
        browser.get(f"{address}{way}/{notebook.name}?token={token}")
        wait(front, lambda: browser.execute_script("return !!window.jupyterapp"))
        wait("the kernel", lambda: browser.execute_script(STATUS) == "idle")
        do(browser, "notebook:run-all-cells")
        yield


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Page:
    """An explorer in a browser: what a person sees of it and does to it."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.root = wait("the explorer", lambda: browser.find_elements(By.CSS_SELECTOR, ".tns-explorer"))[0]
        wait("the picture", lambda: self.js("return Boolean(root.tnsCanvas) && root.tnsCanvas.nodes().length"))
        time.sleep(1)

    def js(self, code: str, *values: Any) -> Any:
        """Run JavaScript with the explorer as `root`."""
        return self.browser.execute_script(f"const root = arguments[0]; {code}", self.root, *values)

    @property
    def said(self) -> str:
        """What stands in the panel."""
        return str(self.js("return root.querySelector('.said').innerText"))

    @property
    def told(self) -> str:
        """What stands under the picture."""
        return str(self.js("return root.querySelector('.told').textContent"))

    def where(self, name: str) -> tuple[float, float]:
        """Where a node stands, seen from the middle of the picture, once it stands still."""
        look = (
            "const cy = root.tnsCanvas; const n = cy.nodes().filter(n => n.data('name') === arguments[1])[0];"
            "if (!n) return null; const p = n.renderedPosition(); return [p.x - cy.width() / 2, p.y - cy.height() / 2]"
        )
        seen: list[Any] = []

        def still() -> bool:
            seen.append(self.js(look, name))
            time.sleep(0.1)
            return seen[-1] is not None and seen[-3:] == [seen[-1]] * 3

        wait(f"{name} in the picture", still)
        return float(seen[-1][0]), float(seen[-1][1])

    def click(self, name: str, *, twice: bool = False, shift: bool = False) -> None:
        """Click a node with the mouse."""
        self._at(self.where(name), twice=twice, shift=shift)

    def click_between(self, a: str, b: str) -> None:
        """Click the line between two nodes."""
        (ax, ay), (bx, by) = self.where(a), self.where(b)
        self._at((ax + 0.5 * (bx - ax), ay + 0.5 * (by - ay)))

    def _at(self, spot: tuple[float, float], *, twice: bool = False, shift: bool = False) -> None:
        stage = self.root.find_element(By.CSS_SELECTOR, ".view")
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", stage)
        hands = ActionChains(self.browser, duration=50)
        hands.move_to_element_with_offset(stage, round(spot[0]), round(spot[1]))
        if shift:
            hands.key_down(Keys.SHIFT)
        hands = hands.double_click() if twice else hands.click()
        if shift:
            hands.key_up(Keys.SHIFT)
        hands.perform()

    def button(self, text: str) -> None:
        """Press a button by its words."""
        path = f".//button[starts-with(normalize-space(.), '{text}')]"
        one = wait(f"the button {text}", lambda: [b for b in self.root.find_elements(By.XPATH, path) if b.is_displayed()])[0]
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", one)

    def says(self, words: str) -> str:
        """Wait until the panel says something."""
        wait(f"'{words}' in: {self.said}", lambda: words in self.said)
        return self.said
