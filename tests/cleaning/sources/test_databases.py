import os
import sqlite3
import sys
from contextlib import closing

import duckdb
import pandas as pd
import pytest

from tests.cleaning.raw import raw
from tests.conftest import needs
from tnskit.cleaning import gate
from tnskit.cleaning.asof import as_of
from tnskit.cleaning.market import load
from tnskit.cleaning.sources import postgres as server
from tnskit.errors import SourceError, UsageError

LONG = 123456789012345678
ACCOUNTS = [(str(LONG), "2024-01-01 10:00:00+00"), ("A2", None)]


def tables(found):
    return {name: (one.file, one.columns, [row[1:] for row in rows]) for name, (one, rows) in found.items()}


@pytest.fixture
def duck(tmp_path):
    with duckdb.connect(str(tmp_path / "market.duckdb")) as db:
        db.execute("CREATE TABLE accounts (account_id BIGINT, created_at TIMESTAMPTZ, extra STRUCT(phone VARCHAR), amount DECIMAL(9, 2))")
        db.execute(f"INSERT INTO accounts VALUES ({LONG}, '2024-01-01 12:00:00+02', {{'phone': '312'}}, 1.50), (2, NULL, NULL, NULL)")
        db.execute("CREATE SCHEMA log")
        db.execute("CREATE TABLE log.visits AS SELECT 2 AS who, '11.20.30.40' AS ip, TIMESTAMPTZ '2024-01-01 00:00:00+00' AS at")
        db.execute("CREATE VIEW phones AS SELECT 2 AS account_id, '312 555 2368' AS phone_raw")
    return tmp_path / "market.duckdb"


@pytest.fixture
def lite(tmp_path):
    with closing(sqlite3.connect(tmp_path / "market.sqlite")) as db, db:
        db.execute("CREATE TABLE accounts (account_id, created_at, note)")
        db.executemany(
            "INSERT INTO accounts VALUES (?, ?, ?)",
            [(LONG, "2024-01-01T10:00:00Z", b"\xff\x00"), ("A2", None, b"text"), (3.0, 1704103200, 0.1)],
        )
        db.execute("INSERT INTO accounts VALUES (CAST(x'41ff' AS TEXT), NULL, NULL)")
        db.execute("CREATE TABLE visits (who, ip, at)")
        db.execute("INSERT INTO visits VALUES ('A2', '11.20.30.40', '2024-01-01T00:00:00Z')")
    db.close()
    return tmp_path / "market.sqlite"


def test_tables_views_and_schemas_of_a_duckdb_file_are_read_with_every_digit(duck):
    assert tables(raw(duck)) == {
        "accounts": ("market.duckdb: accounts", ("account_id", "created_at", "extra.phone", "amount"),
                     [(str(LONG), "2024-01-01 10:00:00+00", "312", "1.50"), ("2", None, None, None)]),
        "log.visits": ("market.duckdb: log.visits", ("who", "ip", "at"), [("2", "11.20.30.40", "2024-01-01 00:00:00+00")]),
        "phones": ("market.duckdb: phones", ("account_id", "phone_raw"), [("2", "312 555 2368")]),
    }  # fmt: skip


def test_whatever_an_sqlite_file_holds_is_read(lite):
    assert tables(raw(lite))["accounts"] == (
        "market.sqlite: accounts", ("account_id", "created_at", "note"),
        [(str(LONG), "2024-01-01T10:00:00Z", "ff00"), ("A2", None, "text"), ("3.0", "1704103200", "0.1"), ("A\ufffd", None, None)],
    )  # fmt: skip


@pytest.mark.parametrize("form", ["{path}", "{kind}:///{path}", "{kind}:{path}", "{kind}:////{bare}"])
@pytest.mark.parametrize("kind", ["duckdb", "sqlite"])
def test_a_file_is_found_by_its_path_or_address(duck, lite, form, kind):
    path = str({"duckdb": duck, "sqlite": lite}[kind])
    assert "accounts" in raw(form.format(path=path, kind=kind, bare=path.lstrip("/")))


def test_a_database_of_any_ending_is_known_by_its_first_bytes(lite, duck, tmp_path):
    assert "accounts" in raw(lite.rename(tmp_path / "a.db"))
    assert "accounts" in raw(duck.rename(tmp_path / "b.db"))


@pytest.mark.parametrize(
    ("kind", "short", "visits", "rows"),
    [
        ("duckdb", "account_id < 1000", "log.visits", [["accounts", 1], ["logins", 1], ["phones", 1]]),
        ("sqlite", "length(account_id) < 3", "visits", [["accounts", 2], ["logins", 1]]),
        ("postgres", "length(account_id) < 3", "log.visits", [["accounts", 1], ["logins", 1]]),
    ],
)
def test_a_mapping_gives_sql_and_tables(duck, lite, request, kind, short, visits, rows):
    source = filled(request.getfixturevalue("postgres")) if kind == "postgres" else {"duckdb": duck, "sqlite": lite}[kind]
    accounts = {"sql": f"SELECT account_id, created_at FROM accounts WHERE {short};"}
    market = load(source, mapping={"accounts": accounts, "logins": {"from": visits, "account_id": "who"}}, tz="UTC")
    assert market.report.tables[["table", "rows_in"]].values.tolist() == rows
    assert market.kinds[0] == "ip"
    assert "SELECT" not in str(market.report)


@pytest.mark.parametrize("kind", ["duckdb", "sqlite", "postgres"])
@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE accounts", "SELECT 1; DROP TABLE accounts", "SELECT nope FROM accounts", "SELEC", "", "SELECT 1) TO PROGRAM 'touch /tmp/x' --", "DELETE FROM accounts",
        "COPY (SELECT 1) TO 'out.csv'", "UPDATE accounts SET account_id = '312 555 2368' RETURNING account_id", "SELECT '312 555 2368'::BIGINT",
        "SELECT CAST('312 555 2368' AS INTEGER) FROM accounts WHERE nope",
    ],
)  # fmt: skip
def test_a_query_that_fails_or_is_none_is_told_and_nothing_is_changed(duck, lite, tmp_path, request, monkeypatch, kind, sql):
    monkeypatch.chdir(tmp_path)
    source = filled(request.getfixturevalue("postgres")) if kind == "postgres" else {"duckdb": duck, "sqlite": lite}[kind]
    before = tables(raw(source))
    if sql:
        with pytest.raises((SourceError, UsageError)) as caught:
            raw(source, {"q": sql})
        assert "\n" not in str(caught.value)
        assert "312" not in str(caught.value)
    assert tables(raw(source)) == before
    assert not (tmp_path / "out.csv").exists()


VISITS = (
    "CREATE TABLE accounts AS SELECT 'A1' AS account_id, CAST('2024-01-01' AS DATE) AS created_at",
    "CREATE TABLE visits AS SELECT 'A1' AS who, '11.2.3.' || n AS ip, 'd7f0c2a9' || n AS device_id, CAST('2024-01-01' AS TIMESTAMP) + n * INTERVAL '10 day' AS seen "
    "FROM generate_series(1, 9) AS g(n)",
    "CREATE TABLE identifiers AS SELECT 'A1' AS account_id, 'phone' AS kind, '312 555 2368' AS value UNION ALL SELECT 'A1', 'E-Mail', 'ana@mail.example' "
    "UNION ALL SELECT 'A1', 'card', 'fp_7Qd81kLm2'",
)


@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_a_database_gives_only_the_columns_and_rows_that_are_asked_for(tmp_path, request, monkeypatch, kind):
    if kind == "postgres":
        import psycopg

        source = request.getfixturevalue("postgres")
        with psycopg.connect(source, autocommit=True) as db:
            db.execute("DROP TABLE IF EXISTS accounts, identifiers, visits; DROP SCHEMA IF EXISTS log CASCADE")
            for sql in VISITS:
                db.execute(sql)
    else:
        source = tmp_path / "market.duckdb"
        with duckdb.connect(str(source)) as db:
            for sql in VISITS:
                db.execute(sql)
    came = {}
    take_out = gate.Cards.take_out

    def looked(cards, brought):
        brought = list(brought)
        came.update({one.name: cards.db.execute(f"SELECT * EXCLUDE (__row, __fault) FROM {one.view}").fetchall() for one, _ in brought})
        return take_out(cards, brought)

    monkeypatch.setattr(gate.Cards, "take_out", looked)
    mapping = {"logins": {"from": "visits", "account_id": "who", "at": "seen"}}
    part = load(source, mapping=mapping, tz="UTC", kinds=["ip", "email"], as_of="2024-02-01")
    # a day more than was asked for may come
    assert came["visits"] == [("A1", f"11.2.3.{n}", None, f"2024-01-{1 + 10 * n} 00:00:00") for n in (1, 2, 3)]
    assert [row[1] for row in came["identifiers"]] == ["E-Mail"]
    whole = as_of(load(source, mapping=mapping, tz="UTC"), "2024-02-01")
    asked = (
        "SELECT i.kind, i.class, s.first_at FROM seen s JOIN identifier i ON i.code = s.value WHERE i.kind IN ('ip', 'email') ORDER BY ALL"
    )
    found = part.db.execute(asked).fetchall()
    assert found == whole.db.execute(asked).fetchall()
    assert len(found) == 4


def test_a_database_without_a_known_table_names_those_that_it_has(duck, lite):
    with duckdb.connect(str(duck)) as db:
        db.execute("DROP TABLE accounts; DROP VIEW phones")
    with pytest.raises(SourceError, match=r"'market.duckdb' holds no table that is known here, it has 'log.visits'; name yours"):
        load(duck)


def test_what_is_no_database_is_told(tmp_path, duck):
    (tmp_path / "a.duckdb").write_bytes(b"junk" * 999)
    (tmp_path / "b.db").write_bytes(b"SQLite format 3\0" + b"junk" * 999)
    for source, words in (
        ("a.duckdb", "is no database that can be read here, or is damaged"), ("b.db", "is no SQLite database"), ("c.duckdb", "there is no database file"),
    ):  # fmt: skip
        with pytest.raises(SourceError, match=words):
            load(tmp_path / source)
    held = duckdb.connect(str(duck))
    with pytest.raises(SourceError, match=r"'market.duckdb' is open elsewhere for writing; close it there first"):
        load(duck)
    held.close()


def test_sql_for_something_that_is_no_database_is_refused():
    with pytest.raises(UsageError, match="is a query, which only a database can answer"):
        load({"accounts": pd.DataFrame({"account_id": ["A"]})}, mapping={"accounts": {"sql": "SELECT 1"}})


def filled(url):
    """The server with two accounts, as tests of the other databases have them, made anew."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as db:
        db.execute("DROP TABLE IF EXISTS accounts, identifiers, visits; DROP SCHEMA IF EXISTS log CASCADE; CREATE SCHEMA log")
        db.execute(
            "CREATE TABLE accounts (account_id TEXT, created_at TIMESTAMPTZ, amount NUMERIC, yes BOOLEAN, raw BYTEA, list INT[], note TEXT)"
        )
        db.execute("SET TIME ZONE 'America/Chicago'")
        db.execute(
            f"INSERT INTO accounts VALUES ('{LONG}', '2024-01-01 10:00:00+00', 12345678901234567890.1234, true, '\\xff', '{{1,2}}', E'a,\"b\"\\n\\\\N')"
        )
        db.execute("INSERT INTO accounts VALUES ('A2', NULL, NULL, false, NULL, NULL, '')")
        db.execute("CREATE TABLE log.visits AS SELECT 'A2' AS who, '11.20.30.40'::INET AS ip, TIMESTAMP '2024-01-01 00:00:00' AS at")
    return url


def test_a_postgresql_server_gives_every_digit_zone_and_letter(postgres):
    found = raw(filled(postgres))
    assert tables(found)["accounts"] == (
        "PostgreSQL: accounts", ("account_id", "created_at", "amount", "yes", "raw", "list", "note"),
        [(str(LONG), "2024-01-01 10:00:00+00", "12345678901234567890.1234", "t", "\\xff", "{1,2}", 'a,"b"\n\\N'), ("A2", None, None, "f", None, None, None)],
    )  # fmt: skip
    assert len(found["accounts"][0].sha256) == 64
    assert raw(postgres)["accounts"][0].sha256 == found["accounts"][0].sha256


def test_a_market_in_postgresql_is_loaded_and_its_local_times_need_a_zone(postgres):
    market = load(filled(postgres), mapping={"logins": {"from": "log.visits", "account_id": "who"}}, tz="America/Chicago")
    assert market.accounts["account_id"].tolist() == [str(LONG), "A2"]
    assert market.accounts["created_at"].tolist()[0] == pd.Timestamp("2024-01-01T10:00Z")
    assert market.db.execute("SELECT first_at::VARCHAR FROM seen").fetchall() == [("2024-01-01 06:00:00",)]
    assert "ana" not in repr(market.settings) + str(market.report)


def test_many_rows_of_postgresql_stream_in_order(postgres):
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute(
            "DROP TABLE IF EXISTS accounts; CREATE TABLE accounts AS SELECT 'A' || n AS account_id FROM generate_series(1, 200000) n"
        )
    rows = raw(postgres)["accounts"][1]
    assert rows == [(None, f"A{n}") for n in range(1, 200_001)]


def test_duckdb_reads_postgresql_where_its_extension_is_and_psycopg_gives_the_same_bytes(postgres, monkeypatch):
    if server._with_extension() is None:
        needs("a package with DuckDB's extension for PostgreSQL", duckdb.__version__ >= "2")
        pytest.skip("no package holds the extension for this release of DuckDB")
    filled(postgres)
    rows = (
        "SELECT *, ROW(NULL, NULL) AS none, 'ab  '::CHAR(5) AS padded, 0.1::FLOAT8 AS float, '{}'::JSONB AS json, NULL::INT AS nothing, "
        '\'{"x,\\"y",NULL}\'::TEXT[] AS texts FROM accounts, log.visits -- all of them'
    )
    monkeypatch.setattr(server, "_psycopg", None)
    by_duckdb = raw(postgres, {"rows": rows})
    monkeypatch.undo()
    monkeypatch.setattr(server, "_with_extension", lambda: None)
    by_psycopg = raw(postgres, {"rows": rows})
    assert by_duckdb == by_psycopg
    assert {name: len(rows) for name, (_, rows) in by_duckdb.items()} == {"accounts": 2, "log.visits": 1, "rows": 2}


def test_ten_megabytes_in_one_cell_of_postgresql_are_read(postgres):
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute("DROP TABLE IF EXISTS accounts; CREATE TABLE accounts AS SELECT 'A' AS account_id, repeat(E'a,b\n', 2500000) AS note")
    assert [len(row[2]) for row in raw(postgres)["accounts"][1]] == [10_000_000]


def test_a_server_that_is_not_there_is_told_without_name_or_password():
    pytest.importorskip("psycopg")
    with pytest.raises(SourceError) as caught:
        load("postgresql://ana:secret@127.0.0.1:1/market")
    assert str(caught.value) == "the PostgreSQL server does not let us in; try the same address in psql, which tells why"


def test_without_the_extra_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SourceError, match=r"needs psycopg; install it with: pip install 'tnskit\[postgres\]'"):
        load("postgresql://ana@localhost/market")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "accounts.arrow").write_bytes(os.urandom(9))
    with pytest.raises(SourceError, match=r"needs pyarrow; install it with: pip install 'tnskit\[arrow\]'"):
        load(tmp_path)
