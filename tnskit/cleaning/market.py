"""`load`: from exports to a Market, with what was set aside kept beside what goes on."""

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
import weakref
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from tqdm.auto import tqdm

from tnskit.cleaning import crosschecks, decided, people, sightings, survey
from tnskit.cleaning.gate import Cards, roles, seal_spills, without_card_names
from tnskit.cleaning.mapping import FILE, Line, asked, entries, lines, unused
from tnskit.cleaning.part import Part, part
from tnskit.cleaning.privacy import quiet
from tnskit.cleaning.report import LoadReport, as_frame
from tnskit.cleaning.schema import TABLES
from tnskit.cleaning.sources.databases import is_database
from tnskit.cleaning.sources.far import place, reached
from tnskit.cleaning.sources.reading import ENDINGS, Source, read
from tnskit.cleaning.spread import Cleaner, Machines
from tnskit.cleaning.tables import Reader
from tnskit.errors import SourceError, UnknownAccountError, UsageError


@dataclass(frozen=True, eq=False)
class Market:
    """A loaded market: typed tables, sightings in integer codes, and the vault that holds the raw values.

    Attributes:
        db: The DuckDB of this market. Schema `main` holds codes, masks and facts, schema `public` the tables without
            their private columns, schema `vault` the raw values, which nothing above `cleaning` reads.
        rejected: DataFrame `table`, `row` (int, 1 is the first row after the header), `column`, `why`.
        report: What came in, what was kept, what was set aside.
        settings: What `load` was told: `tz`, `region`.
    """

    db: duckdb.DuckDBPyConnection = field(repr=False)
    rejected: pd.DataFrame = field(repr=False)
    report: LoadReport = field(repr=False)
    settings: dict[str, Any] = field(repr=False)

    def __repr__(self) -> str:
        accounts, kinds = len(self), self.kinds
        return f"Market of {accounts:,} accounts with {', '.join(kinds) or 'no identifiers'}"

    def __len__(self) -> int:
        return int(self.db.execute("SELECT count(*) FROM people").fetchall()[0][0])

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of identifier that this market has data for."""
        return tuple(r[0] for r in self.db.execute("SELECT DISTINCT kind FROM identifier ORDER BY kind").fetchall())

    @property
    def accounts(self) -> pd.DataFrame:
        """DataFrame `account_id`, `role`, `status`, `created_at`, `closed_at` (UTC), `country`, in the order of their ids."""
        return utc(self.db.execute(
            "SELECT account_id, role, status, created AS created_at, closed AS closed_at, country FROM people ORDER BY code"
        ).df())  # fmt: skip

    def table(self, name: str) -> pd.DataFrame:
        """Give a loaded table without its private columns.

        Raises:
            UsageError: No such table.
        """
        if name not in TABLES:
            raise UsageError(f"there is no table '{name}'; the tables are {', '.join(TABLES)}")
        return utc(self.db.execute(f"SELECT * EXCLUDE (row) FROM public.{name} ORDER BY row").df())

    def code(self, account: str) -> int:
        """Give the integer code of an account; a merged account gives that of the account it was merged into.

        Raises:
            UnknownAccountError: The market does not have it.
        """
        found = self.db.execute("SELECT survivor FROM people WHERE account_id = ?", [str(account)]).fetchall()
        if not found:
            raise UnknownAccountError(
                f"account '{str(account)[:40]}' is not among the {len(self):,} accounts of this market; ids are text, "
                "and capital letters and leading zeros count"
            )
        return int(found[0][0])


@quiet("loading")
def load(
    source: Any,
    *,
    mapping: Any = None,
    tz: str | None = None,
    region: str = "US",
    progress: bool = False,
    memory: str | None = None,
    kinds: Iterable[str] | None = None,
    as_of: Any = None,
    engine: Machines | None = None,
) -> Market:
    """Read a market's exports.

    Args:
        source: A folder of exports (CSV, Parquet, Arrow, Excel, JSON), one such file, a pattern such as `logins-*.parquet`, a
            folder, file or pattern of Parquet on object storage (`s3://bucket/exports`), a database (`market.duckdb`,
            `market.sqlite`, `postgresql://...`), or a dict of table name to frame or path. Tables and columns are those of
            `schema.TABLES`; common other names are understood.
        mapping: How your columns are called: a dict or a TOML file (see `mapping`); `mapping.toml` in the folder is found.
        tz: Zone of times without an offset, for example "America/Chicago"; without it such times are refused.
        region: Country of phone numbers and addresses that do not tell one, and of the order of day and month.
        progress: Show a progress bar.
        kinds: Kinds of identifier that are wanted, such as ["phone", "card"]; all if left out. Names are read in any case.
        as_of: The market as it was known at the end of a day such as "2024-06-30", as `link(market, as_of=)` has it.
            Parquet, DuckDB and PostgreSQL are asked only for the columns and rows that these two want.
        engine: Where unique values are cleaned: `Spark(session)` for the machines of a cluster, to which they travel sealed and
            without their accounts; this process if left out. The market is the same.
        memory: Most that the tables may take of the computer's memory, for example "4GB"; what does not fit goes to a private
            folder, which is removed when the market goes away. Left out: four fifths of what there is.

    Returns:
        A Market. Rows that cannot be used are in `market.rejected`; rows in = rows kept + rows rejected.

    Raises:
        SourceError: A file, folder or database that cannot be read.
        TableError: `accounts`, `identifiers` or a mapped table lacks a needed column, or times have no zone.
        UsageError: A mapping, zone, region, kind, day, engine or amount of memory that cannot be, or too little memory.
        EngineError: The machines of the engine fail, or have another version of what cleans.
    """
    db, folder = open_database(memory)
    _check(db, tz, region)
    cleaner, wanted = Cleaner(region, engine), part(kinds, as_of)
    given = entries(_beside(source) if mapping is None else mapping)
    try:
        brought, unread = read(source, db, asked=replace(asked(given), query=partial(wanted.query, given)), folder=folder)
        came = taken(db, brought, given, settings={"tz": tz, "region": region}, progress=progress, wanted=wanted)
        return _cleaned(
            db, came, unread=unread, cleaner=cleaner, settings={"tz": tz, "region": region} | wanted.settings, progress=progress
        )
    except duckdb.OutOfMemoryException:
        told = f"memory='{memory}' is" if memory else "the memory of this computer is"
        raise UsageError(f"{told} too little for this market, or the disk for temporary files is full; give more of it") from None


@dataclass(frozen=True)
class Taken:
    """Exports whose rows stand in the typed tables of the schema `vault`, not yet cleaned.

    Attributes:
        reader: What read them, with its findings.
        matched: What came from where.
        came: DataFrame `table`, `file`, `rows_in`, `sha256`.
        notes: Findings about the files, in words.
        redacted: Number of cells in which a full card number was removed.
    """

    reader: Reader
    matched: list[Line]
    came: pd.DataFrame
    notes: list[str]
    redacted: int

    @property
    def tables(self) -> frozenset[str]:
        """Names of the tables that came in."""
        return frozenset(line.table.name for line in self.matched)


def taken(
    db: duckdb.DuckDBPyConnection,
    brought: list[Source],
    given: Any,
    *,
    settings: dict[str, Any],
    progress: bool,
    wanted: Part | None = None,
) -> Taken:
    """Take what was brought through redaction and typing; without a part that is `wanted` it goes beside a market that is there.

    Then it need not bring accounts.
    """
    brought, redacted = without_card_names(db, brought)
    whole = lines(brought, given, part=wanted is None)
    matched = [kept for line in whole if (kept := wanted.line(line) if wanted else line)]
    redacted += Cards(db).take_out((s, roles(s, matched)) for s in brought)
    reader = Reader(db, settings["tz"], settings["region"])
    reader.begin()
    feeds = Counter(line.source.name for line in matched)
    left = feeds.copy()
    counts = []
    for line in tqdm(matched, desc="reading", unit="table", disable=not progress, leave=False):
        counts.append(reader.add(line, wide=feeds[line.source.name] > 1))
        left[line.source.name] -= 1
        if not left[line.source.name]:
            db.execute(f"DROP TABLE {line.source.view}")
    db.execute("DROP TABLE IF EXISTS _renamed")
    db.execute("DROP SCHEMA raw CASCADE")
    notes = [note for s in brought for note in s.notes] + unused(whole, brought)
    came = _came(matched, counts)
    if wanted:
        out = wanted.leave_out(db, came["table"])
        came["rows_in"] -= came["table"].map(out).astype("int64")
        notes += wanted.notes([line.table.name for line in whole if line.table.name not in set(came["table"])], out)
    return Taken(reader, matched, came, notes, redacted)


def _cleaned(
    db: duckdb.DuckDBPyConnection, came: Taken, *, unread: list[str], cleaner: Cleaner, settings: dict[str, Any], progress: bool
) -> Market:
    """Clean what was typed, and open it."""
    notes = [*came.notes, *(f"{file} was not used: no table is called so, and no mapping names it" for file in unread)]
    notes += people.build(db, brought=came.tables)
    sightings.build(db, brought=came.tables, region=settings["region"], progress=progress, cleaner=cleaner)
    decided.build(db, region=settings["region"])
    open_public(db)
    shared = survey.hubs(db)
    found = [*came.reader.findings, *survey.findings(db, came.matched, shared), *crosschecks.findings(db, came.tables)]
    frames = {"columns": survey.columns(db, came.matched), "hubs": shared, "findings": as_frame(found)}
    return _market(db, came.came, frames, tuple(notes), came.redacted, settings)


def _beside(source: Any) -> Any:
    """Give the mapping that lies in the folder of exports, as its path or, where that is far, as what it says."""
    if not isinstance(source, str | Path):
        return None
    try:
        if "://" in str(source):
            return _far_mapping(str(source))
        path = Path(source).expanduser() / FILE
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None


@reached(SourceError)
def _far_mapping(source: str) -> dict[str, Any] | None:
    found = None if is_database(source) or source.lower().endswith(ENDINGS) else place(source) / FILE
    if found is None or "*" in source or not found.is_file():
        return None
    try:
        return tomllib.loads(found.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(f"the '{FILE}' beside the exports is not TOML, or not UTF-8 text") from None


def open_database(memory: str | None = None) -> tuple[duckdb.DuckDBPyConnection, Path]:
    """Open a DuckDB in memory with a private folder for what does not fit; the folder goes away with the connection.

    Raises:
        UsageError: `memory` is not an amount.
    """
    if memory is not None and not re.fullmatch(r"\d+(\.\d+)?\s?([KMGT]i?B)", str(memory), re.IGNORECASE):
        raise UsageError(f"memory '{str(memory)[:20]}' is not an amount; it is written like '4GB' or '512MB'")
    folder = Path(tempfile.mkdtemp(prefix="tnskit-"))
    # Frames of the caller's that happen to bear a table's name must not be read in its place.
    db = duckdb.connect(config={"python_enable_replacements": False, "temp_directory": str(folder)})
    weakref.finalize(db, shutil.rmtree, folder, ignore_errors=True)
    if memory is not None:
        try:
            db.execute(f"SET memory_limit = '{memory}'")
        except duckdb.Error:
            raise UsageError(f"memory '{memory}' is not an amount that can be set; it is written like '4GB' or '512MB'") from None
    seal_spills(db)
    db.execute("SET TimeZone = 'UTC'")
    db.execute("SET enable_progress_bar = false")
    # Nothing is written to a file; rewriting the tables in memory now and then would only cost time.
    db.execute("SET checkpoint_threshold = '1TB'")
    return db, folder


def _check(db: duckdb.DuckDBPyConnection, tz: str | None, region: str) -> None:
    if tz is not None:
        known = db.execute("SELECT count(*) FROM pg_timezone_names() WHERE name = ?", [tz]).fetchall()[0][0]
        if not known:
            raise UsageError(f"'{tz}' is not a time zone; they are written like 'America/Chicago' or 'UTC'")
    if len(region) != 2 or not region.isalpha() or not region.isupper():
        raise UsageError(f"region '{region}' is not a country code; they are written like 'US', 'MX', 'BR'")


def open_public(db: duckdb.DuckDBPyConnection) -> None:
    """Give every table without its private columns in the schema `public`, which is what the floors above may read."""
    db.execute("CREATE SCHEMA public")
    for table in TABLES.values():
        names = ", ".join(f'"{c.name}"' for c in table.columns if not c.private)
        db.execute(f"CREATE VIEW public.{table.name} AS SELECT row, {names} FROM vault.{table.name}")


def _came(matched: list[Line], counts: list[int]) -> pd.DataFrame:
    rows = [
        {"table": line.table.name, "file": line.source.file, "rows_in": count, "sha256": line.source.sha256}
        for line, count in zip(matched, counts, strict=True)
    ]
    grouped = pd.DataFrame(rows).groupby("table", sort=True)
    return grouped.agg(file=("file", " + ".join), rows_in=("rows_in", "sum"), sha256=("sha256", " ".join)).reset_index()


def _market(
    db: duckdb.DuckDBPyConnection,
    came: pd.DataFrame,
    frames: dict[str, pd.DataFrame],
    notes: tuple[str, ...],
    redacted: int,
    settings: dict[str, Any],
) -> Market:
    rejected = db.execute('SELECT tab AS "table", row, col AS "column", why FROM set_aside ORDER BY tab, row, col, why').df()
    reasons = db.execute(
        "SELECT tab AS \"table\", col AS \"column\", regexp_replace(why, 'row \\d+', 'another row') AS why, count(*) AS rows "
        "FROM set_aside GROUP BY ALL ORDER BY 1, rows DESC, 2, 3"
    ).df()
    faults = db.execute('SELECT tab AS "table", col AS "column", why, count(*) AS cells FROM faults GROUP BY ALL ORDER BY 1, 2, 3').df()
    aside = rejected.groupby("table").size()
    came["rejected"] = came["table"].map(aside).fillna(0).astype("int64")
    came["kept"] = came["rows_in"] - came["rejected"]
    tables = came[["table", "file", "rows_in", "kept", "rejected", "sha256"]]
    report = LoadReport(tables, reasons, faults, notes=notes, redacted=redacted, settings=settings, **frames)
    return Market(db, rejected, report, {**settings, "version": metadata.version("tnskit")})


def utc(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the moments of a frame, which DuckDB holds in UTC without saying so, their zone."""
    for column in frame.columns[frame.dtypes.map(lambda t: str(t).startswith("datetime64"))]:
        frame[column] = pd.to_datetime(frame[column]).dt.tz_localize("UTC")
    return frame


def rows(frame: pd.DataFrame) -> Iterable[Any]:
    """Give the rows of a frame as named tuples; their cells are of whatever type the column has."""
    return frame.itertuples(index=False)
