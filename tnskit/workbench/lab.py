"""A working folder of the user's own, and JupyterLab opened in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from jupyter_core.paths import jupyter_config_dir

from tnskit.errors import UsageError
from tnskit.workbench.export import whole
from tnskit.workbench.notebooks import sample_market, templates

FIRST = "start_here.ipynb"
SETTINGS = Path(__file__).with_name("jupyter")
"""What JupyterLab is told: no news, no look for updates, raw identifiers masked when a notebook is saved."""


def prepare(folder: str | Path, day: date) -> Path:
    """Make a working folder with the templates of a day and the sample market; what is there already stays as it is.

    Args:
        folder: Where to; made if missing. A folder named after the day, such as `2026-11-27/`, holds the templates, with the code
            of their prepared cells folded; `sample_data/market/` holds the sample market.
        day: The day of work; each has fresh templates, and those of other days stay beside it.

    Returns:
        The folder of the day, as a whole path.

    Raises:
        UsageError: The name is that of a file.
    """
    target = Path(folder).expanduser().resolve()
    if target.exists() and not target.is_dir():
        raise UsageError(f"'{folder}' is a file; a working folder needs a name of its own")
    today = target / day.isoformat()
    today.mkdir(parents=True, exist_ok=True)
    for path in templates().values():
        _keep_or_write(folded(path.read_bytes()), today / path.name)
    market = target / "sample_data/market"
    market.mkdir(parents=True, exist_ok=True)
    for path in sorted(sample_market().iterdir()):
        if path.is_file():
            _keep_or_write(path.read_bytes(), market / path.name)
    return today


def folded(notebook: bytes) -> bytes:
    """Fold the code of all cells but the settings, and leave out the marks of our tests; a click on the three dots unfolds it."""
    told = json.loads(notebook)
    for cell in told["cells"]:
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
            cell["metadata"]["jupyter"] = {"source_hidden": True}
            cell["source"] = "".join(cell["source"]).removeprefix("# NBVAL_CHECK_OUTPUT\n")
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _keep_or_write(content: bytes, target: Path) -> None:
    """Write a file unless there is one."""
    if not target.exists():
        whole(target, content)


def command(today: Path, *, browser: bool = True, port: int | None = None, extra: Sequence[str] = ()) -> list[str]:
    """Give the command that opens JupyterLab on the first notebook of a day."""
    words = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={today.parent}"]
    words += [f"--LabApp.default_url=/lab/tree/{today.name}/{FIRST}", "--LabApp.extension_manager=readonly"]
    # one's own custom.css comes first; ours breaks printed lines between words
    sheets = {"static_custom_path": [str(Path(jupyter_config_dir(), "custom")), str(SETTINGS / "custom")]}
    words += ["--LabApp.custom_css=True", f"--ServerApp.tornado_settings={sheets}"]
    # forty lines of what was linked and loaded hide the one address that a person needs; errors and the address are still told
    words += ["--Application.log_level=ERROR"]
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


def open_lab(today: Path, *, browser: bool = True, port: int | None = None, extra: Sequence[str] = ()) -> int:
    """Open JupyterLab in a working folder and stay until it ends.

    Args:
        today: What `prepare` gave.
        browser: Open a window of the browser too.
        port: Port to listen on; the first free one from 8888 if left out.
        extra: Further words for `jupyter lab`.

    Returns:
        The exit status of JupyterLab. Where the system can, this process becomes JupyterLab and does not
        return.
    """
    words = command(today, browser=browser, port=port, extra=extra)
    opens = (
        "JupyterLab opens in your browser; if it does not, open an address below" if browser else "Open an address below in your browser"
    )
    print(f"Your notebooks of today are in {today}.\n{opens}. Leave this window open while you work; Ctrl-C, twice, ends it.", flush=True)
    if os.name != "nt":
        os.execve(words[0], words, environment())
    return subprocess.call(words, env=environment())
