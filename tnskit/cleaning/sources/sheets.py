"""Excel workbooks: every sheet a table, read row by row, with dates, leading zeros and long numbers as they were meant."""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from tnskit.cleaning.headings import LOOK, distinct, header_at, titled
from tnskit.cleaning.sources.frames import from_rows
from tnskit.cleaning.sources.ragged import TOO_LONG, batches
from tnskit.errors import SourceError

BOMB_BYTES, BOMB_RATIO = 1 << 30, 200
"""A workbook that unpacks to more than both is refused. Assumption: sheets shrink 5 to 50 times."""


def sheets(path: Path, shown: str) -> list[str]:
    """Give the names of the sheets that hold anything.

    Raises:
        SourceError: The file is no workbook, or unpacks to far more than one would.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(one.file_size for one in packed.infolist())
        if size > BOMB_BYTES and size > BOMB_RATIO * path.stat().st_size:
            raise SourceError(f"'{shown}' unpacks to more than {BOMB_RATIO} times its size, which no workbook does, so it was not read")
        book = _book(path)
        names = [sheet.title for sheet in book.worksheets if any(any(_given(row)) for row in sheet.iter_rows(max_row=50, values_only=True))]
        book.close()
    except SourceError:
        raise
    except Exception as problem:
        raise SourceError(f"'{shown}' is not an Excel workbook, or is damaged") from problem
    if not names:
        raise SourceError(f"'{shown}' is empty; a sheet should begin with a row of column names")
    return names


def read_sheet(path: Path, sheet: str, name: str, shown: str, db: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Read one sheet into the raw table `name` and give findings in words."""
    book = _book(path)
    try:
        rows = book[sheet].iter_rows()
        first = [row for row in islice(rows, LOOK) if any(_given([cell.value for cell in row]))]
        title = header_at([[_text(cell) or "" for cell in row] for row in first])
        names = [_text(cell) or "" for cell in first[title]]
        while names and not names[-1]:
            names.pop()
        from_rows(name, distinct(names), batches(_rows(chain(first[title + 1 :], rows), len(names))), db)
    except SourceError:
        raise
    except duckdb.Error:
        raise
    except Exception as problem:
        raise SourceError(f"'{shown}' is damaged; open it in Excel and save it again") from problem
    finally:
        book.close()
    return titled(shown, title)


def _book(path: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        # about styles and drop-down lists, which are nothing to us
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path, read_only=True, data_only=True)


def _given(values: Any) -> list[bool]:
    return [value is not None and str(value).strip() != "" for value in values]


def _rows(rows: Any, width: int) -> Iterator[list[str | None]]:
    for row in rows:
        cells = [_text(cell) for cell in row]
        if any(cells):
            fault = TOO_LONG if any(cells[width:]) else None
            yield [fault, *cells[:width], *[None] * (width - len(cells))]


def _text(cell: Any) -> str | None:
    """Give a cell as it was meant: a day without a time, a number with its leading zeros, a whole number without `.0`."""
    value = cell.value
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        style = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", str(cell.number_format or "")).lower()
        whole = value.time() == dt.time() and "h" not in style
        return value.date().isoformat() if whole else value.isoformat(sep=" ")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int):
        zeros = str(cell.number_format or "")
        return str(value).zfill(len(zeros)) if re.fullmatch("0{2,}", zeros) else str(value)
    return str(value)
