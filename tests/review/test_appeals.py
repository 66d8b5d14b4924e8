"""After a decision: somebody else reads the appeal, and undoing lists and records every item."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.review.desks import checked, decided, desk, opened, proposed, returned
from tests.review.test_decisions import REVIEW, refused
from tnskit.errors import AuthorityError, CaseError, SamePersonError, UsageError
from tnskit.evidence.links import link
from tnskit.findings.explain import explain
from tnskit.review.fold import UNDO
from tnskit.review.precheck import precheck

KEY = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("TNSKIT_KEY", KEY)
    return desk(tmp_path)


def overturned(log, check):
    case = decided(log, check)
    log.appeal(case, grounds="That was my sister.", lang="en")
    return log.answer(case, outcome="overturned", because="Two people, both spoken to.", by="mei")


def test_an_appeal_is_answered_by_somebody_who_had_no_part(log, check):
    case = decided(log, check)
    case = log.appeal(case, grounds="That was my sister.", lang="es", by="tom")
    taken = case.of("appealed")[-1]
    assert (case.state, taken.facts["late"], datetime.fromisoformat(taken.facts["reply_by"]).date() - taken.at.date()) == (
        "appealed",
        False,
        timedelta(days=14),
    )
    for name, word in (("ana", "opened"), ("luis", "read")):
        told = f"case {case.id} was {word} by '{name}'; an appeal is answered by somebody who had no part in it"
        assert refused(log.answer, case, outcome="upheld", because="It stands.", by=name) == (SamePersonError, told)
    case = log.answer(case, outcome="upheld", because="The two were seen at one time.", by="mei")
    assert (case.state, case.decision["action"]) == ("decided", "remove")


def test_a_second_appeal_goes_to_a_lead_and_is_the_last(log, check):
    log.appoint("boss", "lead", by="boss")
    for name, role in (("luis", "senior"), ("mei", "specialist"), ("eva", "specialist")):
        log.appoint(name, role, by="boss")
    case = decided(log, check)
    log.appeal(case, grounds="No.")
    log.answer(case, outcome="upheld", because="It stands.", by="mei")
    log.appeal(case, grounds="No, really.")
    assert refused(log.answer, case, outcome="upheld", because="It stands.", by="mei") == (
        SamePersonError,
        f"'mei' answered the first appeal in case {case.id}; somebody else answers the second",
    )
    assert refused(log.answer, case, outcome="upheld", because="It stands.", by="eva") == (
        AuthorityError,
        "this appeal is for lead, and 'eva' is specialist",
    )
    assert log.answer(case, outcome="upheld", because="It stands.", by="boss").state == "decided"
    assert refused(log.appeal, case, grounds="Once more.") == (
        CaseError,
        f"case {case.id} was appealed 2 times; a lead has read it, and that is the last",
    )


def test_a_modified_decision_is_milder_and_holds_instead(log, check):
    case = decided(log, check)
    log.appeal(case, grounds="Too hard.")
    assert refused(log.answer, case, outcome="modified", because="So.", by="mei")[1].startswith("a modified decision needs action=")
    assert refused(log.answer, case, outcome="modified", action="remove", because="So.", by="mei") == (
        CaseError,
        "an appeal makes a decision milder; 'remove' is not milder than 'remove'",
    )
    case = log.answer(case, outcome="modified", action="restrict", because="A restriction is enough.", by="mei")
    assert (case.state, case.decision["action"], case.decision["by"]) == ("decided", "restrict", "mei")


def test_a_late_appeal_is_taken_in_and_said_to_be_late(tmp_path, check):
    at = [datetime(2024, 4, 1, tzinfo=UTC)]
    log = desk(tmp_path, clock=lambda: at[0])
    case = decided(log, check)
    at[0] += timedelta(days=184)
    assert log.appeal(case, grounds="I was ill.").of("appealed")[-1].facts["late"] is True


def test_an_overturned_decision_lists_and_records_every_item(log, check):
    case = overturned(log, check)
    assert case.state == "overturned"
    assert case.undo["item"].tolist() == list(UNDO)
    assert case.undo.set_index("item")["state"].to_dict() == dict.fromkeys(UNDO, "to do") | {"strikes": "done"}
    log.agree(int(log.dissociations().iloc[0]["n"]), by="tom", because="I spoke to both.")
    for item in UNDO:
        if item not in {"strikes", "dissociation"}:
            case = log.restore(case, item, because=f"{item} looked after", applies=item != "badges", by="tom")
    assert set(case.undo["state"]) == {"done", "does not apply"}
    assert case.undo.set_index("item").loc["badges", ["state", "by"]].tolist() == ["does not apply", "tom"]
    assert log.due()["case"].tolist() == []
    assert refused(log.restore, case, "account", because="Again.") == (CaseError, f"'account' of case {case.id} is settled already")


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ("strikes", "'strikes' is settled by the log itself"),
        ("dissociation", "settled by the log itself; a second person agrees with log.agree"),
        ("karma", "the undo list has no 'karma'"),
    ],
)
def test_what_the_log_settles_itself_nobody_ticks_off(log, check, item, told):
    assert told in refused(log.restore, overturned(log, check), item, because="So.")[1]


def test_the_strike_no_longer_counts(log, check):
    case = decided(log, check)
    assert log.decided(["A"])[["action", "policy_code", "decided_by", "reviewed_by"]].values.tolist() == [
        ["remove", "ACC-01", "ana", "luis"]
    ]
    before = checked(log=log)
    assert before.reputation("One bank account.")[["counts", "why"]].values.tolist() == [[True, "stands"]]
    log.undo(case, because="We mixed up two people.", by="mei")
    after = checked(log=log)
    assert after.reputation("One bank account.")[["counts", "why"]].values.tolist() == [[False, "overturned"]]
    assert "1 earlier decision on it overturned" in after.against["what"].tolist()


def test_the_two_are_not_linked_again_once_a_second_person_agreed(log, check):
    overturned(log, check)
    market, links = returned()
    assert explain(links, "A", "B").label == "strong"
    assert explain(link(market, log=log), "A", "B").label == "strong"
    (n,) = log.dissociations()["n"]
    assert refused(log.agree, int(n), by="mei") == (SamePersonError, f"event {n} was written by 'mei'; a second person has to agree to it")
    log.agree(int(n), by="tom")
    again = link(market, log=log)
    told = explain(again, "A", "B")
    assert (told.label, told.score) == ("no reliable link", 0)
    assert "People decided earlier that these are not the same person." in str(told)
    assert again.clusters("strong")["cluster_id"].tolist() == ["A", "B"]
    assert "H1" in set(precheck(market, again, "A", now="2024-04-01T00:00:00Z").stops["code"])
    assert refused(log.agree, int(n), by="eva") == (CaseError, f"event {n} was agreed to already")


def test_other_cases_that_the_same_finding_hit_are_named(log, check):
    from dataclasses import replace

    pair = replace(check, group=("A", "C"))
    decided(log, replace(pair, account="C"))
    case = log.undo(decided(log, pair), because="The bank account was a payroll agent's.", by="mei")
    assert case.of("undone")[-1].facts["beside"] == [1]


def test_a_decision_about_conduct_says_nothing_about_who_they_are(log, check):
    case = proposed(log, check, policy="PAY-04")
    log.find(case, "Took a deposit and never came.", by="luis")
    log.review(case, by="luis", **REVIEW)
    log.confirm(case, by="luis")
    case = log.undo(case, because="The bank was wrong.", by="mei")
    assert case.undo.set_index("item").loc["dissociation", ["state", "because"]].tolist() == [
        "does not apply",
        "the decision did not rest on a link",
    ]
    assert log.dissociations().empty


def test_nobody_waits_for_a_key(tmp_path, check, monkeypatch):
    """Without a key for tokens a decision is overturned all the same; the dissociation stays on the list."""
    monkeypatch.delenv("TNSKIT_KEY", raising=False)
    monkeypatch.setenv("TNSKIT_KEY_FILE", str(tmp_path / "none"))
    monkeypatch.setattr("tnskit.cleaning.keys._from_keyring", lambda: None)
    log = desk(tmp_path)
    case = overturned(log, check)
    assert case.undo.set_index("item").loc["dissociation", "state"] == "to do"
    monkeypatch.setenv("TNSKIT_KEY", KEY)
    event = log.dissociate("A", "B", because="Two people, both spoken to.", case=case, by="mei")
    log.agree(event.n, by="tom")
    assert log.case(case).undo.set_index("item").loc["dissociation", "state"] == "done"


def test_undoing_takes_a_senior(log, check):
    case = decided(log, check)
    log.appoint("boss", "lead", by="boss")
    log.appoint("tom", "specialist", by="boss")
    assert refused(log.undo, case, because="Wrong.", by="tom") == (
        AuthorityError,
        "to undo a decision is for senior, and 'tom' is specialist",
    )
    assert log.undo(case, because="Wrong.", by="boss").state == "overturned"
    assert refused(log.undo, case, because="Wrong.", by="boss")[0] is CaseError


def test_a_case_about_safety_is_undone_by_two(log):
    report = {"report_id": "1", "subject_account_id": "A", "received_at": "2024-03-20", "safety_flag": "true", "lang": "en"}
    case = proposed(log, checked(reports=[report]))
    log.review(case, by="luis", **REVIEW)
    log.clear(case, "H8", by="sam", because="Safety has decided first.")
    case = log.confirm(case, by="luis")
    assert log.undo(case, because="We mixed up two people.", by="mei").state == "decided"
    assert log.due()["what"].tolist() == ["a second person agrees to undo a case about safety, or says no"]
    told = f"case {case.id} has a report about safety; a second person has to ask for its end too"
    assert refused(log.undo, case, because="Really.", by="mei") == (SamePersonError, told)
    log.appeal(case, grounds="That was my sister.")
    told = f"case {case.id} has a report about safety; before it is overturned somebody else asks for it with log.undo"
    assert refused(log.answer, case, outcome="overturned", because="Two people.", by="mei") == (CaseError, told)
    assert log.undo(case, because="I spoke to both.", by="tom").state == "overturned"


def test_an_unknown_outcome_is_refused(log, check):
    case = decided(log, check)
    log.appeal(case, grounds="No.")
    assert refused(log.answer, case, outcome="maybe", because="So.", by="mei") == (
        UsageError,
        "'maybe' is not an outcome; they are upheld, modified, overturned, withdrawn",
    )


def test_what_waits_is_listed_with_its_clock(tmp_path, check, log):
    log.confirm(proposed(log, check, "restrict"))
    case = decided(log, check)
    log.appeal(case, grounds="No.")
    opened(log, check)
    told = log.due(now=datetime(2024, 4, 10, tzinfo=UTC))
    assert told[["case", "what", "late"]].values.tolist() == [
        [1, "a second person looks at what is in force", True], [1, "what is in force runs out", False], [2, "the appeal is answered", False],
    ]  # fmt: skip
