"""Time a case log: `python benchmarks/cases.py [EVENTS]`. Leaves nothing behind.

Prints what an event costs alone and among eight processes, what the disk takes of it, how fast a log is looked through, and what a
case takes to read.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tnskit.review.audit import AuditLog
from tnskit.review.seals import verify

FACTS = {"because": "One bank account, one phone, one home; their uses follow each other.", "rests_on": ["E1", "E2"]}


def timed(do: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and 99th percentile of a step in milliseconds."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        do()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took), sorted(took)[int(len(took) * 0.99)]


def bare(path: Path, times: int) -> tuple[float, float]:
    """What one durable row costs in SQLite without us: the floor."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE row (body TEXT)")
    body = "x" * 400
    made = timed(lambda: db.execute("INSERT INTO row VALUES (?)", [body]), times)
    db.close()
    return made


def add(log: AuditLog, case: str) -> object:
    return log.append("noted", by="ana", via="told", case=case, facts=FACTS)


def one_of_eight(path: Path, name: str, count: int) -> None:
    log = AuditLog(path)
    for n in range(count):
        log.append("noted", by=name, via="told", case=str(n % 50), facts=FACTS)


def together(path: Path, count: int) -> tuple[float, list[int | None]]:
    """Eight processes write at once; the wall clock and how each ended."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tnskit.review.audit"])
    workers = [context.Process(target=one_of_eight, args=(path, f"w{n}", count // 8)) for n in range(8)]
    start = time.perf_counter()
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    return time.perf_counter() - start, [one.exitcode for one in workers]


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        floor, floor_99 = bare(here / "bare.db", 500)
        log = AuditLog(here / "alone.db")
        alone, alone_99 = timed(lambda: add(log, "1"), 500)
        print(f"one durable row in SQLite alone   {floor:7.2f} ms median  {floor_99:8.2f} ms for 99 of 100")
        print(
            f"one event                         {alone:7.2f} ms median  {alone_99:8.2f} ms for 99 of 100  "
            f"{alone / floor:5.2f} times the row"
        )
        wall, ends = together(here / "cases.db", events)
        found = verify(here / "cases.db")
        print(f"8 processes, {events:,} events       {wall / events * 1000:7.2f} ms each, {wall:.1f} s in all; {found.events:,} there, "
              f"{'sound' if found.sound else found.why}; {sum(1 for end in ends if end)} processes ended in an error")  # fmt: skip
        took, _ = timed(lambda: verify(here / "cases.db"), 3)
        size = (here / "cases.db").stat().st_size
        print(
            f"looking through {found.events:,} events   {took:7.0f} ms, {found.events / took * 1000:,.0f} a second, "
            f"{size / found.events:,.0f} bytes each"
        )
        whole = AuditLog(here / "cases.db")
        took, _ = timed(lambda: whole.events("7"), 20)
        print(f"reading one case of {len(whole.events('7')):,}          {took:7.2f} ms")


if __name__ == "__main__":
    main()
