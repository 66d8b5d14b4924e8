"""A whole market: people, what they share, those who break rules, and the tables and the truth of it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from benchmarks.quality.outsiders import activity, aftermath, crooks, people, places
from benchmarks.quality.outsiders import tables as account_side
from benchmarks.quality.outsiders import truth as answer
from benchmarks.quality.outsiders.dirt import spoil
from benchmarks.quality.outsiders.shapes import settings
from benchmarks.quality.outsiders.world import World


def make(seed: int, accounts: int, **shape: Any) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    """Make the tables of a market, its truth and its innocents; the same for the same seed, size and shape (`DEFAULT`)."""
    w = World(seed, accounts, settings(**shape))
    populate(w)
    account_side.number_accounts(w)
    clean = assemble(w)
    log = clean["logins"]
    innocents, truth = answer.innocent_pairs(w, log), answer.truth_table(w)
    wanted = {n: t for n, t in clean.items() if n not in w.s["drop_tables"] or n in ("phones", "emails", "instruments", "logins")}
    tables = spoil(w, wanted)
    for column in w.s["drop_columns"]:
        name, field = column.split(".")
        if name in tables:
            tables[name] = tables[name].drop(columns=field)
    return {n: t for n, t in tables.items() if n not in w.s["drop_tables"]}, truth, innocents


def populate(w):
    """Innocents first (crooks pick hosts and victims among them), then their shared places, then the stories, then staff."""
    plans = crooks.plan(w)
    staff = max(2, w.size // 500)
    people.households(w, max(10, w.size - sum(n for _, n in plans) - staff))
    places.shared_places(w)
    crooks.villains(w, plans)
    crooks.takeovers(w)
    prints = {}
    for a in w.accounts:
        for u in a.uses.get("dev", ()):
            if u.thing.kind == "browser_fp":
                prints.setdefault(u.thing.id, []).append(a)
    for group in prints.values():
        w.note("same model, same browser print", group)
    desk = w.site_net("business", w.cities[0], reason="support desk")
    for i in range(staff):
        agent = people.new_person(w, w.cities[0])
        account = people.open_account(w, agent, 0.0, "customer", until=720.0)
        account.role = "staff" if i % 2 else "test"
        account.add("net", desk, weight=3)
    for a in people.strangers(w, w.size // 60):  # support agents "login as user"
        when = w.between(a.created, a.until)
        a.add("net", desk, when, when + 0.6, 4)


def assemble(w):
    t = {"accounts": pd.DataFrame()}
    t["phones"], t["emails"] = account_side.contact_rows(w)
    t["instruments"], t["payout_accounts"] = account_side.money_rows(w)
    t["logins"], t["devices"] = activity.logins(w)
    t["addresses"] = account_side.address_rows(w)
    job, nature, done = activity.jobs(w)
    t["jobs"], t["messages"], t["payments"] = job, activity.messages(w, job, nature), aftermath.payments(w, job, nature, done)
    t["reviews"], t["reports"] = aftermath.reviews(w, job, nature, done), aftermath.reports(w, job)
    t["actions"], t["appeals"] = aftermath.actions(w)
    t["accounts"] = account_side.account_rows(w)
    t["security_events"] = aftermath.security_events(w)
    t["business_members"], t["pro_profiles"] = account_side.business_rows(w)
    t["suppressions"], t["dissociations"], t["ip_ranges"] = account_side.team_notes(w)
    return t
