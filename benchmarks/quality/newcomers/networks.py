"""Lines that people log in from: at home, mobile, of a place, through a VPN or a proxy."""

from __future__ import annotations

from typing import Any, NamedTuple

from benchmarks.quality.newcomers.lands import LANDS, Carrier
from benchmarks.quality.newcomers.plans import DAY, FOREVER
from benchmarks.quality.newcomers.world import World

WIDE = 59_000
"""Addresses of a carrier in one town."""


class Network(NamedTuple):
    """Where addresses come from.

    Attributes:
        first: Its first address.
        size: Its number of addresses.
        period: Seconds until a user's address changes.
        salt: What its addresses are drawn from.
        ipv6_share: Share of logins over IPv6.
        ipv6_prefix: First 32 bits of those addresses.
        ipv6_period: Seconds until the rest of the prefix changes.
        asn: Number of who runs it.
        kind: Its class, as exports tell it.
        country: Where it is said to be.
        city: Where it is said to be; None where nobody can tell.
    """

    first: int
    size: int
    period: int
    salt: int
    ipv6_share: float
    ipv6_prefix: int
    ipv6_period: int
    asn: int
    kind: str
    country: str
    city: str | None


COMMERCIAL = [(9009, 185, 156, 24, "relay_vpn"), (212238, 156, 146, 30, "hosting"), (60068, 89, 187, 20, "hosting")]
"""VPNs: who runs them, the first two parts of the address, how many addresses, the class."""
RELAY = (36183, 172, 225, 64, "relay_vpn")
GATEWAY = (16509, 52, 94, 6, "hosting")


def _keep(world: World, **known: Any) -> int:
    """Keep a network with a salt of its own; gives its place in the list."""
    world.networks.append(Network(salt=world.salt(), **known))
    return len(world.networks) - 1


def _line(world: World, carrier: Carrier, land: str, town: int, *, skip: int = 0, **known: Any) -> int:
    """Keep a line of a carrier in one town, whose addresses begin so far after the carrier's own."""
    told = {"ipv6_prefix": carrier.ipv6, "asn": carrier.asn, "country": land, "city": LANDS[land].towns[town].city}
    first = (carrier.first << 24) + ((carrier.second + town) << 16) + skip
    return _keep(world, first=first, **(told | known))


def home_line(world: World, land: str, town: int) -> int:
    """A home line: fixed, weekly, daily, or behind a carrier's shared addresses."""
    dice = world.dice
    carrier = dice.choice(LANDS[land].home_carriers)
    daily = land == "DE"
    ipv6_share = dice.choice([0.3, 0.6, 0.9]) if carrier.ipv6 and world.chance(world.shape["ipv6"] * 1.3) else 0
    ipv6_period = dice.choice([FOREVER, FOREVER, 30 * DAY, 180 * DAY, DAY if daily else 7 * DAY])
    known: dict[str, Any] = {"ipv6_share": ipv6_share, "ipv6_period": ipv6_period, "kind": "residential"}
    if world.chance(world.shape["cgnat_home"]):
        period = dice.choice([DAY, 3 * DAY, 7 * DAY])
        return _line(world, carrier, land, town, skip=60_000, size=4 + world.size // 500, period=period, **known)
    period = dice.choice([FOREVER] * 6 + [7 * DAY] * 3 + [30 * DAY, 90 * DAY, 180 * DAY] + [DAY] * (8 if daily else 1))
    return _line(world, carrier, land, town, size=WIDE, period=period, **known)


def mobile_line(world: World, land: str, town: int) -> int:
    """A mobile carrier of one town."""
    carrier = world.dice.choice(LANDS[land].mobile_carriers)
    period = world.dice.choice([2, 4, 12, 24]) * 3600
    ipv6_share = 0.6 if carrier.ipv6 and world.chance(world.shape["ipv6"] * 1.8) else 0
    known: dict[str, Any] = {"period": period, "ipv6_share": ipv6_share, "ipv6_period": 4 * 3600, "kind": "mobile"}
    return _line(world, carrier, land, town, skip=256, size=6 + world.size // 400, **known)


def place_line(world: World, land: str, town: int, kind: str) -> int:
    """The fixed line of a place where many log in; schools run their own networks."""
    carrier = world.dice.choice(LANDS[land].home_carriers)
    ipv6_share = world.dice.choice([0, 0, 0.5]) if carrier.ipv6 else 0
    asn = carrier.asn if kind != "education" else 64_000 + town
    known: dict[str, Any] = {"period": FOREVER, "ipv6_share": ipv6_share, "ipv6_period": FOREVER, "asn": asn, "kind": kind}
    return _line(world, carrier, land, town, size=WIDE, **known)


def proxy_line(world: World, land: str) -> int:
    """A proxy through other people's homes, a new one each hour."""
    carrier = world.dice.choice(LANDS[land].home_carriers)
    known: dict[str, Any] = {"period": 3600, "ipv6_share": 0, "ipv6_prefix": 0, "ipv6_period": FOREVER, "kind": "residential", "city": None}
    return _line(world, carrier, land, 0, size=WIDE, **known)


def tunnel(world: World, land: str, kind: str = "") -> int:
    """A commercial VPN, a relay, or a firm's gateway."""
    kind = kind or world.dice.choice(["vpn", "vpn", "relay", "work"])
    commercial = world.dice.choice(COMMERCIAL)
    asn, first, second, size, told = {"vpn": commercial, "relay": RELAY, "work": GATEWAY}[kind]
    return _keep(
        world,
        first=(first << 24) + (second << 16) + (sum(map(ord, land)) % 200 << 8),
        size=size,
        period=6 * 3600,
        ipv6_share=0.3 if kind == "relay" else 0,
        ipv6_prefix=0x2A02266C,
        ipv6_period=6 * 3600,
        asn=asn,
        kind=told,
        country=land if world.chance(0.8) else "NL",
        city=None,
    )
