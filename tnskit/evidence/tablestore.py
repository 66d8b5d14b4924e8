"""`as_links`: the pairs of a long table as the tables that every question is asked from, values only as masks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl

from tnskit.cleaning.hashes import Ints
from tnskit.evidence.arrays import Columns
from tnskit.evidence.engine import Duck
from tnskit.evidence.links import Links
from tnskit.evidence.rules import LABELS, Rules
from tnskit.evidence.tablelinks import TableLinks

_TABLES = """
CREATE TABLE main.people AS SELECT code::INTEGER AS code, account_id, '' AS role, '' AS status, NULL::TIMESTAMP AS created,
  NULL::TIMESTAMP AS closed, NULL::VARCHAR AS country, code::INTEGER AS survivor FROM read_parquet('{folder}/people.parquet') ORDER BY code;
CREATE TABLE main.identifier AS SELECT code::INTEGER AS code, kind, '' AS class,
  shown || CASE WHEN nth > 1 THEN ' (' || nth || ')' ELSE '' END AS shown
FROM (SELECT *, row_number() OVER (PARTITION BY kind, shown ORDER BY code) AS nth FROM read_parquet('{folder}/identifier.parquet'));
CREATE TABLE main.seen AS SELECT account::INTEGER AS account, value::INTEGER AS value, kind, "first" AS first_at, "last" AS last_at
FROM read_parquet('{folder}/seen.parquet') ORDER BY value, account, kind;
CREATE TABLE crowded AS SELECT * FROM crowd;
CREATE TABLE life AS SELECT code AS account, 0 AS unhired, false AS breached, NULL::TIMESTAMP AS born FROM main.people;
CREATE SCHEMA IF NOT EXISTS memory.public;
CREATE TABLE memory.public.payments (payer_id VARCHAR, kind VARCHAR);
CREATE TABLE memory.public.reports (subject_account_id VARCHAR, safety_flag BOOLEAN);
CREATE TABLE counted AS
SELECT t.a, t.b, t.value, v.kind, r.id AS rule, r.family, r.weak, t.accounts, t.first_a, t.last_a, t.first_b, t.last_b, t.points,
  date_diff('second', least(t.last_a, t.last_b), greatest(t.first_a, t.first_b)) / 86400.0 AS gap, t.counted, t.accounts AS holders
FROM read_parquet('{folder}/piece.parquet') t JOIN rules r ON r.nth = t.rule JOIN main.identifier v ON v.code = t.value;
CREATE TABLE pair AS SELECT t.a::INTEGER AS a, t.b::INTEGER AS b, t.score, l.word AS label, f.word AS families, '' AS benign,
  0.0::DOUBLE AS benign_score, t.shared, false AS crumbs
FROM read_parquet('{folder}/pair.parquet') t JOIN labels l ON l.nth = t.label JOIN families f ON f.nth = t.families ORDER BY t.a, t.b
"""

_LOW = 0xFFFFFFFF
"""The bits of a pair that tell its second account."""


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
        for name, frame in _frames(table, labels):
            frame.write_parquet(Path(folder, f"{name}.parquet"))
            del frame
        for sql in _TABLES.format(folder=folder.replace("'", "''")).split(";"):
            duck.run(sql, **small)
    settings = {"most": table.most, "rules": table.rules.sha256, "rules_version": table.rules.version, "table": True}
    return Links(None, table.rules, settings, duck)


def _frames(table: TableLinks, labels: Ints) -> Iterator[tuple[str, pl.DataFrame]]:
    """Everything in numbers, one table after the other, accounts in the order of their ids; of a value only its kind and its mask."""
    people = table.table.accounts()
    yield "people", people.to_frame("account_id").with_row_index("code")
    alone = table.table.kinds(people)
    known = people.to_frame("id").with_row_index("code")
    code = (
        table.names.to_frame("id").join(known, on="id", how="left", maintain_order="left")["code"].fill_null(0).to_numpy().astype(np.int64)
    )
    del people, known
    pieces, rows, values = table.pieces, table.first.rows, table.first.values
    value, account = np.full(len(rows), -1, dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    value[pieces["low"]] = value[pieces["high"]] = pieces["value"]
    account[pieces["low"]], account[pieces["high"]] = code[pieces["pair"] >> 32], code[pieces["pair"] & _LOW]
    used = np.flatnonzero(value >= 0)
    head = np.full(len(values["hash"]), -1, dtype=np.int64)
    # Written from the last to the first, so that the first stays.
    head[value[used[::-1]]] = used[::-1]
    held = np.flatnonzero(head >= 0)
    held = held[np.argsort(head[held])]
    # Values were numbered by a hash that every process seeds anew; here by their first row, so that a value is called the same every time.
    number = np.full(len(head), -1, dtype=np.int64)
    number[held] = np.arange(len(held))
    yield "piece", _piece(table, code, number)
    yield "identifier", rows.shown(head[held]).with_columns(code=pl.Series(number[held]))
    some, value, account = rows.at(used), number[value[used]], account[used]
    dates = {end: pl.Series(some.date(end).view("datetime64[us]")) for end in ("first", "last")}
    seen = pl.DataFrame({"account": account, "value": value, "kind": some.shown()["kind"], **dates})
    yield "seen", pl.concat([seen, alone], how="diagonal")
    del seen, alone
    a, b, _ = _ordered(code, table.scores["pair"])
    yield "pair", pl.DataFrame({"a": a, "b": b, "label": labels} | {name: table.scores[name] for name in ("score", "families", "shared")})


def _piece(table: TableLinks, code: Ints, number: Ints) -> pl.DataFrame:
    """Every piece with its dates and what of its points entered the score: the best of each family does."""
    pieces, rows = table.pieces, table.first.rows
    a, b, swap = _ordered(code, pieces["pair"])
    one, two = np.where(swap, pieces["high"], pieces["low"]), np.where(swap, pieces["low"], pieces["high"])
    rule = table.first.values["rule"][pieces["value"]]
    told = {"a": a, "b": b, "value": number[pieces["value"]], "points": pieces["points"], "rule": rule}
    told |= {"accounts": table.first.values["accounts"][pieces["value"]], "counted": _counted(table.rules, pieces, rule)}
    frame = pl.DataFrame(told).with_columns(
        pl.Series(f"{end}_{name}", rows.date(end)[places].view("datetime64[us]"))
        for end in ("first", "last")
        for name, places in (("a", one), ("b", two))
    )
    return frame.sort("a", "b", "value")


def _counted(rules: Rules, pieces: Columns, rule: Ints) -> Ints:
    """Points of the best piece of each pair and family, 0 for the others; ties go to the first rule by name, then the first row."""
    every = list(rules.rules.values())
    families = np.unique([one.family for one in every], return_inverse=True)[1]
    places = np.argsort(np.argsort([one.id for one in every]))
    again = pieces["pair"][1:] == pieces["pair"][:-1]
    # Most pairs have one piece, which counts.
    some = np.flatnonzero(np.append(again, False) | np.append(False, again)[: len(rule)]) if len(rule) else np.zeros(0, np.int64)
    pair, family, points = pieces["pair"][some], families[rule[some]], pieces["points"][some]
    row = np.minimum(pieces["low"], pieces["high"])[some]
    order = np.lexsort((row, places[rule[some]], -points, family, pair))
    pair, family = pair[order], family[order]
    less = np.append(False, (pair[1:] == pair[:-1]) & (family[1:] == family[:-1]))[: len(order)]
    counted: Ints = pieces["points"].copy()
    counted[some[order[less]]] = 0
    return counted


def _ordered(code: Ints, pair: Ints) -> tuple[Ints, Ints, Ints]:
    """Give the two of each pair in the order of their ids, and whether that is another order."""
    one, two = code[pair >> 32], code[pair & _LOW]
    return np.minimum(one, two), np.maximum(one, two), one > two
