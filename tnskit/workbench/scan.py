"""Find raw identifiers in what was saved, and put masks in their place.

Every format is read through one door: its reader hands each piece of text, with the place that it stands in, to a visitor,
and puts together again what the visitor gives back. A visitor that changes nothing is a scan, one that masks is a
cleaning, so both see the same.

Read are notebooks with all their outputs, attachments and widget states, JSON, JSON lines, CSV and any other text in UTF-8,
UTF-16 or Windows-1252, Excel workbooks and other zip files, Parquet, gzip, SQLite and DuckDB files, and base64 of text in all
of these. Pictures, PDF and other binary files cannot be read; they are named as not searched.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tqdm.auto import tqdm

from tnskit.cleaning.privacy import SAID, Found, find, mask, masked
from tnskit.errors import UsageError
from tnskit.workbench.export import whole
from tnskit.workbench.formats import UnreadableError, rebuild

ENDINGS = (
    ".ipynb", ".html", ".htm", ".csv", ".tsv", ".txt", ".md", ".json", ".jsonl", ".ndjson", ".toml", ".yaml", ".yml", ".xml", ".svg",
    ".log", ".graphml", ".gexf", ".xlsx", ".parquet", ".gz", ".zip", ".db", ".sqlite", ".duckdb", ".py", ".sql", ".eml", ".rst",
)  # fmt: skip
"""Endings that are looked at in a folder; a file that is named is read whatever its ending."""
_SAID = SAID | {"device": "a device", "licence": "a licence number", "identity": "a document or face", "name": "a person's name"}
"""What a finding is called, of the kinds that only a market knows too."""
_LEFT = frozenset({".git", ".venv", "node_modules", "__pycache__"})
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}(?![A-Za-z0-9+/_=-])")
_DRAWN = re.compile(
    r"""\bd=\\?["'][Mm] ?-?\d[\s\d.,eEMmLlHhVvCcSsQqTtAaZz+-]*|\bpoints=\\?["']-?[\d.]+,-?[\d.]+(?:[\s,]+-?[\d.]+,-?[\d.]+)+"""
    r"""|\bdata:(?:image/(?!svg)|font/|audio/|video/|application/pdf)[^"';,\s]{0,40};base64,[A-Za-z0-9+/=\s]+"""
)
"""The lines of a drawing, whose figures mean nothing, and pictures inside a page."""
_URL_SAFE = str.maketrans("-_", "+/")
_PRINTED = 0.95
"""Share of printable characters from which decoded base64 is text. Assumption: random bytes are no UTF-8 at all."""


@dataclass(frozen=True)
class Finding:
    """A raw identifier in a file.

    Attributes:
        file: The file's name, masked where it holds one itself.
        where: The place in it, in words.
        kind: What was found, as a person would say it.
    """

    file: str
    where: str
    kind: str

    def __str__(self) -> str:
        return f"{self.file}, {self.where}: {self.kind}"


@dataclass(frozen=True)
class Scan:
    """What was found in some files.

    Attributes:
        found: Every raw identifier, in the order of files and places.
        files: Number of files that were read.
        unread: Name and reason of files that cannot be searched.
        written: Cleaned files.
        left: What cleaning could not take out.
    """

    found: tuple[Finding, ...] = ()
    files: int = 0
    unread: tuple[tuple[str, str], ...] = ()
    written: tuple[Path, ...] = ()
    left: tuple[Finding, ...] = ()

    def __str__(self) -> str:
        lines = [str(one) for one in self.found]
        lines += [f"{name}: not searched, {why}" for name, why in self.unread]
        lines += [f"written to {path}" for path in self.written]
        lines += [f"still there: {one}" for one in self.left]
        several = len({one.file for one in self.found})
        many = f"{len(self.found):,} raw identifier{'s' * (len(self.found) != 1)}"
        of = f"{several:,} of {self.files:,} file{'s' * (self.files != 1)}"
        return "\n".join(
            [*lines, f"{many} found in {of}" if self.found else f"no raw identifier found in {self.files:,} file{'s' * (self.files != 1)}"]
        )


@dataclass
class _Visitor:
    """Looks at pieces of text, notes what it finds, and gives them back, masked or as they were."""

    name: str
    masking: bool = False
    known: Callable[[str], list[Found]] | None = None
    found: list[Finding] = field(default_factory=list)

    def __call__(self, text: str, place: Callable[[int], str]) -> str:
        made = text
        seen = self._all(text)
        self.found += [Finding(self.name, place(one.start), _SAID.get(one.kind, one.kind)) for one, _ in seen]
        for one, instead in reversed(seen if self.masking else []):
            made = made[: one.start] + instead + made[one.end :]
        return made

    def _all(self, text: str) -> list[tuple[Found, str]]:
        """Give what is raw in a text, in order, with what may stand there instead; the surest reading of a place wins."""
        text = _DRAWN.sub(lambda match: "x" * len(match[0]), text)
        made: list[tuple[Found, str]] = []
        for start, end, inner in packed(text):
            if inside := find(inner):
                made.append((Found(inside[0].kind, start, end), base64.b64encode(masked(inner).encode()).decode()))
        for one in [*(self.known(text) if self.known else []), *find(text)]:
            if all(one.end <= other.start or other.end <= one.start for other, _ in made):
                made.append((one, mask(one.kind, text[one.start : one.end])))
        return sorted(made, key=lambda pair: pair[0].start)


def masking(text: str, place: Callable[[int], str]) -> str:
    """Give a text with masks in place of what is raw; a visitor for `rebuild`."""
    return _Visitor("", masking=True)(text, place)


def packed(text: str) -> Iterator[tuple[int, int, str]]:
    """Give the parts of a text that are base64 of text, with what they say."""
    for match in _BASE64.finditer(text):
        bare = match[0].rstrip("=").translate(_URL_SAFE)
        if len(bare) % 4 == 1:
            continue
        try:
            inner = base64.b64decode(bare + "=" * (-len(bare) % 4)).decode("utf-8")
        except UnicodeDecodeError:
            continue
        if sum(mark.isprintable() or mark.isspace() for mark in inner) >= _PRINTED * len(inner):
            yield match.start(), match.end(), inner


def scan(
    paths: Iterable[str | Path],
    *,
    clean: bool = False,
    in_place: bool = False,
    known: Callable[[str], list[Found]] | None = None,
    progress: bool = False,
) -> Scan:
    """Look for raw identifiers in files.

    Args:
        paths: Files, or folders that are searched with all that is in them.
        clean: Write a copy `NAME.clean.ENDING` with masks beside each file in which something was found.
        in_place: Overwrite the file instead.
        known: Finds the values of one market as well; see `known.known`.
        progress: Show a progress bar where it takes longer than two seconds.

    Returns:
        A Scan.

    Raises:
        UsageError: No such file.
    """
    total = Scan()
    for path in tqdm(files(paths), desc="searching", unit="file", disable=not progress, delay=2, leave=False):
        total = _added(total, path, clean=clean or in_place, in_place=in_place, known=known)
    return total


def files(paths: Iterable[str | Path]) -> list[Path]:
    """Give the files that are meant, each once, in order."""
    made: dict[Path, None] = {}
    for name in paths:
        path = Path(name)
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and one.name.lower().endswith(ENDINGS))
            made |= dict.fromkeys(one for one in inside if not _LEFT & set(one.relative_to(path).parts))
        elif path.exists():
            made[path] = None
        else:
            raise UsageError(f"'{masked(path.name)}' cannot be read; there is no such file")
    return list(made)


def _added(total: Scan, path: Path, *, clean: bool, in_place: bool, known: Callable[[str], list[Found]] | None) -> Scan:
    """Scan one file and give the sum."""
    name = masked(path.name)
    visitor = _Visitor(name, known=known)
    content, mode = path.read_bytes(), path.stat().st_mode
    if name != path.name:
        visitor.found += [Finding(name, "the file's own name", SAID[one.kind]) for one in find(path.name)]
    try:
        rebuild(path.name, content, visitor)
    except UnreadableError as problem:
        found, unread = (*total.found, *visitor.found), (*total.unread, (name, str(problem)))
        return Scan(found, total.files, unread, total.written, total.left)
    written, left = total.written, total.left
    if clean and visitor.found:
        target = path if in_place else path.with_name(f"{Path(name).stem}.clean{path.suffix}")
        again = _Visitor(name, known=known)
        try:
            made = rebuild(path.name, content, _Visitor(name, masking=True, known=known))
            rebuild(path.name, made, again)
            whole(target, made)
            target.chmod(mode)
            written = (*written, target)
        except UnreadableError as problem:
            again.found.append(Finding(name, str(problem), "was not cleaned"))
        left = (*left, *again.found)
    return Scan((*total.found, *visitor.found), total.files + 1, total.unread, written, left)
