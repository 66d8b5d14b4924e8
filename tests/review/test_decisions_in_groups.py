"""Decisions on one of a group, and what each role may decide: limits of a day, of a number, of a rank."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.review.desks import REVIEW, decided, desk, opened, proposed, refused
from tnskit.errors import AuthorityError, SamePersonError, UsageError
from tnskit.review.memo import memo


def grouped(log, check, size=4):
    """A case on one of several accounts, proposed by ana, with people in their roles."""
    case = proposed(log, replace(check, group=tuple("ACDE"[:size])))
    for name, role in (("mei", "lead"), ("luis", "senior"), ("eva", "specialist"), ("zoe", "policy")):
        log.appoint(name, role, by="mei")
    return case


@pytest.mark.parametrize(("first", "second"), [("mei", "zoe"), ("zoe", "mei")])
def test_a_removal_in_a_group_takes_a_lead_and_somebody_for_policy(log, check, first, second):
    case = grouped(log, check)
    log.review(case, by="eva", **REVIEW)
    told = "the decision 'remove' on one of a group is for lead and policy together, one person for each; 'luis' is senior"
    assert refused(log.confirm, case, by="luis") == (AuthorityError, told)
    case = log.confirm(case, by=first)
    assert (case.state, case.decision, [one.by for one in case.backed]) == ("reviewed", None, [first])
    assert refused(log.confirm, case, by=first)[0] is SamePersonError
    assert log.decided(["A"]).empty
    case = log.confirm(case, by=second)
    assert (case.state, case.of("confirmed")[-1].facts["together"]) == ("decided", {"mei": "lead", "zoe": "policy"})
    assert log.appeal(case, grounds="No.").state == "appealed"
    assert refused(log.answer, case, outcome="upheld", because="So.", by=first)[0] is SamePersonError


def test_two_hats_are_not_two_people(log, check):
    case = grouped(log, check)
    log.appoint("mei", "lead", "policy", by="mei")
    log.review(case, by="eva", **REVIEW)
    log.confirm(case, by="mei")
    assert refused(log.confirm, case, by="mei")[0] is SamePersonError
    assert log.case(case).state == "reviewed"


def test_a_lead_alone_does_not_remove_one_of_a_group_past_another_verdict(log, check):
    case = grouped(log, check)
    log.review(case, by="eva", verdict="restrict", because="The milder step.", conflict="none")
    assert log.lead(case, verdict="remove", because="It is enough.", by="mei").state == "disputed"
    assert log.lead(case, verdict="remove", because="It is.", by="zoe").decision["action"] == "remove"


def test_a_small_group_is_for_a_senior(log, check):
    case = grouped(log, check, size=3)
    log.review(case, by="eva", **REVIEW)
    assert log.confirm(case, by="luis").state == "decided"


def test_without_roles_a_group_takes_two_people_all_the_same(log, check):
    case = proposed(log, replace(check, group=tuple("ACDE")))
    log.review(case, by="luis", **REVIEW)
    assert log.confirm(case, by="luis").state == "reviewed"
    case = log.confirm(case, by="mei")
    told = "whether 'luis' acts as lead and 'mei' acts as policy: this log knows no roles"
    assert (case.state, case.of("confirmed")[-1].facts["unchecked"]) == ("decided", told)


def test_a_decision_is_judged_by_the_limits_of_its_day(tmp_path, check):
    at = [datetime(2024, 4, 1, 9, tzinfo=UTC)]
    log = desk(tmp_path, clock=lambda: at[0])
    before = log.confirm(proposed(log, check, "restrict"))
    announced = proposed(log, check, "restrict")
    log.change_limits("restrict", since="2024-04-03", because="Fourteen days are too long.", expires_days=7, who=["senior"], within_days=2)
    today = log.confirm(announced)
    at[0] += timedelta(days=2)
    after = log.confirm(proposed(log, check, "restrict"))
    told = [[one.of("confirmed")[-1].facts[name] for name in ("expires", "second_by", "limits")] for one in (before, today, after)]
    assert told == [
        *[["2024-04-15T09:00:00+00:00", "2024-04-02T09:00:00+00:00", "2024-01-01"]] * 2,
        ["2024-04-10T09:00:00+00:00", "2024-04-05T09:00:00+00:00", "2024-04-03"],
    ]
    assert "by the table in force since 2024-04-03" in memo(log.case(after)).text
    assert log.authority("2024-04-02")["restrict"].who == ("specialist",)
    assert log.authority().table.set_index("decision").loc["restrict", ["who", "runs_out"]].tolist() == ["senior", "7 days"]


def test_an_appeal_is_open_as_long_as_it_was_when_the_decision_was_made(tmp_path, check):
    at = [datetime(2024, 4, 1, 9, tzinfo=UTC)]
    log = desk(tmp_path, clock=lambda: at[0])
    case = decided(log, check)
    log.change_limits("appeal", since="2024-04-01", because="As the law has it.", open_days=200, reply_days=10)
    at[0] += timedelta(days=184)
    facts = log.appeal(case, grounds="I was ill.").of("appealed")[-1].facts
    assert (facts["late"], facts["reply_by"]) == (True, "2024-10-12T09:00:00+00:00")
    assert "taken in until 01 Oct 2024" in memo(log.case(case)).text


def test_limits_are_changed_from_today_on_by_who_may(log, check):
    log.appoint("mei", "lead", by="mei")
    for by, since, kind, told in (("luis", "2024-05-01", AuthorityError, "changing a limit is for policy or lead, and 'luis' is without"),
                                  ("mei", "2024-03-31", UsageError, "since=2024-03-31 is over")):  # fmt: skip
        refusal = refused(log.change_limits, "warn", since=since, because="So.", strike=False, by=by)
        assert (refusal[0], told in refusal[1]) == (kind, True)
    log.change_limits("H6", since="2024-04-01", because="Operations only.", clear=["operations"], by="mei")
    assert log.authority().clear["H6"] == ("operations",)
    assert log.events()["said"].tolist()[-1] == "H6: Operations only."
    assert log.verify().sound


def test_anybody_hands_a_case_on_and_safety_acts_alone(log, check):
    log.appoint("mei", "lead", by="mei")
    log.appoint("rita", "safety", by="mei")
    assert log.confirm(proposed(log, check, "escalate")).state == "decided"
    case = log.propose(opened(log, check), "suspend", policy="ACC-01", because="Somebody is in danger.", by="rita")
    assert log.confirm(case, by="rita").state == "in force"


def test_a_specialist_suspends_for_three_days_at_most(log, check):
    log.appoint("mei", "lead", by="mei")
    log.appoint("ana", "specialist", by="mei")
    assert log.confirm(proposed(log, check, "suspend", plan={"hours": 72})).state == "in force"
    longer = proposed(log, check, "suspend", plan={"hours": 73})
    assert refused(log.confirm, longer) == (AuthorityError, "the decision 'suspend' is for senior, and 'ana' is specialist")


def test_one_person_reads_ten_accounts_of_a_group(log, check):
    group = tuple(f"A{n}" for n in range(12))
    for n, name in enumerate(group):
        case = proposed(log, replace(check, account=name, group=group))
        if n == 10:
            told = "'luis' has read 10 accounts of this group; one person reads 10, another the next"
            assert refused(log.review, case, by="luis", **REVIEW) == (AuthorityError, told)
            assert log.review(case, by="eva", **REVIEW).state == "reviewed"
            break
        log.review(case, by="luis", **REVIEW)


def test_there_is_no_way_to_decide_on_several_accounts_at_once(log, check):
    case, other = proposed(log, check), proposed(log, check)
    for step in (log.confirm, log.propose, log.review):
        with pytest.raises((UsageError, TypeError)):
            step([case, other], by="luis")
