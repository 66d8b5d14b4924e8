"""SQL that reads one cell of text: without white space, as nothing where it says nothing, and as a value of its column's type.

A cell goes through two steps. `bared` trims it and, for the types that most exports write in one plain form, reads that form at
once; `value` reads what is left. The second step sees the value under the column's name and the trimmed cell under `cell_name`,
which is empty where the first step has read it.
"""

from __future__ import annotations

from collections.abc import Mapping

from tnskit.cleaning import amounts, moments
from tnskit.cleaning.mapping import JOINT
from tnskit.cleaning.schema import Column

TYPES = {"at": "TIMESTAMP", "day": "DATE", "int": "BIGINT", "year": "INTEGER", "money": "BIGINT", "bool": "BOOLEAN"}
"""Types of a column that are not text, in DuckDB's words."""

EXPECTED = {
    "at": "not a date and time, or a default of software such as 1970-01-01",
    "day": "not a date, or a default of software such as 1970-01-01",
    "int": "not a whole number",
    "year": "no year between 1900 and 2099",
    "bool": "neither true nor false",
}
"""What is told of a cell that its column's type cannot be read from; `fault` tells it of money too."""

EXPIRY = {
    "exp_month": r"'^(?:(?:19|20)\d\d[-/.])?(0?[1-9]|1[0-2])(?: ?[-/.] ?(?:20)?\d\d)?$'",
    "exp_year": r"'^(?:(?:0?[1-9]|1[0-2]) ?[-/.] ?)?((?:20)?\d\d)(?:[-/.](?:0?[1-9]|1[0-2]))?$'",
}
"""Columns for which exports often have one of both (03/27, 2027-03), which a mapping names twice."""

_NULLS = "'(?i)|null|none|n/a|na|nan|nat|nil|<na>|undefined|#n/a|-'"
_LONGEST_NULL = 9
_LOST_ID = r"'^[+-]?\d+(\.\d+)?[eE]\+?\d+$|^\d{16,}\.0$'"


def name(column: str) -> str:
    """Give a column's name as SQL."""
    return '"' + column.replace('"', '""') + '"'


def cell_name(column: str) -> str:
    """Give the name of a trimmed cell, beside that of its value."""
    return name(f"_cell_{column}")


def told(theirs: str) -> str:
    """Give what a mapping tells for one column of ours: a word for every row, a column, or several columns in a row."""
    if theirs.startswith("="):
        return "'" + theirs[1:].replace("'", "''") + "'"
    parts = theirs.split(JOINT)
    return name(theirs) if len(parts) == 1 else f"concat_ws(' ', {', '.join(map(name, parts))})"


def bare(cell: str) -> str:
    """Give a cell without white space around it; what software writes for nothing is nothing."""
    # Trimming by a set of characters is slow, and so is looking for words; both are asked for only where they could change something.
    # Lists of words are patterns here, for DuckDB turns `IN` with many words into a join over all rows.
    inked = f"{cell} BETWEEN '!' AND '~' AND reverse({cell}) BETWEEN '!' AND '~'"
    # No such word begins with a digit, and none with a letter but n and u.
    other = " OR ".join(f"{cell} BETWEEN '{first}' AND '{last}~'" for first, last in ("09", "AM", "am", "ot"))
    plain = f"{inked} AND (strlen({cell}) > {_LONGEST_NULL} OR {other} OR NOT regexp_full_match({cell}, {_NULLS}))"
    full = f"nullif(trim({cell}, ' \t\r\n\u00a0'), '')"
    edge = f"regexp_matches({cell}, '^[\\s\u00a0]|[\\s\u00a0]$')"
    return (
        f"CASE WHEN {plain} THEN {cell} "
        f"WHEN NOT regexp_full_match(trim({cell}), {_NULLS}) THEN CASE WHEN {edge} THEN {full} ELSE {cell} END END"
    )


def bared(column: Column) -> str:
    """Give a trimmed cell and, before it, the value of a cell in the form that most exports use, or NULL."""
    own, cell = name(column.name), cell_name(column.name)
    whole = f"CASE WHEN regexp_full_match({own}, '\\d{{1,18}}') THEN {own}::BIGINT END"
    quick = {
        "at": f"CASE WHEN {moments.plain(own)} THEN try_cast({own} AS TIMESTAMP) END",
        "int": whole,
        "money": whole,
        "bool": f"CASE WHEN {own} IN ('true', 'false') THEN {own} = 'true' END",
    }.get(column.type)
    if quick is None:
        return f"{bare(own)} AS {cell}"
    return f"{quick} AS {own}, CASE WHEN {quick} IS NULL THEN {bare(own)} END AS {cell}"


def value(column: Column, looks: Mapping[str, moments.Look]) -> str:
    """Give the value of a cell that `bared` has gone over; `looks` say how the moments of the table are written."""
    own, cell = name(column.name), cell_name(column.name)
    whole = f"CASE WHEN regexp_matches({cell}, '^[+-]?\\d{{1,18}}(\\.0*)?$') THEN try_cast({cell} AS DECIMAL(24, 4))::BIGINT END"
    if column.name in EXPIRY:
        whole = f"coalesce({whole}, try_cast(regexp_extract({cell}, {EXPIRY[column.name]}, 1) AS BIGINT))"
    digits = f"regexp_replace({cell}, '^(?:(\\d{{1,15}})\\.0|(\\d+)\\.0{{2,}})$', '\\1\\2')"
    moment = looks[column.name].sql(cell) if column.name in looks else ""
    return {
        # a float that is whole, or a decimal with all its digits
        "id": f"CASE WHEN suffix({cell}, '0') AND contains({cell}, '.0') THEN {digits} ELSE {cell} END",
        "word": f"lower({cell})",
        "money": f"coalesce({own}, {amounts.value(cell)})",
        "int": f"coalesce({own}, {whole})",
        "year": f"nullif(regexp_extract({cell}, '(?:^|\\D)((?:19|20)\\d\\d)', 1), '')::INTEGER",
        "bool": f"CASE WHEN {own} IS NOT NULL THEN {own} WHEN regexp_full_match({cell}, '(?i)true|t|yes|y|1|1\\.0') THEN true "
        f"WHEN regexp_full_match({cell}, '(?i)false|f|no|n|0|0\\.0') THEN false END",
        "day": f"({moment})::DATE",
        "at": f"CASE WHEN {cell} IS NULL THEN {own} ELSE {moment} END",
    }.get(column.type, cell)


def lost_id(column: Column) -> str:
    """Give the test whether an id was read as a number and has lost digits."""
    own = name(column.name)
    return f"{own} < ':' AND (suffix({own}, '.0') OR contains(lower({own}), 'e')) AND regexp_matches({own}, {_LOST_ID})"


def fault(column: Column, cell: str) -> str:
    """Give SQL that says why nothing could be read from a trimmed cell; NULL for a type from which everything can."""
    if column.type == "money":
        return amounts.fault(cell)
    return f"'{EXPECTED[column.type]}'" if column.type in EXPECTED else "NULL"


def readable(column: Column) -> bool:
    """Tell whether a cell of this type can fail to be read."""
    return column.type == "money" or column.type in EXPECTED
