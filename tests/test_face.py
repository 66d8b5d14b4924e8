"""The face: complete, sorted, nothing defined in it, everything in it told."""

import ast
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import tnskit

ROOT = Path(__file__).parent.parent
FACE = ast.parse((ROOT / "tnskit/__init__.py").read_text(encoding="utf-8"))
PUBLIC = tnskit.__all__
FUNCTIONS = [name for name in PUBLIC if inspect.isfunction(getattr(tnskit, name))]
METHODS = [
    f"{name}.{inner}"
    for name in PUBLIC
    if inspect.isclass(getattr(tnskit, name)) and getattr(tnskit, name).__module__.startswith("tnskit.")
    for inner, value in vars(getattr(tnskit, name)).items()
    if not inner.startswith("_") and (callable(value) or isinstance(value, property | classmethod | staticmethod))
]


def ruff_order(name: str) -> tuple[bool, bool, str]:
    """Constants, then classes, then the rest, as the linter sorts them."""
    return not name.isupper(), not name[0].isupper(), name


def test_all_is_complete() -> None:
    bound = {name for name, value in vars(tnskit).items() if not isinstance(value, ModuleType)}
    assert {name for name in bound if not name.startswith("_")} == set(tnskit.__all__)


def test_all_is_sorted_and_names_nothing_twice() -> None:
    assert tnskit.__all__ == sorted(set(tnskit.__all__), key=ruff_order)


def test_nothing_is_defined_in_the_face() -> None:
    assigned = [node.targets for node in FACE.body if isinstance(node, ast.Assign)]
    assert {ast.unparse(target) for targets in assigned for target in targets} == {"__all__", "__version__"}
    assert {type(node) for node in FACE.body} <= {ast.Expr, ast.ImportFrom, ast.Assign}


def test_the_version_is_that_of_the_project() -> None:
    assert tnskit.__version__ == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_what_takes_longest_to_import_is_left_until_it_is_asked_for() -> None:
    """Each notebook and each command begins with the face; what runs templates and two tests of statistics cost more than all the rest."""
    script = "import sys, tnskit; print(sorted({'nbformat', 'nbconvert', 'papermill', 'scipy.stats'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_told(name: str) -> None:
    value = getattr(tnskit, name)
    assert not callable(value) or inspect.getdoc(value)


@pytest.mark.parametrize("name", METHODS)
def test_every_public_method_is_told(name: str) -> None:
    kind, _, inner = name.partition(".")
    assert inspect.getdoc(inspect.getattr_static(getattr(tnskit, kind), inner))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_may_be_left_out_is_given_by_name(name: str) -> None:
    """Past the first two, only what must be given goes by its place: the two accounts of `explain`, say."""
    places = inspect.signature(getattr(tnskit, name)).parameters.values()
    by_place = [place for place in places if place.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    assert [place.name for place in by_place[2:] if place.default is not inspect.Parameter.empty] == []
    assert len(by_place) <= 3
