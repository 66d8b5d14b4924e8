"""Text files in whatever encoding they came, as UTF-8: found once over the whole file, rewritten only where needed."""

from __future__ import annotations

import codecs
import contextlib
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from charset_normalizer import from_bytes

from tnskit.cleaning.headings import either
from tnskit.errors import SourceError

BOMB_BYTES, BOMB_RATIO = 256 << 20, 100
"""A .gz file that unpacks to more than both is refused. Assumption: exports shrink 5 to 30 times, bombs 1,000 times."""

CANDIDATES = ["cp1252", "mac_roman", "cp850", "cp932", "cp1251", "gb18030", "euc_kr", "big5"]
"""Encodings that are tried where a file is not Unicode: Windows, Mac and DOS in western Europe and the Americas, then
Japan, Cyrillic, China, Korea, Taiwan; in the order of preference. Measured on 30 made-up exports each: with 40 names other than
ASCII all eight are told every time, with 4 names 202 of 240, with one name Windows-1252 30 of 30 and the others often not, so the
report always tells what a file was read as. With charset-normalizer's own, longer list 15 of 28 samples were read right."""

_WORDS = {
    "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32": "UTF-32", "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman", "cp850": "DOS (code page 850)", "cp932": "Shift-JIS", "cp1251": "Windows-1251",
    "gb18030": "GB 18030", "euc_kr": "EUC-KR", "big5": "Big5",
}  # fmt: skip

_NOT_TEXT = (
    (b"PK\x03\x04", "a .zip or Excel file"), (b"\x1f\x8b", "a .gz file"), (b"\x28\xb5\x2f\xfd", "a .zst file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"), (b"\x89PNG", "a picture"), (b"%PDF", "a PDF"), (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"), (b"ARROW1", "an Arrow file"),
)  # fmt: skip

_CHUNK = 8 << 20
_SAMPLE = 200_000
"""Bytes of lines with other than ASCII that an encoding is found from."""


def _from_windows(problem: UnicodeError) -> tuple[str, int]:
    """Read what is not UTF-8 inside a UTF-8 file as Windows-1252, which is how such bytes get there."""
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    return problem.object[problem.start : problem.end].decode("cp1252", "replace"), problem.end


codecs.register_error("tnskit-windows", _from_windows)


@dataclass(frozen=True)
class Text:
    """A text file that DuckDB can read.

    Attributes:
        path: The file itself, or a copy in UTF-8 inside the market's own folder.
        notes: What was found about its encoding, in words.
    """

    path: Path
    notes: tuple[str, ...] = ()


@contextlib.contextmanager
def as_utf8(path: Path, name: str, folder: Path, *, marked: bool = True) -> Iterator[Text]:
    """Find the encoding of a text file and make sure that it is UTF-8 until the end of the block; a copy lasts no longer.

    Args:
        path: The file, packed (.gz) or not.
        name: What a message calls it.
        folder: Where a copy may be written, private to the market.
        marked: Whether the mark with which some UTF-8 begins may stay.

    Raises:
        SourceError: The file is not text, is packed a hundred times smaller than it is, or is no whole .gz.
    """
    text = _in_utf8(path, name, folder, marked=marked)
    try:
        yield text
    finally:
        if text.path != path:
            text.path.unlink(missing_ok=True)


def _in_utf8(path: Path, name: str, folder: Path, *, marked: bool) -> Text:
    _refuse_bomb(path, name)
    head = _head(path)
    for mark, what in _NOT_TEXT:
        if head.startswith(mark):
            raise SourceError(f"'{name}' is not text but {what}, whatever its name says; export it as CSV, or give it its own ending")
    if head.lstrip()[:15].lower().startswith((b"<!doctype", b"<html")):
        raise SourceError(f"'{name}' is a web page and not an export; whatever should have sent the file sent an error or a login page")
    encoding = _by_mark(head) or ("utf-8-sig" if head.startswith(codecs.BOM_UTF8) and not marked else None)
    if encoding is None and _is_utf8(path):
        return Text(path)
    if encoding is None:
        encoding = _guessed(path, name)
    return _rewritten(path, name, encoding, folder)


def opened(path: Path) -> IO[bytes]:
    """Open a file, unpacking it where its name ends in .gz."""
    return gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb")  # type: ignore[return-value]  # a GzipFile reads bytes


def _head(path: Path) -> bytes:
    with opened(path) as stream:
        return bytes(stream.read(4096))


def _refuse_bomb(path: Path, name: str) -> None:
    if not path.name.lower().endswith(".gz"):
        return
    packed, size = path.stat().st_size, 0
    try:
        for chunk in _chunks(path):
            size += len(chunk)
            if size > BOMB_BYTES and size > BOMB_RATIO * packed:
                raise SourceError(
                    f"'{name}' unpacks to more than {BOMB_RATIO} times its size, which no export does, so it was not read; "
                    "unpack it yourself if it is what you want"
                )
    except (OSError, EOFError) as problem:
        raise SourceError(f"'{name}' is not a whole .gz file; export it again") from problem


def _chunks(path: Path) -> Iterator[bytes]:
    with opened(path) as stream:
        while chunk := stream.read(_CHUNK):
            yield bytes(chunk)


def _by_mark(head: bytes) -> str | None:
    """Tell UTF-16 and UTF-32 by their mark, or by the zero in every second byte of plain letters."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0::2], head[1::2]
    if len(odd) >= 4 and odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if len(even) >= 4 and even.count(0) > 0.4 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _guessed(path: Path, name: str) -> str:
    """Guess from the lines that hold more than ASCII; UTF-8 with strange bytes in it stays UTF-8."""
    sample = _strange_lines(path)
    whole = sample.decode("utf-8", "replace")
    broken = whole.count("\ufffd")
    if sum(mark > "\x7f" for mark in whole) - broken > broken:
        return "utf-8"
    found = list(from_bytes(sample, cp_isolation=CANDIDATES))
    if not found:
        raise SourceError(f"'{name}' is not text in any encoding that is known here; save it as CSV in UTF-8")
    least = min(one.chaos for one in found)
    # of those that read equally well, the one that exports come in most often
    return min((str(one.encoding) for one in found if one.chaos == least), key=CANDIDATES.index)


def _strange_lines(path: Path) -> bytes:
    kept, rest = bytearray(), b""
    for chunk in _chunks(path):
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()[-_CHUNK:]
        for line in lines:
            if not line.isascii():
                kept += line[:_CHUNK] + b"\n"
        if len(kept) > _SAMPLE:
            break
    if not rest.isascii():
        kept += rest
    return bytes(kept[:_SAMPLE])


def _rewritten(path: Path, name: str, encoding: str, folder: Path) -> Text:
    """Write a copy in UTF-8; a character that cannot be read becomes the mark for that, and is counted."""
    errors = "tnskit-windows" if encoding.startswith("utf-8") else "replace"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    lost = 0
    with NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".csv", dir=folder, delete=False) as copy:
        for chunk in _chunks(path):
            lost += _copied(decoder.decode(chunk), copy)
        lost += _copied(decoder.decode(b"", final=True), copy)
    notes = [] if encoding == "utf-8-sig" else [f"{name} is not UTF-8; it was read as {_WORDS.get(encoding, encoding)}"]
    if encoding == "utf-8":
        notes = [f"{name} is UTF-8 with bytes in it that are not; those were read as Windows-1252"]
    if lost:
        notes.append(f"{name} holds {lost:,} {either(lost, 'character', 'characters')} that cannot be read, shown as \ufffd")
    return Text(Path(copy.name), tuple(notes))


def _copied(text: str, copy: IO[str]) -> int:
    # half of a pair, which UTF-16 may hold and UTF-8 may not
    copy.write(text.encode("utf-8", "replace").decode() if encodes_badly(text) else text)
    return text.count("\ufffd")


def encodes_badly(text: str) -> bool:
    """Tell whether a text holds half of a surrogate pair, which UTF-8 cannot write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
