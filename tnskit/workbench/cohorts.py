"""The notebooks that lie beside a trainee's exercises and a trainer's keys, and the cohort of a trainer who works in a notebook."""

from __future__ import annotations

import json
from pathlib import Path

from tnskit.training.cohort import PLAN
from tnskit.training.lessons import spoken
from tnskit.training.rehearsal import OpenCohort
from tnskit.training.rehearsal import open_cohort as opened
from tnskit.workbench.notebooks import templates

_TOLD = ("intro", "task", "form", "marks")
_LEAD = ("intro", "case", "make", "mark", "hard", "mistakes", "agree", "alike", "sure", "reasons")
"""Words of the cells of text of the two notebooks, in their order."""


def practice(lang: str) -> bytes:
    """Give the notebook of a trainee: told in one language, with the first exercise chosen, without outputs."""
    english, words = spoken("en")["notebook"], spoken(lang)["notebook"]
    settings = {'exercise: str = "C4"': 'exercise: str = "exercise-01"', 'lang: str = "en"': f'lang: str = "{lang}"'}
    settings |= {f'"{english[word]}"': f'"{words[word]}"' for word in ("waits", "theirs")}
    return _told("practise_a_case", [words[word] for word in _TOLD], settings)


def leading(lang: str) -> bytes:
    """Give the notebook of a trainer, which lies beside the keys: told in one language, with its cohort chosen, without outputs."""
    settings = {
        'plan: str = ""': f'plan: str = "{PLAN}"',
        'folder: str = ""': 'folder: str = ".."',
        'lang: str = "en"': f'lang: str = "{lang}"',
    }
    return _told("lead_a_training", [spoken(lang)["lead"][word] for word in _LEAD], settings)


def _told(name: str, texts: list[str], settings: dict[str, str]) -> bytes:
    """Give a template with other words in its cells of text, and other settings in those of code."""
    made, told = json.loads(templates()[name].read_text(encoding="utf-8")), iter(texts)
    for cell in made["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = next(told)
            continue
        source = "".join(cell["source"])
        for old, new in settings.items():
            source = source.replace(old, new)
        cell |= {"source": source, "outputs": [], "execution_count": None}
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def open_cohort(plan: str | Path = "", folder: str | Path = "", *, passphrase: str, progress: bool = False) -> OpenCohort:
    """Make a cohort, or open one that lies there already; a notebook in the trainee's language lies beside the exercises.

    Args:
        plan: The TOML file of the cohort; empty rehearses with three made-up trainees.
        folder: Where it lies or shall lie; empty takes a folder that is thrown away with the session, and makes up answers.
        passphrase: That of its keys.
        progress: Show a progress bar.

    Raises:
        LessonError: The plan or the folder cannot be used, or the passphrase does not open its keys.
        UsageError: The passphrase is too short, or the folder holds something else.
    """
    return opened(plan, folder, passphrase=passphrase, progress=progress, notebook=practice)
