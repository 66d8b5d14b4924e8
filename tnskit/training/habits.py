"""What the accounts do every day: visits from devices and networks, which become `logins` and `devices`.

A row is a visit, not a click: six or seven of them for an account in two years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from tnskit.training.metros import metros
from tnskit.training.networks import HOME, HOSTING, KINDS, MOBILE, VENUE, VPN, WORK, known_asn, seats, written
from tnskit.training.text import (
    DAY,
    NONE,
    Ints,
    Texts,
    chance,
    column,
    hexes,
    numbered,
    objects,
    one_of,
    picked,
    spread,
    stamps,
)
from tnskit.training.world import MAIN, World

UPGRADE = 1_739_232_000
"""2025-02-11T00:00:00Z: the browser fingerprints get a new algorithm, and every one of them a new value."""

INSTALL, COOKIE, PRINT = range(3)
MODELS = (
    ("iOS", "iPhone14,5"),
    ("iOS", "iPhone15,2"),
    ("iOS", "iPhone16,1"),
    ("Android", "SM-S911U"),
    ("Android", "SM-A156U"),
    ("Android", "Pixel 8"),
    ("Android", "moto g 5G"),
    ("Windows", "PC"),
    ("macOS", "Mac"),
    ("ChromeOS", "Chromebook"),
)
AGENTS = (
    "App/7.4 iOS",
    "App/7.4 Android",
    "Chrome/131 Windows",
    "Safari/18 macOS",
    "Chrome/131 ChromeOS",
    "Firefox/133 Windows",
)
EMPTY_PRINT = "d41d8cd98f00b204e9800998ecf8427e"
"""The digest of nothing: what a blocked fingerprint script sends."""


@dataclass(frozen=True, eq=False)
class Day:
    """Every visit, before it is written."""

    account: Ints
    at: Ints
    device: Ints
    net: Ints
    place: Ints


def visits(world: World) -> Day:
    """Draw the visits of every account, and add those that the structures asked for."""
    draw = world.draw("visits")
    who = world.who
    span = (who["last"] - who["created"]) / (200 * DAY)
    many = 2 + draw.poisson(np.minimum(3.0 + 1.4 * span, 6.0))
    account = np.repeat(np.arange(world.accounts, dtype=np.int64), many)
    first = np.cumsum(many) - many
    at = who["created"][account] + (draw.random(len(account)) * (who["last"] - who["created"])[account]).astype(np.int64)
    at[first] = who["created"] + 60
    luck = draw.random(len(account)) * 100
    vpn = luck < who["vpn"][account]
    left = draw.random(len(account))
    net = np.full(len(account), HOME, dtype=np.int64)
    net[(who["roams"][account] == 1) & (left > 0.70)] = MOBILE
    net[(who["work"][account] >= 0) & (left < 0.45)] = WORK
    net[(who["venue"][account] >= 0) & (left >= 0.45) & (left < 0.80)] = VENUE
    net[vpn] = VPN
    device = world.own["device"][account]
    place = place_of(world, net, account, device)
    parts = [Day(account, at, device, net, place)]
    for extra in world.visits:
        own = extra.device < 0
        thing = np.where(own, world.own["device"][extra.account], extra.device)
        where = np.where(extra.net < 0, HOME, extra.net)
        spot = np.where(extra.net < 0, world.own["home"][extra.account], extra.place)
        spot = np.where(where == HOME, world.own["home"][extra.account], spot)
        parts.append(Day(extra.account, extra.at, thing, where, spot))
    joined = [np.concatenate([getattr(part, name) for part in parts]) for name in ("account", "at", "device", "net", "place")]
    order = np.lexsort((joined[0], joined[1]))
    return Day(*(column[order] for column in joined))


def place_of(world: World, net: Ints, account: Ints, device: Ints) -> Ints:
    """Tell which home, office, venue, account or device decides the address of a visit."""
    place = world.own["home"][account]
    place = np.where(net == MOBILE, account, place)
    place = np.where(net == WORK, world.who["work"][account], place)
    place = np.where(net == VENUE, world.who["venue"][account], place)
    return np.where(np.isin(net, (VPN, HOSTING)), device & (MAIN - 1), place)


def device_kinds(things: Ints, salt: int) -> Ints:
    """Tell how a device shows itself mostly: as an app's install id, or as a browser's cookie."""
    return np.where((chance(things, salt) < 0.55) & ((things & MAIN) == 0), INSTALL, COOKIE)


def device_ids(world: World, things: Ints) -> Texts:
    """Name devices as their app or cookie names them."""
    salt = world.salt("devices")
    kind = device_kinds(things, salt)
    key = (things & (MAIN * 2 - 1)) << 3 | kind
    result: Texts = objects(["in-", "ck-"])[kind] + hexes(spread(key, salt + 9))
    return result


def logins(world: World, day: Day) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write the tables `logins` and `devices`."""
    salt = world.salt("devices")
    count = len(day.account)
    row = np.arange(count, dtype=np.int64)
    seat = seats(world, day.net, day.place, day.at)
    ip, _ = written(seat)
    asn, kind = known_asn(seat)
    shown = device_kinds(day.device, salt)
    # One browser visit in eight refuses cookies and is known by its fingerprint only.
    shown = np.where((shown == COOKIE) & (chance(row, salt + 1) < 0.12), PRINT, shown)
    model = one_of(day.device, salt + 2, 7) + 0
    model = np.where(device_kinds(day.device, salt) == COOKIE, 7 + one_of(day.device, salt + 3, 3), model)
    code, ids, table = _devices(world, day, shown, model, salt)
    city = _city(world, day, seat.block)
    agent = np.where(shown == INSTALL, (model >= 3).astype(np.int64), 2 + one_of(day.device, salt + 4, 4))
    outcome = np.searchsorted(np.cumsum([0.955, 0.025, 0.008, 0.008, 0.004])[:-1], chance(row, salt + 5), side="right")
    frame = {
        "login_id": numbered("L", 10_000_001 + row),
        "account_id": day.account,
        "at": stamps(day.at),
        "ip": ip,
        "asn": pd.arrays.IntegerArray(asn, asn < 0),
        "asn_kind": column((*KINDS, "unknown"), kind),
        "geo_country": column(("US", "NL"), (np.isin(seat.block, (10, 11)) & (chance(row, salt + 6) < 0.3)).astype(np.int64)),
        "geo_city": city,
        "geo_radius_km": np.where(seat.block < 4, 10, np.where(seat.block < 7, 100, 25)),
        "user_agent": column(AGENTS, agent),
        "device_id": column(ids, code),
        "session_id": objects(["se"]) + hexes(spread(row, salt + 7), words=3),
        "outcome": column(("ok", "bad_password", "mfa_fail", "reset", "locked"), outcome.astype(np.int64)),
    }
    return pd.DataFrame(frame, copy=False), table


def _devices(world: World, day: Day, shown: Ints, model: Ints, salt: int) -> tuple[Ints, Texts, pd.DataFrame]:
    """Name the devices as they showed themselves; gives each visit's name by place, names, table."""
    later = day.at >= UPGRADE
    # Browsers of one model and version look alike: one fingerprint stands for a few devices.
    alike = np.where(shown == PRINT, one_of(day.device, salt + 8, max(world.accounts // 3, 8)), day.device & (MAIN * 2 - 1))
    key = (alike << 3) | np.where(shown == PRINT, 2 + later, shown)
    known, first, code = np.unique(key, return_index=True, return_inverse=True)
    form = known & 7
    token = hexes(spread(known, salt + 9))
    ids = objects(["in-", "ck-", "fp-", "fp-"])[form] + token
    seen_last = np.zeros(len(known), dtype=np.int64)
    np.maximum.at(seen_last, code, day.at)
    kind = picked(("install", "cookie", "browser_fp", "browser_fp"), form)
    table = pd.DataFrame(
        {
            "device_id": ids,
            "kind": kind,
            "algo_version": picked(("app-7", "web-2", "print-3", "print-4"), form),
            "platform": picked([name for name, _ in MODELS], model[first]),
            "model": picked([name for _, name in MODELS], model[first]),
            "first_seen": stamps(day.at[first]),
            "last_seen": stamps(seen_last),
            "emulator": chance(known, salt + 10) < 0.004,
        },
        copy=False,
    )
    order = np.argsort(token, kind="stable")
    return code, ids, table.iloc[order].reset_index(drop=True)


def _city(world: World, day: Day, block: Ints) -> ExtensionArray:
    """Tell the city an address seems to be in: carriers and relays show their own."""
    salt = world.salt("cities")
    own = world.who["metro"][day.account]
    theirs = one_of(day.account, salt, len(metros()))
    far = (block >= 10) | ((block >= 4) & (block < 7) & (chance(day.account, salt + 1) < 0.4))
    return column([place.city for place in metros()], np.where(block == 11, NONE, np.where(far, theirs, own)))
