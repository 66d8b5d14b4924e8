"""Letters: all of them from the sample market, hostile values in every field, dates and money as their readers write them."""

import email
import functools
import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from email import policy
from html.parser import HTMLParser

import pytest

from tests.letters import ALL, NOW, facts, hostile
from tests.review.test_lint import NEEDS
from tnskit.cleaning.market import Market, load
from tnskit.errors import LetterError, UsageError
from tnskit.review.correspondence import letter
from tnskit.review.letters import Letter, needed, write
from tnskit.review.lint import lint
from tnskit.review.telling import Facts, Line, Money, Teller, locale_of, zone_of
from tnskit.review.wording import LANGUAGES, ROLES, wording
from tnskit.workbench.notebooks import sample_market

TAGS = set("html head meta title style body main div span h1 h2 p ul li bdi mark footer".split())
each = pytest.mark.parametrize(("code", "variant"), ALL, ids=["-".join(filter(None, (code[:3], variant))) for code, variant in ALL])


@pytest.fixture(scope="module")
def market() -> Market:
    return load(sample_market())


@functools.cache
def plain_letter(market: Market, code: str, variant: str, lang: str) -> Letter:
    return letter(facts(market, code, variant), template=code, lang=lang, variant=variant)


class Page(HTMLParser):
    """What a browser would see of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.words, self.attributes = "", set[tuple[str, str]]()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {(tag, name) for name, _ in attrs}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data


@pytest.mark.parametrize("lang", LANGUAGES)
@each
def test_every_letter_from_the_sample_market(market: Market, code: str, variant: str, lang: str) -> None:
    for role in wording(lang).templates[code].to:
        again = letter(facts(market, code, variant, role=role), template=code, lang=lang, variant=variant)
        made = again if role == "customer" else plain_letter(market, code, variant, lang)
        assert again.text == made.text
        assert (made.missing, made.findings, made.ready) == ((), (), True)
        assert not re.search(r"[{}]|\[\w+:", made.text)
        assert made.reading.grade <= 8
        assert Page(made.html).open == []


@pytest.mark.parametrize("lang", LANGUAGES)
@each
def test_every_field_that_the_practice_asks_for_is_there(market: Market, code: str, variant: str, lang: str) -> None:
    told, made = wording(lang), plain_letter(market, code, variant, lang)
    form, shared = told.templates[code], told.words
    assert all(part in made.text for part in ("K-2026-014", made.facts.recipient, "Núñez Guimarães", "9f86d081"))
    assert shared["signer"][form.signer] in made.text
    assert "911" in made.text
    flat = " ".join(made.text.split())
    assert shared["block"]["reply"].replace("{case}", "K-2026-014") in flat
    if form.takes_away(variant):
        assert (shared["title"]["reasons"] in flat, shared["title"]["appeal"] in flat) == (True, True)
        day = {"en": "July 7", "es": "7 de julio", "pt": "7 de julho"}[lang]
        assert day in flat


HOSTILE = "{{7*7}} {case} ${by} %(case)s {0.__class__} <script>alert(1)</script><img src=x onerror=alert(1)> \u202etxet\u202c مرحبا &lt;b&gt; '\"`"
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 20


@pytest.mark.parametrize(
    "value", [HOSTILE, LONG, "a\r\nBcc: everyone\n\n[pro] {appeal}", "a\x00b\x1b[31mc\x07 d"], ids=["code", "long", "lines", "unseen"]
)
@each
def test_hostile_values_in_every_field_change_nothing(market: Market, code: str, variant: str, value: str) -> None:
    """Nothing is executed, no page is broken, no header is added, no value becomes a template."""
    for lang in LANGUAGES:
        told = hostile(market, code, variant, value)
        made = letter(told, template=code, lang=lang, variant=variant)
        page, before = Page(made.html), Page(plain_letter(market, code, variant, lang).html)
        assert page.open == []
        assert set(page.tags) <= TAGS
        assert page.attributes == before.attributes
        assert "49" not in page.words
        spaced = "".join(" " if unicodedata.category(mark) == "Cc" else mark for mark in value)
        kept = "".join(mark for mark in " ".join(spaced.split()) if unicodedata.category(mark) != "Cf")
        assert not [mark for mark in made.text if unicodedata.category(mark) == "Cc" and mark != "\n"]
        assert kept in page.words
        assert not set("\u202a\u202b\u202c\u202d\u202e") & set(made.text)
        assert made.text.count("\u2068") == made.text.count("\u2069")
        assert "\n" not in made.subject
        assert len(made.subject) <= 150
        assert kept in " ".join(made.text.replace("\u2068", "").replace("\u2069", "").split())
        if not made.ready:
            with pytest.raises(LetterError, match="this letter cannot be sent"):
                made.eml()


def test_a_mail_has_both_parts_its_language_and_its_letters(market: Market) -> None:
    made = letter(facts(market, "L18-our-mistake"), template="L18", lang="pt")
    read = email.message_from_bytes(made.eml(), policy=policy.default)
    parts = list(read.iter_parts())
    assert (read["Subject"], read["Content-Language"], read["X-Case"]) == (made.subject, "pt-BR", "K-2026-014")
    assert [(p.get_content_type(), p["Content-Language"], p.get_content_charset()) for p in parts] == [
        ("text/plain", "pt-BR", "utf-8"),
        ("text/html", "pt-BR", "utf-8"),
    ]
    assert [p.get_content().replace("\r\n", "\n") for p in parts] == [made.text, made.html]
    assert {name.lower() for name in read} == {"subject", "date", "content-language", "x-case", "mime-version", "content-type"}
    assert made.eml() == letter(facts(market, "L18-our-mistake"), template="L18", lang="pt").eml()


def test_a_line_break_in_a_case_number_adds_no_header(market: Market) -> None:
    made = letter(facts(market, "L01-report-received", case="K-1\r\nBcc: everyone"), template="L01")
    assert "Bcc" not in [name for name in email.message_from_bytes(made.eml())]  # noqa: C416  # the names, not the values


def test_what_is_missing_is_named_and_blocks(market: Market) -> None:
    bare = facts(market, "L08-closed", "evasion", place="")
    made = letter(Facts(**{**vars(bare), "values": {}}), template="L08", variant="evasion")
    assert set(made.missing) == set(needed(wording("en").templates["L08-closed"], "evasion", bare.role, wording("en"))) | {
        "emergency",
        "rule_says",
    }
    assert "[earlier_day: the day of the earlier event]" in made.text
    assert "<mark>[earlier_day: the day of the earlier event]</mark>" in made.html
    assert {"missing_field", "missing_appeal"} <= set(made.lint["check"])
    assert str(made).startswith("L08-closed in en-US, cannot be sent")


def test_removal_says_earlier_account_only_in_its_variant(market: Market) -> None:
    made = letter(facts(market, "L08-closed", "conduct"), template="L08", variant="conduct")
    assert "earlier account" not in made.text


def test_an_edit_is_looked_through_again(market: Market) -> None:
    made = letter(facts(market, "L08-closed", "conduct"), template="L08", variant="conduct")
    assert made.edit(made.body).ready
    plain = letter(facts(market, "L23-closed-no-action"), template="L23")
    assert (plain.second, plain.edit(plain.body).second, plain.edit(plain.body + "\n\nThank you.").second) == (False, False, True)
    assert letter(facts(market, "L23-closed-no-action", values={"facts": (Line(text="We asked twice."),)}), template="L23").second
    worse = made.edit("We closed your account because your device matched another.\n\n- one\n- two")
    assert not worse.ready
    assert {"link_reveal", "missing_appeal"} <= set(worse.lint["check"])
    assert "<ul><li><bdi>one</bdi></li><li><bdi>two</bdi></li></ul>" in worse.html
    assert worse.edit("<script>x</script>").html.count("<script") == 0


def test_the_words_of_legal_are_not_edited(market: Market) -> None:
    made = letter(facts(market, "L25-background-report", "adverse"), template="L25", variant="adverse")
    assert made.second
    with pytest.raises(LetterError, match="belong to legal"):
        made.edit("Hello.")


def test_a_letter_with_somebody_elses_account_cannot_be_sent(market: Market) -> None:
    told = facts(market, "L23-closed-no-action")
    other = told.others[0]
    made = letter(Facts(**{**vars(told), "values": {**told.values, "facts": (f"The account {other} was part of it.",)}}), template="L23")
    assert list(made.lint["check"]) == ["other_user"]
    with pytest.raises(LetterError, match="other_user") as refused:
        made.eml()
    assert other not in str(refused.value)


@pytest.mark.parametrize("lang", LANGUAGES)
@each
def test_the_wrapped_text_of_a_letter_passes_too(market: Market, code: str, variant: str, lang: str) -> None:
    if code.startswith("L25"):
        return  # it names an agency, which the law asks for and the bare text does not tell apart
    made = plain_letter(market, code, variant, lang)
    assert [one.check for one in lint(made.text, lang, needs=NEEDS) if one.block] == []


TELLS = [
    ("en", "US", "March 14", "$1,234.50", "1 lead", "2 leads"),
    ("es", "US", "14 de marzo", "$1,234.50", "1 contacto", "2 contactos"),
    ("es", "MX", "14 de marzo", "USD1,234.50", "1 contacto", "2 contactos"),
    ("pt", "US", "14 de março", "US$ 1.234,50", "1 contato", "2 contatos"),
]


@pytest.mark.parametrize(("lang", "place", "day", "money", "one", "two"), TELLS)
def test_days_money_and_plurals_by_cldr(lang: str, place: str, day: str, money: str, one: str, two: str) -> None:
    told = Teller(wording(lang), place, zone_of("America/Chicago"), datetime(2026, 3, 1, tzinfo=UTC))
    assert told.day(date(2026, 3, 14)) == day
    assert told.money(Money(123_450)).replace("\xa0", " ") == money
    assert (told.count(1, "leads"), told.count(2, "leads")) == (one, two)


def test_days_are_those_of_the_readers_zone() -> None:
    moment = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    told = {
        zone: Teller(wording("en"), "US", zone_of(zone), moment) for zone in ("America/Los_Angeles", "America/New_York", "America/Phoenix")
    }
    assert {zone: one.moment(moment) for zone, one in told.items()} == {
        "America/Los_Angeles": "March 7, 11:30 PM (Pacific Standard Time)",
        "America/New_York": "March 8, 3:30 AM (Eastern Daylight Time)",
        "America/Phoenix": "March 8, 12:30 AM (Mountain Standard Time)",
    }
    assert told["America/New_York"].day(date(2025, 12, 31)) == "December 31, 2025"


@pytest.mark.parametrize(("lang", "place", "tag"), [("en", "US", "en_US"), ("es", "MX", "es_MX"), ("es", "GB", "es_US"), ("pt", "PT", "pt_BR"), ("en", "?", "en_US")])  # fmt: skip
def test_the_emergency_number_follows_the_place_and_portuguese_is_that_of_brazil(lang: str, place: str, tag: str) -> None:
    assert str(locale_of(lang, place)) == tag


def test_in_brazil_the_number_is_that_of_brazil_in_any_language(market: Market) -> None:
    told = {lang: letter(facts(market, "L19-safety-first", place="BR"), template="L19", lang=lang).text for lang in LANGUAGES}
    assert all("190" in text and "911" not in text for text in told.values())


def test_both_surnames_are_kept_as_they_were_written(market: Market) -> None:
    for name in ("María José Núñez Guimarães", "Ana de la Cruz-Peña y López", "Nguyễn Thị Minh Khai", "O’Brien", "محمد علي"):
        made = letter(facts(market, "L01-report-received", name=name), template="L01", lang="es")
        assert name in made.text
        assert f"<bdi>{name}</bdi>" in made.html


def test_every_role_has_its_own_words() -> None:
    for form in wording("es").templates.values():
        assert set(form.to) <= set(ROLES)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"template": "L99"}, "there is no letter 'L99'"),
        ({"template": "L08"}, "L08-closed needs variant=; it has conduct, evasion"),
        ({"template": "L01", "variant": "evasion"}, "has no variant 'evasion'"),
        ({"template": "L24"}, "goes to a customer, not to a pro"),
        ({"template": "L01", "lang": "de"}, "there are no letters in 'de'"),
        ({"template": "L01", "values": {"received": "soon"}}, "'received' takes a date"),
        ({"template": "L01", "values": {"recieved": NOW}}, "no letter has the blank 'recieved'"),
        ({"template": "L22", "variant": "release", "values": {"amount": 45.5}}, "'amount' takes an amount"),
        ({"template": "L23", "values": {"facts": (Line("flew"),)}}, "there is no 'flew' among the lines of 'fact'"),
        ({"template": "L23", "values": {"facts": (Line("charged"),)}}, "the line 'charged' needs 'day'"),
        ({"template": "L08", "variant": "conduct", "scope": "world"}, "'world' is not a scope"),
        ({"template": "L01", "greeting": "yo"}, "'yo' is not a greeting"),
        ({"template": "L01", "name": "x" * 1001}, "'name' holds 1,001 characters; 1,000 are the most"),
    ],
)
def test_wrong_use_says_what_would_be_right(market: Market, change: dict[str, object], told: str) -> None:
    form = {name: change.pop(name) for name in ("template", "lang", "variant") if name in change}
    base = facts(market, "L01-report-received", role="pro", **change)
    with pytest.raises(UsageError, match=told):
        write(base, **form)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    "wrong",
    [{"role": "king"}, {"now": datetime(2026, 1, 1)}, {"zone": "Mars/Base"}, {"zone": "../../etc/passwd"}],
)
def test_facts_are_checked_at_the_gate(market: Market, wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Facts(**{**vars(facts(market, "L01-report-received")), **wrong})


@pytest.mark.parametrize("wrong", [(4.5, "USD"), (True, "USD"), (1, "usd"), (1, "XQQ")])
def test_money_is_whole_minor_units_of_a_known_currency(wrong: tuple[object, str]) -> None:
    with pytest.raises(UsageError):
        Money(*wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_a_letter_is_about_something(market: Market) -> None:
    with pytest.raises(UsageError, match="not about a str"):
        letter("case 1")  # type: ignore[arg-type]  # wrong on purpose
    assert isinstance(letter(facts(market, "L01-report-received"), template="L01"), Letter)
