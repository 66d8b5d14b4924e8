"""The load report as HTML: one piece that stands in a notebook or on a page, light or dark, with nothing to fetch or run."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import pandas as pd

# In a notebook the colours are its own, on a page those of the page, elsewhere these.
STYLE = """
.tns-report { color-scheme: light dark; --i: var(--jp-content-font-color1, var(--ink, light-dark(#1a1c1e, #edeff1)));
  --s: var(--jp-content-font-color2, var(--soft, light-dark(#5b6167, #a9b0b7)));
  --l: var(--jp-border-color2, var(--line, light-dark(#dadde1, #3a4046)));
  --k: light-dark(#0072b2, #56b4e9); --a: light-dark(#d55e00, #ff8a3d); color: var(--i); max-width: 62rem; line-height: 1.5 }
.tns-report h3 { font-size: 1.05em; margin: 1.6em 0 .4em; font-weight: 600 }
.tns-report .head { font-size: 1.25em; font-weight: 600; margin: 0 0 .6em }
.tns-report .wide { overflow-x: auto }
.tns-report table { border-collapse: collapse; font-size: .92em; margin: 0; width: 100% }
.tns-report th, .tns-report td { background: none; border: 0; border-bottom: 1px solid var(--l); padding: .3em .9em .3em 0;
  text-align: left; vertical-align: top; white-space: normal; max-width: 34rem; overflow-wrap: anywhere }
.tns-report th { color: var(--s); font-weight: 600; white-space: nowrap; overflow-wrap: normal }
.tns-report .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.tns-report td.bar { width: 9rem; min-width: 6rem; padding-right: 0; vertical-align: middle }
.tns-report .bar span { display: flex; height: .55em; border-radius: .3em; overflow: hidden; background: var(--l) }
.tns-report .bar i { background: var(--k) } .tns-report .bar b { background: var(--a) }
.tns-report ul { margin: 0; padding-left: 1.2em } .tns-report li { margin: .15em 0; overflow-wrap: anywhere }
.tns-report .soft { color: var(--s); margin: .2em 0; overflow-wrap: anywhere } .tns-report summary { cursor: pointer }
.tns-report details { margin-top: 1.6em } .tns-report summary h3 { display: inline }
"""


@dataclass(frozen=True)
class Part:
    """One part of the page: lines or a table under a heading.

    Attributes:
        title: The heading.
        lines: Sentences.
        table: A frame.
        empty: What stands there where nothing was found.
        bar: Column of the table with a share that is missing, shown as a bar too.
        folded: Whether the part is closed until it is clicked.
        most: Rows of the table that are shown; all of them are in the frames of the report.
    """

    title: str
    lines: tuple[str, ...] = ()
    table: pd.DataFrame | None = None
    empty: str = ""
    bar: str = ""
    folded: bool = False
    most: int = 100


def page(headline: str, tables: pd.DataFrame, parts: list[Part], *, foot: str) -> str:
    """Give the whole report as one piece of HTML; the first part stands above the tables that came in."""
    first, *others = map(_part, parts)
    return (
        f'<div class="tns-report"><style>{STYLE}</style><p class="head">{html.escape(headline)}</p>{first}'
        f'<h3>What came in</h3><p class="soft">Blue is kept, orange is set aside.</p>{_tables(tables)}{"".join(others)}'
        f'<p class="soft">{html.escape(foot)}</p></div>'
    )


def _tables(tables: pd.DataFrame) -> str:
    head = '<tr><th>table</th><th>from</th><th class="n">rows in</th><th class="n">kept</th><th class="n">set aside</th><th></th></tr>'
    rows = [
        f'<tr><td>{html.escape(r["table"])}</td><td>{html.escape(r["file"])}</td><td class="n">{r["rows_in"]:,}</td>'
        f'<td class="n">{r["kept"]:,}</td><td class="n">{r["rejected"]:,}</td>{_bar(r["kept"], r["rejected"], r["rows_in"])}</tr>'
        for r in tables.to_dict("records")
    ]
    return f'<div class="wide"><table><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table></div>'


def _bar(good: float, bad: float, total: float) -> str:
    """A thin bar: what is good, what is bad, and nothing for the rest."""
    if not total:
        return '<td class="bar"></td>'
    # what is there at all stays visible
    right = max(100 * bad / total, 1.5) if bad else 0.0
    left = min(max(100 * good / total, 1.5) if good else 0.0, 100 - right)
    rest = f'<b style="width:{right:.1f}%"></b>' if bad else ""
    return f'<td class="bar"><span><i style="width:{left:.1f}%"></i>{rest}</span></td>'


def _part(part: Part) -> str:
    if part.table is not None and len(part.table):
        inside = _frame(part.table, part.bar, part.most)
    elif part.lines:
        inside = f"<ul>{''.join(f'<li>{html.escape(line)}</li>' for line in part.lines)}</ul>"
    else:
        inside = f'<p class="soft">{html.escape(part.empty)}</p>'
    title = f"<h3>{html.escape(part.title)}</h3>"
    return f"<details><summary>{title}</summary>{inside}</details>" if part.folded else title + inside


def _frame(frame: pd.DataFrame, bar: str, most: int) -> str:
    numbers = [pd.api.types.is_numeric_dtype(dtype) for dtype in frame.dtypes]
    names = [str(name) for name in frame.columns]
    head = "".join(f"<th{_n(number)}>{html.escape(name.replace('_', ' '))}</th>" for name, number in zip(names, numbers, strict=True)) + (
        "<th></th>" if bar else ""
    )
    rows = []
    for row in frame.head(most).itertuples(index=False, name=None):
        cells = "".join(
            f"<td{_n(number)}>{html.escape(_cell(value, name))}</td>" for value, number, name in zip(row, numbers, names, strict=True)
        )
        rows.append(f"<tr>{cells}{_bar(1 - row[names.index(bar)], 0, 1) if bar else ''}</tr>")
    cut = f'<p class="soft">{most:,} of {len(frame):,} rows</p>' if len(frame) > most else ""
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>{cut}'


def _n(number: bool) -> str:
    return ' class="n"' if number else ""


def _cell(value: Any, name: str) -> str:
    if name in {"share", "null_rate"}:
        return f"{100 * value:.1f} %"
    return f"{value:,}" if isinstance(value, int) else str(value)
