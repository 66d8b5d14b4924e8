"""A whole log: the first event that was changed, inserted, removed, moved or cut off is named."""

import json
import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from tnskit.errors import LogError
from tnskit.review.audit import AuditLog
from tnskit.review.seals import GUARDS, canonical, sealed, verify


def log_of(path, count):
    """A closed log of events of all sizes, some of which go over several pages."""
    log, dice = AuditLog(path), random.Random(1)
    with log.writing():
        for n in range(count):
            size = 20_000 if n % 100 == 50 else dice.randint(0, 400)
            log.append("noted", by="ana", via="told", case=str(n % 9), facts={"because": f"número {n} " + "y" * size})
    head = log.head
    log.close()
    return path, head


@pytest.fixture(scope="module")
def five_hundred(tmp_path_factory):
    return log_of(tmp_path_factory.mktemp("log") / "cases.db", 500)


def varint(raw, at):
    value = 0
    for n in range(9):
        byte = raw[at + n]
        if n == 8:
            return (value << 8) | byte, at + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at + n + 1
    raise AssertionError


def places(path):
    """Every byte of every event's row in the file: its size, its number, its columns, on its page and on those it goes over to.

    The layout is that of SQLite's file format: b-tree pages, cells, overflow pages.
    """
    raw = path.read_bytes()
    size = int.from_bytes(raw[16:18], "big") or 65536
    with closing(sqlite3.connect(path)) as db, db:
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()[0]
    db.close()
    found, pages = [], [root]
    while pages:
        page = pages.pop()
        start = (page - 1) * size
        head = start + (100 if page == 1 else 0)
        kind, cells = raw[head], int.from_bytes(raw[head + 3 : head + 5], "big")
        pointers = head + (12 if kind == 5 else 8)
        cell_at = [start + int.from_bytes(raw[pointers + 2 * n : pointers + 2 * n + 2], "big") for n in range(cells)]
        if kind == 5:
            pages += [int.from_bytes(raw[at : at + 4], "big") for at in cell_at] + [int.from_bytes(raw[head + 8 : head + 12], "big")]
            continue
        assert kind == 13
        for at in cell_at:
            payload, after = varint(raw, at)
            number, body = varint(raw, after)
            most, least = size - 35, (size - 12) * 32 // 255 - 23
            local = payload if payload <= most else (k if (k := least + (payload - least) % (size - 4)) <= most else least)
            spans = [(at, body + local + (4 if local < payload else 0))]
            left, nxt = payload - local, int.from_bytes(raw[body + local : body + local + 4], "big") if local < payload else 0
            while left > 0:
                over = (nxt - 1) * size
                take = min(left, size - 4)
                spans.append((over + (0 if left > take else 4), over + 4 + take))
                left, nxt = left - take, int.from_bytes(raw[over : over + 4], "big")
            found.append((number, spans))
    return found


@pytest.mark.slow
def test_a_thousand_changed_bytes_are_found(five_hundred, tmp_path):
    """1,000 random single bytes in the rows of 500 events, each set to another random value."""
    path, _ = five_hundred
    rows = places(path)
    assert sorted(number for number, _ in rows) == list(range(1, 501))
    # every byte of every row is as likely, large events included
    flat = [(number, first, last) for number, spans in rows for first, last in spans]
    weights = [last - first for _, first, last in flat]
    raw, dice, copy = path.read_bytes(), random.Random(2026), tmp_path / "cases.db"
    missed, misnamed = [], []
    for _ in range(1_000):
        number, first, last = dice.choices(flat, weights)[0]
        at = dice.randrange(first, last)
        value = dice.choice([v for v in range(256) if v != raw[at]])
        copy.write_bytes(raw[:at] + bytes([value]) + raw[at + 1 :])
        told = verify(copy)
        missed += [(number, at, value)] if told.sound else []
        misnamed += [(number, told.event)] if not told.sound and told.event != number else []
    assert missed == []
    assert len(misnamed) <= 10  # a byte of the row's frame makes SQLite lose its place, and a neighbour is named


def test_every_byte_of_one_small_event_is_found(tmp_path):
    """All 255 other values of the frame of a row, and one of every other byte: nothing of an event is outside its seal."""
    path, _ = log_of(tmp_path / "cases.db", 3)
    raw, copy = path.read_bytes(), tmp_path / "copy.db"
    ((first, last),) = dict(places(path))[2]
    frame = [(at, value) for at in range(first, first + 8) for value in range(256)]
    rest = [(at, raw[at] ^ 1) for at in range(first + 8, last)]
    for at, value in frame + rest:
        if value != raw[at]:
            copy.write_bytes(raw[:at] + bytes([value]) + raw[at + 1 :])
            assert not verify(copy).sound, (at - first, value)


def tampered(path, *statements):
    """Change a log by SQL as somebody would who knows it: the guards are put back."""
    with closing(sqlite3.connect(path)) as db, db:
        for name in ("event_is_next", "event_stays", "event_stays_as_it_is"):
            db.execute(f"DROP TRIGGER {name}")
        for sql, *values in statements:
            db.execute(sql, values)
        for guard in GUARDS[3:]:
            db.execute(guard)
    db.close()
    return path


def row(path, n):
    with closing(sqlite3.connect(path)) as db, db:
        found = db.execute("SELECT case_id, name, body, seal FROM event WHERE rowid = ?", [n]).fetchone()
    db.close()
    return found


REMOVED = [("DELETE FROM event WHERE rowid = 4",)]
CLOSED_UP = [*REMOVED, *((f"UPDATE event SET rowid = {n - 1} WHERE rowid = {n}",) for n in range(5, 13))]
SWAPPED = [
    ("UPDATE event SET rowid = 99 WHERE rowid = 4",),
    ("UPDATE event SET rowid = 4 WHERE rowid = 7",),
    ("UPDATE event SET rowid = 7 WHERE rowid = 99",),
]
OPENED_UP = [(f"UPDATE event SET rowid = {n + 1} WHERE rowid = {n}",) for n in range(12, 3, -1)]
INSERT = "INSERT INTO event (rowid, case_id, name, body, seal) VALUES (4, ?, ?, ?, ?)"


@pytest.mark.parametrize(
    ("changes", "told", "event"),
    [
        (REMOVED, "cases.db, event 4 is missing; events 1 to 3 are sound", 4),
        (CLOSED_UP, "cases.db, event 4 is missing; event 5 stands in its place; events 1 to 3 are sound", 4),
        (SWAPPED, "cases.db, event 4 is missing; event 7 stands in its place; events 1 to 3 are sound", 4),
        ([("UPDATE event SET rowid = 0 WHERE rowid = 1",)], "cases.db, event 1 has event 0 before it; no event before it", 1),
        ([("DELETE FROM event WHERE rowid = 1",)], "cases.db, event 1 is missing; no event before it", 1),
        (
            [("UPDATE event SET body = replace(body, 'ana', 'eva') WHERE rowid = 2",)],
            "cases.db, event 2 does not match its seal; event 1 is sound",
            2,
        ),
        ([("UPDATE event SET case_id = '8' WHERE rowid = 6",)], "cases.db, event 6 does not match its seal; events 1 to 5 are sound", 6),
        ([("UPDATE event SET name = 'read' WHERE rowid = 6",)], "cases.db, event 6 does not match its seal; events 1 to 5 are sound", 6),
    ],
)
def test_the_first_event_that_is_not_sound_is_named(tmp_path, changes, told, event):
    path, _ = log_of(tmp_path / "cases.db", 12)
    found = verify(tampered(path, *changes))
    assert (str(found), found.event, found.sound) == (told, event, False)


def test_an_inserted_event_is_named_even_with_a_seal_of_its_own(tmp_path):
    path, _ = log_of(tmp_path / "cases.db", 12)
    case, name, body, _ = row(path, 4)
    forged = canonical({**json.loads(body), "by": "eva"})
    found = verify(tampered(path, *OPENED_UP, (INSERT, case, name, forged, sealed(forged.encode()))))
    assert (str(found), found.event) == ("cases.db, event 4 is there twice; events 1 to 3 are sound", 4)


def test_a_rewritten_event_with_a_fitting_seal_is_named(tmp_path):
    path, _ = log_of(tmp_path / "cases.db", 12)
    forged = canonical({**json.loads(row(path, 4)[2]), "by": "eva"})
    found = verify(tampered(path, ("UPDATE event SET body = ?, seal = ? WHERE rowid = 4", forged, sealed(forged.encode()))))
    assert (str(found), found.event) == ("cases.db, event 4 was written anew; event 5 remembers another; events 1 to 3 are sound", 4)


def test_what_was_cut_off_shows_with_a_known_head(tmp_path):
    path, head = log_of(tmp_path / "cases.db", 12)
    tampered(path, ("DELETE FROM event WHERE rowid > 9",))
    assert verify(path).sound
    found = verify(path, head=head)
    assert (str(found), found.event) == ("cases.db, event 10 and what came after it were cut off; events 1 to 9 are sound", 10)
    assert verify(path, head=head.partition(":")[2][:20]).event == 10


def test_what_was_cut_off_is_named_though_the_guards_are_off_too(tmp_path):
    path, head = log_of(tmp_path / "cases.db", 12)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TRIGGER event_stays")
        db.execute("DELETE FROM event WHERE rowid > 9")
    db.close()
    found = verify(path, head=head)
    assert found.event == 10
    assert str(found).startswith("cases.db, event 10 and what came after it were cut off; events 1 to 9 are sound (cases.db: the guards")
    assert verify(path).event is None


def test_a_log_written_anew_shows_with_a_known_head(tmp_path):
    path, head = log_of(tmp_path / "cases.db", 12)
    path.unlink()
    other, _ = log_of(tmp_path / "cases.db", 15)
    found = verify(other, head=head)
    assert (found.sound, found.event) == (False, 12)
    assert "event 12 or one before it was written anew" in str(found)


def test_an_emptied_log_shows_with_a_known_head(tmp_path):
    path, head = log_of(tmp_path / "cases.db", 3)
    assert (
        str(verify(tampered(path, ("DELETE FROM event",)), head=head))
        == "cases.db, event 1 and what came after it were cut off; no event before it"
    )


def test_a_sound_log_says_its_head_and_knows_earlier_ones(five_hundred):
    path, head = five_hundred
    assert str(verify(path)) == f"500 events, sound; the head is {head}"
    early = f"37:{row(path, 37)[3]}"
    assert verify(path, head=early).sound
    assert verify(path, head=early.upper()).sound


@pytest.mark.parametrize("head", ["", "37", "abc", "x:" + "a" * 64, "37:" + "g" * 64, "a" * 65])
def test_what_is_no_head_is_refused(five_hundred, head):
    with pytest.raises(LogError, match="a head is a place and a seal"):
        verify(five_hundred[0], head=head)


def test_a_torn_file_is_told(five_hundred, tmp_path):
    path, _ = five_hundred
    torn = tmp_path / "cases.db"
    torn.write_bytes(path.read_bytes()[:40_000])
    assert not verify(torn).sound
    with pytest.raises(LogError, match=r"there is no case log 'none\.db'"):
        verify(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("hello " * 400)
    with pytest.raises(LogError, match=r"'text\.db' is not a case log"):
        verify(tmp_path / "text.db")


def test_verifying_reads_only(five_hundred, tmp_path):
    path, head = five_hundred
    folder = tmp_path / "shelf"
    folder.mkdir()
    copy = shutil.copy(path, folder / "cases.db")
    before = (folder / "cases.db").read_bytes()
    assert verify(copy, head=head).sound
    assert (folder / "cases.db").read_bytes() == before


def test_canonical_json_has_one_form():
    assert canonical({"b": 1, "a": ["ñ", None, True, 0.5]}) == '{"a":["ñ",null,true,0.5],"b":1}'
