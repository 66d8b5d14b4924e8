"""Mailboxes, cards and payout accounts nobody else has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.quality.newcomers.lands import LANDS
from benchmarks.quality.newcomers.names import plain
from benchmarks.quality.newcomers.world import World

if TYPE_CHECKING:
    from benchmarks.quality.newcomers.people import Person

BOXES = (
    (0.25, "{given}.{surname}", 0),
    (0.4, "{initial}{surname}", 0),
    (0.6, "{given}{surname}{year}", 0),
    (0.7, "{surname}{given}{number}", 99),
    (0.78, "{given}_{surname}", 0),
    (0.9, "{given}{number}", 9999),
    (1, "{trade}{given}{year}", 0),
)
"""How people name their mailbox, each way up to its share, and the highest number in it."""
CARD_STARTS = ["411111", "424242", "546616", "553391", "402944", "379382", "510510", "601100"]
PREPAID_STARTS = ["485246", "516732"]


class Card(NamedTuple):
    """A card; `start`: its first digits, which tell the bank."""

    fingerprint: str
    start: str
    last4: str
    month: int
    year: int
    funding: str


class Bank(NamedTuple):
    """A payout account."""

    token: str
    last4: str


def mailbox(world: World, person: Person, domain: str = "") -> str:
    """A mailbox nobody has."""
    dice = world.dice
    given, surname = plain(person.given.split()[0]), plain(person.surnames[0]).replace("'", "").replace(" ", "")
    while True:
        draw = dice.random()
        _, style, most = next(row for row in BOXES if draw < row[0])
        name = style.format(
            given=given,
            initial=given[0],
            surname=surname,
            year=str(person.born)[2:],
            trade=person.trade.split("_")[0],
            number=dice.randint(1, most) if most else "",
        )
        host = domain or dice.choice(LANDS[person.land].mail_domains)
        if (name.replace(".", ""), host) in world.used_mail:
            name += str(dice.randint(1, 9999))
        key = (name.replace(".", ""), host)
        if key not in world.used_mail:
            world.used_mail.add(key)
            return f"{name}@{host}"


def fingerprint(world: World) -> str:
    """A fingerprint of a card, new."""
    return f"fp_{world.dice.getrandbits(64):016x}"


def new_card(world: World, *, prepaid: bool = False) -> Card:
    """A card nobody has."""
    dice = world.dice
    return Card(
        fingerprint(world),
        dice.choice(PREPAID_STARTS if prepaid else CARD_STARTS),
        f"{dice.randint(0, 9999):04d}",
        dice.randint(1, 12),
        dice.randint(2026, 2031),
        "prepaid" if prepaid else dice.choice(["debit", "credit", "credit"]),
    )


def new_bank(world: World) -> Bank:
    """A payout account nobody has."""
    return Bank(f"ba_{world.dice.getrandbits(56):014x}", f"{world.dice.randint(0, 9999):04d}")
