"""`as_links`: the pairs of a long table as the tables that every question is asked from, values only as masks."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl

from tnskit.cleaning.hashes import Ints
from tnskit.evidence.engine import Duck
from tnskit.evidence.links import Links
from tnskit.evidence.rules import LABELS
from tnskit.evidence.tablelinks import TableLinks

_TABLES = """
CREATE TABLE main.people AS SELECT code::INTEGER AS code, account_id, '' AS role, '' AS status, NULL::TIMESTAMP AS created,
  NULL::TIMESTAMP AS closed, NULL::VARCHAR AS country, code::INTEGER AS survivor FROM read_parquet('{folder}/people.parquet') ORDER BY code;
CREATE TABLE main.identifier AS SELECT code::INTEGER AS code, kind, '' AS class,
  shown || CASE WHEN nth > 1 THEN ' (' || nth || ')' ELSE '' END AS shown
FROM (SELECT *, row_number() OVER (PARTITION BY kind, shown ORDER BY code) AS nth FROM read_parquet('{folder}/identifier.parquet'));
CREATE TABLE main.seen AS SELECT account::INTEGER AS account, value::INTEGER AS value, kind, "first" AS first_at, "last" AS last_at
FROM read_parquet('{folder}/seen.parquet') ORDER BY value, account;
CREATE TABLE crowded AS SELECT * FROM crowd;
CREATE TABLE life AS SELECT code AS account, 0 AS unhired, false AS breached, NULL::TIMESTAMP AS born FROM main.people;
CREATE SCHEMA IF NOT EXISTS memory.public;
CREATE TABLE memory.public.payments (payer_id VARCHAR, kind VARCHAR);
CREATE TABLE memory.public.reports (subject_account_id VARCHAR, safety_flag BOOLEAN);
CREATE TABLE counted AS
WITH piece AS (
  SELECT t.a, t.b, t.value, v.kind, r.id AS rule, r.family, r.weak, t.accounts, x.first_at AS first_a, x.last_at AS last_a,
    y.first_at AS first_b, y.last_at AS last_b, t.points,
    date_diff('second', least(x.last_at, y.last_at), greatest(x.first_at, y.first_at)) / 86400.0 AS gap
  FROM read_parquet('{folder}/piece.parquet') t JOIN rules r ON r.nth = t.rule JOIN main.identifier v ON v.code = t.value
  JOIN main.seen x ON x.value = t.value AND x.account = t.a JOIN main.seen y ON y.value = t.value AND y.account = t.b)
SELECT *, CASE WHEN row_number() OVER (PARTITION BY a, b, family ORDER BY points DESC, rule, value) > 1 THEN 0 ELSE points END AS counted
FROM piece ORDER BY a, b, counted DESC, rule, value;
CREATE TABLE pair AS SELECT t.a::INTEGER AS a, t.b::INTEGER AS b, t.score, l.word AS label, f.word AS families, '' AS benign,
  0.0::DOUBLE AS benign_score, t.shared
FROM read_parquet('{folder}/pair.parquet') t JOIN labels l ON l.nth = t.label JOIN families f ON f.nth = t.families ORDER BY t.a, t.b
"""


def as_links(table: TableLinks) -> Links:
    """Give the pairs of a long table as Links, for `lookup`, `explain`, `path`, `graph`, `rings` and `Links.save`.

    Values come as masks only; every account of the table is known, whether it shares something or not.
    """
    duck = Duck(duckdb.connect(config={"python_enable_replacements": False}), "links")
    families, labels = table.words()
    small = {
        "rules": table.rules.frame()[["id", "family", "weak"]].assign(nth=range(len(table.rules.rules))),
        "labels": pd.DataFrame({"nth": range(len(LABELS)), "word": LABELS}),
        "families": pd.DataFrame({"nth": range(len(families)), "word": families}),
        "crowd": table.crowded.rename_axis("value").reset_index(),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in _frames(table, labels).items():
            frame.write_parquet(Path(folder, f"{name}.parquet"))
        for sql in _TABLES.format(folder=folder.replace("'", "''")).split(";"):
            duck.run(sql, **small)
    settings = {"most": table.most, "rules": table.rules.sha256, "rules_version": table.rules.version, "table": True}
    return Links(None, table.rules, settings, duck)


def _frames(table: TableLinks, labels: Ints) -> dict[str, pl.DataFrame]:
    """Everything in numbers, accounts in the order of their ids; of a value only its kind and its mask."""
    people = pl.DataFrame({"account_id": table.table.accounts()}, schema={"account_id": pl.String}).with_row_index("code")
    code = table.names.to_frame("account_id").join(people, on="account_id", how="left", maintain_order="left")["code"].to_numpy()
    pieces, rows = table.pieces, table.first.rows
    value = np.full(len(rows), -1, dtype=np.int64)
    value[pieces["low"]] = value[pieces["high"]] = pieces["value"]
    used = np.flatnonzero(value >= 0)
    some, value = rows.at(used), value[used]
    a, b = _ordered(code, pieces["pair"])
    piece = {"a": a, "b": b, "value": pieces["value"].astype(np.int64), "points": pieces["points"]}
    piece |= {name: table.first.values[name][pieces["value"]] for name in ("rule", "accounts")}
    a, b = _ordered(code, table.scores["pair"])
    pair = {"a": a, "b": b, "label": labels} | {name: table.scores[name] for name in ("score", "families", "shared")}
    account = some.accounts().to_frame().join(people, on="account_id", how="left", maintain_order="left")["code"].cast(pl.Int64)
    shown = some.shown().with_columns(code=pl.Series(value))
    dates = {end: pl.Series(some.date(end).view("datetime64[us]")) for end in ("first", "last")}
    seen = pl.DataFrame({"account": account, "value": value, "kind": shown["kind"], **dates})
    alone = table.table.kinds().join(people, on="account_id")
    alone = alone.select(account=pl.col("code").cast(pl.Int64), value=pl.lit(None, pl.Int64), kind="kind")
    return {
        "people": people, "piece": pl.DataFrame(piece), "pair": pl.DataFrame(pair),
        "identifier": shown.unique("code"), "seen": pl.concat([seen, alone], how="diagonal"),
    }  # fmt: skip


def _ordered(code: Ints, pair: Ints) -> tuple[Ints, Ints]:
    one, two = code[pair >> 32].astype(np.int64), code[pair & 0xFFFFFFFF].astype(np.int64)
    return np.minimum(one, two), np.maximum(one, two)
