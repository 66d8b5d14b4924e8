import gzip
import json

import pandas as pd
import pytest

from tnskit.cleaning import texts
from tnskit.cleaning.market import load
from tnskit.errors import SourceError, TableError

HEADER = "account_id,display_name\n"


def folder(path, **files):
    for name, content in files.items():
        stem, _, ending = name.partition("__")
        file = path / f"{stem}.{ending.replace('_', '.') or 'csv'}"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_reads_every_kind_of_file_alike(tmp_path):
    frame = pd.DataFrame({"account_id": ["A1", "007"], "display_name": ["José", "x"]})
    text = frame.to_csv(index=False)
    made = {
        "csv": text.encode(), "csv.gz": gzip.compress(text.encode()), "tsv": frame.to_csv(index=False, sep="\t").encode(),
        "txt": frame.to_csv(index=False, sep=";").encode(), "jsonl": frame.to_json(orient="records", lines=True).encode(),
    }  # fmt: skip
    got = {}
    for ending, content in made.items():
        (where := tmp_path / ending).mkdir()
        (where / f"accounts.{ending}").write_bytes(content)
        got[ending] = load(where).accounts["account_id"].tolist()
    (tmp_path / "xlsx").mkdir()
    frame.to_excel(tmp_path / "xlsx" / "accounts.xlsx", index=False)
    got["xlsx"] = load(tmp_path / "xlsx").accounts["account_id"].tolist()
    assert got == {ending: ["007", "A1"] for ending in [*made, "xlsx"]}


def test_reads_parquet_with_numbers_and_moments(tmp_path):
    import duckdb

    duckdb.execute(f"COPY (SELECT 'A1' AS account_id, TIMESTAMPTZ '2024-05-01 10:00:00+00' AS created_at) TO '{tmp_path}/accounts.parquet'")
    assert load(tmp_path).accounts["created_at"].tolist() == [pd.Timestamp("2024-05-01T10:00Z")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_reads_the_encodings_of_spreadsheets(tmp_path, encoding):
    folder(tmp_path, accounts=(HEADER + "A1,José\n").encode(encoding))
    market = load(tmp_path)
    assert market.db.execute("SELECT display_name FROM vault.accounts").fetchall() == [("José",)]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "holds no export"),
        ({"accounts": b""}, "is empty"),
        ({"accounts": b"\x81\x8d\x8f\x90" * 40}, "not text in any encoding"),
        ({"accounts__parquet": b"not parquet"}, "not a Parquet file"),
        ({"accounts__xlsx": b"not excel"}, "not an Excel workbook"),
        ({"accounts__csv_gz": b"not gz"}, "not a whole .gz file"),
        ({"accounts": b"\x89PNG\r\n\x1a\n" + b"0" * 99}, "is not text"),
        ({"accounts": b"\x00" * (2 << 20)}, "no line of column names in its first megabyte"),
        ({"accounts": HEADER, "accounts__csv_gz": gzip.compress(HEADER.encode())}, "are the same table"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(tmp_path, files, words):
    with pytest.raises(SourceError, match=words) as caught:
        load(folder(tmp_path, **files))
    assert "\n" not in str(caught.value)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(SourceError, match="there is no file or folder"):
        load(tmp_path / "nowhere")


def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "BOMB_BYTES", 1 << 20)
    folder(tmp_path, accounts__csv_gz=gzip.compress(HEADER.encode() + b"A,x\n" * 1_000_000, 9))
    with pytest.raises(SourceError, match="unpacks to more than 100 times"):
        load(tmp_path)


def test_a_large_honest_gz_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "BOMB_BYTES", 1 << 10)
    rows = "".join(f"A{n},{n * 7919 % 99991}\n" for n in range(2_000))
    folder(tmp_path, accounts__csv_gz=gzip.compress((HEADER + rows).encode()))
    assert len(load(tmp_path)) == 2_000


def test_a_folder_without_accounts_is_refused(tmp_path):
    folder(tmp_path, phones="account_id,phone_raw\nA1,312 555 2368\n")
    with pytest.raises(TableError, match="no table 'accounts' was found, only 'phones'"):
        load(tmp_path)


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path):
    folder(tmp_path, accounts="name,town\nA,B\n")
    with pytest.raises(TableError, match=r"accounts.csv lacks the column 'account_id'; it has 'name', 'town'"):
        load(tmp_path)


def test_a_header_without_rows_is_an_empty_market(tmp_path):
    market = load(folder(tmp_path, accounts=HEADER))
    assert len(market) == 0
    assert market.rejected.empty


def test_a_cell_with_line_breaks_delimiters_and_quotes_stays_one_cell(tmp_path):
    name = 'He said "hi",\nthen; left'
    folder(tmp_path, accounts=pd.DataFrame({"account_id": ["A1"], "display_name": [name]}).to_csv(index=False))
    assert load(tmp_path).db.execute("SELECT display_name FROM vault.accounts").fetchall() == [(name,)]


def test_a_million_digit_cell_and_hostile_text_lose_no_row(tmp_path):
    hostile = [
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "'; DROP TABLE people; --",
        "{{7*7}}",
        "\u202eabc",
        "\x00b",
        "x" * 10_000_000,
    ]
    rows = [{"account_id": f"A{n}", "display_name": text} for n, text in enumerate(hostile)]
    (tmp_path / "accounts.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    market = load(tmp_path)
    assert int(market.report.tables["rows_in"].sum()) == len(hostile) == len(market) + len(market.rejected)


def test_a_bare_frame_and_an_empty_dict_are_refused():
    with pytest.raises(SourceError, match="a bare frame has no table name"):
        load(pd.DataFrame({"account_id": ["A"]}))
    with pytest.raises(SourceError, match="the dict of tables is empty"):
        load({})
