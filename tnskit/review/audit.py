"""The log: one table of sealed events in SQLite that only ever grows; what a case is, is computed from it.

How events are sealed is told in `seals`. Keep the file where only the team can write, on a disk of this machine: SQLite's
write-ahead log does not work over a network file system.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tnskit.errors import LogError
from tnskit.review.seals import (
    GUARDS,
    MARK,
    NOTHING,
    PATIENCE,
    READ,
    SCHEMA,
    Event,
    Soundness,
    canonical,
    made,
    opened,
    schema,
    sealed,
    verify,
)

MOST_BYTES = 2_000_000
"""Size of one event. Assumption: the frozen evidence of a case takes some 50,000."""


def clock() -> datetime:
    """Give the moment; the one place where the log looks at a clock."""
    return datetime.now(UTC)


class AuditLog:
    """The file of a case log, open for reading and adding.

    Several processes and threads may have it open at once; each waits for its turn. What `append` has given back is on the disk.

    Args:
        path: The file; made if it is not there. Its folder has to be.
        clock: What tells the moment of an event.

    Raises:
        LogError: The file is something else, its guards are gone, or it cannot be opened.
    """

    def __init__(self, path: str | Path, *, clock: Callable[[], datetime] = clock) -> None:
        self.path = Path(path).expanduser()
        self._clock = clock
        self._turn = threading.RLock()
        self._db: sqlite3.Connection | None = None
        self._close: Callable[[], object] | None = None
        self._place: tuple[int, ...] = ()
        with self._turn:
            self._connection()

    def __repr__(self) -> str:
        return f"AuditLog {self.path.name}: {self.head or 'no event yet'}"

    def now(self) -> datetime:
        """Give the moment by this log's clock, UTC."""
        return self._clock().astimezone(UTC)

    @property
    def head(self) -> str:
        """Place and seal of the newest event, such as "12:9f86d0..."; "" for an empty log."""
        with self._turn:
            last = _run(self._connection(), f"{READ} ORDER BY rowid DESC LIMIT 1", self.path.name).fetchone()
        return f"{last[0]}:{last[5].decode('ascii', 'replace')}" if last else ""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the file while something is looked up and written; all of it is kept, or nothing.

        Raises:
            LogError: The file cannot be written, or others wrote without a pause for two minutes.
        """
        with self._turn:
            db = self._connection()
            if db.in_transaction:
                yield
                return
            _run(db, "BEGIN IMMEDIATE", self.path.name)
            try:
                yield
                _run(db, "COMMIT", self.path.name)
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def append(self, event: str, *, by: str, via: str, case: str, facts: Mapping[str, Any]) -> Event:
        """Add an event; once this returns, it is on the disk (or goes there with the end of `writing`).

        Raises:
            LogError: The file cannot be written, or the facts are no plain values.
            SealError: The newest event does not match its seal; nothing is written behind it.
        """
        with self.writing():
            db = self._connection()
            last = _run(db, f"{READ} ORDER BY rowid DESC LIMIT 1", self.path.name).fetchone()
            before = opened(last, self.path.name) if last else None
            n, after = (before.n + 1, before.seal) if before else (1, NOTHING)
            at = self.now()
            told = {"n": n, "at": at.isoformat(timespec="microseconds"), "by": by, "via": via, "event": event, "case": case,
                    "facts": dict(facts), "after": after}  # fmt: skip
            body = canonical(told)
            if len(body) > MOST_BYTES:
                raise LogError(f"an event of {len(body):,} characters is too large; it takes {MOST_BYTES:,}")
            seal = sealed(body.encode())
            _run(
                db,
                "INSERT INTO event (rowid, case_id, name, body, seal) VALUES (?, ?, ?, ?, ?)",
                self.path.name,
                (n, case, event, body, seal),
            )
        return made(json.loads(body), seal)

    def events(self, case: str | None = None, *, names: Sequence[str] = (), until: int | None = None) -> list[Event]:
        """Give events in order, each compared with its seal.

        Args:
            case: Only those of one case ("": of none); None for all.
            names: Only those with one of these names.
            until: Only those up to this place.

        Raises:
            SealError: An event does not match its seal.
        """
        values: list[int | str] = [until if until is not None else 2**62]
        where = ["rowid <= ?"]
        if case is not None:
            where, values = [*where, "case_id = ?"], [*values, case]
        if names:
            where, values = [*where, f"name IN ({', '.join('?' * len(names))})"], [*values, *names]
        index = "INDEXED BY event_of_case" if case is not None else "INDEXED BY event_of_name" if names else "NOT INDEXED"
        sql = f"{READ.replace('NOT INDEXED', index)} WHERE {' AND '.join(where)} ORDER BY rowid"
        with self._turn:
            found = _run(self._connection(), sql, self.path.name, values).fetchall()
        return [opened(row, self.path.name) for row in found]

    def verify(self, *, head: str | None = None) -> Soundness:
        """Look through the whole log; see the function `verify`."""
        return verify(self.path, head=head)

    def close(self) -> None:
        """Close the file; it opens again by itself."""
        with self._turn:
            if self._close is not None:
                self._close()
            self._db = self._close = None

    def _connection(self) -> sqlite3.Connection:
        # A connection is not used across a fork, nor after the file was put in another's place: what it wrote would be lost.
        if self._db is None or self._place != _place(self.path):
            self.close()
            self._db = _opened(self.path)
            self._close = weakref.finalize(self, _closed, self._db, os.getpid())
            self._place = _place(self.path)
        return self._db


def _closed(db: sqlite3.Connection, opener: int) -> None:
    """Close a connection in the process that opened it; to close it after a fork would take the other's locks off."""
    if os.getpid() == opener:
        db.close()


def _place(path: Path) -> tuple[int, ...]:
    """This process and the file that the path leads to now."""
    try:
        told = path.stat()
    except OSError:
        return (os.getpid(),)
    return os.getpid(), told.st_dev, told.st_ino


def _opened(path: Path) -> sqlite3.Connection:
    name = path.name
    if not path.parent.is_dir():
        raise LogError(f"the folder of '{name}' is not there; make it first")
    try:
        # The group may write, nobody else may read; the umask may take more away. Only a file that nobody has open yet is
        # opened here: to close it would take SQLite's locks off.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o660))
    except FileExistsError:
        pass
    except OSError as problem:
        raise LogError(f"'{name}' cannot be made: {problem.strerror}; nothing goes on without its log") from problem
    try:
        db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError as problem:
        raise LogError(f"'{name}' cannot be opened: {problem}; nothing goes on without its log") from problem
    try:
        for setting in ("synchronous=FULL", "fullfsync=ON", "trusted_schema=OFF"):
            _run(db, f"PRAGMA {setting}", name)
        _guard(db, name)
        mode = _run(db, "PRAGMA journal_mode=WAL", name).fetchone()[0]
        if mode != "wal":
            raise LogError(f"'{name}' lies where SQLite cannot keep a write-ahead log; put it on a disk of this machine")
    except LogError:
        db.close()
        raise
    return db


def _guard(db: sqlite3.Connection, name: str) -> None:
    """Make the table and its triggers in a new file; refuse a file that is something else."""
    there = _run(db, SCHEMA, name).fetchall()
    if not there:
        _run(db, "BEGIN IMMEDIATE", name)
        if not _run(db, SCHEMA, name).fetchall():
            for statement in (*GUARDS, f"PRAGMA application_id = {MARK}"):
                _run(db, statement, name)
        _run(db, "COMMIT", name)
        there = _run(db, SCHEMA, name).fetchall()
    if _run(db, "PRAGMA application_id", name).fetchone()[0] != MARK:
        raise LogError(f"'{name}' is not a case log, but another file of SQLite")
    if there != list(schema()):
        raise LogError(f"the guards of '{name}' against changes were taken off or altered; look through it with `tnskit verify`")


def _run(db: sqlite3.Connection, sql: str, name: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
    """Run a statement; where SQLite says "busy" without having waited itself, wait and ask again."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return db.execute(sql, values)
        except sqlite3.OperationalError as problem:
            if (problem.sqlite_errorcode & 0xFF) not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                verb = "read" if sql.startswith("SELECT") else "written"
                raise LogError(f"'{name}' cannot be {verb}: {problem}; nothing goes on without its log") from problem
            if time.monotonic() > until:
                raise LogError(f"others have been writing '{name}' for {PATIENCE:.0f} seconds; try again") from problem
            time.sleep(0.01)
        except sqlite3.IntegrityError as problem:
            raise LogError(f"'{name}' refuses this: {problem}") from problem
        except sqlite3.DatabaseError as problem:
            raise LogError(f"'{name}' is not a case log, or is damaged: {problem}; look through it with `tnskit verify`") from problem
