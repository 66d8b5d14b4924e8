"""Read what people bring (files, folders, frames, databases) into text tables of one DuckDB, losing no row and no digit.

A kind of source is one file beside this one (`csvs`, `jsons`, `sheets`, `frames`, `databases`); here is told which reads what.
"""

from __future__ import annotations

import fnmatch
import glob
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tnskit.cleaning.headings import shown
from tnskit.cleaning.sources.csvs import read_csv
from tnskit.cleaning.sources.databases import Asked, is_database, read_database
from tnskit.cleaning.sources.far import is_far, place, reached
from tnskit.cleaning.sources.frames import empty, file_literal, from_frame, from_relation, raw_table
from tnskit.cleaning.sources.jsons import read_json
from tnskit.cleaning.sources.sheets import read_sheet, sheets
from tnskit.errors import SourceError

TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
JSON = (".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz")
PARQUET, ARROW, EXCEL = (".parquet", ".pq"), (".arrow", ".feather", ".ipc"), (".xlsx", ".xlsm")
ENDINGS = (*TEXT, *PARQUET, *ARROW, *EXCEL, *JSON)
"""Endings of files that can be read."""


@dataclass(frozen=True)
class Source:
    """One table as it was brought.

    Attributes:
        name: The table's name, from the file, sheet or frame.
        file: What a message calls it; never holds a raw identifier.
        view: The table in DuckDB: `__row` (1 for the first row after the header), `__fault` (why a row cannot be read,
            or NULL) and text columns.
        columns: Its own column names, in order.
        rows: Number of rows.
        sha256: Digest of the file, or of what a server sent; empty for a frame.
        notes: Findings about the file itself, in words.
        faults: Whether any row has a fault.
    """

    name: str
    file: str
    view: str
    columns: tuple[str, ...]
    rows: int
    sha256: str
    notes: tuple[str, ...] = ()
    faults: bool = False


@dataclass(frozen=True)
class Files:
    """The files that make one table: one, or the parts of a large one; `alone` where no other table was brought."""

    name: str
    paths: tuple[Path, ...]
    sheet: str = ""
    alone: bool = True

    @property
    def file(self) -> str:
        """What a message calls them."""
        if len(self.paths) > 1:
            return f"{shown(self.name)} ({len(self.paths):,} files)"
        return f"{shown(self.paths[0].name)}: {shown(self.sheet)}" if self.sheet else shown(self.paths[0].name)


def read(source: Any, db: duckdb.DuckDBPyConnection, *, asked: Asked, folder: Path) -> tuple[list[Source], list[str]]:
    """Read a folder, a file, a dict of frames or a database.

    Args:
        source: A folder of exports, one file, a pattern such as `logins-*.parquet`, one of these on object storage (`s3://...`, Parquet
            only), a database, or a dict of table name to
            frame or path.
        db: Where the text tables go, in the schema `raw`.
        asked: What is wanted; where nothing of it is there, everything is read.
        folder: The market's own folder, for copies while they are read.

    Returns:
        One Source per table, in the order of their names, and what messages call the files that were left unread.

    Raises:
        SourceError: Nothing there, nothing readable, or a file that is not what its name says.
    """
    db.execute("CREATE SCHEMA IF NOT EXISTS raw")
    if isinstance(source, Mapping):
        return _named(source, asked, db, folder), []
    if not isinstance(source, str | Path):
        if isinstance(source, pd.DataFrame) or hasattr(source, "columns"):
            raise SourceError("a bare frame has no table name; give a dict such as {'identifiers': frame}")
        raise SourceError(f"a value of type {type(source).__name__} is no source; give a folder, a file, a database or a dict of tables")
    if is_database(source):
        made = read_database(str(source), asked, db, folder)
        return sorted((_source(one.name, one.file, db, sha256=one.sha256) for one in made), key=lambda one: one.name), []
    return _exports(str(source), db, asked, folder)


@reached(SourceError)
def _exports(source: str, db: duckdb.DuckDBPyConnection, asked: Asked, folder: Path) -> tuple[list[Source], list[str]]:
    """Read a folder, a file or a pattern, on this machine or on object storage."""
    groups = _found(source, asked, db)
    wanted = [one for one in groups if asked.known(one.name)] or groups
    alone = len(wanted) == 1
    return [_files(replace(one, alone=alone), asked, db, folder) for one in wanted], [one.file for one in groups if one not in wanted]


def _named(source: Mapping[Any, Any], asked: Asked, db: duckdb.DuckDBPyConnection, folder: Path) -> list[Source]:
    if not source:
        raise SourceError("the dict of tables is empty; give at least 'accounts' or 'identifiers'")
    found = []
    for name, value in sorted(((str(key), value) for key, value in source.items()), key=lambda pair: pair[0]):
        if isinstance(value, str | Path):
            (one, *more) = _path(_place(str(value), db))
            if more:
                raise SourceError(f"'{one.file}' holds {len(more) + 1} sheets; give the workbook itself instead of a dict")
            found.append(_files(replace(one, name=name), asked, db, folder))
        else:
            from_frame(name, value, db, folder)
            found.append(_source(name, f"table '{shown(name)}'", db))
    return found


def _place(source: str, db: duckdb.DuckDBPyConnection) -> Any:
    """Give the path of exports, on this machine or on object storage, which DuckDB can read from then on."""
    if "://" not in source:
        path = Path(source).expanduser()
        try:
            path.is_dir()
        except (OSError, ValueError):
            raise SourceError("that is no path; give the folder that holds your exports, or a dict of frames") from None
        return path
    found = place(source)
    if found.name.lower().endswith(ENDINGS) and not found.name.lower().endswith(PARQUET):
        raise SourceError(f"'{shown(found.name)}' is not Parquet, the only form that is read from object storage; download the file first")
    known = [found.fs.protocol] if isinstance(found.fs.protocol, str) else found.fs.protocol
    if not any(map(db.filesystem_is_registered, known)):
        db.register_filesystem(found.fs)
    return found


def _found(source: str, asked: Asked, db: duckdb.DuckDBPyConnection) -> list[Files]:
    path = _place(source, db)
    if path.name.lower().endswith(ENDINGS) or not path.is_dir():
        return _path(path)
    groups = _in_folder(path, asked)
    if not groups:
        raise SourceError(f"the folder '{shown(str(path))}' holds no export; {_list()}")
    names: dict[str, Files] = {}
    for one in groups:
        if (other := names.setdefault(one.name, one)) is not one:
            raise SourceError(f"'{other.file}' and '{one.file}' are the same table; keep one of them in the folder")
    return [names[name] for name in sorted(names)]


def _path(path: Path) -> list[Files]:
    """One file, a folder of parts, or a pattern."""
    text = str(path)
    if path.is_dir():
        return [_folder_of_parts(path)]
    if not path.exists() and glob.has_magic(text):
        parts = tuple(sorted(one for one in _matching(path) if _readable(one)))
        if not parts:
            raise SourceError(f"no file fits the pattern '{shown(text)}'; {_list()}")
        return [Files(_table(path), parts)]
    if not path.exists():
        seen = "" if path.is_absolute() else f" in the folder '{shown(Path.cwd().name)}', where this runs"
        raise SourceError(f"there is no file or folder '{shown(text)}'{seen}; give the folder that holds your exports")
    if not _readable(path):
        raise SourceError(f"'{shown(path.name)}' is not a file that can be read here; {_list()}")
    return _of_file(path)


def _matching(pattern: Any) -> Iterator[Any]:
    if is_far(pattern):
        found: Iterator[Any] = pattern.parent.glob(pattern.name)
        return found
    fixed = Path(pattern.anchor or ".")
    return fixed.glob(str(pattern.relative_to(pattern.anchor)) if pattern.anchor else str(pattern))


def _in_folder(folder: Path, asked: Asked) -> list[Files]:
    inside = sorted(folder.iterdir(), key=lambda path: path.name)
    files = [path for path in inside if path.is_file() and _readable(path)]
    groups = []
    for pattern in sorted(asked.patterns):
        fitting = tuple(path for path in files if fnmatch.fnmatch(path.name.lower(), pattern.lower()))
        if fitting:
            groups.append(Files(pattern, fitting))
            files = [path for path in files if path not in fitting]
    groups += [one for path in files for one in _of_file(path)]
    parted = [path for path in inside if path.is_dir() and not path.name.startswith((".", "_"))]
    return groups + [_folder_of_parts(path) for path in parted if any(_readable(one) for one in path.rglob("*") if one.is_file())]


def _of_file(path: Path) -> list[Files]:
    if not path.name.lower().endswith(EXCEL):
        return [Files(_stem(path), (path,))]
    found = sheets(path, shown(path.name))
    if len(found) == 1:
        return [Files(_stem(path), (path,), found[0])]
    return [Files(name.strip().lower(), (path,), name) for name in found]


def _folder_of_parts(path: Path) -> Files:
    parts = tuple(sorted(one for one in path.rglob("*") if one.is_file() and _readable(one) and not one.name.startswith("_")))
    if not parts:
        raise SourceError(f"the folder '{shown(path.name)}' holds no export; {_list()}")
    return Files(_stem(path), parts)


def _readable(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS) and not path.name.startswith((".", "~"))


def _list() -> str:
    return "files may end in " + ", ".join(ENDINGS)


def _stem(path: Path) -> str:
    return path.name.split(".")[0].split("*")[0].rstrip("-_ ").lower() or "table"


def _table(pattern: Path) -> str:
    """Give the table's name that a pattern tells; where its files are only called parts, that of their folder."""
    stem = _stem(pattern)
    return _stem(pattern.parent) if stem in {"part", "parts", "data", "table"} and pattern.parent.name else stem


def _files(files: Files, asked: Asked, db: duckdb.DuckDBPyConnection, folder: Path) -> Source:
    paths, name = files.paths, files.name
    if all(path.name.lower().endswith(PARQUET) for path in paths):
        listed = ", ".join(map(file_literal, paths))
        _typed(name, f"read_parquet([{listed}], union_by_name=true)", files.file, db, asked)
        notes: tuple[str, ...] = ()
    elif is_far(paths[0]):
        raise SourceError(f"'{files.file}' is not Parquet, the only form that is read from object storage; download the folder first")
    elif len(paths) == 1:
        notes = _file(paths[0], name, files, db, folder)
    else:
        notes = _parts(files, db, folder)
    return _source(name, files.file, db, sha256=_digest(paths), notes=notes)


def _parts(files: Files, db: duckdb.DuckDBPyConnection, folder: Path) -> tuple[str, ...]:
    """Read parts one after the other into one table; their rows are counted through."""
    notes: list[str] = []
    made = [f"{files.name}#{place}" for place in range(len(files.paths))]
    for path, part in zip(files.paths, made, strict=True):
        if path.name.lower().endswith(EXCEL):
            raise SourceError(f"'{files.file}' are parts of one table, and parts may not be workbooks; save them as CSV")
        notes += _file(path, part, Files(part, (path,), alone=False), db, folder)
    union = " UNION ALL BY NAME ".join(f"SELECT * FROM {raw_table(part)}" for part in made)
    db.execute(f"CREATE OR REPLACE TABLE {raw_table(files.name)} AS SELECT row_number() OVER () AS __row, * EXCLUDE (__row) FROM ({union})")
    for part in made:
        db.execute(f"DROP TABLE {raw_table(part)}")
    return (*notes, f"{files.file}: rows are counted through the files in the order of their names")


def _file(path: Path, name: str, files: Files, db: duckdb.DuckDBPyConnection, folder: Path) -> tuple[str, ...]:
    lower, file = path.name.lower(), files.file
    if path.stat().st_size == 0 and not files.alone:
        empty(name, db)
        return (f"{file} is empty; it has not even column names",)
    if path.stat().st_size == 0 and files.alone:
        raise SourceError(f"'{file}' is empty; it should begin with a line of column names")
    if lower.endswith(EXCEL):
        return read_sheet(path, files.sheet, name, file, db)
    if lower.endswith(JSON):
        return read_json(path, name, file, db, folder)
    if lower.endswith(ARROW):
        _arrow(path, name, file, db)
    elif lower.endswith(PARQUET):
        _typed(name, f"read_parquet({file_literal(path)})", file, db)
    else:
        return read_csv(path, name, file, db, folder)
    return ()


def _typed(name: str, relation: str, file: str, db: duckdb.DuckDBPyConnection, asked: Asked | None = None) -> None:
    try:
        from_relation(name, asked.of(name, relation, db, far="://" in relation) if asked else relation, db)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        raise SourceError(f"'{file}' is not a Parquet file, or is damaged, or its parts do not fit together") from None


def _arrow(path: Path, name: str, file: str, db: duckdb.DuckDBPyConnection) -> None:
    try:
        import pyarrow as pa
        import pyarrow.dataset as ds
    except ImportError:
        raise SourceError(f"reading '{file}' needs pyarrow; install it with: pip install 'tnskit[arrow]'") from None
    try:
        try:
            found = ds.dataset(str(path), format="ipc")
        except pa.ArrowInvalid:
            # the form that is sent over a wire, which has to be held whole
            with pa.memory_map(str(path)) as held:
                found = pa.ipc.open_stream(held).read_all()
        from_frame(name, found, db, path.parent)
    except (pa.ArrowException, SourceError):
        raise SourceError(f"'{file}' is not an Arrow or Feather file of version 2, or is damaged") from None


def _source(name: str, file: str, db: duckdb.DuckDBPyConnection, *, sha256: str = "", notes: tuple[str, ...] = ()) -> Source:
    view = raw_table(name)
    columns = [row[0] for row in db.execute(f"DESCRIBE {view}").fetchall()]
    rows, faults = db.execute(f"SELECT count(*), count(__fault) FROM {view}").fetchall()[0]
    return Source(name, file, view, tuple(c for c in columns if c not in {"__row", "__fault"}), int(rows), sha256, notes, faults > 0)


def _digest(paths: tuple[Any, ...]) -> str:
    found = []
    for path in paths:
        if is_far(path):
            # what the store tells of the file, for to read it all is what is to be spared
            found.append(hashlib.sha256(str(path.fs.ukey(path.path)).encode()).hexdigest())
            continue
        with path.open("rb") as stream:
            found.append(hashlib.file_digest(stream, "sha256").hexdigest())
    return found[0] if len(found) == 1 else hashlib.sha256("".join(found).encode()).hexdigest()
