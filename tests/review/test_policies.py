from datetime import date, datetime

import pytest

from tnskit.errors import UsageError
from tnskit.review.authority import Staff, authority, due, runs_out
from tnskit.review.policies import ACTIONS, changed, day, in_force, written
from tnskit.review.stops import STOPS

CHANGE = {"code": "PAY-02", "from": "2025-06-01", "ladder": ["warn", "suspend"], "because": "Too mild."}


def test_every_policy_has_a_ladder_of_known_actions_and_a_day():
    assert len({one.code for one in written()}) == len(written()) == 29
    assert all(set(one.ladder) <= set(ACTIONS) and one.since == date(2024, 1, 1) for one in written())
    assert [one.code for one in written() if one.rests_on == "link"] == ["ACC-01", "ACC-02"]


@pytest.mark.parametrize(
    ("on", "version", "step"),
    [("2020-01-01", "2024-01-01", "restrict"), ("2024-06-01", "2024-01-01", "restrict"), ("2025-05-31", "2024-01-01", "restrict"), ("2025-06-01", "2025-06-01", "suspend"), ("2026-01-01", "2025-06-01", "suspend")],
)
def test_a_case_keeps_the_version_of_its_day(on, version, step):
    found = in_force("PAY-02", day(on), changes=[CHANGE])
    assert (found.version, found.step(1), found.title) == (version, step, "Off-platform payment / fee avoidance")


def test_a_ladder_goes_up_by_the_finding_and_stays_at_its_end():
    found = in_force("PAY-02", day("2024-06-01"))
    assert [found.step(n) for n in range(5)] == ["warn", "restrict", "remove", "remove", "remove"]
    assert in_force("ACC-04", day("2024-06-01")).step(0) == ""


@pytest.mark.parametrize(
    ("change", "told"),
    [({"ladder": ["ban"]}, "has a ladder of"), ({"rests_on": "feeling"}, "rests on link or conduct"), ({"colour": "red"}, "a policy has no 'colour'"), ({"from": "soon"}, "a day is written like")],
)
def test_a_change_that_makes_no_sense_is_refused(change, told):
    with pytest.raises(UsageError, match=told):
        changed(written()[0], {"from": "2025-01-01"} | change)


def test_an_unknown_policy_is_refused():
    with pytest.raises(UsageError, match="there is no policy 'ACC-99'; they are ACC-01"):
        in_force("ACC-99", day("2024-01-01"))


def test_authority_names_every_action_and_every_stop_that_can_be_cleared():
    table = authority()
    assert set(table.decisions) == {*ACTIONS, "reinstate"}
    assert {stop.code for stop in STOPS} - set(table.clear) == {"H1", "H2"}
    assert all(role in (*table.roles, *table.others) for roles in table.clear.values() for role in roles)
    assert (table["remove"].second, table["remove"].who) == ("before", ("senior",))


@pytest.mark.parametrize(
    ("held", "wanted", "allowed"),
    [(("specialist",), ("senior",), False), (("senior",), ("specialist",), True), (("lead",), ("senior",), True), (("payments",), ("payments",), True), (("lead",), ("payments",), False), ((), ("specialist",), False)],
)
def test_a_higher_role_may_what_a_lower_may_and_others_stand_beside(held, wanted, allowed):
    assert authority().allows(held, wanted) is allowed


def test_a_log_without_roles_says_that_it_did_not_check():
    assert Staff({}).need("ana", ("senior",), "this") == "whether 'ana' acts as senior: this log knows no roles"
    assert Staff({"ana": ("senior",)}).need("ana", ("senior",), "this") == ""


@pytest.mark.parametrize(
    ("action", "since", "by"),
    [("restrict", "2026-11-20T10:00:00", "2026-11-23T10:00:00"), ("restrict", "2026-11-23T10:00:00", "2026-11-24T10:00:00"), ("suspend", "2026-11-20T10:00:00", "2026-11-21T10:00:00"), ("warn", "2026-11-20T10:00:00", None)],
)
def test_a_second_look_is_due_in_business_days_or_hours(action, since, by):
    found = due(authority()[action], datetime.fromisoformat(since))
    assert found == (datetime.fromisoformat(by) if by else None)


@pytest.mark.parametrize(("action", "hours", "ends"), [("restrict", None, "2026-12-04T10:00:00"), ("suspend", None, "2026-11-23T10:00:00"), ("suspend", 240, "2026-11-30T10:00:00"), ("remove", None, None), ("verify", None, "2026-11-27T10:00:00")])
def test_what_is_not_renewed_runs_out(action, hours, ends):
    found = runs_out(authority()[action], datetime.fromisoformat("2026-11-20T10:00:00"), hours=hours)
    assert found == (datetime.fromisoformat(ends) if ends else None)
