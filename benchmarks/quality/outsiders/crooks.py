"""People who break rules, story by story.  A ring = all accounts of one abuser or of one crew.

Habits are a trade's, not a table's: most evaders are lazy once, a few leave a single weak thing; farms rotate what is cheap
(numbers, mailboxes) and reuse what is dear (handsets, bank accounts, a home line when the VPN drops).
"""

from benchmarks.quality.outsiders import names
from benchmarks.quality.outsiders.people import TRADES, email, new_person, open_account, replace, variant
from benchmarks.quality.outsiders.world import CITIES, END

SIZES = {
    "comeback": (2, 2, 2, 2, 3, 3, 4),
    "farm": (5, 6, 8, 9, 11, 14),
    "chain": (3, 3, 4, 5, 6),
    "reviews": (5, 6, 8, 10, 13),
    "leads": (2, 3, 3, 4, 6),
    "refunds": (2, 2, 3, 4, 5),
    "rented": (2, 2, 3),
    "mules": (3, 4, 5, 6, 8),
    "testers": (3, 4, 6, 9),
    "crew": (4, 6, 8, 10),
}
# what an evader brings along, at care 0 (an estimate: machines and money are kept, numbers are not)
KEEP = {"dev": 0.75, "home": 0.85, "card": 0.5, "bank": 0.65, "addr": 0.45, "phone": 0.3, "email": 0.12, "name": 0.5}

# the last thing kept is mostly one the export can show: what no table holds would never have been labelled
HIDES = {"dev": ("devices", "logins.device_id"), "addr": ("addresses",), "bank": ("payout_accounts",)}


def unseen(w):
    return {k for k, t in HIDES.items() if set(t) & {*w.s["drop_tables"], *w.s["drop_columns"]}}


def plan(w):
    """Draw stories until the market has its abusers; one farm of 30-40 in a market of 2,500 or more (trade figure)."""
    out, people, want = [], 0, max(1, round(w.size / w.s["abuser_every"]))
    if w.size >= 2500 and w.s["big_farm"]:
        out, people = [("farm", int(w.rng.integers(30, 41)))], 1
    while people < want:
        story = w.weighted(w.s["stories"])
        size = w.pick(SIZES[story])
        out.append((story, size))
        people += {"mules": size, "crew": max(2, size // 3), "reviews": 3}.get(story, 1)
    return out


def villains(w, plans):
    for i, (story, size) in enumerate(plans):
        care = min(1.0, max(0.0, w.s["care"] + float(w.rng.normal(0, 0.2))))
        ring = f"{story}-{i:03d}"
        before = len(w.accounts)
        STORIES[story](w, size, care)
        for account in w.accounts[before:]:
            if account.person.abuser:
                account.ring, account.story = ring, story
                sanction(w, account)


def crook(w, city=None):
    """One in five lives with an innocent person of the market: same line, same door."""
    host = w.pick(w.innocent) if w.chance(0.2) else None
    if host:
        person = new_person(w, host.person.city, host.person.home, host.person.address, names.relative(w.rng, host.person.name))
    else:
        person = new_person(w, city)
    person.abuser = True
    return person


def fresh(w, person, care, role="customer"):
    """A new disguise: burner number, throwaway mailbox, prepaid card, another browser, a VPN or a pocket carrier."""
    country = CITIES[person.city][0]
    domain = w.weighted(
        {"gmail.com": 60, "outlook.com": 14, "proton.me": 8, "mailinator.com": 5, "tempmail.dev": 4, "privaterelay.appleid.com": 6}
    )
    nets = [(w.pick(w.vpns), 2.0 if care > 0.3 else 1.0)] if w.chance(0.45 + 0.4 * care) else []
    nets.append((person.carrier if w.chance(0.7) else w.pick(w.carriers[person.city]), 1.0))
    if w.chance(0.1):
        nets.append((w.pick(w.hosts), 0.5))
    if w.chance(0.15 + 0.2 * care):  # a residential proxy: some stranger's line
        nets.append((w.home_net(person.city), 1.0))
    kit = {
        "phone": w.phone(person.city, "voip" if w.chance(0.55) else "mobile"),
        "card": w.card(country, "prepaid" if w.chance(0.5) else None),
        "bank": w.bank(country),
        "devs": [(w.device(emulator=w.chance(0.08)), 1.0)],
        "nets": nets,
        "addr": w.address(person.city, mail_agent=w.chance(0.2)) if role == "pro" or w.chance(0.4) else None,
        "name": names.draw(w.rng, country, w.s["origins"]),
    }
    alias = person.__class__(person.id, person.city, kit["name"], person.born, person.home, None, person.carrier)
    kit["email"] = email(w, alias).split("@")[0] + str(w.rng.integers(10, 999)) + "@" + domain
    return kit


def bring(w, kit, kept, source, person):
    """Put what was kept into the disguise; home means a slip of the VPN or plain laziness."""
    if kept == "home":
        kit["nets"] = [*kit["nets"], (person.home, w.pick([0.15, 0.4, 1.0]))]
    elif kept == "dev":
        kit["devs"] = [*(kit["devs"] if w.chance(0.3) else []), source["devs"][0]]
    elif kept == "email":
        kit["email"] = variant(w, source["email"])
    else:
        kit[kept] = source[kept]
        kit["all"] = True


def choose(w, care, role, menu=None):
    """Things kept at this care: each by its own chance, never none."""
    keep = dict(KEEP) if menu is None else {k: KEEP[k] for k in menu}
    if role != "pro":
        keep.pop("bank", None)
    keep = {k: keep[k] for k in sorted(keep, key=lambda k: w.rng.random() / KEEP[k])}  # the dearest mostly first
    kept = [k for k, p in keep.items() if w.chance(p * (1 - care) ** 1.3)]
    solid = [k for k in kept if k != "name"]
    hidden = unseen(w) if w.chance(0.75) else set()
    return kept if solid else [*kept, w.weighted({k: v for k, v in keep.items() if k not in hidden | {"name"}})]


def again(w, person, source, care, role, created, **more):
    """Another account of one crook.  Habits are the person's: most keep the same thing each time, the patient think anew."""
    kit, habits = fresh(w, person, care, role), person.kit.setdefault("habits", {})
    habit = habits.setdefault(role, choose(w, care, role)) if care < 0.75 or w.chance(0.4) else choose(w, care, role)
    for kept in [k for i, k in enumerate(habit) if i == 0 or w.chance(0.75)]:
        if source.get(kept) is not None or kept in ("home", "dev"):
            bring(w, kit, kept, source, person)
    return open_account(w, person, created, role, {**kit, **more}), kit


def sanction(w, account):
    if account.status == "active" and account.closed != account.closed and w.chance(0.35):
        account.status = w.pick(["removed", "removed", "suspended", "restricted"])
        account.end(min(account.until, END - w.between(0, 60)))
        account.closed = account.until


def removed(account, day):
    account.end(day)
    account.status, account.closed = "removed", account.until


# --- stories
def comeback(w, size, care):
    person = crook(w)
    role, day = ("pro" if w.chance(0.6) else "customer"), w.between(w.recent - 60, 600)
    account, trade = open_account(w, person, day, role, {**person.kit, "all": True}, END), w.pick(TRADES)
    account.trade, source = trade, person.kit
    for _i in range(1, size):
        day = min(account.created + w.between(15, 150), 690)
        removed(account, max(day, account.created + 1))
        day = min(day + float(w.rng.lognormal(2.2, 1.0)), 712)  # days to weeks
        account, kit = again(w, person, source, care, role, day)
        account.trade, account.until = trade if w.chance(0.85) else w.pick(TRADES), END
        source = kit if care > 0.6 else source  # the patient only resemble their last self


def farm(w, size, care):
    """Bonus farm: batches on one handset, referral chains, a payout or prepaid card used thrice, bursts of sign-ups."""
    person, start = crook(w), w.between(300, 640)
    phones = [(w.device(emulator=w.chance(0.3)), 1.0) for _ in range(max(1, size // int(w.rng.integers(4, 8))))]
    cards = [w.card("US", "prepaid") for _ in range(max(1, size // 4))]
    box = w.net(
        "mobile",
        21928,
        CITIES[person.city][0],
        person.city,
        w.nets[person.carrier]["base"] + 2000 + int(w.rng.integers(1000)),
        4,
        "account",
        org="T-Mobile",
    )
    vpn, home, prior = w.pick([box, box, w.pick(w.vpns)]), w.chance(1.15 - care), None
    for i in range(size):
        kit = fresh(w, person, care)
        kit["devs"] = [phones[i % len(phones) if w.chance(0.8) else int(w.rng.integers(len(phones)))]]
        kit["nets"] = [(vpn, 2.0), (person.carrier, 0.3)] + ([(person.home, 0.25)] if home and w.chance(0.75) else [])
        if w.chance(0.55):
            kit["card"], kit["all"] = w.pick(cards), True
        account = open_account(w, person, min(start + w.between(0, 45), 715), "customer", kit)
        account.referrer = prior.id if prior and w.chance(0.7) else ""
        prior = account if prior is None or w.chance(0.5) else prior


def chain(w, size, _care):
    """Neighbours share one weak thing each, and never the same thing twice running: A-B phone, B-C card, C-D line."""
    person, day = crook(w), w.between(w.recent - 60, 540)
    kit, last = fresh(w, person, 0.9), ""
    kit["nets"], kit["all"] = [(n, x) for n, x in kit["nets"]], True
    role = "pro" if w.chance(0.5) else "customer"
    open_account(w, person, day, role, kit)
    for _ in range(size - 1):
        day = min(day + w.between(5, 70), 712)
        new = fresh(w, person, 0.9)
        kept = w.pick(
            [k for k in ("phone", "card", "line", "dev", "addr", "bank" if role == "pro" else "email") if k != last and k not in unseen(w)]
        )
        if kept == "line":
            own = w.home_net(person.city)
            w.accounts[-1].add("net", own, weight=1.0)
            new["nets"] = [*new["nets"], (own, 1.0)]
        elif kit.get(kept) is None and kept == "addr":
            new["card"], kept = kit["card"], "card"
        else:
            bring(w, new, kept, kit, person)
        new["all"] = True
        open_account(w, person, day, role, new)
        kit, last = new, kept


def reviews(w, size, care):
    """A seller with a stable of customers, and two pros who buy: the buyers are other people of the same crew."""
    seller, start = crook(w), w.between(200, 620)
    phones = [(w.device(), 1.0) for _ in range(max(1, size // 6))]
    gift = w.card(CITIES[seller.city][0], "prepaid")  # one gift card pays the small jobs
    for i in range(size - 2):
        kit = fresh(w, seller, care)
        if w.chance(0.5):
            kit["card"], kit["all"] = gift, True
        if w.chance(0.85):
            kit["devs"] = [phones[i % len(phones)]]
        if w.chance(0.8 * (1 - care) + 0.2):
            kit["nets"] = [*kit["nets"], (seller.home, 1.0)]
        open_account(w, seller, min(start + w.between(0, 90), 715), "customer", kit, END)
    for _ in range(2):
        buyer = crook(w, seller.city)
        open_account(w, buyer, None, "pro", None, END)


def leads(w, size, care):
    """A pro who sends fake requests to the competition, sometimes from the office machine."""
    person = crook(w)
    open_account(w, person, w.between(-100, 500), "pro", {**person.kit, "all": True}, END)
    for _ in range(size - 1):
        again(w, person, person.kit, care, "customer", w.between(300, 710))


def refunds(w, size, care):
    person, day = crook(w), w.between(w.recent - 60, 560)
    for _ in range(size):
        again(w, person, person.kit, care, "customer", min(day, 712))
        day += w.between(8, 60)


def rented(w, size, care):
    """A banned operator works under vetted people's accounts: their name, licence and first phone; his handset, hours and money.

    The person who holds the account is the operator (link the operator, not only the owner).
    """
    person = crook(w)
    day = w.between(w.recent, 600)
    old = open_account(w, person, day - 100, "pro", {**person.kit, "all": True}, END)
    removed(old, day)
    for _ in range(size - 1):
        day = min(day + w.between(5, 60), 690)
        owner = new_person(w, person.city)
        owner.kit["all"] = True
        account = open_account(w, owner, day - w.between(30, 300), "pro", None, END)
        owner.accounts.remove(account)
        account.person = person
        person.accounts.append(account)
        account.licence = "L" + w.digits(6)
        replace(account, "dev", person.kit["devs"][0] if w.chance(0.9 - 0.4 * care) else (w.device(), 1.0), day)
        replace(account, "net", (person.home if w.chance(0.9 - 0.5 * care) else w.home_net(person.city), 1.0), day)
        account.add("net", person.carrier, day, weight=1.0)
        if w.chance(0.6):
            replace(account, "bank", (person.kit["bank"], 1.0), day + w.between(0, 9))


def mules(w, size, care):
    """Different people paid into one bank account; each is a person, the crew is the ring; one recruiter holds two."""
    head, bank = crook(w), None
    bank = head.kit["bank"]
    for i in range(size - 1):
        person = head if i == 0 else crook(w, head.city if w.chance(0.6) else None)
        open_account(w, person, w.between(200, 690), "pro", {**person.kit, "bank": bank, "all": True})
    again(w, head, {**head.kit, "bank": bank}, min(care, 0.5), "pro", w.between(300, 700), bank=bank)


def testers(w, size, care):
    """Card testing: one browser, many stolen cards; one true cardholder is in the market and innocent."""
    person, day = crook(w), w.between(330, 700)
    stolen = w.card(CITIES[person.city][0], "credit")
    victim = next((a for a in w.innocent if a.uses.get("card") and w.chance(0.02)), None)
    browser, server = (
        (w.device(app=False, portable=False), 1.0),
        w.net("hosting", 14061, "US", "", (167 << 24) + (99 << 16) + 5000 + int(w.rng.integers(50000)), 2, "account"),
    )
    for i in range(size):
        kit = fresh(w, person, care)
        kit["devs"] = [browser] if w.chance(0.9) else kit["devs"]
        if w.chance(0.6):
            kit["nets"] = [*kit["nets"][:1], (server, 1.5)]
        kit["all"] = True
        account = open_account(w, person, min(day + w.between(0, 6), 716), "customer", kit, min(day + 25, END))
        for _ in range(int(w.rng.integers(0, 3))):
            account.add("card", w.card(CITIES[person.city][0]))
        if w.chance(0.7):  # a stolen number is tried more than once
            account.add("card", stolen)
        if i == 0 and victim:
            account.add("card", victim.uses["card"][0].thing)


def crew(w, size, care):
    """A deposit-scam crew: two to four people, a flat, handsets passed around, one or two bank accounts."""
    head = crook(w)
    members = [head] + [new_person(w, head.city, head.home if w.chance(0.5) else None) for _ in range(max(1, size // 3 - 1))]
    for member in members:
        member.abuser = True
    pool = [m.kit["devs"][0] for m in members]
    for i in range(size):
        person = members[i % len(members)]
        kit = fresh(w, person, care, "pro")
        for kept in choose(w, care, "pro", ("dev", "home", "card", "phone", "addr")):
            bring(w, kit, kept, person.kit, person)
        kit["bank"], kit["all"] = (head if w.chance(0.7) else person).kit["bank"], True
        if w.chance(0.25):
            kit["devs"] = [*kit["devs"], w.pick(pool)]
        open_account(w, person, w.between(250, 700), "pro", kit)


STORIES = {
    "comeback": comeback,
    "farm": farm,
    "chain": chain,
    "reviews": reviews,
    "leads": leads,
    "refunds": refunds,
    "rented": rented,
    "mules": mules,
    "testers": testers,
    "crew": crew,
}


def takeovers(w):
    """Innocent accounts entered by a crook: his handset and exit appear in the last weeks (trade figure: 0.2 %)."""
    bad = [a for a in w.accounts if a.ring and a.uses.get("dev")]
    for _ in range(int(w.rng.poisson(w.s["takeover"] * w.size))):
        a, thief = w.pick(w.innocent), w.pick(bad) if bad else None
        if thief is None or a.until < 500 or a.ring:
            continue
        a.taken = a.until - w.between(2, 20)
        a.add("dev", thief.uses["dev"][0].thing, a.taken, weight=4)
        a.add("net", w.pick(w.vpns), a.taken, weight=4)
        if w.chance(0.45):  # trade figure: 45 % with phone change
            a.add("phone", w.phone(a.person.city, "voip"), a.taken, note="verified")
