import pytest
from hypothesis import given
from hypothesis import strategies as st

from tnskit.cleaning.names import Name, PersonName, compare, name_key, parsed, plain, surname_key


@pytest.mark.parametrize(
    ("text", "given_", "surnames", "suffix"),
    [
        ("Ana Ruiz", ("ana",), ("ruiz",), ""), ("RUIZ, Ana", ("ana",), ("ruiz",), ""), ("Dr. Ana Ruiz", ("ana",), ("ruiz",), ""), ("Ana María Ruiz Gómez", ("ana", "maria"), ("ruiz", "gomez"), ""),
        ("Ruiz Gómez, Ana María", ("ana", "maria"), ("ruiz", "gomez"), ""), ("Ana de la Ruiz", ("ana",), ("ruiz",), ""), ("João da Silva Santos", ("joao",), ("silva", "santos"), ""), ("John Smith Jr.", ("john",), ("smith",), "jr"),
        ("Smith, John, III", ("john",), ("smith",), "iii"), ("John Q Smith", ("john", "q"), ("smith",), ""), ("José Silva Filho", ("jose",), ("silva",), "filho"), ("O'Brien-Ruiz, Pat", ("pat",), ("obrien", "ruiz"), ""),
        ("Ana", ("ana",), (), ""), ("", (), (), ""), ("Sr. José Ruiz", ("jose",), ("ruiz",), ""),
    ],
)  # fmt: skip
def test_a_name_is_taken_apart(text, given_, surnames, suffix):
    assert parsed(text) == Name(given_, surnames, suffix)


@pytest.mark.parametrize(
    "text",
    [
        "Ana María Ruiz Gómez",
        "RUIZ GOMEZ, ANA MARIA",
        "ana maria ruiz gomez",
        "Dra. Ana María Ruiz de Gómez",
        "Gómez Ruiz Ana María",
        "ＡＮＡ maría Ruiz Gómez",
    ],
)
def test_accents_order_titles_and_particles_make_no_other_key(text):
    assert name_key(text) == "ana gomez maria ruiz"


def test_the_surname_key_leaves_the_given_names_out():
    assert [surname_key(text) for text in ("Ruiz Gómez, Ana", "Ana Gómez Ruiz", "Ana")] == ["gomez ruiz", "gomez ruiz", ""]


@pytest.mark.parametrize(
    ("a", "b", "means"),
    [
        ("Ana Ruiz", "Ruiz, Ana", "same"), ("Ana Ruiz", "ANA RUÍZ", "same"), ("Ana María Ruiz Gómez", "Ana Ruiz", "same"), ("João da Silva Santos", "João Santos", "same"), ("A. Ruiz", "Ana Ruiz", "same"),
        ("Ana M. Ruiz", "Ana María Ruiz", "same"), ("Ana Ruiz", "Luis Ruiz", "family"), ("Ana Ruiz Gómez", "Luis Ruiz Gómez", "family"), ("John Smith Jr", "John Smith Sr", "family"), ("John Smith Jr", "John Smith", "same"),
        ("Ana Ruiz", "Pat Lee", "differ"), ("Ana Ruiz", "Ana", "unknown"), ("Ana Ruiz", "", "unknown"), ("Test User", "Test User", "unknown"), ("A. R.", "Ana Ruiz", "unknown"), ("Ana Ruiz", "Ana Gómez", "differ"), ("Ana R.", "Ana Ruiz", "unknown"),
        ("Ruiz Plumbing LLC", "Ruiz Plumbing", "same"),
    ],
)  # fmt: skip
def test_how_two_names_relate(a, b, means):
    assert compare(a, b) == means
    assert compare(b, a) == means


@given(
    words=st.lists(st.sampled_from(["Ana", "María", "Ruiz", "Gómez", "João", "Silva"]), min_size=2, max_size=4, unique=True), data=st.data()
)
def test_order_never_makes_another_name(words, data):
    other = data.draw(st.permutations(words))
    assert name_key(" ".join(words)) == name_key(" ".join(other))
    assert compare(" ".join(words), " ".join(other)) == "same"


def test_a_name_as_an_identifier_needs_two_words_and_shows_initials():
    one = PersonName()
    assert [one.clean(raw) for raw in ("Ana Ruiz", "Ana", "Test User", "N/A", "12 34", "[card number removed]")] == [
        "ana ruiz",
        None,
        None,
        None,
        None,
        None,
    ]
    assert one.shown("ana ruiz") == "name A••• R•••"


@given(text=st.text(max_size=40))
def test_plain_text_is_plain_already(text):
    once = plain(text)
    assert plain(once) == once
