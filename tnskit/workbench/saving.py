"""What JupyterLab does when it saves a notebook: raw identifiers in outputs are masked, and a picture stands where a widget cannot.

This is a hook of Jupyter's contents manager, named in `jupyter/jupyter_server_config.json`; it is in force wherever tnskit is installed.
It touches outputs and the saved state of widgets; what a person typed into a cell stays as it is, and `tnskit scan` looks at that.
The variable `TNSKIT_ON_SAVE` chooses: `mask` (what happens if it is not set), `strip` takes all outputs out, `keep` does nothing.
"""

from __future__ import annotations

import json
import os
from typing import Any

from tnskit.workbench.formats import rebuild
from tnskit.workbench.scan import masking

WAYS = ("mask", "strip", "keep")
VIEW, STATES = "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json"
_CODE = ("_esm", "_css", "_module", "_model_module", "_view_module")
"""Parts of a widget's state that are program and not data."""


def on_save(model: dict[str, Any], **_: Any) -> None:
    """Clean the outputs of a notebook that is about to be saved; Jupyter calls this, and saves what is left in `model`.

    Args:
        model: What Jupyter saves: `type`, and for a notebook its `content`, which is changed in place.
    """
    way = os.environ.get("TNSKIT_ON_SAVE", WAYS[0])
    if model.get("type") != "notebook" or way == "keep" or not isinstance(model.get("content"), dict):
        return
    if way == "strip":
        strip(model["content"])
    else:
        mask(model["content"])


def strip(notebook: Any) -> None:
    """Take every output and the state of widgets out of a notebook."""
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def mask(notebook: Any) -> None:
    """Mask what is raw in the outputs of a notebook and in the state of its widgets, and leave no widget that cannot be shown again."""
    states = notebook["metadata"].get("widgets", {}).get(STATES, {}).get("state", {})
    code = {name: {part: one["state"].pop(part) for part in _CODE if part in one["state"]} for name, one in states.items()}
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and cell["outputs"]]
    told = {"outputs": [cell["outputs"] for cell in cells], "states": states}
    clean = json.loads(rebuild("outputs.json", json.dumps(told, ensure_ascii=False).encode(), masking))
    for cell, outputs in zip(cells, clean["outputs"], strict=True):
        cell["outputs"] = outputs
    for name, one in clean["states"].items():
        states[name] = {**one, "state": {**one["state"], **code[name]}}
    still(notebook, set(states))


def still(notebook: Any, known: set[str] | frozenset[str] = frozenset()) -> None:
    """Let the picture or the words stand for every widget whose state is not kept: Jupyter would say "model not found" there.

    Args:
        notebook: A notebook, changed in place.
        known: Widgets whose state is kept, by id.
    """
    for cell in notebook["cells"]:
        for one in cell.get("outputs", []):
            data = one.get("data", {})
            if VIEW in data and data[VIEW].get("model_id") not in known:
                del data[VIEW]
