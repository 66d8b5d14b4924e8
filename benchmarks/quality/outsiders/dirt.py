"""Dirt of the kinds that exports have, on finished tables: times, placeholders, swaps, duplicates, ghosts, Unicode, late rows."""

import unicodedata

import numpy as np
import pandas as pd

from benchmarks.quality.outsiders.tables import e164
from benchmarks.quality.outsiders.world import END

T0 = np.datetime64("2024-07-01T00:00:00", "s")
TIMES = (
    "created_at closed_at erased_at verified_at first_seen last_seen first_used last_used added_at removed_at at hired_at scheduled_for "
    "started_at completed_at cancelled_at sent_at deleted_at received_at decided_at effective_at expires_at notice_sent_at reversed_at "
    "from to licence_checked_at insurance_expiry"
).split()
JUNK_PHONES = [
    "000-000-0000",
    "0000000000",
    "1111111111",
    "123-456-7890",
    "555-0100",
    "(555) 555-0123",
    "N/A",
    "none",
    "999-999-9999",
    "",
    "test",
]
JUNK_MAILS = [
    "test@test.com",
    "noemail@noemail.com",
    "none@none.com",
    "na@na.com",
    "asdf@asdf.com",
    "unknown",
    "N/A",
    "customer@example.com",
]
JUNK_IPS = ["0.0.0.0", "127.0.0.1", "10.0.4.17", "10.0.4.18", "192.168.1.1", "100.64.0.9", "unknown", "", "::1"]


def clock(rng, days, mess, naive):
    """Days to text: one main form a column, then other forms with a zone; a few without one where the shape says so."""
    days = np.asarray(days, float)
    ok = ~np.isnan(days)
    stamp = T0 + np.round(np.where(ok, days, 0) * 86400).astype("timedelta64[s]")
    text = np.char.add(np.datetime_as_string(stamp, unit="s"), "Z").astype(object)
    roll = rng.random(len(days))
    for i in np.flatnonzero(roll < mess).tolist():
        iso, form = text[i][:-1], int(roll[i] / mess * 5)
        if form < 2:
            hours = (3, 5, 8, 6)[i % 4]
            text[i] = str(stamp[i] - np.timedelta64(hours, "h")) + f"-0{hours}:00"
        else:
            text[i] = (iso.replace("T", " ") + "+00:00", iso + ".250Z", iso.replace("T", " ") + " UTC")[form - 2]
    for i in np.flatnonzero(rng.random(len(days)) < naive).tolist():
        text[i] = text[i][:10] + " 00:00:00" if i % 2 else text[i].replace("Z", "")
    text[~ok] = None
    return text


def spoil(w, tables):
    """All of it, in the order in which it happens to a real export."""
    rng, dirt = w.rng, w.s["dirt"]
    for name, t in tables.items():
        t = t.reset_index(drop=True)
        for c in t.columns:
            if c in TIMES and t[c].dtype.kind == "f":
                t[c] = pd.Series(clock(rng, t[c], min(0.5, dirt * 3), w.s["naive_times"]), dtype=object)
        tables[name] = t
    placeholders(w, tables, dirt)
    swaps(w, tables, dirt)
    unicode(w, tables, dirt)
    for name, t in tables.items():
        tables[name] = stamp_rows(w, copies_and_ghosts(w, name, t, dirt))
    return tables


def some(rng, n, p):
    return np.flatnonzero(rng.random(n) < p)


def put(t, column, rows, values):
    if column in t.columns and len(rows):
        col = t[column].astype(object).to_numpy(copy=True)
        col[rows] = values
        t[column] = pd.Series(col, dtype=object, index=t.index)


def placeholders(w, tables, dirt):
    rng, add = w.rng, lambda options, n: np.array(options, object)[rng.integers(0, len(options), n)]
    p = tables["phones"]
    rows = some(rng, len(p), dirt / 3)  # trade figure: 2 % at 6 % dirt
    put(p, "phone_raw", rows, add(JUNK_PHONES, len(rows)))
    put(p, "phone_e164", rows, None)
    rows = some(rng, len(p), 0.03)  # trade figure: proxy numbers 3 %
    proxies = [w.phone(w.pick(w.cities), "proxy") for _ in range(max(4, w.size // 100))]
    chosen = rng.integers(0, len(proxies), len(rows))
    put(p, "phone_raw", rows, np.array([e164(proxies[i]) for i in chosen], object))
    put(p, "phone_e164", rows, np.array([e164(proxies[i]) for i in chosen], object))
    put(p, "line_type", rows, "proxy")
    rows = [i for i in some(rng, len(p), dirt / 12) if str(p["phone_raw"][i]).isdigit()]
    put(p, "phone_raw", rows, np.array([f"{float(p['phone_raw'][i]):.0f}.0" for i in rows], object))  # a spreadsheet was here
    m = tables["emails"]
    rows = some(rng, len(m), dirt / 5)
    put(m, "email_raw", rows, add(JUNK_MAILS, len(rows)))
    put(m, "email_norm", rows, None)
    put(m, "domain", rows, np.array([str(v).split("@")[-1] for v in m["email_raw"].to_numpy()[rows]], object))
    put(tables["instruments"], "fingerprint", some(rng, len(tables["instruments"]), dirt / 20), "e3b0c44298fc1c14")  # hash of nothing
    log = tables["logins"]
    rows = some(rng, len(log), dirt / 8)
    put(log, "ip", rows, add(JUNK_IPS, len(rows)))
    for rows, form in (
        (some(rng, len(log), dirt / 6), "::ffff:{}"),
        (some(rng, len(log), dirt / 10), "{}, 10.0.4.17"),
        (some(rng, len(log), dirt / 20), " {} "),
    ):
        rows = [i for i in rows if "." in log["ip"][i] and "," not in log["ip"][i] and not log["ip"][i].startswith(":")]
        put(log, "ip", rows, np.array([form.format(log["ip"][i]) for i in rows], object))
    put(log, "device_id", some(rng, len(log), dirt / 10), "00000000-0000-0000-0000-000000000000")
    a = tables.get("addresses")
    if a is not None:
        put(a, "line1", some(rng, len(a), dirt / 10), "N/A")


def swaps(w, tables, dirt):
    """Two columns exchanged, as when a clerk or an importer slips."""
    for name, left, right in (
        ("phones", "first_seen", "last_seen"),
        ("addresses", "city", "region"),
        ("addresses", "line1", "unit"),
        ("accounts", "display_name", "legal_name"),
        ("instruments", "exp_month", "exp_year"),
        ("emails", "email_raw", "domain"),
    ):
        t = tables.get(name)
        if t is not None and left in t.columns and right in t.columns:
            rows = some(w.rng, len(t), dirt / 15)
            a, b = t[left].astype(object).to_numpy(copy=True)[rows], t[right].astype(object).to_numpy(copy=True)[rows]
            put(t, left, rows, b)
            put(t, right, rows, a)


def unicode(w, tables, dirt):
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    jobs = (
        ("accounts", "display_name", lambda s: unicodedata.normalize("NFD", s)),
        ("accounts", "legal_name", lambda s: s.replace(" ", "\u00a0")),
        ("emails", "email_raw", lambda s: "\u200b" + s),
        ("phones", "phone_raw", lambda s: s.translate(wide)),
        ("phones", "phone_raw", lambda s: s.replace("-", "\u2011") + "\u200e"),
        ("addresses", "line1", lambda s: "  ".join(s.split(" ")) + "\u00a0"),
        ("accounts", "display_name", lambda s: s.encode().decode("latin-1")),
    )  # JosÃ©
    for name, column, change in jobs:
        t = tables.get(name)
        if t is not None and column in t.columns:
            col = t[column].to_numpy()
            rows = [i for i in some(w.rng, len(t), dirt / 6) if isinstance(col[i], str)]
            put(t, column, rows, np.array([change(col[i]) for i in rows], object))


def copies_and_ghosts(w, name, t, dirt):
    """Exact repeats and near repeats 1 % (trade figure), rows of accounts that are not there, then shuffled."""
    rng, parts = w.rng, [t]
    if len(t) < 5:
        return t
    parts.append(t.iloc[some(rng, len(t), dirt / 8)])
    if name == "logins":
        near = t.iloc[some(rng, len(t), dirt / 12)].copy()  # a retry, logged again under another id
        near["login_id"] = [str(v) + "r" for v in near["login_id"]]
        parts.append(near)
    if "account_id" in t.columns and name not in ("accounts", "business_members", "actions"):
        ghosts = t.iloc[some(rng, len(t), dirt / 25)].copy()
        made_up = [f"G{rng.integers(10**6)}" for _ in range(max(1, len(ghosts) // 3))]
        ghosts["account_id"] = [made_up[i % len(made_up)] if rng.random() < 0.95 else None for i in range(len(ghosts))]
        parts.append(ghosts)
    out = pd.concat([p.astype(object) for p in parts if len(p)], ignore_index=True) if len(parts) > 1 else t
    order = rng.permutation(len(out))
    return out.iloc[order].reset_index(drop=True)


def stamp_rows(w, t):
    """The three columns every table carries; one row in a hundred arrived with a later export."""
    rng, n = w.rng, len(t)
    text = t.astype(object).where(t.notna(), None)
    out = text.copy()
    out["source_system"] = rng.choice(["core", "core", "core", "warehouse"], n)
    late = (rng.random(n) < 0.01) * rng.integers(1, 4, n)
    out["exported_at"] = clock(rng, END + 0.25 + late, 0, 0)
    hashes = pd.util.hash_pandas_object(text.astype(str), index=False).to_numpy()
    out["row_hash"] = [f"{h:016x}" for h in hashes]
    return out.infer_objects()
