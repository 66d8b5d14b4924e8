"""What the team decided before and brought as `suppressions`: which values of this market it speaks of."""

from __future__ import annotations

import duckdb

from tnskit.cleaning.identifiers import read
from tnskit.cleaning.quick import through

KEYED = "tns1_"
"""How a keyed token begins; which value it means is found with the key, when links are made."""

_MARKED = """
CREATE OR REPLACE TABLE marked AS
SELECT s.row, a.kind, CASE WHEN starts_with(value_token, $keyed) THEN value_token END AS token, c.code AS value,
  coalesce(why, 'other') AS why, expires_at
FROM vault.suppressions s JOIN vault.alias a ON a.word = s.kind
LEFT JOIN vault.told t ON t.row = s.row
LEFT JOIN vault.clean c ON c.kind = a.kind AND (c.clean = t.clean OR a.kind = 'card' AND suffix(c.clean, ':' || t.clean))
WHERE starts_with(value_token, $keyed) OR c.code IS NOT NULL
ORDER BY ALL
"""


def build(db: duckdb.DuckDBPyConnection, *, region: str) -> None:
    """Make the table `marked`: `row`, `kind`, `token`, `value`, `why`, `expires_at` of what was suppressed.

    An export tells a value by the keyed token that a case log made, by the team's own token (the one that stands in its other
    tables) or as it is written. The first stays a token; the others become the integer code of the value, so that no raw
    value is needed above this folder. What this market does not have is left out. What is no value at all goes to `faults`.

    Args:
        db: Holds the typed tables and the cleaned values.
        region: Country of phone numbers and addresses that do not tell one.
    """
    db.execute("CREATE OR REPLACE TABLE vault.told (row BIGINT, clean VARCHAR, fault VARCHAR)")
    asked = (
        "SELECT s.row, a.kind, s.value_token FROM vault.suppressions s JOIN vault.alias a ON a.word = s.kind "
        f"WHERE NOT starts_with(value_token, '{KEYED}') ORDER BY s.row"
    )

    def told(rows: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
        return [(row, clean, fault) for row, kind, raw in rows for clean, _, fault in read(kind, raw, region)]

    for _ in through(db, asked, "vault.told", told):
        pass
    db.execute(
        "INSERT INTO faults SELECT 'suppressions', row, 'value_token', fault || '; nothing is suppressed by it' FROM vault.told "
        "WHERE fault <> '' ORDER BY row"
    )
    db.execute(
        "INSERT INTO faults SELECT 'suppressions', row, 'kind', 'a kind of identifier that is not known; nothing is suppressed by it' "
        "FROM vault.suppressions WHERE kind NOT IN (SELECT word FROM vault.alias) ORDER BY row"
    )
    db.execute(_MARKED, {"keyed": KEYED})
    db.execute("DROP TABLE vault.told")
