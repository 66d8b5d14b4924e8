"""Hostile names: a hundred texts in every field of a market, shown in every way; a real browser sees none of them run."""

import csv
import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pandas as pd
import pytest

import tnskit as tns
from tests.conftest import ROOT
from tests.hostile_market import IDS, PAYLOADS, hostile_market
from tests.letters import ALL, hostile
from tests.workbench.browsers import chromium_in, complaints, outside, served, wait
from tests.workbench.test_panels import texts
from tnskit.review.wording import LANGUAGES
from tnskit.workbench import app
from tnskit.workbench.notebooks import sample_market

# a picture has no glyph for a line feed in a name, and says so
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.filterwarnings("ignore:Glyph")]

LIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
HEAD = "<!doctype html><meta charset=utf-8><title>quiet</title><script>function hit() { window.struck = 1 }</script>"
STRUCK = "return [window.struck === undefined, document.title]"


@pytest.fixture(scope="module")
def market() -> Any:
    return hostile_market()


@pytest.fixture(scope="module")
def values(market: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Everything that people look at, by name."""
    links = tns.link(market)
    ring = tns.rings(links, label="possible")["accounts"].iloc[0]
    check = tns.precheck(market, links, ring[0])
    log = tns.CaseLog(tmp_path_factory.mktemp("cases") / "cases.db", by="ana")
    case = log.read(log.open(check, trigger=PAYLOADS[4]), PAYLOADS[5])
    log.note(case, PAYLOADS[6])
    case = log.case(case.id)
    yield {
        "memo": tns.memo(case), "case_panel": tns.panel(case),
        "check": check, "explanation": tns.explain(links, *ring[:2]), "graph": tns.graph(links, around=ring[0]), "links": links,
        "lookup": tns.lookup(links, ring[0]), "rings": tns.rings(links, label="possible"), "market": market,
        "queue": tns.triage(market, links, days=4000), "measures": tns.measure(market), "timeline": tns.timeline(market, list(IDS[:20])),
        "check_panel": tns.panel(check), "lookup_panel": tns.panel(links), "report": market.report, "rejected": market.rejected,
    } | {f"table_{name}": market.table(name) for name in ("accounts", "jobs", "messages", "reviews", "reports", "actions", "payments")}  # fmt: skip
    log.close()


@pytest.fixture(scope="module")
def browser(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium_in(chromium, tmp_path_factory.mktemp("browser"), height=900) as made:
        yield made


def quiet(browser: Any, page: Path) -> bool:
    """Open a page, wait for what it may still do, and tell whether it did nothing."""
    outside(browser)
    browser.get(page.as_uri())
    browser.execute_async_script("const end = arguments[0]; setTimeout(end, 400)")
    unstruck, title = browser.execute_script(STRUCK)
    return bool(unstruck and title != "hit" and outside(browser) == [])


def test_there_are_a_hundred_and_the_browser_would_notice(browser: Any, tmp_path: Path) -> None:
    assert len(PAYLOADS) == len(set(IDS)) == 100
    noticed = 0
    for number, payload in enumerate(PAYLOADS[:38]):
        page = tmp_path / f"{number}.html"
        page.write_text(f"{HEAD}<div>{payload}</div>", encoding="utf-8")
        noticed += not quiet(browser, page)
    assert noticed >= 20


def test_nothing_runs_in_what_notebooks_and_panels_show(browser: Any, values: dict[str, Any], tmp_path: Path) -> None:
    parts = []
    for name, value in values.items():
        for told in (getattr(value, "_repr_html_", None), getattr(value, "static", None)):
            parts += [f"<h2>{name}</h2>{told()}"] if told else []
        parts += [texts(value)] if name.endswith("_panel") else []
    assert len(parts) > 15
    page = tmp_path / "page.html"
    page.write_text(HEAD + "".join(parts), encoding="utf-8")
    assert html.escape(IDS[0])[:20] in page.read_text(encoding="utf-8")
    assert quiet(browser, page)


@pytest.mark.parametrize("place", range(len(LANGUAGES)), ids=LANGUAGES)
def test_nothing_runs_in_any_letter(browser: Any, place: int, tmp_path: Path) -> None:
    """Every letter and variant in each language, a payload in all of its fields, without the guard that a page of its own has."""
    market, parts = tns.load(sample_market()), []
    for number, (code, variant) in enumerate(ALL, start=place * len(ALL)):
        told = hostile(market, code, variant, PAYLOADS[number % len(PAYLOADS)][:900])
        made = tns.letter(told, template=code, lang=LANGUAGES[place], variant=variant)
        parts += [made.html.partition("<body>")[2], made._repr_html_()]
    page = tmp_path / "page.html"
    page.write_text(HEAD + "".join(parts), encoding="utf-8")
    assert quiet(browser, page)
    assert browser.execute_script("return document.querySelectorAll('main').length") == len(ALL)


@pytest.mark.parametrize(
    "name", ["memo", "check", "explanation", "graph", "links", "lookup", "rings", "market", "queue", "table_reports", "table_accounts"]
)
def test_nothing_runs_in_an_exported_page(browser: Any, values: dict[str, Any], name: str, tmp_path: Path) -> None:
    page = tns.export(values[name], tmp_path / "page.html")
    assert quiet(browser, page)
    assert "hostile.invalid" not in browser.execute_script(
        "return [...document.querySelectorAll('[src],[href]')].map(x => x.outerHTML).join()"
    )


@pytest.mark.parametrize("name", ["check", "graph", "links", "lookup", "rings", "market", "queue", "table_jobs", "table_accounts"])
def test_no_formula_is_live_in_a_workbook(values: dict[str, Any], name: str, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(tns.export(values[name], tmp_path / "book.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 10
    assert [
        cell.value
        for cell in cells
        if cell.data_type == "f" or cell.hyperlink or (isinstance(cell.value, str) and cell.value.startswith(LIVE))
    ] == []


@pytest.mark.parametrize("name", ["lookup", "links", "queue", "table_jobs", "table_accounts", "table_reports"])
def test_no_formula_is_live_in_a_csv(values: dict[str, Any], name: str, tmp_path: Path) -> None:
    # the reader's own bound is below the text of a megabyte
    csv.field_size_limit(10**7)
    with tns.export(values[name], tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as lines:
        fields = [field for line in csv.reader(lines) for field in line]
    assert len(fields) > 10
    numbers = pd.to_numeric(pd.Series(fields), errors="coerce").notna()
    assert [field for field, number in zip(fields, numbers, strict=True) if field.startswith(LIVE) and not number] == []


def test_nothing_runs_in_a_page_without_code(chromium: str, tmp_path: Path) -> None:
    begin = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport tnskit as tns\nfrom tests.hostile_market import IDS, hostile_market"
    sources = [
        begin, "market = hostile_market()\nlinks = tns.link(market)\nring = tns.rings(links, label='possible')['accounts'].iloc[0]",
        "check = tns.precheck(market, links, ring[0])\ndisplay(market.report, check, tns.explain(links, *ring[:2]), tns.triage(market, links, days=4000))",
        "display(market.table('jobs').head(100), market.table('accounts').head(100))",
        "tns.panel(links)", "tns.panel(check, log=tns.CaseLog(None, by='ana'))", "print(*IDS)", "print('the' + ' end')",
    ]  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Quiet"), *map(nbformat.v4.new_code_cell, sources)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "quiet.ipynb")
    words = app.command(tmp_path / "quiet.ipynb", browser=False, port=app.free_port())
    with (
        served(words, app.surroundings(), tmp_path, "Voila") as (address, token),
        chromium_in(chromium, tmp_path / "browser", height=900) as browser,
    ):
        browser.get(f"{address}?token={token}")
        wait("the end", lambda: "the end" in browser.page_source and "Look an account up" in browser.page_source)
        browser.execute_async_script("const end = arguments[0]; setTimeout(end, 1500)")
        assert browser.execute_script("return document.querySelectorAll('.tns-panel').length") >= 2
        assert html.escape(IDS[0])[:20] in browser.page_source
        unstruck, title = browser.execute_script(STRUCK)
        assert (unstruck, title == "hit", outside(browser), complaints(browser)) == (True, False, [], [])
