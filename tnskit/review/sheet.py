"""HTML pages that stand alone: one file, no script, nothing fetched, for light, dark and paper."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import pandas as pd

MOST_ROWS = 2_000
"""Rows of a table on a page; the whole table belongs in a .csv, .xlsx or .parquet."""
CUT = "{shown:,} of {of:,} rows"
"""What stands under a table of which rows are left out."""
STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1a1c1e; --soft: #5b6167; --line: #dadde1;
  --wash: #f4f5f7; --stop: #b3401a; --ask: #8a6100; --proceed: #00694b }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #15181b; --ink: #edeff1; --soft: #a9b0b7;
  --line: #3a4046; --wash: #1d2125; --stop: #ff8a3d; --ask: #f0c04a; --proceed: #3fd0a4 } }
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto;
  max-width: 62rem; padding: 0 1.2rem }
h1 { font-size: 1.6rem; margin: 0 0 .8rem } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem .35rem 0; text-align: left;
  vertical-align: top; overflow-wrap: break-word; white-space: pre-line }
th { color: var(--soft); font-weight: 600 }
td.n, th.n { text-align: right; white-space: nowrap; padding-right: 1rem }
.wide { overflow-x: auto } .note, footer { color: var(--soft); font-size: .9rem }
.banner { border-left: .5rem solid var(--soft); background: var(--wash); padding: .8rem 1rem;
  font-size: 1.1rem }
.stop { border-color: var(--stop) } .ask { border-color: var(--ask) }
.proceed { border-color: var(--proceed) }
.banner b { text-transform: uppercase; letter-spacing: .04em } .stop b { color: var(--stop) }
.ask b { color: var(--ask) } .proceed b { color: var(--proceed) }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem } .two > div { min-width: 0 }
@media (max-width: 46rem) { .two { grid-template-columns: 1fr } }
img { max-width: 100%; height: auto; display: block } figure { margin: 1rem 0 }
footer { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: .8rem }
@media print { body { margin: 0; max-width: none; font-size: 11pt } h2 { break-after: avoid }
  figure, tr, .banner { break-inside: avoid } .wide { overflow: visible }
  .banner { -webkit-print-color-adjust: exact; print-color-adjust: exact } }
"""

_GUARD = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""Should something foreign ever get into a page, a browser still fetches nothing and runs nothing."""


MOST_LETTERS = 5_000
"""Letters of one cell of a table; a browser stands still over a megabyte without a space, and nobody reads it."""


def page(title: str, parts: list[str], *, footer: str = "", lang: str = "en") -> str:
    """Give one HTML page that stands alone.

    Args:
        title: Heading, as text.
        parts: Pieces of HTML, already escaped (`table`, `picture` and `words` give such).
        footer: Last line, as text.
        lang: Language of the page.
    """
    head = (
        f'<!doctype html>\n<html lang="{html.escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_GUARD}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
    )
    foot = f"<footer>{html.escape(footer)}</footer>\n" if footer else ""
    body = "\n".join(parts)
    return f"{head}<body>\n<main>\n<h1>{html.escape(title)}</h1>\n{body}\n</main>\n{foot}</body>\n</html>\n"


def words(text: str, *, kind: str = "") -> str:
    """Give a text as paragraphs; `kind` is a class of the stylesheet."""
    mark = f' class="{kind}"' if kind else ""
    return "".join(f"<p{mark}>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())


def table(frame: pd.DataFrame, *, most: int = MOST_ROWS, empty: str = "nothing found", cut: str = CUT) -> str:
    """Give a table; says "N of M" where rows are left out, in the words of `cut`."""
    if frame.empty:
        return words(empty, kind="note")
    numeric = [pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype) for dtype in frame.dtypes]
    head = _row("th", frame.columns, numeric)
    rows = "".join(_row("td", row, numeric) for row in frame.head(most).itertuples(index=False, name=None))
    note = words(cut.format(shown=most, of=len(frame)), kind="note") if len(frame) > most else ""
    return f'<div class="wide"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>{note}'


def _row(tag: str, cells: Iterable[Any], numeric: list[bool]) -> str:
    told = zip(cells, numeric, strict=True)
    marks = {True: ' class="n"', False: ""}
    inside = "".join(f"<{tag}{marks[n]}>{html.escape(cell(one))}</{tag}>" for one, n in told)
    return f"<tr>{inside}</tr>"


def cell(value: Any) -> str:
    """Give one value as a person reads it."""
    if isinstance(value, list | tuple):
        return _fitting(", ".join(str(one) for one in value))
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return _fitting(str(value))


def _fitting(text: str) -> str:
    return f"{text[:MOST_LETTERS]} ... ({len(text):,} letters, cut)" if len(text) > MOST_LETTERS else text
