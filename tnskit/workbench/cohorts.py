"""The notebook that lies beside a trainee's exercises, and the cohort of a trainer who works in a notebook."""

from __future__ import annotations

import json
from pathlib import Path

from tnskit.training.lessons import spoken
from tnskit.training.rehearsal import OpenCohort
from tnskit.training.rehearsal import open_cohort as opened
from tnskit.workbench.notebooks import templates

_TOLD = ("intro", "task", "form", "marks")
"""Words of the cells of text, in their order."""


def practice(lang: str) -> bytes:
    """Give the notebook of a trainee: told in one language, with the first exercise chosen, without outputs."""
    made = json.loads(templates()["practise_a_case"].read_text(encoding="utf-8"))
    english, words = spoken("en")["notebook"], spoken(lang)["notebook"]
    told = iter(_TOLD)
    for cell in made["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            cell["source"] = words[next(told)]
            continue
        for old, new in (('exercise: str = "C4"', 'exercise: str = "exercise-01"'), ('lang: str = "en"', f'lang: str = "{lang}"')):
            source = source.replace(old, new)
        for word in ("waits", "theirs"):
            source = source.replace(f'"{english[word]}"', f'"{words[word]}"')
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
