"""What pros told about themselves: `pro_profiles` and `business_members`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tnskit.training.metros import metros
from tnskit.training.people import TRADES
from tnskit.training.text import (
    DAY,
    NONE,
    Ints,
    blanked,
    chance,
    dates,
    hexes,
    numbered,
    one_of,
    picked,
    spread,
    stamps,
)
from tnskit.training.world import END, World


def pro_profiles(world: World) -> pd.DataFrame:
    """Write the table `pro_profiles`; the pros of an office work under one licence."""
    draw = world.draw("profiles")
    pro = np.flatnonzero(np.isin(world.who["role"], (1, 2)))
    count, salt, firm = len(pro), world.salt("licences"), world.who["business"][pro]
    together = np.isin(pro, world.noted("licensed together"))
    licence = np.where(together, firm, pro)
    has = together | (chance(pro, salt) < 0.45)
    payer = np.where(firm >= 0, firm, world.who["person"][pro] + 10_000_000)
    metro = world.who["metro"][pro]
    rank = np.where(has, one_of(licence, salt + 3, 5), NONE)
    status = np.where(has, draw.integers(0, 5, count), NONE)
    checked = np.minimum(world.who["created"][pro] + 10 * DAY, END - DAY)
    until = END + draw.integers(-200, 300, count) * DAY
    vetted = np.searchsorted([0.9, 0.98], draw.random(count))
    return pd.DataFrame(
        {
            "account_id": pro,
            "trade": picked(TRADES, one_of(licence, salt + 2, len(TRADES))),
            "licence_no": numbered("", np.where(has, _licence_numbers(licence, salt + 1), NONE)),
            "licence_state": picked([place.region for place in metros()], np.where(has, metro, NONE)),
            "licence_class": picked(("A", "B", "C-10", "C-33", "C-36"), rank),
            "licence_status": picked(("active", "active", "active", "expired", "not_found"), status),
            "licence_checked_at": stamps(np.where(has, checked, NONE)),
            "insurance_expiry": dates(np.where(draw.random(count) < 0.6, until, NONE)),
            "background_status": picked(("clear", "pending", "consider"), vetted),
            "background_provider": "vetwell",
            "tax_id_token": blanked("tx" + hexes(spread(payer, salt + 4)), draw.random(count) < 0.6),
            "service_zips": picked([f"{x.zip3}01 {x.zip3}02 {x.zip3}14" for x in metros()], metro),
        },
        copy=False,
    )


def _licence_numbers(licence: Ints, salt: int) -> Ints:
    """Number the licences, ten digits each."""
    head = 100_000 + (spread(licence, salt) % np.uint64(899_999)).astype(np.int64)
    return head * 10_000 + licence % 10_000


def business_members(world: World) -> pd.DataFrame:
    """Write the table `business_members`: only the firms that told their seats."""
    who = np.sort(world.noted("seated"))
    firm = world.who["business"][who]
    owner = np.r_[True, firm[1:] != firm[:-1]] if len(who) else np.zeros(0, dtype=bool)
    seat = np.where(owner, 0, 1 + one_of(who, world.salt("seats in firms"), 3))
    return pd.DataFrame(
        {
            "business_id": numbered("B", 700_000 + firm),
            "account_id": who,
            "seat": picked(("owner", "manager", "office", "field"), seat),
            "from": stamps(world.who["created"][who]),
            "to": np.full(len(who), None, dtype=object),
        },
        copy=False,
    )
