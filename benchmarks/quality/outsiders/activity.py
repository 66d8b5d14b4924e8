"""What accounts do: logins, jobs, messages, as flat tables (times are days until `dirt`)."""

import numpy as np
import pandas as pd

from benchmarks.quality.outsiders.world import CITIES, END

U64 = np.uint64


def mix(*parts):
    """A stable hash of integers (splitmix64), so that an address is a function of line and day."""
    out = U64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        for p in parts:
            out = (np.asarray(p).astype(np.int64).astype(U64) + out) * U64(0xBF58476D1CE4E5B9)
            out = (out ^ (out >> U64(27))) * U64(0x94D049BB133111EB)
            out = out ^ (out >> U64(31))
    return out


def logins(w):
    """Sessions over months: each account picks among its lines and machines that are alive on the day."""
    rng, begin = w.rng, END - w.s["login_days"]
    parts, devices = [], {}
    for n, a in enumerate(w.accounts):
        low, high = max(a.created, begin), a.until
        if high <= low or a.created > END:
            continue
        busy = (34 if a.role == "pro" else 13) * w.s["logins"] * min(1.5, 0.25 + (high - low) / 250)
        k = max(2, int(rng.gamma(1.6, busy / 1.6)))
        days = np.sort(low + rng.random(k) ** (1.3 if a.ring else 1.0) * (high - low))
        days = np.floor(days) + ((a.person.hour + rng.normal(0, 3, k) - CITIES[a.person.city][5]) / 24) % 1
        days = np.clip(days, low, high)
        if a.created >= begin:
            days[0] = a.created + 0.002
        net, dev = alive(rng, a.uses["net"], days), alive(rng, a.uses["dev"], days)
        for u in a.uses["dev"]:
            devices.setdefault(u.thing.id, (len(devices), u.thing))
        code = np.array([devices[u.thing.id][0] for u in a.uses["dev"]] + [-1])
        parts.append((np.full(k, n), days, np.array([u.thing for u in a.uses["net"]] + [a.person.carrier])[net], code[dev]))
    account, at, net, dev = (np.concatenate(x) for x in zip(*parts, strict=True))
    return finish_logins(w, account, at, net, dev, [d for _, d in devices.values()])


def alive(rng, uses, days):
    """Index of the use chosen for each day, by weight among those in their window; -1 when none is."""
    first, last, weight = (np.array([getattr(u, f) for u in uses]) for f in ("first", "last", "weight"))
    live = ((days[:, None] >= first - 0.01) & (days[:, None] <= last + 0.01)) * weight
    total = live.sum(1)
    chosen = (live.cumsum(1) <= (rng.random(len(days)) * total)[:, None]).sum(1)
    return np.where(total > 0, np.minimum(chosen, len(uses) - 1), -1)


def addresses_of(w, account, at, net, dev):
    """The address seen: dynamic lines by lease, carriers and VPNs by account and hour, sites fixed; some homes on IPv6."""
    nets = pd.DataFrame(w.nets)
    mode, lease, base, span = (nets[c].to_numpy()[net] for c in ("mode", "lease", "base", "span"))
    bucket = np.where(mode == "lease", np.floor((at + net % 97) / lease), np.where(mode == "account", account * 4000 + np.floor(at * 3), 0))
    offset = np.where(mode == "static", 0, (mix(net, bucket) % span.astype(U64)).astype(np.int64))
    v4 = base.astype(np.int64) + offset + 1
    six = nets["v6"].to_numpy()[net] & (mix(net, account, np.floor(at * 24)) % U64(2) == 0)
    text = [f"{v >> 24}.{v >> 16 & 255}.{v >> 8 & 255}.{v & 255}" for v in v4.tolist()]
    for i in np.flatnonzero(six):
        line, host = int(mix(net[i], np.floor((at[i] + net[i] % 97) / max(lease[i], 30)))), int(mix(account[i], dev[i], np.floor(at[i])))
        groups = [line & 0xFFF, *(line >> n & 0xFFFF for n in (12, 28)), *(host >> n & 0xFFFF for n in (0, 16, 32, 48))]
        text[i] = "2601:" + ":".join(f"{group:x}" for group in groups)
    return np.array(text, object), nets


def finish_logins(w, account, at, net, dev, devices):
    rng, n = w.rng, len(at)
    ip, nets = addresses_of(w, account, at, net, dev)
    ids = np.array([a.id for a in w.accounts], object)
    dev_ids = np.array([d.id for d in devices] + [None], object)
    agents = np.array([d.agent for d in devices] + ["Mozilla/5.0"], object)
    kind = nets["kind"].to_numpy()[net].copy()
    kind[rng.random(n) < 0.04] = "unknown"
    frame = pd.DataFrame(
        {
            "login_id": ["lg" + str(i) for i in rng.permutation(n) + 10**7],
            "account_id": ids[account],
            "at": at,
            "ip": ip,
            "asn": nets["asn"].to_numpy()[net],
            "asn_kind": kind,
            "geo_country": nets["country"].to_numpy()[net],
            "geo_city": nets["city"].to_numpy()[net],
            "geo_radius_km": rng.choice([5, 10, 20, 50, 100, 500], n),
            "user_agent": agents[dev],
            "device_id": np.where(rng.random(n) < 0.05, None, dev_ids[dev]),
            "session_id": ["s" + format(v, "x") for v in rng.integers(0, 2**48, n)],
            "outcome": rng.choice(["ok", "bad_password", "mfa_fail", "reset", "locked"], n, p=[0.925, 0.05, 0.01, 0.012, 0.003]),
        }
    )
    w.login_net, w.login_account = net, account
    used = frame.groupby("device_id")["at"].agg(["min", "max"])
    by_id = {d.id: d for d in devices}
    rows = [
        {
            "device_id": i,
            "kind": by_id[i].kind,
            "algo_version": ("v3" if hi > 500 else "v2"),
            "platform": by_id[i].platform,
            "model": by_id[i].model,
            "first_seen": lo,
            "last_seen": hi,
            "emulator": by_id[i].emulator,
        }
        for i, lo, hi in used.itertuples()
    ]
    return frame, pd.DataFrame(rows)


def job_list(w):
    """(customer, pro, day, nature) by number in w.accounts: honest demand by town, then what the stories need."""
    rng, out = w.rng, []
    number = {id(a): i for i, a in enumerate(w.accounts)}
    for city in w.cities:
        here = [(i, a) for i, a in enumerate(w.accounts) if a.person.city == city]
        pros = [(i, a) for i, a in here if a.role in ("pro", "both")]
        if not pros:
            continue
        fame = rng.pareto(1.3, len(pros)) + 0.2
        fame /= fame.sum()
        for i, a in here:
            if a.role == "pro" and not w.chance(0.06):
                continue
            for _ in range(int(rng.poisson(0.4 if a.ring else 1.9))):
                day, lead = w.between(a.created, a.until), w.token("rq", 10)
                asked = [pros[p] for p in set(rng.choice(len(pros), int(rng.integers(1, 5)), p=fame).tolist())]
                out += [(i, p, day, "honest", lead) for p, b in asked if b.created < day <= b.until and b.person is not a.person]
    rings = {}
    for a in w.accounts:
        rings.setdefault(a.ring, []).append(a)
    rings.pop("", None)
    for ring in rings.values():
        out.extend(ring_jobs(w, ring, number))
    return out


def ring_jobs(w, ring, number):
    story = ring[0].story
    pros, customers = [a for a in ring if a.role == "pro"], [a for a in ring if a.role == "customer"]
    rivals = [a for a in w.innocent if a.role == "pro" and a.person.city == ring[0].person.city] or w.innocent
    plan = {
        "reviews": (pros, "wash", 2),
        "leads": (rivals, "fake", 6),
        "refunds": (rivals, "refund", 3),
        "farm": (pros or rivals, "bonus", 1),
        "testers": (rivals, "refund", 1),
        "comeback": (rivals, "refund", 2),
        "chain": (rivals, "fake", 2),
    }
    if story in plan and plan[story][0]:
        pool, nature, most = plan[story]
        for a in customers:
            for _ in range(int(w.rng.integers(1, most + 1))):
                yield (number[id(a)], number[id(w.pick(pool))], w.between(a.created, a.until), nature, w.token("rq", 10))
    clients = [a for a in w.innocent if a.role == "customer" and a.person.city == ring[0].person.city] or w.innocent
    for a in pros:
        for _ in range(int(w.rng.poisson(4))):
            yield (
                number[id(w.pick(clients))],
                number[id(a)],
                w.between(a.created, a.until),
                "scam" if w.chance(0.35) else "honest",
                w.token("rq", 10),
            )


def jobs(w):
    rng = w.rng
    rows = job_list(w)
    cust, pro = (np.array([r[i] for r in rows]) for i in (0, 1))
    day, nature, lead = np.array([r[2] for r in rows]), np.array([r[3] for r in rows], object), [r[4] for r in rows]
    n, people = len(rows), w.accounts
    hired = rng.random(n) < np.select([nature == "honest", nature == "fake", nature == "wash"], [0.36, 0.03, 1.0], 0.85)
    done = hired & (rng.random(n) < np.where(nature == "scam", 0.25, 0.86)) & (day < END - 6)
    off = ~done & (rng.random(n) < 0.35)
    gap = rng.exponential(6, n) + 0.2
    when = np.where(nature == "wash", day + rng.random(n), day + gap)
    nan = np.nan
    cities = [people[i].person.city for i in pro]
    quote = (np.exp(rng.normal(5.2, 0.8, n)) * 100).astype(int) // 500 * 500 + 4000
    address = [next((w.address_ids.get((people[i].id, id(u.thing))) for u in people[i].uses.get("addr", ())), None) for i in cust]
    frame = pd.DataFrame(
        {
            "job_id": ["J" + str(v) for v in rng.permutation(n) + 100000],
            "request_id": lead,
            "customer_account_id": [people[i].id for i in cust],
            "pro_account_id": [people[i].id for i in pro],
            "category": [people[i].trade for i in pro],
            "created_at": day,
            "hired_at": np.where(hired, day + 0.1 * gap, nan),
            "scheduled_for": np.where(hired, when, nan),
            "started_at": np.where(done, when, nan),
            "completed_at": np.where(done, when + rng.random(n) * 0.4, nan),
            "cancelled_at": np.where(off, day + 0.3 * gap, nan),
            "cancelled_by": np.where(off, rng.choice(["customer", "pro", "system"], n), None),
            "status": np.select([done, off, hired], ["completed", "cancelled", "hired"], "lead"),
            "quote_minor": quote,
            "currency": [{"US": "USD", "MX": "MXN", "BR": "BRL", "PT": "EUR"}[CITIES[c][0]] for c in cities],
            "lead_fee_minor": rng.integers(8, 60, n) * 100,
            "lead_credit": rng.random(n) < np.where(nature == "fake", 0.4, 0.03),
            "address_id": address,
            "tz": [CITIES[c][4] for c in cities],
        }
    )
    for c in ("hired_at", "scheduled_for", "started_at", "completed_at", "cancelled_at"):
        frame[c] = np.minimum(frame[c], END + (10 if c == "scheduled_for" else 0))
    return frame, nature, done


TALK = {
    "en": [
        "Hi, are you available Saturday?",
        "Thanks, see you then.",
        "Can you send a quote?",
        "On my way.",
        "Sounds good",
        "Running 15 min late",
    ],
    "es": ["Hola, ¿tiene disponible el sábado?", "Gracias, nos vemos.", "¿Me puede mandar cotización?", "Voy en camino."],
    "pt": ["Oi, tem horário sábado?", "Obrigado, combinado!", "Pode mandar o orçamento?", "Estou a caminho."],
}


def messages(w, job, nature):
    rng = w.rng
    count = rng.poisson(np.where(np.isin(nature, ["wash", "fake", "bonus"]), 0.4, 2.2))
    at = np.repeat(np.arange(len(job)), count)
    n = len(at)
    lang = np.array([{"USD": "en", "MXN": "es", "BRL": "pt", "EUR": "pt"}[c] for c in job["currency"]], object)[at]
    lang[(lang == "en") & (rng.random(n) < 0.16)] = "es"
    sender = np.where(rng.random(n) < 0.5, job["customer_account_id"].to_numpy()[at], job["pro_account_id"].to_numpy()[at])
    return pd.DataFrame(
        {
            "message_id": ["m" + str(i) for i in range(n)],
            "job_id": job["job_id"].to_numpy()[at],
            "sender_account_id": sender,
            "sent_at": np.minimum(job["created_at"].to_numpy()[at] + rng.exponential(1.5, n), END),
            "channel": rng.choice(["in_app", "sms", "call", "email"], n, p=[0.7, 0.2, 0.06, 0.04]),
            "body_redacted": [w.pick(TALK[x]) for x in lang],
            "lang": lang,
            "has_contact": rng.random(n) < 0.05,
            "attachments": rng.poisson(0.1, n),
            "deleted_at": np.where(rng.random(n) < 0.005, END - 1, np.nan),
        }
    )
