"""Masks that tell values apart: two values with the same visible part must not read the same."""

from __future__ import annotations

import duckdb

# Partitioned by a number, which DuckDB sorts twice as fast as the text of the mask.
_UNIQUE = """
CREATE OR REPLACE TABLE identifier AS
WITH masked AS (
  SELECT code, hash(kind, mask) AS same, (code::UBIGINT * 2654435761) % 4294967296 AS shuffled FROM vault.clean),
told_apart AS (
  SELECT code, count(*) OVER (PARTITION BY same) AS many, row_number() OVER (PARTITION BY same ORDER BY shuffled) AS nth FROM masked)
SELECT code, kind, class, CASE WHEN many = 1 THEN mask ELSE mask || ' (' || nth || ')' END AS shown
FROM vault.clean JOIN told_apart USING (code) ORDER BY code
"""


def unique_masks(db: duckdb.DuckDBPyConnection) -> None:
    """Make the table `identifier` (`code`, `kind`, `class`, `shown`) out of `vault.clean`, which has `mask` besides.

    Where several values of a kind have one mask, each gets a number behind it: `phone ••• •••-0142 (2)`. The numbers come
    from the data alone, so the same exports give the same masks, and a value reads the same in every table, graph, page
    and letter of one market. They are dealt in a shuffled order (multiplicative hashing of the codes, Knuth, The Art of
    Computer Programming, vol. 3, section 6.4), for numbers in the order of the values would tell which of two is larger.
    Another export of the same market may deal them anew; what has to be recognised then is remembered by `tokens`.

    Args:
        db: The market's database.
    """
    db.execute(_UNIQUE)
