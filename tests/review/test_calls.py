"""The card for the phone: one page, three languages, the right situation, nothing that a letter may not say either."""

from pathlib import Path

import pytest

from tests.disputes import Hand, opened
from tests.markets import linked
from tests.review.desks import checked, desk, proposed
from tests.review.test_letters import Page
from tnskit.errors import UsageError
from tnskit.review.calls import call_card
from tnskit.review.cases import CaseLog
from tnskit.review.precheck import precheck
from tnskit.review.wording import LANGUAGES


def test_a_dispute_has_its_card_in_three_languages(tmp_path: Path) -> None:
    card = call_card(opened(tmp_path, Hand()))
    assert (card.case, card.situation, tuple(card.words)) == ("D1", "dispute", LANGUAGES)
    sizes = {lang: [len(lines) for lines in parts.values()] for lang, parts in card.words.items()}
    assert sizes == dict.fromkeys(LANGUAGES, sizes["en"])
    assert "call 911" in card.text("en")
    assert "llame al 911" in card.text("es")
    assert "ligue para o 911" in card.text("pt")
    assert "{" not in str(card)
    page = Page(card.html)
    assert page.open == []
    assert set(page.tags) <= set("html head meta title style body main div section h1 h2 h3 ul li".split())


def test_who_calls_is_asked_first(tmp_path: Path) -> None:
    card = call_card(opened(tmp_path, Hand()))
    assert [card.words[lang]["ask"][0] for lang in LANGUAGES] == [
        "May I ask you about your past jobs, to know that I speak with the right person?",
        "¿Le puedo preguntar por sus trabajos anteriores, para saber que hablo con la persona correcta?",
        "Posso perguntar sobre os seus serviços passados, para saber que falo com a pessoa certa?",
    ]


def test_the_situation_follows_the_dispute_and_the_number_the_place(tmp_path: Path) -> None:
    found = opened(tmp_path, Hand())
    assert "190" in call_card(found, place="BR").text("es")
    assert call_card(found.triage("safety", because="a threat was told")).situation == "safety"
    with pytest.raises(UsageError, match=r"no emergency number in places\.toml"):
        call_card(found, place="Atlantis")


def test_a_case_has_its_card(tmp_path: Path) -> None:
    links = linked("A B", "A phone 312-555-2368 2026-01-01", "B phone 312-555-2368 2026-01-01")
    log = CaseLog(tmp_path / "cases.db", by="ana")
    case = log.open(precheck(links.market, links, "A"), conflict="none")
    assert (call_card(case).case, call_card(case).situation) == ("K-1", "decision")


def test_a_card_is_for_something(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="for a case or a dispute, not for a str"):
        call_card("D1")
    with pytest.raises(UsageError, match="there is no card in 'fr'"):
        call_card(opened(tmp_path, Hand())).text("fr")


def test_a_card_for_what_is_in_force_tells_nobody_what_it_is(tmp_path: Path) -> None:
    log = desk(tmp_path)
    case = log.confirm(proposed(log, checked(), "suspend"))
    assert call_card(log.case(case, by="luis")).situation == "decision"
