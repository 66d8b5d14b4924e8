"""CSV files: strictly and fast where they keep their own rules, line by line where they do not."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tnskit.cleaning.headings import LOOK, distinct, either, header_at, titled
from tnskit.cleaning.sources.frames import file_literal, from_rows, literal, quoted, raw_table
from tnskit.cleaning.sources.ragged import Ragged, batches
from tnskit.cleaning.sources.texts import as_utf8, opened
from tnskit.errors import SourceError

COMMON, RARE = ",;\t|", "~^:\x01§¦"
"""What may stand between cells; the rare ones only where every line agrees."""

_HEADER = 1 << 20
"""Bytes within which the line of column names has to end."""


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written.

    Attributes:
        mark: What stands between cells.
        columns: Names of the columns.
        skip: Lines before the header.
        below: Lines before the first row.
        title: Lines of a title above the header.
    """

    mark: str
    columns: tuple[str, ...]
    skip: int
    below: int
    title: int = 0


def read_csv(path: Path, name: str, shown: str, db: duckdb.DuckDBPyConnection, folder: Path) -> tuple[str, ...]:
    """Read a CSV file into the raw table `name`.

    Args:
        path: The file, packed (.gz) or not.
        name: Name of the table.
        shown: What a message calls the file.
        db: Where the table goes.
        folder: The market's own folder, for a copy in UTF-8 while it is read.

    Returns:
        Findings about the file, in words.
    """
    with as_utf8(path, shown, folder) as text:
        dialect = _dialect(text.path, shown, tabs=path.name.lower().endswith((".tsv", ".tsv.gz")))
        if _strictly(text.path, name, dialect, db):
            return (*text.notes, *titled(shown, dialect.title))
        return (*text.notes, *titled(shown, dialect.title), *_carefully(text.path, name, shown, dialect, db))


def _dialect(path: Path, shown: str, *, tabs: bool) -> Dialect:
    with opened(path) as stream:
        head = bytes(stream.read(_HEADER))
    if len(head) == _HEADER and b"\n" not in head and b"\r" not in head:
        raise SourceError(f"'{shown}' has no line of column names in its first megabyte; it should begin with one")
    lines = re.split(r"\r\n|\r|\n", head.decode("utf-8-sig", "replace"))
    skip = next((place for place, line in enumerate(lines) if line.strip("\x00 ")), len(lines))
    if skip == len(lines):
        raise SourceError(f"'{shown}' is empty; it should begin with a line of column names")
    title = _title(lines[skip : skip + LOOK], tabs=tabs)
    skip += title
    mark = _mark([line for line in lines[skip : skip + LOOK] if line], tabs=tabs)
    if told := re.fullmatch(r'"?sep=(.)"?', lines[skip], re.IGNORECASE):
        # the line with which Excel tells itself what stands between cells
        mark, skip = told[1], skip + 1
    header, below = _header(lines[skip : skip + LOOK], shown, mark)
    if _is_data(header):
        raise SourceError(f"'{shown}' begins with a row of data; its first line should name the columns")
    return Dialect(mark, distinct(header), skip, skip + below, title)


def _header(lines: list[str], shown: str, mark: str) -> tuple[list[str], int]:
    """Give the names of the columns and the number of lines that they take."""
    ragged = Ragged(shown, mark, 1)
    cells, rest = ragged.cells(lines[0])
    for many, line in enumerate(lines[1:], 2):
        if rest is None:
            break
        more, rest = ragged.cells(line, rest)
        if rest is None:
            return cells + more, many
        cells += more
    return (cells, 1) if rest is None else (lines[0].split(mark), 1)


def _title(lines: list[str], *, tabs: bool) -> int:
    """Give the number of lines of a title above the header: those without which all lines below are cut alike."""
    for mark in "\t" if tabs else COMMON:
        place = header_at([line.replace('"', "").split(mark) for line in lines])
        counts = {line.count(mark) for line in lines[place:-1] if line.strip()}
        if place and len(counts) == 1:
            return place
    return 0


def _mark(lines: list[str], *, tabs: bool) -> str:
    """Find what stands between cells: it splits the header, and splits the lines below alike."""
    bare = ["".join(line.split('"')[::2]) for line in lines]
    head, below = bare[0], bare[1:]
    if tabs and "\t" in head:
        return "\t"

    def agree(mark: str) -> float:
        return sum(line.count(mark) == head.count(mark) for line in below) / len(below) if below else 1.0

    best = max(COMMON, key=lambda mark: (head.count(mark) * (0.1 + agree(mark)), mark == ","))
    if head.count(best):
        return best
    names = {mark: head.split(mark) for mark in RARE if head.count(mark) and agree(mark) >= 0.9}
    # a colon with a space behind it belongs to a name
    rare = [mark for mark, parts in names.items() if all(part == part.strip() for part in parts)]
    return max(rare, key=head.count, default=",")


def _is_data(header: list[str]) -> bool:
    """Tell whether a first line holds values: most of its cells are numbers, moments or mail addresses."""
    cells = [cell.strip() for cell in header if cell.strip()]
    values = [cell for cell in cells if re.fullmatch(r"[+(]?\d[\d ().:/TZ+-]{5,}|[^@\s]+@[^@\s]+\.\w+", cell)]
    return len(values) * 2 > len(cells)


def _strictly(path: Path, name: str, dialect: Dialect, db: duckdb.DuckDBPyConnection) -> bool:
    """Read with DuckDB, which refuses what breaks the rules; tell whether it did and nothing looks swallowed."""
    columns = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in dialect.columns)
    packed = "gzip" if path.name.lower().endswith(".gz") else "none"
    try:
        db.execute(
            f"CREATE OR REPLACE TABLE {raw_table(name)} AS SELECT row_number() OVER () AS __row, NULL::VARCHAR AS __fault, * "
            f"FROM read_csv({file_literal(path)}, compression='{packed}', auto_detect=false, header=true, skip={dialect.skip}, "
            f"delim={literal(dialect.mark)}, quote='\"', escape='\"', strict_mode=true, nullstr=['', '\\N'], columns={{{columns}}})"
        )
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        return False
    return not _swallowed(name, dialect, db)


def _swallowed(name: str, dialect: Dialect, db: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether some row goes over several lines each of which would be a row of the right length by itself."""
    if len(dialect.columns) == 1:
        return False
    several = " OR ".join(f"contains({quoted(column)}, '\n')" for column in dialect.columns)
    joined = ", ".join(f"coalesce({quoted(column)}, '')" for column in dialect.columns)
    mark = literal(dialect.mark)
    marks = f"length(line) - length(replace(line, {mark}, '')) = {len(dialect.columns) - 1}"
    found = db.execute(
        f"SELECT count(*) FROM {raw_table(name)} WHERE ({several}) "
        f"AND len(list_filter(string_split(concat_ws({mark}, {joined}), '\n'), lambda line: NOT ({marks}))) = 0"
    ).fetchall()
    return bool(found[0][0])


def _carefully(path: Path, name: str, shown: str, dialect: Dialect, db: duckdb.DuckDBPyConnection) -> list[str]:
    ragged = Ragged(shown, dialect.mark, len(dialect.columns))
    with opened(path) as packed:
        stream = io.TextIOWrapper(packed, encoding="utf-8-sig", errors="replace", newline=None)
        for _ in range(dialect.below):
            stream.readline()
        from_rows(name, dialect.columns, batches(ragged.rows(stream)), db)
    short, unclosed = ragged.short, ragged.unclosed
    told = {
        f"{either(short, 'row has', 'rows have')} fewer cells than the header; those missing were taken as empty": short,
        f"{either(unclosed, 'quote is', 'quotes are')} opened and never closed; such a line was read as it stands": unclosed,
    }
    return [f"{shown}: {many:,} {words}" for words, many in told.items() if many]
