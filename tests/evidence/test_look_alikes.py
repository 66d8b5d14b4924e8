"""What looks like one person and is none: a name a letter apart, the name of a firm, a mailbox somebody made up; each with its guilty twin."""

import pytest

from tests.markets import HOME, linked, market
from tnskit.evidence.groups import INNOCENT
from tnskit.evidence.links import link

SAME = "2024-01-01 2024-03-01"
SEATS = [{"account_id": n, "business_id": "b1"} for n in "AB"]


def rules(links):
    return set(links.evidence("A", "B")["rule"])


def one_card(one, other):
    names = [{"account_id": n, "legal_name": name} for n, name in (("A", one), ("B", other))]
    home = [{"account_id": n, **HOME, "first_seen": "2024-01-01"} for n in "AB"]
    return linked(names, *(f"{n} card fp_77aa88 {SAME}" for n in "AB"), addresses=home)


@pytest.mark.parametrize("other", ["Mary Walfield", "Marc Walfield", "Mark F"])
def test_a_name_a_letter_apart_speaks_neither_for_one_person_nor_for_two(other):
    apart, one = one_card("Mark G" if other == "Mark F" else "Mark Walfield", other), one_card("Mark Walfield", "Mark Walfield")
    assert rules(apart).isdisjoint({"name_same", "name_differs", "name_family"})
    assert "name_same" in rules(one)
    assert apart.pairs.iloc[0]["benign_score"] > one.pairs.iloc[0]["benign_score"]


def test_two_words_of_three_are_one_name_still():
    assert "name_same" in rules(one_card("Mark Amaral Walfield", "Mark Walfield"))


@pytest.mark.parametrize(("said", "seats", "told"), [
    ("display_name", SEATS, False), ("display_name", [], True), ("legal_name", SEATS, True),
])  # fmt: skip
def test_two_who_have_seats_in_a_firm_may_both_show_its_name(said, seats, told):
    """The two crews of Two Guys Moving show one name; two accounts that give one legal name, or show one without any firm, are one person."""
    rows = [{"account_id": n, said: "Two Guys Moving", "role": "pro"} for n in "AB"]
    found = linked(rows, *(f"{n} payout ba_77aa88 {SAME}" for n in "AB"), business_members=seats)
    assert ("name_same" in rules(found)) == told


def one_mailbox(*, many, confirmed=None, name="Ana Ruiz", **tables):
    """So many accounts with one mailbox, opened in one week of a market of sixty."""
    hand, crowd = "ABCDEFG"[:many], [f"N{n}" for n in range(60)]
    rows = [{"account_id": n, "legal_name": name or f"Nan{n} Own{n}", "created_at": "2024-01-02"} for n in hand]
    rows += [{"account_id": n, "legal_name": f"Nan{n} Own{n}", "created_at": f"2023-{1 + at % 12:02}-05"} for at, n in enumerate(crowd)]
    mail = [
        {
            "account_id": n,
            "email_raw": "none.of.us@mail.example",
            "first_seen": "2024-01-02",
            "last_seen": "2024-05-01",
            "verified_at": confirmed,
        }
        for n in hand
    ]
    mail += [{"account_id": n, "email_raw": f"own{at}x@mail.example", "first_seen": "2023-12-05"} for at, n in enumerate(crowd)]
    return link(market(rows, emails=mail, **tables))


def grouped(links):
    groups = links.clusters("strong").set_index("account_id")["cluster_id"]
    return groups["A"] == groups["B"]


def told(links):
    return links.pairs.set_index(["a", "b"]).loc[("A", "B"), "benign_score"]


def test_a_mailbox_that_nobody_confirmed_and_five_names_gave_is_nobody_s_own():
    made_up = one_mailbox(many=5, name=None)
    assert told(made_up) > told(one_mailbox(many=5, name=None, confirmed="2024-01-03"))
    assert told(made_up) > told(one_mailbox(many=3, name=None))
    assert told(made_up) >= INNOCENT / 2
    assert not grouped(made_up)


def test_a_mailbox_that_one_name_gave_is_hers():
    assert told(one_mailbox(many=5)) < INNOCENT / 10


def invited(*, by):
    """Two customers of one card, whom somebody invited."""
    rows = [{"account_id": n, "referrer_account_id": by} for n in "AB"] + [{"account_id": "P"}]
    return linked(rows, *(f"{n} card fp_77aa88 {SAME}" for n in "AB"), *(f"{n} install dev_{n}own77 {SAME}" for n in "AB"))


def test_who_came_by_one_invitation_and_pays_with_one_card_is_likelier_one_than_who_came_alone():
    """Friends come by one invitation with things of their own; beside a shared card it says more than one of two inviting the other."""
    alone, both = (told(invited(by=by)) for by in (None, "P"))
    assert both < alone
    assert "one_referrer" in rules(invited(by="P"))


def after_a_removal(name, years, *own):
    """B was opened three weeks after A was removed and has A's line; the tail of each own thing is the account's."""
    rows = [
        {"account_id": "A", "legal_name": "Ana Ruiz", "birth_year": "1980", "created_at": "2023-01-01"},
        {"account_id": "B", "legal_name": name, "birth_year": years, "created_at": "2024-02-10"},
    ]
    gone = [{"action_id": "1", "account_id": "A", "action": "remove", "decided_at": "2024-01-20"}]
    seen = ["A phone 312_555_2368 2023-01-01 2024-01-20", "B phone 312_555_2368 2024-02-10 2024-06-01"]
    days = {"A": "2023-01-01 2024-01-20", "B": "2024-02-10 2024-06-01"}
    return linked(rows, *seen, *(f"{n} {what.format(n)} {days[n]}" for n in "AB" for what in own), actions=gone)


def test_a_relative_who_carries_the_line_on_stays_apart_and_who_comes_back_does_not():
    relative = after_a_removal("Leo Ruiz", "1955", "email own{}x@mail.example", "install dev_{}own77", "card fp_{}own77")
    back = after_a_removal("Ana Ruiz", "1980")
    assert not grouped(relative)
    assert told(relative) >= INNOCENT
    assert grouped(back)
    assert told(back) < INNOCENT / 4
