"""What linking costs, ours beside what people use, on the same made-up markets, one after the other in turn.

    python benchmarks/linking.py --accounts 100000 1000000 --rounds 3

Every piece of work runs in a process of its own, which first does it on a hundred accounts so that loading of code is not
counted. All ways must give the same answer before a figure is printed. CPU seconds of all threads, ratios of medians,
least and most, and the highest memory. `--write` puts tables and the plot of growth into `docs/speed.md`. The peers are in
the extra `bench`: `pip install -e '.[bench]'`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import peers
import report
from children import Cost, alternate, market, measured, used

FOLDER = Path(tempfile.gettempdir(), "tnskit-bench")
SLOW = 3_000_000
"""Accounts from which the slowest peers are left out. They were measured once: see `docs/speed.md`."""


def components(file: Path) -> pd.DataFrame:
    from tnskit.evidence.components import components

    return components(file, most=peers.MOST)


def pairs(file: Path) -> pd.DataFrame:
    from tnskit.evidence.tablelinks import link_table

    links = link_table(file, most=peers.MOST)
    return links.pairs.assign(evidence=len(links.pieces["pair"]))


def digest(found: pd.DataFrame | None) -> str:
    """One word for an answer, whatever the order of its rows and the names of its groups."""
    if found is None:
        return ""
    if "cluster_id" in found:
        least = found.groupby("cluster_id")["account_id"].transform("min")
        lines = (found["account_id"].astype(str) + " " + least.astype(str)).sort_values()
    else:
        lines = (found["a"].astype(str) + " " + found["b"].astype(str) + " " + found["score"].round(6).astype(str)).sort_values()
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def answer_rows(file: Path, *, new: bool) -> None:
    """Part a table into a hundredth that is new and the rest."""
    import polars as pl

    rows = pl.read_parquet(file)
    which = np.random.default_rng(5).random(len(rows)) < 0.01
    rows.filter(pl.Series(which if new else ~which)).write_parquet(file.with_suffix(".new" if new else ".old"))


def rebuilt(file: Path) -> Cost:
    from tnskit.evidence.tablelinks import link_table

    return measured(lambda: link_table(file), lambda links: digest(links.pairs))


def updated(file: Path) -> Cost:
    from tnskit.evidence.tablelinks import link_table

    for new in (True, False):
        answer_rows(file, new=new)
    links = link_table(file.with_suffix(".old"))
    return measured(lambda: links.update(file.with_suffix(".new")), lambda links: digest(links.pairs))


def saved(file: Path) -> Path:
    """Link and save a market once, and again where what stands there is of another version."""
    from tnskit.errors import StoreError
    from tnskit.evidence.links import open_links
    from tnskit.evidence.tablelinks import link_table
    from tnskit.evidence.tablestore import as_links

    folder = file.with_suffix(".links")
    try:
        open_links(folder)
    except StoreError:
        as_links(link_table(file)).save(folder)
    return folder


def timed(ask: Callable[[], Any]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


def asked_folder(file: Path) -> Cost:
    """Open the folder in a fresh process, ask two hops around one account, then around a thousand (the best of three times each)."""
    from tnskit.evidence.links import open_links
    from tnskit.evidence.rules import LABELS

    start, cpu = time.perf_counter(), used()
    index = open_links(file.with_suffix(".links")).index

    def two_hops(code: int) -> set[int]:
        near = set(index.reach([code], LABELS)[1].tolist()) | {code}
        return near | set(index.reach(near, LABELS)[1].tolist())

    rng = np.random.default_rng(7)
    asked = rng.integers(0, len(index), 1_000)
    two_hops(index.code(index.ids(asked[:1])[0]))
    first, cpu = time.perf_counter() - start, used() - cpu
    names = index.ids(asked)
    took = [min(timed(lambda name=name: two_hops(index.code(name))) for _ in range(3)) for name in names]
    reached = [sorted(index.ids(two_hops(index.code(name)))) for name in names[:3]]
    return Cost(
        cpu, first, 0, {"median": float(np.median(took)), "p99": float(np.quantile(took, 0.99)), "names": names[:3], "reached": reached}
    )


def asked_pandas(file: Path) -> Cost:
    """The same from the table of pairs in memory."""
    from tnskit.evidence.links import open_links

    index = open_links(file.with_suffix(".links")).index
    names = index.ids(np.random.default_rng(7).integers(0, len(index), 1_000)[:3])
    table = next(file.with_suffix(".links").glob("data-*"))
    start = time.perf_counter()
    people = pd.read_parquet(table / "people.parquet", columns=["code", "account_id"])["account_id"]
    rows = pd.read_parquet(table / "pair.parquet", columns=["a", "b"])
    rows = pd.DataFrame({"a": people.take(rows["a"]).to_numpy(), "b": people.take(rows["b"]).to_numpy()})
    opened, took, reached = time.perf_counter() - start, [], []
    for name in names:
        start = time.perf_counter()
        reached.append(sorted(peers.pandas_two_hops(rows, name)))
        took.append(time.perf_counter() - start)
    return Cost(0, opened + took[0], 0, {"median": float(np.median(took)), "p99": max(took), "names": names, "reached": reached})


WAYS: dict[str, Callable[[Path], Any]] = {"bare scan": peers.bare_scan, "tnskit": components, **peers.COMPONENTS}
PAIRS: dict[str, Callable[[Path], Any]] = {"tnskit, pairs": pairs, "pandas, pairs": peers.pandas_pairs}
WHOLE: dict[str, Callable[[Path], Cost]] = {
    "rebuild": rebuilt, "update": updated, "tnskit, opened": asked_folder, "pandas, scan": asked_pandas,
}  # fmt: skip


def one(way: str, file: Path) -> Cost:
    """What a child does."""
    if way in WHOLE:
        return WHOLE[way](file)
    work = (WAYS | PAIRS)[way]
    work(market(100, FOLDER))
    return measured(lambda: work(file), digest)


def compared(title: str, ways: list[str], rounds: int, file: Path, *, once: tuple[str, ...] = ()) -> dict[str, list[Cost]]:
    """Run ways in turn and hold them to one answer."""
    print(title, flush=True)
    costs = alternate(__file__, ways, rounds, str(file), once=once)
    answers = {cost.answer for way in ways if way != "bare scan" for cost in costs[way]}
    if len(answers) != 1:
        raise SystemExit(f"{title}: the ways do not agree")
    return costs


def all_of(accounts: int, rounds: int) -> dict[str, Any]:
    """Everything for one size."""
    file, hub = market(accounts, FOLDER), market(accounts, FOLDER, hub=min(accounts, 1_000_000))
    slow = ("pandas + networkx", "DuckDB SQL", "DuckDB + rustworkx", "DuckDB + igraph")
    ways = [way for way in WAYS if accounts < SLOW or way not in slow]
    found: dict[str, Any] = {"components": compared(f"components, {accounts:,} accounts", ways, rounds, file, once=("DuckDB SQL",))}
    hubs = [compared(f"components, {word} hub", ["tnskit"], rounds, name) for word, name in (("without the", file), ("with a", hub))]
    found["hub"] = {"without": hubs[0]["tnskit"], "with": hubs[1]["tnskit"]}
    scored = list(PAIRS) if accounts < SLOW else ["tnskit, pairs"]
    found["pairs"] = compared(f"scored pairs, {accounts:,} accounts", scored, rounds, file)
    found["update"] = compared(f"a hundredth of new rows, {accounts:,} accounts", ["rebuild", "update"], rounds, file)
    saved(file)
    print(f"two hops, {accounts:,} accounts", flush=True)
    found["ask"] = alternate(__file__, ["tnskit, opened", "pandas, scan"], 1, str(file))
    if len({json.dumps(costs[0].answer["reached"]) for costs in found["ask"].values()}) != 1:
        raise SystemExit("two hops: the ways do not agree")
    return found


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(asdict(one(sys.argv[2], Path(sys.argv[3])))))
        return
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--accounts", type=int, nargs="+", default=[100_000, 1_000_000])
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--write", action="store_true", help="put the tables and the plot into docs/")
    args = asked.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = {accounts: all_of(accounts, args.rounds) for accounts in args.accounts}
    told = report.told(found)
    print(told)
    if args.write:
        report.write(told, found)


if __name__ == "__main__":
    main()
