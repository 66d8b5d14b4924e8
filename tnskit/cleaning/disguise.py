r"""Text without its disguises: the same words, once markup, escapes and look-alike characters are read.

A number can be written `４１１１`, `%34111`, `&#52;111`, `\u0034111`, `<b>4</b>111` or with invisible marks between its digits.
`views(text)` gives the ways to read a text; each remembers where its characters came from, so that what is found in a
view can be replaced in the text itself.

Not read: words for digits ("four one"), letters that only look like digits (O for 0, l for 1), numerals without a decimal
value (Roman, Chinese), pictures, and anything encrypted or packed; base64 is read by those who ask for it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

_ESCAPED = re.compile(
    r"&(?:\#[xX][0-9a-fA-F]{1,6}|\#[0-9]{1,7}|[A-Za-z]{2,31});?"  # HTML
    r"|(?:%[0-9a-fA-F]{2})+"  # URLs
    r"|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]{1,6}\}|\\U[0-9a-fA-F]{8}|\\x[0-9a-fA-F]{2}|\\[nrt/\"]"  # JSON and programs
    r"|=\r?\n"  # the soft break of quoted-printable mail
    r"|[^\x09\x0a\x0d\x20-\x7e]"  # everything that is not plain ASCII
)
_TAG = re.compile(r"<!--.{0,2000}?-->|</?([A-Za-z][A-Za-z0-9:-]*)(?:\s[^<>]{0,2000})?/?>", re.DOTALL)
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr".split()
)
"""Elements inside a line; every other tag ends the words before it."""
_PASSES = 3
"""How often escapes are read: `%2534` and `&amp;#52;` are escaped twice."""
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\ufffd")
_KEPT = frozenset("•…")
"""Marks that our masks are made of; read as they stand."""
_LIKE = {"−": "-", "·": ".", "‧": ".", "∙": ".", "⋅": ".", "٫": ".", "٬": ",", "、": ",", "⁄": "/", "∕": "/", "¦": "|"}


@dataclass(frozen=True)
class View:
    """One way to read a text.

    Attributes:
        text: What is read.
        layers: Per pass, the places where characters were replaced: (from, to) in what was made, (from, to) before.
    """

    text: str
    layers: tuple[tuple[tuple[int, int, int, int], ...], ...] = field(default=(), repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the text itself of `text[start:end]`, which must not be empty."""
        for layer in reversed(self.layers):
            start, end = _before(layer, start)[0], _before(layer, end - 1)[1]
        return start, end


def views(text: str) -> list[View]:
    """Give the ways to read a text: as it stands, with its escapes read, and with its markup taken out as well."""
    plain = View(text)
    if text.isascii() and not _ESCAPED.search(text) and "<" not in text:
        return [plain]
    read = plain
    for _ in range(_PASSES):
        deeper = _replaced(read, _ESCAPED, _unescaped)
        if deeper is read:
            break
        read = deeper
    bare = _replaced(read, _TAG, _untagged) if "<" in read.text else read
    return [plain, *([read] if read is not plain else []), *([bare] if bare is not read else [])]


def _replaced(view: View, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> View:
    made: list[str] = []
    layer: list[tuple[int, int, int, int]] = []
    done = size = 0
    for match in pattern.finditer(view.text):
        new = replace(match)
        if new == match[0]:
            continue
        size += match.start() - done
        made += [view.text[done : match.start()], new]
        layer.append((size, size + len(new), match.start(), match.end()))
        size, done = size + len(new), match.end()
    return View("".join([*made, view.text[done:]]), (*view.layers, tuple(layer))) if layer else view


def _before(layer: tuple[tuple[int, int, int, int], ...], place: int) -> tuple[int, int]:
    """Where the character at `place` stood before this pass."""
    found = bisect_right(layer, place, key=lambda piece: piece[0]) - 1
    if found < 0:
        return place, place + 1
    _, made, start, end = layer[found]
    return (start, end) if place < made else (end + place - made, end + place - made + 1)


def _unescaped(match: re.Match[str]) -> str:
    found = match[0]
    if found[0] == "&":
        return html.unescape(found)
    if found[0] == "%":
        return unquote(found)
    if found[0] == "\\":
        return _program(found[1:])
    return "" if found[0] == "=" else _plain(found)


def _program(mark: str) -> str:
    if mark[0] in "uUx":
        number = int(mark[1:].strip("{}"), 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return {"n": "\n", "r": "\n", "t": "\t"}.get(mark, mark)


@lru_cache(maxsize=4096)
def _plain(mark: str) -> str:
    """Give a character as ASCII would write it where that is what it means; invisible ones vanish."""
    digit = unicodedata.digit(mark, None)
    if digit is not None:
        return str(digit)
    if mark in _KEPT:
        return mark
    if mark in _BLANKS:
        return " "
    kind = unicodedata.category(mark)
    if kind in {"Cf", "Mn", "Me", "Cc"}:
        return ""
    if kind in {"Zs", "Zl", "Zp"}:
        return " " if kind == "Zs" else "\n"
    return "-" if kind == "Pd" else _LIKE.get(mark) or unicodedata.normalize("NFKC", mark)


def _untagged(match: re.Match[str]) -> str:
    return "" if match[1] is None or match[1].lower() in _INLINE else "\n"
