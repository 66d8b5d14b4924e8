import pytest
from hypothesis import given
from hypothesis import strategies as st

from tnskit.cleaning.disguise import views


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("４１٤１", "4141"), ("a&#52;&#x31;b", "a41b"), ("a%34%31b", "a41b"), ("\\u0034\\x31", "41"), ("4\u200b1\u00ad1", "411"),
        ("4\u00a01\u20091", "4 1 1"), ("a–b−c", "a-b-c"), ("&amp;#52;", "4"), ("%2534", "4"), ("\\ud835\\udfd2", "4"), ("4\x001", "41"),
        ("jo＠mail．example", "jo@mail.example"), ("4=\n1", "41"), ("a\\nb", "a\nb"), ("•••-…", "•••-…"), ("José", "José"), ("4️⃣", "4"),
    ],
)  # fmt: skip
def test_escapes_and_look_alikes_are_read(text, means):
    assert views(text)[-1].text == means


def test_markup_is_a_reading_of_its_own():
    assert [view.text for view in views("<b>4</b>1<td>2</td>&lt;i&gt;3")] == [
        "<b>4</b>1<td>2</td>&lt;i&gt;3",
        "<b>4</b>1<td>2</td><i>3",
        "41\n2\n3",
    ]


@pytest.mark.parametrize("text", ["", "plain words", "a < b > c", "12 & 13", "50% off", "Jo <jo@mail.example>", "x = 3"])
def test_plain_text_is_read_as_it_stands(text):
    assert views(text)[-1].text == text


def test_a_place_in_a_reading_is_a_place_in_the_text():
    text = "call &#51;<b>12</b>%2D555 now"
    read = views(text)[-1]
    start = read.text.index("312-555")
    first, last = read.span(start, start + 7)
    assert read.text == "call 312-555 now"
    assert text[first:last] == "&#51;<b>12</b>%2D555"


hostile = st.text("ab&#;%\\u0x3<>/t 4٤\u200b１ü\ud835\n", max_size=60) | st.text(max_size=60)


@given(text=hostile)
def test_every_character_of_every_reading_has_its_place(text):
    for view in views(text):
        places = [view.span(at, at + 1) for at in range(len(view.text))]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert places == sorted(places)
