import datetime as dt
import decimal
import uuid

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pytest

from tests.cleaning.raw import only
from tnskit.cleaning.market import load
from tnskit.errors import SourceError, TableError

LONG = 123456789012345678
UTC = dt.UTC


def row(frame):
    """The first row of a frame, as text by column."""
    source, rows = only({"accounts": frame})
    return {name: cell for name, cell in zip(source.columns, rows[0][1:], strict=True) if cell is not None}


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([LONG, 2], str(LONG)), (pd.array([LONG, None], dtype="Int64"), str(LONG)), (pd.array([LONG, None], dtype="int64[pyarrow]"), str(LONG)),
        ([1042.0, None], "1042"), ([float(LONG), 1], "1.2345678901234568e+17"), ([12.5, 1], "12.5"), ([float("inf"), 1], None), (np.array([2**64 - 1], dtype="uint64"), str(2**64 - 1)),
        ([True, False], "true"), (pd.array([True, None], dtype="boolean"), "true"), ([decimal.Decimal("12.50")], "12.50"), ([dt.date(2024, 1, 1)], "2024-01-01"),
        (pd.to_datetime(["2024-01-01 10:00"]), "2024-01-01 10:00:00"), (pd.to_datetime(["2024-01-01 10:00Z"]).tz_convert("America/Chicago"), "2024-01-01 10:00:00+00"),
        ([pd.Timestamp("2024-01-01 10:00-05:00"), "x"], "2024-01-01 10:00:00-05:00"), ([b"\xff\x00"], "ff00"), ([b"abc"], "abc"), ([uuid.UUID(int=5)], str(uuid.UUID(int=5))),
        (pd.Categorical([3, 4]), "3"), (pd.Categorical(["x", None]), "x"), ([[1, "a"]], '[1, "a"]'), ([{"a": 1}], '{"a": 1}'), ([np.array([1, 2])], "[1, 2]"), ([{"b", "a"}], '["a", "b"]'),
        ([pd.NA, "x"], None), ([None, "x"], None), ([float("nan"), "x"], None), ([pd.NaT, "x"], None), ([1, "x"], "1"), (["x\x00y"], "x\x00y"), (["é"], "é"),
        (pd.Series(["\ud800"], dtype=object), "?"), (pd.Series([1.5], dtype="float16"), "1.5"), (pd.to_timedelta(["1h"]), "0 days 01:00:00"), ([1 + 2j], "(1+2j)"),
    ],
)  # fmt: skip
def test_a_cell_of_pandas_keeps_what_it_says(values, text):
    assert row(pd.DataFrame({"x": values})).get("x") == text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([LONG, None], str(LONG)), ([1042.0, None], "1042"), ([dt.datetime(2024, 1, 1, 10)], "2024-01-01 10:00:00"), ([dt.datetime(2024, 1, 1, 10, tzinfo=UTC)], "2024-01-01 10:00:00+00"),
        ([decimal.Decimal("1.10")], "1.10"), (pl.Series(["a"], dtype=pl.Categorical), "a"), ([b"\xff"], "ff"), ([True], "true"), (["é"], "é"), ([dt.date(2024, 1, 1)], "2024-01-01"),
    ],
)  # fmt: skip
def test_a_cell_of_polars_keeps_what_it_says(values, text):
    assert row(pl.DataFrame({"x": values})) == {"x": text}
    assert row(pl.LazyFrame({"x": values})) == {"x": text}


def test_polars_and_arrow_open_nested_columns():
    nested = {"st": [{"a": 1, "b": {"c": "z"}}], "l": [["x", "y"]]}
    told = {"st.a": "1", "st.b.c": "z", "l": '["x","y"]', "l.0": "x", "l.1": "y"}
    assert row(pl.DataFrame(nested)) == told
    assert row(pa.table(nested)) == told


def test_polars_needs_no_pyarrow(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    assert row(pl.DataFrame({"x": [LONG, None], "t": [dt.datetime(2024, 1, 1, tzinfo=UTC), None]})) == {
        "x": str(LONG),
        "t": "2024-01-01 00:00:00+00",
    }


def test_arrow_tables_and_files_are_read(tmp_path):
    table = pa.table({"account_id": [LONG, None], "d": pa.array([1, 2], pa.decimal128(20, 2)), "s": pa.array(["x", "y"]).dictionary_encode(),
                      "t": pa.array([1_704_103_200_000_000_000, 2], pa.timestamp("ns", "UTC"))})  # fmt: skip
    told = {"account_id": str(LONG), "d": "1.00", "s": "x", "t": "2024-01-01 10:00:00+00"}
    assert row(table) == told
    pyarrow.feather.write_feather(table, str(tmp_path / "a.feather"))
    with pa.ipc.new_stream(str(tmp_path / "b.arrow"), table.schema) as writer:
        writer.write_table(table)
    with pa.ipc.new_file(str(tmp_path / "c.arrow"), table.schema) as writer:
        writer.write_table(table)
    for name in ("a.feather", "b.arrow", "c.arrow"):
        source, rows = only(tmp_path / name)
        assert (source.file, dict(zip(source.columns, rows[0][1:], strict=True))) == (name, told)


def test_an_index_with_a_name_is_a_column():
    frame = pd.DataFrame({"name": ["x"]}, index=pd.Index(["A1"], name="account_id"))
    assert row(frame) == {"account_id": "A1", "name": "x"}
    assert list(frame.columns) == ["name"]


def test_columns_that_differ_only_by_capital_letters_stay_two():
    assert row(pd.DataFrame([[1, 2, 3]], columns=["Mail", "mail", 0])) == {"Mail": "1", "mail_2": "2", "0": "3"}


def test_a_frame_is_not_changed_by_reading_it():
    frame = pd.DataFrame({"account_id": [1042.0, None], "x": [[1], None]})
    before = frame.copy(deep=True)
    load({"accounts": frame})
    pd.testing.assert_frame_equal(frame, before)


def test_exact_decimals_that_are_whole_are_ids_and_rounded_floats_are_not():
    m = load({"accounts": pa.table({"account_id": pa.array([decimal.Decimal(LONG)], pa.decimal128(38, 10))})})
    assert m.accounts["account_id"].tolist() == [str(LONG)]
    m = load({"accounts": pd.DataFrame({"account_id": ["1042.0", "1234567890123456.0"]})})
    assert m.accounts["account_id"].tolist() == ["1042"]
    assert m.rejected["row"].tolist() == [2]


@pytest.mark.parametrize("value", [[1, 2], 5, object(), {"a": [1]}, "nowhere.csv"])
def test_what_is_no_frame_is_told(value):
    with pytest.raises(SourceError, match=r"'accounts' cannot be read; give a pandas, polars or Arrow frame|there is no file"):
        load({"accounts": value})


@pytest.mark.parametrize("frame", [pd.DataFrame(), pl.DataFrame(), pa.table({}), None, []])
def test_a_frame_without_columns_is_an_empty_table_and_accounts_may_not_be_one(frame):
    m = load({"accounts": pd.DataFrame({"account_id": ["A"]}), "phones": frame})
    assert m.report.tables[["table", "rows_in", "kept"]].values.tolist() == [["accounts", 1, 1], ["phones", 0, 0]]
    with pytest.raises(TableError, match="table 'accounts' lacks the column 'account_id'; it has none at all"):
        load({"accounts": frame})


def test_a_list_of_rows_is_a_table():
    m = load({"accounts": [{"account_id": "A"}, {"account_id": "B"}], "phones": [{"account_id": "A", "phone_raw": 3125552368}]})
    assert (len(m), m.kinds) == (2, ("phone",))


def test_a_polars_column_of_python_objects_is_told():
    with pytest.raises(SourceError, match="has a column that no Parquet file can hold"):
        load({"accounts": pl.DataFrame({"account_id": pl.Series([object()], dtype=pl.Object)})})
