"""Free text: kept as data, whatever it holds; refused where it holds a raw identifier, too much, or signs that deceive."""

import pytest

from tnskit.errors import WordsError
from tnskit.review.said import plain_facts, said

HOSTILE = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '=HYPERLINK("x","y")', "+1+1", "@SUM(A1)", "{{7*7}} ${7*7} {0.__class__} %s", "'; DROP TABLE event; --", "[a](javascript:alert(1)) ![b](x)", "| a | b |\n|---|---|", "# heading", "É ótimo, muy bien, 好 🙂"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_as_it_is(text):
    assert said(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "because= is empty"), ("   \n", "because= is empty"), ("...", "because= is empty"), (None, "takes words, not a NoneType"), (7, "takes words, not a int"),
        ("x" * 4_001, "has 4,001 characters; it takes 4,000"), ("x" * 10_000_000, "has 10,000,000 characters"),
        ("call 312-555-2368 please", "holds a phone number"), ("his card 4111 1111 1111 1111", "holds a full card number"), ("write ana.ruiz@mail.example", "holds an e-mail address"),
        ("from 11.20.30.40", "holds an IP address"), ("312\u200b555\u200b2368", "holds"), ("４１１１１１１１１１１１１１１１", "holds a full card number"),
        ("abc\x00def", "signs that cannot be seen"), ("ana \u202e luis", "signs that cannot be seen"), ("a\x1b[31mb", "signs that cannot be seen"), ("a\ud800b", "signs that cannot be seen"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_without_repeating_it(text, told):
    with pytest.raises(WordsError, match=told) as found:
        said(text)
    assert not any(raw in str(found.value) for raw in ("2368", "4111", "ruiz", "11.20"))


def test_an_account_may_be_named_though_it_looks_like_a_number():
    text = "account 400000000008 and account 4111111111111111 are meant"
    with pytest.raises(WordsError):
        said(text)
    assert said(text, but=["400000000008", "4111111111111111"]) == text
    with pytest.raises(WordsError, match="a phone number"):
        said("the phone is 312 555 2368", but=["312", "555", "2368"])


def test_empty_may_be_allowed():
    assert said(" ", empty=True) == ""
    with pytest.raises(WordsError):
        said("...", empty=True)


def test_facts_from_outside_are_searched_to_the_bottom():
    masks = {"shown": ["phone ••• •••-2368", "IP 11.20.30.•", "e-mail j•••@•••.example", "card …a88"], "count": 3, "kind": "phone", "none": None, "sha": "ab" * 32, "at": "2026-11-22T09:00:00Z"}
    assert plain_facts(masks) == masks
    for hidden in ({"a": {"b": ["312-555-2368"]}}, {"312-555-2368": 1}, {"a": [{"ana@mail.example": 1}]}):
        with pytest.raises(WordsError, match="holds"):
            plain_facts(hidden)
