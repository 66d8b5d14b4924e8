"""What an export tells when its rows are held side by side: rows of one id, signs of amounts, clocks, a day on which all devices change."""

from __future__ import annotations

from collections.abc import Container

import duckdb

from tnskit.cleaning.headings import either, shown
from tnskit.cleaning.report import Finding
from tnskit.cleaning.schema import TABLES

LEAST_PAIRS = 5
"""Accounts whose signup and first login lie equally far apart before that is told; five by chance are one in millions."""
AGREEING = 0.5
"""Share of the accounts that must agree on it. Assumption."""
LEAST_RETURNING = 20
"""Accounts that come back on a day before its devices are judged. Assumption."""
ALL_NEW, USUALLY_NEW = 0.9, 0.5
"""Share of returning accounts with devices never seen before: on the day of an upgrade at least, on an ordinary day at most.
Assumption: cookies that live a day would be new on every day, and are no upgrade."""

_KEYS = {
    table.name: table.columns[0].name
    for table in TABLES.values()
    if table.columns[0].type == "id" and table.columns[0].name not in {"account_id", "business_id", "account_a"}
}
"""Tables with an id of their own for each row."""


def findings(db: duckdb.DuckDBPyConnection, brought: Container[str]) -> list[Finding]:
    """Tell what is odd about the rows of a market together.

    Args:
        db: Holds the typed tables in `vault`.
        brought: Names of the tables that came in.
    """
    told = [*_near_repeats(db, brought)]
    if "payments" in brought:
        told += _signs(db)
    if "logins" in brought:
        told += [*_clocks(db), *_upgrades(db)]
    return told


def _near_repeats(db: duckdb.DuckDBPyConnection, brought: Container[str]) -> list[Finding]:
    """Rows of one id that are not the same: an edited text, a payment booked at two times."""
    told = []
    for table, key in _KEYS.items():
        if table not in brought:
            continue
        rows, ids = db.execute(f'SELECT count("{key}"), count(DISTINCT "{key}") FROM vault.{table}').fetchall()[0]
        if rows > ids:
            says = either(rows - ids, "near repeat: a row of an id", "near repeats: rows of ids")
            says += " that another row has with other cells; all were kept, and counts may be too high"
            told.append(Finding("near repeat", table, key, rows - ids, says, look=True))
    return told


def _signs(db: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Payments of one kind with both signs: some system writes a refund with a minus and another one without."""
    found = db.execute(
        "SELECT kind, count(*), count(*) FILTER (amount_minor < 0) AS below FROM vault.payments WHERE amount_minor <> 0 "
        "GROUP BY kind HAVING below BETWEEN 1 AND count(*) - 1 ORDER BY kind"
    ).fetchall()
    return [
        Finding("sign", "payments", "amount_minor", many, f"payments of kind '{shown(kind)}' come with either sign ({below:,} below "
                "zero): two systems may count in opposite ways", look=True)
        for kind, many, below in found
    ]  # fmt: skip


_CLOCKS = """
WITH first AS (SELECT account_id, min("at") AS came FROM vault.logins WHERE "at" IS NOT NULL GROUP BY account_id),
apart AS (
  SELECT date_diff('second', a.created_at, f.came) AS seconds FROM vault.accounts a JOIN first f USING (account_id)
  WHERE a.created_at IS NOT NULL AND abs(date_diff('hour', a.created_at, f.came)) <= 14),
step AS (SELECT round(seconds / 1800.0)::INTEGER AS halves, seconds - 1800 * round(seconds / 1800.0) AS rest FROM apart)
SELECT halves, count(*) FILTER (rest BETWEEN -60 AND 300) AS near, (SELECT count(*) FROM apart) AS every
FROM step GROUP BY halves ORDER BY near DESC, abs(halves) LIMIT 2
"""


def _clocks(db: duckdb.DuckDBPyConnection) -> list[Finding]:
    """First logins that lie whole half hours from the signup, within minutes: one of the two is local time that is labelled UTC."""
    found = db.execute(_CLOCKS).fetchall()
    if not found or found[0][0] == 0:
        return []
    halves, near, every = found[0]
    # where clocks are set forward in spring, a zone lies an hour further away for half of the year
    if len(found) > 1 and abs(found[1][0] - halves) == 2 and found[1][0] != 0:
        near += found[1][1]
    if near < LEAST_PAIRS or near < AGREEING * every:
        return []
    hours = abs(halves) / 2
    side = "before" if halves < 0 else "after"
    says = (
        f"of {every:,} first logins lie {hours:g} {'hour' if hours == 1 else 'hours'} {side} the signup, to the minute: one of the "
        "two columns seems to be in local time and labelled as another time zone"
    )
    return [Finding("time zone", "logins", "at", near, says, look=True)]


# Counted by hashes: they are only counted, and text costs several times as much to sort.
_UPGRADES = """
WITH family AS (SELECT device_id, min(kind) AS kind FROM vault.devices GROUP BY device_id),
used AS (
  SELECT hash(l.account_id) AS account_id, hash(l.device_id) AS device, coalesce(d.kind, '') AS kind, l."at"::DATE AS day
  FROM vault.logins l LEFT JOIN family d USING (device_id)
  WHERE l.device_id IS NOT NULL AND l."at" IS NOT NULL GROUP BY ALL),
born AS (SELECT device, min(day) AS first FROM used GROUP BY device),
came AS (SELECT account_id, kind, min(day) AS first FROM used GROUP BY ALL),
aged AS (
  SELECT u.kind, u.day, u.account_id, b.first = u.day AS fresh, c.first < u.day AS back
  FROM used u JOIN born b USING (device) JOIN came c ON c.account_id = u.account_id AND c.kind = u.kind),
visit AS (SELECT kind, day, account_id, bool_and(fresh) AS fresh FROM aged WHERE back GROUP BY ALL),
daily AS (SELECT kind, day, count(*) AS accounts, count(*) FILTER (fresh) AS fresh FROM visit GROUP BY ALL),
usual AS (SELECT kind, median(fresh / accounts) AS part FROM daily GROUP BY kind)
SELECT kind, day, accounts, fresh FROM daily JOIN usual USING (kind)
WHERE accounts >= $least AND fresh >= $all_new * accounts AND part <= $usually ORDER BY day, kind LIMIT 5
"""


def _upgrades(db: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Days on which nearly all accounts that come back have devices that nobody had before."""
    found = db.execute(_UPGRADES, {"least": LEAST_RETURNING, "all_new": ALL_NEW, "usually": USUALLY_NEW}).fetchall()
    return [
        Finding("device", "logins", "device_id", fresh, f"of {accounts:,} accounts that came back on {day} had only devices never seen "
                f"before{f' ({shown(kind)})' if kind else ''}: ids seem to be computed in a new way from then on, so those before and "
                "after do not compare", look=True)
        for kind, day, accounts, fresh in found
    ]  # fmt: skip
