"""The log: what is confirmed stays, many may write at once, nothing is changed or taken away."""

import multiprocessing
import os
import random
import sqlite3
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tnskit.errors import LogError, SealError
from tnskit.review.audit import AuditLog
from tnskit.review.seals import verify

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def add(log, count=1, *, by="ana", case="1"):
    return [log.append("noted", by=by, via="told", case=case, facts={"because": f"number {n}"}) for n in range(count)]


def test_an_event_is_given_back_as_it_is_read_again(tmp_path):
    log = AuditLog(tmp_path / "cases.db", clock=lambda: AT)
    first, second = add(log, 2)
    assert (first.n, first.at, first.by, first.via, first.event, first.case) == (1, AT, "ana", "told", "noted", "1")
    assert first.facts == {"because": "number 0"}
    assert second.after == first.seal
    assert log.events() == [first, second]
    assert log.head == f"2:{second.seal}"


def test_events_are_found_by_case_and_by_name(tmp_path):
    log = AuditLog(tmp_path / "cases.db")
    for case in ("1", "2", "1", ""):
        add(log, case=case)
    log.append("opened", by="ana", via="told", case="2", facts={})
    assert [one.n for one in log.events("1")] == [1, 3]
    assert [one.n for one in log.events("")] == [4]
    assert [one.n for one in log.events(names=("opened",))] == [5]
    assert [one.n for one in log.events("2", names=("noted",))] == [2]
    assert [one.n for one in log.events(until=2)] == [1, 2]


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE event SET body = body", "events are never changed"),
        ("DELETE FROM event WHERE rowid = 2", "events are never deleted"),
        ("INSERT OR REPLACE INTO event (rowid, case_id, name, body, seal) VALUES (2, '', '', '{}', '')", "only added at the end"),
        ("INSERT INTO event (rowid, case_id, name, body, seal) VALUES (9, '', '', '{}', '')", "only added at the end"),
        ("INSERT INTO event (case_id, name, body, seal) VALUES ('', '', '{}', '')", "only added at the end"),
        ("UPDATE OR REPLACE event SET rowid = 1 WHERE rowid = 2", "events are never changed"),
    ],
)
def test_the_file_itself_refuses_changes(tmp_path, sql, told):
    log = AuditLog(tmp_path / "cases.db")
    add(log, 3)
    with closing(sqlite3.connect(log.path)) as db, db, pytest.raises(sqlite3.IntegrityError, match=told):
        db.execute(sql)
    db.close()
    assert log.verify().sound


def test_what_is_written_together_is_kept_together_or_not_at_all(tmp_path):
    log = AuditLog(tmp_path / "cases.db")
    add(log)
    with pytest.raises(ZeroDivisionError), log.writing():  # noqa: PT012  # both have to happen inside
        add(log, 3)
        1 / 0  # noqa: B018
    assert len(log.events()) == 1
    with log.writing():
        add(log, 2)
    assert [one.n for one in log.events()] == [1, 2, 3]
    assert log.verify().sound


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"a": float("nan")}, "plain text, numbers"),
        ({"a": object()}, "plain text, numbers"),
        ({"a": "\ud800"}, "plain text, numbers"),
        ({"a": "x" * 2_000_001}, "too large"),
    ],
)
def test_what_no_line_of_json_can_hold_is_refused_and_nothing_is_written(tmp_path, facts, told):
    log = AuditLog(tmp_path / "cases.db")
    with pytest.raises(LogError, match=told):
        log.append("noted", by="ana", via="told", case="", facts=facts)
    assert log.events() == []


def test_other_files_are_refused_in_a_sentence(tmp_path):
    (tmp_path / "text.db").write_text("not a database at all, though it is long enough to be one" * 40)
    with closing(sqlite3.connect(tmp_path / "other.db")) as db, db:
        db.execute("CREATE TABLE event (n INTEGER)")
    db.close()
    with pytest.raises(LogError, match=r"'text\.db' is not a case log"):
        AuditLog(tmp_path / "text.db")
    with pytest.raises(LogError, match=r"'other\.db' is not a case log, but another file of SQLite"):
        AuditLog(tmp_path / "other.db")
    with pytest.raises(LogError, match=r"the folder of 'cases\.db' is not there"):
        AuditLog(tmp_path / "nowhere/cases.db")
    with pytest.raises(LogError, match="cannot be"):
        AuditLog(tmp_path)


def test_a_log_whose_guards_were_taken_off_is_not_opened(tmp_path):
    log = AuditLog(tmp_path / "cases.db")
    add(log, 2)
    log.close()
    with closing(sqlite3.connect(log.path)) as db, db:
        db.execute("DROP TRIGGER event_stays")
    db.close()
    with pytest.raises(LogError, match=r"guards of 'cases\.db' against changes were taken off"):
        AuditLog(log.path)
    assert "the guards against changes were taken off or altered; its 2 events hang together" in verify(log.path).why


def test_nothing_is_written_behind_an_event_that_is_not_sound(tmp_path):
    log = AuditLog(tmp_path / "cases.db")
    add(log, 2)
    log.close()
    raw = log.path.read_bytes()
    log.path.write_bytes(raw.replace(b"number 1", b"number 7"))
    with pytest.raises(SealError, match=r"cases\.db, event 2 does not match its seal") as told:
        add(log)
    assert told.value.event == 2


def test_a_full_disk_is_told_and_nothing_half_is_left(tmp_path):
    log = AuditLog(tmp_path / "cases.db")
    add(log)
    pages = log._db.execute("PRAGMA page_count").fetchone()[0]
    log._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LogError, match=r"'cases\.db' cannot be written: database or disk is full; nothing goes on without its log"):
        log.append("noted", by="ana", via="told", case="1", facts={"because": "x" * 50_000})
    log._db.execute("PRAGMA max_page_count = 1000000")
    add(log)
    assert [one.n for one in log.events()] == [1, 2]
    assert log.verify().sound


def test_a_file_put_in_the_place_of_the_log_is_seen(tmp_path):
    log, other = AuditLog(tmp_path / "cases.db"), AuditLog(tmp_path / "backup.db")
    add(log, 3)
    add(other, 1)
    other.close()
    other.path.replace(log.path)
    for name in ("cases.db-wal", "cases.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    assert [one.n for one in add(log)] == [2]


def test_the_file_is_not_for_everybody_to_read(tmp_path):
    log = AuditLog(tmp_path / "cases.db")
    assert log.path.stat().st_mode & 0o007 == 0


def test_threads_share_one_log(tmp_path):
    log = AuditLog(tmp_path / "cases.db")
    threads = [threading.Thread(target=add, args=(log, 25)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert log.verify().events == 200


def write_on(path, name, count, told):
    """Another process: add events and say after each that it is there."""
    try:
        log = AuditLog(path)
        for n in range(count):
            event = log.append(
                "noted", by=name, via="told", case=str(n % 7), facts={"because": f"{name} {n}", "more": "x" * (n * 37 % 3000)}
            )
            os.write(told, f"{event.n}:{event.seal}\n".encode())
    except BaseException as problem:
        os.write(told, f"!{type(problem).__name__} {problem}\n".encode())
        raise


def started(path, name, count):
    """Start a writing process; give it and the file in which it says what it confirmed."""
    said = path.with_name(f"{name}.txt")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tnskit.review.audit"])
    process = context.Process(target=_say, args=(path, name, count, said))
    process.start()
    return process, said


def _say(path, name, count, said):
    told = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    write_on(path, name, count, told)


@pytest.mark.slow
def test_nothing_confirmed_is_lost_to_a_kill(tmp_path):
    """200 times a writing process is killed at a random moment; each log opens, verifies and has what was confirmed."""
    dice, path, confirmed, early = random.Random(6), tmp_path / "cases.db", {}, 0
    for n in range(200):
        if n % 20 == 0:  # every now and then the file is new, so that its making is killed as well
            path, confirmed = tmp_path / f"cases{n}.db", {}
        process, said = started(path, f"w{n}", 100_000)
        until = time.monotonic() + 60
        while n % 4 and not (said.exists() and said.stat().st_size) and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(dice.random() * 0.05)
        process.kill()
        process.join()
        lines = said.read_text().splitlines() if said.exists() else []
        assert not any(line.startswith("!") for line in lines)
        early += not lines
        confirmed |= {int(place): seal for place, _, seal in (line.partition(":") for line in lines) if len(seal) == 64}
        log = AuditLog(path)
        assert log.verify().sound
        there = {one.n: one.seal for one in log.events()}
        assert {place: seal for place, seal in confirmed.items() if there.get(place) != seal} == {}
        add(log)
        log.close()
    assert early < 100


@pytest.mark.slow
def test_eight_processes_write_ten_thousand_events(tmp_path):
    """All are there, the chain is whole, and nobody saw an error."""
    path = tmp_path / "cases.db"
    writers = [started(path, f"w{n}", 1_250) for n in range(8)]
    for process, _ in writers:
        process.join(600)
    assert [process.exitcode for process, _ in writers] == [0] * 8
    told = [line for _, said in writers for line in said.read_text().splitlines()]
    assert [line for line in told if line.startswith("!")] == []
    found = verify(path)
    assert (found.sound, found.events, len(set(told))) == (True, 10_000, 10_000)
    log = AuditLog(path)
    assert set(told) == {f"{one.n}:{one.seal}" for one in log.events()}
