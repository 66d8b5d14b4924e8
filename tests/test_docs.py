"""The words: every public name and command is told, every link leads somewhere, nothing local leaks."""

import argparse
import re
from pathlib import Path

import pytest

import tnskit

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|(?:src|href)=\"([^\"]+)\"")
NOT_OURS = re.compile(
    r"^(\.git|\.venv.*|\.\w+_cache|\.ipynb_checkpoints|\.hypothesis|__pycache__|.*\.egg-info|dist|build|tnskit-work|node_modules)$"
)

# written in two pieces, so that this file does not hold them either
FORBIDDEN = {
    "a registry": re.compile(r"(pypi|pythonhosted|npmjs|debian|crates)" + r"\.(org|com|io|net)\b"),
    "a path of one machine": re.compile(r"(?<![\w.}])/" + r"(root|work/(main|shared)|tmp/venv|home/\w+)/"),
}


def commands() -> list[str]:
    """The sub-commands of the command line."""
    from tnskit.workbench.cli import parser

    groups = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return [name for group in groups for name in group.choices]


def links(page: str) -> list[str]:
    """The relative links of a page, without their anchors; what stands in code is no link."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page, flags=re.DOTALL)
    found = [first or second for first, second in LINK.findall(prose)]
    return [link.split("#")[0] for link in found if not re.match(r"[a-z]+:|#", link)]


def our_files(folder: Path) -> list[Path]:
    """All files of the project, less what tools and tests leave behind."""
    found = []
    for entry in sorted(folder.iterdir()):
        if not NOT_OURS.match(entry.name):
            found += our_files(entry) if entry.is_dir() else [entry]
    return found


@pytest.mark.parametrize("name", tnskit.__all__)
def test_every_public_name_is_written_about(name: str) -> None:
    told = [page.name for page in [*PAGES, *NOTEBOOKS] if re.search(rf"\b{name}\b", page.read_text())]
    assert told != []


def test_every_command_is_written_about() -> None:
    told = "\n".join(page.read_text() for page in PAGES)
    assert [name for name in commands() if not re.search(rf"(tnskit|start\.py) {name}\b", told)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [link for link in links(page.read_text()) if not (page.parent / link).exists()] == []


def test_links_are_found() -> None:
    page = '[a](docs/a.md#top) ![b](b.png "B") <img src="c.png"> [d](https://e.org) [f](#g) `[h](i)`'
    assert links(page) == ["docs/a.md", "b.png", "c.png"]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_local_is_mentioned(what: str) -> None:
    found = {}
    for file in our_files(ROOT):
        hit = FORBIDDEN[what].search(file.read_text(encoding="utf-8", errors="ignore"))
        if hit:
            found[file.relative_to(ROOT).as_posix()] = hit.group()
    assert found == {}
