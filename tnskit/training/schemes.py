"""The structures in which rules were broken, one function each; all that shows is what they share.

A scheme never marks its accounts in a table: it lets them share things, meet at moments and behave, as people
do. The numbers of each are a table, so that one can read how many of what a market of some size holds.

Source: shares and sizes from the quantities to plant of the practice specification; rings of 2 to 3 mostly
(mean 2.25 accounts a person in arXiv 1703.07355), a few of 8 to 15, one past 30.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tnskit.training.bystanders import entangle
from tnskit.training.hands import lent_account, rented_account, takeover
from tnskit.training.moves import live, one_person, remove, remove_some, share_some, take_old_reason
from tnskit.training.text import DAY
from tnskit.training.world import (
    END,
    MAIN,
    PREPAID,
    ROLES,
    START,
    STATUSES,
    VOIP,
    Group,
    World,
)

PRO, CUSTOMER = ROLES.index("pro"), ROLES.index("customer")
REMOVED = STATUSES.index("removed")


@dataclass(frozen=True)
class Scheme:
    """How many groups of a scheme a market holds."""

    name: str
    rate: float
    """Groups per account."""
    least: int
    """Groups in a market of 2,000, however low the rate."""
    low: int
    high: int
    """Accounts in a group, from and to."""


PLAN = (
    Scheme("ban_evasion", 0.0010, 6, 2, 2),
    Scheme("duplicates", 0.0004, 4, 2, 3),
    Scheme("card_testing", 0.0001, 1, 8, 15),
    Scheme("review_farm", 0.00002, 1, 31, 40),
    Scheme("referral_ring", 0.0001, 1, 8, 10),
    Scheme("careful_chain", 0.0001, 2, 4, 4),
    Scheme("lead_fraud", 0.0002, 2, 2, 3),
    Scheme("rented_account", 0.0010, 2, 2, 2),
    Scheme("lent_account", 0.0025, 3, 1, 1),
    Scheme("payout_diversion", 0.0001, 1, 3, 5),
    Scheme("stolen_card", 0.0018, 2, 1, 1),
    Scheme("takeover", 0.0020, 2, 1, 1),
)


def groups_of(scheme: Scheme, accounts: int) -> int:
    """Tell how many groups of a scheme a market of this size holds."""
    if accounts >= 2_000:
        return max(round(scheme.rate * accounts), scheme.least)
    return max(scheme.least * accounts // 2_000, int(scheme.name in ("ban_evasion", "takeover")))


def plant_schemes(world: World) -> None:
    """Put every scheme into the market, each with its innocent neighbours."""
    plants = {
        "ban_evasion": ban_evasion,
        "duplicates": duplicates,
        "card_testing": card_testing,
        "review_farm": review_farm,
        "referral_ring": referral_ring,
        "careful_chain": careful_chain,
        "lead_fraud": lead_fraud,
        "rented_account": rented_account,
        "lent_account": lent_account,
        "payout_diversion": payout_diversion,
        "stolen_card": stolen_card,
        "takeover": takeover,
    }
    for scheme in PLAN:
        draw = world.draw(f"sizes of {scheme.name}")
        sizes = draw.integers(scheme.low, scheme.high + 1, groups_of(scheme, world.accounts))
        if scheme.high == 3:
            sizes = np.where(draw.random(len(sizes)) < 0.75, 2, sizes)
        plants[scheme.name](world, world.take(sizes))


def ban_evasion(world: World, members: Group) -> None:
    """Somebody removed comes back 4 to 30 days later with two to four things of before, or with one."""
    world.name("ban_evasion", members, guilty=True, shares="2-4 of phone, card, payout, device, home, address, email")
    one_person(world, members)
    old, new = members.at(0), members.at(1)
    draw = world.draw("ban evasion")
    removed = START + 150 * DAY + draw.integers(0, 540 * DAY, members.count)
    before = draw.integers(30 * DAY, 220 * DAY, members.count)
    world.who["created"][old] = np.maximum(removed - before, START + before // 9)
    remove(world, old, removed)
    world.who["created"][new] = removed + draw.integers(4 * DAY, 30 * DAY, members.count)
    world.who["last"][new] = END - draw.integers(3600, 20 * DAY, members.count)
    world.who["role"][new] = world.who["role"][old] = np.where(draw.random(members.count) < 0.6, PRO, CUSTOMER)
    same_name = draw.random(members.count) < 0.4
    world.who["face"][new[same_name]] = world.who["face"][old[same_name]]
    careful = draw.random(members.count) < 0.25
    kinds = ("phone", "card", "payout", "device", "home", "address", "email")
    rank = np.argsort(np.argsort(draw.random((members.count, len(kinds))), axis=1), axis=1)
    many = np.where(careful, 1, draw.integers(2, 5, members.count))
    for at, kind in enumerate(kinds):
        chosen = rank[:, at] < many
        world.share(kind, new[chosen], old[chosen])
    world.who["alias"][new] = draw.integers(1, 4, members.count)
    world.note("busy", new[world.who["role"][new] == PRO])
    world.note("held", new)
    take_old_reason(world, "ban evasion", old)
    world.breach(new, "ACC-01")
    remove_some(world, "ban evasion", new, 0.15)
    entangle(world, "ban evasion", members)


def duplicates(world: World, members: Group) -> None:
    """One pro keeps two or three profiles to be offered more leads."""
    world.name("duplicates", members, guilty=True, shares="2-3 of device, home, payout, card, phone, address")
    one_person(world, members)
    world.who["role"][members.account] = PRO
    opened = world.who["created"][members.first]
    live(world, "duplicates", members.account, np.maximum(opened - 100 * DAY, START), opened + 80 * DAY)
    share_some(world, "duplicates", members, ("device", "home", "payout", "card", "phone", "address"), between=(2, 3))
    world.breach(members.account, "ACC-02")
    world.note("busy", members.account)
    entangle(world, "duplicates", members)


def card_testing(world: World, members: Group) -> None:
    """Eight to fifteen accounts of one hand try prepaid and stolen cards from one browser within days."""
    world.name("card_testing", members, guilty=True, shares="device, 7 prepaid cards, disputes")
    one_person(world, members)
    draw = world.draw("card testing")
    day = START + draw.integers(150 * DAY, 660 * DAY, members.count)[members.group]
    count = len(members.account)
    world.who["role"][members.account] = CUSTOMER
    world.who["created"][members.account] = day + draw.integers(0, 9 * DAY, count)
    world.who["last"][members.account] = day + draw.integers(12 * DAY, 40 * DAY, count)
    world.own["device"][members.account] = members.first | MAIN
    world.own["phone"][members.account] |= VOIP
    world.who["vpn"][members.account] = 70
    pool = world.fresh("card", 7 * members.count) | PREPAID
    world.own["card"][members.account] = pool[7 * members.group + members.pos % 7]
    window = (world.who["created"][members.account] + DAY, world.who["last"][members.account])
    world.use("card", members.account, pool[7 * members.group + draw.integers(0, 7, count)], between=window)
    world.breach(members.account, "PAY-01")
    world.note("disputed", members.account)
    remove_some(world, "card testing", members.account, 0.5)
    entangle(world, "card testing", members, stolen=True)


def review_farm(world: World, members: Group) -> None:
    """Two hands behind more than thirty customers who praise for money, from four devices."""
    world.name("review_farm", members, guilty=True, shares="4 devices, VPN, reviews of the same pros")
    one_person(world, members)
    second = members.account[members.pos % 2 == 1]
    hands = world.fresh("person", members.count)
    world.who["person"][second] = hands[members.group[members.pos % 2 == 1]]
    draw = world.draw("review farm")
    day = START + draw.integers(60 * DAY, 420 * DAY, members.count)[members.group]
    count = len(members.account)
    world.who["role"][members.account] = CUSTOMER
    world.who["created"][members.account] = day + draw.integers(0, 240 * DAY, count)
    world.who["last"][members.account] = world.who["created"][members.account] + draw.integers(20 * DAY, 60 * DAY, count)
    pool = world.fresh("device", 4 * members.count)
    world.own["device"][members.account] = pool[4 * members.group + draw.integers(0, 4, count)]
    voip = members.account[draw.random(count) < 0.6]
    world.own["phone"][voip] |= VOIP
    world.who["vpn"][members.account] = 85
    world.breach(members.account, "REV-01")
    world.note("farm", members.account)
    remove_some(world, "review farm", members.account, 0.2)
    entangle(world, "review farm", members)


def referral_ring(world: World, members: Group) -> None:
    """One person invites itself many times for the bonus: rented numbers, two cards, a phone passed along."""
    world.name("referral_ring", members, guilty=True, shares="referrer, 2 cards, device for half")
    one_person(world, members)
    draw = world.draw("referral ring")
    day = START + draw.integers(100 * DAY, 600 * DAY, members.count)[members.group]
    count = len(members.account)
    world.who["role"][members.account] = CUSTOMER
    world.who["created"][members.account] = day + members.pos * 2 * DAY + draw.integers(0, 2 * DAY, count)
    world.who["last"][members.account] = world.who["created"][members.account] + draw.integers(10 * DAY, 90 * DAY, count)
    later = members.pos > 0
    world.who["referrer"][members.account[later]] = members.first[later]
    world.own["phone"][members.account[later]] |= VOIP
    pool = world.fresh("card", 2 * members.count)
    world.own["card"][members.account] = pool[2 * members.group + members.pos % 2]
    half = later & (draw.random(count) < 0.5)
    world.share("device", members.account[half], members.first[half])
    home = later & (draw.random(count) < 0.4)
    world.share("home", members.account[home], members.first[home])
    world.breach(members.account, "LEA-02")
    entangle(world, "referral ring", members)


def careful_chain(world: World, members: Group) -> None:
    """Four accounts of one hand, each sharing one thing with the next only: phone, card, home network."""
    world.name("careful_chain", members, guilty=True, shares="A-B phone, B-C card, C-D home network")
    one_person(world, members)
    a, b, c, d = (members.at(pos) for pos in range(4))
    draw = world.draw("careful chain")
    begin = START + draw.integers(20 * DAY, 380 * DAY, members.count)
    for step, account in enumerate((a, b, c, d)):
        world.who["created"][account] = begin + step * 75 * DAY + draw.integers(0, 40 * DAY, members.count)
        world.who["last"][account] = world.who["created"][account] + draw.integers(60 * DAY, 130 * DAY, members.count)
        world.who["role"][account] = PRO
    remove(world, a, world.who["last"][a])
    world.share("phone", b, a)
    world.share("card", c, b)
    world.share("home", d, c)
    world.breach(members.account, "ACC-01")
    take_old_reason(world, "careful chain", a)
    entangle(world, "careful chain", members)


def lead_fraud(world: World, members: Group) -> None:
    """A pro opens customers' accounts and sends its rivals requests that cost them money."""
    world.name("lead_fraud", members, guilty=True, shares="home or device, requests to rivals")
    one_person(world, members)
    opened = world.who["created"][members.first]
    live(world, "lead fraud", members.account, np.maximum(opened - 60 * DAY, START), opened + 60 * DAY)
    world.who["role"][members.account] = np.where(members.pos == 0, PRO, CUSTOMER)
    share_some(world, "lead fraud", members, ("home", "device"), between=(1, 2))
    world.breach(members.account, "LEA-01")
    world.note("fake requests", members.account[members.pos > 0])
    entangle(world, "lead fraud", members)


def payout_diversion(world: World, members: Group) -> None:
    """Several persons let the money of jobs that were never done run into one bank account."""
    world.name("payout_diversion", members, guilty=True, shares="payout")
    world.who["role"][members.account] = PRO
    opened = world.who["created"][members.first]
    live(world, "diversion", members.account, np.maximum(opened - 150 * DAY, START), opened + 60 * DAY)
    token = world.fresh("payout", members.count)[members.group]
    last = world.who["last"][members.account]
    world.use("payout", members.account, token, between=(last - 50 * DAY - members.pos * 3 * DAY, last))
    world.breach(members.account, "PAY-05")
    world.note("no service", members.account)
    world.note("busy", members.account)
    world.note("held", members.account)
    entangle(world, "payout diversion", members)


def stolen_card(world: World, members: Group) -> None:
    """One account pays with the card of somebody else who is a customer too."""
    world.name("stolen_card", members, guilty=True, shares="card of a bystander")
    world.who["role"][members.account] = CUSTOMER
    world.breach(members.account, "PAY-01")
    world.note("disputed", members.account)
    remove_some(world, "stolen card", members.account, 0.4)
    entangle(world, "stolen card", members, stolen=True)
