"""Accounts in other hands: mules, bought and rented accounts, and those an insider favours."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.quality.newcomers.accounts import OWN, Account, Holds
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.networks import place_line, proxy_line, tunnel
from benchmarks.quality.newcomers.opening import open_account
from benchmarks.quality.newcomers.operators import Scheme, first_account
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.phones import new_number
from benchmarks.quality.newcomers.plans import DAY
from benchmarks.quality.newcomers.rows import add_bank, add_event, add_mail, add_payment, add_phone, add_way, remove
from benchmarks.quality.newcomers.wallet import mailbox, new_bank


def mules(scheme: Scheme) -> None:
    """Payout accounts that money passes through, each also on the next account; some are mules, some nobody."""
    world, dice, operator = scheme.world, scheme.world.dice, scheme.operator
    many = min(scheme.room, dice.randint(3, 8))
    banks = [new_bank(world) for _ in range(many)]
    start = world.between(0.1, 0.8)
    line = tunnel(world, operator.land, "vpn")
    for n, bank in enumerate(banks):
        person = Person(world, operator.land)
        real = world.chance(0.4)
        opened = start + dice.randint(0, 60) * DAY
        account = open_account(world, person, "pro", opened, holds=Holds(bank=bank), turns=False, **scheme.truth)
        scheme.made.append(account)
        account.controller = None if real else operator.id
        add_bank(world, account, banks[(n + 1) % many], account.opened + 9 * DAY, holder="none")
        used = operator.laptop if operator.laptop is not None and not scheme.careful else device(world, "browser")
        add_way(world, account, line, used, account.opened, account.closes, expected=2 if real else 6)
        for _ in range(dice.randint(2, 6)):
            amount, at = dice.randint(20, 90) * 1000, int(dice.uniform(account.opened, account.closes))
            add_payment(world, "payout", payee=account.number, amount=amount, at=at)


def bought(scheme: Scheme) -> None:
    """Accounts of innocents, bought or rented; at times after an own one was removed."""
    world, dice = scheme.world, scheme.world.dice
    for _ in range(min(scheme.room, dice.choice([1, 1, 2, 4]))):
        account = scheme.friend(lambda one: _worth_buying(scheme, one))
        if account is not None:
            _take_over(scheme, account)
            scheme.made.append(account)
    if scheme.made and scheme.room > len(scheme.made) and world.chance(0.5):
        start = world.between(0, 0.4)
        own = replace(scheme, kind="comeback", careful=False)
        account = first_account(own, start, start + dice.randint(20, 120) * DAY)
        remove(world, account, account.closes, "PRO-06")
        scheme.made.append(account)


def _worth_buying(scheme: Scheme, account: Account) -> bool:
    end = scheme.world.end
    grown = account.closes >= end and account.opened < end - 90 * DAY
    return grown and (account.role == "pro" or scheme.world.chance(0.3))


def _take_over(scheme: Scheme, account: Account) -> None:
    world, dice, operator = scheme.world, scheme.world.dice, scheme.operator
    network = proxy_line(world, operator.land) if scheme.careful else operator.home
    at = int(dice.uniform(account.opened + 30 * DAY, world.end - 30 * DAY))
    rented = world.chance(0.35)
    _step_back(account, at, rented=rented)
    if not rented:
        _change_what_is_on_file(scheme, account, network, at)
    often = dice.choice([8, 25, 60])
    add_way(world, account, network, operator.handset, at, world.end, expected=often, hour=operator.hour)
    add_way(world, account, operator.cell, operator.handset, at, world.end, expected=8, hour=operator.hour)
    if account.role == "pro" and world.chance(0.8):
        add_bank(world, account, operator.bank, at + DAY, holder="none")
        add_event(world, account, at + DAY, "payout_change")
    account.person_before, account.controller, account.swapped = account.person.id, operator.id, at
    account.ring, account.abuser, account.careful, account.reason = scheme.ring, True, scheme.careful, None
    account.behaviour = "rented" if rented else "bought"


def _step_back(account: Account, at: int, *, rented: bool) -> None:
    """The earlier holder logs in less after a rent, no more after a sale."""
    for way in account.ways:
        if way.stop > at:
            way.expected *= 0.4 if rented else max(0, at - way.start) / (way.stop - way.start)
            way.stop = way.stop if rented else max(way.start + 1, at)


def _change_what_is_on_file(scheme: Scheme, account: Account, network: int, at: int) -> None:
    """A new number and password, often a new mailbox."""
    world, operator = scheme.world, scheme.operator
    account.cut = at
    add_phone(world, account, new_number(world, operator.land, operator.area_codes), at, world.end, "profile")
    add_event(world, account, at, "phone_change", network, operator.handset)
    add_event(world, account, at + 900, "password_reset", network, operator.handset)
    if world.chance(0.6):
        add_mail(world, account, mailbox(world, operator), at, world.end)
        add_event(world, account, at + 1800, "email_change", network, operator.handset)


def insider(scheme: Scheme) -> None:
    """Somebody of the platform's own people, and the pros who are given credits."""
    world, dice, operator = scheme.world, scheme.world.dice, scheme.operator
    office = place_line(world, operator.land, operator.town, "business")
    truth = scheme.truth | {"careful": None}
    staff = open_account(world, operator, "staff", world.between(0, 0.2), world.end, turns=False, **truth)
    add_way(world, staff, office, device(world, "browser"), staff.opened, world.end, expected=60, at_work=1)
    scheme.made.append(staff)
    for _ in range(min(scheme.room - 1, dice.randint(1, 4))):
        surnames = operator.surnames if world.chance(0.6) else None
        friend = Person(world, operator.land, operator.town, surnames=surnames, heritage=operator.heritage)
        if world.chance(0.5):
            friend.home, friend.address = operator.home, operator.address
        holds = Holds(bank=operator.bank if world.chance(0.3) else OWN)
        account = open_account(world, friend, "pro", None, world.end, holds=holds, turns=False, **truth)
        scheme.made.append(account)
        line = office if world.chance(0.5) else operator.home
        add_way(world, account, line, operator.handset, account.opened, world.end, fixed=dice.randint(1, 4))
        for _ in range(4):
            add_payment(world, "credit", payee=account.number, amount=5000, at=int(dice.uniform(account.opened, world.end)))
