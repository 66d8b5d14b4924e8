"""Signs of a takeover, one at a time, each with the ordinary day that looks like it."""

import pytest

from tests.review.test_precheck import PEOPLE, STRONG, check, event

RESET = event(1, "password_reset", "2024-02-10T12:00:00")


def login(n, at, asn=None):
    return {"login_id": str(n), "account_id": "A", "at": at, "asn": asn, "outcome": "ok"}


def message(n, at, lang):
    return {"message_id": str(n), "job_id": "1", "sender_account_id": "A", "sent_at": at, "lang": lang}


def complaint(n, at):
    return {"report_id": str(n), "subject_account_id": "A", "received_at": at, "narrative": "x", "lang": "en"}


def found(**tables):
    told = check(lines=[*STRONG, "A install dev_old1 2024-01-01 2024-03-01"], **tables).takeover
    return [row.sign.split(", ")[-1] for row in told.signs.itertuples() if row.found], told.victim


DEVICE = ["A install dev_old1 2024-01-01 2024-03-01"]
SIGNS = [
    ("another bank account for payouts", {"security_events": [RESET, event(2, "payout_change", "2024-02-12")]}, {"security_events": [RESET, event(2, "payout_change", "2024-02-25")]}),
    ("another such change", {"security_events": [RESET, event(2, "email_change", "2024-02-12")]}, {"security_events": [RESET, event(2, "email_change", "2024-02-25")]}),
    ("a device that the account had not been seen with", {"security_events": [RESET, event(2, "new_device", "2024-02-10")]}, {"security_events": [RESET, event(2, "new_device", "2024-02-20")]}),
    ("a network of another provider", {"security_events": [RESET], "logins": [login(1, "2024-01-01", 701), login(2, "2024-02-11", 64500)]}, {"security_events": [RESET], "logins": [login(1, "2024-01-01", 701), login(2, "2024-02-11", 701)]}),
    ("a burst of activity after 60 silent days", {"security_events": [RESET], "logins": [login(0, "2023-10-01"), *(login(n, "2024-02-11") for n in range(1, 6))]},
     {"security_events": [RESET], "logins": [login(0, "2024-01-10"), *(login(n, "2024-02-11") for n in range(1, 6))]}),
    ("messages in another language than before", {"security_events": [RESET], "messages": [message(1, "2024-01-05", "en"), message(2, "2024-02-12", "ro")]},
     {"security_events": [RESET], "messages": [message(1, "2024-01-05", "en"), message(2, "2024-02-12", "en")]}),
    ("reports from others", {"security_events": [RESET], "reports": [complaint(1, "2024-02-15")]}, {"security_events": [RESET], "reports": [complaint(1, "2024-01-15")]}),
]  # fmt: skip


@pytest.mark.parametrize(("sign", "there", "ordinary"), SIGNS, ids=[one[0] for one in SIGNS])
def test_a_sign_is_found_and_its_ordinary_twin_is_not(sign, there, ordinary):
    signs, victim = found(**there)
    assert (sign in signs, victim) == (True, True)
    signs, victim = found(**ordinary)
    assert (sign in signs, victim) == (False, False)


def test_a_change_alone_makes_nobody_a_victim():
    told = check(security_events=[RESET]).takeover
    assert (told.victim, int(told.signs["found"].sum())) == (False, 1)
    assert "people buy new phones" in str(told)


def test_nothing_is_found_where_nothing_happened():
    told = check(people=PEOPLE).takeover
    assert (told.victim, told.sentence) == (False, "No sign of a takeover was found in what was exported.")
    assert len(told.signs) == 8


def test_what_speaks_for_the_holder_is_told_beside():
    told = check(
        lines=[*STRONG, "A install dev_old1 2024-01-01 2024-03-01"], security_events=[RESET, event(2, "email_change", "2024-02-11")]
    ).takeover
    assert told.victim
    assert told.owner["found"].tolist() == [True, True]
    assert "against it: a device known long before the change is still in use after it" in str(told)
