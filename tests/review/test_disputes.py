"""Disputes: every outcome walked, every clock, every refusal, nothing passed on that should not be."""

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from tests.disputes import DESERT, EAST, WEST, Hand, heard, offered, one_job, opened
from tnskit.errors import DisputeError, UsageError, WordsError
from tnskit.review.audit import AuditLog
from tnskit.review.cases import CaseLog
from tnskit.review.correspondence import letter
from tnskit.review.disputes import Dispute, mediate
from tnskit.review.standing import BEARERS, money
from tnskit.review.telling import Line, Money

DAY = date(2026, 3, 20)
OUTCOMES: list[tuple[str, Line, dict[str, int]]] = [
    ("no fault", Line("no_fault"), {}),
    ("explanation", Line("explain"), {}),
    ("apology", Line("apology"), {}),
    ("re-do", Line("redo", DAY), {}),
    ("re-do, materials shared", Line("redo_shared", DAY, amount=Money(4_000)), {"customer": -4_000, "pro": 4_000}),
    ("full refund", Line("refund", amount=Money(78_400)), {"customer": 78_400, "pro": -78_400}),
    ("partial refund", Line("part_refund", amount=Money(20_000)), {"customer": 20_000, "pro": -20_000}),
    ("price adjustment", Line("price", amount=Money(5_000)), {"customer": 5_000, "pro": -5_000}),
    ("release of held funds", Line("release", amount=Money(78_400)), {"pro": 78_400, "held": -78_400}),
    ("return of held funds", Line("return_held", amount=Money(78_400)), {"customer": 78_400, "held": -78_400}),
    ("damage claim to the guarantee", Line("claim", amount=Money(9_000)), {"customer": 9_000, "platform": -9_000}),
    ("damage claim to the insurer", Line("insurer", amount=Money(9_000)), {"customer": 9_000, "insurer": -9_000}),
    ("licence board", Line("licence_board"), {}),
    ("small claims", Line("small_claims"), {}),
    ("split decision", Line("split", amount=Money(39_200)), {"customer": 39_200, "pro": -39_200}),
    ("the open sum is paid", Line("pay", amount=Money(1_000)), {"customer": -1_000, "pro": 1_000}),
]
each = pytest.mark.parametrize(("term", "effect"), [row[1:] for row in OUTCOMES], ids=[row[0] for row in OUTCOMES])


@each
def test_an_outcome_as_a_settlement(tmp_path: Path, hand: Hand, term: Line, effect: dict[str, int]) -> None:
    found = heard(tmp_path, hand).option([term]).offer("pro", [term])
    assert money([term]) == dict.fromkeys(BEARERS, 0) | effect
    assert dict(found.options.iloc[0][list(BEARERS)]) == dict.fromkeys(BEARERS, 0) | effect
    found = found.answer("customer", "yes")
    assert (found.step, found.standing.terms) == ("signing", ())
    found = found.sign("customer", words="I accept.").sign("pro", words="I accept too.")
    assert (found.step, found.outcome, found.standing.terms) == ("follow-up", "settled", (term,))
    for day in (7, 30):
        for party in ("customer", "pro"):
            found = found.follow(party, day, done=True, satisfied=4)
    assert (found.step, found.outcome) == ("closed", "settled")
    for to, lang in (("customer", "en"), ("pro", "es"), ("customer", "pt")):
        made = letter(found, to=to, lang=lang)
        assert (made.template, made.missing, made.findings) == ("L12-settlement", (), ())


@each
def test_an_outcome_as_a_reasoned_decision(tmp_path: Path, hand: Hand, term: Line, effect: dict[str, int]) -> None:
    found = heard(tmp_path, hand).option([term]).decide([term], because="The records show it.", could_change="A receipt.")
    assert (found.step, found.outcome, found.standing.terms) == ("follow-up", "decided", (term,))
    values = {"because": Line("records_show"), "rule": "PRO-04", "version": "2024-01"}
    for to, lang in (("customer", "pt"), ("pro", "es"), ("pro", "en")):
        made = letter(found, to=to, lang=lang, values=values)
        assert (made.template, made.missing, made.findings) == ("L13-decision-without-agreement", (), ())


@pytest.mark.parametrize(
    ("to", "template"), [("safety", "L19-safety-first"), ("fraud", ""), ("takeover", "L05-someone-else-used-your-account")]
)
def test_what_does_not_belong_in_mediation_leaves_it_at_once(tmp_path: Path, hand: Hand, to: str, template: str) -> None:
    for begin in (opened(tmp_path / "a" if (tmp_path / "a").mkdir() is None else tmp_path, hand), heard(tmp_path, hand)):
        found = begin.triage(to, because="somebody may be in danger")
        assert (found.step, found.outcome) == ("away", to)
        with pytest.raises(DisputeError, match="is at 'away' and does not take"):
            found.ask()
    if template:
        made = letter(found, to="customer", values={"facts": (Line("new_sign_in", DAY),)})
        assert (made.template, made.missing) == (template, ())


def test_a_complaint_is_withdrawn_or_settled_by_talk(tmp_path: Path, hand: Hand) -> None:
    found = opened(tmp_path, hand).triage("mediation", because="nobody is in danger")
    assert found.talked(settled=True, because="they spoke and agreed").outcome == "withdrawn"
    again = mediate(found.ledger._audit, "J881", market=one_job(), by="ana")
    assert again.id == "D2"
    assert again.triage("mediation", because="again").withdraw("customer", because="not worth it").outcome == "withdrawn"


def test_what_a_mediator_should_not_end_alone_is_handed_on(tmp_path: Path, hand: Hand) -> None:
    found = offered(tmp_path, hand).escalate("lead", because="both sides threaten to sue")
    assert (found.step, found.outcome) == ("away", "escalated")
    with pytest.raises(DisputeError, match="is at 'away' and does not take 'answered'"):
        found.answer("customer", "yes")
    with pytest.raises(UsageError, match="handed to lead or legal, not to 'mayor'"):
        found.escalate("mayor", because="x1")


def test_conduct_goes_to_a_case_of_its_own_and_the_dispute_goes_on(tmp_path: Path, hand: Hand) -> None:
    found = offered(tmp_path, hand).refer("APRO", because="three customers tell the same")
    assert (found.step, [one["account"] for one in found.standing.of("referred")]) == ("offers", ["APRO"])
    with pytest.raises(UsageError, match="no side of this dispute"):
        found.refer("AREV", because="a reviewer")


def test_silence_is_written_down_after_its_time_and_not_guessed(tmp_path: Path, hand: Hand) -> None:
    found = opened(tmp_path, hand).triage("mediation", because="fine").ask().hear("customer", {"happened": "The tiles came off."})
    with pytest.raises(DisputeError, match="the pro was not reminded yet"):
        found.silent("pro")
    hand.move(71)
    found = found.remind("pro")
    hand.move(23)
    with pytest.raises(DisputeError, match="the pro still has until 09 March 2026, 21:00 UTC"):
        found.silent("pro")
    with pytest.raises(DisputeError, match="one reminder is enough"):
        found.remind("pro")
    hand.move(2)
    found = found.silent("pro")
    assert found.step == "timeline"
    assert list(found.statements["pro"].unique()) == ["(did not answer)"]
    assert "Did not answer: the pro" in str(found)
    found = found.fact(Line("no_proof"), standing="unknown", source="own")
    made = letter(found.decide([Line("no_fault")], because="nothing shown", could_change="a photo"), to="customer",
                  values={"because": Line("not_shown"), "rule": "PRO-04", "version": "1"})  # fmt: skip
    assert "One side did not answer." in made.text
    assert made.ready


def test_both_sides_get_the_same_questions_and_stand_side_by_side(tmp_path: Path, hand: Hand) -> None:
    found = heard(tmp_path, hand)
    assert list(found.statements.columns) == ["question", "customer", "pro"]
    assert found.statements.iloc[1].tolist() == [
        "What happened, step by step?",
        "The customer says what happened.",
        "The pro says what happened.",
    ]
    with pytest.raises(UsageError, match="nobody was asked 'mood'"):
        opened(tmp_path / "b" if (tmp_path / "b").mkdir() is None else tmp_path, hand).triage("mediation", because="x1").ask().hear(
            "pro", {"mood": "bad"}
        )


def test_three_rounds_and_seven_days(tmp_path: Path, hand: Hand) -> None:
    found = heard(tmp_path, hand).option([Line("no_fault")])
    for amount, party, other in ((20_000, "pro", "customer"), (60_000, "customer", "pro"), (30_000, "pro", "customer")):
        found = found.offer(party, [Line("part_refund", amount=Money(amount))])
        with pytest.raises(DisputeError, match="an offer is still open" if len(found.offers) < 3 else "3 rounds"):
            found.offer(other, [Line("no_fault")])
        with pytest.raises(DisputeError, match=f"the {party} made this offer"):
            found.answer(party, "yes")
        with pytest.raises(DisputeError, match="wait for its reply"):
            found.decide([Line("no_fault")], because="too soon", could_change="time")
        found = found.answer(other, "counter", words="I would rather not.")
    with pytest.raises(DisputeError, match="3 rounds of offers are over"):
        found.offer("customer", [Line("no_fault")])
    assert found.offers[["round", "party", "customer", "pro", "reply"]].to_numpy().tolist() == [
        [1, "pro", 20_000, -20_000, "counter"],
        [2, "customer", 60_000, -60_000, "counter"],
        [3, "pro", 30_000, -30_000, "counter"],
    ]


def test_an_offer_ends_and_the_seven_days_end(tmp_path: Path, hand: Hand) -> None:
    found = offered(tmp_path, hand)
    hand.move(73)
    assert list(found.again().offers["reply"]) == ["ended without a reply"]
    with pytest.raises(DisputeError, match="no offer is open"):
        found.answer("customer", "yes")
    found = found.offer("customer", [Line("no_fault")])
    assert found.standing.offers[1].expires <= found.standing.offers_end
    hand.move(24 * 7)
    with pytest.raises(DisputeError, match="the seven days of offers ended on"):
        found.offer("pro", [Line("no_fault")])
    assert found.decide([Line("no_fault")], because="no agreement", could_change="a receipt").outcome == "decided"


def test_an_agreement_needs_both_in_writing(tmp_path: Path, hand: Hand) -> None:
    found = offered(tmp_path, hand).answer("customer", "yes").sign("customer", words="Yes.")
    assert (found.outcome, found.step) == ("", "signing")
    with pytest.raises(DisputeError, match="has accepted already"):
        found.sign("customer", words="Yes.")
    assert found.decide([Line("no_fault")], because="the pro never wrote", could_change="a word of the pro").outcome == "decided"


REFUSED = [
    ("The refund comes once the review is gone.", "money is never tied to a review"),
    ("Devuelvo el dinero si borra la reseña.", "money is never tied to a review"),
    ("Mando o reembolso se você apagar a avaliação.", "money is never tied to a review"),
    ("If you do not accept this, they will close your account.", "nobody is pressed into an agreement"),
    ("Acepte o su cuenta se cierra.", "nobody is pressed into an agreement"),
    ("Pay, or I go to the police.", "nobody is pressed into an agreement with the police"),
    ("The key is at 12 Oak Street.", "one side's address, phone or other contact is not passed"),
    ("Call me on 312 555 2368.", "one side's address, phone or other contact is not passed"),
    ("The pro has been reported before.", "one side's history is not passed"),
    ("Ask APRO directly.", "one side's account is not told to the other"),
    ("QUITE LA RESENA Y LE DEVUELVO TODO", "money is never tied to a review"),
    ("Se a nota subir, eu pago o material de volta.", "money is never tied to a review"),
    ("Accept or they will shut your profile.", "nobody is pressed into an agreement"),
    ("Si rechaza esto le cierran la cuenta.", "nobody is pressed into an agreement"),
    ("Se recusar, a sua conta some.", "nobody is pressed into an agreement"),
    ("Ele mora na rua das Flores, 44.", "one side's address, phone or other contact is not passed"),
    ("Ese profesional ya tiene tres quejas.", "one side's history is not passed"),
]


@pytest.mark.parametrize(("words", "told"), REFUSED)
def test_what_is_never_passed_on(tmp_path: Path, hand: Hand, words: str, told: str) -> None:
    found = offered(tmp_path, hand)
    before = found.ledger.head
    for attempt in (
        lambda: found.answer("customer", "no", words=words),
        lambda: found.option([words]),
        lambda: found.option([Line(text=words)]),
        lambda: found.fact(words, standing="disputed", source="customer"),
    ):
        with pytest.raises(DisputeError, match=told):
            attempt()
    assert found.ledger.head == before


def test_a_decision_is_looked_through_too(tmp_path: Path, hand: Hand) -> None:
    with pytest.raises(DisputeError, match="money is never tied to a review"):
        heard(tmp_path, hand).decide(["A refund for a better review."], because="x1", could_change="x1")


@pytest.mark.parametrize(
    "words",
    [
        "I will not accept less than 200 dollars.",
        "No puedo ir el viernes; si acepta, voy el lunes y no le cobro.",
        "Não posso aceitar, o muro estava molhado.",
        "Puedo devolver la mitad del precio.",
    ],
)
def test_plain_words_are_not_refused(tmp_path: Path, hand: Hand, words: str) -> None:
    assert offered(tmp_path, hand).answer("customer", "no", words=words).offers["words"].iloc[0] == words


def test_plain_words_are_passed_on(tmp_path: Path, hand: Hand) -> None:
    found = offered(tmp_path, hand).answer("customer", "no", words="I would like to see the tiles put right first.")
    assert found.offers["words"].iloc[0] == "I would like to see the tiles put right first."


def test_statements_hold_no_raw_identifier_and_errors_do_not_repeat_it(tmp_path: Path, hand: Hand) -> None:
    found = opened(tmp_path, hand).triage("mediation", because="fine").ask()
    with pytest.raises(WordsError) as refused:
        found.hear("pro", {"happened": "Write to ann@post.example or 312 555 2368."})
    assert "ann@post" not in str(refused.value)
    assert "2368" not in str(refused.value)
    hostile = "<script>alert(1)</script> {{7*7}} =1+1"
    kept = found.hear("pro", {"happened": hostile})
    assert kept.statements["pro"].iloc[1] == hostile
    assert "<script" not in kept._repr_html_()


def test_clocks_stand_on_each_partys_wall_clock_over_a_change_of_the_clock(tmp_path: Path, hand: Hand) -> None:
    found = opened(tmp_path, hand).triage("mediation", because="fine").ask()
    told = found.clocks.set_index(["step", "party"])
    assert told["local"].to_dict() == {
        ("triage", "us"): "Thu 05 Mar 2026, 19:00 MST",
        ("talk", "customer"): "Sat 07 Mar 2026, 17:00 EST",
        ("talk", "pro"): "Sat 07 Mar 2026, 14:00 PST",
        ("statement", "customer"): "Sun 08 Mar 2026, 18:00 EDT",
        ("statement", "pro"): "Sun 08 Mar 2026, 15:00 PDT",
    }
    assert set(told["state"]) == {"done", "due"}
    hand.move(73)
    assert found.again().clocks.set_index(["step", "party"])["state"]["statement", "pro"] == "late"
    assert found.standing.zones == {"customer": EAST, "pro": WEST}
    assert found.standing.opened["zone"] == DESERT


def test_who_needs_more_time_has_it(tmp_path: Path, hand: Hand) -> None:
    found = opened(tmp_path, hand, slower=["pro"]).triage("mediation", because="fine").ask()
    due = found.clocks.set_index(["step", "party"])["due"]
    assert due["statement", "pro"] - due["statement", "customer"] == pd.Timedelta(hours=72)


def test_follow_ups_ask_both_on_two_days(tmp_path: Path, hand: Hand) -> None:
    found = offered(tmp_path, hand).answer("customer", "yes").sign("customer", words="Yes.").sign("pro", words="Yes.")
    hand.move(24 * 8)
    late = found.again().clocks
    assert late[late["step"].str.startswith("follow-up")]["state"].tolist() == ["late", "late", "due", "due"]
    found = found.follow("customer", 7, done=False, satisfied=1, pressure=True, words="Nobody came.").follow(
        "pro", 7, done=None, satisfied=None
    )
    assert found.standing.followed["customer", 7]["pressure"]
    with pytest.raises(DisputeError, match="was asked on day 7 already"):
        found.follow("customer", 7, done=True, satisfied=5)
    with pytest.raises(UsageError, match="on day 7 or 30"):
        found.follow("customer", 8, done=True, satisfied=5)


def test_a_dispute_goes_on_where_it_was_left(tmp_path: Path, hand: Hand) -> None:
    found = offered(tmp_path, hand)
    again = mediate(CaseLog(tmp_path / "cases.db", by="luis", clock=hand), "J881")
    assert (again.id, str(again)) == (found.id, str(found))
    assert again.ledger._audit.verify().sound
    assert {one.by for one in again.standing.events} == {"ana"}
    assert again.answer("customer", "no").standing.events[-1].by == "luis"


def test_a_stale_dispute_is_checked_against_the_log_as_it_is(tmp_path: Path, hand: Hand) -> None:
    stale = heard(tmp_path, hand).option([Line("no_fault")])
    stale.offer("pro", [Line("no_fault")])
    with pytest.raises(DisputeError, match="an offer is still open"):
        stale.offer("customer", [Line("no_fault")])


def _offer(found: Dispute, *terms: object) -> None:
    found.offer("pro", list(terms))  # type: ignore[arg-type]  # wrong on purpose


WRONG = [
    (lambda d: d.triage("lunch", because="x1"), "triage goes to mediation, safety, fraud, takeover"),
    (lambda d: d.triage("mediation", because="again"), "in mediation already"),
    (lambda d: d.option([]), "terms= is empty"),
    (lambda d: d.option(Line("no_fault")), "takes a list of lines"),
    (lambda d: _offer(d, Line("account_back")), "'account_back' is not a term of a dispute"),
    (lambda d: _offer(d, Line("refund")), "the line 'refund' needs 'amount'"),
    (lambda d: _offer(d, Line("refund", amount=Money(1, "EUR"))), "this dispute is in USD"),
    (lambda d: _offer(d, Line("refund", amount=Money(-1))), "an amount is not below zero"),
    (lambda d: d.hear("neighbour", {"wish": "x1"}), "'neighbour' is not a side of a dispute"),
    (lambda d: d.fact("Seen.", standing="true", source="own"), "'true' is not a standing of a fact"),
    (lambda d: d.fact("Seen.", standing="agreed", source="gossip"), "'gossip' is not a source of a fact"),
    (lambda d: d.answer("pro", "maybe"), "a reply is yes, no, counter"),
    (lambda d: d.answer("pro", "yes"), "no offer is open"),
    (lambda d: d.sign("pro", words="Yes."), "does not take 'signed'; that belongs to 'signing'"),
    (lambda d: d.option([Line("no_fault")], at=datetime(2027, 1, 1, tzinfo=UTC)), "lies ahead of the log's clock"),
    (lambda d: d.option([Line("no_fault")], at=datetime(2026, 1, 1)), "has no zone"),
]


@pytest.mark.parametrize(("step", "told"), WRONG)
def test_wrong_steps_say_what_would_be_right(tmp_path: Path, hand: Hand, step: object, told: str) -> None:
    found = heard(tmp_path, hand)
    before = found.ledger.head
    with pytest.raises((DisputeError, UsageError), match=told):
        step(found)  # type: ignore[operator]  # a row of the table
    assert found.ledger.head == before


@pytest.mark.parametrize(
    ("job", "intake", "told"),
    [
        ("J999", {}, "this market has no such job"),
        ("J882", {}, "it has one side only"),
        ("J881", {"mood": "bad"}, "an intake has no 'mood'"),
        ("J881", {"channel": "pigeon"}, "a dispute comes in by phone, e-mail, platform"),
        ("J881", {"zones": {"pro": "Mars/Base"}}, "'Mars/Base' is not a time zone"),
        ("J881", {"wanted": "Call 312 555 2368"}, "holds a phone number"),
    ],
)
def test_an_intake_is_checked_before_anything_is_written(
    tmp_path: Path, hand: Hand, job: str, intake: dict[str, object], told: str
) -> None:
    log = CaseLog(tmp_path / "cases.db", by="ana", clock=hand)
    with pytest.raises((UsageError, WordsError), match=told):
        mediate(log, job, market=one_job(), intake=intake)
    assert log.head == ""


def test_a_dispute_needs_a_log_and_a_market(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is kept in a case log"):
        mediate("cases.db", "J881")
    with pytest.raises(DisputeError, match="give market= to open one"):
        mediate(AuditLog(tmp_path / "cases.db"), "J881", by="ana")


def test_no_contact_keeps_them_apart(tmp_path: Path, hand: Hand) -> None:
    found = opened(tmp_path, hand).triage("mediation", because="harassment was told", no_contact=True)
    with pytest.raises(DisputeError, match="should not talk directly"):
        found.talked(settled=False, because="x1")
    assert "Please do not contact the other side for now." in letter(found, to="customer").text
    assert "talk" not in set(found.clocks["step"])
