"""Cleaning on Spark: the market that one machine makes, and no raw value in any file on the way."""

import importlib.util
import os
import shutil
import signal
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

import tnskit as tns
from tests.conftest import ROOT, needs
from tests.evidence.test_spark import SMALL, begun, contents, ended, raw_values
from tests.test_hostile_rows import BAD, HOSTILE
from tnskit.cleaning import quick
from tnskit.cleaning.identifiers import KINDS

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

TABLES = ("identifier", "seen", "people", "set_aside", "faults", "vault.value", "vault.clean")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Where Spark writes what it does not keep; what it would take away is kept beside."""
    found = tmp_path_factory.mktemp("local")
    kept = tmp_path_factory.mktemp("kept")
    remove = os.unlink

    def keep(path, *args, **kwargs):
        if str(path).startswith(str(found)):
            shutil.copy(path, kept / f"{len(list(kept.iterdir()))}")
        remove(path, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "unlink", keep)
        yield found, kept


@pytest.fixture(scope="module")
def session(written):
    needs("Java (Debian: apt install openjdk-17-jre-headless)", shutil.which("java"))
    needs("pyspark (pip install 'tnskit[spark]')", importlib.util.find_spec("pyspark"))
    # a task that fails is run once more, as on a cluster
    found = begun("local[2,2]", SMALL | {"spark.local.dir": str(written[0])})
    yield found
    ended(found)


@pytest.fixture
def dirty():
    """Every hostile text as a value of every kind, and what two accounts write differently."""
    texts = [text for text in HOSTILE if BAD not in text] + ["+55 11 91234-5678", "4111 1111 1111 1111", "fp_77aa88cc or fp_66bb99dd"]
    rows = [
        {"account_id": f"A{n % 7}", "kind": kind, "value": text, "seen_at": "2024-01-01"} for kind in KINDS for n, text in enumerate(texts)
    ]
    rows += [{"account_id": f"B{n}", "kind": "phone", "value": text} for n, text in enumerate(["+52 55 5123 4567", "0052-55-51234567"])]
    rows += [{"account_id": f"B{n}", "kind": "email", "value": text} for n, text in enumerate(["Jo.Hn+a@gmail.com ", "john@gmail.com"])]
    return {"identifiers": pd.DataFrame(rows)}


def test_the_market_is_the_same_and_no_file_on_the_way_holds_a_raw_value(session, written, dirty, monkeypatch):
    monkeypatch.setattr(quick, "CHUNK", 400)
    for source in (dirty, ROOT / "sample_data/market"):
        ours, theirs = tns.load(source), tns.load(source, engine=tns.Spark(session))
        # all that linking reads was made from these
        for table in TABLES:
            first, second = (market.db.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for market in (ours, theirs))
            assert first == second
        assert str(ours.report) == str(theirs.report)
        pd.testing.assert_frame_equal(theirs.rejected, ours.rejected)
    session.sparkContext.parallelize([b"a value that went as it was"], 1).map(bytes).collect()
    found = contents(*written)
    assert b"a value that went as it was" in found
    assert not [value for value in raw_values(theirs) if value.encode() in found]


def dying(marker, parcel):
    """End the executor's Python at the first parcel that is met."""
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return parcel[::-1]


@pytest.mark.slow
def test_a_killed_python_is_replaced_and_nothing_is_lost(session, tmp_path):
    parcels = [f"parcel {n}".encode() for n in range(9)]
    made = list(tns.Spark(session).spread(partial(dying, str(tmp_path / "died")), parcels))
    assert made == [parcel[::-1] for parcel in parcels]
    assert (tmp_path / "died").exists()
