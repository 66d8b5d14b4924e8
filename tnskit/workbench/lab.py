"""A working folder of the user's own, and JupyterLab opened in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tnskit.errors import UsageError
from tnskit.workbench.notebooks import sample_market, templates

FIRST = "notebooks/start_here.ipynb"
SETTINGS = Path(__file__).with_name("jupyter")
"""What JupyterLab is told: no news, no question about news, no look for updates."""


def prepare(folder: str | Path) -> Path:
    """Make a working folder with the templates and the sample market; what is there already stays as it is.

    Args:
        folder: Where to; made if missing. `notebooks/` holds the templates, `sample_data/market/` the sample
            market.

    Returns:
        The folder, as a whole path.

    Raises:
        UsageError: The name is that of a file.
    """
    target = Path(folder).expanduser().resolve()
    if target.exists() and not target.is_dir():
        raise UsageError(f"'{folder}' is a file; a working folder needs a name of its own")
    (target / "notebooks").mkdir(parents=True, exist_ok=True)
    for path in templates().values():
        _keep_or_copy(path, target / "notebooks" / path.name)
    market = target / "sample_data/market"
    market.mkdir(parents=True, exist_ok=True)
    for path in sorted(sample_market().iterdir()):
        if path.is_file():
            _keep_or_copy(path, market / path.name)
    return target


def _keep_or_copy(source: Path, target: Path) -> None:
    """Copy a file unless there is one; it appears whole or not at all."""
    if target.exists():
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def command(folder: Path, *, browser: bool = True, port: int | None = None, extra: Sequence[str] = ()) -> list[str]:
    """Give the command that opens JupyterLab on the first notebook of a working folder."""
    words = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    words += [f"--LabApp.default_url=/lab/tree/{FIRST}", "--LabApp.extension_manager=readonly"]
    words += [] if browser else ["--no-browser"]
    words += [] if port is None else [f"--ServerApp.port={port}"]
    # Jupyter refuses to run as the superuser unless told to, and in a container there is often nobody else.
    words += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [*words, *extra]


def environment() -> dict[str, str]:
    """Give the variables under which JupyterLab reads our settings before those of the machine."""
    before = os.environ.get("JUPYTER_CONFIG_PATH")
    paths = [str(SETTINGS), *([before] if before else [])]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def open_lab(folder: str | Path, *, browser: bool = True, port: int | None = None, extra: Sequence[str] = ()) -> int:
    """Open JupyterLab in a working folder and stay until it ends.

    Args:
        folder: What `prepare` gave.
        browser: Open a window of the browser too.
        port: Port to listen on; the first free one from 8888 if left out.
        extra: Further words for `jupyter lab`.

    Returns:
        The exit status of JupyterLab. Where the system can, this process becomes JupyterLab and does not
        return.
    """
    words = command(Path(folder), browser=browser, port=port, extra=extra)
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(words[0], words, environment())
    return subprocess.call(words, env=environment())
