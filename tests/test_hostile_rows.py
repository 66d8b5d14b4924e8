"""100,000 rows of hostile text, broken encodings, NULs, cells of 10 MB, formulas and HTML: no failure, no lost row, no live formula."""

import csv
import gzip
import io
import json
import random
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import tnskit as tns

pytestmark = pytest.mark.slow

BIG = 10 << 20
HOSTILE = [
    "=cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)", "\t=1+1", "\r=1+1", "＝1＋1", '=HYPERLINK("http://x.example","a")',
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "'\"><svg/onload=alert(1)>", "{{7*7}}", "${7*7}",
    "'; DROP TABLE people; --", "%s%n%x", "../../etc/passwd", "\x00", "a\x00b", "\x1f|\x1f", "\x1b[31mred", "\u202e312 555", "\ufeff", "\u200b",
    "é" * 300, "🤖" * 50, "٣١٢٥٥٥٢٣٦٨", "NaN", "1e999", "-0", "null", "", " ", "\n", "line\nline", 'quote " in', "comma, in", "\\", "\\N", "\U000e0041",
    "312-555-2368", "2d00:1:2:3::1", "ana@mail.example", "11.2.3.4", "fp_77aa88cc", "12 Oak St", "2024-01-01T00:00:00Z", "9" * 400, "BAD*BYTES",
]  # fmt: skip
KINDS = ["phone", "email", "card", "ip", "device", "address", "licence", "social", "payout", "tax_id", "=1+1", "<b>", "\x00", ""]
BAD = "BAD*BYTES"


def text(rng: random.Random) -> str:
    """A hostile cell, two of them glued, or marks from anywhere in Unicode."""
    dice = rng.random()
    if dice < 0.6:
        return rng.choice(HOSTILE)
    if dice < 0.8:
        return rng.choice(HOSTILE) + rng.choice(HOSTILE)
    return "".join(
        chr(rng.choice([rng.randrange(1, 0x250), rng.randrange(0x250, 0xD800), rng.randrange(0xE000, 0x110000)])) for _ in range(12)
    )


def spoilt(content: str) -> bytes:
    """Bytes with what is no UTF-8 in them."""
    return content.encode().replace(BAD.encode(), b"\xff\xfe\xc3\x28\xa0")


def written(header: list[str], rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows([header, *rows])
    return spoilt(stream.getvalue())


def loose(rng: random.Random) -> str:
    """A line of a CSV file that keeps no rules: quotes inside cells, too few and too many cells."""
    cells = [text(rng).replace("\n", " ").replace("\r", " ").replace(",", ";") for _ in range(rng.choice([2, 6, 6, 6, 6, 9]))]
    return ",".join([f"A{rng.randrange(5_000)}", *(f'x"{cell.replace(chr(34), "")}' if cell[:1] == '"' else cell for cell in cells)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports of 100,000 rows in all, in five forms."""
    made, rng = tmp_path_factory.mktemp("hostile"), random.Random(9)
    names = [f"A{n}" for n in range(5_000 - len(HOSTILE))]
    ids = [*names, *(f"{word}{n}" for n, word in enumerate(HOSTILE))]
    accounts = [[name, text(rng), text(rng), text(rng), text(rng)] for name in ids]
    (made / "accounts.csv").write_bytes(written(["account_id", "role", "status", "created_at", "display_name"], accounts))
    seen = [[rng.choice(ids), rng.choice(KINDS), text(rng), text(rng)] for _ in range(60_000)]
    seen[77][2], seen[78][1:3] = "=" + "x" * BIG, ["email", "a" * BIG + "@mail.example"]
    (made / "identifiers.csv.gz").write_bytes(gzip.compress(written(["account_id", "kind", "value", "seen_at"], seen), 1))
    said = [
        {
            "message_id": f"M{n}",
            "sender_account_id": rng.choice(ids),
            "sent_at": "2024-01-01T00:00:00Z",
            "body_redacted": text(rng),
            rng.choice(HOSTILE): 1,
        }
        for n in range(15_000)
    ]
    said[5]["body_redacted"] = "<b>" * (BIG // 3)
    for one in said[::50]:
        one["sent_at"] = {"a": [text(rng)]}
    (made / "messages.jsonl").write_bytes(b"\n".join(spoilt(json.dumps(one, ensure_ascii=n % 2 == 0)) for n, one in enumerate(said)))
    lines = ["account_id,line1,unit,city,region,postal,first_seen", *(loose(rng) for _ in range(10_000))]
    (made / "addresses.csv").write_bytes(spoilt("\n".join(lines)))
    logins = {name: [text(rng) for _ in range(10_000)] for name in ("at", "ip", "device_id", "user_agent", "outcome")}
    frame = pd.DataFrame({"login_id": [f"L{n}" for n in range(10_000)], "account_id": rng.choices(ids, k=10_000), **logins})
    frame.to_parquet(made / "logins.parquet")
    return made


@pytest.fixture(scope="module")
def market(folder: Path) -> tns.Market:
    return tns.load(folder, tz="UTC")


def test_no_row_is_lost(market: tns.Market) -> None:
    tables = market.report.tables.set_index("table")
    came = {"accounts": 5_000, "identifiers": 60_000, "messages": 15_000, "addresses": 10_000, "logins": 10_000}
    assert tables["rows_in"].to_dict() == came
    assert sum(came.values()) == 100_000
    assert (tables["kept"] + tables["rejected"]).to_dict() == came
    for name, many in came.items():
        aside = market.rejected.loc[market.rejected["table"] == name, "row"].tolist()
        held = [row for (row,) in market.db.execute(f"SELECT row FROM vault.{name}").fetchall()]
        assert len(set(aside)) == len(aside) == tables["rejected"][name]
        assert {*aside, *held} == set(range(1, many + 1))
    # as much as can be read is kept: a name or a moment that says nothing costs no row
    assert tables["kept"]["accounts"] > 4_900
    assert tables["kept"]["logins"] > 9_900
    assert tables["kept"]["messages"] > 14_600


class Live(HTMLParser):
    """Collects what a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "object", "embed", "svg", "base", "form"}:
            self.found.append(tag)
        self.found += [name for name, value in attrs if name.startswith("on") or (value or "").strip().lower().startswith("javascript:")]


def live_formulas(path: Path) -> list[str]:
    """Cells that a spreadsheet would run."""
    if path.suffix == ".xlsx":
        cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
        return [str(cell.value)[:40] for cell in cells if cell.data_type == "f" or (cell.data_type == "s" and starts(str(cell.value)))]
    with path.open(newline="", encoding="utf-8") as stream:
        return [cell[:40] for row in csv.reader(stream) for cell in row if starts(cell)]


def starts(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    return False


def test_whatever_is_exported_runs_nowhere(market: tns.Market, tmp_path: Path) -> None:
    links = tns.link(market)
    assert len(links.pairs) > 100
    one = links.pairs.iloc[0]
    odd = links.pairs[links.pairs["a"].str.startswith(("=", "+", "-", "@"))]
    assert len(odd) > 5
    values = {
        "links": links, "market": market, "accounts": market.accounts, "rejected": market.rejected, "table": market.table("logins"),
        "lookup": tns.lookup(links, odd.iloc[0]["a"]), "explained": tns.explain(links, one["a"], one["b"]), "rings": tns.rings(links),
    }  # fmt: skip
    csv.field_size_limit(2 * BIG)
    for name, value in values.items():
        for ending in ("csv", "xlsx", "html", "json"):
            if name == "market" and ending == "csv":
                continue
            path = tns.export(value, tmp_path / f"{name}.{ending}")
            if ending in {"csv", "xlsx"}:
                assert live_formulas(path) == [], path.name
            elif ending == "html":
                page = Live()
                page.feed(path.read_text(encoding="utf-8"))
                assert page.found == [], path.name
            else:
                json.loads(path.read_text(encoding="utf-8"))
    page = Live()
    page.feed(market.report._repr_html_())
    assert page.found == []
