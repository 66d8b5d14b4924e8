"""Every stop has a case where it is raised and an innocent twin where it is not, and says who can clear it."""

import pytest

from tests.markets import HOME, market, seen
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


def check(*, people=PEOPLE, lines=STRONG, now=NOW, **tables):
    m = market(people, identifiers=seen(*lines), **({"actions": REMOVED} | tables))
    return precheck(m, link(m), "A", now=now)


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
HUB_PEOPLE = PEOPLE + [{"account_id": f"H{i}"} for i in range(4)]

CASES = [
    # stop, raised by, innocent twin
    ("H1", {"lines": card_only()}, {}),
    ("H2", {"lines": HUB, "people": HUB_PEOPLE}, {}),
    ("H3", {"people": [PEOPLE[0], PEOPLE[1] | {"legal_name": "Leo Ruiz", "birth_year": "1950"}], "addresses": [{"account_id": n, **HOME} for n in "AB"]}, {}),
    ("H4", {"security_events": [event(1, "password_reset", "2024-02-01"), event(2, "payout_change", "2024-02-02")]},
     {"security_events": [event(1, "password_reset", "2024-01-01"), event(2, "payout_change", "2024-02-20")]}),
    ("H5", {"lines": [*STRONG[:2], *STRONG[3:5], "A phone 312_555_2368 2024-02-20 2024-03-01", "B phone 312_555_2368 2023-06-01 2023-07-01"]}, {}),
    ("H6", {"jobs": [job(started_at="2024-02-28")]}, {"jobs": [job(started_at="2024-02-28", completed_at="2024-02-28")]}),
    ("H6", {"jobs": [job(scheduled_for="2024-03-03")]}, {"jobs": [job(scheduled_for="2024-05-03")]}),
    ("H7", {"payments": [payment(status="held", hold_reason="review")]}, {"payments": [payment(status="paid")]}),
    ("H7", {"payments": [payment(kind="chargeback")]}, {"payments": [payment(kind="chargeback", dispute_outcome="won")]}),
    ("H8", {"reports": [report(safety_flag="true")]}, {"reports": [report(safety_flag="false")]}),
    ("H9", {"reports": [report(channel="legal")]}, {"reports": [report(channel="email")]}),
    ("H10", {"pro_profiles": [{"account_id": "A", "background_status": "consider"}]}, {"pro_profiles": [{"account_id": "A", "background_status": "clear"}]}),
    ("H11", {"actions": [REMOVED[0] | {"reversed_at": "2024-02-20"}]}, {}),
    ("H11", {"appeals": [{"appeal_id": "1", "action_id": "1", "received_at": "2024-02-20"}]},
     {"appeals": [{"appeal_id": "1", "action_id": "1", "received_at": "2024-02-20", "decided_at": "2024-02-25", "outcome": "upheld"}]}),
    ("H11", {"now": "2026-06-01T00:00:00Z"}, {}),
    ("H12", {"reports": [report(reporter_account_id="B")], "pro_profiles": [{"account_id": n, "trade": "painter"} for n in "AB"]},
     {"reports": [report(reporter_account_id="B"), report(report_id="2", reporter_account_id="C9")], "pro_profiles": [{"account_id": n, "trade": "painter"} for n in "AB"]}),
    ("H13", {"jobs": jobs(51)}, {"jobs": jobs(50)}),
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
        "minor units of money held": 5000,
    }


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
