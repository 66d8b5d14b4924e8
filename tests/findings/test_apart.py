import json

import pytest

from tests.markets import linked
from tnskit.errors import UsageError
from tnskit.findings import whatif
from tnskit.findings.apart import GONE, apart
from tnskit.findings.explain import explain
from tnskit.findings.graph import graph

SAME = "2024-01-01 2024-03-01"


@pytest.fixture(scope="module")
def chain():
    """A and B share a payout account and a device, B and C a card: B alone holds A and C together."""
    lines = [f"{n} payout ba_77aa88 {SAME}" for n in "AB"] + [f"{n} device dv_55cc {SAME}" for n in "AB"]
    return linked("A B C", *lines, *(f"{n} card fp_44aa {SAME}" for n in "BC"))


def test_a_group_falls_apart_without_the_account_that_holds_it(chain):
    found = apart(chain, graph(chain, "B"), ["B"])
    assert (found.before, found.after) == ((("A", "B", "C"),), (("A",), ("C",)))
    assert found.broken == (("A", "B", "C"),)
    assert set(found.changed["label"]) == {GONE}
    assert str(found).endswith("3 accounts that hung together fall into 2: A | C")


def test_a_group_holds_without_one_of_two_things(chain):
    shown = next(one["shown"] for one in json.loads(graph(chain, "B").edges["A", "B"]["evidence"]) if one["kind"] == "device")
    found = apart(chain, graph(chain, "B"), [shown])
    assert found.broken == ()
    assert list(found.changed["score"]) == [found.changed["was_score"].iloc[0] - points(chain, "device") - points(chain, "pair", "BREADTH")]
    assert str(found).endswith("No group falls apart: what hung together still does.")


def points(links, kind, family=None):
    pieces = links.evidence("A", "B")
    return float(pieces.loc[(pieces["kind"] == kind) & ((pieces["family"] == family) | (family is None)), "counted"].iloc[0])


def test_without_nothing_nothing_changes(chain):
    found = apart(chain, graph(chain, "B"), [])
    assert found.changed.empty
    assert found.before == found.after


def test_what_is_not_there_is_refused(chain):
    with pytest.raises(UsageError, match="neither an account nor an identifier"):
        apart(chain, graph(chain, "B"), ["phone •••11"])


def test_a_piece_taken_away_leaves_what_linking_without_it_gives(chain):
    """A and B share a bank account and a device; without the one they have the label of accounts that share the other alone."""
    told = explain(chain, "A", "B")
    pieces = told.evidence.to_dict("records")
    assert whatif.label_of_records(pieces, chain.rules) == (told.score, told.label)
    for place, piece in enumerate(pieces):
        if piece["shown"]:
            rest = whatif.without(pieces, [place])
            assert sum(one["counted"] for one in rest) <= told.score
            assert whatif.left(pieces, {piece["shown"]}) == rest
            other = next(line for line in ("payout ba_77aa88", "device dv_55cc") if not line.startswith(piece["kind"]))
            alone = explain(linked("A B C", *(f"{n} {other} {SAME}" for n in "AB"), *(f"{n} card fp_44aa {SAME}" for n in "BC")), "A", "B")
            assert whatif.label_of_records(rest, chain.rules) == (alone.score, alone.label)
            assert alone.label != told.label
