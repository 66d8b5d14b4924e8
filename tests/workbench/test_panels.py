"""Panels: filled in by setting their fields and pressing their buttons, as a person would."""

import html
from dataclasses import replace

import pytest

from tests.review.desks import HELD, checked, decided, desk, opened, proposed
from tests.review.test_appeals import KEY
from tests.review.test_said import HOSTILE
from tnskit.errors import UsageError
from tnskit.workbench.case_panel import BEFORE_REMOVAL, CasePanel
from tnskit.workbench.panels import CheckPanel, panel


@pytest.fixture(scope="module")
def check():
    return checked(payments=[HELD])


@pytest.fixture
def log(tmp_path):
    return desk(tmp_path)


def fill(shown, **values):
    for name, value in values.items():
        shown.fields[name].value = value


def press(shown, name):
    shown.buttons[name].click()
    return shown.said


def texts(shown):
    told, todo = [], [shown]
    while todo:
        one = todo.pop()
        todo += getattr(one, "children", ())
        told += [str(getattr(one, name)) for name in ("value", "description", "placeholder") if getattr(one, name, None)]
    return "\n".join(told)


def test_a_check_is_read_then_a_case_is_opened(log, check):
    shown = panel(check, log=log)
    assert isinstance(shown, CheckPanel)
    assert "1 payment held" in texts(shown)
    assert press(shown, "open") == "Say first whether you have an interest in this case: a friend, a rival, a job of your own."
    fill(shown, reading="They share a bank account.")
    assert press(shown, "reading").startswith("What was decided on the account before is shown now.")
    fill(shown, trigger="two reports", policy="ACC-01", interest="no")
    assert press(shown, "open") == "Case 1 is open."
    case = log.case(1)
    assert (case.opened.facts["trigger"], case.opened.facts["policy"], case.opened.facts["conflict"]) == ("two reports", "ACC-01", "none")
    assert case.of("read")[0].facts["text"] == "They share a bank account."
    assert isinstance(shown.case, CasePanel)


def test_without_a_log_a_check_is_for_reading(check):
    shown = panel(check)
    assert set(shown.buttons) == {"reading"}
    assert press(shown, "reading") == "What you wrote (reading) is empty; write in a sentence what you saw and why it matters."
    assert '<div role="alert"' in shown._said.value


def test_the_whole_way_by_hand(log, check):
    shown = panel(opened(log, check))
    fill(shown, reading="They share a bank account.")
    press(shown, "reading")
    fill(shown, fact="Began after the removal.", rests_on="E1, E2")
    assert press(shown, "find") == "The fact is written down."
    fill(shown, action="remove", policy="ACC-01", because="The same person came back.", again="A", **dict.fromkeys(BEFORE_REMOVAL, True))
    assert press(shown, "propose").startswith("Proposed: remove.")
    second = panel(log.case(1, by="luis"))
    fill(second, interest="no", verdict="remove", why="One after the other.")
    assert press(second, "review") == "Your verdict is written down: remove. Both can be read now."
    assert press(second, "confirm") == "Tick that you have read both verdicts."
    fill(second, sure=True)
    assert press(second, "confirm") == "Case 1 has an open stop: H7 (payments can clear it); a removal waits for that."
    third = panel(log.case(1, by="rita"))
    fill(third, stop="H7", cleared="50 USD are paid out.")
    assert press(third, "clear") == "Stop H7 is cleared."
    second = panel(log.case(1, by="luis"))
    fill(second, sure=True)
    assert press(second, "confirm").startswith("Decided.")
    case = log.case(1)
    assert (case.state, case.decision["by"], case.findings["rests_on"].tolist()) == ("decided", "luis", [["E1", "E2"]])


def steps(shown, name, values):
    """Fields and clicks that stand between an open panel and what a button does: one by one, pressing it each time."""
    for field, value in values.items():
        told = press(shown, name)
        assert '<div role="alert"' in shown._said.value, told
        shown.fields[field].value = value
    press(shown, name)
    assert '<div role="status"' in shown._said.value, shown.said
    return len(values) + 1


def test_a_removal_costs_more_clicks_than_a_note(log, check):
    words = {"policy": "ACC-01", "because": "The same person came back."}
    removal = {"action": "remove", **words, **dict.fromkeys(BEFORE_REMOVAL, True), "again": "A"}
    assert steps(panel(opened(log, check)), "propose", removal) == 8
    assert steps(panel(opened(log, check)), "propose", {"action": "warn", **words}) == 4
    assert steps(panel(opened(log, check)), "note", {"note": "Called back."}) == 2


def test_what_is_missing_before_a_removal_is_said(log, check):
    shown = panel(opened(log, check))
    assert press(shown, "propose") == "Choose first what you propose, and the rule it rests on."
    fill(shown, action="remove", policy="ACC-01", because="The same person came back.", again="B")
    assert press(shown, "propose") == "A removal is the hardest step; tick all three lines when they are true."
    fill(shown, **dict.fromkeys(BEFORE_REMOVAL, True))
    assert press(shown, "propose") == "Write the id of the account that would be removed once more, as it stands at the top."
    fill(shown, again=" A ")
    assert press(shown, "propose").startswith("Proposed: remove.")


def test_parts_that_belong_to_one_choice_are_shown_with_it_alone(log, check):
    shown = panel(log.case(proposed(log, check), by="luis"))
    assert shown.fields["which"].layout.display == "none"
    fill(shown, interest="yes", verdict="remove", why="I know him.")
    assert shown.fields["which"].layout.display == ""
    assert press(shown, "review") == "Say which interest it is; somebody else then goes on with the case."
    assert log.case(1).state == "proposed"


def test_what_the_user_says_and_the_letter_are_written_down_by_hand(log):
    shown = panel(decided(log, checked()))
    # when all is decided, nobody is asked for a reading "before"
    assert "kept back so that it could not colour a verdict" in texts(shown)
    assert "before you see what was decided" not in texts(shown)
    fill(shown, heard="That was my sister.")
    assert press(shown, "hear") == "What the user says is written down."
    assert press(shown, "sent") == "Choose the letter that was sent, and its language."
    fill(shown, letter="L08", lang="es")
    assert press(shown, "sent") == "Written down: L08 was sent."
    case = log.case(1)
    assert case.of("heard")[-1].facts["text"] == "That was my sister."
    assert (case.of("letter")[-1].facts["name"], case.of("letter")[-1].facts["lang"]) == ("L08", "es")


def test_a_second_person_agrees_by_hand_that_they_are_two(log, monkeypatch):
    monkeypatch.setenv("TNSKIT_KEY", KEY)
    shown = panel(log.undo(decided(log, checked()), because="Two people, both spoken to.", by="mei"))
    assert "mei says that A and B are not one person" in texts(shown)
    assert press(shown, "agree").endswith("a second person has to agree to it.")
    other = panel(log.case(1, by="tom"))
    fill(other, looked="I spoke to both.")
    assert press(other, "agree") == "Two people agree; the next run of linking keeps the two accounts apart."
    assert log.case(1).undo.set_index("item").loc["dissociation", "state"] == "done"
    assert "agree" not in other.buttons


def test_a_reader_with_an_interest_is_turned_away(log, check):
    case = proposed(log, check)
    second = panel(log.case(case, by="luis"))
    fill(second, interest="yes", which="He is my cousin.", verdict="remove", why="I know him.")
    assert press(second, "review") == f"'luis' declared a conflict of interest in case {case.id}; somebody else has to read it."
    assert log.case(case).state == "proposed"


def test_what_was_typed_stays_when_something_is_refused(log, check):
    shown = panel(opened(log, check))
    fill(shown, note="call 312-555-2368")
    told = press(shown, "note")
    assert "holds a phone number" in told
    assert "2368" not in told
    assert shown.fields["note"].value == "call 312-555-2368"
    assert "2368" not in shown._said.value


def test_a_lead_an_appeal_and_an_undo_by_hand(log, check):
    case = proposed(log, check, "restrict")
    log.review(case, by="luis", verdict="warn", because="A warning would do.", conflict="none")
    lead = panel(log.case(case, by="mei"))
    fill(lead, verdict="warn", why="The milder step.")
    assert press(lead, "lead") == "Decided by the lead."
    fill(lead, grounds="I did nothing.")
    assert press(lead, "appeal") == "The appeal is taken in; its clock has started."
    other = panel(log.case(case, by="tom"))
    fill(other, outcome="overturned", why="Two people.")
    assert press(other, "answer") == "The appeal is answered."
    fill(other, item="account", how="It works again.")
    assert press(other, "restore") == "Settled: account."
    fill(other, item="badges", how="It had none.", **{"not": True})
    assert press(other, "restore") == "Settled: badges."
    assert log.case(case).undo.set_index("item")["state"].loc[["account", "badges"]].tolist() == ["done", "does not apply"]


def test_an_own_proposal_is_taken_back_or_confirmed(log, check):
    shown = panel(proposed(log, check, "warn"))
    fill(shown, back="I looked again.")
    assert press(shown, "withdraw") == "The proposal is taken back."
    fill(shown, action="restrict", policy="PAY-02", because="Paid past us.")
    press(shown, "propose")
    assert press(shown, "confirm").startswith("Decided.")
    fill(shown, wrong="We mixed up two people.")
    assert press(shown, "undo").startswith("The decision is overturned.")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(log, check, text):
    case = log.propose(log.note(log.read(opened(log, check), text), text), "warn", policy="ACC-01", because=text)
    told = texts(panel(log.case(case)))
    assert "<script" not in told
    assert "<img" not in told
    assert html.escape(text.splitlines()[0]) in told


def test_everything_can_be_reached_by_the_keyboard(log, check):
    """Only fields, buttons and folded tables, which browsers reach by Tab; each has a label."""
    todo, kinds = [panel(opened(log, check)), panel(check, log=log)], set()
    while todo:
        one = todo.pop()
        todo += getattr(one, "children", ())
        kinds.add(type(one).__name__)
        if type(one).__name__ in {"Text", "Textarea", "Dropdown", "Checkbox", "Button", "DatePicker"}:
            assert one.description
        if type(one).__name__ == "HTML":
            assert "onclick" not in one.value
            assert "tabindex" not in one.value
    assert kinds == {"CasePanel", "CheckPanel", "HTML", "VBox", "Text", "Textarea", "Dropdown", "Checkbox", "Button", "DatePicker"}


def test_a_panel_is_told_in_a_line_and_shown_where_no_widget_runs(log, check):
    shown = panel(decided(log, checked()))
    assert repr(shown) == "Panel of case 1 on A: decided, for luis"
    made = shown._repr_mimebundle_()
    assert made["text/plain"] == repr(shown)
    assert "Four explanations" in made["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in made
    assert repr(panel(check)) == "Panel of the check of A: stop"


def test_only_checks_and_cases_have_panels():
    with pytest.raises(UsageError, match="panel takes Links, a Check, a Case, a Dispute or a Lesson, not a dict"):
        panel({})


def test_two_people_confirm_a_removal_in_a_group_by_hand(log):
    case = proposed(log, replace(checked(), group=("A", "C", "D", "E")))
    log.review(case, by="luis", verdict="remove", because="One bank account.", conflict="none")
    shown = panel(log.case(case, by="luis"))
    fill(shown, sure=True)
    assert press(shown, "confirm").startswith("Your yes is written down; nothing is decided yet.")
    other = panel(log.case(case, by="mei"))
    assert "luis said yes to 'remove'" in texts(other).replace("&#x27;", "'")
    fill(other, sure=True)
    assert press(other, "confirm").startswith("Decided.")
