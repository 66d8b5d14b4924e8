"""Opaque tokens that some system made, and the defaults that only look like them.

A default is a value that software or a person puts where there is none: a word for nothing, a run of one character, a
count up or down, the digest of an empty string. Thousands of accounts share it and have nothing to do with each other.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
import uuid
from typing import ClassVar

LONGEST = 4_096
"""Characters of a token; longer cells are no tokens. Assumption: signed web tokens stay below it."""

NOTHING = frozenset(
    """
    none null nil nan nat na unknown unkn undefined missing empty blank default test testing tester dummy sample example
    fake temp guest anonymous anon unavailable notavailable notapplicable notprovided notset noset novalue nodata nothing
    noemail nophone nomail pending tbd tba todo error invalid deleted redacted removed masked hidden private string value
    token device deviceid fingerprint cardnumber cardnumberremoved true false asdf asdfasdf qwerty qwertyuiop abc123
    test123 deadbeef cafebabe ninguno ninguna desconocido desconocida sindato sindatos noaplica noinformado prueba vacio
    nenhum nenhuma desconhecido desconhecida semdados naoinformado teste vazio
    """.split()
)
"""Words for nothing in English, Spanish and Portuguese, without spaces and signs. Source: practice table; assumption."""

_RUNS = "01234567890123456789-98765432109876543210-0123456789abcdef-fedcba9876543210-abcdefghijklmnopqrstuvwxyz"
_DATES = re.compile(r"(?:19(?:70|00|01)|0001|9999)-(?:01-0[0-2]|12-3[01])(?:[T ][\d:.]*Z?)?|1969-12-31.*")
"""Dates that software puts where none is known: the beginnings and the ends of its calendars."""
_EMPTY = ("", " ", "\n", "null", "NULL", "none", "None", "undefined", "nan", "NaN", "unknown", "n/a", "N/A", "0", "[]", "{}", "false")
_ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s", "sha3_256")


_FAST = frozenset(
    """
    24700f9f1986800ab4fcc880530dd0ed f02aa77dfa1b8523d1016610da11cbb9 4af6b95b 087fcd5c
    811c9dc5 cbf29ce484222325
    ef46db3751d8e999 02cc5d05 2d06800538d394c2 99aa06d3014798d86001c324468d497f
    """.split()
)
"""Fast hashes of nothing: MurmurHash3 with the seeds 31 (browser fingerprint libraries) and 42, FNV-1a, xxHash. With the
seed 0 and for CRC-32 they are noughts. Computed with the packages mmh3 and xxhash; FNV's are its published beginnings."""


def _digests() -> frozenset[str]:
    """Digests of nothing, computed and not typed: hexadecimal and base64, with and without padding, in lower case."""
    found: set[str] = set(_FAST)
    for text in _EMPTY:
        for name in _ALGORITHMS:
            digest = hashlib.new(name, text.encode(), usedforsecurity=False).digest()
            plain = base64.b64encode(digest).decode().lower()
            found |= {digest.hex(), plain, plain.rstrip("=")}
            if len(digest) >= 16:
                # MD5 and SHA-1 written as a UUID, as version 3 and 5 of RFC 9562 without a name space do
                found |= {str(uuid.UUID(bytes=digest[:16], version=v)) for v in (3, 5)} | {str(uuid.UUID(bytes=digest[:16]))}
    return frozenset(found)


NULL_DIGESTS = _digests()
"""What hashing an empty cell, or a word for nothing, gives."""


_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())


def bare(text: str) -> str:
    """Give letters and digits of a text in lower case."""
    if text.isascii():
        return text.encode().translate(None, _SIGNS).decode().lower()
    return re.sub(r"[\W_]", "", text).lower()


def is_default(text: str) -> bool:
    """Tell whether a token is a default: no value, but what stands where one is missing."""
    low = text.lower()
    core = low if low.isalnum() else bare(low)
    if len(core) < 4 or core in NOTHING or low in NULL_DIGESTS or core in _RUNS or len(set(core)) == 1:
        return True
    if "-" in text and _DATES.fullmatch(text):
        return True
    return len(text.split()) > 1 and not any(c.isdigit() for c in core)


def trimmed(raw: str) -> str:
    """Give a cell without white space and invisible marks around it; letters of full width become plain ones."""
    text = raw.strip()
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Cs"}).strip()


class Token:
    """An opaque token that some system made: a device id, a card fingerprint, a payout token.

    Compared as it stands, but for white space around it. Runs of one character, counts up or down, words for nothing,
    digests of nothing and null UUIDs are defaults, not identifiers; so are they behind a prefix (`stripe:null`).
    """

    kind: ClassVar[str] = "token"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give the token without white space around it, or None for a default."""
        if len(raw) > LONGEST:
            return None
        text = trimmed(raw)
        if is_default(text):
            return None
        # What stands behind `processor:` or `v2:`; a hardware address has several colons and no prefix.
        prefixed = ":" in text and text[:1].isalpha() and text.count(":") == 1
        return None if prefixed and is_default(text.partition(":")[2]) else text

    def shown(self, clean: str) -> str:
        """Give the last three characters."""
        return f"{self.kind} …{clean[-3:]}"

    def klass(self, clean: str) -> str:
        """A token tells no class."""
        return ""

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why."""
        return f"a default or empty {self.kind} token, which says nothing"


class Payout(Token):
    """A bank account that money is paid out to, by its token; an IBAN with or without its spaces is one value (ISO 13616)."""

    kind = "payout"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give the token; None for a default and for less than six digits, which are the end of many numbers."""
        text = super().clean(raw, region)
        if text is None or (len(bare(text)) < 6 and bare(text).isdigit()):
            return None
        iban = re.sub(r"[\s-]", "", text)
        return iban if _is_iban(iban) else text


def _is_iban(text: str) -> bool:
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", text):
        return False
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


class Identity(Token):
    """A document or a face, by the token of the provider that checked it."""

    kind = "identity"


_SAMPLE_TAX = {"078051120", "219099999", "123456789", "987654321", "12345678909", "12345678000195", "XAXX010101000", "XEXX010101000"}
"""Tax numbers that stand for nobody. Sources: the US Social Security Administration on misused numbers (078-05-1120, 219-09-9999); Mexico's
SAT on generic numbers of the public and of foreigners (XAXX..., XEXX...); counts up and down with right check digits in Brazil."""

_NUMBER = re.compile(r"\d[\d .\-/]{5,20}\d")
_RFC = re.compile(r"[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{3}")


class TaxId(Token):
    """A tax number, by its token. Where an export holds the number itself, its dots, dashes and slashes are dropped.

    A US number of eight digits lost its zero to a spreadsheet and gets it back.
    """

    kind = "tax_id"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give the token, the digits of a number, or a Mexican number in capitals; None for a default."""
        text = super().clean(raw, region)
        if text is None:
            return None
        if _NUMBER.fullmatch(text):
            digits = re.sub(r"\D", "", text)
            text = digits.zfill(9) if region == "US" and len(digits) == 8 else digits
        elif _RFC.fullmatch(code := re.sub(r"[\s-]", "", text).upper()):
            text = code
        return None if text in _SAMPLE_TAX else text
