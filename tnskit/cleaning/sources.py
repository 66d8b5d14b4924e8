"""Read what people bring (files, folders, frames) into text tables of one DuckDB, losing no row and no digit."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tnskit.errors import SourceError

ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".parquet", ".xlsx", ".jsonl", ".ndjson")
"""Endings of files that can be read."""

BOMB_BYTES, BOMB_RATIO = 256 << 20, 100
"""A .gz file that unpacks to more than both is refused. Assumption: exports shrink 5 to 30 times, bombs 1,000 times."""

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Source:
    """One table as it was brought.

    Attributes:
        name: The table's name, from the file's name or the frame's key.
        file: What a message calls it.
        view: The relation in DuckDB: `__row` (1 for the first row after the header) and text columns.
        columns: Its own column names, in order.
        rows: Number of rows.
        sha256: Digest of the file; empty for a frame.
        notes: Findings about the file itself, in words.
    """

    name: str
    file: str
    view: str
    columns: tuple[str, ...]
    rows: int
    sha256: str
    notes: tuple[str, ...] = ()


def read(source: Any, db: duckdb.DuckDBPyConnection) -> list[Source]:
    """Read a folder, a file or a dict of frames.

    Args:
        source: A folder of exports, one file, or a dict of table name to pandas (or Arrow, polars) frame.
        db: Where the text tables go, in the schema `raw`.

    Returns:
        One Source per table, in the order of their names.

    Raises:
        SourceError: Nothing there, nothing readable, or a file that is not what its name says.
    """
    db.execute("CREATE SCHEMA IF NOT EXISTS raw")
    if isinstance(source, Mapping):
        if not source:
            raise SourceError("the dict of tables is empty; give at least 'accounts' or 'identifiers'")
        return [_frame(str(name), frame, db) for name, frame in sorted(source.items(), key=lambda kv: str(kv[0]))]
    if isinstance(source, pd.DataFrame):
        raise SourceError("a bare frame has no table name; give a dict such as {'identifiers': frame}")
    files = _files(Path(source))
    return [_file(path, db) for path in files]


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise SourceError(f"there is no file or folder '{path}'; give the folder that holds your exports")
    if path.is_file():
        if not _readable(path):
            raise SourceError(f"'{path.name}' is not a file that can be read here; {_list()}")
        return [path]
    found = sorted((p for p in path.iterdir() if p.is_file() and _readable(p)), key=lambda p: p.name)
    if not found:
        raise SourceError(f"the folder '{path}' holds no export; {_list()}")
    names: dict[str, Path] = {}
    for file in found:
        if (other := names.setdefault(_stem(file), file)) is not file:
            raise SourceError(f"'{other.name}' and '{file.name}' are the same table; keep one of them in the folder")
    return found


def _readable(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS) and not path.name.startswith((".", "~"))


def _list() -> str:
    return "files may end in " + ", ".join(ENDINGS)


def _stem(path: Path) -> str:
    return path.name.split(".")[0].lower()


def _frame(name: str, frame: Any, db: duckdb.DuckDBPyConnection, *, file: str = "") -> Source:
    """Register a frame and copy it as text; numbers keep every digit they still have."""
    if isinstance(frame, pd.DataFrame):
        frame = frame.copy(deep=False).reset_index(drop=True)
        frame.columns = [str(c) for c in frame.columns]
        for column in frame.columns[[kind.kind == "O" for kind in frame.dtypes]]:
            frame[column] = frame[column].map(lambda v: v if v is None or v != v else str(v))
        if not len(frame.columns):
            raise SourceError(f"the table '{name}' has no columns")
    view = f'raw."{_quoted(name)}"'
    db.register("_incoming", frame)
    try:
        text = _as_text(db, "_incoming")
        db.execute(f"CREATE OR REPLACE TABLE {view} AS SELECT row_number() OVER () AS __row, {text} FROM _incoming")
    except duckdb.Error as problem:
        raise SourceError(f"the table '{name}' cannot be read; give a pandas, polars or Arrow frame") from problem
    finally:
        db.unregister("_incoming")
    return _source(name, file or f"table '{name}'", view, db)


def _as_text(db: duckdb.DuckDBPyConnection, relation: str) -> str:
    described = db.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    parts = []
    for name, kind, *_ in described:
        column = f'"{_quoted(name)}"'
        if kind in {"DOUBLE", "FLOAT"}:
            whole = f"{column} = trunc({column}) AND abs({column}) < 9007199254740992"
            parts.append(
                f"CASE WHEN isnan({column}) THEN NULL WHEN {whole} THEN {column}::BIGINT::VARCHAR ELSE {column}::VARCHAR END AS {column}"
            )
        else:
            parts.append(f"{column}::VARCHAR AS {column}")
    return ", ".join(parts)


def _file(path: Path, db: duckdb.DuckDBPyConnection) -> Source:
    name, lower = _stem(path), path.name.lower()
    if path.stat().st_size == 0:
        raise SourceError(f"'{path.name}' is empty; it should begin with a line of column names")
    if lower.endswith(".xlsx"):
        return _digested(_frame(name, _excel(path), db, file=path.name), path)
    view = f'raw."{_quoted(name)}"'
    notes: tuple[str, ...] = ()
    try:
        if lower.endswith(".parquet"):
            db.execute(f"CREATE OR REPLACE TEMP VIEW _lines_in AS SELECT * FROM read_parquet({_text(path)})")
            text = _as_text(db, "_lines_in")
            db.execute(f"CREATE OR REPLACE TABLE {view} AS SELECT row_number() OVER () AS __row, {text} FROM _lines_in")
        elif lower.endswith((".jsonl", ".ndjson")):
            db.execute(f"CREATE OR REPLACE TEMP VIEW _lines_in AS SELECT * FROM read_json({_text(path)}, format='newline_delimited')")
            text = _as_text(db, "_lines_in")
            db.execute(f"CREATE OR REPLACE TABLE {view} AS SELECT row_number() OVER () AS __row, {text} FROM _lines_in")
        else:
            notes = _csv(path, view, db)
    except duckdb.Error as problem:
        raise SourceError(f"'{path.name}' {_complaint(str(problem))}") from None
    return _digested(_source(name, path.name, view, db, notes=notes), path)


def _complaint(message: str) -> str:
    """Say what DuckDB found wrong, without the lines of the file that it quotes."""
    if "aximum line size" in message:
        return "holds a line of more than 32 MB; is it really a table with one row a line?"
    if "No magic bytes" in message or "arquet" in message:
        return "is not a Parquet file, or is damaged"
    if "json" in message.lower():
        return "is not JSON with one object a line"
    return "cannot be read as a table; save it again as CSV (UTF-8) with one line of column names"


def _csv(path: Path, view: str, db: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    _refuse_bomb(path)
    file, encoding, notes = _decoded(path)
    try:
        options = (
            "all_varchar=true, header=true, quote='\"', escape='\"', null_padding=true, strict_mode=false, "
            f"max_line_size=33554432, sample_size=20480, encoding='{encoding}'"
        )
        options += ", delim='\t'" if path.name.lower().endswith((".tsv", ".tsv.gz")) else _delimiter(file, encoding)
        select = f"SELECT row_number() OVER () AS __row, * FROM read_csv({_text(file)}, {options}"
        try:
            db.execute(f"CREATE OR REPLACE TABLE {view} AS {select})")
        except duckdb.Error as problem:
            if "parallel" not in str(problem):
                raise
            db.execute(f"CREATE OR REPLACE TABLE {view} AS {select}, parallel=false)")
    finally:
        if file != path:
            file.unlink(missing_ok=True)
    return notes


def _delimiter(file: Path, encoding: str) -> str:
    """Take the delimiter that splits the header line most often; quoted parts do not count."""
    opener = gzip.open if file.name.lower().endswith(".gz") else open
    with opener(file, "rt", encoding=encoding, errors="replace") as stream:
        head = str(stream.readline(1 << 16))
    bare = "".join(head.split('"')[::2])
    best = max(",;\t|", key=lambda mark: (bare.count(mark), mark == ","))
    return f", delim='{best}'"


def _refuse_bomb(path: Path) -> None:
    if not path.name.lower().endswith(".gz"):
        return
    packed = path.stat().st_size
    try:
        with gzip.open(path) as stream:
            size = 0
            while chunk := stream.read(8 * _CHUNK):
                size += len(chunk)
                if size > BOMB_BYTES and size > BOMB_RATIO * packed:
                    raise SourceError(
                        f"'{path.name}' unpacks to more than {BOMB_RATIO} times its size; "
                        "no export does that, so it was not read. Unpack it yourself if it is what you want"
                    )
    except (OSError, EOFError) as problem:
        raise SourceError(f"'{path.name}' is not a whole .gz file; export it again") from problem


def _decoded(path: Path) -> tuple[Path, str, tuple[str, ...]]:
    """Find the encoding; a file in Windows-1252 is rewritten as UTF-8 for the time of reading."""
    opener = gzip.open if path.name.lower().endswith(".gz") else open
    with opener(path, "rb") as stream:
        head = bytes(stream.read(4))
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _rewritten(path, "utf-16")
    _refuse_endless_header(path)
    if head.startswith((b"PK\x03\x04", b"\x89PNG", b"%PDF", b"SQLi", b"PAR1")):
        raise SourceError(f"'{path.name}' is not text, whatever its name says; export it as CSV")
    try:
        for _ in _lines(path, "utf-8"):
            pass
    except UnicodeDecodeError:
        return _rewritten(path, "cp1252")
    return path, "utf-8", ()


def _refuse_endless_header(path: Path) -> None:
    opener = gzip.open if path.name.lower().endswith(".gz") else open
    with opener(path, "rb") as stream:
        first = bytes(stream.read(_CHUNK))
    if len(first) == _CHUNK and b"\n" not in first and b"\r" not in first:
        raise SourceError(f"'{path.name}' has no line of column names in its first megabyte; it should begin with one")


def _lines(path: Path, encoding: str) -> Iterator[str]:
    opener = gzip.open if path.name.lower().endswith(".gz") else open
    decoder = codecs.getincrementaldecoder(encoding)()
    with opener(path, "rb") as stream:
        while chunk := stream.read(8 * _CHUNK):
            yield decoder.decode(bytes(chunk))
    yield decoder.decode(b"", final=True)


def _rewritten(path: Path, encoding: str) -> tuple[Path, str, tuple[str, ...]]:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".csv", delete=False) as copy:
        target = Path(copy.name)
        try:
            for text in _lines(path, encoding):
                copy.write(text)
        except UnicodeDecodeError:
            copy.close()
            target.unlink()
            raise SourceError(f"'{path.name}' is neither UTF-8 nor Windows-1252 text; save it as CSV in UTF-8") from None
    word = {"utf-16": "UTF-16", "cp1252": "Windows-1252"}[encoding]
    return target, "utf-8", (f"{path.name} is not UTF-8; it was read as {word}",)


def _excel(path: Path) -> pd.DataFrame:
    try:
        return pd.read_excel(path, dtype=str, engine="openpyxl")
    except Exception as problem:
        raise SourceError(f"'{path.name}' is not an Excel workbook, or is damaged") from problem


def _source(name: str, file: str, view: str, db: duckdb.DuckDBPyConnection, *, notes: tuple[str, ...] = ()) -> Source:
    columns = [row[0] for row in db.execute(f"DESCRIBE {view}").fetchall()][1:]
    rows = int(db.execute(f"SELECT count(*) FROM {view}").fetchall()[0][0])
    return Source(name, file, view, tuple(columns), rows, "", notes)


def _digested(source: Source, path: Path) -> Source:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return Source(source.name, source.file, source.view, source.columns, source.rows, digest.hexdigest(), source.notes)


def _quoted(name: str) -> str:
    return name.replace('"', '""')


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
