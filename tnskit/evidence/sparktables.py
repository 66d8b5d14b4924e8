"""What the steps of linking read of a market, told once, so that a cluster is not started for tables that do not fit."""

from __future__ import annotations

from tnskit.cleaning.market import Market
from tnskit.cleaning.schema import TABLES
from tnskit.errors import TableError

_CODED = {
    "seen": "account INTEGER, value INTEGER, kind VARCHAR, first_at TIMESTAMP, last_at TIMESTAMP, days INTEGER, verified BOOLEAN",
    "identifier": "code INTEGER, kind VARCHAR, class VARCHAR, shown VARCHAR",
    "people": "code INTEGER, account_id VARCHAR, role VARCHAR, status VARCHAR, created TIMESTAMP, closed TIMESTAMP, country VARCHAR, "
    "birth_year INTEGER, business_id VARCHAR, survivor INTEGER, legal_words VARCHAR[], display_words VARCHAR[], "
    "legal_given VARCHAR, display_given VARCHAR, referrer VARCHAR, linked BOOLEAN",
}
"""Tables of `main`: codes, dates and masks."""

_TYPES = {"id": "VARCHAR", "text": "VARCHAR", "word": "VARCHAR", "list": "VARCHAR", "at": "TIMESTAMP", "day": "DATE", "year": "INTEGER",
          "int": "BIGINT", "money": "BIGINT", "bool": "BOOLEAN"}  # fmt: skip

_WORDS = {"INTEGER": "whole numbers", "BIGINT": "whole numbers", "VARCHAR": "text", "TIMESTAMP": "moments", "DATE": "days",
          "BOOLEAN": "yes or no", "VARCHAR[]": "lists of words"}  # fmt: skip

_FOUND = """
SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name IN ('main', 'public')
"""


def needed() -> dict[tuple[str, str], dict[str, str]]:
    """Give schema and table to the columns that linking may read, with their types in DuckDB."""
    coded = {("main", name): dict(column.split(" ") for column in told.split(", ")) for name, told in _CODED.items()}
    plain = {
        ("public", table.name): {column.name: _TYPES[column.type] for column in table.columns if not column.private}
        for table in TABLES.values()
    }
    return coded | plain


def check(market: Market) -> None:
    """Refuse a market whose tables the steps could not read, before anything of a cluster is asked.

    Raises:
        TableError: A table or column is missing, or holds something else; what linking reads there is told.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in market.db.execute(_FOUND).fetchall():
        found.setdefault((schema, table), {})[column] = kind
    for (schema, table), columns in needed().items():
        if wrong := _wrong(table, columns, found.get((schema, table))):
            raise TableError(f"{wrong}; nothing was run, load the exports again")


def _wrong(table: str, columns: dict[str, str], held: dict[str, str] | None) -> str:
    """Say what a table lacks, or nothing."""
    if held is None:
        return f"this market has no table '{table}', which linking reads"
    for column, kind in columns.items():
        if column not in held:
            return f"the table '{table}' lacks the column '{column}', which linking reads"
        if held[column] != kind:
            other = _WORDS.get(held[column], held[column].lower())
            return f"the column '{column}' of the table '{table}' holds {other}, and linking reads {_WORDS[kind]} there"
    return ""
