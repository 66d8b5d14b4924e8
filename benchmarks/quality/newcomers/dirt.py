"""Dirt as exports have it: placeholders, proxies, spreadsheet damage, bad clocks, copies, ghosts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.world import World

PLACEHOLDERS = (
    ("display_name", 0.1, ["test", "N/A", ".", "Customer", "asdf", "User"]),
    (
        "phone_raw",
        0.3,
        ["000-000-0000", "111-111-1111", "1234567890", "(206) 555-0100", "none", "+1 (800) 864-8331", "1.8E+10", "999 999 9999"],
    ),
    (
        "email_raw",
        0.25,
        ["noemail@example.com", "none@none.com", "test@test.com", "na@na.com", "info@", "unknown", "customer@gmail.com"],
    ),
    ("line1", 0.25, ["N/A", "123 Main St", "TBD", ".", "General Delivery", "call for address"]),
    ("fingerprint", 0.12, ["N/A", "null", "0000000000000000"]),
    ("payout_token", 0.05, ["none", "PENDING"]),
)
"""What stands in a column of any table instead of a value, and how often."""
NO_DEVICE = ["da39a3ee5e6b4b0d3255bfef95601890afd80709", "00000000-0000-0000-0000-000000000000", "null", "undefined"]
INTERNAL = ["10.0.3.17", "100.64.0.1", "127.0.0.1", "0.0.0.0", "172.31.4.9", "unknown", "203.0.113.9"]
IMPOSSIBLE = ["1970-01-01T00:00:00+00:00", "2099-12-31T23:59:59+00:00", "1900-01-01T00:00:00+00:00"]
SECRET = "my card is 4111 1111 1111 1111 exp 10/28, gate code 4410"
AGAIN = "2026-11-18T06:00:00+00:00"
"""When a second export was made."""


@dataclass
class Soil:
    """A table that gets dirty; shares are times the market's `dirt`."""

    world: World
    name: str
    table: pd.DataFrame

    def some(self, share: float) -> np.ndarray:
        """Places of a few rows."""
        return np.flatnonzero(self.world.rng.random(len(self.table)) < share * self.world.shape["dirt"])

    def put(self, column: str, share: float, values: list[str]) -> None:
        """Put chosen values into some rows of a column, if there is one."""
        if column in self.table:
            rows = self.some(share)
            found = self.table[column].to_numpy(object, copy=True)
            if len(rows):
                found[rows] = self.world.rng.choice(np.array(values, object), len(rows))
            self.table[column] = found

    def change(self, column: str, share: float, change: Callable[[Any, int], Any]) -> None:
        """Change some values of a column, if there is one; `change` is also told how many were changed before."""
        if column in self.table:
            rows = self.some(share)
            found = self.table[column].to_numpy(object, copy=True)
            found[rows] = [change(value, n) for n, value in enumerate(found[rows])]
            self.table[column] = found


def soil(world: World, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table as it comes out of an export."""
    if not len(table) or not world.shape["dirt"]:
        return table
    dirty = Soil(world, name, table.astype(object))
    for column in ("display_name", "legal_name", "line1", "narrative"):
        dirty.change(column, 0.25, lambda value, _: value.encode("utf8").decode("latin1") if isinstance(value, str) else value)
    for column, share, values in PLACEHOLDERS:
        dirty.put(column, share, values)
    if name == "logins":
        _soil_logins(dirty)
    if name == "phones":
        dirty.change("phone_raw", 0.3, lambda value, _: str(value).replace("+", "").lstrip("0"))
    if name == "emails":
        dirty.change("email_raw", 0.3, _mistyped)
    for column in ("last4", "postal"):
        dirty.change(column, 0.5, lambda value, _: str(value).lstrip("0"))
    dirty.change("exp_year", 0.5, lambda value, _: int(value) % 100)
    if name == "messages":
        dirty.change("body_redacted", 0.02, lambda _, __: SECRET)
    _soil_times(dirty)
    if name != "accounts":
        dirty.change("account_id", 0.1, lambda value, n: f"{value} " if n % 2 else f" {value}")
        dirty.change("account_id", 0.02, lambda value, _: f"{value[:-1]}X")
    else:
        _merge_into_itself(dirty.table)
    return _copied(dirty)


def _soil_logins(dirty: Soil) -> None:
    dirty.put("device_id", 0.2, NO_DEVICE)
    dirty.put("ip", 0.3, INTERNAL)
    dirty.change("ip", 0.3, lambda value, _: value.upper() if ":" in value else f"{value}, 10.1.2.3")
    dirty.change("ip", 0.2, lambda value, _: f"::ffff:{value}" if value.count(".") == 3 and not {":", ","} & set(value) else value)


def _mistyped(value: str, n: int) -> str:
    return value.replace("gmail.com", "gmial.com").replace("hotmail", "hotnail") + (" " if n % 2 else "")


def _soil_times(dirty: Soil) -> None:
    """Impossible times, times without a zone, times with another way to say UTC; in the first two columns that tell a time."""
    accounts, world = dirty.name == "accounts", dirty.world
    told = [column for column in dirty.table.columns if column.endswith("_at") or column in ("at", "first_seen", "last_seen")]
    for column in [one for one in told if one != "exported_at"][:2]:
        if accounts:
            dirty.some(0.06)  # drawn, but an account's own times stay possible
        else:
            dirty.put(column, 0.06, IMPOSSIBLE)
        dirty.change(column, 0.02 if accounts else 0.08, _without_zone if "stray" in world.shape["naive"] else _as_it_is)
        dirty.change(column, 0.2, lambda value, _: f"{value[:-6]}Z" if isinstance(value, str) and value.endswith("+00:00") else value)


def _as_it_is(value: Any, _: int) -> Any:
    return value


def _without_zone(value: Any, _: int) -> Any:
    return value[:19].replace("T", " ") if isinstance(value, str) else value


def _merge_into_itself(table: pd.DataFrame) -> None:
    """The first account that was merged is said to be merged into itself."""
    merged = np.flatnonzero(table["status"] == "merged")
    if len(merged):
        table["merged_into"] = table["merged_into"].where(np.arange(len(table)) != merged[0], table["account_id"])


def _copied(dirty: Soil) -> pd.DataFrame:
    """With rows that stand there twice, come from two systems, or were exported again."""
    world, table = dirty.world, dirty.table
    parts = [table, table.iloc[dirty.some(0.15)]]
    if dirty.name != "accounts":
        near = table.iloc[dirty.some(0.05)].copy()
        near["source_system"] = "crm"
        parts.append(near)
    if world.shape["export_twice"]:
        again = table[world.rng.random(len(table)) < 0.97].copy()
        again["exported_at"] = AGAIN
        parts.append(again)
    return pd.concat(parts, ignore_index=True)
