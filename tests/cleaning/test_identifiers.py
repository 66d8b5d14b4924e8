import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tnskit.cleaning.identifiers import KINDS, opaque

CASES = [
    # kind, written so, means this
    ("phone", "(312) 555-2368", "+13125552368"),
    ("phone", "13125552368", "+13125552368"),
    ("phone", "+1 312.555.2368 ext. 5", "+13125552368;ext=5"),
    ("phone", "13125552368.0", "+13125552368"),
    ("phone", "3 12\n5552368", "+13125552368"),
    ("phone", "１３１２５５５２３６８", "+13125552368"),
    ("phone", "2916315", "local:US:2916315"),
    ("phone", "+52 1 55 1234 5678", "+525512345678"),
    ("phone", "+52 55 1234 5678", "+525512345678"),
    ("phone", "+55 11 8765-4321", "+5511987654321"),
    ("phone", "+55 11 98765-4321", "+5511987654321"),
    ("email", " J.Doe+shop@GMail.com ", "jdoe@gmail.com"),
    ("email", "j.doe@mail.example", "j.doe@mail.example"),
    ("ip", "::ffff:8.8.8.8", "8.8.8.8"),
    ("ip", "10.1.1.1, 11.2.3.4", "11.2.3.4"),
    ("ip", "2d00:1:2:3:4::1", "2d00:1:2:3::/64"),
    ("ip", "732758368.79972", "43.173.1.96"),
    ("ip", "732758368", "43.173.1.96"),
    ("licence", "LIC# 0 123-45", "|12345"),
    ("licence", "CA|C-10 98765", "CA|C1098765"),
    ("address", "12 Main Street, Apt 4B\x1f\x1fBoston\x1fMA\x1f2139", "12 main|4b|02139|"),
    ("address", "12 MAIN ST.\x1f#4b\x1fBoston\x1fMA\x1f02139-1234", "12 main|4b|02139|"),
    ("address", "123 Main St Apt 4, Springfield, IL 62701", "123 main|4|62701|"),
    ("address", "123 Main St Apt 4 Springfield IL 62701-1234", "123 main|4|62701|"),
    ("address", "123 Main Street, Springfield, IL 62701", "123 main||62701|"),
    ("address", "Calle Roma 12 Int 3\x1f\x1fPuebla\x1f\x1f72000\x1fMX", "calle roma 12|3|72000|"),
    ("address", "221 East 51st Street\x1f\x1f\x1f\x1f60615", "221 e 51||60615|"),
    ("social", "https://www.Site.example/JoePaints/", "site.example/joepaints"),
]

JUNK = [
    ("phone", "000-000-0000"), ("phone", "111 111 1111"), ("phone", "123-456-7890"), ("phone", "312-555-0142"),
    ("phone", "1.8E+10"), ("phone", "call me"), ("phone", ""), ("email", "noemail@x.com"), ("email", "a b@x.com"),
    ("ip", "10.0.0.1"), ("ip", "100.64.3.2"), ("ip", "127.0.0.1"), ("ip", "203.0.113.9"), ("ip", "0.0.0.0"), ("ip", "localhost"), ("ip", "9999999999"),
    ("device", "00000000-0000-0000-0000-000000000000"), ("device", "d41d8cd98f00b204e9800998ecf8427e"), ("device", "xxxxxxxx"),
    ("licence", "none"), ("licence", "000000"), ("address", "unknown"), ("address", "11/30/14"), ("address", "PO Box"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "clean"), CASES)
def test_written_so_means_this(kind, raw, clean):
    assert KINDS[kind].clean(raw) == clean


@pytest.mark.parametrize(("kind", "raw"), JUNK)
def test_junk_never_becomes_a_value_and_says_why(kind, raw):
    assert KINDS[kind].clean(raw) is None
    why = KINDS[kind].fault(raw)
    assert why
    assert not raw or raw not in why


@pytest.mark.parametrize("region", ["US", "MX", "BR", "CA", "PT", "ES", "GB"])
def test_example_numbers_of_libphonenumber_round_trip(region):
    for kind in phonenumbers.PhoneNumberType.values():
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None or not phonenumbers.is_possible_number(example):
            continue
        clean = KINDS["phone"].clean(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
        if len(str(example.national_number)) == 7 and region == "CA":
            continue  # 310-1234 is a number without an area code by design
        assert clean in {phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164), None}
        if clean is None:
            assert "placeholder" in KINDS["phone"].fault(phonenumbers.format_number(example, 1))


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(raw=st.text(max_size=60))
def test_clean_never_fails_and_never_changes_its_own_result(kind, raw):
    one = KINDS[kind]
    clean = one.clean(raw)
    if clean is None:
        assert one.fault(raw)
    else:
        assert isinstance(one.klass(clean), str)
        if kind not in {"address", "card_digits"}:  # composed of several cells
            assert one.clean(clean) == clean or kind == "licence"


@given(digits=st.integers(2_012_000_000, 9_899_999_999))
def test_a_mask_shows_four_digits_of_a_phone_at_most(digits):
    clean = KINDS["phone"].clean(str(digits))
    if clean is not None:
        assert sum(c.isdigit() for c in KINDS["phone"].shown(clean)) <= 4


def test_a_hashed_value_is_taken_as_it_stands_and_a_word_is_not():
    assert opaque("a3f9c2b71e") == "a3f9c2b71e"
    assert opaque("unknown") is None
    assert opaque("123456") is None
