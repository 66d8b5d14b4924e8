"""What is true of each account."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.accounts import Account
from benchmarks.quality.newcomers.columns import values
from benchmarks.quality.newcomers.world import World


def truth(world: World, ids: np.ndarray) -> pd.DataFrame:
    """One row an account, by the ids it has in the export."""
    accounts = world.accounts
    mobile = {way.account for way in world.ways if world.networks[way.network].kind == "mobile"}
    return pd.DataFrame(
        {
            "account": ids,
            "person": [account.controller or account.person.id for account in accounts],
            "ring": values(accounts, "ring"),
            "abuser": values(accounts, "abuser", bool),
            "reason": [_reason(account, mobile) for account in accounts],
            "behaviour": values(accounts, "behaviour"),
            "group": values(accounts, "group"),
            "careful": values(accounts, "careful"),
            "person_before": values(accounts, "person_before"),
            "slips": [account.slips for account in accounts],
            "bought_reviews": [account.bought_reviews for account in accounts],
        }
    ).sort_values("account", ignore_index=True)


def _reason(account: Account, mobile: set[int]) -> str | None:
    """Why an innocent shares what others have."""
    if account.abuser:
        return None
    return account.reason or ("carrier" if account.number in mobile else None)
