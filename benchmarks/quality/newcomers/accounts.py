"""An account, and the ways its holders log in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.plans import FOREVER, NEVER, NOBODY

OWN: Any = object()
"""What the person of an account has anyway."""


@dataclass(eq=False)
class Account:
    """One account: what is on file about it, and the truth; times in seconds, other accounts by number.

    Attributes:
        number: Its place in the world.
        person: Who opened it.
        role: What it is used for.
        opened: When it was opened.
        closes: When it is used last.
        last: What the export says of that.
        name: What it shows.
        legal: What papers say.
        trade: What it offers.
        controller: The id of the person who runs it in the end, if not the one who opened it.
        cut: When its earlier holder's things were last seen.
        swapped: When it changed hands.
        slips: What a careful operator left behind on it.
        instruments: Ids of its cards.
        ways: How it is logged in.
    """

    number: int
    person: Person
    role: str
    opened: int
    closes: int
    last: int
    name: str | None
    legal: str | None
    trade: str
    status: str = "active"
    closed: int = NEVER
    business: str | None = None
    referrer: int = NOBODY
    merged_into: int = NOBODY
    erased: bool = False
    reason: str | None = None
    group: str | None = None
    ring: str | None = None
    abuser: bool = False
    behaviour: str = "single"
    careful: bool | None = None
    controller: str | None = None
    person_before: str | None = None
    cut: int = FOREVER
    swapped: int = 0
    slips: str | None = None
    bought_reviews: bool = False
    instruments: list[str] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)

    def excuse(self, reason: str) -> None:
        """Say why an innocent looks guilty, if nothing is said yet."""
        self.reason = self.reason or reason


@dataclass
class Way:
    """A network and a device between two times.

    Attributes:
        account: Number of the account.
        network: Place of the network.
        device: Place of the device.
        start: From when.
        stop: Until when.
        expected: Logins to expect.
        fixed: Logins there are for certain; 0: drawn from what is expected.
        at_work: 1 if on weekdays, in working hours.
        hour: The hour of the day around which it is; negative: any.
    """

    account: int
    network: int
    device: int
    start: float
    stop: float
    expected: float
    fixed: int
    at_work: int
    hour: float


@dataclass(frozen=True)
class Habit:
    """A network and a device, and what share of the logins are by them between two times."""

    network: int
    device: int
    weight: float
    start: int
    stop: int


@dataclass(frozen=True)
class Holds:
    """What an account holds: `OWN`, something else, or None for nothing; `habits` as network, device and weight."""

    phone: Any = OWN
    extension: int | None = None
    mail: Any = OWN
    card: Any = OWN
    bank: Any = OWN
    address: Any = OWN
    habits: Any = OWN
