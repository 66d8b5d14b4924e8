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

    [logins]
    from = "logins-*.csv"                # several files of one table
    sql = "SELECT * FROM log.visits"     # or, where a database was brought, a query instead of `from`

Several exports for one table are written as `[[phones]]` blocks. Columns that already have our names need no line. Fields of
nested columns (JSON, structs) are written with dots: `phone_raw = "contact.phones.0"`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tnskit.cleaning.headings import shown, words
from tnskit.cleaning.schema import TABLES, Table
from tnskit.cleaning.sources.databases import Asked
from tnskit.cleaning.sources.reading import Source
from tnskit.cleaning.synonyms import COLUMN_SAME, TABLE_SAME
from tnskit.errors import TableError, UsageError

JOINT = " + "
"""Stands between several columns that make one value of ours."""

BASES = frozenset({"accounts", "identifiers"})
"""Tables of which a market needs one."""

FILE = "mapping.toml"
"""A mapping of this name inside the folder is used without being asked for."""


@dataclass(frozen=True)
class Line:
    """One table of ours from one export: our column to its column(s), or to `=constant`."""

    table: Table
    source: Source
    columns: dict[str, tuple[str, ...]]

    @property
    def lacking(self) -> tuple[str, ...]:
        """Columns without which no row of the table says anything, and which the export does not have."""
        return tuple(c.name for c in self.table.columns if c.needed and c.name not in self.columns)


@dataclass(frozen=True)
class Entry:
    """One block of a mapping: what a table of ours is made from."""

    table: Table
    columns: dict[str, tuple[str, ...]]
    told: str = ""
    sql: str = ""

    @property
    def name(self) -> str:
        """Name of the export: as told by `from`, that of the query, or that of the table."""
        return f"{self.table.name} by sql" if self.sql else self.told or self.table.name


def asked(given: list[Entry]) -> Asked:
    """Say what a mapping and the known names want from a source."""
    names = {name for entry in given if not entry.sql for name in (entry.name.lower(), plain_file(entry.name))}
    mapped = {entry.table.name for entry in given}

    def known(name: str) -> bool:
        ours = table_of(name)
        return name in names or (ours != "" and ours not in mapped)

    queries: dict[str, str] = {}
    for entry in given:
        if entry.sql and queries.setdefault(entry.name, entry.sql) != entry.sql:
            raise UsageError(f"the mapping of '{entry.table.name}' has two queries; join them with UNION ALL")
    return Asked(queries, known, tuple(sorted({entry.told for entry in given if "*" in entry.told})))


def lines(sources: list[Source], given: list[Entry], *, part: bool = False) -> list[Line]:
    """Match exports to tables.

    Args:
        sources: What was brought.
        given: The mapping as `entries` gives it; empty for what the names themselves tell.
        part: These go beside a market that is there, so they need not bring accounts.

    Returns:
        The matches; exports that match no table have none. One of an optional table may lack a column that its rows cannot be
        read without (`lacking`): its rows are set aside then, and the other tables are read.

    Raises:
        UsageError: The mapping names an export or a column that does not exist.
        TableError: `accounts`, `identifiers` or a table that the mapping tells lacks a column it cannot be read without, or
            `accounts` is missing.
    """
    by_name = {source.name.lower(): source for source in sources}
    found = [_told(entry, by_name) for entry in given]
    mapped = {line.table.name for line in found} | {line.source.name for line in found}
    for source in sources:
        name = table_of(source.name)
        if name and source.name not in mapped and name not in mapped:
            found.append(Line(TABLES[name], source, guessed_columns(TABLES[name], source)))
    found += _beside_accounts(found)
    if not found and len(sources) == 1:
        found = _single(sources[0])
    told = {entry.table.name for entry in given} | BASES
    for line in found:
        if line.lacking and line.table.name in told:
            has = words(line.source.columns) or "none at all"
            raise TableError(f"{line.source.file} lacks the column {words(line.lacking)}; it has {has}")
    if not part:
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
    if {line.table.name for line in found} & BASES:
        return
    have = words((source.name for source in sources), most=8)
    raise TableError(
        f"no table 'accounts' was found, only {have}; bring accounts.csv (or one long table identifiers.csv), "
        "or name yours in a mapping.toml ('tnskit doctor' proposes one)"
    )


def table_of(name: str) -> str:
    """Give the table of ours that an export's name tells, or an empty text."""
    plain = name.lower()
    return plain if plain in TABLES else TABLE_SAME.get(plain, "")


def entries(mapping: Any) -> list[Entry]:
    """Read a mapping.

    Args:
        mapping: A dict, the path of a TOML file, or None.

    Raises:
        UsageError: It is neither, or names a table or a column that does not exist.
    """
    if mapping is None:
        return []
    if isinstance(mapping, str | Path):
        path = Path(mapping)
        if not path.is_file():
            raise UsageError(f"there is no mapping file '{shown(str(path))}'")
        try:
            mapping = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except tomllib.TOMLDecodeError as problem:
            raise UsageError(f"'{shown(path.name)}' is not TOML: {problem}") from problem
        except UnicodeDecodeError:
            raise UsageError(f"'{shown(path.name)}' is not UTF-8 text; save it again as such") from None
    if not isinstance(mapping, Mapping):
        raise UsageError("a mapping is a dict or the path of a TOML file")
    found: list[Entry] = []
    for name, entry in mapping.items():
        if name not in TABLES:
            raise UsageError(f"the mapping names a table '{shown(str(name))}'; the tables are {', '.join(TABLES)}")
        blocks = entry if isinstance(entry, list) else [entry]
        if not all(isinstance(block, Mapping) for block in blocks):
            raise UsageError(f"the mapping of '{name}' should be column = \"your column\" lines")
        found += [_entry(TABLES[name], block) for block in blocks]
    return found


def _entry(table: Table, block: Mapping[str, Any]) -> Entry:
    columns = {}
    for ours, theirs in block.items():
        if ours in {"from", "sql"}:
            continue
        if ours not in table.names:
            raise UsageError(f"the mapping names '{table.name}.{shown(str(ours))}'; its columns are {words(table.names)}")
        columns[ours] = tuple(map(str, theirs)) if isinstance(theirs, list | tuple) else (str(theirs),)
    if "from" in block and "sql" in block:
        raise UsageError(f"the mapping of '{table.name}' has both from and sql; keep one of them")
    return Entry(table, columns, str(block.get("from", "")), str(block.get("sql", "")))


def plain_file(told: str) -> str:
    """Give the name of a table that the name of a file tells."""
    return Path(told).name.split(".")[0].lower()


def _told(entry: Entry, by_name: dict[str, Source]) -> Line:
    table, stem = entry.table, entry.name
    source = by_name.get(stem.lower()) or by_name.get(plain_file(stem))
    if source is None and len(by_name) == 1 and stem == table.name:
        source = next(iter(by_name.values()))
    if source is None and entry.sql:
        raise UsageError(f"the mapping of '{table.name}' is a query, which only a database can answer; write from = \"a file\" instead")
    if source is None:
        raise UsageError(f"the mapping of '{table.name}' is from '{shown(stem)}', which was not found; there are {words(by_name)}")
    columns = dict(guessed_columns(table, source))
    for ours, told in entry.columns.items():
        names = tuple(name if name.startswith("=") or name in source.columns else _joint(name) for name in told)
        for part in (part for name in names if not name.startswith("=") for part in parts(name, source)):
            if part not in source.columns:
                raise UsageError(f"{source.file} has no column '{shown(part)}'; it has {words(source.columns)}")
        columns[ours] = names
    return Line(table, source, columns)


def _joint(name: str) -> str:
    return JOINT.join(part.strip() for part in name.split("+"))


def parts(name: str, source: Source) -> list[str]:
    """Give the columns of an export that what a mapping tells is made of."""
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
        same = [plain[other] for other in COLUMN_SAME.get(ours, ()) if other in plain and plain[other] not in used]
        if ours == "account_id" and table.name == "accounts" and not same and "id" in plain:
            same = [plain["id"]]
        if len(same) == 1:
            found[ours] = (same[0],)
            used.add(same[0])
    return found


def unused(found: list[Line], sources: list[Source]) -> list[str]:
    """Say which exports and which columns nothing was read from."""
    notes = []
    for source in sources:
        own = [line for line in found if line.source is source]
        used = {part for line in own for names in line.columns.values() for name in names for part in parts(name, source)}
        left = [name for name in source.columns if name not in used and not re.fullmatch(r"column\d+", name)]
        left = [name for name in left if plain_name(name) not in {"source_system", "exported_at", "row_hash"}]
        # an element of a list is not told where the whole list was read
        left = [name for name in left if not re.search(r"\.\d+(\.|$)", name)]
        if not own:
            notes.append(f"{source.file} was not used: no table is called so, and no mapping names it")
        elif left:
            notes.append(f"{source.file}: not used were the columns {words(left)}; a mapping can name them")
    return notes


def plain_name(name: str) -> str:
    """Give a column name in lower case, with one underscore for whatever is neither letter nor digit."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")
