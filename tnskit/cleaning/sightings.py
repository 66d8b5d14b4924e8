"""Who was seen with which identifier, when: every table of an export as one long table of sightings.

`sighting` holds one row per account, kind and raw value; the values are then cleaned once per distinct value, coded
with integers and masked. Above this folder only `seen` (codes and dates) and `identifier` (masks and classes) are read.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import duckdb
from tqdm.auto import tqdm

from tnskit.cleaning import quick
from tnskit.cleaning.identifiers import ALIAS_CLASS, ALIASES, BY_DESIGN, KINDS, classed
from tnskit.cleaning.kinds.networks import NetworkTable
from tnskit.cleaning.masks import unique_masks
from tnskit.cleaning.quick import streamed, through
from tnskit.cleaning.spread import Cleaner
from tnskit.cleaning.unchanged import Before

SOURCES: dict[str, tuple[str, str]] = {
    "identifiers": ("", """
        SELECT 'identifiers' AS tab, row, 'value' AS col, account_id, a.kind, value AS raw,
          coalesce(first_seen, seen_at) AS first_at, coalesce(last_seen, seen_at, first_seen) AS last_at, NULL::BIGINT AS days,
          verified, coalesce(i.class, a.class) AS hint
        FROM vault.identifiers i JOIN vault.alias a ON a.word = i.kind"""),
    "phones": ("phone", """
        SELECT 'phones' AS tab, row, 'phone_raw' AS col, account_id, 'phone' AS kind, coalesce(phone_raw, phone_e164) AS raw,
          first_seen AS first_at, coalesce(last_seen, first_seen) AS last_at, NULL::BIGINT AS days,
          CASE WHEN (SELECT count(verified_at) > 0 FROM vault.phones) THEN verified_at IS NOT NULL END AS verified, line_type AS hint
        FROM vault.phones"""),
    "emails": ("email", """
        SELECT 'emails' AS tab, row, 'email_raw' AS col, account_id, 'email' AS kind, email_raw AS raw,
          first_seen AS first_at, coalesce(last_seen, first_seen) AS last_at, NULL::BIGINT AS days,
          CASE WHEN (SELECT count(verified_at) > 0 FROM vault.emails) THEN verified_at IS NOT NULL END AS verified,
          CASE WHEN is_disposable THEN 'disposable' WHEN is_relay THEN 'relay' END AS hint
        FROM vault.emails"""),
    "instruments": ("card card_digits", """
        SELECT 'instruments' AS tab, row, 'fingerprint' AS col, account_id,
          CASE WHEN fingerprint IS NULL THEN 'card_digits' ELSE 'card' END AS kind,
          CASE WHEN fingerprint IS NULL
            THEN bin || '|' || last4 || '|' || exp_year % 100 || '-' || exp_month
            ELSE coalesce(processor || ':', '') || fingerprint END AS raw,
          first_used AS first_at, coalesce(last_used, first_used) AS last_at, NULL::BIGINT AS days, NULL::BOOLEAN AS verified,
          CASE WHEN funding = 'prepaid' THEN 'prepaid' WHEN kind = 'wallet' OR wallet IS NOT NULL THEN 'wallet' END AS hint
        FROM vault.instruments
        WHERE fingerprint IS NOT NULL OR (bin IS NOT NULL AND last4 IS NOT NULL AND exp_month IS NOT NULL)"""),
    "payout_accounts": ("payout", """
        SELECT 'payout_accounts' AS tab, row, 'payout_token' AS col, account_id, 'payout' AS kind, payout_token AS raw,
          added_at AS first_at, removed_at AS last_at, NULL::BIGINT AS days, NULL::BOOLEAN AS verified, NULL::VARCHAR AS hint
        FROM vault.payout_accounts"""),
    "logins.ip": ("ip", """
        SELECT 'logins' AS tab, row, 'ip' AS col, account_id, 'ip' AS kind, ip AS raw, first_at, last_at, days,
          NULL::BOOLEAN AS verified, hint
        FROM vault.visit_ip"""),
    "logins.device_id": ("device", """
        SELECT 'logins' AS tab, row, 'device_id' AS col, account_id, 'device' AS kind, device_id AS raw, first_at, last_at, days,
          NULL::BOOLEAN AS verified, hint
        FROM vault.visit_device_id"""),
    "addresses": ("address", """
        SELECT 'addresses' AS tab, row, 'line1' AS col, account_id, 'address' AS kind,
          concat_ws('\x1f', coalesce(line1, ''), coalesce(unit, ''), coalesce(city, ''), coalesce(region, ''),
            coalesce(postal, ''), coalesce(country, ''), coalesce(is_mail_agent::VARCHAR, '')) AS raw,
          first_seen AS first_at, coalesce(last_seen, first_seen) AS last_at, NULL::BIGINT AS days, NULL::BOOLEAN AS verified,
          NULL::VARCHAR AS hint
        FROM vault.addresses WHERE line1 IS NOT NULL"""),
    "pro_profiles.licence_no": ("licence", """
        SELECT 'pro_profiles' AS tab, row, 'licence_no' AS col, account_id, 'licence' AS kind,
          coalesce(licence_state, '') || '|' || licence_no AS raw, licence_checked_at AS first_at, NULL::TIMESTAMP AS last_at,
          NULL::BIGINT AS days, NULL::BOOLEAN AS verified, NULL::VARCHAR AS hint
        FROM vault.pro_profiles WHERE licence_no IS NOT NULL"""),
    "pro_profiles.tax_id_token": ("tax_id", """
        SELECT 'pro_profiles' AS tab, row, 'tax_id_token' AS col, account_id, 'tax_id' AS kind, tax_id_token AS raw,
          NULL::TIMESTAMP AS first_at, NULL::TIMESTAMP AS last_at, NULL::BIGINT AS days, NULL::BOOLEAN AS verified,
          NULL::VARCHAR AS hint
        FROM vault.pro_profiles WHERE tax_id_token IS NOT NULL"""),
}  # fmt: skip
"""For each place where an account meets an identifier, under the name of its table (and column): the kinds it holds (none: its
own column tells) and its SELECT."""

_VISITS = """
WITH good AS NOT MATERIALIZED (
  SELECT l.row, l.account_id, {value} AS {column}, l."at", {hint} AS hint FROM vault.logins l {joined}
  WHERE {only} AND l.{column} IS NOT NULL AND coalesce(outcome, 'ok') NOT IN ('bad_password', 'mfa_fail', 'locked')),
daily AS NOT MATERIALIZED (
  SELECT account_id, {column}, "at"::DATE AS day, min(row) AS row, min("at") AS first_at, max("at") AS last_at,
    min(hint) AS least, max(hint) AS most
  FROM good GROUP BY ALL),
visit AS (
  SELECT account_id, {column}, min(row) AS row, min(first_at) AS first_at, max(last_at) AS last_at, count(day) AS days,
    min(least) AS least, max(most) AS most
  FROM daily GROUP BY ALL),
mixed AS (
  SELECT account_id, {column}, mode(hint ORDER BY hint) AS hint
  FROM good JOIN (SELECT account_id, {column} FROM visit WHERE least <> most) USING (account_id, {column}) GROUP BY ALL)
SELECT v.row, v.account_id, v.{column}, v.first_at, v.last_at, v.days, coalesce(m.hint, v.least) AS hint
FROM visit v LEFT JOIN mixed m ON v.least <> v.most AND m.account_id = v.account_id AND m.{column} = v.{column}
"""
"""An account's logins from one network or device count as one sighting, on so many days."""

_VERSIONED = """
CASE WHEN d.versions > 1 THEN CASE WHEN l."at" >= d.changed THEN '' ELSE 'before ' END || d.latest || '\x1f' ELSE '' END || l.device_id"""
_DEVICES = """
LEFT JOIN (
  SELECT device_id, min(kind) AS kind, count(DISTINCT algo_version) AS versions, max(first_seen) AS changed,
    arg_max(algo_version, first_seen) AS latest
  FROM vault.devices GROUP BY device_id) d ON d.device_id = l.device_id"""
"""A device id that two versions of an algorithm computed is two values, before the change and after it."""

_WHOLE_ROW = ("identifiers", "phones", "emails", "payout_accounts", "addresses", "instruments")
"""Tables whose row says nothing once its value is unreadable; elsewhere only the cell is emptied."""

# What has a beginning and no end (a bank account, a licence) is held until the day of the export.
_CODED = """
CREATE OR REPLACE TABLE vault.coded AS
SELECT p.survivor AS account, r.code AS value, first_at,
  coalesce(last_at, CASE WHEN first_at IS NOT NULL THEN greatest(first_at, $day) END) AS last_at, days, verified, hint, p.linked
FROM ({sighting}) s JOIN vault.ranked r ON r.raw = s.raw JOIN people p ON p.account_id = s.account_id
"""
_SEEN = """
INSERT INTO seen
SELECT account, value, $kind AS kind, min(first_at) AS first_at, max(last_at) AS last_at,
  coalesce(sum(days), CASE WHEN date_diff('day', min(first_at), max(last_at)) >= 2 THEN 3 ELSE 1 END)::INTEGER AS days,
  bool_or(verified) AS verified
FROM vault.coded WHERE linked GROUP BY account, value ORDER BY value, account
"""
_RANKED = """
CREATE OR REPLACE TABLE vault.ranked AS
SELECT raw, clean, class, ($after + dense_rank() OVER by_clean)::INTEGER AS code, lag(clean) OVER by_clean IS DISTINCT FROM clean AS first
FROM vault.value_{kind} WINDOW by_clean AS (ORDER BY clean)
"""
# The team's own network table wins; `identifiers.classed` weighs what the export says against what the value tells.
_CLEAN = """
CREATE OR REPLACE TABLE vault.clean_{kind} AS
WITH hinted AS (SELECT value, min(hint) AS least, max(hint) AS most FROM vault.coded WHERE hint IS NOT NULL GROUP BY value),
mixed AS (
  SELECT value, coalesce(min(hint) FILTER (list_contains($by_design, hint)), mode(hint ORDER BY hint)) AS hint FROM vault.coded
  WHERE value IN (SELECT value FROM hinted WHERE least <> most) GROUP BY value),
told AS (SELECT h.value, coalesce(m.hint, least) AS hint FROM hinted h LEFT JOIN mixed m USING (value))
SELECT r.code, r.clean, coalesce(n.class, c.class) AS class,
  CASE WHEN starts_with(clean, 'token:') THEN '{kind} …' || right(clean, 3) ELSE {mask} END AS mask
FROM vault.ranked r LEFT JOIN told t ON t.value = r.code LEFT JOIN vault.network n ON n.code = r.code
JOIN vault.class_of c ON c.own = r.class AND c.hint = coalesce(t.hint, '')
WHERE r.first
"""

_COMPLETE_ADDRESS = """
WITH part AS (SELECT raw, clean, split_part(clean, '|', 1) AS street, split_part(clean, '|', 2) AS unit,
    split_part(clean, '|', 3) AS place, split_part(clean, '|', 4) AS mail FROM vault.value_address),
one AS (SELECT street, any_value(place) AS place FROM part WHERE place <> '' GROUP BY street
  HAVING count(DISTINCT place) = 1)
UPDATE vault.value_address SET clean = street || '|' || unit || '|' || new_place || '|' || mail
FROM (SELECT part.raw AS raw2, part.street, part.unit, one.place AS new_place, part.mail FROM part JOIN one USING (street)
  WHERE part.place = '')
WHERE vault.value_address.raw = raw2
"""

_COMPLETE_PHONE = """
WITH whole AS (SELECT right(split_part(clean, ';', 1), 7) AS seven, any_value(clean) AS full_clean, any_value(class) AS full_class
  FROM vault.value_phone WHERE clean LIKE '+1%' GROUP BY 1 HAVING count(DISTINCT clean) = 1)
UPDATE vault.value_phone SET clean = full_clean, class = full_class
FROM whole WHERE clean LIKE 'local:%' AND right(clean, 7) = seven
"""


_COMPLETED = (
    ("address", "split_part(clean, '|', 3) = ''", _COMPLETE_ADDRESS),
    ("phone", "clean LIKE 'local:%'", _COMPLETE_PHONE),
)
"""Kinds whose values may be completed by others of the market, which of them, and how."""


def build(
    db: duckdb.DuckDBPyConnection,
    *,
    brought: frozenset[str],
    region: str,
    progress: bool = False,
    cleaner: Cleaner | None = None,
    before: Before | None = None,
) -> None:
    """Make `seen` and `identifier`; unreadable values go to `set_aside` or `faults`.

    Args:
        db: Holds the typed tables in `vault`, and `people`.
        brought: Names of the tables that came in.
        region: Country of phone numbers and addresses that do not tell one.
        progress: Show a progress bar, by distinct values.
        cleaner: What reads the values that DuckDB cannot; this process if left out.
        before: What may be taken over from another market.
    """
    cleaner = cleaner or Cleaner(region)
    _gather(db, brought, before)
    kinds = _kinds(db)
    kept = {kind: before for kind in kinds if before and before.has(kind) and before.same(*_tables(kind))}
    many = {kind: _sort_out(db, brought, kind, region, before) for kind in kinds if kind not in kept}
    with tqdm(total=sum(many.values()), desc="cleaning", unit="value", unit_scale=True, disable=not progress, leave=False) as bar:
        for kind in many:
            _read_rest(db, kind, cleaner, bar)
            _set_aside(db, brought, kind)
    db.execute("CREATE OR REPLACE TABLE vault.incomplete (kind VARCHAR, raw VARCHAR, clean VARCHAR, class VARCHAR)")
    for kind, lacking, complete in _COMPLETED:
        if kind in many:
            db.execute(f"INSERT INTO vault.incomplete SELECT '{kind}', raw, clean, class FROM vault.value_{kind} WHERE {lacking}")
            db.execute(complete)
    for kind, one in kept.items():
        one.values(db, kind)
    _code(db, brought, kinds, kept)
    _open(db, kinds)
    unique_masks(db)


def _gather(db: duckdb.DuckDBPyConnection, brought: frozenset[str], before: Before | None) -> None:
    """Make the view `vault.sighting` over all tables that were brought."""
    words = [(kind, kind, None) for kind in KINDS] + [(word, kind, ALIAS_CLASS.get(word)) for word, kind in ALIASES.items()]
    db.execute("CREATE OR REPLACE TABLE vault.alias (word VARCHAR, kind VARCHAR, class VARCHAR)")
    db.executemany("INSERT INTO vault.alias VALUES (?, ?, ?)", words)
    if "logins" in brought:
        only = before.visits(db, "ip") if before else None
        _visit(db, only, column="ip", value="l.ip", hint="nullif(l.asn_kind, 'unknown')", joined="")
        only = before.visits(db, "device_id", "devices") if before else None
        _visit(db, only, column="device_id", value=_VERSIONED, hint="d.kind", joined=_DEVICES)
    db.execute(f"CREATE OR REPLACE VIEW vault.sighting AS {_sightings(brought)}")
    known = ", ".join(KINDS)
    db.execute(
        "INSERT INTO set_aside SELECT 'identifiers', row, 'kind', ? FROM vault.identifiers "
        "WHERE kind NOT IN (SELECT word FROM vault.alias)",
        [f"a kind of identifier that is not known; the kinds are {known}"],
    )


def _visit(db: duckdb.DuckDBPyConnection, only: str | None, *, column: str, **parts: str) -> None:
    """Write the visits of all accounts, or add those of some."""
    head = f"CREATE OR REPLACE TABLE vault.visit_{column} AS" if only is None else f"INSERT INTO vault.visit_{column}"
    if only != "false":
        db.execute(head + _VISITS.format(column=column, only=only or "true", **parts))


def _tables(kind: str) -> set[str]:
    """The tables that a kind is made from."""
    found = {name.split(".")[0] for name, (kinds, _) in SOURCES.items() if not kinds or kind in kinds.split()}
    return found | {"ip": {"ip_ranges"}, "device": {"devices"}}.get(kind, set())


def _sightings(brought: frozenset[str], kind: str = "") -> str:
    """The sightings in the tables that were brought, of one kind or of all."""
    # The long table is always asked, so that a market without any identifier has an empty table too.
    asked = []
    for name, (kinds, sql) in SOURCES.items():
        if name.split(".")[0] in brought | {"identifiers"} and (not kind or not kinds or kind in kinds.split()):
            one = kind and kinds != kind
            asked.append(f"SELECT * FROM ({sql}) WHERE kind = '{kind}'" if one else sql)
    return " UNION ALL ".join(asked)


def _kinds(db: duckdb.DuckDBPyConnection) -> list[str]:
    """The kinds that somebody was seen with, in order."""
    return [kind for (kind,) in db.execute("SELECT DISTINCT kind FROM vault.sighting WHERE raw IS NOT NULL ORDER BY 1").fetchall()]


def _sort_out(db: duckdb.DuckDBPyConnection, brought: frozenset[str], kind: str, region: str, before: Before | None) -> int:
    """Write the distinct values of a kind, cleaned where DuckDB can, and say how many are left for Python."""
    raws = f"(SELECT DISTINCT raw FROM ({_sightings(brought, kind)}) WHERE raw IS NOT NULL)"
    known = f"vault.known_{kind}" if before and before.has(kind) else ""
    if kind == "email" or known:
        db.execute(f"CREATE OR REPLACE TABLE vault.distinct AS FROM {raws}")
        raws = "vault.distinct"
    if before and known:
        before.remember(db, kind)
        # A value of several stands on several rows.
        db.execute(f"CREATE OR REPLACE TABLE vault.value_{kind} AS SELECT k.* FROM {known} k SEMI JOIN vault.distinct d USING (raw)")
        db.execute(f"DELETE FROM vault.distinct WHERE raw IN (SELECT raw FROM {known})")
        db.execute(f"DROP TABLE {known}")
    if kind == "email":
        quick.prepare(db, raws)
    asked = quick.cleaned(kind, region, raws=raws) or f"SELECT raw, NULL::VARCHAR AS clean, '' AS class FROM {raws}"
    new = f"SELECT raw, clean, class, '' AS fault FROM ({asked})"
    db.execute(f"INSERT INTO vault.value_{kind} {new}" if known else f"CREATE OR REPLACE TABLE vault.value_{kind} AS {new}")
    return int(db.execute(f"SELECT count(*) FROM vault.value_{kind} WHERE clean IS NULL").fetchall()[0][0])


def _read_rest(db: duckdb.DuckDBPyConnection, kind: str, cleaner: Cleaner, bar: tqdm[Any]) -> None:
    """Clean what DuckDB could not."""
    asked = f"SELECT raw FROM vault.value_{kind} WHERE clean IS NULL"
    for many in streamed(db, asked, f"vault.value_{kind}", partial(cleaner, kind)):
        bar.update(many)
    db.execute(f"DELETE FROM vault.value_{kind} WHERE clean IS NULL")


def _set_aside(db: duckdb.DuckDBPyConnection, brought: frozenset[str], kind: str) -> None:
    if not db.execute(f"SELECT count(*) FROM vault.value_{kind} WHERE clean = ''").fetchall()[0][0]:
        return
    whole = ", ".join(f"'{name}'" for name in _WHOLE_ROW)
    bad = f"({_sightings(brought, kind)}) s JOIN vault.value_{kind} v ON v.clean = '' AND v.raw = s.raw"
    db.execute(f"INSERT INTO set_aside SELECT tab, row, col, fault FROM {bad} WHERE tab IN ({whole})")
    db.execute(f"INSERT INTO faults SELECT tab, row, col, fault FROM {bad} WHERE tab NOT IN ({whole})")
    db.execute(f"DELETE FROM vault.value_{kind} WHERE clean = ''")


def _code(db: duckdb.DuckDBPyConnection, brought: frozenset[str], kinds: list[str], kept: dict[str, Before]) -> None:
    """Give each clean value an integer, its class and its mask, and write who was seen with it, one kind after the other."""
    db.execute(
        "CREATE OR REPLACE TABLE seen (account INTEGER, value INTEGER, kind VARCHAR, first_at TIMESTAMP, last_at TIMESTAMP, "
        "days INTEGER, verified BOOLEAN)"
    )
    ranges = NetworkTable(db.execute("SELECT prefix, kind FROM vault.ip_ranges ORDER BY row").fetchall())
    _tell_bad_ranges(db, ranges)
    day = db.execute("SELECT max(exported_at) FROM vault.accounts").fetchall()[0][0]
    if day is None:
        day = db.execute("SELECT max(greatest(first_at, last_at)) FROM vault.sighting").fetchall()[0][0]
    db.execute("CREATE OR REPLACE TABLE vault.told_on AS SELECT $day::TIMESTAMP AS day", {"day": day})
    coded = 0
    for kind in kinds:
        if kind not in kept:
            db.execute(_RANKED.format(kind=kind), {"after": coded - 1})
        if kind not in kept or not kept[kind].codes(db, kind, coded):
            db.execute(_CODED.format(sighting=_sightings(brought, kind)), {"day": day})
            db.execute(_SEEN, {"kind": kind})
        if kind not in kept:
            db.execute("CREATE OR REPLACE TABLE vault.network (code INTEGER, class VARCHAR)")
            if kind == "ip":
                _tell_networks(db, ranges)
            _mask(db, kind)
        coded += int(db.execute(f"SELECT count(*) FROM vault.clean_{kind}").fetchall()[0][0])


def _tell_networks(db: duckdb.DuckDBPyConnection, ranges: NetworkTable) -> None:
    """Write the classes that the team's own table gives."""

    def told(rows: list[tuple[int, str]]) -> list[tuple[int, str]]:
        kinds = ranges.kinds([clean for _, clean in rows])
        return [(code, kind) for (code, _), kind in zip(rows, kinds, strict=True) if kind]

    if db.execute("SELECT count(*) FROM vault.ip_ranges").fetchall()[0][0]:
        asked = "SELECT code, clean FROM vault.ranked WHERE first AND NOT starts_with(clean, 'token:')"
        for _ in through(db, asked, "vault.network", told):
            pass


def _tell_classes(db: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Write the class for each pair of what a value tells itself (`own`) and what the export tells (`hint`)."""
    pairs = db.execute(
        "SELECT own, hint FROM (SELECT DISTINCT class AS own FROM vault.ranked), "
        "(SELECT DISTINCT coalesce(hint, '') AS hint FROM vault.coded UNION SELECT '')"
    ).fetchall()
    owns, hints = [own for own, _ in pairs], [hint for _, hint in pairs]
    db.execute(
        "CREATE OR REPLACE TABLE vault.class_of AS SELECT unnest(?::VARCHAR[]) AS own, unnest(?::VARCHAR[]) AS hint, "
        "unnest(?::VARCHAR[]) AS class",
        [owns, hints, [classed(kind, own, hint) for own, hint in pairs]],
    )


def _mask(db: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Write the clean values with their class and what may be seen of them."""
    quick.prepare_masks(db, kind, "vault.ranked")
    _tell_classes(db, kind)
    db.execute(_CLEAN.format(kind=kind, mask=quick.MASKS.get(kind, "NULL")), {"by_design": list(BY_DESIGN)})
    asked = f"SELECT code, clean, class FROM vault.clean_{kind} WHERE mask IS NULL"
    for _ in through(db, asked, f"vault.clean_{kind}", lambda rows: [(*row, KINDS[kind].shown(row[1])) for row in rows]):
        pass
    db.execute(f"DELETE FROM vault.clean_{kind} WHERE mask IS NULL")


def _open(db: duckdb.DuckDBPyConnection, kinds: list[str]) -> None:
    """Make the views `vault.value` and `vault.clean` over all kinds, and drop what only the way here needed."""
    none = "SELECT * FROM (SELECT '' AS kind, '' AS raw, '' AS clean, '' AS class, '' AS fault, 0 AS code, '' AS mask) WHERE false"
    for name, columns in {"value": "kind, raw, clean, class, fault", "clean": "code, kind, clean, class, mask"}.items():
        parts = [f"SELECT {columns} FROM (SELECT '{kind}' AS kind, * FROM vault.{name}_{kind})" for kind in kinds]
        db.execute(f"CREATE OR REPLACE VIEW vault.{name} AS {' UNION ALL '.join(parts or [f'SELECT {columns} FROM ({none})'])}")
    for name in ("distinct", "ranked", "coded", "class_of", "network", "nobody", "site", "ending"):
        db.execute(f"DROP TABLE IF EXISTS vault.{name}")


def _tell_bad_ranges(db: duckdb.DuckDBPyConnection, ranges: NetworkTable) -> None:
    if not ranges.faults:
        return
    rows = [r[0] for r in db.execute("SELECT row FROM vault.ip_ranges ORDER BY row").fetchall()]
    told = [("ip_ranges", rows[n], "prefix", "not a network such as 10.0.0.0/8") for n in ranges.faults]
    db.executemany("INSERT INTO set_aside VALUES (?, ?, ?, ?)", told)
    db.execute("DELETE FROM vault.ip_ranges WHERE list_contains(?, row)", [[t[1] for t in told]])
