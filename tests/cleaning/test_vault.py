import json

import pytest

from tests.markets import HOME, market, seen
from tnskit.cleaning.vault import reveal
from tnskit.errors import RevealError, UnknownAccountError, UsageError

WHY = "the person asked us to call back"


class Paper:
    """A log that keeps what is written, and what had been shown by then."""

    def __init__(self):
        self.lines = []

    def append(self, event, *, by, case, facts):
        self.lines.append((event, by, case, json.loads(json.dumps(facts))))
        return len(self.lines)


class Full:
    """A log that cannot be written, and whose error repeats what it was given."""

    def append(self, event, *, by, case, facts):
        raise OSError(f"disk full while writing {facts}")


@pytest.fixture
def ana():
    rows = [{"account_id": "A"}, {"account_id": "A0", "merged_into": "A"}, {"account_id": "B"}]
    lines = ["A phone 312_555_2368", "A0 phone 312_555_9911", "B phone 415_555_2368", "A email jo@mail.example"]
    return market(rows, identifiers=seen(*lines), addresses=[{"account_id": "A", **HOME}])


def test_values_are_shown_and_who_saw_them_is_written_without_them(ana):
    log = Paper()
    assert reveal(ana, "A", "phone", case="C-12", because=WHY, by="ana", log=log) == ["312 555 2368", "312 555 9911"]
    ((event, by, case, facts),) = log.lines
    assert (event, by, case) == ("reveal", "ana", "C-12")
    assert {key: facts[key] for key in ("account", "kind", "because")} == {"account": "A", "kind": "phone", "because": WHY}
    assert [shown.partition(" (")[0] for shown in facts["shown"]] == ["phone ••• •••-2368", "phone ••• •••-9911"]
    assert "555 " not in json.dumps(facts)


def test_the_masks_in_the_log_are_those_of_the_tables(ana):
    log = Paper()
    reveal(ana, "B", "phone", case="C-12", because=WHY, by="ana", log=log)
    known = ana.db.execute("SELECT shown FROM identifier JOIN vault.clean USING (code) WHERE clean = '+14155552368'").fetchall()
    assert log.lines[0][3]["shown"] == [shown for (shown,) in known]


def test_only_what_was_asked_for_is_shown(ana):
    assert reveal(ana, "A", "email", case="C-12", because=WHY, by="ana", log=Paper()) == ["jo@mail.example"]
    assert reveal(ana, "B", "phone", case="C-12", because=WHY, by="ana", log=Paper()) == ["415 555 2368"]
    assert reveal(ana, "A", "address", case="C-12", because=WHY, by="ana", log=Paper()) == ["12 Oak St, 4, Austin, TX, 78701, US"]


def test_asking_for_what_is_not_there_is_written_too(ana):
    log = Paper()
    assert reveal(ana, "B", "email", case="C-12", because=WHY, by="ana", log=log) == []
    assert log.lines[0][3]["shown"] == []


def test_nothing_is_shown_where_nothing_is_written(ana):
    with pytest.raises(RevealError) as found:
        reveal(ana, "A", "phone", case="C-12", because=WHY, by="ana", log=Full())
    assert str(found.value) == "nothing is shown, because the log could not be written (OSError); mend the log and ask again"
    assert found.value.__context__ is None


@pytest.mark.parametrize("log", [None, object()])
def test_without_a_log_nothing_is_shown(ana, log):
    with pytest.raises(RevealError):
        reveal(ana, "A", "phone", case="C-12", because=WHY, by="ana", log=log)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"case": ""}, "case= is empty"), ({"because": "  "}, "because= is empty"), ({"by": ""}, "by= is empty"), ({"by": None}, "by= is empty"),
        ({"because": "asked"}, "at least 10 characters"), ({"because": "her number is 312-555-2368, I think"}, "because= holds a phone number"),
        ({"case": "jo@mail.example"}, "case= holds an e-mail address"), ({"kind": "fone"}, "there is no kind 'fone'"),
    ],
)  # fmt: skip
def test_a_door_without_case_reason_or_person_stays_shut_and_nothing_is_written(ana, changed, words):
    log = Paper()
    asked = {"kind": "phone", "case": "C-12", "because": WHY, "by": "ana"} | changed
    with pytest.raises(UsageError, match=words) as found:
        reveal(ana, "A", asked.pop("kind"), log=log, **asked)
    assert log.lines == []
    assert "312-555" not in str(found.value)


def test_an_account_that_is_not_there_is_told_and_not_written(ana):
    log = Paper()
    with pytest.raises(UnknownAccountError):
        reveal(ana, "Z", "phone", case="C-12", because=WHY, by="ana", log=log)
    assert log.lines == []
