"""Kinds of identifier: each says what a raw value means, how it may be shown, and what class of value it is.

Every kind answers the same three questions, on one value at a time; the loader asks them once per *distinct* value:

- `clean(raw, region)` gives the one form under which two spellings meet, or None;
- `shown(clean)` gives what eyes may see of it;
- `klass(clean)` gives its class as far as the value itself tells (`voip`, `relay`, `unit` ...), or "".

`fault(raw)` says in words why `clean` gave None. A new kind is one class here, one line in `KINDS`, and its rules in
`evidence/rules.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import ClassVar, Protocol

from tnskit.cleaning.addresses import Address
from tnskit.cleaning.emails import Email
from tnskit.cleaning.networks import IpAddress
from tnskit.cleaning.phones import Phone


class Identifier(Protocol):
    """What every kind of identifier can be asked."""

    kind: ClassVar[str]

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give the one form of `raw`, or None where it is no value of this kind."""

    def shown(self, clean: str) -> str:
        """Give what may be seen of a clean value."""

    def klass(self, clean: str) -> str:
        """Give the class that the value itself tells, or an empty string."""

    def fault(self, raw: str, region: str = "US") -> str:
        """Say in words why `clean` gave None; never repeats the value."""


_NULL_DIGESTS = {
    "d41d8cd98f00b204e9800998ecf8427e",  # MD5 of nothing
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",  # SHA-1 of nothing
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",  # SHA-256 of nothing
    "00000000-0000-0000-0000-000000000000",  # the null UUID
}


class Token:
    """An opaque token that some system made: a device id, a card fingerprint, a payout token.

    Compared as it stands, but for white space around it. Runs of one character, digests of nothing and null UUIDs
    are defaults, not identifiers.
    """

    kind: ClassVar[str] = "token"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give the token without white space around it, or None for a default."""
        text = raw.strip()
        bare = re.sub(r"[\W_]", "", text).lower()
        if len(bare) < 4 or len(set(bare)) == 1 or text.lower() in _NULL_DIGESTS:
            return None
        return text

    def shown(self, clean: str) -> str:
        """Give the last three characters."""
        return f"{self.kind} …{clean[-3:]}"

    def klass(self, clean: str) -> str:
        """A token tells no class."""
        return ""

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why."""
        return f"a default or empty {self.kind} token, which says nothing"


class Device(Token):
    """A device: an app install, a browser cookie, or a fingerprint computed by one version of an algorithm."""

    kind = "device"


class Card(Token):
    """A card by its processor's fingerprint; a full card number is never taken as one."""

    kind = "card"


class CardDigits(Token):
    """BIN, last four digits and expiry: many cards share them, so it is a weak kind of its own."""

    kind = "card_digits"

    def shown(self, clean: str) -> str:
        """Give the last four digits."""
        return f"card •••• {clean.split('|')[1]}"


class Payout(Token):
    """A bank account that money is paid out to, by its token."""

    kind = "payout"


class Identity(Token):
    """A document or a face, by the token of the provider that checked it."""

    kind = "identity"


class TaxId(Token):
    """A tax number, by its token."""

    kind = "tax_id"


class Licence(Token):
    """A trade licence: letters and digits, without spaces, prefixes such as `LIC#` and leading zeros."""

    kind = "licence"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give state and number in capitals, or None for a default."""
        state, _, number = raw.rpartition("|")
        text = re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", number).upper())
        text = re.sub(r"^(LICENSE|LICENCE|LIC|NO|NUM|CSLB)+", "", text).lstrip("0")
        if len(text) < 3 or len(set(text)) == 1 or text in {"NONE", "PENDING", "EXEMPT", "123456", "1234567"}:
            return None
        return f"{state.strip().upper()}|{text}"


class Social(Token):
    """A handle or page on a social network."""

    kind = "social"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give the handle in lower case without `@`, protocol, `www.` and a trailing slash."""
        text = re.sub(r"^(https?://)?(www\.|m\.)?", "", raw.strip().lower()).strip("@/ ")
        return super().clean(text.split("?")[0])


KINDS: dict[str, Identifier] = {
    one.kind: one
    for one in (
        Phone(), Email(), Card(), CardDigits(), Payout(), IpAddress(), Device(), Address(), Licence(), TaxId(),
        Identity(), Social(),
    )
}  # fmt: skip
"""Every kind by name."""

ALIASES: dict[str, str] = {
    "phone_number": "phone", "phone_raw": "phone", "mobile": "phone", "cell": "phone", "tel": "phone",
    "telephone": "phone", "fax": "phone", "e-mail": "email", "e_mail": "email", "mail": "email",
    "email_address": "email", "email_raw": "email", "credit_card": "card", "card_fingerprint": "card", "fingerprint": "card",
    "instrument": "card", "payment_instrument": "card", "card_token": "card", "wallet": "card", "bank": "payout",
    "bank_account": "payout", "payout_account": "payout", "payout_token": "payout", "iban": "payout",
    "ip_address": "ip", "ipv4": "ip", "ipv6": "ip", "network": "ip", "device_id": "device", "install": "device",
    "install_id": "device", "cookie": "device", "browser_fp": "device", "device_fingerprint": "device",
    "postal_address": "address", "street": "address", "street_address": "address", "license": "licence",
    "licence_no": "licence", "license_no": "licence", "tax": "tax_id", "taxid": "tax_id", "ein": "tax_id", "ssn": "tax_id",
    "gov_id": "identity", "government_id": "identity", "document": "identity", "face": "identity", "handle": "social",
}  # fmt: skip
"""Other words for a kind, as exports write them in the column `kind`."""

ALIAS_CLASS: dict[str, str] = {"install": "install", "install_id": "install", "cookie": "cookie", "browser_fp": "browser_fp",
                               "device_fingerprint": "browser_fp", "fax": "landline"}  # fmt: skip
"""The class that such a word tells besides."""

_OPAQUE = re.compile(r"^(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_:=+/-]{6,200}$")


def opaque(raw: str) -> str | None:
    """Give a value that the exporting team has already replaced by a token or a digest, or None.

    Many teams only ever see hashed phones or cards. Such a value links as well as the number behind it, but nothing
    can be read from it, so no class and no mask beyond its last characters.
    """
    text = raw.strip()
    return text if _OPAQUE.match(text) and text.lower() not in _NULL_DIGESTS else None
