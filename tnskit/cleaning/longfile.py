"""Where a long table comes from: Parquet files, or a frame of pandas or polars."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import numpy as np
import pandas as pd
import polars as pl

Source: TypeAlias = str | Path | pd.DataFrame | pl.DataFrame
"""A Parquet file, a pattern such as `day-*.parquet`, or a frame."""


def ends(source: Source, rows: int) -> tuple[int, ...]:
    """Give where the row groups of Parquet files end, or nothing where that is not known; it is about speed alone."""
    if not isinstance(source, str | Path):
        return ()
    asked = "SELECT row_group_num_rows FROM parquet_metadata($1) WHERE column_id = 0 ORDER BY file_name, row_group_id"
    try:
        sizes = duckdb.connect().execute(asked, [str(source)]).fetchnumpy()["row_group_num_rows"]
    except duckdb.Error:
        return ()
    ends = tuple(int(end) for end in np.cumsum(sizes))
    return ends if ends[-1:] == (rows,) else ()


def lazy(source: Source) -> pl.LazyFrame:
    """Open a source, of which nothing is read yet."""
    if isinstance(source, pl.DataFrame):
        return source.lazy()
    if isinstance(source, pd.DataFrame):
        return pl.DataFrame({str(name): _series(column) for name, column in source.items()}).lazy()
    return pl.scan_parquet(source)


def _series(column: pd.Series) -> Any:
    if column.dtype.kind == "M":
        naive = column.dt.tz_convert("UTC").dt.tz_localize(None) if getattr(column.dtype, "tz", None) else column
        return naive.to_numpy("datetime64[us]")
    return [None if missing else cell for cell, missing in zip(column.tolist(), column.isna(), strict=True)]
