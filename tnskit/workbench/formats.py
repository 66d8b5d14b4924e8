"""Read the text in files of many formats, and put the files together again with other text.

`rebuild` calls `visit(text, place)` for each piece of text; `place` says in words where a character of it stands.
"""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import json
import re
import sqlite3
import tempfile
import warnings
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
from openpyxl.comments import Comment

from tnskit.cleaning.privacy import masked

Visit = Callable[[str, Callable[[int], str]], str]

MOST_BYTES = 2 << 30
"""What a packed file may unpack to. Assumption: a larger notebook or export is not read by anybody."""
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*", b"wOF")
_SPECIAL_PARTS = re.compile(r"xl/(?:worksheets/sheet\d+\.xml|sharedStrings\.xml|styles\.xml|theme/.*)$")
_LONG = 10**12
_BINARY = ("image/", "audio/", "video/", "font/", "application/pdf", "application/octet-stream")
"""Kinds of output that are no text, whatever base64 makes of them; SVG is text."""

_told = lru_cache(maxsize=1024)(masked)
"""Names of files, columns and keys as a place may repeat them."""


class UnreadableError(Exception):
    """A file that cannot be searched; the message says why."""


def rebuild(name: str, content: bytes, visit: Visit, *, inside: str = "") -> bytes:
    """Show every piece of text in a file to `visit`, and give the file with what it gave back.

    Args:
        name: The file's name; its ending helps where the content does not tell.
        content: The file.
        visit: Called as visit(text, place).
        inside: In which packed file this one lies, for the places.

    Returns:
        The file, unchanged to the byte where nothing was changed.

    Raises:
        UnreadableError: A picture, a PDF, or a format that is not known or damaged.
    """
    changed = _Watch(visit, inside)
    made = _rebuilt(name, content, changed)
    return made if changed.changed else content


class _Watch:
    """A visitor that remembers whether anything was changed."""

    def __init__(self, visit: Visit, inside: str):
        self._visit, self._inside, self.changed = visit, inside, False

    def __call__(self, text: str, place: Callable[[int], str]) -> str:
        made = self._visit(text, lambda at: self._inside + place(at))
        self.changed = self.changed or made != text
        return made


def _rebuilt(name: str, content: bytes, visit: Visit) -> bytes:
    lower = name.lower()
    if content.startswith(b"\x1f\x8b"):
        inner = rebuild(re.sub(r"\.gz$", "", name, flags=re.IGNORECASE), _unpacked(content), visit)
        return gzip.compress(inner, mtime=0)
    if content.startswith(b"PK\x03\x04"):
        return _workbook(content, visit) if "xl/workbook.xml" in _names(content) else _zip(content, visit)
    if content.startswith(b"PAR1"):
        return _parquet(content, visit)
    if content.startswith(b"SQLite format 3\0"):
        return _sqlite(content, visit)
    if content[8:12] == b"DUCK":
        return _duckdb(content, visit)
    if content.startswith((*_PICTURES, b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise UnreadableError("a picture, a PDF or an encrypted file, which cannot be searched")
    text, encoding = _decoded(content)
    if lower.endswith((".ipynb", ".json")):
        return _json(text, visit, notebook=lower.endswith(".ipynb")).encode(encoding, "surrogateescape")
    if lower.endswith((".jsonl", ".ndjson")):
        return _json_lines(text, visit).encode(encoding, "surrogateescape")
    return visit(text, _lines(text)).encode(encoding, "surrogateescape")


def _decoded(content: bytes) -> tuple[str, str]:
    """Read bytes as text, and say in which encoding they go back."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
                           (codecs.BOM_UTF16_BE, "utf-16")):  # fmt: skip
        if content.startswith(mark):
            return content.decode(encoding, "replace"), encoding
    head = content[:4096]
    if head.count(0) > len(head) // 4:
        encoding = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        text = content.decode(encoding, "replace")
        if sum(mark.isprintable() or mark.isspace() for mark in text[:2048]) > 0.9 * len(text[:2048]):
            return text, encoding
    if b"\0" in head:
        raise UnreadableError("a binary file of a format that is not known, which cannot be searched")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "surrogateescape"), "cp1252"


def _here(where: str) -> Callable[[int], str]:
    """Say the same place for every character."""
    return lambda _: where


def _lines(text: str) -> Callable[[int], str]:
    """Say in which line a character of a text stands."""
    ends: list[int] = []

    def place(at: int) -> str:
        if not ends:
            ends.extend(match.start() for match in re.finditer("\n", text))
            ends.append(len(text))
        return f"line {bisect_right(ends, at - 1) + 1}"

    return place


def _json(text: str, visit: Visit, *, notebook: bool) -> str:
    try:
        told = json.loads(text)
    except ValueError:
        return visit(text, _lines(text))
    if notebook and not (isinstance(told, dict) and isinstance(told.get("cells"), list)):
        return visit(text, _lines(text))
    made = _walked(told, (), visit, _cell if notebook else _path)
    indent = re.match(r"[\[{]\n( +|\t+)", text)
    compact = indent is None and not re.search(r'": ', text)
    dumped = json.dumps(
        made,
        ensure_ascii="\\u" in text and text.isascii(),
        indent=indent[1] if indent else None,
        separators=(",", ":") if compact else None,
    )
    return dumped + ("\n" if text.endswith("\n") else "")


def _json_lines(text: str, visit: Visit) -> str:
    made = []
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        bare = line.rstrip("\r\n")
        made.append(_json(bare, partial(_in_line, visit, number), notebook=False) + line[len(bare) :])
    return "".join(made)


def _in_line(visit: Visit, number: int, text: str, _: Callable[[int], str]) -> str:
    return visit(text, _here(f"line {number}"))


def _walked(told: Any, path: tuple[str | int, ...], visit: Visit, say: Callable[[tuple[str | int, ...]], str]) -> Any:
    """Show every text, key and long number of a JSON value."""
    if isinstance(told, dict):
        return {visit(key, _here(say((*path, key)))): _walked(value, (*path, key), visit, say) for key, value in told.items()}
    if isinstance(told, list):
        if told and all(isinstance(one, str) for one in told) and all(one.endswith("\n") for one in told[:-1]):
            joined = "".join(told)
            made = _shown(joined, path, visit, say)
            return told if made == joined else made.splitlines(keepends=True)
        return [_walked(one, (*path, number), visit, say) for number, one in enumerate(told)]
    if isinstance(told, str):
        binary = path and str(path[-1]).startswith(_BINARY) and path[-1] != "image/svg+xml"
        return told if binary else _shown(told, path, visit, say)
    if isinstance(told, int | float) and not isinstance(told, bool) and abs(told) >= _LONG:
        text = visit(str(told), _here(say(path)))
        return told if text == str(told) else text
    return told


def _shown(text: str, path: tuple[str | int, ...], visit: Visit, say: Callable[[tuple[str | int, ...]], str]) -> str:
    line = _lines(text)
    return visit(text, lambda at: say(path) + (f", {line(at)}" if "\n" in text else ""))


def _path(path: tuple[str | int, ...]) -> str:
    """Say a place in JSON; keys are masked, for they may hold anything."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{_told(part)}" for part in path).lstrip(".") or "the whole"


def _cell(path: tuple[str | int, ...]) -> str:
    """Say a place in a notebook: cells and outputs are counted from 1."""
    if len(path) < 2 or path[0] != "cells" or not isinstance(path[1], int):
        return "the notebook's " + _path(path)
    rest = list(path[2:])
    words = [f"cell {path[1] + 1}"]
    if len(rest) > 1 and rest[0] == "outputs" and isinstance(rest[1], int):
        words.append(f"output {rest[1] + 1}")
        rest = rest[2:]
    rest = rest[1:] if rest[:1] == ["data"] else rest
    return ", ".join([*words, *([_path(tuple(rest))] if rest else [])])


def _unpacked(content: bytes) -> bytes:
    made = io.BytesIO()
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            while chunk := stream.read(8 << 20):
                made.write(chunk)
                if made.tell() > MOST_BYTES:
                    raise UnreadableError("a packed file that unpacks to more than 2 GB")
    except (OSError, EOFError, ValueError) as problem:
        raise UnreadableError("a .gz file that is not whole") from problem
    return made.getvalue()


def _names(content: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_BYTES:
                raise UnreadableError("a packed file that unpacks to more than 2 GB")
            return set(packed.namelist())
    except (zipfile.BadZipFile, ValueError) as problem:
        raise UnreadableError("a zip file that is damaged") from problem


def _zip(content: bytes, visit: Visit, *, skip: re.Pattern[str] | None = None) -> bytes:
    """Read every member as a file of its own; members that cannot be read stay as they are."""
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
            for one in packed.infolist():
                part = packed.read(one)
                if not (skip and skip.match(one.filename)):
                    with contextlib.suppress(UnreadableError):
                        part = rebuild(one.filename, part, visit, inside=f"{_told(one.filename)} in it, ")
                out.writestr(one, part, zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError) as problem:
        raise UnreadableError("a zip file that is damaged or encrypted") from problem
    return made.getvalue()


def _workbook(content: bytes, visit: Visit) -> bytes:
    """Read an Excel workbook cell by cell, and what else is in it part by part."""
    watch = _Watch(visit, "")
    try:
        with warnings.catch_warnings(action="ignore"):  # parts that openpyxl would not write again
            book = openpyxl.load_workbook(io.BytesIO(content))
    except Exception as problem:
        raise UnreadableError("an Excel workbook that is damaged or encrypted") from problem
    for sheet in book.worksheets:
        title = _told(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                _one_cell(cell, f"sheet '{title}', cell {cell.coordinate}", watch)
        for page in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter, sheet.firstHeader, sheet.firstFooter):
            for part in (page.left, page.center, page.right) if page else ():
                part.text = watch(part.text, _here(f"sheet '{title}', head or foot of the printed page")) if part.text else part.text
    if watch.changed:
        held = io.BytesIO()
        book.save(held)
        content = held.getvalue()
    return _zip(content, visit, skip=_SPECIAL_PARTS)


def _one_cell(cell: Any, where: str, visit: Visit) -> None:
    value = cell.value
    long = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _LONG
    if isinstance(value, str) or long:
        text = f"{value:.0f}" if isinstance(value, float) else str(value)
        made = visit(text, _here(where))
        if made != text:
            cell.value = made
    if cell.comment is not None:
        note = visit(cell.comment.text, _here(f"{where}, its note"))
        if note != cell.comment.text:
            cell.comment = Comment(note, "tnskit")


def _parquet(content: bytes, visit: Visit) -> bytes:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"python_enable_replacements": False}) as db:
        file = Path(folder) / "read.parquet"
        file.write_bytes(content)
        try:
            db.execute("CREATE TABLE held AS SELECT row_number() OVER () AS __row, * FROM read_parquet(?)", [str(file)])
        except duckdb.Error as problem:
            raise UnreadableError("a Parquet file that is damaged") from problem
        for column in [name for name, *_ in db.execute("DESCRIBE held").fetchall()][1:]:
            _column(db, column, visit)
        db.execute(f"COPY (SELECT * EXCLUDE (__row) FROM held ORDER BY __row) TO '{folder}/made.parquet' (FORMAT parquet)")
        return (Path(folder) / "made.parquet").read_bytes()


def _column(db: duckdb.DuckDBPyConnection, column: str, visit: Visit) -> None:
    """Show each distinct value of a column once; a column in which one is changed becomes text."""
    pairs = [
        (raw, made) for raw, row in _distinct(db, "held", column) if (made := visit(raw, _here(_at(column, row)))) != raw
    ]  # fmt: skip
    if pairs:
        db.register("_changed", pd.DataFrame(pairs, columns=["raw", "made"]))
        db.execute(f"ALTER TABLE held ALTER {_quoted(column)} TYPE VARCHAR")
        db.execute(f"UPDATE held SET {_quoted(column)} = made FROM _changed WHERE {_quoted(column)} = raw")
        db.unregister("_changed")
    name = visit(column, _here("the name of a column"))
    if name != column:
        db.execute(f"ALTER TABLE held RENAME COLUMN {_quoted(column)} TO {_quoted(name)}")


def _at(column: str, row: int) -> str:
    return f"column '{_told(column)}', row {row}"


def _distinct(db: duckdb.DuckDBPyConnection, table: str, column: str) -> Iterator[tuple[str, int]]:
    cell = f"{_quoted(column)}::VARCHAR"
    cursor = db.cursor().execute(
        f"SELECT {cell} AS raw, min(__row) AS row FROM {table} WHERE {cell} IS NOT NULL GROUP BY 1 ORDER BY row, raw"
    )
    while rows := cursor.fetchmany(50_000):
        yield from rows


def _duckdb(content: bytes, visit: Visit) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "read.duckdb"
        file.write_bytes(content)
        try:
            with duckdb.connect(str(file), read_only=True) as db:
                tables = db.execute("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
                for schema, table in tables:
                    name = f"{_quoted(schema)}.{_quoted(table)}"
                    numbered = f"(SELECT row_number() OVER () AS __row, * FROM {name})"
                    for (column,) in [row[:1] for row in db.execute(f"DESCRIBE {name}").fetchall()]:
                        for raw, row in _distinct(db, numbered, column):
                            _refuse(visit, raw, f"table '{_told(table)}', {_at(column, row)}")
        except duckdb.Error as problem:
            raise UnreadableError("a DuckDB file that is damaged or of another version") from problem
    return content


def _sqlite(content: bytes, visit: Visit) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "read.db"
        file.write_bytes(content)
        held = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
        held.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            tables = [name for (name,) in held.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            for table in tables:
                rows = held.execute(f"SELECT * FROM {_quoted(table)}")
                columns = [column for column, *_ in rows.description]
                for number, row in enumerate(rows, 1):
                    for column, value in zip(columns, row, strict=True):
                        if value is not None:
                            told = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                            _refuse(visit, told, f"table '{_told(table)}', {_at(column, number)}")
        except sqlite3.Error as problem:
            raise UnreadableError("a SQLite file that is damaged") from problem
        finally:
            held.close()
    return content


def _refuse(visit: Visit, text: str, where: str) -> None:
    """Show a text of a database; a log is never rewritten."""
    if visit(text, _here(where)) != text:
        raise UnreadableError("a database, which is searched but never rewritten")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
