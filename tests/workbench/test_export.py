import json
import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import matplotlib as mpl
import networkx as nx
import openpyxl
import pandas as pd
import pytest

from tests.markets import CARD, IP, PHONE, linked
from tnskit.errors import UsageError
from tnskit.evidence.links import Links
from tnskit.findings.explain import explain
from tnskit.findings.graph import graph
from tnskit.findings.rings import rings
from tnskit.findings.timeline import timeline
from tnskit.review.precheck import precheck
from tnskit.workbench.export import export
from tnskit.workbench.pages import check_page, page

mpl.use("Agg")


@pytest.fixture(scope="module")
def links() -> Links:
    day = "2024-01-01 2024-06-01"
    return linked("A B C", *[f"{name} phone {PHONE.replace(' ', '-')} {day}" for name in "AB"],
                  *[f"{name} card {CARD} {day}" for name in "AB"], f"C ip {IP} {day}")  # fmt: skip


class Asked(HTMLParser):
    """Every address that a page would ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        names = ("src", "srcset", "data") + (("href",) if tag != "a" else ())
        self.found += [str(told[name]) for name in names if told.get(name)]
        self.found += [tag] if tag in {"script", "iframe", "object", "embed"} else []


def asked(text: str) -> list[str]:
    reader = Asked()
    reader.feed(text)
    return [one for one in reader.found if not one.startswith("data:image/png;base64,")] + re.findall(r"url\(|@import", text)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "json", "html"])
def test_a_table_goes_to_every_form(links: Links, tmp_path: Path, ending: str) -> None:
    pairs = links.pairs
    path = export(pairs, tmp_path / f"new/pairs.{ending}")
    read = {
        "csv": lambda: pd.read_csv(path, keep_default_na=False),
        "xlsx": lambda: pd.read_excel(path, keep_default_na=False),
        "parquet": lambda: duckdb.sql(f"SELECT * FROM '{path}'").df(),
        "json": lambda: pd.DataFrame(json.loads(path.read_text())),
        "html": lambda: pairs,
    }[ending]()
    assert read[["a", "b", "score", "label"]].values.tolist() == pairs[["a", "b", "score", "label"]].values.tolist()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1+1"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_formula_runs(tmp_path: Path, text: str, ending: str) -> None:
    path = export(pd.DataFrame({text: [text, "plain"], "n": [-1.5, 2.0]}), tmp_path / f"t.{ending}")
    if ending == "csv":
        found = pd.read_csv(path)
        cells = [*found.columns, *found.iloc[:, 0]]
    else:
        sheet = openpyxl.load_workbook(path).active
        cells = [cell.value for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert [cell for cell in cells if isinstance(cell, str) and cell.startswith(tuple("=+-@\t\r\n＝"))] == []
    assert "plain" in cells


def test_lists_moments_and_control_characters(tmp_path: Path) -> None:
    frame = pd.DataFrame({"who": [["A", "B"]], "at": [pd.Timestamp("2024-01-02 03:04", tz="America/Chicago")], "x": ["a\x07b"]})
    assert export(frame, tmp_path / "t.csv").read_text() == "who,at,x\nA B,2024-01-02T09:04:00Z,ab\n"
    assert pd.read_excel(export(frame, tmp_path / "t.xlsx")).values.tolist() == [["A B", "2024-01-02T09:04:00Z", "ab"]]


def test_links_fill_two_sheets(links: Links, tmp_path: Path) -> None:
    assert openpyxl.load_workbook(export(links, tmp_path / "l.xlsx")).sheetnames == ["pairs", "crowded"]


def test_a_graph_comes_back(links: Links, tmp_path: Path) -> None:
    made = graph(links, around="A")
    assert dict(nx.read_graphml(export(made, tmp_path / "g.graphml")).nodes(data=True)) == dict(made.nodes(data=True))
    assert set(nx.read_gexf(export(made, tmp_path / "g.gexf")).edges) == set(made.edges)
    told = json.loads(export(made, tmp_path / "g.json").read_text())
    assert nx.utils.graphs_equal(nx.node_link_graph(told, edges="edges"), made)


def values(links: Links) -> dict[str, object]:
    return {
        "graph": graph(links, around="A"),
        "links": links,
        "why": explain(links, "A", "B"),
        "market": links.market,
        "check": precheck(links.market, links, "A"),
        "rings": rings(links),
        "events": timeline(links.market, ["A", "B"]),
    }


@pytest.mark.parametrize("name", ["graph", "links", "why", "market", "check", "rings", "events"])
def test_a_page_stands_alone(links: Links, tmp_path: Path, name: str) -> None:
    text = export(values(links)[name], tmp_path / "page.html").read_text(encoding="utf-8")
    assert asked(text) == []
    assert text.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert "prefers-color-scheme" in text
    assert "@media print" in text


@pytest.mark.parametrize("name", ["graph", "why", "check", "rings", "events"])
@pytest.mark.parametrize("ending", ["html", "svg", "png", "gexf", "json"])
def test_same_in_same_out(links: Links, tmp_path: Path, name: str, ending: str) -> None:
    value = values(links)[name]
    try:
        first = export(value, tmp_path / f"1.{ending}").read_bytes()
    except UsageError:
        return
    assert export(value, tmp_path / f"2.{ending}").read_bytes() == first


def test_a_check_tells_all(links: Links) -> None:
    check = precheck(links.market, links, "A")
    text = check_page(check, graph(links, around="A"), timeline(links.market, ["A", "B"]))
    headings = ("What stops a removal", "For one person", "Against", "Innocent readings", "What is missing")
    for heading in (*headings, "What happened when", "Who is linked", "What this rests on"):
        assert f"<h2>{heading}</h2>" in text
    assert all(code in text for code in check.stops["code"])
    assert text.count("<img ") == text.count(' alt="') == 3
    assert links.sha256 in text


def test_what_comes_in_is_escaped() -> None:
    assert "<script>" not in page("<script>x</script>", [], footer="<script>")


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = export(pd.DataFrame({"a": [1]}), tmp_path / "t.csv")
    with pytest.raises(TypeError):
        export(nx.Graph([("A", object())]), tmp_path / "t.json")
    assert path.read_text() == "a\n1\n"
    assert [file.name for file in tmp_path.iterdir()] == ["t.csv"]


@pytest.mark.parametrize("name", ["t.docx", "t", "t.graphml", "t.png"])
def test_a_wrong_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"cannot be written to .*; it goes to \.csv, \.html, \.json, \.parquet, \.xlsx"):
        export(pd.DataFrame({"a": [1]}), tmp_path / name)


def test_a_wrong_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="export takes a DataFrame"):
        export(3, tmp_path / "t.csv")


def test_a_text_longer_than_a_cell_of_excel_says_that_it_was_cut(tmp_path: Path) -> None:
    written = export(pd.DataFrame({"told": ["a" * 40_000, "b"]}), tmp_path / "long.xlsx")
    cut, whole = openpyxl.load_workbook(written).active.iter_rows(min_row=2, values_only=True)
    assert (len(cut[0]), cut[0][-31:], whole) == (32_767, " ... (cut; a .csv holds it all)", ("b",))


def test_a_page_cuts_a_text_that_would_stop_a_browser_and_says_so(tmp_path: Path) -> None:
    written = export(pd.DataFrame({"told": ["a" * 1_000_000]}), tmp_path / "long.html").read_text()
    assert "aaa ... (1,000,000 letters, cut)" in written
    assert len(written) < 20_000
