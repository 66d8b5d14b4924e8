"""Exports on object storage: a server that speaks S3, of which only the columns and rows that are asked for are fetched."""

import importlib.util
import logging
import threading

import numpy as np
import pandas as pd
import pytest

import tnskit as tns
from tests.conftest import needs
from tnskit.cleaning.asof import as_of
from tnskit.errors import SourceError, UsageError

TABLES = ("identifier", "seen", "people")


class Wire:
    """What goes over the wire: bytes that the server sent."""

    def __init__(self, app):
        self.app = app
        self.sent = 0

    def __call__(self, environ, start_response):
        for piece in self.app(environ, start_response):
            self.sent += len(piece) if environ["REQUEST_METHOD"] == "GET" else 0
            yield piece


@pytest.fixture(scope="module")
def wire():
    needs("moto and s3fs (pip install 'tnskit[test]')", importlib.util.find_spec("moto") and importlib.util.find_spec("s3fs"))
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel("ERROR")
    found = Wire(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, found, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"ACCESS_KEY_ID": "any", "SECRET_ACCESS_KEY": "any", "DEFAULT_REGION": "us-east-1"}.items():
            patch.setenv(f"AWS_{name}", value)
        patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        yield found
    server.shutdown()


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """8,000 logins in the order of their days, in pieces of 500 rows as warehouses write them, and two small tables."""
    folder = tmp_path_factory.mktemp("exports")
    rng = np.random.default_rng(5)
    many, names = 8_000, np.array([f"A{n:03}" for n in range(300)])
    pd.DataFrame({"account_id": names, "created_at": pd.Timestamp("2024-01-01")}).to_parquet(folder / "accounts.parquet")
    owners = names[rng.integers(300, size=many)]
    days = pd.date_range("2024-01-01", "2025-12-31", periods=many).as_unit("us")
    ip = [f"11.{a}.{b}.{c}" for a, b, c in rng.integers(1, 255, size=(many, 3))]
    device = [rng.bytes(90).hex() for _ in range(many)]
    logins = pd.DataFrame(
        {"account_id": owners, "at": days, "ip": ip, "device_id": device, "trace": [rng.bytes(500).hex() for _ in range(many)]}
    )
    logins.to_parquet(folder / "logins.parquet", row_group_size=500)
    cards = [
        {"account_id": a, "kind": kind, "value": f"fp_{n % 40:04}c7e2a9", "seen_at": "2024-03-01"}
        for n, a in enumerate(names)
        for kind in ("card", "device")
    ]
    pd.DataFrame(cards).to_csv(folder / "identifiers.csv", index=False)
    pd.DataFrame(cards).to_parquet(folder / "identifiers.parquet")
    return folder


@pytest.fixture(scope="module")
def bucket(wire, exports):
    import s3fs

    store = s3fs.S3FileSystem()
    store.mkdir("market")
    for path in exports.rglob("*.parquet"):
        store.put(str(path), f"market/exports/{path.relative_to(exports)}")
    store.pipe("market/text/accounts.csv", b"account_id\nA1\n")
    return "s3://market/exports"


def loaded(folder, **asked):
    """The same exports with a CSV file among them, which can only be read whole."""
    paths = {"accounts": folder / "accounts.parquet", "logins": folder / "logins.parquet", "identifiers": folder / "identifiers.csv"}
    return tns.load(paths, tz="UTC", **asked)


def same(one, other):
    for table in TABLES:
        assert (
            one.db.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
            == other.db.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
        )


def test_a_far_folder_gives_the_market_of_the_near_one_and_sends_only_what_is_asked_for(wire, bucket, exports):
    sent, size = {}, (exports / "logins.parquet").stat().st_size
    for name, asked in {"all": {}, "cards": {"kinds": ["card"]}, "early": {"kinds": ["ip"], "as_of": "2024-02-28"}}.items():
        before = wire.sent
        far = tns.load(bucket, tz="UTC", **asked)
        sent[name] = wire.sent - before
        same(far, loaded(exports, **asked))
    assert far.kinds == ("ip",)
    assert 0 < far.db.execute("SELECT count(*) FROM vault.logins").fetchall()[0][0] < 900
    # a column without a meaning here; beside it the devices, which are most of the rest; beside them most of the days
    assert sent["all"] < size * 0.5
    assert sent["cards"] < size * 0.1
    assert sent["early"] < size * 0.1


def test_a_day_and_kinds_give_what_is_known_then_of_the_whole_market(exports):
    part = loaded(exports, kinds=["ip", "device"], as_of="2024-06-30")
    whole = as_of(loaded(exports), "2024-06-30")
    asked = "SELECT i.kind, i.class, p.account_id, s.first_at, s.last_at, s.days FROM seen s JOIN identifier i ON i.code = s.value JOIN people p ON p.code = s.account "
    wanted = whole.db.execute(asked + "WHERE i.kind IN ('ip', 'device') ORDER BY ALL").fetchall()
    assert part.db.execute(asked + "ORDER BY ALL").fetchall() == wanted
    assert "identifiers: 300 rows that were not asked for were left out" in part.report.notes
    assert part.report.tables["rows_in"].tolist() == (part.report.tables["kept"] + part.report.tables["rejected"]).tolist()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"kinds": ["phones"]}, "'phones' is no kind of identifier; the kinds are phone, email"), ({"kinds": []}, "names no kind"),
        ({"as_of": "soon"}, "as_of='soon' is not a date"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_told(exports, asked, words):
    with pytest.raises(UsageError, match=words):
        loaded(exports, **asked)


def test_who_has_the_keys_at_last_is_let_in(bucket, monkeypatch):
    """Connections are kept by the store's package, those without keys too."""
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    with monkeypatch.context() as patch:
        for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
            patch.delenv(f"AWS_{name}")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with pytest.raises(SourceError, match="'exports' cannot be reached where it lies"):
            tns.load(bucket, tz="UTC")
    assert len(tns.load(bucket, tz="UTC")) == 300


def test_what_cannot_be_read_from_there_is_told(bucket):
    with pytest.raises(SourceError, match="not Parquet, the only form that is read from object storage"):
        tns.load("s3://market/text")
    for nothing in ("s3://market/nothing", "s3://another-bucket/exports"):
        with pytest.raises(SourceError, match=f"there is no file or folder '{nothing}'"):
            tns.load(nothing)
    with pytest.raises(SourceError, match=r"'exports' cannot be reached where it lies \(\w+\)"):
        tns.load("s3://no bucket/exports")
