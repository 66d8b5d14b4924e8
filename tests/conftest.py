"""What every test may ask for, and what happens where it is not there."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def needs(what: str, present: object) -> None:
    """Skip the test where `present` is false, and say so; fail in CI, where everything has to be there."""
    if not present:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs {what}, which is not here")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; the test that asks for it carries the mark `browser`."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    needs("Chromium (Debian: apt install chromium chromium-driver)", path)
    return str(path)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The public list of childcare sites, which is not committed; the test carries the mark `real`."""
    beside = ROOT.parent / "shared/data/chicago_early_childhood_sites.csv"
    path = Path(os.environ.get("TNSKIT_REAL_DATA", beside))
    needs("the public list of childcare sites (TNSKIT_REAL_DATA names the file)", path.is_file())
    return path
