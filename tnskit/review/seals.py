"""Seals: how an event is written so that nobody can change it unseen, and how a whole log is looked through.

Every event is one line of canonical JSON that holds the seal of the event before it, and its own seal is the SHA-256 of that
line. So an event that is changed, inserted, removed, moved or cut off shows, the last if a later seal is known: the seal of
the newest event, the head, is printed on every memo. Seals show tampering; they do not say who did it, and whoever can write
the file can add to it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from tnskit.cleaning.sources.databases import CASE_LOG
from tnskit.errors import LogError, SealError

MARK = CASE_LOG
"""SQLite's application id of a case log."""
NOTHING = "0" * 64
"""What the first event is sealed after."""
PATIENCE = 120.0
"""Seconds to wait for the other writers; each holds the file for a few milliseconds."""

GUARDS = (
    "CREATE TABLE event (case_id TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, seal TEXT NOT NULL) STRICT",
    "CREATE INDEX event_of_case ON event (case_id)",
    "CREATE INDEX event_of_name ON event (name)",
    "CREATE TRIGGER event_is_next BEFORE INSERT ON event "
    "WHEN NEW.rowid IS NOT (SELECT coalesce(max(rowid), 0) + 1 FROM event) "
    "BEGIN SELECT RAISE(ABORT, 'events are only added at the end'); END",
    "CREATE TRIGGER event_stays_as_it_is BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
    "CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END",
)
"""The table and what keeps anybody from changing it by accident."""
SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"
# the columns are read as bytes, for a damaged one need not be text any more
READ = (
    "SELECT rowid, typeof(case_id) || typeof(name) || typeof(body) || typeof(seal), CAST(case_id AS BLOB), CAST(name AS BLOB), "
    "CAST(body AS BLOB), CAST(seal AS BLOB) FROM event NOT INDEXED"
)

Row = tuple[int, str, bytes, bytes, bytes, bytes]


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes:
        n: Its place in the log, from 1.
        at: When, UTC.
        by: Who.
        via: How that is known: "login", "JupyterHub" or "told".
        event: What happened, one word or two.
        case: The number of its case as text; "" for what belongs to no case.
        facts: The rest, as plain JSON values.
        after: The seal of the event before.
        seal: Its own.
    """

    n: int
    at: datetime
    by: str
    via: str
    event: str
    case: str
    facts: Mapping[str, Any] = field(repr=False)
    after: str = field(repr=False)
    seal: str = field(repr=False)


@dataclass(frozen=True)
class Soundness:
    """Whether a log is whole.

    Attributes:
        events: How many events are sound, from the first on.
        head: Place and seal of the last of them, such as "12:9f86d0...".
        why: What is wrong; "" for a sound log.
        event: The first event that is not sound; None for a sound log, or where a guard or the file is damaged.
    """

    events: int
    head: str
    why: str = ""
    event: int | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.why

    def __str__(self) -> str:
        return self.why or f"{self.events:,} events, sound; the head is {self.head}"


def canonical(value: Any) -> str:
    """Give a value as JSON in its one form: keys sorted, no spaces, no NaN.

    Raises:
        LogError: It holds what JSON does not, or text that no file can hold.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        text.encode()
    except (TypeError, ValueError) as problem:
        raise LogError("an event holds plain text, numbers, lists and objects only") from problem
    return text


def sealed(body: bytes) -> str:
    """Give the seal of an event."""
    return hashlib.sha256(body).hexdigest()


def opened(row: Row, name: str) -> Event:
    """Give the event of a row of the log called `name`.

    Raises:
        SealError: It does not match its seal, or stands where it should not.
    """
    n, body = row[0], row[4]
    if not fits(row):
        raise SealError(f"{name}, event {n} does not match its seal; look through the log with `tnskit verify`", n)
    told = json.loads(body)
    if told["n"] != n:
        raise SealError(f"{name}, event {told['n']} stands in the place of event {n}; look through the log with `tnskit verify`", n)
    return made(told, row[5].decode())


def fits(row: Row) -> bool:
    """Tell whether a row matches its own seal, and is filed under its own case and name."""
    _, kinds, case, name, body, seal = row
    if kinds != "text" * 4 or sealed(body).encode() != seal:
        return False
    told = json.loads(body)
    return bool((told["case"].encode(), told["event"].encode()) == (case, name))


def made(told: Mapping[str, Any], seal: str) -> Event:
    """Give the event of a line of JSON."""
    return Event(**{**told, "at": datetime.fromisoformat(told["at"])}, seal=seal)


@cache
def schema() -> tuple[tuple[str, str, str], ...]:
    """What the file of a case log holds besides its events."""
    with closing(sqlite3.connect(":memory:")) as db:
        for statement in GUARDS:
            db.execute(statement)
        return tuple(db.execute(SCHEMA).fetchall())


def verify(path: str | Path, *, head: str | None = None) -> Soundness:
    """Look through a log and name the first event that is changed, inserted, removed, moved or cut off.

    Args:
        path: The file; it is only read.
        head: A head that was noted down or printed on a memo: "37:9f86d0...", or the seal alone (16 signs or more of it).
            Without one, events that were cut off at the end cannot be missed.

    Raises:
        LogError: There is no such file, or it is no case log.
    """
    file = Path(path).expanduser()
    if not file.is_file():
        raise LogError(f"there is no case log '{file.name}'")
    place, seal = _wanted(head)
    walk = _Walk(file.name, seal)
    try:
        with closing(_for_reading(file)) as db:
            if db.execute("PRAGMA application_id").fetchone()[0] != MARK:
                raise LogError(f"'{file.name}' is not a case log")
            for row in db.execute(f"{READ} ORDER BY rowid"):
                if walk.step(row):
                    break
            if not walk.why and db.execute(SCHEMA).fetchall() != list(schema()):
                walk.why = f"{file.name}: the guards against changes were taken off or altered; its {walk.n:,} events hang together"
            if not walk.why and (damage := db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                walk.why = f"{file.name} is damaged on disk ({str(damage).splitlines()[0][:80]}); its {walk.n:,} events hang together"
    except sqlite3.DatabaseError as problem:
        if not walk.n and "not a database" in str(problem):
            raise LogError(f"'{file.name}' is not a case log") from problem
        walk.fault(walk.n + 1, f"cannot be read: {problem}")
    return walk.end(place)


def _wanted(head: str | None) -> tuple[int | None, str]:
    """Take a head apart into place and seal."""
    if head is None:
        return None, ""
    place, _, seal = head.strip().lower().rpartition(":")
    if not 16 <= len(seal) <= 64 or not set(seal) <= set("0123456789abcdef") or not (place == "" or place.isdecimal()):
        raise LogError("a head is a place and a seal such as 37:9f86d081884c7d65, as memos print it")
    return int(place) if place else None, seal


def _for_reading(file: Path) -> sqlite3.Connection:
    """Open a log without writing; where even its helper files cannot be made, as it lies there."""
    address = file.resolve().as_uri()
    db = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=PATIENCE, isolation_level=None)
    try:
        db.execute("PRAGMA application_id")
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        db.close()
        db = sqlite3.connect(f"{address}?immutable=1", uri=True, isolation_level=None)
    except sqlite3.Error:
        db.close()
        raise
    return db


class _Walk:
    """Goes through the rows of a log and remembers where it stands."""

    def __init__(self, name: str, wanted: str) -> None:
        self.name, self.wanted = name, wanted
        self.n, self.seal, self.why, self.event = 0, NOTHING, "", 0
        self.met: int | None = None
        """The place of the head that was asked for."""

    def step(self, row: Row) -> bool:
        """Look at one row; True at the first fault."""
        n = row[0]
        here = self.n + 1
        if n != here:
            return self.fault(here, "is missing" if n > here else f"has event {n} before it")
        if not fits(row):
            return self.fault(here, "does not match its seal")
        told = json.loads(row[4])
        if told["n"] == self.n:
            return self.fault(self.n, "is there twice")
        if told["n"] != n:
            return self.fault(here, f"is missing; event {told['n']} stands in its place")
        if told["after"] != self.seal:
            return self.fault(max(1, here - 1), f"was written anew; event {here} remembers another")
        self.n, self.seal = n, row[5].decode()
        if self.wanted and self.seal.startswith(self.wanted):
            self.met = n
        return False

    def fault(self, n: int, what: str) -> bool:
        sound = f"events 1 to {n - 1} are sound" if n > 2 else "event 1 is sound" if n == 2 else "no event before it"
        self.n, self.event = min(self.n, n - 1), n
        self.why = f"{self.name}, event {n} {what}; {sound}"
        return True

    def end(self, place: int | None) -> Soundness:
        """Say what was found, the head that was asked for included."""
        file = self.why
        if not self.event and self.wanted and (self.met is None or place not in (None, self.met)):
            if place is not None and place <= self.n:
                self.fault(place, "or one before it was written anew: the head that you gave is not in this log")
            else:
                anew = "" if place else ", or the log was written anew"
                self.fault(self.n + 1, f"and what came after it were cut off{anew}")
            self.why += f" ({file})" if file else ""
        return Soundness(self.n, f"{self.n}:{self.seal}" if self.n else "", self.why, self.event or None)
