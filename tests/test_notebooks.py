"""The templates: a dozen cells at most, a sentence above each, one signature, no definitions, nothing raw."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tnskit.cleaning.privacy import leaks
from tnskit.workbench.notebooks import parameters

TEMPLATES = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
each = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)


def cells(path: Path) -> list[dict[str, Any]]:
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in found]


def code(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in cells(path) if cell["cell_type"] == "code"]


def test_there_are_templates() -> None:
    assert len(TEMPLATES) >= 5


@each
def test_a_dozen_cells_each_under_a_sentence(path: Path) -> None:
    assert len(code(path)) <= 12
    for above, cell in zip(cells(path), cells(path)[1:], strict=False):
        if cell["cell_type"] == "code":
            assert above["cell_type"] == "markdown"
            assert re.search(r"\w{3,}.*[.:]", above["source"])


@each
def test_the_first_cell_is_the_signature(path: Path) -> None:
    first, *others = code(path)
    assert first["metadata"]["tags"] == ["parameters"]
    assert all("parameters" not in cell["metadata"].get("tags", []) for cell in others)
    assert len(first["source"].splitlines()) == len(parameters(path))
    assert all(one.help and one.type in {"str", "int", "float", "bool"} for one in parameters(path).values())


@each
def test_nothing_is_defined_and_only_the_face_is_used(path: Path) -> None:
    tree = ast.parse("\n".join(cell["source"] for cell in code(path)))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.ImportFrom)
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= {"tnskit", "pandas", "textwrap"}


@each
def test_the_kernel_is_the_plain_one(path: Path) -> None:
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert set(metadata) <= {"kernelspec", "language_info"}


@each
def test_it_was_saved_after_a_whole_run(path: Path) -> None:
    assert [cell["execution_count"] for cell in code(path)] == list(range(1, len(code(path)) + 1))
    assert [one for cell in code(path) for one in cell["outputs"] if one["output_type"] == "error"] == []
    assert any(cell["source"].startswith("# NBVAL_CHECK_OUTPUT") and cell["outputs"] for cell in code(path))


def test_start_here_leads_to_every_template() -> None:
    words = "".join(cell["source"] for cell in cells(TEMPLATES[0].with_name("start_here.ipynb")))
    assert {path.stem for path in TEMPLATES} - set(re.findall(r"\]\((\w+)\.ipynb\)", words)) == {"start_here"}


@each
def test_nothing_raw_is_stored(path: Path) -> None:
    told = [cell["source"] for cell in cells(path)]
    for cell in code(path):
        for one in cell["outputs"]:
            told += ["".join(one.get("text", ""))]
            told += ["".join(text) for kind, text in one.get("data", {}).items() if kind.startswith("text/")]
    assert [(kind, line) for text in told for line in text.splitlines() for kind in leaks(line)] == []
