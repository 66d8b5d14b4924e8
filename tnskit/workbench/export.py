"""`export`: write a value to a file, in the form that the ending of its name tells."""

from __future__ import annotations

import io
import json
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import networkx as nx
import pandas as pd

from tnskit.cleaning.market import Market
from tnskit.errors import UsageError
from tnskit.evidence.links import Links
from tnskit.findings.explain import Explanation
from tnskit.review.calls import CallCard
from tnskit.review.letters import Letter
from tnskit.review.memo import Memo
from tnskit.review.precheck import Check
from tnskit.review.sheet import page, table, words
from tnskit.workbench.pages import check_page, image, picture

__all__ = ["check_page", "export", "page"]

EXCEL_ROWS = 1_048_575
"""Rows that one sheet of Excel holds under its header."""
EXCEL_LETTERS = 32_767
"""Letters that one cell of Excel holds; what is longer ends with a word that says so."""
_CUT = " ... (cut; a .csv holds it all)"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")

Frames = dict[str, pd.DataFrame]


def export(value: Any, path: str | Path) -> Path:
    """Write a value to a file; the ending of the name tells the form.

    A memo goes to .html, .md and .txt; a letter to .html, .txt and, where nothing blocks it, .eml; a call card to .html and
    .txt. A DataFrame, a graph, Links, an Explanation, a Check or a Market goes to .xlsx, .json and .html; those that are one
    table besides to .csv and .parquet; a graph to .graphml and .gexf; what `draw` draws to .png and .svg. Text that a
    spreadsheet would take for a formula gets an apostrophe in front. The file appears whole or not at all.

    Args:
        value: What any function of tnskit gave.
        path: Where to; folders that are missing are made.

    Returns:
        The path.

    Raises:
        UsageError: The value cannot be written in that form.
    """
    target = Path(path).expanduser()
    if not isinstance(value, pd.DataFrame | nx.Graph | Links | Explanation | Check | Market | Memo | Letter | CallCard):
        raise UsageError(
            "export takes a DataFrame, a graph, Links, an Explanation, a Check, a Letter, a CallCard, a Memo or a Market, "
            f"not a {type(value).__name__}"
        )
    ending = target.suffix.lower().lstrip(".").replace("htm", "html").replace("htmll", "html")
    forms = _forms(value)
    if ending not in forms:
        given = f"'.{ending}'" if ending else "a name without an ending"
        raise UsageError(f"this {_name(value)} cannot be written to {given}; it goes to .{', .'.join(sorted(forms))}")
    written = forms[ending](value)
    return whole(target, written)


def whole(target: Path, content: bytes) -> Path:
    """Write a file so that it is there whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _name(value: Any) -> str:
    return "graph" if isinstance(value, nx.Graph) else type(value).__name__


def _forms(value: Any) -> dict[str, Callable[[Any], bytes]]:
    """How a value can be written."""
    if isinstance(value, Memo):
        return {"html": lambda memo: memo.html.encode(), "md": lambda memo: memo.markdown.encode(), "txt": lambda memo: memo.text.encode()}
    if isinstance(value, Letter):
        return {"html": lambda made: made.html.encode(), "txt": lambda made: made.text.encode(), "eml": lambda made: made.eml()}
    if isinstance(value, CallCard):
        return {"html": lambda card: card.html.encode(), "txt": lambda card: str(card).encode()}
    forms: dict[str, Callable[[Any], bytes]] = {"xlsx": _xlsx, "json": _json, "html": _html}
    if not isinstance(value, Check | Market):
        forms |= {"csv": _csv, "parquet": _parquet}
    if isinstance(value, nx.Graph):
        forms |= {"graphml": _graphml, "gexf": _gexf}
    if _drawable(value):
        forms |= {"png": lambda drawn: image(drawn, "png"), "svg": lambda drawn: image(drawn, "svg")}
    return forms


def _drawable(value: Any) -> bool:
    columns = set(value.columns) if isinstance(value, pd.DataFrame) else set()
    drawn = {"at", "account_id", "lane", "event", "detail"} <= columns or {
        "ring_id",
        "bridge",
        "score",
    } <= columns
    return isinstance(value, nx.Graph | Explanation) or drawn


def frames(value: Any) -> Frames:
    """Give the tables of a value, the main one first."""
    if isinstance(value, pd.DataFrame):
        return {"table": value}
    if isinstance(value, Links):
        return {"pairs": value.pairs, "crowded": value.crowded}
    if isinstance(value, Explanation):
        return {"evidence": value.evidence}
    if isinstance(value, Check):
        return {
            "stops": value.stops,
            "against": value.against,
            "collateral": value.collateral,
            "linked": value.linked,
            "rests on": pd.DataFrame(list(value.cites.items()), columns=["what", "value"]),
        }
    if isinstance(value, Market):
        report = value.report
        return {
            "tables": report.tables,
            "reasons": report.reasons,
            "faults": report.faults,
            "rejected": value.rejected,
        }
    links = [{"a": a, "b": b, **data} for a, b, data in value.edges(data=True)]
    nodes = [{"name": name, **data} for name, data in value.nodes(data=True)]
    return {"links": pd.DataFrame(links, columns=None if links else ["a", "b"]), "nodes": pd.DataFrame(nodes)}


def inert(frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame whose text no spreadsheet runs, with lists and moments as text."""
    made = frame.copy()
    made.columns = pd.Index([_safe(str(name)) for name in frame.columns])
    for place, dtype in enumerate(frame.dtypes):
        column = frame.iloc[:, place]
        if isinstance(dtype, pd.DatetimeTZDtype):
            made.isetitem(place, column.dt.tz_convert("UTC").dt.strftime("%Y-%m-%dT%H:%M:%SZ").array)
        elif not pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_datetime64_dtype(dtype):
            made.isetitem(place, column.map(_safe).array)
    return made


def _safe(value: Any) -> Any:
    if isinstance(value, list | tuple):
        value = " ".join(str(one) for one in value)
    if not isinstance(value, str):
        return value
    # a lone carriage return is left without quotes in a CSV, and a spreadsheet begins a new row there
    text = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{text}" if text.startswith(_FORMULA) else text


def _fitting(value: Any) -> Any:
    long = isinstance(value, str) and len(value) > EXCEL_LETTERS
    return value[: EXCEL_LETTERS - len(_CUT)] + _CUT if long else value


def _csv(value: Any) -> bytes:
    return inert(next(iter(frames(value).values()))).to_csv(index=False).encode()


def _xlsx(value: Any) -> bytes:
    held = io.BytesIO()
    with pd.ExcelWriter(held, engine="openpyxl") as book:
        for name, frame in frames(value).items():
            if len(frame) > EXCEL_ROWS:
                raise UsageError(f"{len(frame):,} rows of '{name}' do not fit a sheet of Excel; write a .parquet or .csv")
            inert(frame).map(_fitting).to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
    return held.getvalue()


def _parquet(value: Any) -> bytes:
    frame = next(iter(frames(value).values()))
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(config={"python_enable_replacements": False}) as db,
    ):
        db.register("written", frame)
        file = str(Path(folder) / "table.parquet").replace("'", "''")
        db.execute(f"COPY (SELECT * FROM written) TO '{file}' (FORMAT parquet)")
        return (Path(folder) / "table.parquet").read_bytes()


def _json(value: Any) -> bytes:
    if isinstance(value, nx.Graph):
        return (json.dumps(nx.node_link_data(value, edges="edges"), ensure_ascii=False, indent=1) + "\n").encode()
    told = {name: json.loads(_records(frame)) for name, frame in frames(value).items()}
    facts = {
        key: getattr(value, key)
        for key in (
            "account",
            "verdict",
            "questions",
            "a",
            "b",
            "score",
            "label",
            "families",
            "benign",
            "benign_score",
            "missing",
        )
        if isinstance(value, Check | Explanation) and hasattr(value, key)
    }
    made: Any = told["table"] if isinstance(value, pd.DataFrame) else {**facts, **told}
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def _records(frame: pd.DataFrame) -> str:
    return str(frame.to_json(orient="records", force_ascii=False, date_format="iso", date_unit="s"))


def _graphml(value: Any) -> bytes:
    return ("\n".join(nx.generate_graphml(value)) + "\n").encode()


def _gexf(value: Any) -> bytes:
    text = "\n".join(nx.generate_gexf(value))
    return (re.sub(r' lastmodifieddate="[^"]*"', "", text) + "\n").encode()


def _html(value: Any) -> bytes:
    if isinstance(value, Check):
        return check_page(value).encode()
    titles = {
        "graph": "Accounts and links",
        "Links": "Links of a market",
        "Explanation": "Why two accounts may belong together",
        "Market": "What was loaded",
        "DataFrame": "Table",
    }
    parts = [words(str(value.report if isinstance(value, Market) else value))] if isinstance(value, Explanation | Market) else []
    parts += [words(repr(value))] if isinstance(value, Links) else []
    if _drawable(value) and (not isinstance(value, nx.Graph) or len(value)):
        parts.append(picture(value, "the picture of the table below"))
    several = frames(value)
    for name, frame in several.items():
        shown = frame.drop(columns=["evidence"], errors="ignore")
        parts.append((f"<h2>{name}</h2>" if len(several) > 1 else "") + table(shown))
    foot = "A link says who may be the same person; it does not say that anybody broke a rule."
    return page(titles[_name(value)], parts, footer=foot).encode()
