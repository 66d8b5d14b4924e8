"""What it costs to clean and mask a long table of identifiers, beside a plain scan of the same file and beside phonenumbers alone.

    python benchmarks/cleaning.py --rows 10000000 --rounds 2 --write

*Plain scan*: DuckDB reads every column of the file and hashes it, the least that anything can do. *Load*: `tns.load` of that
one file: card numbers looked for, dates read, every value cleaned, classed, coded and masked, the report made. It runs once
with all of the machine's memory and once with `memory=`, and both have to give the same report.
*phonenumbers*: `parse`, `is_valid_number` and `format_number` of a million phones that all differ, once each, which is the
floor for whoever asks that library about each of them; beside it what we take for the same phones, cleaned and masked.

Every piece of work runs in a process of its own, in turn, and is done on a few rows first, so that loading of code is not counted.
CPU seconds of all threads, ratios of medians, and the highest memory of the process. `--write` puts the tables into `docs/speed.md`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cleaning_data
import duckdb
from children import Cost, alternate, measured, median, spread

FOLDER = Path(tempfile.gettempdir(), "tnskit-bench")
PAGE = Path(__file__).parent.parent / "docs" / "speed.md"
BEGIN, END = "<!-- cleaning: begin -->", "<!-- cleaning: end -->"
MEMORY = "1GB"
"""What `memory=` is set to in the second run."""

PHONES = """
SELECT CASE n % 3 WHEN 0 THEN '+1' || num WHEN 1 THEN '(' || num[:3] || ') ' || num[4:6] || '-' || num[7:] ELSE num END AS raw
FROM (SELECT n, (212 + n // 8000 % 700)::VARCHAR || (220 + n % 777)::VARCHAR || right('000' || (n * 7919 + n // 777) % 10000, 4) AS num
  FROM range({many}) r(n)) WHERE num NOT LIKE '___555%' AND num[1:3] NOT IN ('310')
"""
"""American phones that all differ, in three spellings."""


def scan(file: Path) -> Any:
    columns = "account_id, kind, value, first_seen, last_seen"
    return duckdb.execute(f"SELECT sum(hash({columns})::HUGEINT % 1000003) FROM read_parquet('{file}')").fetchall()


def loaded(file: Path, memory: str | None = None) -> Any:
    from tnskit.cleaning.market import load

    return load(file, memory=memory)


def distinct_phones(file: Path) -> list[str]:
    return [raw for (raw,) in duckdb.execute(f"SELECT value FROM read_parquet('{file}') ORDER BY account_id").fetchall()]


def floor(raws: list[str]) -> int:
    """What a loop over phonenumbers does: one reading, one check, one form for each."""
    import phonenumbers

    def form(raw: str) -> str:
        number = phonenumbers.parse(raw, "US")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if phonenumbers.is_valid_number(number) else ""

    return len([form(raw) for raw in raws])


def counted(market: Any) -> dict[str, Any]:
    """What both runs have to agree on, and how many values were cleaned for how many rows."""
    values = market.db.execute("SELECT count(*), count(DISTINCT (kind, clean)) FROM vault.value").fetchall()[0]
    report = market.report
    return {"rows": report.rows_in, "kept": report.kept, "spellings": values[0], "values": values[1], "digest": report.sha256}


def one(way: str, file: Path) -> Cost:
    """What a child does."""
    few = file.with_name(f"few-{file.name}")
    if way == "phonenumbers":
        raws = distinct_phones(file)
        floor(raws[:100])
        return measured(lambda: floor(raws), lambda many: many)
    if way == "plain scan":
        scan(few)
        return measured(lambda: scan(file), lambda _: None)
    memory = MEMORY if "memory" in way else None
    loaded(few)
    return measured(lambda: loaded(file, memory), counted)


def made(name: str, write: Callable[[Path], object]) -> Path:
    """Give a file of the benchmark's folder, made once."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / name
    if not file.exists():
        part = file.with_suffix(".part")
        write(part)
        part.replace(file)
    return file


def rows(many: int) -> Path:
    """Give the table of so many sightings."""
    made(f"few-sightings-{many}.parquet", lambda part: cleaning_data.write(part, 400))
    return made(f"sightings-{many}.parquet", lambda part: cleaning_data.write(part, many))


def phones(many: int) -> Path:
    """Give the table of so many phones."""

    def write(part: Path, count: int) -> None:
        raws = f"FROM ({PHONES.format(many=2 * count)}) LIMIT {count}"
        ask = f"SELECT 'A' || row_number() OVER () AS account_id, 'phone' AS kind, raw AS value, '2024-01-01T00:00:00Z' AS seen_at {raws}"
        duckdb.execute(f"COPY ({ask}) TO '{part}' (FORMAT parquet)")

    made(f"few-phones-{many}.parquet", lambda part: write(part, 100))
    return made(f"phones-{many}.parquet", lambda part: write(part, many))


def told(big: dict[str, list[Cost]], few: dict[str, list[Cost]], many: int, unique: int) -> str:
    """The tables and what follows from them, in Markdown."""
    base, base_phones = median(big["plain scan"]), median(few["phonenumbers"])
    answer = big["load"][0].answer
    lines = [
        f"| {many:,} rows | CPU s (least to most) | wall s | peak MiB | CPU, times the scan |",
        "|---|---|---|---|---|",
        *(_line(way, costs, base) for way, costs in big.items()),
        "",
        f"{answer['rows']:,} rows hold {answer['spellings']:,} spellings of {answer['values']:,} values; each spelling is cleaned once. "
        f"That is {1e6 * median(big['load']) / answer['rows']:.1f} µs a row.",
        "",
        f"| {unique:,} phones that all differ | CPU s (least to most) | wall s | peak MiB | CPU, times phonenumbers |",
        "|---|---|---|---|---|",
        *(_line(way, costs, base_phones) for way, costs in few.items()),
        "",
        f"Of them {few['load'][0].answer['values']:,} are numbers; the others are placeholders (runs of digits, numbers of films).",
    ]
    return "\n".join(lines)


def _line(way: str, costs: list[Cost], base: float) -> str:
    cpu = median(costs)
    return f"| {way} | {cpu:.2f} ({spread(costs)}) | {median(costs, 'wall'):.1f} | {median(costs, 'peak'):,.0f} | {cpu / base:.3g} |"


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(asdict(one(sys.argv[2], Path(sys.argv[3])))))
        return
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=10_000_000)
    asked.add_argument("--phones", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--write", action="store_true", help="put the tables into docs/speed.md")
    args = asked.parse_args()
    big = alternate(__file__, ["plain scan", "load", f"load, memory={MEMORY}"], args.rounds, str(rows(args.rows)))
    if len({json.dumps(cost.answer) for way in big if way != "plain scan" for cost in big[way]}) != 1:
        raise SystemExit("with less memory the report is another one")
    few = alternate(__file__, ["phonenumbers", "load"], args.rounds, str(phones(args.phones)))
    if few["load"][0].answer["spellings"] < 0.95 * args.phones:
        raise SystemExit("too many of the phones were refused")
    text = told(big, few, args.rows, args.phones)
    print(text)
    if args.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
