"""Clocks across changes of the clock and three zones; limits by the day of the job."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tnskit.errors import UsageError
from tnskit.review.clocks import Clock, clock, due, guarantee, notices, programmes, standing
from tnskit.review.telling import Money

FRIDAY = datetime(2026, 3, 6, 22, 0, tzinfo=UTC)
"""Two days before New York and Los Angeles go to summer time; Phoenix never does."""
NOVEMBER = datetime(2026, 10, 30, 21, 0, tzinfo=UTC)
ZONES = ("America/New_York", "America/Los_Angeles", "America/Phoenix")


@pytest.mark.parametrize(
    ("start", "lasts", "zone", "wall"),
    [
        # hours run on: the wall clock shows one hour more after the change to summer time
        (FRIDAY, Clock("x", hours=72), ZONES[0], "Mon 09 Mar 18:00 EDT"),
        (FRIDAY, Clock("x", hours=72), ZONES[1], "Mon 09 Mar 15:00 PDT"),
        (FRIDAY, Clock("x", hours=72), ZONES[2], "Mon 09 Mar 15:00 MST"),
        # days keep the hour of the party's wall clock
        (FRIDAY, Clock("x", days=7), ZONES[0], "Fri 13 Mar 17:00 EDT"),
        (FRIDAY, Clock("x", days=7), ZONES[1], "Fri 13 Mar 14:00 PDT"),
        (FRIDAY, Clock("x", days=7), ZONES[2], "Fri 13 Mar 15:00 MST"),
        # business days leave out Saturday and Sunday
        (FRIDAY, Clock("x", business_days=1), ZONES[0], "Mon 09 Mar 17:00 EDT"),
        (FRIDAY, Clock("x", business_days=3), ZONES[2], "Wed 11 Mar 15:00 MST"),
        # and back to winter time
        (NOVEMBER, Clock("x", hours=72), ZONES[0], "Mon 02 Nov 16:00 EST"),
        (NOVEMBER, Clock("x", days=3), ZONES[0], "Mon 02 Nov 17:00 EST"),
        # half past two does not exist on that night in New York; it is told as half past three
        (datetime(2026, 3, 7, 7, 30, tzinfo=UTC), Clock("x", days=1), ZONES[0], "Sun 08 Mar 03:30 EDT"),
        # half past one exists twice; a clock that began in the second one ends in the second one
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), Clock("x", hours=24), ZONES[0], "Mon 02 Nov 01:30 EST"),
    ],
)
def test_a_clock_runs_out_on_the_partys_wall_clock(start: datetime, lasts: Clock, zone: str, wall: str) -> None:
    assert f"{due(start, lasts, zone).astimezone(ZoneInfo(zone)):%a %d %b %H:%M %Z}" == wall


def test_who_needs_more_time_has_twice_as_much() -> None:
    assert due(FRIDAY, Clock("x", hours=72), "UTC", times=2) == datetime(2026, 3, 12, 22, 0, tzinfo=UTC)
    assert due(FRIDAY, Clock("x", business_days=2), "UTC", times=2) == datetime(2026, 3, 12, 22, 0, tzinfo=UTC)


def test_a_clock_needs_a_zone() -> None:
    with pytest.raises(UsageError, match="begins at a moment with a zone"):
        due(datetime(2026, 3, 6), Clock("x", hours=1), "UTC")
    with pytest.raises(UsageError, match="is not a time zone"):
        due(FRIDAY, Clock("x", hours=1), "Nowhere/Here")


def test_every_step_of_the_practice_has_its_clock() -> None:
    told = {
        step: clock(step, date(2026, 1, 1))
        for step in ("triage", "talk", "statements", "reminder", "timeline", "options", "offers", "decision")
    }
    lasts = {step: (one.hours, one.days, one.business_days) for step, one in told.items()}
    assert lasts == {
        "triage": (4, 0, 0),
        "talk": (48, 0, 0),
        "statements": (72, 0, 0),
        "reminder": (24, 0, 0),
        "timeline": (0, 0, 1),
        "options": (0, 1, 0),
        "offers": (0, 7, 0),
        "decision": (0, 0, 3),
    }
    assert told["decision"].most == 14
    assert all(one.source for one in told.values())
    assert [clock(f"follow-up {n}", date(2026, 1, 1)).days for n in (1, 2)] == [7, 30]


def test_a_clock_that_does_not_exist_is_refused() -> None:
    for step, on in (("lunch", date(2026, 1, 1)), ("talk", date(2020, 1, 1))):
        with pytest.raises(UsageError, match=f"there is no clock for '{step}' on {on}"):
            clock(step, on)


@pytest.mark.parametrize(
    ("programme", "on", "version", "limit"),
    [
        ("damage", date(2024, 6, 1), "copy 1", Money(100_000_000)),
        ("damage", date(2025, 1, 1), "copy 2", Money(10_000_000)),
        ("money back", date(2026, 1, 1), "copy 2", Money(100_000)),
        ("partner", date(2026, 1, 1), "partner page", Money(250_000)),
    ],
)
def test_the_guarantee_is_that_of_the_day_of_the_job(programme: str, on: date, version: str, limit: Money) -> None:
    found = guarantee(programme, on)
    assert found is not None
    assert (found.version, found.limit) == (version, limit)
    assert "the day is an assumption" in found.source


def test_a_claim_has_its_last_moment_by_the_version_of_its_day() -> None:
    old, new = guarantee("damage", date(2024, 6, 1)), guarantee("damage", date(2025, 6, 1))
    assert old is not None
    assert new is not None
    assert old.claim_by(datetime(2024, 6, 1, 12, tzinfo=UTC), ZONES[0]) == datetime(2024, 6, 4, 12, tzinfo=UTC)
    assert new.claim_by(datetime(2025, 3, 1, 12, tzinfo=UTC), ZONES[0]) == datetime(2025, 3, 15, 11, tzinfo=UTC)


def test_before_a_programme_there_is_none() -> None:
    assert guarantee("money back", date(2024, 6, 1)) is None
    with pytest.raises(UsageError, match="there is no programme 'lunch'; they are damage, money back, partner"):
        guarantee("lunch", date(2026, 1, 1))
    assert programmes() == ("damage", "money back", "partner")


def test_notices_hold_from_their_day_in_their_region() -> None:
    assert [one.code for one in notices(date(2025, 6, 1), "CA")] == ["CA unlicensed", "FTC reviews"]
    assert [one.code for one in notices(date(2025, 6, 1), "TX")] == ["FTC reviews"]
    assert notices(date(2024, 6, 1), "CA") == ()


@pytest.mark.parametrize(
    ("now", "done", "word"),
    [(1, None, "due"), (3, None, "late"), (9, 2, "done"), (9, 3, "done late")],
)
def test_the_word_for_a_clock(now: int, done: int | None, word: str) -> None:
    hour = [datetime(2026, 1, 1, n, tzinfo=UTC) for n in range(10)]
    assert standing(hour[2], hour[now], None if done is None else hour[done]) == word
