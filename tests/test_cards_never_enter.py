"""2,000 made-up card numbers in every disguise, planted all over a market: none is in anything that comes out of it."""

import gzip
import io
import re
import tempfile
import zipfile
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import tnskit as tns
from tests.planted import DISGUISES, card_numbers
from tnskit.cleaning.cards import REDACTED
from tnskit.cleaning.disguise import views
from tnskit.cleaning.schema import TABLES
from tnskit.training.sample import write_sample
from tnskit.workbench.notebooks import run
from tnskit.workbench.pages import check_page

MANY = 2_000
NUMBERS = card_numbers(MANY, seed=5)
PLANTED = {number: write(number) for number, write in zip(NUMBERS, list(DISGUISES.values()) * (MANY // len(DISGUISES) + 1), strict=False)}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a small market and, with two rows each, those that it lacks, with every column of ours."""
    found = {path.stem: pd.read_csv(path, dtype=str) for path in sorted(folder.glob("*.csv"))}
    for name, table in TABLES.items():
        held = found.get(name, pd.DataFrame({"exported_at": ["2024-01-01T00:00:00Z"] * 2}))
        for column in (c for c in table.names if c not in held):
            held[column] = pd.Series(["x"] * len(held), dtype=str) if column.endswith("id") else None
        found[name] = held.astype(object)
    return found


def plant(found: dict[str, pd.DataFrame]) -> None:
    """Put one number into one cell after another, over all columns of all tables.

    Ids are joined on, so they get plain numbers only; the disguised ones go to the other columns.
    """
    places = [(name, column) for name, frame in sorted(found.items()) for column in frame.columns]
    ids = {(name, c.name) for name, table in TABLES.items() for c in table.columns if c.type in {"id", "at"}}
    rows = dict.fromkeys(places, 0)
    at = 0
    for number, disguised in PLANTED.items():
        while True:
            place = places[at % len(places)]
            at += 1
            if rows[place] < len(found[place[0]]) and (place not in ids or disguised == number):
                break
        name, column = place
        said = disguised if place in ids or number[-1] in "02468" else f"note: {disguised} (Ana)"
        found[name].loc[rows[place], column] = said
        rows[place] += 1


def write(found: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write the tables in all formats that are read."""
    for name, frame in found.items():
        if name == "messages":
            frame.astype("string").to_parquet(folder / f"{name}.parquet")
        elif name == "reviews":
            frame.to_json(folder / f"{name}.jsonl", orient="records", lines=True)
        elif name == "reports":
            frame.map(lambda cell: CONTROL.sub("", cell) if isinstance(cell, str) else cell).to_excel(folder / f"{name}.xlsx", index=False)
        elif name == "payments":
            frame.to_csv(folder / f"{name}.csv.gz", index=False)
        else:
            frame.to_csv(folder / f"{name}.csv", index=False)
    (folder / f"{NUMBERS[0]}.csv").write_text(f"{NUMBERS[1]},{NUMBERS[2]}\n1,2\n")


def told(path: Path) -> str:
    """All that a file says: its bytes, and what is packed in them."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist()).replace("_x000D_", "\r")
    if content.startswith(b"PAR1"):
        rows = duckdb.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)]).fetchall()
        return repr(rows) + "\n".join(str(cell) for row in rows for cell in row)
    return content.decode("utf-8", "replace")


def survivors(folder: Path) -> dict[str, str]:
    """The planted numbers that any file of a folder holds: as they were written, or digit for digit in any reading."""
    left: dict[str, str] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = told(path) + path.name
        read = [re.sub("[^0-9]", "", view.text) for view in views(text)]
        starts: dict[str, list[str]] = {}
        for number in NUMBERS:
            starts.setdefault(number[:13], []).append(number)
        for digits in read:
            for place in range(len(digits) - 12):
                for number in starts.get(digits[place : place + 13], ()):
                    if digits.startswith(number, place):
                        left[number] = path.name
        left |= {number: path.name for number, disguised in PLANTED.items() if disguised in text}
    return left


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    write_sample(folder / "made", folder / "truth", accounts=250, seed=9)
    found = tables(folder / "made")
    plant(found)
    (folder / "market").mkdir()
    write(found, folder / "market")
    return folder


@pytest.fixture(scope="module")
def market(planted):
    with pytest.MonkeyPatch.context() as patch:
        (planted / "tmp").mkdir()
        (planted / "here").mkdir()
        patch.setattr(tempfile, "tempdir", str(planted / "tmp"))
        patch.chdir(planted / "here")
        yield tns.load(planted / "market", tz="UTC")


def test_the_search_finds_all_of_them_in_what_was_brought(planted):
    assert len(survivors(planted / "market")) == MANY


def test_every_cell_is_counted_and_no_row_is_lost(market):
    own = 1  # the made-up market has a card number in a message itself; names are masked where they are read
    assert market.report.redacted == MANY + own
    table = market.report.tables
    assert (table["rows_in"] == table["kept"] + table["rejected"]).all()


@pytest.mark.slow
def test_none_is_in_the_database_with_its_vault(market, planted):
    out = planted / "database"
    out.mkdir()
    market.db.execute(f"EXPORT DATABASE '{out}/csv' (FORMAT csv)")
    market.db.execute(f"EXPORT DATABASE '{out}/parquet' (FORMAT parquet)")
    market.db.execute("PRAGMA force_compression = 'uncompressed'")
    market.db.execute(f"ATTACH '{out}/saved.duckdb' AS saved")
    market.db.execute("CREATE SCHEMA saved.vault")
    for schema, name in market.db.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT temporary").fetchall():
        if schema == "vault":
            market.db.execute(f'CREATE TABLE saved.vault."{name}" AS FROM memory.vault."{name}"')
    market.db.execute("CHECKPOINT saved")
    market.db.execute("DETACH saved")
    assert (out / "saved.duckdb").stat().st_size > 100_000
    assert REDACTED in (out / "saved.duckdb").read_bytes().decode("utf-8", "replace")
    assert survivors(out) == {}


@pytest.mark.slow
def test_none_is_in_anything_that_is_written_or_shown(market, planted):
    out = planted / "out"
    links = tns.link(market)
    links.write(out / "links")
    account = links.pairs["a"].iloc[0]
    graph = tns.graph(links, around=account, hops=2)
    for value in (links, market, graph, tns.rings(links), tns.precheck(market, links, account), tns.timeline(market, [account])):
        for ending in ("xlsx", "html", "json", *(() if isinstance(value, tns.Market | tns.Check) else ("csv", "parquet"))):
            tns.export(value, out / f"{type(value).__name__}-{id(value)}.{ending}")
    for name in TABLES:
        tns.export(market.table(name), out / f"table-{name}.csv")
    market.rejected.to_csv(out / "rejected.csv")
    (out / "page.html").write_text(check_page(tns.precheck(market, links, account)))
    shown = [repr(market), str(market.report), market.report._repr_html_(), repr(links), market.accounts.to_csv(), repr(market.settings)]
    (out / "shown.txt").write_text("\n".join(shown))
    assert survivors(out) == {}


def test_nothing_was_left_in_temporary_files_or_where_it_ran(market, planted):
    assert [path.name for folder in ("tmp", "here") for path in (planted / folder).rglob("*") if path.is_file()] == []


@pytest.mark.slow
def test_none_is_in_a_notebook_that_ran_on_them(planted):
    for ending in ("ipynb", "html"):
        run("use_your_own_data", {"data": str(planted / "market")}, planted / f"ran/start.{ending}", progress=False)
    assert survivors(planted / "ran") == {}
