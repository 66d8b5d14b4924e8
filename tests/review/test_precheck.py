"""Every stop has a case where it is raised and an innocent twin where it is not, and says who can clear it."""

import pytest

from tests.markets import HOME, market, once, seen
from tnskit.errors import UnknownAccountError, UsageError
from tnskit.evidence.links import link
from tnskit.review.precheck import precheck
from tnskit.review.stops import STOPS

SAME = "2024-01-01 2024-03-01"
NOW = "2024-03-02T00:00:00Z"
STRONG = [f"{n} {v} {SAME}" for n in "AB" for v in ("payout ba_77aa88", "card fp_77aa88", "phone 312_555_2368")]
PEOPLE = [
    {
        "account_id": "A",
        "legal_name": "Ana Ruiz",
        "birth_year": "1980",
        "status": "active",
        "role": "pro",
        "locale": "en-US",
    },
    {
        "account_id": "B",
        "legal_name": "Ana Ruiz",
        "birth_year": "1980",
        "status": "removed",
        "role": "pro",
        "locale": "en-US",
    },
]
REMOVED = [
    {
        "action_id": "1",
        "account_id": "B",
        "action": "remove",
        "decided_at": "2024-02-01",
        "policy_code": "PAY-01",
    }
]


@once
def linked(people, lines, tables):
    m = market(people, identifiers=seen(*lines), **tables)
    return m, link(m)


def check(*, people=PEOPLE, lines=STRONG, now=NOW, together=(), **tables):
    m, links = linked(people, lines, {"actions": REMOVED} | tables)
    return precheck(m, links, "A", now=now, together=together)


def raised(**given):
    return set(check(**given).stops["code"])


def job(**more):
    return {
        "job_id": "1",
        "customer_account_id": "C9",
        "pro_account_id": "A",
        "created_at": "2024-02-20",
        "hired_at": "2024-02-21",
    } | more


def jobs(count):
    return [job(job_id=str(n), completed_at="2024-02-22") for n in range(count)]


def event(n, what, at):
    return {"event_id": str(n), "account_id": "A", "event": what, "at": at}


def report(**more):
    return {
        "report_id": "1",
        "subject_account_id": "A",
        "received_at": "2024-02-25",
        "narrative": "x",
        "lang": "en",
    } | more


def payment(**more):
    return {
        "payment_id": "1",
        "payee_id": "A",
        "payer_id": "C9",
        "kind": "payout",
        "amount_minor": "5000",
        "at": "2024-02-25",
        "currency": "USD",
    } | more


def card_only():
    return [f"{n} card fp_77aa88 {SAME}" for n in "AB"]


HUB = [f"{n} {v} {SAME}" for n in ["A", "B", *(f"H{i}" for i in range(4))] for v in ("payout ba_77aa88",)] + [
    f"{n} {v} {SAME}" for n in "AB" for v in ("phone 312_555_2368", "licence CA|99887766")
]
MANY = [{"account_id": f"H{i}", "status": "active", "created_at": "2023-01-01"} for i in range(70)]
MANY += [{"account_id": "A", "status": "active"}, {"account_id": "B", "status": "removed"}]
MOBILE = [f"{one['account_id']} email support@shop.example {SAME}" for one in MANY]
"""A mailbox that so many use that it says nothing."""
HUB_PEOPLE = PEOPLE + [{"account_id": f"H{i}"} for i in range(4)]
HANDED = ["A phone 312_555_2368 2024-02-20 2024-03-01", "B phone 312_555_2368 2023-06-01 2023-07-01"]
STRANGER = PEOPLE[1] | {"legal_name": "Leo Lopez", "birth_year": "1950"}

CASES = [
    # stop, raised by, innocent twin
    ("H1", {"lines": card_only()}, {}),
    ("H2", {"lines": HUB, "people": HUB_PEOPLE}, {}),
    ("H2", {"lines": MOBILE, "people": MANY}, {"lines": MOBILE, "people": [one | {"status": "active"} for one in MANY], "actions": []}),
    ("H3", {"people": [PEOPLE[0], PEOPLE[1] | {"legal_name": "Leo Ruiz", "birth_year": "1950"}], "addresses": [{"account_id": n, **HOME} for n in "AB"]}, {}),
    ("H3", {"lines": [*STRONG, f"A identity doc_a77 {SAME}", f"B identity doc_b88 {SAME}"]}, {"lines": [*STRONG, *(f"{n} identity doc_a77 {SAME}" for n in "AB")]}),
    ("H4", {"security_events": [event(1, "phone_change", "2024-02-20")], "lines": [*STRONG, "A install dev_old1 2024-01-01 2024-03-01", "A install dev_new2 2024-02-21 2024-02-22"]},
     {"security_events": [event(1, "phone_change", "2024-01-20")], "lines": [*STRONG, "A install dev_old1 2024-01-01 2024-03-01", "A install dev_new2 2024-02-21 2024-02-22"]}),
    ("H4", {"security_events": [event(1, "password_reset", "2024-02-01"), event(2, "payout_change", "2024-02-02")]},
     {"security_events": [event(1, "password_reset", "2024-01-01"), event(2, "payout_change", "2024-02-20")]}),
    ("H5", {"lines": [*STRONG[:2], *STRONG[3:5], "A phone 312_555_2368 2024-02-20 2024-03-01", "B phone 312_555_2368 2023-06-01 2023-07-01"]}, {}),
    ("H5", {"lines": HANDED, "people": [PEOPLE[0], STRANGER]}, {"lines": HANDED, "people": [PEOPLE[0], STRANGER | {"status": "active"}], "actions": []}),
    ("H5", {"payments": [payment(kind="chargeback", payer_id="A", payee_id="C9", dispute_code="10.4", dispute_outcome="lost")]},
     {"payments": [payment(kind="chargeback", payer_id="A", payee_id="C9", dispute_code="13.1", dispute_outcome="lost")]}),
    ("H6", {"jobs": [job(started_at="2024-02-28")]}, {"jobs": [job(started_at="2024-02-28", completed_at="2024-02-28")]}),
    ("H6", {"jobs": [job(scheduled_for="2024-03-03")]}, {"jobs": [job(scheduled_for="2024-05-03")]}),
    ("H7", {"payments": [payment(status="held", hold_reason="review")]}, {"payments": [payment(status="paid")]}),
    ("H7", {"payments": [payment(kind="chargeback")]}, {"payments": [payment(kind="chargeback", dispute_outcome="won")]}),
    ("H8", {"reports": [report(safety_flag="true")]}, {"reports": [report(safety_flag="false")]}),
    ("H8", {"reports": [report(policy_code="SAF-03")]}, {"reports": [report(policy_code="PAY-03")]}),
    ("H8", {"people": [PEOPLE[0] | {"birth_year": "2008"}, PEOPLE[1] | {"birth_year": "2008"}]}, {"people": [PEOPLE[0] | {"birth_year": "2005"}, PEOPLE[1] | {"birth_year": "2005"}]}),
    ("H9", {"reports": [report(channel="legal")]}, {"reports": [report(channel="email")]}),
    ("H10", {"pro_profiles": [{"account_id": "A", "background_status": "consider"}]}, {"pro_profiles": [{"account_id": "A", "background_status": "clear"}]}),
    ("H11", {"actions": [REMOVED[0] | {"reversed_at": "2024-02-20"}]}, {}),
    ("H11", {"appeals": [{"appeal_id": "1", "action_id": "1", "received_at": "2024-02-20"}]},
     {"appeals": [{"appeal_id": "1", "action_id": "1", "received_at": "2024-02-20", "decided_at": "2024-02-25", "outcome": "upheld"}]}),
    ("H11", {"now": "2026-06-01T00:00:00Z"}, {}),
    ("H11", {"actions": [REMOVED[0] | {"policy_code": "other"}]}, {}),
    ("H11", {"actions": [REMOVED[0] | {"decided_by": "s.tom", "reviewed_by": "s.tom"}]}, {"actions": [REMOVED[0] | {"decided_by": "s.tom", "reviewed_by": "s.mei"}]}),
    ("H11", {"actions": [REMOVED[0] | {"automation": "full"}]}, {"actions": [REMOVED[0] | {"automation": "assisted"}]}),
    ("H11", {"people": [PEOPLE[0] | {"created_at": "2024-01-01"}, PEOPLE[1]]}, {"people": [PEOPLE[0] | {"created_at": "2024-02-02"}, PEOPLE[1]]}),
    ("H12", {"reports": [report(reporter_account_id="B")], "pro_profiles": [{"account_id": n, "trade": "painter"} for n in "AB"]},
     {"reports": [report(reporter_account_id="B"), report(report_id="2", reporter_account_id="C9")], "pro_profiles": [{"account_id": n, "trade": "painter"} for n in "AB"]}),
    ("H12", {"reports": [report(reporter_account_id="B")]}, {"reports": [report(reporter_account_id="C9")]}),
    ("H13", {"jobs": jobs(51)}, {"jobs": jobs(50)}),
    ("H13", {"people": HUB_PEOPLE, "together": ["H0", "H1", "H2"]}, {"people": HUB_PEOPLE, "together": ["H0", "H1", "A"]}),
    ("H14", {"reports": [report(lang="es")]}, {"reports": [report(lang="en")]}),
    ("H15", {"addresses": [{"account_id": "A", "line1": "12 Pike St", "city": "Seattle"}]}, {"addresses": [{"account_id": "A", "line1": "12 Pike St", "city": "Tacoma"}]}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "fires", "twin"), CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)])
def test_the_stop_is_raised_and_not_for_its_innocent_twin(code, fires, twin):
    assert code in raised(**fires)
    assert code not in raised(**twin)


def test_every_stop_has_a_case_and_says_who_can_clear_it():
    assert {case[0] for case in CASES} == {stop.code for stop in STOPS} == {f"H{n}" for n in range(1, 16)}
    assert all(stop.clear_by and stop.find.__doc__.startswith(f"{stop.code}: ") for stop in STOPS)


def test_a_check_has_the_promised_parts():
    found = check()
    assert found.verdict in {"stop", "ask", "proceed"}
    assert list(found.stops) == ["code", "why", "clear_by"]
    assert found.basis.b == "B"
    assert (found.basis.score, found.basis.label) == (
        found.linked.iloc[0]["score"],
        found.linked.iloc[0]["label"],
    )
    assert "identity" in found.not_found
    assert set(found.cites) >= {"rules", "rules_version", "version", "load_report", "settings_sha256"}


def test_the_three_verdicts():
    reports = [report(reporter_account_id="C8"), report(report_id="2", reporter_account_id="C9")]
    assert check(reports=reports).verdict == "proceed"
    assert check().verdict == "ask"  # nobody reported it: a link alone breaks no rule
    assert check(lines=card_only(), reports=reports).verdict == "stop"


def test_an_account_without_links_is_stopped():
    found = check(lines=["A phone 312_555_2368 2024-01-01"])
    assert found.verdict == "stop"
    assert found.basis is None


def test_collateral_counts_what_would_be_hit():
    found = check(jobs=[job(started_at="2024-02-28")], payments=[payment(status="held", hold_reason="review")])
    assert found.collateral.set_index("what")["count"].to_dict() == {
        "open jobs": 1,
        "payments held for it": 1,
    }
    assert "50.00 USD" in found.collateral.set_index("what").loc["payments held for it", "detail"]


def test_wrong_use_is_told():
    m = market(PEOPLE)
    with pytest.raises(UnknownAccountError):
        precheck(m, link(m), "Z")
    with pytest.raises(UsageError, match="has no zone"):
        precheck(m, link(m), "A", now="2024-01-01")
    with pytest.raises(UsageError, match="should be a moment"):
        precheck(m, link(m), "A", now="soon")


def test_the_html_is_escaped_and_masked():
    people = [PEOPLE[0] | {"account_id": "A"}, PEOPLE[1]]
    page = check(people=people, reports=[report(narrative="<script>alert(1)</script> call 312 555 2368")])._repr_html_()
    assert "<script" not in page
    assert "2368" not in page.replace("•••-2368", "")


def test_four_explanations_stand_side_by_side():
    found = check().explanations
    assert found["explanation"].tolist() == [
        "the same person",
        "one home or one firm",
        "a takeover, or a stolen or lent identifier",
        "coincidence: passed on, shared by many, or dirty data",
    ]
    assert found["speaks for it"][0].splitlines()[0].startswith("Strong, ")
    assert "they share a card or bank account, a phone or mailbox; beside these: the name" in found["speaks for it"][0]
    assert found["would settle it"].str.len().gt(10).all()
    assert check(lines=["A phone 312_555_2368 2024-01-01"]).explanations["explanation"].tolist() == found["explanation"].tolist()


@pytest.mark.parametrize(
    ("given", "row", "side", "words"),
    [
        ({"people": [PEOPLE[0], PEOPLE[1] | {"legal_name": "Leo Ruiz", "birth_year": "1950"}], "addresses": [{"account_id": n, **HOME} for n in "AB"]}, 1, "speaks for it", "Household, "),
        ({"people": [PEOPLE[0], PEOPLE[1] | {"legal_name": "Leo Ruiz", "birth_year": "1950"}]}, 0, "speaks against it", "birth"),
        ({}, 1, "speaks against it", "No home, network or firm in common."),
        ({"security_events": [event(1, "password_reset", "2024-02-01"), event(2, "payout_change", "2024-02-02")]}, 2, "speaks for it", "another bank account for payouts"),
        ({}, 2, "speaks against it", "No sign of a takeover"),
        ({"lines": HUB, "people": HUB_PEOPLE}, 3, "speaks for it", "is seen with 6 accounts"),
        ({}, 3, "speaks against it", "Their uses overlap in time"),
        ({"lines": ["A payout ba_77aa88 2024-02-20 2024-03-01", "B payout ba_77aa88 2024-01-01 2024-02-01"]}, 0, "speaks against it", "Their uses never overlap; 19 days lie between them"),
    ],
)  # fmt: skip
def test_each_explanation_says_what_speaks_for_and_against_it(given, row, side, words):
    assert words in check(**given).explanations[side][row]


def test_evasion_needs_a_yes_to_all_four():
    whole = [REMOVED[0] | {"decided_by": "s.tom", "reviewed_by": "s.mei"}]
    born = [PEOPLE[0] | {"created_at": "2024-02-10"}, PEOPLE[1]]
    found = check(actions=whole, people=born).evasion
    assert found["holds"].tolist() == ["yes", "yes", "yes", "yes"]
    assert found["question"].tolist() == ["Was the removal of B sound?", "Is it final?", "Does it stand?", "Did A begin after it?"]
    assert check().evasion["holds"].tolist() == ["not known", "yes", "yes", "not known"]
    assert check(actions=[REMOVED[0] | {"action": "warn"}]).evasion.empty


def test_the_newest_removal_is_what_counts():
    old = REMOVED[0] | {"action_id": "0", "decided_at": "2020-01-01", "reversed_at": "2020-02-01"}
    assert "H11" not in raised(actions=[old, REMOVED[0]])


def test_what_would_follow_names_who_would_be_next_and_how_the_ring_falls_apart():
    chain = [*(f"{n} {v} {SAME}" for n in "AB" for v in ("payout ba_77aa88", "phone 312_555_2368", "email a.b_77@mail.example")),
             *(f"{n} {v} {SAME}" for n in "AC" for v in ("payout ba_99bb77", "phone 312_555_9911", "email a.c_99@mail.example", "install dev_ac1"))]  # fmt: skip
    people = [PEOPLE[0], PEOPLE[1] | {"status": "active"}, {"account_id": "C", "status": "active"}]
    told = check(lines=chain, people=people, actions=[REMOVED[0] | {"action": "warn"}]).what_if
    assert told[["what", "accounts"]].values.tolist() == [
        ["who would be next", ["C", "B"]],
        ["its group would fall into 2 parts", ["B"]],
        ["its group would fall into 2 parts", ["C"]],
    ]
    assert check().what_if.empty


def test_an_account_that_was_merged_brings_its_jobs_and_reports():
    people = [*PEOPLE, {"account_id": "A0", "merged_into": "A"}]
    assert "H6" in raised(people=people, jobs=[job(pro_account_id="A0", started_at="2024-02-28")])
    assert "H8" in raised(people=people, reports=[report(subject_account_id="A0", safety_flag="true")])
    assert check(people=people, jobs=[job(pro_account_id="A0", started_at="2024-02-28")]).collateral["what"].tolist() == ["open jobs"]


def test_what_was_decided_before_is_told_after_a_reading():
    actions = [REMOVED[0], {"action_id": "5", "account_id": "A", "action": "warn", "decided_at": "2024-02-20", "policy_code": "PRO-03"},
               {"action_id": "6", "account_id": "A", "action": "restrict", "decided_at": "2022-02-20", "policy_code": "PAY-03"},
               {"action_id": "7", "account_id": "A", "action": "suspend", "decided_at": "2024-02-22", "policy_code": "PAY-03", "reversed_at": "2024-02-23"}]  # fmt: skip
    found = check(actions=actions)
    assert "PRO-03" not in str(found)
    assert found.reputation("They share a bank account.")[["what", "counts", "why"]].values.tolist() == [
        ["suspend, rule PAY-03", False, "overturned"], ["warn, rule PRO-03", False, "no notice was sent"], ["restrict, rule PAY-03", False, "older than 12 months"],
    ]  # fmt: skip


def test_links_of_another_market_are_refused():
    m, other = market(PEOPLE), market(PEOPLE)
    with pytest.raises(UsageError, match="these links were made from another market"):
        precheck(m, link(other), "A")
