"""Run one piece of work in a process of its own and tell what it cost."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Cost:
    """What one run cost, and what it answered.

    Attributes:
        cpu: Seconds of all threads, user and system.
        wall: Seconds by the clock.
        peak: MiB of memory at the highest point of the process.
        answer: What must be the same for every way.
    """

    cpu: float
    wall: float
    peak: float
    answer: Any


def used() -> float:
    """CPU seconds of this process and of the children that ended."""
    return sum(r.ru_utime + r.ru_stime for r in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def measured(work: Callable[[], Any], answer: Callable[[Any], Any]) -> Cost:
    """Time `work` here; what is asked of its result afterwards is not counted."""
    cpu, wall = used(), time.perf_counter()
    result = work()
    cpu, wall = used() - cpu, time.perf_counter() - wall
    # Linux tells kilobytes, macOS bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Cost(cpu, wall, peak, answer(result))


def child(script: str, *words: str) -> Cost:
    """Run `python script --one words...`, which prints one line of JSON, and read it."""
    done = subprocess.run([sys.executable, script, "--one", *words], stdout=subprocess.PIPE, text=True, check=True)
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def alternate(script: str, ways: list[str], rounds: int, *words: str, once: tuple[str, ...] = ()) -> dict[str, list[Cost]]:
    """Run every way `rounds` times, one after the other in turn, so that a busy minute hits them all.

    Args:
        script: The file that answers `--one`.
        ways: Their names.
        rounds: How often.
        *words: What each is told besides its name.
        once: Ways that are run once, for they take long.
    """
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    for nth in range(rounds):
        for way in ways:
            if nth == 0 or way not in once:
                costs[way].append(child(script, way, *words))
                cost = costs[way][-1]
                print(f"    {way:24s} {cost.cpu:8.2f} CPU s {cost.wall:8.2f} s {cost.peak:8,.0f} MiB", flush=True)
    return costs


def median(costs: list[Cost], what: str = "cpu") -> float:
    return statistics.median(getattr(cost, what) for cost in costs)


def spread(costs: list[Cost]) -> str:
    """Least and most CPU seconds."""
    found = [cost.cpu for cost in costs]
    return f"{min(found):.2f} to {max(found):.2f}"


def ratios(costs: list[Cost], ours: list[Cost]) -> str:
    """Least and most of the ratio of CPU seconds, turn by turn."""
    found = [cost.cpu / other.cpu for cost, other in zip(costs, ours, strict=False)]
    return f"{min(found):.2f} to {max(found):.2f}"


def market(accounts: int, folder: Path, *, hub: int = 0) -> Path:
    """Give the made-up table of so many accounts, made once."""
    name = folder / (f"market-{accounts}.parquet" if not hub else f"market-{accounts}-hub-{hub}.parquet")
    if not name.exists():
        part = name.with_suffix(".part")
        # In a process of its own: what this one has used at most would be told as the least of its children.
        words = [sys.executable, str(Path(__file__).with_name("markets.py")), str(accounts), str(part), str(hub)]
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
        part.replace(name)
    return name
