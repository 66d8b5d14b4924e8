"""Make a long `identifiers` table of any size, fast: a few rows an account, spelt as exports spell them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

CHUNK = 1_000_000

# Share of the rows, and values per 100 accounts. Assumption: about what marketplaces see; dirt as in the practice specification.
KINDS = {"phone": (0.20, 65), "email": (0.15, 60), "card": (0.15, 50), "ip": (0.30, 110), "device": (0.20, 75)}

SPELT = {
    "phone": """
      CASE WHEN dice < 400 THEN '+1' || num
        WHEN dice < 550 THEN '(' || num[:3] || ') ' || num[4:6] || '-' || num[7:]
        WHEN dice < 700 THEN num[:3] || '-' || num[4:6] || '-' || num[7:]
        WHEN dice < 850 THEN num
        WHEN dice < 890 THEN '1-' || num[:3] || '-' || num[4:6] || '-' || num[7:]
        WHEN dice < 920 THEN num[:3] || '.' || num[4:6] || '.' || num[7:]
        WHEN dice < 950 THEN '+1 ' || num[:3] || ' ' || num[4:6] || ' ' || num[7:]
        WHEN dice < 960 THEN '1' || num || '.0'
        WHEN dice < 965 THEN ' ' || num || ' '
        WHEN dice < 970 THEN num || ' ext. ' || v % 90 + 10
        WHEN dice < 980 THEN '+52 55 ' || num[3:6] || num[10] || ' ' || num[7:]
        WHEN dice < 988 THEN '+55 11 9' || num[3:6] || '-' || num[7:]
        WHEN dice < 995 THEN '+44 7911 ' || num[4:9]
        WHEN dice < 997 THEN '1.8E+10'
        ELSE '000-000-0000' END""",
    "email": """
      CASE WHEN dice < 850 THEN box || '@' || site
        WHEN dice < 910 THEN upper(box[1]) || box[2:] || '@' || site
        WHEN dice < 940 THEN box || '+' || v % 7 || '@' || site
        WHEN dice < 990 THEN replace(box, '.', '') || '@gmail.com'
        WHEN dice < 997 THEN ' ' || box || '@' || site
        ELSE 'noemail@' || site END""",
    "card": "CASE WHEN dice < 998 THEN 'fp_' || hex ELSE '0000000000000000' END",
    "ip": """
      CASE WHEN six AND dice < 970 THEN '2' || net6 || ':' || hex[4:7] || ':' || hex[8:11] || ':' || hex[12:15] || ':' || hex[1:4]
        WHEN six THEN '2' || net6 || '::' || hex[12:15]
        WHEN dice < 970 THEN four
        WHEN dice < 980 THEN '10.' || v % 200 || '.0.' || dice % 250
        WHEN dice < 990 THEN '192.168.0.' || dice % 250 || ', ' || four
        WHEN dice < 995 THEN '::ffff:' || four
        ELSE four || ':443' END""",
    "device": """
      CASE WHEN dice < 500 THEN hex[:8] || '-' || hex[1:4] || '-' || hex[5:8] || '-' || hex[9:12] || '-' || hex[5:16]
        WHEN dice < 997 THEN 'in-' || hex ELSE '00000000-0000-0000-0000-000000000000' END""",
}
"""How a value of each kind is written; `dice` is 0 to 999, and `v` the number of the value."""

MADE = """
SELECT account, first_at, last_at, v, dice, v % 10 < 3 AS six,
  (201 + v * 7 % 780) || (202 + v // 780 % 797)::VARCHAR || right('000' || v * 7919 % 10000, 4) AS num,
  ['james','mary','luis','ana','robert','patricia','jose','linda'][v % 8 + 1] || '.'
    || ['smith','garcia','lopez','brown'][v // 8 % 4 + 1] || v // 32 AS box,
  ['mail.example','post.example','correo.example','inbox.example','outlook.com','yahoo.com'][v // 5 % 6 + 1] AS site,
  printf('%08x%08x', hash(v, 1) % 4294967296, hash(v, 2) % 4294967296) AS hex,
  printf('%03x:%x:%x:%x', v % 200 + 1536, v // 200 % 4096, v // 7 % 256, v % 65536) AS net6,
  concat_ws('.', 20 + v % 70, v // 70 % 256, v // 17920 % 256, hash(v) % 254 + 1) AS four
FROM drawn
"""


def write(target: Path, rows: int, *, seed: int = 1) -> None:
    """Write a Parquet file of `rows` sightings of a quarter as many accounts; the same seed gives the same rows."""
    accounts = max(1, rows // 4)
    db = duckdb.connect(config={"python_enable_replacements": False})
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        for number, start in enumerate(range(0, rows, CHUNK)):
            _chunk(db, np.random.default_rng([seed, number]), min(CHUNK, rows - start), accounts)
            db.execute(f"COPY made TO '{folder}/{number:06}.parquet' (FORMAT parquet)")
        whole = Path(folder, "whole")
        db.execute(f"COPY (FROM read_parquet('{folder}/*.parquet')) TO '{whole}' (FORMAT parquet)")
        whole.replace(target)


def _chunk(db: duckdb.DuckDBPyConnection, rng: np.random.Generator, size: int, accounts: int) -> None:
    kinds = list(KINDS)
    kind = rng.choice(len(kinds), size, p=[share for share, _ in KINDS.values()])
    many = np.array([per_100 * accounts // 100 + 1 for _, per_100 in KINDS.values()])[kind]
    account = rng.integers(0, accounts, size)
    # Nine in ten are values of the account's own, the others somebody's.
    own = (account * 0.61803398875 % 1 * many).astype(np.int64)
    value = np.where(rng.random(size) < 0.6, own, rng.integers(0, many))
    first = rng.integers(0, 700 * 86_400, size)
    drawn = pd.DataFrame({"account": account, "kind": kind, "v": value, "dice": rng.integers(0, 1_000, size),
                          "first_at": first, "last_at": first + rng.integers(0, 90 * 86_400, size)})  # fmt: skip
    db.execute("CREATE OR REPLACE TABLE made (account_id VARCHAR, kind VARCHAR, value VARCHAR, first_seen VARCHAR, last_seen VARCHAR)")
    for number, name in enumerate(kinds):
        db.register("drawn", drawn[drawn["kind"] == number])
        when = ", ".join(f"strftime(TIMESTAMP '2024-01-01' + to_seconds({c}), '%Y-%m-%dT%H:%M:%SZ')" for c in ("first_at", "last_at"))
        db.execute(f"INSERT INTO made SELECT 'A' || 100000 + account, '{name}', {SPELT[name]}, {when} FROM ({MADE})")
        db.unregister("drawn")
