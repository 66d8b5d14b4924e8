from datetime import date, datetime

import pytest

from tnskit.errors import AuthorityError, UsageError
from tnskit.review.authority import Staff, allows, authority, check_change, due, known, runs_out
from tnskit.review.policies import ACTIONS, changed, day, in_force, written
from tnskit.review.stops import STOPS

TABLE = authority(date(2026, 1, 1))
CHANGE = {"code": "PAY-02", "from": "2025-06-01", "ladder": ["warn", "suspend"], "because": "Too mild."}


def test_every_policy_has_a_ladder_of_known_actions_and_a_day():
    assert len({one.code for one in written()}) == len(written()) == 29
    assert all(set(one.ladder) <= set(ACTIONS) and one.since == date(2024, 1, 1) for one in written())
    assert [one.code for one in written() if one.rests_on == "link"] == ["ACC-01", "ACC-02"]


@pytest.mark.parametrize(
    ("on", "version", "step"),
    [
        ("2020-01-01", "2024-01-01", "restrict"),
        ("2024-06-01", "2024-01-01", "restrict"),
        ("2025-05-31", "2024-01-01", "restrict"),
        ("2025-06-01", "2025-06-01", "suspend"),
        ("2026-01-01", "2025-06-01", "suspend"),
    ],
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
    [
        ({"ladder": ["ban"]}, "has a ladder of"),
        ({"rests_on": "feeling"}, "rests on link or conduct"),
        ({"colour": "red"}, "a policy has no 'colour'"),
        ({"from": "soon"}, "a day is written like"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(change, told):
    with pytest.raises(UsageError, match=told):
        changed(written()[0], {"from": "2025-01-01"} | change)


def test_changes_come_in_any_order():
    later = CHANGE | {"from": "2026-06-01", "ladder": ["remove"]}
    found = [in_force("PAY-02", day(on), changes=[later, CHANGE]).ladder for on in ("2025-05-31", "2025-06-01", "2026-06-01")]
    assert found == [("warn", "restrict", "remove"), ("warn", "suspend"), ("remove",)]


def test_an_unknown_policy_is_refused():
    with pytest.raises(UsageError, match="there is no policy 'ACC-99'; they are ACC-01"):
        in_force("ACC-99", day("2024-01-01"))


def test_authority_names_every_action_and_every_stop_that_can_be_cleared():
    table = TABLE
    assert set(table.decisions) == {*ACTIONS, "reinstate"}
    assert {stop.code for stop in STOPS} - set(table.clear) == {"H1", "H2"}
    assert all(known(role) for roles in table.clear.values() for role in roles)
    assert (table["remove"].second, table["remove"].who) == ("before", ("senior",))


@pytest.mark.parametrize(
    ("held", "wanted", "allowed"),
    [
        (("specialist",), ("senior",), False),
        (("senior",), ("specialist",), True),
        (("lead",), ("senior",), True),
        (("payments",), ("payments",), True),
        (("lead",), ("payments",), False),
        ((), ("specialist",), False),
    ],
)
def test_a_higher_role_may_what_a_lower_may_and_others_stand_beside(held, wanted, allowed):
    assert allows(held, wanted) is allowed


def test_a_log_without_roles_says_that_it_did_not_check():
    assert Staff({}).need("ana", ("senior",), "this") == "whether 'ana' acts as senior: this log knows no roles"
    assert Staff({"ana": ("senior",)}).need("ana", ("senior",), "this") == ""


@pytest.mark.parametrize(
    ("action", "since", "by"),
    [
        ("restrict", "2026-11-20T10:00:00", "2026-11-23T10:00:00"),
        ("restrict", "2026-11-23T10:00:00", "2026-11-24T10:00:00"),
        ("suspend", "2026-11-20T10:00:00", "2026-11-21T10:00:00"),
        ("warn", "2026-11-20T10:00:00", None),
    ],
)
def test_a_second_look_is_due_in_business_days_or_hours(action, since, by):
    found = due(TABLE[action], datetime.fromisoformat(since))
    assert found == (datetime.fromisoformat(by) if by else None)


@pytest.mark.parametrize(
    ("action", "hours", "ends"),
    [
        ("restrict", None, "2026-12-04T10:00:00"),
        ("suspend", None, "2026-11-23T10:00:00"),
        ("suspend", 240, "2026-11-30T10:00:00"),
        ("remove", None, None),
        ("verify", None, "2026-11-27T10:00:00"),
    ],
)
def test_what_is_not_renewed_runs_out(action, hours, ends):
    found = runs_out(TABLE[action], datetime.fromisoformat("2026-11-20T10:00:00"), hours=hours)
    assert found == (datetime.fromisoformat(ends) if ends else None)


SHORTER = {"name": "restrict", "from": "2026-06-01", "new": {"expires_days": 7, "who": ["senior"]}}


@pytest.mark.parametrize(
    ("on", "days", "who", "since"),
    [
        ("2020-01-01", 14, ("specialist",), "2024-01-01"),
        ("2026-05-31", 14, ("specialist",), "2024-01-01"),
        ("2026-06-01", 7, ("senior",), "2026-06-01"),
    ],
)
def test_a_limit_holds_from_its_day_and_what_a_change_does_not_name_stays(on, days, who, since):
    line = authority(day(on), [SHORTER])["restrict"]
    assert (line.expires_days, line.who, line.since, line.within_days) == (days, who, day(since), 1)


@pytest.mark.parametrize(
    ("name", "new", "told"),
    [
        ("remove", {"second": "none"}, "a removal always has a second person"),
        ("remove", {"second": "after", "within_days": 1}, "a removal always has a second person"),
        ("H1", {"clear": ["lead"]}, "'H1' is no line of the table"),
        ("ban", {"who": []}, "'ban' is no line of the table"),
        ("warn", {"second": "after"}, "with 'after' a time within which"),
        ("warn", {"who": ["king"]}, "'king' is not a role"),
        ("warn", {"who": "senior"}, "who= is a list of roles"),
        ("remove", {"group_who": []}, "a removal in a group is decided by two people at least"),
        ("H6", {"clear": []}, "clear= names no role"),
        ("warn", {"colour": "red"}, "a decision has no 'colour'"),
        ("appeal", {"open_days": 0}, "open_days= is a whole number of 1 to 10,000"),
        ("appeal", {"open_days": True}, "open_days= is a whole number"),
        ("review", {"sample_of": 2.5}, "sample_of= is a whole number"),
        ("warn", {"strike": "yes"}, "strike= is True or False"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(name, new, told):
    with pytest.raises(UsageError, match=told):
        check_change(name, new, on=day("2026-06-01"), changes=[])


def test_a_limit_that_breaks_what_was_announced_for_later_is_refused():
    later = {"name": "warn", "from": "2027-01-01", "new": {"second": "after"}}
    earlier = {"name": "warn", "from": "2026-01-01", "new": {"within_days": 2}}
    with pytest.raises(UsageError, match="with 'after' a time within which"):
        check_change("warn", {"within_days": 0}, on=day("2026-06-01"), changes=[earlier, later])


@pytest.mark.parametrize(
    ("names", "roles"),
    [(["lea"], ("lead",)), (["pol"], ("policy",)), (["both", "lea"], ("policy", "lead")), (["both", "pol"], ("lead", "policy"))],
)
def test_people_who_decide_together_take_one_role_each(names, roles):
    staff = Staff({"lea": ("lead",), "mei": ("lead",), "pol": ("policy",), "both": ("lead", "policy")})
    assert staff.together(names, ("lead", "policy"), "this") == roles
    told = "this is for lead and policy together, one person for each, and 'lea' said yes already; 'mei' is lead"
    with pytest.raises(AuthorityError, match=told):
        staff.together(["lea", "mei"], ("lead", "policy"), "this")
