"""Propose a mapping for exports whose columns have names of their own, with a reason for every line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tnskit.cleaning.databases import Asked
from tnskit.cleaning.identifiers import KINDS
from tnskit.cleaning.mapping import guessed_columns, plain_name, table_of
from tnskit.cleaning.market import open_database
from tnskit.cleaning.schema import TABLES
from tnskit.cleaning.sources import Source, read

SAMPLE = 400
"""Filled cells of a column that are looked at."""
FITS = 0.7
"""Share of them that has to read as a kind of identifier. Assumption: exports are mostly right about themselves."""

_WITHOUT = {
    "phones": "shared and recycled phones",
    "emails": "shared mailboxes",
    "instruments": "shared cards, the surest family next to payout accounts",
    "payout_accounts": "shared bank accounts",
    "logins": "shared networks and devices, and when each account was used",
    "addresses": "households, the most common innocent reading",
    "business_members": "colleagues of one business, the main innocent reading for pros",
    "jobs": "histories of their own, and open jobs that a removal would hit",
    "actions": "which account was removed before, and whether that stands",
    "ip_ranges": "which networks are carriers, schools or VPNs, by your own list",
}
_PLACES = {"phone": ("phones", "phone_raw"), "email": ("emails", "email_raw"), "ip": ("logins", "ip"),
           "address": ("addresses", "line1")}  # fmt: skip
_HINTS = {"phone": ("phone", "tel", "mobile", "cell", "fax"), "email": ("mail",), "ip": ("ip", "addr"),
          "address": ("address", "street", "addr", "line")}  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """A mapping to start from.

    Attributes:
        toml: The text of a `mapping.toml`; empty where nothing needs one.
        notes: What was recognised, what was not, and what missing tables would have added, in words.
    """

    toml: str
    notes: tuple[str, ...]

    def __str__(self) -> str:
        head = "\n".join(self.notes)
        return f"{head}\n\n{self.toml}" if self.toml else head


def propose(source: Any) -> Proposal:
    """Look at exports and propose how to read them.

    Args:
        source: As `load` takes it.

    Returns:
        Proposal. Nothing is written.

    Raises:
        SourceError: Nothing there, or nothing readable.
    """
    db, folder = open_database()
    notes: list[str] = []
    blocks: list[str] = []
    tables: set[str] = set()
    for one in read(source, db, asked=Asked({}, bool), folder=folder)[0]:
        name = table_of(one.name)
        if name and all(c.name in guessed_columns(TABLES[name], one) for c in TABLES[name].columns if c.needed):
            notes.append(f"{one.file}: read as '{name}', {one.rows:,} rows")
            tables.add(name)
            continue
        found = _blocks(one, db)
        if not found:
            notes.append(f"{one.file}: no column reads as an account with something it could share")
        for table, block, reason in found:
            tables.add(table)
            notes.append(f"{one.file}: {reason}")
            blocks.append(block)
    notes += [f"without '{table}' you do not see {what}" for table, what in _WITHOUT.items() if table not in tables]
    return Proposal("\n".join(blocks), tuple(notes))


def _blocks(one: Source, db: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Give (table, TOML block, reason) for each of our tables that an export could feed."""
    account = _account_column(one, db)
    if account is None:
        return []
    stem = Path(one.file).name.split(".")[0] if "." in one.file else one.name
    name = next((c for c in one.columns if "name" in plain_name(c).split("_")), None)
    named = f'display_name = "{name}"\n' if name else ""
    blocks = [("accounts", f'[accounts]\nfrom = "{stem}"\naccount_id = "{account}"\n{named}',
               f"'{account}' has another value in every row, so a row is taken for an account")]  # fmt: skip
    for kind, columns in _kinds(one, account, db).items():
        table, ours = _PLACES[kind]
        listed = ", ".join(f'"{c}"' for c in columns)
        value = f"[{listed}]" if len(columns) > 1 else listed
        extra = _extra(one, kind)
        block = f'[{table}]\nfrom = "{stem}"\naccount_id = "{account}"\n{ours} = {value}\n{extra}'
        blocks.append((table, block, f"{listed} mostly read as {kind} values"))
    return blocks


def _account_column(one: Source, db: duckdb.DuckDBPyConnection) -> str | None:
    guessed = guessed_columns(TABLES["accounts"], one).get("account_id")
    if guessed:
        return guessed[0]
    for column in one.columns:
        quoted = '"' + column.replace('"', '""') + '"'
        distinct, filled = db.execute(f"SELECT count(DISTINCT {quoted}), count({quoted}) FROM {one.view}").fetchall()[0]
        if distinct == filled == one.rows and one.rows > 1 and "id" in plain_name(column).split("_"):
            return column
    return None


def _kinds(one: Source, account: str, db: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Columns by the kind of identifier that most of their cells read as; the name has to allow it."""
    found: dict[str, list[str]] = {}
    for column in (c for c in one.columns if c != account):
        quoted = '"' + column.replace('"', '""') + '"'
        cells = db.execute(f"SELECT {quoted} FROM {one.view} WHERE trim({quoted}) <> '' LIMIT {SAMPLE}").fetchall()
        for kind, hints in _HINTS.items():
            if not cells or not any(hint in plain_name(column) for hint in hints):
                continue
            good = sum(KINDS[kind].clean(str(cell)) is not None for (cell,) in cells)
            if good >= FITS * len(cells):
                found.setdefault(kind, []).append(column)
                break
    return found


def _extra(one: Source, kind: str) -> str:
    """Further columns of an address, by their names."""
    if kind != "address":
        return ""
    guessed = guessed_columns(TABLES["addresses"], one)
    return "".join(f'{ours} = "{guessed[ours][0]}"\n' for ours in ("unit", "city", "region", "postal") if ours in guessed)
