"""E-mail addresses: the mailbox behind the spelling."""

from __future__ import annotations

import re
import unicodedata
from typing import ClassVar

DOTS_IGNORED = {"gmail.com", "googlemail.com"}
"""Providers that ignore dots before the @. Source: Google's help page on dots in Gmail addresses."""

RELAYS = {
    "privaterelay.appleid.com",
    "relay.firefox.com",
    "mozmail.com",
    "duck.com",
    "simplelogin.com",
    "anonaddy.me",
}
"""Domains that hand out one alias per site: each alias is one mailbox, but the domain says nothing about its holder."""

DISPOSABLE = {"mailinator.com", "guerrillamail.com", "10minutemail.com", "yopmail.com", "tempmail.com", "trashmail.com",
              "sharklasers.com", "getnada.com", "maildrop.cc", "throwawaymail.com"}  # fmt: skip
"""Domains whose mailboxes anybody can open. Assumption: the best known of public lists; a team adds its own."""

ROLES = {"info", "office", "admin", "contact", "sales", "hello", "support", "billing", "mail", "team", "service",
         "jobs", "accounts", "reception", "contacto", "ventas", "contato", "vendas", "oficina"}  # fmt: skip
"""Boxes that an office shares."""

_NOBODY = {"noemail", "none", "no", "na", "n/a", "null", "test", "noreply", "no-reply", "donotreply", "unknown", "email",
           "example", "abc", "asdf", "user"}  # fmt: skip
_FORM = re.compile(r"^[^@\s,;<>()\"]{1,64}@(?:[^@\s.,;<>()\"]+\.)+[^@\s.,;<>()\"]{2,63}$")


class Email:
    """A mailbox: lower case, without a `+tag`, and without dots where the provider ignores them.

    RFC 5321 leaves the case of the part before the @ to the receiver; no large provider makes a difference of it.
    """

    kind: ClassVar[str] = "email"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give `mailbox@domain`, or None."""
        text = unicodedata.normalize("NFKC", raw).strip().strip("<>").lower().removeprefix("mailto:")
        if len(text) > 254 or not _FORM.match(text):
            return None
        local, _, domain = text.rpartition("@")
        local = local.split("+")[0] or local
        if domain in DOTS_IGNORED:
            local, domain = local.replace(".", ""), "gmail.com"
        if not local or local in _NOBODY or len(set(local)) == 1:
            return None
        return f"{local}@{domain}"

    def shown(self, clean: str) -> str:
        """Give the first letter and the domain's ending."""
        local, _, domain = clean.partition("@")
        known = domain in DOTS_IGNORED | RELAYS | DISPOSABLE
        return f"e-mail {local[0]}•••@{domain if known else '•••.' + domain.rsplit('.', 1)[-1]}"

    def klass(self, clean: str) -> str:
        """Give `disposable`, `relay`, `role` or ""."""
        local, _, domain = clean.partition("@")
        if domain in DISPOSABLE:
            return "disposable"
        if domain in RELAYS:
            return "relay"
        return "role" if local in ROLES else ""

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        return "no mailbox of a person (a default such as noemail@, or not an e-mail address)"
