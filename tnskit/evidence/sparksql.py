"""What a step of linking is called in Spark's SQL: the steps are written once, in DuckDB's words, and said again here.

Most of it is done by sqlglot. What is here is where the two engines would give *other rows* for the same words: a division of
whole numbers, a difference of two moments, the length of a list, a row that is changed in place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp

SIMILARITY = "tnskit_jaro_winkler"
"""The function that Spark has to be given, for it has none like it."""


@dataclass(frozen=True)
class Step:
    """One statement, as Spark runs it.

    Attributes:
        table: What is written; empty for a question.
        adds: Rows are added to what the table holds, in the order of its columns.
        changes: Rows take the place of what the table holds, by the names of its columns.
        sql: The rows, in Spark's words; `?` were replaced by their values.
        reads: The tables that are read, as the steps call them.
    """

    table: str
    adds: bool
    changes: bool
    sql: str
    reads: tuple[str, ...]


def said(sql: str, values: list[Any]) -> Step:
    """Say a statement in Spark's words.

    Args:
        sql: One statement in DuckDB's words: a question, or a step that makes a table, adds to it or changes it.
        values: What stands for `$1`, `$2` ...

    Raises:
        sqlglot.errors.SqlglotError: A statement that cannot be read.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    table, adds, changes = "", isinstance(tree, exp.Insert), isinstance(tree, exp.Update)
    if isinstance(tree, exp.Create | exp.Insert | exp.Update):
        table = view(tree.this)
        rows = _changed(tree) if changes else tree.expression
        if (ahead := tree.args.get("with_")) is not None:
            rows.set("with_", ahead)
        tree = rows
    made = {cte.alias for cte in tree.find_all(exp.CTE)}
    reads = tuple(sorted({name for found in tree.find_all(exp.Table) if (name := view(found)) not in made}))
    # from the leaves up, so that what is put in another's place was said already
    for node in reversed(list(tree.walk())):
        if (other := _plain(node, values)) is not node:
            node.replace(other)
    return Step(table, adds, changes, tree.sql("spark", comments=False), reads)


def view(table: exp.Table) -> str:
    """Give the name of a table in Spark, where views have no schemas: `main.seen` is `main_seen`."""
    return f"{table.db}_{table.name}" if table.db else str(table.name)


def _changed(tree: exp.Update) -> exp.Select:
    """Give the rows of a table after an UPDATE ... FROM, of which no row meets two others."""
    table, source = tree.this, tree.args["from_"].this.copy()
    hit = exp.column("_hit", table="_found")
    brought = [*source.this.named_selects, "_hit"]
    source.this.select("true AS _hit", copy=False)
    source.set("alias", exp.TableAlias(this=exp.to_identifier("_found")))
    sets = {each.this.name: each.expression for each in tree.expressions}
    kept = exp.Star(**{"except_": [exp.to_identifier(name) for name in (*sets, *brought)]})
    cells = [
        exp.alias_(exp.Case().when(hit.is_(exp.true()), new).else_(exp.column(name, table=table.name)), name) for name, new in sets.items()
    ]
    return exp.select(kept, *cells).from_(table.copy()).join(source, on=tree.args["where"].this.copy(), join_type="left")


def _plain(node: exp.Expression, values: list[Any]) -> exp.Expression:
    change = _CHANGES.get(type(node))
    if isinstance(node, exp.Placeholder | exp.Parameter):
        value = values[int(str(node.name)) - 1]
        return exp.cast(exp.Literal.string(str(value)), "double") if value in (float("inf"), float("-inf")) else exp.convert(value)
    if isinstance(node, exp.Anonymous):
        change = _NAMED.get(str(node.this).lower())
    return node if change is None else change(node)


def _table(node: Any) -> exp.Expression:
    if node.db:
        alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(node.name))
        return exp.Table(this=exp.to_identifier(view(node)), alias=alias)
    return node


def _division(node: Any) -> exp.Expression:
    """DuckDB divides as doubles; Spark would cut decimals off."""
    if isinstance(node.this, exp.Cast):
        return node
    return exp.Div(this=exp.cast(exp.paren(node.this), "double"), expression=node.expression)


def _difference(node: Any) -> exp.Expression:
    """DuckDB counts the borders of seconds and days between two moments, Spark whole units."""
    later, earlier, unit = node.this, node.expression, str(node.args["unit"].name).upper()
    if unit == "DAY":
        return exp.Anonymous(this="datediff", expressions=[later, earlier])
    if unit != "SECOND":
        raise sqlglot.errors.SqlglotError(f"a difference in {unit} has no words in Spark yet")
    seconds = [exp.Anonymous(this="unix_seconds", expressions=[exp.cast(moment, "timestamp")]) for moment in (later, earlier)]
    return exp.paren(exp.Sub(this=seconds[0], expression=seconds[1]))


def _quantile(node: Any) -> exp.Expression:
    """Spark takes quantiles of numbers only."""
    micros = f"unix_micros(CAST({node.this.sql('spark')} AS TIMESTAMP))"
    inner = f"percentile_disc({node.expression.sql('spark')}) WITHIN GROUP (ORDER BY {micros})"
    return sqlglot.parse_one(f"CAST(timestamp_micros({inner}) AS TIMESTAMP_NTZ)", read="spark")


def _among(node: Any) -> exp.Expression:
    """Spark compares (a, b) with the columns of a query, DuckDB with one column of pairs."""
    query = node.args.get("query")
    inner = query.this if query is not None else None
    if isinstance(node.this, exp.Tuple) and isinstance(inner, exp.Select) and isinstance(inner.expressions[0], exp.Tuple):
        inner.set("expressions", inner.expressions[0].expressions)
    return node


def _filtered(node: Any) -> exp.Expression:
    """Spark's `listagg` does not stand beside a count of different values; the texts are sorted, so a sorted list gives the same."""
    if not isinstance(node.this, exp.GroupConcat):
        return node
    text, between = node.this.this.this, node.this.args["separator"]
    held = exp.Filter(this=exp.Anonymous(this="collect_list", expressions=[text]), expression=node.expression)
    return exp.Anonymous(this="array_join", expressions=[exp.Anonymous(this="array_sort", expressions=[held]), between])


def _called(name: str) -> Callable[[Any], exp.Expression]:
    def change(node: Any) -> exp.Expression:
        args = [node.this, node.expression] if not isinstance(node, exp.Anonymous) else node.expressions
        return exp.Anonymous(this=name, expressions=[arg for arg in args if arg is not None])

    return change


def _holds(node: Any) -> exp.Expression:
    """All of the second list are in the first."""
    whole, part = node.expressions
    return exp.EQ(
        this=exp.Anonymous(this="array_size", expressions=[exp.Anonymous(this="array_except", expressions=[part, whole])]),
        expression=exp.Literal.number(0),
    )


_CHANGES: dict[type[Any], Callable[[Any], exp.Expression]] = {
    exp.Table: _table,
    exp.Div: _division,
    exp.DateDiff: _difference,
    exp.PercentileDisc: _quantile,
    exp.Filter: _filtered,
    exp.In: _among,
    exp.ArrayOverlaps: _called("arrays_overlap"),
    exp.ArraySize: _called("array_size"),
    exp.JarowinklerSimilarity: _called(SIMILARITY),
}
_NAMED: dict[str, Callable[[Any], exp.Expression]] = {
    "list_has_all": _holds,
    "list_intersect": _called("array_intersect"),
}
