"""What rows tell of an account beside its identifiers (a report, refused payments, a year of birth), each with an innocent twin."""

import pytest

from tests.markets import HOME, linked, market
from tnskit.evidence import rules as rule_tables
from tnskit.evidence.links import link
from tnskit.findings.whatif import label_of_records

SAME = "2024-01-01 2024-12-01"
CROWD = [f"N{n:02}" for n in range(40)]


def signs(**tables):
    """How much each account of forty-two looks made for one purpose."""
    found = link(market(" ".join(["A", "B", *CROWD]), **tables)).engine.run(
        "SELECT account_id, signs FROM purpose JOIN main.people ON code = account"
    )
    return found.set_index("account_id")["signs"]


def payments(*rows):
    return [
        {"payment_id": f"p{n}", "payer_id": who, "kind": kind, "status": status, "amount_minor": 500, "currency": "USD", "at": "2024-02-01"}
        for n, (who, kind, status) in enumerate(rows)
    ]


def report(who, **more):
    return {"report_id": f"r{who}", "subject_account_id": who, "channel": "app", "received_at": "2024-02-01"} | more


def job(who, **more):
    return {"job_id": f"j{who}", "customer_account_id": who, "created_at": "2024-02-01", "status": "sent"} | more


@pytest.mark.parametrize(("guilty", "innocent"), [
    ({"reports": [report("A"), report("B")]}, {"reports": [report("A", confidential=True), report("B", confidential=True)]}),
    ({"payments": payments(*[(n, "charge", "declined") for n in "AABB"])},
     {"payments": payments(*[(n, "charge", "declined") for n in "AB"], *[(n, "charge", "settled") for n in "AB"])}),
    ({"payments": payments(*[(n, "auth", "ok") for n in "AABB"])}, {"payments": payments(*[(n, "auth", "ok") for n in "AB"])}),
    ({"payments": [p | {"payee_id": p.pop("payer_id")} for p in payments(*[(n, "credit", "ok") for n in "AB"])]},
     {"payments": [p | {"payee_id": p.pop("payer_id")} for p in payments(*[(n, "refund", "ok") for n in "AB"])]}),
    ({"jobs": [job(n, lead_credit=True) for n in "AB"]}, {"jobs": [job(n, lead_credit=False) for n in "AB"]}),
], ids=["reported", "refused", "trying", "bonus", "paid back"])  # fmt: skip
def test_a_rare_trace_of_trouble_is_a_sign_and_its_innocent_twin_is_none(guilty, innocent):
    told, quiet = signs(**guilty), signs(**innocent)
    assert told["A"] == told["B"] == pytest.approx(2.5)  # two of 42, capped at one in twelve
    assert quiet["A"] == quiet["N00"] == told["N00"] == 0


def test_a_trace_that_everybody_leaves_is_none():
    assert signs(reports=[report(n) for n in ["A", "B", *CROWD]])["A"] == 0


def test_an_account_that_the_team_restricted_is_told_as_one_that_was_reported():
    rows = [{"account_id": n, "status": "restricted" if n in "AB" else "active"} for n in ["A", "B", *CROWD]]
    found = link(market(rows)).engine.run("SELECT account_id FROM sign JOIN main.people ON code = account WHERE reported")
    assert sorted(found["account_id"]) == ["A", "B"]


def test_a_report_of_one_of_two_says_nothing_of_both():
    lines = [f"{n} card fp_77aa88 {SAME}" for n in "AB"]

    def rules(*who):
        links = linked(" ".join(["A", "B", *CROWD]), *lines, reports=[report(n) for n in who])
        return set(links.evidence("A", "B")["rule"])

    assert "one_purpose" in rules("A", "B")
    assert "one_purpose" not in rules("A")


def named(one, other, *, years=(1980, 1990), locale=None, said="legal_name"):
    """Two who share a card at one home."""
    rows = [
        {"account_id": n, said: name, "birth_year": year, "locale": locale} for n, name, year in zip("AB", (one, other), years, strict=True)
    ]
    home = [{"account_id": n, **HOME, "first_seen": "2024-01-01"} for n in "AB"]
    return linked(rows, *(f"{n} card fp_77aa88 {SAME}" for n in "AB"), addresses=home)


def said(links):
    return set(links.evidence("A", "B")["rule"])


@pytest.mark.parametrize(("one", "other", "family"), [
    ("Ana Walfield", "Ana Brooks", False), ("Ana Walfield", "Luis Walfield", True), ("Walfield, Ana", "Walfield, Luis", True),
    ("Walfield, Ana", "Ana Brooks", False), ("Ana Ruiz Lopez", "Luis Ruiz Perez", True), ("Dr. Ana Walfield", "Ana Brooks", False),
])  # fmt: skip
def test_a_family_has_a_surname_in_common_and_not_a_given_name(one, other, family):
    found = said(named(one, other))
    assert ("name_family" in found) == family
    assert "name_same" not in found
    assert ("name_differs" in found) is False


def test_where_the_surname_comes_first_it_is_a_family_s():
    assert "name_family" in said(named("Nagy Anna", "Nagy Ferenc", locale="hu-HU"))
    assert "name_family" not in said(named("Nagy Anna", "Nagy Ferenc", locale="en-US"))


def test_one_year_of_birth_by_two_names_speaks_for_one_person_and_less_so_in_a_family():
    def benign(links):
        return links.pairs.iloc[0]["benign_score"]

    one, two = named("Ana Walfield", "Bea Brooks", years=(1980, 1980)), named("Ana Walfield", "Bea Brooks", years=(1980, 1990))
    couple = named("Ana Walfield", "Luis Walfield", years=(1980, 1980))
    points = [links.evidence("A", "B").set_index("rule")["counted"] for links in (one, couple)]
    assert "birth_same" not in said(two)
    assert points[0]["birth_same"] == 2.5
    assert points[1]["birth_same"] == 1.5
    assert benign(one) < benign(couple)
    assert benign(one) < benign(two)
    assert "birth_same" not in said(named("Ana Walfield", "Ana Walfield", years=(1980, 1980)))  # there the year is in name_birth


def test_a_year_of_birth_is_no_name():
    """A line and a home make a *strong* link with one name, and not with one year of birth."""

    def label(**more):
        rows = [{"account_id": n} | more for n in "AB"]
        home = [{"account_id": n, **HOME, "first_seen": "2024-01-01"} for n in "AB"]
        own = [f"{n} cookie dev_own{ord(n):03} {SAME}" for n in "AB"]
        return linked(rows, *(f"{n} phone 312_555_2368 {SAME}" for n in "AB"), *own, addresses=home).pairs.iloc[0]["label"]

    assert label(legal_name="Ana Walfield") == "strong"
    assert label(birth_year=1980) != "strong"


def test_conduct_rests_on_nothing_where_less_than_a_point_is_shared():
    """An office box that half a town gave is no ground on which a removal and a week of opening could stand."""
    hand = "AB"
    rows = [{"account_id": n, "status": "removed" if n == "A" else "active", "created_at": f"2024-0{1 + 2 * (n == 'B')}-02",
             "closed_at": "2024-03-01" if n == "A" else None} for n in hand]  # fmt: skip
    rows += [{"account_id": n, "created_at": f"2023-{1 + at % 12:02}-05"} for at, n in enumerate(CROWD)]
    mail = [{"account_id": n, "email_raw": "office@mail.example", "first_seen": "2024-01-02"} for n in [*hand, *CROWD[:6]]]
    links = link(market(rows, emails=mail, reports=[report(n) for n in hand]))
    pair = links.pairs.set_index(["a", "b"]).loc[("A", "B")]
    pieces = links.evidence("A", "B").set_index("rule")
    assert 0 < pieces.loc["email_empty", "points"] < 1
    assert pieces.loc["after_removal", "counted"] == pieces.loc["after_removal", "points"] / 2
    assert pair["label"] in {"no reliable link", "possible"}


def retold(*pieces):
    """The label that taking pieces away in thought would give."""
    made = [{"family": family, "rule": rule, "counted": counted} for family, rule, counted in pieces]
    return label_of_records(made, rule_tables.default())[1]


def test_what_if_labels_as_linking_does_where_a_crumb_or_a_year_is_all():
    conduct = (("TIMING", "after_removal", 6.0), ("CONDUCT", "one_purpose", 6.0))
    assert retold(("CONTACT", "email_empty", 0.25), *conduct) == "possible"
    assert retold(("CONTACT", "email_empty", 1.0), *conduct) == "likely"
    assert retold(("DEVICE", "device", 9.0), ("AGE", "birth_same", 2.5)) == "likely"
    assert retold(("DEVICE", "device", 9.0), ("CONTACT", "phone", 5.0)) == "strong"


def test_what_if_labels_every_pair_of_a_market_of_such_facts_as_linking_did():
    years = {"A": 1980, "B": 1980, "C": 1980}
    rows = [{"account_id": n, "birth_year": years.get(n)} for n in ["A", "B", "C", *CROWD]]
    lines = [f"{n} cookie dev_own777 {SAME}" for n in "AB"] + [f"{n} phone 312_555_2368 {SAME}" for n in "BC"]
    links = linked(rows, *lines, reports=[report(n) for n in "ABC"])
    told = links.pairs.set_index(["a", "b"])["label"]
    assert len(told) == 2
    for a, b in told.index:
        pieces = links.evidence(a, b)[["family", "rule", "counted"]].to_dict("records")
        assert "birth_same" in {one["rule"] for one in pieces}
        assert label_of_records(pieces, links.rules)[1] == told[(a, b)]


def opened(many, day="2024-03-02", *, ip="185.220.101.7", kind="hosting", others=120, campaign=False, home=False):
    """Accounts that opened behind one address in one day, among others that opened over a year; gives the links of two of them."""
    names = [f"F{n}" for n in range(many)]
    born = {f"N{n:03}": f"{day if campaign else f'2024-{1 + n % 12:02}-{1 + n % 28:02}'}" for n in range(others)} | dict.fromkeys(
        names, day
    )
    rows = [{"account_id": n, "created_at": since, "legal_name": f"{n} Of{n}"} for n, since in born.items()]
    logins = [
        {"login_id": f"l{n}", "account_id": n, "at": f"{since} 10:00:00", "ip": ip if n in names else f"73.10.{int(n[1:])}.9",
         "asn_kind": kind if n in names else "residential", "outcome": "ok"}
        for n, since in born.items()
    ]  # fmt: skip
    logins += [
        row | {"login_id": f"m{row['login_id']}", "at": "2024-12-20 10:00:00"} for row in logins if home or row["account_id"] not in names
    ]
    jobs = [job(n, status="done", completed_at="2024-12-20") for n in born if home or n not in names]
    return linked(rows, logins=logins, jobs=jobs)


def batch(links):
    return "one_batch" in set(links.evidence("F0", "F1")["rule"])


def test_accounts_of_no_ordinary_life_that_open_in_one_batch_behind_one_address_are_a_pair():
    links = opened(6)
    assert batch(links)
    told = links.evidence("F0", "F1").set_index("rule").loc["one_batch"]
    assert told["accounts"] == 6
    assert told["family"] == "NETWORK"
    assert links.pairs["label"].isin(["no reliable link", "possible"]).all()


@pytest.mark.parametrize("innocent", [
    {"many": 4},  # friends on a sofa
    {"many": 6, "kind": "education"},  # a dormitory
    {"many": 6, "campaign": True},  # everybody came that day
    {"many": 6, "home": True},  # people who had work done
], ids=["four", "dormitory", "campaign", "lives"])  # fmt: skip
def test_the_innocent_twin_of_a_batch_is_none(innocent):
    assert not batch(opened(**innocent))
