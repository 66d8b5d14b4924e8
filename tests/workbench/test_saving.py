"""What a saved notebook holds: masks instead of raw values, and a picture where no widget can be."""

import json
from typing import Any

import nbformat
import pytest

from tests.markets import PHONE
from tnskit.workbench.lab import SETTINGS
from tnskit.workbench.saving import VIEW, on_save

RAW = f"call {PHONE} or write to ana.ruiz@mail.example"


def saved(*outputs: dict[str, Any], states: dict[str, Any] | None = None, source: str = "1") -> dict[str, Any]:
    """A notebook after Jupyter's hook."""
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs), execution_count=1)
    content = nbformat.v4.new_notebook(cells=[cell])
    if states is not None:
        content["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": states}}
    model = {"type": "notebook", "content": json.loads(json.dumps(content))}
    on_save(model=model, path="a.ipynb", contents_manager=None)
    return model["content"]


def shown(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def test_raw_values_in_outputs_are_masked_and_the_rest_stays() -> None:
    told = saved(
        {"output_type": "stream", "name": "stdout", "text": f"{RAW}\n"},
        shown(**{"text/html": f"<b>{RAW}</b>", "image/png": "iVBORw0KGgo="}),
        {"output_type": "error", "ename": "E", "evalue": RAW, "traceback": [RAW]},
    )
    written = json.dumps(told)
    assert PHONE not in written
    assert "ana.ruiz@mail" not in written
    assert "iVBORw0KGgo=" in written
    assert "<b>call " in written


def test_what_was_typed_into_a_cell_stays() -> None:
    assert saved(source=f"phone = '{PHONE}'")["cells"][0]["source"] == f"phone = '{PHONE}'"


def test_a_widget_leaves_its_picture_and_nothing_that_was_typed_into_it() -> None:
    told = saved(
        shown(**{VIEW: {"model_id": "m"}, "text/plain": "a field", "image/png": "iVBORw0KGgo="}), states={"m": {"state": {"value": RAW}}}
    )
    assert set(told["cells"][0]["outputs"][0]["data"]) == {"text/plain", "image/png"}
    assert "widgets" not in told["metadata"]


@pytest.mark.parametrize(("way", "outputs"), [("strip", 0), ("keep", 1)])
def test_a_variable_chooses(way: str, outputs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TNSKIT_ON_SAVE", way)
    told = saved({"output_type": "stream", "name": "stdout", "text": RAW}, states={})
    assert len(told["cells"][0]["outputs"]) == outputs
    assert (PHONE in json.dumps(told)) == (way == "keep")
    assert ("widgets" in told["metadata"]) == (way == "keep")


def test_other_files_are_left_alone() -> None:
    model = {"type": "file", "content": RAW}
    on_save(model=model, path="a.txt", contents_manager=None)
    assert model == {"type": "file", "content": RAW}


def test_the_hook_that_jupyter_is_told_is_this_one() -> None:
    told = json.loads((SETTINGS / "jupyter_server_config.json").read_text())
    assert told["ContentsManager"]["pre_save_hook"] == f"{on_save.__module__}.{on_save.__name__}"
