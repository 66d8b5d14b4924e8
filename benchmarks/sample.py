"""Time making up markets: `python benchmarks/sample.py [ACCOUNTS ...]`, each in a process of its own.

Prints rows a second, seconds of wall clock and of CPU, and the peak of memory. Leaves nothing behind.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (10_000, 100_000, 1_000_000)


def one(accounts: int) -> None:
    from tnskit.training.sample import write_sample

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        rows = sum(write_sample(Path(folder, "market"), Path(folder, "truth"), accounts=accounts).values())
        wall = time.perf_counter() - start
        size = sum(path.stat().st_size for path in Path(folder, "market").iterdir())
    used = resource.getrusage(resource.RUSAGE_SELF)
    # Linux tells kilobytes, macOS bytes.
    peak = used.ru_maxrss / (1 if sys.platform == "darwin" else 1 / 1024)
    print(
        f"{accounts:>9,} accounts  {rows:>11,} rows  {wall:7.1f} s  {rows / wall:>9,.0f} rows/s  "
        f"{used.ru_utime + used.ru_stime:6.1f} CPU s  {peak / 2**20:>6,.0f} MiB peak  {size / 1e6:>7,.0f} MB",
        flush=True,
    )


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
        return
    for accounts in [int(word) for word in sys.argv[1:]] or SIZES:
        subprocess.run([sys.executable, __file__, "--one", str(accounts)], check=True)


if __name__ == "__main__":
    main()
