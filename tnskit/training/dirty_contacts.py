"""Dirt in what people typed about themselves: telephones, mail, cards, addresses, licences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tnskit.training.stains import Stream, Tables, cells, put, some
from tnskit.training.text import objects


def _domestic(frame: pd.DataFrame) -> pd.Series:
    return frame["phone_raw"].str.fullmatch(r"\+1\d{10}").fillna(False).astype(bool)


def placeholder_phones(t: Tables, draw: Stream) -> int:
    """000-000-0000, 123-456-7890 and the like."""
    fakes = objects(["000-000-0000", "111-111-1111", "123-456-7890", "555-555-0100", "(999) 999-9999", "0000000000"])
    rows = some(t["phones"], draw, 0.02)
    put(t["phones"], rows, "phone_e164", None)
    put(t["phones"], rows, "verified_at", None)
    return put(t["phones"], rows, "phone_raw", fakes[draw.integers(0, len(fakes), len(rows))])


def agent_phones(t: Tables, draw: Stream) -> int:
    """The support desk's own toll-free number on accounts."""
    rows = some(t["phones"], draw, 0.004)
    put(t["phones"], rows, "phone_e164", "+18885550142")
    put(t["phones"], rows, "line_type", "tollfree")
    return put(t["phones"], rows, "phone_raw", "888-555-0142")


def lost_plus(t: Tables, draw: Stream) -> int:
    """Numbers that lost their `+`."""
    rows = some(t["phones"], draw, 0.01, _domestic(t["phones"]))
    put(t["phones"], rows, "phone_e164", None)
    return put(t["phones"], rows, "phone_raw", objects([text[1:] for text in cells(t["phones"], rows, "phone_raw")]))


def spreadsheet_phones(t: Tables, draw: Stream) -> int:
    """Numbers that a spreadsheet made 1.8E+10."""
    rows = some(t["phones"], draw, 0.004, _domestic(t["phones"]))
    put(t["phones"], rows, "phone_e164", None)
    return put(
        t["phones"],
        rows,
        "phone_raw",
        objects([f"{float(x[1:]):.1E}" for x in cells(t["phones"], rows, "phone_raw")]),
    )


def old_brazilian_lines(t: Tables, draw: Stream) -> int:
    """+55 11 with eight digits, one line with the nine-digit form."""
    where = t["phones"]["phone_raw"].str.startswith("+5511").fillna(False).astype(bool)
    rows = some(t["phones"], draw, 0.002, where)
    old = objects([f"{text[:5]}{text[6:]}" for text in cells(t["phones"], rows, "phone_raw")])
    put(t["phones"], rows, "phone_e164", None)
    return put(t["phones"], rows, "phone_raw", old)


def old_mexican_lines(t: Tables, draw: Stream) -> int:
    """+52 1, one line with +52."""
    where = t["phones"]["phone_raw"].str.startswith("+52").fillna(False).astype(bool)
    rows = some(t["phones"], draw, 0.002, where)
    old = objects([f"+521{text[3:]}" for text in cells(t["phones"], rows, "phone_raw")])
    put(t["phones"], rows, "phone_e164", None)
    return put(t["phones"], rows, "phone_raw", old)


def no_mail(t: Tables, draw: Stream) -> int:
    """Noemail@."""
    rows = some(t["emails"], draw, 0.006)
    put(t["emails"], rows, "email_norm", None)
    put(t["emails"], rows, "domain", "none.example")
    return put(t["emails"], rows, "email_raw", "noemail@none.example")


def typo_domains(t: Tables, draw: Stream) -> int:
    """Mial for mail."""
    rows = some(t["emails"], draw, 0.006, t["emails"]["domain"] == "mail.example")
    old = cells(t["emails"], rows, "email_raw")
    put(t["emails"], rows, "email_norm", None)
    put(t["emails"], rows, "domain", "mial.example")
    return put(
        t["emails"],
        rows,
        "email_raw",
        objects([text.replace("mail.example", "mial.example") for text in old]),
    )


def spaced_mail(t: Tables, draw: Stream) -> int:
    """Capitals and a space in front."""
    rows = some(t["emails"], draw, 0.006)
    return put(
        t["emails"],
        rows,
        "email_raw",
        objects([f" {text.upper()}" for text in cells(t["emails"], rows, "email_raw")]),
    )


def short_last4(t: Tables, draw: Stream) -> int:
    """Last four `42` for `0042`."""
    where = t["instruments"]["last4"].str.startswith("0").fillna(False).astype(bool)
    rows = some(t["instruments"], draw, 0.05, where)
    return put(
        t["instruments"],
        rows,
        "last4",
        objects([str(int(x)) for x in cells(t["instruments"], rows, "last4")]),
    )


def short_years(t: Tables, draw: Stream) -> int:
    """Expiry years of two digits."""
    rows = some(t["instruments"], draw, 0.01)
    return put(t["instruments"], rows, "exp_year", cells(t["instruments"], rows, "exp_year").astype(np.int64) - 2000)


def device_card_tokens(t: Tables, draw: Stream) -> int:
    """A wallet shows the device's token, so one card has two fingerprints."""
    rows = some(t["instruments"], draw, 0.03, t["instruments"]["kind"] == "wallet")
    return put(
        t["instruments"],
        rows,
        "fingerprint",
        objects([f"dp{x[2:][::-1]}" for x in cells(t["instruments"], rows, "fingerprint")]),
    )


def reissued_cards(t: Tables, draw: Stream) -> int:
    """A new card for the old one, with a new fingerprint."""
    frame = t["instruments"]
    rows = some(frame, draw, 0.01, frame["kind"] == "card")
    added = frame.iloc[rows].copy()
    added["instrument_id"] = objects([f"{x}9" for x in added["instrument_id"]])
    added["fingerprint"] = objects([f"fp{x[2:][::-1]}" for x in added["fingerprint"]])
    added["exp_year"] = added["exp_year"] + 4
    t["instruments"] = pd.concat([frame, added], ignore_index=True)
    return len(rows)


def lost_units(t: Tables, draw: Stream) -> int:
    """An address without its unit."""
    rows = some(t["addresses"], draw, 0.01, t["addresses"]["unit"].notna())
    return put(t["addresses"], rows, "unit", None)


def short_zips(t: Tables, draw: Stream) -> int:
    """ZIP `2139` for `02139`."""
    where = t["addresses"]["postal"].str.startswith("0").fillna(False).astype(bool)
    rows = some(t["addresses"], draw, 0.02, where)
    return put(t["addresses"], rows, "postal", objects([x[1:] for x in cells(t["addresses"], rows, "postal")]))


def spelled_addresses(t: Tables, draw: Stream) -> int:
    """The same line in capitals with a full stop."""
    rows = some(t["addresses"], draw, 0.015)
    return put(
        t["addresses"],
        rows,
        "line1",
        objects([f"{x.upper()}." for x in cells(t["addresses"], rows, "line1")]),
    )


def typed_licences(t: Tables, draw: Stream) -> int:
    """Licence numbers with a prefix and a space."""
    rows = some(t["pro_profiles"], draw, 0.06, t["pro_profiles"]["licence_no"].notna())
    old = cells(t["pro_profiles"], rows, "licence_no")
    return put(t["pro_profiles"], rows, "licence_no", objects([f"Lic. # {x[:4]} {x[4:]}" for x in old]))


def stale_licences(t: Tables, draw: Stream) -> int:
    """A licence checked long ago."""
    rows = some(t["pro_profiles"], draw, 0.02, t["pro_profiles"]["licence_no"].notna())
    return put(t["pro_profiles"], rows, "licence_checked_at", "2024-01-02T00:00:01Z")
