"""Who may decide what: two people, the second one blind; nobody confirms their own, nor past an open stop."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.markets import market, seen
from tests.review.desks import DAYS, NOW, PEOPLE, REMOVED, REVIEW, checked, decided, desk, opened, proposed, refused
from tnskit.errors import AuthorityError, BlindError, CaseError, SamePersonError, StopError, UnknownCaseError, UsageError, WordsError
from tnskit.evidence.links import link
from tnskit.review.authority import allows, authority
from tnskit.review.precheck import precheck
from tnskit.review.stops import STOPS

ROLES = ("specialist", "senior", "payments", "safety", "security", "legal", "policy", "operations", "reader")


def test_the_check_raises_no_stop(check, stopped):
    assert set(check.stops["code"]) == set()
    assert set(stopped.stops["code"]) == {"H7"}


def test_a_removal_goes_its_way(log, check):
    case = opened(log, check)
    assert case.state == "open"
    case = log.propose(case, "remove", policy="ACC-01", because="The same person came back.")
    assert (case.state, case.proposal.facts["action"], case.decision) == ("proposed", "remove", None)
    case = log.review(case, by="luis", **REVIEW)
    assert (case.state, case.reader) == ("reviewed", "luis")
    assert (case.proposal.facts["because"], case.reviews[0].facts["agrees"]) == ("The same person came back.", True)
    case = log.confirm(case, by="luis")
    assert (case.state, case.decision["action"], case.decision["by"], case.decision["policy"]) == ("decided", "remove", "luis", "ACC-01")
    assert log.verify().sound


def test_the_same_person_cannot_confirm(log, check):
    case = proposed(log, check)
    told = f"case {case.id} was proposed by 'ana'; a second person has to confirm it"
    assert refused(log.confirm, case) == (SamePersonError, told)
    assert refused(log.confirm, case, by="ANA ") == (SamePersonError, told)
    assert refused(log.review, case, **REVIEW) == (SamePersonError, f"case {case.id} was proposed by 'ana'; a second person has to read it")


def test_nobody_confirms_without_a_second_verdict(log, check):
    case = proposed(log, check)
    told = f"case {case.id} has no second verdict yet; somebody else writes theirs with log.review first"
    assert refused(log.confirm, case, by="luis") == (BlindError, told)


@pytest.mark.parametrize("column", ["decided_by", "reviewed_by"])
def test_who_suspended_the_account_neither_reads_nor_confirms(log, column):
    suspended = {
        "action_id": "7",
        "account_id": "A",
        "action": "suspend",
        "decided_at": "2024-03-10",
        "policy_code": "ACC-01",
        "decided_by": "mei",
        "reviewed_by": "tom",
    } | {column: "Luis"}
    case = proposed(log, checked(actions=[REMOVED, suspended]))
    told = "account 'A' was suspended by 'luis'; somebody else has to read it"
    assert refused(log.review, case, by="luis", **REVIEW) == (SamePersonError, told)
    log.review(case, by="eva", **REVIEW)
    told = "account 'A' was suspended by 'luis'; somebody else has to confirm it"
    assert refused(log.confirm, case, by="luis") == (SamePersonError, told)
    assert log.confirm(case, by="eva").state == "decided"


def test_who_suspended_it_is_known_by_the_name_of_an_export_too(log):
    suspended = {"action_id": "9", "account_id": "A", "action": "suspend", "decided_at": "2024-03-01", "decided_by": "Luis@Team.example"}
    case = proposed(log, checked(actions=[REMOVED, suspended]))
    told = "account 'A' was suspended by 'luis at team.example'; somebody else has to read it"
    assert refused(log.review, case, by="luis@team.example", **REVIEW) == (SamePersonError, told)


def test_who_suspended_it_in_this_log_does_not_confirm_either(log, check):
    first = proposed(log, check, "suspend")
    log.confirm(first)
    second = log.propose(opened(log, check), "remove", policy="ACC-01", because="It went on.", by="mei")
    assert refused(log.review, second, by="ana", **REVIEW) == (
        SamePersonError,
        "account 'A' was suspended by 'ana'; somebody else has to read it",
    )


def test_an_open_stop_holds_a_removal_until_it_is_cleared_by_whom_it_names(log, stopped):
    case = proposed(log, stopped)
    log.review(case, by="luis", **REVIEW)
    told = f"case {case.id} has an open stop: H7 (payments can clear it); a removal waits for that"
    assert refused(log.confirm, case, by="luis") == (StopError, told)
    assert refused(log.clear, case, "H7", because="I see no problem.") == (
        SamePersonError,
        f"stop H7 of case {case.id} is for payments to clear, not for 'ana', whose case it is",
    )
    log.clear(case, "H7", because="50 USD are paid out on Friday.", by="rita")
    assert refused(log.clear, case, "H7", because="Again.", by="rita") == (CaseError, f"stop H7 of case {case.id} is cleared already")
    case = log.confirm(case, by="luis")
    assert (case.state, case.stops[["code", "cleared_by", "because"]].values.tolist()) == (
        "decided",
        [["H7", "rita", "50 USD are paid out on Friday."]] * 2,
    )


def test_a_milder_step_is_not_held_by_a_stop(log, stopped):
    case = proposed(log, stopped, "restrict")
    assert log.confirm(case).state == "in force"


def test_two_stops_cannot_be_cleared(log):
    case = proposed(log, _weak())
    log.review(case, by="luis", **REVIEW)
    kind, told = refused(log.confirm, case, by="luis")
    assert (kind, "H1 (nobody can clear it)" in told) == (StopError, True)
    assert refused(log.clear, case, "H1", because="It is fine.", by="mei") == (
        StopError,
        "stop H1 cannot be cleared; verify or restrict instead of removing, or bring other evidence",
    )


def _weak():
    """A and B share a card alone."""
    m = market(PEOPLE, identifiers=seen(*(f"{name} card fp_77aa88 {days}" for name, days in DAYS.items())), actions=[REMOVED])
    return precheck(m, link(m), "A", now=NOW)


@pytest.mark.parametrize("code", [stop.code for stop in STOPS])
def test_every_stop_is_cleared_by_its_role_alone_or_by_nobody(tmp_path, check, code):
    """With roles in the log: who has the role clears it, everybody else is refused, H1 and H2 stay."""
    wanted = authority(date(2024, 4, 1)).clear.get(code, ())
    stops = check.stops.reindex(range(1)).assign(code=code, why="found so", clear_by="whoever may")
    log = desk(tmp_path)
    log.appoint("boss", "lead", by="boss")
    for role in ROLES:
        log.appoint(f"the {role}", role, by="boss")
    case = opened(log, replace(check, stops=stops))
    people = {f"the {role}": (role,) for role in ROLES} | {"boss": ("lead",)}
    for name, held in people.items():
        if wanted and allows(held, wanted):
            continue
        kind, told = refused(log.clear, case, code, because="I looked into it.", by=name)
        assert kind is (AuthorityError if wanted else StopError)
        assert ("cannot be cleared" in told) is not bool(wanted)
    if wanted:
        assert (
            log.clear(case, code, because="I looked into it.", by=f"the {wanted[0]}" if wanted[0] != "lead" else "boss").open_stops() == []
        )


def test_a_rule_about_conduct_needs_a_fact_about_conduct_and_leaves_stops_of_the_link_aside(log):
    case = proposed(log, _weak(), policy="PAY-04")
    log.review(case, by="luis", **REVIEW)
    told = f"case {case.id} rests on what the account did (rule PAY-04); write down at least one fact with log.find before it is removed"
    assert refused(log.confirm, case, by="luis") == (StopError, told)
    log.find(case, "Took a deposit on 3 March and never came.", rests_on=["R17"], on="2024-03-03", by="luis")
    assert log.confirm(case, by="luis").state == "decided"


def test_ban_evasion_needs_an_earlier_removal(log):
    case = proposed(log, checked(actions=[REMOVED | {"action": "warn"}]))
    log.review(case, by="luis", **REVIEW)
    told = f"case {case.id} rests on rule ACC-01, which needs an earlier removal; the check found none"
    assert refused(log.confirm, case, by="luis") == (StopError, told)


def test_two_verdicts_that_differ_go_to_a_lead(log, check):
    case = proposed(log, check)
    case = log.review(case, by="luis", verdict="restrict", because="A restriction protects people as well.", conflict="none")
    assert case.state == "disputed"
    assert refused(log.confirm, case, by="luis") == (
        CaseError,
        f"case {case.id} has two different verdicts; a lead decides it with log.lead",
    )
    assert refused(log.lead, case, verdict="remove", because="It is enough.", by="luis") == (
        SamePersonError,
        f"case {case.id} was read by 'luis'; a third person has to decide it",
    )
    assert refused(log.lead, case, verdict="remove", because="It is enough.") == (
        SamePersonError,
        f"case {case.id} was proposed by 'ana'; a second person has to decide it as lead",
    )
    case = log.lead(case, verdict="restrict", because="The milder step first.", by="mei")
    assert (case.state, case.decision["action"], case.decision["by"]) == ("decided", "restrict", "mei")


def test_a_lead_does_not_remove_past_a_stop(log, stopped):
    case = proposed(log, stopped, "restrict")
    log.review(case, by="luis", **REVIEW)
    assert refused(log.lead, case, verdict="remove", because="It is enough.", by="mei")[0] is StopError


@pytest.mark.parametrize(
    ("action", "state", "expires", "second_by"),
    [
        ("no action", "decided", None, None), ("warn", "decided", None, None), ("escalate", "decided", None, None),
        ("verify", "decided", "2024-04-08", None), ("restrict", "in force", "2024-04-15", "2024-04-02"), ("suspend", "in force", "2024-04-04", "2024-04-02"),
    ],
)  # fmt: skip
def test_what_is_mild_or_urgent_its_author_confirms(log, check, action, state, expires, second_by):
    case = log.confirm(proposed(log, check, action))
    made = case.of("confirmed")[-1].facts
    assert (case.state, (made["expires"] or "")[:10] or None, (made["second_by"] or "")[:10] or None) == (state, expires, second_by)


def test_what_is_in_force_is_read_by_a_second_person_all_the_same(log, check):
    case = log.confirm(proposed(log, check, "suspend"))
    assert log.review(case, by="luis", verdict="suspend", because="It was urgent.", conflict="none").state == "decided"
    other = log.confirm(proposed(log, check, "suspend"))
    assert log.review(other, by="luis", verdict="warn", because="A warning would do.", conflict="none").state == "disputed"


def test_who_has_an_interest_takes_no_further_step(log, check):
    case = proposed(log, check)
    told = f"'luis' declared a conflict of interest in case {case.id}; somebody else has to"
    assert refused(log.review, case, by="luis", verdict="remove", because="I know him.", conflict="he is my cousin") == (
        CaseError,
        f"{told} read it",
    )
    assert refused(log.review, case, by="luis", verdict="remove", because="I know him.") == (CaseError, f"{told} read it")
    log.review(case, by="eva", **REVIEW)
    assert refused(log.confirm, case, by="luis") == (CaseError, f"{told} confirm it")
    mine = opened(log, check, conflict="my own job", by="tom")
    assert refused(log.propose, mine, "warn", policy="ACC-01", because="So it is.", by="tom")[1].endswith(
        "somebody else has to propose an end for it"
    )


def test_roles_are_asked_for_once_somebody_is_appointed(log, check):
    with pytest.raises(AuthorityError, match="the first appointment makes a lead"):
        log.appoint("luis", "senior")
    log.appoint("mei", "lead", by="mei")
    log.appoint("luis", "specialist", by="mei")
    with pytest.raises(AuthorityError, match="an appointment is for lead, and 'luis' is specialist"):
        log.appoint("luis", "lead", by="luis")
    with pytest.raises(AuthorityError, match="'mei' is the only lead; appoint another before"):
        log.appoint("mei", by="mei")
    case = proposed(log, check)
    log.review(case, by="luis", **REVIEW)
    assert refused(log.confirm, case, by="luis") == (AuthorityError, "the decision 'remove' is for senior, and 'luis' is specialist")
    assert refused(log.confirm, case, by="eva") == (
        AuthorityError,
        "the decision 'remove' is for senior, and 'eva' is without a role in this log",
    )
    log.appoint("luis", "senior", by="mei")
    assert log.confirm(case, by="luis").of("confirmed")[-1].facts["unchecked"] == ""


def test_a_proposal_is_taken_back_by_its_author_before_anybody_read_it(log, check):
    case = proposed(log, check)
    assert refused(log.withdraw, case, because="Not mine.", by="luis")[1] == f"case {case.id} has no unread proposal of 'luis'"
    case = log.withdraw(case, because="I looked again.")
    assert (case.state, case.proposal) == ("open", None)
    log.review(log.propose(case, "warn", policy="ACC-02", because="Two accounts."), by="luis", verdict="warn", because="Two accounts, yes.")
    assert refused(log.withdraw, case, because="Too late.")[0] is CaseError


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"action": "ban"}, "'ban' is not an action; they are 'no action', 'warn'"), ({"action": "reinstate"}, "'reinstate' is not an action"), ({"policy": "XXX-01"}, "there is no policy 'XXX-01'"),
        ({"plan": {"mony": "x y"}}, "a plan has no 'mony'; it may tell milder"), ({"plan": {"hours": -1}}, "is a number of hours"), ({"plan": {"hours": True}}, "is a number of hours"),
        ({"plan": {"hours": float("inf")}}, "is a number of hours"),
    ],
)  # fmt: skip
def test_wrong_use_is_told(log, check, values, told):
    case = opened(log, check)
    given = {"action": "warn", "policy": "ACC-01", "because": "It is so."} | values
    with pytest.raises(UsageError, match=told):
        log.propose(case, given.pop("action"), **given)
    assert log.case(case).state == "open"


@pytest.mark.parametrize(
    ("step", "state"),
    [
        ("review", "open; nothing in it waits"),
        ("confirm", "open; there is no proposal"),
        ("lead", "open; a lead decides where"),
        ("appeal", "open; an appeal is against"),
        ("undo", "open; only a decision"),
        ("restore", "open; there is nothing"),
        ("answer", "open; there is no open appeal"),
    ],
)
def test_a_step_out_of_turn_is_refused(log, check, step, state):
    case = opened(log, check)
    given = {
        "review": REVIEW,
        "lead": {"verdict": "warn", "because": "So."},
        "appeal": {"grounds": "No."},
        "undo": {"because": "No."},
        "restore": {"item": "account", "because": "Yes."},
        "answer": {"outcome": "upheld", "because": "Yes."},
    }
    assert state in refused(getattr(log, step), case, by="luis", **given.get(step, {}))[1]


def test_a_second_proposal_waits_for_the_first(log, check):
    case = proposed(log, check)
    assert refused(log.propose, case, "warn", policy="ACC-01", because="Or so.", by="luis") == (
        CaseError,
        f"case {case.id} is proposed; a proposal is made while it is open",
    )


def test_an_unknown_case_and_a_refused_reason_change_nothing(log, check):
    case = proposed(log, check)
    with pytest.raises(UnknownCaseError, match=r"case 99 is not in cases\.db"):
        log.confirm(99, by="luis")
    with pytest.raises(UsageError, match="a case is told by its number"):
        log.case("the last")
    before = log.head
    with pytest.raises(WordsError):
        log.review(case, by="luis", verdict="remove", because="call 312-555-2368")
    assert log.head == before


def test_the_ladder_and_the_version_of_the_day_of_the_incident_are_cited(log, check):
    log.change_policy("PAY-02", since="2024-02-15", because="Direct pay is common here.", ladder=["no action", "warn"])
    before = log.propose(opened(log, check, incident="2024-02-14"), "remove", policy="PAY-02", because="Paid past us.").proposal.facts
    after = log.propose(opened(log, check, incident="2024-02-15"), "warn", policy="PAY-02", because="Paid past us.").proposal.facts
    assert (before["version"], before["step"], before["beyond"]) == ("2024-01-01", "warn", True)
    assert (after["version"], after["step"], after["beyond"]) == ("2024-02-15", "no action", True)


def test_earlier_findings_under_the_rule_move_up_the_ladder(log, tmp_path):
    log.confirm(proposed(log, checked(), "restrict", policy="PAY-02"))
    again = checked(log=log)
    assert again.reputation("They share a bank account.")[["what", "counts", "why"]].values.tolist() == [
        ["restrict, rule PAY-02", True, "stands"]
    ]
    case = log.propose(opened(log, again), "restrict", policy="PAY-02", because="Again.")
    assert (case.proposal.facts["step"], case.proposal.facts["beyond"]) == ("restrict", False)


def test_a_case_decides_what_the_clock_says(tmp_path, check):
    log = desk(tmp_path, clock=lambda: datetime(2024, 4, 1, 9, tzinfo=UTC))
    assert decided(log, check).decision["at"] == datetime(2024, 4, 1, 9, tzinfo=UTC)
