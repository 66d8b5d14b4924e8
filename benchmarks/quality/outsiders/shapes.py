"""Six kinds of export, as settings; each may be changed: `make(1, 3_000, **SHAPES["campus"] | {"care": 0.9})`."""

from typing import Any

DEFAULT: dict[str, Any] = {
    "abuser_every": 50,  # one abusing person per this many accounts (a busy queue, above the trade figure of 0.5-1 %)
    "care": 0.40,  # 0 careless .. 1 leaves a single weak thing
    "stories": {
        "comeback": 6,
        "farm": 2,
        "chain": 2,
        "reviews": 2,
        "leads": 1.5,
        "refunds": 2,
        "rented": 1.5,
        "mules": 1,
        "testers": 1,
        "crew": 1,
    },
    "household": 0.08,  # share of households with two or more accounts (trade figure: 8 %)
    "second": 0.045,  # honest people who open another account (trade figure: 4-10 % with abuse)
    "cgnat": 0.42,  # weight of mobile-carrier logins (trade figure: 35-50 % of accounts)
    "fixed_cgnat": 0.17,  # home lines behind a shared carrier address (trade figure: about 17 %)
    "vpn": 0.10,  # people who use a VPN (trade figure: 8-12 % of logins)
    "pro": 0.30,  # share of accounts that are pros
    "ipv6": 0.35,  # home lines with IPv6
    "groups": 1.0,  # how dense ordinary shared places are (offices, phone shops, churches ...)
    "campus": 0.02,  # share of people on a campus
    "seasonal": 0.01,  # share living in a crowded workers' house
    "dirt": 0.06,  # dirty rows (trade figure: 5-8 %, duplicates 1 %)
    "countries": {"US": 1.0},
    "origins": None,  # mix of naming customs; None = the country's own
    "id_style": "A",  # "A" = A104233, "18" = 18 digits, "uuid"
    "login_days": 400,  # retention of raw addresses (trade figure: 13 months)
    "logins": 1.0,  # how busy
    "naive_times": 0.0,  # share of timestamps without a zone (a fault)
    "takeover": 0.002,  # trade figure
    "big_farm": True,  # one farm of 30-40 in a market of 2,500 or more (trade figure: one of 30+)
    "drop_tables": (),
    "drop_columns": (),  # "table.column"
}

SHAPES: dict[str, dict[str, Any]] = {
    # a large American city, everything exported, ordinary crooks
    "metro": {},
    # a thin warehouse extract: no devices, reviews, names, verified flags or network class
    "bare": {
        "abuser_every": 40,
        "care": 0.25,
        "household": 0.10,
        "dirt": 0.05,
        "id_style": "18",
        "drop_tables": (
            "devices",
            "reviews",
            "messages",
            "security_events",
            "appeals",
            "business_members",
            "pro_profiles",
            "suppressions",
            "dissociations",
            "ip_ranges",
            "reports",
        ),
        "drop_columns": (
            "accounts.display_name",
            "accounts.legal_name",
            "accounts.birth_year",
            "phones.verified_at",
            "phones.line_type",
            "phones.phone_e164",
            "emails.verified_at",
            "emails.is_disposable",
            "emails.is_relay",
            "emails.email_norm",
            "logins.asn",
            "logins.asn_kind",
            "logins.device_id",
            "logins.session_id",
            "instruments.name_match",
        ),
    },
    # US-Mexico border: large households, seasonal houses, mobile-first, relatives lending cards, two surnames
    "frontera": {
        "abuser_every": 60,
        "care": 0.45,
        "household": 0.17,
        "cgnat": 0.60,
        "fixed_cgnat": 0.30,
        "seasonal": 0.05,
        "vpn": 0.05,
        "dirt": 0.08,
        "countries": {"US": 0.62, "MX": 0.38},
        "origins": {"es": 0.80, "us": 0.16, "asia": 0.04},
        "ipv6": 0.15,
        "drop_tables": ("business_members", "suppressions", "dissociations", "ip_ranges"),
        "drop_columns": ("logins.asn_kind", "emails.is_relay", "emails.email_norm", "phones.phone_e164"),
    },
    # Brazil with some Portugal and Boston's Brazilians: neobanks, dynamic addresses, heavy CGNAT, uuid ids
    "brasil": {
        "abuser_every": 35,
        "care": 0.45,
        "household": 0.12,
        "cgnat": 0.50,
        "fixed_cgnat": 0.45,
        "dirt": 0.07,
        "id_style": "uuid",
        "countries": {"BR": 0.80, "PT": 0.08, "US": 0.12},
        "origins": {"pt": 0.94, "es": 0.03, "us": 0.03},
        "stories": {
            "comeback": 5,
            "farm": 3,
            "chain": 2,
            "reviews": 2,
            "leads": 1,
            "refunds": 2,
            "rented": 3,
            "mules": 3,
            "testers": 1,
            "crew": 1,
        },
        "drop_tables": ("business_members", "appeals", "suppressions", "dissociations", "messages"),
        "drop_columns": ("instruments.bin", "accounts.birth_year", "phones.line_type"),
    },
    # a university town: dorms, campus Wi-Fi, flatmates, referral bonus farms; no addresses, no payouts, no birth years
    "campus": {
        "abuser_every": 45,
        "care": 0.40,
        "household": 0.14,
        "campus": 0.45,
        "cgnat": 0.45,
        "vpn": 0.18,
        "pro": 0.15,
        "dirt": 0.05,
        "stories": {
            "comeback": 4,
            "farm": 5,
            "chain": 2,
            "reviews": 2,
            "leads": 1,
            "refunds": 3,
            "rented": 1,
            "mules": 0.5,
            "testers": 1,
            "crew": 0.5,
        },
        "origins": {"us": 0.55, "asia": 0.22, "es": 0.12, "arab": 0.06, "slav": 0.05},
        "drop_tables": ("addresses", "payout_accounts", "business_members", "suppressions", "dissociations"),
        "drop_columns": ("accounts.birth_year", "accounts.legal_name"),
    },
    # few, patient evaders in an old, dirty export with short login retention
    "quiet": {
        "abuser_every": 80,
        "care": 0.82,
        "household": 0.09,
        "vpn": 0.14,
        "dirt": 0.12,
        "id_style": "18",
        "login_days": 240,
        "logins": 0.8,
        "naive_times": 0.002,
        "big_farm": False,
        "stories": {
            "comeback": 8,
            "farm": 1,
            "chain": 4,
            "reviews": 1,
            "leads": 1,
            "refunds": 1,
            "rented": 2,
            "mules": 1,
            "testers": 0.5,
            "crew": 1,
        },
        "drop_tables": ("business_members", "ip_ranges", "suppressions", "dissociations", "security_events"),
        "drop_columns": ("phones.verified_at", "emails.verified_at", "logins.asn"),
    },
}


LEAST = 3_000
"""Accounts of a market that is reported; below that rings are few."""


def settings(**changes: Any) -> dict[str, Any]:
    """Give the default with changes; an unknown setting is an error."""
    unknown = set(changes) - set(DEFAULT)
    if unknown:
        raise TypeError(f"unknown settings {sorted(unknown)}; known: {sorted(DEFAULT)}")
    return {**DEFAULT, **changes}
