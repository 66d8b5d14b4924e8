"""Who was seen with which identifier, when: every table of an export as one long table of sightings.

`sighting` holds one row per account, kind and raw value; the values are then cleaned once per distinct value, coded
with integers and masked. Above this folder only `seen` (codes and dates) and `identifier` (masks and classes) are read.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pandas as pd
from tqdm.auto import tqdm

from tnskit.cleaning.cards import REDACTED
from tnskit.cleaning.identifiers import ALIAS_CLASS, ALIASES, KINDS, opaque
from tnskit.cleaning.masks import unique_masks
from tnskit.cleaning.networks import NetworkTable

SOURCES: dict[str, str] = {
    "identifiers": """
        SELECT 'identifiers' AS tab, row, 'value' AS col, account_id, kind, value AS raw,
          coalesce(first_seen, seen_at) AS first_at, coalesce(last_seen, seen_at, first_seen) AS last_at, NULL::BIGINT AS days,
          verified, class AS hint
        FROM vault.identifiers""",
    "phones": """
        SELECT 'phones', row, 'phone_raw', account_id, 'phone', coalesce(phone_raw, phone_e164), first_seen,
          coalesce(last_seen, first_seen), NULL, CASE WHEN {phones_verified} THEN verified_at IS NOT NULL END, line_type
        FROM vault.phones""",
    "emails": """
        SELECT 'emails', row, 'email_raw', account_id, 'email', email_raw, first_seen, coalesce(last_seen, first_seen), NULL,
          CASE WHEN {emails_verified} THEN verified_at IS NOT NULL END,
          CASE WHEN is_disposable THEN 'disposable' WHEN is_relay THEN 'relay' END
        FROM vault.emails""",
    "instruments": """
        SELECT 'instruments', row, 'fingerprint', account_id,
          CASE WHEN fingerprint IS NULL THEN 'card_digits' ELSE 'card' END,
          CASE WHEN fingerprint IS NULL
            THEN bin || '|' || lpad(last4, 4, '0') || '|' || exp_year % 100 || '-' || exp_month
            ELSE coalesce(processor || ':', '') || fingerprint END,
          first_used, coalesce(last_used, first_used), NULL, NULL, CASE WHEN funding = 'prepaid' THEN 'prepaid' END
        FROM vault.instruments
        WHERE fingerprint IS NOT NULL OR (bin IS NOT NULL AND last4 IS NOT NULL AND exp_month IS NOT NULL)""",
    "payout_accounts": """
        SELECT 'payout_accounts', row, 'payout_token', account_id, 'payout', payout_token, added_at, removed_at,
          NULL, NULL, NULL
        FROM vault.payout_accounts""",
    "logins.ip": """
        SELECT 'logins', min(row), 'ip', account_id, 'ip', ip, min("at"), max("at"), count(DISTINCT "at"::DATE), NULL,
          mode(nullif(asn_kind, 'unknown'))
        FROM vault.logins WHERE ip IS NOT NULL AND coalesce(outcome, 'ok') NOT IN ('bad_password', 'mfa_fail', 'locked')
        GROUP BY account_id, ip""",
    "logins.device_id": """
        SELECT 'logins', min(l.row), 'device_id', account_id, 'device', l.device_id, min("at"), max("at"), count(DISTINCT "at"::DATE),
          NULL, min(d.kind)
        FROM vault.logins l LEFT JOIN (SELECT device_id, min(kind) AS kind FROM vault.devices GROUP BY 1) d
          ON d.device_id = l.device_id
        WHERE l.device_id IS NOT NULL AND coalesce(outcome, 'ok') NOT IN ('bad_password', 'mfa_fail', 'locked')
        GROUP BY account_id, l.device_id""",
    "addresses": """
        SELECT 'addresses', row, 'line1', account_id, 'address',
          concat_ws('\x1f', coalesce(line1, ''), coalesce(unit, ''), coalesce(city, ''), coalesce(region, ''),
            coalesce(postal, ''), coalesce(country, ''), coalesce(is_mail_agent::VARCHAR, '')),
          first_seen, coalesce(last_seen, first_seen), NULL, NULL, NULL
        FROM vault.addresses WHERE line1 IS NOT NULL""",
    "pro_profiles.licence_no": """
        SELECT 'pro_profiles', row, 'licence_no', account_id, 'licence', coalesce(licence_state, '') || '|' || licence_no,
          licence_checked_at, NULL, NULL, NULL, NULL
        FROM vault.pro_profiles WHERE licence_no IS NOT NULL""",
    "pro_profiles.tax_id_token": """
        SELECT 'pro_profiles', row, 'tax_id_token', account_id, 'tax_id', tax_id_token, NULL, NULL, NULL, NULL, NULL
        FROM vault.pro_profiles WHERE tax_id_token IS NOT NULL""",
}
"""One SELECT per place where an account meets an identifier, under the name of its table (and column)."""

_WHOLE_ROW = ("identifiers", "phones", "emails", "payout_accounts", "addresses", "instruments")
"""Tables whose row says nothing once its value is unreadable; elsewhere only the cell is emptied."""

# What has a beginning and no end (a bank account, a licence) is held until the day of the export.
_SEEN = """
CREATE OR REPLACE TABLE seen AS
WITH export AS (
  SELECT coalesce((SELECT max(exported_at) FROM vault.accounts), (SELECT max(greatest(first_at, last_at)) FROM vault.sighting)) AS day),
open_ended AS (
  SELECT account_id, kind, raw, first_at, days, verified,
    coalesce(last_at, CASE WHEN first_at IS NOT NULL THEN greatest(first_at, day) END) AS last_at
  FROM vault.sighting, export)
SELECT p.survivor AS account, c.code AS value, c.kind, min(s.first_at) AS first_at, max(s.last_at) AS last_at,
  coalesce(sum(s.days), CASE WHEN date_diff('day', min(s.first_at), max(s.last_at)) >= 2 THEN 3 ELSE 1 END)::INTEGER AS days,
  bool_or(s.verified) AS verified
FROM open_ended s
JOIN vault.value v ON v.kind = s.kind AND v.raw = s.raw
JOIN vault.clean c ON c.kind = v.kind AND c.clean = v.clean
JOIN people p ON p.account_id = s.account_id
WHERE p.linked
GROUP BY ALL ORDER BY value, account
"""

_COMPLETE_ADDRESS = """
WITH part AS (SELECT kind, raw, clean, split_part(clean, '|', 1) AS street, split_part(clean, '|', 2) AS unit,
    split_part(clean, '|', 3) AS place, split_part(clean, '|', 4) AS mail FROM vault.value WHERE kind = 'address'),
one AS (SELECT street, any_value(place) AS place FROM part WHERE place <> '' GROUP BY street
  HAVING count(DISTINCT place) = 1)
UPDATE vault.value SET clean = street || '|' || unit || '|' || new_place || '|' || mail
FROM (SELECT part.raw AS raw2, part.street, part.unit, one.place AS new_place, part.mail FROM part JOIN one USING (street)
  WHERE part.place = '')
WHERE vault.value.kind = 'address' AND vault.value.raw = raw2
"""

_COMPLETE_PHONE = """
WITH whole AS (SELECT right(split_part(clean, ';', 1), 7) AS seven, any_value(clean) AS full_clean, any_value(class) AS full_class
  FROM vault.value WHERE kind = 'phone' AND clean LIKE '+1%' GROUP BY 1 HAVING count(DISTINCT clean) = 1)
UPDATE vault.value SET clean = full_clean, class = full_class
FROM whole WHERE kind = 'phone' AND clean LIKE 'local:%' AND right(clean, 7) = seven
"""


def build(db: duckdb.DuckDBPyConnection, *, brought: frozenset[str], region: str, progress: bool = False) -> None:
    """Make `seen` and `identifier`; unreadable values go to `set_aside` or `faults`."""
    _gather(db, brought)
    _clean(db, region, progress)
    _set_aside(db)
    db.execute(_COMPLETE_ADDRESS)
    db.execute(_COMPLETE_PHONE)
    _code(db)
    unique_masks(db)
    db.execute(_SEEN)


def _gather(db: duckdb.DuckDBPyConnection, brought: frozenset[str]) -> None:
    told = {f"{table}_verified": f"(SELECT count(verified_at) > 0 FROM vault.{table})" for table in ("phones", "emails")}
    # The long table is always asked, so that a market without any identifier has an empty table too.
    asked = [sql.format(**told) for name, sql in SOURCES.items() if name.split(".")[0] in brought | {"identifiers"}]
    union = " UNION ALL ".join(asked)
    db.execute(f"CREATE OR REPLACE TABLE vault.sighting AS {union}")
    rows = [(word, kind, ALIAS_CLASS.get(word)) for word, kind in ALIASES.items()]
    db.execute("CREATE OR REPLACE TEMP TABLE _alias (word VARCHAR, kind2 VARCHAR, hint2 VARCHAR)")
    db.executemany("INSERT INTO _alias VALUES (?, ?, ?)", rows)
    db.execute("UPDATE vault.sighting SET kind = kind2, hint = coalesce(hint, hint2) FROM _alias WHERE kind = word")
    db.execute("DROP TABLE _alias")
    known = ", ".join(KINDS)
    db.execute(
        "INSERT INTO set_aside SELECT tab, row, 'kind', ? FROM vault.sighting WHERE NOT list_contains(?, kind) ORDER BY tab, row",
        [f"a kind of identifier that is not known; the kinds are {known}", list(KINDS)],
    )
    db.execute("DELETE FROM vault.sighting WHERE NOT list_contains(?, kind)", [list(KINDS)])


def _clean(db: duckdb.DuckDBPyConnection, region: str, progress: bool) -> None:
    """Clean each distinct value once."""
    db.execute("CREATE OR REPLACE TABLE vault.value (kind VARCHAR, raw VARCHAR, clean VARCHAR, class VARCHAR, fault VARCHAR)")
    found = db.cursor().execute("SELECT DISTINCT kind, raw FROM vault.sighting WHERE raw IS NOT NULL ORDER BY ALL")
    many = db.execute("SELECT count(*) FROM (SELECT DISTINCT kind, raw FROM vault.sighting)").fetchall()[0][0]
    bar = tqdm(total=many, desc="cleaning", unit="value", unit_scale=True, disable=not progress, leave=False)
    for columns in _cleaned(found, region):
        bar.update(len(columns))
        db.register("_cleaned", columns)
        db.execute("INSERT INTO vault.value SELECT * FROM _cleaned")
        db.unregister("_cleaned")
    bar.close()


def _cleaned(found: duckdb.DuckDBPyConnection, region: str, *, size: int = 50_000) -> Iterator[pd.DataFrame]:
    names = ["kind", "raw", "clean", "class", "fault"]
    while chunk := found.fetchmany(size):
        rows = [(kind, raw, *_read(kind, raw, region)) for kind, raw in chunk]
        yield pd.DataFrame({name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)})


def _read(kind: str, raw: str, region: str) -> tuple[str, str, str]:
    """Give clean form, class and fault; each empty where it does not apply."""
    if REDACTED[:-1] in raw:
        return "", "", "a full card number, which was removed; export the token of the processor"
    one = KINDS[kind]
    clean = one.clean(raw, region)
    if clean is not None:
        return clean, one.klass(clean), ""
    token = opaque(raw)
    return (f"token:{token}", "opaque", "") if token else ("", "", one.fault(raw, region))


def _set_aside(db: duckdb.DuckDBPyConnection) -> None:
    bad = "vault.sighting s JOIN vault.value v USING (kind, raw) WHERE v.clean = ''"
    whole = ", ".join(f"'{name}'" for name in _WHOLE_ROW)
    db.execute(f"INSERT INTO set_aside SELECT tab, row, col, fault FROM {bad} AND tab IN ({whole}) ORDER BY tab, row")
    db.execute(f"INSERT INTO faults SELECT tab, row, col, fault FROM {bad} AND tab NOT IN ({whole}) ORDER BY tab, row, col")
    db.execute("DELETE FROM vault.value WHERE clean = ''")


def _code(db: duckdb.DuckDBPyConnection) -> None:
    """Give each clean value an integer, its class and its mask."""
    rows = db.execute(
        "SELECT v.kind, v.clean, any_value(v.class ORDER BY v.class DESC) AS class, mode(s.hint ORDER BY s.hint) AS hint "
        "FROM vault.value v JOIN vault.sighting s USING (kind, raw) GROUP BY ALL ORDER BY v.kind, v.clean"
    ).fetchall()
    ranges = NetworkTable(db.execute("SELECT prefix, kind FROM vault.ip_ranges ORDER BY row").fetchall())
    _tell_bad_ranges(db, ranges)
    coded = [
        (code, kind, clean, _class(kind, clean, own, hint, ranges), _mask(kind, clean))
        for code, (kind, clean, own, hint) in enumerate(rows)
    ]
    columns = ["code", "kind", "clean", "class", "mask"]
    frame = pd.DataFrame({c: [row[n] for row in coded] for n, c in enumerate(columns)})
    db.execute("CREATE OR REPLACE TABLE vault.clean (code INTEGER, kind VARCHAR, clean VARCHAR, class VARCHAR, mask VARCHAR)")
    if coded:
        db.register("_coded", frame)
        db.execute("INSERT INTO vault.clean SELECT * FROM _coded")
        db.unregister("_coded")


def _class(kind: str, clean: str, own: str | None, hint: str | None, ranges: NetworkTable) -> str:
    """The team's own network table wins, then what the export says, then what the value tells."""
    if kind == "ip" and not clean.startswith("token:") and (told := ranges.kind(clean)):
        return told
    if kind in {"email", "address"} and own:
        return own
    return hint or own or ""


def _mask(kind: str, clean: str) -> str:
    return f"{kind} …{clean[-3:]}" if clean.startswith("token:") else KINDS[kind].shown(clean)


def _tell_bad_ranges(db: duckdb.DuckDBPyConnection, ranges: NetworkTable) -> None:
    if not ranges.faults:
        return
    rows = [r[0] for r in db.execute("SELECT row FROM vault.ip_ranges ORDER BY row").fetchall()]
    told = [("ip_ranges", rows[n], "prefix", "not a network such as 10.0.0.0/8") for n in ranges.faults]
    db.executemany("INSERT INTO set_aside VALUES (?, ?, ?, ?)", told)
    db.execute("DELETE FROM vault.ip_ranges WHERE list_contains(?, row)", [[t[1] for t in told]])
