"""The made-up world behind the tables: who lives, what each account owns, and who uses what besides.

Everything is an array with one entry an account. A *thing* (a telephone line, a card, a device, a home) is a
number; two accounts share it when they hold the same number. Structures (a couple, an office, a ring) only
rearrange the numbers; text is written last. Every part draws from its own stream, named by a word, so that a
change in one part does not ripple through the others.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from tnskit.training.text import DAY, NONE, Flags, Ints, weighted

START = 1_704_067_200
"""2024-01-01T00:00:00Z."""

END = 1_767_225_600
"""2026-01-01T00:00:00Z: the moment of the export."""

KINDS = ("phone", "email", "card", "payout", "device", "home", "address")
"""What every account owns one of."""

ROLES = ("customer", "pro", "both", "staff", "test")
STATUSES = ("active", "restricted", "suspended", "removed", "closed_by_user", "merged")
PARTS = ("innocent", "bystander", "guilty")
LANGUAGES = ("en", "es", "pt", "other")
POLICIES = (
    "ACC-01", "ACC-02", "ACC-03", "ACC-04", "ACC-05", "PAY-01", "PAY-02", "PAY-03", "PAY-04",
    "PAY-05", "REV-01", "REV-02", "REV-03", "PRO-01", "PRO-03", "PRO-04", "PRO-06", "SAF-02",
    "SAF-03", "LEA-01", "LEA-02", "LEA-03", "CON-01",
)  # fmt: skip

VOIP = 1 << 40
"""Set in the number of a line that a program rents out."""
PREPAID = 1 << 41
"""Set in the number of a prepaid card."""
MAIN = 1 << 42
"""Set in the number of a firm's or call centre's main line, and of a box that a firm's staff reads."""
AGENT = 1 << 43
"""Set in the number of an address where mail is held for many."""
PROXY = 1 << 44
"""Set in the number of a line of the platform's own, which stands between a customer and a pro."""


@dataclass(frozen=True, eq=False)
class Use:
    """Further rows of one kind: the account used the thing from `first` to `last`."""

    account: Ints
    thing: Ints
    first: Ints
    last: Ints
    how: str


@dataclass(frozen=True, eq=False)
class Visit:
    """Visits that a structure asks for: a device and a network at a moment; `NONE` is the account's own."""

    account: Ints
    at: Ints
    device: Ints
    net: Ints
    place: Ints


@dataclass(frozen=True, eq=False)
class Group:
    """Accounts taken for one structure: flat arrays, one entry a member."""

    account: Ints
    group: Ints
    """Which group the member is in: 0, 1, 2, ..."""
    pos: Ints
    """The member's place in its group."""
    first: Ints
    """The account that stands first in the member's group."""
    count: int

    def at(self, pos: int) -> Ints:
        """Give the accounts at one place of their groups."""
        here: Ints = self.account[self.pos == pos]
        return here


@dataclass(frozen=True, eq=False)
class World:
    """All that is true in one made-up market."""

    accounts: int
    seed: int
    who: dict[str, Ints]
    own: dict[str, Ints]
    uses: dict[str, list[Use]] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    pairs: list[tuple[Ints, Ints, str]] = field(default_factory=list)
    schemes: list[str] = field(default_factory=lambda: [""])
    clusters: list[tuple[int, int, str, bool, str]] = field(default_factory=list)
    """First number, how many, scheme, whether rules were broken, what is shared."""
    controllers: list[tuple[Ints, Ints, Ints, Ints]] = field(default_factory=list)
    notes: dict[str, list[Ints]] = field(default_factory=dict)
    """Accounts that later chapters look at: the victims of a takeover, the members of a farm."""
    next: dict[str, int] = field(default_factory=dict)

    def draw(self, part: str) -> np.random.Generator:
        """Open the stream of one part."""
        key = np.random.SeedSequence(self.seed, spawn_key=(zlib.crc32(part.encode()),))
        return np.random.Generator(np.random.PCG64(key))

    def salt(self, part: str) -> int:
        """Give the number that one part scatters its things by."""
        return int(self.draw(f"salt {part}").integers(2**40))

    def fresh(self, kind: str, count: int) -> Ints:
        """Make things of a kind (or persons, firms, clusters) that nobody has yet."""
        start = self.next.get(kind, self.accounts)
        self.next[kind] = start + count
        return np.arange(start, start + count, dtype=np.int64)

    def left(self) -> int:
        """Tell how many accounts no structure has taken yet."""
        return self.accounts - self.next.get("account", 0)

    def take(self, sizes: Sequence[int] | Ints) -> Group:
        """Take accounts for groups of the given sizes; fewer groups when accounts run out."""
        want = np.asarray(sizes, dtype=np.int64)
        want = want[np.cumsum(want) <= self.left()]
        start, total = self.next.get("account", 0), int(want.sum())
        self.next["account"] = start + total
        group = np.repeat(np.arange(len(want), dtype=np.int64), want)
        begin = np.cumsum(want) - want
        pos = np.arange(total, dtype=np.int64) - begin[group]
        account = np.arange(start, start + total, dtype=np.int64)
        return Group(account, group, pos, start + begin[group], len(want))

    def name(self, scheme: str, members: Group, *, guilty: bool, shares: str) -> None:
        """Enter groups as clusters of a scheme; the members are guilty or innocent as it says."""
        if scheme not in self.schemes:
            self.schemes.append(scheme)
        numbers = self.fresh("cluster", members.count)
        if members.count:
            self.clusters.append((int(numbers[0]), members.count, scheme, guilty, shares))
        self.who["cluster"][members.account] = numbers[members.group]
        self.who["scheme"][members.account] = self.schemes.index(scheme)
        self.who["part"][members.account] = PARTS.index("guilty" if guilty else "innocent")

    def share(self, kind: str, taker: Ints, giver: Ints) -> None:
        """Let each taker own what its giver owns."""
        self.own[kind][taker] = self.own[kind][giver]

    def use(self, kind: str, account: Ints, thing: Ints, *, between: tuple[Ints, Ints], how: str = "") -> None:
        """Let accounts use things besides what they own."""
        first, last = between
        keep = first <= last
        self.uses.setdefault(kind, []).append(Use(account[keep], thing[keep], first[keep], last[keep], how))

    def innocent(self, one: Ints, other: Ints, reason: str) -> None:
        """Remember pairs of accounts that share something and are not one person's."""
        self.pairs.append((one, other, reason))

    def breach(self, accounts: Ints, code: str) -> None:
        """Enter which rule the accounts broke."""
        self.who["breach"][accounts] = POLICIES.index(code)

    def noted(self, word: str) -> Ints:
        """Give the accounts noted under a word."""
        return np.concatenate([np.zeros(0, np.int64), *self.notes.get(word, [])])

    def note(self, word: str, accounts: Ints) -> None:
        """Note accounts under a word."""
        self.notes.setdefault(word, []).append(accounts)


@cache
def name_lists() -> dict[str, dict[str, list[str]]]:
    """Read the names that people and streets carry."""
    raw = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))
    return {
        section: {key: [word.replace("_", " ") for word in text.split()] for key, text in lists.items()} for section, lists in raw.items()
    }


def begin(accounts: int, seed: int, weights: Sequence[float]) -> World:
    """Start a market in which every account is a person of its own, with things of its own.

    Args:
        accounts: How many.
        seed: What everything is drawn from.
        weights: How many of them live in each city, one weight a city.
    """
    each = np.arange(accounts, dtype=np.int64)
    own = {kind: each.copy() for kind in KINDS}
    world = World(accounts, seed, {}, own)
    draw = world.draw("accounts")
    zero, none = np.zeros(accounts, dtype=np.int64), np.full(accounts, NONE, dtype=np.int64)
    created = START + (draw.random(accounts) ** 0.8 * (END - START - 20 * DAY)).astype(np.int64)
    stay = (draw.exponential(400.0, accounts) * DAY).astype(np.int64) + 30 * DAY
    world.who.update(
        person=each.copy(),
        face=each.copy(),
        household=each.copy(),
        business=none.copy(),
        cluster=none.copy(),
        scheme=zero.copy(),
        part=zero.copy(),
        breach=none.copy(),
        role=weighted(draw.random(accounts), (72, 24, 4)),
        status=zero.copy(),
        language=weighted(draw.random(accounts), (80, 16, 3, 1)),
        metro=weighted(draw.random(accounts), weights),
        created=created,
        last=np.minimum(created + stay, END - 1 - (draw.random(accounts) * 10 * DAY).astype(np.int64)),
        removed=none.copy(),
        work=none.copy(),
        venue=none.copy(),
        referrer=none.copy(),
        alias=zero.copy(),
        vpn=(draw.random(accounts) < 0.25).astype(np.int64) * 35 + 2,
        roams=(draw.random(accounts) < 0.58).astype(np.int64),
    )
    np.maximum(world.who["last"], created + 3600, out=world.who["last"])
    return world


def moments(world: World, part: str, first: Ints, last: Ints) -> Ints:
    """Draw a moment between two, evenly."""
    width = np.maximum(last - first, 0)
    result: Ints = first + (world.draw(part).random(len(first)) * width).astype(np.int64)
    return result


def among(world: World, part: str, count: int, share: float) -> Flags:
    """Draw which of `count` it is true for."""
    result: Flags = world.draw(part).random(count) < share
    return result
