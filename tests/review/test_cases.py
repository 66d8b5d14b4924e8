"""Cases: opened on frozen evidence, told as facts, kept apart, compared with those before."""

import hashlib

import pytest

from tests.review.desks import HELD, NOW, checked, decided, opened, proposed, returned
from tests.review.test_decisions import REVIEW
from tests.review.test_said import HOSTILE
from tnskit.cleaning.market import load
from tnskit.errors import AuthorityError, CaseError, LogError, SealError, UsageError, WordsError
from tnskit.evidence.links import link
from tnskit.review.cases import CaseLog
from tnskit.review.desk import OWN
from tnskit.review.freeze import freeze, sha256
from tnskit.review.precheck import precheck


def test_the_evidence_is_frozen_when_a_case_is_opened(log, check):
    case = opened(log, check)
    assert case.opened.facts["sha256"] == sha256(freeze(check))
    assert case.bundle["cites"]["settings_sha256"] == check.cites["settings_sha256"]
    assert case.evidence["id"].tolist() == [f"E{n}" for n in range(1, len(check.basis.evidence) + 1)]
    assert (case.bundle["basis"]["score"], case.bundle["basis"]["label"]) == (check.basis.score, check.basis.label)
    assert case.bundle["linked"]["of"] == len(check.linked)


def test_the_same_check_freezes_to_the_same_bytes(check):
    assert freeze(check) == freeze(precheck(*returned(), "A", now=NOW))


def test_files_are_cited_by_their_digest(tmp_path, log):
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "accounts.csv").write_text("account_id\nA\nB\n")
    (exports / "identifiers.csv").write_text("account_id,kind,value\nA,phone,312 555 2368\nB,phone,312 555 2368\n")
    market = load(exports)
    case = log.open(precheck(market, link(market), "A"))
    assert case.bundle["cites"]["input identifiers"] == hashlib.sha256((exports / "identifiers.csv").read_bytes()).hexdigest()


def test_what_was_not_told_is_not_made_up(log, check):
    case = log.open(check)
    assert {key: case.opened.facts[key] for key in ("trigger", "policy", "version", "incident", "conflict")} == dict.fromkeys(
        ("trigger", "policy", "version", "incident", "conflict"), ""
    )


def test_a_fact_rests_on_evidence_that_is_there(log, check):
    case = opened(log, check)
    case = log.find(case, "Began after the removal.", rests_on=["E1", "R17"], on="2024-02-10")
    assert case.findings.values.tolist() == [[1, "Began after the removal.", ["E1", "R17"], "2024-02-10", "ana"]]
    with pytest.raises(CaseError, match=f"case {case.id} has no evidence E9; it has E1 to E"):
        log.find(case, "So it is.", rests_on=["E1", "E9"])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_goes_in_and_comes_out_as_data(log, check, text):
    case = log.propose(opened(log, check, trigger=text), "warn", policy="ACC-01", because=text, plan={"milder": text})
    case = log.note(case, text)
    assert (case.proposal.facts["because"], case.opened.facts["trigger"], case.of("noted")[-1].facts["text"]) == (text, text, text)
    assert "<script" not in case._repr_html_()
    assert "<img" not in case._repr_html_()
    assert log.verify().sound


@pytest.mark.parametrize("step", ["note", "read", "hear", "find", "declare"])
@pytest.mark.parametrize("text", ["call 312-555-2368", "card 4111 1111 1111 1111", "x" * 10_000_000, ""])
def test_raw_and_huge_text_is_refused_at_every_door(log, check, step, text):
    case = opened(log, check)
    before = log.head
    with pytest.raises(WordsError) as told:
        getattr(log, step)(case, text)
    assert log.head == before
    assert "2368" not in str(told.value)
    assert "4111" not in str(told.value)


@pytest.mark.parametrize("event", [*sorted(OWN), "Confirmed", "", "x" * 60, "a\nb", "drop;table"])
def test_what_a_verb_writes_is_not_written_past_it(log, check, event):
    case = opened(log, check)
    with pytest.raises(UsageError, match="is written by the verb of the log"):
        log.append(event, by="ana", case=str(case.id), facts={"action": "remove"})


def test_other_events_are_written_as_they_are(log, check):
    case = opened(log, check)
    event = log.append("export", by="luis", case=str(case.id), facts={"file": "memo.html", "because": "for the second reader"})
    assert (event.by, event.via, event.case, event.facts["file"]) == ("luis", "told", "1", "memo.html")
    with pytest.raises(WordsError):
        log.append("export", by="luis", case=case, facts={"because": "call 312-555-2368"})


def test_cases_are_listed_with_whose_turn_it_is(log, check):
    opened(log, check)
    log.assign(proposed(log, check), "Luis", because="You read the language.")
    assert log.cases()[["case", "account", "state", "whose"]].values.tolist() == [[1, "A", "open", "ana"], [2, "A", "proposed", "luis"]]


def test_similar_cases_are_shown_beside_a_proposal_with_how_they_ended(log, check):
    first = decided(log, check)
    log.undo(first, because="We mixed up two people.", by="mei")
    decided(log, check)
    other = log.confirm(proposed(log, checked(payments=[HELD]), "restrict"))
    log.review(other, by="luis", verdict="restrict", because="So it is.", conflict="none")
    case = opened(log, check)
    told = log.similar(case)
    assert told[["case", "alike", "decided", "ended"]].values.tolist() == [
        [1, 1.0, "remove", "overturned"],
        [2, 1.0, "remove", "stands"],
        [3, 0.8, "restrict", "stands"],
    ]
    kept = log.propose(case, "warn", policy="ACC-01", because="Like case 1.").proposal.facts["similar"]
    assert [row["case"] for row in kept] == [1, 2, 3]


def test_a_case_that_waits_for_its_second_verdict_is_nobodys_precedent(log, check):
    proposed(log, check)
    log.confirm(proposed(log, check, "suspend"))
    assert log.similar(opened(log, check)).empty


def test_who_is_at_the_log_is_known_by_the_login(tmp_path, monkeypatch, check):
    monkeypatch.setenv("JUPYTERHUB_USER", "Ana")
    log = CaseLog(tmp_path / "cases.db")
    case = log.open(check)
    log.note(case, "So it is.", by="ana")
    log.note(case, "So it is.", by="luis")
    assert [(one.by, one.via) for one in log.case(case).events] == [("ana", "JupyterHub"), ("ana", "JupyterHub"), ("luis", "told")]
    monkeypatch.setenv("JUPYTERHUB_USER", "jovyan")
    with pytest.raises(AuthorityError, match="the login 'jovyan' is nobody's own"):
        CaseLog(tmp_path / "cases.db")


def test_a_practice_log_is_thrown_away(check):
    log = CaseLog(by="ana")
    opened(log, check)
    folder = log.path.parent
    assert log.verify().sound
    log.close()
    assert not folder.exists()


def test_a_changed_event_is_seen_when_its_case_is_read(log, check):
    case = opened(log, check)
    log.note(case, "So it is.")
    log.close()
    log.path.write_bytes(log.path.read_bytes().replace(b"So it is.", b"So it was"))
    with pytest.raises(SealError, match=r"cases\.db, event 2 does not match its seal"):
        log.case(case)


def test_a_policy_is_changed_by_whoever_may_from_a_day_on(log):
    log.appoint("mei", "lead", by="mei")
    log.appoint("pol", "policy", by="mei")
    with pytest.raises(AuthorityError, match="changing a policy is for policy or lead, and 'ana' is without a role"):
        log.change_policy("PAY-02", since="2025-01-01", because="Too mild.", ladder=["remove"])
    log.change_policy("PAY-02", since="2025-01-01", because="Too mild.", ladder=["remove"], by="pol")
    assert [log.policy("PAY-02", on=day).step(0) for day in ("2024-12-31", "2025-01-01")] == ["warn", "remove"]
    assert log.policy("PAY-02", on="2025-06-01").changed == "Too mild."


def test_a_log_is_told_in_a_line(log, check):
    opened(log, check)
    assert repr(log) == "CaseLog cases.db of ana"
    assert str(log.case(1)) == "Case 1 on A: open"
    with pytest.raises(LogError):
        CaseLog(log.path.parent / "nowhere/cases.db", by="ana")


def test_a_review_of_a_case_over_its_whole_life_is_one_chain(log, check):
    case = decided(log, check)
    log.letter(case, "L08", lang="en", sha256="ab" * 32)
    log.appeal(case, grounds="No.")
    log.answer(case, outcome="upheld", because="It stands.", by="mei")
    assert [one.event for one in log.case(case).events] == [
        "opened",
        "proposed",
        "declared",
        "reviewed",
        "confirmed",
        "letter",
        "appealed",
        "answered",
    ]
    assert log.verify(head=log.head).sound
    assert REVIEW["verdict"] == log.case(case).reviews[0].facts["verdict"]
