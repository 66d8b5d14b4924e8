"""One suite over both engines: whatever DuckDB gives, Spark gives, row for row."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time

import networkx as nx
import pandas as pd
import pytest

import tnskit as tns
from tests.conftest import ROOT, needs
from tests.markets import CARD, CARD2, IP, PHONE, market, seen
from tnskit.errors import EngineError, UnknownAccountError, UsageError
from tnskit.evidence.links import link
from tnskit.evidence.spark import Spark

pytestmark = [
    pytest.mark.spark,
    # said once of every pandas from 3 on; no row goes through pandas on Spark
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

TABLES = ("sized", "breached", "life", "sign", "purpose", "spot", "habit", "bounded", "meeting", "crowded", "shared", "portion", "holder",
          "fact", "worked", "removed", "ebb", "namesakes", "piece", "feature", "two", "counted", "scored", "asked", "reading", "pair")  # fmt: skip

SMALL = {
    "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR",
    "spark.sql.shuffle.partitions": "4", "spark.driver.host": "127.0.0.1", "spark.driver.memory": "1g",
    # made for a second's work: nothing is compiled that is run once
    "spark.sql.adaptive.enabled": "false", "spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    # what is written on the way can be read by a test
    "spark.shuffle.compress": "false", "spark.shuffle.spill.compress": "false", "spark.broadcast.compress": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=128m",
}  # fmt: skip


def begun(master="local[2]", settings=SMALL):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def ended(session):
    """Stop a session with its Java, which would keep the folders of this one for the next."""
    from pyspark import SparkContext

    gateway = session.sparkContext._gateway
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(timeout=60)
    SparkContext._gateway = SparkContext._jvm = None


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """Where Spark keeps what goes from task to task."""
    return tmp_path_factory.mktemp("local")


@pytest.fixture(scope="module")
def session(local):
    needs("Java (Debian: apt install openjdk-17-jre-headless)", shutil.which("java"))
    needs("pyspark (pip install 'tnskit[spark]')", importlib.util.find_spec("pyspark"))
    found = begun(settings=SMALL | {"spark.local.dir": str(local)})
    yield found
    ended(found)


@pytest.fixture(scope="module")
def sample():
    return tns.load(ROOT / "sample_data/market")


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def both(session, sample, work):
    """The sample market, linked by DuckDB and by Spark."""
    return link(sample), link(sample, engine=Spark(session, folder=work))


def crowd_market():
    """One network on half of all accounts, a rented mailbox on four, two who were told apart, a removal, a line that was handed on."""
    names = [f"U{n:03}" for n in range(80)]
    accounts = [
        {"account_id": n, "created_at": f"2024-0{1 + i % 9}-01", "status": "removed" if i == 3 else "active", "legal_name": f"Ana {n} Ruiz"}
        for i, n in enumerate(names)
    ]
    lines = [f"{n} ip {IP} 2024-01-01 2024-03-01" for n in names[:40]]
    lines += [f"{n} card {CARD} 2024-01-01 2024-03-01" for n in names[1:4]] + [f"{n} card {CARD2} 2024-02-01" for n in names[50:52]]
    phone = PHONE.replace(" ", "_")
    lines += [f"{names[60]} phone {phone} 2023-01-01 2023-02-01", f"{names[61]} phone {phone} 2024-02-01 2024-03-01"]
    lines += [f"{n} phone 312_555_99{i:02} 2024-01-01" for i, n in enumerate(names[50:52])]
    told = [{"account_a": names[50], "account_b": names[51], "at": "2024-03-02", "reason": "two people"}]
    jobs = [
        {"job_id": f"J{i}", "customer_account_id": names[i], "created_at": "2024-01-05", "completed_at": "2024-01-09"} for i in range(9)
    ]
    return market(accounts, identifiers=seen(*lines), dissociations=told, jobs=jobs)


@pytest.fixture(scope="module")
def crowd():
    return crowd_market()


@pytest.fixture(scope="module")
def folder(session, tmp_path_factory):
    """Where a run of another process was killed, driver and executors, in the middle of a step."""
    found = tmp_path_factory.mktemp("spark")
    script = "import sys; from tests.evidence.test_spark import *; link(crowd_market(), engine=Spark(begun(), folder=sys.argv[1]))"
    run = subprocess.Popen([sys.executable, "-c", script, str(found)], cwd=ROOT, start_new_session=True)
    while run.poll() is None and not list(found.glob("spot-*")):
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    return found


@pytest.fixture(scope="module")
def finished(folder):
    """When each step that the killed run finished was finished."""
    return {path: path.stat().st_mtime_ns for path in folder.glob("*/_SUCCESS")}


@pytest.fixture(scope="module")
def crowded(session, crowd, folder, finished):
    return link(crowd, engine=Spark(session, folder=folder))


def rows(links, table):
    """All rows of a table, in one order, as one type of number whatever engine made it."""
    frame = links.engine.run(f"SELECT * FROM {table}")
    frame = frame.astype({name: "float64" for name in frame.columns if pd.api.types.is_numeric_dtype(frame[name].dtype)})
    return frame.sort_values(list(frame.columns), key=lambda column: column.astype(str)).reset_index(drop=True)


def raw_values(market):
    """Some of the raw and clean identifiers of a market, long enough not to be met by chance."""
    asked = "SELECT raw FROM vault.value UNION SELECT clean FROM vault.clean"
    return [v for (v,) in market.db.execute(f"SELECT raw FROM ({asked}) WHERE length(raw) > 8 ORDER BY hash(raw) LIMIT 300").fetchall()]


def contents(*folders):
    return b"\n".join(path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file())


def test_no_raw_value_is_in_the_work_folder_or_in_a_shuffle(both, sample, work, local):
    values = raw_values(sample)
    shuffled = contents(local)
    # what may be there is there, so it would be seen
    assert b"phone" in shuffled
    assert not [value for value in values if value.encode() in shuffled]
    cells = set()
    for file in work.glob("*/*.parquet"):
        for name, *_ in sample.db.execute(f"DESCRIBE SELECT * FROM read_parquet('{file}')").fetchall():
            cells |= {cell for (cell,) in sample.db.execute(f"SELECT DISTINCT \"{name}\"::VARCHAR FROM read_parquet('{file}')").fetchall()}
    assert "A1565" in cells
    assert not cells & set(values)


@pytest.mark.parametrize("table", TABLES)
def test_every_step_gives_the_same_rows(both, table):
    ours, theirs = (rows(links, table) for links in both)
    assert len(ours) > 0
    pd.testing.assert_frame_equal(theirs, ours, rtol=1e-12, check_dtype=False)


def test_all_that_is_asked_is_answered_the_same(both):
    duck, spark = both
    pd.testing.assert_frame_equal(spark.pairs, duck.pairs, check_exact=True)
    pd.testing.assert_frame_equal(spark.crowded, duck.crowded, check_exact=True)
    # rings are made from groups, which alternating stars find on Spark
    pd.testing.assert_frame_equal(tns.rings(spark), tns.rings(duck), check_exact=True)
    first = duck.pairs.sort_values("score").iloc[-1]
    a, b = first["a"], first["b"]
    pd.testing.assert_frame_equal(spark.evidence(a, b), duck.evidence(a, b), check_exact=True)
    pd.testing.assert_frame_equal(tns.lookup(spark, a), tns.lookup(duck, a), check_exact=True)
    assert str(tns.explain(spark, a, b)) == str(tns.explain(duck, a, b))
    assert nx.utils.graphs_equal(tns.graph(spark, around=a, hops=2), tns.graph(duck, around=a, hops=2))
    assert (repr(spark), spark.sha256) == (repr(duck), duck.sha256)


def test_a_folder_that_the_executors_wrote_answers_as_the_links(both, tmp_path):
    duck, spark = both
    opened = tns.open(spark.save(tmp_path / "links"))
    assert len(list((tmp_path / "links").glob("data-1/near.parquet/*.parquet"))) > 1
    pd.testing.assert_frame_equal(opened.pairs, duck.pairs, check_exact=True)
    pd.testing.assert_frame_equal(opened.clusters(), duck.clusters(), check_exact=True)
    pd.testing.assert_frame_equal(opened.crowded, duck.crowded, check_exact=True)
    for account in ("A1565", "A1058", "A2985"):
        pd.testing.assert_frame_equal(tns.lookup(opened, account), tns.lookup(duck, account), check_exact=True)
        for two_mode in (False, True):
            ours, theirs = (tns.graph(links, around=account, hops=2, two_mode=two_mode) for links in (opened, duck))
            assert nx.utils.graphs_equal(ours, theirs)
    other = tns.lookup(duck, "A1565")["account_id"].iloc[0]
    pd.testing.assert_frame_equal(opened.evidence("A1565", other), duck.evidence("A1565", other), check_exact=True)
    assert str(tns.explain(opened, "A1565", other)) == str(tns.explain(duck, "A1565", other))
    assert opened.index.starting("A10", 3) == duck.index.starting("A10", 3)
    assert (len(opened.index), repr(opened), opened.sha256) == (len(duck.index), repr(duck), duck.sha256)
    with pytest.raises(UnknownAccountError, match="'Z' is not among the 2,000 accounts"):
        tns.lookup(opened, "Z")
    with pytest.raises(UnknownAccountError, match="no account with code 2000"):
        opened.index.ids([2000])


def test_a_value_on_half_of_the_accounts_is_set_aside_before_any_pair(crowd, crowded):
    duck = link(crowd)
    assert crowded.crowded["accounts"].tolist() == [40]
    assert crowded.engine.run("SELECT count(*) AS many FROM shared WHERE kind = 'ip'")["many"].tolist() == [0]
    for table in TABLES:
        pd.testing.assert_frame_equal(rows(crowded, table), rows(duck, table), rtol=1e-12, check_dtype=False)
    pd.testing.assert_frame_equal(crowded.clusters("possible"), duck.clusters("possible"), check_exact=True)
    told = duck.evidence("U050", "U051")
    assert told.loc[told["rule"] == "dissociated", "points"].tolist() != []
    pd.testing.assert_frame_equal(crowded.evidence("U050", "U051"), told, check_exact=True)


def test_a_killed_run_is_taken_up_where_it_stopped(crowded, folder, finished):
    steps = [path.parent.name.split("-")[0] for path in finished]
    assert {"life", "purpose"} <= set(steps)
    assert "pair" not in steps
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    assert all(
        (path / "_SUCCESS").exists() or path.name.startswith(("main_", "public_", "frame", "rules_", "choices_"))
        for path in folder.iterdir()
    )


def test_a_step_that_fails_is_named_with_its_sql(session, crowd):
    steps = Spark(session).beside(crowd, "broken")
    with pytest.raises(EngineError, match=r"(?s)'-- nothing' failed on Spark: .*its SQL:\nSELECT nowhere FROM main_seen"):
        steps.run("-- nothing\nCREATE OR REPLACE TABLE nothing AS SELECT nowhere FROM main.seen")


def test_a_step_that_two_runs_write_is_there_once_and_one_that_was_tampered_with_is_run_again(session, crowd, tmp_path):
    sql = "CREATE OR REPLACE TABLE few AS SELECT value, count(*) AS many FROM main.seen GROUP BY value"
    steps = Spark(session, folder=tmp_path).beside(crowd, "twice")
    steps.run(sql)
    whole = steps.run("SELECT * FROM few ORDER BY value")
    (target,) = tmp_path.glob("few-*")
    files = sorted(target.iterdir())
    # the other run comes second
    steps._write(steps._session.sql("SELECT 1 AS value, 1 AS many"), target)
    assert sorted(target.iterdir()) == files
    for file in target.glob("*.parquet"):
        file.unlink()
    steps.run(f"COPY (SELECT 1 AS another) TO '{target}/part-0.parquet' (FORMAT parquet)")
    again = Spark(session, folder=tmp_path).beside(crowd, "again")
    again.run(sql)
    pd.testing.assert_frame_equal(again.run("SELECT * FROM few ORDER BY value"), whole)
    assert not list(tmp_path.glob("*.part"))


def test_what_was_set_in_the_notebook_holds_for_the_steps_and_stays_as_it_is(session, crowd):
    session.conf.set("spark.sql.shuffle.partitions", "3")
    try:
        own = Spark(session).beside(crowd, "settings")._session
        assert (own.conf.get("spark.sql.shuffle.partitions"), own.conf.get("spark.sql.session.timeZone")) == ("3", "UTC")
        own.conf.set("spark.sql.shuffle.partitions", "5")
        assert session.conf.get("spark.sql.shuffle.partitions") == "3"
    finally:
        session.conf.set("spark.sql.shuffle.partitions", SMALL["spark.sql.shuffle.partitions"])


def test_a_session_of_spark_connect_is_refused_in_one_sentence(tmp_path):
    far = type("SparkSession", (), {"__module__": "pyspark.sql.connect.session"})()
    with pytest.raises(UsageError, match="by Spark Connect, which cannot link"):
        Spark(far, folder=tmp_path)


def test_nothing_of_spark_is_imported_unless_asked_for():
    script = """
        import sys
        import tnskit as tns
        from tests.markets import linked
        links = linked("A B", "A card fp_7Qd81kLm2", "B card fp_7Qd81kLm2")
        print(len(links.pairs), sorted({name.split(".")[0] for name in sys.modules} & {"pyspark", "sqlglot", "py4j"}))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "1 []\n"


def test_a_missing_spark_is_told_in_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UsageError, match=r"pip install 'tnskit\[spark\]', and Java 17 or later"):
        Spark()
