"""The lint: every planted fault is caught, no good letter is blocked, no finding repeats what it found."""

import tomllib
from pathlib import Path

import pytest

from tests.review.test_reading import HARD
from tnskit.errors import UsageError
from tnskit.review.lint import Needs, lint, table
from tnskit.review.wording import LANGUAGES

ROWS = tomllib.loads(Path(__file__).with_name("lint_rows.toml").read_text(encoding="utf-8"))
NEEDS = Needs(others=("Rosalind Okafor", "B7781"), staff=("luis", "ana"))


def blocks(text: str, lang: str = "en", needs: Needs = NEEDS) -> list[str]:
    return [one.check for one in lint(text, lang, needs=needs) if one.block]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_planted_fault_is_caught(lang: str) -> None:
    assert len(ROWS["bad"][lang]) >= 20
    assert [(check, text) for check, text in ROWS["bad"][lang] if check not in blocks(text, lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_good_letter_is_blocked(lang: str) -> None:
    assert len(ROWS["good"][lang]) >= 20
    assert [(blocks(text, lang), text) for text in ROWS["good"][lang] if blocks(text, lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_planted_faults_cover_the_list(lang: str) -> None:
    whole = {"missing_field", "missing_appeal", "wrong_language", "reading_level"}
    told = {one for one, line in tomllib.loads(_checks()).items() if line["block"]}
    assert {check for check, _ in ROWS["bad"][lang]} == told - whole


def _checks() -> str:
    from tnskit.review.wording import HERE

    return (HERE / "checks.toml").read_text(encoding="utf-8")


def test_a_finding_never_repeats_an_identifier() -> None:
    text = "Call (312) 555-2368 or write to ann@post.example about 4111 1111 1111 1111; Rosalind Okafor, B7781, 22 Birch Lane, luis."
    told = table(lint(text, "en", needs=NEEDS)).to_string()
    assert [part for part in ("2368", "post.example", "4111", "Okafor", "B7781", "Birch", "luis") if part in told] == []


def test_what_hides_a_word_from_a_search_does_not_help() -> None:
    hidden = ("You are a sc\u200bammer.", "You are a SCAMMER.", "You are a scam\u00admer.", "You are a \uff53\uff43ammer.")
    assert [blocks(text) for text in hidden] == [["legal_conclusion"]] * 4
    assert blocks("U\u0301sted es un ladro\u0301n.", "es") == ["legal_conclusion"]
    assert blocks("We passed it to\nthe police.") == ["police"]


def test_own_name_and_account_may_stand_and_the_shared_surname_too() -> None:
    mine = Needs(others=("Luz Okafor",), own=("José Okafor", "5551234567890"))
    assert blocks("Hello, José Okafor. Your account is 5551234567890.", needs=mine) == []
    assert blocks("Luz Okafor has the keys.", needs=mine) == ["other_user"]
    assert blocks("Luz has the keys.", needs=mine) == ["other_user"]


def test_a_reader_who_is_called_like_a_colleague_may_be_greeted() -> None:
    mine = Needs(staff=("ana",), own=("Ana Núñez Souza",))
    assert blocks("Hola, Ana Núñez Souza: gracias.", "es", mine) == []
    assert blocks("Hola, Ana Núñez Souza: ana le va a llamar.", "es", mine) == ["staff_name"]


@pytest.mark.parametrize(
    ("lang", "text", "warned"),
    [
        ("en", "We are sorry you feel this way.", "fake_apology"),
        ("es", "Disculpe las molestias.", "fake_apology"),
        ("pt", "Lamentamos o ocorrido.", "fake_apology"),
        ("en", "Unfortunately, we waited. Unfortunately, nobody came.", "unfortunately"),
        ("es", "Lamentablemente no. Desafortunadamente tampoco.", "unfortunately"),
        ("pt", "Infelizmente não. Infelizmente também não.", "unfortunately"),
        ("pt", "Vamos estar verificando o pedido.", "gerundismo"),
        ("pt", "O utilizador deve abrir o ficheiro no telemóvel.", "european"),
        ("pt", "Estamos a verificar o pedido.", "european"),
        ("es", "Os escribimos para que nos enviéis vuestra respuesta.", "european"),
        ("es", "Puede aplicar para una revisión con soporte.", "calque"),
        ("es", "Estimado cliente: gracias.", "gendered"),
        ("pt", "Prezado cliente, obrigado.", "gendered"),
        ("en", "PLEASE ANSWER NOW!!!", "shouting"),
    ],
)
def test_tone_is_warned_about_and_never_blocks(lang: str, text: str, warned: str) -> None:
    assert warned in [one.check for one in lint(text, lang) if not one.block]
    assert blocks(text, lang) == []


def test_one_unfortunately_is_fine() -> None:
    assert lint("Unfortunately, nobody can come on March 14.", "en") == ()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("es", "Gracias por su mensaje. We will look at it and write to you by March 20."),
        ("en", "Thank you. Vamos a revisar lo que nos envió y le escribimos el lunes."),
        ("pt", "Agradecemos. Vamos a revisar lo que usted nos envió y le escribimos el lunes."),
        ("es", "Gracias. Não tomamos nenhuma decisão e queremos ouvir a sua versão do serviço."),
    ],
)
def test_another_language_blocks(lang: str, text: str) -> None:
    assert "wrong_language" in blocks(text, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_only_the_whole_letter_shows_blocks(lang: str) -> None:
    assert "reading_level" in blocks(f"{HARD[lang]}\n{HARD[lang]}", lang)
    assert blocks("-", lang, Needs(missing=("by",))) == ["missing_field"]
    assert blocks("-", lang, Needs(appeal_by="July 7")) == ["missing_appeal"]


def test_an_appeal_needs_its_day() -> None:
    needs = Needs(appeal_by="July 7")
    assert blocks("If we got this wrong, ask for a review by July 7.", needs=needs) == []
    assert blocks("If we got this wrong, ask for a review soon.", needs=needs) == ["missing_appeal"]


def test_another_language_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no lint for 'fr'"):
        lint("Bonjour.", "fr")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ideas_meet_in_whatever_order_and_only_where_they_meet(lang: str) -> None:
    apart = {
        "en": ("The review stays.", "The refund comes.", "The refund comes once the review is gone."),
        "es": ("La reseña sigue.", "El reembolso llega.", "El reembolso llega cuando la reseña ya no esté."),
        "pt": ("A avaliação continua.", "O reembolso vem.", "O reembolso vem quando a avaliação sumir."),
    }[lang]
    assert blocks(f"{apart[0]} {apart[1]}", lang) == []
    assert set(blocks(apart[2].upper(), lang)) == {"review_deal"}
    first, _, last = apart[2].partition(" ")
    assert "review_deal" in blocks(f"{last} {first}", lang)


def test_a_day_is_no_address_and_an_address_is_one() -> None:
    assert blocks("The job that the review of December 30, 2025 is about took place. It took 3 hours in one place.") == []
    assert blocks("Meet at 12 N. Oak Dr or 350 5th Ave.") == ["identifier"]
