"""Dirt in what the team and its systems keep: accounts, messages, jobs, decisions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tnskit.training.stains import Stream, Tables, cells, put, some
from tnskit.training.text import Ints, objects


def merged_chain(t: Tables, draw: Stream) -> int:
    """A merged into B merged into C."""
    frame = t["accounts"]
    rows = _plain_accounts(frame, draw, 3)
    ids = cells(frame, rows, "account_id")
    put(frame, rows[:-1], "merged_into", ids[1:])
    return put(frame, rows[:-1], "status", "merged")


def merged_cycle(t: Tables, draw: Stream) -> int:
    """A merged into B merged into A."""
    frame = t["accounts"]
    rows = _plain_accounts(frame, draw, 2)
    put(frame, rows, "merged_into", cells(frame, rows, "account_id")[::-1])
    return put(frame, rows, "status", "merged")


def staff_and_tests(t: Tables, draw: Stream) -> int:
    """Accounts of staff and of tests."""
    frame = t["accounts"]
    rows = _plain_accounts(frame, draw, max(len(frame) // 250, 4))
    words = objects(["staff", "test"])[np.arange(len(rows)) % 2]
    put(frame, rows[1::2], "display_name", "Test Test")
    return put(frame, rows, "role", words)


def erased_users(t: Tables, draw: Stream) -> int:
    """Erased users whose rows elsewhere remain."""
    frame = t["accounts"]
    rows = _plain_accounts(frame, draw, max(len(frame) // 250, 2))
    for column in ("display_name", "legal_name", "birth_year", "referrer_account_id"):
        put(frame, rows, column, None)
    put(frame, rows, "status", "closed_by_user")
    put(frame, rows, "closed_at", "2025-11-30T09:00:00Z")
    return put(frame, rows, "erased_at", "2025-12-30T09:00:00Z")


def blank_names(t: Tables, draw: Stream) -> int:
    """N/A, none, test for a name."""
    rows = some(t["accounts"], draw, 0.01)
    return put(t["accounts"], rows, "display_name", objects(["N/A", "none", "test"])[draw.integers(0, 3, len(rows))])


def ghost_referrers(t: Tables, draw: Stream) -> int:
    """Invited by an account that is not there."""
    rows = some(t["accounts"], draw, 0.002, t["accounts"]["referrer_account_id"].notna())
    return put(t["accounts"], rows, "referrer_account_id", "A99999999")


def card_number_in_message(t: Tables, draw: Stream) -> int:
    """A (test) card number in a message."""
    rows = some(t["messages"], draw, 0.0005)
    return put(
        t["messages"],
        rows,
        "body_redacted",
        "You can charge my card 4242 4242 4242 4242, it is good until 09/27.",
    )


def door_codes(t: Tables, draw: Stream) -> int:
    """A door code in a message."""
    rows = some(t["messages"], draw, 0.004)
    return put(t["messages"], rows, "body_redacted", "The door code is 4471#, my son will let you in.")


def auto_replies(t: Tables, draw: Stream) -> int:
    """Automatic answers."""
    rows = some(t["messages"], draw, 0.02)
    return put(t["messages"], rows, "body_redacted", "Thanks for your message! We will answer within a day.")


def never_closed_jobs(t: Tables, draw: Stream) -> int:
    """A job that was done and never closed."""
    rows = some(t["jobs"], draw, 0.01, t["jobs"]["status"] == "completed")
    put(t["jobs"], rows, "completed_at", None)
    return put(t["jobs"], rows, "status", "hired")


def other_codes(t: Tables, draw: Stream) -> int:
    """Actions with the code `other`."""
    rows = some(t["actions"], draw, 0.02)
    return put(t["actions"], rows, "policy_code", "other")


def told_thrice(t: Tables, draw: Stream) -> int:
    """One event told over three channels."""
    frame = t["reports"]
    rows = some(frame, draw, 0.02)
    added = pd.concat([frame.iloc[rows], frame.iloc[rows]])
    added["report_id"] = objects([f"{x}{at}" for at, x in enumerate(added["report_id"])])
    added["channel"] = objects(["chat", "social"])[np.arange(len(added)) // max(len(rows), 1)]
    t["reports"] = pd.concat([frame, added], ignore_index=True)
    return 2 * len(rows)


def strange_appeals(t: Tables, draw: Stream) -> int:
    """An appeal from an address that is not on the account."""
    rows = some(t["appeals"], draw, 0.1)
    return put(t["appeals"], rows, "grounds", "I write from another address, I lost mine: second.box@post.example")


def signed_refunds(t: Tables, draw: Stream) -> int:
    """Refunds with a minus."""
    rows = some(t["payments"], draw, 0.004, t["payments"]["kind"] == "refund")
    return put(t["payments"], rows, "amount_minor", -cells(t["payments"], rows, "amount_minor").astype(np.int64))


def _plain_accounts(frame: pd.DataFrame, draw: Stream, count: int) -> Ints:
    """Draw accounts that nothing else was done to: free to be staff, merged or erased."""
    free = (frame["status"] == "active") & frame["merged_into"].isna() & frame["_free"] & frame["role"].isin(["customer", "pro"])
    rows = np.flatnonzero(free.to_numpy(dtype=bool) & frame["erased_at"].isna().to_numpy())
    return draw.choice(rows, size=min(count, len(rows)), replace=False).astype(np.int64)
