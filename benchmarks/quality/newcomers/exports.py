"""Tables as exports have them: ids and times as they are written, what is missing, all in one table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.columns import columns
from benchmarks.quality.newcomers.dirt import soil
from benchmarks.quality.newcomers.tables import tables
from benchmarks.quality.newcomers.truth import truth
from benchmarks.quality.newcomers.world import World, mix

ACCOUNTS = {
    "account_id",
    "merged_into",
    "referrer_account_id",
    "customer_account_id",
    "pro_account_id",
    "sender_account_id",
    "payer_id",
    "payee_id",
    "author_account_id",
    "subject_account_id",
    "reporter_account_id",
    "account_a",
    "account_b",
}
"""Columns that name an account."""
TIMES = {"at", "from", "to", "first_seen", "last_seen", "first_used", "last_used", "scheduled_for"}
"""Columns that tell a time, beside those that end in `_at`."""
IN_ORDER = ("logins", "jobs", "ip_ranges")
GROUPS = {
    "names": {"accounts.display_name", "accounts.legal_name"},
    "device": {"devices", "logins.device_id", "security_events.device_id"},
}
"""What is missing under one word."""
ONE_TABLE = (
    ("phones", "phone", "phone_raw", "first_seen", "last_seen"),
    ("emails", "email", "email_raw", "first_seen", "last_seen"),
    ("instruments", "card", "fingerprint", "first_used", "last_used"),
    ("payout_accounts", "payout", "payout_token", "added_at", "added_at"),
    ("logins", "ip", "ip", "at", "at"),
    ("logins", "device", "device_id", "at", "at"),
)
"""Table, kind, column of the value, of its first and last time."""


def export(world: World) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """All tables as they are exported, and the truth."""
    known = columns(world)
    rank = np.argsort(np.argsort(known.opened, kind="stable"))
    ids = _ids(world)[rank]
    found = tables(world, known)
    for name, table in found.items():
        ordered = table.iloc[_order(world, name, table, rank)].reset_index(drop=True)
        found[name] = soil(world, name, _stamped(world, name, _written(world, name, ordered, ids)))
    found = _without(found, set(world.shape["missing"]))
    return (_one_table(found) if world.shape["single_table"] else found), truth(world, ids)


def _ids(world: World) -> np.ndarray:
    """Ids that grow with time, in the style asked for."""
    style = world.shape["id_style"]
    steps = np.cumsum(world.rng.integers(1, 9, len(world.accounts)))
    return np.array([_id(style, step) for step in steps], object)


def _id(style: str, step: np.int64) -> str:
    if style == "plain":
        return f"A{100000 + step}"
    if style == "long":
        return f"{432000000000000000 + int(step) * 8191}"
    if style == "spaces":
        return f"usr {step:07d}"
    limits = (2**32 - 1, 65535, 4095, 4095, 2**48 - 1)
    parts = (int(part) & limit for part, limit in zip(mix(np.arange(5), step), limits, strict=True))
    return "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}".format(*parts)


def _order(world: World, name: str, table: pd.DataFrame, rank: np.ndarray) -> np.ndarray:
    if name == "accounts":
        return np.argsort(rank)
    return np.arange(len(table)) if name in IN_ORDER else world.rng.permutation(len(table))


def _written(world: World, name: str, table: pd.DataFrame, ids: np.ndarray) -> pd.DataFrame:
    """Accounts by id, times as text."""
    for column in table.columns if len(table) else ():
        if column in ACCOUNTS:
            number = table[column].to_numpy(np.int64)
            table[column] = np.where(number >= 0, ids[np.maximum(number, 0)], None)
        elif column.endswith("_at") or column in TIMES:
            second = table[column].to_numpy(np.int64)
            zone = "" if name in world.shape["naive"] else "+00:00"
            text = np.datetime_as_string(second.astype("datetime64[s]")).astype(object) + zone
            text[second < 0] = None
            table[column] = text
    return table


def _stamped(world: World, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Where rows come from, and when."""
    if name != "ip_ranges":
        table["source_system"] = "warehouse"
        table["exported_at"] = str(pd.Timestamp(world.end, unit="s"))[:10] + "T06:00:00+00:00"
        hashes = pd.util.hash_pandas_object(table.astype(str), index=False) if len(table) else None
        table["row_hash"] = None if hashes is None else [f"{value:016x}" for value in hashes]
    return table


def _without(found: dict[str, pd.DataFrame], missing: set[str]) -> dict[str, pd.DataFrame]:
    """Without the tables and columns that are missing."""
    gone = missing.union(*(GROUPS[word] for word in missing if word in GROUPS))
    return {
        name: table.drop(columns=[column for column in table.columns if f"{name}.{column}" in gone])
        for name, table in found.items()
        if name not in gone
    }


def _one_table(found: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """All that is known of who was seen with what, one under the other."""
    parts = []
    for name, kind, value, first, last in ONE_TABLE:
        if name in found and value in found[name]:
            table = found[name]
            times = {"first_seen": table[first], "last_seen": table[last]}
            parts.append(pd.DataFrame({"account_id": table["account_id"], "kind": kind, "value": table[value], **times}))
    every = pd.concat(parts, ignore_index=True)
    return {"accounts": found["accounts"], "identifiers": every[every["value"].notna()].reset_index(drop=True)}
