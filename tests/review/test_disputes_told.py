"""What both sides and the mediator see of a dispute: time-line, sheets, lens, clocks of the day, letters."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.disputes import Hand, heard, offered, one_job, opened
from tests.markets import market as little
from tests.markets import seen
from tnskit.errors import UsageError
from tnskit.evidence.links import link
from tnskit.review.cases import CaseLog
from tnskit.review.correspondence import letter
from tnskit.review.disputes import mediate
from tnskit.review.telling import Line

DAY = date(2026, 3, 20)


def test_the_timeline_is_neutral_and_the_same_for_both(tmp_path: Path, hand: Hand) -> None:
    told = heard(tmp_path, hand).timeline(one_job())
    assert told["what"].tolist() == [
        "The job was asked for on February 19.",
        "The pro was hired on February 21.",
        "The price agreed on was $784.",
        "Between February 22 and February 23, 2 messages were sent about the job.",
        "The job was marked as done on March 1.",
        "A payment of $784 was made on March 1.",
        "A review was written on March 2.",
        "Part of the work was still open on March 5.",
    ]
    assert told["standing"].tolist() == ["record"] * 7 + ["disputed"]
    assert set(told["source"]) == {"job", "message", "payment", "review", "customer"}
    assert not told.to_string().count("secret") + told.to_string().count("25")
    spanish = heard(tmp_path / "c" if (tmp_path / "c").mkdir() is None else tmp_path, Hand()).timeline(one_job(), lang="es")
    assert spanish["what"].iloc[1] == "El trabajo se contrató el 21 de febrero."


def test_the_timeline_keeps_what_was_shared_where_no_market_is_at_hand(tmp_path: Path, hand: Hand) -> None:
    found = heard(tmp_path, hand)
    again = mediate(CaseLog(tmp_path / "cases.db", by="ana", clock=hand), "J881")
    assert again.market is None
    assert again.timeline()["what"].tolist() == found.timeline()["what"].tolist()
    assert found.timeline().equals(found.timeline(one_job()))


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["pro", "The customer gets back $200.", "+$200.00", "-$200.00", "March 8, 8:00 PM (Eastern Daylight Time)", "open"]),
        ("es", ["profesional", "A quien contrató se le devuelven $200.", "+$200.00", "-$200.00"]),
        ("pt", ["profissional", "", "+US$\xa0200,00", "-US$\xa0200,00"]),
    ],
)
def test_sheets_tell_money_and_ends_in_the_readers_language(tmp_path: Path, hand: Hand, lang: str, told: list[str]) -> None:
    found = offered(tmp_path, hand)
    row = found.sheet("offers", lang=lang).iloc[0].tolist()[1:]
    assert [got for got, asked in zip(row, told, strict=False) if asked] == [asked for asked in told if asked]
    options = found.sheet("options", lang=lang)
    # three columns: whoever no way out touches has none
    assert (options.shape, options.iloc[0, 1:].tolist()) == ((1, 3), told[2:4])
    with pytest.raises(UsageError, match="a dispute has no sheet 'menu'; it has intake, options"):
        found.sheet("menu")


def test_the_intake_its_deadline_and_the_law_of_the_place_are_seen(tmp_path: Path, hand: Hand) -> None:
    intake = {
        "channel": "e-mail",
        "harm": "Water on the floor",
        "amount": 20_000,
        "deadline": date(2026, 3, 7),
        "region": "ca",
        "slower": ["pro"],
    }
    found = opened(tmp_path, hand, **intake)
    told = dict(found.sheet("intake").to_numpy().tolist())
    assert told["Came in"].startswith("by e-mail, March 5, 3:00 PM")
    assert {name: told[name] for name in ("Amount", "Harm told", "Deadline", "More time for", "Language")} == {
        "Amount": "$200.00", "Harm told": "Water on the floor", "Deadline": "March 7", "More time for": "pro",
        "Language": "customer: en, pro: es"}  # fmt: skip
    due = found.clocks.set_index("step")
    assert (due.loc["deadline", "local"], due.loc["deadline", "state"]) == ("Sat 07 Mar 2026, 23:59 MST", "due")
    hand.move(72)
    assert found.again().clocks.set_index("step").loc["deadline", "state"] == "late"
    assert found.sheet("notices")["what holds"].str.contains("California").tolist() == [True, False]
    assert opened(tmp_path, hand).sheet("guarantees")["covers at most"].tolist() == ["$100,000.00", "$1,000.00", "$2,500.00"]


def test_the_lens_sees_a_linked_reviewer_with_the_score_of_the_links(tmp_path: Path, hand: Hand) -> None:
    accounts = [{"account_id": name} for name in ("ACUST", "APRO", "AREV")]
    tables = {
        name: one_job().table(name).astype(str).replace({"NaT": None, "None": None, "nan": None, "<NA>": None})
        for name in ("jobs", "reviews")
    }
    same = seen("APRO device inst-77xk 2026-01-01 2026-03-01", "AREV device inst-77xk 2026-01-02 2026-03-01",
                "APRO payout tok-99zz 2026-01-01 2026-03-01", "AREV payout tok-99zz 2026-01-02 2026-03-01")  # fmt: skip
    links = link(little(accounts, identifiers=same, **{name: frame.to_dict("records") for name, frame in tables.items()}))
    told = opened(tmp_path, hand).lens(links)
    pair = links.pairs.set_index(["a", "b"]).loc["APRO", "AREV"]
    assert told.to_numpy().tolist() == [["APRO", "AREV", "pro and a reviewer of the pro", pair["score"], pair["label"], pair["benign"]]]


def test_the_lens_of_strangers_is_empty(tmp_path: Path, hand: Hand) -> None:
    assert opened(tmp_path, hand).lens(link(one_job())).empty


def test_limits_and_deadlines_are_those_of_the_day_of_the_job(tmp_path: Path, hand: Hand) -> None:
    told = opened(tmp_path, hand).guarantees().set_index("programme")
    assert told["version"].to_dict() == {"damage": "copy 2", "money back": "copy 2", "partner": "partner page"}
    assert told["claim_by"]["damage"] == datetime(2026, 3, 16, 4, 30, tzinfo=UTC)


def test_each_side_has_its_letter_in_its_language_at_every_step(tmp_path: Path, hand: Hand) -> None:
    found = opened(tmp_path, hand).triage("mediation", because="fine")
    steps = [(found, "L10"), (found.ask(), "L02")]
    for step, code in steps:
        for to, tag in (("customer", "en-US"), ("pro", "es-US")):
            made = letter(step, to=to, template=code, values={"facts": (Line("unfinished", DAY),)})
            assert (made.template[:3], made.tag, made.missing, made.findings) == (code, tag, (), ())
            assert step.standing.accounts["pro" if to == "customer" else "customer"] not in made.text
    offer = offered(tmp_path / "d" if (tmp_path / "d").mkdir() is None else tmp_path, Hand())
    made = letter(offer, to="customer")
    assert (made.template, made.ready) == ("L11-offer", True)
    assert "The customer gets back $200." in made.text


def test_both_sides_read_the_same_day_of_the_job(tmp_path: Path, hand: Hand) -> None:
    found = offered(tmp_path, hand).answer("customer", "yes").sign("customer", words="Yes.").sign("pro", words="Yes.")
    told = [letter(found, to=to, lang="en").subject for to in ("customer", "pro")]
    assert told == ["You have an agreement for the job on March 1"] * 2
