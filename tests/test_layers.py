"""The house: evidence flows one way, no file stands in a circle with another, imports are written whole."""

import ast
from pathlib import Path

import networkx as nx
import pytest

PACKAGE = Path(__file__).parent.parent / "tnskit"
FLOW = ("cleaning", "evidence", "findings", "review", "training", "workbench")
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
INNER = [file for file in FILES if "/" in file]


def is_file(module: str) -> bool:
    return PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py").is_file()


def imported(source: str) -> list[str]:
    """Every import of tnskit in a file, for typing and inside functions too.

    A file asked for by its name (`from tnskit.cleaning import people`) is told like what is asked of a file.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [f"import {alias.name}" for alias in node.names if alias.name.split(".")[0] == "tnskit"]
        elif isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").split(".")[0] == "tnskit"):
            module = "." * node.level + (node.module or "")
            inner = [f"{module}.{alias.name}" for alias in node.names]
            found += inner if module.count(".") == 1 and all(map(is_file, inner)) else [module]
    return found


def faults(file: str, source: str) -> list[str]:
    """What is wrong with the imports of a file, told in words."""
    here = file.split("/")[0]
    # the face and `python -m tnskit` stand above all folders, the errors below them
    reach = -1 if file == "errors.py" else FLOW.index(here) if "/" in file else len(FLOW)
    found = []
    for module in imported(source):
        parts = module.split(".")
        if module in ("tnskit", "import tnskit"):
            found += ["asks the face"]
        elif parts[0] == "tnskit" and parts[1] in FLOW and FLOW.index(parts[1]) > reach:
            found += [f"{here} asks {parts[1]}, against the flow"]
        elif parts[0] != "tnskit" or not is_file(module):
            found += [f"{module} is not written whole: from tnskit.folder.file import name"]
    return found


@pytest.mark.parametrize("file", FILES)
def test_imports_follow_the_flow(file: str) -> None:
    assert "/" not in file or file.split("/")[0] in FLOW
    assert faults(file, (PACKAGE / file).read_text()) == []


def test_no_files_stand_in_a_circle() -> None:
    arrows = nx.DiGraph()
    for file in FILES:
        arrows.add_edges_from((file, module) for module in targets(file))
    assert list(nx.simple_cycles(arrows)) == []


def targets(file: str) -> list[str]:
    modules = imported((PACKAGE / file).read_text())
    return ["/".join(module.split(".")[1:]) + ".py" for module in modules if module.startswith("tnskit.")]


@pytest.mark.parametrize("file", [file for file in INNER if file.endswith("__init__.py")])
def test_an_inner_init_is_one_sentence_and_no_code(file: str) -> None:
    tree = ast.parse((PACKAGE / file).read_text())
    assert len(tree.body) == 1
    assert ast.get_docstring(tree)


@pytest.mark.parametrize("folder", FLOW)
def test_every_folder_of_the_flow_is_there(folder: str) -> None:
    assert f"{folder}/__init__.py" in FILES


@pytest.mark.parametrize(
    ("file", "source", "fault"),
    [
        (
            "evidence/rules.py",
            "from tnskit.workbench.cli import main",
            "evidence asks workbench, against the flow",
        ),
        ("evidence/rules.py", "def f():\n    from tnskit.workbench.cli import main", "against the flow"),
        (
            "evidence/rules.py",
            "if TYPE_CHECKING:\n    from tnskit.workbench.cli import main",
            "against the flow",
        ),
        ("workbench/cli.py", "import tnskit", "asks the face"),
        ("workbench/cli.py", "from tnskit import load", "asks the face"),
        ("workbench/cli.py", "from tnskit.evidence import RULES", "not written whole"),
        ("workbench/cli.py", "import tnskit.evidence.rules", "not written whole"),
        ("workbench/cli.py", "from .panels import panel", "not written whole"),
        ("errors.py", "from tnskit.cleaning.schema import TABLES", "against the flow"),
    ],
)
def test_a_wrong_import_is_seen(file: str, source: str, fault: str) -> None:
    (seen,) = faults(file, source)
    assert fault in seen


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("workbench/cli.py", "def f():\n    from tnskit.evidence.rules import RULES"),
        ("evidence/links.py", "from tnskit.evidence.rules import RULES"),
        ("evidence/links.py", "from tnskit.evidence import rules"),
        ("evidence/rules.py", "from tnskit.errors import RuleError"),
        ("__init__.py", "from tnskit.evidence.links import link"),
        ("cleaning/schema.py", "import pandas as pd"),
    ],
)
def test_a_right_import_is_let_through(file: str, source: str) -> None:
    assert faults(file, source) == []
