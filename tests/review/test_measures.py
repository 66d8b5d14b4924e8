"""A team's own decisions, measured: what was overturned, by action and language, with intervals, and how long it took."""

import pandas as pd
import pytest

from tests.markets import market
from tests.review.desks import checked, decided, desk, opened, returned
from tnskit.errors import UsageError
from tnskit.review.measures import interval, measure


def action(number, who, what="remove", *, on="2024-02-01", **more):
    return {"action_id": f"N{number}", "account_id": who, "action": what, "decided_at": on, "policy_code": "PAY-01"} | more


def appeal(number, of, outcome, *, on="2024-02-05", done="2024-02-09"):
    return {"appeal_id": f"Q{number}", "action_id": f"N{of}", "received_at": on, "decided_at": done, "outcome": outcome}


def team(en=0, es=0, wrong_en=0, wrong_es=0):
    """Removals by language, some of them overturned."""
    names = [(f"E{n}", "en-US", n < wrong_en) for n in range(en)] + [(f"S{n}", "es-US", n < wrong_es) for n in range(es)]
    people = [{"account_id": name, "locale": locale} for name, locale, _ in names]
    actions = [action(n, name) for n, (name, _, _) in enumerate(names)]
    appeals = [appeal(n, n, "overturned") for n, (_, _, wrong) in enumerate(names) if wrong]
    return measure(market(people, actions=actions, appeals=appeals))


def test_overturned_upheld_and_undone_are_told_apart():
    actions = [
        action(1, "A"),
        action(2, "B"),
        action(3, "C", reversed_at="2024-03-01"),
        action(4, "D", "warn"),
        action(5, "D", "no action"),
    ]
    found = measure(market("A B C D", actions=actions, appeals=[appeal(1, 1, "overturned"), appeal(2, 2, "upheld")]))
    assert found.decisions.drop(columns=["share", "low", "high"]).values.tolist() == [["remove", 3, 2, 2, 2], ["warn", 1, 0, 0, 0]]
    assert found.headline.startswith("66.7 false removals per 100 (2 of 3; 95 % interval 20.8 to 93.9).")
    assert found.times.loc[found.times["step"] == "appeal to answer", ["cases", "median", "open"]].values.tolist() == [[2, 4.0, 0]]


def test_the_last_answer_to_an_appeal_counts():
    appeals = [appeal(1, 1, "upheld"), appeal(2, 1, "overturned", on="2024-03-01", done="2024-03-05")]
    assert measure(market("A", actions=[action(1, "A")], appeals=appeals)).decisions["overturned"].tolist() == [1]


@pytest.mark.parametrize(
    ("counts", "reading"),
    [
        ((40, 20, 1, 10), "overturned more often than the others"),
        ((40, 20, 20, 1), "overturned less often than the others"),
        ((40, 20, 4, 2), "no difference to the others can be seen"),
        ((40, 3, 1, 3), "fewer than 10 on one side"),
    ],
)
def test_a_difference_between_languages_is_said_only_where_there_is_one(counts, reading):
    spoken = team(*counts).languages.set_index("lang")
    assert spoken.loc["es", "reading"].startswith(reading)


def test_the_first_report_before_a_decision_starts_its_clock():
    reports = [
        {"report_id": f"R{n}", "subject_account_id": "A", "received_at": on}
        for n, on in enumerate(("2023-01-01", "2024-01-22", "2024-01-30", "2024-02-20"))
    ]
    times = measure(market("A", actions=[action(1, "A")], reports=reports)).times
    assert times[["step", "cases", "median"]].values.tolist() == [["report to decision", 1, 10.0]]


def test_the_log_counts_beside_the_export_and_nothing_twice(tmp_path):
    log, check = desk(tmp_path), checked()
    decided(log, check)
    opened(log, check)
    m, _ = returned()
    found = measure(m, log=log)
    assert found.decisions[["action", "decided"]].values.tolist() == [["remove", 2]]
    assert found.agreement == (1, 1)
    assert "1 of 1 blind second verdicts" in str(found)
    assert found.times.loc[found.times["step"] == "case opened to decision", ["cases", "open"]].values.tolist() == [[1, 1]]
    again, _ = returned(actions=[{"action_id": "K1", "account_id": "A", "action": "remove", "decided_at": "2024-04-01T12:00:00Z"}])
    assert measure(again, log=log).decisions["decided"].tolist() == [1]


def test_bounds_in_time_and_nothing_at_all():
    m = market("A B", actions=[action(1, "A"), action(2, "B", on="2024-06-01")])
    assert measure(m, since="2024-05-01").decisions["decided"].tolist() == [1]
    assert measure(m, until=pd.Timestamp("2024-05-01", tz="UTC")).decisions["decided"].tolist() == [1]
    assert measure(market("A")).headline == "No removal was decided, so there is nothing to measure."
    assert "nothing to measure" in measure(market("A"))._repr_html_()
    with pytest.raises(UsageError, match="since and until"):
        measure(m, since="soon")


def test_an_interval_stays_inside_and_holds_for_none():
    assert interval(0, 0) == (0.0, 1.0)
    assert interval(0, 10)[0] == 0
    assert 0.25 < interval(0, 10)[1] < 0.31
