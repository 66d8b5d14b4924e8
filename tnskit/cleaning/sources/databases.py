"""Tables of a DuckDB file, an SQLite file or a PostgreSQL server, or what a SELECT gives there; nothing is ever written to them.

SQLite is read by Python itself: DuckDB's extension for it has to be downloaded from its own server for each release, which many
companies do not allow. PostgreSQL has a file of its own.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tnskit.cleaning.headings import distinct, shown, words
from tnskit.cleaning.sources.frames import from_relation, from_rows, literal, quoted
from tnskit.cleaning.sources.postgres import POSTGRES, Reading, snapshot, take
from tnskit.errors import SourceError, UsageError

FILES = {".duckdb": "duckdb", ".ddb": "duckdb", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".db": "sqlite"}
"""Endings of database files; a file says by its first bytes which of the two it really is."""
CASE_LOG = 0x746E7363
"""What a case log tells SQLite that it is: "tnsc". It holds verdicts that not everybody may read yet, and no exports."""


@dataclass(frozen=True)
class Asked:
    """What is wanted from a database.

    Attributes:
        queries: Name of a raw table to the SELECT that gives it.
        known: Tells of a table's name whether it should be read.
        patterns: Patterns such as `logins-*.csv`, whose files are one table.
        rows: Rows of each table that are enough; None for all.
        query: Gives the SELECT list and the condition that bring of a raw table what is asked for; see `part.Part.query`.
    """

    queries: Mapping[str, str]
    known: Callable[[str], bool]
    patterns: tuple[str, ...] = ()
    rows: int | None = None
    query: Callable[..., tuple[str, str]] = lambda *_, **__: ("*", "")

    def of(self, name: str, relation: str, db: duckdb.DuckDBPyConnection, *, far: bool = False) -> str:
        """Give the relation that has of another what is asked for."""
        types = {column: kind for column, kind, *_ in db.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
        columns, rows = self.query(name, types, far=far)
        return relation if (columns, rows) == ("*", "") else f"(SELECT {columns} FROM {relation} WHERE {rows or 'true'})"


@dataclass(frozen=True)
class Read:
    """A table that was read: its name, what a message calls it, and the digest of what came."""

    name: str
    file: str
    sha256: str


def is_database(source: object) -> bool:
    """Tell whether a source is the address or the file of a database."""
    text = str(source).lower()
    return text.startswith((*POSTGRES, "duckdb:", "sqlite:")) or Path(text).suffix in FILES


def read_database(source: str, asked: Asked, db: duckdb.DuckDBPyConnection, folder: Path) -> list[Read]:
    """Read tables and queries of a database into raw tables.

    Args:
        source: `postgresql://...`, `duckdb:///path`, `sqlite:///path`, or the path of a file.
        asked: What is wanted.
        db: Where the raw tables go.
        folder: The market's own folder, for what comes while it is read.

    Raises:
        SourceError: The database cannot be reached, opened or read, or has no table that is wanted.
    """
    if source.lower().startswith(POSTGRES):
        return _postgres(source, asked, db, folder)
    path = Path(
        source.split(":", 1)[1].removeprefix("///").removeprefix("//") if source.lower().startswith(("duckdb:", "sqlite:")) else source
    )
    path = _absolute(source, path)
    if not path.is_file():
        raise SourceError(f"there is no database file '{shown(str(path))}'")
    with path.open("rb") as stream:
        head = stream.read(16)
    digest = _digest(path)
    read = _sqlite if head.startswith(b"SQLite format 3") else _duckdb
    return [Read(name.lower(), f"{shown(path.name)}: {shown(name)}", digest) for name in read(path, asked, db)]


def _absolute(source: str, path: Path) -> Path:
    """`duckdb:////data/x` and `duckdb:///data/x` both mean `/data/x` where that is there."""
    rooted = Path("/") / path
    return rooted if ":///" in source and not path.exists() and rooted.exists() else path


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _wanted(tables: list[str], asked: Asked, where: str) -> dict[str, str]:
    """Give the tables that are known, and the queries; both by name, a table without a query."""
    plain = "" if asked.rows is None else f"SELECT * FROM {{table}} LIMIT {asked.rows}"
    selects = {table: plain.format(table=_dotted(table)) for table in tables if asked.known(table.lower())} | dict(asked.queries)
    if not selects:
        told = f"it has {words(tables)}" if tables else "it has none"
        raise SourceError(f'{where} holds no table that is known here, {told}; name yours in a mapping, or give it sql = "SELECT ..."')
    return dict(sorted(selects.items()))


def _dotted(table: str) -> str:
    return ".".join(quoted(part) for part in table.split("."))


def _duckdb(path: Path, asked: Asked, db: duckdb.DuckDBPyConnection) -> list[str]:
    try:
        db.execute(f"ATTACH {literal(path)} AS _source (READ_ONLY)")
    except duckdb.Error as problem:
        busy = "lock" in str(problem).lower() or "already attached" in str(problem).lower() or "unique file handle" in str(problem).lower()
        why = "is open elsewhere for writing; close it there first" if busy else "is no database that can be read here, or is damaged"
        raise SourceError(f"'{shown(path.name)}' {why}") from None
    try:
        found = db.execute(
            "SELECT CASE WHEN table_schema = 'main' THEN table_name ELSE table_schema || '.' || table_name END "
            "FROM information_schema.tables WHERE table_catalog = '_source' ORDER BY 1"
        ).fetchall()
        selects = _wanted([name for (name,) in found], asked, f"'{shown(path.name)}'")
        for name, select in selects.items():
            try:
                _duckdb_table(name, select, asked, db)
            except duckdb.OutOfMemoryException:
                raise
            except duckdb.Error as problem:
                raise SourceError(f"'{shown(path.name)}' cannot give '{shown(name)}' ({_kind(problem)}); try it in DuckDB first") from None
    finally:
        db.execute("DETACH _source")
    return list(selects)


def _duckdb_table(name: str, select: str, asked: Asked, db: duckdb.DuckDBPyConnection) -> None:
    if not select:
        from_relation(name.lower(), asked.of(name.lower(), f"_source.{_dotted(name if '.' in name else f'main.{name}')}", db), db)
        return
    told = duckdb.extract_statements(select)
    if len(told) != 1 or told[0].type != duckdb.StatementType.SELECT:
        raise UsageError(f"the sql of '{shown(name)}' should be one SELECT")
    home = db.execute("SELECT current_database(), current_schema()").fetchall()[0]
    try:
        # so that a query may name the tables of the file as it would there
        db.execute("USE _source")
        db.execute(f"CREATE OR REPLACE TABLE {quoted(home[0])}.raw._copied AS {select}")
    finally:
        db.execute(f"USE {quoted(home[0])}.{quoted(home[1])}")
    try:
        from_relation(name, "raw._copied", db)
    finally:
        db.execute("DROP TABLE raw._copied")


def _kind(problem: Exception) -> str:
    """Give the kind of an error without its words, which may quote a cell."""
    return type(problem).__name__.removesuffix("Exception").removesuffix("Error").lower() + " error"


def _sqlite(path: Path, asked: Asked, db: duckdb.DuckDBPyConnection) -> list[str]:
    unreadable = f"'{shown(path.name)}' is no SQLite database that can be read here, or is damaged or locked"
    try:
        opened = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        raise SourceError(unreadable) from None
    with closing(opened) as con:
        try:
            con.text_factory = lambda raw: raw.decode("utf-8", "replace")
            con.execute("PRAGMA query_only = true")
            if con.execute("PRAGMA application_id").fetchone()[0] == CASE_LOG:
                raise SourceError(f"'{shown(path.name)}' is a case log and holds no exports; open it with tns.CaseLog")
            found = con.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name")
            selects = _wanted([name for (name,) in found], asked, f"'{shown(path.name)}'")
        except sqlite3.Error:
            raise SourceError(unreadable) from None
        for name, select in selects.items():
            _sqlite_table(path, con, name, select, db)
    return list(selects)


def _sqlite_table(path: Path, con: sqlite3.Connection, name: str, select: str, db: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor = con.execute(f"SELECT * FROM {_inner(select) or quoted(name)}")
        from_rows(name.lower(), distinct(column[0] for column in cursor.description), _fetched(cursor), db)
    except (sqlite3.Error, sqlite3.Warning) as problem:
        raise SourceError(f"'{shown(path.name)}' cannot give '{shown(name)}': {_kind(problem)}; try its SELECT in SQLite first") from None


def _inner(select: str) -> str:
    # a line of its own, so that a comment at the end of a query ends there
    return f"({select.rstrip().rstrip(';')}\n)" if select else ""


def _fetched(cursor: sqlite3.Cursor, size: int = 20_000) -> Iterator[list[list[str | None]]]:
    while rows := cursor.fetchmany(size):
        yield [[None, *map(_text, row)] for row in rows]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    return repr(value)


def _postgres(url: str, asked: Asked, db: duckdb.DuckDBPyConnection, folder: Path) -> list[Read]:
    with snapshot(url) as reading:
        selects = _wanted(reading.tables(), asked, "the PostgreSQL database")
        return [
            Read(
                name.lower(),
                f"PostgreSQL: {shown(name)}",
                take(reading, name, _inner(select) or _of_server(reading, name, asked), db, folder),
            )
            for name, select in selects.items()
        ]


def _of_server(reading: Reading, name: str, asked: Asked) -> str:
    """Give the query in parentheses that brings of a table what is asked for."""
    table = f"(SELECT * FROM {_dotted(name)})"
    columns, rows = asked.query(name.lower(), dict.fromkeys(reading.columns(table), "VARCHAR"), far=True, postgres=True)
    return table if (columns, rows) == ("*", "") else f"(SELECT {columns} FROM {_dotted(name)} WHERE {rows or 'true'})"
