"""From the columns that an export has to the columns that we know.

A mapping names, per table of ours, the export it comes from and which column is which:

    [accounts]
    from = "sites"                       # the file or frame, without its ending
    account_id = "Id"
    display_name = "Site name"

    [phones]
    from = "sites"
    account_id = "Id"
    phone_raw = ["Phone", "Fax"]         # several columns: one row of ours for each that is filled

    [addresses]
    from = "sites"
    account_id = "Id"
    line1 = "Number + Street"            # several columns of one value

    [identifiers]
    from = "visits"
    account_id = "user"
    kind = "=ip"                         # "=" gives every row the same word
    value = "client_ip"
    seen_at = "time"

Several exports for one table are written as `[[phones]]` blocks. Columns that already have our names need no line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tnskit.cleaning.schema import TABLES, Table
from tnskit.cleaning.sources import Source
from tnskit.errors import TableError, UsageError

JOINT = " + "
"""Stands between several columns that make one value of ours."""

FILE = "mapping.toml"
"""A mapping of this name inside the folder is used without being asked for."""

_SAME: dict[str, tuple[str, ...]] = {
    "account_id": (
        "account",
        "user_id",
        "userid",
        "user",
        "member_id",
        "customer_id",
        "profile_id",
        "uid",
        "acct_id",
        "person_id",
    ),
    "created_at": (
        "created",
        "signup_at",
        "signup_date",
        "registered_at",
        "creation_date",
        "joined_at",
        "created_on",
    ),
    "first_seen": ("first_seen_at", "seen_first", "first", "valid_from", "start_date", "added_at"),
    "last_seen": ("last_seen_at", "seen_last", "last", "valid_to", "end_date", "updated_at"),
    "seen_at": ("at", "time", "timestamp", "ts", "date", "datetime", "created_at", "event_time"),
    "at": (
        "time",
        "timestamp",
        "ts",
        "login_at",
        "logged_at",
        "event_time",
        "created_at",
        "datetime",
        "date",
    ),
    "phone_raw": ("phone", "phone_number", "mobile", "telephone", "cell", "number", "msisdn"),
    "email_raw": ("email", "e_mail", "email_address", "mail"),
    "ip": ("ip_address", "client_ip", "remote_addr", "ipv4", "source_ip", "address_ip"),
    "device_id": (
        "device",
        "device_hash",
        "deviceid",
        "fingerprint",
        "install_id",
        "cookie_id",
        "device_fingerprint",
    ),
    "line1": ("address", "street", "street_address", "address1", "address_line_1", "addr"),
    "postal": ("zip", "zipcode", "zip_code", "postcode", "postal_code", "cep"),
    "city": ("town", "municipality"),
    "region": ("state", "province"),
    "display_name": ("name", "full_name", "username", "user_name"),
    "legal_name": ("real_name",),
    "value": ("identifier", "identifier_value", "val"),
    "kind": ("type", "identifier_type", "identifier_kind"),
    "fingerprint": ("card_fingerprint", "card_token", "card", "card_hash"),
    "payout_token": ("bank_account", "bank_token", "account_token"),
}
"""Other names that exports give a column. Only used where exactly one of them is there and our own name is not."""

TABLE_SAME = {
    "users": "accounts", "user": "accounts", "account": "accounts", "members": "accounts", "customers": "accounts",
    "people": "accounts", "persons": "accounts", "phone": "phones", "email": "emails", "cards": "instruments",
    "card": "instruments", "payment_methods": "instruments", "login": "logins", "sessions": "logins",
    "visits": "logins", "address": "addresses", "device": "devices", "identifier": "identifiers",
    "observations": "identifiers", "payouts": "payout_accounts", "job": "jobs", "transactions": "payments",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One table of ours from one export: our column to its column(s), or to `=constant`."""

    table: Table
    source: Source
    columns: dict[str, tuple[str, ...]]


def lines(sources: list[Source], mapping: Any) -> list[Line]:
    """Match exports to tables.

    Args:
        sources: What was brought.
        mapping: A dict, a path to a TOML file, or None for what the names themselves tell.

    Returns:
        The matches; exports that match no table have none.

    Raises:
        UsageError: The mapping names a table, an export or a column that does not exist.
        TableError: A matched table lacks a column it cannot be read without, or `accounts` is missing.
    """
    given = _entries(mapping)
    by_name = {source.name: source for source in sources}
    found = [_told(table, entry, by_name) for table, entry in given]
    mapped = {line.table.name for line in found} | {line.source.name for line in found}
    for source in sources:
        name = source.name if source.name in TABLES else TABLE_SAME.get(source.name, "")
        if name and source.name not in mapped and name not in mapped:
            found.append(Line(TABLES[name], source, guessed_columns(TABLES[name], source)))
    found += _beside_accounts(found)
    if not found and len(sources) == 1:
        found = _single(sources[0])
    for line in found:
        _check(line)
    _check_accounts(found, sources)
    return found


_BESIDE = {"phones": ("phone_raw",), "emails": ("email_raw",), "logins": ("ip", "device_id"), "addresses": ("line1",),
           "instruments": ("fingerprint",), "payout_accounts": ("payout_token",)}  # fmt: skip


def _beside_accounts(found: list[Line]) -> list[Line]:
    """Tables whose values stand as further columns in the accounts export itself and nowhere else."""
    accounts = [line for line in found if line.table.name == "accounts"]
    brought = {line.table.name for line in found}
    told = [line for line in found if accounts and line.source is accounts[0].source]
    if len(told) != 1 or "account_id" not in told[0].columns:
        return []
    more = []
    for name, values in _BESIDE.items():
        columns = guessed_columns(TABLES[name], told[0].source) | {"account_id": told[0].columns["account_id"]}
        if name not in brought and any(value in columns for value in values):
            more.append(Line(TABLES[name], told[0].source, columns))
    return more


def _check_accounts(found: list[Line], sources: list[Source]) -> None:
    if {line.table.name for line in found} & {"accounts", "identifiers"}:
        return
    have = ", ".join(f"'{source.name}'" for source in sources[:8])
    raise TableError(
        f"no table 'accounts' was found, only {have}; bring accounts.csv (or one long table identifiers.csv), "
        "or name yours in a mapping.toml ('tnskit doctor' proposes one)"
    )


def _entries(mapping: Any) -> list[tuple[Table, dict[str, Any]]]:
    if mapping is None:
        return []
    if isinstance(mapping, str | Path):
        path = Path(mapping)
        if not path.is_file():
            raise UsageError(f"there is no mapping file '{path}'")
        try:
            mapping = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise UsageError(f"'{path.name}' is not TOML: {problem}") from problem
    if not isinstance(mapping, Mapping):
        raise UsageError("a mapping is a dict or the path of a TOML file")
    pairs: list[tuple[Table, dict[str, Any]]] = []
    for name, entry in mapping.items():
        if name not in TABLES:
            raise UsageError(f"the mapping names a table '{name}'; the tables are {', '.join(TABLES)}")
        blocks = entry if isinstance(entry, list) else [entry]
        if not all(isinstance(block, Mapping) for block in blocks):
            raise UsageError(f"the mapping of '{name}' should be column = \"your column\" lines")
        pairs += [(TABLES[name], dict(block)) for block in blocks]
    return pairs


def _told(table: Table, entry: dict[str, Any], by_name: dict[str, Source]) -> Line:
    stem = str(entry.pop("from", table.name))
    source = by_name.get(stem) or by_name.get(Path(stem).name.split(".")[0].lower())
    if source is None and len(by_name) == 1 and stem == table.name:
        source = next(iter(by_name.values()))
    if source is None:
        raise UsageError(f"the mapping of '{table.name}' is from '{stem}', which was not found; there are {_words(by_name)}")
    columns = dict(guessed_columns(table, source))
    for ours, theirs in entry.items():
        if ours not in table.names:
            raise UsageError(f"the mapping names '{table.name}.{ours}'; its columns are {_words(table.names)}")
        names = tuple(map(str, theirs)) if isinstance(theirs, list) else (str(theirs),)
        names = tuple(name if name.startswith("=") or name in source.columns else _joint(name) for name in names)
        for part in (part for name in names if not name.startswith("=") for part in _parts(name, source)):
            if part not in source.columns:
                raise UsageError(f"{source.file} has no column '{part}'; it has {_words(source.columns)}")
        columns[ours] = names
    return Line(table, source, columns)


def _joint(name: str) -> str:
    return JOINT.join(part.strip() for part in name.split("+"))


def _parts(name: str, source: Source) -> list[str]:
    return [name] if name in source.columns else name.split(JOINT)


def _single(source: Source) -> list[Line]:
    """Take one export without a known name for the table whose needed columns it has."""
    table = TABLES["identifiers"]
    columns = guessed_columns(table, source)
    if all(c.name in columns for c in table.columns if c.needed):
        return [Line(table, source, columns)]
    return []


def guessed_columns(table: Table, source: Source) -> dict[str, tuple[str, ...]]:
    """Match columns by our own names, then by the other names that exports give them."""
    plain = {plain_name(name): name for name in reversed(source.columns)}
    found: dict[str, tuple[str, ...]] = {ours: (plain[ours],) for ours in table.names if ours in plain}
    used = {names[0] for names in found.values()}
    for ours in table.names:
        if ours in found:
            continue
        same = [plain[other] for other in _SAME.get(ours, ()) if other in plain and plain[other] not in used]
        if ours == "account_id" and table.name == "accounts" and not same and "id" in plain:
            same = [plain["id"]]
        if len(same) == 1:
            found[ours] = (same[0],)
            used.add(same[0])
    return found


def _check(line: Line) -> None:
    missing = [c.name for c in line.table.columns if c.needed and c.name not in line.columns]
    if missing:
        raise TableError(f"{line.source.file} lacks the column {_words(missing)}; it has {_words(line.source.columns)}")


def unused(found: list[Line], sources: list[Source]) -> list[str]:
    """Say which exports and which columns nothing was read from."""
    notes = []
    for source in sources:
        own = [line for line in found if line.source is source]
        used = {part for line in own for names in line.columns.values() for name in names for part in _parts(name, source)}
        left = [name for name in source.columns if name not in used and not re.fullmatch(r"column\d+", name)]
        left = [name for name in left if plain_name(name) not in {"source_system", "exported_at", "row_hash"}]
        if not own:
            notes.append(f"{source.file} was not used: no table is called so, and no mapping names it")
        elif left:
            notes.append(f"{source.file}: not used were the columns {_words(left)}; a mapping can name them")
    return notes


def plain_name(name: str) -> str:
    """Give a column name in lower case, with one underscore for whatever is neither letter nor digit."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


def _words(names: Any) -> str:
    shown = [f"'{str(name)[:60]}'" for name in list(names)[:30]]
    return ", ".join(shown) + (" ..." if len(list(names)) > 30 else "")
