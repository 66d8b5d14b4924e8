import json
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

import tnskit as tns
from tests.markets import CARD, IP, PHONE, linked
from tnskit.cleaning.market import load
from tnskit.errors import EngineError, StoreError, UnknownAccountError, UsageError
from tnskit.evidence import rules, store
from tnskit.evidence.links import link, open_links

SAME = "2024-01-01 2024-03-01"
SHOP = f"phone {PHONE.replace(' ', '_')}"


@pytest.fixture
def three():
    """A and B share a card and a phone, B and C a network; D shares nothing; á is no ASCII."""
    return linked(
        "A B C D á",
        *(f"{n} card {CARD} {SAME}" for n in "AB"), *(f"{n} {SHOP} {SAME}" for n in "AB"), *(f"{n} ip {IP} {SAME}" for n in ("B", "C", "á")),
    )  # fmt: skip


@pytest.fixture
def saved(three, tmp_path):
    return three.save(tmp_path / "links")


def test_an_opened_folder_answers_as_the_links_it_was_saved_from(three, saved):
    opened = tns.open(saved)
    for ask in (lambda links: links.pairs, lambda links: links.crowded, lambda links: links.clusters("possible"),
                lambda links: tns.lookup(links, "B"), lambda links: tns.rings(links, label="possible"),
                lambda links: links.evidence("B", "A")):  # fmt: skip
        pd.testing.assert_frame_equal(ask(opened), ask(three))
    assert str(tns.explain(opened, "A", "B")) == str(tns.explain(three, "A", "B"))
    assert str(tns.path(opened, "A", "á")) == str(tns.path(three, "A", "á"))
    assert (repr(opened), opened.sha256) == (repr(three), three.sha256)
    for two_mode in (False, True):
        ours, theirs = (tns.graph(x, around="A", hops=2, label="no reliable link", two_mode=two_mode) for x in (opened, three))
        assert nx.utils.graphs_equal(ours, theirs)


def test_what_needs_the_market_says_so(saved):
    opened = open_links(saved)
    with pytest.raises(EngineError, match="load the exports and link them instead"):
        opened.engine.run("SELECT * FROM public.jobs")
    with pytest.raises(UnknownAccountError, match="'Z' is not among the 5 accounts"):
        tns.lookup(opened, "Z")


def test_no_raw_value_and_no_name_is_in_a_folder(tmp_path):
    people = [{"account_id": n, "legal_name": "Zenobia Quux", "display_name": "Zeno Quux"} for n in "AB"]
    folder = linked(people, *(f"{n} {SHOP} {SAME}" for n in "AB"), *(f"{n} card {CARD} {SAME}" for n in "AB")).save(tmp_path / "x")
    import duckdb

    text = "".join(path.read_bytes().decode("latin-1") for path in folder.rglob("*.*") if path.suffix in {".npy", ".json"})
    text += "".join(duckdb.sql(f"FROM read_parquet('{path}')").df().to_csv() for path in folder.rglob("*.parquet"))
    for private in (CARD, "3125552368", "555 2368", "quux", "Quux", "zenobia"):
        assert private not in text


def test_an_empty_market_can_be_saved_and_opened(tmp_path):
    opened = open_links(linked("A").save(tmp_path / "x"))
    assert opened.pairs.empty
    assert tns.lookup(opened, "A").empty


@pytest.mark.parametrize("file", ["starts.npy", "pair.parquet", "id_bytes.npy"])
@pytest.mark.parametrize("harm", ["cut", "gone", "bit"])
def test_a_damaged_folder_is_refused_with_the_reason(saved, file, harm):
    path = next(saved.glob("data-*")) / file
    body = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(body[:-1] if harm == "cut" else body[:-1] + bytes([body[-1] ^ 1]))
    with pytest.raises(StoreError, match=f"is damaged: {file} is"):
        open_links(saved)


def test_a_damaged_manifest_a_wrong_folder_and_a_file_are_refused(saved, tmp_path):
    with pytest.raises(StoreError, match="holds no saved links"):
        open_links(tmp_path)
    manifest = saved / "links.json"
    manifest.write_text(manifest.read_text().replace(f'"format": {store.FORMAT}', '"format": 0'))
    with pytest.raises(StoreError, match="is damaged"):
        open_links(saved)
    with pytest.raises(UsageError, match="is a file"):
        linked("A").save(manifest)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.doc").write_text("mine")
    with pytest.raises(UsageError, match="holds something else"):
        linked("A").save(tmp_path / "other")


def test_a_stale_folder_is_refused_with_the_reason(tmp_path, monkeypatch):
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "accounts.csv").write_text("account_id\nA\nB\n")
    folder = link(load(exports)).save(tmp_path / "links")
    assert len(open_links(folder, source=exports).clusters()) == 2
    (exports / "phones.csv").write_text("account_id,phone_raw\nA,312 555 2368\n")
    with pytest.raises(StoreError, match=r"older than the exports: phones.csv was added"):
        open_links(folder, source=exports)
    (exports / "phones.csv").unlink()
    (exports / "accounts.csv").write_text("account_id\nA\nC\n")
    with pytest.raises(StoreError, match=r"older than the exports: accounts.csv has changed"):
        open_links(folder, source=exports)
    (exports / "accounts.csv").rename(exports / "accounts.tsv")
    with pytest.raises(StoreError, match=r"accounts"):
        open_links(folder, source=exports)
    monkeypatch.setattr("tnskit.evidence.store.metadata.version", lambda _: "99")
    with pytest.raises(StoreError, match=r"was saved by tnskit .* and this is 99"):
        open_links(folder)
    monkeypatch.undo()
    other = tmp_path / "rules.toml"
    other.write_text(rules.DEFAULT.read_text() + "\n# changed\n")
    monkeypatch.setattr("tnskit.evidence.store.rules.default", lambda: rules.read(other))
    with pytest.raises(StoreError, match=r"rules of .*, which have changed since"):
        open_links(folder)


def test_a_rule_table_of_ones_own_travels_with_the_folder(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(rules.DEFAULT.read_text().replace("points = 9", "points = 8.5", 1))
    market = linked("A B", f"A card {CARD}", f"B card {CARD}").market
    opened = open_links(link(market, rule_file=own).save(tmp_path / "links"))
    assert opened.rules == rules.read(own)


def test_saving_again_replaces_and_leaves_one_copy(three, saved):
    linked("A B").save(saved)
    assert len(open_links(saved).pairs) == 0
    assert sorted(path.name for path in saved.iterdir()) == ["data-2", "links.json"]


@pytest.mark.parametrize("step", ["np.save", "_told", "_put"])
def test_a_killed_save_leaves_the_old_links(three, saved, tmp_path, step):
    before = open_links(saved).pairs
    script = textwrap.dedent(f"""
        import os, signal, sys
        from tests.markets import linked
        from tnskit.evidence import store
        def kill(*args, **kwargs): os.kill(os.getpid(), signal.SIGKILL)
        links = linked("A B", "A card {CARD}", "B card {CARD}")
        if "{step}" == "np.save": store.np.save = kill
        else: setattr(store, "{step}", kill)
        links.save(sys.argv[1])
    """)
    done = subprocess.run([sys.executable, "-c", script, str(saved)], cwd=Path(__file__).parent.parent.parent, check=False)
    assert done.returncode == -signal.SIGKILL
    pd.testing.assert_frame_equal(open_links(saved).pairs, before)
    three.save(saved)
    assert json.loads((saved / "links.json").read_text().partition("\n")[2])["data"] == "data-3"
    assert sorted(path.name for path in saved.iterdir()) == ["data-3", "links.json"]


def test_a_stopped_save_leaves_nothing_of_itself(three, tmp_path, monkeypatch):
    def stop(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tnskit.evidence.store._put", stop)
    with pytest.raises(KeyboardInterrupt):
        three.save(tmp_path / "x")
    assert list((tmp_path / "x").iterdir()) == []
    assert len(three.pairs) > 0
