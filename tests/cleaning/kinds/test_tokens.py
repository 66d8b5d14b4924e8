"""Tokens of every sort: cards, payout accounts, documents, tax numbers, devices; and licences and handles."""

import hashlib
import uuid

import pytest

from tnskit.cleaning.identifiers import KINDS

ONE = [
    ("card", "stripe:fp_7Qd81kLm2", ["stripe:fp_7Qd81kLm2", "Stripe:fp_7Qd81kLm2", " STRIPE:fp_7Qd81kLm2 "]), ("card", "fp_77aa88", ["fp_77aa88", "fp_77aa88\n"]), ("card", "8415998877", ["8415998877"]),
    ("card_digits", "424242|0042|27-3", ["424242|42|27-3", "424242|0042|2027-3", "42424242|42.0|27-03", "424242|0042|03/27", "424242|0042|3/2027", "424242|0042|0327", "4242 42|xx42|27-3", "424242 •••• 0042 03/27", "424242\x1f42\x1f2027.0-3.0"]),
    ("payout", "ba_77aa88", ["ba_77aa88", " ba_77aa88"]), ("payout", "ES9121000418450200051332", ["ES91 2100 0418 4502 0005 1332", "ES91-2100-0418-4502-0005-1332"]),
    ("tax_id", "123456788", ["12-3456788", "123-45-6788", "123456788", "12 3456788"]), ("tax_id", "023456788", ["02-3456788", "23456788", "2-3456788"]), ("tax_id", "VECJ880326XK4", ["VECJ880326XK4", "vecj-880326-xk4", "VECJ 880326 XK4"]),
    ("tax_id", "11144477735", ["111.444.777-35", "11144477735"]), ("tax_id", "tx_77aa88", ["tx_77aa88"]),
    ("device", "9f8a7b6c-5d4e-3f2a-1b0c-9d8e7f6a5b4c", ["9f8a7b6c-5d4e-3f2a-1b0c-9d8e7f6a5b4c", "9F8A7B6C-5D4E-3F2A-1B0C-9D8E7F6A5B4C", "{9f8a7b6c-5d4e-3f2a-1b0c-9d8e7f6a5b4c}"]),
    ("device", "a4:5e:60:01:02:03", ["a4:5e:60:01:02:03", "A4-5E-60-01-02-03"]), ("device", "v3:7d1e22aa90", ["v3\x1f7d1e22aa90", "v3:7d1e22aa90"]), ("device", "QVPSPJUOCKZAR", ["QVPSPJUOCKZAR"]),
    ("licence", "CA|1005412", ["CA|1005412", "ca|LIC# 1005412", "California|No. 100-5412", "CA Lic. #1005412", "CA|CSLB 1005412", "CA|0001005412", "CA|License Number: 1005412"]), ("licence", "|123478", ["ROC123478", "Lic 123478", "#123478"]),
    ("licence", "CA|C1098765", ["CA|C-10 98765", "CA|c10-98765"]), ("licence", "|12345", ["LIC# 0 123-45"]), ("licence", "WA|SMITHC823KL", ["WA|SMITHC*823KL", "wa|smithc 823kl"]), ("licence", "MX|1234599", ["MX|Cédula 1234599"]),
    ("social", "instagram.com/joe.paints", ["https://www.instagram.com/Joe.Paints/?hl=en", "instagram.com/joe.paints", "IG: @joe.paints", "instagram @joe.paints"]), ("social", "joe.paints", ["@joe.paints", "Joe.Paints"]),
    ("social", "facebook.com/joepaints", ["https://m.facebook.com/Joe.Paints", "fb.com/joepaints", "es-la.facebook.com/joepaints/"]), ("social", "facebook.com/100012345678", ["facebook.com/profile.php?id=100012345678"]),
    ("social", "x.com/joepaints", ["twitter.com/JoePaints", "https://x.com/joepaints/status/1"]), ("social", "linkedin.com/joe-p", ["https://mx.linkedin.com/in/joe-p/", "linkedin.com/in/Joe-P"]), ("social", "wa.me/13125552368", ["https://wa.me/13125552368", "https://api.whatsapp.com/send?phone=13125552368"]),
    ("social", "site.example/joepaints", ["https://www.Site.example/JoePaints/"]), ("social", "youtube.com/channel/UCabcDEF", ["youtube.com/channel/UCabcDEF"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "clean", "raw"), [(kind, clean, raw) for kind, clean, ways in ONE for raw in ways])
def test_every_way_to_write_it_is_one_value(kind, clean, raw):
    assert KINDS[kind].clean(raw) == clean
    assert KINDS[kind].clean(clean) == clean


TWO = [
    ("card", "stripe:fp_77aa88", "adyen:fp_77aa88"), ("card", "stripe:fp_77AA88", "stripe:fp_77aa88"), ("card_digits", "424242|4242|27-3", "424242|4242|27-4"), ("card_digits", "424242|4242|27-3", "424243|4242|27-3"),
    ("device", "v2\x1f7d1e22aa90", "v3\x1f7d1e22aa90"), ("licence", "CA|1005412", "NV|1005412"), ("licence", "FL|CFC1427643", "FL|CBC1427643"), ("social", "instagram.com/joe", "tiktok.com/@joe"), ("social", "linkedin.com/in/acme", "linkedin.com/company/acme"),
    ("tax_id", "12-3456788", "12-3456789 0"), ("payout", "ba_77aa88", "ba_77aa89"), ("social", "x.com/joe.p", "x.com/joep"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "a", "b"), TWO)
def test_two_values_stay_two(kind, a, b):
    assert KINDS[kind].clean(a) is not None
    assert KINDS[kind].clean(a) != KINDS[kind].clean(b)


JUNK = [
    *(("device", raw) for raw in ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "02:00:00:00:00:00", "9774d56d682e549c", "004999010640000", "0123456789abcdef", "xxxxxxxx", "unknown", "deadbeef",
                                  "v3\x1funknown", "24700f9f1986800ab4fcc880530dd0ed", "cbf29ce484222325", "EF46DB3751D8E999", "v3:0000000000", "12", "device", "Not Provided", "1970-01-01T00:00:00Z")),
    *(("card", raw) for raw in ("4242 4242 4242 4242", "stripe:4242424242424242", "5555-5555-5555-4444", "4242", "stripe:null", "stripe:0000", "[card number removed]", "x" * 5_000)),
    *(("card_digits", raw) for raw in ("424242|4242|27-13", "424242|4242|", "424242||27-3", "000000|0000|27-1", "4242|4242|27-3", "424242|4242|1999-3", "none")),
    *(("payout", raw) for raw in ("4242", "123456", "000000000", "pending", "ba:none")), *(("tax_id", raw) for raw in ("000-00-0000", "123-45-6789", "078-05-1120", "XAXX010101000", "XEXX010101000", "12345678", "99-9999999")),
    *(("licence", raw) for raw in ("none", "CA|none", "000000", "CA|123456", "pending", "exempt", "N/A", "CA|n/a", "999999", "[card number removed]", "CA|Lic #", "TBD", "12")),
    *(("social", raw) for raw in ("facebook.com", "https://www.instagram.com/", "instagram.com/p/XYZ12", "facebook.com/groups/plumbers", "none", "n/a", "@", "joe paints", "jo@x.com", "facebook.com/profile.php", "aaaa", "[card number removed]")),
    *(("identity", raw) for raw in ("null", "0000", "test")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw"), JUNK)
def test_what_stands_for_nobody_is_refused_and_says_why(kind, raw):
    assert KINDS[kind].clean(raw) is None
    assert KINDS[kind].fault(raw)


INNOCENT = [("device", "0a0a0a0b"), ("device", "test-bench-7f3a"), ("device", "1000000007"), ("card", "fp_00000001"), ("licence", "CA|100000"), ("licence", "CA|777778"), ("payout", "100200"), ("tax_id", "12-0000001"), ("identity", "nobody7"), ("social", "nonesuch.paints")]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw"), INNOCENT)
def test_what_only_looks_like_a_default_is_taken(kind, raw):
    assert KINDS[kind].clean(raw) is not None


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256", "sha512", "blake2b"])
@pytest.mark.parametrize("text", ["", " ", "null", "undefined", "none", "0", "[]"])
@pytest.mark.parametrize("kind", ["device", "card", "payout", "identity"])
def test_a_digest_of_nothing_is_refused_and_one_of_something_is_taken(name, text, kind):
    digest = hashlib.new(name, text.encode()).hexdigest()
    assert KINDS[kind].clean(digest) is None
    assert KINDS[kind].clean(digest.upper()) is None
    assert KINDS[kind].clean(hashlib.new(name, b"7d1e22aa90").hexdigest()) is not None


def test_the_uuid_of_nothing_is_refused():
    assert KINDS["device"].clean(str(uuid.UUID(bytes=hashlib.md5(b"", usedforsecurity=False).digest(), version=3))) is None
    assert KINDS["device"].clean(str(uuid.uuid5(uuid.NAMESPACE_DNS, "host.example"))) is not None
