import json

import duckdb
import pandas as pd
import pytest

from tests.markets import market, seen
from tests.planted import DISGUISES, card_numbers
from tnskit.cleaning.cards import REDACTED
from tnskit.cleaning.gate import Cards, seal_spills
from tnskit.cleaning.market import load, open_database
from tnskit.cleaning.sources.databases import Asked
from tnskit.cleaning.sources.reading import read
from tnskit.errors import TnskitError
from tnskit.evidence.links import link

CARD, CARD2, CARD3 = card_numbers(40)[::13][:3]


def messages(*bodies):
    return [
        {"message_id": f"m{n}", "sender_account_id": "A", "sent_at": "2024-01-01", "body_redacted": body} for n, body in enumerate(bodies)
    ]


def cells(m, table, column):
    return [cell for (cell,) in m.db.execute(f"SELECT {column} FROM vault.{table} ORDER BY row").fetchall()]


def test_every_disguise_is_found_by_the_query_that_looks_for_candidates():
    m = market("A", messages=messages(*(f"hello {write(CARD)} bye" for write in DISGUISES.values())))
    assert m.report.redacted == len(DISGUISES)
    assert [body for body in cells(m, "messages", "body_redacted") if REDACTED not in body] == []


def test_a_disguise_with_many_marks_between_two_digits_is_found():
    m = market("A", messages=messages(CARD[:4] + "\u200b" * 9 + CARD[4:], f"{CARD[:4]}<span class='x' data-y='z'>{CARD[4:]}</span>"))
    assert m.report.redacted == 2


def test_innocent_text_stays_to_the_letter():
    bodies = [
        "call 312-555-2368",
        "order 123456789012345678",
        "paid $1,200.50 on 2024-03-04 10:20:30",
        "<b>3</b> rooms, 50% off &amp; more",
        "él vendrá a las 10",
    ]
    m = market("A", messages=messages(*bodies))
    assert cells(m, "messages", "body_redacted") == bodies
    assert m.report.redacted == 0


def test_rows_are_kept_and_the_report_counts_cells():
    m = market("A", messages=messages(CARD, f"{CARD} and {CARD2}", "nothing"))
    assert m.report.redacted == 2
    assert m.report.tables.set_index("table").loc["messages", ["rows_in", "kept"]].tolist() == [3, 3]
    assert "2 cells held a full card number; it was removed" in str(m.report)


def test_a_card_number_in_any_column_goes():
    m = market(
        [{"account_id": "A", "display_name": CARD, "tz": CARD2, "country": f"US {CARD}"}], jobs=[{"job_id": "J1", "customer_account_id": "A", "created_at":
        "2024-01-01", "category": CARD, "quote_minor": CARD, "status": CARD2}], reports=[{"report_id": "r", "subject_account_id": "A", "received_at":
        "2024-01-01", "narrative": CARD, "policy_code": CARD}],
    )  # fmt: skip
    assert m.report.redacted == 8
    assert m.db.execute("SELECT tz, country FROM people").fetchall() == [(REDACTED, f"US {REDACTED}")]


def test_numbers_in_number_columns_go_too():
    frame = pd.DataFrame({"payment_id": ["p1", "p2"], "kind": "charge", "amount_minor": [int(CARD), 1200], "at": "2024-01-01"})
    floats = pd.DataFrame({"account_id": ["A"], "birth_year": [float(CARD)]})
    m = load({"accounts": floats, "payments": frame}, tz="UTC")
    assert m.report.redacted == 2
    assert m.rejected["why"].tolist() == ["not a whole number of minor units"]


def test_ids_that_are_card_numbers_get_numbers_and_still_join():
    m = load(
        {
            "accounts": pd.DataFrame({"account_id": [CARD, CARD2, "A3"]}),
            "phones": pd.DataFrame({"account_id": [CARD2, CARD, "A3"], "phone_raw": ["312 555 2368", "312 555 9911", "312 555 7712"]}),
        }
    )
    assert m.accounts["account_id"].tolist() == ["A3", f"{REDACTED[:-1]} 1]", f"{REDACTED[:-1]} 2]"]
    assert m.rejected.empty
    assert m.report.redacted == 4
    found = m.db.execute("SELECT account_id, phone_raw FROM vault.phones ORDER BY phone_raw").fetchall()
    assert found == [(f"{REDACTED[:-1]} 2]", "312 555 2368"), ("A3", "312 555 7712"), (f"{REDACTED[:-1]} 1]", "312 555 9911")]


def test_the_innocent_twin_long_ids_of_which_a_tenth_pass_luhn_stay():
    ids = [str(number) for number in range(400_000_000_000_000_0, 400_000_000_000_020_0)]
    m = load({"accounts": pd.DataFrame({"account_id": ids})})
    assert m.accounts["account_id"].tolist() == ids
    assert m.report.redacted == 0


def test_card_numbers_among_ids_of_another_length_are_told_from_them():
    ids = [str(number) for number in range(400_000_000_000_000_000, 400_000_000_000_000_050)]
    m = load({"accounts": pd.DataFrame({"account_id": [*ids, CARD]})})
    assert m.report.redacted == 1
    assert set(m.accounts["account_id"]) == {*ids, f"{REDACTED[:-1]} 1]"}


def test_a_removed_number_links_nobody():
    lines = [f"{name} card {CARD}" for name in "AB"] + [f"{name} payout {CARD2}" for name in "AB"]
    m = market("A B", identifiers=seen(*lines))
    assert len(m.rejected) == 4
    assert set(m.rejected["why"]) == {"a full card number, which was removed; export the token of the processor"}
    assert link(m).pairs.empty


def test_a_phone_with_its_country_that_passes_luhn_stays_in_a_phone_column():
    number = next(
        f"4915123456{n:03d}"
        for n in range(1000)
        if REDACTED in str(cells(market("A", messages=messages(f"4915123456{n:03d}")), "messages", "body_redacted"))
    )
    m = market("A", phones=[{"account_id": "A", "phone_raw": number}, {"account_id": "A", "phone_raw": CARD}])
    assert cells(m, "phones", "phone_raw")[0] == number
    assert m.report.redacted == 1


def test_names_of_files_and_columns_hold_none(tmp_path):
    (tmp_path / "accounts.csv").write_text(f"account_id,card {CARD} of one,x\nA,1,2\n")
    (tmp_path / f"{CARD}.csv").write_text("x\n1\n")
    m = load(tmp_path)
    told = str(m.report) + m.report.tables.to_csv() + repr(m.report.notes)
    assert CARD not in told


def test_a_first_line_of_card_numbers_is_no_header_and_is_not_repeated(tmp_path):
    (tmp_path / "accounts.csv").write_text(f"account_id,{CARD},{CARD2}\nA,1,2\n")
    with pytest.raises(TnskitError) as found:
        load(tmp_path)
    assert "begins with a row of data" in str(found.value)
    assert CARD not in str(found.value)
    assert CARD2 not in str(found.value)


def test_a_column_called_after_cards_is_read_by_luhn_alone():
    odd = "9999999999999995"
    m = load({"accounts": pd.DataFrame({"account_id": ["A"], "card_number": [odd], "tz": [odd]})})
    assert m.report.redacted == 1
    assert m.db.execute("SELECT tz FROM people").fetchall() == [(odd,)]


@pytest.mark.parametrize("name", [f"{CARD}.pdf", f"no such {CARD}.csv"])
def test_an_error_does_not_repeat_a_card_number_in_a_file_name(tmp_path, name):
    if name.endswith("pdf"):
        (tmp_path / name).write_text("x")
    with pytest.raises(TnskitError) as found:
        load(tmp_path / name)
    assert CARD not in str(found.value)
    assert "that holds a full card number" in str(found.value)


def test_same_in_same_out():
    bodies = messages(*(f"{write(CARD)} {write(CARD2)}" for write in DISGUISES.values()))
    first, second = (market([{"account_id": CARD}, {"account_id": CARD2}, {"account_id": "A"}], messages=bodies) for _ in range(2))
    assert cells(first, "messages", "body_redacted") == cells(second, "messages", "body_redacted")
    assert first.report.sha256 == second.report.sha256


def test_what_does_not_fit_into_memory_is_written_sealed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with duckdb.connect() as db:
        seal_spills(db)
        db.execute("SET memory_limit = '120MB'")
        db.execute(f"CREATE TABLE held AS SELECT n, '{CARD} of ' || n || repeat('x', 200) AS cell FROM range(1_000_000) t(n)")
        spilled = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert len(spilled) > 10_000_000
    assert CARD.encode() not in spilled
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_market_seals_what_it_spills():
    asked = "SELECT value FROM duckdb_settings() WHERE name = 'temp_file_encryption'"
    assert market("A").db.execute(asked).fetchall() == [("true",)]


def test_a_card_number_among_very_many_columns_goes(tmp_path):
    rows = [{"message_id": "m1", "sender_account_id": "A", "sent_at": "2024-01-01", f"field{n}": "said hello to her"} for n in range(90)]
    rows[70] |= {"field3": f"mine is {' '.join(CARD)}", "field88": CARD2, "field89": CARD3 + ".0"}
    (tmp_path / "messages.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "accounts.csv").write_text("account_id\nA\n")
    db, folder = open_database()
    found, _ = read(tmp_path, db, asked=Asked({}, bool), folder=folder)
    wide = next(one for one in found if one.name == "messages")
    assert len(wide.columns) > 90
    assert Cards(db).take_out([(wide, {})]) == 3
    gone = db.execute(f"SELECT field3, field88, field89 FROM {wide.view} WHERE __row = 71").fetchall()[0]
    assert gone == (f"mine is {REDACTED}", REDACTED, REDACTED)
    assert load(tmp_path).report.redacted == 3
