"""Cleaning on other machines: unique values are read there by the same code, and leave this process only sealed.

What travels is a parcel: some unique values, without their accounts, under a key that is made for one load and forgotten with it
(AES-256 in Galois/Counter Mode, NIST SP 800-38D). Whatever lies between here and there, be it a temporary file, a memory block that
went to disk or a wire, sees parcels. They are opened, read and sealed again in the Python process of a machine. The key goes there
with the work that is to be done, which stays in memory, and is not the key of the tokens.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from importlib import metadata, resources
from typing import Any, Protocol

from tnskit.cleaning.cards import REDACTED
from tnskit.cleaning.identifiers import read
from tnskit.errors import EngineError, UsageError

_NONCE = 12
"""Bytes of a nonce, drawn anew for each parcel; SP 800-38D allows 2^32 of them under one key."""

_MISSING = "cleaning on other machines seals what it sends there, with a package that is not installed: pip install 'tnskit[spark]'"
_OTHER = (
    "the machines of the engine have another version of tnskit or of phonenumbers than this one, and would clean otherwise; "
    "give them what is installed here"
)

Rows = list[tuple[Any, ...]]
"""Rows of unique values: `raw` alone, or `raw`, clean form, class, fault."""


class Machines(Protocol):
    """What can do a piece of work in many places at once."""

    def spread(self, work: Callable[[bytes], bytes], parcels: Iterable[bytes]) -> Iterator[bytes]:
        """Give what becomes of each parcel, in their order."""


class Cleaner:
    """Reads unique values: here, or on the machines of an engine.

    Args:
        region: Country of phone numbers and addresses that do not tell one.
        machines: Where; this process if left out.

    Raises:
        UsageError: The engine is none that can clean, or what seals parcels is not installed.
    """

    def __init__(self, region: str, machines: Machines | None = None):
        self.region = region
        self.machines = machines
        if machines is not None:
            if not hasattr(machines, "spread"):
                raise UsageError(f"an engine of type {type(machines).__name__} cannot clean; give Spark(session), or leave it out")
            try:
                from cryptography.hazmat.primitives.ciphers.aead import AESGCM
            except ImportError:
                raise UsageError(_MISSING) from None
            self._key = AESGCM.generate_key(256)

    def __call__(self, kind: str, chunks: Iterable[Rows]) -> Iterator[Rows]:
        """Give `raw`, clean form, class and fault of each value of each cell; each of the three empty where it does not apply.

        Raises:
            EngineError: The machines fail, or would clean otherwise than this one.
        """
        if self.machines is None:
            yield from (clean(kind, self.region, [raw for (raw,) in chunk]) for chunk in chunks)
            return
        work = partial(away, self._key, kind, self.region)
        for parcel in self.machines.spread(work, (_seal(self._key, [raw for (raw,) in chunk]) for chunk in chunks)):
            code, made = _opened(self._key, parcel)
            if code != code_digest():
                raise EngineError(_OTHER)
            yield [tuple(row) for row in made]


def clean(kind: str, region: str, raws: Iterable[str]) -> Rows:
    """Read unique values of a kind; see `Cleaner`."""
    return [(raw, *one) for raw in raws for one in _read(kind, raw, region)]


def _read(kind: str, raw: str, region: str) -> list[tuple[str, str, str]]:
    if REDACTED[:-1] in raw:
        return [("", "", "a full card number, which was removed; export the token of the processor")]
    return read(kind, raw, region)


def away(key: bytes, kind: str, region: str, parcel: bytes) -> bytes:
    """Open a parcel on another machine, read the values in it, and seal what they mean."""
    try:
        return _seal(key, [code_digest(), clean(kind, region, _opened(key, parcel))])
    except Exception as problem:
        name = type(problem).__name__
    # not from the error itself: its words may hold a value, and Spark writes them to a log
    raise RuntimeError(f"values of kind '{kind}' cannot be read there ({name})")


@cache
def code_digest() -> str:
    """Give a digest of the code that cleans, by which two machines know that they clean alike."""
    digest = hashlib.sha256(metadata.version("phonenumbers").encode())
    for name, content in sorted(_files(resources.files("tnskit.cleaning"), "")):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def _files(folder: Any, above: str) -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _files(one, f"{above}{one.name}/") if one.name != "__pycache__" else ()
        else:
            yield above + one.name, one.read_bytes()


def _seal(key: bytes, what: Any) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, json.dumps(what, ensure_ascii=False).encode(), None)


def _opened(key: bytes, parcel: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return json.loads(AESGCM(key).decrypt(parcel[:_NONCE], parcel[_NONCE:], None))
