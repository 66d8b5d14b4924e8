"""Network addresses, and classes of networks."""

from __future__ import annotations

import ipaddress
import re
import socket
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from tnskit.cleaning.kinds.tokens import trimmed

LONGEST = 2_000
"""Characters of a cell that are looked at; a chain of proxies writes less. Assumption."""

NETWORK_KINDS = ("residential", "mobile", "business", "education", "hosting", "relay_vpn", "unknown")
"""The classes of networks. Source: the classes that providers of network data commonly sell."""

_DOTTED = re.compile(r"^([1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$")
_PADDED = re.compile(r"(\d{3})\.(\d{3})\.(\d{3})\.(\d{3})")
PARTLY = {0, 10, 100, 127, 169, 172, 192, 198, 203, *range(224, 256)}
"""First numbers of IPv4 ranges that hold addresses which are not public."""
_FIGURE = re.compile(r"(-?\d{8,10})(?:\.\d+)?")
_LONG_FIGURE = re.compile(r"\d{37,39}")
_ROUNDED = re.compile(r"(\d(?:\.\d+)?)[eE]\+?0*(\d{1,2})")
_HEX = re.compile(r"0x([0-9a-fA-F]{8}|[0-9a-fA-F]{32})")
_PORT = re.compile(r"(\d+\.\d+\.\d+\.\d+):\d{1,5}")
_BRACKETS = re.compile(r"\[([^\]]*)\](?::\d{1,5})?")
_PARTS = re.compile(r"[,;\s]+")
_CIDR = re.compile(r"/(\d{1,3})$")

_NOT_PUBLIC = tuple(ipaddress.ip_network(net) for net in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
    "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    "2001::/23", "2001:db8::/32", "3fff::/20",
))  # fmt: skip
"""Not public, by IANA's registries of special-purpose addresses; of IPv6 nothing outside 2000::/3 is public either. Kept here because what
Python takes for public changes from version to version."""

_BARRED4 = sorted((int(net[0]), int(net[-1])) for net in _NOT_PUBLIC if net.version == 4)
_BARRED6 = [(int(net[0]), int(net[-1])) for net in _NOT_PUBLIC if net.version == 6]
_STARTS4 = [first for first, _ in _BARRED4]


class IpAddress:
    """An IPv4 address, or the /64 network of an IPv6 address.

    A home or a handset holds a /64 and changes the rest daily (RFC 8981), so the /64 is what two visits share.
    An IPv6 address that wraps an IPv4 address (mapped, NAT64, 6to4, Teredo) means that one. Exports that write addresses as
    figures (732758368, or 732758368.8 where somebody averaged) are read as IPv4.
    A list, as `X-Forwarded-For` writes it, means its first public address. An address that is not public (RFC 1918,
    100.64.0.0/10, loopback, documentation) was logged behind a proxy: a fault of the data, no identifier.
    """

    kind: ClassVar[str] = "ip"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give `a.b.c.d`, `x:y::/64`, or None."""
        text = raw.strip() if raw.isascii() else trimmed(raw[:LONGEST])
        if match := _DOTTED.match(text):
            a, b, c, d = map(int, match.groups())
            if a > 255 or b > 255 or c > 255 or d > 255:
                return None
            return text if a not in PARTLY else _public(a << 24 | b << 16 | c << 8 | d, False) or None
        if six := _six(text):
            return _public(int.from_bytes(six), True) or None
        return next((form for number, six in _numbers(text) if (form := _public(number, six))), None)

    def shown(self, clean: str) -> str:
        """Give the /24 of an IPv4 and the /48 of an IPv6 address."""
        if ":" in clean:
            first = socket.inet_pton(socket.AF_INET6, clean.removesuffix("/64"))[:6]
            return f"IPv6 {socket.inet_ntop(socket.AF_INET6, first + bytes(10))}•/48"
        return f"IP {clean.rsplit('.', 1)[0]}.•"

    def klass(self, clean: str) -> str:
        """Give `relay_vpn` or `hosting` for the networks of `networks.toml`; the team's `ip_ranges` and the logins tell more."""
        return built_in().kind(clean)

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        if any(True for _ in _numbers(raw.strip())):
            return "an address inside somebody's own network, logged behind a proxy"
        if _ROUNDED.fullmatch(raw.strip()):
            return "an IP address that a spreadsheet turned into a rounded figure; export the column as text"
        return "not an IP address"


def _six(text: str) -> bytes | None:
    try:
        return socket.inet_pton(socket.AF_INET6, text) if text.count(":") > 1 else None
    except (OSError, UnicodeError, ValueError):
        return None


def _numbers(text: str) -> Iterable[tuple[int, bool]]:
    """Give each address of a cell as a number, and whether it is IPv6."""
    if len(text) > LONGEST:
        text = text[:LONGEST].rpartition(",")[0]
    for part in _PARTS.split(text):
        one = part.strip("\"'<>()")
        if one[:4].lower() == "for=":
            one = one[4:].strip('"')
        found = _figure(one) or _written(one)
        if found:
            yield found


def _figure(text: str) -> tuple[int, bool] | None:
    """Read an address that was written as one figure: whole, averaged, negative (32 bits with a sign), hexadecimal or in tens."""
    if match := _FIGURE.fullmatch(text):
        number = int(match[1]) + (1 << 32 if match[1][0] == "-" else 0)
        return (number, False) if 0 <= number < 1 << 32 else None
    if match := _HEX.fullmatch(text):
        return int(match[1], 16), len(match[1]) == 32
    if (match := _ROUNDED.fullmatch(text)) and len(digits := match[1].replace(".", "")) == int(match[2]) + 1 and len(digits) > 7:
        return (int(digits), False) if int(digits) < 1 << 32 else None
    if _LONG_FIGURE.fullmatch(text) and int(text) < 1 << 128:
        return int(text), True
    return None


def _written(text: str) -> tuple[int, bool] | None:
    """Read an address in its common form, with brackets, port, zone and a prefix length that names one host or one /64."""
    if match := _BRACKETS.fullmatch(text):
        text = match[1]
    text = text.partition("%")[0]
    six = text.count(":") > 1
    if match := _CIDR.search(text):
        if match[1] not in ({"64", "128"} if six else {"32"}):
            return None
        text = text[: match.start()]
    if six:
        packed = _six(text)
        return (int.from_bytes(packed), True) if packed else None
    if match := _PORT.fullmatch(text):
        text = match[1]
    padded = _PADDED.fullmatch(text)
    parts = [
        int(n) for n in (padded.groups() if padded else text.split(".")) if n.isascii() and n.isdigit() and (padded or str(int(n)) == n)
    ]
    if len(parts) != 4 or text.count(".") != 3 or max(parts) > 255:
        return None
    return parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3], False


def _public(number: int, six: bool) -> str:
    """Give the form of a public address, or an empty text."""
    if six:
        wrapped = _wrapped(number)
        if wrapped is None:
            if number >> 125 != 1 or any(first <= number <= last for first, last in _BARRED6):
                return ""
            return f"{socket.inet_ntop(socket.AF_INET6, (number >> 64 << 64).to_bytes(16))}/64"
        number = wrapped
    place = bisect_right(_STARTS4, number) - 1
    if place >= 0 and number <= _BARRED4[place][1]:
        return ""
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _wrapped(number: int) -> int | None:
    """Give the IPv4 address inside an IPv6 address, or None.

    Mapped (RFC 4291) and NAT64 (RFC 6052) end with it; 6to4 (RFC 3056) names the site's one public address; Teredo (RFC 4380)
    names the client's, with its bits turned, while its first 64 bits are shared by all clients of one server.
    """
    if number >> 32 in {0xFFFF, 0x64FF9B << 64} or (number >> 32 == 0 and number > 1):
        return number & 0xFFFFFFFF
    if number >> 112 == 0x2002:
        return number >> 80 & 0xFFFFFFFF
    if number >> 96 == 0x20010000:
        return ~number & 0xFFFFFFFF
    return None


Numbers = npt.NDArray[np.uint64]


class NetworkTable:
    """Classes of networks by prefix; the longest prefix wins, and of two equal ones the later.

    The prefixes are laid out once as stretches that do not overlap, so that an address is found by halving and a million of
    them at once.

    Args:
        rows: (prefix, kind) pairs, as the table `ip_ranges` holds them. IPv6 prefixes longer than /64 are left out, for a
            clean address has no more.

    Attributes:
        faults: Places of the rows that are no networks.
    """

    def __init__(self, rows: Sequence[tuple[str, str]]):
        self.faults: list[int] = []
        found: dict[tuple[int, int, int], str] = {}
        for place, (prefix, kind) in enumerate(rows):
            try:
                net = ipaddress.ip_network(str(prefix).strip(), strict=False)
            except ValueError:
                self.faults.append(place)
                continue
            if net.version == 4 or net.prefixlen <= 64:
                shift = 0 if net.version == 4 else 64
                found[(net.version, int(net.network_address) >> shift, int(net.broadcast_address) >> shift)] = kind
        self._names = ["", *sorted(set(found.values()))]
        self._starts: dict[int, Numbers] = {}
        self._codes: dict[int, npt.NDArray[np.int32]] = {}
        for version in (4, 6):
            ranges = [(first, last, kind) for (v, first, last), kind in found.items() if v == version]
            starts, kinds = _stretches(ranges, 1 << (32 if version == 4 else 64))
            self._starts[version] = np.array(starts, dtype=np.uint64)
            self._codes[version] = np.array([self._names.index(kind) for kind in kinds], dtype=np.int32)
        self._lists = {version: self._starts[version].tolist() for version in (4, 6)}

    def kind(self, clean: str) -> str:
        """Give the class of a clean address, or an empty string where no range holds it."""
        six = ":" in clean
        packed = socket.inet_pton(socket.AF_INET6, clean.removesuffix("/64"))[:8] if six else socket.inet_aton(clean)
        version = 6 if six else 4
        place = bisect_right(self._lists[version], int.from_bytes(packed)) - 1
        return self._names[self._codes[version][place]] if place >= 0 else ""

    def kinds(self, clean: Sequence[str]) -> list[str]:
        """Give the class of each of many clean addresses, as `kind` does for one."""
        if len(self._names) == 1:
            return [""] * len(clean)
        six = np.fromiter((":" in one for one in clean), dtype=bool, count=len(clean))
        codes = np.zeros(len(clean), dtype=np.int32)
        inet, pton = socket.inet_aton, socket.inet_pton
        four = b"".join([inet(one) for one in clean if ":" not in one])
        codes[~six] = self._found(4, np.frombuffer(four, dtype=">u4").astype(np.uint64))
        if six.any():
            long = b"".join([pton(socket.AF_INET6, one.removesuffix("/64"))[:8] for one in clean if ":" in one])
            codes[six] = self._found(6, np.frombuffer(long, dtype=">u8").astype(np.uint64))
        return [self._names[code] for code in codes.tolist()]

    def _found(self, version: int, numbers: Numbers) -> npt.NDArray[np.int32]:
        starts, codes = self._starts[version], self._codes[version]
        if not len(starts):
            return np.zeros(len(numbers), dtype=np.int32)
        place = np.searchsorted(starts, numbers, side="right") - 1
        return np.where(place >= 0, codes[place], np.int32(0))


def _stretches(ranges: list[tuple[int, int, str]], end: int) -> tuple[list[int], list[str]]:
    """Lay nested ranges out side by side: where each stretch below `end` begins, and its kind, which is that of the narrowest range."""
    edges: list[tuple[int, str]] = []
    around: list[tuple[int, str]] = []
    for first, last, kind in sorted(ranges, key=lambda r: (r[0], -r[1])):
        while around and around[-1][0] < first:
            edges.append((around.pop()[0] + 1, around[-1][1] if around else ""))
        edges.append((first, kind))
        around.append((last, kind))
    while around:
        edges.append((around.pop()[0] + 1, around[-1][1] if around else ""))
    # Of stretches that begin at one place the one told last holds.
    kept = {start: kind for start, kind in edges if start < end}
    return sorted(kept), [kept[start] for start in sorted(kept)]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("networks.toml").read_text(encoding="utf-8"))


@cache
def built_in() -> NetworkTable:
    """The networks of `networks.toml`."""
    return NetworkTable([(prefix, one["kind"]) for one in _table()["range"] for prefix in one["prefixes"]])


def dated() -> str:
    """The day as of which `networks.toml` stands."""
    return str(_table()["date"])


def built_in_prefixes() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The prefixes of `networks.toml`."""
    return [ipaddress.ip_network(prefix) for one in _table()["range"] for prefix in one["prefixes"]]
