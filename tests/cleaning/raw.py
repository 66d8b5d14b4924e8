"""Raw tables for tests: what a source gave, before anything is made of it."""

from __future__ import annotations

from typing import Any

from tnskit.cleaning.market import open_database
from tnskit.cleaning.sources.databases import Asked
from tnskit.cleaning.sources.reading import Source, read


def raw(source: Any, queries: dict[str, str] | None = None) -> dict[str, tuple[Source, list[tuple[str | None, ...]]]]:
    """Name to the source and its rows; the first cell of a row is its fault."""
    db, folder = open_database()
    found, _ = read(source, db, asked=Asked(queries or {}, bool), folder=folder)
    assert list(folder.iterdir()) == [], "a copy was left behind"
    return {one.name: (one, db.execute(f"SELECT * EXCLUDE (__row) FROM {one.view} ORDER BY __row").fetchall()) for one in found}


def only(source: Any) -> tuple[Source, list[tuple[str | None, ...]]]:
    """The one table of a source."""
    ((found),) = raw(source).values()
    return found


def cells(source: Any) -> list[tuple[str | None, ...]]:
    """The rows of the one table of a source, without their faults."""
    return [row[1:] for row in only(source)[1]]
