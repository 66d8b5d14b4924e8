import json

import networkx as nx
import pytest

from tests.markets import linked
from tnskit.errors import UsageError
from tnskit.findings.explain import explain, lookup
from tnskit.findings.graph import graph
from tnskit.findings.rings import rings

SAME = "2024-01-01 2024-03-01"


@pytest.fixture(scope="module")
def star():
    """A shares a card with each of B0 to B9; B0 and C share a payout account."""
    others = [f"B{n}" for n in range(10)]
    lines = [f"{name} card fp_{n}aa88 {SAME}" for n, other in enumerate(others) for name in ("A", other)]
    return linked("A C " + " ".join(others), *lines, *(f"{n} payout ba_77aa88 {SAME}" for n in ("B0", "C")))


def test_an_ego_network_says_what_it_shows_of_what(star):
    assert graph(star, "A", hops=0).graph == {
        "shown": 1,
        "of": 1,
        "label": "possible",
        "hops": 0,
        "mode": "accounts",
    }
    assert sorted(graph(star, "A", hops=1)) == ["A", *(f"B{n}" for n in range(10))]
    assert "C" in graph(star, "A", hops=2)
    cut = graph(star, "A", hops=2, most=4)
    assert (len(cut), cut.graph["shown"], cut.graph["of"]) == (4, 4, 12)


def test_nodes_and_edges_carry_what_is_known(star):
    found = graph(star, "A", hops=2)
    assert found.nodes["A"] == {"type": "account", "role": "", "status": "", "hops": 0, "center": True}
    edge = found.edges["B0", "C"]
    assert (edge["score"], edge["label"], edge["families"], edge["shared"]) == (14.0, "likely", "FACTS+PAYMENT", 1)
    assert json.loads(edge["evidence"])[:1] == [
        {
            "kind": "payout",
            "family": "PAYMENT",
            "shown": "payout …a88",
            "accounts": 2,
            "points": 8.0,
            "counted": 8.0,
            "rule": "payout",
        }
    ]


def test_a_two_mode_graph_has_the_shared_identifiers_as_nodes(star):
    found = graph(star, "A", hops=2, two_mode=True)
    assert nx.is_bipartite(found)
    assert found.nodes["payout …a88"] == {
        "type": "identifier",
        "kind": "payout",
        "shown": "payout …a88",
        "accounts": 2,
    }
    assert found.edges["C", "payout …a88"] == {
        "kind": "payout",
        "points": 8.0,
        "first": "2024-01-01",
        "last": "2024-03-01",
    }


@pytest.mark.parametrize("two_mode", [False, True])
def test_every_writer_and_algorithm_of_networkx_takes_it(star, two_mode, tmp_path):
    found = graph(star, "A", hops=2, two_mode=two_mode)
    nx.write_graphml(found, tmp_path / "g.graphml")
    nx.write_gexf(found, tmp_path / "g.gexf")
    json.dumps(nx.node_link_data(found, edges="edges"))
    assert nx.read_graphml(tmp_path / "g.graphml").number_of_edges() == found.number_of_edges()
    assert len(list(nx.connected_components(found))) == 1
    # Named backends go through the same conversion of edges to numbers.
    assert nx.betweenness_centrality(found, backend="networkx") == nx.betweenness_centrality(found)
    assert nx.pagerank(found, weight="points" if two_mode else "score", backend="networkx").keys() == set(found)


def test_without_a_centre_the_strongest_links_are_shown(star):
    assert sorted(graph(star, label="likely")) == ["B0", "C"]
    assert graph(star, ["B1", "B2"], hops=0).number_of_edges() == 0


def test_negative_hops_are_refused(star):
    with pytest.raises(UsageError, match="hops=-1"):
        graph(star, "A", hops=-1)


def test_rings_hang_together_by_independent_strong_evidence_and_name_their_bridge():
    both = ("payout ba_{}a88", "phone 312_555_{}368", "install dev_{}a88")
    lines = [f"{n} {v.format(2)} {SAME}" for n in "ABC" for v in both]
    lines += [f"{n} {v.format(7)} {SAME}" for n in "CD" for v in both[:2]]
    lines += [f"{n} card fp_zz99 {SAME}" for n in "EF"]  # one family: no ring
    found = rings(linked("A B C D E F", *lines))
    assert list(found)[:7] == ["ring_id", "accounts", "size", "score", "label", "bridge", "benign"]
    row = found.iloc[0]
    assert (row["ring_id"], row["accounts"], row["size"], row["label"]) == (
        "R-A",
        ["A", "B", "C", "D"],
        4,
        "strong",
    )
    assert row["bridge"] == "C – D (17 points); without it 3 | 1"
    assert len(found) == 1


def test_rings_of_nothing_are_an_empty_table():
    assert rings(linked("A B")).empty


def test_all_views_of_a_pair_agree():
    """Table, evidence, lookup, explanation and graph tell one score and one label."""
    lines = [
        f"A{n} {v} {SAME}" for n in range(8) for v in (f"card fp_{n // 2}aa88", f"payout ba_{n // 3}aa88", f"phone 312_555_{2000 + n // 4}")
    ]
    links = linked(" ".join(f"A{n}" for n in range(8)), *lines)
    found = links.pairs
    assert len(found) >= 10
    whole = graph(links, label="no reliable link")
    for row in found.itertuples():
        told, near = explain(links, row.a, row.b), lookup(links, row.b).set_index("account_id").loc[row.a]
        edge = whole.edges[row.a, row.b]
        assert {
            row.score,
            told.score,
            near["score"],
            edge["score"],
            links.evidence(row.a, row.b)["counted"].sum(),
        } == {row.score}
        assert {row.label, told.label, near["label"], edge["label"]} == {row.label}
        assert {row.benign, told.benign, near["benign"], edge["benign"]} == {row.benign}


def test_rings_tell_harm_and_certainty_apart_and_need_no_dates():
    both = [f"{n} {v}" for n in "AB" for v in ("payout ba_2a88", "phone 312_555_2368", "install dev_2a88")]
    paid = [{"payment_id": "1", "payer_id": "A", "kind": "chargeback", "amount_minor": "100", "at": "2024-02-01"}]
    harmless, harmful = rings(linked("A B", *both)).iloc[0], rings(linked("A B", *both, payments=paid)).iloc[0]
    assert (harmless["harm"], harmless["since"], harmless["until"]) == (0, "", "")
    assert harmful["harm"] > 0
    assert harmful["chance"] == pytest.approx(harmless["chance"], abs=0.05)
    assert harmful["ring_id"] == harmless["ring_id"] == "R-A"
