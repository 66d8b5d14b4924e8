import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.planted import DISGUISES, NETWORKS, card_numbers, completed
from tnskit.cleaning.cards import REDACTED, is_card_number, is_iban, luhn, redact

NUMBERS = card_numbers(60)


def test_fifty_disguises_are_known():
    assert len(DISGUISES) >= 50


@pytest.mark.parametrize("name", DISGUISES)
def test_no_disguise_keeps_a_card_number(name):
    for number in NUMBERS:
        made = redact(DISGUISES[name](number))
        assert REDACTED in made, number
        assert sum(mark.isdigit() for mark in made) <= 8, number


@pytest.mark.parametrize("name", DISGUISES)
def test_what_stands_around_a_card_number_stays(name):
    number = NUMBERS[0]
    made = redact(f"Ana wrote: {DISGUISES[name](number)} on Monday, job J881.")
    assert made.startswith("Ana wrote: ")
    assert made.endswith(" on Monday, job J881.")


@pytest.mark.parametrize(
    "text",
    [
        "312-555-2368", "call 312-555-2368 or 415-555-2368", "2024-01-01 10:00:00.123 to 2024-02-01 10:00:00.456", "order 123456789012345678",
        "4111111111111112", "0000000000000000", "4444444444444444", "1719835200000000000", "0.4111111111111111", "30.26715312345,-97.7430612345",
        "550e8400-e29b-41d4-a716-446655440000", "IBAN DE89 3704 0044 0532 0130 00", "+49 1512 3456789", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "[1024 2048 4096 8192]", "35-209900-176148-1",
        "ISBN 978-3-16-148410-0", "94001 10200 88123 45678 90", "$1,200.00 on 3/4/2024, $2,500.00 on 4/5/2024", "card •••• 4242", "4.1E+15",
        "IP 11.20.30.•", "ck-4e4631348704550e", "", "4", "no digits at all",
    ],
)  # fmt: skip
def test_what_is_no_card_number_stays(text):
    assert redact(text) == text


def test_where_words_speak_of_a_card_any_first_digits_will_do():
    assert redact("order 9999999999999995") == "order 9999999999999995"
    assert redact("card no. 9999999999999995") == f"card no. {REDACTED}"
    assert redact("número de tarjeta: 9999999999999995") == f"número de tarjeta: {REDACTED}"
    assert redact("9999999999999995", named=True) == REDACTED


def test_a_spreadsheet_that_took_only_the_check_digit_took_nothing():
    assert redact("4.11111111111111E+15") == REDACTED
    assert redact("4.11111E+15") == "4.11111E+15"


def test_the_stripe_goes_with_the_number():
    assert redact(f";{NUMBERS[0]}=27121010000012300000?") == f";{REDACTED}"


def test_two_numbers_in_a_row_are_two():
    visa, amex = "4111 1111 1111 1111", "3782 822463 10005"
    assert redact(f"{visa} {amex}") == f"{REDACTED} {REDACTED}"


def test_a_note_of_ones_own():
    assert redact("a 4111-1111-1111-1111 b", note=lambda raw: f"<{len(raw)}>") == "a <19> b"


@given(body=st.text("0123456789", min_size=14, max_size=14))
def test_sixteen_digits_of_a_network_that_pass_luhn_never_survive(body):
    number = next(f"4{body}{last}" for last in range(10) if luhn(f"4{body}{last}"))
    if is_card_number(number):
        assert number not in redact(f"a {number} b")


@given(text=st.text(max_size=80))
def test_redacting_is_idempotent_and_fails_on_nothing(text):
    once = redact(text)
    assert redact(once) == once


@given(text=st.text("0123456789 -./<b>&#;%\\u\n\u200b٤", max_size=120))
def test_redacting_hostile_digits_is_idempotent(text):
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize(("start", "size"), NETWORKS)
def test_every_network_is_known_and_a_wrong_check_digit_is_none(start, size):
    number = completed(start, size, random.Random(size))
    assert is_card_number(number)
    assert not is_card_number(number[:-1] + str((int(number[-1]) + 1) % 10))


def false_alarms(make, many=4_000):
    rng = random.Random(7)
    return sum(redact(text) != text for text in (make(rng) for _ in range(many))) / many


def digits(rng, many):
    return "".join(rng.choices("0123456789", k=many))


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (lambda r: digits(r, 18), 0.01), (lambda r: digits(r, 16), 0.05), (lambda r: str(4 * 10**17 + r.randrange(10**17)), 0.0),
        (lambda r: str(1719835200000000000 + r.randrange(10**17)), 0.0), (lambda r: f"1Z{digits(r, 8)}A{digits(r, 7)}", 0.0),
        (lambda r: f"+52 {r.randint(22, 99)} {digits(r, 4)} {digits(r, 4)}", 0.0), (lambda r: f"55{r.randint(11, 99)}9{digits(r, 8)}", 0.0),
        (lambda r: f"{r.uniform(25, 49)},{r.uniform(-124, -67)}", 0.0), (lambda r: str(uuid.UUID(int=r.getrandbits(128))), 0.0),
        (lambda r: f"{r.getrandbits(256):064x}", 0.001), (lambda r: f"35{digits(r, 13)}", 0.0), (lambda r: f"94{digits(r, 20)}", 0.0),
        (lambda r: f"{r.randint(200, 999)}-{r.randint(200, 999)}-{digits(r, 4)} {r.randint(200, 999)}-{r.randint(200, 999)}-{digits(r, 4)}", 0.001),
    ],
    ids=["18 digits", "16 digits", "ids of one range", "nanoseconds", "parcels", "Mexican phones", "Brazilian phones", "places", "UUIDs", "digests",
         "IMEIs", "long parcels", "two phones"],
)  # fmt: skip
def test_false_alarms_stay_rare(make, most):
    assert false_alarms(make) <= most


def test_an_iban_is_known_by_its_check_digits():
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert not is_iban("GB82 WEST 1234 5698 7654 33")
