"""The answer: who holds what, and which innocent pairs share something."""

from itertools import combinations

import pandas as pd

from benchmarks.quality.outsiders.world import CITIES

NET_REASONS = {
    "mobile": "carrier address (CGNAT)",
    "relay_vpn": "VPN exit",
    "hosting": "hosting exit",
    "residential": "dynamic address reassigned",
}
ALWAYS = {"namesake"}  # shares a name and a birth year, no identifier


def truth_table(w):
    rows = [(a.id, a.person.id, bool(a.person.abuser), a.ring, CITIES[a.person.city][0]) for a in w.accounts]
    return pd.DataFrame(rows, columns=["account_id", "person_id", "abuser", "ring", "country"]).sort_values("account_id", ignore_index=True)


def holdings(w, logins):
    """Clean values by account, only of what this export shows."""
    gone, columns = set(w.s["drop_tables"]), set(w.s["drop_columns"])
    kinds = [
        k
        for k, t in {"phone": "phones", "email": "emails", "card": "instruments", "bank": "payout_accounts", "addr": "addresses"}.items()
        if t not in gone
    ]
    held = {a.id: {(k, id(u.thing) if k != "email" else u.thing) for k in kinds for u in a.uses.get(k, ())} for a in w.accounts}
    if "pro_profiles" not in gone:
        for a in w.accounts:
            if a.licence:
                held[a.id].add(("licence", a.licence))
    for kind, column in (("ip", "ip"), ("dev", "device_id")):
        if "logins" in gone or f"logins.{column}" in columns:
            continue
        pairs = logins[["account_id", column]].dropna().drop_duplicates()
        for account, value in pairs.itertuples(index=False, name=None):
            held[account].add((kind, value))
    return held


def innocent_pairs(w, logins):
    held, rng, out = holdings(w, logins), w.rng, []
    for reason, group in w.groups:
        pairs = list(combinations([a for a in dict.fromkeys(group) if not a.person.abuser], 2))
        if len(pairs) > 120:
            pairs = [pairs[i] for i in rng.permutation(len(pairs))[:120]]
        out += [(a.id, b.id, reason) for a, b in pairs if a.person is not b.person and (reason in ALWAYS or held[a.id] & held[b.id])]
    if not {"logins"} & set(w.s["drop_tables"]):
        out += network_pairs(w, logins)
    frame = pd.DataFrame([(min(a, b), max(a, b), r) for a, b, r in out], columns=["account_a", "account_b", "reason"])
    return frame.drop_duplicates(["account_a", "account_b"]).reset_index(drop=True)


def network_pairs(w, logins):
    """Strangers behind one address: a few per address, a bounded number per reason."""
    rng, cap = w.rng, max(30, int(0.12 * w.size))
    rows = pd.DataFrame({"ip": logins["ip"].to_numpy(), "a": w.login_account, "net": w.login_net}).drop_duplicates(["ip", "a"])
    rows = rows[rows.groupby("ip")["a"].transform("size") > 1]
    found = {}  # reason -> pairs
    for _, part in rows.groupby("ip", sort=True):
        numbers, net = part["a"].to_numpy(), w.nets[int(part["net"].iloc[0])]
        reason = net["reason"] or NET_REASONS.get(net["kind"], net["kind"])
        for _ in range(3 if net["kind"] in ("mobile", "relay_vpn", "hosting") or net["mode"] == "lease" else 80):
            a, b = (w.accounts[i] for i in rng.choice(numbers, 2, replace=False))
            if a.person is not b.person and not a.person.abuser and not b.person.abuser and a.person.home != b.person.home:
                found.setdefault(reason, []).append((a.id, b.id, reason))
    out = []
    for told in found.values():
        pairs = sorted(set(told))
        out += [pairs[i] for i in sorted(rng.permutation(len(pairs))[:cap])]
    return out
