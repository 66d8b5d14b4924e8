"""Keyed tokens: what may be remembered of a value after the market is closed.

A token is BLAKE2b (RFC 7693) of the clean value under a secret key, with the kind as its person, so that the same
digits as a phone and as a device give different tokens. Whoever lacks the key cannot try out values; whoever has the key and a
value can tell whether they belong together, so the key lies apart from the data.

A token is written `tns1_KEYID_DIGEST`. The key's id is computed from the key and tells which of several keys made it, so
that a new key can be taken while tokens of the old ones are still read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tnskit.cleaning.identifiers import KINDS
from tnskit.cleaning.keys import TOKEN_BYTES, Key
from tnskit.cleaning.market import Market
from tnskit.errors import UsageError

_SCHEME = "tns1"


def token(kind: str, clean: str, key: Key) -> str:
    """Give the token of a clean value.

    Args:
        kind: One of `identifiers.KINDS`.
        clean: The one form of the value, as the kind's `clean` gives it.
        key: The key in use, `keys()[0]`.

    Returns:
        `tns1_`, the key's id, `_`, and 40 hexadecimal digits.

    Raises:
        UsageError: No such kind.
    """
    digest = key.digest(_known(kind))
    digest.update(clean.encode("utf-8", "surrogatepass"))
    return f"{_SCHEME}_{key.id}_{digest.hexdigest()}"


def token_of(market: Market, code: int, key: Key) -> str:
    """Give the token of an identifier of a market, told by its code.

    Args:
        market: A loaded market.
        code: The identifier's code, as `main.identifier` has it.
        key: The key in use, `keys()[0]`.

    Raises:
        UsageError: The market has no such identifier.
    """
    found = market.db.cursor().execute("SELECT kind, clean FROM vault.clean WHERE code = ?", [code]).fetchall()
    if not found:
        raise UsageError(f"there is no identifier with code {code} in this market")
    kind, clean = found[0]
    return token(kind, clean, key)


def matching(market: Market, kind: str, tokens: Iterable[str], keys: Sequence[Key]) -> list[int]:
    """Give the codes of the market's identifiers of a kind whose token is among the given ones, in order.

    Every value of the kind is hashed once per key that the tokens name (about 1 µs each), and only then.

    Args:
        market: A loaded market.
        kind: One of `identifiers.KINDS`.
        tokens: What was remembered; what is no token of a known key matches nothing.
        keys: The keys that may have made them, as `keys` gives them.
    """
    return sorted(set(_matched(market, kind, tokens, keys).values()))


def renewed(market: Market, kind: str, tokens: Iterable[str], keys: Sequence[Key]) -> dict[str, str]:
    """Give old tokens with the token of the same value under the key in use, as far as this market has the value.

    A token whose value the market does not have cannot be renewed; its key has to be kept as long as it counts.

    Args:
        market: A loaded market.
        kind: One of `identifiers.KINDS`.
        tokens: Tokens under any of the keys.
        keys: The key in use first, then older ones.
    """
    found = _matched(market, kind, tokens, keys)
    old = {name: code for name, code in found.items() if name.split("_")[1] != keys[0].id}
    values = dict(_values(market, kind, list(old.values())))
    return {name: token(kind, values[code], keys[0]) for name, code in sorted(old.items())}


def _matched(market: Market, kind: str, tokens: Iterable[str], keys: Sequence[Key]) -> dict[str, int]:
    """Give the code of each token that a value of the market has."""
    wanted: dict[str, dict[bytes, str]] = {}
    for name in tokens:
        scheme, _, rest = name.partition("_")
        made_by, _, digits = rest.partition("_")
        if scheme == _SCHEME and len(digits) == 2 * TOKEN_BYTES and not digits.strip("0123456789abcdef"):
            wanted.setdefault(made_by, {})[bytes.fromhex(digits)] = name
    found: dict[str, int] = {}
    for key in keys:
        asked = wanted.get(key.id)
        if asked:
            start = key.digest(_known(kind))
            for code, clean in _values(market, kind):
                digest = start.copy()
                digest.update(clean.encode("utf-8", "surrogatepass"))
                if digest.digest() in asked:
                    found[asked[digest.digest()]] = code
    return found


def _values(market: Market, kind: str, codes: list[int] | None = None) -> Iterable[tuple[int, str]]:
    few = "" if codes is None else "AND list_contains(?, code)"
    cursor = market.db.cursor().execute(
        f"SELECT code, clean FROM vault.clean WHERE kind = ? {few} ORDER BY code", [_known(kind), *([] if codes is None else [codes])]
    )
    while rows := cursor.fetchmany(100_000):
        yield from rows


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise UsageError(f"there is no kind '{kind}'; the kinds are {', '.join(KINDS)}")
    return kind
