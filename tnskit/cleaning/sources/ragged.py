"""A CSV file that breaks its own rules, read line by line: every line of it ends up in a row, whole or with a fault.

What DuckDB reads strictly needs none of this. Here come files with rows too long or too short, mixed line ends, quotes inside
quotes, and quotes that are never closed. A quote that is never closed would swallow the rest of a file; its line is read as
plain text instead, and so are lines that would all be rows of the right length if the quotes around them were not there.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from tnskit.errors import SourceError

LONGEST = 64 << 20
"""Characters of one line. A cell of 10 million is read; what is longer is no table."""
FAR = 1_000_000
"""Lines over which a quoted cell may go on."""
ROWS = 1_000
"""Lines that all have the right number of cells are rows, and not one long cell. Assumption: no message is written so."""
PATIENCE = 20_000_000
"""Lines that are joined in vain, over a whole file, before a quoted cell may go on over `ROWS` lines only."""
BATCH = 20_000

TOO_LONG = "more cells than the header has columns"


@dataclass
class Ragged:
    """Reads rows from lines of text.

    Attributes:
        name: What a message calls the file.
        mark: What stands between cells.
        width: Number of columns.
        short: Rows with fewer cells than the header.
        long: Rows with more.
        unclosed: Quotes that were read as plain text.
        blank: Lines with nothing on them, which are no rows.
    """

    name: str
    mark: str
    width: int
    short: int = 0
    long: int = 0
    unclosed: int = 0
    blank: int = 0
    _ahead: deque[str] = field(default_factory=deque)
    _clear: int = 0
    """Number of lines ahead that are known to close no quote."""
    _whole: int = 0
    """Number of lines ahead that are known to have the right number of cells."""
    _joined: int = 0
    _held: int = 0
    """Characters of the lines ahead."""

    def __post_init__(self) -> None:
        end = rf"[ \t]*(?={re.escape(self.mark)}|\Z)"
        # nothing possessive around a group: Python before 3.11.5 matches that wrongly
        inner = rf'[^"]*(?:(?:""|"(?!"|{end}))[^"]*)*'
        self._quoted = re.compile(rf'[ ]*"({inner})"{end}')
        self._closing = re.compile(rf'({inner})"{end}')
        self._opening = re.compile(r'[ ]*"')

    def rows(self, stream: IO[str]) -> Iterator[list[str | None]]:
        """Give rows: a fault or None, then one cell a column."""
        lines = self._lines(stream)
        while True:
            line = self._next(lines)
            if line is None:
                return
            if not line and self.width > 1:
                self.blank += 1
                continue
            yield self._row(self._split(line, lines))

    def cells(self, line: str, begun: str | None = None) -> tuple[list[str], str | None]:
        """Split a line.

        Args:
            line: One line without its end.
            begun: The text so far of a quoted cell that an earlier line left open.

        Returns:
            The cells, and the text of the cell that is still open at the end of the line, or None.
        """
        found: list[str] = []
        place = 0
        if begun is not None:
            closing = self._closing.match(line)
            if closing is None:
                return found, f"{begun}\n{line}"
            found.append((f"{begun}\n{closing[1]}").replace('""', '"'))
            place = closing.end() + len(self.mark)
            if closing.end() == len(line):
                return found, None
        while True:
            quoted = self._quoted.match(line, place)
            if quoted is None and self._opening.match(line, place):
                return found, line[line.index('"', place) + 1 :]
            end = quoted.end() if quoted else line.find(self.mark, place)
            end = len(line) if end < 0 else end
            found.append(quoted[1].replace('""', '"') if quoted else line[place:end])
            if end >= len(line):
                return found, None
            place = end + len(self.mark)

    def _split(self, line: str, lines: Iterator[str]) -> list[str]:
        if '"' not in line:
            return line.split(self.mark)
        cells, rest = self.cells(line)
        if rest is None:
            return cells
        joined = self._over_lines(line, cells, rest, lines)
        if joined is not None:
            return joined
        self.unclosed += 1
        return cells + f'"{rest}'.split(self.mark)

    def _over_lines(self, line: str, cells: list[str], rest: str, lines: Iterator[str]) -> list[str] | None:
        """Go on with an open cell over the next lines; None where that reads worse than plain text.

        Inside a quoted cell quotes stand in pairs, so a line that closes it holds an odd number of them, and one that closes
        it and opens another an even number. Any other quote that would close it says that it was never meant to be open.
        """
        used, begun = self._clear, 0
        while used < (FAR if self._joined < PATIENCE else ROWS) and self._fill(used + 1, lines):
            here = self._ahead[used]
            used += 1
            if self._rows_ahead(line, used) >= ROWS:
                return None
            odd = here.count('"') % 2
            if not self._closing.match(here):
                if odd:
                    return None
                self._clear = used if used == self._clear + 1 else self._clear
                continue
            self._joined += used
            more, again = self.cells(here, "\n".join([rest, *islice(self._ahead, begun, used - 1)]))
            cells = cells + more
            if odd == (again is not None):
                return None
            if again is None:
                return None if self._plainer([line, *islice(self._ahead, used)], len(cells)) else self._taken(cells, used)
            rest, begun = again, used
        return None

    def _is_row(self, line: str, like: str) -> bool:
        """Tell whether a line has the right number of cells, and a first cell of the same kind of letters as another line."""
        return line.count(self.mark) == self.width - 1 > 0 and _letters(line, self.mark) == _letters(like, self.mark)

    def _rows_ahead(self, line: str, used: int) -> int:
        """Count the lines next to come that are rows by themselves, as far as they were looked at."""
        while self._whole < used and self._is_row(self._ahead[self._whole], line):
            self._whole += 1
        return self._whole

    def _plainer(self, lines: list[str], cells: int) -> bool:
        """Tell whether lines make better rows one by one than together as one row of so many cells."""
        rows = sum(self._is_row(line, lines[0]) for line in lines)
        return 2 * rows > len(lines) if cells == self.width else 2 * rows >= len(lines)

    def _fill(self, many: int, lines: Iterator[str]) -> bool:
        """Have so many lines ahead, unless the file ends or they grow past reason."""
        while len(self._ahead) < many:
            line = next(lines, None)
            if line is None or self._held > LONGEST:
                return False
            self._ahead.append(line)
            self._held += len(line)
        return True

    def _next(self, lines: Iterator[str]) -> str | None:
        if not self._ahead:
            return next(lines, None)
        self._clear, self._whole = max(0, self._clear - 1), max(0, self._whole - 1)
        line = self._ahead.popleft()
        self._held -= len(line)
        return line

    def _taken(self, cells: list[str], used: int) -> list[str]:
        for _ in range(used):
            self._next(iter(()))
        return cells

    def _row(self, cells: list[str]) -> list[str | None]:
        fault: str | None = None
        if len(cells) > self.width:
            surplus, cells = cells[self.width :], cells[: self.width]
            if any(cell.strip() for cell in surplus):
                self.long += 1
                fault = TOO_LONG
        elif len(cells) < self.width:
            self.short += 1
            cells = cells + [""] * (self.width - len(cells))
        return [fault, *(None if cell in ("", "\\N") else cell for cell in cells)]

    def _lines(self, stream: IO[str]) -> Iterator[str]:
        """Give lines without their ends."""
        while line := stream.readline(LONGEST):
            if len(line) == LONGEST:
                raise SourceError(f"'{self.name}' holds a line of more than {LONGEST >> 20} million characters; a table has one row a line")
            yield line[:-1] if line.endswith("\n") else line


def _letters(line: str, mark: str) -> frozenset[str]:
    """Give the kinds of letters in the first cell of a line: ids are made alike, words of a text are not."""
    first = line.split(mark, 1)[0].strip(' "')
    return frozenset("9" if letter.isdigit() else "a" if letter.isalpha() else letter for letter in first)


def batches(rows: Iterator[list[str | None]]) -> Iterator[list[list[str | None]]]:
    """Give rows in lots that fit into memory: so many, or fewer that are large."""
    lot: list[list[str | None]] = []
    size = 0
    for row in rows:
        lot.append(row)
        size += sum(len(cell) for cell in row if cell)
        if len(lot) >= BATCH or size > LONGEST:
            yield lot
            lot, size = [], 0
    yield lot
