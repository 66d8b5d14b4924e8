import pandas as pd

from tests.markets import HOME, market, seen
from tnskit.cleaning import sightings
from tnskit.cleaning.updates import updated

LOGIN = {"account_id": "A", "at": "2024-01-05T10:00:00Z", "ip": "11.20.30.40", "device_id": "dv_7aa88cc", "asn_kind": "mobile"}
ELM = {**HOME, "line1": "9 Elm Ave", "unit": None}
FIRST = {
    "phones": [{"account_id": n, "phone_raw": p, "first_seen": "2024-01-05"} for n, p in (("A", "312 555 2368"), ("B", "555-2368"), ("C", "12"))],
    "payout_accounts": [{"account_id": n, "payout_token": "pt_7Qd81kLm2", "added_at": "2024-01-05"} for n in "ABE"],
    "addresses": [{"account_id": n, **home} for n, home in (("A", HOME), ("B", ELM), ("D", HOME))],
    "logins": [LOGIN, LOGIN | {"account_id": "B", "ip": "22.7.8.9"}, LOGIN | {"account_id": "D"}],
    "devices": [{"device_id": "dv_7aa88cc", "kind": "app", "algo_version": "1", "first_seen": "2024-01-01"}],
}  # fmt: skip


def person(name, exported):
    return {"account_id": name, "role": "staff" if name == "E" else "pro", "exported_at": exported}


DAYS = [
    # more logins of one who was there, and of one whom nobody knows yet
    {"logins": [LOGIN | {"at": "2024-02-05T10:00:00Z", "asn_kind": "vpn"}, LOGIN | {"account_id": "D", "ip": "22.7.8.9"}]},
    {"phones": [{"account_id": "B", "phone_raw": "(312) 555-9911", "first_seen": "2024-02-05"}]},
    # whose rows waited; and the day of the export is another one
    {"accounts": [person("D", "2024-05-01")]},
    {"accounts": [person("F", "2024-06-01")], "logins": [LOGIN | {"account_id": "F"}]},
    # a device is two devices from this day on
    {"devices": [{"device_id": "dv_7aa88cc", "kind": "app", "algo_version": "2", "first_seen": "2024-02-01"}]},
    # a new kind, before the others in the order of codes
    {"emails": [{"account_id": n, "email_raw": "ana@x.com", "first_seen": "2024-02-05"} for n in "AF"]},
]


def told(found):
    """All that a market says of who was seen with what, whatever the order of rows."""
    asked = {
        "people": "SELECT * FROM main.people",
        "seen": "SELECT * FROM main.seen",
        "identifier": "SELECT * FROM main.identifier",
        "value": "SELECT kind, raw, clean, class FROM vault.value",
        "clean": "SELECT code, kind, clean, class, mask FROM vault.clean",
        "incomplete": "SELECT * FROM vault.incomplete",
    }
    every = {name: sorted(map(repr, found.db.execute(sql).fetchall())) for name, sql in asked.items()}
    return every | {"rejected": sorted(set(found.rejected[["table", "column", "why"]].itertuples(index=False, name=None)))}


def test_what_is_taken_over_is_what_loading_all_again_gives():
    rows = {"accounts": [person(n, "2024-04-01") for n in "ABCE"], **FIRST}
    found = market(rows["accounts"], **FIRST)
    for day in DAYS:
        rows = rows | {name: rows.get(name, []) + new for name, new in day.items()}
        found = updated(found, {name: pd.DataFrame(new) for name, new in day.items()})
        assert told(found) == told(market(**rows)), day
    wrong = rows["logins"][0]
    rows = rows | {"logins": [row for row in rows["logins"] if row != wrong]}
    found = updated(found, removed={"logins": pd.DataFrame([wrong])})
    assert told(found) == told(market(**rows))
    found = updated(found, erased=["A"])
    rows = {name: [row for row in some if row.get("account_id") != "A"] for name, some in rows.items()}
    assert told(found) == told(market(**rows))


def test_a_day_of_logins_cleans_no_phone_again(monkeypatch):
    kinds, real = [], sightings._sort_out
    monkeypatch.setattr(sightings, "_sort_out", lambda db, brought, kind, *rest: kinds.append(kind) or real(db, brought, kind, *rest))
    found = market("A B", phones=FIRST["phones"][:2], logins=[LOGIN])
    kinds.clear()
    grown = updated(found, {"logins": pd.DataFrame([LOGIN | {"account_id": "B", "ip": "22.7.8.9"}])})
    assert kinds == ["device", "ip"]
    assert sorted(grown.kinds) == ["device", "ip", "phone"]
    kinds.clear()
    updated(grown, {"identifiers": pd.DataFrame(seen("B card fp_77aa88"))})
    assert kinds == ["card", "device", "ip", "phone"]
