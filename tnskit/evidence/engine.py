"""The one seam: what runs the SQL steps. DuckDB inside this process is the default."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Protocol

import duckdb
import pandas as pd

from tnskit.cleaning.privacy import told
from tnskit.errors import EngineError, UsageError

HEARD = 0.1
"""Seconds after which Ctrl-C and the stop button are heard at the latest; an assumption: nobody feels a tenth."""


class Engine(Protocol):
    """Runs one SQL step. Anything with this method and the tables of a Market can stand in."""

    def run(self, sql: str, values: Iterable[Any] = (), **tables: pd.DataFrame) -> pd.DataFrame:
        """Run one statement.

        Args:
            sql: One statement; `?` stands for a value.
            values: The values, in order.
            **tables: Small frames that the statement reads by these names.

        Returns:
            The rows it gives; an empty frame for a statement that gives none.

        Raises:
            EngineError: The step failed; the message names it and shows its SQL.
        """


class Duck:
    """DuckDB inside this process, working in a schema of its own beside the market's tables.

    Args:
        db: The market's database.
        schema: Where the steps write; created anew.
        memory: What DuckDB may hold at once, such as "4GB", for the whole market; beyond it parts go to temporary files, which
            are removed afterwards. Without it DuckDB takes up to four fifths of the machine's memory.

    Raises:
        UsageError: `memory` is no size.
    """

    def __init__(self, db: duckdb.DuckDBPyConnection, schema: str, *, memory: str | None = None):
        if memory is not None and not re.fullmatch(r"[1-9]\d*(\.\d+)? ?[KMGT]i?B", memory):
            raise UsageError(f"memory='{memory[:20]}' is not a size; they are written like '4GB'")
        # A cursor begins in the first database, whatever the market's own connection has chosen.
        catalog = db.execute("SELECT current_database()").fetchall()[0][0]
        self._db = db.cursor()
        self._db.execute(f'USE "{catalog}".main')
        self._db.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        self._db.execute(f'USE "{catalog}"."{schema}"')
        self._schema = f'"{catalog}"."{schema}"'
        self._db.execute("SET TimeZone = 'UTC'")
        if memory is not None:
            folder = tempfile.mkdtemp(prefix="tnskit-")
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            self._db.execute(f"SET GLOBAL memory_limit = '{memory}'")
            self._db.execute(f"SET GLOBAL temp_directory = '{folder.replace(chr(39), chr(39) * 2)}'")

    def run(self, sql: str, values: Iterable[Any] = (), **tables: pd.DataFrame) -> pd.DataFrame:
        """Run one statement; see `Engine.run`."""
        for name, frame in tables.items():
            self._db.register(name, frame)
        try:
            return self._stoppable(sql, list(values))
        except duckdb.Error as problem:
            why = told(problem)
        finally:
            for name in tables:
                self._db.unregister(name)
        # raised after the handler: DuckDB's own error may quote a value, and must not hang on ours as its context
        raise EngineError(f"the step '{sql.strip().splitlines()[0][:80]}' failed: {why}; its SQL:\n{sql}")

    def _stoppable(self, sql: str, values: list[Any]) -> pd.DataFrame:
        """Run in a thread beside this one, which DuckDB, busy with a long step, would leave deaf to Ctrl-C and the stop button."""

        def work() -> pd.DataFrame:
            result = self._db.execute(sql, values)
            return result.df() if result.description else pd.DataFrame()

        with ThreadPoolExecutor(1) as beside:
            future = beside.submit(work)
            try:
                # asked again and again: once Polars is loaded, a signal alone does not end a wait
                while not wait([future], timeout=HEARD).done:
                    pass
                return future.result()
            except KeyboardInterrupt:
                self._db.interrupt()
                raise

    def forget(self) -> None:
        """Drop all that the steps have written."""
        self._db.execute(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")
