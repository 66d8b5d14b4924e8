"""Accounts as the evidence sees them: an integer code, the few facts that readings need, and who was merged into whom."""

from __future__ import annotations

import duckdb

from tnskit.cleaning.schema import TABLES

_NOT_LINKED = "('staff', 'test', 'agent', 'internal', 'system')"

GHOST = "an account that the accounts table does not have"
"""Why a row was set aside whose account is nobody yet."""

_NAME_WORDS = r"""
    list_filter(string_split_regex(regexp_replace(strip_accents(lower({name})), '[^\w ]|_', ' ', 'g'), '\s+'),
      lambda w: w <> '' AND w NOT IN ('mr','mrs','ms','dr','sr','sra','srta','jr','ii','iii','the','de','da','do','dos',
      'das','del','la','las','los','y','e','van','von','di','llc','inc','corp','co','ltd','ltda','sa','company'))
"""

_TURNED = r"""regexp_replace({name}, '^([^,]+),(.+)$', '\2 \1')"""
"""`Ruiz, Ana` is Ana Ruiz."""

_GIVEN = "CASE WHEN NOT regexp_matches(coalesce(lower(locale), ''), '^(hu|ja|ko|vi|zh)') THEN {words}[1] END"
"""The given name: the first word, where it is not the surname that comes first."""

_PEOPLE = """
CREATE OR REPLACE TABLE people AS
WITH one AS (SELECT *, row_number() OVER (ORDER BY account_id) - 1 AS code FROM vault.accounts)
SELECT code::INTEGER AS code, account_id, coalesce(role, '') AS role, coalesce(status, '') AS status,
  created_at AS created, closed_at AS closed, country, tz, locale, birth_year::INTEGER AS birth_year, business_id,
  code::INTEGER AS survivor,
  list_sort({legal}) AS legal_words, list_sort({display}) AS display_words,
  {given_legal} AS legal_given, {given_display} AS display_given,
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
    if "accounts" in brought:
        _one_row_each(db)
    else:
        names = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in _types(db) if name not in {"row", "account_id"})
        db.execute(
            f"CREATE OR REPLACE TABLE vault.accounts AS SELECT row_number() OVER (ORDER BY account_id) AS row, account_id, {names} "
            "FROM (SELECT DISTINCT account_id FROM vault.identifiers)"
        )
    legal, display = _NAME_WORDS.format(name="legal_name"), _NAME_WORDS.format(name="display_name")
    given = {
        f"given_{name}": _GIVEN.format(words=_NAME_WORDS.format(name=_TURNED.format(name=f"{name}_name"))) for name in ("legal", "display")
    }
    db.execute(_PEOPLE.format(legal=legal, display=display, **given, not_linked=_NOT_LINKED))
    # Who is named only by `identifiers` is nobody's ghost there.
    _set_ghosts_aside(db, brought if "accounts" in brought else brought - {"identifiers"})
    return _resolve_merges(db)


def _types(db: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind, *_ in db.execute("DESCRIBE vault.accounts").fetchall()]


def _one_row_each(db: duckdb.DuckDBPyConnection) -> None:
    twice = "SELECT account_id FROM vault.accounts GROUP BY account_id HAVING count(*) > 1"
    db.execute(
        "CREATE OR REPLACE TEMP TABLE _again AS SELECT row, account_id, min(row) OVER (PARTITION BY account_id) AS kept "
        f"FROM vault.accounts WHERE account_id IN ({twice}) QUALIFY row <> kept"
    )
    if db.execute("SELECT count(*) FROM _again").fetchall()[0][0]:
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
        if not db.execute(f"SELECT count(*) {ghost}").fetchall()[0][0]:
            continue
        db.execute(f"INSERT INTO set_aside SELECT '{name}', row, 'account_id', '{GHOST}' {ghost} ORDER BY row")
        # Kept apart, for a later export may bring the account.
        db.execute(f"CREATE OR REPLACE TABLE vault.ghost_{name} AS SELECT * {ghost}")
        db.execute(f"DELETE {ghost}")


# A step doubles the way that is known of each chain; one that never ends was a circle, or led into one.
_LEAPT = """
CREATE OR REPLACE TEMP TABLE _leapt AS
SELECT m.code, coalesce(n.heir, m.heir) AS heir FROM _merged m LEFT JOIN _merged n ON n.code = m.heir
"""


def _resolve_merges(db: duckdb.DuckDBPyConnection) -> list[str]:
    """Follow `merged_into` to its end; accounts on a cycle stay what they are."""
    db.execute(
        "CREATE OR REPLACE TEMP TABLE _merged AS SELECT p.code, q.code AS heir FROM vault.accounts a "
        "JOIN people p ON p.account_id = a.account_id JOIN people q ON q.account_id = a.merged_into "
        "WHERE a.merged_into IS NOT NULL AND p.code <> q.code"
    )
    asked = "SELECT count(*), count(*) FILTER (heir IN (SELECT code FROM _merged)) FROM _merged"
    many, going = db.execute(asked).fetchall()[0]
    # No chain has more links than there are merged accounts, so after so many doublings all that end have ended.
    for _ in range(int(many).bit_length() if going else 0):
        db.execute(_LEAPT)
        db.execute("CREATE OR REPLACE TEMP TABLE _merged AS FROM _leapt")
    many, going = db.execute(asked).fetchall()[0]
    db.execute("UPDATE people SET survivor = m.heir FROM _merged m WHERE people.code = m.code AND m.heir NOT IN (SELECT code FROM _merged)")
    for name in ("_merged", "_leapt"):
        db.execute(f"DROP TABLE IF EXISTS {name}")
    return [f"{many - going:,} merged accounts count as the account they were merged into"] if many > going else []
