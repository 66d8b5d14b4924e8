import socket
import subprocess
import sys

import pytest

from tests.markets import CARD, market, seen
from tnskit.errors import TableError, UsageError
from tnskit.evidence.links import link
from tnskit.evidence.spark import Spark, _swept
from tnskit.evidence.sparktables import check, needed


@pytest.fixture
def two():
    return market([{"account_id": "A"}, {"account_id": "B"}], identifiers=seen(f"A card {CARD}", f"B card {CARD}"))


class Untouched:
    """A session of which every use is a failure of the test."""

    def __getattr__(self, name):
        raise AssertionError(f"Spark was asked for '{name}'")


def cluster(folder):
    found = object.__new__(Spark)
    found.session, found.folder = Untouched(), folder
    return found


def test_what_a_market_holds_is_what_linking_reads(two):
    check(two)
    asked = "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name IN ('main', 'public')"
    held = {(schema, table, column): kind for schema, table, column, kind in two.db.execute(asked).fetchall()}
    told = {(*table, column): kind for table, columns in needed().items() for column, kind in columns.items()}
    assert told.items() <= held.items()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("ALTER TABLE main.people DROP survivor", "the table 'people' lacks the column 'survivor', which linking reads; nothing was run"),
        ("ALTER TABLE main.seen ALTER account TYPE VARCHAR", "the column 'account' of the table 'seen' holds text, and linking reads"),
        ("ALTER TABLE main.seen ALTER first_at TYPE DATE", "the column 'first_at' of the table 'seen' holds days, and linking reads"),
        ("DROP VIEW public.jobs", "this market has no table 'jobs', which linking reads; nothing was run"),
    ],
)
def test_a_wrong_schema_is_refused_before_anything_of_spark_is_run(two, tmp_path, wrong, said):
    two.db.execute(wrong)
    with pytest.raises(TableError, match=said):
        link(two, engine=cluster(tmp_path / "work"))
    assert not (tmp_path / "work").exists()


def test_a_folder_that_cannot_be_is_refused_before_anything_of_spark_is_run(two, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"'.*file/work' cannot be the folder that Spark works in"):
        link(two, engine=cluster(tmp_path / "file/work"))


def test_what_a_killed_run_had_begun_is_taken_away_and_what_another_writes_stays(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    host = socket.gethostname()
    names = [f"pair-1.{host}.{gone.pid}.part", f"pair-1.{host}.1.part", f"pair-1.elsewhere.{gone.pid}.part", "pair-1"]
    for name in names:
        (tmp_path / name).mkdir()
    (tmp_path / f"main_seen.{host}.{gone.pid}.part").write_text("")
    _swept(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
