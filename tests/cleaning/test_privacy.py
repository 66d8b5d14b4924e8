import pytest
from hypothesis import given
from hypothesis import strategies as st

from tnskit.cleaning.cards import REDACTED, is_card_number, luhn, redact
from tnskit.cleaning.privacy import leaks


def completed(prefix):
    return next(prefix + str(d) for d in range(10) if luhn(prefix + str(d)))


@pytest.mark.parametrize(
    "text",
    ["4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005", "６０１１１１１１１１１１１１１７"],
)
def test_a_card_number_is_removed_in_any_dress(text):
    assert redact(f"my card {text} ok") == f"my card {REDACTED} ok"


@pytest.mark.parametrize(
    "text",
    ["312-555-2368", "2024-01-01 10:00", "order 123456789012345678", "4111111111111112", "0000000000000000"],
)
def test_what_is_no_card_number_stays(text):
    assert redact(text) == text


@given(body=st.text("0123456789", min_size=14, max_size=14))
def test_sixteen_digits_of_a_card_network_that_pass_luhn_never_survive(body):
    number = completed("4" + body)
    if is_card_number(number):
        assert number not in redact(f"a {number} b")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("call 312-555-2368 now", ["a phone number"]), ("write to jo@mail.example", ["an e-mail address"]),
        ("from 11.20.30.40", ["an IP address"]), ("seen on 2024-01-01 with A1042, 3 of 5", []), ("••• •••-2368", []), ("IP 11.20.30.•", []),
        ("e-mail j•••@•••.example", []), ("card 4111 1111 1111 1111", ["a full card number"]),
    ],
)  # fmt: skip
def test_free_text_is_searched_for_raw_identifiers(text, kinds):
    assert leaks(text) == kinds
