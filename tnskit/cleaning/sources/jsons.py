"""JSON: one object a line, one list of objects, or one object; nested fields become columns such as `user.id`."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tnskit.cleaning.sources.frames import file_literal, literal, write
from tnskit.cleaning.sources.nested import structure, top_fields
from tnskit.cleaning.sources.texts import as_utf8, opened
from tnskit.errors import SourceError

LARGEST = 64 << 20
"""Bytes of one object."""

NOT_JSON, NO_OBJECT = "a line that is not JSON", "JSON that is no object with named fields"


def read_json(path: Path, name: str, shown: str, db: duckdb.DuckDBPyConnection, folder: Path) -> tuple[str, ...]:
    """Read a JSON file into the raw table `name`.

    A line that is no JSON, or no object, stays a row with a fault; a list that breaks off cannot be read at all.

    Args:
        path: The file, packed (.gz) or not.
        name: Name of the table.
        shown: What a message calls the file.
        db: Where the table goes.
        folder: The market's own folder, for a copy in UTF-8 while it is read.

    Returns:
        Findings about the file, in words.
    """
    with as_utf8(path, shown, folder, marked=False) as text:
        try:
            listed = not path.name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson")) and _is_one_value(text.path)
            _objects(text.path, shown, db, listed=listed)
            _columns(name, shown, db)
        finally:
            db.execute("DROP TABLE IF EXISTS _objects")
        return text.notes


def _is_one_value(path: Path) -> bool:
    """Tell whether a .json file is one list or one object, and not one object a line."""
    with opened(path) as stream:
        first = bytes(stream.read(1 << 16)).lstrip()
    line = first.split(b"\n", 1)[0].rstrip()
    return first.startswith(b"[") or not (line.startswith(b"{") and line.endswith(b"}") and b"\n" in first)


def _objects(path: Path, shown: str, db: duckdb.DuckDBPyConnection, *, listed: bool) -> None:
    packed = "gzip" if path.name.lower().endswith(".gz") else "none"
    if listed:
        selects = [
            f"SELECT json::VARCHAR AS line FROM read_json_objects({file_literal(path)}, format='auto', "
            f"maximum_object_size={LARGEST}, compression='{packed}')"
        ]
    else:
        lines = (
            f"SELECT line FROM read_csv({file_literal(path)}, columns={{'line': 'VARCHAR'}}, auto_detect=false, "
            f"header=false, delim=chr(1), quote='', escape='', strict_mode=false, compression='{packed}'"
        )
        # room for long lines costs memory, so it is taken only where some line needs it
        selects = [
            f"{lines}{room}) WHERE trim(line, ' \t\r') <> ''" for room in ("", f", max_line_size={LARGEST}, buffer_size={2 * LARGEST}")
        ]
    for select in selects:
        try:
            db.execute(f"CREATE OR REPLACE TEMP TABLE _objects AS {select}")
            return
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            continue
    raise SourceError(f"'{shown}' is not JSON: neither one object a line, nor a whole list of objects")


def _columns(name: str, shown: str, db: duckdb.DuckDBPyConnection) -> None:
    sound = "CASE WHEN json_valid(line) AND json_type(line) = 'OBJECT' THEN line::JSON END"
    found = structure(db, "_objects", f"({sound})")
    if not isinstance(found, dict) or not found:
        raise SourceError(f"'{shown}' holds no JSON object with named fields")
    fields = top_fields(found)
    pointers = ", ".join(literal(pointer.replace("''", "'")) for _, pointer in fields)
    relation = f"(SELECT line, json_extract_string({sound}, [{pointers}]) AS cells FROM _objects)"
    fault = f"CASE WHEN cells IS NULL THEN CASE WHEN json_valid(line) THEN {literal(NO_OBJECT)} ELSE {literal(NOT_JSON)} END END"
    write(name, [(field, f"cells[{place}]") for place, (field, _) in enumerate(fields, 1)], relation, db, fault=fault)
