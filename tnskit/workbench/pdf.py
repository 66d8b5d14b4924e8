"""A page as a PDF, printed by the browser that is there; nothing else has to be installed for it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tnskit.errors import UsageError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
SECONDS = 120
"""How long printing may take; a page of a hundred pictures took 4 s."""


def printer() -> str:
    """Give the browser that prints.

    Raises:
        UsageError: There is none.
    """
    found = next((path for path in [*map(shutil.which, NAMES), *filter(os.path.exists, _PLACES)] if path), None)
    if found is None:
        raise UsageError("a PDF is printed by Chromium, Chrome or Edge, and none is here; save as .html and print that from your browser")
    return found


def printed(page: str) -> bytes:
    """Print a page that stands alone.

    Args:
        page: HTML that asks for nothing outside.

    Returns:
        The PDF.

    Raises:
        UsageError: There is no browser, or it did not print.
    """
    browser = printer()
    with tempfile.TemporaryDirectory(prefix="tnskit-print-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        words = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--no-pdf-header-footer",
                 f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]  # fmt: skip
        # Chromium refuses to run as the superuser inside its own fence, and in a container there is often nobody else.
        words[:0] = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run([browser, *words], capture_output=True, timeout=SECONDS, check=False)
        if not target.is_file():
            raise UsageError("the browser did not print the PDF; save as .html and print that from your browser")
        return target.read_bytes()
