"""Moments as exports write them, read as moments in UTC; a time without a zone is read in the zone that was told, or refused.

A column is looked at once. Nearly every export writes all of a column in one way, and then one expression reads it; the cells
that are written otherwise are grouped by their shape (`9/99/9999 9:99 PM`), and each shape is read by the format it tells.

The first day of 1970, what lies before it and what lies after 2199 are defaults of software (1900-01-01, 9999-12-31), no moments.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb

from tnskit.cleaning.headings import either
from tnskit.cleaning.report import Finding

FIRST, LAST = "1970-01-02 12:00:00", "2200-01-01 00:00:00"
SHAPES = 500
"""Different odd shapes of one column that are looked at; a column with more holds no moments. Assumption."""

_ISO = r"^\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
ZONED, NAIVE, DAY = _ISO + r"(Z|[+-]\d{2}(:?\d{2})?)$", _ISO + "$", r"^\d{4}-\d{2}-\d{2}$"
_SECONDS, _MILLIS, _MICROS, _NANOS = r"^\d{9,10}(\.\d+)?$", r"^\d{13}$", r"^\d{16}$", r"^\d{19}$"
_EPOCH = f"{_SECONDS}|{_MILLIS}|{_MICROS}|{_NANOS}"

MONTH_FIRST = frozenset({"US", "PR", "CA", "PH"})
"""Regions where 3/4 is the fourth of March. Source: Unicode CLDR, short date formats; Canada writes both."""

_MONTHS = {"ene": "Jan", "fev": "Feb", "abr": "Apr", "mai": "May", "ago": "Aug", "set": "Sep", "out": "Oct", "dic": "Dec", "dez": "Dec"}
"""Short Spanish and Portuguese months that differ from the English."""
_ABBREVIATED = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10}
"""Hours from UTC, only where the region is in North America: elsewhere the same letters mean other zones."""

_SHAPE = re.compile(
    r"""(?P<weekday>[A-Za-z]{3,9},?\ )?
    (?P<date> 9999(?P<y>[-/.])9?9(?P=y)9?9 | 9?9(?P<d>[-/.])9?9(?P=d)(?:9999|99) | 9{8}
      | 9?9(?P<m>[-\ ./]?)(?P<mon>[A-Za-z]{3,9})\.?(?P<n>,?[-\ ./]?)(?:9999|99) | (?P<mon2>[A-Za-z]{3,9})\.?\ +9?9,?\ 9999 )
    (?:(?P<gap>[T ]|,\ |:)(?P<time>9?9:99(?::99(?:[.,]9+)?)?|9{6}|9{4})(?:(?P<halfgap>\ ?)(?P<half>[AaPp](?:\.\ ?)?[Mm]\.?))?)?
    (?:(?P<zonegap>\ ?)(?P<zone>Z|UTC|GMT|[+-]99(?::?99)?|[A-Z]{3,4}))?""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Look:
    """What the cells of one column of moments look like.

    Attributes:
        column: Its name.
        reading: SQL that reads a cell, which is written as NUL there.
        naive: Cells with a time and no zone, and the first row of them.
        findings: What is worth telling.
    """

    column: str
    reading: str
    naive: int = 0
    first_naive: int = 0
    findings: tuple[Finding, ...] = ()

    def sql(self, cell: str) -> str:
        """Give SQL that reads a cell as a TIMESTAMP in UTC, or as NULL."""
        return self.reading.replace("\0", cell)


@dataclass
class _Ways:
    """The ways in which the cells of one column are written, with the number of cells of each."""

    zoned: int = 0
    naive: int = 0
    day: int = 0
    epoch: int = 0
    odd: dict[str, list[str]] = field(default_factory=lambda: {"zoned": [], "naive": [], "day": []})
    odd_cells: dict[str, int] = field(default_factory=lambda: {"zoned": 0, "naive": 0, "day": 0})
    mends: dict[str, str] = field(default_factory=dict)
    """What strptime cannot read, as a regular expression, and what it can."""
    zone_mends: dict[str, str] = field(default_factory=dict)
    first_naive: int = 0
    findings: list[Finding] = field(default_factory=list)


def plain(cell: str) -> str:
    """Give the test for the form in which most exports write a moment (2024-03-01T12:00:00Z), inside the years that are believed."""
    return f"{cell} LIKE '____-__-__T__:__:__Z' AND {cell} BETWEEN '{FIRST.replace(' ', 'T')}Z' AND '{LAST.replace(' ', 'T')}Z'"


def look(db: duckdb.DuckDBPyConnection, table: str, view: str, column: str, *, tz: str | None, region: str) -> Look:
    """Look at a column of moments and say how to read it.

    Args:
        db: Where the cells are.
        table: Name of our table, for the findings.
        view: A table, or a query in parentheses, that holds `row` and the column, as trimmed text.
        column: Name of the column.
        tz: Zone of times without one; None where none was told.
        region: Decides between month-day and day-month where the column itself does not.
    """
    cell = '"' + column.replace('"', '""') + '"'
    ways = _Ways()
    # most exports write the plain form, which is told by a look at its shape alone
    midnights = " OR ".join((f"contains({cell}, 'T00:00:00')", f"contains({cell}, ' 00:00:00')", f"suffix({cell}, ' 00:00')",
                             f"suffix({cell}, ' 0:00')"))  # fmt: skip
    cells, ways.zoned, midnight = db.execute(
        f"SELECT count({cell}), count(*) FILTER (CASE WHEN {plain(cell)} THEN true ELSE regexp_matches({cell}, ?) END), "
        f"count(*) FILTER (CASE WHEN {plain(cell)} THEN suffix({cell}, 'T00:00:00Z') ELSE {midnights} END) FROM {view}",
        [ZONED],
    ).fetchall()[0]
    if ways.zoned < cells:
        _common(db, view, cell, ways)
    if ways.zoned + ways.naive + ways.day + ways.epoch < cells:
        _odd(db, table, view, cell, ways, region)
    naive = ways.naive + ways.odd_cells["naive"]
    zone = tz or "UTC"
    if naive and tz:
        _clock_changes(db, table, view, cell, ways, zone)
    timed = ways.zoned + ways.odd_cells["zoned"] + naive
    told = _told(table, column, ways, tz) + ([] if column == "exported_at" else _midnight(table, column, midnight, timed))
    return Look(column, _sql("\0", ways, zone, all_cells=cells), naive, ways.first_naive, (*ways.findings, *told))


def _common(db: duckdb.DuckDBPyConnection, view: str, cell: str, ways: _Ways) -> None:
    ways.naive, ways.first_naive, ways.day, ways.epoch = (
        int(value or 0)
        for value in db.execute(
            f"SELECT count(*) FILTER (regexp_matches({cell}, $naive)), min(row) FILTER (regexp_matches({cell}, $naive)), "
            f"count(*) FILTER (regexp_matches({cell}, $day)), count(*) FILTER (regexp_matches({cell}, $epoch)) FROM {view}",
            {"naive": NAIVE, "day": DAY, "epoch": _EPOCH},
        ).fetchall()[0]
    )


def _odd(db: duckdb.DuckDBPyConnection, table: str, view: str, cell: str, ways: _Ways, region: str) -> None:
    """Group what is left by shape, and find the format that each shape tells."""
    rest = f"{cell} IS NOT NULL AND NOT regexp_matches({cell}, ?) AND NOT regexp_matches({cell}, ?)"
    shapes = db.execute(
        f"SELECT translate(left({cell}, 50), '0123456789', '9999999999') AS shape, count(*), min(row) FROM {view} WHERE {rest} "
        f"GROUP BY shape ORDER BY 2 DESC, shape LIMIT {SHAPES + 1}",
        [f"{ZONED}|{NAIVE}|{DAY}", _EPOCH],
    ).fetchall()
    if len(shapes) > SHAPES:
        return
    read = [(parsed, cells, row) for shape, cells, row in shapes if (parsed := _SHAPE.fullmatch(shape))]
    order = _order(db, table, view, cell, ways, region) if any(parsed["d"] in ("/", "-") for parsed, *_ in read) else ""
    for parsed, cells, row in read:
        made = _format(parsed, order, region, ways)
        if made is None:
            continue
        kind, one = made
        ways.odd_cells[kind] += cells
        if one not in ways.odd[kind]:
            ways.odd[kind].append(one)
        if kind == "naive":
            ways.first_naive = min(ways.first_naive or row, row)


def _format(shape: re.Match[str], order: str, region: str, ways: _Ways) -> tuple[str, str] | None:
    """Give kind and strptime format of a shape, and note what has to be mended before strptime can read it."""
    mends = ways.zone_mends
    text = _date_format(shape, order, ways.mends)
    text = f"%a{',' if ',' in (shape['weekday'] or '') else ''} {text}" if shape["weekday"] else text
    if shape["time"]:
        text += shape["gap"] + _time_format(shape, ways.mends)
    if (zone := shape["zone"]) is None:
        return ("naive" if shape["time"] else "day"), text
    if zone in _ABBREVIATED and region in MONTH_FIRST:
        mends[rf"\s?{zone}$"] = f" {_ABBREVIATED[zone]:+03d}:00"
    elif zone in {"Z", "UTC", "GMT"}:
        mends[rf"\s?{zone}$"] = " +00:00"
    elif zone[0] not in "+-":
        return None
    else:
        mends[r"\s?([+-]\d\d)$"], mends[r"(\d)([+-]\d\d:?\d\d)$"] = r" \1:00", r"\1 \2"
    return "zoned", text + " %z"


def _date_format(shape: re.Match[str], order: str, mends: dict[str, str]) -> str:
    date = shape["date"]
    if shape["y"]:
        return shape["y"].join(("%Y", "%m", "%d"))
    if shape["d"]:
        year = "%Y" if date.endswith("9999") else "%y"
        return shape["d"].join((*(("%d", "%m") if shape["d"] == "." or order == "day" else ("%m", "%d")), year))
    word = shape["mon"] or shape["mon2"]
    if word is None:
        return "%Y%m%d"
    if word.lower() in _MONTHS:
        mends[word] = _MONTHS[word.lower()]
    month = ("%b" if len(word) == 3 else "%B") + ("." if f"{word}." in date else "")
    if shape["mon2"]:
        gap = re.search(r"\.?( +)9", date)
        return f"{month}{gap[1] if gap else ' '}%d{',' if ',' in date else ''} %Y"
    return f"%d{shape['m']}{month}{shape['n']}" + ("%Y" if date.endswith("9999") else "%y")


def _time_format(shape: re.Match[str], mends: dict[str, str]) -> str:
    time, half = shape["time"], shape["half"]
    if ":" not in time:
        return "%H%M%S" if len(time) == 6 else "%H%M"
    text = "%I:%M" if half else "%H:%M"
    text += ":%S" if time.count(":") == 2 else ""
    if "," in time:
        mends[r"(:\d\d),(\d)"] = r"\1.\2"
    text += ".%n" if re.search("[.,]", time) else ""
    if half and "." in half:
        mends[r"([AaPp])\.\s?[Mm]\.?"] = r"\1m"
    return text + (f"{shape['halfgap']}%p" if half else "")


def _order(db: duckdb.DuckDBPyConnection, table: str, view: str, cell: str, ways: _Ways, region: str) -> str:
    """Tell whether the day or the month comes first: the column itself shows it, where any first part is over 12."""
    pattern = r"(?:^|[ ])(\d{1,2})[-/](\d{1,2})[-/]\d{2}"
    first, second, cells = db.execute(
        f"SELECT count(*) FILTER (a > 12), count(*) FILTER (b > 12), count(*) FROM (SELECT "
        f"try_cast(regexp_extract({cell}, ?, 1) AS INTEGER) AS a, try_cast(regexp_extract({cell}, ?, 2) AS INTEGER) AS b FROM {view} "
        f"WHERE regexp_matches({cell}, ?))",
        [pattern, pattern, pattern],
    ).fetchall()[0]
    usual = "month" if region in MONTH_FIRST else "day"
    order = ("day" if first else "month") if bool(first) != bool(second) else usual
    dates = f"{either(cells, 'date', 'dates')} of the form 3/4/2024, read with the {order} first"
    says = {
        (True, True): f"{dates} as is usual in region {region}; some in the column have the month first and some the day",
        (False, False): f"{dates} as is usual in region {region}; the column itself does not tell",
    }.get((bool(first), bool(second)), f"{dates} because some have no month otherwise" if order != usual else "")
    if says:
        ways.findings.append(Finding("order of day and month", table, cell.strip('"'), cells, says, look=order != usual or bool(first)))
    return order


def _sql(cell: str, ways: _Ways, zone: str, *, all_cells: int) -> str:
    """One expression that reads every way that occurs; a column written in one way needs no test."""

    def local(sql: str) -> str:
        return sql if zone == "UTC" else f"timezone('{zone.replace(chr(39), '')}', {sql})::TIMESTAMP"

    arms = []
    if ways.zoned:
        # DuckDB 1.4 reads no zone behind a time without seconds
        whole = rf"regexp_replace({cell}, '(\d:\d\d)( ?[Zz+-])', '\1:00\2')"
        arms.append((ways.zoned, ZONED, f"coalesce(try_cast({cell} AS TIMESTAMPTZ), try_cast({whole} AS TIMESTAMPTZ))::TIMESTAMP"))
    if ways.naive:
        arms.append((ways.naive, NAIVE, local(f"try_cast({cell} AS TIMESTAMP)")))
    if ways.day:
        arms.append((ways.day, DAY, f"try_cast({cell} AS DATE)::TIMESTAMP"))
    if ways.epoch:
        number = f"try_cast({cell} AS DECIMAL(28, 6))"
        scale = f"CASE length(split_part({cell}, '.', 1)) WHEN 13 THEN 1000 WHEN 16 THEN 1000000 WHEN 19 THEN 1000000000 ELSE 1 END"
        arms.append((ways.epoch, _EPOCH, f"make_timestamp(({number} / {scale} * 1000000)::BIGINT)"))
    odd = _odd_sql(cell, ways, local)
    if not arms:
        made = odd or "NULL::TIMESTAMP"
    elif len(arms) == 1 and arms[0][0] == all_cells:
        made = arms[0][2]
    else:
        tests = " ".join(f"WHEN regexp_matches({cell}, '{test}') THEN {sql}" for _, test, sql in arms)
        made = f"CASE {tests} ELSE {odd or 'NULL'} END"
    return f"CASE WHEN {made} BETWEEN TIMESTAMP '{FIRST}' AND TIMESTAMP '{LAST}' THEN {made} END"


def _odd_sql(cell: str, ways: _Ways, local: Callable[[str], str]) -> str:
    parts = []
    for kind, formats in ways.odd.items():
        text = cell
        for pattern, instead in (ways.mends | (ways.zone_mends if kind == "zoned" else {})).items():
            text = f"regexp_replace({text}, '{pattern}', '{instead}')"
        listed = ", ".join("'" + one.replace("'", "''") + "'" for one in sorted(formats))
        read = f"try_strptime({text}, [{listed}])"
        if formats:
            parts.append({"zoned": f"{read}::TIMESTAMP", "naive": local(read), "day": read}[kind])
    return f"coalesce({', '.join(parts)})" if len(parts) > 1 else "".join(parts)


def _clock_changes(db: duckdb.DuckDBPyConnection, table: str, view: str, cell: str, ways: _Ways, zone: str) -> None:
    """Count the local times that happened twice, and those that never happened, when clocks were changed."""
    db.execute(_CHANGES, {"zone": zone})
    if not db.execute("SELECT count(*) FROM _change").fetchall()[0][0]:
        return
    only = _Ways(naive=ways.naive, odd=ways.odd | {"zoned": [], "day": []}, mends=ways.mends)
    local = _sql(cell, only, "UTC", all_cells=-1)
    found = db.execute(
        f"WITH local AS (SELECT row, {local} AS moment FROM {view}), "
        "hit AS (SELECT what, row FROM local JOIN _change ON moment >= _change.first AND moment < _change.last) "
        "SELECT what, count(*), list(row ORDER BY row)[1:10] FROM hit GROUP BY what ORDER BY what"
    ).fetchall()
    says = {
        "twice": ("happened twice", "when clocks were set back; the later of the two was taken"),
        "never": ("never happened", "when clocks were set forward; the clock before the change was taken"),
    }
    for what, rows, some in found:
        where = ", ".join(f"{row:,}" for row in some) + (" ..." if rows > len(some) else "")
        verb, why = says[what]
        told = f"{either(rows, 'local time', 'local times')} {verb} in {zone}, {why} ({either(rows, 'row', 'rows')} {where})"
        ways.findings.append(Finding("clock change", table, cell.strip('"'), rows, told, look=True))


# Days are compared first, and only those on which a clock was changed are looked at by the quarter of an hour.
_CHANGES = """
CREATE TEMP TABLE IF NOT EXISTS _change AS
WITH day AS (SELECT unnest(generate_series(TIMESTAMP '1990-01-01', TIMESTAMP '2060-01-01', INTERVAL 1 DAY)) AS utc),
days AS (SELECT utc, timezone($zone, utc AT TIME ZONE 'UTC') - utc AS now,
  timezone($zone, (utc + INTERVAL 1 DAY) AT TIME ZONE 'UTC') - (utc + INTERVAL 1 DAY) AS later FROM day),
quarter AS (SELECT unnest(generate_series(utc, utc + INTERVAL 1 DAY, INTERVAL 15 MINUTE)) AS utc FROM days WHERE now <> later),
shift AS (SELECT utc, timezone($zone, utc AT TIME ZONE 'UTC') - utc AS now,
  timezone($zone, (utc - INTERVAL 15 MINUTE) AT TIME ZONE 'UTC') - (utc - INTERVAL 15 MINUTE) AS before FROM quarter)
SELECT DISTINCT CASE WHEN now < before THEN 'twice' ELSE 'never' END AS what,
  utc + least(now, before) AS first, utc + greatest(now, before) AS last
FROM shift WHERE now <> before
"""


def _told(table: str, column: str, ways: _Ways, tz: str | None) -> list[Finding]:
    """Say how the zones of a column were found."""
    zoned = ways.zoned + ways.epoch + ways.odd_cells["zoned"]
    naive = ways.naive + ways.odd_cells["naive"]
    days = ways.day + ways.odd_cells["day"]
    if not naive:
        return []
    mixed = [f"{many:,} {words}" for many, words in ((zoned, "with a zone"), (days, "without a time of day")) if many]
    rest = f", beside {' and '.join(mixed)}" if mixed else ""
    return [
        Finding(
            "time zone",
            table,
            column,
            naive,
            f"{either(naive, 'time without a zone was', 'times without a zone were')} read in {tz}{rest}",
            look=bool(zoned),
        )
    ]


def _midnight(table: str, column: str, midnight: int, timed: int) -> list[Finding]:
    """Tell a spike at exactly 00:00:00: by chance it is one time in 86,400."""
    if midnight < 20 or midnight < 0.01 * timed:
        return []
    return [Finding("midnight", table, column, midnight, f"of {timed:,} times are exactly 00:00:00: days rather than times", look=True)]
