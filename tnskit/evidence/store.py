"""`Links.save` and `open_links`: what was linked, in a folder that opens at once and answers by lookup.

    folder/
      links.json      what it was made from, with which settings and version; the digest of every file; which data holds
      data-3/         *.npy: the index, mapped into memory; *.parquet: the tables that the rest is asked from

A new save writes a new `data-` folder and then replaces `links.json` in one step, so a killed one leaves the old links.
In it are account ids, roles, dates, scores, evidence and *masks*; no identifier, name or other private value.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from tnskit.cleaning.schema import TABLES
from tnskit.cleaning.sources.far import is_far, place, reached
from tnskit.cleaning.sources.reading import ENDINGS
from tnskit.errors import EngineError, StoreError, UsageError
from tnskit.evidence import rules
from tnskit.evidence.engine import Duck, Engine
from tnskit.evidence.fileindex import FileIndex
from tnskit.evidence.index import Index, index_of
from tnskit.evidence.rules import Rule, Rules
from tnskit.evidence.spark import SparkSteps

FORMAT = 2
"""Goes up whenever what a folder holds is read in another way."""

MANIFEST = "links.json"

SMALL = 64 << 20
"""Bytes up to which every byte is checked when a folder is opened. Measured: 64 MB take 50 ms."""

_TABLES = {
    "pair": "SELECT * FROM pair ORDER BY a, b",
    "counted": "SELECT * FROM counted ORDER BY a, b, abs(counted) DESC, points DESC, kind, rule, value",
    "crowded": "SELECT * FROM crowded ORDER BY accounts DESC, kind, shown, value",
    # Words of names stay out.
    "people": "SELECT code, account_id, role, status, created, closed, country, survivor FROM main.people ORDER BY code",
    "identifier": "SELECT code, kind, class, shown FROM main.identifier WHERE code IN (SELECT value FROM counted) ORDER BY code",
    "seen": "SELECT account, value, kind, first_at, last_at FROM main.seen ORDER BY account, value",
    "life": "SELECT account, unhired, breached, born FROM life ORDER BY account",
    # What rings are ranked by: that money was taken back, and that somebody's safety was at stake; no amount, no word.
    "payments": "SELECT payer_id, kind FROM public.payments WHERE kind = 'chargeback' ORDER BY payer_id",
    "reports": "SELECT subject_account_id, safety_flag FROM public.reports WHERE safety_flag ORDER BY subject_account_id",
}
"""Every table of a folder. A list of what goes in, not of what stays out, so that nothing private follows by accident."""

_NEAR = {
    "near": "SELECT a AS x, b AS y, score, label, families, benign, benign_score, shared FROM pair "
    "UNION ALL SELECT b, a, score, label, families, benign, benign_score, shared FROM pair ORDER BY x, score DESC, y",
}
"""Beside them where no memory holds the pairs: every pair under each of its accounts."""

_KEPT = (".npy", ".parquet")

_SCHEMAS = dict.fromkeys(("people", "identifier", "seen"), "main") | dict.fromkeys(("payments", "reports"), "public")
"""Schemas of the tables that do not lie in that of the links."""


class Shelf:
    """The tables of a saved folder, behind the seam; DuckDB is started when it is first asked."""

    def __init__(self, data: Any, files: Iterable[str]):
        self._data = data
        self._files: dict[str, list[str]] = {}
        for file in files:
            if file.endswith(".parquet"):
                self._files.setdefault(file.split("/")[0].removesuffix(".parquet"), []).append(str(data / file).replace("'", "''"))
        self._duck: Duck | None = None

    def run(self, sql: str, values: Any = (), **tables: pd.DataFrame) -> pd.DataFrame:
        """Run one statement; see `Engine.run`."""
        if self._duck is None:
            self._duck = self._opened()
        try:
            return self._duck.run(sql, values, **tables)
        except EngineError as problem:
            raise EngineError(
                "a saved folder does not hold what this asks for; load the exports and link them instead. " + str(problem)
            ) from problem

    def _opened(self) -> Duck:
        db = duckdb.connect(config={"python_enable_replacements": False})
        duck = Duck(db, "links")
        duck.run("CREATE SCHEMA IF NOT EXISTS memory.public")
        # a lookup asks many files for their outline again and again
        duck.run("SET parquet_metadata_cache = true")
        if is_far(self._data):
            db.register_filesystem(self._data.fs)
        for name, files in self._files.items():
            where = f"memory.{_SCHEMAS.get(name, 'links')}"
            listed = "', '".join(files)
            duck.run(f"CREATE VIEW {where}.{name} AS SELECT * FROM read_parquet(['{listed}'])")
        return duck


@dataclass(frozen=True, eq=False)
class Saved:
    """What a folder holds, opened.

    Attributes:
        index: Pairs by account, mapped into memory.
        engine: The tables.
        rules: The rule table used.
        settings: What `link` was told, with the versions and digests that make a run repeatable.
    """

    index: Index = field(repr=False)
    engine: Engine = field(repr=False)
    rules: Rules = field(repr=False)
    settings: dict[str, Any]


def write(
    folder: str | Path, *, index: Index | None, engine: Engine, table: Rules, settings: dict[str, Any], inputs: dict[str, str]
) -> Path:
    """Write links to a folder, whole or not at all; see `Links.save`."""
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise UsageError(f"'{target}' is a file; give a folder to save links in")
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()) and not (target / MANIFEST).exists() and not all(_ours(path) for path in target.iterdir()):
        raise UsageError(f"the folder '{target}' holds something else; give a new or empty folder")
    data = target / f"data-{1 + max((_number(path) for path in target.iterdir()), default=0)}"
    data.mkdir()
    try:
        accounts = _laid(data, engine) if isinstance(engine, SparkSteps) else _put_down(data, engine, index)
        manifest = {
            "format": FORMAT,
            "version": metadata.version("tnskit"),
            "data": data.name,
            "settings": settings,
            "inputs": inputs,
            "rules": asdict(table),
            "default_rules": table.sha256 == rules.default().sha256,
            "words": {} if index is None else dict(index.words),
            "accounts": accounts,
            "files": {
                path.relative_to(data).as_posix(): _told(path)
                for path in sorted(data.rglob("*"))
                if path.is_file() and path.suffix in _KEPT
            },
        }
        _put(target / MANIFEST, manifest)
    except BaseException:
        shutil.rmtree(data, ignore_errors=True)
        raise
    for path in target.iterdir():
        if _ours(path) and path.name not in {MANIFEST, data.name}:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return target


def _put_down(data: Path, engine: Engine, index: Index | None) -> int:
    """Write the index and the tables from here, and give the number of accounts."""
    found = index_of(engine) if index is None else index
    for name, array in found.arrays.items():
        np.save(data / f"{name}.npy", np.ascontiguousarray(array))
    for name, sql in _TABLES.items():
        file = str(data / f"{name}.parquet").replace("'", "''")
        engine.run(f"COPY ({sql}) TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)")
    return len(found)


def _laid(data: Path, steps: SparkSteps) -> int:
    """Let the executors write every table, sorted and in many files, and give the number of accounts; nothing passes through here."""
    for name, sql in (_TABLES | _NEAR).items():
        steps.lay(sql, data / f"{name}.parquet")
    return int(steps.run("SELECT count(*) AS many FROM main.people")["many"].iloc[0])


def _put(path: Path, manifest: dict[str, Any]) -> None:
    """Replace the manifest in one step, after everything it names is on the disk."""
    body = json.dumps(manifest, ensure_ascii=False, indent=1)
    text = json.dumps({"sha256": hashlib.sha256(body.encode()).hexdigest()}) + "\n" + body
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def _ours(path: Path) -> bool:
    return path.name in {MANIFEST, "links.part"} or _number(path) > 0


def _number(path: Path) -> int:
    word, _, number = path.name.partition("-")
    return int(number) if word == "data" and number.isdigit() else 0


def _told(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
    return {"bytes": path.stat().st_size, "sha256": _digest(path)}


@reached(StoreError)
def read(folder: str | Path, *, source: str | Path | None = None, whole: bool | None = None) -> Saved:
    """Open a folder that `write` wrote; see `tnskit.evidence.links.open_links`."""
    target = place(folder)
    manifest = _manifest(target)
    if manifest["format"] != FORMAT or manifest["version"] != metadata.version("tnskit"):
        raise StoreError(
            f"'{target.name}' was saved by tnskit {manifest['version']} and this is {metadata.version('tnskit')}; link the exports again"
        )
    table = _rules(manifest["rules"])
    if manifest["default_rules"] and table.sha256 != rules.default().sha256:
        raise StoreError(f"'{target.name}' was linked with the rules of {table.version}, which have changed since; link the exports again")
    if source is not None:
        _compare(Path(source), manifest["inputs"], target.name)
    data = target / manifest["data"]
    _check_files(data, manifest["files"], target.name, whole)
    arrays = {name.removesuffix(".npy"): _array(data / name) for name in manifest["files"] if name.endswith(".npy")}
    shelf = Shelf(data, manifest["files"])
    index = Index(arrays, manifest["words"]) if arrays else FileIndex({}, {}, shelf, manifest["accounts"])
    return Saved(index, shelf, table, manifest["settings"])


def _array(path: Any) -> Any:
    if not is_far(path):
        return np.load(path, mmap_mode="r")
    with path.open("rb") as stream:
        return np.load(stream)


def _manifest(target: Any) -> dict[str, Any]:
    try:
        head, _, body = (target / MANIFEST).read_text(encoding="utf-8").partition("\n")
        sound = json.loads(head)["sha256"] == hashlib.sha256(body.encode()).hexdigest()
    except FileNotFoundError:
        raise StoreError(f"'{target}' holds no saved links; links.save(folder) makes such a folder") from None
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise StoreError(f"'{target.name}/{MANIFEST}' is damaged; link the exports again and save them")
    found: dict[str, Any] = json.loads(body)
    return found


def _check_files(data: Any, files: dict[str, dict[str, Any]], name: str, whole: bool | None) -> None:
    """Every file is there with its size; their bytes are read where they are few, or where it is asked for."""
    if is_far(data):
        # asked for once, and remembered for every file
        data.fs.find(data.path)
    if whole is None:
        whole = not is_far(data) and sum(told["bytes"] for told in files.values()) <= SMALL
    for file, told in files.items():
        path = data / file
        if not path.exists() or path.stat().st_size != told["bytes"]:
            raise StoreError(f"'{name}' is damaged: {file} is missing or cut off; link the exports again and save them")
        if whole and _digest(path) != told["sha256"]:
            raise StoreError(f"'{name}' is damaged: {file} is not what was saved; link the exports again and save them")


def _compare(source: Path, inputs: dict[str, str], name: str) -> None:
    """Compare the exports that a folder was made from with those that are there now."""
    if not source.exists():
        raise UsageError(f"there is no file or folder '{source}' to compare with")
    files = [source] if source.is_file() else sorted(p for p in source.iterdir() if p.is_file() and p.name.lower().endswith(ENDINGS))
    for path in files:
        known = path.name in inputs
        if known and inputs[path.name] != _digest(path):
            raise StoreError(f"'{name}' is older than the exports: {path.name} has changed since; link them again")
        if not known and path.name.split(".")[0].lower() in TABLES:
            raise StoreError(f"'{name}' is older than the exports: {path.name} was added since; link them again")
    if gone := sorted(inputs.keys() - {path.name for path in files}):
        raise StoreError(f"'{name}' is not of these exports: {gone[0]} is gone; link them again")


def _digest(path: Any) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _rules(told: dict[str, Any]) -> Rules:
    def plain(value: Any) -> Any:
        return tuple(map(plain, value)) if isinstance(value, list) else value

    each = {name: Rule(**{key: plain(value) for key, value in rule.items()}) for name, rule in told.pop("rules").items()}
    return Rules(rules=each, **{key: plain(value) for key, value in told.items()})
