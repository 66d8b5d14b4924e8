"""What linking costs on Spark, in rounds, tasks and bytes shuffled, with every row compared with DuckDB's.

    python -m benchmarks.spark                                      2,000 to 16,000 accounts of one shape: the growth per doubling
    python -m benchmarks.spark --accounts 100000 --shapes shape-09 shape-14 shape-21
    python -m benchmarks.spark --accounts 100000 --half             one network on half of all accounts beside

Bytes and tasks are Spark's own, from its status pages; a task's rows are what it read from a shuffle.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
import urllib.request
from typing import Any

import pandas as pd
from pyspark.sql import SparkSession

import tnskit as tns
from benchmarks.quality.shapes import SHAPES
from benchmarks.quality.written import make
from tnskit.cleaning.market import Market
from tnskit.evidence import stars
from tnskit.evidence.links import Links

COLUMNS = ("market", "accounts", "pairs", "same rows", "rounds", "stages", "tasks", "MB shuffled", "MB written", "most rows of a task",
           "of all rows", "CPU s")  # fmt: skip
TABLES = ("shared", "piece", "counted", "reading", "pair", "crowded")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, nargs="+", default=[2_000, 4_000, 8_000, 16_000])
    parser.add_argument("--shapes", nargs="+", default=["shape-09"])
    parser.add_argument("--half", action="store_true", help="one network on half of all accounts")
    parser.add_argument("--partitions", type=int, default=4)
    told = parser.parse_args()
    session = begun(told.partitions)
    print("| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|")
    for shape in told.shapes:
        for accounts in told.accounts:
            print(line(session, shape, accounts, half=told.half), flush=True)
    session.stop()


def begun(partitions: int) -> Any:
    settings = {
        "spark.sql.shuffle.partitions": str(partitions), "spark.driver.memory": "4g", "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR", "spark.ui.retainedStages": "100000", "spark.ui.retainedJobs": "100000",
        "spark.driver.host": "127.0.0.1",
        # a partition of the size that this machine's memory likes, so that a skew is split here as it is on a cluster
        "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes": "8MB", "spark.sql.adaptive.advisoryPartitionSizeInBytes": "4MB",
    }  # fmt: skip
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def market_of(shape: str, accounts: int, *, half: bool) -> Market:
    """Make and load a market of `shapes`."""
    tables = make(dataclasses.replace(SHAPES[shape], accounts=accounts)).tables
    if half:
        ids = tables["accounts"]["account_id"].drop_duplicates()[::2]
        rows = {"account_id": ids, "kind": "ip", "value": "11.20.30.40", "first_seen": "2024-01-01", "last_seen": "2024-06-01"}
        tables["identifiers"] = pd.DataFrame(rows)
    return tns.load(tables)


def line(session: Any, shape: str, accounts: int, *, half: bool) -> str:
    """Link one market on both engines, and tell what Spark did."""
    market = market_of(shape, accounts, half=half)
    duck = tns.link(market)
    seen = stages(session)
    began = time.perf_counter()
    spark = tns.link(market, engine=tns.Spark(session))
    took = time.perf_counter() - began
    # what was linked, not what is asked afterwards
    done = stages(session)[len(seen) :]
    same = [name for name in TABLES if len(differing(duck, spark, name)) == 0]
    groups = [links.clusters() for links in (duck, spark)]
    same += ["groups"] if groups[0].equals(groups[1]) else []
    same += ["rings"] if tns.rings(duck).equals(tns.rings(spark)) else []
    rounds = stars.components(spark.engine, "(SELECT a, b FROM held WHERE sure)")
    whole = len(TABLES) + 2
    most = max((one["most"] for one in done), default=0)
    rows = int(market.db.execute("SELECT count(*) FROM main.seen").fetchall()[0][0])
    cells = [
        f"{shape}{', half on one network' if half else ''}", f"{len(market):,}", f"{len(duck.pairs):,}",
        f"{len(same)} of {whole} tables" if len(same) < whole else "yes", rounds, len(done), sum(one["numCompleteTasks"] for one in done),
        f"{sum(one['shuffleWriteBytes'] for one in done) / 1e6:,.1f}", f"{sum(one['outputBytes'] for one in done) / 1e6:,.1f}",
        f"{most:,}", f"{most / rows:.2f}", f"{(sum(one['executorCpuTime'] for one in done)) / 1e9:.0f} ({took:.0f} s wall)",
    ]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def differing(duck: Links, spark: Links, table: str) -> pd.DataFrame:
    """Rows that one engine has and the other has not; numbers as they are told, to twelve digits."""
    ours, theirs = (links.engine.run(f"SELECT * FROM {table}") for links in (duck, spark))
    frames = []
    for frame in (ours, theirs[ours.columns]):
        plain = {
            name: frame[name].astype("float64").map("{:.12g}".format) for name in frame if pd.api.types.is_numeric_dtype(frame[name].dtype)
        }
        frames.append(frame.assign(**plain).astype(str))
    both = pd.concat([frame.groupby(list(frame.columns), dropna=False).size().rename(n) for n, frame in enumerate(frames)], axis=1).fillna(
        0
    )
    return both[both[0] != both[1]]


def stages(session: Any) -> list[dict[str, Any]]:
    """Give every finished stage, with the most rows that one of its tasks read from a shuffle."""
    context = session.sparkContext
    base = f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/stages"
    found = [one for one in asked(f"{base}?status=complete") if one["numCompleteTasks"]]
    for one in found:
        one["most"] = 0
        if one["shuffleReadRecords"]:
            told = asked(f"{base}/{one['stageId']}/{one['attemptId']}/taskSummary?quantiles=1.0")
            one["most"] = int(told["shuffleReadMetrics"]["readRecords"][0])
    return sorted(found, key=lambda one: one["stageId"])


def asked(url: str) -> Any:
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
