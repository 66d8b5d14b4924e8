"""Ordinary life: who lives with whom, what they carry, and what changes in two years."""

from benchmarks.quality.outsiders import names
from benchmarks.quality.outsiders.world import CITIES, END, Account, Person

TRADES = (
    "cleaning",
    "painting",
    "plumbing",
    "electrical",
    "moving",
    "landscaping",
    "handyman",
    "tutoring",
    "photography",
    "roofing",
    "tile",
    "dj",
)
MAILS = {
    "US": {"gmail.com": 62, "yahoo.com": 14, "icloud.com": 8, "hotmail.com": 7, "outlook.com": 4, "aol.com": 3, "comcast.net": 2},
    "MX": {"gmail.com": 62, "hotmail.com": 22, "yahoo.com.mx": 8, "outlook.es": 5, "live.com.mx": 3},
    "BR": {"gmail.com": 66, "hotmail.com": 18, "yahoo.com.br": 7, "uol.com.br": 5, "bol.com.br": 4},
    "PT": {"gmail.com": 70, "sapo.pt": 15, "hotmail.com": 15},
}


def email(w, person):
    """A mailbox in the person's own style; common names need digits."""
    given, family = (names.plain(person.name[k][0]).lower().replace("'", "").replace(" ", "") for k in ("given", "family"))
    local = w.pick([f"{given}.{family}", f"{given}{family}", f"{given[0]}{family}", f"{family}.{given}", f"{given}_{family}"])
    tail = w.pick(["", str(person.born)[2:], str(person.born), str(w.rng.integers(1, 999)), str(w.rng.integers(1, 99))])
    box = f"{local}{tail}@{w.weighted(MAILS[CITIES[person.city][0]])}"
    while box in w.seen:
        box = f"{local}{w.rng.integers(1, 9999)}@{w.weighted(MAILS[CITIES[person.city][0]])}"
    w.seen.add(box)
    return box


def variant(w, box):
    """The same mailbox typed another way (plus tag or dots: only some providers fold them)."""
    local, domain = box.split("@")
    if domain != "gmail.com" or w.chance(0.5):
        return f"{local}+{w.pick(['tt', '2', 'work', 'jobs', 'new'])}@{domain}"
    at = int(w.rng.integers(1, max(2, len(local) - 1)))
    return f"{local[:at]}.{local[at:]}@{domain}".replace("..", ".")


def new_person(w, city=None, home=None, address=None, name=None, age=None):
    city = city or w.cities[int(w.rng.choice(len(w.cities), p=w.city_share))]
    born = int(2026 - (age or w.rng.integers(19, 72)))
    person = Person(
        f"p{len(w.people):06d}",
        city,
        name or names.draw(w.rng, CITIES[city][0], w.s["origins"]),
        born,
        w.home_net(city) if home is None else home,
        address or w.address(city),
        w.pick(w.carriers[city]),
        hour=w.between(9, 20),
    )
    nets = [(person.home, 1.0), (person.carrier, 2 * w.s["cgnat"])]
    if w.chance(w.s["vpn"]):
        nets.append((w.pick(w.vpns), w.between(0.3, 1.5)))
    person.kit = {
        "phone": w.phone(city),
        "email": email(w, person),
        "card": w.card(CITIES[city][0]),
        "bank": w.bank(CITIES[city][0]),
        "addr": person.address,
        "nets": nets,
        "devs": [(w.device(), 1.0)] + ([(w.device(app=False, portable=False), 0.5)] if w.chance(0.4) else []),
    }
    w.people.append(person)
    return person


def open_account(w, person, created=None, role=None, kit=None, until=None):
    """One account with what the kit holds; windows follow the account's life."""
    kit = kit or person.kit
    created = w.between(-200, 715) if created is None else created
    if until is None:
        until = END if w.chance(0.55) else min(END, created + float(w.rng.lognormal(4.3, 1)))
    role = role or ("pro" if w.chance(w.s["pro"]) else "customer")
    account = Account(
        w.token("", 10), person, role, created, max(until, created + 0.5), kit.get("name", person.name), {}, trade=w.pick(TRADES)
    )
    verified = "verified" if w.chance(0.72) else ""
    for kind, chance in (("phone", 0.95), ("email", 0.99), ("card", 0.9 if role == "pro" else 0.6), ("addr", 0.75)):
        if kit.get(kind) is not None and (w.chance(chance) or kit.get("all")):
            account.add(kind, kit[kind], note=verified)
    if role in ("pro", "both") and kit.get("bank") is not None:
        account.add("bank", kit["bank"])
    for net, weight in kit["nets"]:
        account.add("net", net, weight=weight)
    for device, weight in kit["devs"]:
        account.add("dev", device, weight=weight)
    person.accounts.append(account)
    w.accounts.append(account)
    return account


def changes(w, account):
    """Two years of ordinary life: new handset, new number, a move, a reissued card, a changed name."""
    person, span = account.person, account.until - account.created
    when = w.between(account.created, account.until)
    if w.chance(0.00045 * span):
        replace(account, "dev", (w.device(), 1.0), when)
    if w.chance(0.00012 * span):
        replace(account, "phone", (w.phone(person.city), 1.0), when)
    if w.chance(0.00025 * span):
        replace(account, "card", (w.card(CITIES[person.city][0]), 1.0), w.between(account.created, account.until))
    if w.chance(0.0002 * span):
        replace(account, "addr", (w.address(person.city), 1.0), when)
        replace(account, "net", (w.home_net(person.city), 1.0), when)
    if w.chance(0.004):
        account.name = names.married(w.rng, person.name)
    if w.chance(0.08):
        account.add("net", w.pick(w.carriers[w.pick(w.cities)]), when, when + 6, 0.8)  # a trip


def replace(account, kind, new, when):
    old = account.uses.get(kind)
    if old:
        gap = old[0].last
        old[0].last = max(old[0].first, when)
        account.add(kind, new[0], when, gap, old[0].weight, old[0].note)


def households(w, budget):
    """Fill the market with people until the account budget is used."""
    s, start = w.s, len(w.accounts)
    while len(w.accounts) - start < budget:
        kind = w.weighted(
            {
                "single": 1 - s["household"] - s["seasonal"],
                "couple": s["household"] * 0.45,
                "family": s["household"] * 0.3,
                "flatmates": s["household"] * 0.25,
                "seasonal": s["seasonal"] / 5,
            }
        )
        size = {
            "single": 1,
            "couple": 2,
            "family": int(w.rng.integers(2, 5)),
            "flatmates": int(w.rng.integers(2, 5)),
            "seasonal": int(w.rng.integers(5, 13)),
        }[kind]
        first = new_person(w)
        members = [first]
        for _ in range(size - 1):
            related = kind in ("couple", "family") or (kind == "seasonal" and w.chance(0.3))
            members.append(new_person(w, first.city, first.home, first.address, names.relative(w.rng, first.name) if related else None))
        label = share_at_home(w, kind, members)
        accounts = [open_account(w, p, role="pro" if kind == "seasonal" and w.chance(0.7) else None) for p in members]
        if size > 1:
            w.note(label, accounts)
        for account in accounts:
            changes(w, account)
            if w.chance(s["second"]):
                second_account(w, account)


def share_at_home(w, kind, members):
    """Returns the ordinary reason, the most telling one first."""
    first, label = members[0], {"flatmates": "flatmates", "seasonal": "seasonal workers' house"}.get(kind, "household")
    if kind in ("couple", "family") and w.chance(0.4):
        tablet, label = (w.device(app=w.chance(0.6), portable=False), 0.6), "family tablet"
        for member in members:
            member.kit["devs"] = [*member.kit["devs"], tablet]
    if kind == "couple":
        for thing, chance in (
            ("card", 0.28),
            ("bank", 0.2),
            ("phone", 0.06),
            ("email", 0.07),
        ):  # joint card, joint account, one line, one box
            if w.chance(chance):
                members[1].kit[thing] = first.kit[thing]
                label = {"card": "couple's card", "bank": "couple's bank account"}.get(thing, label)
    if kind == "family" and w.chance(0.2):
        line = w.phone(first.city, "landline")
        for member in members[:2]:
            member.kit["phone"] = line
    if kind == "seasonal":
        foreman = w.card(CITIES[first.city][0], "prepaid")
        pc = (w.device(app=False, portable=False), 0.3)
        for member in members[1:]:
            if w.chance(0.15):
                member.kit["card"] = foreman
            if w.chance(0.25):
                member.kit["devs"] = [*member.kit["devs"], pc]
    return label


def second_account(w, account):
    """Forgot the password, moved from customer to pro, or a merged duplicate: honest, and the same person."""
    person, kit = account.person, dict(account.person.kit)
    created = min(722.0, account.created + float(w.rng.lognormal(4.6, 1.1)))
    roll = w.rng.random()
    kit["email"] = variant(w, kit["email"]) if roll < 0.25 else email(w, person) if roll < 0.85 else kit["email"]
    if roll < 0.85 and w.chance(0.35):
        kit["phone"] = w.phone(person.city)
    else:
        kit["all"] = True
    if w.chance(0.45):
        kit["card"] = w.card(CITIES[person.city][0])
    if w.chance(0.5):
        kit["devs"] = [(w.device(), 1.0)]
    other = open_account(w, person, created, "pro" if account.role == "customer" and w.chance(0.35) else account.role, kit)
    if w.chance(0.4):  # the first falls asleep
        account.end(min(account.until, created + 10))
    if w.chance(0.08):
        account.status, account.merged_into = "merged", other.id


def strangers(w, n, role=None, city=None):
    """Innocent accounts of different people, for a shared place."""
    pool = [a for a in w.innocent if (role is None or a.role == role) and (city is None or a.person.city == city)]
    take = w.rng.permutation(len(pool))[:n]
    out = {}
    for i in take:
        out.setdefault(pool[i].person.id, pool[i])
    return list(out.values())
