import base64
import contextlib
import gzip
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import duckdb
import nbformat
import openpyxl
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from tests.markets import market, seen
from tests.planted import DISGUISES, card_numbers
from tnskit.cleaning.cards import REDACTED
from tnskit.cleaning.known import known
from tnskit.errors import UsageError
from tnskit.workbench.formats import UnreadableError, rebuild
from tnskit.workbench.scan import scan

ROOT = Path(__file__).parents[2]
PHONE, MAIL, CARD = "312-555-2368", "jo@mail.example", "4111 1111 1111 1111"


def found(path, **options):
    return [(one.where, one.kind) for one in scan([path], **options).found]


def unchanged(text, _):
    return text


def notebook(folder):
    """A notebook with something raw in every place that a notebook has."""
    made = nbformat.v4.new_notebook()
    made.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"m": {"state": {"value": MAIL, "max": 3}}}}}
    page = nbformat.v4.new_output("display_data", {"text/html": f"<table>\n<tr><td>{PHONE}</td></tr>\n</table>", "text/plain": "a table"})
    picture = nbformat.v4.new_output("display_data", {"image/png": base64.b64encode(b"\x89PNG" + b"312-555-2368" * 9).decode()})
    printed = nbformat.v4.new_output("stream", name="stdout", text=f"one\ntwo {MAIL}\n")
    failed = nbformat.v4.new_output("error", ename="KeyError", evalue=PHONE, traceback=[f"KeyError: {PHONE}"])
    asked = nbformat.v4.new_code_cell(f"account = 'A1'\n# she said {PHONE}", outputs=[page, picture, printed, failed])
    told = nbformat.v4.new_markdown_cell(
        "See ![](note.txt)", attachments={"note.txt": {"text/plain": base64.b64encode(f"card {CARD}".encode()).decode()}}
    )
    made.cells = [nbformat.v4.new_markdown_cell("# Clean"), asked, told]
    path = folder / "case.ipynb"
    nbformat.write(made, path)
    return path


def test_a_notebook_is_searched_in_every_place(tmp_path):
    assert found(notebook(tmp_path)) == [
        ("cell 2, output 1, text/html, line 2", "a phone number"), ("cell 2, output 3, text, line 2", "an e-mail address"),
        ("cell 2, output 4, evalue", "a phone number"), ("cell 2, output 4, traceback", "a phone number"),
        ("cell 2, source, line 2", "a phone number"), ("cell 3, attachments.note.txt.text/plain", "a full card number"),
        ("the notebook's metadata.widgets.application/vnd.jupyter.widget-state+json.state.m.state.value", "an e-mail address"),
    ]  # fmt: skip


def test_a_cleaned_notebook_is_valid_and_holds_masks(tmp_path):
    path = notebook(tmp_path)
    before = path.read_bytes()
    told = scan([path], clean=True)
    assert told.written == (tmp_path / "case.clean.ipynb",)
    assert told.left == ()
    assert path.read_bytes() == before
    assert found(told.written[0]) == []
    made = nbformat.read(told.written[0], as_version=4)
    nbformat.validate(made)
    assert made.cells[1].source == "account = 'A1'\n# she said phone ••• •••-2368"
    assert made.cells[1].outputs[1].data == nbformat.read(path, as_version=4).cells[1].outputs[1].data
    assert base64.b64decode(made.cells[2].attachments["note.txt"]["text/plain"]).decode() == f"card {REDACTED}"


def test_in_place_overwrites_the_file_and_keeps_its_mode(tmp_path):
    path = tmp_path / "note.md"
    path.write_text(f"call {PHONE}\r\nor {MAIL}\n", newline="")
    path.chmod(0o600)
    assert scan([path], in_place=True).written == (path,)
    assert path.read_bytes().decode() == "call phone ••• •••-2368\r\nor e-mail j•••@•••.example\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_clean_file_is_not_written_again(tmp_path):
    path = tmp_path / "note.md"
    path.write_text("phone ••• •••-2368")
    before = path.stat().st_mtime_ns
    assert scan([path], in_place=True).written == ()
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_is_read_in_its_encoding_and_goes_back_in_it(tmp_path, encoding):
    path = tmp_path / "note.txt"
    path.write_bytes(f"José\nsaid {PHONE} today\n".encode(encoding))
    assert found(path) == [("line 2", "a phone number")]
    scan([path], in_place=True)
    assert path.read_bytes().decode(encoding) == "José\nsaid phone ••• •••-2368 today\n"


TABLE = pd.DataFrame(
    {"account_id": ["A1", "A2", "A3"], "note": ["nothing", f"call {PHONE}", f"write {MAIL}"], "n": [1, 2, int(CARD.replace(" ", ""))]}
)


@pytest.mark.parametrize("ending", ["csv", "tsv", "csv.gz", "parquet", "xlsx", "json", "jsonl", "html", "md", "toml", "zip"])
def test_tables_are_searched_and_cleaned_in_every_form(tmp_path, ending):
    path = tmp_path / f"table.{ending}"
    write = {
        "csv": TABLE.to_csv, "tsv": lambda p: TABLE.to_csv(p, sep="\t"), "csv.gz": TABLE.to_csv, "parquet": TABLE.to_parquet, "html": TABLE.to_html,
        "xlsx": lambda p: TABLE.to_excel(p, index=False), "json": lambda p: TABLE.to_json(p, orient="records"),
        "jsonl": lambda p: TABLE.to_json(p, orient="records", lines=True), "md": lambda p: p.write_text(TABLE.to_csv(sep="|")),
        "toml": lambda p: p.write_text("".join(f'"{n}" = "{v}"\n' for n, v in enumerate([*TABLE["note"], CARD]))), "zip": lambda p: TABLE.to_csv(p, compression="zip"),
    }[ending]  # fmt: skip
    write(path)
    kinds = sorted(kind for _, kind in found(path))
    assert kinds == ["a full card number", "a phone number", "an e-mail address"]
    told = scan([path], in_place=True)
    assert (len(told.written), told.left) == (1, ())
    assert found(path) == []
    read = {"csv": pd.read_csv, "csv.gz": pd.read_csv, "parquet": pd.read_parquet, "xlsx": pd.read_excel, "json": pd.read_json,
            "jsonl": lambda p: pd.read_json(p, lines=True)}.get(ending)  # fmt: skip
    if read:
        made = read(path)
        assert made["account_id"].tolist() == ["A1", "A2", "A3"]
        assert made["note"].tolist() == ["nothing", "call phone ••• •••-2368", "write e-mail j•••@•••.example"]
        assert str(made["n"].tolist()[2]) == REDACTED


def test_places_in_tables_are_told_as_people_count(tmp_path):
    TABLE.to_excel(tmp_path / "t.xlsx", index=False, sheet_name="pairs")
    TABLE.to_parquet(tmp_path / "t.parquet")
    TABLE.to_csv(tmp_path / "t.csv", index=False)
    assert [where for where, _ in found(tmp_path / "t.xlsx")] == [
        "sheet 'pairs', cell B3",
        "sheet 'pairs', cell B4",
        "sheet 'pairs', cell C4",
    ]
    assert [where for where, _ in found(tmp_path / "t.parquet")] == ["column 'note', row 2", "column 'note', row 3", "column 'n', row 3"]
    assert [where for where, _ in found(tmp_path / "t.csv")] == ["line 3", "line 4", "line 4"]


def test_the_corners_of_a_workbook_are_searched(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = f"call {PHONE}"
    book.active["A1"].comment = Comment(f"ask {MAIL}", "ana")
    book.active["B2"].hyperlink = f"mailto:{MAIL}"
    book.active.oddHeader.center.text = f"of {MAIL}"
    book.properties.title = f"about {PHONE}"
    book.save(tmp_path / "t.xlsx")
    told = found(tmp_path / "t.xlsx")
    assert {kind for _, kind in told} == {"a phone number", "an e-mail address"}
    assert {where.split(",")[0] for where, _ in told} >= {"sheet 'call phone ••• •••-2368'", "docProps/core.xml in it"}
    scan([tmp_path / "t.xlsx"], in_place=True)
    assert found(tmp_path / "t.xlsx") == []
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").active["A1"].comment.text == "ask e-mail j•••@•••.example"


def test_databases_are_searched_and_never_rewritten(tmp_path):
    lite, duck = tmp_path / "cases.db", tmp_path / "market.duckdb"
    with closing(sqlite3.connect(lite)) as db, db:
        db.execute("CREATE TABLE event (at TEXT, why TEXT)")
        db.execute("INSERT INTO event VALUES ('2024-01-01', 'clean'), ('2024-01-02', ?)", [f"call {PHONE}"])
    db.close()
    with duckdb.connect(str(duck)) as held:
        held.execute("CREATE SCHEMA vault; CREATE TABLE vault.mail AS SELECT 1 AS n, 'x' AS note UNION ALL SELECT 2, ?", [MAIL])
    assert found(lite) == [("table 'event', column 'why', row 2", "a phone number")]
    assert found(duck) == [("table 'mail', column 'note', row 2", "an e-mail address")]
    before = lite.read_bytes(), duck.read_bytes()
    told = scan([lite, duck], in_place=True)
    assert (told.written, len(told.left)) == ((), 2)
    assert (lite.read_bytes(), duck.read_bytes()) == before


@pytest.mark.parametrize("name", DISGUISES)
def test_a_card_number_is_found_in_a_page_in_every_disguise_and_masked(tmp_path, name):
    path = tmp_path / "page.html"
    path.write_text(f"<html><body><p>{DISGUISES[name](card_numbers(3)[1])}</p></body></html>")
    assert "a full card number" in {kind for _, kind in found(path)}
    scan([path], in_place=True)
    assert found(path) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"to": "jo\\u0040mail.example"}', "an e-mail address"), ('<a href="tel:+13125552368">call</a>', "a phone number"), ("mail=jo%40mail.example", "an e-mail address"),
        ("j&#111;@mail.example", "an e-mail address"), (base64.b64encode(f"write to {MAIL} please".encode()).decode(), "an e-mail address"),
        (f"data:text/plain;base64,{base64.b64encode(b'from 11.20.30.40 again').decode()}", "an IP address"), ("３１２-５５５-２３６８", "a phone number"),
    ],
)  # fmt: skip
def test_what_is_encoded_is_found(tmp_path, text, kind):
    path = tmp_path / "note.txt"
    path.write_text(text)
    assert [told for _, told in found(path)] == [kind]
    scan([path], in_place=True)
    assert found(path) == []


def test_pictures_and_drawings_are_no_text(tmp_path):
    (tmp_path / "a.svg").write_text('<svg><path d="M 312.555 2368.10 L 4111 1111 1111 1111 L 11.20 30.40"/><text>ok</text></svg>')
    (tmp_path / "b.html").write_text(f'<img src="data:image/png;base64,{base64.b64encode(bytes(range(256)) * 40).decode()}">')
    (tmp_path / "c.svg").write_text(f"<svg><text>{PHONE}</text></svg>")
    assert [one.file for one in scan([tmp_path]).found] == ["c.svg"]


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0", b"%PDF-1.7", b"\0\1\2\0\0\1\2\3\4\5" * 9, b"PK\x03\x04broken", b"PAR1broken", b"\x1f\x8bbroken"]
)
def test_what_cannot_be_read_is_told_and_not_passed_over(tmp_path, content):
    path = tmp_path / "thing.bin"
    path.write_bytes(content)
    told = scan([path])
    assert (told.found, told.files) == ((), 0)
    assert told.unread[0][0] == "thing.bin"
    assert "not searched" in str(told)


def test_a_folder_is_searched_with_all_that_is_in_it(tmp_path):
    (tmp_path / "a/.ipynb_checkpoints").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for name in ("a/.ipynb_checkpoints/x-checkpoint.ipynb", ".git/x.txt", "a/y.csv", "a/z.bin"):
        (tmp_path / name).write_text(PHONE)
    assert [one.file for one in scan([tmp_path, tmp_path / "a/y.csv"]).found] == ["x-checkpoint.ipynb", "y.csv"]


def test_a_name_that_is_raw_itself_is_told_and_never_repeated(tmp_path):
    path = tmp_path / f"call {PHONE}.txt"
    path.write_text(PHONE)
    told = scan([path], clean=True)
    assert [(one.where, one.kind) for one in told.found] == [("the file's own name", "a phone number"), ("line 1", "a phone number")]
    assert "555" not in str(told)
    with pytest.raises(UsageError) as missing:
        scan([tmp_path / f"{MAIL}.txt"])
    assert MAIL not in str(missing.value)


def test_keys_columns_and_members_that_are_raw_are_told_masked(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({MAIL: {"x": PHONE}}))
    pd.DataFrame({MAIL: [1]}).to_parquet(tmp_path / "b.parquet")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as packed:
        packed.writestr("inner.txt", PHONE)
        packed.writestr("inner.csv.gz", gzip.compress(MAIL.encode()))
    told = scan([tmp_path])
    assert [one.file for one in told.found] == ["a.json", "a.json", "b.parquet", "c.zip", "c.zip"]
    assert MAIL not in str(told)
    assert "inner.csv.gz in it, line 1" in str(told)


def test_the_values_of_a_market_are_found_whatever_their_kind(tmp_path):
    rows = [{"account_id": "A", "legal_name": "Ana Ruiz Prado", "display_name": "Ana"}]
    m = market(
        rows,
        identifiers=seen("A device QVPSPJUOCKZAR", "A licence TX|88123455", "A social ana.cleans.atx"),
        addresses=[{"account_id": "A", "line1": "12 Oak Hollow"}],
    )
    path = tmp_path / "note.md"
    path.write_text("Ana and ana ruiz prado\nused qvpspjuockzar, ana.cleans.atx.\nShe lives at 12 Oak Hollow; A is her account.\n")
    assert found(path) == []
    told = scan([path], clean=True, known=known(m))
    assert [(one.where, one.kind) for one in told.found] == [
        ("line 1", "a person's name"), ("line 2", "a device"), ("line 2", "a page on a social network"),
        ("line 3", "a street address"),
    ]  # fmt: skip
    assert told.written[0].read_text() == "Ana and name •••\nused device •••, social •••.\nShe lives at address •••; A is her account.\n"


def test_our_own_templates_and_pages_hold_nothing():
    # the page that tells how identifiers are written is full of them, made up as they are
    pages = [page for page in (ROOT / "docs").rglob("*") if page.is_file() and page.name != "identifiers.md" and page.suffix != ".png"]
    assert str(scan([ROOT / "notebooks", *pages, *ROOT.glob("*.md")])).startswith("no raw identifier found")


def test_nothing_is_lost_where_nothing_is_found(tmp_path):
    for source in sorted((ROOT / "notebooks").glob("*.ipynb")):
        content = source.read_bytes()
        assert rebuild(source.name, content, unchanged) == content


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=200), ending=st.sampled_from(["ipynb", "json", "csv", "xlsx", "parquet", "gz", "db"]))
def test_no_file_whatever_is_in_it_ends_in_a_traceback(content, ending):
    with contextlib.suppress(UnreadableError):
        assert rebuild(f"x.{ending}", content, unchanged) == content


@pytest.mark.slow
def test_the_hook_for_pre_commit_stops_a_commit(tmp_path):
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    name, *rest = hook["entry"].split()
    (tmp_path / "good.ipynb").write_text('{"cells": []}')
    notebook(tmp_path)
    command = [str(Path(sys.executable).with_name(name)), *rest, "good.ipynb", "case.ipynb"]
    stopped = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert stopped.returncode == 1
    assert "case.ipynb, cell 2, source, line 2: a phone number" in stopped.stdout
    assert "found in 1 of 2 files" in stopped.stdout
    assert PHONE not in stopped.stdout + stopped.stderr


def test_the_hook_looks_at_every_form_that_export_writes():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    written = ("csv", "xlsx", "parquet", "json", "html", "svg", "graphml", "gexf", "ipynb")
    assert [ending for ending in written if not re.search(hook["files"], f"case.{ending}")] == []
