"""Propose a mapping for exports whose columns have names of their own, with a reason for every line, and try it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tnskit.cleaning.headings import either, shown
from tnskit.cleaning.mapping import FILE, JOINT, Entry, entries, guessed_columns, plain_name, table_of
from tnskit.cleaning.market import load, open_database
from tnskit.cleaning.recognise import (
    FITS,
    KIND_OF,
    OPAQUE,
    Cells,
    Guess,
    Match,
    guesses,
    is_street,
    means,
    meant_by,
    vocabulary,
    with_number,
)
from tnskit.cleaning.report import LoadReport
from tnskit.cleaning.schema import TABLES
from tnskit.cleaning.sources.databases import Asked, is_database
from tnskit.cleaning.sources.reading import ENDINGS, Source, read
from tnskit.errors import TableError, TnskitError

ROWS = 20_000
"""Rows of each table of a database that are looked at."""

_BESIDE = {"phones": "phone_raw", "emails": "email_raw", "logins": "ip", "addresses": "line1", "instruments": "fingerprint",
           "payout_accounts": "payout_token"}  # fmt: skip
"""Tables whose values often stand as columns in another export, with the column."""


@dataclass(frozen=True)
class Block:
    """One block of a proposed mapping."""

    table: str
    told: str
    matches: tuple[Match, ...]
    why: str

    def toml(self, several: bool) -> str:
        """Write the block, with the reason behind each line."""
        head = f"[[{self.table}]]" if several else f"[{self.table}]"
        lines = [f"{one.ours} = {_value(one.theirs)}" for one in self.matches]
        width = min(max((len(line) for line in lines), default=0), 60)
        told = [f"{line:<{width}}  # {one.why}" for line, one in zip(lines, self.matches, strict=True)]
        return "\n".join([f"{head}  # {self.why}", f"from = {json.dumps(self.told, ensure_ascii=False)}", *told, ""])


@dataclass(frozen=True)
class Proposal:
    """A mapping to start from.

    Attributes:
        toml: The text of a `mapping.toml`; empty where nothing needs one.
        notes: What was recognised, what was not, and what missing tables would have added, in words.
        report: What a load with it would tell, or None where none can be made.
        trouble: Why a load would stop, in words, or an empty text.
    """

    toml: str
    notes: tuple[str, ...]
    report: LoadReport | None = None
    trouble: str = ""

    def __str__(self) -> str:
        parts = ["\n".join(self.notes)]
        if self.report is not None:
            head, *rest = str(self.report).splitlines()
            parts.append("\n".join([f"A load would give: {head}", *rest]))
        if self.trouble:
            parts.append(f"A load would stop: {self.trouble}")
        return "\n\n".join([*parts, self.toml] if self.toml else parts)


def propose(source: Any, *, tz: str | None = None, region: str = "US", progress: bool = False) -> Proposal:
    """Look at exports, propose how to read them, and try it.

    Args:
        source: As `load` takes it.
        tz: Zone of times without an offset.
        region: Country of phone numbers and addresses that do not tell one.
        progress: Show a progress bar while trying.

    Returns:
        Proposal. Nothing is written.

    Raises:
        SourceError: Nothing there, or nothing readable.
    """
    told = _told_already(source)
    db, folder = open_database()
    asked = Asked({}, bool, tuple({one.told for one in told if "*" in one.told}), ROWS if is_database(source) else None)
    brought, _ = read(source, db, asked=asked, folder=folder)
    looked = [_looked(one, name, alike, told, Cells(one, db, region)) for one, name, alike in _groups(brought)]
    tables = {one.table.name for one in told} | {one.native for one in looked} | {block.table for one in looked for block in one.blocks}
    unknown = [one for one in looked if not one.native and not one.blocks and not one.said]
    if "accounts" not in tables:
        _take_for_accounts(unknown or [one for one in looked if one.blocks])
    for one in unknown:
        if not one.blocks:
            _take_what_is_beside(one)
    blocks = [block for one in looked for block in one.blocks]
    tables |= {block.table for block in blocks}
    notes = [line for one in looked for line in one.notes()]
    notes += [f"without '{table}' you do not see {what}" for table, what in vocabulary()["without"].items() if table not in tables]
    notes += [line for one in looked for line in _abroad(one, region)]
    proposal = Proposal(_toml(blocks, {one.native for one in looked}), tuple(notes))
    return _tried(proposal, source, told, tz=tz, region=region, progress=progress)


@dataclass
class Looked:
    """What was found in one export.

    Attributes:
        source: The export; the first of several that are alike.
        name: What a mapping calls it.
        alike: Number of files alike.
        cells: What its cells hold.
        native: The table of ours that it is read as without a mapping, or an empty text.
        blocks: What it is proposed as.
        said: What else is to be said of it.
    """

    source: Source
    name: str
    alike: int
    cells: Cells
    native: str = ""
    blocks: list[Block] = field(default_factory=list)
    said: str = ""

    def notes(self) -> list[str]:
        """Say what was found, in words."""
        files = f"{self.source.file} ({self.alike:,} files alike)" if self.alike > 1 else self.source.file
        if self.native:
            return [f"{files}: read as '{self.native}', {self.source.rows:,} {either(self.source.rows, 'row', 'rows')}"]
        if not self.blocks:
            return [f"{files}: {self.said or 'no table of ours was recognised; if it is one, name its columns in a mapping'}"]
        return [f"{files}: {block.why}, so it is proposed as '{block.table}'" for block in self.blocks]


def _abroad(one: Looked, region: str) -> list[str]:
    """Say which phones another country's rules would read."""
    used = {theirs for block in one.blocks for match in block.matches for theirs in match.theirs}
    return [
        f"{one.source.file}: most of '{shown(column)}' are no phone numbers of {region}, but of {other}; load with region='{other}' "
        f"(--region {other})"
        for column, other in one.cells.abroad.items() if column in used
    ]  # fmt: skip


def _told_already(source: Any) -> list[Entry]:
    if not isinstance(source, str | Path) or is_database(source) or not (Path(source).expanduser() / FILE).is_file():
        return []
    return entries(Path(source).expanduser() / FILE)


def _groups(brought: list[Source]) -> list[tuple[Source, str, int]]:
    """Give each export with the name that a mapping calls it by; files that differ only in a number are one."""
    alike: dict[tuple[str, str, tuple[str, ...]], list[Source]] = {}
    for one in brought:
        ending = next((ending for ending in sorted(ENDINGS, key=len, reverse=True) if one.file.lower().endswith(ending)), "")
        stem = re.sub(r"[-_ .]*\d[-_ \d]*$", "", one.name) if ending and not table_of(one.name) else one.name
        alike.setdefault((stem, ending, one.columns), []).append(one)
    found = []
    for (stem, ending, _), group in alike.items():
        one = group[0]
        whole = one.file.split(": ")[-1] if is_database(one.file.split(": ")[0]) else one.name
        if len(group) > 1:
            one = replace(one, name=stem, rows=sum(other.rows for other in group))
        found.append((one, f"{stem}*{ending}" if len(group) > 1 else whole, len(group)))
    return found


def _looked(one: Source, name: str, alike: int, told: list[Entry], cells: Cells) -> Looked:
    found = Looked(one, name, alike, cells)
    if any(one.name.lower() in {entry.name.lower(), Path(entry.name).name.split(".")[0].lower()} for entry in told):
        found.said = f"read as {FILE} tells"
        return found
    ours = table_of(one.name)
    if ours and all(column.name in guessed_columns(TABLES[ours], one) for column in TABLES[ours].columns if column.needed):
        found.native = ours
        if ours == "accounts":
            _take_more(found)
        return found
    best = next(iter(guesses(one, cells)), None)
    if best is not None and best.table.name != "accounts":
        matches = _plain(best.matches)
        account = next((match.theirs[0] for match in matches if match.ours == "account_id"), None)
        used = _used(matches)
        found.blocks = [Block(best.table.name, name, matches, best.why), *_beside(one, name, account, used, cells)]
    elif best is not None:
        found.blocks = _accounts(one, name, best, cells)
    return found


def _take_more(one: Looked) -> None:
    """Take the values beside accounts that `load` would not find by itself, such as lists in fields of fields."""
    guessed = guessed_columns(TABLES["accounts"], one.source)
    matches = tuple(Match(ours, theirs, "by its name") for ours, theirs in guessed.items())
    (account,) = guessed["account_id"]
    blocks = _beside(one.source, one.name, account, _used(matches), one.cells)
    if any(_BESIDE[block.table] not in guessed_columns(TABLES[block.table], one.source) for block in blocks):
        one.native = ""
        one.blocks = [Block("accounts", one.name, matches, "its name says so, and a row has an id of its own"), *blocks]


def _take_for_accounts(found: list[Looked]) -> None:
    """Take the export for the accounts whose rows have an id each, by its name, and then by the most that could be shared."""
    tried = []
    for one in found:
        best = next((guess for guess in guesses(one.source, one.cells) if guess.table.name == "accounts"), None)
        if blocks := _accounts(one.source, one.name, best, one.cells):
            named = means(one.name, (("account",), ("user",), ("customer",), ("pro",)))
            tried.append((named, len(blocks), one, blocks))
    if not tried:
        return
    named, many, one, blocks = max(tried, key=lambda row: row[:2])
    if many > 1 or named or len(found) == 1:
        one.blocks = blocks


def _take_what_is_beside(one: Looked) -> None:
    """Take the identifiers that stand beside an account, where the rest of the export is unknown."""
    account = max(one.source.columns, key=lambda column: means(column, meant_by("account_id")), default=None)
    if account and means(account, meant_by("account_id")) >= 0.6:
        one.blocks = _beside(one.source, one.name, account, {account}, one.cells)


def _plain(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Leave out columns whose names hold a raw identifier; they cannot be written down."""
    return tuple(one for one in matches if all(shown(column) == re.sub(r"\s+", " ", column) for column in one.theirs))


def _accounts(one: Source, name: str, best: Guess | None, cells: Cells) -> list[Block]:
    """Take each row for an account, where some column has another value in every row."""
    account = _account_column(one, cells)
    if account is None:
        return []
    matches = {match.ours: match for match in (_plain(best.matches) if best else ())}
    matches["account_id"] = Match("account_id", (account,), "another value in every row")
    named = next((column for column in one.columns if "name" in plain_name(column).split("_")), None)
    if named and "display_name" not in matches:
        matches["display_name"] = Match("display_name", (named,), "by its name")
    used = _used(matches.values())
    why = f"'{shown(account)}' has another value in every row, so a row is taken for an account"
    return [Block("accounts", name, tuple(matches.values()), why), *_beside(one, name, account, used, cells)]


def _used(matches: Iterable[Match]) -> set[str]:
    return {part for match in matches for column in match.theirs for part in (column, *column.split(JOINT))}


def _account_column(one: Source, cells: Cells) -> str | None:
    guessed = guessed_columns(TABLES["accounts"], one).get("account_id")
    if guessed and cells.distinct(guessed[0]):
        return guessed[0]
    called = (("id",), *meant_by("account_id"))
    ids = [column for column in one.columns if means(column, called) and cells.distinct(column)]
    return max(ids, key=lambda column: means(column, meant_by("account_id")), default=None)


def _beside(one: Source, name: str, account: str | None, used: set[str], cells: Cells) -> list[Block]:
    """Tables whose values stand as further columns beside an account."""
    if account is None:
        return []
    found: dict[str, list[str]] = {}
    for column in (column for column in one.columns if column not in used and shown(column) == column):
        # of `user.profile.phones.0` what counts is `phones`
        inner = re.sub(r"(\.\d+)+$", "", column).rsplit(".", 1)[-1]
        told = {table: max(means(column, meant_by(ours)), means(inner, meant_by(ours))) for table, ours in _BESIDE.items()}
        table = max(told, key=lambda table: told[table])
        ours = _BESIDE[table]
        kind = KIND_OF.get(ours) or OPAQUE[ours]
        # a token can be told by its name only, so its name has to be clearer
        fits = (cells.share(column, kind) or 0) >= FITS or (ours == "line1" and is_street(column, one, cells))
        if re.sub(r"\.\d+$", "", column) in found.get(table, ()):
            continue  # an element of a list that is read whole
        if told[table] >= (0.4 if ours in KIND_OF else 0.6) and fits:
            found.setdefault(table, []).append(column)
    blocks = []
    for table, columns in found.items():
        listed = ", ".join(f"'{column}'" for column in columns)
        kind = KIND_OF.get(_BESIDE[table]) or OPAQUE[_BESIDE[table]]
        why = f"{listed} mostly {either(len(columns), 'reads', 'read')} as {kind} values"
        matches = [
            Match("account_id", (account,), "the account of the row"),
            with_number(Match(_BESIDE[table], tuple(columns), f"mostly {kind} values"), one, cells),
        ]
        blocks.append(Block(table, name, (*matches, *(_place(one) if table == "addresses" else [])), why))
    return blocks


def _place(one: Source) -> list[Match]:
    """Further columns of an address, by their names."""
    found = []
    for ours in ("unit", "city", "region", "postal", "country"):
        best = max(one.columns, key=lambda column: means(column, meant_by(ours)))
        if means(best, meant_by(ours)) >= 0.5 and shown(best) == best:
            found.append(Match(ours, (best,), "by its name"))
    return found


def _toml(blocks: list[Block], native: set[str]) -> str:
    """Write the blocks; a table that is also brought under its own name needs a block for that too, or it would not be read."""
    tables = [block.table for block in blocks]
    own = [Block(table, table, (), "the export of that name") for table in dict.fromkeys(tables) if table in native]
    every = sorted([*own, *blocks], key=lambda block: list(TABLES).index(block.table))
    return "\n".join(block.toml(sum(other.table == block.table for other in every) > 1) for block in every)


def _value(theirs: tuple[str, ...]) -> str:
    listed = [json.dumps(column, ensure_ascii=False) for column in theirs]
    return listed[0] if len(listed) == 1 else f"[{', '.join(listed)}]"


def _tried(proposal: Proposal, source: Any, told: list[Entry], *, tz: str | None, region: str, progress: bool) -> Proposal:
    """Load with the proposal and add what that tells; times without a zone are read as UTC for the trial."""
    mapping = _merged(tomllib.loads(proposal.toml), source, told)
    try:
        return replace(proposal, report=load(source, mapping=mapping, tz=tz, region=region, progress=progress).report)
    except TableError as problem:
        if "without a zone" not in str(problem):
            return replace(proposal, trouble=str(problem))
        first = str(problem)
    except TnskitError as problem:
        return replace(proposal, trouble=str(problem))
    try:
        report = load(source, mapping=mapping, tz="UTC", region=region, progress=progress).report
    except TnskitError as problem:
        return replace(proposal, trouble=str(problem))
    return replace(proposal, notes=(*proposal.notes, f"{first}; for what follows they were taken as UTC"), report=report)


def _merged(proposed: dict[str, Any], source: Any, told: list[Entry]) -> dict[str, Any] | None:
    if not told:
        return proposed or None
    merged: dict[str, list[Any]] = {}
    for mapping in (tomllib.loads((Path(source).expanduser() / FILE).read_text(encoding="utf-8-sig")), proposed):
        for table, block in mapping.items():
            merged[table] = merged.get(table, []) + (block if isinstance(block, list) else [block])
    return merged
