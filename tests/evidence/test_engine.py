import subprocess
import sys
import textwrap

import pytest

from tests.markets import CARD, linked
from tnskit.errors import UsageError
from tnskit.evidence.engine import Duck
from tnskit.evidence.links import link


@pytest.fixture
def market():
    return linked("A B", f"A card {CARD}", f"B card {CARD}").market


def schemas(market):
    return market.db.execute("SELECT count(*) FROM duckdb_schemas() WHERE schema_name LIKE 'links_%'").fetchall()[0][0]


def test_a_stopped_link_leaves_nothing_half_written_and_the_market_usable(market, monkeypatch):
    before = schemas(market)
    real = Duck.run

    def stop(self, sql, values=(), **tables):
        if "points of each shared value" in sql:
            raise KeyboardInterrupt
        return real(self, sql, values, **tables)

    monkeypatch.setattr(Duck, "run", stop)
    with pytest.raises(KeyboardInterrupt):
        link(market)
    monkeypatch.undo()
    assert schemas(market) == before
    assert len(link(market).pairs) == 1


def test_ctrl_c_ends_a_long_step_and_the_connection_goes_on():
    script = """
        import duckdb, os, signal, threading, polars
        from tnskit.evidence.engine import Duck
        duck = Duck(duckdb.connect(), "long")
        threading.Timer(1, os.kill, [os.getpid(), signal.SIGINT]).start()
        try:
            duck.run("SELECT count(*) FROM range(100000000000) WHERE hash(range) = 1")
        except KeyboardInterrupt:
            print("stopped", duck.run("SELECT 1 AS one")["one"].tolist())
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "stopped [1]\n"


def test_memory_is_bounded_by_a_setting_and_spills(market):
    duck = Duck(market.db, "small", memory="100MB")
    found = duck.run("SELECT count(*) AS many FROM (SELECT DISTINCT hash(range) AS h, range::VARCHAR AS t FROM range(1000000))")
    assert found["many"].tolist() == [1_000_000]
    assert len(link(market, engine=duck).pairs) == 1
    with pytest.raises(UsageError, match="memory='much' is not a size"):
        Duck(market.db, "x", memory="much")


def test_steps_are_told_by_a_progress_bar(market, capsys):
    link(market, progress=True)
    assert "linking" in capsys.readouterr().err
