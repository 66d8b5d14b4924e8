"""Make up the long table that the benchmarks of linking read: `python benchmarks/markets.py ACCOUNTS FILE.parquet [HUB]`.

About 4.6 rows an account, as an export of several systems would have them (kind by kind, each in the order of the
accounts): own phones, cards and installs, home networks of households of 1 to 5, dynamic networks that the provider gives
to somebody else next week, hub networks from 51 to 100,000 accounts (at most a tenth of the market), and rings of 3 to 40
accounts that share phones, cards and installs. Same number, same seed: same rows.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

DAYS = 730

# Both multipliers have no factor in common with what they are taken modulo, so that two values never meet by chance.
_FORMATS = """
WITH spread AS (SELECT *, value * 2654435761 % 2147483648 AS ip, 2000000000 + value * 6700417 % 7999999993 AS phone FROM rows)
SELECT 'A' || lpad(account::VARCHAR, 8, '0') AS account_id, kind,
  CASE kind WHEN 'phone' THEN '+1' || phone::VARCHAR
    WHEN 'ip' THEN (11 + ip // 16777216)::VARCHAR || '.' || (ip // 65536 % 256) || '.' || (ip // 256 % 256) || '.' || ip % 256
    ELSE CASE kind WHEN 'card' THEN 'fp_' ELSE 'dv_' END || printf('%016x', hash(value, kind)) END AS value,
  DATE '2024-01-01' + first AS first_seen, DATE '2024-01-01' + last AS last_seen
FROM spread
"""


def parts(accounts: int, seed: int) -> list[pd.DataFrame]:
    """The rows in integers: `kind`, `account`, `value`, `first`, `last` (days), a frame a source."""
    rng = np.random.default_rng([seed, accounts])
    every = np.arange(accounts)
    phones = np.concatenate([every, rng.choice(accounts, accounts // 10, replace=False)])
    cards = np.concatenate([rng.choice(accounts, accounts * 6 // 10, replace=False), rng.choice(accounts, accounts // 5)])
    home = np.repeat(np.arange(accounts), rng.choice([1, 2, 3, 4, 5], accounts, p=[0.55, 0.24, 0.1, 0.08, 0.03]))[:accounts]
    home = rng.permutation(home)
    dynamic = rng.choice(accounts, accounts * 4 // 10)
    taken = [
        _rows("phone", phones, np.arange(len(phones)), rng),
        _rows("card", cards, np.arange(len(cards)), rng),
        _rows("device", every, every, rng),
        _rows("ip", every, home, rng),
        _rows("ip", dynamic, accounts + rng.integers(0, accounts * 3 // 10 + 1, len(dynamic)), rng, longest=7),
        _hubs(accounts, rng),
        _rings(accounts, rng),
    ]
    return [frame.sort_values(["account", "value"], kind="stable", ignore_index=True) for frame in taken]


def _rows(kind: str, account: np.ndarray, value: np.ndarray, rng: np.random.Generator, *, longest: int = 365) -> pd.DataFrame:
    first = rng.integers(0, DAYS, len(account))
    last = np.minimum(DAYS, first + rng.integers(0, longest, len(account)))
    return pd.DataFrame({"kind": kind, "account": account, "value": value, "first": first.astype("int32"), "last": last.astype("int32")})


def _hubs(accounts: int, rng: np.random.Generator) -> pd.DataFrame:
    """Networks of schools, carriers and proxies: sizes fall from the largest as 1, 1/2, 1/3 ... down to 51."""
    largest = min(100_000, accounts // 10)
    sizes = [largest // n for n in range(1, max(1, largest // 51) + 1)]
    room = np.cumsum(sizes) <= max(largest, accounts // 4)
    kept = [size for size, fits in zip(sizes, room, strict=True) if fits] or [largest]
    account = np.concatenate([rng.choice(accounts, size, replace=False) for size in kept])
    return _rows("ip", account, 3 * accounts + np.repeat(np.arange(len(kept)), kept), rng, longest=30)


def _rings(accounts: int, rng: np.random.Generator) -> pd.DataFrame:
    """Groups of 3 to 40 accounts; each member has two of the ring's three values."""
    sizes = rng.integers(3, 41, max(1, accounts // 1_000))
    member = rng.choice(accounts, min(accounts, int(sizes.sum())), replace=False)
    ring = np.repeat(np.arange(len(sizes)), sizes)[: len(member)]
    left_out = rng.integers(0, 3, len(member))
    found = []
    for nth, kind in enumerate(("phone", "card", "device")):
        has = left_out != nth
        found.append(_rows(kind, member[has], 5 * accounts + ring[has], rng))
    return pd.concat(found, ignore_index=True)


def make(accounts: int, file: Path, *, seed: int = 11, hub: int = 0) -> int:
    """Write the table and give its number of rows; `hub` adds one network that so many share, some of whom may have nothing else."""
    db = duckdb.connect()
    frames = parts(accounts, seed)
    if hub:
        rng = np.random.default_rng([seed, hub])
        who = np.sort(rng.choice(max(hub, accounts), hub, replace=False))
        frames.append(_rows("ip", who, np.full(len(who), 4 * accounts), rng))
    db.execute('CREATE TABLE rows (kind VARCHAR, account BIGINT, value BIGINT, "first" INTEGER, "last" INTEGER)')
    for frame in frames:
        db.register("part", frame)
        db.execute("INSERT INTO rows SELECT * FROM part")
        db.unregister("part")
    target = str(file).replace("'", "''")
    db.execute(f"COPY ({_FORMATS}) TO '{target}' (FORMAT parquet)")
    return int(db.execute("SELECT count(*) FROM rows").fetchall()[0][0])


if __name__ == "__main__":
    print(f"{make(int(sys.argv[1]), Path(sys.argv[2]), hub=int(sys.argv[3]) if sys.argv[3:] else 0):,} rows")
