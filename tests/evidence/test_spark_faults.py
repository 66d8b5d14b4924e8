"""An executor that dies in the middle of a task, on a Spark whose executors are processes of their own."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT, needs
from tests.evidence.test_spark import crowd_market
from tnskit.evidence.engine import Duck

pytestmark = pytest.mark.spark

PATIENCE = 600
"""Seconds; it takes one minute where nothing else runs."""

STEPS = ("-- how many have each\nCREATE OR REPLACE TABLE few AS SELECT value, count(*) AS accounts FROM main.seen GROUP BY value",
         "-- every account beside every other\nCREATE OR REPLACE TABLE all_pairs AS SELECT x.account AS a, y.account AS b, sum(z.code % 7) AS s "
         "FROM main.seen x, main.seen y, main.people z WHERE x.account < y.account GROUP BY x.account, y.account")  # fmt: skip

SCRIPT = """
    import sys
    from pyspark.sql import SparkSession
    from tests.evidence.test_spark_faults import STEPS
    from tests.evidence.test_spark import crowd_market, SMALL
    from tnskit.evidence.spark import Spark

    builder = SparkSession.builder.master("local-cluster[1,1,768]")
    for name, value in (SMALL | {"spark.executor.memory": "768m"}).items():
        builder = builder.config(name, value)
    steps = Spark(builder.getOrCreate(), folder=sys.argv[1]).beside(crowd_market(), "faults")
    for step in STEPS:
        steps.run(step)
    for table in ("few", "all_pairs"):
        steps.run(f"COPY (SELECT * FROM {table} ORDER BY ALL) TO '{sys.argv[1]}/{table}.parquet' (FORMAT parquet)")
"""


def executor(session):
    """The process that runs the tasks of a Spark that was started as its own session."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"CoarseGrainedExecutorBackend" in path.read_bytes() and os.getsid(int(path.parent.name)) == session:
                return int(path.parent.name)
        except (OSError, ValueError):
            continue
    return None


def kill_in_mid_task(run, folder):
    """Stop the executor, look whether it had begun to write the second step, and kill it then."""
    end = time.monotonic() + PATIENCE
    while run.poll() is None and time.monotonic() < end:
        pid = executor(run.pid)
        if pid is not None and list(folder.glob("all_pairs-*.part")):
            os.kill(pid, signal.SIGSTOP)
            if list(folder.glob("all_pairs-*.part/_temporary/0")) and not list(folder.glob("all_pairs-*.part/_temporary/0/task_*")):
                time.sleep(0.2)
                os.kill(pid, signal.SIGKILL)
                return sorted(folder.glob("few-*/*.parquet"))
            os.kill(pid, signal.SIGCONT)
        time.sleep(0.02)
    raise AssertionError("no task of the second step was seen at work")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the executor in /proc")
def test_a_killed_executor_is_replaced_and_leaves_no_half(tmp_path):
    needs("Java (Debian: apt install openjdk-17-jre-headless)", shutil.which("java"))
    needs("pyspark (pip install 'tnskit[spark]')", importlib.util.find_spec("pyspark"))
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(SCRIPT), str(tmp_path)]
    run = subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYSPARK_PYTHON": sys.executable},
    )  # fmt: skip
    try:
        few = kill_in_mid_task(run, tmp_path)
        kept = {path: path.stat().st_mtime_ns for path in few}
        trouble = run.communicate(timeout=PATIENCE)[1]
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
    assert run.returncode == 0, trouble
    assert kept
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("few-*/*.parquet")} == kept
    assert not list(tmp_path.glob("all_pairs-*.part"))
    duck = Duck(crowd_market().db, "faults")
    for table, sql in zip(("few", "all_pairs"), STEPS, strict=True):
        duck.run(sql)
        ours = duck.run(f"SELECT * FROM {table} ORDER BY ALL")
        theirs = duck.run(f"SELECT * FROM read_parquet('{tmp_path}/{table}.parquet')")
        pd.testing.assert_frame_equal(theirs, ours, check_dtype=False)
