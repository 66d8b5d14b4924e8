"""Places and things that people share for reasons that have nothing to do with abuse."""

from benchmarks.quality.outsiders.people import strangers
from benchmarks.quality.outsiders.world import CITIES


def times(w, per_thousand):
    return int(w.rng.poisson(per_thousand * w.s["groups"] * w.size / 1000))


def shared_places(w):
    w.innocent = [a for a in w.accounts if a.status == "active"]
    for step in (offices, firms, pro_helpers, public_places, churches_and_relatives, hand_downs, small_quirks):
        step(w)


def offices(w):
    for _ in range(times(w, 4)):
        city, pc = w.pick(w.cities), w.device(app=False, portable=False)
        net, team = w.site_net("business", city, reason="office"), strangers(w, int(w.rng.integers(2, 7)), None, city)
        for a in team:
            a.add("net", net, weight=0.7)
            if w.chance(0.25):
                a.add("dev", pc, weight=0.3)
        w.note("small office", team)
    for _ in range(times(w, 0.8)):
        city = w.pick(w.cities)
        net, desk = w.site_net("business", city, 2, "co-working"), w.address(city, "Suite 200")
        team = strangers(w, int(w.rng.integers(6, 25)), None, city)
        for a in team:
            a.add("net", net, weight=0.6)
            if w.chance(0.5):
                a.add("addr", desk, note="business")
        w.note("co-working", team)


def firms(w):
    """Franchises, employees under one licence, a company card in several hands."""
    for _ in range(times(w, 2.5)):
        city, licence = w.pick(w.cities), f"C{w.pick([10, 33, 36, 39])}-{w.digits(6)}"
        line, depot, card = w.phone(city, "landline"), w.address(city, "Ste 5"), w.card(CITIES[city][0], "credit")
        bank, net = w.bank(CITIES[city][0]), w.site_net("business", city, reason="depot")
        team = strangers(w, int(w.rng.integers(2, 7)), "pro", city)
        business, payroll = w.token("b", 8), w.chance(0.35)
        for a in team:
            a.business, a.licence = business, licence
            for chance, kind, thing in ((0.5, "phone", line), (0.8, "addr", depot), (0.4, "card", card), (0.5, "net", net)):
                if w.chance(chance):
                    a.add(kind, thing, note="business", weight=0.6)
            if payroll:
                a.add("bank", bank)
        w.note("employees under one licence", team)
    for _ in range(times(w, 0.5)):
        name, licence = (
            f"{w.pick(['Mighty', 'Sunny', 'Merry', 'Green'])} {w.pick(['Maids', 'Movers', 'Lawn', 'Rooter'])}",
            "F" + w.digits(7),
        )
        team = strangers(w, int(w.rng.integers(3, 9)), "pro")
        for a in team:
            a.name = {"origin": "us", "given": [name], "family": ["of " + a.person.city]}
            a.licence = licence
            a.add("email", f"info@{name.replace(' ', '').lower()}.com", note="verified") if w.chance(0.4) else None
        w.note("franchise", team)
    for _ in range(times(w, 1.5)):
        team, card = strangers(w, int(w.rng.integers(2, 4)), "customer"), w.card("US", "credit")
        for a in team:
            a.add("card", card)
        w.note("shared company card", team)


def pro_helpers(w):
    """Agencies who run profiles, mail agents, the shop that sells the phone and sets up the account, call centres."""
    for _ in range(times(w, 0.5)):
        pc, net, line = (
            w.device(app=False, portable=False),
            w.site_net("business", w.pick(w.cities), reason="agency"),
            w.phone(w.pick(w.cities), "voip"),
        )
        team = strangers(w, int(w.rng.integers(4, 13)), "pro")
        for a in team:
            a.add("net", net, weight=0.8)
            a.add("dev", pc, weight=0.5)
            if w.chance(0.3):
                a.add("phone", line)
        w.note("agency", team)
    for _ in range(times(w, 0.6)):
        city = w.pick(w.cities)
        team, base = strangers(w, int(w.rng.integers(3, 15)), None, city), w.address(city, "PMB 7", True)
        for a in team:
            a.add("addr", base, note="mailing")
        w.note("mail agent", team)
    for _ in range(times(w, 0.7)):
        city = w.pick(w.cities)
        shop, net = w.device(app=True), w.site_net("business", city, reason="phone shop")
        team = strangers(w, int(w.rng.integers(3, 12)), None, city)
        for a in team:
            a.add("dev", shop, a.created, a.created + 0.2, 6)
            a.add("net", net, a.created, a.created + 0.2, 6)
        w.note("phone shop", team)
    for _ in range(times(w, 0.3)):
        team, line = strangers(w, int(w.rng.integers(5, 30))), w.phone(w.pick(w.cities), "tollfree" if w.chance(0.4) else "landline")
        for a in team:
            a.add("phone", line)
        w.note("call-centre phone", team)


def public_places(w):
    for city in w.cities:
        cafe = w.site_net("business", city, 1, "public Wi-Fi")
        for a in strangers(w, int(w.size * 0.01 / len(w.cities)) + 3, None, city):
            when = w.between(a.created, a.until)
            a.add("net", cafe, when, when + 30, 0.5)
    city = w.cities[0]
    net, dorms = w.site_net("education", city, 4, "campus"), [w.address(city, "") for _ in range(3)]
    halls = [w.site_net("education", city, 1, "dorm") for _ in range(max(1, int(w.s["campus"] * w.size / 60)))]
    for a in strangers(w, int(w.s["campus"] * w.size), None, city):
        a.add("net", net, weight=1.2)
        if w.chance(0.4):
            a.add("net", w.pick(halls), weight=1.0)
            a.add("addr", w.pick(dorms), weight=1.0)
        if w.chance(0.15):
            a.add("email", f"{w.token('s', 7)}@student.edu", note="verified")
    library = w.device(app=False, portable=False)
    team = strangers(w, int(4 + w.size * 0.002), None, city)
    for a in team:
        when = w.between(a.created, a.until)
        a.add("dev", library, when, when + 40, 0.8)
        a.add("net", net, when, when + 40, 0.8)
    w.note("library computer", team)


def churches_and_relatives(w):
    for _ in range(times(w, 0.4)):
        city = w.pick(w.cities)
        team, hall = strangers(w, int(w.rng.integers(5, 16)), None, city), w.address(city, "")
        net, line = w.site_net("business", city, reason="church"), w.phone(city, "landline")
        for a in team:
            a.add("net", net, weight=0.3)
            if w.chance(0.2):
                a.add("phone", line)
            if w.chance(0.3):
                a.add("addr", hall, note="service")
            if a is not team[0] and w.chance(0.3):
                a.referrer = team[0].id
        w.note("church", team)
    for _ in range(times(w, 2.5)):
        pair = strangers(w, 2)
        if len(pair) == 2:
            card = w.card(CITIES[pair[0].person.city][0])
            for a in pair:
                a.add("card", card)
            w.note("relative's card", pair)


def hand_downs(w):
    """Recycled numbers (trade figure: 3-5 % of phone rows a year, gap of 45 days or more) and used handsets."""
    olds = [(a, u) for a in w.innocent for u in a.uses.get("phone", ()) if u.last < 600 and u.thing.line == "mobile"]
    news = {}
    for i in w.rng.permutation(len(olds))[: max(3, int(w.size * 0.03))]:
        a, use = olds[i]
        ready = use.last + 45 + w.between(0, 45)
        if not news:
            for b in w.innocent:
                news.setdefault(b.person.city, []).append(b)
        b = w.pick(news.get(a.person.city, w.innocent))
        if b.person is not a.person and b.until > ready:
            b.add("phone", use.thing, max(ready, b.created), note=use.note)
            w.note("recycled phone", [a, b])
    used = [
        (a, u) for a in w.innocent for u in a.uses["dev"] if u.last < min(a.until, 700) and u.thing.portable and u.thing.kind == "install"
    ]
    for i in w.rng.permutation(len(used))[: max(2, int(w.size * 0.03))]:
        a, use = used[i]
        b = w.pick(w.innocent)
        start = use.last + w.between(3, 40)
        if b.person is not a.person and b.until > start + 5:
            b.add("dev", use.thing, start, weight=1.5)
            w.note("resold device", [a, b])


def small_quirks(w):
    """Past tenants, assistants, and namesakes with one birth year."""
    for a in strangers(w, int(w.size * 0.05)):  # friends invite friends
        a.referrer = w.pick(w.innocent).id
    for _ in range(times(w, 5)):
        pair = strangers(w, 2, None, w.pick(w.cities))
        homes = [a.uses["addr"][0] for a in pair if a.uses.get("addr")]
        if len(homes) == 2:
            pair[1].add("addr", homes[0].thing, homes[0].last if homes[0].last < pair[1].until - 5 else None)
            w.note("past tenant", pair)
    for _ in range(times(w, 1.5)):
        pair = strangers(w, 2, "customer")
        if len(pair) == 2:
            boss, helper = pair
            for kind in ("card", "addr"):
                if boss.uses.get(kind):
                    helper.add(kind, boss.uses[kind][0].thing)
            w.note("personal assistant", pair)
    for _ in range(times(w, 1.5)):
        pair = strangers(w, 2)
        if len(pair) == 2:
            pair[1].name = pair[1].person.name = pair[0].person.name
            pair[1].person.born = pair[0].person.born
            w.note("namesake", pair)
