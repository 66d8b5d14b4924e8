import pytest

from tnskit.review.reading import reading, syllables

EN = "the 1 people 2 account 2 closed 1 wanted 2 decided 3 table 2 messages 3 reviews 2 create 2 idea 3 science 2 media 3 period 3 payment 2 " \
     "guarantee 3 decision 3 agreement 3 receipt 2 changes 2 earlier 3 language 2 safety 2 restored 2 materials 4 quiet 2 being 2 trying 2 " \
     "because 2 pieces 2 whole 1 someone 2 everything 3 various 3 usual 3 situation 4 address 2 patience 2 experience 4 special 2"  # fmt: skip
ES = "cuenta 2 trabajo 3 decisión 3 día 2 aéreo 4 leer 2 reembolso 4 quien 1 ciudad 2 país 2 reseña 3 muy 1 hoy 1 ayuda 3 averiguamos 5 " \
     "pingüino 3 guerra 2 aquí 2 revisión 3 ahora 3 oído 3 cliente 2 agua 2"  # fmt: skip
PT = "conta 2 serviço 3 decisão 3 dia 2 não 1 avaliação 5 ações 2 mãe 1 quem 1 leitura 3 país 2 ajuda 3 foi 1 saída 3 voo 2 cooperar 4 " \
     "água 2 pessoas 3 quando 2 história 3 denúncia 3 início 3 energia 4"  # fmt: skip


@pytest.mark.parametrize(("lang", "words"), [("en", EN), ("es", ES), ("pt", PT)])
def test_syllables(lang: str, words: str) -> None:
    told = words.split()
    assert {word: syllables(word, lang) for word in told[::2]} == {word: int(n) for word, n in zip(told[::2], told[1::2], strict=True)}


@pytest.mark.parametrize(
    ("lang", "text", "measure"),
    [  # by hand: 6 words, 1 sentence, 6 syllables; 5 words, 8 syllables in the others
        ("en", "The cat sat on the mat.", 0.39 * 6 + 11.8 * 1 - 15.59),
        ("es", "La casa grande es blanca.", 206.84 - 60 * 8 / 5 - 1.02 * 5),
        ("pt", "A casa grande é bela.", 248.835 - 84.6 * 8 / 5 - 1.015 * 5),
    ],
)
def test_the_formula_of_each_language(lang: str, text: str, measure: float) -> None:
    assert reading(text, lang).measure == pytest.approx(measure, abs=0.01)


HARD = {
    "en": "Notwithstanding the aforementioned considerations, the organization's determination regarding continued participation was predicated "
          "upon comprehensive examination of documentation, communications and transactional irregularities attributable to the participant.",
    "es": "Sin perjuicio de las consideraciones anteriormente mencionadas, la determinación institucional relativa a la continuidad de su "
          "participación se fundamentó en el examen pormenorizado de la documentación, las comunicaciones y las irregularidades transaccionales.",
    "pt": "Sem prejuízo das considerações anteriormente mencionadas, a determinação institucional relativa à continuidade da participação "
          "fundamentou-se no exame pormenorizado da documentação, das comunicações e das irregularidades transacionais eventualmente identificadas.",
}  # fmt: skip


@pytest.mark.parametrize("lang", HARD)
def test_a_hard_text_is_too_hard_and_a_short_one_is_not_measured(lang: str) -> None:
    assert reading(f"{HARD[lang]} {HARD[lang]}", lang).too_hard
    assert not reading(" ".join(HARD[lang].split()[:8]), lang).too_hard
    assert reading("", lang).grade == 0
