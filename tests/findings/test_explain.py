import pytest

from tests.markets import linked
from tnskit.cleaning.market import load
from tnskit.errors import UnknownAccountError, UsageError
from tnskit.evidence.links import link
from tnskit.findings.explain import explain, lookup, path
from tnskit.findings.whatif import label_of
from tnskit.training.sample import sample

SAME = "2024-01-01 2024-03-01"


@pytest.fixture(scope="module")
def chain():
    """A and B share a phone and a card, B and C a card, C and D a device; E is alone, F to Z2 crowd one device."""
    crowd = [f"X{n}" for n in range(30)]
    return linked(
        "A B C D E " + " ".join(crowd), *(f"{n} phone 312_555_2368 {SAME}" for n in "AB"), *(f"{n} card fp_77aa88 {SAME}" for n in "AB"),
        *(f"{n} card fp_99bb77 {SAME}" for n in "BC"), *(f"{n} install dev_77aa88 {SAME}" for n in "CD"),
        *(f"{n} cookie dev_crowd9 {SAME}" for n in ["D", "E", *crowd]),
    )  # fmt: skip


def test_lookup_gives_who_is_linked_strongest_first(chain):
    found = lookup(chain, "B")
    assert found[["account_id", "score", "label"]].values.tolist() == [
        ["A", 13.5, "strong"],
        ["C", 5.5, "possible"],
    ]
    assert found.attrs == {"account": "B", "shown": 2, "of": 2}


def test_lookup_says_how_many_it_left_out(chain):
    assert lookup(chain, "B", most=1).attrs == {"account": "B", "shown": 1, "of": 2}
    assert lookup(chain, "B", label="strong")["account_id"].tolist() == ["A"]
    assert lookup(chain, "E").empty


def test_an_explanation_is_a_signed_sum_in_words(chain):
    # By hand: a phone whose confirmation nobody told is worth 5, and it is the only one of both. The card is worth 8; it is all of A's
    # cards, but half of B's, who has another one: (1 + 0.4) / 2 of 8 is 5.6, in quarters 5.5. Two personal kinds of four points and more
    # give half of the 6 of `breadth`. No name, age or thing of their own is known, so no facts speak beside what they share (that the
    # phone is the only one of both is weighed as a thing already), and no day tells anything where all began on one day.
    counted = chain.evidence("A", "B").set_index("rule")["counted"]
    assert counted[counted != 0].to_dict() == {"card": 5.5, "phone": 5.0, "breadth": 3.0}
    told = explain(chain, "A", "B")
    text = str(told)
    assert text.splitlines()[0] == "A and B: strong, 13.5 points"
    assert "+5.50  card …a88" in text
    assert "= 13.5 points from BREADTH + CONTACT + PAYMENT" in text
    assert "It does not say that anybody broke a rule." in text
    assert told.supports["counted"].sum() + told.against["counted"].sum() == told.score


def test_an_explanation_of_strangers_says_so(chain):
    assert str(explain(chain, "A", "D")).startswith("A and D share nothing that was seen.")


def test_hostile_ids_are_escaped():
    name = "<img src=x onerror=alert(1)>"
    links = linked([{"account_id": name}, {"account_id": "B"}], "B phone 312_555_2368")
    assert "<img" not in explain(links, name, "B")._repr_html_()


def test_a_path_is_told_step_by_step_and_carries_no_points(chain):
    found = path(chain, "A", "D")
    assert found.accounts == ("A", "B", "C", "D")
    assert found.sentences[1] == "B and C share card …b77 (seen with 2 accounts, 01 Jan 2024 to 01 Mar 2024): possible, 5.5 points"
    assert "carries no points" in str(found)


def test_no_path_leads_through_a_hub(chain):
    assert str(path(chain, "D", "E")) == "no path without hubs between D and E within 6 steps"
    assert path(chain, "A", "D", most=2).accounts == ()


def test_wrong_questions_are_told(chain):
    with pytest.raises(UsageError, match="'sure' is not a label"):
        lookup(chain, "A", label="sure")
    with pytest.raises(UsageError, match="are the same account"):
        path(chain, "A", "A")
    for ask in (
        lambda: lookup(chain, "nobody"),
        lambda: explain(chain, "A", "nobody"),
        lambda: path(chain, "nobody", "A"),
    ):
        with pytest.raises(UnknownAccountError, match="account 'nobody' is not among the 35 accounts"):
            ask()


def test_it_says_what_is_lacking_what_would_change_the_label_and_when(chain):
    told = explain(chain, "A", "B")
    assert (told.lacks, told.turns) == ((), "without phone ••• •••-2368 it would be 'possible'.")
    assert told.steps["total"].iloc[-1] == told.score
    assert told.steps["points"].tolist() == sorted(told.steps["points"], reverse=True)
    assert "Dates: what they share was used from 01 Jan 2024 to 01 Mar 2024." in str(told)
    weak = explain(chain, "B", "C")
    assert weak.lacks == ("5.5 points of the 11", "a second family beside the name")
    assert weak.turns == "without card …b77 it would be 'no reliable link'."
    assert 0 < weak.likely < told.likely < 1


def test_the_label_told_here_is_the_label_of_the_link():
    """The what-if follows the same rules as linking, on a market with every kind of piece."""
    links = link(load(sample(400, seed=5).tables))
    for row in links.pairs.sample(120, random_state=1).itertuples():
        evidence = links.evidence(row.a, row.b)
        assert label_of(evidence, links.rules) == (pytest.approx(row.score), row.label)
