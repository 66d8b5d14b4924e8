import hashlib

import pytest

from tests.markets import market, seen
from tnskit.cleaning.identifiers import KINDS
from tnskit.cleaning.keys import Key
from tnskit.cleaning.privacy import leaks
from tnskit.cleaning.tokens import matching, renewed, token
from tnskit.errors import UsageError

NEW, OLD, LOST = Key("0123456789abcdef" * 4), Key("f0e1d2c3b4a59687" * 4), Key("89abcdef01234567" * 4)
PHONE = "+13125552368"


@pytest.fixture(scope="module")
def three_phones():
    return market("A B C", identifiers=seen("A phone 312_555_2368", "B phone 312_555_9911", "C phone 415_555_2368", "A device 13125552368"))


def test_a_token_is_blake2b_under_the_key_with_the_kind_as_person():
    plain = hashlib.blake2b(PHONE.encode(), key=bytes.fromhex("0123456789abcdef" * 4), digest_size=20, person=b"phone").hexdigest()
    assert token("phone", PHONE, NEW) == f"tns1_{NEW.id}_{plain}"


def test_another_kind_another_value_another_key_another_token():
    made = {token(kind, clean, key) for kind in KINDS for clean in (PHONE, "x") for key in (NEW, OLD)}
    assert len(made) == len(KINDS) * 4


def test_no_token_reads_as_a_raw_identifier():
    assert [name for n in range(3_000) if leaks(name := token("phone", str(n), NEW))] == []


def test_a_remembered_value_is_found_again(three_phones):
    codes = dict(three_phones.db.execute("SELECT clean, code FROM vault.clean WHERE kind = 'phone'").fetchall())
    tokens = [token("phone", PHONE, OLD), token("phone", "+14155552368", NEW), token("phone", "+12125550000", NEW)]
    assert matching(three_phones, "phone", tokens, [NEW, OLD]) == sorted([codes[PHONE], codes["+14155552368"]])


@pytest.mark.parametrize(
    "tokens",
    [[], ["nonsense"], ["tns1_x_y"], ["tns1__"], [f"tns1_{NEW.id}_" + "0" * 40], [f"tns1_{NEW.id}_" + "Z" * 40], [token("device", PHONE, NEW)],
     [token("phone", PHONE, LOST)]],
)  # fmt: skip
def test_what_is_no_token_of_ours_matches_nothing(three_phones, tokens):
    assert matching(three_phones, "phone", tokens, [NEW, OLD]) == []
    assert renewed(three_phones, "phone", tokens, [NEW, OLD]) == {}


def test_a_market_without_the_kind_matches_nothing(three_phones):
    assert matching(three_phones, "email", [token("email", "jo@mail.example", NEW)], [NEW]) == []


def test_tokens_are_renewed_as_far_as_the_market_has_their_values(three_phones):
    old, gone = token("phone", PHONE, OLD), token("phone", "+12125550000", OLD)
    made = renewed(three_phones, "phone", [old, gone, token("phone", PHONE, NEW)], [NEW, OLD])
    assert made == {old: token("phone", PHONE, NEW)}
    assert matching(three_phones, "phone", made.values(), [NEW]) == matching(three_phones, "phone", [old], [OLD])


def test_a_kind_that_is_not_known_is_told(three_phones):
    with pytest.raises(UsageError, match="there is no kind 'fone'"):
        token("fone", PHONE, NEW)
    with pytest.raises(UsageError, match="there is no kind 'fone'"):
        renewed(three_phones, "fone", [token("phone", PHONE, OLD)], [NEW, OLD])
