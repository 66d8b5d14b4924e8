import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from tnskit.cleaning.doctor import propose
from tnskit.cleaning.mapping import entries
from tnskit.cleaning.market import load
from tnskit.cleaning.recognise import means, meant_by, name_words, vocabulary
from tnskit.cleaning.schema import TABLES
from tnskit.errors import SourceError

SAMPLE = Path(__file__).parents[2] / "sample_data/market"
DIALECTS = tomllib.loads(Path(__file__).with_name("foreign.toml").read_text())

FOREIGN = pd.DataFrame(
    {
        "Row Id": ["1", "2", "3"], "Shop name": ["Ana", "Bea", "Cy"], "Main phone": ["312 555 2368", "312 555 9911", None], "Fax": [None, "312 555 2368", None],
        "Street address": ["12 Oak St", "99 Elm St", "7 Fir St"], "Zip": ["78701", "78702", "2139"], "Opening phone hours": ["9-5", "9-5", "9-5"],
        "Renewal address date": ["11/30/14", "11/30/15", "11/30/16"],
    }
)  # fmt: skip


def test_the_proposed_mapping_loads_and_gives_a_reason_for_each_line(tmp_path):
    (tmp_path / "shops.csv").write_text(FOREIGN.to_csv(index=False))
    proposal = propose(tmp_path)
    assert (
        proposal.toml
        == """\
[accounts]  # 'Row Id' has another value in every row, so a row is taken for an account
from = "shops"
account_id = "Row Id"       # another value in every row
display_name = "Shop name"  # by its name

[phones]  # 'Main phone', 'Fax' mostly read as phone values
from = "shops"
account_id = "Row Id"              # the account of the row
phone_raw = ["Main phone", "Fax"]  # mostly phone values

[addresses]  # 'Street address' mostly reads as address values
from = "shops"
account_id = "Row Id"     # the account of the row
line1 = "Street address"  # mostly address values
postal = "Zip"            # by its name
"""
    )
    assert "without 'logins' you do not see shared networks" in str(proposal)
    (tmp_path / "mapping.toml").write_text(proposal.toml)
    market = load(tmp_path)
    assert market.report.tables[["table", "rows_in", "kept"]].values.tolist() == [["accounts", 3, 3], ["addresses", 3, 3], ["phones", 3, 3]]
    assert market.kinds == ("address", "phone")
    assert str(proposal.report) == str(market.report)


def test_spanish_and_portuguese_exports_with_dirt_around_them_are_proposed_and_load(tmp_path):
    def row(n):
        return f"00{n};Ana;ana{n}@mail.mx;044 55 4100 12{n};0{n % 9 + 1}/03/2023 14:05;Activa\n"

    people = "N° de cliente;Nombre(s);Correo electrónico;Celular;Fecha de alta;Estado de la cuenta\n" + "".join(map(row, range(10, 20)))
    (tmp_path / "Usuarios 2024.csv").write_bytes(("Reporte de usuarios\n\n" + people).encode("latin-1"))
    homes = "".join(f"00{n};Rua das Flores;{n};Apto 2;Centro;São Paulo;SP;01310-100\n" for n in range(10, 20))
    (tmp_path / "endereços.csv").write_text(
        "Código do cliente;Logradouro;Número;Complemento;Bairro;Município;UF;CEP\n" + homes, encoding="cp1252"
    )
    visits = "".join(f"S{n};00{n};2023-03-0{n % 9 + 1}T10:00:00Z;189.203.{n}.7;dev-{n}ab12cd\n" for n in range(10, 20))
    (tmp_path / "Inicios de sesión.csv").write_text("ID;N° de cliente;Fecha y hora;Dirección IP;Aparelho\n" + visits)
    proposal = propose(tmp_path, tz="UTC", region="BR")
    told = tomllib.loads(proposal.toml)
    assert {table: {ours: theirs for ours, theirs in block.items() if ours != "from"} for table, block in told.items()} == {
        "accounts": {"account_id": "N° de cliente", "status": "Estado de la cuenta", "created_at": "Fecha de alta", "display_name": "Nombre(s)"},
        "phones": {"account_id": "N° de cliente", "phone_raw": "Celular"}, "emails": {"account_id": "N° de cliente", "email_raw": "Correo electrónico"},
        "logins": {"login_id": "ID", "account_id": "N° de cliente", "at": "Fecha y hora", "ip": "Dirección IP", "device_id": "Aparelho"},
        "addresses": {"account_id": "Código do cliente", "line1": "Logradouro + Número", "unit": "Complemento", "city": "Município", "region": "UF", "postal": "CEP"},
    }  # fmt: skip
    assert "most of 'Celular' are no phone numbers of BR, but of MX; load with region='MX'" in str(proposal)
    assert "the first 2 rows are a title" in str(proposal)
    market = load(tmp_path, mapping=told, tz="America/Mexico_City", region="MX")
    assert market.report.rows_in == market.report.kept == 50
    assert market.kinds == ("address", "device", "email", "ip", "phone")


def test_lists_in_fields_of_an_export_of_accounts_are_proposed(tmp_path):
    people = [{"user": {"id": n, "profile": {"phones": [None, f"+1312555{2100 + n}"]}}, "emails": [f"u{n}@mail.example"]} for n in range(5)]
    pd.DataFrame(people).to_json(tmp_path / "users.jsonl", orient="records", lines=True)
    proposal = propose(tmp_path)
    assert {(table, value) for table, block in tomllib.loads(proposal.toml).items() for ours, value in block.items() if ours.endswith(("raw", "_id"))} == {
        ("accounts", "user.id"), ("phones", "user.id"), ("phones", "user.profile.phones"), ("emails", "user.id"), ("emails", "emails.0"),
    }  # fmt: skip
    assert proposal.report is not None
    assert proposal.report.kept == 15


def test_what_is_known_needs_no_mapping():
    frames = {"accounts": pd.DataFrame({"account_id": ["A"]}), "sessions": pd.DataFrame({"user_id": ["A"], "ip": ["11.2.3.4"]})}
    proposal = propose(frames)
    assert proposal.toml == ""
    assert proposal.notes[:2] == ("table 'accounts': read as 'accounts', 1 row", "table 'sessions': read as 'logins', 1 row")


def test_what_links_nothing_is_said(tmp_path):
    (tmp_path / "weather.csv").write_text("town,rain\nAustin,2\n")
    told = str(propose(tmp_path))
    assert "weather.csv: no table of ours was recognised; if it is one, name its columns in a mapping" in told
    assert "A load would stop: no table 'accounts' was found, only 'weather'" in told
    with pytest.raises(SourceError):
        propose(tmp_path / "nowhere")


@pytest.fixture(scope="module", params=DIALECTS)
def dialect(request, tmp_path_factory):
    """The sample market under other names, and what they mean."""
    folder, told = tmp_path_factory.mktemp(request.param), {}
    for table, columns in DIALECTS[request.param].items():
        file, names = columns["file"], {ours: theirs for ours, theirs in columns.items() if ours != "file"}
        frame = pd.read_csv(SAMPLE / f"{table}.csv", dtype=str, keep_default_na=False)
        frame[list(names)].rename(columns=names).to_csv(folder / f"{file}.csv", index=False)
        told[table] = (file.lower(), names)
    return folder, told


MISSED = {
    ("unseen", "phones", "last_seen"),
    ("unseen", "logins", "at"),
    ("unseen", "addresses", "region"),
    ("unseen", "jobs", "status"),
    ("unseen", "appeals", "outcome"),
}


def test_every_table_is_recognised_under_the_names_of_others(dialect):
    folder, told = dialect
    proposal = propose(folder)
    found = {}
    for entry in entries(tomllib.loads(proposal.toml)):
        assert entry.table.name not in found, "two exports were taken for one table"
        found[entry.table.name] = (entry.told, {ours: theirs[0] for ours, theirs in entry.columns.items()})
    assert {table: file for table, (file, _) in found.items()} == {table: file for table, (file, _) in told.items()}
    wrong, missed = set(), set()
    for table, (_, names) in told.items():
        proposed = found[table][1]
        wrong |= {(table, ours, theirs) for ours, theirs in proposed.items() if names.get(ours) != theirs and not theirs.startswith("=")}
        missed |= {(folder.name[:-1], table, ours) for ours in names if ours not in proposed}
    assert (wrong, missed - MISSED) == (set(), set())
    assert proposal.trouble == ""
    assert proposal.report.kept > 0.9 * proposal.report.rows_in


def test_the_sample_market_needs_nothing_and_misses_nothing():
    proposal = propose(SAMPLE)
    assert proposal.toml == ""
    assert [note for note in proposal.notes if "read as" not in note] == []
    assert proposal.report.rows_in == 35_547


def test_every_table_tells_what_it_would_have_added():
    tables = set(TABLES) - {"identifiers"}
    assert set(vocabulary()["without"]) == tables
    notes = propose({"identifiers": pd.DataFrame({"account_id": ["A"], "kind": ["phone"], "value": ["312 555 2368"]})}).notes
    assert sum(note.startswith("without '") for note in notes) == len(tables) == 21


def test_the_vocabulary_names_only_what_is_there():
    columns = {column for table in TABLES.values() for column in table.names}
    assert set(vocabulary()["columns"]) - columns == set()
    assert set(vocabulary()["tables"]) == set(TABLES)


def test_what_a_load_would_set_aside_is_told(tmp_path):
    (tmp_path / "accounts.csv").write_text("account_id\nA\n1.2E+17\n")
    (tmp_path / "phones.csv").write_text("account_id,phone_raw\nA,000-000-0000\nZ,312 555 2368\n")
    told = str(propose(tmp_path))
    assert "A load would give: 4 rows in, 1 kept, 3 set aside" in told
    assert "1 of accounts: an id that was read as a number and has lost digits" in told
    assert "1 of phones: a placeholder phone number" in told


def test_times_without_a_zone_are_told_and_taken_as_utc_for_the_trial(tmp_path):
    (tmp_path / "accounts.csv").write_text("account_id,created_at\nA,2024-01-01 10:00\n")
    proposal = propose(tmp_path)
    assert "accounts.csv has 1 times without a zone in 'created_at' (first in row 1)" in proposal.notes[-1]
    assert proposal.report.kept == 1
    assert "without a zone" not in "".join(propose(tmp_path, tz="America/Chicago").notes)


def test_files_that_differ_only_in_a_number_are_one_table(tmp_path):
    (tmp_path / "accounts.csv").write_text("account_id\nA\nB\n")
    for month in ("01", "02", "03"):
        (tmp_path / f"access_log_2024-{month}.csv").write_text("member_id,event_time,client_ip\nA,2024-01-01T00:00:00Z,11.20.30.40\n")
    proposal = propose(tmp_path)
    assert 'from = "access_log*.csv"' in proposal.toml
    assert proposal.report.tables[["table", "rows_in"]].values.tolist() == [["accounts", 2], ["logins", 3]]
    assert any("(3 files alike)" in note for note in proposal.notes)


def test_two_exports_of_one_table_are_two_blocks_and_the_one_with_our_name_stays(tmp_path):
    (tmp_path / "accounts.csv").write_text("account_id\nA\n")
    (tmp_path / "payments.csv").write_text("payment_id,kind,amount_minor,at,payer_id\nP1,charge,100,2024-01-01,A\n")
    (tmp_path / "refunds.csv").write_text("refund_id,buyer,amount_cents,refunded_at\nR1,A,100,2024-01-02\nR2,A,50,2024-01-02\n")
    proposal = propose(tmp_path)
    assert proposal.toml.count("[[payments]]") == 2
    assert 'kind = "=refund"' in proposal.toml
    assert proposal.report.tables[["table", "rows_in"]].values.tolist() == [["accounts", 1], ["payments", 3]]


def test_a_mapping_that_is_there_is_kept_and_only_the_rest_is_proposed(tmp_path):
    (tmp_path / "people.csv").write_text("Nr,Name\n1,Ana\n2,Bea\n")
    (tmp_path / "tel.csv").write_text("user_id,phone_number\n1,312 555 2368\n2,312 555 2368\n")
    (tmp_path / "mapping.toml").write_text('[accounts]\nfrom = "people"\naccount_id = "Nr"\n')
    proposal = propose(tmp_path)
    assert "people.csv: read as mapping.toml tells" in proposal.notes
    assert [entry.table.name for entry in entries(tomllib.loads(proposal.toml))] == ["phones"]
    assert proposal.report.tables["table"].tolist() == ["accounts", "phones"]


def test_a_database_is_looked_at_too(tmp_path):
    with closing(sqlite3.connect(tmp_path / "shop.db")) as db, db:
        db.execute("CREATE TABLE members (member_id, full_name)")
        db.executemany("INSERT INTO members VALUES (?, ?)", [(n, f"Name {n}") for n in range(50)])
        db.execute("CREATE TABLE phone_numbers (member_id, phone)")
        db.executemany("INSERT INTO phone_numbers VALUES (?, ?)", [(n, "312 555 2368") for n in range(50)])
    db.close()
    proposal = propose(tmp_path / "shop.db")
    assert "shop.db: members: read as 'accounts', 50 rows" in proposal.notes
    assert 'from = "phone_numbers"' in proposal.toml
    assert proposal.report.tables["rows_in"].tolist() == [50, 50]


def test_a_name_that_holds_a_raw_identifier_is_not_written_down(tmp_path):
    (tmp_path / "shops.csv").write_text(FOREIGN.rename(columns={"Fax": "fax 312 555 7777", "Zip": "jo@mail.example"}).to_csv(index=False))
    assert "7777" not in str(propose(tmp_path))
    assert "jo@" not in str(propose(tmp_path))


@pytest.mark.parametrize(
    ("name", "words"),
    [("memberId", ["member", "id"]), ("Zip Code", ["zip", "code"]), ("card.last4", ["card", "last", "4"]), ("direcciones", ["direccion"]), ("Transações", ["transacao"]), ("N° de cliente", ["n", "cliente"]), ("C.P.", ["cp"]), ("E-mail", ["email"]), ("Sign-up date", ["signup", "date"]), ("addresses", ["address"]),
     ("companies", ["company"]), ("status", ["status"]), ("teléfono", ["telefono"]), ("IPAddress", ["ipaddress"]), ("", [])],
)  # fmt: skip
def test_a_name_is_cut_into_words(name, words):
    assert name_words(name) == words


@pytest.mark.parametrize(
    ("name", "column", "least", "most"),
    [
        ("account_id", "account_id", 1, 1), ("memberId", "account_id", 0.9, 1), ("id_cliente", "account_id", 0.9, 1), ("phone", "account_id", 0, 0), ("account_status", "account_id", 0, 0.5),
        ("Main phone", "phone_raw", 0.4, 0.6), ("Opening phone hours", "phone_raw", 0, 0.35), ("telefono_movil", "phone_raw", 0.8, 1),
    ],
)  # fmt: skip
def test_how_well_a_name_means_a_column(name, column, least, most):
    assert least <= round(means(name, meant_by(column)), 6) <= most
