"""What holds for every kind of identifier, and how a cell is read."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.markets import market, seen
from tnskit.cleaning.identifiers import ALIASES, CLASS_WORDS, KINDS, classed, opaque, read, several
from tnskit.evidence import rules
from tnskit.evidence.links import link

WRITTEN = {
    "phone": ["(312) 555-2368", "+52 1 55 1234 5679", "+55 11 8765-4329", "4155559911 x22", "2916315", "+44 20 7123 4567", "1.3125552368E+10"],
    "email": ["J.Doe+shop@GMail.com", "Ana Ruiz <ana@mail.example>", "ana@münchen.de", '"john doe"@x.com', "a-b@proton.me"],
    "card": ["stripe:fp_7Qd81kLm2", "Adyen:8415998"],
    "card_digits": ["424242|42|27-3", "42424242 •••• 4242 03/2027"],
    "payout": ["ba_77aa88", "ES91 2100 0418 4502 0005 1332"],
    "ip": ["11.20.30.40", "2d00:1:2:3:4::1", "10.0.0.1, 8.8.8.8", "::ffff:8.8.8.8", "732758368.8", "[2d00::1]:443", "0x08080808"],
    "device": ["9F8A7B6C-5D4E-3F2A-1B0C-9D8E7F6A5B4C", "v3\x1f7d1e22aa90", "a4:5E:60:01:02:03"],
    "address": ["12 Main Street, Apt 4B\x1f\x1fBoston\x1fMA\x1f2139", "Rua das Flores, 123, ap 45\x1f\x1f\x1f\x1f1310100\x1fBR", "PO Box 12\x1f\x1f\x1f\x1f78701"],
    "licence": ["CA|Lic. # 100-5412", "ROC 123478"],
    "tax_id": ["12-3456788", "VECJ 880326 XK4", "tx_77aa88"],
    "identity": ["idv_77aa88"],
    "social": ["https://m.facebook.com/Joe.Paints/?ref=1", "@joepaints", "IG: joe.paints"],
    "name": ["Ruiz Gómez, Ana María", "João da Silva Filho"],
}  # fmt: skip
"""Values of each kind as exports write them."""

DEFAULTS = [
    "",
    " ",
    "N/A",
    "none",
    "null",
    "test",
    "unknown",
    "-",
    "0",
    "undefined",
    "0.0.0.0",
    "1970-01-01",
    "[card number removed]",
    "\x00",
    "#REF!",
]
"""What stands where a value is missing; no kind takes any of them."""

HOSTILE = ["\ud800", "\x00\x00", "‮312 555 2368", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "9" * 400, "a@" * 300, "é" * 5_000, "1." * 999,
           "%s%n{}", "٣١٢٥٥٥٢٣٦٨", "ⅧⅧⅧ", "²²²²²²²", "\x1f" * 20, "|" * 20, "::" * 50, "+" * 50, "1e999999999999", "-" * 300]  # fmt: skip

texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789 +-().,:/|@eExX#\x1fabcdf", max_size=40),
    st.sampled_from(HOSTILE),
)


def spoiled(value):
    """A written value with a mark put in, taken out or doubled somewhere."""
    place = st.integers(0, len(value))
    marks = st.sampled_from(["", " ", "-", ".", "\u200b", "\x00", "1", "a", ":", "|", "@", "\ud800", "é"])
    return st.builds(lambda n, mark, gone: value[:n] + mark + value[n + gone :], place, marks, st.integers(0, 2))


def test_every_kind_has_written_examples_and_every_alias_a_kind():
    assert set(WRITTEN) == set(KINDS)
    assert set(ALIASES.values()) <= set(KINDS)
    assert set(CLASS_WORDS) <= set(KINDS)


@pytest.mark.parametrize(("kind", "raw"), [(kind, raw) for kind, values in WRITTEN.items() for raw in values])
def test_a_clean_value_is_its_own_clean_form_and_its_mask_hides_it(kind, raw):
    one = KINDS[kind]
    clean = one.clean(raw)
    assert clean is not None
    assert one.clean(clean) == clean
    assert raw not in one.shown(clean)
    assert clean not in one.shown(clean)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("raw", DEFAULTS)
def test_a_default_is_no_value_of_any_kind_and_says_why_without_repeating_it(kind, raw):
    assert KINDS[kind].clean(raw) is None
    assert opaque(raw) is None
    why = KINDS[kind].fault(raw)
    assert why
    assert len(raw) < 5 or raw not in why


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=200, deadline=None)
@given(raw=texts)
@example(raw="\x1f12 a\x1f")
@example(raw="9" * 1_000_000)
@example(raw="12 main st " * 100_000)
@example(raw="x" * 500 + "|||")
def test_clean_never_fails_and_never_changes_its_own_result(kind, raw):
    one = KINDS[kind]
    clean = one.clean(raw)
    if clean is None:
        assert one.fault(raw)
    else:
        assert one.clean(clean) == clean
        assert isinstance(one.klass(clean), str)
        assert isinstance(one.shown(clean), str)


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_spoiled_value_never_fails_either(kind, data):
    one = KINDS[kind]
    raw = data.draw(st.sampled_from(WRITTEN[kind]).flatmap(spoiled))
    clean = one.clean(raw)
    assert one.fault(raw) if clean is None else one.clean(clean) == clean


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "dress", [str.strip, lambda v: f"  {v}\t", lambda v: v + "\u200b", lambda v: f"\u00a0{v}\n", lambda v: "\ufeff" + v]
)
def test_white_space_and_invisible_marks_around_a_value_change_nothing(kind, dress):
    one = KINDS[kind]
    for raw in WRITTEN[kind]:
        assert one.clean(dress(raw)) == one.clean(raw)


@pytest.mark.parametrize("kind", ["phone", "email", "ip", "licence", "address", "card_digits", "name"])
def test_letters_and_digits_of_full_width_are_plain_ones(kind):
    for raw in WRITTEN[kind]:
        wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in raw)
        assert unicodedata.normalize("NFKC", wide) == unicodedata.normalize("NFKC", raw)
        assert KINDS[kind].clean(wide) == KINDS[kind].clean(raw)


SHOWS = {
    "phone": r"phone ••• •••-\d{4}", "email": r"e-mail \S•••@(•••\.[\w-]+|[\w.-]+)", "card": r"card ….{3}", "card_digits": r"card •••• \d{4}",
    "payout": r"payout ….{3}", "ip": r"IP \d+\.\d+\.\d+\.•|IPv6 [0-9a-f:]+•/48", "device": r"device ….{3}",
    "address": r"address ••• in (\d{3}••|•••)( with unit)?", "licence": r"licence ….{3}", "tax_id": r"tax_id ….{3}", "identity": r"identity ….{3}",
    "social": r"social ….{3}", "name": r"name( \S•••)+",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_mask_shows_no_more_than_its_rule(kind, data):
    raw = data.draw(st.one_of(texts, st.sampled_from(WRITTEN[kind]).flatmap(spoiled)))
    clean = KINDS[kind].clean(raw)
    if clean is not None:
        assert re.fullmatch(SHOWS[kind], KINDS[kind].shown(clean), re.DOTALL)


def test_a_hashed_value_is_taken_as_it_stands_and_a_word_is_not():
    assert opaque("a3f9c2b71e") == "a3f9c2b71e"
    assert opaque("PH00012345") == "PH00012345"
    assert opaque("unknown") is None
    assert opaque("123456") is None


@pytest.mark.parametrize(
    "raw",
    ["18E+10", "fe80::1", "2001:db8::1", "noemail1", "unknown-12", "test123", "d41d8cd98f00b204e9800998ecf8427e", "02:00:00:00:00:00"],
)
def test_what_a_kind_refused_does_not_come_back_as_a_hashed_value(raw):
    assert opaque(raw) is None


@pytest.mark.parametrize(
    ("kind", "raw", "clean"),
    [
        ("phone", "312-555-2368 / (415) 555-9911", ["+13125552368", "+14155559911"]), ("phone", "312 555 2368 or 3125552368", ["+13125552368"]),
        ("phone", "312-555-2368; n/a", ["+13125552368"]), ("phone", "3 12\n5552368", ["+13125552368"]), ("phone", "nobody / none", []),
        ("email", "ana@mail.example; Luis <luis@mail.example>", ["ana@mail.example", "luis@mail.example"]), ("email", "ana@mail.example, noemail@x.com", ["ana@mail.example"]),
        ("email", "ana at home", []), ("ip", "8.8.8.8, 9.9.9.9", ["8.8.8.8"]), ("card", "fp_77aa88, fp_99bb77", ["fp_77aa88, fp_99bb77"]),
    ],
)  # fmt: skip
def test_several_values_of_one_cell_are_several_values(kind, raw, clean):
    assert several(kind, raw) == clean


def test_both_values_of_one_cell_link_and_the_row_is_kept():
    m = market("A B C", identifiers=seen("A phone 312_555_2368_/_415_555_9911", "B phone 3125552368", "C phone 4155559911"))
    assert m.rejected.empty
    pairs = link(m).pairs
    assert pairs[["a", "b"]].values.tolist() == [["A", "B"], ["A", "C"]]


def test_a_cell_is_read_as_values_a_token_or_a_fault():
    assert read("phone", "800 555 2368") == [("+18005552368", "tollfree", "")]
    assert read("phone", "h_77a8b9c0d1") == [("token:h_77a8b9c0d1", "opaque", "")]
    assert read("phone", "call me") == [("", "", "not a phone number that could be dialled in region US")]


@pytest.mark.parametrize(
    ("kind", "own", "hint", "means"),
    [
        ("phone", "", "unknown", ""), ("phone", "tollfree", "mobile", "tollfree"), ("phone", "", "nonfixedvoip", "voip"), ("phone", "landline", "mobile", "mobile"),
        ("phone", "", "masked", "proxy"), ("ip", "hosting", "isp", "residential"), ("ip", "relay_vpn", "unknown", "relay_vpn"), ("email", "", "relay", "relay"),
        ("email", "role", "disposable", "role"), ("email", "", "burner", "disposable"), ("card", "", "prepaid", "prepaid"), ("address", "unit", "service", "unit"),
    ],
)  # fmt: skip
def test_the_class_comes_from_the_value_or_from_the_export(kind, own, hint, means):
    assert classed(kind, own, hint) == means


class Plate:
    """The plate of a van, for the test below: a kind that a team adds."""

    kind = "plate"

    def clean(self, raw, region="US"):
        text = re.sub(r"[^A-Z0-9]", "", raw.upper())
        return text if 4 <= len(text) <= 8 and len(set(text)) > 1 else None

    def shown(self, clean):
        return f"plate •••{clean[-2:]}"

    def klass(self, clean):
        return ""

    def fault(self, raw, region="US"):
        return "no number plate"


PLATE_RULE = """
[[rule]]
id = "plate"
kind = "plate"
family = "BUSINESS"
points = 4
days = 365
cut = 3
proves = "Both accounts gave the same van."
innocent = "A firm's or a rented van."
check = "Ask who drives it."
source = "Assumption of this test."
"""


def test_a_new_kind_is_one_class_and_one_rule(monkeypatch, tmp_path):
    monkeypatch.setitem(KINDS, "plate", Plate())
    own = tmp_path / "rules.toml"
    own.write_text(rules.DEFAULT.read_text(encoding="utf-8") + PLATE_RULE, encoding="utf-8")
    m = market("A B C", identifiers=seen("A plate ab-12_cd 2024-01-01", "B plate AB12CD 2024-01-02", "C plate 0000 2024-01-02"))
    links = link(m, rule_file=own)
    assert links.pairs[["a", "b", "score", "families"]].values.tolist() == [["A", "B", 4.0, "BUSINESS"]]
    assert links.evidence("A", "B")["shown"].tolist() == ["plate •••CD"]
    assert m.rejected["why"].tolist() == ["no number plate"]
    assert link(m).crowded["why"].tolist() == ["no rule says what sharing this means"]
