"""The nine markets that are reported."""

from __future__ import annotations

from typing import Any

SHAPES: dict[str, dict[str, Any]] = {
    "plain": {},
    "lookalikes": {"prevalence": 0.01, "lookalikes": 3, "household": 0.2, "takeover": 0.006},
    "careful": {"prevalence": 0.08, "careful": 0.9, "vpn": 0.4, "trades": {"comeback": 5, "weak_chain": 2, "aged": 2, "bought": 2}},
    "carriers": {"countries": {"BR": 3, "MX": 2, "IN": 3}, "mobile": 0.75, "cgnat_home": 0.5, "ipv6": 0.6, "prevalence": 0.03},
    "dirty": {
        "countries": {"ES": 1, "PT": 1, "DE": 1, "US": 1}, "dirt": 0.15, "export_twice": True, "id_style": "spaces",
        "naive": ["stray", "logins"], "team_ranges": True,
    },
    "poor export": {
        "missing": ["names", "device", "reviews", "instruments.fingerprint", "logins.asn_kind", "logins.asn"],
        "id_style": "long", "prevalence": 0.05,
    },
    "one table": {"single_table": True, "days": 120, "login_rate": 0.5, "prevalence": 0.04},
    "changing hands": {
        "prevalence": 0.06, "second_account": 0.1, "recycled": 0.08, "resold": 0.03, "household": 0.25, "days": 900,
        "trades": {"comeback": 4, "bought": 4, "insider": 2, "mules": 3, "farm_crew": 3},
    },
    "no abuse": {"prevalence": 0},
}  # fmt: skip
"""What each market is asked for beside `plans.SHAPE`."""

LEAST = 3_000
"""Accounts of a market that is reported; below that rings are few."""
