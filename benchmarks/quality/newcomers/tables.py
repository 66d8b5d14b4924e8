"""Everything that is on file, as tables; accounts by number, times in seconds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.columns import Columns, values
from benchmarks.quality.newcomers.jobs import jobs_table, work
from benchmarks.quality.newcomers.lands import LANDS
from benchmarks.quality.newcomers.logins import logins
from benchmarks.quality.newcomers.payments import payments_table
from benchmarks.quality.newcomers.plans import DAY, NEVER
from benchmarks.quality.newcomers.talk import messages_table, reviews_table
from benchmarks.quality.newcomers.world import World

ON_FILE = {
    "phones": "account_id phone_raw phone_e164 line_type verified_at first_seen last_seen origin",
    "emails": "account_id email_raw email_norm domain verified_at is_disposable is_relay first_seen last_seen",
    "instruments": "account_id instrument_id kind fingerprint processor bin last4 exp_month exp_year funding wallet name_match "
    "first_used last_used",
    "payout_accounts": "account_id payout_token last4 country holder_match added_at removed_at",
    "addresses": "account_id address_id kind line1 unit city region postal country is_mail_agent first_seen last_seen",
    "security_events": "account_id at event actor ip device_id",
    "business_members": "business_id account_id seat from to",
    "pro_profiles": "account_id trade licence_no licence_state licence_status licence_checked_at service_zips",
    "actions": "action_id account_id action policy_code policy_version case_id decided_at effective_at expires_at decided_by reviewed_by "
    "automation reason notice_sent_at reversed_at reversal_reason",
    "appeals": "appeal_id action_id received_at lang grounds reviewer decided_at outcome",
    "reports": "report_id reporter_account_id subject_account_id channel received_at policy_code narrative safety_flag",
}
"""The columns of each table whose rows were written account by account."""
SPANS = (("first_seen", "last_seen"), ("first_used", "last_used"))
TUNNELS = [("185.156.0.0/16", 9009, "vpn", "relay_vpn", "US"), ("172.225.0.0/16", 36183, "relay", "relay_vpn", "US")]


def tables(world: World, columns: Columns) -> dict[str, pd.DataFrame]:
    """All tables of a market."""
    found = {"accounts": _accounts(world, columns)}
    for name, words in ON_FILE.items():
        table = pd.DataFrame(world.rows[name], columns=words.split())
        found[name] = _last_confirmed(world, columns, name, table) if len(table) else table
    found["security_events"] = _events(world, found["security_events"])
    _fill_in(world, found)
    found["logins"], found["devices"] = logins(world, columns)
    made = work(world, columns)
    found["jobs"] = jobs_table(world, columns, made)
    found["payments"] = payments_table(world, columns, made)
    found["messages"] = messages_table(world, columns, made)
    found["reviews"] = reviews_table(world, columns, made)
    return found | _of_the_team(world)


def _accounts(world: World, columns: Columns) -> pd.DataFrame:
    accounts, dice = world.accounts, world.dice
    table = pd.DataFrame(
        {
            "account_id": np.arange(len(accounts)),
            "role": columns.role,
            "status": columns.status,
            "created_at": columns.opened,
            "closed_at": values(accounts, "closed", np.int64),
            "merged_into": values(accounts, "merged_into", np.int64),
            "display_name": values(accounts, "name"),
            "legal_name": [account.legal if dice.random() < 0.6 else None for account in accounts],
            "business_id": values(accounts, "business"),
            "country": columns.land,
            "tz": columns.zone,
            "locale": [account.person.locale for account in accounts],
            "referrer_account_id": values(accounts, "referrer", np.int64),
            "birth_year": [account.person.born if dice.random() < 0.4 else None for account in accounts],
            "erased_at": [account.closes if account.erased else NEVER for account in accounts],
        }
    )
    table["birth_year"] = table["birth_year"].astype(object)
    return table


def _last_confirmed(world: World, columns: Columns, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Nothing is seen after its account was; what is still there was confirmed some time before the day of the export."""
    account = table.get("account_id")
    if name in ("phones", "emails"):
        cut = values(world.accounts, "cut", np.int64)[account]
        table["last_seen"] = np.where(table["first_seen"] < cut, np.minimum(table["last_seen"], cut), table["last_seen"])
    for first, last in SPANS:
        if last in table:
            ended = columns.last[account]
            table[first] = np.minimum(table[first], ended).clip(world.start)
            table[last] = np.minimum(table[last], ended)
            confirmed = world.end - world.rng.exponential(18 * DAY, len(table)).astype(np.int64)
            table[last] = np.maximum(table[first], np.where(table[last] >= world.end, confirmed, table[last]))
    return table


def _events(world: World, table: pd.DataFrame) -> pd.DataFrame:
    table.insert(0, "event_id", [f"E{n:06d}" for n in range(len(table))])
    return table[table["at"] < world.end] if len(table) else table


def _fill_in(world: World, found: dict[str, pd.DataFrame]) -> None:
    """Columns of which nothing was written account by account."""
    profiles, reports = found["pro_profiles"], found["reports"]
    many = len(profiles)
    profiles["insurance_expiry"] = [f"2027-{1 + n % 12:02d}-01" if n % 3 else None for n in range(many)]
    profiles["licence_class"] = profiles["background_provider"] = profiles["tax_id_token"] = None
    profiles["background_status"] = world.rng.choice(["clear", "pending", None], many)
    reports["job_id"] = reports["lang"] = None
    reports["confidential"] = False


def _of_the_team(world: World) -> dict[str, pd.DataFrame]:
    """What the team itself keeps: pairs known to be two people, values never to link on, ranges of networks."""
    homes: dict[str, list[int]] = {}
    for account in world.accounts:
        if account.group and account.group.startswith("H"):
            homes.setdefault(account.group, []).append(account.number)
    pairs = [members for members in homes.values() if len(members) > 1][::25]
    found = {
        "dissociations": pd.DataFrame(
            {
                "account_a": [members[0] for members in pairs],
                "account_b": [members[1] for members in pairs],
                "why": "spoke to both, two people",
                "by": "ana",
                "second_reviewer": "kim",
                "at": world.end - 20 * DAY,
            }
        ),
        "suppressions": pd.DataFrame(
            {
                "kind": ["ip", "phone"],
                "value_token": ["tok_81f2", "tok_c0de"],
                "why": ["office", "call_centre"],
                "by": "luis",
                "at": world.end - 90 * DAY,
                "expires_at": world.end + 200 * DAY,
            }
        ),
    }
    return found | ({"ip_ranges": _ranges(world)} if world.shape["team_ranges"] else {})


def _ranges(world: World) -> pd.DataFrame:
    carriers = [
        (f"{carrier.first}.{carrier.second + town}.1.0/24", carrier.asn, "carrier", "mobile", land)
        for land in dict(world.shape["countries"])
        for carrier in LANDS[land].mobile_carriers
        for town in range(len(LANDS[land].towns))
    ]
    return pd.DataFrame(carriers + TUNNELS, columns=["prefix", "asn", "org", "kind", "country"])
