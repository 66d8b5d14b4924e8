"""Spark behind the seam: the steps of linking on a cluster, for a market past one machine.

Every step leaves Parquet in one folder that the driver and the executors see; the next step reads it, and so does DuckDB, which
answers all questions asked afterwards. A step that is there already, made from the same inputs, is not run again.

    folder/
      seen-5f0c.../       a table of the market, copied out of DuckDB
      shared-91ab.../     what a step gave: part-*.parquet; under this name it is whole, for it is written under another and renamed

Nothing of Spark is imported before it is asked for.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import shutil
import socket
import sys
import tempfile
import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from tnskit.cleaning.market import Market
from tnskit.errors import EngineError, UsageError
from tnskit.evidence.engine import Duck
from tnskit.evidence.sparktables import check

_MISSING = "Spark needs the extra 'spark', which is not installed: pip install 'tnskit[spark]', and Java 17 or later"

_SKEW = {
    "spark.sql.adaptive.skewJoin.skewedPartitionFactor": "1.5",
    "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes": "8MB",
    "spark.sql.adaptive.advisoryPartitionSizeInBytes": "8MB",
    "spark.sql.files.maxPartitionBytes": "8MB",
}
"""A part half as large again as the others, for one value has so many rows, is split, by the pieces in which they were read; Spark's own
defaults are five times, 256, 64 and 128 MB. Ten million rows of one value may take less than 64 MB, for they are two numbers each.
Measured: `benchmarks/spark.py --count`; see `docs/spark.md`."""


class Spark:
    """Where to link, `link(market, engine=Spark(session))`, and where to clean, `load(folder, engine=Spark(session))`.

    Args:
        session: A SparkSession; the one that is running, or a new one, if left out.
        folder: Where the steps write, seen under this path by the driver and by every executor. What is finished there is taken
            up by the next run. If left out, a temporary folder of this machine.

    Raises:
        UsageError: pyspark or sqlglot is not installed, Spark runs on other machines and no folder is given, or the session is one
            of Spark Connect.
    """

    def __init__(self, session: Any = None, *, folder: str | Path | None = None):
        try:
            import sqlglot  # noqa: F401  # asked for here, so that its absence is told before anything runs
            from pyspark.sql import SparkSession
        except ImportError:
            raise UsageError(_MISSING) from None
        session = SparkSession.builder.getOrCreate() if session is None else session
        if type(session).__module__.startswith("pyspark.sql.connect"):
            raise UsageError("this session reaches its cluster by Spark Connect, which cannot link; give the session of a classic driver")
        if folder is None and not str(session.sparkContext.master).startswith("local"):
            raise UsageError("Spark runs on other machines here; give the folder that all of them see, Spark(session, folder=...)")
        self.session = session
        self.folder = None if folder is None else Path(folder).absolute()

    def __repr__(self) -> str:
        return f"Spark on {self.session.sparkContext.master}"

    def beside(self, market: Market, schema: str) -> SparkSteps:
        """Give what runs the steps of linking one market.

        Raises:
            TableError: The tables of the market are not those that linking reads; nothing of Spark was run.
            UsageError: The folder is a file, or cannot be made.
        """
        check(market)
        return SparkSteps(self, market, schema)

    def spread(self, work: Callable[[bytes], bytes], parcels: Iterable[bytes]) -> Iterator[bytes]:
        """Give what the executors' Python makes of each parcel, in their order; see `cleaning.spread`.

        Raises:
            EngineError: The work failed; a task whose executor died was run again before.
        """
        context, waiting = self.session.sparkContext, iter(parcels)
        _own_python(context)
        # two for each place where a task runs, so that the driver never holds more than that
        while some := list(itertools.islice(waiting, 2 * context.defaultParallelism)):
            context.setJobDescription("-- clean unique values")
            try:
                made = context.parallelize(some, len(some)).map(work).collect()
            except Exception as problem:
                why = _why(problem)
            else:
                yield from made
                continue
            raise EngineError(f"unique values could not be cleaned on Spark: {why}")


class SparkSteps:
    """Runs the steps that write on Spark, and answers questions with DuckDB from what they wrote."""

    def __init__(self, spark: Spark, market: Market, schema: str):
        folder = spark.folder
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="tnskit-spark-"))
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise UsageError(f"'{folder}' cannot be the folder that Spark works in; give one that can be made or is there") from None
        _swept(folder)
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
        # under this name it stands in Spark's own pages
        self._session.sparkContext.setJobDescription(_name(sql))
        try:
            rows = self._rows(step)
            if not self._whole(target, rows.columns):
                self._write(rows, target)
        except Exception as problem:
            why = _why(problem)
        else:
            self._know(step.table, [*(self._parts[step.table] if step.adds else []), target], rows.schema)
            return pd.DataFrame()
        raise EngineError(f"the step '{_name(sql)}' failed on Spark: {why}; its SQL:\n{step.sql}")

    def _whole(self, target: Path, columns: list[str]) -> bool:
        """Tell whether a step was finished here, with the columns that it should have; one that was tampered with is run again."""
        if not (target / "_SUCCESS").exists():
            return False
        try:
            held = self._duck.run(f"DESCRIBE SELECT * FROM read_parquet('{_quoted(target)}/*.parquet')")
        except EngineError:
            return False
        return list(held["column_name"]) == columns

    def _write(self, rows: Any, target: Path) -> None:
        """Write a step beside its place, and put it there in one act: who is killed, or comes second, leaves what was there."""
        part = self._part(target.name)
        rows.write.mode("overwrite").parquet(str(part))
        try:
            part.rename(target)
        except OSError:
            # another run of the same step was faster, or what is there is not whole
            if not self._whole(target, rows.columns):
                shutil.rmtree(target, ignore_errors=True)
                part.rename(target)
        shutil.rmtree(part, ignore_errors=True)

    def _part(self, name: str) -> Path:
        return self._folder / f"{name}.{socket.gethostname()}.{os.getpid()}.part"

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
        part = self._part(name)
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


def _swept(folder: Path) -> None:
    """Take away what killed runs of this machine had begun to write."""
    for path in folder.glob(f"*.{socket.gethostname()}.*.part"):
        number = path.name.split(".")[-2]
        if number.isdigit() and int(number) != os.getpid() and not _runs(int(number)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _runs(process: int) -> bool:
    if sys.platform == "win32":
        # where asking would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _name(sql: str) -> str:
    return sql.strip().splitlines()[0][:80]


def _key(*told: str) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:24]


def _why(problem: Exception) -> str:
    """Give what Spark says went wrong, without the rows of its stack."""
    lines = [line.strip() for line in str(problem).splitlines()]
    told = [line for line in lines if line.startswith("Caused by:") or re.match(r"\w+(Error|Exception): ", line)]
    return (told[-1] if told else next((line for line in lines if line), type(problem).__name__))[:300]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _own_python(context: Any) -> None:
    if str(context.master).startswith("local") and "PYSPARK_PYTHON" not in os.environ:
        # or Spark would start whatever `python3` is on the path, which need not have what this one has
        context.pythonExec = sys.executable


def _session(session: Any) -> Any:
    """Give a session of our own, with names and settings that are not the caller's."""
    context = session.sparkContext
    _own_python(context)
    own = session.newSession()
    before = own.conf.getAll
    # what the caller has set since Spark was started, such as how many parts a shuffle has, is not handed on by itself
    said = {
        name: value
        for name, value in session.conf.getAll.items()
        if name.startswith("spark.sql.") and before.get(name) != value and own.conf.isModifiable(name)
    }
    skew = {name: value for name, value in _SKEW.items() if name not in session.conf.getAll}
    for name, value in (skew | said | {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "false"}).items():
        own.conf.set(name, value)
    with warnings.catch_warnings():
        # said of every pandas from 3 on; none of its rows go through pandas here
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        from pyspark.sql.functions import arrow_udf

        from tnskit.evidence.sparkfunctions import similar
        from tnskit.evidence.sparksql import SIMILARITY

        own.udf.register(SIMILARITY, arrow_udf(similar, "double"))
    return own
