"""Made-up card numbers and the ways in which they get into exports."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable

from tnskit.cleaning.cards import luhn

NETWORKS = (
    ("4", 16),
    ("51", 16),
    ("55", 16),
    ("2221", 16),
    ("34", 15),
    ("37", 15),
    ("6011", 16),
    ("3528", 16),
    ("36", 14),
    ("4", 19),
    ("62", 19),
    ("4", 13),
)


def completed(start: str, size: int, rng: random.Random) -> str:
    """A number of `size` digits that begins with `start` and passes the Luhn check."""
    body = start + "".join(rng.choices("0123456789", k=size - len(start) - 1))
    return next(body + str(last) for last in range(10) if luhn(body + str(last)))


def card_numbers(many: int, seed: int = 1) -> list[str]:
    """Different made-up card numbers of every network; they belong to nobody whom we know."""
    rng = random.Random(seed)
    made: dict[str, None] = {}
    while len(made) < many:
        made[completed(*NETWORKS[len(made) % len(NETWORKS)], rng)] = None
    return list(made)


def printed(number: str, mark: str) -> str:
    """A number in the groups that are printed on its card, with a mark between them."""
    sizes = (4, 6, 5) if len(number) == 15 else (4, 6, 4) if len(number) == 14 else (4, 4, 4, 4, 3)
    groups, rest = [], number
    for size in sizes:
        groups.append(rest[:size])
        rest = rest[size:]
    return mark.join(group for group in groups if group)


def between(number: str, mark: str) -> str:
    """A number with a mark after every digit but the last."""
    return mark.join(number)


def moved(number: str, zero: str) -> str:
    """A number in the digits of another script."""
    return "".join(chr(ord(zero) + int(digit)) for digit in number)


DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": lambda n: n,
    "in a sentence": lambda n: f"my card is {n}, please charge it",
    "spaces": lambda n: printed(n, " "),
    "two spaces": lambda n: printed(n, "  "),
    "dashes": lambda n: printed(n, "-"),
    "dashes with spaces": lambda n: printed(n, " - "),
    "dots": lambda n: printed(n, "."),
    "slashes": lambda n: printed(n, "/"),
    "underscores": lambda n: printed(n, "_"),
    "colons": lambda n: printed(n, ":"),
    "bars": lambda n: printed(n, "|"),
    "stars": lambda n: printed(n, "**"),
    "en dashes": lambda n: printed(n, "–"),
    "minus signs": lambda n: printed(n, "−"),
    "non-breaking spaces": lambda n: printed(n, "\u00a0"),
    "thin spaces": lambda n: printed(n, "\u2009"),
    "ideographic spaces": lambda n: printed(n, "\u3000"),
    "tabs": lambda n: printed(n, "\t"),
    "lines": lambda n: printed(n, "\n"),
    "Windows lines": lambda n: printed(n, "\r\n"),
    "every digit spaced": lambda n: between(n, " "),
    "every digit dotted": lambda n: between(n, "."),
    "in pairs": lambda n: " ".join(n[i : i + 2] for i in range(0, len(n), 2)),
    "in halves": lambda n: f"{n[:8]} {n[8:]}",
    "zero-width spaces": lambda n: between(n, "\u200b"),
    "zero-width joiners": lambda n: printed(n, "\u200d"),
    "soft hyphens": lambda n: printed(n, "\u00ad"),
    "right-to-left marks": lambda n: f"\u202e{printed(n, chr(0x200F))}\u202c",
    "byte order marks": lambda n: between(n, "\ufeff"),
    "full-width digits": lambda n: moved(n, "０"),
    "Arabic-Indic digits": lambda n: moved(n, "٠"),
    "Persian digits": lambda n: printed(moved(n, "۰"), " "),
    "Devanagari digits": lambda n: moved(n, "०"),
    "bold digits": lambda n: moved(n, "𝟎"),
    "superscripts": lambda n: "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in n),
    "keycaps": lambda n: "".join(f"{d}\ufe0f\u20e3" for d in n),
    "HTML entities": lambda n: "".join(f"&#{ord(d)};" for d in n),
    "hexadecimal entities": lambda n: "".join(f"&#x{ord(d):x};" for d in n),
    "non-breaking entities": lambda n: printed(n, "&nbsp;"),
    "escaped entities": lambda n: "".join(f"&amp;#{ord(d)};" for d in n),
    "tags": lambda n: "".join(f"<b>{d}</b>" for d in n),
    "cells of a table": lambda n: printed(n, "</td><td>"),
    "a link": lambda n: f'<a href="https://pay.example/?n={n}">pay</a>',
    "URL-encoded": lambda n: printed(n, "%20"),
    "URL-encoded digits": lambda n: "".join(f"%{ord(d):02X}" for d in n),
    "form-encoded": lambda n: f"pan={printed(n, '+')}&cvc=1",
    "JSON": lambda n: f'{{"pan": "{printed(n, chr(92) + "u00a0")}"}}',
    "JSON digits": lambda n: "".join(f"\\u{ord(d):04x}" for d in n),
    "JSON digits of another script": lambda n: json.dumps(moved(n, "𝟎")),
    "base64": lambda n: base64.b64encode(n.encode()).decode(),
    "with expiry and code": lambda n: f"{printed(n, ' ')} 12/27 123",
    "between letters": lambda n: f"pan{n}exp1227",
    "a stripe": lambda n: f"%B{n}^DOE/JOHN^27121010000012300000?",
    "a figure": lambda n: f"{n}.0",
    "scientific": lambda n: f"{n[0]}.{n[1:]}E+{len(n) - 1}",
    "with thousands": lambda n: f"{int(n):,}",
    "a digit of another script": lambda n: f"{n[:5]}{moved(n[5], '٠')}{n[6:]}",
}
"""Ways to write a card number, by name."""
