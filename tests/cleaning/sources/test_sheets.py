import datetime as dt
import zipfile

import openpyxl
import pytest

from tests.cleaning.raw import only, raw
from tnskit.cleaning.market import load
from tnskit.cleaning.sources import sheets
from tnskit.errors import SourceError


def book(path, styles=None, **tables):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in tables.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for place, style in (styles or {}).items():
            sheet[place].number_format = style
    made.save(path)
    return path


def test_cells_are_read_as_they_were_meant(tmp_path):
    rows = [
        ["id", "zip", "at", "day", "whole", "part", "yes", "empty"],
        [1042, 2139, dt.datetime(2024, 1, 1, 10), dt.datetime(2024, 1, 1), 7.0, 1.5, True, ""],
    ]
    file = book(tmp_path / "accounts.xlsx", {"B2": "00000", "D2": "m/d/yyyy"}, Sheet1=rows)
    assert only(file)[1] == [(None, "1042", "02139", "2024-01-01 10:00:00", "2024-01-01", "7", "1.5", "true", None)]


def test_midnight_with_a_time_of_day_stays_a_moment(tmp_path):
    file = book(tmp_path / "a.xlsx", {"B2": "yyyy-mm-dd hh:mm"}, s=[["id", "at"], ["A", dt.datetime(2024, 1, 1)]])
    assert only(file)[1] == [(None, "A", "2024-01-01 00:00:00")]


def test_a_long_number_that_excel_rounded_is_set_aside_by_load(tmp_path):
    file = book(tmp_path / "accounts.xlsx", s=[["account_id"], [123456789012345678.0], ["123456789012345678"]])
    market = load(file)
    assert market.accounts["account_id"].tolist() == ["123456789012345678"]
    assert "lost digits" in market.rejected["why"][0]


def test_several_sheets_are_several_tables_and_empty_ones_none(tmp_path):
    file = book(
        tmp_path / "export.xlsx", Accounts=[["account_id"], ["A"]], phones=[["account_id", "phone_raw"], ["A", "312 555 2368"]], notes=[]
    )
    found = raw(file)
    assert {name: (one.file, rows) for name, (one, rows) in found.items()} == {
        "accounts": ("export.xlsx: Accounts", [(None, "A")]), "phones": ("export.xlsx: phones", [(None, "A", "312 555 2368")]),
    }  # fmt: skip
    assert load(tmp_path).kinds == ("phone",)


def test_empty_rows_are_none_and_cells_past_the_header_are_a_fault(tmp_path):
    file = book(tmp_path / "a.xlsx", s=[[], ["id", "x"], [], ["A", 1, "more"], [None, None], ["B"]])
    assert only(file)[1] == [("more cells than the header has columns", "A", "1"), (None, "B", None)]


def test_a_title_above_the_names_of_columns_is_left_out_and_told(tmp_path):
    rows = [
        ["Members – confidential"],
        ["Run on", dt.datetime(2024, 6, 1)],
        [],
        ["Member #", "Phone", "Zip"],
        [1042, "312 555 2368", 78701],
        ["Total", 1],
    ]
    source, found = only(book(tmp_path / "a.xlsx", s=rows))
    assert (source.columns, found) == (("Member #", "Phone", "Zip"), [(None, "1042", "312 555 2368", "78701"), (None, "Total", "1", None)])
    assert source.notes == ("a.xlsx: s: the first 2 rows are a title; the names of the columns stand below",)


def test_a_formula_is_text_or_its_saved_value_and_never_runs(tmp_path):
    file = book(tmp_path / "a.xlsx", s=[["id", "x"], ["A", "=1+1"], ["B", '=HYPERLINK("http://x","y")']])
    assert only(file)[1] == [(None, "A", None), (None, "B", None)]


@pytest.mark.parametrize("content", [b"not excel", b"PK\x03\x04" + b"0" * 99, b"\xd0\xcf\x11\xe0" + b"0" * 99])
def test_what_is_no_workbook_is_told(tmp_path, content):
    (tmp_path / "accounts.xlsx").write_bytes(content)
    with pytest.raises(SourceError, match=r"'accounts.xlsx' is not an Excel workbook, or is damaged"):
        only(tmp_path / "accounts.xlsx")


def test_a_workbook_without_a_cell_is_told(tmp_path):
    with pytest.raises(SourceError, match=r"'a.xlsx' is empty"):
        only(book(tmp_path / "a.xlsx", s=[]))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "BOMB_BYTES", 1 << 20)
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (8 << 20))
    with pytest.raises(SourceError, match="unpacks to more than 200 times"):
        only(tmp_path / "a.xlsx")
