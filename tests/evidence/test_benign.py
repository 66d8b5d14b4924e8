"""Each innocent reading has a pair where it must win, and a guilty twin where it must not pass one half."""

import pytest

from tests.markets import HOME, linked
from tnskit.evidence.benign import READINGS, named
from tnskit.evidence.links import INNOCENT

SAME = "2024-01-01 2024-03-01"
COUPLE = [("A", "Ana Ruiz", "1980"), ("B", "Leo Ruiz", "1978")]
STRANGERS = [("A", "Ana Ruiz", "1980"), ("B", "Tom Kern", "1991")]
ALONE = {"card lent, lost or stolen", "same building", "one network", "coincidence"}
ONE = [("A", "Ana Ruiz", "1980"), ("B", "Ana Ruiz", "1980")]


def people(rows, **more):
    return [{"account_id": n, "legal_name": name, "birth_year": year, **more} for n, name, year in rows]


def both(*values, dates=(SAME, SAME)):
    return [f"{n} {v} {d}" for n, d in zip("AB", dates, strict=True) for v in values]


def at_home():
    return [{"account_id": n, **HOME, "first_seen": "2024-01-01"} for n in "AB"]


def best(links):
    row = links.pairs.iloc[0]
    return row["benign"], row["benign_score"]


CASES = [
    ("household", lambda who: linked(people(who), *both("card fp_77aa88", "ip 11.2.3.4"), addresses=at_home())),
    ("recycled phone", lambda who: linked(people(who), *both("phone 312_555_2368", dates=("2024-01-01 2024-02-01", "2024-08-01 2024-09-01")))),
    ("resold or shared device", lambda who: linked(people(who), *both("install dev_77aa88", dates=("2024-01-01 2024-02-01", "2024-04-01 2024-06-01")))),
    ("card lent, lost or stolen", lambda who: linked(people(who), *both("card fp_77aa88"))),
    ("same building", lambda who: linked(people(who), addresses=[{"account_id": n, "line1": "12 Oak St", "postal": "78701"} for n in "AB"])),
    ("one network", lambda who: linked(people(who), *both("ip 11.2.3.4"))),
    ("shared line or box", lambda who: linked(people(who), *both("phone 312_555_2368"))),
    ("one business", lambda who: linked(people(who, role="pro"), *both("licence CA|1234567x"), business_members=[
        {"account_id": n, "business_id": "b1"} for n in "AB"])),
    ("coincidence", lambda who: linked(people(who), instruments=[
        {"account_id": n, "bin": "424242", "last4": "42", "exp_month": "3", "exp_year": "2027"} for n in "AB"])),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make"), CASES, ids=[case[0] for case in CASES])
def test_the_innocent_pair_gets_its_reading(name, make):
    benign, likely = best(make(STRANGERS if name in ALONE else COUPLE))
    assert benign == name
    assert likely >= INNOCENT


@pytest.mark.parametrize(("name", "make"), [c for c in CASES if c[0] not in {"coincidence"}], ids=[c[0] for c in CASES[:-1]])
def test_one_person_twice_does_not_get_it(name, make):
    assert best(make(ONE))[1] < INNOCENT


def test_after_a_removal_the_reading_weighs_less():
    gone = [{"action_id": "1", "account_id": "A", "action": "remove", "decided_at": "2024-01-15"}]
    rows = [{**row, "created_at": day} for row, day in zip(people(COUPLE), ("2023-01-01", "2024-01-20"), strict=True)]
    with_ban = linked(rows, *both("card fp_77aa88"), addresses=at_home(), actions=gone)
    without = linked(rows, *both("card fp_77aa88"), addresses=at_home())
    assert best(with_ban)[1] < best(without)[1]


def test_every_reading_tells_what_it_looks_for_and_what_to_ask():
    assert {name for name, _ in CASES} == {reading.name for reading in READINGS}
    assert all(r.looks_for and r.settles and r.ask.endswith(("?", ".")) for r in READINGS)
    assert named("") is None
