import gzip

import pandas as pd
import pytest

from tnskit.cleaning.market import load
from tnskit.cleaning.sources import texts
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
        ({"accounts__parquet": b"not parquet"}, "not a Parquet file"),
        ({"accounts__xlsx": b"not excel"}, "not an Excel workbook"),
        ({"accounts__csv_gz": b"not gz"}, "not a whole .gz file"),
        ({"accounts": HEADER, "accounts__csv_gz": gzip.compress(HEADER.encode())}, "are the same table"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(tmp_path, files, words):
    with pytest.raises(SourceError, match=words) as caught:
        load(folder(tmp_path, **files))
    assert "\n" not in str(caught.value)


def test_a_missing_folder_is_told(tmp_path, monkeypatch):
    with pytest.raises(SourceError, match=r"there is no file or folder '[^']+'; give"):
        load(tmp_path / "nowhere")
    tmp_path.joinpath("work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    with pytest.raises(SourceError, match=r"no file or folder '\.\./nowhere' in the folder 'work', where this runs; give"):
        load("../nowhere")


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


def test_an_optional_table_that_cannot_be_read_is_set_aside_row_by_row_and_the_others_are_read(tmp_path):
    folder(
        tmp_path,
        accounts=HEADER + "A1,Ana\n",
        phones="account_id,extension\nA1,12\nA1,13\n",
        reviews="",
        emails="account_id,email\nA1,ana@mail.example\n",
    )
    market = load(tmp_path)
    assert market.report.tables[["table", "rows_in", "kept"]].values.tolist() == [
        ["accounts", 1, 1],
        ["emails", 1, 1],
        ["phones", 2, 0],
        ["reviews", 0, 0],
    ]
    why = "the export has no such column, and no row says anything without it"
    assert market.rejected.values.tolist() == [["phones", 1, "phone_raw", why], ["phones", 2, "phone_raw", why]]
    assert "reviews.csv is empty; it has not even column names" in market.report.notes


def test_a_table_that_a_mapping_tells_has_to_have_its_columns(tmp_path):
    folder(tmp_path, accounts=HEADER + "A1,Ana\n", calls="account,extension\nA1,12\n")
    with pytest.raises(TableError, match=r"calls\.csv lacks the column 'phone_raw'"):
        load(tmp_path, mapping={"phones": {"from": "calls", "account_id": "account"}})


def test_a_header_without_rows_is_an_empty_market(tmp_path):
    market = load(folder(tmp_path, accounts=HEADER))
    assert len(market) == 0
    assert market.rejected.empty


def test_a_cell_with_line_breaks_delimiters_and_quotes_stays_one_cell(tmp_path):
    name = 'He said "hi",\nthen; left'
    folder(tmp_path, accounts=pd.DataFrame({"account_id": ["A1"], "display_name": [name]}).to_csv(index=False))
    assert load(tmp_path).db.execute("SELECT display_name FROM vault.accounts").fetchall() == [(name,)]


def test_a_bare_frame_and_an_empty_dict_are_refused():
    with pytest.raises(SourceError, match="a bare frame has no table name"):
        load(pd.DataFrame({"account_id": ["A"]}))
    with pytest.raises(SourceError, match="the dict of tables is empty"):
        load({})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (5, "a value of type int is no source"), (None, "a value of type NoneType is no source"), (["a.csv"], "a value of type list is no source"),
        ("account_id,name\nA1,x\n" * 999, "that is no path"), ("\0", "that is no path|there is no file"), ("https://x.example/a.csv", "download the file first"),
        ("s3://bucket/a.csv", "download the file first"), ("nowhere/*.csv", "no file fits the pattern 'nowhere/\\*.csv'"), ("call 312-555-2368.csv", "a name of 21 characters"),
    ],
)  # fmt: skip
def test_what_is_no_source_is_told(source, words):
    with pytest.raises(SourceError, match=words) as caught:
        load(source)
    assert "555" not in str(caught.value)


def parts(folder, *rows, ending="csv"):
    folder.mkdir(parents=True, exist_ok=True)
    for place, frame in enumerate(rows):
        frame = pd.DataFrame(frame)
        if ending == "parquet":
            frame.to_parquet(folder / f"part-{place}.parquet")
        else:
            (folder / f"part-{place}.csv").write_text(frame.to_csv(index=False))
    return folder


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("how", ["folder in a folder", "pattern", "dict", "folder with an ending", "mapping"])
def test_parts_of_a_large_table_are_one_table(tmp_path, ending, how):
    """A later part may have another column, and ids of another type."""
    folder = parts(tmp_path / "export" / "accounts", {"account_id": ["A1", "A2"]}, {"account_id": [3], "country": ["MX"]}, ending=ending)
    mapping = None
    if how == "folder in a folder":
        source = tmp_path / "export"
    elif how == "pattern":
        source = f"{folder}/part-*.{ending}"
    elif how == "dict":
        source = {"accounts": f"{folder}/part-*.{ending}"}
    elif how == "mapping":
        source, mapping = folder, {"accounts": {"from": "part-*"}}
    else:
        source = folder.rename(tmp_path / "accounts.parquet")
    m = load(source, mapping=mapping)
    assert m.accounts[["account_id", "country"]].astype(object).where(m.accounts[["account_id", "country"]].notna(), None).values.tolist() == [
        ["3", "MX"], ["A1", None], ["A2", None],
    ]  # fmt: skip
    (told,) = m.report.tables.to_dict("records")
    assert (told["rows_in"], told["file"][-9:], len(told["sha256"])) == (3, "(2 files)", 64)


def test_rows_of_parts_are_counted_through(tmp_path):
    parts(tmp_path / "accounts", {"account_id": ["A", "B"]}, {"account_id": ["A", None], "x": [1, 2]})
    m = load(tmp_path)
    assert m.rejected[["row", "why"]].values.tolist() == [
        [3, "an exact repeat of row 1"],
        [4, "empty, and the row says nothing without it"],
    ]
    assert "rows are counted through the files in the order of their names" in str(m.report)


def test_files_that_nothing_asks_for_are_not_read_but_told(tmp_path):
    folder(tmp_path, accounts=HEADER + "A,x\n", readme__txt=b"", notes__csv=b"\x89PNG", phones_old__csv="account_id,phone_raw\nA,1\n")
    m = load(tmp_path)
    assert "readme.txt was not used" in str(m.report)
    assert "notes.csv was not used" in str(m.report)


def test_a_dict_may_name_files(tmp_path):
    folder(tmp_path, people="account_id\nA\n", tel__jsonl='{"account_id": "A", "phone_raw": "312 555 2368"}')
    m = load({"accounts": tmp_path / "people.csv", "phones": str(tmp_path / "tel.jsonl")})
    assert m.kinds == ("phone",)
    assert m.report.tables["file"].tolist() == ["people.csv", "tel.jsonl"]


def test_names_may_be_written_with_capital_letters():
    m = load({"Accounts": pd.DataFrame({"Account_ID": ["A"]}), "Phones": pd.DataFrame({"ACCOUNT_ID": ["A"], "Phone": ["312 555 2368"]})})
    assert m.kinds == ("phone",)


def test_a_raw_identifier_in_a_name_is_never_shown(tmp_path):
    text = "account_id,name,312 555 2368,jo.smith@mail.example\nA,x,1,2\n"
    folder(tmp_path, accounts=text)
    (tmp_path / "accounts.csv").rename(tmp_path / "accounts.415-555-2671.csv")
    m = load(tmp_path)
    told = str(m.report) + m.report._repr_html_() + m.report.tables.to_csv()
    assert [raw for raw in ("2368", "smith", "2671") if raw in told] == []
    assert "not used were the columns '[a name of 12 characters that holds a phone number]'" in told
