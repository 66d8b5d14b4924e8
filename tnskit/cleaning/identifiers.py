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
from typing import ClassVar, Protocol

from tnskit.cleaning.kinds.addresses import Address
from tnskit.cleaning.kinds.cards import Card, CardDigits
from tnskit.cleaning.kinds.devices import Device
from tnskit.cleaning.kinds.emails import Email
from tnskit.cleaning.kinds.licences import Licence
from tnskit.cleaning.kinds.networks import IpAddress
from tnskit.cleaning.kinds.phones import Phone
from tnskit.cleaning.kinds.socials import Social
from tnskit.cleaning.kinds.tokens import NOTHING, Identity, Payout, TaxId, is_default
from tnskit.cleaning.names import PersonName, forms


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


KINDS: dict[str, Identifier] = {
    one.kind: one
    for one in (
        Phone(), Email(), Card(), CardDigits(), Payout(), IpAddress(), Device(), Address(), Licence(), TaxId(),
        Identity(), Social(), PersonName(),
    )
}  # fmt: skip
"""Every kind by name."""

ALIASES = forms(
    """
    phone: phone_number, phone_raw, mobile, cell, tel, telephone, fax, whatsapp, celular, telefono, telefone
    email: e-mail, e_mail, mail, email_address, email_raw, correo
    card: credit_card, card_fingerprint, fingerprint, instrument, payment_instrument, card_token, wallet
    payout: bank, bank_account, payout_account, payout_token, iban, clabe
    ip: ip_address, ipv4, ipv6, network
    device: device_id, install, install_id, cookie, browser_fp, device_fingerprint
    address: postal_address, street, street_address, domicilio, direccion, endereco
    licence: license, licence_no, license_no, licencia
    tax_id: tax, taxid, ein, ssn, rfc, cpf, cnpj, itin
    identity: gov_id, government_id, document, face
    social: handle, social_handle, website
    name: full_name, legal_name
    """
)
"""Other words for a kind, as exports write them in the column `kind`."""

ALIAS_CLASS: dict[str, str] = {"install": "install", "install_id": "install", "cookie": "cookie", "browser_fp": "browser_fp",
                               "device_fingerprint": "browser_fp", "fax": "landline"}  # fmt: skip
"""The class that such a word tells besides."""

CLASS_WORDS = {
    "phone": forms(
        """
        tollfree: toll_free, toll-free, toll free, premium, sharedcost, shared_cost, uan
        voip: fixedvoip, nonfixedvoip, fixed_voip, non_fixed_voip, virtual, personal
        landline: fixed, fixed_line, fixedline, wireline
        mobile: cell, cellular, wireless
        proxy: masked, platform
        """
    ),
    "ip": forms(
        """
        residential: isp, cable
        hosting: datacenter, data_center, cloud, cdn
        relay_vpn: vpn, tor, relay
        education: edu, school, university
        business: corporate
        mobile: cellular
        """
    ),
    "email": forms(
        """
        disposable: burner, temporary
        relay: forwarding, alias
        """
    ),
}
"""Words of exports and of look-ups for a class, by kind, and the class that the rules know."""

_UNTOLD = frozenset({"unknown", "other", "none"})

BY_DESIGN = ("proxy", "tollfree")
"""Classes of a phone that hold as soon as one row tells them, or the number itself."""

_APART = {
    "phone": re.compile(r"[;|/\n,]|\b(?:or|and|ou|y|e|o)\b", re.I),
    "email": re.compile(r"[\s,;|/]+"),
}
"""What stands between several values of one cell, by kind."""


def classed(kind: str, own: str, hint: str) -> str:
    """Give the class of a value from what it tells itself and what the export tells."""
    told = "" if hint in _UNTOLD else CLASS_WORDS.get(kind, {}).get(hint, hint)
    if own and (kind in {"email", "address"} or own in BY_DESIGN):
        return own
    return told or own


def several(kind: str, raw: str, region: str = "US") -> list[str]:
    """Give the clean values of a cell, in order: one, none, or those of a cell in which somebody wrote several."""
    one = KINDS[kind]
    clean = one.clean(raw, region)
    if clean is not None:
        return [clean]
    parts = _APART[kind].split(raw[:2_000]) if kind in _APART else []
    found = (one.clean(part, region) for part in parts if len(parts) > 1 and len(part.strip()) > 6)
    return list(dict.fromkeys(value for value in found if value is not None))


def read(kind: str, raw: str, region: str = "US") -> list[tuple[str, str, str]]:
    """Give (clean form, class, fault) of each value of a cell; one row with a fault where there is none."""
    one = KINDS[kind]
    found = several(kind, raw, region)
    if found:
        return [(clean, one.klass(clean), "") for clean in found]
    token = opaque(raw)
    return [(f"token:{token}", "opaque", "") if token else ("", "", one.fault(raw, region))]


_OPAQUE = re.compile(r"(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_:=+/-]{6,200}")
_ROUNDED = re.compile(r"\+?\d+[eE]\+?\d{1,3}")
_COLONS = re.compile(r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4})+")


def opaque(raw: str) -> str | None:
    """Give a value that the exporting team has already replaced by a token or a digest, or None.

    Many teams only ever see hashed phones or cards. Such a value links as well as the number behind it, but nothing
    can be read from it, so no class and no mask beyond its last characters. A rounded figure, an address of a private
    network, and a word for nothing with a number behind it (`noemail1`) are no tokens.
    """
    text = raw.strip()
    if not _OPAQUE.fullmatch(text) or is_default(text) or _ROUNDED.fullmatch(text) or _COLONS.fullmatch(text):
        return None
    return None if re.sub(r"[\d_-]+", "", text).lower() in NOTHING else text
