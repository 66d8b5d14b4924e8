"""Spark behind the seam: the steps of linking on a cluster, for a market past one machine.

Every step leaves Parquet in one folder that the driver and the executors see; the next step reads it, and so does DuckDB, which
answers all questions asked afterwards. A step that is there already, made from the same inputs, is not run again.

    folder/
      seen-5f0c.../       a table of the market, copied out of DuckDB
      shared-91ab.../     what a step gave: part-*.parquet, and _SUCCESS when it is whole

Nothing of Spark is imported before it is asked for.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
import warnings
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from tnskit.cleaning.market import Market
from tnskit.errors import EngineError, UsageError
from tnskit.evidence.engine import Duck

_MISSING = "Spark needs the extra 'spark', which is not installed: pip install 'tnskit[spark]', and Java 17 or later"


class Spark:
    """Where to link: `link(market, engine=Spark(session))`.

    Args:
        session: A SparkSession; the one that is running, or a new one, if left out.
        folder: Where the steps write, seen under this path by the driver and by every executor. What is finished there is taken
            up by the next run. If left out, a temporary folder of this machine.

    Raises:
        UsageError: pyspark or sqlglot is not installed, or Spark runs on other machines and no folder is given.
    """

    def __init__(self, session: Any = None, *, folder: str | Path | None = None):
        try:
            import sqlglot  # noqa: F401  # asked for here, so that its absence is told before anything runs
            from pyspark.sql import SparkSession
        except ImportError:
            raise UsageError(_MISSING) from None
        session = SparkSession.builder.getOrCreate() if session is None else session
        if folder is None and not str(session.sparkContext.master).startswith("local"):
            raise UsageError("Spark runs on other machines here; give the folder that all of them see, Spark(session, folder=...)")
        self.session = session
        self.folder = None if folder is None else Path(folder).absolute()

    def __repr__(self) -> str:
        return f"Spark on {self.session.sparkContext.master}"

    def beside(self, market: Market, schema: str) -> SparkSteps:
        """Give what runs the steps of linking one market."""
        return SparkSteps(self, market, schema)


class SparkSteps:
    """Runs the steps that write on Spark, and answers questions with DuckDB from what they wrote."""

    def __init__(self, spark: Spark, market: Market, schema: str):
        folder = spark.folder
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="tnskit-spark-"))
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._spark = spark
        self._duck = Duck(market.db, schema)
        self._session = _session(spark.session)
        self._parts: dict[str, list[Path]] = {}

    def run(self, sql: str, values: Iterable[Any] = (), **tables: pd.DataFrame) -> pd.DataFrame:
        """Run one statement; see `Engine.run`."""
        from tnskit.evidence import sparksql

        told = list(values)
        if not sql.startswith(("-- ", "CREATE OR REPLACE TABLE ")):
            return self._duck.run(sql, told, **tables)
        step = sparksql.said(sql, told)
        for name in step.reads:
            if name in tables or name not in self._parts:
                self._take(name, **tables)
        key = _key(step.sql, *(f"{name} {part.name}" for name in step.reads for part in self._parts[name]))
        target = self._folder / f"{step.table}-{key}"
        try:
            rows = self._rows(step)
            if not (target / "_SUCCESS").exists():
                rows.write.mode("overwrite").parquet(str(target))
        except Exception as problem:
            why = _why(problem)
        else:
            self._know(step.table, [*(self._parts[step.table] if step.adds else []), target], rows.schema)
            return pd.DataFrame()
        raise EngineError(f"the step '{sql.strip().splitlines()[0][:80]}' failed on Spark: {why}; its SQL:\n{step.sql}")

    def again(self, market: Market, schema: str) -> SparkSteps:
        """Give what runs the steps of linking another market, or the same one later."""
        return self._spark.beside(market, schema)

    def lay(self, sql: str, target: Path) -> None:
        """Write the rows of a question to a folder of Parquet files, in the order that it asks for."""
        from tnskit.evidence import sparksql

        step = sparksql.said(sql, [])
        for name in step.reads:
            if name not in self._parts:
                self._take(name)
        # small pieces, of which a lookup reads one or two
        self._rows(step).write.option("parquet.block.size", 8 << 20).parquet(str(target))

    def _rows(self, step: Any) -> Any:
        """Give what a step makes, with the columns of the table that it adds to or changes."""
        rows = self._session.sql(step.sql)
        if not (step.adds or step.changes):
            return rows
        wanted = self._session.table(step.table).schema.fields
        named = rows.toDF(*(each.name for each in wanted)) if step.adds else rows
        return named.selectExpr(*(f"CAST(`{each.name}` AS {each.dataType.simpleString()}) AS `{each.name}`" for each in wanted))

    def _take(self, name: str, **tables: pd.DataFrame) -> None:
        """Copy a table of DuckDB's to where Spark reads it, under a name that tells what is in it."""
        schema, _, table = name.partition("_")
        source = name if name in tables else f"{schema}.{table}"
        part = self._folder / f"{name}.{os.getpid()}.part"
        self._duck.run(f"COPY (SELECT * FROM {source}) TO '{_quoted(part)}' (FORMAT parquet)", **tables)
        with part.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()[:24]
        target = self._folder / f"{name}-{digest}"
        target.mkdir(exist_ok=True)
        part.replace(target / "part-0.parquet")
        self._parts[name] = [target]
        self._session.read.parquet(str(target)).createOrReplaceTempView(name)

    def _know(self, name: str, parts: list[Path], schema: Any) -> None:
        """Let Spark and DuckDB read a table that was written."""
        self._parts[name] = parts
        self._session.read.schema(schema).parquet(*(str(part) for part in parts)).createOrReplaceTempView(name)
        files = ", ".join(f"'{_quoted(part)}/*.parquet'" for part in parts)
        self._duck.run(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet([{files}])")

    def forget(self) -> None:
        """Drop what DuckDB knows of the steps; what they wrote stays, for the next run."""
        self._duck.forget()


def _key(*told: str) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:24]


def _why(problem: Exception) -> str:
    """Give what Spark says went wrong, without the rows of its stack."""
    lines = [line.strip() for line in str(problem).splitlines()]
    told = [line for line in lines if line.startswith("Caused by:") or re.match(r"\w+(Error|Exception): ", line)]
    return (told[-1] if told else next((line for line in lines if line), type(problem).__name__))[:300]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _session(session: Any) -> Any:
    """Give a session of our own, with names and settings that are not the caller's."""
    context = session.sparkContext
    if str(context.master).startswith("local") and "PYSPARK_PYTHON" not in os.environ:
        # or Spark would start whatever `python3` is on the path, which need not have what this one has
        context.pythonExec = sys.executable
    own = session.newSession()
    for name, value in {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "false"}.items():
        own.conf.set(name, value)
    with warnings.catch_warnings():
        # said of every pandas from 3 on; none of its rows go through pandas here
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        from pyspark.sql.functions import arrow_udf

        from tnskit.evidence.sparkfunctions import similar
        from tnskit.evidence.sparksql import SIMILARITY

        own.udf.register(SIMILARITY, arrow_udf(similar, "double"))
    return own
