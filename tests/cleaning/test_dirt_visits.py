"""Every dirt seen in practice in logins, devices, security events and addresses: a named test, and its innocent twin below it."""

from tests.dirt import address, device, each, ip, linked, loaded, many, phone, pieces, score, scores, twice
from tnskit.cleaning.identifiers import KINDS
from tnskit.findings.explain import explain
from tnskit.review.precheck import precheck

# logins


def test_an_address_of_the_balancer_links_nobody_and_is_told():
    raws = ["10.0.0.1", "100.64.3.2", "192.168.1.1", "127.0.0.1", "203.0.113.9", "0.0.0.0", "fe80::1", "::ffff:10.0.0.1"]
    links = linked(logins=[{"account_id": name, "ip": raw, "at": "2024-01-01T10:00:00Z"} for raw in raws for name in "AB"])
    assert links.pairs.empty
    assert links.market.rejected.empty
    assert links.market.report.faults[["why", "cells"]].values.tolist() == [
        ["an address inside somebody's own network, logged behind a proxy", 16]
    ]


def test_an_address_next_to_a_private_network_links():
    assert scores("logins", *twice("ip", "11.0.0.1", "100.63.3.2", "192.167.1.1")) == [1] * 3


def test_a_list_of_forwarders_means_its_first_public_address():
    assert score(**ip("11.2.3.4, 10.0.0.1", "10.9.9.9, 11.2.3.4, 44.5.6.7")) == 1


def test_two_clients_behind_one_forwarder_are_two():
    assert score(**ip("11.2.3.4, 44.5.6.7", "11.9.9.9, 44.5.6.7")) == 0


def test_a_mapped_address_is_the_address_itself():
    assert score(**ip("::ffff:11.2.3.4", "11.2.3.4")) == 1


def test_another_address_in_six_is_not():
    assert score(**ip("2d00:1:2:3::1", "11.2.3.4")) == 0


def test_a_support_agent_who_logs_in_as_many_users_links_none_of_them():
    assert linked(many(25), **device("dev_77aa88", accounts=many(25))).pairs.empty


def test_a_familys_tablet_links_the_family():
    assert score("A B C", **device("dev_77aa88", accounts="A B C")) == 1


def test_local_times_labelled_utc_are_told():
    rows = [{"account_id": f"A{n}", "created_at": f"2024-07-0{n + 1}T17:00:00Z"} for n in range(9)]
    logins = [{"account_id": f"A{n}", "at": f"2024-07-0{n + 1}T12:00:05Z", "ip": "11.2.3.4"} for n in range(9)]
    assert "9 of 9 first logins lie 5 hours before the signup" in str(loaded(rows, logins=logins).report)


def test_right_times_are_not_complained_about():
    rows = [{"account_id": f"A{n}", "created_at": f"2024-07-0{n + 1}T12:00:00Z"} for n in range(9)]
    logins = [{"account_id": f"A{n}", "at": f"2024-07-0{n + 1}T12:00:05Z", "ip": "11.2.3.4"} for n in range(9)]
    assert "zone" not in str(loaded(rows, logins=logins).report)


def test_repeated_retries_of_one_day_are_one_visit():
    retries = [{"account_id": n, "login_id": f"{n}{k}", "ip": "11.2.3.4", "at": f"2024-01-01T10:00:0{k}Z"} for n in "AB" for k in range(5)]
    assert score(logins=[*retries, *retries]) == 1


def test_visits_on_three_days_are_three():
    visits = [{"account_id": n, "login_id": f"{n}{k}", "ip": "11.2.3.4", "at": f"2024-01-0{k}T10:00:00Z"} for n in "AB" for k in (1, 2, 3)]
    assert score(logins=visits) == 1


# devices


def upgraded(version_of_b):
    """A and B used the fingerprint 7d1e22aa90, A before the algorithm was renewed, B after it or before it too."""
    kinds = [
        {"device_id": "7d1e22aa90", "kind": "browser_fp", "algo_version": v, "first_seen": t}
        for v, t in (("3", "2024-01-01T00:00:00Z"), ("4", "2024-02-01T00:00:00Z"))
    ]
    at = "2024-01-15T00:00:00Z" if version_of_b == "3" else "2024-02-02T00:00:00Z"
    return {
        "devices": kinds,
        "logins": [
            {"account_id": "A", "device_id": "7d1e22aa90", "at": "2024-01-14T00:00:00Z"},
            {"account_id": "B", "device_id": "7d1e22aa90", "at": at},
        ],
    }


def test_fingerprints_of_two_versions_of_an_algorithm_are_not_compared():
    assert score(**upgraded("4")) == 0


def test_fingerprints_of_one_version_are():
    assert score(**upgraded("3")) == 1


def test_a_day_on_which_all_fingerprints_change_is_told():
    days = [
        ("old", "2024-01-01T00:00:00Z"),
        ("old", "2024-01-02T00:00:00Z"),
        ("new", "2024-01-03T00:00:00Z"),
        ("new", "2024-01-04T00:00:00Z"),
    ]
    logins = [{"account_id": f"A{n}", "device_id": f"{word}{n:06}", "at": at} for n in range(40) for word, at in days]
    told = loaded(" ".join(f"A{n}" for n in range(40)), logins=logins).report.findings
    assert told[told["about"] == "device"]["says"].str.contains("40 accounts that came back on 2024-01-03 had only devices").tolist() == [
        True
    ]


def test_a_day_on_which_one_in_ten_has_a_new_device_is_an_ordinary_day():
    days = [("old", f"2024-01-0{n}T09:17:00Z") for n in (1, 2)] + [("new", f"2024-01-0{n}T09:17:00Z") for n in (3, 4)]
    logins = [
        {"account_id": f"A{n}", "device_id": f"{word if n % 10 == 0 else 'old'}{n:06}", "at": at} for n in range(40) for word, at in days
    ]
    told = loaded(" ".join(f"A{n}" for n in range(40)), logins=logins).report.findings
    assert "device" not in told["about"].tolist()


def test_cookies_that_live_a_day_are_no_upgrade():
    logins = [
        {"account_id": f"A{n}", "device_id": f"ck{n:04}{day}77aa", "at": f"2024-01-0{day}T09:17:00Z"}
        for n in range(40)
        for day in range(1, 7)
    ]
    told = loaded(" ".join(f"A{n}" for n in range(40)), logins=logins).report.findings
    assert "device" not in told["about"].tolist()


def test_the_hash_of_nothing_links_nobody():
    raws = [
        "d41d8cd98f00b204e9800998ecf8427e",
        "00000000-0000-0000-0000-000000000000",
        "unknown",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "02:00:00:00:00:00",
        "0000000000",
    ]
    assert scores("logins", *twice("device_id", *raws)) == [0] * 6


def test_the_hash_of_something_links():
    assert score(**device("d41d8cd98f00b204e9800998ecf8427f")) == 1


def test_a_resold_phone_is_read_as_one():
    rows = device("dev_77aa88") | {}
    rows["logins"] = [
        {"account_id": "A", "device_id": "dev_77aa88", "at": "2024-01-01T00:00:00Z"},
        {"account_id": "B", "device_id": "dev_77aa88", "at": "2024-02-20T00:00:00Z"},
    ]
    links = linked(**rows)
    assert links.pairs["benign"].tolist() == ["resold device"]
    assert "resold" in str(explain(links, "A", "B"))


def test_interleaved_use_is_read_as_less_likely_resold():
    days = [("A", 1), ("B", 2), ("A", 3), ("B", 4)]
    links = linked(logins=[{"account_id": n, "device_id": "dev_77aa88", "at": f"2024-01-0{d}T00:00:00Z"} for n, d in days])
    assert links.pairs["benign"].tolist() != ["resold device"]


def test_a_demo_phone_in_a_shop_says_nothing():
    assert linked(many(30), **device("dev_77aa88", accounts=many(30))).pairs.empty


# security_events


def events(*what):
    return [{"event_id": f"E{n}", "account_id": "A", "at": at, "event": name, "actor": "user"} for n, (name, at) in enumerate(what)]


def test_a_change_that_support_made_in_the_users_name_may_be_a_takeover_and_stops():
    links = linked(
        security_events=events(("phone_change", "2024-01-01T00:00:00Z"), ("payout_change", "2024-01-02T00:00:00Z")), **phone("312 555 2368")
    )
    assert "H4" in precheck(links.market, links, "A").stops["code"].tolist()


def test_one_change_alone_is_no_takeover():
    links = linked(security_events=events(("phone_change", "2024-01-01T00:00:00Z")), **phone("312 555 2368"))
    assert "H4" not in precheck(links.market, links, "A").stops["code"].tolist()


# addresses

HOME = {"line1": "12 Oak St", "unit": "4", "city": "Boston", "region": "MA", "postal": "02139", "country": "US"}


def test_a_house_without_its_unit_says_little():
    links = linked(**address(HOME | {"unit": None}))
    assert links.pairs[["score", "benign"]].values.tolist() == [[1.0, "same building"]]


def test_a_house_with_its_unit_says_more():
    assert score(**address(HOME)) == 1


def test_another_unit_is_another_home():
    assert score(**address(HOME, HOME | {"unit": "5"})) == 0


def test_a_virtual_mailbox_or_an_agent_is_shared_by_design():
    told = [
        {"unit": "PMB 119"},
        {"line1": "PO Box 119", "unit": None},
        {"line1": "9 Elm St", "is_mail_agent": "true"},
        {"line1": "7 Fir St, c/o Registered Agents Inc"},
    ]
    links = linked(addresses=[row for one in told for row in each("addresses", HOME | one)["addresses"]])
    assert links.crowded["why"].tolist() == ["shared by design: mail_agent"] * 4
    assert links.pairs.empty


def test_a_street_called_like_a_box_is_a_home():
    assert score(**address(HOME | {"line1": "12 Boxwood Ln"})) == 1


def test_a_landlords_address_on_many_accounts_says_nothing():
    assert linked(many(26), **address(HOME, accounts=many(26))).pairs.empty


def test_an_address_of_three_says_something():
    assert list(pieces("A B C", **address(HOME, accounts="A B C")).values()) == [1] * 3


def test_a_postal_code_that_lost_its_zero_is_the_same_place():
    assert score(**address(HOME, HOME | {"postal": "2139"})) == 1


def test_another_postal_code_is_another_place():
    assert score(**address(HOME, HOME | {"postal": "12139"})) == 0


DEFAULTS = (
    "N/A",
    "none",
    "null",
    "unknown",
    "test",
    "-",
    "",
    "0.0.0.0",
    "1970-01-01",
    "d41d8cd98f00b204e9800998ecf8427e",
    "[card number removed]",
)


def test_a_default_in_any_kind_links_nobody_and_crowds_nothing():
    rows = [{"account_id": name, "kind": kind, "value": default} for default in DEFAULTS for kind in KINDS for name in "AB"]
    links = linked(identifiers=rows)
    assert links.pairs.empty
    assert links.crowded.empty
    assert len(links.market.rejected) == len(rows)


def test_a_value_in_any_kind_is_kept():
    values = {"phone": "312 555 2368", "email": "jo@mail.example", "card": "fp_77aa88", "card_digits": "424242|42|27-3", "payout": "ba_77aa88", "ip": "11.2.3.4", "device": "dev_77aa88", "address": "12 Oak St",
              "licence": "CA|1005412", "tax_id": "12-3456788", "identity": "idv_77aa88", "social": "@joepaints", "name": "Ana Ruiz"}  # fmt: skip
    market = loaded(identifiers=[{"account_id": "A", "kind": kind, "value": value} for kind, value in values.items()])
    assert market.rejected.empty
    assert market.kinds == tuple(sorted(KINDS)) == tuple(sorted(values))
