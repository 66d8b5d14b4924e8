"""The panel of a dispute: every outcome walked by fields and buttons; what goes wrong is said under it."""

from datetime import date
from pathlib import Path

import pytest

from tests.disputes import Hand, heard, offered, one_job, opened
from tests.review.test_disputes import OUTCOMES
from tnskit.review.cases import CaseLog
from tnskit.review.disputes import Dispute, mediate
from tnskit.review.telling import Line, Money
from tnskit.workbench.dispute_panel import DisputePanel


def press(panel: DisputePanel, button: str, **values: object) -> DisputePanel:
    """Fill in fields, press a button, and find no complaint under the panel."""
    for name, value in values.items():
        panel.fields[name].value = value
    panel.buttons[button].click()
    assert not panel._said.value.startswith('<div role="alert"'), panel.said
    return panel


def wrong(panel: DisputePanel, button: str, **values: object) -> str:
    """The same, where something is said to be wrong."""
    for name, value in values.items():
        panel.fields[name].value = value
    panel.buttons[button].click()
    assert panel._said.value.startswith('<div role="alert"'), panel.said
    return panel.said


def term(one: Line) -> dict[str, object]:
    """The fields of a term."""
    amount = "" if one.amount is None else f"{one.amount.minor / 100:.2f}"
    return {"term": one.kind, "term_day": one.day, "term_amount": amount}


def walked(tmp_path: Path, hand: Hand) -> DisputePanel:
    """From intake to the option sheet, by the panel alone."""
    panel = DisputePanel(opened(tmp_path, hand, wanted="The tiles put right"), market=one_job())
    press(panel, "triage", to="mediation", because="nobody is in danger")
    hand.move(48)
    press(panel, "talked", because="they spoke and did not agree")
    press(panel, "ask")
    press(panel, "hear", party="customer", happened="The tiles came off.", wish="That they stay on.")
    press(panel, "hear", party="pro", happened="The wall was wet.")
    return press(panel, "fact", fact="unfinished", fact_day=date(2026, 3, 4), standing="disputed", **{"from": "customer"})


@pytest.mark.parametrize(("name", "one", "effect"), OUTCOMES, ids=[row[0] for row in OUTCOMES])
def test_every_outcome_by_panel(tmp_path: Path, name: str, one: Line, effect: dict[str, int]) -> None:
    hand = Hand()
    panel = walked(tmp_path, hand)
    press(panel, "share")
    press(panel, "option", **term(one))
    press(panel, "offer", party="pro", **term(one))
    press(panel, "answer", party="customer", reply="yes")
    press(panel, "sign", party="customer", words="I accept.")
    press(panel, "sign", party="pro", words="I accept.")
    assert (panel.dispute.outcome, panel.dispute.standing.terms) == ("settled", (one,))
    press(panel, "letter", to_whom="pro")
    assert "L12-settlement in es-US, ready to send" in panel.said
    for day in ("7", "30"):
        for party in ("customer", "pro"):
            press(panel, "follow", party=party, day=day, done="yes", satisfied="5")
    assert panel.dispute.step == "closed"


@pytest.mark.parametrize(("name", "one", "effect"), OUTCOMES, ids=[row[0] for row in OUTCOMES])
def test_every_decision_by_panel(tmp_path: Path, name: str, one: Line, effect: dict[str, int]) -> None:
    panel = DisputePanel(heard(tmp_path, Hand()))
    press(panel, "decide", because="The records show it.", could_change="A receipt.", **term(one))
    assert (panel.dispute.outcome, panel.dispute.standing.terms) == ("decided", (one,))
    press(panel, "letter", to_whom="customer", lang="pt", reason="records_show", rule="PRO-04", version="2024-01")
    assert "L13-decision-without-agreement in pt-BR, ready to send" in panel.said


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("safety", "safety"),
        ("fraud", "fraud"),
        ("takeover", "takeover"),
        ("pro", "withdrawn"),
        ("lead", "escalated"),
        ("legal", "escalated"),
    ],
)
def test_it_can_end_at_every_step(tmp_path: Path, how: str, outcome: str) -> None:
    for place, begin in enumerate((heard, offered)):
        folder = tmp_path / str(place)
        folder.mkdir()
        panel = press(DisputePanel(begin(folder, Hand())), "leave", leave=how, leave_because="it has to end")
        assert panel.dispute.outcome == outcome
        assert set(panel.buttons) == {"letter"}


def test_a_complaint_is_taken_back_or_settled_by_talk(tmp_path: Path) -> None:
    panel = DisputePanel(opened(tmp_path, Hand()))
    press(panel, "triage", to="mediation", because="nobody is in danger")
    assert press(panel, "talked", settled=True, because="they spoke and agreed").dispute.outcome == "withdrawn"
    again = DisputePanel(opened(tmp_path, Hand()))
    assert press(again, "leave", leave="customer", leave_because="it is not worth it").dispute.outcome == "withdrawn"


def test_conduct_is_referred_and_the_dispute_goes_on(tmp_path: Path) -> None:
    panel = press(DisputePanel(offered(tmp_path, Hand())), "refer", referred="pro", referred_because="three customers tell the same")
    assert (panel.dispute.step, [one["account"] for one in panel.dispute.standing.of("referred")]) == ("offers", ["APRO"])


def test_a_way_out_of_several_lines(tmp_path: Path) -> None:
    panel = DisputePanel(heard(tmp_path, Hand()))
    press(panel, "another", **term(Line("redo", date(2026, 3, 20))))
    press(panel, "option", **term(Line("part_refund", amount=Money(4_550))))
    told = "The pro comes back on March 20 and puts the work right at no cost. The customer gets back $45.50."
    assert panel.dispute.sheet("options")["way out"].tolist() == [told]
    assert panel.terms == []


def test_only_the_fields_that_a_line_needs_are_shown(tmp_path: Path) -> None:
    panel = DisputePanel(heard(tmp_path, Hand()))
    shown = lambda: [name for name in ("text", "day", "other", "amount") if panel.fields[f"term_{name}"].layout.display != "none"]  # noqa: E731
    seen = {"": shown()}
    for kind in ("no_fault", "redo", "redo_shared", "refund"):
        panel.fields["term"].value = kind
        seen[kind] = shown()
    assert seen == {"": ["text", "day"], "no_fault": [], "redo": ["day"], "redo_shared": ["day", "amount"], "refund": ["amount"]}


def test_silence_by_panel(tmp_path: Path) -> None:
    hand = Hand()
    panel = press(DisputePanel(opened(tmp_path, hand)), "triage", to="mediation", because="fine")
    press(panel, "ask")
    press(panel, "hear", party="customer", happened="The tiles came off.")
    assert "was not reminded yet" in wrong(panel, "silent", party="pro")
    hand.move(72)
    press(panel, "remind", party="pro")
    hand.move(25)
    press(panel, "silent", party="pro")
    assert panel.dispute.step == "timeline"


def test_what_is_refused_is_said_under_the_panel_and_keeps_what_was_typed(tmp_path: Path) -> None:
    panel = DisputePanel(heard(tmp_path, Hand()))
    said = wrong(panel, "option", term_text="A refund if the review is gone.")
    assert said == "Money is never tied to a review; leave the review out."
    assert panel.fields["term_text"].value == "A refund if the review is gone."
    assert "choose a ready line" in wrong(panel, "option", term_text="").lower()
    assert "do not go together" in wrong(panel, "option", term="redo", term_text="A word.")
    assert "written in figures" in wrong(panel, "option", term="part_refund", term_text="", term_amount="two hundred")
    assert "at most 2 figures" in wrong(panel, "option", term_amount="1.005")
    assert "Choose who offers first" in wrong(panel, "offer", term_amount="200")


def test_it_shows_both_statements_the_timeline_and_escapes_what_was_typed(tmp_path: Path) -> None:
    hand = Hand()
    found: Dispute = opened(tmp_path, hand).triage("mediation", because="fine").ask()
    panel = DisputePanel(found.hear("pro", {"happened": "<script>alert(1)</script>"}), market=one_job())
    shown = panel.static() + "".join(str(getattr(one, "value", "")) for one in panel.children)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert "The pro was hired on February 21." in shown
    assert "What happened, step by step?" in shown
    for said in ("asked for on February 19", "2 messages were sent", "A payment of $784", "A review was written"):
        assert said in shown
    assert repr(panel) == "Panel of dispute D1: statements"
    bare = DisputePanel(mediate(CaseLog(tmp_path / "cases.db", by="ana", clock=hand), "J881")).static()
    assert "No record of the job is at hand" in bare
