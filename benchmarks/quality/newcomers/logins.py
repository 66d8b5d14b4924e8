"""Every login, with address, network, device and browser, and the table of devices."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.accounts import Way
from benchmarks.quality.newcomers.columns import Columns, of, values
from benchmarks.quality.newcomers.plans import ANY_HOUR, DAY, MODELS
from benchmarks.quality.newcomers.world import World, dotted, mix

VERSION_DAYS = 120
"""A new version of apps and browsers comes so often."""
OUTCOMES = {"ok": 0.94, "bad_password": 0.04, "mfa_fail": 0.01, "reset": 0.008, "locked": 0.002}


@dataclass(frozen=True, eq=False)
class Visits:
    """Logins as columns, in the order of time."""

    account: np.ndarray
    network: np.ndarray
    device: np.ndarray
    hour: np.ndarray
    at: np.ndarray

    def only(self, rows: np.ndarray) -> Visits:
        """Some of them."""
        return Visits(*(getattr(self, one.name)[rows] for one in fields(self)))


@dataclass(frozen=True, eq=False)
class Seen:
    """What a login shows of its device; `id` is None where it shows none."""

    id: np.ndarray
    kind: np.ndarray
    model: np.ndarray


def logins(world: World, columns: Columns) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables `logins` and `devices`; accounts by number, times in seconds."""
    visits = _visits(world, columns)
    addresses = _addresses(world, visits)
    seen = _seen(world, visits, columns)
    return _table(world, visits, addresses, seen), _devices(world, visits, seen)


def _visits(world: World, columns: Columns) -> Visits:
    """As many of each way as it says or as chance gives; none after a removal but tries."""
    ways = world.ways
    fixed = values(ways, "fixed", np.int64)
    many = np.where(fixed > 0, fixed, world.rng.poisson(values(ways, "expected", float)))
    place = np.repeat(np.arange(len(many)), many)
    account = of(ways, "account", place)
    hour = of(ways, "hour", place, float)
    visits = Visits(account, of(ways, "network", place), of(ways, "device", place), hour, _times(world, ways, place, columns.zone[account]))
    alive = (visits.at <= columns.last[account]) | ~columns.removed[account] | (hour == ANY_HOUR)
    visits = visits.only(alive & (visits.at <= world.end))
    return visits.only(np.argsort(visits.at, kind="stable"))


def _times(world: World, ways: list[Way], place: np.ndarray, zones: np.ndarray) -> np.ndarray:
    """When the logins of each way happened: local habits (hour, weekdays), then UTC."""
    rng, many = world.rng, len(place)
    start, stop, hour = (of(ways, name, place, float) for name in ("start", "stop", "hour"))
    at_work = of(ways, "at_work", place) > 0
    anywhen = start + rng.random(many) * (stop - start)
    in_office, at_home = rng.normal(12.5, 2.5, many).clip(8, 18), rng.normal(hour, 2.6) % 24
    local = (anywhen // DAY) * DAY + np.where(at_work, in_office, at_home) * 3600
    weekday = (local // DAY + 3) % 7
    local = local - np.where(at_work & (weekday >= 5), (weekday - 4) * DAY, 0)
    found = anywhen.copy()
    usual = (stop - start > 2 * DAY) & (hour >= 0)
    for zone in pd.unique(zones):
        rows = usual & (zones == zone)
        found[rows] = _utc(local[rows], zone)
    outside = (found < start) | (found > stop)
    found[outside] = anywhen[outside]
    return found.astype(np.int64)


def _utc(local: np.ndarray, zone: str) -> np.ndarray:
    """Seconds of a local clock as seconds of UTC."""
    clock = pd.DatetimeIndex(local.astype("int64").astype("datetime64[s]"))
    there = clock.tz_localize(zone, ambiguous=np.ones(len(local), bool), nonexistent="shift_forward").tz_convert("UTC")
    return there.asi8 // (10**9 if there.unit == "ns" else 1)


def _addresses(world: World, visits: Visits) -> np.ndarray:
    """The address of each login: of its network, the same for a period, IPv6 for some."""
    networks, place, at = world.networks, visits.network, visits.at
    salt = of(networks, "salt", place)
    step = mix(salt, at // of(networks, "period", place)) % of(networks, "size", place).astype(np.uint64)
    known, back = np.unique(of(networks, "first", place) + step.astype(np.int64), return_inverse=True)
    found = np.array([dotted(address) for address in known.tolist()], object)[back]
    six = world.rng.random(len(at)) < of(networks, "ipv6_share", place, float)
    low = mix(salt + 1, at // of(networks, "ipv6_period", place)) & np.uint64(0xFFFFFFFF)
    high = of(networks, "ipv6_prefix", place)
    end = mix(of(world.devices, "salt", visits.device), at // DAY)
    found[six] = [_ipv6(*parts) for parts in zip(high[six].tolist(), low[six].tolist(), end[six].tolist(), strict=True)]
    return found


def _ipv6(high: int, low: int, end: int) -> str:
    """An IPv6 address of twice 32 bits and 64."""
    parts = [high >> 16, high & 65535, low >> 16, low & 65535, end >> 48, end >> 32 & 65535, end >> 16 & 65535, end & 65535]
    return ":".join(f"{part:x}" for part in parts)


def _seen(world: World, visits: Visits, columns: Columns) -> Seen:
    """The id of an app or a cookie, or a fingerprint that others with the same browser have too."""
    devices, place, at, many = world.devices, visits.device, visits.at, len(visits.at)
    browser = of(devices, "browser", place) == 1
    model = of(devices, "model", place)
    printed = browser & (world.rng.random(many) < 0.1)
    country = np.array([sum(map(ord, land)) for land in columns.land])[visits.account]
    shared = mix(model * 977 + country, at // (VERSION_DAYS * DAY))
    own = mix(of(devices, "salt", place), at // of(devices, "period", place))
    known, back = np.unique(np.where(printed, shared, own), return_inverse=True)
    prefix = np.where(printed, "fp_", np.where(browser, "ck_", "ins-")).astype(object)
    found = prefix + np.array([f"{value:016x}" for value in known.tolist()], object)[back]
    found[world.rng.random(many) < 0.05] = None
    return Seen(found, np.where(printed, "browser_fp", np.where(browser, "cookie", "install")), model)


def _table(world: World, visits: Visits, addresses: np.ndarray, seen: Seen) -> pd.DataFrame:
    rng, networks, place, many = world.rng, world.networks, visits.network, len(visits.at)
    kind = of(networks, "kind", place, object)
    told = np.where(rng.random(many) < 0.12, "unknown", kind)
    told = np.where((kind == "business") & (rng.random(many) < 0.5), "residential", told)
    outcome = rng.choice(np.array(list(OUTCOMES), object), many, p=list(OUTCOMES.values()))
    return pd.DataFrame(
        {
            "login_id": [f"L{n:08d}" for n in range(many)],
            "account_id": visits.account,
            "at": visits.at,
            "ip": addresses,
            "asn": of(networks, "asn", place),
            "asn_kind": told,
            "geo_country": of(networks, "country", place, object),
            "geo_city": of(networks, "city", place, object),
            "geo_radius_km": rng.choice([5, 20, 50, 200], many),
            "user_agent": _user_agents()[seen.model, visits.at // (VERSION_DAYS * DAY) % 12],
            "device_id": seen.id,
            "session_id": [f"s{value:x}" for value in mix(visits.account, visits.at).tolist()],
            "outcome": np.where(visits.hour == ANY_HOUR, "locked", outcome),
        }
    )


def _user_agents() -> np.ndarray:
    """What each model says of itself, in each of twelve versions."""
    return np.array(
        [
            [
                f"Mozilla/5.0 ({model}) {120 + version}.0" if system == "web" else f"App/{5 + version}.{version % 3} ({system}; {model})"
                for version in range(12)
            ]
            for system, model, _ in MODELS
        ],
        object,
    )


def _devices(world: World, visits: Visits, seen: Seen) -> pd.DataFrame:
    """One row an id that was seen."""
    every = pd.DataFrame(
        {
            "device_id": seen.id,
            "at": visits.at,
            "kind": seen.kind,
            "model": seen.model,
            "emulator": of(world.devices, "emulator", visits.device, bool),
        }
    )
    found = (
        every[pd.notna(seen.id)]
        .groupby("device_id", sort=False)
        .agg(kind=("kind", "first"), model=("model", "first"), first=("at", "min"), last=("at", "max"), emulator=("emulator", "max"))
        .reset_index()
    )
    return pd.DataFrame(
        {
            "device_id": found["device_id"],
            "kind": found["kind"],
            "algo_version": np.where(found["first"] < world.end - 200 * DAY, "2", "3"),
            "platform": [MODELS[model][0] for model in found["model"]],
            "model": [MODELS[model][1] for model in found["model"]],
            "first_seen": found["first"],
            "last_seen": found["last"],
            "emulator": found["emulator"].astype(object),
        }
    )
