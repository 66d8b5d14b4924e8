"""Each innocent reading has a pair where it must win, and a guilty twin where it must not pass one half."""

import pytest

from tests.markets import HOME, linked
from tnskit.evidence.benign import READINGS, SAYS, SHARES, named
from tnskit.evidence.groups import INNOCENT

SAME = "2024-01-01 2024-03-01"
EARLY, LATE = "2024-01-01 2024-02-01", "2024-08-01 2024-09-01"
COUPLE = [("Ana Ruiz", "1980"), ("Leo Ruiz", "1978")]
STRANGERS = [
    ("Ana Ruiz", "1980"),
    ("Tom Kern", "1991"),
    ("Mia Boyd", "1970"),
    ("Joe Hart", "1988"),
    ("Eve Lund", "1999"),
    ("Max Orr", "1960"),
]
ONE = [("Ana Ruiz", "1980")] * 6


def people(who, many=2, **more):
    return [{"account_id": "ABCDEF"[n], "legal_name": who[n][0], "birth_year": who[n][1], **more} for n in range(many)]


def both(*values, dates=(SAME, SAME), many=2):
    return [f"{n} {v} {dates[min(at, 1)]}" for at, n in enumerate("ABCDEF"[:many]) for v in values]


def own(*kinds, many=2):
    made = {"phone": "phone 312_555_29{}1", "install": "install dev_{}own77", "cookie": "cookie dev_{}own77", "email": "email own{}x@mail.example",
            "card": "card fp_{}own77"}  # fmt: skip
    return [f"{n} {made[kind].format(at + 1)} {SAME}" for at, n in enumerate("ABCDEF"[:many]) for kind in kinds]


def at_home(many=2, **more):
    return [{"account_id": n, **HOME, "first_seen": "2024-01-01", **more} for n in "ABCDEF"[:many]]


def on_network(many, role, who, **tables):
    return linked(people(who, many, role=role), *both("ip 11.2.3.4", many=many), *own("phone", "install", many=many), **tables)


CASES = {
    "household": (COUPLE, lambda w: linked(people(w), *both("phone 312_555_2368", "ip 11.2.3.4"), addresses=at_home())),
    "couple's card": (COUPLE, lambda w: linked(people(w), *both("card fp_77aa88"), *own("phone", "install"), addresses=at_home())),
    "flatmates": (STRANGERS, lambda w: linked(people(w), *own("phone", "install"), addresses=at_home())),
    "family tablet": (COUPLE, lambda w: linked(people(w), *both("cookie dev_77aa88", "ip 11.2.3.4"), *own("install", "phone"))),
    "one business": (STRANGERS, lambda w: linked(people(w, role="pro"), *both("phone 312_555_2368", "ip 11.2.3.4"), *own("phone"),
                     business_members=[{"account_id": n, "business_id": "b1"} for n in "AB"])),
    "co-working": (STRANGERS, lambda w: on_network(5, "pro", w)),
    "franchise or one licence": (STRANGERS, lambda w: linked(people(w, role="pro"), *both("licence CA|1234567x"))),
    "campus": (STRANGERS, lambda w: on_network(5, "customer", w, addresses=at_home(5, unit=None))),
    "public Wi-Fi": (STRANGERS, lambda w: linked(people(w), *both("ip 11.2.3.4"))),
    "carrier address": (STRANGERS, lambda w: linked(people(w, 5), *both("ip 11.2.3.4", many=5),
                        *[f"{n} ip 22.{at}.{d}.9 {SAME}" for at, n in enumerate("ABCDE") for d in range(1, 4)])),
    "call-centre phone": (STRANGERS, lambda w: linked(people(w, 3), *both("phone 312_555_2368", many=3), *own("phone", many=3))),
    "recycled phone": (STRANGERS, lambda w: linked(people(w), *both("phone 312_555_2368", dates=(EARLY, LATE)))),
    "resold device": (STRANGERS, lambda w: linked(people(w), *both("install dev_77aa88", dates=("2024-01-01 2024-02-01", "2024-03-20 2024-06-01")),
                      *own("phone", "email"))),
    "shared company card": (STRANGERS, lambda w: linked(people(w, role="pro"), *both("card fp_77aa88"), *own("phone", "install", "card"))),
    "agency": (STRANGERS, lambda w: linked(people(w, 4, role="pro"), *both("cookie dev_77aa88", many=4), *own("install", "phone", many=4))),
    "one payer for many": (STRANGERS, lambda w: linked(people(w, 5, role="pro"), *both("payout ba_77aa88", many=5), *own("phone", "install", many=5))),
    "shared computer": (STRANGERS, lambda w: linked(people(w), *both("cookie dev_77aa88"), *own("install", "phone"))),
    "card lent, lost or stolen": (STRANGERS, lambda w: linked(people(w), *both("card fp_77aa88"), *own("phone", "install"))),
    "same building": (STRANGERS, lambda w: linked(people(w), addresses=at_home(unit=None))),
    "shared line or box": (STRANGERS, lambda w: linked(people(w), *both("phone 312_555_2368"), *own("email"))),
    "coincidence": (STRANGERS, lambda w: linked(people(w), instruments=[
        {"account_id": n, "bin": "424242", "last4": "42", "exp_month": "3", "exp_year": "2027"} for n in "AB"])),
    "two people": (STRANGERS, lambda w: linked(people(w), *both("identity doc_77aa88", "payout ba_77aa88"), *own("phone", "install", "email"))),
}  # fmt: skip


def best(links):
    row = links.pairs.iloc[0]
    return row["benign"], row["benign_score"]


@pytest.mark.parametrize("name", [name for name in CASES if name != "two people"])
def test_the_innocent_pair_gets_its_reading(name):
    who, make = CASES[name]
    benign, likely = best(make(who))
    assert benign == name
    assert likely >= INNOCENT


@pytest.mark.parametrize("name", CASES)
def test_one_person_twice_does_not_get_it(name):
    assert best(CASES[name][1](ONE))[1] < INNOCENT


def test_one_document_outweighs_every_story():
    assert best(CASES["two people"][1](STRANGERS))[1] < INNOCENT


def test_after_a_removal_the_reading_weighs_less():
    gone = [{"action_id": "1", "account_id": "A", "action": "remove", "decided_at": "2024-01-15"}]
    rows = [{**row, "created_at": day} for row, day in zip(people(COUPLE), ("2023-01-01", "2024-01-20"), strict=True)]
    with_ban = linked(rows, *both("card fp_77aa88"), addresses=at_home(), actions=gone)
    without = linked(rows, *both("card fp_77aa88"), addresses=at_home())
    assert best(with_ban)[1] < best(without)[1]


def one_card(who, *disputed):
    """A and B pay with one card, and the payments of some of them were disputed."""
    taken_back = [
        {"payment_id": f"p{n}", "payer_id": n, "kind": "chargeback", "amount_minor": "4900", "at": "2024-02-01"} for n in disputed
    ]
    return linked(people(who), *both("card fp_77aa88"), *own("phone", "install"), payments=taken_back)


def test_who_shares_a_card_with_one_whose_payments_were_disputed_may_be_its_holder():
    """The victim pays with the card in peace; of two accounts of one hand both are disputed, or neither."""
    victim, guilty, plain = (best(one_card(STRANGERS, *who)) for who in ("A", "AB", ""))
    assert victim[0] == "card lent, lost or stolen"
    assert victim[1] > plain[1] >= guilty[1]
    assert best(one_card(ONE, "A"))[1] < INNOCENT


def neighbours_who_praise(*, settled):
    """Six customers of one house of many, of whom A and B praised one pro whom no job of theirs names."""
    crowd = [f"N{n}" for n in range(60)]
    rows = people(STRANGERS, 6, role="customer") + [{"account_id": n} for n in crowd]
    life = "2023-01-01 2024-12-01"
    lived = [f"{n} phone 312_555_27{at:02} {life}" for at, n in enumerate(crowd)]
    if settled:
        lived += [f"{n} {what}{n} {life}" for n in "ABCDEF" for what in ("card fp_own77", "install dev_own77")]
    else:
        lived += [f"{n} email {n}@yopmail.com 2024-01-01 2024-01-20" for n in "AB"]
    work = [(n, f"j{n}") for n in [*crowd, *("ABCDEF" if settled else "")]]
    jobs = [
        {"job_id": j, "customer_account_id": n, "pro_account_id": "N0", "created_at": "2024-02-01", "completed_at": "2024-02-01"}
        for n, j in work
        if n != "N0"
    ]
    hired = [
        {"review_id": j, "author_account_id": n, "subject_account_id": "N0", "created_at": "2024-02-02", "job_id": j}
        for n, j in work
        if n != "N0"
    ]
    praise = [
        {"review_id": f"p{n}{pro}", "author_account_id": n, "subject_account_id": pro, "created_at": "2024-01-10", "job_id": None}
        for n in "AB"
        for pro in ("N1", "N2")
    ]
    return linked(rows, *lived, addresses=at_home(6, unit=None), jobs=jobs, reviews=hired + praise)


def test_a_house_does_not_explain_praise_that_nobody_was_hired_for():
    """Two who leave no ordinary life and praise the same pros are no fellow students; two who live there and have lives of their own are."""
    found = {
        settled: neighbours_who_praise(settled=settled).pairs.set_index(["a", "b"]).loc[("A", "B"), ["benign", "benign_score"]]
        for settled in (False, True)
    }
    assert found[False]["benign_score"] < INNOCENT / 4
    assert found[True]["benign"] == "campus"
    assert found[True]["benign_score"] >= INNOCENT


def on_one_tablet(*, lived):
    """Five customers of five names whose only device and line are the same; the market's other accounts have jobs and lines of their own."""
    crowd = [f"N{n}" for n in range(40)]
    life, brief = "2023-01-01 2024-12-01", "2024-01-01 2024-01-20"
    rows = people(STRANGERS, 5, role="customer") + [{"account_id": n, "legal_name": f"Nan{n} Own{n}"} for n in crowd]
    seen = [f"{n} phone 312_555_27{at:02} {life}" for at, n in enumerate(crowd)]
    seen += [f"{n} {what} {life if lived else brief}" for n in "ABCDE" for what in ("cookie dev_77aa88", "phone 312_555_2368")]
    if not lived:
        seen += [f"{n} email {n}@yopmail.com {brief}" for n in "ABCDE"]
    jobs = [
        {"job_id": f"j{n}", "customer_account_id": n, "pro_account_id": "N0", "created_at": "2024-02-01", "completed_at": "2024-02-01"}
        for n in [*crowd[1:], *("ABCDE" if lived else "")]
    ]
    return linked(rows, *seen, jobs=jobs).pairs.set_index(["a", "b"]).loc[("A", "B")]


def test_the_tablet_and_the_line_of_a_place_are_nobody_s_own():
    """A shelter's guests have one device and one line and lead lives of their own; one hand's five accounts do not."""
    guests, hand = on_one_tablet(lived=True), on_one_tablet(lived=False)
    assert guests["label"] != "strong"
    assert guests["benign_score"] >= INNOCENT
    assert hand["benign_score"] < INNOCENT / 4
    assert hand["score"] > guests["score"]


def test_who_has_a_seat_each_in_a_firm_is_two_people_and_one_name_twice_is_not():
    def of(who, **seats):
        return best(linked(people(who, role="pro"), *both("payout ba_77aa88", "phone 312_555_2368"), *own("install"), **seats))[1]

    seats = {"business_members": [{"account_id": n, "business_id": "b1"} for n in "AB"]}
    assert of(STRANGERS, **seats) > of(STRANGERS)
    assert of(ONE, **seats) < INNOCENT / 2


def test_a_seat_each_in_one_firm_is_taken_off_the_score_and_one_name_twice_is_not():
    def of(who, **seats):
        return linked(people(who, role="pro"), *both("card fp_77aa88", "phone 312_555_2368"), *own("install"), **seats)

    seats = {"business_members": [{"account_id": n, "business_id": "b1"} for n in "AB"]}
    for who, points in ((STRANGERS, -3), (COUPLE, -3), (ONE, 0)):
        with_seats, without = of(who, **seats), of(who)
        said = with_seats.evidence("A", "B").set_index("rule")["counted"]
        assert said.get("seats_differ", 0) == points
        assert "seats_differ" not in set(without.evidence("A", "B")["rule"])
        assert with_seats.pairs["score"].iloc[0] == said.sum()
    assert of(ONE, **seats).pairs["label"].iloc[0] == "strong"


def test_the_reading_does_not_look_at_strength():
    """More and rarer shared things of one kind raise the score and leave the reading where it was."""
    few = CASES["couple's card"][1](COUPLE)
    many = linked(people(COUPLE), *both("card fp_77aa88", "card fp_88bb99"), *own("phone", "install"), addresses=at_home())
    assert best(few) == best(many)


def test_every_reading_tells_what_it_looks_for_and_what_to_ask():
    assert list(CASES) != []
    assert set(CASES) == {reading.name for reading in READINGS}
    assert all(r.looks_for and r.settles and r.ask.endswith(("?", ".")) for r in READINGS)
    assert all(words for _, _, words in (SAYS | SHARES).values())
    assert named("") is None
