"""Fill in a template, run it, and save it as a notebook or a page."""

from __future__ import annotations

import ast
import base64
import html
import json
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tnskit.errors import RunError, TnskitError, UsageError
from tnskit.review.sheet import page
from tnskit.workbench.export import whole
from tnskit.workbench.pdf import printed, printer
from tnskit.workbench.saving import still

# nbformat, papermill and nbconvert are asked for where they are used: they take longer to import than all the rest,
# and a notebook that only reads and links needs none of them
if TYPE_CHECKING:
    from papermill.exceptions import PapermillExecutionError

HERE = Path(__file__).parent
SAMPLE = "../sample_data/market"
"""How every template names the sample market."""
_TYPES = {"str": str, "int": int, "float": float, "bool": bool}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_CELL = re.compile(r"(?<=<td>)[^<]+(?=</td>)")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def _kinds(kind: type[TnskitError]) -> set[str]:
    """The names of an error and of all below it."""
    return {kind.__name__}.union(*(_kinds(below) for below in kind.__subclasses__()))


_OURS = frozenset(_kinds(TnskitError))
"""Errors whose words hold nothing raw."""
_MARKS = (
    '<div class="banner stop"><b>This run stopped.</b> What stands below the <a href="#stopped-here">marked cell</a> did not run.</div>',
    '<div class="banner stop" id="stopped-here"><b>It stopped here.</b></div>',
)
"""What a failed run says at its top, and above the cell that failed."""


def templates() -> dict[str, Path]:
    """Give the templates by name: those of the installed package, or of the repository it is run from."""
    inside, beside = HERE / "templates", HERE.parents[1] / "notebooks"
    folder = inside if inside.is_dir() else beside
    return {path.stem: path for path in sorted(folder.glob("*.ipynb"))}


def sample_market() -> Path:
    """Give the folder of the sample market, inside the installed package or in the repository."""
    inside, beside = HERE / "sample_market", HERE.parents[1] / "sample_data/market"
    return inside if inside.is_dir() else beside


@dataclass(frozen=True)
class Parameter:
    """One line of the cell tagged `parameters`.

    Attributes:
        name: Its name.
        type: `str`, `int`, `float` or `bool`.
        default: Its value if nobody gives another.
        help: The comment behind it.
    """

    name: str
    type: str
    default: Any
    help: str


def parameters(path: str | Path) -> dict[str, Parameter]:
    """Give the parameters of a notebook by name, in their order."""
    notebook = _read(path)
    tagged = [cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    lines = tagged[0].splitlines() if tagged else []
    found = {}
    for node in ast.parse("\n".join(lines)).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            _, _, told = lines[(node.end_lineno or node.lineno) - 1][node.end_col_offset or 0 :].partition("#")
            found[node.target.id] = Parameter(node.target.id, ast.unparse(node.annotation), ast.literal_eval(node.value), told.strip())
    return found


def _read(path: str | Path) -> Any:
    import nbformat

    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat ships no types


def run(template: str | Path, values: Mapping[str, Any], out: str | Path, *, progress: bool | None = None) -> Path:
    """Fill in a template, run it, and save it.

    Args:
        template: The name of a template, or a notebook file with a cell tagged `parameters`.
        values: Parameter to value; text is read as the type of the parameter. Relative paths start where the
            user is.
        out: Where to save: `.ipynb`, `.html` for one page that fetches nothing, or `.pdf` where a Chromium, Chrome or Edge is there.
        progress: Show a progress bar; left out, one is shown where a person sees it.

    Returns:
        The path of what was saved.

    Raises:
        UsageError: No such template or parameter, a value of another type, another ending, or no browser for a PDF.
        RunError: A cell failed; what ran until then is saved all the same, marked at its top.
    """
    target = Path(out).expanduser()
    ending = target.suffix.lower()
    if ending not in {".ipynb", ".html", ".htm", ".pdf"}:
        raise UsageError(f"'{target.name}' should end in .html, .pdf or .ipynb")
    if ending == ".pdf":
        printer()
    source = _find(template)
    filled = _filled(source, values)
    notebook, problem = _run(source, filled, sys.stderr.isatty() if progress is None else progress)
    if ending == ".ipynb":
        whole(target, json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n")
    else:
        shown = notebook_page(notebook, source.stem)
        whole(target, printed(shown) if ending == ".pdf" else shown.encode())
    if problem is not None:
        raise RunError(f"{source.stem} stopped: {_told(problem)}; what ran until then is in {target}")
    return target


def _run(source: Path, filled: dict[str, Any], shown: bool) -> tuple[Any, PapermillExecutionError | None]:
    """Run a notebook and give it with its outputs, and what stopped it."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    problem = None
    with tempfile.TemporaryDirectory() as folder:
        ran, here = str(Path(folder) / "ran.ipynb"), str(Path.cwd())
        try:
            papermill.execute_notebook(
                str(source),
                ran,
                filled,
                kernel_name="python3",
                language="python",
                progress_bar=shown,
                cwd=here,
                # every kernel start warns that it talks to this machine over TCP; that frightens and helps nobody
                extra_arguments=["--IPKernelApp.log_level=ERROR"],
            )
        except PapermillExecutionError as found:
            problem = found
        return _clean(_read(ran)), problem


def filled_in(template: str | Path, values: Mapping[str, Any]) -> tuple[str, Any]:
    """Give the name of a template and its notebook with these values, not yet run.

    Raises:
        UsageError: No such template or parameter, or a value of another type.
    """
    import papermill

    source = _find(template)
    filled = _filled(source, values)
    return source.stem, papermill.parameterize.parameterize_notebook(papermill.iorw.load_notebook_node(str(source)), filled)


def _find(template: str | Path) -> Path:
    known = templates()
    if str(template) in known:
        return known[str(template)]
    path = Path(template).expanduser()
    if path.suffix == ".ipynb" and path.is_file():
        return path
    raise UsageError(f"there is no template '{template}'; the templates are {', '.join(known)}")


def _filled(source: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """Check the values against the tagged cell, and let paths that nobody gave start where they should."""
    known = parameters(source)
    helps = "; ".join(f"{one.name}: {one.help}" for one in known.values())
    for name in values:
        if name not in known:
            raise UsageError(f"{source.stem} has no parameter '{name}'; it has {helps or 'none'}")
    filled = {name: _typed(known[name], value) for name, value in values.items()}
    bundled = source in templates().values()
    for name, one in known.items():
        if name not in filled and isinstance(one.default, str) and one.default.startswith("../"):
            there = sample_market() if bundled and one.default == SAMPLE else source.parent / one.default
            filled[name] = os.path.relpath(there) if not bundled else str(there)
    return filled


def _typed(one: Parameter, value: Any) -> Any:
    """Read a value as the type of its parameter."""
    wanted = _TYPES.get(one.type)
    if wanted is None or type(value) is wanted:
        return value
    try:
        if wanted is bool:
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[str(value).lower()]
        return wanted(str(value))
    except (ValueError, KeyError):
        raise UsageError(f"the parameter '{one.name}' takes a value of type {one.type}: {one.help}") from None


def _told(problem: PapermillExecutionError) -> str:
    """Say what went wrong; the words of foreign errors are left out, for they may hold what is raw."""
    return str(problem.evalue) if problem.ename in _OURS else f"a cell ended in {problem.ename}"


def _clean(notebook: Any) -> Any:
    """Take out what a run leaves besides its outputs: times, paths, states, the insides of an error."""
    import nbformat

    kept = {key: value for key, value in notebook.metadata.items() if key not in {"papermill", "widgets"}}
    notebook.metadata = nbformat.from_dict(kept)  # type: ignore[no-untyped-call]  # nbformat ships no types
    still(notebook)
    marks = iter(_MARKS)
    for cell in notebook.cells:
        if "papermill-error-cell-tag" in cell.metadata.get("tags", []):
            cell.source = next(marks, "")
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        for one in cell.get("outputs", []):
            if one.output_type == "error":
                one.evalue = one.evalue if one.ename in _OURS else "open the notebook in JupyterLab and run this cell"
                one.traceback = [f"{one.ename}: {one.evalue}"]
    return notebook


def notebook_page(notebook: Any, name: str) -> str:
    """Give a notebook that has run as one page: its words and outputs, the code folded away."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    title = name.replace("_", " ").capitalize()
    parts: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if heading := re.match(r"# (.+)\n?", cell.source):
                title = heading[1]
            text = cell.source[heading.end() :] if heading else cell.source
            parts.append(f"<div>{text if text in _MARKS else markdown2html_mistune(text)}</div>")
        elif cell.cell_type == "code":
            parts.append(f"<details><summary>code</summary><pre>{html.escape(cell.source)}</pre></details>")
            parts += [_output(one) for one in cell.outputs]
    foot = "A link says who may be the same person; it does not say that anybody broke a rule."
    return page(title, [_MORE_STYLE, *parts], footer=foot)


_MORE_STYLE = """<style>
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; background: var(--wash);
  padding: .6rem .8rem }
details summary { color: var(--soft); cursor: pointer; font-size: .8rem }
.out { overflow-x: auto; margin: .5rem 0 1.2rem } .out table { width: auto; border: 0 }
.out th, .out td { border: 0; border-bottom: 1px solid var(--line) } .out img { border-radius: 4px }
.day { white-space: nowrap } .anchor-link { display: none } .wrong { border-left: .4rem solid var(--stop) }
@media print { details { display: none } .out { overflow: visible } .out table { font-size: 7.5pt; width: 100% }
  .out th, .out td { padding: .1rem .3rem } .out img, tr { break-inside: avoid } }
</style>"""


def _output(one: Any) -> str:
    if one.output_type == "stream":
        return f'<div class="out"><pre>{html.escape(_ANSI.sub("", one.text))}</pre></div>' if one.name == "stdout" else ""
    if one.output_type == "error":
        told = _ANSI.sub("", "\n".join(one.traceback))
        return f'<div class="out"><pre class="wrong">{html.escape(told)}</pre></div>'
    data = one.data
    if "image/png" in data:
        raw = base64.b64encode(base64.b64decode(data["image/png"])).decode()
        alt = html.escape(str(data.get("text/plain", "a picture")))
        return f'<div class="out"><img src="data:image/png;base64,{raw}" alt="{alt}"></div>'
    if "text/html" in data:
        return f'<div class="out">{_CELL.sub(_whole_days, data["text/html"])}</div>'
    return f'<div class="out"><pre>{html.escape(data["text/plain"])}</pre></div>' if "text/plain" in data else ""


def _whole_days(cell: re.Match[str]) -> str:
    """Keep each day of a cell on one line; where a column is narrow, a browser would break it at a hyphen."""
    return _DAY.sub(r'<span class="day">\g<0></span>', cell[0])
