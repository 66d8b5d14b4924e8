"""What a loaded market tells about its own export: empty columns, values that everybody shares, moments that cannot be, merges."""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np
import pandas as pd

from tnskit.cleaning.headings import either
from tnskit.cleaning.mapping import Line
from tnskit.cleaning.report import Finding
from tnskit.cleaning.schema import TABLES

MANY = 50
"""Accounts from which a shared value is listed. The same figure as `link(most=50)` has."""
DEFAULT_SHARE, DEFAULT_ACCOUNTS, DEFAULT_MARKET = 0.005, 20, 1_000
"""A value of more than this share of the accounts (and at least so many, in a market of at least so many) looks like a default.
The share is an assumption of the trade; the two others keep a family of a small market out of it."""
EXPLAINED = frozenset(
    {
        ("ip", "mobile"),
        ("ip", "business"),
        ("ip", "education"),
        ("ip", "hosting"),
        ("ip", "relay_vpn"),
        ("phone", "tollfree"),
        ("phone", "proxy"),
        ("email", "relay"),
        ("email", "disposable"),
        ("email", "role"),
        ("address", "building"),
        ("address", "mail_agent"),
    }
)
"""Kinds and classes that are shared by many by their nature, so that nobody needs to ask why."""
LISTED = 200
"""Values that are listed at most."""
SLACK_DAYS = 31
"""Days around the bulk of an export within which a moment is taken as it is, where the export does not tell its own day."""
BULK = 0.001
"""Share of moments at either end that the bulk leaves out. With fewer than 1,000 moments it leaves none out."""
SPAN_YEARS = 30
"""Years after the middle of an export that none reaches: marketplaces on the web are not older. In an export too small for a bulk, a year
after the middle half of it and three times as long again is the end too (Tukey's outer fence)."""
OLDEST = "1995-01-01"
"""No marketplace on the web is older (Craigslist and eBay: 1995)."""
ROUNDED_IDS = 20
"""Long ids that a column must have before their digits are judged."""

PLANNED = frozenset({("jobs", "scheduled_for"), ("actions", "effective_at"), ("actions", "expires_at"), ("suppressions", "expires_at"),
                     ("business_members", "to"), ("accounts", "exported_at")})  # fmt: skip
"""Moments that may lie after the export."""


def columns(db: duckdb.DuckDBPyConnection, matched: list[Line]) -> pd.DataFrame:
    """Count the filled cells of every column that was brought, over the rows that could be read."""
    rows = []
    for table, names in _brought(matched).items():
        counts = ", ".join(f'count("{name}")' for name in names)
        total, *filled = db.execute(f"SELECT count(*), {counts} FROM vault.{table}").fetchall()[0]
        rows += [(table, name, total, one, 1 - one / total if total else 0.0) for name, one in zip(names, filled, strict=True)]
    return pd.DataFrame(rows, columns=["table", "column", "rows", "filled", "null_rate"])


def hubs(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """List the values that many accounts share, masked, those of most accounts first."""
    return db.execute(
        "WITH many AS (SELECT value, count(*) AS accounts FROM seen GROUP BY value), "
        "market AS (SELECT count(*) AS size FROM people WHERE linked) "
        'SELECT i.kind, i.class AS "class", i.shown, many.accounts, many.accounts / market.size AS share FROM many, market '
        "JOIN identifier i ON i.code = many.value WHERE many.accounts > $many OR (market.size >= $market "
        "AND many.accounts >= $accounts AND many.accounts > $share * market.size) ORDER BY accounts DESC, i.kind, i.shown LIMIT $listed",
        {"many": MANY, "market": DEFAULT_MARKET, "accounts": DEFAULT_ACCOUNTS, "share": DEFAULT_SHARE, "listed": LISTED},
    ).df()


def findings(db: duckdb.DuckDBPyConnection, matched: list[Line], shared: pd.DataFrame) -> list[Finding]:
    """Tell what is odd about a market; `shared` is what `hubs` gave."""
    brought = _brought(matched)
    return [*_defaults(db, shared), *_dates(db, brought), *_merges(db), *_rounded(db, brought), *_amounts(db)]


def _brought(matched: list[Line]) -> dict[str, list[str]]:
    names: dict[str, set[str]] = {}
    for line in matched:
        names.setdefault(line.table.name, set()).update(line.columns)
    return {table: [name for name in TABLES[table].names if name in names[table]] for table in TABLES if table in names}


def _defaults(db: duckdb.DuckDBPyConnection, shared: pd.DataFrame) -> list[Finding]:
    """Tell, for each kind, how many values so many accounts share that they look like defaults; a class would explain it."""
    market = db.execute("SELECT count(*) FROM people WHERE linked").fetchall()[0][0]
    some = shared[(shared["accounts"] >= DEFAULT_ACCOUNTS) & (shared["share"] > DEFAULT_SHARE)]
    some = some[[pair not in EXPLAINED for pair in zip(some["kind"], some["class"], strict=True)]]
    if market < DEFAULT_MARKET or some.empty:
        return []
    told = []
    for kind, values in some.groupby("kind", sort=True):
        each = either(len(values), "value is shared by more than", "values are each shared by more than")
        says = (
            f"{each} {DEFAULT_SHARE:.1%} of the {market:,} accounts ({int(values['accounts'].max()):,} at most): a default until somebody "
            "who knows says otherwise; they are listed below with what is shown of them"
        )
        told.append(Finding("default", str(kind), "", len(values), says, look=True))
    return told


def _dates(db: duckdb.DuckDBPyConnection, brought: dict[str, list[str]]) -> list[Finding]:
    past = [
        (table, column.name)
        for table, names in brought.items()
        for column in TABLES[table].columns
        if column.type == "at" and column.name in names and (table, column.name) not in PLANNED
    ]
    if not past:
        return []
    union = " UNION ALL ".join(
        f"SELECT '{table}' AS tab, '{name}' AS col, row, \"{name}\" AS moment FROM vault.{table}" for table, name in past
    )
    found = db.execute(_DATES.format(moments=union), {"slack": SLACK_DAYS, "bulk": BULK, "oldest": OLDEST, "span": SPAN_YEARS}).fetchall()
    told = []
    for table, column, future, first_future, early, first_early, last, told_day, launch in found:
        day = f"the export was made ({_day(last)})" if told_day else f"the export seems to end ({_day(last)})"
        if future:
            says = f"{either(future, 'moment lies', 'moments lie')} after {day}, first in row {first_future:,}"
            told.append(Finding("future", table, column, future, says, look=True))
        if early:
            begins = f"the market seems to begin ({_day(launch)})"
            says = f"{either(early, 'moment lies', 'moments lie')} before {begins}, first in row {first_early:,}"
            told.append(Finding("launch", table, column, early, says, look=True))
    return told


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


_DATES = """
WITH told_moment AS ({moments}),
one AS (SELECT tab, col, row, moment::DATE AS day FROM told_moment WHERE moment IS NOT NULL),
days AS (SELECT day, count(*) AS many FROM one GROUP BY day),
upto AS (SELECT day, many, sum(many) OVER (ORDER BY day) AS so_far, sum(many) OVER () AS total FROM days),
bulk AS (
  SELECT least(
      min(day) FILTER (so_far >= (1 - $bulk) * total) + $slack::INTEGER,
      (min(day) FILTER (so_far >= 0.5 * total) + INTERVAL ($span) YEAR)::DATE,
      CASE WHEN any_value(total) < 1 / $bulk THEN
        min(day) FILTER (so_far >= 0.75 * total) + 366
        + (3 * (min(day) FILTER (so_far >= 0.75 * total) - min(day) FILTER (so_far >= 0.25 * total)))::INTEGER END) AS last,
    max(day) FILTER (so_far - many <= $bulk * total) - $slack::INTEGER AS first FROM upto),
told AS (SELECT max(exported_at)::DATE AS day FROM vault.accounts),
bounds AS (
  SELECT coalesce(told.day + 1, bulk.last) AS last, coalesce(told.day, bulk.last) AS shown, told.day IS NOT NULL AS told,
    greatest(bulk.first, $oldest::DATE) AS first FROM bulk, told)
SELECT tab, col, count(*) FILTER (day > last), min(row) FILTER (day > last), count(*) FILTER (day < first), min(row) FILTER (day < first),
  any_value(shown), any_value(told), any_value(first)
FROM one, bounds GROUP BY tab, col ORDER BY tab, col
"""


def _merges(db: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Follow every merge to its end by doubling steps: chains, circles, and ends that are not there."""
    codes = db.execute(
        "SELECT p.code, coalesce(i.code, -1) FROM vault.accounts a JOIN people p USING (account_id) "
        "LEFT JOIN people i ON i.account_id = a.merged_into WHERE a.merged_into IS NOT NULL AND a.merged_into <> a.account_id ORDER BY 1"
    ).fetchnumpy()
    start, into = (np.asarray(one, dtype=np.int64) for one in codes.values())
    if not len(start):
        return []
    size = int(max(np.max(start), np.max(into))) + 1
    step = np.arange(size)
    known = into >= 0
    step[start[known]] = into[known]
    length = (step != np.arange(size)).astype(np.int64)
    for _ in range(size.bit_length()):
        length, step = length + length[step], step[step]
    circle = length[start] > size
    chains = length[start][~circle]
    counts = {
        "merged in a circle; none of them was resolved": int(circle.sum()),
        "merged into one that the export does not have": int((~known).sum()),
        f"merged over more than one step, {int(chains.max(initial=0))} at most": int((chains > 1).sum()),
    }
    return [
        Finding(
            "merged", "accounts", "merged_into", many, f"{either(many, 'account was', 'accounts were')} {says}", look="step" not in says
        )
        for says, many in counts.items()
        if many
    ]


def _rounded(db: duckdb.DuckDBPyConnection, brought: dict[str, list[str]]) -> list[Finding]:
    """Tell long ids whose digits look rounded: all of them multiples of what a float holds, or with the zeros of a spreadsheet."""
    told = []
    for table, names in brought.items():
        for name in (column.name for column in TABLES[table].columns if column.type == "id" and column.name in names):
            cells, floats, finer, sheets, longer = db.execute(_ROUNDED.format(table=table, name=name)).fetchall()[0]
            by_float = floats >= 0.9 * cells and finer < 0.5 * cells
            by_sheet = sheets >= 0.9 * cells and longer < 0.5 * cells
            if cells >= ROUNDED_IDS and (by_float or by_sheet):
                how = "a spreadsheet (15 digits and zeros)" if by_sheet else "a number with decimals (multiples of a power of two)"
                told.append(Finding("id", table, name, cells, f"long ids look rounded by {how}; export them as text", look=True))
    return told


# A float of 2^k holds multiples of 2^(k-52) only; ids made of bits (snowflakes) end in many zero bits and are no fault.
_ROUNDED = """
WITH long AS (
  SELECT DISTINCT "{name}" AS id, try_cast("{name}" AS BIGINT) AS n FROM vault.{table} WHERE length("{name}") BETWEEN 16 AND 18),
number AS (SELECT id, n, greatest(0, floor(log2(n))::INTEGER - 52) AS bits FROM long WHERE n > 9007199254740992)
SELECT count(*), count(*) FILTER (n % (1::BIGINT << bits) = 0), count(*) FILTER (n % (8::BIGINT << bits) = 0),
  count(*) FILTER (suffix(id, repeat('0', length(id) - 15))), count(*) FILTER (suffix(id, repeat('0', length(id) - 14)))
FROM number
"""


def _amounts(db: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Tell columns in which some amounts have decimals: the whole ones beside them may be in dollars and not in cents."""
    found = db.execute(
        "SELECT tab, col, count(*) FROM (SELECT tab, col, why FROM set_aside UNION ALL SELECT tab, col, why FROM faults) "
        "WHERE starts_with(why, 'an amount with decimals') GROUP BY ALL ORDER BY 1, 2"
    ).fetchall()
    says = "decimals and could not be read; the whole amounts beside them may not be minor units either"
    return [
        Finding("money", table, name, many, f"{either(many, 'amount has', 'amounts have')} {says}", look=True)
        for table, name, many in found
    ]


def mended_ids(db: duckdb.DuckDBPyConnection, table: str, view: str, names: list[str]) -> list[Finding]:
    """Count ids that came as numbers with decimals (`1042.0`) and were mended; `view` holds them as they came."""
    if not names:
        return []
    counts = ", ".join(f"count(*) FILTER (suffix(\"{name}\", '.0') AND regexp_matches(\"{name}\", '^\\d{{1,15}}\\.0$'))" for name in names)
    found = db.execute(f"SELECT {counts} FROM {view}").fetchall()[0]
    says = "with decimals (.0 was removed); export ids as text, before they lose digits"
    return [
        Finding("id", table, name, many, f"{either(many, 'id came as a number', 'ids came as numbers')} {says}")
        for name, many in zip(names, found, strict=True)
        if many
    ]
