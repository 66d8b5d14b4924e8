"""What a trainee gets, and what stays with the trainer.

A bundle is a folder: `task.json` (what the trainee is told), `market/` (the tables), later `answer.json`. Neither the code of the
case, nor the seed, nor the secret, nor the key is in it; every file bears one and the same time. The keys of a cohort are one file,
sealed with a passphrase: scrypt makes a key of it, Fernet (AES-128-CBC with HMAC-SHA256) seals. Source: RFC 7914; the Fernet
specification, as the package `cryptography` implements both.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from tnskit.errors import LessonError, UsageError
from tnskit.training.grading import Answer
from tnskit.training.lessons import MARKET, TASK, Key, Lesson

ANSWER = "answer.json"
WHEN = 1_767_225_600
"""The time of every file of a bundle: the day of the export, so that no clock tells anything."""
LEAST_PASSPHRASE = 8
"""Characters of a passphrase. Source: NIST SP 800-63B, the least for a secret that people remember."""
_COST = {"n": 2**15, "r": 8, "p": 1}
"""Cost of scrypt: 32 MB and about a tenth of a second. Source: RFC 7914 and Percival's figures for interactive use, doubled."""


def write_lesson(lesson: Lesson, folder: Path) -> None:
    """Write a lesson as a bundle; nothing of it says what is true."""
    market = folder / MARKET
    market.mkdir(parents=True)
    for name, frame in lesson.tables.items():
        frame.to_csv(market / f"{name}.csv", index=False, lineterminator="\n")
    told = {"name": lesson.name, "lang": lesson.lang, "task": lesson.task, "accounts": list(lesson.accounts), "seal": lesson.seal}
    (folder / TASK).write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in [*market.iterdir(), folder / TASK, market, folder]:
        os.utime(path, (WHEN, WHEN))


def write_answer(answer: Answer, folder: str | Path) -> Path:
    """Save an answer into the bundle, whole or not at all."""
    target = Path(folder).expanduser() / ANSWER
    half = target.with_suffix(".part")
    half.write_text(answer.json(), encoding="utf-8")
    half.replace(target)
    return target


def read_answer(folder: Path) -> Answer | None:
    """Give the answer in a bundle; None where there is none yet.

    Raises:
        LessonError: It cannot be read.
    """
    file = folder / ANSWER
    return Answer.read(file.read_text(encoding="utf-8", errors="replace")) if file.is_file() else None


def seal(keys: dict[str, Key], secret: bytes, passphrase: str) -> bytes:
    """Seal keys, and the secret that the lessons were made with.

    Raises:
        UsageError: The passphrase is too short.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise UsageError(f"the passphrase should have {LEAST_PASSPHRASE} characters at least")
    salt = os.urandom(16)
    told = json.dumps({"secret": secret.hex(), "keys": {name: key.json() for name, key in keys.items()}})
    return base64.b64encode(salt) + b"\n" + Fernet(_stretched(passphrase, salt)).encrypt(told.encode()) + b"\n"


def unseal(sealed: bytes, passphrase: str) -> dict[str, Key]:
    """Open what `seal` sealed.

    Raises:
        LessonError: Another passphrase, or a file that is damaged.
    """
    try:
        salt, token = sealed.split(b"\n")[:2]
        told = json.loads(Fernet(_stretched(passphrase, base64.b64decode(salt))).decrypt(token))
    except (InvalidToken, ValueError):
        raise LessonError("the keys do not open: another passphrase sealed them, or the file is damaged") from None
    return {name: Key.read(text) for name, text in told["keys"].items()}


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return base64.urlsafe_b64encode(Scrypt(salt=salt, length=32, **_COST).derive(passphrase.encode()))
