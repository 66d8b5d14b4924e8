"""Every dirt seen in practice in the tables that say what somebody did: a named test, and its innocent twin below it."""

import pytest

from tests.dirt import both, each, linked, loaded, many, score
from tnskit.review.precheck import precheck

DAY = "2024-02-01T10:00:00Z"
NOW = "2024-03-01T12:00:00Z"
PHONE = each("phones", {"phone_raw": "312 555 2368"})
CARD = each("instruments", {"fingerprint": "fp_77aa88", "processor": "stripe"})
STRONG = both(PHONE, CARD)


def job(number, **more):
    return {"job_id": f"J{number}", "customer_account_id": "A", "pro_account_id": "B", "created_at": DAY, "currency": "usd"} | more


def stops(account="B", accounts="A B", **tables):
    links = linked(accounts, **both(STRONG, tables))
    return precheck(links.market, links, account, now=NOW).stops["code"].tolist()


def kept(table, rows, accounts="A B"):
    return int(loaded(accounts, **{table: rows}).report.tables.set_index("table")["kept"][table])


# jobs


def test_the_leads_of_one_request_are_not_repeats():
    assert kept("jobs", [job(1, request_id="R", pro_account_id="A"), job(2, request_id="R"), job(3, request_id="R")]) == 3


def test_the_same_lead_twice_is_a_repeat():
    assert kept("jobs", [job(1, request_id="R"), job(1, request_id="R")]) == 1


def test_a_job_whose_status_was_never_closed_is_not_in_progress_for_ever():
    assert "H6" not in stops(jobs=[job(1, started_at="2023-01-01T10:00:00Z", status="in_progress")])


def test_a_job_that_started_yesterday_is_in_progress():
    assert "H6" in stops(jobs=[job(1, started_at="2024-02-29T10:00:00Z", status="in_progress")])


def test_a_job_whose_price_was_agreed_by_phone_is_kept_without_a_complaint():
    market = loaded(jobs=[job(1, quote_minor=None)])
    assert market.rejected.empty
    assert market.report.faults.empty


def test_a_price_that_is_no_whole_number_is_told_and_left_empty():
    market = loaded(jobs=[job(1, quote_minor="12.50"), job(2, quote_minor="1250")])
    assert market.report.faults["why"].tolist() == ["an amount with decimals; export whole minor units (1250 for 12.50); left empty"]
    assert market.table("jobs")["quote_minor"].fillna(-1).tolist() == [-1, 1250]


# messages


def message(number, body, **more):
    return {"message_id": f"M{number}", "sender_account_id": "A", "sent_at": DAY, "body_redacted": body} | more


@pytest.mark.parametrize(
    "body", ["my card is 4242 4242 4242 4242 thanks", "4242-4242-4242-4242", "４２４２４２４２４２４２４２４２", "card:\n4242424242424242"]
)
def test_a_card_number_in_a_message_is_removed_and_counted(body):
    market = loaded(messages=[message(1, body)])
    assert market.report.redacted == 1
    assert "4242" not in market.db.execute("SELECT body_redacted FROM vault.messages").fetchall()[0][0].replace("４", "4").replace(
        "２", "2"
    )


@pytest.mark.parametrize("body", ["order 123456789012345678", "call 312-555-2368", "2024-02-01 10:00 to 2024-02-02 11:00"])
def test_other_long_figures_in_a_message_stay(body):
    market = loaded(messages=[message(1, body)])
    assert market.report.redacted == 0
    assert market.db.execute("SELECT body_redacted FROM vault.messages").fetchall() == [(body,)]


def test_door_codes_health_and_childrens_names_never_leave_the_gate():
    body = "door code 4711, Mia is allergic"
    market = loaded(messages=[message(1, body)])
    told = f"{market!r}{market.report}{market.report._repr_html_()}{market.table('messages').to_csv()}{market.rejected.to_csv()}"
    assert [word for word in ("4711", "Mia", "allergic") if word in told] == []


def test_the_facts_of_a_message_do_leave_it():
    assert loaded(messages=[message(1, "hello", has_contact="true")]).table("messages")["has_contact"].tolist() == [True]


def test_the_same_automatic_reply_links_nobody():
    assert score(messages=[message(1, "I am away."), message(2, "I am away.", sender_account_id="B")]) == 0


def test_the_same_phone_beside_it_does():
    assert score(**both(PHONE, {"messages": [message(1, "I am away."), message(2, "I am away.", sender_account_id="B")]})) == 1


@pytest.mark.parametrize("table", ["messages", "reviews", "payments"])
def test_an_edited_text_or_a_payment_booked_at_two_times_is_told_as_a_near_repeat(table):
    rows = {
        "messages": [message(1, "hello"), message(1, "hello, edited")],
        "reviews": [{"review_id": "R", "subject_account_id": "B", "created_at": DAY, "rating": n} for n in (1, 5)],
        "payments": [{"payment_id": "P", "kind": "charge", "amount_minor": 100, "at": at} for at in (DAY, "2024-02-02T10:00:00Z")],
    }[table]
    assert "near repeat" in str(loaded(**{table: rows}).report)


def test_two_texts_of_two_messages_are_no_repeats():
    market = loaded(messages=[message(1, "hello"), message(2, "hello, edited")])
    assert market.rejected.empty
    assert "repeat" not in str(market.report)


# payments


def payment(number, kind="charge", amount=1000, **more):
    return {"payment_id": f"P{number}", "kind": kind, "amount_minor": amount, "at": DAY, "payer_id": "A", "payee_id": "B"} | more


def test_partial_and_multiple_refunds_are_all_kept():
    rows = [
        payment(1),
        payment(2, "refund", 300, parent_payment_id="P1"),
        payment(3, "refund", 300, parent_payment_id="P1"),
        payment(4, "refund", 400, parent_payment_id="P1"),
    ]
    assert kept("payments", rows) == 4


def test_one_refund_exported_twice_is_kept_once():
    assert (
        kept("payments", [payment(1), payment(2, "refund", 300, parent_payment_id="P1"), payment(2, "refund", 300, parent_payment_id="P1")])
        == 2
    )


def test_either_sign_of_an_amount_is_read():
    market = loaded(payments=[payment(1, "refund", -300), payment(2, "refund", "+300")])
    assert market.table("payments")["amount_minor"].tolist() == [-300, 300]


def test_two_conventions_for_the_sign_in_one_export_are_told():
    assert "10 payments of kind 'refund' come with either sign (5 below zero)" in str(
        loaded(payments=[payment(n, "refund", -300 if n % 2 else 300) for n in range(10)]).report
    )


def test_one_convention_is_not_complained_about():
    assert "sign" not in str(loaded(payments=[payment(n, "refund", -300) for n in range(10)]).report)


def test_a_chargeback_months_later_is_still_open_money():
    assert "H7" in stops(
        payments=[payment(1, at="2023-06-01T10:00:00Z"), payment(2, "chargeback", 1000, at="2024-02-20T10:00:00Z", parent_payment_id="P1")]
    )


def test_a_chargeback_that_was_won_is_not():
    assert "H7" not in stops(payments=[payment(2, "chargeback", 1000, dispute_outcome="won")])


# reviews


def review(number, **more):
    return {"review_id": f"V{number}", "subject_account_id": "B", "created_at": DAY, "rating": 5} | more


def test_an_imported_review_without_its_author_is_kept_and_links_nobody():
    assert kept("reviews", [review(1, origin="imported"), review(2, origin="imported")]) == 2
    assert score(reviews=[review(1, origin="imported"), review(2, origin="imported", subject_account_id="A")]) == 0


def test_a_review_without_its_subject_is_set_aside():
    assert kept("reviews", [review(1), review(2, subject_account_id=None)]) == 1


# reports


def report(number, **more):
    return {"report_id": f"T{number}", "subject_account_id": "B", "reporter_account_id": "C", "received_at": DAY, "channel": "app"} | more


RIVALS = [{"account_id": "B", "trade": "painter"}, {"account_id": "C", "trade": "painter"}]


def test_a_report_on_the_wrong_account_says_nothing_about_another():
    assert "H8" not in stops(reports=[report(1, subject_account_id="X", reporter_account_id=None, safety_flag=True)])


def test_a_safety_report_on_the_account_stops():
    assert "H8" in stops(reports=[report(1, safety_flag=True)])


def test_one_event_told_through_three_channels_has_one_reporter():
    rows = [report(n, channel=channel, job_id="J1") for n, channel in enumerate(("phone", "email", "app"))]
    assert "H12" in stops(accounts="A B C", pro_profiles=RIVALS, reports=rows)


def test_two_reporters_are_two():
    rows = [report(1), report(2, reporter_account_id="D")]
    assert "H12" not in stops(accounts="A B C D", pro_profiles=RIVALS, reports=rows)


def test_a_competitor_as_the_only_reporter_stops():
    assert "H12" in stops(accounts="A B C", pro_profiles=RIVALS, reports=[report(1)])


def test_a_reporter_of_another_trade_does_not():
    other = [{"account_id": "B", "trade": "painter"}, {"account_id": "C", "trade": "plumber"}]
    assert "H12" not in stops(accounts="A B C", pro_profiles=other, reports=[report(1)])


# actions


def action(number, account="A", **more):
    return {
        "action_id": f"X{number}",
        "account_id": account,
        "action": "remove",
        "decided_at": "2024-01-20T10:00:00Z",
        "policy_code": "ACC-01",
    } | more


def crowd(**more):
    """Ten accounts on one card, six of them removed."""
    names = many(10).split()
    return linked(
        many(10),
        **both(
            each("instruments", {"fingerprint": "fp_77aa88"}, accounts=many(10)),
            {"actions": [action(n, name, **more) for n, name in enumerate(names[:6])]},
        ),
    )


def test_a_historic_removal_with_the_code_other_is_a_removal():
    assert set(crowd(policy_code="other").pairs["score"]) == set(crowd().pairs["score"])


def test_a_historic_warning_is_not():
    assert max(crowd(policy_code="other", action="warn").pairs["score"]) < min(crowd().pairs["score"])


def test_a_reversed_action_is_no_strike():
    assert max(crowd(reversed_at="2024-02-20T10:00:00Z").pairs["score"]) < min(crowd().pairs["score"])


def test_a_standing_action_is_one():
    assert set(crowd(reversed_at=None).pairs["score"]) == set(crowd().pairs["score"])


# appeals


def appealed(**more):
    gone = [{"account_id": "A", "status": "removed"}, {"account_id": "B"}]
    return stops(
        accounts=gone, actions=[action(1)], appeals=[{"appeal_id": "L", "action_id": "X1", "received_at": "2024-02-10T10:00:00Z"} | more]
    )


def test_an_appeal_that_came_from_an_unknown_mailbox_counts_by_its_action():
    assert "H11" in appealed()


def test_an_appeal_that_was_decided_does_not_stop():
    assert "H11" not in appealed(decided_at="2024-02-20T10:00:00Z", outcome="upheld")
