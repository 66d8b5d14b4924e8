"""One suite over both engines: whatever DuckDB gives, Spark gives, row for row."""

import shutil
import subprocess
import sys
import textwrap

import networkx as nx
import pandas as pd
import pytest

import tnskit as tns
from tests.conftest import ROOT, needs
from tests.markets import CARD, CARD2, IP, PHONE, market, seen
from tnskit.errors import EngineError, UsageError
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
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=128m",
}  # fmt: skip


@pytest.fixture(scope="module")
def session():
    needs("Java (Debian: apt install openjdk-17-jre-headless)", shutil.which("java"))
    sql = pytest.importorskip("pyspark.sql", exc_type=ImportError)
    builder = sql.SparkSession.builder.master("local[2]")
    for name, value in SMALL.items():
        builder = builder.config(name, value)
    found = builder.getOrCreate()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def sample():
    return tns.load(ROOT / "sample_data/market")


@pytest.fixture(scope="module")
def both(session, sample):
    """The sample market, linked by DuckDB and by Spark."""
    return link(sample), link(sample, engine=Spark(session))


@pytest.fixture(scope="module")
def crowd():
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
    jobs = [{"job_id": f"J{i}", "customer_account_id": names[i], "created_at": "2024-01-05", "completed_at": "2024-01-09"} for i in range(9)]
    return market(accounts, identifiers=seen(*lines), dissociations=told, jobs=jobs)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("spark")


@pytest.fixture(scope="module")
def crowded(session, crowd, folder):
    return link(crowd, engine=Spark(session, folder=folder))


def rows(links, table):
    """All rows of a table, in one order, as one type of number whatever engine made it."""
    frame = links.engine.run(f"SELECT * FROM {table}")
    frame = frame.astype({name: "float64" for name in frame.columns if pd.api.types.is_numeric_dtype(frame[name].dtype)})
    return frame.sort_values(list(frame.columns), key=lambda column: column.astype(str)).reset_index(drop=True)


@pytest.mark.parametrize("table", TABLES)
def test_every_step_gives_the_same_rows(both, table):
    ours, theirs = (rows(links, table) for links in both)
    assert len(ours) > 0
    pd.testing.assert_frame_equal(theirs, ours, rtol=1e-12, check_dtype=False)


def test_all_that_is_asked_is_answered_the_same(both):
    duck, spark = both
    pd.testing.assert_frame_equal(spark.pairs, duck.pairs, check_exact=True)
    pd.testing.assert_frame_equal(spark.crowded, duck.crowded, check_exact=True)
    for label in ("possible", "likely", "strong"):
        pd.testing.assert_frame_equal(spark.clusters(label), duck.clusters(label), check_exact=True)
        pd.testing.assert_frame_equal(tns.rings(spark, label=label), tns.rings(duck, label=label), check_exact=True)
    first = duck.pairs.sort_values("score").iloc[-1]
    a, b = first["a"], first["b"]
    pd.testing.assert_frame_equal(spark.evidence(a, b), duck.evidence(a, b), check_exact=True)
    pd.testing.assert_frame_equal(tns.lookup(spark, a), tns.lookup(duck, a), check_exact=True)
    assert str(tns.explain(spark, a, b)) == str(tns.explain(duck, a, b))
    assert nx.utils.graphs_equal(tns.graph(spark, around=a, hops=2), tns.graph(duck, around=a, hops=2))
    assert (repr(spark), spark.sha256) == (repr(duck), duck.sha256)


def test_a_saved_folder_is_the_same(both, tmp_path):
    opened = [tns.open(links.save(tmp_path / name)) for links, name in zip(both, ("duck", "spark"), strict=True)]
    pd.testing.assert_frame_equal(opened[1].pairs, opened[0].pairs, check_exact=True)
    pd.testing.assert_frame_equal(opened[1].clusters(), opened[0].clusters(), check_exact=True)


def test_a_value_on_half_of_the_accounts_is_set_aside_before_any_pair(crowd, crowded):
    duck = link(crowd)
    assert crowded.crowded["accounts"].tolist() == [40]
    assert crowded.engine.run("SELECT count(*) AS many FROM shared WHERE kind = 'ip'")["many"].tolist() == [0]
    for table in TABLES:
        pd.testing.assert_frame_equal(rows(crowded, table), rows(duck, table), rtol=1e-12, check_dtype=False)
    told = duck.evidence("U050", "U051")
    assert told.loc[told["rule"] == "dissociated", "points"].tolist() != []
    pd.testing.assert_frame_equal(crowded.evidence("U050", "U051"), told, check_exact=True)


def test_a_second_run_takes_up_what_is_finished(session, crowd, crowded, folder):
    made = {path: path.stat().st_mtime_ns for path in folder.glob("*/_SUCCESS")}
    last = next(folder.glob("scored-*"))
    (last / "_SUCCESS").unlink()
    again = link(crowd, engine=Spark(session, folder=folder))
    pd.testing.assert_frame_equal(again.pairs, crowded.pairs, check_exact=True)
    changed = [path.parent.name.split("-")[0] for path, at in made.items() if path.stat().st_mtime_ns != at]
    assert changed == ["scored"]


def test_a_step_that_fails_is_named_with_its_sql(session, crowd):
    steps = Spark(session).beside(crowd, "broken")
    with pytest.raises(EngineError, match=r"(?s)'-- nothing' failed on Spark: .*its SQL:\nSELECT nowhere FROM main_seen"):
        steps.run("-- nothing\nCREATE OR REPLACE TABLE nothing AS SELECT nowhere FROM main.seen")


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
