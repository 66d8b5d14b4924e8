"""A value that many share and two people who are not one: remembered by keyed token, obeyed by the next run, until they run out."""

import json
from datetime import UTC, datetime

import pytest

from tests.markets import market, seen
from tests.review.desks import desk, opened
from tests.review.test_appeals import KEY
from tnskit.cleaning.vault import reveal
from tnskit.errors import CaseError, KeyMissingError, RevealError, SamePersonError, UnknownCaseError, UsageError, WordsError
from tnskit.evidence.links import link
from tnskit.evidence.steps import HARD
from tnskit.findings.explain import explain
from tnskit.review.precheck import precheck

SAME = "2024-01-01 2024-03-01"
LINES = [f"{name} {value} {SAME}" for name in "AB" for value in ("phone 312_555_2368", "payout ba_77aa88", "ip 11.20.30.40")]
LATER = "2025-01-01"


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("TNSKIT_KEY", KEY)
    return desk(tmp_path)


def pair(**tables):
    return market("A B", identifiers=seen(*LINES), **tables)


def phone(m):
    (shown,) = [row for (row,) in m.db.execute("SELECT shown FROM main.identifier WHERE kind = 'phone'").fetchall()]
    return shown


def test_a_suppressed_value_is_set_aside_and_listed_with_why(log):
    m = pair()
    assert "CONTACT" in explain(link(m, log=log), "A", "B").families
    log.suppress(m, phone(m), why="school", because="The school's own line, says its site.", until=LATER)
    links = link(m, log=log)
    assert "CONTACT" not in explain(links, "A", "B").families
    told = links.crowded.set_index("kind").loc["phone"]
    assert (told["shown"], told["why"]) == (phone(m), "suppressed: shared by a school, until 2025-01-01")
    assert explain(link(m), "A", "B").families != explain(links, "A", "B").families


def test_the_same_value_is_known_in_the_next_export(log):
    log.suppress(m := pair(), phone(m), why="office", because="An office line.", until=LATER)
    other = market("X Y Z", identifiers=seen(f"Y phone (312)555-2368 {SAME}", f"Z phone +1.312.555.2368 {SAME}"))
    assert link(other, log=log).crowded["why"].tolist() == ["suppressed: shared by an office, until 2025-01-01"]


def test_what_has_run_out_on_the_day_of_the_export_counts_again(log):
    m = pair()
    log.suppress(m, phone(m), why="school", because="The school's own line.", until="2024-06-01")
    for day, families in (
        ("2024-05-31", "NETWORK+PAYMENT"),
        ("2024-06-01", "CONTACT+NETWORK+PAYMENT"),
        ("2024-07-01", "CONTACT+NETWORK+PAYMENT"),
    ):
        later = market([{"account_id": name, "exported_at": day} for name in "AB"], identifiers=seen(*LINES))
        told = explain(link(later, log=log), "A", "B").families.split("+")
        assert "+".join(family for family in told if family in HARD) == families


def test_a_lifted_suppression_counts_again(log):
    m = pair()
    event = log.suppress(m, phone(m), why="school", because="The school's own line.", until=LATER)
    log.lift(event.n, because="It was another school.")
    assert "CONTACT" in explain(link(m, log=log), "A", "B").families
    with pytest.raises(CaseError, match="is no suppression or dissociation that stands"):
        log.lift(event.n, because="Again.")


def test_neither_the_value_nor_its_account_is_in_the_log_file(log):
    m = pair()
    log.suppress(m, phone(m), why="school", because="The school's own line.", until=LATER)
    log.agree(log.dissociate("LEFT-4711", "RIGHT-4712", because="Two people.").n, by="luis")
    log.close()
    raw = log.path.read_bytes()
    assert not any(secret in raw for secret in (b"5552368", b"555 2368", b"555-2368", b"LEFT-4711", b"RIGHT-4712", KEY.encode()))
    assert raw.count(b"tns1_") >= 3


def test_links_cite_what_they_obeyed(log):
    m = pair()
    plain = link(m).settings
    assert "obeyed" not in plain
    assert link(m, log=log).settings == plain
    log.suppress(m, phone(m), why="school", because="The school's own line.", until=LATER)
    told = link(m, log=log).settings
    assert told["log"] == log.head
    assert link(m, log=log).sha256 != link(m).sha256


def test_exported_suppressions_are_obeyed_too(monkeypatch, log):
    from tnskit.cleaning.keys import keys
    from tnskit.cleaning.tokens import token

    made = token("phone", pair().db.execute("SELECT clean FROM vault.clean WHERE kind = 'phone'").fetchone()[0], keys()[0])
    rows = [
        {"kind": "phone", "value_token": made, "why": "call_centre", "by": "s.tom", "at": "2024-01-01", "expires_at": LATER},
        {"kind": "ip", "value_token": "tok_of_another_team", "why": "school", "by": "s.tom", "at": "2024-01-01", "expires_at": LATER},
    ]
    found = link(pair(suppressions=rows)).crowded
    assert found[found["why"].str.startswith("suppressed")]["why"].tolist() == ["suppressed: shared by a call centre, until 2025-01-01"]
    assert "CONTACT" in explain(link(pair(suppressions=[rows[0] | {"expires_at": "2023-01-01"}])), "A", "B").families


def test_without_a_key_exports_still_link_and_a_log_says_what_is_missing(tmp_path, monkeypatch, log):
    m = pair(suppressions=[{"kind": "phone", "value_token": "tns1_00000000_" + "0" * 40, "why": "school"}])
    log.suppress(m, phone(m), why="school", because="The school's own line.", until=LATER)
    monkeypatch.delenv("TNSKIT_KEY")
    monkeypatch.setenv("TNSKIT_KEY_FILE", str(tmp_path / "none"))
    monkeypatch.setattr("tnskit.cleaning.keys._from_keyring", lambda: None)
    assert "CONTACT" in explain(link(m), "A", "B").families
    with pytest.raises(KeyMissingError):
        link(m, log=log)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"why": "because"}, "'because' is no reason of this list"), ({"until": "2024-04-01"}, "should be after 2024-04-01"), ({"until": "2027-01-01"}, "within 732 days"),
        ({"until": "soon"}, "a day is written like"), ({"shown": "phone ••• •••-0000"}, "no value of this market is shown like that"), ({"because": "call 312-555-2368"}, "holds a phone number"), ({"because": " "}, "because= is empty"),
    ],
)  # fmt: skip
def test_a_suppression_needs_a_value_a_reason_and_an_end(log, values, told):
    m = pair()
    given = {"shown": phone(m), "why": "school", "because": "The school's own line.", "until": LATER} | values
    with pytest.raises((UsageError, WordsError), match=told):
        log.suppress(m, given.pop("shown"), **given)
    assert log.suppressions().empty


def test_two_people_stay_two_however_strong_the_link(log):
    m = market(
        "A B C",
        identifiers=seen(
            *LINES,
            *(
                f"{name} {value} {SAME}"
                for name in "AB"
                for value in ("identity doc_77aa88", "email ana.r_77@mail.example", "install dev_77aa88")
            ),
        ),
    )
    strong = explain(link(m), "A", "B")
    assert (strong.label, strong.score > 20) == ("strong", True)
    event = log.dissociate("B", "A", because="Twins, both spoken to.")
    assert explain(link(m, log=log), "A", "B").label == "strong"
    with pytest.raises(SamePersonError, match=f"event {event.n} was written by 'ana'"):
        log.agree(event.n)
    log.agree(event.n, by="luis")
    told = explain(link(m, log=log), "A", "B")
    assert (told.label, told.score, told.evidence["counted"].sum()) == ("no reliable link", 0, 0)
    log.lift(event.n, because="They were one after all.")
    assert explain(link(m, log=log), "A", "B").label == "strong"


def test_only_the_pair_that_was_meant_is_kept_apart(log):
    m = market(
        "A B C", identifiers=seen(*(f"{name} {value} {SAME}" for name in "ABC" for value in ("payout ba_77aa88", "phone 312_555_2368")))
    )
    log.agree(log.dissociate("A", "B", because="Two people.").n, by="luis")
    pairs = link(m, log=log).pairs.set_index(["a", "b"])["label"]
    assert (pairs["A", "B"], pairs["A", "C"] == pairs["B", "C"]) == ("no reliable link", True)


@pytest.mark.parametrize(
    ("n", "told"), [(1, "event 1 of this log is no dissociation that stands"), (99, "event 99 of this log is no dissociation that stands")]
)
def test_only_a_dissociation_is_agreed_to(log, n, told):
    m = pair()
    log.suppress(m, phone(m), why="school", because="The school's own line.", until=LATER)
    with pytest.raises(CaseError, match=told):
        log.agree(n, by="luis")


def test_what_is_remembered_is_listed_as_it_stood(log):
    m = pair()
    event = log.suppress(m, phone(m), why="school", because="The school's own line.", until=LATER)
    log.lift(event.n, because="It was another school.")
    assert log.suppressions().empty
    told = log.suppressions(until=event.n).iloc[0]
    assert (told["kind"], told["why"], told["by"], told["expires_at"]) == ("phone", "school", "ana", datetime(2025, 1, 1, tzinfo=UTC))


def test_a_raw_value_is_shown_only_behind_a_line_in_the_log(log, monkeypatch):
    m = pair()
    case = opened(log, precheck(m, link(m), "A"))
    values = reveal(m, "A", "phone", case=case, because="the user asks which number we have", by="luis", log=log)
    assert values == ["312 555 2368"]
    told = log.case(case).of("reveal")[-1]
    assert (told.by, told.facts["kind"], told.facts["shown"]) == ("luis", "phone", [phone(m)])
    assert "2368" not in json.dumps(dict(told.facts)).replace(json.dumps(phone(m))[1:-1], "")


def test_nothing_is_shown_where_the_log_cannot_be_written(log):
    m = pair()
    case = opened(log, precheck(m, link(m), "A"))
    with pytest.raises(RevealError, match=r"nothing is shown: case 99 is not in cases\.db"):
        reveal(m, "A", "phone", case=99, because="the user asks which number we have", by="luis", log=log)
    with pytest.raises(UnknownCaseError):
        log.append("reveal", by="luis", case="99", facts={})
    log._audit._db.execute("PRAGMA query_only = ON")
    with pytest.raises(RevealError, match="nothing is shown"):
        reveal(m, "A", "phone", case=str(case.id), because="the user asks which number we have", by="luis", log=log)
