"""Who shares what in the made-up markets of `shapes`: innocents first, then schemes with innocents beside them."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.quality.shapes import SPAN, Maker, _Account, _Person


def family(m: Maker) -> None:
    """A couple, sometimes with a grown child: one home; often a surname, a card, a line, a tablet."""
    home = m.home()
    first = m.person(home)
    some = [first] + [m.person(home, last=first.last if m.chance(0.6) else "") for _ in range(1 + m.chance(0.25))]
    accounts = [m.account(one) for one in some]
    tablet = m.fresh("device")
    for account in accounts:
        m.own(account)
    for other in accounts[1:]:
        span = (other.start, other.stop)
        if m.chance(0.4):
            other.uses.append(("card", first.card, *span, "", True))
        if m.chance(0.2):
            other.uses.append(("phone", first.phone, *span, "", True))
        if m.chance(0.25):
            other.devices.append((tablet, 0.4))
            accounts[0].devices.append((tablet, 0.3))
        m.linked(accounts[0], other, "family")


def flatmates(m: Maker) -> None:
    """Two to four strangers under one roof."""
    home = m.home()
    accounts = [m.account(m.person(home)) for _ in range(2 + int(m.draw.integers(3)))]
    for account in accounts:
        m.own(account)
    for other in accounts[1:]:
        m.linked(accounts[0], other, "flatmates")


def twice(m: Maker) -> None:
    """One person with two accounts for a good reason: a customer who became a pro, or somebody who forgot a password."""
    one = m.person()
    roles = m.chance(0.5)
    start = float(m.draw.uniform(0, SPAN - 300))
    gap = float(m.draw.uniform(10, 220))
    first = m.account(one, role="customer" if roles else "", start=start, stop=SPAN - 5.0 if roles else start + gap)
    second = m.account(one, role="pro" if roles else first.role, start=start + gap + float(m.draw.uniform(1, 30)), stop=SPAN - 3.0)
    m.own(first)
    new = [kind for kind in ("phone", "email", "card", "address") if m.chance(0.35)]
    m.own(second, but=tuple(new))
    fresh = m.person(one.home)
    fresh.first, fresh.last, fresh.birth = one.first, one.last, one.birth
    for kind in new[:2]:
        value = fresh.phone if kind == "phone" else fresh.email if kind == "email" else fresh.card
        if kind != "address":
            second.uses.append((kind, value, second.start, second.stop, "", True))
    if m.chance(0.3):
        second.devices = [(m.fresh("device"), 1.0)]
    first.scheme = second.scheme = "twice"


def office(m: Maker) -> None:
    """Three to six colleagues: one network, one main line, some with a licence or a card of the firm."""
    net, line, card, firm = m.address(), m.fresh("phone"), m.fresh("card"), f"F{m.count}"
    licence = f"{100_000 + m.count}" if m.chance(0.5) else ""
    accounts = [m.account(m.person(), role="pro") for _ in range(3 + int(m.draw.integers(4)))]
    told = m.chance(0.6)
    for n, account in enumerate(accounts):
        m.own(account)
        account.places.append((net, "office", 0.5))
        account.uses.append(("phone", line, account.start, account.stop, "", False))
        account.licence, account.business = licence, firm if told else ""
        if n < 2 and m.chance(0.4):
            account.uses.append(("card", card, account.start, account.stop, "", True))
        if n:
            m.linked(accounts[0], account, "office")


def franchise(m: Maker) -> None:
    """Owners under one brand with one tax number."""
    firm, tax = f"F{m.count}", f"tx{m.count}a9"
    accounts = [m.account(m.person(), role="pro") for _ in range(3 + int(m.draw.integers(3)))]
    for n, account in enumerate(accounts):
        m.own(account)
        account.business = firm
        account.uses.append(("tax_id", tax, account.start, account.stop, "", True))
        if n:
            m.linked(accounts[0], account, "franchise")


def agency(m: Maker) -> None:
    """An assistant who sets up the accounts of several pros from one computer, and pays for some."""
    device, net, card = m.fresh("device"), m.address(), m.fresh("card")
    accounts = [m.account(m.person(), role="pro") for _ in range(4 + int(m.draw.integers(5)))]
    for n, account in enumerate(accounts):
        m.own(account)
        account.devices.append((device, 0.3))
        account.places.append((net, "office", 0.3))
        if m.chance(0.3):
            account.uses.append(("card", card, account.start, account.stop, "", True))
        if n:
            m.linked(accounts[0], account, "agency")


def crowd(m: Maker, kind: str, many: tuple[int, int], why: str) -> None:
    """A place where many meet: a network, a computer, a line or an address of all."""
    accounts = [m.account(m.person(), role="customer" if why == "campus" else "") for _ in range(int(m.draw.integers(*many)))]
    value = m.address() if kind == "ip" else m.fresh("device" if kind == "device" else "phone")
    home = m.home(block=True)
    for n, account in enumerate(accounts):
        m.own(account)
        if kind == "ip":
            account.places.append((value, "campus" if why == "campus" else "office" if why == "coworking" else "cafe", 0.4))
        elif kind == "device":
            account.devices.append((value, 0.35))
        elif kind == "phone":
            account.uses.append(("phone", value, account.start, account.stop, "", False))
        if why == "campus":
            account.home = home if m.chance(0.5) else account.home
            if n and m.chance(0.3):
                account.referrer = accounts[0].name
        if n:
            m.linked(accounts[0], account, why)


def passed_on(m: Maker, kind: str) -> None:
    """A phone number, a handset or a flat that somebody else had before."""
    cut = float(m.draw.uniform(150, 600))
    first = m.account(m.person(), start=float(m.draw.uniform(0, cut - 80)), stop=SPAN - 9.0)
    second = m.account(m.person(), start=cut + float(m.draw.uniform(50, 200)), stop=SPAN - 4.0)
    m.own(first)
    m.own(second)
    if kind == "phone":
        first.uses.append(("phone", second.person.phone, first.start, cut, "", True))
    elif kind == "device":
        first.devices.append((second.person.devices[0] + f"|{cut}", 0.8))
    else:
        first.uses.append(("address", f"{second.name}", first.start, cut, "", True))
    m.linked(first, second, f"passed on {kind}")


def payroll(m: Maker) -> None:
    """Pros who are paid through one agent's bank account."""
    account0 = m.fresh("payout")
    accounts = [m.account(m.person(), role="pro") for _ in range(4 + int(m.draw.integers(7)))]
    for n, account in enumerate(accounts):
        m.own(account, but=("payout",))
        account.uses.append(("payout", account0, account.start, account.stop, "", True))
        if n:
            m.linked(accounts[0], account, "payroll")


INNOCENT: tuple[tuple[float, Callable[[Maker], None], float], ...] = (
    (0.012, office, 4.5), (0.008, franchise, 4), (0.008, agency, 6), (0.02, lambda m: crowd(m, "ip", (8, 30), "campus"), 19),
    (0.02, lambda m: crowd(m, "ip", (8, 25), "public wifi"), 16), (0.01, lambda m: crowd(m, "ip", (6, 15), "coworking"), 10),
    (0.01, lambda m: crowd(m, "phone", (6, 20), "call centre"), 13), (0.01, lambda m: crowd(m, "device", (6, 20), "library"), 13),
    (0.04, lambda m: passed_on(m, "phone"), 2), (0.02, lambda m: passed_on(m, "device"), 2),
    (0.012, lambda m: passed_on(m, "address"), 2), (0.006, payroll, 7),
)  # fmt: skip
"""Share of the accounts at `crowd` one half, what to make, accounts each."""


def _guilty(accounts: list[_Account], scheme: str, m: Maker) -> None:
    group = f"{scheme}-{m.count}"
    for account in accounts:
        account.part, account.scheme, account.group = "guilty", scheme, group
        account.jobs = account.jobs if scheme in {"evader", "profiles", "chain"} else 0.15
    _beside(m, accounts)


def _beside(m: Maker, accounts: list[_Account]) -> None:
    """Put innocents beside a group: somebody at home, the former holder of a number, a guest of the same cafe."""
    for why in ("partner", "former holder", "same cafe"):
        if m.chance(0.5):
            continue
        near = accounts[int(m.draw.integers(len(accounts)))]
        other = m.account(m.person(near.home if why == "partner" else None), stop=SPAN - 2.0)
        m.own(other)
        if why == "partner" and m.chance(0.4):
            other.uses.append(("card", near.person.card, other.start, other.stop, "", True))
        if why == "former holder":
            other.start = min(other.start, max(near.start - 200, 0.0))
            number = next((use[1] for use in near.uses if use[0] == "phone"), "")
            if not number or near.start - 60 <= other.start:
                continue
            other.uses.append(("phone", number, other.start, near.start - 60, "", True))
        if why == "same cafe":
            net = m.address()
            for who in (near, other):
                who.places.append((net, "cafe", 0.3))
        m.linked(near, other, why)


def _other_name(m: Maker, account: _Account) -> None:
    made = m.person(account.home)
    account.shown, account.birth = (made.first, made.last), made.birth


def evader(m: Maker) -> None:
    """Somebody removed comes back with some of what was there before."""
    one = m.person()
    start = float(m.draw.uniform(0, SPAN - 400))
    gone = start + float(m.draw.uniform(40, 250))
    old = m.account(one, start=start, stop=gone)
    old.removed = gone
    new = m.account(one, role=old.role, start=gone + float(m.draw.uniform(1, 60)), stop=SPAN - 2.0)
    m.own(old)
    fresh = m.person()
    keep = {kind for kind in ("phone", "email", "card", "payout", "device", "address") if not m.chance(0.35 + 0.6 * m.shape.care)}
    keep = keep or {m.pick(["phone", "card", "device"])}
    _partly(m, new, fresh, keep)
    if m.chance(0.3 + 0.6 * m.shape.care):
        _other_name(m, new)
    _guilty([old, new], "evader", m)
    old.jobs, new.jobs = 3.0, 2.0


def _partly(m: Maker, new: _Account, fresh: _Person, keep: set[str]) -> None:
    """Let an account use its person's things of some kinds, and somebody's fresh things of the others."""
    m.own(new, but=tuple(kind for kind in ("phone", "email", "card", "payout", "address") if kind not in keep))
    for kind, value in (("phone", fresh.phone), ("email", fresh.email), ("card", fresh.card)):
        if kind not in keep:
            voip = "voip" if kind == "phone" and m.chance(0.4) else ""
            new.uses.append((kind, value, new.start, new.stop, voip, True))
    if "address" not in keep:
        new.home = fresh.home if m.chance(0.5) else new.home
    if "device" not in keep:
        new.devices = [(fresh.devices[0], 1.0)]
        new.vpn = max(new.vpn, 0.5 * m.shape.care)


def profiles(m: Maker) -> None:
    """A pro with two to four profiles at once."""
    one = m.person()
    accounts = [m.account(one, role="pro", stop=SPAN - 3.0) for _ in range(2 + int(m.draw.integers(3)))]
    m.own(accounts[0])
    for account in accounts[1:]:
        keep = {kind for kind in ("phone", "card", "payout", "device", "address") if not m.chance(0.3 + 0.4 * m.shape.care)}
        _partly(m, account, m.person(), keep or {"payout"})
        if m.chance(0.5):
            _other_name(m, account)
    _guilty(accounts, "profiles", m)


def _burner(m: Maker, account: _Account, share: float) -> None:
    account.uses.append(("phone", m.fresh("phone"), account.start, account.stop, "voip" if m.chance(share) else "", True))
    odd = "".join(m.pick(list("abcdefghijk")) for _ in range(9))
    box = ("disposable", "yopmail.com") if m.chance(0.3) else ("", "post.example")
    account.uses.append(("email", f"{odd}{m.count % 1000}@{box[1]}", account.start, account.stop, box[0], True))


def farm(m: Maker) -> None:
    """One hand behind a dozen to four dozen customers who praise a few pros for jobs that never were."""
    one = m.person()
    size = int(m.draw.integers(12, 46))
    wit = m.shape.wit
    devices = [m.fresh("device") for _ in range(1 + int(size * (0.05 + 0.3 * wit)))]
    cards = [m.fresh("card") for _ in range(3)]
    praised = [one for one in m.accounts if one.role == "pro" and one.part == "innocent"][: max(400, m.shape.accounts // 5)]
    praised = [praised[int(m.draw.integers(len(praised)))] for _ in range(4)] if praised else []
    start = float(m.draw.uniform(0, SPAN - 330))
    accounts = []
    for _ in range(size):
        begin = start + float(m.draw.uniform(0, 200))
        account = m.account(one, role="customer", start=begin, stop=begin + float(m.draw.uniform(8, 60)))
        _other_name(m, account)
        account.home = m.home()
        account.devices, account.vpn = [(m.pick(devices), 1.0)], 0.5 + 0.45 * wit
        account.visits = 3 + int(m.draw.poisson(3))
        _burner(m, account, 0.7)
        if m.chance(0.25):
            account.uses.append(("card", m.pick(cards), account.start, account.stop, "prepaid" if m.chance(0.5) else "", True))
        for who in {int(m.draw.integers(4)) for _ in range(3)}:
            if praised:
                m.reviews.append((account.name, praised[who].name, float(m.draw.uniform(account.start, account.stop))))
        accounts.append(account)
    _guilty(accounts, "farm", m)


def bonus(m: Maker) -> None:
    """One hand that invites itself for the bonus: as a star or as a chain, with burner phones and a few cards."""
    one = m.person()
    size = int(m.draw.integers(5, 15))
    wit = m.shape.wit
    cards = [m.fresh("card") for _ in range(1 + int(2 * wit + m.draw.random()))]
    devices = [one.devices[0]] + [m.fresh("device") for _ in range(int(1 + wit * 3))]
    begin = float(m.draw.uniform(20, SPAN - 150))
    accounts = [m.account(one, role="customer", start=begin - 15, stop=SPAN - 2.0)]
    m.own(accounts[0])
    star = m.chance(0.6)
    for n in range(1, size):
        start = begin + n * float(m.draw.uniform(0.3, 4))
        account = m.account(one, role="customer", start=start, stop=start + float(m.draw.uniform(5, 60)))
        _other_name(m, account)
        account.referrer = accounts[0 if star else -1].name
        account.home = one.home if m.chance(0.6 - 0.5 * wit) else m.home()
        account.devices, account.vpn, account.visits = [(m.pick(devices), 1.0)], 0.2 + 0.7 * wit, 3 + int(m.draw.poisson(2))
        _burner(m, account, 0.6)
        account.uses.append(("card", m.pick(cards), account.start, account.stop, "", True))
        accounts.append(account)
    _guilty(accounts, "bonus", m)


def chain(m: Maker) -> None:
    """Three to six accounts of one hand; each shares one thing with the one before."""
    one = m.person()
    accounts: list[_Account] = []
    start = float(m.draw.uniform(0, 250))
    before: dict[str, str] = {}
    for n in range(int(m.draw.integers(3, 7))):
        fresh = m.person()
        account = m.account(one, role="pro", start=start + n * 80, stop=min(start + n * 80 + float(m.draw.uniform(80, 150)), SPAN - 1.0))
        account.shown, account.birth, account.home = (fresh.first, fresh.last), fresh.birth, fresh.home
        keep = m.pick(["phone", "card", "device"]) if n else ""
        own = {"phone": fresh.phone, "card": fresh.card, "device": fresh.devices[0]}
        own |= {keep: before[keep]} if keep else {}
        for kind in ("phone", "card"):
            account.uses.append((kind, own[kind], account.start, account.stop, "", True))
        account.uses.append(("email", fresh.email, account.start, account.stop, "", True))
        account.devices = [(own["device"], 1.0)]
        before = own
        accounts.append(account)
    accounts[0].removed = accounts[0].stop
    _guilty(accounts, "chain", m)


def tester(m: Maker) -> None:
    """Six to sixteen accounts of one hand try out cards within two weeks; most payments are disputed."""
    one = m.person()
    devices = [m.fresh("device") for _ in range(1 + int(m.shape.wit * 3))]
    cards = [m.fresh("card") for _ in range(8)]
    start = float(m.draw.uniform(60, SPAN - 100))
    accounts = []
    for _ in range(int(m.draw.integers(6, 17))):
        account = m.account(one, role="customer", start=start + float(m.draw.uniform(0, 12)), stop=start + float(m.draw.uniform(15, 40)))
        _other_name(m, account)
        account.home, account.devices, account.vpn = m.home(), [(m.pick(devices), 1.0)], 0.8
        account.disputes, account.visits = 2, 4
        _burner(m, account, 0.6)
        for card in {m.pick(cards) for _ in range(2)}:
            account.uses.append(("card", card, account.start, account.stop, "prepaid" if m.chance(0.5) else "", True))
        if m.chance(0.4):
            account.removed = account.stop
        accounts.append(account)
    _guilty(accounts, "tester", m)


GUILTY: tuple[tuple[float, Callable[[Maker], None], float], ...] = (
    (0.22, evader, 2), (0.14, profiles, 3), (0.26, farm, 28), (0.14, bonus, 9), (0.1, chain, 4.5), (0.14, tester, 11),
)  # fmt: skip
"""Share of the guilty accounts, what to make, accounts each."""


def live(m: Maker) -> None:
    """Fill the market: innocents in structures, schemes, and everybody else alone."""
    shape = m.shape
    for _ in range(round(shape.family * shape.accounts * 0.6 / 2.2)):
        family(m)
    for _ in range(round(shape.family * shape.accounts * 0.4 / 3)):
        flatmates(m)
    for _ in range(round(0.05 * shape.accounts / 2)):
        twice(m)
    for share, make, size in INNOCENT:
        for _ in range(round(2 * shape.crowd * share * shape.accounts / size + 0.4)):
            make(m)
    for share, make, size in GUILTY:
        for _ in range(max(round(share * shape.guilt * shape.accounts / size), 1)):
            make(m)
    while len(m.accounts) < shape.accounts:
        m.plain()
