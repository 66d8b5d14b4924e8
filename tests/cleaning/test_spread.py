"""Cleaning elsewhere: what leaves this process is sealed, and what comes back is what would have been read here."""

import importlib.util

import pandas as pd
import pytest

import tnskit as tns
from tests.conftest import needs
from tnskit.cleaning import quick, spread
from tnskit.errors import EngineError, UsageError

# what Python reads, for DuckDB leaves it: numbers from abroad, two in a cell, a tag, a card number, nothing
RAW = ["+55 11 91234-5678", "312 555 2368 or 312 555 9911", "ext. 12", "4111 1111 1111 1111", "+52 55 5123 4567", "none", "🤖" * 9]


class Here:
    """Two machines that are this one."""

    def __init__(self):
        self.parcels = []

    def spread(self, work, parcels):
        parcels = list(parcels)
        made = [work(parcel) for parcel in parcels]
        self.parcels += [*parcels, *made]
        return iter(made)


@pytest.fixture
def here():
    needs("cryptography (pip install 'tnskit[spark]')", importlib.util.find_spec("cryptography"))
    return Here()


def test_values_are_read_as_they_are_here_and_nothing_of_them_is_in_a_parcel(here, monkeypatch):
    monkeypatch.setattr(quick, "CHUNK", 2)
    rows = [{"account_id": f"A{n}", "kind": "phone", "value": raw} for n, raw in enumerate(RAW)]
    ours, theirs = (tns.load({"identifiers": pd.DataFrame(rows)}, engine=engine) for engine in (None, here))
    for table in ("identifier", "seen", "set_aside", "vault.value", "vault.clean"):
        first, second = (market.db.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for market in (ours, theirs))
        assert first == second
    assert str(ours.report) == str(theirs.report)
    assert len(here.parcels) == 6
    sent = b"".join(here.parcels)
    values = [value for (value,) in ours.db.execute("SELECT raw FROM vault.value UNION SELECT clean FROM vault.clean").fetchall()]
    assert len(values) > 5
    assert not [value for value in values if value.encode() in sent]


def test_machines_with_another_version_are_refused(here, monkeypatch):
    first = spread.code_digest
    told = iter(["of another version"])
    monkeypatch.setattr(spread, "code_digest", lambda: next(told, first()))
    with pytest.raises(EngineError, match="another version of tnskit or of phonenumbers"):
        list(spread.Cleaner("US", here)("phone", [[(RAW[0],)]]))


def test_what_fails_there_is_told_without_the_value(here, monkeypatch):
    def fails(kind, raw, region):
        raise ValueError(raw)

    monkeypatch.setattr(spread, "read", fails)
    with pytest.raises(RuntimeError, match=r"^values of kind 'phone' cannot be read there \(ValueError\)$") as told:
        list(spread.Cleaner("US", here)("phone", [[(RAW[0],)]]))
    assert told.value.__context__ is None


def test_the_digest_tells_code_and_nothing_that_python_left_there():
    names = [name for name, _ in spread._files(spread.resources.files("tnskit.cleaning"), "")]
    assert {"spread.py", "kinds/phones.py", "sources/reading.py"} <= set(names)
    assert not [name for name in names if "pycache" in name]


def test_an_engine_that_cannot_clean_is_refused_before_anything_is_read():
    with pytest.raises(UsageError, match=r"an engine of type str cannot clean; give Spark\(session\), or leave it out"):
        tns.load("nowhere", engine="spark")
