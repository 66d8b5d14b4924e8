"""The keys that tokens are made with, and where they lie: never beside the data.

A key comes from the first of these that has one: the environment variable `TNSKIT_KEY`; the system's keyring, if the
package `keyring` is there; a file that only its owner can read (`TNSKIT_KEY_FILE`, or `keys` in the user's folder of
settings). Several keys are written one below the other (in the variable: with commas between), the one in use first.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import platformdirs

from tnskit.cleaning.sources.reading import ENDINGS
from tnskit.errors import KeyMissingError, UsageError

VARIABLE, FILE_VARIABLE = "TNSKIT_KEY", "TNSKIT_KEY_FILE"
KEY_BYTES, TOKEN_BYTES = 32, 20
"""256 bits of key; 160 bits of token, so that among a billion values two meet with a chance of 1 in 10^30."""

_SERVICE, _ENTRY = "tnskit", "keys"


class Key:
    """A secret of 32 bytes that tokens are made with; never shown, never pickled.

    Args:
        secret: 64 hexadecimal digits.
    """

    __slots__ = ("_secret", "id")

    def __init__(self, secret: str):
        try:
            raw = bytes.fromhex(secret.strip())
        except ValueError:
            raw = b""
        if len(raw) != KEY_BYTES or len(set(raw)) < 8:
            raise UsageError(f"a key is {2 * KEY_BYTES} hexadecimal digits, as `tnskit key new` makes them; this one is not")
        self._secret = raw
        self.id: str = hashlib.blake2b(raw, digest_size=4, person=b"tnskit key id").hexdigest()
        """Eight hexadecimal digits that name the key and tell nothing about it."""

    def __repr__(self) -> str:
        return f"Key({self.id})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not written anywhere; read it anew where it is needed")

    def digest(self, kind: str) -> Any:
        """Give a fresh BLAKE2b under this key for values of a kind."""
        return hashlib.blake2b(key=self._secret, digest_size=TOKEN_BYTES, person=kind.encode()[:16])


def keys(*, data: str | Path | None = None) -> tuple[Key, ...]:
    """Read the keys, the one in use first; see the module for where they are looked for.

    Args:
        data: The folder of exports, in which no key may lie.

    Raises:
        KeyMissingError: There is none; the message says how to make one.
        UsageError: A key lies beside the data, or others can read its file.
    """
    found = read(data=data)
    if not found:
        raise KeyMissingError(
            f"there is no key for tokens; make one with `tnskit key new`, or set {VARIABLE} to one that your team keeps elsewhere"
        )
    return found


def read(*, data: str | Path | None = None) -> tuple[Key, ...]:
    """Read the keys, or give none where there is none; see `keys`."""
    if told := os.environ.get(VARIABLE):
        return _parsed(told.split(","))
    if told := _from_keyring():
        return _parsed(told.split("\n"))
    path = key_file()
    if not path.exists():
        return ()
    _refuse_unsafe(path, data)
    return _parsed(path.read_text(encoding="ascii", errors="replace").splitlines())


def key_file() -> Path:
    """Where the file of keys is, or would be."""
    told = os.environ.get(FILE_VARIABLE)
    return Path(told).expanduser() if told else platformdirs.user_config_path("tnskit", appauthor=False) / "keys"


def new_key(*, keyring: bool = False, data: str | Path | None = None) -> Key:
    """Make a key, put it in front of those that are there, and give it.

    Args:
        keyring: Keep it in the system's keyring instead of a file; where keys are there already, it is kept there anyway.
        data: The folder of exports, in which no key may lie.

    Raises:
        UsageError: The environment variable is set and would win, the file would lie beside data, or there is no keyring.
    """
    if os.environ.get(VARIABLE):
        raise UsageError(f"{VARIABLE} is set, so keys are kept there; put a new one in front of it with a comma between")
    secret = secrets.token_hex(KEY_BYTES)
    if keyring or _from_keyring():
        _add_to_keyring(secret)
        return Key(secret)
    path = key_file()
    _refuse_beside_data(path, data)
    old = ""
    if path.exists():
        _refuse_unsafe(path, data)
        old = path.read_text(encoding="ascii", errors="replace")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
            stream.write(f"{secret}\n{old}")
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Key(secret)


def _parsed(lines: Iterable[str]) -> tuple[Key, ...]:
    return tuple(Key(line) for line in lines if line.strip() and not line.lstrip().startswith("#"))


def _refuse_unsafe(path: Path, data: str | Path | None) -> None:
    _refuse_beside_data(path, data)
    about = path.stat()
    if os.name == "posix" and (about.st_mode & (stat.S_IRWXG | stat.S_IRWXO) or about.st_uid not in {os.getuid(), 0}):
        raise UsageError(
            f"the file of keys '{path}' can be read by others, so its keys are no secret; run chmod 600 on it, or make new ones"
        )


def _refuse_beside_data(path: Path, data: str | Path | None) -> None:
    """A key beside what it protects protects nothing: whoever copies the folder has both."""
    real = path.resolve()
    inside = data is not None and real.is_relative_to(Path(data).resolve())
    exports = [one for one in real.parent.glob("*") if one.name.lower().endswith(ENDINGS) and one != real] if real.parent.is_dir() else []
    if inside or exports:
        home = platformdirs.user_config_path("tnskit", appauthor=False)
        raise UsageError(f"the file of keys '{path}' lies beside exports; keep it in a folder of its own, for example '{home}'")


def _from_keyring() -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(_SERVICE, _ENTRY)
    except KeyringError:
        return None


def _add_to_keyring(secret: str) -> None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise UsageError("the package `keyring` is not installed; it comes with tnskit[keyring]") from None
    try:
        held = keyring.get_password(_SERVICE, _ENTRY)
        keyring.set_password(_SERVICE, _ENTRY, "\n".join([secret, *([held] if held else [])]))
    except KeyringError:
        raise UsageError("this system has no keyring that can be written to; leave --keyring out to use a file") from None
