import importlib.util

import networkx as nx
import pandas as pd
import pytest

import tnskit as tns
from tests.conftest import needs
from tests.markets import CARD, CARD2, linked
from tnskit.errors import StoreError, UnknownAccountError, UsageError


@pytest.fixture
def bucket():
    """A store of fsspec's own, which holds its files in memory."""
    needs("fsspec (pip install 'tnskit[cloud]')", importlib.util.find_spec("upath"))
    import fsspec

    found = fsspec.filesystem("memory")
    found.rm("/", recursive=True) if found.find("/") else None
    return found


@pytest.fixture
def three(tmp_path, bucket):
    links = linked("A B C", f"A card {CARD}", f"B card {CARD}", f"B card {CARD2}", f"C card {CARD2}")
    bucket.put(str(links.save(tmp_path / "links")), "/bucket/links", recursive=True)
    return links


def test_links_on_object_storage_answer_as_those_on_this_machine(three):
    opened = tns.open("memory://bucket/links")
    pd.testing.assert_frame_equal(opened.pairs, three.pairs, check_exact=True)
    pd.testing.assert_frame_equal(opened.evidence("A", "B"), three.evidence("A", "B"), check_exact=True)
    pd.testing.assert_frame_equal(tns.lookup(opened, "B"), tns.lookup(three, "B"), check_exact=True)
    assert str(tns.explain(opened, "A", "B")) == str(tns.explain(three, "A", "B"))
    assert nx.utils.graphs_equal(tns.graph(opened, around="A", hops=2), tns.graph(three, around="A", hops=2))
    with pytest.raises(UnknownAccountError, match="'Z' is not among the 3 accounts"):
        tns.lookup(opened, "Z")


def test_a_far_folder_that_is_damaged_or_not_there_is_told(three, bucket):
    with pytest.raises(StoreError, match="'memory://bucket/nothing' holds no saved links"):
        tns.open("memory://bucket/nothing")
    (file,) = [name for name in bucket.find("/bucket/links") if name.endswith("/counted.parquet")]
    bucket.pipe(file, bucket.cat(file)[:-9] + b"something")
    assert len(tns.open("memory://bucket/links").index) == 3
    with pytest.raises(StoreError, match=r"'links' is damaged: counted\.parquet is not what was saved"):
        tns.open("memory://bucket/links", whole=True)
    bucket.rm(file)
    with pytest.raises(StoreError, match=r"'links' is damaged: counted\.parquet is missing or cut off"):
        tns.open("memory://bucket/links")


def test_an_address_of_no_kind_and_a_store_that_does_not_answer_are_told_in_a_sentence(bucket):
    with pytest.raises(UsageError, match="'nowhere://' is no address that can be read"):
        tns.open("nowhere://bucket/links")


def test_a_missing_package_is_told_in_one_sentence(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "upath", None)
    with pytest.raises(UsageError, match=r"pip install 'tnskit\[cloud\]' for s3://"):
        tns.open("s3://bucket/links")
