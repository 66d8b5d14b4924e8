import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from tnskit.cleaning.kinds.phones import _TYPES, Phone, read

PHONE = Phone()
REGIONS = ["US", "MX", "BR", "CA", "PT", "ES", "GB"]
FORMATS = [PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.RFC3966, PhoneNumberFormat.NATIONAL]


@pytest.mark.parametrize(
    ("raw", "region", "clean"),
    [
        ("(312) 555-2368", "US", "+13125552368"), ("13125552368", "US", "+13125552368"), ("312.555.2368", "CA", "+13125552368"), ("13125552368.0", "US", "+13125552368"),
        ("+1 312.555.2368 ext. 5", "US", "+13125552368;ext=5"), ("312 555 2368 x5", "US", "+13125552368;ext=5"), ("(11) 2345-6789 ramal 12", "BR", "+551123456789;ext=12"),
        ("tel:+1-312-555-2368;ext=12", "US", "+13125552368;ext=12"), ("1-800-FLOWERS", "US", "+18003569377"), ("312-555-2368 (home)", "US", "+13125552368"),
        ("cell: 312-555-2368", "US", "+13125552368"), ("'+13125552368", "US", "+13125552368"), ('="13125552368"', "US", "+13125552368"), ("3 12\n5552368", "US", "+13125552368"),
        ("1.3125552368E+10", "US", "+13125552368"), ("２９１６３１５", "US", "local:US:2916315"), ("2916315", "US", "local:US:2916315"), ("310-1234", "US", "local:US:3101234"), ("310-1234", "CA", "+13101234"),
        # Mexico: 01, 044, 045 and the 1 of mobiles ended in August 2019
        ("+52 1 55 1234 5679", "US", "+525512345679"), ("01 55 1234 5679", "MX", "+525512345679"), ("044 55 1234 5679", "MX", "+525512345679"), ("045 55 1234 5679", "MX", "+525512345679"),
        ("55 1234 5679", "MX", "+525512345679"), ("011 52 1 55 1234 5679", "US", "+525512345679"), ("0052 55 1234 5679", "US", "+525512345679"), ("1234 5679", "MX", "local:MX:12345679"),
        # Brazil: a mobile of eight digits gained its ninth
        ("+55 11 8765-4329", "US", "+5511987654329"), ("(11) 98765-4329", "BR", "+5511987654329"), ("(11) 8765-4329", "BR", "+5511987654329"), ("0 15 11 98765-4329", "BR", "+5511987654329"),
        ("(11) 2345-6789", "BR", "+551123456789"), ("8765-4329", "BR", "local:BR:987654329"), ("4004-1239", "BR", "+5540041239"),
        # a lost + or a lost leading zero
        ("5215512345679", "US", "+525512345679"), ("5511987654329", "US", "+5511987654329"), ("442071234567", "US", "+442071234567"), ("13125552368", "MX", "+13125552368"),
        ("13125552368", "BR", "+13125552368"), ("2071234567", "GB", "+442071234567"), ("34612345679", "US", "+34612345679"), ("+44 (0)20 7123 4567", "US", "+442071234567"),
    ],
)  # fmt: skip
def test_written_so_means_this(raw, region, clean):
    assert PHONE.clean(raw, region) == clean
    assert PHONE.clean(clean, region) == clean


@pytest.mark.parametrize(
    ("raw", "region"),
    [
        ("000-000-0000", "US"), ("111 111 1111", "US"), ("123-456-7890", "US"), ("234-567-8901", "US"), ("9876543210", "US"), ("312-555-5555", "US"), ("(999) 999-9999", "US"),
        ("312-555-0100", "US"), ("312-555-0199", "CA"), ("5550142", "US"), ("+1 312 555 0142 x5", "MX"), ("312-555-1212", "US"), ("55 5555 5555", "MX"), ("(11) 99999-9999", "BR"),
        ("07700 900123", "GB"), ("+44 20 7946 0018", "US"), ("0113 496 0001", "GB"), ("028 9649 6001", "GB"), ("0808 157 0001", "GB"), ("98765-4321", "BR"),
    ],
)  # fmt: skip
def test_placeholders_and_numbers_of_films_are_nobodys(raw, region):
    assert PHONE.clean(raw, region) is None
    assert PHONE.fault(raw, region) == "a placeholder phone number, which says nothing"


@pytest.mark.parametrize(
    ("raw", "region"),
    [
        ("312-500-0000", "US"),
        ("312-555-0200", "US"),
        ("312-555-0099", "US"),
        ("700-900-1235", "US"),
        ("07700 901123", "GB"),
        ("020 7945 0018", "GB"),
        ("222 110 000", "PT"),
    ],
)
def test_their_innocent_neighbours_are_numbers(raw, region):
    assert PHONE.clean(raw, region) is not None


@pytest.mark.parametrize(
    ("raw", "region", "why"),
    [
        ("1.8E+10", "US", "rounded figure"), ("5.25512E+11", "MX", "rounded figure"), ("1.312555236E+10", "US", "rounded figure"), ("call me", "US", "not a phone number"), ("", "US", "not a phone number"),
        ("72975", "US", "not a phone number"), ("312-555-2368 / 415-555-9911", "US", "not a phone number"), ("+1", "US", "region US"), ("1" * 300, "US", "not a phone number"),
    ],
)  # fmt: skip
def test_what_is_no_number_says_why(raw, region, why):
    assert PHONE.clean(raw, region) is None
    assert why in PHONE.fault(raw, region)


@pytest.mark.parametrize(
    ("clean", "klass"),
    [
        ("+18005552368", "tollfree"), ("+18885552368", "tollfree"), ("+13125552368", ""), ("local:US:2916315", "partial"), ("+447400123456", "mobile"), ("+442071234567", "landline"),
        ("+445612345678", "voip"), ("+447012345678", "voip"), ("+551123456789", "landline"), ("+5511987654329", "mobile"), ("+55800123456", "tollfree"), ("+525512345679", ""), ("+351301234567", "voip"),
        ("+13101234", "tollfree"), ("+13101234567", ""),
    ],
)  # fmt: skip
def test_the_class_that_the_number_tells(clean, klass):
    assert PHONE.klass(clean) == klass


def test_the_class_is_that_of_libphonenumber_for_every_country():
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in PhoneNumberType.values():
            example = phonenumbers.example_number_for_type(region, kind)
            clean = example and PHONE.clean(phonenumbers.format_number(example, PhoneNumberFormat.E164))
            if clean and not clean.startswith(("+1", "local:")):
                assert PHONE.klass(clean) == _TYPES.get(phonenumbers.number_type(example), ""), clean


def examples():
    found = []
    for region in REGIONS:
        for kind in PhoneNumberType.values():
            example = phonenumbers.example_number_for_type(region, kind)
            if example is not None:
                found.append((region, PhoneNumberType.to_string(kind), example))
    return found


@pytest.mark.parametrize(("region", "kind", "example"), examples())
@pytest.mark.parametrize("form", FORMATS)
def test_every_example_of_libphonenumber_round_trips_in_every_format(region, kind, example, form):
    whole = phonenumbers.format_number(example, PhoneNumberFormat.E164)
    written = phonenumbers.format_number(example, form)
    assert read(written, region) == whole
    if form != PhoneNumberFormat.NATIONAL:
        assert {read(written, other) for other in REGIONS} == {whole}


def test_the_only_example_that_is_nobodys_is_the_one_of_films():
    refused = {
        phonenumbers.format_number(example, PhoneNumberFormat.E164)
        for _, _, example in examples()
        if PHONE.clean(f"+{example.country_code}{phonenumbers.national_significant_number(example)}") is None
    }
    assert refused == {"+12015550123"}
    assert len(examples()) > 45


dress = st.sampled_from(
    [
        "({0}) {1}-{2}",
        "{0}-{1}-{2}",
        "{0}.{1}.{2}",
        "{0} {1} {2}",
        "{0}{1}{2}",
        "+1{0}{1}{2}",
        "1-{0}-{1}-{2}",
        "+1 ({0}) {1} {2}",
        " {0}{1}{2}.0",
        "tel:+1{0}{1}{2}",
        "{0}‑{1}‑{2}",
    ]
)


@given(area=st.integers(201, 989), exchange=st.integers(200, 999), line=st.integers(0, 9999), one=dress, other=dress)
def test_every_dress_of_a_number_is_one_number(area, exchange, line, one, other):
    parts = (f"{area:03}", f"{exchange:03}", f"{line:04}")
    assert PHONE.clean(one.format(*parts)) == PHONE.clean(other.format(*parts))


@given(area=st.sampled_from(["11", "21", "31", "85"]), line=st.integers(60_000_000, 99_999_999))
def test_a_brazilian_mobile_is_one_line_before_and_after_its_ninth_digit(area, line):
    assert PHONE.clean(f"+55{area}{line}") == PHONE.clean(f"({area}) 9{line}", "BR")


@given(digits=st.integers(2_012_000_000, 9_899_999_999))
def test_a_mask_shows_four_digits_of_a_phone_at_most(digits):
    clean = PHONE.clean(str(digits))
    if clean is not None:
        assert sum(c.isdigit() for c in PHONE.shown(clean)) <= 4
