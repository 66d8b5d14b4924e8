import csv
import gzip
import io
import random

import pytest

from tests.cleaning.raw import cells, only
from tnskit.errors import SourceError

HEADER = "account_id,name,city\n"
PLAIN = [("A1", "x", "y"), ("A2", "x", "y")]


def written(path, text, name="accounts.csv"):
    (path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return path / name


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (HEADER + "A1,x,y\nA2,x,y\n", PLAIN), (HEADER + "A1,x,y\nA2,x,y", PLAIN), ("\n\n" + HEADER + "A1,x,y\n\n\nA2,x,y\n", PLAIN),
        ((HEADER + "A1,x,y\nA2,x,y\n").replace("\n", "\r\n"), PLAIN), ((HEADER + "A1,x,y\nA2,x,y\n").replace("\n", "\r"), PLAIN),
        (HEADER + "A1,x,y\r\nA2,x,y\n", PLAIN), (HEADER + "A1,x,y\rA2,x,y\r\n", PLAIN), (HEADER + "A1,x,y,\nA2,x,y,,\n", PLAIN),
        (HEADER + 'A1,"x, z",y\n', [("A1", "x, z", "y")]), (HEADER + 'A1,"say ""hi""",y\n', [("A1", 'say "hi"', "y")]),
        (HEADER + 'A1,x "hi" z,y\n', [("A1", 'x "hi" z', "y")]), (HEADER + 'A1,"x "hi" z",y\n', [("A1", 'x "hi" z', "y")]),
        (HEADER + 'A1,"x"z,y\nA2,x,y\n', [("A1", '"x"z', "y"), ("A2", "x", "y")]), (HEADER + 'A1, "x,z" ,y\n', [("A1", "x,z", "y")]),
        (HEADER + 'A1,"x\nfoo\n\nbar",y\nA2,x,y\n', [("A1", "x\nfoo\n\nbar", "y"), ("A2", "x", "y")]),
        (HEADER + 'A1,"x\nfoo\nbar"\nA2,x,y\n', [("A1", "x\nfoo\nbar", None), ("A2", "x", "y")]),
        (HEADER + 'A1,"12"" pipe",y\n', [("A1", '12" pipe', "y")]), (HEADER + 'A1,"",\nA2,\\N,y\n', [("A1", None, None), ("A2", None, "y")]),
        (HEADER + "A1,x\x00z,y\n", [("A1", "x\x00z", "y")]), (HEADER + "A1,=1+1,y\n", [("A1", "=1+1", "y")]), (HEADER, []),
        ("account_id\nA1\nA2\n", [("A1",), ("A2",)]), ('"account\nid",b\n1,2\n', [("1", "2")]),
    ],
)  # fmt: skip
def test_a_csv_is_read_as_it_is_meant(tmp_path, text, rows):
    assert cells(written(tmp_path, text)) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # never closed
        (HEADER + 'A1,"x,y\nA2,x,y\nA3,x,y\n', [("A1", '"x', "y"), ("A2", "x", "y"), ("A3", "x", "y")]),
        # closed in another row, so that three rows would be one
        (HEADER + 'A1,"x,y\nA2,x,y\nA3,x",y\n', [("A1", '"x', "y"), ("A2", "x", "y"), ("A3", 'x"', "y")]),
        # with an honest cell of two lines behind it, a quoted cell, a mark for inches, a row too short
        (HEADER + 'A1,"x,y\nA2,"two\nlines",y\n', [("A1", '"x', "y"), ("A2", "two\nlines", "y")]),
        (HEADER + 'A1,"x,y\nA2,"a, b",y\n', [("A1", '"x', "y"), ("A2", "a, b", "y")]),
        (HEADER + 'A1,"x,y\nA2,5" pipe,y\nA3,5",y\n', [("A1", '"x', "y"), ("A2", '5" pipe', "y"), ("A3", '5"', "y")]),
        (HEADER + 'A1,"x,y\nA2,"a",y\nA3\n', [("A1", '"x', "y"), ("A2", "a", "y"), ("A3", None, None)]),
        (HEADER + 'A1,"a, b","x\nA2,x,y\n', [("A1", "a, b", '"x'), ("A2", "x", "y")]),
        # each line opens one
        (HEADER + "".join(f'A{n},"x,y\n' for n in range(5)), [(f"A{n}", '"x', "y") for n in range(5)]),
        # and in the last cell of the file
        (HEADER + 'A1,x,y\nA2,x,"y', [("A1", "x", "y"), ("A2", "x", '"y')]),
    ],
)
def test_a_quote_that_is_never_closed_swallows_no_row(tmp_path, text, rows):
    source, found = only(written(tmp_path, text))
    assert [row[1:] for row in found] == rows
    assert "opened and never closed" in " ".join(source.notes)


def test_an_honest_cell_of_many_lines_stays_one_cell(tmp_path):
    text = 'Dear all,\nfirst, second, third\n\nhe said: "yes, no"\nbye,\nAna'
    held = io.StringIO()
    csv.writer(held).writerows([["account_id", "note", "city"], ["A1", text, "Austin"], ["A2", "x", "y"]])
    assert cells(written(tmp_path, held.getvalue())) == [("A1", text, "Austin"), ("A2", "x", "y")]


def test_rows_too_long_have_a_fault_and_rows_too_short_are_told(tmp_path):
    source, rows = only(written(tmp_path, HEADER + "A1,x,y,4111\nA2\nA3,x,y\n"))
    assert rows == [("more cells than the header has columns", "A1", "x", "y"), (None, "A2", None, None), (None, "A3", "x", "y")]
    assert source.faults
    assert source.notes == ("accounts.csv: 1 row has fewer cells than the header; those missing were taken as empty",)


@pytest.mark.parametrize("mark", list(",;\t|~^:\x01§¦"))
def test_what_stands_between_cells_is_found(tmp_path, mark):
    text = f"account_id{mark}name\nA1{mark}x\nA2{mark}y\n"
    assert cells(written(tmp_path, text)) == [("A1", "x"), ("A2", "y")]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("account_id;name, full;city\nA1;Ruiz, Ana;x\n", [("A1", "Ruiz, Ana", "x")]), ('a,"b;c;d;e",f\n1,2,3\n', [("1", "2", "3")]),
        ("account_id\nA:1\nB~2\n", [("A:1",), ("B~2",)]), ("sep=|\na|b\n1|2\n", [("1", "2")]), ("sep=;\r\na;b\r\n1;2\r\n", [("1", "2")]),
        ("time of day: local\n10:00\n11:00\n", [("10:00",), ("11:00",)]),
    ],
)  # fmt: skip
def test_a_mark_inside_the_cells_is_no_mark(tmp_path, text, rows):
    assert cells(written(tmp_path, text)) == rows


def test_column_names_are_made_distinct_and_an_empty_name_gets_its_place(tmp_path):
    source, rows = only(written(tmp_path, "Name,name,,NAME\n1,2,3,4\n"))
    assert source.columns == ("Name", "name_2", "column2", "NAME_3")
    assert rows == [(None, "1", "2", "3", "4")]


@pytest.mark.parametrize("name", ["a[1].csv", "a*b.csv", "a?.csv", "ünï.csv", "with space.csv", "it's.csv"])
def test_a_file_may_be_called_anything(tmp_path, name):
    written(tmp_path, HEADER + "A0,no,no\n", "a1.csv")
    assert cells(written(tmp_path, HEADER + "A1,x,y\n", name)) == [("A1", "x", "y")]


@pytest.mark.parametrize(
    "first", ["A1,312 555 2368,2024-01-01 10:00", "jo@mail.example,2024-05-01,3125552368", "2024-01-01;11.20.30.40;4111111111111111"]
)
def test_a_file_without_column_names_is_refused_without_showing_its_first_row(tmp_path, first):
    with pytest.raises(SourceError) as caught:
        only(written(tmp_path, f"{first}\n{first}\n"))
    assert str(caught.value) == "'accounts.csv' begins with a row of data; its first line should name the columns"


def test_a_line_without_end_is_refused(tmp_path):
    with pytest.raises(SourceError, match="holds a line of more than 64 million characters"):
        only(written(tmp_path, HEADER + 'A1,"' + "x" * (70 << 20)))


def test_ten_megabytes_in_one_cell_are_read(tmp_path):
    long = "line, with comma\n" * 600_000
    rows = cells(written(tmp_path, HEADER + f'A1,"{long}",y\nA2,x,y\nA3,{"z" * 10_000_000},y\n'))
    assert [len(row[1]) for row in rows] == [len(long), 1, 10_000_000]


def test_many_rows_in_lines_of_all_kinds_come_back_as_they_were_written(tmp_path):
    random.seed(4)
    words = ["x", "a, b", 'say "hi"', "two\nlines", "two\r\nlines", "", "tab\there", "ünï", '"', '""', "a;b|c", ",", "\n", "'", '5" pipe']
    rows = [[f"A{n}", random.choice(words), random.choice(words)] for n in range(20_000)]
    held = io.StringIO(newline="")
    csv.writer(held).writerows([["account_id", "name", "city"], *rows])
    packed = gzip.compress(held.getvalue().encode())
    found = cells(written(tmp_path, packed, "accounts.csv.gz"))
    assert found == [tuple(cell or None for cell in row) for row in rows]
    # and the same with one row too short, which takes the careful way
    found = cells(written(tmp_path, held.getvalue() + "short\n", "b.csv"))
    assert found == [tuple(cell.replace("\r\n", "\n") or None for cell in row) for row in rows] + [("short", None, None)]


def test_a_careful_reading_is_not_slow_where_every_line_opens_a_quote(tmp_path):
    text = HEADER + "".join(f'A{n},"x{n} y,\n' for n in range(100_000))
    assert len(cells(written(tmp_path, text))) == 100_000
