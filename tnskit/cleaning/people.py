"""Accounts as the evidence sees them: an integer code, the few facts that readings need, and who was merged into whom."""

from __future__ import annotations

import duckdb

from tnskit.cleaning.schema import TABLES

_NOT_LINKED = "('staff', 'test', 'agent', 'internal', 'system')"

_NAME_WORDS = r"""
    list_sort(list_filter(string_split_regex(regexp_replace(strip_accents(lower({name})), '[^\w ]|_', ' ', 'g'), '\s+'),
      lambda w: w <> '' AND w NOT IN ('mr','mrs','ms','dr','sr','sra','srta','jr','ii','iii','the','de','da','do','dos',
      'das','del','la','las','los','y','e','van','von','di','llc','inc','corp','co','ltd','ltda','sa','company')))
"""

_PEOPLE = """
CREATE OR REPLACE TABLE people AS
WITH one AS (SELECT *, row_number() OVER (ORDER BY account_id) - 1 AS code FROM vault.accounts)
SELECT code::INTEGER AS code, account_id, coalesce(role, '') AS role, coalesce(status, '') AS status,
  created_at AS created, closed_at AS closed, country, tz, locale, birth_year::INTEGER AS birth_year, business_id,
  code::INTEGER AS survivor,
  {legal} AS legal_words, {display} AS display_words,
  referrer_account_id AS referrer,
  coalesce(role, '') NOT IN {not_linked} AND erased_at IS NULL AS linked
FROM one
"""


def build(db: duckdb.DuckDBPyConnection, *, brought: frozenset[str]) -> list[str]:
    """Make the table `people` and resolve merged accounts.

    Args:
        db: Holds the typed tables in `vault`.
        brought: Names of the tables that came in; without `accounts` the accounts are those that `identifiers` names.

    Returns:
        Findings for the load report, in words.
    """
    if "accounts" not in brought:
        db.execute(
            "INSERT INTO vault.accounts (row, account_id) SELECT row_number() OVER (ORDER BY account_id), account_id "
            "FROM (SELECT DISTINCT account_id FROM vault.identifiers)"
        )
    _one_row_each(db)
    legal, display = _NAME_WORDS.format(name="legal_name"), _NAME_WORDS.format(name="display_name")
    db.execute(_PEOPLE.format(legal=legal, display=display, not_linked=_NOT_LINKED))
    _set_ghosts_aside(db, brought)
    return _resolve_merges(db)


def _one_row_each(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE OR REPLACE TEMP TABLE _again AS SELECT row, account_id, min(row) OVER (PARTITION BY account_id) AS kept "
        "FROM vault.accounts QUALIFY row <> kept"
    )
    db.execute(
        "INSERT INTO set_aside SELECT 'accounts', row, 'account_id', 'an account id that row ' || kept || ' already has' "
        "FROM _again ORDER BY row"
    )
    db.execute("DELETE FROM vault.accounts WHERE row IN (SELECT row FROM _again)")
    db.execute("DROP TABLE _again")


def _set_ghosts_aside(db: duckdb.DuckDBPyConnection, brought: frozenset[str]) -> None:
    """Rows of accounts that the accounts table does not know link nothing that could be checked."""
    for name in sorted(name for name in brought - {"accounts"} if "account_id" in TABLES[name].names):
        ghost = f"FROM vault.{name} WHERE account_id NOT IN (SELECT account_id FROM people)"
        db.execute(
            f"INSERT INTO set_aside SELECT '{name}', row, 'account_id', 'an account that the accounts table does not have' "
            f"{ghost} ORDER BY row"
        )
        db.execute(f"DELETE {ghost}")


def _resolve_merges(db: duckdb.DuckDBPyConnection) -> list[str]:
    """Follow `merged_into` to its end; accounts on a cycle stay what they are."""
    rows = db.execute(
        "SELECT a.account_id, a.merged_into FROM vault.accounts a JOIN people p ON p.account_id = a.merged_into "
        "WHERE a.merged_into <> a.account_id"
    ).fetchall()
    into = dict(rows)
    ends: list[tuple[str, str]] = []
    for start in into:
        seen, here = {start}, into[start]
        while here in into and here not in seen:
            seen.add(here)
            here = into[here]
        if here not in seen:
            ends.append((start, here))
    if ends:
        db.execute("CREATE OR REPLACE TEMP TABLE _merged (account_id VARCHAR, last VARCHAR)")
        db.executemany("INSERT INTO _merged VALUES (?, ?)", ends)
        db.execute(
            "UPDATE people SET survivor = s.code FROM _merged m, people s WHERE people.account_id = m.account_id AND s.account_id = m.last"
        )
        db.execute("DROP TABLE _merged")
    return [f"{len(ends):,} merged accounts count as the account they were merged into"] if ends else []
