"""What Spark lacks and its executors work out in Python, a column at a time; imported where a session is at hand."""

# No lazy annotations here: Spark reads them when a function is made.
import duckdb
import pyarrow as pa


def similar(one: pa.Array, other: pa.Array) -> pa.Array:
    """How alike two texts are (Jaro-Winkler, 0 to 1), exactly as DuckDB has it."""
    names = pa.table({"one": one, "other": other})
    with duckdb.connect() as db:
        found = db.from_arrow(names).project("jaro_winkler_similarity(one, other) AS alike").to_arrow_table()
    return found["alike"].combine_chunks()
