"""All who do no harm: crowds, households, second accounts, sold handsets, wrong decisions."""

from __future__ import annotations

from benchmarks.quality.newcomers.accounts import Account, Holds
from benchmarks.quality.newcomers.addresses import dwelling
from benchmarks.quality.newcomers.crowds import crowd
from benchmarks.quality.newcomers.devices import device
from benchmarks.quality.newcomers.households import household
from benchmarks.quality.newcomers.networks import home_line
from benchmarks.quality.newcomers.opening import open_account
from benchmarks.quality.newcomers.people import Person
from benchmarks.quality.newcomers.phones import new_number
from benchmarks.quality.newcomers.plans import CROWDS, DAY, NOBODY
from benchmarks.quality.newcomers.rows import add_way, remove, report
from benchmarks.quality.newcomers.wallet import mailbox, new_card
from benchmarks.quality.newcomers.world import World

TESTERS = ["Test Test", "QA user", "zzz do not use", "Support Demo"]


def innocents(world: World, many: int) -> None:
    """Accounts of innocents until there are so many."""
    made, shape = world.accounts, world.shape
    weights = {kind: plan.weight for kind, plan in CROWDS.items()}
    while len(made) < many * shape["places"] * shape["lookalikes"] and len(made) < many * 0.8:
        crowd(world, world.weighted(weights), many - len(made))
    before = len(made)
    while len(made) - before < many * shape["household"] and len(made) < many * 0.92:
        household(world, many - len(made))
    before = len(made)
    while len(made) < many - int((many - before) * shape["second_account"] * 0.6):
        _single(world)
    alone = made[before:]
    _second_accounts(world, alone, many)
    while len(made) < many:
        open_account(world, Person(world))
    _resell(world, made[before:], int(many * shape["resold"]))
    _wrong_them(world, many)


def _single(world: World) -> None:
    """Somebody alone; a few are the platform's own tests, or had themselves erased."""
    account = open_account(world, Person(world))
    draw = world.dice.random()
    if draw < 0.002:
        account.role = world.dice.choice(["staff", "test"])
        account.name = world.dice.choice(TESTERS)
    elif draw < 0.007 and account.closes < world.end - 30 * DAY:
        account.name, account.legal, account.erased = None, None, True


def _second_accounts(world: World, alone: list[Account], many: int) -> None:
    pool = [
        account
        for account in alone
        if account.reason is None and account.role in ("customer", "pro") and account.opened < world.end - 30 * DAY
    ]
    world.dice.shuffle(pool)
    while len(world.accounts) < many and pool:
        _second(world, pool.pop())


def _second(world: World, first: Account) -> None:
    """The same innocent person once more: customer and pro, lost password, new married name, firm beside private."""
    person, dice = first.person, world.dice
    kind = dice.choice(["other_role", "lost_password", "married_name", "firm"])
    opened = first.opened + int((world.end - first.opened) * dice.uniform(0.05, 0.9))
    if kind == "married_name":
        doubled = world.chance(0.4)
        taken = Person(world, person.land, person.town, heritage=person.heritage).surnames[0]
        person.surnames = [taken, *person.surnames[:1]] if doubled else [taken]
    if world.chance(0.2):
        _renew(world, person)
    if kind in ("lost_password", "married_name") or world.chance(0.6):
        mail = mailbox(world, person)
    else:
        mail = person.mail.replace("@", f"+{dice.choice(['pro', '2', 'biz'])}@")
    other = {"customer": "pro", "pro": "customer"}[first.role]
    second = open_account(
        world,
        person,
        {"other_role": other, "firm": "pro"}.get(kind, first.role),
        opened,
        holds=Holds(
            mail=mail,
            phone=person.phone if world.chance(0.6) else new_number(world, person.land, person.area_codes),
        ),
        turns=False,
        reason="own_second_account",
        behaviour=kind,
    )
    first.reason = "own_second_account"
    if kind == "lost_password" and world.chance(0.3):
        first.status, first.merged_into = "merged", second.number


def _renew(world: World, person: Person) -> None:
    """Years later: another phone, another flat."""
    person.handset, person.home, person.card = device(world, "app"), home_line(world, person.land, person.town), new_card(world)
    person.laptop, person.address = None, dwelling(world, person.land, person.town)


def _resell(world: World, later: list[Account], times: int) -> None:
    """Sold or handed-down handsets whose id survived."""
    ended = [account for account in world.accounts if account.closes < world.end - 60 * DAY]
    late = [account for account in later if account.closes > world.end - 30 * DAY and account.reason is None]
    for _ in range(times if ended and late else 0):
        seller, buyer = world.dice.choice(ended), world.dice.choice(late)
        if seller.person.land != buyer.person.land or seller.person.id == buyer.person.id:
            continue
        at = max(seller.closes, buyer.opened) + world.dice.randint(2, 60) * DAY
        add_way(world, buyer, buyer.person.home, seller.person.handset, at, world.end, expected=15)
        buyer.reason = "resold_device"
        seller.excuse("resold_device")


def _wrong_them(world: World, many: int) -> None:
    """Wrong or later undone decisions, and unjust reports."""
    dice, made = world.dice, world.accounts
    for account in dice.sample(made, int(many * 0.006)):
        at = dice.randint(account.opened + DAY // 2, account.closes)
        if world.chance(0.5):
            code, undone = dice.choice(["PRO-03", "ACC-02", "ACC-01", "PAY-03"]), world.chance(0.6)
            remove(world, account, at, code, reverse=undone, action=dice.choice(["remove", "suspend"]))
        else:
            report(world, account, at, "PRO-04")
    for account in dice.sample(made, int(many * 0.012)):
        at, code = dice.randint(account.opened, account.closes), dice.choice(["PRO-03", "PRO-04", "PRO-06", "REV-01"])
        report(world, account, at, code, by=dice.choice([NOBODY, dice.randrange(len(made))]))
