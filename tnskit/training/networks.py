"""Addresses on the internet that nobody's home has: who runs them, and which one a visit came from.

IPv4 addresses lie in old blocks of the United States Department of Defense, which no access provider hands
out; IPv6 addresses lie in 2d00::/8, which is not allocated; the numbers of the networks are of the private
range 64512 to 65534 (RFC 6996). `ip_ranges` tells the blocks as the team of the market knows them; a few it
does not know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tnskit.training.text import DAY, NONE, Flags, Ints, Texts, chance, objects, one_of, spread
from tnskit.training.world import MAIN, START, World

HOME, MOBILE, WORK, VENUE, VPN, HOSTING = range(6)
"""Where a visit came from."""


@dataclass(frozen=True)
class Block:
    """One provider's addresses."""

    prefix: str
    six: str
    asn: int
    org: str
    kind: str
    told: bool = True
    """Whether the team knows the block, and lists it."""

    @property
    def base(self) -> int:
        """The first IPv4 address, as a number."""
        first = [int(part) for part in self.prefix.split("/")[0].split(".")]
        return first[0] << 24 | first[1] << 16 | first[2] << 8 | first[3]

    @property
    def bits(self) -> int:
        """How many bits of an address are free."""
        return 32 - int(self.prefix.split("/")[1])


BLOCKS = (
    Block("11.0.0.0/9", "2d00:1100::/32", 64601, "Prairie Home Internet", "residential"),
    Block("21.0.0.0/9", "2d00:2100::/32", 64602, "Harbor Cable", "residential"),
    Block("22.0.0.0/9", "2d00:2200::/32", 64603, "Summit Fiber", "residential"),
    Block("11.128.0.0/12", "2d00:1180::/32", 64604, "Valley Wireless Home", "residential"),
    Block("26.0.0.0/10", "2d00:2600::/32", 64611, "Bluebell Mobile", "mobile"),
    Block("28.0.0.0/10", "2d00:2800::/32", 64612, "Lighthouse Mobile", "mobile"),
    Block("28.64.0.0/10", "2d00:2840::/32", 64613, "Meadow Wireless", "mobile"),
    Block("30.0.0.0/10", "2d00:3000::/32", 64621, "Ironbridge Business", "business"),
    Block("30.64.0.0/12", "2d00:3040::/32", 64622, "Corner Office Lines", "business", told=False),
    Block("29.0.0.0/10", "2d00:2900::/32", 64631, "State Campus Network", "education"),
    Block("33.0.0.0/10", "2d00:3300::/32", 64641, "Anvil Hosting", "hosting"),
    Block("55.0.0.0/10", "2d00:5500::/32", 64651, "Curtain VPN", "relay_vpn"),
    Block("55.64.0.0/10", "2d00:5540::/32", 64652, "Veil Relay", "relay_vpn"),
)

KINDS = ("residential", "mobile", "business", "education", "hosting", "relay_vpn")
SEASON = 150 * DAY
"""How long a home keeps an address where the provider changes it."""


def ip_ranges() -> pd.DataFrame:
    """Give the blocks as the team lists them."""
    known = [block for block in BLOCKS if block.told]
    rows = [(prefix, b.asn, b.org, b.kind, "US") for b in known for prefix in (b.prefix, b.six)]
    return pd.DataFrame(rows, columns=["prefix", "asn", "org", "kind", "country"])


@dataclass(frozen=True, eq=False)
class Seat:
    """Where visits came from: the block and the address as a number, or its two halves in version 6."""

    block: Ints
    four: Ints
    net: Ints
    rest: Ints
    six: Flags


def pool_size(world: World) -> int:
    """Tell how many addresses the carriers put customers behind; the larger the market, the fuller."""
    behind = 19.0 * (max(world.accounts, 5_000) / 5_000) ** 0.25
    return max(int(world.accounts * 0.56 * 1.1 / behind), 2)


def seats(world: World, net: Ints, place: Ints, at: Ints) -> Seat:
    """Choose the address of each visit.

    Args:
        world: The market.
        net: Where it came from: `HOME`, `MOBILE`, ...
        place: The home, the account (for carriers), the office, the venue, or the device (for VPN).
        at: When.
    """
    salt = world.salt("seats")
    block = np.zeros(len(net), dtype=np.int64)
    unit = np.zeros(len(net), dtype=np.int64)
    here = net == HOME
    block[here], unit[here] = _home(place[here], at[here], salt, world)
    here = net == MOBILE
    block[here], unit[here] = _carrier(place[here], at[here], salt, world)
    here = net == WORK
    block[here], unit[here] = 7 + (chance(place[here], salt + 1) < 0.1), place[here]
    here = net == VENUE
    block[here], unit[here] = np.where(place[here] & MAIN, 9, 7), place[here] & ~MAIN
    here = net == VPN
    exits = max(world.accounts // 40, 12)
    day = at[here] // (5 * DAY)
    block[here], unit[here] = 11 + place[here] % 2, one_of(place[here] * 4_096 + day, salt + 2, exits)
    here = net == HOSTING
    block[here], unit[here] = 10, place[here]
    bits = np.array([b.bits for b in BLOCKS])[block]
    base = np.array([b.base for b in BLOCKS])[block]
    # An odd factor shuffles the addresses of a block and never lets two units meet.
    host = (unit * 2_654_435_761 + (salt % 65_521) * 2 + block) & ((1 << bits) - 1)
    host = np.where((host & 255) == 0, host + 1, host)
    row = np.arange(len(net), dtype=np.int64)
    six = (np.isin(net, (HOME, WORK)) & (chance(place, salt + 3) < 0.5) & (chance(row, salt + 4) < 0.6)) | (
        (net == MOBILE) & (chance(row, salt + 5) < 0.2)
    )
    subnet = np.where(net == MOBILE, spread(place * 4_096 + at // DAY, salt + 6).astype(np.int64) & (2**32 - 1), place)
    rest = spread(place * 4_096 + at // DAY, salt + 7).astype(np.int64)
    return Seat(block, base + host, subnet, rest, six)


def _home(home: Ints, at: Ints, salt: int, world: World) -> tuple[Ints, Ints]:
    """Give homes their provider's address: for ever, for a season, or one shared by a dozen homes."""
    block = one_of(home, salt + 10, 100)
    block = np.where(block < 94, block % 3, 3)
    season = (at - START + one_of(home % 16, salt + 11, SEASON)) // SEASON
    moves = chance(home, salt + 12) < 0.5
    size = 1 << 24
    dynamic = (home * 1_000_003 + season * 7_919_993 + 1) % max(2 * world.accounts, 64)
    unit = np.where(moves, size // 4 + dynamic, home)
    return block, np.where(block == 3, one_of(home, salt + 13, max(world.accounts * 6 // 100 // 12, 1)), unit)


def _carrier(account: Ints, at: Ints, salt: int, world: World) -> tuple[Ints, Ints]:
    """Give carriers' customers one of two addresses that they share with others."""
    size = pool_size(world)
    turn = one_of(account * 4_096 + at // DAY, salt + 20, 2)
    unit = one_of(account * 2 + turn, salt + 21, size)
    return 4 + unit % 3, unit


def written(seat: Seat) -> tuple[Texts, Texts]:
    """Write the addresses, and the /64 blocks of those of version 6 (`None` for version 4)."""
    tens = objects([str(number) for number in range(256)])
    four, back = np.unique(seat.four, return_inverse=True)
    text: Texts = tens[four >> 24]
    for shift in (16, 8, 0):
        text = text + "." + tens[(four >> shift) & 255]
    result: Texts = text[back]
    words = objects([f"{number:x}" for number in range(65_536)])
    six = seat.six
    head = objects([b.six.removesuffix("::/32") for b in BLOCKS])[seat.block[six]]
    net, rest = seat.net[six], seat.rest[six]
    start = head + ":" + words[(net >> 16) & 0xFFFF] + ":" + words[net & 0xFFFF]
    tail = start
    for shift in (48, 32, 16, 0):
        tail = tail + ":" + words[(rest >> shift) & 0xFFFF]
    result[six] = tail
    blocks: Texts = np.full(len(result), None, dtype=object)
    blocks[six] = start
    return result, blocks


def known_asn(seat: Seat) -> tuple[Ints, Ints]:
    """Give each network's number, and its kind's place in `KINDS` as logged, or past its end."""
    told = np.array([b.told for b in BLOCKS])[seat.block]
    asn = np.where(told, np.array([b.asn for b in BLOCKS])[seat.block], NONE)
    kind = np.where(told, np.array([KINDS.index(b.kind) for b in BLOCKS])[seat.block], len(KINDS))
    return asn, kind
