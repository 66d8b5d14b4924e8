"""Names that come with an export (of its file, its sheet, its columns): made distinct, and shown without a raw identifier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tnskit.cleaning.cards import redact
from tnskit.cleaning.privacy import leaks

LONGEST = 60
"""Characters of a name that a message shows."""

LOOK = 50
"""Rows that are looked at to find the names of the columns."""

# A day or moment in a file's name looks like a phone number, and is none.
_MOMENT = re.compile(r"(?<!\d)(19|20)\d\d[-_.]?[01]\d[-_.]?[0-3]\d([-_.T ]?[0-2]\d[-_.h]?[0-5]\d([-_.m]?[0-5]\d)?(\d{3})?Z?)?(?!\d)")
_NUMBER = re.compile(r"\d(?:[ ().+-]?\d){8,}")


def distinct(names: Iterable[str | None]) -> tuple[str, ...]:
    """Give column names that differ even without their capital letters.

    A name without letters becomes `column3` (by its place, from 0), a second `name` becomes `name_2`.
    """
    found: dict[str, str] = {}
    for place, raw in enumerate(names):
        name = re.sub(r"\s+", " ", str(raw or "").replace("\ufeff", "").replace("\x00", "")).strip() or f"column{place}"
        name = f"{name}_" if name.lower() in {"__row", "__fault"} else name
        count, one = 1, name
        while one.lower() in found:
            count += 1
            one = f"{name}_{count}"
        found[one.lower()] = one
    return tuple(found.values())


def header_at(rows: Sequence[Sequence[str]]) -> int:
    """Give the place of the row of column names: 0, or further down where a title stands above it.

    Rows of one or two cells are a title where a row of three or more follows that has no numbers in it, no name twice, and
    rows of about its width below it, most of them with numbers. Assumption: exports name their columns in words.

    Args:
        rows: The first rows, as cells; empty rows may be among them.
    """
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    place = next((place for place, row in enumerate(filled) if len(row) > 2), 0)
    names = {name.lower() for name in filled[place]} if filled else set()
    if not place or len(names) < len(filled[place]) or any(re.search(r"\d\d", name) for name in names):
        return 0
    below = [row for row in filled[place + 1 :] if row]
    alike = [row for row in below if len(names) <= 2 * len(row) <= 3 * len(names)]
    numbered = [row for row in alike if any(re.search(r"\d", cell) for cell in row)]
    return place if alike and 2 * len(alike) >= len(below) and 2 * len(numbered) >= len(alike) else 0


def titled(file: str, rows: int) -> tuple[str, ...]:
    """Say that so many rows above the names of the columns were taken for a title."""
    return (
        (f"{file}: the first {either(rows, 'row is', f'{rows} rows are')} a title; the names of the columns stand below",) if rows else ()
    )


def shown(name: str) -> str:
    """Give a name as a message may show it: shortened, on one line, and described where it holds a raw identifier."""
    text = re.sub(r"\s+", " ", "".join(mark if mark.isprintable() else " " for mark in name)).strip()
    bare = _MOMENT.sub(" ", text)
    found = leaks(bare)
    if not found and (redact(bare) != bare or _NUMBER.search(bare)):
        found = ["a long number"]
    if found:
        return f"[a name of {len(text)} characters that holds {found[0]}]"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def either(count: int, one: str, many: str) -> str:
    """Give the words for one or for many."""
    return one if count == 1 else many


def words(names: Iterable[str], *, most: int = 30) -> str:
    """Give names in quotes, with commas between."""
    listed = list(names)
    return ", ".join(f"'{shown(str(name))}'" for name in listed[:most]) + (" ..." if len(listed) > most else "")
