"""The panel of a lookup, filled in and pressed as a person would."""

import pytest

from tests.review.desks import checked, decided, desk, returned
from tests.workbench.test_panels import fill, press, texts
from tnskit.evidence.links import Links
from tnskit.workbench.panels import LookupPanel, panel


@pytest.fixture(scope="module")
def links() -> Links:
    return returned()[1]


def looked(links: Links, account: str = "A", **more: object) -> LookupPanel:
    shown = panel(links, **more)
    fill(shown, account=f" {account} ")
    assert press(shown, "look") == f"{account} was looked up."
    return shown


def test_who_is_linked_is_shown_and_the_strongest_is_explained(links):
    shown = looked(links)
    assert "Linked accounts (1)" in texts(shown)
    assert press(shown, "why") == "Choose one of the linked accounts first."
    fill(shown, other="B")
    assert press(shown, "why").startswith("The link to B is explained here")
    assert "A and B: strong" in texts(shown)


def test_the_way_to_another_account(links):
    shown = looked(links)
    assert press(shown, "way") == "Write the id of the other account first."
    fill(shown, to="B")
    assert press(shown, "way") == "The way to B is told here."
    fill(shown, to="A")
    assert "are the same account" in press(shown, "way")


def test_what_is_wrong_stands_under_the_panel_and_nothing_is_lost(links):
    shown = panel(links)
    assert set(shown.buttons) == {"look"}
    assert press(shown, "look") == "Write the id of an account first."
    shown = looked(links)
    fill(shown, account="A9999")
    assert "is not among the 2 accounts" in press(shown, "look")
    assert (shown.account, '<div role="alert"' in shown._said.value) == ("A", True)


def test_from_a_lookup_to_a_check_to_a_case_and_back_after_a_new_start(links, tmp_path):
    log = desk(tmp_path)
    shown = looked(links, log=log)
    assert press(shown, "check") == "A was checked."
    inner = shown.check
    fill(inner, trigger="two reports", policy="ACC-01", interest="no")
    assert press(inner, "open") == "Case 1 is open."
    assert press(shown, "back") == "Back at the lookup."
    again = looked(links, log=desk(tmp_path))
    assert "Cases of this account (1)" in texts(again)
    assert "No case was opened" in texts(looked(links, "B", log=log))


def test_decided_cases_stand_there_too(links, tmp_path):
    log = desk(tmp_path)
    decided(log, checked())
    assert "decided" in texts(looked(links, log=log))


def test_without_a_widget_it_is_a_table(links):
    assert "No account was looked up yet." in panel(links).static()
    assert "<td>B</td>" in looked(links).static()
    assert repr(looked(links)) == "Panel of a lookup: A"


def test_while_it_works_nothing_can_be_pressed(links):
    shown = looked(links)
    seen = []
    shown._press(lambda: seen.append([one.disabled for one in shown.buttons.values()]) or "done")
    assert seen == [[True] * 4]
    assert not any(one.disabled for one in shown.buttons.values())
    assert shown.said == "done"
