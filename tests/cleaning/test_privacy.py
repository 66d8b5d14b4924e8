import traceback

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.markets import market
from tests.planted import DISGUISES, card_numbers
from tnskit.cleaning.cards import REDACTED
from tnskit.cleaning.identifiers import KINDS
from tnskit.cleaning.privacy import SAID, find, leaks, masked, quiet, told
from tnskit.errors import EngineError, SourceError, TableError
from tnskit.evidence.engine import Duck


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("call 312-555-2368 now", "phone"), ("(312) 555-2368", "phone"), ("312.555.2368", "phone"), ("312 555 2368", "phone"), ("+1 312 555 2368",
        "phone"), ("text me at 3125552368", "phone"), ("13125552368", "phone"), ("tel 555-2368", "phone"), ("wa.me/13125552368", "phone"),
        ("312-555-2368 x12", "phone"), ("(55) 1234-5678", "phone"), ("llámame al 55 1234 5678", "phone"), ("222 123 4567", "phone"),
        ("044 55 1234 5678", "phone"), ("+52 1 55 1234 5678", "phone"), ("0052 55 1234 5678", "phone"), ("(11) 98765-4321", "phone"),
        ("meu celular é 11987654321", "phone"), ("+55 11 98765-4321", "phone"), ("+44 20 7183 8750", "phone"), ("３１２-５５５-２３６８", "phone"),
        ("312&#45;555&#45;2368", "phone"), ("312\u200b-555\u200b-2368", "phone"), ("312%2D555%2D2368", "phone"), ("312\\u2011555\\u20112368", "phone"),
        ("write to jo@mail.example", "email"), ("josé.núñez@correo.mx", "email"), ("Jo <jo@mail.example>", "email"), ("jo (at) mail dot com", "email"),
        ("jo at mail dot com", "email"), ("jo%40mail.example", "email"), ("j&#111;@mail.example", "email"), ("jo＠mail．example", "email"),
        ("from 11.20.30.40.", "ip"), ("11.20.30.40:8080", "ip"), ("[2600:1700:abcd::1]:443", "ip"), ("2600:1700:1:2:3:4:5:6", "ip"),
        ("::ffff:11.20.30.40", "ip"), ("11[.]20[.]30[.]40", "ip"), ("12 Oak St, Austin", "address"), ("1200 N Congress Avenue", "address"),
        ("Calle Reforma 123", "address"), ("Rua das Flores, 45", "address"), ("Av. Insurgentes Sur 1602", "address"), ("SSN 123-45-6789", "tax_id"),
        ("CPF 529.982.247-25", "tax_id"), ("11.222.333/0001-81", "tax_id"), ("EIN 12-3456789", "tax_id"), ("RFC VECJ880326XXX", "tax_id"),
        ("DE89 3704 0044 0532 0130 00", "payout"), ("CLABE 032180000118359719", "payout"), ("instagram.com/ana.cleans", "social"),
        ("paid by fp_7Qd81kLm2", "token"), ("card 4111 1111 1111 1111", "card"),
    ],
)  # fmt: skip
def test_each_kind_is_found_in_each_dress(text, kind):
    assert leaks(text) == [SAID[kind]]
    assert find(masked(text)) == []


@pytest.mark.parametrize("name", DISGUISES)
def test_cards_are_found_in_every_disguise(name):
    text = DISGUISES[name](card_numbers(1)[0])
    assert "a full card number" in leaks(text)
    assert "a full card number" not in leaks(masked(text))


@pytest.mark.parametrize(
    "text",
    [
        "seen on 2024-01-01 with A1042, 3 of 5", "••• •••-2368", "IP 11.20.30.•", "IPv6 2600:1700:abcd::•/48", "e-mail j•••@•••.example",
        "phone ••• •••-0142 (2)", "address ••• in 787•• with unit", "card •••• 4242", "device …a88 (12)", REDACTED, f"{REDACTED[:-1]} 12]",
        "the price went from $1,200 to $2,500 on 3/4/2024 at 10:30", "order 4155550123 was refunded", "case 2024-0042, ticket #3125552368",
        "duckdb==1.4.0.1 and v10.2.3.4", "version 1.2.3.4 was worse", "section 3.1.2.4 of the policy", "127.0.0.1, 192.168.1.1, 10.0.0.0/8, 203.0.113.7",
        "10:20:30 to 11:20:30", "std::vector and a::b", "ratio 3:4, 16:9", "range 100-2000 and 2019-2023", "job J881, 12 accounts share 3 cards",
        "550e8400-e29b-41d4-a716-446655440000", "lat 30.2671531 lon -97.7430608", "pandas@2.0.1 logo@2x.png git@github.com:x/y.git",
        "1719835200 1719835200000", "1,234,567 rows in, 1,200,000 kept", "[ 312  555 2368 1024]", "312 555 2368 1024", "12 reviews on St. Patrick's Day",
        "the 5 accounts and 12 cards on 2024-05-01T10:00:00Z", "account 123456789012345678", "ISBN 978-3-16-148410-0", "ACC-01 policy 4.2.1",
        "0 0 0 0, 255 255 255", "#3b82f6 rgb(59,130,246)", "paid 1.500,00 EUR", "zip 78701-1234", "in 2 to 3 days call back", "call 911",
        "MAC aa:bb:cc:dd:ee:ff", "A1042–A2077", "tns1_c919e30b_4212ff89e620b08b0c7eb60793fcf92156880ed2", "CPF 529.982.247-26", "000-12-3456",
        "facebook.com/help", "DE89 3704 0044 0532 0130 01", "look at main", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "call (312) 555-0142 or 312-555-0199", "tel 555-0142", "+1 312 555 0100", "3125550142",
        "", "the same bank account and the same phone, twice", "2 accounts at 3 places", "Calle is a word, Avenida too",
    ],
)  # fmt: skip
def test_the_innocent_twins_are_left_alone(text):
    assert leaks(text) == []
    assert masked(text) == text


def test_several_kinds_are_named_once_each_in_one_order():
    text = "jo@mail.example, 312-555-2368, 415-555-2368 and 4111 1111 1111 1111"
    assert leaks(text) == ["a full card number", "an e-mail address", "a phone number"]
    assert masked(text) == f"e-mail j•••@•••.example, phone ••• •••-2368, phone ••• •••-2368 and {REDACTED}"


def test_a_large_text_is_searched_in_one_go():
    text = "nothing 2024-01-01 here 3.5\n" * 20_000 + "call 312-555-2368"
    assert leaks(text) == ["a phone number"]


@given(text=st.text(max_size=60) | st.text("0123456789@.-+() :at<b>&#;%", max_size=60))
def test_masking_fails_on_nothing_and_changes_only_what_is_found(text):
    made, found = masked(text), find(text)
    assert (made == text) == (found == [])
    ends = [0, *(one.end for one in found)]
    assert all(end <= one.start < one.end for end, one in zip(ends, found, strict=False))


VALUES = {
    "phone": st.from_regex(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True),
    "email": st.from_regex(r"[a-z][a-z0-9]{3,12}@([a-z]{6,9}\.(com|mx|example)|gmail\.com)", fullmatch=True),
    "ip": st.from_regex(r"11\.[1-9][0-9]?\.[1-9][0-9]?\.[1-9][0-9]?", fullmatch=True),
    "card_digits": st.from_regex(r"4[0-9]{5}\|[0-9]{4}\|2[0-9]-[1-9]", fullmatch=True),
    "address": st.from_regex(r"[1-9][0-9]{1,3} [a-z]{3,8}\|[1-9]\|[0-9]{5}\|", fullmatch=True),
}
TOKEN = st.from_regex(r"[a-zA-Z0-9_]{8,20}", fullmatch=True)


def twin_email(seen, other):
    domain = "gmail.com" if seen.endswith("@gmail.com") else other.split("@")[1].split(".")[0] + "x." + seen.rsplit(".", 1)[1]
    return f"{seen[0]}{other.split('@')[0][1:]}@{domain}"


TWINS = {
    "phone": lambda seen, other: other[:-4] + seen[-4:],
    "email": twin_email,
    "ip": lambda seen, other: seen.rpartition(".")[0] + "." + other.rpartition(".")[2],
    "card_digits": lambda seen, other: "|".join([other.split("|")[0], seen.split("|")[1], other.split("|")[2]]),
    "name": lambda seen, other: seen[0] + other[1:],
    "address": lambda seen, other: "|".join([*other.split("|")[:2], seen.split("|")[2][:3] + other.split("|")[2][3:], ""]),
}
"""By kind, another value that agrees with `seen` in what its mask may show; of all other kinds the last three characters."""


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
def test_no_mask_reveals_more_than_its_rule(kind, data):
    """Whatever else two values have, if they agree in what may be seen they have one mask, so it tells nothing of the rest."""
    seen, other = data.draw(VALUES.get(kind, TOKEN)), data.draw(VALUES.get(kind, TOKEN))
    twin = TWINS.get(kind, lambda seen, other: other[:-3] + seen[-3:])(seen, other)
    assert KINDS[kind].shown(twin) == KINDS[kind].shown(seen)


def test_errors_of_the_engine_hold_no_value():
    secret = "312 555 2368"
    engine = Duck(duckdb.connect(), "steps")
    with pytest.raises(EngineError) as found:
        engine.run("SELECT CAST(v AS INTEGER) FROM held", held=pd.DataFrame({"v": [secret]}))
    assert secret not in "".join(traceback.format_exception(found.value))
    assert found.value.__context__ is None
    assert "ConversionException" in str(found.value)


def test_errors_about_the_statement_keep_their_words():
    with pytest.raises(EngineError, match='Referenced column "nowhere" not found'):
        Duck(duckdb.connect(), "steps").run("SELECT nowhere FROM (SELECT 1 AS here)")


def test_a_quiet_function_hides_what_duckdb_says_and_keeps_our_own_words():
    @quiet("trying")
    def fail(problem):
        if problem == "duckdb":
            return duckdb.execute("SELECT CAST('312 555 2368' AS INTEGER)")
        if problem == "ours":
            try:
                duckdb.execute("SELECT CAST('312 555 2368' AS INTEGER)")
            except duckdb.Error as found:
                raise SourceError("the file 4111111111111111.csv is odd") from found
        return problem

    assert fail("nothing") == "nothing"
    for problem, kind in (("duckdb", EngineError), ("ours", SourceError)):
        with pytest.raises(kind) as found:
            fail(problem)
        words = "".join(traceback.format_exception(found.value)).replace("SELECT CAST('312 555 2368'", "")
        assert "312 555 2368" not in words
        assert "4111111111111111 is" not in words
    assert str(found.value) == f"the file {REDACTED}.csv is odd"


def test_what_duckdb_says_of_values_is_left_out():
    with pytest.raises(duckdb.Error) as found:
        duckdb.execute("SELECT '312 555 2368'::INTEGER")
    assert "312" in str(found.value)
    assert "312" not in told(found.value)


def test_loading_hides_the_value_that_a_table_error_comes_from():
    rows = [{"account_id": "A", "phone_raw": "312 555 2368", "first_seen": "2024-01-01 10:00:00"}]
    with pytest.raises(TableError) as found:
        market("A", tz=None, phones=rows)
    assert "312 555" not in "".join(traceback.format_exception(found.value))
