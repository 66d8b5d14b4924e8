import pytest
from hypothesis import given
from hypothesis import strategies as st

from tnskit.cleaning.kinds.emails import PROVIDERS, TABLE, Email, disposable, typos

EMAIL = Email()


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (" J.Doe+shop@GMail.com ", "jdoe@gmail.com"), ("j.d.o.e@googlemail.com", "jdoe@gmail.com"), ("j.doe@mail.example", "j.doe@mail.example"), ("JO+pro@Mail.Example", "jo@mail.example"),
        ("jo@me.com", "jo@icloud.com"), ("jo@mac.com", "jo@icloud.com"), ("j.o@icloud.com", "j.o@icloud.com"), ("jo-e_x.y@proton.me", "joexy@proton.me"), ("jo-e@protonmail.com", "joe@protonmail.com"),
        ("shop@jo.fastmail.com", "jo@fastmail.com"), ("jo+shop@fastmail.com", "jo@fastmail.com"), ("jo.x@outlook.com", "jo.x@outlook.com"), ("jo-shop@yahoo.com", "jo-shop@yahoo.com"),
        ("Ana Ruiz <ana@mail.example>", "ana@mail.example"), ("<ana@mail.example>", "ana@mail.example"), ("mailto:ana@mail.example?subject=hi", "ana@mail.example"), ("ana@mail.example.", "ana@mail.example"),
        ("ana @ mail.example", "ana@mail.example"), ("ana@mail.example (work)", "ana@mail.example"), ("'ana@mail.example',", "ana@mail.example"), ('"ana.r"@mail.example', "ana.r@mail.example"),
        ('"ana ruiz"@mail.example', '"ana ruiz"@mail.example'), ("ana@münchen.de", "ana@xn--mnchen-3ya.de"), ("ANA@XN--MNCHEN-3YA.DE", "ana@xn--mnchen-3ya.de"), ("josé@correo.mx", "josé@correo.mx"),
        ("ana＠ｍａｉｌ.example", "ana@mail.example"), ("+tag@mail.example", "+tag@mail.example"), ("jo@gmial.com", "jo@gmial.com"), ("test.driver@mail.example", "test.driver@mail.example"),
    ],
)  # fmt: skip
def test_written_so_means_this(raw, clean):
    assert EMAIL.clean(raw) == clean
    assert EMAIL.clean(clean) == clean


@pytest.mark.parametrize(
    "raw",
    ["noemail@x.com", "No-Email@x.com", "none@none.com", "n.a@x.com", "sincorreo@x.mx", "naotem@x.br", "test@test.com", "xxx@xxx.com", "a@a.com", "noreply@x.com", "reply+9f3a@market.example",
     "a b@x.com", "jo@gmail", "jo@", "@x.com", "jo@x..com", "jo@10.0.0.1", "jo@[10.0.0.1]", "jo@localhost", "11/30/2014", "jo@x.com, ana@y.com", "jo@@x.com", "jo@x.123", "j" * 65 + "@" + "x" * 300 + ".com"],
)  # fmt: skip
def test_what_is_nobodys_mailbox_is_refused(raw):
    assert EMAIL.clean(raw) is None
    assert EMAIL.fault(raw)


def test_sharp_s_is_a_letter_of_its_own_and_no_double_s():
    assert EMAIL.clean("jo@straße.de") != EMAIL.clean("jo@strasse.de")


@pytest.mark.parametrize(
    ("clean", "klass"),
    [
        ("x@mailinator.com", "disposable"), ("x@shop.mailinator.com", "disposable"), ("x@0-mail.com", "disposable"), ("q1@privaterelay.appleid.com", "relay"), ("q1@jo.anonaddy.com", "relay"),
        ("q1@mozmail.com", "relay"), ("info@firm.example", "role"), ("contact.us@firm.example", "role"), ("ventas@firma.example", "role"), ("atendimento@firma.example", "role"), ("inform@firm.example", ""),
        ("jo@gmial.com", "typo"), ("jo@gmail.con", "typo"), ("jo@hotmial.com", "typo"), ("jo@mail.com", ""), ("jo@ymail.com", ""), ("jo@gmail.com", ""), ("jo@cloud.com", ""), ("jo@mail.example", ""),
        ("jo@xmozmail.com", ""),
    ],
)  # fmt: skip
def test_the_class_that_the_mailbox_tells(clean, klass):
    assert EMAIL.klass(clean) == klass


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("jo@gmial.com", "jo@gmail.com"),
        ("a.b@outlook.com", "ab@outlook.com"),
        ("jo@proton.me", "jo@protonmail.com"),
        ("jo@yahoo.com", "jo@yahoo.com.mx"),
    ],
)
def test_two_mailboxes_stay_two(a, b):
    assert EMAIL.clean(a) != EMAIL.clean(b)


def test_every_rule_of_a_provider_and_every_list_has_its_source():
    assert all(one["source"] for one in TABLE["provider"])
    assert all(TABLE[name]["source"] for name in ("subdomains", "relay", "roles", "nobody", "typo"))
    assert TABLE["date"]


def test_large_providers_are_neither_throw_away_nor_misspelled():
    large = {
        "gmail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "yahoo.com",
        "icloud.com",
        "aol.com",
        "proton.me",
        "mail.com",
        "gmx.com",
        "uol.com.br",
        "hotmail.es",
        "terra.com.br",
        "prodigy.net.mx",
        *PROVIDERS,
    }
    assert large & (disposable() | typos()) == set()


names = st.from_regex(r"[a-z][a-z0-9]{3,12}(\.[a-z0-9]{2,6})?", fullmatch=True)


@given(
    name=names,
    tag=st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True),
    domain=st.sampled_from(["mail.example", "gmail.com", "icloud.com", "outlook.com", "proton.me"]),
)
def test_capitals_tags_and_a_name_before_it_make_no_other_mailbox(name, tag, domain):
    plain = EMAIL.clean(f"{name}@{domain}")
    variants = [
        f"{name.upper()}@{domain}",
        f"{name}+{tag}@{domain}",
        f"Somebody <{name}@{domain.title()}>",
        f" {name}@{domain} ",
        f"mailto:{name}@{domain}",
    ]
    assert {EMAIL.clean(one) for one in variants} == {plain}


@given(name=names)
def test_a_mask_shows_one_letter_of_the_name(name):
    clean = EMAIL.clean(f"{name}@gmail.com")
    if clean is not None:
        assert EMAIL.shown(clean) == f"e-mail {name[0]}•••@gmail.com"
        assert EMAIL.shown(EMAIL.clean(f"{name}@small-firm.example")) == f"e-mail {name[0]}•••@•••.example"
