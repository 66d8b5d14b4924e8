"""Network addresses."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import ClassVar

_DOTTED = re.compile(r"^([1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$")
_PARTLY = {0, 10, 100, 127, 169, 172, 192, 198, 203, *range(224, 256)}
"""First numbers of IPv4 ranges that hold addresses which are not public."""
_FIGURE = re.compile(r"^(\d{8,10})(?:\.\d+)?$")
_PORT = re.compile(r"^(\d+\.\d+\.\d+\.\d+):\d+$")

NETWORK_KINDS = ("residential", "mobile", "business", "education", "hosting", "relay_vpn", "unknown")
"""The classes of networks. Source: the classes that providers of network data commonly sell."""


class IpAddress:
    """An IPv4 address, or the /64 network of an IPv6 address.

    A home or a handset holds a /64 and changes the rest daily (RFC 8981), so the /64 is what two visits share.
    Exports that write addresses as figures (732758368, or 732758368.8 where somebody averaged) are read as IPv4.
    A list, as `X-Forwarded-For` writes it, means its first public address. An address that is not public (RFC 1918,
    100.64.0.0/10, loopback, documentation) was logged behind a proxy: a fault of the data, no identifier.
    """

    kind: ClassVar[str] = "ip"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give `a.b.c.d`, `x:y::/64`, or None."""
        text = raw.strip()
        if _is_plain_public(text):
            return text
        if match := _FIGURE.match(text):
            raw = _dotted(int(match[1]))
        return next((_form(one) for one in _parsed(raw) if one.is_global and not one.is_multicast), None)

    def shown(self, clean: str) -> str:
        """Give the /24 of an IPv4 and the /48 of an IPv6 address."""
        if ":" in clean:
            first = socket.inet_pton(socket.AF_INET6, clean.removesuffix("/64"))[:6]
            return f"IPv6 {socket.inet_ntop(socket.AF_INET6, first + bytes(10))}•/48"
        return f"IP {clean.rsplit('.', 1)[0]}.•"

    def klass(self, clean: str) -> str:
        """An address tells no class; the team's `ip_ranges` and the logins do."""
        return ""

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        if any(True for _ in _parsed(raw)):
            return "an address inside somebody's own network, logged behind a proxy"
        return "not an IP address"


def _dotted(number: int) -> str:
    return str(ipaddress.IPv4Address(number)) if number < 1 << 32 else ""


def _is_plain_public(text: str) -> bool:
    """Tell, without the cost of parsing, whether this is an IPv4 address in a /8 that is public throughout."""
    match = _DOTTED.match(text)
    return match is not None and int(match[1]) not in _PARTLY and all(int(n) < 256 for n in match.groups())


def _parsed(raw: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    found: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = []
    for part in raw[:2_000].split(","):
        text = part.strip().strip("[]\"'").split("%")[0]
        text = _PORT.sub(r"\1", text)
        try:
            one = ipaddress.ip_address(text)
        except ValueError:
            continue
        mapped = one.ipv4_mapped if isinstance(one, ipaddress.IPv6Address) else None
        found.append(mapped or one)
    return found


def _form(one: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if isinstance(one, ipaddress.IPv4Address):
        return str(one)
    return f"{socket.inet_ntop(socket.AF_INET6, one.packed[:8] + bytes(8))}/64"


class NetworkTable:
    """The team's own classes of networks; the longest prefix wins.

    Args:
        rows: (prefix, kind) pairs, as the table `ip_ranges` holds them.
    """

    def __init__(self, rows: list[tuple[str, str]]):
        self._kinds: dict[tuple[int, int, int], str] = {}
        self.faults: list[int] = []
        for number, (prefix, kind) in enumerate(rows):
            try:
                net = ipaddress.ip_network(str(prefix).strip(), strict=False)
            except ValueError:
                self.faults.append(number)
                continue
            self._kinds[(net.version, net.prefixlen, int(net.network_address))] = kind
        self._lengths = sorted({(v, length) for v, length, _ in self._kinds}, key=lambda k: -k[1])

    def kind(self, clean: str) -> str:
        """Give the class of a clean address, or an empty string where no range holds it."""
        six = ":" in clean
        packed = socket.inet_pton(socket.AF_INET6 if six else socket.AF_INET, clean.removesuffix("/64"))
        bits, number = (128, int.from_bytes(packed)) if six else (32, int.from_bytes(packed))
        for version, length in self._lengths:
            if version == (6 if six else 4) and length <= (64 if six else 32):
                found = self._kinds.get((version, length, number >> (bits - length) << (bits - length)))
                if found:
                    return found
        return ""
