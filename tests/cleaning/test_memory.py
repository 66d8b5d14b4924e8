import gc
import tempfile
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tnskit.cleaning.market import load, open_database
from tnskit.errors import UsageError

ONE = {"accounts": pd.DataFrame({"account_id": ["A"]})}


def folders():
    return {path for path in Path(tempfile.gettempdir()).glob("tnskit-*") if path.is_dir()}


@pytest.mark.parametrize("memory", ["lots", "", "0", "4", "4 parsecs", "-4GB", "80%", "4GB; DROP TABLE people", "GB", "0B", "1e9GB"])
def test_an_amount_that_is_none_is_told(memory):
    with pytest.raises(UsageError, match=r"memory '.*' is not an amount; it is written like '4GB' or '512MB'"):
        load(ONE, memory=memory)


@pytest.mark.parametrize(("memory", "limit"), [("4GB", "3.7 GiB"), ("512MB", "488.2 MiB"), ("1.5 GiB", "1.5 GiB"), ("2gb", "1.8 GiB")])
def test_an_amount_is_the_limit_of_the_market(memory, limit):
    m = load(ONE, memory=memory)
    assert m.db.execute("SELECT current_setting('memory_limit')").fetchall() == [(limit,)]


def test_the_amount_changes_nothing_in_what_is_told():
    assert load(ONE, memory="1GB").report.sha256 == load(ONE).report.sha256


def test_the_folder_for_what_does_not_fit_is_private_and_goes_away_with_the_market(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    m = load(ONE, memory="100MB")
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert m.db.execute("SELECT current_setting('temp_directory')").fetchall() == [(str(folder),)]
    m.db.execute("CREATE TABLE big AS SELECT repeat(md5(n::VARCHAR), 9) AS x FROM range(700_000) r(n)")
    assert sum(path.stat().st_size for path in folder.iterdir()) > 30 << 20
    assert [path for path in tmp_path.iterdir() if path != folder] == []
    del m
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_goes_away_where_loading_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(UsageError):
        load(ONE, memory="lots")
    with pytest.raises(UsageError):
        load(ONE, tz="Mars")
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_too_little_memory_is_told():
    db, _ = open_database("1MB")
    assert db.execute("SELECT current_setting('memory_limit')").fetchall() == [("976.5 KiB",)]
    with pytest.raises(UsageError, match="memory='1MB' is too little for this market"):
        load({"accounts": pd.DataFrame({"account_id": [f"A{n}" for n in range(300_000)]})}, memory="1MB")


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_export_larger_than_the_memory_it_may_take_is_loaded(tmp_path, ending):
    (tmp_path / "accounts.csv").write_text("account_id\n" + "".join(f"A{n}\n" for n in range(1_000)))
    rows = 700_000
    duckdb.execute(
        f"COPY (SELECT n AS message_id, 'A' || n % 1000 AS sender_account_id, '2024-01-01T00:00:00Z' AS sent_at, "
        f"repeat(md5(n::VARCHAR), 3) || md5('a' || n) || md5('b' || n) || md5('c' || n) AS body_redacted FROM range({rows}) r(n)) "
        f"TO '{tmp_path}/messages.{ending}'"
    )
    assert ending == "parquet" or (tmp_path / "messages.csv").stat().st_size > 100_000_000
    m = load(tmp_path, memory="100MB")
    assert m.report.tables[["table", "rows_in", "kept"]].values.tolist() == [["accounts", 1_000, 1_000], ["messages", rows, rows]]
    assert m.db.execute("SELECT count(DISTINCT body_redacted), min(length(body_redacted)) FROM vault.messages").fetchall() == [(rows, 192)]
