"""Full card numbers are taken out of what was brought, before anything else reads it: names, columns, cells.

DuckDB finds the few cells that could hold one; Python reads each of those once. A column of ids holds long numbers of its
own, one in ten of which passes the Luhn check by chance. There, plain numbers are judged by their length together: those
of a length are taken out where more than half of them are card numbers. A card number that served as an id gets a number
of its own, the same in every table, so that its rows still belong together and to nobody else.
"""

from __future__ import annotations

import contextlib
import itertools
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


SMALL = 100_000
"""Rows up to which the columns of an export are asked together. Measured: to make the patterns ready takes as long as 100,000 cells."""


def _lengths(columns: Sequence[str], view: str) -> str:
    """Ask of each column whether any cell is long enough for a card number."""
    return f"SELECT {', '.join(f'coalesce(bool_or(strlen({_quoted(column)}) >= 13), false)' for column in columns)} FROM {view}"


def _texts(cells: str) -> str:
    """Ask for the cells that Python has to read, of columns that stand as `place`, `raw`, `__row`."""
    return f"""
WITH cell AS ({cells}),
few AS (
  SELECT * FROM cell
  WHERE strlen(raw) >= 13 AND (raw >= ':' OR NOT regexp_matches(raw, {_PLAIN}) AND NOT regexp_matches(raw, {_MOMENT}))
    AND (strlen(raw) < 27 OR NOT regexp_matches(raw, {_LONG_ADDRESS})) AND regexp_matches(raw, {_MANY}))
SELECT place, raw, min(__row) AS row FROM few
WHERE regexp_matches(raw, {_GROUPED}) OR regexp_matches(raw, {_STRANGE})
  OR (contains(raw, '<') AND regexp_matches(regexp_replace(raw, '<[^<>]*>', '', 'g'), {_GROUPED}))
GROUP BY 1, 2 ORDER BY place, row, raw
"""


def _numbers(cells: str) -> str:
    """Ask for the plain numbers of columns with `card`, whether their digits are those of a card number."""
    return f"""
WITH cell AS ({cells}),
plain AS (
  SELECT *, try_cast(raw AS UBIGINT) AS v FROM cell WHERE strlen(raw) >= 13 AND raw < ':' AND regexp_matches(raw, {_PLAIN}))
SELECT place, raw, __row, strlen(raw) AS size, CASE
    WHEN list_contains($named, place) OR regexp_full_match(raw, '\\s*(?:{ISSUED})(\\.0*)?\\s*') THEN ({_LUHN}) % 10 = 0
    ELSE false END AS card
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


@dataclass(frozen=True, eq=False)
class _Column:
    """A column of an export: where it stands, its name, and its role as `roles` tells it."""

    source: Source
    name: str
    role: str

    @property
    def named(self) -> bool:
        """Whether its name says that card numbers stand in it."""
        return _CALLED.search(self.name) is not None

    @property
    def share(self) -> float:
        """Share of card numbers among the plain numbers of one length above which these are taken out."""
        return MOST if self.role == "id" and not self.named else 0.0


def _together(columns: list[_Column]) -> str:
    """Ask for the cells of columns as `place` (of the column among these), `raw`, `__row`."""
    parts = []
    for _, some in itertools.groupby(enumerate(columns), lambda one: one[1].source.view):
        places, cells = zip(*((str(place), _quoted(column.name)) for place, column in some), strict=True)
        picked = (places[0], cells[0]) if len(cells) == 1 else [f"unnest([{', '.join(words)}])" for words in (places, cells)]
        parts.append(f"SELECT {picked[0]} AS place, {picked[1]} AS raw, __row FROM {columns[int(places[0])].source.view}")
    return " UNION ALL ".join(parts)


@dataclass(frozen=True)
class Cards:
    """Takes full card numbers out of the cells of raw tables.

    Attributes:
        db: Holds the raw tables.
        numbered: The card numbers that served as ids, each with a number of its own; forgotten after loading.
    """

    db: duckdb.DuckDBPyConnection = field(repr=False)
    numbered: dict[str, int] = field(default_factory=dict, repr=False)

    def take_out(self, brought: Iterable[tuple[Source, Mapping[str, str]]]) -> int:
        """Take card numbers out of raw tables, in place.

        Args:
            brought: Each table, with what `roles` gives for it.

        Returns:
            The number of cells that were changed.
        """
        columns = [_Column(source, name, known.get(name, "")) for source, known in brought for name in self._long(source)]
        small = [column for column in columns if column.source.rows <= SMALL]
        found = dict(zip(small, self._found(small), strict=True))
        changed = 0
        for column in columns:
            numbers, texts = found.pop(column) if column in found else self._found([column])[0]
            note = self._numbered if column.role == "id" else None
            pairs = [(raw, note(raw) if note else REDACTED) for raw in numbers if not _spared(raw, column.role)]
            pairs += [(raw, clean) for raw in texts if (clean := redact(raw, named=column.named, note=note)) != raw]
            changed += self._replace(column.source.view, _quoted(column.name), pairs) if pairs else 0
        return changed

    def _long(self, source: Source) -> list[str]:
        """Give the columns with a cell that is long enough for a card number."""
        return [
            column
            for some in _batches(source.columns)
            for column, has in zip(some, self.db.execute(_lengths(some, source.view)).fetchall()[0], strict=True)
            if has
        ]

    def _found(self, columns: list[_Column]) -> list[tuple[list[str], list[str]]]:
        """Give the plain card numbers of each column and the cells that Python has to read, each once, in the order of the rows."""
        found: list[tuple[list[str], list[str]]] = [([], []) for _ in columns]
        if columns:
            cells = _together(columns)
            for place, raw in self._plain_numbers(cells, columns):
                found[place][0].append(raw)
            for place, raw, _ in self.db.execute(_texts(cells)).fetchall():
                found[place][1].append(raw)
        return found

    def _plain_numbers(self, cells: str, columns: list[_Column]) -> list[tuple[int, str]]:
        """Give the cells that are card numbers, of those lengths where their share lies above that of their column."""
        asked, named = _numbers(cells), [place for place, column in enumerate(columns) if column.named]
        sizes = self.db.execute(
            f"SELECT place, size, count_if(card), count(*) FROM ({asked}) GROUP BY 1, 2 HAVING count_if(card) > 0", {"named": named}
        ).fetchall()
        wanted = [f"{place} {size}" for place, size, cards, many in sizes if cards > columns[place].share * many]
        if not wanted:
            return []
        asked = (
            f"SELECT place, raw, min(__row) AS row FROM ({asked}) WHERE card AND list_contains($wanted, place || ' ' || size) GROUP BY 1, 2"
        )
        return self.db.execute(f"SELECT place, raw FROM ({asked}) ORDER BY place, row, raw", {"named": named, "wanted": wanted}).fetchall()

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
