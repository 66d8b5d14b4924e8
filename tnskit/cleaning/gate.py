"""Full card numbers are taken out of what was brought, before anything else reads it: names, columns, cells.

DuckDB finds the few cells that could hold one; Python reads each of those once. A column of ids holds long numbers of its
own, one in ten of which passes the Luhn check by chance. There, plain numbers are judged by their length together: those
of a length are taken out where more than half of them are card numbers. A card number that served as an id gets a number
of its own, the same in every table, so that its rows still belong together and to nobody else.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb
import pandas as pd

from tnskit.cleaning.cards import ISSUED, REDACTED, dialled, redact
from tnskit.cleaning.mapping import Line
from tnskit.cleaning.sources.reading import Source

MOST = 0.5
"""Share of the plain numbers of one length, in a column of ids, above which they are taken for card numbers. By chance
it is a tenth at most, in a column of card numbers all; one half lies far from both."""

WIDE = 64
"""Columns of long text that are asked about one by one; more are asked about together first."""

_CALLED = re.compile(
    r"^(?:pan|cc|ccnum|card|fpan)$|(?:card|cc|tarjeta|cart[aã]o|pan).{0,3}(?:number|num|no|nr|n[uú]mero)$|^(?:number|num|n[uú]mero).{0,4}(?:card|tarjeta|cart[aã]o)",
    re.IGNORECASE,
)
"""Names of columns that say that card numbers stand in them."""

_PLAIN = r"'^\s*[0-9]{13,19}(\.0*)?\s*$'"
_MOMENT = r"'^\s*(19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?\s*(Z|UTC|[+-]\d\d:?(\d\d)?)?\s*$|^\s*-?\d{1,12}\.\d+\s*$'"
"""Moments and decimals, which columns are full of. Both patterns begin with white space, a dash or a digit: marks before the colon."""
_LONG_ADDRESS = "'^[23][0-9a-f]{3}(?::[0-9a-f]{1,4}){7}$'"
"""An IPv6 address in full; written with 27 characters or more it has more digits than a card number."""
_MANY = r"'^(?:\PN*\pN){13}|(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5][A-Za-z0-9+/_-]*){2}'"
"""Thirteen digits of any script, or what six of them look like in base64."""
_GROUPED = "'[0-9](?:[^0-9A-Za-z]{0,12}[0-9]){12}'"
_STRANGE = r"'&[#A-Za-z]|%[0-9A-Fa-f]{2}|\\[uUxnrt/\"]|=\r?\n|[^\PN0-9]|(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5][A-Za-z0-9+/_-]*){2}'"
"""Escapes, digits of another script, base64: what `disguise` has to read first."""

_LUHN = " + ".join(f"(v // {10**n} % 10)" for n in range(0, 19, 2)) + "".join(
    f" + 2 * (v // {10**n} % 10) - CASE WHEN v // {10**n} % 10 > 4 THEN 9 ELSE 0 END" for n in range(1, 19, 2)
)
"""The sum of the Luhn check of a number `v` of up to 19 digits (ISO/IEC 7812-1, annex B)."""


def _lengths(columns: Sequence[str], view: str) -> str:
    """Ask of each column whether any cell is long enough for a card number."""
    return f"SELECT {', '.join(f'coalesce(bool_or(strlen({_quoted(column)}) >= 13), false)' for column in columns)} FROM {view}"


def _holding(columns: Sequence[str], view: str) -> str:
    """Ask at once for the places of the columns in which `_cells` or `_numbers` may find something."""
    return f"""
WITH cells AS (SELECT unnest([{", ".join(map(_quoted, columns))}]) AS raw, unnest(range({len(columns)})) AS place FROM {view})
SELECT DISTINCT place FROM cells
WHERE strlen(raw) >= 13 AND NOT regexp_matches(raw, {_MOMENT}) AND regexp_matches(raw, {_MANY}) ORDER BY place
"""


def _cells(cell: str, view: str) -> str:
    """Ask for the cells that Python has to read."""
    return f"""
WITH few AS (
  SELECT {cell} AS raw, __row FROM {view}
  WHERE strlen({cell}) >= 13 AND ({cell} >= ':' OR NOT regexp_matches({cell}, {_PLAIN}) AND NOT regexp_matches({cell}, {_MOMENT}))
    AND (strlen({cell}) < 27 OR NOT regexp_matches({cell}, {_LONG_ADDRESS})) AND regexp_matches({cell}, {_MANY}))
SELECT raw, min(__row) AS row FROM few
WHERE regexp_matches(raw, {_GROUPED}) OR regexp_matches(raw, {_STRANGE})
  OR (contains(raw, '<') AND regexp_matches(regexp_replace(raw, '<[^<>]*>', '', 'g'), {_GROUPED}))
GROUP BY 1 ORDER BY row, raw
"""


def _numbers(cell: str, view: str, issued: str) -> str:
    """Ask for the plain numbers of an export with `card`, whether their digits are those of a card number."""
    return f"""
WITH plain AS (
  SELECT {cell} AS raw, __row, try_cast({cell} AS UBIGINT) AS v FROM {view}
  WHERE strlen({cell}) >= 13 AND {cell} < ':' AND regexp_matches({cell}, {_PLAIN}))
SELECT raw, __row, strlen(raw) AS size, CASE WHEN regexp_full_match(raw, '{issued}') THEN ({_LUHN}) % 10 = 0 ELSE false END AS card
FROM plain
"""


def seal_spills(db: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB encrypt what does not fit into memory and goes to its temporary folder, raw cells among it.

    The key lives in memory and dies with the connection. Newer versions of DuckDB ask for OpenSSL (an extension that is
    fetched from outside) unless they are told that the built-in cipher will do; it will, for what is gone an hour later.
    """
    with contextlib.suppress(duckdb.CatalogException):
        db.execute("SET force_mbedtls_unsafe = true")
    db.execute("SET temp_file_encryption = true")


def without_card_names(db: duckdb.DuckDBPyConnection, brought: list[Source]) -> tuple[list[Source], int]:
    """Take full card numbers out of the names of tables, files and columns.

    An export without a header line has its first row there.

    Args:
        db: Holds the raw tables.
        brought: What was read.

    Returns:
        The same with clean names, and the number of names that were changed.
    """
    made, changed = [], 0
    for source in brought:
        told = replace(source, name=redact(source.name), file=redact(source.file), notes=tuple(map(redact, source.notes)))
        columns = _apart([redact(name, named=True) for name in source.columns])
        for old, new in zip(source.columns, columns, strict=True):
            if old != new:
                db.execute(f"ALTER TABLE {source.view} RENAME COLUMN {_quoted(old)} TO {_quoted(new)}")
        changed += sum(old != new for old, new in zip((source.name, *source.columns), (told.name, *columns), strict=True))
        made.append(replace(told, columns=tuple(columns)))
    return made, changed


def _apart(names: list[str]) -> list[str]:
    """Number the names that have become the same."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    count: dict[str, int] = {}
    made = []
    for name in names:
        count[name] = count.get(name, 0) + 1
        made.append(f"{name} {count[name]}" if seen[name] > 1 and REDACTED in name else name)
    return made


def roles(source: Source, matched: Iterable[Line]) -> dict[str, str]:
    """Say which columns of an export hold ids (`id`) or phone numbers (`phone`), which may be long numbers of their own."""
    found: dict[str, str] = {}
    for line in matched:
        if line.source is not source:
            continue
        for column in line.table.columns:
            role = "id" if column.type in {"id", "at"} else "phone" if column.name.startswith("phone_") else ""
            found |= dict.fromkeys(line.columns.get(column.name, ()) if role else (), role)
    return found


@dataclass(frozen=True)
class Cards:
    """Takes full card numbers out of the cells of raw tables.

    Attributes:
        db: Holds the raw tables.
        numbered: The card numbers that served as ids, each with a number of its own; forgotten after loading.
    """

    db: duckdb.DuckDBPyConnection = field(repr=False)
    numbered: dict[str, int] = field(default_factory=dict, repr=False)

    def take_out(self, source: Source, known: Mapping[str, str]) -> dict[str, int]:
        """Take card numbers out of a raw table, in place.

        Args:
            source: The table.
            known: What `roles` gives for it.

        Returns:
            The number of cells that were changed, by column; columns without any are left out.
        """
        counts = {column: self._column(source, column, known.get(column, "")) for column in self._long(source)}
        return {column: count for column, count in counts.items() if count}

    def _long(self, source: Source) -> list[str]:
        """Give the columns with a cell that is long enough for a card number; to plan a search costs more than many a search."""
        long = [
            column
            for some in _batches(source.columns)
            for column, has in zip(some, self.db.execute(_lengths(some, source.view)).fetchall()[0], strict=True)
            if has
        ]
        if len(long) <= WIDE:
            return long
        return [some[place] for some in _batches(long) for (place,) in self.db.execute(_holding(some, source.view)).fetchall()]

    def _column(self, source: Source, column: str, role: str) -> int:
        cell = _quoted(column)
        named = _CALLED.search(column) is not None
        issued = ".*" if named else rf"\s*(?:{ISSUED})(\.0*)?\s*"
        share = MOST if role == "id" and not named else 0.0
        numbers = self._plain_numbers(_numbers(cell, source.view, issued), share)
        texts = self.db.execute(_cells(cell, source.view)).fetchall()
        note = self._numbered if role == "id" else None
        pairs = [(raw, note(raw) if note else REDACTED) for raw, _ in numbers if not _spared(raw, role)]
        pairs += [(raw, clean) for raw, _ in texts if (clean := redact(raw, named=named, note=note)) != raw]
        return self._replace(source.view, cell, pairs) if pairs else 0

    def _plain_numbers(self, asked: str, share: float) -> list[tuple[str, int]]:
        """Give the cells that are card numbers, of those lengths where their share lies above `share`."""
        sizes = self.db.execute(f"SELECT size FROM ({asked}) GROUP BY size HAVING count_if(card) > ? * count(*)", [share]).fetchall()
        if not sizes:
            return []
        return self.db.execute(
            f"SELECT raw, min(__row) AS row FROM ({asked}) WHERE card AND list_contains(?, size) GROUP BY 1 ORDER BY row, raw",
            [[size for (size,) in sizes]],
        ).fetchall()

    def _numbered(self, raw: str) -> str:
        # an id is the same number however it is written
        digits = str(int(_digits(raw) or 0))
        return f"{REDACTED[:-1]} {self.numbered.setdefault(digits, len(self.numbered) + 1)}]"

    def _replace(self, view: str, cell: str, pairs: list[tuple[str, str]]) -> int:
        self.db.register("_redacted", pd.DataFrame(pairs, columns=["raw", "clean"]))
        counted = self.db.execute(f"UPDATE {view} SET {cell} = clean FROM _redacted WHERE {cell} = raw").fetchall()
        self.db.unregister("_redacted")
        return int(counted[0][0])


def _batches(columns: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    return (columns[start : start + size] for start in range(0, len(columns), size))


def _digits(raw: str) -> str:
    return re.sub(r"\D", "", re.sub(r"\.0*$", "", raw.strip()))


def _spared(raw: str, role: str) -> bool:
    """Tell what passes the check and is no card number: one digit again and again, or a phone number with its country."""
    digits = _digits(raw)
    return len(set(digits)) < 2 or (role == "phone" and len(digits) <= 15 and dialled(digits))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
