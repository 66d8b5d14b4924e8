"""What every test may ask for, and what happens where it is not there."""

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Let xdist hand out the files in our order; by itself it begins with those of the most tests, and the longest wait is at the end."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: browsers, Spark, notebooks; the short ones at the end let all workers finish together."""

    def takes_long(item: pytest.Item) -> bool:
        return item.path.suffix == ".ipynb" or any(item.get_closest_marker(mark) for mark in ("browser", "spark", "slow"))

    first = {item.path for item in items if takes_long(item)}
    items.sort(key=lambda item: item.path not in first)


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


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty PostgreSQL server of our own, which is stopped at the end.

    The server refuses to run as root, so root starts it as the user that Debian's package makes.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(path).parent for path in [shutil.which("initdb")] if path]
    needs("a PostgreSQL server (Debian: apt install postgresql)", found)
    folder = Path(tempfile.mkdtemp(prefix="tnskit-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    run = functools.partial(subprocess.run, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)
    bin_, data = found[-1], folder / "data"
    run([bin_ / "initdb", "-D", data, "-U", "ana", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"])
    run([bin_ / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", f"-k {folder} -c listen_addresses= -c fsync=off", "start"])
    try:
        yield f"postgresql://ana@/postgres?host={folder}"
    finally:
        run([bin_ / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)
