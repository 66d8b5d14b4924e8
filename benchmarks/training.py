"""What a cohort costs: exercises made, answered by made-up trainees, and marked; each told as a ratio to making one ordinary market.

    python benchmarks/training.py --trainees 40

CPU seconds of one run; ratios travel between machines, seconds do not. Progress bars show on a terminal.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tnskit.training.cohort import build_cohort, grade_cohort
from tnskit.training.rehearsal import rehearse_cohort
from tnskit.training.sample import sample
from tnskit.training.staging import ORDINARY

WORDS = "only for the benchmark"


def timed(do: Callable[[], Any]) -> tuple[Any, float]:
    """Give what a call gives, and its CPU seconds."""
    before = time.process_time()
    return do(), time.process_time() - before


def main() -> None:
    """Run it once and print a table."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--trainees", type=int, default=40)
    trainees = told.parse_args().trainees
    sample(ORDINARY, seed=1)
    unit = min(timed(lambda: sample(ORDINARY, seed=2))[1] for _ in range(3))
    with tempfile.TemporaryDirectory() as held:
        plan, out, bar = Path(held) / "plan.toml", Path(held) / "out", sys.stderr.isatty()
        plan.write_text(f"trainees = {trainees}\n", encoding="utf-8")
        made, building = timed(lambda: build_cohort(plan, out, passphrase=WORDS, progress=bar))
        rehearse_cohort(out, passphrase=WORDS)
        report, marking = timed(lambda: grade_cohort(out, passphrase=WORDS, progress=bar))
    many = made["exercises"]
    print(f"{trainees} trainees, {many} exercises; one ordinary market of {ORDINARY} accounts: {unit:.2f} CPU s")
    for what, cost in (("make", building), ("mark", marking)):
        print(f"{what}: {cost:.0f} CPU s, {cost / many:.2f} an exercise, {cost / many / unit:.2f} of one ordinary market")
    print(report)


if __name__ == "__main__":
    main()
