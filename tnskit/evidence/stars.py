"""Groups past one machine: connected components by alternating stars, in SQL that any engine runs.

What `groups` does in memory. Every round hangs each account under the lowest that it is linked to, first from above (large star), then
from below (small star); some rounds later every group is one star around its lowest account. Each round is a step of its own, so a
killed run goes on with the round it was in; and what hangs under one account is counted by parts, so no task has to hold it.

Source: Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii, "Connected Components in MapReduce and Beyond", 2014.
"""

from __future__ import annotations

import numpy as np

from tnskit.errors import EngineError
from tnskit.evidence.engine import Engine
from tnskit.evidence.groups import SEVERAL, Codes

MOST_ROUNDS = 60
"""Rounds after which something is wrong. Known: they grow with the logarithm of the links; a billion take about ten."""

_START = """-- the links that hold a group together, each once, from the higher account to the lower
CREATE OR REPLACE TABLE star AS SELECT DISTINCT greatest(a, b) AS a, least(a, b) AS b FROM {edges} WHERE a <> b
"""
_LARGE = """-- large star, round {round}: hang whatever is above an account under the lowest it is linked to
CREATE OR REPLACE TABLE above AS
WITH both_ways AS (SELECT a, b FROM star UNION ALL SELECT b, a FROM star),
low AS (SELECT a, least(a, min(b)) AS low FROM both_ways GROUP BY a)
SELECT DISTINCT e.b AS a, low.low AS b FROM both_ways e JOIN low ON low.a = e.a WHERE e.b > e.a
"""
_SMALL = """-- small star, round {round}: hang an account, and whatever is below it, under the lowest of them
CREATE OR REPLACE TABLE star AS
WITH low AS (SELECT a, min(b) AS low FROM above GROUP BY a)
SELECT e.b AS a, low.low AS b FROM above e JOIN low ON low.a = e.a WHERE e.b <> low.low UNION SELECT a, low FROM low
"""
_SETTLED = """-- whether every group is one star, round {round}
CREATE OR REPLACE TABLE settled AS
SELECT (SELECT count(*) FROM star x JOIN star y ON x.b = y.a) AS chained, count(*) - count(DISTINCT a) AS torn FROM star
"""
_SIZES = """-- how many accounts each group has
CREATE OR REPLACE TABLE hold_group AS SELECT b AS low, count(*) + 1 AS many FROM star GROUP BY b
"""
_BRIDGES = f"""-- groups of which several members are weakly linked to several of the other
CREATE OR REPLACE TABLE hold_more AS
WITH ends AS (
  SELECT w.a, w.b, coalesce(x.b, w.a) AS g, coalesce(y.b, w.b) AS h
  FROM held w LEFT JOIN star x ON x.a = w.a LEFT JOIN star y ON y.a = w.b WHERE NOT w.sure),
sized AS (
  SELECT CASE WHEN g < h THEN a ELSE b END AS a, CASE WHEN g < h THEN b ELSE a END AS b, least(g, h) AS g, greatest(g, h) AS h,
    CASE WHEN g < h THEN coalesce(m.many, 1) ELSE coalesce(n.many, 1) END AS many_g,
    CASE WHEN g < h THEN coalesce(n.many, 1) ELSE coalesce(m.many, 1) END AS many_h
  FROM ends LEFT JOIN hold_group m ON m.low = ends.g LEFT JOIN hold_group n ON n.low = ends.h WHERE g <> h)
SELECT a, b FROM held WHERE sure
UNION ALL SELECT g, h FROM sized WHERE greatest(many_g, many_h) >= {SEVERAL} GROUP BY g, h, many_g, many_h
HAVING count(DISTINCT a) >= least({SEVERAL}, many_g) AND count(DISTINCT b) >= least({SEVERAL}, many_h)
"""


def components(engine: Engine, edges: str) -> int:
    """Write the table `star` (a, b): every account that is linked, with the lowest of its group, which itself is not listed.

    Args:
        engine: What runs the rounds.
        edges: A table or a question in brackets with the columns `a` and `b`.

    Returns:
        How many rounds it took.
    """
    engine.run(_START.format(edges=edges))
    for number in range(1, MOST_ROUNDS + 1):
        for sql in (_LARGE, _SMALL, _SETTLED):
            engine.run(sql.format(round=number))
        settled = engine.run("SELECT chained, torn FROM settled").iloc[0]
        if not settled["chained"] and not settled["torn"]:
            return number
    raise EngineError(f"the groups did not settle in {MOST_ROUNDS} rounds")


def grouped(engine: Engine, size: int) -> Codes:
    """Group codes as `groups.grouped` does, from the table `held` (a, b, sure).

    Args:
        engine: What runs the steps, and has the table.
        size: How many codes there are.

    Returns:
        For every code the lowest code of its group.
    """
    components(engine, "(SELECT a, b FROM held WHERE sure)")
    engine.run(_SIZES)
    engine.run(_BRIDGES)
    components(engine, "hold_more")
    found = engine.run("SELECT a, b FROM star")
    first: Codes = np.arange(size, dtype=np.int64)
    first[found["a"].to_numpy(np.int64)] = found["b"].to_numpy(np.int64)
    return first
