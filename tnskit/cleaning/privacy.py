"""What keeps raw values inside the gate: card numbers are redacted on the way in, free text is searched on the way out."""

from __future__ import annotations

import re
import unicodedata

import duckdb

CARD_IN_SQL = r"\d(?:[ \-.]?\d){12,18}"
"""What DuckDB looks for to find the few cells that Python then reads closely."""

_CARD = re.compile(r"(?<![\w.])\d(?:[ \-.]?\d){12,18}(?![\w])")
_NETWORKS = re.compile(r"^(4|5[1-5]|2(22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|3(0[0-5]|[68])|6)")
REDACTED = "[card number removed]"

_PHONE = re.compile(r"(?<![\w.•-])\+?\(?\d[\d ().-]{7,16}\d(?![\w•-])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_IP = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]+", re.I)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4}")


def luhn(digits: str) -> bool:
    """Tell whether a run of digits passes the Luhn check (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, mark in enumerate(reversed(digits)):
        number = int(mark) * (1 + place % 2)
        total += number - 9 * (number > 9)
    return total % 10 == 0


def is_card_number(digits: str) -> bool:
    """Tell whether digits look like a full card number: 13 to 19, a card network's first digits, Luhn."""
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and bool(_NETWORKS.match(digits)) and luhn(digits)


def redact(text: str) -> str:
    """Give `text` with every full card number replaced by a note; at once over spaces, dashes and full-width digits."""

    def replace(match: re.Match[str]) -> str:
        decimal = re.fullmatch(r"\d+\.\d+", match[0])
        return REDACTED if not decimal and is_card_number(re.sub(r"\D", "", match[0])) else match[0]

    folded = unicodedata.normalize("NFKC", text) if not text.isascii() else text
    found = _CARD.sub(replace, folded)
    return found if found != folded else text


def leaks(text: str) -> list[str]:
    """Name the kinds of raw identifier that a person's free text holds, such as "a phone number"."""
    bare = _DATE.sub(" ", unicodedata.normalize("NFKC", text))
    cards = redact(bare)
    rest = _IP.sub(" ", cards)
    phones = (re.sub(r"\D", "", match[0]) for match in _PHONE.finditer(rest))
    found = {
        "a full card number": cards != bare,
        "an IP address": rest != cards,
        "an e-mail address": bool(_EMAIL.search(rest)),
        "a phone number": any(10 <= len(digits) <= 15 for digits in phones),
    }
    return [name for name, there in found.items() if there]


def redact_columns(db: duckdb.DuckDBPyConnection, view: str, columns: tuple[str, ...], ids: frozenset[str]) -> int:
    """Redact full card numbers in text columns of a raw table, in place.

    A column of ids (`ids`) may hold long digits of its own; one in ten of them passes the Luhn check by chance. It is
    touched only where most of its long numbers pass.

    Returns:
        The number of cells that were changed.
    """
    changed = 0
    for column in columns:
        name = '"' + column.replace('"', '""') + '"'
        found = db.execute(
            f"SELECT DISTINCT {name} FROM {view} WHERE {name} IS NOT NULL AND length({name}) >= 13 "
            f"AND (regexp_matches({name}, ?) OR NOT regexp_full_match({name}, '[ -~\\s]*'))",
            [CARD_IN_SQL],
        ).fetchall()
        pairs = [(raw, clean) for (raw,) in found if (clean := redact(raw)) != raw]
        if not pairs or (column in ids and len(pairs) * 2 < len(found)):
            continue
        changed += _replace(db, view, name, pairs)
    return changed


def _replace(db: duckdb.DuckDBPyConnection, view: str, name: str, pairs: list[tuple[str, str]]) -> int:
    db.execute("CREATE OR REPLACE TEMP TABLE _redacted (raw VARCHAR, clean VARCHAR)")
    db.executemany("INSERT INTO _redacted VALUES (?, ?)", pairs)
    counted = db.execute(f"SELECT count(*) FROM {view} JOIN _redacted ON {name} = raw").fetchall()
    db.execute(f"UPDATE {view} SET {name} = clean FROM _redacted WHERE {name} = raw")
    db.execute("DROP TABLE _redacted")
    return int(counted[0][0])
