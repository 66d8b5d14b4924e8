"""A template as a page without code, for people who should see none: served by Voila, to this machine only."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tnskit.errors import UsageError
from tnskit.workbench.lab import SETTINGS, environment
from tnskit.workbench.notebooks import filled_in

MISSING = "a page without code needs Voila, which is not installed; install it with: pip install 'tnskit[app]'"
_HERE = "import os\n\nos.chdir({folder!r})"
"""The first cell of what is served: names of files start where the user is, as on the command line."""


def write_app(template: str | Path, values: Mapping[str, Any], folder: Path) -> Path:
    """Write the notebook that is served: a template, filled in, without outputs.

    Args:
        template: The name of a template, or a notebook file.
        values: Parameter to value, as for `run`.
        folder: Where to.

    Raises:
        UsageError: No such template or parameter, or a value of another type.
    """
    import nbformat

    name, notebook = filled_in(template, values)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(_HERE.format(folder=str(Path.cwd()))))  # type: ignore[no-untyped-call]  # nbformat ships no types
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    target = folder / f"{name}.ipynb"
    nbformat.write(notebook, target)  # type: ignore[no-untyped-call]  # nbformat ships no types
    return target


def command(notebook: Path, *, browser: bool = True, port: int | None = None) -> list[str]:
    """Give the command that serves a notebook; whoever asks needs the token that it prints."""
    words = [sys.executable, "-m", "voila", str(notebook), "--token", "--Voila.root_dir=" + str(notebook.parent)]
    words += [] if browser else ["--no-browser"]
    return [*words, f"--port={free_port() if port is None else port}"]


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def surroundings() -> dict[str, str]:
    """Give the variables under which Voila finds our page and our guard against outside requests."""
    before = os.environ.get("JUPYTER_PATH")
    return {**environment(), "JUPYTER_PATH": os.pathsep.join([str(SETTINGS), *([before] if before else [])])}


def serve(template: str | Path, values: Mapping[str, Any], *, browser: bool = True, port: int | None = None) -> int:
    """Serve a template until it is stopped.

    Args:
        template: The name of a template, or a notebook file.
        values: Parameter to value, as for `run`.
        browser: Open a window of the browser too.
        port: Port to listen on; a free one if left out.

    Returns:
        The exit status of Voila.

    Raises:
        UsageError: Voila is not installed, no such template or parameter, or a value of another type.
    """
    if importlib.util.find_spec("voila") is None:
        raise UsageError(MISSING)
    with tempfile.TemporaryDirectory(prefix="tnskit-app-") as folder:
        words = command(write_app(template, values, Path(folder)), browser=browser, port=port)
        return subprocess.call(words, env=surroundings())
