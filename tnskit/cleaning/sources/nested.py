"""Nested values (JSON objects, structs, lists) as flat columns: `user.id`, `phones.0`, `devices.1.os`."""

from __future__ import annotations

import json
from typing import Any

import duckdb

NESTED = ("STRUCT", "MAP", "UNION", "JSON")
"""How the types of nested columns begin; a list ends with a bracket."""

FIRST = 5
"""Elements of a list that get columns of their own; the whole list stands in a column besides. Assumption."""
DEEPEST = 5
"""Levels that are opened; what lies deeper stays JSON text. Assumption."""
WIDEST = 200
"""Fields of one object that get columns; an object with more is a list under another name, and stays JSON text. Assumption."""


def fields(db: duckdb.DuckDBPyConnection, relation: str, column: str, cell: str) -> list[tuple[str, str]]:
    """Give (name, SQL) for a nested column and every field in it.

    Args:
        db: Where the relation is.
        relation: A table, or a query in parentheses.
        column: Name of the column; the names of its fields begin with it.
        cell: SQL of the column as JSON.
    """
    found = structure(db, relation, cell)
    return [
        (column + name, f"json_extract_string({cell}, '{pointer}')" if pointer else f"{cell} ->> '$'") for name, pointer in _paths(found)
    ]


def structure(db: duckdb.DuckDBPyConnection, relation: str, cell: str, *, where: str = "true") -> Any:
    """Give the shape that all cells of JSON have in common, as Python lists and dicts of type names."""
    told = db.execute(f"SELECT json_group_structure({cell}) FROM {relation} WHERE {cell} IS NOT NULL AND {where}").fetchall()[0][0]
    return json.loads(told) if told else "VARCHAR"


def top_fields(found: Any) -> list[tuple[str, str]]:
    """Give (name, JSON pointer) for every field of objects, in the order in which they first come."""
    return [(name.removeprefix("."), pointer) for name, pointer in _paths(found) if pointer]


def _paths(found: Any, name: str = "", pointer: str = "", depth: int = 0) -> list[tuple[str, str]]:
    if isinstance(found, dict) and depth < DEEPEST and (not depth or len(found) <= WIDEST):
        here: list[tuple[str, str]] = []
        for key, inner in found.items():
            step = key.replace("~", "~0").replace("/", "~1").replace("'", "''")
            here += _paths(inner, f"{name}.{key}", f"{pointer}/{step}", depth + 1)
        return here
    if isinstance(found, list) and depth < DEEPEST:
        here = [(name, pointer)]
        for place in range(FIRST):
            here += _paths(found[0] if found else "VARCHAR", f"{name}.{place}", f"{pointer}/{place}", depth + 1)
        return here
    return [(name, pointer)]
