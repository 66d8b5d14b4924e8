"""The query of the manual that a warehouse runs before anything is exported."""

import importlib.util
import re

import duckdb
import pandas as pd
import pytest

import tnskit as tns
from tests.conftest import ROOT, needs

(QUERY,) = re.findall(r"```sql\n(WITH daily.*?)```", (ROOT / "docs/spark.md").read_text(encoding="utf-8"), re.DOTALL)
LAST = "2025-12-31"
ALL = QUERY.replace(LAST, "2099-12-31")
MARKET = ROOT / "sample_data/market"


def daily(query):
    """What a warehouse in UTC gives, as text."""
    with duckdb.connect() as db:
        logins = f"read_csv('{MARKET}/logins.csv', all_varchar=true)"
        db.execute(f"""CREATE TABLE logins AS SELECT * REPLACE (replace(rtrim("at", 'Z'), 'T', ' ')::TIMESTAMP AS "at") FROM {logins}""")
        found = db.execute(query).df()
    return found.assign(at=found["at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))


def test_the_days_of_logins_give_the_same_links_as_all_logins():
    tables = {path.stem: path for path in MARKET.glob("*.csv")} | {"logins": daily(ALL)}
    ours, whole = tns.link(tns.load(tables)), tns.link(tns.load(MARKET))
    pd.testing.assert_frame_equal(ours.pairs, whole.pairs, check_exact=True)
    pd.testing.assert_frame_equal(ours.crowded, whole.crowded, check_exact=True)
    assert len(tables["logins"]) < len(pd.read_csv(MARKET / "logins.csv"))


def test_a_day_and_a_kind_are_asked_of_the_warehouse():
    until = daily(QUERY.replace(LAST, "2024-06-30"))
    assert 0 < len(until) < len(daily(ALL))
    assert str(until["at"].max()) < "2024-07-01"
    assert "device_id" not in daily(QUERY.replace("device_id, ", ""))


@pytest.mark.spark
@pytest.mark.parametrize("warehouse", ["bigquery", "snowflake", "spark", "redshift"])
def test_the_query_can_be_said_in_every_warehouse_that_the_manual_names(warehouse):
    needs("sqlglot (pip install 'tnskit[spark]')", importlib.util.find_spec("sqlglot"))
    import sqlglot

    (said,) = sqlglot.transpile(QUERY, read="duckdb", write=warehouse)
    again = sqlglot.parse_one(said, read=warehouse)
    assert sorted(table.name for table in again.find_all(sqlglot.exp.Table)) == ["daily", "daily", "logins"]
    # and back, so that nothing was lost on the way
    back = sqlglot.transpile(said, read=warehouse, write="duckdb")[0]
    given = daily(back).sort_values(["account_id", "ip", "at", "device_id"], ignore_index=True)
    pd.testing.assert_frame_equal(given, daily(QUERY).sort_values(["account_id", "ip", "at", "device_id"], ignore_index=True))
