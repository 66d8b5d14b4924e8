"""Dirt in what machines wrote: networks, devices, moments, repeats."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tnskit.training.stains import Stream, Tables, cells, put, repeat, some
from tnskit.training.text import objects, stamps


def internal_ips(t: Tables, draw: Stream) -> int:
    """10.x, 100.64/10, 192.168.x and loopback logged for the client."""
    inside = objects(["10.0.3.17", "10.0.3.18", "100.64.12.9", "192.168.1.1", "127.0.0.1"])
    rows = some(t["logins"], draw, 0.016)
    put(t["logins"], rows, "asn", pd.NA)
    put(t["logins"], rows, "asn_kind", "unknown")
    return put(t["logins"], rows, "ip", inside[draw.integers(0, len(inside), len(rows))])


def forwarded_lists(t: Tables, draw: Stream) -> int:
    """An X-Forwarded-For list in the column."""
    where = ~t["logins"]["ip"].str.contains(":").fillna(True).astype(bool)
    rows = some(t["logins"], draw, 0.011, where)
    return put(t["logins"], rows, "ip", objects([f"{text}, 10.0.3.17" for text in cells(t["logins"], rows, "ip")]))


def mapped_ips(t: Tables, draw: Stream) -> int:
    """::ffff: in front of an IPv4 address."""
    where = ~t["logins"]["ip"].str.contains("[:,]").fillna(True).astype(bool)
    rows = some(t["logins"], draw, 0.011, where)
    return put(t["logins"], rows, "ip", objects([f"::ffff:{text}" for text in cells(t["logins"], rows, "ip")]))


def empty_prints(t: Tables, draw: Stream) -> int:
    """The fingerprint of nothing, shared by many."""
    rows = some(t["logins"], draw, 0.015)
    moments = cells(t["logins"], rows, "at")
    row = {
        "device_id": "d41d8cd98f00b204e9800998ecf8427e",
        "kind": "browser_fp",
        "algo_version": "print-3",
        "emulator": False,
    }
    row |= {"platform": None, "model": None, "first_seen": min(moments), "last_seen": max(moments)}
    common = {name: t["devices"][name].iloc[0] for name in ("source_system", "exported_at")}
    t["devices"] = pd.concat([t["devices"], pd.DataFrame([row | common])], ignore_index=True)
    return put(t["logins"], rows, "device_id", row["device_id"])


def support_logins(t: Tables, draw: Stream) -> int:
    """An agent who looked at an account as its user."""
    rows = some(t["logins"], draw, 0.003)
    put(t["logins"], rows, "user_agent", "Support/login-as-user")
    put(t["logins"], rows, "asn", 64621)
    put(t["logins"], rows, "asn_kind", "business")
    return put(t["logins"], rows, "ip", "30.12.0.10")


def retried_logins(t: Tables, draw: Stream) -> int:
    """One visit under two login ids."""
    frame = t["logins"]
    rows = some(frame, draw, 0.004)
    added = frame.iloc[rows].copy()
    added["login_id"] = objects([f"{x}9" for x in added["login_id"]])
    t["logins"] = pd.concat([frame, added], ignore_index=True)
    return len(rows)


def support_changes(t: Tables, draw: Stream) -> int:
    """Changes by support that say `user`."""
    where = t["security_events"]["actor"] == "support"
    rows = some(t["security_events"], draw, 0.01, where)
    return put(t["security_events"], rows, "actor", "user")


def midnight_spike(t: Tables, draw: Stream) -> int:
    """Visits at exactly 00:00:00."""
    rows = some(t["logins"], draw, 0.010)
    old = cells(t["logins"], rows, "at")
    return put(t["logins"], rows, "at", objects([f"{text[:10]}T00:00:00Z" for text in old]))


def epoch_dates(t: Tables, draw: Stream) -> int:
    """1970-01-01."""
    rows = some(t["phones"], draw, 0.001, t["phones"]["verified_at"].notna())
    return put(t["phones"], rows, "verified_at", "1970-01-01T00:00:00Z")


def future_dates(t: Tables, draw: Stream) -> int:
    """A visit years ahead."""
    rows = some(t["logins"], draw, 0.0002, least=2)
    return put(t["logins"], rows, "at", stamps(np.full(len(rows), 1_900_000_000, dtype=np.int64)))


def offset_times(t: Tables, draw: Stream) -> int:
    """+00:00 for Z."""
    rows = some(t["logins"], draw, 0.003)
    return put(
        t["logins"],
        rows,
        "at",
        objects([f"{x.removesuffix('Z')}+00:00" for x in cells(t["logins"], rows, "at")]),
    )


def near_repeats(t: Tables, draw: Stream) -> int:
    """A row again, one second later."""
    frame = t["phones"]
    rows = some(frame, draw, 0.004)
    added = frame.iloc[rows].copy()
    added["first_seen"] = objects([f"{text[:17]}{(int(text[17:19]) + 1) % 60:02d}Z" for text in added["first_seen"]])
    order = np.argsort(np.r_[np.arange(len(frame)), rows], kind="stable")
    t["phones"] = pd.concat([frame, added], ignore_index=True).iloc[order].reset_index(drop=True)
    return len(rows)


def exact_repeats(t: Tables, draw: Stream) -> int:
    """A row again."""
    repeat(t, "accounts", some(t["accounts"], draw, 0.0, least=2))
    names = ("phones", "emails", "logins", "jobs", "payments", "addresses")
    return 2 + sum(repeat(t, name, some(t[name], draw, 0.013)) for name in names)
