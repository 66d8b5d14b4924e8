"""Tables and queries of a PostgreSQL server, as PostgreSQL itself writes them in text: every digit, every zone, every letter.

DuckDB reads them where its extension for PostgreSQL is installed. That one has to be downloaded from DuckDB's own server for each
release, which many companies do not allow; packages hold it for some releases (`duckdb-extension-postgres-scanner`). Nothing is
downloaded here: where it is absent psycopg reads, by a COPY. Both write the same bytes to a file in the market's own folder,
and both see one moment of the database and cannot change it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import duckdb

from tnskit.cleaning.headings import distinct, shown
from tnskit.cleaning.sources.frames import file_literal, literal, raw_table
from tnskit.cleaning.sources.jsons import LARGEST
from tnskit.errors import SourceError

POSTGRES = ("postgresql://", "postgres://")
"""How the address of a server begins."""

_PACKAGES = ("duckdb_extension_postgres_scanner", "duckdb_extension_postgres")
_PLAIN = ("SET LOCAL TIME ZONE 'UTC'", "SET LOCAL DateStyle = 'ISO'", "SET LOCAL client_encoding = 'UTF8'")
"""So that the settings of a server or a user change nothing in what is read."""

_TABLES = (
    "SELECT CASE WHEN table_schema = current_schema() THEN table_name ELSE table_schema || '.' || table_name END AS name "
    "FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
)


class Reading(Protocol):
    """One moment of a server."""

    def tables(self) -> list[str]:
        """Give the names of all tables and views."""

    def columns(self, query: str) -> list[str]:
        """Give the names of the columns of a query in parentheses; one that is no single SELECT is refused."""

    def write(self, query: str, columns: int, held: Path) -> None:
        """Write the rows of a query that has so many columns as CSV, every cell that is there in quotes."""

    def fault(self, problem: Exception) -> str | None:
        """Give the kind of an error of this reader's without its words, which may quote a cell; None where it is another's."""


@contextmanager
def snapshot(url: str) -> Iterator[Reading]:
    """Give what reads the server: DuckDB where it can, psycopg otherwise.

    Raises:
        SourceError: The server does not let us in, or there is nothing to read it with.
    """
    db = _with_extension()
    if db is not None:
        with db, _duckdb(url, db) as reading:
            yield reading
        return
    with _psycopg(url) as reading:
        yield reading


def take(reading: Reading, name: str, query: str, db: duckdb.DuckDBPyConnection, folder: Path) -> str:
    """Read a query in parentheses into the raw table of that name, and give the digest of what came.

    Raises:
        SourceError: PostgreSQL cannot give it.
    """
    held = folder / "postgres.csv"
    try:
        columns = reading.columns(query)
        reading.write(query, len(columns), held)
        with held.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        _quoted_csv(held, name.lower(), distinct(columns), db)
    except Exception as problem:
        kind = reading.fault(problem)
        if kind is None:
            raise
        raise SourceError(f"PostgreSQL cannot give '{shown(name)}' ({kind}); try its SELECT in psql first") from None
    finally:
        held.unlink(missing_ok=True)
    return digest


def _closed() -> SourceError:
    return SourceError("the PostgreSQL server does not let us in; try the same address in psql, which tells why")


def _with_extension() -> duckdb.DuckDBPyConnection | None:
    """Open a DuckDB that reads PostgreSQL; None where the extension is not on this machine.

    DuckDB itself checks whose signature an extension bears, wherever it lies.
    """
    db = duckdb.connect(config={"autoinstall_known_extensions": "false", "python_enable_replacements": "false"})
    for place in ("postgres_scanner", *_packed()):
        try:
            db.execute(f"LOAD {literal(place)}")
            return db
        except duckdb.Error:
            continue
    db.close()
    return None


def _packed() -> Iterator[str]:
    """Give where a package holds the extension for this release of DuckDB."""
    for name in _PACKAGES:
        spec = find_spec(name)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            yield from map(str, sorted(Path(folder).glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension")))


class _ByDuckDB:
    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self.db = db

    def tables(self) -> list[str]:
        return [str(name) for (name,) in self.db.execute("FROM postgres_query('_server', ?)", [_TABLES]).fetchall()]

    def columns(self, query: str) -> list[str]:
        asked = f"SELECT * FROM {query} AS asked LIMIT 0"
        return [str(row[0]) for row in self.db.execute("DESCRIBE FROM postgres_query('_server', ?)", [asked]).fetchall()]

    def write(self, query: str, columns: int, held: Path) -> None:
        # PostgreSQL writes each cell as text, as a COPY would; a row type whose fields are all empty is not empty itself
        names = [f"c{place}" for place in range(columns)]
        cells = ", ".join(f"CASE WHEN num_nulls({name}) = 0 THEN format('%s', {name}) END AS {name}" for name in names)
        asked = f"SELECT {cells} FROM {query} AS asked({', '.join(names)})"
        self.db.execute(
            f"COPY (FROM postgres_query('_server', {literal(asked)})) TO {file_literal(held)} "
            "(FORMAT csv, HEADER false, DELIMITER ',', QUOTE '\"', ESCAPE '\"', FORCE_QUOTE *)"
        )

    def fault(self, problem: Exception) -> str | None:
        ours = isinstance(problem, duckdb.Error) and not isinstance(problem, duckdb.OutOfMemoryException)
        return type(problem).__name__ if ours else None


@contextmanager
def _duckdb(url: str, db: duckdb.DuckDBPyConnection) -> Iterator[Reading]:
    try:
        db.execute(f"ATTACH {literal(url)} AS _server (TYPE postgres, READ_ONLY)")
        # one transaction, which the extension begins as repeatable read, read only
        db.execute("BEGIN")
        for setting in _PLAIN:
            db.execute("CALL postgres_execute('_server', ?)", [setting])
    except duckdb.Error:
        raise _closed() from None
    yield _ByDuckDB(db)


class _ByPsycopg:
    def __init__(self, con: Any) -> None:
        self.con = con

    def tables(self) -> list[str]:
        return [str(name) for (name,) in self.con.execute(_TABLES).fetchall()]

    def columns(self, query: str) -> list[str]:
        # asked as a prepared statement, which PostgreSQL takes only where it is one statement
        described = self.con.execute(f"SELECT * FROM {query} AS asked LIMIT 0", prepare=True).description
        return [column.name for column in described]

    def write(self, query: str, columns: int, held: Path) -> None:
        asked = f"COPY (SELECT * FROM {query} AS asked) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
        with held.open("wb") as file, self.con.cursor().copy(asked) as copy:
            for chunk in copy:
                file.write(chunk)

    def fault(self, problem: Exception) -> str | None:
        import psycopg

        return type(problem).__name__ if isinstance(problem, psycopg.Error) else None


@contextmanager
def _psycopg(url: str) -> Iterator[Reading]:
    try:
        import psycopg
    except ImportError:
        raise SourceError("reading PostgreSQL needs psycopg; install it with: pip install 'tnskit[postgres]'") from None
    try:
        con = psycopg.connect(url, connect_timeout=20)
    except psycopg.Error:
        raise _closed() from None
    with con:
        con.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for setting in _PLAIN:
            con.execute(setting)
        yield _ByPsycopg(con)


def _quoted_csv(path: Path, name: str, columns: tuple[str, ...], db: duckdb.DuckDBPyConnection) -> None:
    """Read what was written, every cell in quotes; room for long rows costs memory, so it is taken only where it is needed."""
    typed = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
    for room in ("", f", max_line_size={LARGEST}, buffer_size={2 * LARGEST}"):
        try:
            db.execute(
                f"CREATE OR REPLACE TABLE {raw_table(name)} AS SELECT row_number() OVER () AS __row, NULL::VARCHAR AS __fault, * "
                f"FROM read_csv({file_literal(path)}, auto_detect=false, header=false, delim=',', quote='\"', escape='\"', "
                f"strict_mode=true, columns={{{typed}}}{room})"
            )
            return
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            continue
    raise SourceError(f"a row of '{shown(name)}' is longer than {LARGEST >> 20} MB; leave its longest column out of the query")
