import pytest

from tests.markets import market, seen
from tnskit.errors import UnknownAccountError, UsageError
from tnskit.findings.timeline import timeline


def test_events_of_several_tables_stand_on_one_axis_masked():
    m = market(
        [{"account_id": "A", "created_at": "2024-01-01T08:00:00Z", "role": "pro"}], identifiers=seen("A phone 312_555_2368 2024-01-02 2024-02-01"),
        actions=[{"action_id": "1", "account_id": "A", "action": "remove", "decided_at": "2024-03-01", "policy_code": "ACC-01"}],
    )  # fmt: skip
    found = timeline(m, ["A"])
    assert list(found) == ["at", "account_id", "lane", "event", "detail"]
    assert found[["lane", "event", "detail"]].values.tolist() == [
        ["account", "opened", "pro"], ["phone", "first seen", "phone ••• •••-2368"], ["phone", "last seen", "phone ••• •••-2368"],
        ["decision", "remove", "ACC-01"],
    ]  # fmt: skip
    assert str(found["at"].dt.tz) == "UTC"


def test_wrong_questions_are_told():
    m = market("A")
    with pytest.raises(UsageError, match=r"write \['A'\]"):
        timeline(m, "A")
    with pytest.raises(UsageError, match="at least one"):
        timeline(m, [])
    with pytest.raises(UnknownAccountError):
        timeline(m, ["Z"])
