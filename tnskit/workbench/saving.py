"""What JupyterLab does when it saves a notebook: raw identifiers in outputs are masked, and a picture stands where a widget cannot.

This is a hook of Jupyter's contents manager, named in `jupyter/jupyter_server_config.json`; it is in force wherever tnskit is installed.
It touches outputs only; what a person typed into a cell stays as it is, and `tnskit scan` looks at that.
The variable `TNSKIT_ON_SAVE` chooses: `mask` (what happens if it is not set), `strip` takes all outputs out, `keep` does nothing.
"""

from __future__ import annotations

import json
import os
from typing import Any

from tnskit.workbench.formats import rebuild
from tnskit.workbench.scan import masking

WAYS = ("mask", "strip", "keep")
VIEW = "application/vnd.jupyter.widget-view+json"
"""How an output says that a widget stands there."""


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
    """Mask what is raw in the outputs of a notebook, and let pictures stand for widgets."""
    still(notebook)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and cell["outputs"]]
    told = json.dumps([cell["outputs"] for cell in cells], ensure_ascii=False)
    for cell, outputs in zip(cells, json.loads(rebuild("outputs.json", told.encode(), masking)), strict=True):
        cell["outputs"] = outputs


def still(notebook: Any) -> None:
    """Let the picture or the words stand for every widget, and keep nothing of its state.

    A form without its kernel looks alive and does nothing when it is pressed, or says "model not found"; and its state holds whatever
    was typed into it.
    """
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        for one in cell.get("outputs", []):
            one.get("data", {}).pop(VIEW, None)
