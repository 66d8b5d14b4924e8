import pandas as pd
import pytest

from tests.markets import market, seen
from tnskit.cleaning.market import load, open_database
from tnskit.cleaning.moments import look
from tnskit.errors import TableError


def read(cells, *, tz="UTC", region="US"):
    """What each cell means, and what was found."""
    db, _ = open_database()
    db.register("_cells", pd.DataFrame({"row": range(1, len(cells) + 1), "at": pd.Series(cells, dtype=object)}))
    # a column of nothing but empty cells is one of numbers to DuckDB 1.4
    db.execute('CREATE TABLE cells AS SELECT row, "at"::VARCHAR AS "at" FROM _cells')
    told = look(db, "logins", "cells", "at", tz=tz, region=region)
    moments = [
        None if one is None else str(one)
        for (one,) in db.execute(f"SELECT {told.sql(chr(34) + 'at' + chr(34))} FROM cells ORDER BY row").fetchall()
    ]
    return moments, [str(one) for one in told.findings]


NOON = "2024-07-01 12:00:00"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2024-07-01T12:00:00Z", NOON), ("2024-07-01 12:00:00-05:00", "2024-07-01 17:00:00"), ("2024-07-01 12:00:00+0000", NOON),
        ("2024-07-01 14:00+02", NOON), ("2024-07-01T12:00:00.123456789Z", "2024-07-01 12:00:00.123456"), ("2024-07-01t12:00:00 utc", None),
        ("2024-07-01 12:00:00 UTC", NOON), ("2024-07-01 12:00:00 +00:00", NOON), ("2024-07-01 14:00:00 +0200", NOON), ("2024-07-01 07:00:00 CDT", NOON),
        ("2024-07-01", "2024-07-01 00:00:00"), ("2024/07/01", "2024-07-01 00:00:00"), ("20240701", "2024-07-01 00:00:00"),
        ("20240701T120000Z", NOON), ("2024-7-1 12:00", NOON), ("2024/07/01 12:00:00", NOON), ("2024-07-01 12:00:00,5", NOON + ".500000"),
        ("1719835200", NOON), ("1719835200.5", NOON + ".500000"), ("1719835200000", NOON), ("1719835200000000", NOON), ("1719835200000000000", NOON),
        ("7/1/2024 12:00", NOON), ("07/01/2024 12:00:00", NOON), ("7/1/2024 12:00:00 PM", NOON), ("7/1/24 12:00 pm", NOON), ("7/1/2024, 12:00:00 PM", NOON),
        ("7-1-2024 12:00", NOON), ("7/1/2024 12:00:00.250", NOON + ".250000"), ("7/1/2024 12:00:00 p. m.", NOON), ("7/1/2024 07:00:00 -0500", NOON),
        ("01.07.2024 12:00", NOON), ("01-Jul-2024 12:00:00", NOON), ("1 July 2024", "2024-07-01 00:00:00"), ("Jul 1, 2024 12:00 PM", NOON),
        ("01-ago-2024", "2024-08-01 00:00:00"), ("Mon, 01 Jul 2024 14:00:00 +0200", NOON), ("01JUL2024:12:00:00", NOON),
        ("soon", None), ("2024-13-01", None), ("2024-02-30T00:00:00Z", None), ("12:00", None), ("1.8E+10", None), ("infinity", None), ("epoch", None),
        ("1970-01-01T00:00:00Z", None), ("1970-01-01", None), ("1969-12-31T19:00:00-05:00", None), ("1900-01-01", None), ("0001-01-01", None), ("9999-12-31", None),
    ],
)  # fmt: skip
def test_a_moment_is_read_as_it_is_written(text, means):
    assert read([text])[0] == [means]
    # and also where the column is written in many ways
    assert read(["2024-07-01T12:00:00Z", text, "2024-07-01", "2024-07-01 12:00", "Jul 1, 2024", "1719835200"])[0][1] == means


def test_empty_cells_stay_empty():
    assert read([None, None])[0] == [None, None]


@pytest.mark.parametrize(
    ("cells", "region", "first", "says"),
    [
        (["3/4/2024", "12/25/2024"], "US", "2024-03-04 00:00:00", []),
        (["3/4/2024", "25/12/2024"], "US", "2024-04-03 00:00:00", ["logins.at: 2 dates of the form 3/4/2024, read with the day first because some have no month otherwise"]),
        (["3/4/2024", "25/12/2024"], "MX", "2024-04-03 00:00:00", []),
        (["3/4/2024", "12/25/2024"], "BR", "2024-03-04 00:00:00", ["logins.at: 2 dates of the form 3/4/2024, read with the month first because some have no month otherwise"]),
        (["3/4/2024"], "US", "2024-03-04 00:00:00", ["logins.at: 1 date of the form 3/4/2024, read with the month first as is usual in region US; the column itself does not tell"]),
        (["3/4/2024", "12/25/2024", "25/12/2024"], "US", "2024-03-04 00:00:00", ["logins.at: 3 dates of the form 3/4/2024, read with the month first as is usual in region US; some in the column have the month first and some the day"]),
    ],
)  # fmt: skip
def test_a_column_shows_whether_the_day_or_the_month_comes_first(cells, region, first, says):
    moments, told = read(cells, region=region)
    assert (moments[0], told) == (first, says)


def test_letters_for_a_zone_are_read_only_where_they_mean_one():
    assert read(["2024-07-01 07:00:00 CST"], region="MX")[0] == [None]


def test_local_times_that_happened_twice_or_never_are_told_with_their_rows():
    cells = [
        "2024-11-03 01:30:00",
        "2024-11-03 02:00:00",
        "2024-03-10 02:30:00",
        "2024-03-10 03:00:00",
        "2024-11-03 01:00:00",
        "2024-11-03 00:59:59",
    ]
    moments, told = read(cells, tz="America/Chicago")
    assert moments == [
        "2024-11-03 07:30:00",
        "2024-11-03 08:00:00",
        "2024-03-10 08:30:00",
        "2024-03-10 08:00:00",
        "2024-11-03 07:00:00",
        "2024-11-03 05:59:59",
    ]
    assert told == [
        "logins.at: 1 local time never happened in America/Chicago, when clocks were set forward; the clock before the change was taken (row 3)",
        "logins.at: 2 local times happened twice in America/Chicago, when clocks were set back; the later of the two was taken (rows 1, 5)",
        "logins.at: 6 times without a zone were read in America/Chicago",
    ]  # fmt: skip


def test_the_same_times_with_a_zone_are_nothing_to_tell():
    assert read(["2024-11-03T01:30:00-05:00", "2024-03-10T02:30:00Z"], tz="America/Chicago")[1] == []


def test_a_zone_whose_clocks_are_never_changed_has_no_such_times():
    assert read(["2024-11-03 01:30:00"], tz="America/Phoenix")[1] == ["logins.at: 1 time without a zone was read in America/Phoenix"]


def test_an_odd_way_of_writing_counts_as_local_too():
    assert "never" in read(["3/10/2024 2:30 AM"], tz="America/Chicago")[1][1]


def test_a_spike_at_midnight_is_told_and_plain_days_are_not():
    midnights = [f"2024-05-{day:02} 00:00:00Z" for day in range(1, 31)]
    assert read(midnights)[1] == ["logins.at: 30 of 30 times are exactly 00:00:00: days rather than times"]
    assert read([text[:10] for text in midnights])[1] == []
    assert read([text.replace("00:00:00", "00:00:07") for text in midnights])[1] == []
    assert read([*midnights[:19], *(f"2024-05-01T10:{minute:02}:00Z" for minute in range(60))])[1] == []


def test_times_with_and_without_a_zone_in_one_column_are_told():
    told = read(["2024-07-01T12:00:00Z", "2024-07-01 12:00:00", "2024-07-01"], tz="America/Chicago")[1]
    assert told == ["logins.at: 1 time without a zone was read in America/Chicago, beside 1 with a zone and 1 without a time of day"]


@pytest.mark.parametrize("text", ["2024-07-01T12:00:00", "7/1/2024 12:00 PM", "01-Jul-2024 12:00"])
def test_times_without_a_zone_are_refused_unless_it_is_told(text):
    rows = [{"account_id": "A", "created_at": "2024-01-01"}, {"account_id": "B", "created_at": text}]
    with pytest.raises(TableError, match=r"table 'accounts' has 1 times without a zone in 'created_at' \(first in row 2\)"):
        market(rows, tz=None)
    assert market(rows, tz="America/Chicago").accounts["created_at"].tolist()[1] == pd.Timestamp("2024-07-01T17:00Z")


def test_days_and_moments_with_a_zone_need_none():
    m = market("A", identifiers=seen("A phone 312_555_2368 2024-07-01 2024-07-02T00:00:00Z"), tz=None)
    assert m.db.execute("SELECT first_at::VARCHAR, last_at::VARCHAR FROM seen").fetchall() == [
        ("2024-07-01 00:00:00", "2024-07-02 00:00:00")
    ]


def test_a_day_column_is_a_day_in_every_zone():
    m = load({"accounts": pd.DataFrame({"account_id": ["A"]}), "pro_profiles": pd.DataFrame({"account_id": ["A"], "insurance_expiry": ["12/31/2025 23:30"]})},
             tz="Asia/Tokyo")  # fmt: skip
    assert m.db.execute("SELECT insurance_expiry::VARCHAR FROM vault.pro_profiles").fetchall() == [("2025-12-31",)]
