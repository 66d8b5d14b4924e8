"""What linking costs on Spark, in rounds, tasks and bytes shuffled, with every row of every step compared with DuckDB's.

    python -m benchmarks.spark --accounts 50000 100000 200000           the long table of `markets`: the growth per doubling
    python -m benchmarks.spark --accounts 100000 --seeds 1 2 3          three markets of it
    python -m benchmarks.spark --accounts 100000 --half                 and one of them with a network on half of all accounts
    python -m benchmarks.spark --accounts 16000 --shapes shape-09       markets with names, jobs and payments, of `quality.shapes`
    python -m benchmarks.spark --accounts 1000000 --count --hub 10000000  only the steps by value: the largest task beside the median
    python -m benchmarks.spark --accounts 100000 200000 --apart         the bytes an account costs where every join is shuffled
    python -m benchmarks.spark --clean 500000                           cleaning numbers from abroad here, and on the executors
    python -m benchmarks.spark --accounts 100000 --open                 and what is read of a saved folder for one question

Bytes and tasks are Spark's own, from its status pages; a task's rows are what it read from a shuffle.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from pyspark.sql import SparkSession

import tnskit as tns
from benchmarks import markets
from benchmarks.quality.shapes import SHAPES
from benchmarks.quality.written import make
from tnskit.cleaning.market import Market
from tnskit.evidence import conduct, stars, steps
from tnskit.evidence.links import Links

COLUMNS = ("market", "accounts", "rows", "pairs", "same rows", "rounds", "tasks", "MB shuffled", "MB written", "CPU s", "wall s",
           "DuckDB wall s")  # fmt: skip
SKEW = ("market", "accounts", "rows", "step", "tasks", "rows of the median task", "rows of the largest")
CLEANED = ("values", "CPU s here alone", "CPU s here, with executors", "seconds of their tasks", "same market")
READ = ("accounts", "question", "MB of the folder", "kB read, median of 20 accounts", "most", "share of the folder")
TABLES = (
    "sized", "breached", "life", "sign", "purpose", "spot", "habit", "bounded", "meeting", "crowded", "shared", "portion", "holder",
    "fact", "worked", "removed", "ebb", "namesakes", "piece", "feature", "two", "counted", "scored", "asked", "reading", "pair",
)  # fmt: skip
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, nargs="+", default=[10_000, 20_000, 40_000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[11])
    parser.add_argument("--shapes", nargs="+", default=[])
    parser.add_argument("--half", action="store_true", help="beside them one with a network on half of all accounts")
    parser.add_argument("--hub", type=int, default=0, help="only one market, with a network on so many accounts")
    parser.add_argument("--count", action="store_true", help="only the steps that bring the rows of a value together, up to the pairs")
    parser.add_argument("--open", action="store_true", help="what is read of a saved folder for one question")
    parser.add_argument("--clean", type=int, default=0, help="only cleaning, of so many numbers from abroad")
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--apart", action="store_true", help="send no table to everybody, as where the market is too large for it")
    parser.add_argument("--memory", default="4g", help="what Java may hold")
    told = parser.parse_args()
    session = begun(told.partitions, told.memory, APART if told.count or told.apart else {})
    columns = CLEANED if told.clean else SKEW if told.count else COLUMNS
    row(*columns)
    row(*["---"] * len(columns))
    if told.clean:
        cleaned(session, told.clean)
        told.accounts = []
    reads: list[tuple[str, ...]] = []
    for accounts in told.accounts:
        for name, market in made(told, accounts):
            if told.count:
                counted(session, name, market)
                continue
            links = linked(session, name, market)
            reads += opened(links, market) if told.open else []
    for cells in [READ, ("---",) * len(READ), *reads] if reads else []:
        row(*cells)
    session.stop()


def made(told: argparse.Namespace, accounts: int) -> Iterator[tuple[str, Market]]:
    """Make and load the markets that were asked for."""
    if told.half or told.hub:
        yield market_of((told.shapes or told.seeds)[0], accounts, told.hub or accounts // 2)
    for name in told.shapes or told.seeds:
        if not told.hub:
            yield market_of(name, accounts, 0)


def market_of(name: str | int, accounts: int, hub: int) -> tuple[str, Market]:
    beside = f", one network on {hub:,}" if hub else ""
    if isinstance(name, str):
        tables = make(dataclasses.replace(SHAPES[name], accounts=accounts)).tables
        if hub:
            ids = tables["accounts"]["account_id"].drop_duplicates()[:hub]
            rows = {"account_id": ids, "kind": "ip", "value": "11.20.30.40", "first_seen": "2024-01-01", "last_seen": "2024-06-01"}
            tables["identifiers"] = pd.DataFrame(rows)
        return name + beside, tns.load(tables)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "identifiers.parquet"
        markets.make(accounts, file, seed=name, hub=hub)
        return f"long table, seed {name}{beside}", tns.load(file)


APART = {
    # small tasks are not put together, so that a large one is seen
    "spark.sql.adaptive.coalescePartitions.enabled": "false",
    # and no side of a join is sent to everybody, for which the market of a cluster is too large
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.adaptive.autoBroadcastJoinThreshold": "-1",
}


def begun(partitions: int, memory: str, other: dict[str, str]) -> Any:
    settings = {
        "spark.sql.shuffle.partitions": str(partitions), "spark.driver.memory": memory, "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR", "spark.ui.retainedStages": "100000", "spark.ui.retainedJobs": "100000", "spark.ui.port": "0",
        "spark.driver.host": "127.0.0.1", "spark.sql.ui.retainedExecutions": "5",
    }  # fmt: skip
    builder = SparkSession.builder.master("local[2]")
    for name, value in (settings | other).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def linked(session: Any, name: str, market: Market) -> Links:
    """Link one market on both engines, and tell what Spark did."""
    began = time.perf_counter()
    duck = tns.link(market)
    alone = time.perf_counter() - began
    seen = len(stages(session))
    began, used = time.perf_counter(), burnt(session)
    spark = tns.link(market, engine=tns.Spark(session))
    took, used = time.perf_counter() - began, burnt(session) - used
    # what was linked, not what is asked afterwards
    done = stages(session)[seen:]
    differ = [table for table in TABLES if differing(market, duck, spark, table)]
    differ += [] if duck.clusters().equals(spark.clusters()) else ["groups"]
    differ += [] if tns.rings(duck).equals(tns.rings(spark)) else ["rings"]
    rounds = stars.components(spark.engine, "(SELECT a, b FROM held WHERE sure)")
    row(
        name, f"{len(market):,}", f"{many(market, 'main.seen'):,}", f"{many(market, f'{schema(duck)}.pair'):,}",
        f"{len(TABLES)} tables, groups, rings" if not differ else "NOT " + ", ".join(differ), rounds,
        f"{sum(one['numCompleteTasks'] for one in done):,}", f"{sum(one['shuffleWriteBytes'] for one in done) / 1e6:,.1f}",
        f"{sum(one['outputBytes'] for one in done) / 1e6:,.1f}", f"{used:,.0f}", f"{took:,.0f}", f"{alone:,.1f}",
    )  # fmt: skip
    return spark


BOUNDED = """-- every value, none of them said anything about
CREATE OR REPLACE TABLE bounded AS SELECT s.value, s.accounts, i.kind, i.class, i.shown, false AS proven
FROM sized s JOIN main.identifier i ON i.code = s.value
"""
CROWDED = "-- what more than fifty share\nCREATE OR REPLACE TABLE crowded AS SELECT value FROM sized WHERE accounts > 50"


def counted(session: Any, name: str, market: Market) -> None:
    """Run the steps that bring the rows of a value together, and tell the largest task of each beside the median."""
    runner = tns.Spark(session).beside(market, "counting")
    runner.run("CREATE OR REPLACE TABLE purpose AS SELECT code AS account, 0.0::DOUBLE AS signs FROM main.people")
    runner.run("CREATE OR REPLACE TABLE breached AS SELECT code AS account FROM main.people WHERE false")
    for sql in (steps.SIZED, conduct.LIFE, conduct.SPOTS, BOUNDED, CROWDED, steps.SHARED):
        seen = len(stages(session))
        runner.run(sql)
        for one in stages(session)[seen:]:
            if one["shuffleReadRecords"] > 1_000:
                sizes = [f"{size:,}" for size in (len(market), many(market, "main.seen"))]
                row(name, *sizes, one["description"][3:60], one["numCompleteTasks"], *(f"{rows:,}" for rows in tasks(session, one)))


def cleaned(session: Any, many: int) -> None:
    """Load numbers from abroad, which Python has to read one by one, without Spark and with it."""
    numbers = [f"+52 55 {1000 + n // 10_000} {n % 10_000:04}" for n in range(many)]
    source = {"identifiers": pd.DataFrame({"account_id": [f"A{n}" for n in range(many)], "kind": "phone", "value": numbers})}
    used, found = [], []
    seen = len(stages(session))
    for engine in (None, tns.Spark(session)):
        began = time.process_time()
        market = tns.load(source, engine=engine)
        used.append(time.process_time() - began)
        found.append(market.db.execute("SELECT md5(string_agg(i::VARCHAR, '' ORDER BY code)) FROM main.identifier i").fetchall())
    run = sum(one["executorRunTime"] for one in stages(session)[seen:]) / 1e3
    row(f"{many:,}", *(f"{cpu:,.1f}" for cpu in used), f"{run:,.0f}", "yes" if found[0] == found[1] else "NO")


def opened(links: Links, market: Market) -> list[tuple[str, ...]]:
    """Save from the executors, open without Spark, and count the bytes that reading took for one question about one account."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        links.save(Path(folder) / "links")
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.parquet"))
        pairs = links.engine.run("SELECT a, b FROM pair WHERE label <> 'no reliable link' ORDER BY hash(a, b) LIMIT 20").to_numpy()
        names = market.accounts["account_id"].to_numpy()
        for what, ask in QUESTIONS.items():
            cost = []
            for a, b in pairs:
                # opened anew, so that nothing is remembered of the question before
                again = tns.open(Path(folder) / "links", whole=False)
                before = taken()
                ask(again, names[a], names[b])
                cost.append(taken() - before)
            middle = sorted(cost)[len(cost) // 2]
            told = f"{size / 1e6:,.0f}", f"{middle / 1e3:,.0f}", f"{max(cost) / 1e3:,.0f}", f"{middle / size:.2%}"
            found.append((f"{len(market):,}", what, *told))
    return found


QUESTIONS = {
    "`lookup`": lambda links, a, _: tns.lookup(links, a),
    "`explain` of two": lambda links, a, b: tns.explain(links, a, b),
    "`graph(around=)`, one hop": lambda links, a, _: tns.graph(links, around=a, hops=1),
    "`graph(around=)`, two hops": lambda links, a, _: tns.graph(links, around=a, hops=2),
}


def taken() -> int:
    """Bytes that this process has read, whether or not the system had them at hand."""
    return int(Path("/proc/self/io").read_text().split("rchar:")[1].split()[0])


def row(*cells: Any) -> None:
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def schema(links: Links) -> str:
    return str(links.engine.run("SELECT current_schema() AS name")["name"].iloc[0])


def many(market: Market, table: str) -> int:
    return int(market.db.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def differing(market: Market, duck: Links, spark: Links, table: str) -> int:
    """Count the rows that one engine has and the other has not; numbers to nine digits behind the point."""
    ours, theirs = (f"{schema(links)}.{table}" for links in (duck, spark))
    kinds = market.db.execute(f"DESCRIBE {ours}").fetchall()
    cells = ", ".join(f'round("{name}"::DOUBLE, 9)' if "DOUBLE" in kind or "DECIMAL" in kind else f'"{name}"' for name, kind, *_ in kinds)
    sides = (f"(SELECT {cells} FROM {x} EXCEPT ALL SELECT {cells} FROM {y})" for x, y in ((ours, theirs), (theirs, ours)))
    return sum(many(market, side) for side in sides)


def burnt(session: Any) -> float:
    """CPU seconds of Spark's Java process, driver and executors in one."""
    cells = Path(f"/proc/{session.sparkContext._gateway.proc.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(cells[11]) + int(cells[12])) / TICK


def stages(session: Any) -> list[dict[str, Any]]:
    """Give every finished stage in order."""
    found = [one for one in asked(session, "?status=complete") if one["numCompleteTasks"]]
    return sorted(found, key=lambda one: int(one["stageId"]))


def tasks(session: Any, stage: dict[str, Any]) -> tuple[int, int]:
    """Give the rows that the median and the largest task of a stage read from a shuffle."""
    told = asked(session, f"/{stage['stageId']}/{stage['attemptId']}/taskSummary?quantiles=0.5,1.0")
    median, most = told["shuffleReadMetrics"]["readRecords"]
    return int(median), int(most)


def asked(session: Any, what: str) -> Any:
    context = session.sparkContext
    with urllib.request.urlopen(f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/stages{what}") as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
