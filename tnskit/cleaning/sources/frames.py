"""Frames and typed tables as tables of text, with every digit that they still have.

A raw table is `raw."name"`: `__row` (1 for the first row), `__fault` (why a row cannot be read, or NULL) and text columns.
"""

from __future__ import annotations

import glob
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tnskit.cleaning.headings import distinct
from tnskit.cleaning.sources.nested import NESTED, fields
from tnskit.errors import SourceError

_EXACT = 9_007_199_254_740_992
"""Whole numbers up to here are exact in a float: 2 to the power of 53."""

_TYPED = {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)} | {"bool", "boolean", "float32", "float64"}
"""Types of pandas columns that DuckDB reads exactly, in small letters."""


def quoted(name: str) -> str:
    """Give a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """Give a text as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"


def file_literal(path: Path) -> str:
    """Give the path of one file as SQL writes it; stars and brackets in it are letters like others."""
    return literal(glob.escape(str(path)))


def raw_table(name: str) -> str:
    """Give the place of a raw table in SQL."""
    return f"raw.{quoted(name)}"


def from_frame(name: str, frame: Any, db: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Copy a pandas, polars or Arrow frame as text.

    Raises:
        SourceError: Something else was given.
    """
    if type(frame).__module__.split(".")[0] == "polars":
        _from_polars(name, frame, db, folder)
        return
    if frame is None or (isinstance(frame, list) and all(isinstance(row, dict) for row in frame)):
        frame = pd.DataFrame(frame or [])
    if isinstance(frame, pd.DataFrame):
        frame = _plain(frame)
    if not len(getattr(frame, "columns", "?")):
        empty(name, db)
        return
    try:
        db.register("_incoming", frame)
        from_relation(name, "_incoming", db)
    except duckdb.OutOfMemoryException:
        raise
    except (duckdb.Error, TypeError, ImportError) as problem:
        raise SourceError(f"the table '{name}' cannot be read; give a pandas, polars or Arrow frame, or the path of a file") from problem
    finally:
        db.unregister("_incoming")


def _from_polars(name: str, frame: Any, db: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Go through a Parquet file in the market's own folder: polars writes it by itself, every type survives."""
    if not frame.lazy().collect_schema():
        empty(name, db)
        return
    held = folder / "polars.parquet"
    try:
        frame.lazy().sink_parquet(held)
        from_relation(name, f"read_parquet({file_literal(held)})", db)
    except duckdb.Error:
        raise
    except Exception as problem:
        raise SourceError(f"the table '{name}' has a column that no Parquet file can hold; cast it to text first") from problem
    finally:
        held.unlink(missing_ok=True)


def empty(name: str, db: duckdb.DuckDBPyConnection) -> None:
    """Make the raw table of an export that has neither rows nor columns."""
    db.execute(f"CREATE OR REPLACE TABLE {raw_table(name)} (__row BIGINT, __fault VARCHAR)")


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep what DuckDB reads exactly (numbers, moments, text) and write every other cell as text."""
    named = [name for name in frame.index.names if name is not None and name not in frame.columns]
    frame = frame.reset_index(level=named, drop=False) if named else frame
    frame = frame.copy(deep=False).reset_index(drop=True)
    frame.columns = pd.Index(distinct(map(str, frame.columns)))
    for name, dtype in zip(frame.columns, frame.dtypes, strict=True):
        if isinstance(dtype, pd.StringDtype | pd.DatetimeTZDtype) or str(dtype).lower() in _TYPED or str(dtype).startswith("datetime64"):
            continue
        cells = [_cell(value) for value in frame[name].astype(object)]
        frame[name] = pd.Series(cells, index=frame.index, dtype=object)
    return frame


def _cell(value: Any) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, bytes | bytearray):
        return _decoded(bytes(value))
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple | dict | set | frozenset):
        return json.dumps(sorted(map(str, value)) if isinstance(value, set | frozenset) else value, default=str, ensure_ascii=False)
    return None if value is None or value != value else str(value)


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


def from_relation(name: str, relation: str, db: duckdb.DuckDBPyConnection) -> None:
    """Copy a typed table or a query in parentheses as text; fields of nested columns become columns such as `user.id`."""
    described = db.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    columns: list[tuple[str, str]] = []
    for column, kind, *_ in described:
        if kind.startswith(NESTED) or kind.endswith("]"):
            columns += fields(db, relation, column, f"to_json({quoted(column)})")
        else:
            columns.append((column, _text(quoted(column), kind)))
    write(name, columns, relation, db)


def write(name: str, columns: list[tuple[str, str]], relation: str, db: duckdb.DuckDBPyConnection, *, fault: str = "NULL::VARCHAR") -> None:
    """Make the raw table of (name, SQL) columns over a relation."""
    names = distinct(column for column, _ in columns)
    listed = ", ".join(f"{sql} AS {quoted(one)}" for one, (_, sql) in zip(names, columns, strict=True))
    db.execute(
        f"CREATE OR REPLACE TABLE {raw_table(name)} AS SELECT row_number() OVER () AS __row, {fault} AS __fault, {listed} FROM {relation}"
    )


def _text(cell: str, kind: str) -> str:
    """SQL that writes a typed cell as text; a float that is a whole number loses its `.0`."""
    if kind in {"DOUBLE", "FLOAT"}:
        whole = f"{cell} = trunc({cell}) AND abs({cell}) < {_EXACT}"
        return f"CASE WHEN isfinite({cell}) THEN CASE WHEN {whole} THEN {cell}::BIGINT::VARCHAR ELSE {cell}::VARCHAR END END"
    if kind == "BLOB":
        return f"coalesce(try(decode({cell})), lower(hex({cell})))"
    return f"{cell}::VARCHAR"


def from_rows(name: str, columns: tuple[str, ...], batches: Iterable[list[Any]], db: duckdb.DuckDBPyConnection) -> None:
    """Make the raw table of rows of text that come in batches; the first cell of a row is its fault or None."""
    typed = ", ".join(f"{quoted(column)} VARCHAR" for column in columns)
    db.execute(f"CREATE OR REPLACE TABLE {raw_table(name)} (__row BIGINT, __fault VARCHAR, {typed})")
    width, done = len(columns) + 1, 0
    for batch in batches:
        if not batch:
            continue
        frame = pd.DataFrame({str(place): pd.Series([row[place] for row in batch], dtype=object) for place in range(width)})
        db.register("_batch", frame)
        listed = ", ".join(f'"{place}"::VARCHAR' for place in range(width))
        db.execute(f"INSERT INTO {raw_table(name)} SELECT row_number() OVER () + {done}, {listed} FROM _batch")
        db.unregister("_batch")
        done += len(batch)
