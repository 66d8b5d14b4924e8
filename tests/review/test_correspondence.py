"""Letters about cases: what the log knows is filled in, a decision comes before its letter, nobody linked is named."""

from datetime import date
from pathlib import Path

import pytest

from tests.disputes import Hand, opened
from tests.markets import linked
from tnskit.errors import LetterError, UsageError
from tnskit.review.cases import CaseLog
from tnskit.review.correspondence import letter
from tnskit.review.fold import Case
from tnskit.review.precheck import precheck
from tnskit.review.telling import Line
from tnskit.workbench.export import export

DAY = date(2026, 3, 1)
VALUES = {
    "place": "US", "zone": "America/Chicago", "name": "Ana Núñez Souza", "greeting": "name", "role": "pro", "need": Line("in_writing"),
    "facts": (Line("price_changed", DAY, source="message"),), "because": Line("same_breach"), "received": DAY, "by": date(2026, 4, 1),
    "next_by": date(2026, 4, 8), "until": date(2026, 4, 9), "earlier_day": DAY,
}  # fmt: skip


def a_case(folder: Path) -> tuple[CaseLog, Case]:
    links = linked("A1 B22", "A1 phone 312-555-2368 2026-01-01", "B22 phone 312-555-2368 2026-01-01")
    log = CaseLog(folder / "cases.db", by="ana", clock=Hand())
    return log, log.open(precheck(links.market, links, "A1", log=log), policy="PRO-06", incident="2026-03-01", conflict="none")


def decided(folder: Path, action: str) -> Case:
    log, case = a_case(folder)
    log.read(case, "They share one phone and nothing else.")
    case = log.propose(case, action, policy="PRO-06", because="The price went up on the day of the job.")
    return log.confirm(case)


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ("no action", "L23-closed-no-action"),
        ("warn", "L06-warning"),
        ("verify", "L03-please-verify"),
        ("restrict", "L04-limited-for-a-time"),
        ("suspend", "L07-suspended"),
    ],
)
def test_the_decision_chooses_the_letter_and_fills_it_in(tmp_path: Path, action: str, code: str) -> None:
    case = decided(tmp_path, action)
    for lang, tag in (("en", "en-US"), ("es", "es-US"), ("pt", "pt-BR")):
        made = letter(case, lang=lang, values=VALUES)
        assert (made.template, made.tag, made.missing, made.findings) == (code, tag, (), ())
        assert made.facts.seal in made.text
        assert "No tool helped" not in made.text
        if made.needs.appeal_by is not None:
            assert "PRO-06" in made.text
            assert case.decision is not None
            assert case.decision["version"] in made.text


def test_a_decision_comes_before_its_letter(tmp_path: Path) -> None:
    _, case = a_case(tmp_path)
    with pytest.raises(LetterError, match="case 1 is not decided yet; L08 comes after the decision"):
        letter(case, template="L08", variant="conduct", values=VALUES)
    with pytest.raises(LetterError, match="no letter fits by itself here"):
        letter(case, values=VALUES)
    assert letter(case, template="L02", values={**VALUES, "job_day": DAY}).ready


def test_nobody_who_is_linked_and_nobody_of_staff_may_be_named(tmp_path: Path) -> None:
    _, case = a_case(tmp_path)
    assert letter(case, template="L23", values=VALUES).facts.staff == ("ana",)
    made = letter(case, template="L23", values={**VALUES, "facts": ("The account B22 was part of it, says ana.",)})
    linked_names = "other_user" in set(made.lint["check"])
    assert ("staff_name" in set(made.lint["check"]), linked_names) == (True, "B22" in case.names)


def test_a_place_that_nobody_told_blocks_the_letter(tmp_path: Path) -> None:
    _, case = a_case(tmp_path)
    made = letter(case, template="L23", values={name: value for name, value in VALUES.items() if name != "place"})
    assert made.missing == ("emergency",)


def test_an_appeal_has_its_letters(tmp_path: Path) -> None:
    case = decided(tmp_path, "warn")
    log = case.log
    case = log.appeal(case, grounds="It was agreed by both.")
    assert letter(case, values=VALUES).template == "L15-appeal-received"
    case = log.answer(case, outcome="overturned", because="The messages show that both agreed.", by="luis")
    made = letter(case, lang="pt", values={**VALUES, "terms": (Line("strike_gone"),), "facts": (Line("checked", DAY),)})
    assert (made.template, made.missing, made.findings) == ("L17-appeal-overturned", (), ())


def test_a_letter_goes_to_a_file(tmp_path: Path) -> None:
    case = decided(tmp_path, "warn")
    made = letter(case, lang="es", values=VALUES)
    assert export(made, tmp_path / "l.eml").read_bytes() == made.eml()
    assert export(made, tmp_path / "l.html").read_text(encoding="utf-8") == made.html
    assert export(made, tmp_path / "l.txt").read_text(encoding="utf-8") == made.text
    with pytest.raises(LetterError, match="cannot be sent"):
        export(letter(case), tmp_path / "no.eml")
    assert not (tmp_path / "no.eml").exists()


def test_a_letter_about_a_dispute_goes_to_one_side(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="goes to one side: to='customer' or to='pro'"):
        letter(opened(tmp_path, Hand()), template="L10")
