"""What people use to link accounts by shared identifiers, each as its manual would have it, from one Parquet file.

Every function of `COMPONENTS` gives a DataFrame `account_id`, `cluster_id` of the accounts that share an identifier with
at most `MOST` accounts. Libraries are imported where they are used, so that a process pays only for its own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

MOST = 50

KEPT = f"""
WITH row AS (SELECT DISTINCT account_id, kind, value FROM read_parquet('{{file}}')),
kept AS (SELECT kind, value FROM row GROUP BY kind, value HAVING count(*) BETWEEN 2 AND {MOST})
SELECT account_id, kind, value FROM row JOIN kept USING (kind, value)
"""
CODED = """
CREATE TABLE kept AS {kept};
CREATE TABLE node AS SELECT account_id, row_number() OVER () - 1 AS n FROM (SELECT DISTINCT account_id FROM kept);
CREATE TABLE held AS SELECT n, dense_rank() OVER (ORDER BY kind, value) AS v FROM kept JOIN node USING (account_id);
CREATE TABLE edge AS SELECT DISTINCT first AS a, n AS b FROM (SELECT n, min(n) OVER (PARTITION BY v) AS first FROM held) WHERE n <> first;
"""


def _database(file: Path) -> Any:
    """Integer codes and edges from the first account of each value to its others, made by DuckDB."""
    import duckdb

    db = duckdb.connect()
    db.execute(CODED.format(kept=KEPT.format(file=file)))
    return db


def _named(db: Any, labels: Any) -> pd.DataFrame:
    names = db.execute("SELECT account_id FROM node ORDER BY n").df()["account_id"]
    return pd.DataFrame({"account_id": names, "cluster_id": labels})


def pandas_networkx(file: Path) -> pd.DataFrame:
    import networkx as nx

    rows = pd.read_parquet(file, columns=["account_id", "kind", "value"]).drop_duplicates()
    sizes = rows.groupby(["kind", "value"])["account_id"].transform("size")
    rows = rows[(sizes >= 2) & (sizes <= MOST)]
    pairs = rows.merge(rows, on=["kind", "value"])
    pairs = pairs[pairs["account_id_x"] < pairs["account_id_y"]]
    graph = nx.from_pandas_edgelist(pairs, "account_id_x", "account_id_y")
    found = [(account, n) for n, group in enumerate(nx.connected_components(graph)) for account in group]
    return pd.DataFrame(found, columns=["account_id", "cluster_id"])


def splink(file: Path) -> pd.DataFrame:
    """Splink's clustering, on edges in integer codes: cheaper for it than names and than every pair."""
    from splink.backends.duckdb import DuckDBAPI
    from splink.clustering import cluster_pairwise_predictions_at_threshold

    db = _database(file)
    found = cluster_pairwise_predictions_at_threshold(
        db.table("node").project("n"), db.table("edge"), DuckDBAPI(db), "n", edge_id_column_name_left="a", edge_id_column_name_right="b"
    )
    frame = found.as_pandas_dataframe().sort_values("n")
    return _named(db, frame["cluster_id"].to_numpy())


def duckdb_sql(file: Path) -> pd.DataFrame:
    """The smallest label spreads along the edges, by recursion with a key."""
    db = _database(file)
    found = db.execute("""
        WITH RECURSIVE arc AS (SELECT a, b FROM edge UNION ALL SELECT b, a FROM edge),
        label(n, least) USING KEY (n) AS (
          SELECT n, n FROM node
          UNION
          SELECT l.n, min(o.least) FROM recurring.label l JOIN arc ON arc.a = l.n JOIN recurring.label o ON o.n = arc.b
          WHERE o.least < l.least GROUP BY l.n)
        SELECT least FROM label ORDER BY n""").fetchnumpy()["least"]
    return _named(db, found)


def scipy_codes(file: Path) -> pd.DataFrame:
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    db = _database(file)
    size = db.execute("SELECT count(*) FROM node").fetchall()[0][0]
    edges = db.execute("SELECT a, b FROM edge").fetchnumpy()
    matrix = coo_array((np.ones(len(edges["a"]), np.int8), (edges["a"], edges["b"])), shape=(size, size))
    return _named(db, connected_components(matrix, directed=False)[1])


def igraph_codes(file: Path) -> pd.DataFrame:
    import igraph
    import numpy as np

    db = _database(file)
    size = db.execute("SELECT count(*) FROM node").fetchall()[0][0]
    edges = db.execute("SELECT a, b FROM edge").fetchnumpy()
    graph = igraph.Graph(n=size, edges=np.column_stack([edges["a"], edges["b"]]))
    return _named(db, graph.connected_components().membership)


def rustworkx_codes(file: Path) -> pd.DataFrame:
    import numpy as np
    import rustworkx

    db = _database(file)
    size = db.execute("SELECT count(*) FROM node").fetchall()[0][0]
    edges = db.execute("SELECT a, b FROM edge").fetchnumpy()
    graph = rustworkx.PyGraph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from_no_data(list(zip(edges["a"].tolist(), edges["b"].tolist(), strict=True)))
    labels = np.empty(size, np.int64)
    for n, group in enumerate(rustworkx.connected_components(graph)):
        labels[list(group)] = n
    return _named(db, labels)


def bare_scan(file: Path) -> None:
    """The limit: hash the same columns and throw the hashes away."""
    import duckdb

    duckdb.connect().execute(f"SELECT bit_xor(hash(account_id)), bit_xor(hash(kind, value)) FROM read_parquet('{file}')").fetchall()


COMPONENTS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "pandas + networkx": pandas_networkx,
    "Splink 5": splink,
    "DuckDB SQL": duckdb_sql,
    "DuckDB + scipy": scipy_codes,
    "DuckDB + igraph": igraph_codes,
    "DuckDB + rustworkx": rustworkx_codes,
}


def pandas_pairs(file: Path) -> pd.DataFrame:
    """Score pairs by the rule table as people would: merge, family maxima, and lists of what each pair shares."""
    import numpy as np

    from tnskit.evidence import rules

    table = rules.default()
    rows = pd.read_parquet(file)
    for name in ("first_seen", "last_seen"):
        rows[name] = pd.to_datetime(rows[name])
    rows = rows[rows.groupby(["kind", "value"])["account_id"].transform("size") >= 2]
    rows = (
        rows.groupby(["kind", "value", "account_id"], sort=False).agg(first=("first_seen", "min"), last=("last_seen", "max")).reset_index()
    )
    rows["accounts"] = rows.groupby(["kind", "value"])["account_id"].transform("size")
    rule = {kind: table.pick(kind, "", "unknown") for kind in rows["kind"].unique()}
    for name in ("points", "cut", "days", "family"):
        rows[name] = rows["kind"].map({kind: getattr(one, name) for kind, one in rule.items()})
    rows = rows[(rows["accounts"] >= 2) & (rows["accounts"] <= np.minimum(MOST, 5 * rows["cut"]))]
    pairs = rows.merge(rows[["kind", "value", "account_id", "first", "last"]], on=["kind", "value"], suffixes=("", "_b"))
    pairs = pairs[pairs["account_id"] < pairs["account_id_b"]]
    gap = (pairs[["first", "first_b"]].max(axis=1) - pairs[["last", "last_b"]].min(axis=1)).dt.days
    rarity = np.select([pairs["accounts"] <= pairs["cut"], pairs["accounts"] <= 2 * pairs["cut"]], [1, 0.5], 0.25)
    bounds = [days for days, _ in table.recency[:-1]]
    recency = np.array([share for _, share in table.recency])[np.searchsorted(bounds, gap)]
    pairs["points"] *= rarity * np.where(pairs["days"] == 0, 1, np.where(gap > pairs["days"], 0, recency))
    best = pairs.groupby(["account_id", "account_id_b", "family"])["points"].max()
    found = best.groupby(level=[0, 1]).sum().rename("score").to_frame()
    found["evidence"] = pairs.groupby(["account_id", "account_id_b"])["value"].agg(list)
    return found.reset_index().rename(columns={"account_id": "a", "account_id_b": "b"})


def pandas_two_hops(pairs: pd.DataFrame, account: str) -> set[str]:
    """Who is within two steps, by scanning the table of pairs twice."""
    near = pairs[(pairs["a"] == account) | (pairs["b"] == account)]
    reached = {account, *near["a"], *near["b"]}
    far = pairs[pairs["a"].isin(reached) | pairs["b"].isin(reached)]
    return reached | set(far["a"]) | set(far["b"])
