"""E-mail addresses: the mailbox behind the spelling."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import idna

LONGEST = 1_000
"""Characters of a cell that may hold an address with a name before it; an address itself has 254 at most (RFC 5321)."""

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("mailboxes.toml").read_text(encoding="utf-8"))
"""Providers, relays, shared and empty names, each with its source."""

PROVIDERS: dict[str, tuple[str, str]] = {domain: (one["same"][0], one["ignored"]) for one in TABLE["provider"] for domain in one["same"]}
"""Domain to the domain it is the same as, and the marks that are ignored before the @."""

DOTS_IGNORED = frozenset(domain for domain, (_, ignored) in PROVIDERS.items() if "." in ignored)
"""Providers that ignore dots before the @."""

RELAYS = frozenset(TABLE["relay"]["domains"])
"""Domains that hand out one alias per site."""

ROLES = frozenset(TABLE["roles"]["names"].split())
"""Boxes that an office shares, without dots and hyphens."""

KNOWN_DISPOSABLE = frozenset(
    "mailinator.com guerrillamail.com 10minutemail.com yopmail.com tempmail.com trashmail.com sharklasers.com getnada.com maildrop.cc"
    " throwawaymail.com".split()
)
"""The best known throw-away domains, shown in full; `disposable` asks the whole list."""

NOBODY = frozenset(TABLE["nobody"]["names"].split())
_SUBDOMAINS = frozenset(TABLE["subdomains"]["domains"])
_PLAIN = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9-]+\.)+[a-z]{2,24}")
_FORM = re.compile(
    r"(?:[^@\s,;:<>()\[\]\\\"]{1,64}|\"[^\"\\@\s][^\"\\@]{0,61}\")@((?:[a-z0-9_-]{1,63}\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59}))"
)
_NAMED = re.compile(r"^[^<>@]*<([^<>]+)>[^<>@]*$")
_NO_MARKS = str.maketrans("", "", "._-'\"")


class Email:
    """A mailbox: lower case, without a `+tag`, and without the marks that its provider ignores.

    RFC 5321 leaves the case of the part before the @ to the receiver; no large provider makes a difference of it. A tag
    behind `+` is dropped everywhere (RFC 5233): where a provider knows no tags, nobody else can hold such an address.
    A domain in another script is written as the network writes it (`xn--`, RFC 5890). A misspelled domain is never put
    right, for that would give the mail of one person to another: it keeps its spelling and gets the class `typo`.
    """

    kind: ClassVar[str] = "email"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give `mailbox@domain`, or None."""
        text = raw.strip().lower() if len(raw) < 255 else ""
        if not _PLAIN.fullmatch(text):
            text = _tidy(raw)
        local, _, domain = text.rpartition("@")
        if "+" in local:
            local = local.partition("+")[0] or local
        if domain in PROVIDERS:
            domain, ignored = PROVIDERS[domain]
            for mark in ignored:
                local = local.replace(mark, "")
        elif domain.count(".") == 2 and domain.partition(".")[2] in _SUBDOMAINS:
            local, _, domain = domain.partition(".")
        bare = local.translate(_NO_MARKS)
        if not bare or bare in NOBODY or len(set(bare)) == 1:
            return None
        return f"{local}@{domain}"

    def shown(self, clean: str) -> str:
        """Give the first letter and the domain's ending; the whole domain where many have it."""
        local, _, domain = clean.rpartition("@")
        known = domain in PROVIDERS or domain in RELAYS or domain in KNOWN_DISPOSABLE
        return f"e-mail {local.lstrip(chr(34))[:1]}•••@{domain if known else '•••.' + domain.rsplit('.', 1)[-1]}"

    def klass(self, clean: str) -> str:
        """Give `disposable`, `relay`, `role`, `typo` or ""."""
        local, _, domain = clean.rpartition("@")
        parents = {domain, *(domain.split(".", n)[n] for n in range(1, domain.count(".")))} if domain.count(".") > 1 else {domain}
        if not parents.isdisjoint(RELAYS):
            return "relay"
        if domain in typos():
            return "typo"
        if not parents.isdisjoint(KNOWN_DISPOSABLE) or not parents.isdisjoint(disposable()):
            return "disposable"
        return "role" if local.translate(_NO_MARKS) in ROLES else ""

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        return "no mailbox of a person (a default such as noemail@, or not an e-mail address)"


@cache
def disposable() -> frozenset[str]:
    """Domains whose mailboxes anybody can open. Source: the list of the project disposable-email-domains (CC0, packaged under MIT)."""
    from disposable_email_domains import blocklist

    return frozenset(blocklist)


@cache
def typos() -> frozenset[str]:
    """Misspellings of large providers' domains, computed from `mailboxes.toml`."""
    found: set[str] = set()
    for domain in TABLE["typo"]["domains"]:
        name, _, ending = domain.partition(".")
        swapped = {name[:n] + name[n + 1] + name[n] + name[n + 2 :] for n in range(len(name) - 1)}
        without = {name[:n] + name[n + 1 :] for n in range(1, len(name))}
        doubled = {name[:n] + name[n] + name[n:] for n in range(len(name))}
        found |= {f"{wrong}.{ending}" for wrong in swapped | without | doubled}
        found |= {f"{name}.{wrong}" for wrong in TABLE["typo"]["endings"]}
    return frozenset(found - set(TABLE["typo"]["domains"]) - set(TABLE["typo"]["real"]))


def _tidy(raw: str) -> str:
    """Give the one address of a cell in lower case, without a name and signs around it, or an empty text."""
    if len(raw) > LONGEST:
        return ""
    text = raw.strip()
    if not text.isascii():
        text = _folded(_folded(text))
    text = text.lower()
    if match := _NAMED.match(text):
        text = match[1]
    text = re.sub(r"\s*\([^()]*\)$", "", text.strip().removeprefix("mailto:").partition("?")[0])
    text = re.sub(r"\s*@\s*", "@", text.strip(" \t\r\n,;:<>()[]'")).rstrip('."')
    local, _, domain = text.rpartition("@")
    if re.fullmatch(r"\"[^\"\s\\]+\"", local):
        local = local.strip('"')
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            return ""
    text = f"{local}@{domain}"
    return text if len(text) <= 254 and _FORM.fullmatch(text) else ""


def _folded(text: str) -> str:
    """One form for letters that look alike (NFKC), in lower case, without invisible marks."""
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return "".join(c for c in lower if unicodedata.category(c) not in {"Cf", "Cs"})
