"""Stand-in until the real one is merged."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from tnskit.cleaning.market import Market


@dataclass(frozen=True)
class Key:
    """A secret."""

    id: str
    secret: bytes = field(repr=False)


@cache
def _fresh() -> bytes:
    return os.urandom(32)


def key() -> Key:
    """Give the key."""
    secret = os.environ.get("TNSKIT_KEY", "").encode() or _fresh()
    return Key(hashlib.blake2b(secret, digest_size=4).hexdigest(), secret)


def token(kind: str, clean: str, key: Key) -> str:
    """Give a keyed token."""
    return hashlib.blake2b(f"{kind}\x00{clean}".encode(), key=key.secret[:64], digest_size=16).hexdigest()


def token_of(market: Market, code: int, key: Key) -> str:
    """Give the token of an identifier."""
    kind, clean = market.db.cursor().execute("SELECT kind, clean FROM vault.clean WHERE code = ?", [code]).fetchall()[0]
    return token(kind, clean, key)


def matching(market: Market, kind: str, tokens: Iterable[str], keys: Iterable[Key]) -> list[int]:
    """Give the codes of the identifiers with these tokens."""
    wanted = set(tokens)
    found = market.db.cursor().execute("SELECT code, clean FROM vault.clean WHERE kind = ? ORDER BY code", [kind]).fetchall()
    return [code for code, clean in found for one in keys if token(kind, clean, one) in wanted]


def keys() -> list[Key]:
    """Give every key there is."""
    return [key()]
