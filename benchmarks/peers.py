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
