"""The queue: harm and certainty apart, linked reporters once, what was decided on gone."""

import pandas as pd
import pytest

from tests.markets import CARD, market, seen
from tnskit.errors import UsageError
from tnskit.evidence.links import link
from tnskit.review.triage import COLUMNS, triage

NOW = "2024-04-01T00:00:00Z"


def report(number, who, *, by="", rule="", on="2024-03-20", danger="false", lang="en"):
    return {"report_id": f"R{number}", "reporter_account_id": by, "subject_account_id": who, "channel": "app", "received_at": on,
            "policy_code": rule, "narrative": "He never came.", "lang": lang, "safety_flag": danger, "confidential": "false"}  # fmt: skip


def queue(*reports, **tables):
    one_hand = [f"{name} {value}" for name in ("X", "Y") for value in (f"card {CARD} 2024-01-01 2024-03-01",
                "payout ba_77aa88 2024-01-01 2024-03-01", "device dev_77aa88 2024-01-01 2024-03-01")]  # fmt: skip
    m = market("A B C D W X Y Z", identifiers=seen(*one_hand), **({"reports": list(reports)} if reports else {}), **tables)
    return triage(m, link(m), now=NOW)


def row(frame, account):
    return frame.set_index("account_id").loc[account]


def test_the_worst_comes_first_and_certainty_is_another_order():
    found = queue(
        report(1, "A", rule="PAY-01"),
        report(2, "B", danger="true"),
        report(3, "C", by="W"),
        report(4, "C", by="Z"),
        report(5, "D", rule="QUA-99"),
    )
    assert found[["account_id", "harm", "certainty", "by_harm", "by_certainty"]].values.tolist() == [
        ["A", 4, 0, 1, 2], ["B", 4, 0, 1, 2], ["C", 2, 1, 3, 1], ["D", 2, 0, 3, 2],
    ]  # fmt: skip
    assert row(found, "B")["next"].startswith("hand it to safety now")
    assert list(found.columns) == COLUMNS


@pytest.mark.parametrize(
    ("first", "second", "certainty", "told"),
    [("W", "Z", 1, ""), ("X", "Y", 0, "2 reporters linked to each other"), ("W", "W", 0, ""), ("", "", 0, "")],
)
def test_reporters_who_are_one_hand_count_once(first, second, certainty, told):
    found = row(queue(report(1, "A", by=first), report(2, "A", by=second)), "A")
    assert (found["certainty"], found["reporters_linked"]) == (certainty, told)


def test_who_reports_an_account_of_their_own_is_no_second_source():
    found = row(queue(report(1, "X", by="Y"), report(2, "X", by="W")), "X")
    assert (found["certainty"], found["reporters_linked"]) == (0, "1 reporter linked to the account")
    assert found["linked"] == "Y (strong)"


def test_a_job_and_a_disputed_payment_stand_behind_a_report():
    job = {"job_id": "J1", "customer_account_id": "W", "pro_account_id": "A", "created_at": "2024-03-01"}
    paid = {
        "payment_id": "P1",
        "job_id": "J1",
        "payer_id": "W",
        "payee_id": "A",
        "kind": "chargeback",
        "amount_minor": "100",
        "at": "2024-03-10",
    }
    assert row(queue(report(1, "A", by="W"), jobs=[job]), "A")["certainty_why"] == "a job between a reporter and the account"
    assert row(queue(report(1, "A", by="W"), jobs=[job], payments=[paid]), "A")["certainty"] == 2
    assert row(queue(report(1, "A", by="Z"), jobs=[job]), "A")["certainty"] == 0


def test_what_was_decided_on_is_gone_and_what_came_later_is_not():
    decided = {"action_id": "N1", "account_id": "A", "action": "warn", "decided_at": "2024-03-22"}
    assert queue(report(1, "A"), actions=[decided]).empty
    assert queue(report(1, "A"), report(2, "A", on="2024-03-25"), actions=[decided])["reports"].tolist() == [["R2"]]


def test_old_and_future_reports_are_left_out():
    assert queue(report(1, "A", on="2023-01-01"), report(2, "A", on="2024-05-01")).empty
    assert list(queue().columns) == COLUMNS


def test_a_rule_unknown_or_not_named_is_said():
    assert row(queue(report(1, "A")), "A")["harm_why"] == "no rule is named"
    assert row(queue(report(1, "A", lang="es", on="2024-03-11")), "A")[["lang", "waits"]].tolist() == ["es", 21]


def test_wrong_use():
    m = market("A B", reports=[report(1, "A")])
    links = link(m)
    with pytest.raises(UsageError, match="days=0"):
        triage(m, links, days=0)
    with pytest.raises(UsageError, match="no zone"):
        triage(m, links, now=pd.Timestamp("2024-01-01"))
    with pytest.raises(UsageError, match="another market"):
        triage(market("A"), links)
