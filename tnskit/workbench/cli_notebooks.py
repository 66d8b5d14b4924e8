"""The commands for notebooks: `lab`, `run` and `app`."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from tnskit.errors import UsageError
from tnskit.workbench.app import serve
from tnskit.workbench.lab import open_lab, prepare
from tnskit.workbench.notebooks import run, templates


def add_lab(commands: Any) -> None:
    """Add `tnskit lab`."""
    words = "open JupyterLab on the templates, in a working folder of your own"
    command = commands.add_parser("lab", help=words, description=f"{words[0].upper()}{words[1:]}.", epilog="Example: tnskit lab my-work")
    command.add_argument(
        "folder", metavar="DIR", nargs="?", default="tnskit-work",
        help="working folder (default: tnskit-work); each day has a folder in it, and what is there stays",
    )  # fmt: skip
    _server(command)
    command.set_defaults(do=_lab)


def add_run(commands: Any) -> None:
    """Add `tnskit run`."""
    words = "fill in a template, run it, and save it"
    command = commands.add_parser(
        "run", help=words, description=f"{words[0].upper()}{words[1:]}.",
        epilog="Example: tnskit run investigate_account -p account=A1042 --out case.html",
    )  # fmt: skip
    _template(command)
    command.add_argument("--out", required=True, metavar="FILE", help="where to save, .html, .pdf or .ipynb")
    command.set_defaults(do=_run)


def add_app(commands: Any) -> None:
    """Add `tnskit app`."""
    words = "serve a template as a page without code, to this machine only"
    command = commands.add_parser(
        "app", help=words, description=f"{words[0].upper()}{words[1:]}.",
        epilog="Example: tnskit app investigate_account -p account=A1042",
    )  # fmt: skip
    _template(command)
    _server(command)
    command.set_defaults(do=_app)


def _template(command: argparse.ArgumentParser) -> None:
    command.add_argument("template", metavar="TEMPLATE", help=f"one of {', '.join(sorted(templates()))}, or a notebook file")
    command.add_argument("-p", action="append", default=[], metavar="name=value", dest="values", help="a parameter of the template")


def _server(command: argparse.ArgumentParser) -> None:
    command.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    command.add_argument("--port", type=int, help="port to listen on")


def _values(args: argparse.Namespace) -> dict[str, str]:
    for value in args.values:
        if "=" not in value:
            raise UsageError(f"-p {value} should be written name=value")
    return dict(value.split("=", 1) for value in args.values)


def _lab(args: argparse.Namespace) -> int:
    return open_lab(prepare(args.folder, date.today()), browser=not args.no_browser, port=args.port)


def _run(args: argparse.Namespace) -> int:
    print(run(args.template, _values(args), args.out))
    return 0


def _app(args: argparse.Namespace) -> int:
    return serve(args.template, _values(args), browser=not args.no_browser, port=args.port)
