"""What is true in the made-up market, kept apart from it: who is who, who broke which rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tnskit.training.text import NONE, Ints, Texts, blanked, numbered, objects, picked, stamps
from tnskit.training.world import LANGUAGES, PARTS, POLICIES, START, World


def truth_tables(world: World, ids: Texts, fake: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Write the truth.

    Args:
        world: The market.
        ids: The id of each account.
        fake: `review_id` and `why` (`farm`, `bought`) of the reviews that are not genuine.
    """
    return {
        "accounts": _accounts(world, ids),
        "controllers": _controllers(world, ids),
        "clusters": _clusters(world, ids),
        "innocents": _innocents(world, ids),
        "reviews": fake,
    }


def _named(world: World, kind: str, numbers: Ints) -> Texts:
    """Name persons or households in an order that says nothing."""
    order = world.draw(f"names of {kind}").permutation(world.next.get(kind, world.accounts)).astype(np.int64)
    return numbered(kind[0].upper(), np.where(numbers >= 0, 100_000 + order[np.maximum(numbers, 0)], NONE))


def _accounts(world: World, ids: Texts) -> pd.DataFrame:
    who = world.who
    frame = pd.DataFrame(
        {
            "account_id": ids,
            "person_id": _named(world, "person", who["person"]),
            "household_id": _named(world, "household", who["household"]),
            "business_id": numbered("B", np.where(who["business"] >= 0, 700_000 + who["business"], NONE)),
            "cluster_id": numbered("C", np.where(who["cluster"] >= 0, who["cluster"] - world.accounts + 1_001, NONE)),
            "scheme": blanked(picked(world.schemes, who["scheme"]), who["scheme"] > 0),
            "part": picked(PARTS, who["part"]),
            "breach": picked(POLICIES, who["breach"]),
            "language": picked(LANGUAGES, who["language"]),
        },
        copy=False,
    )
    return frame.iloc[np.argsort(world.who["number"])].reset_index(drop=True)


def _controllers(world: World, ids: Texts) -> pd.DataFrame:
    """Tell who held an account when; an account that is not told of was its person's all the time."""
    rows = []
    for account, person, first, last in world.controllers:
        before = (account, world.who["person"][account], world.who["created"][account], first)
        after = (account, world.who["person"][account], last, np.full_like(last, NONE))
        rows += [before, (account, person, first, last), after]
    columns = [np.concatenate([np.zeros(0, np.int64), *(row[at] for row in rows)]) for at in range(4)]
    account, person, first, last = columns
    keep = first < START + 731 * 86_400
    order = np.lexsort((first, account))
    order = order[keep[order]]
    return pd.DataFrame(
        {
            "account_id": ids[account[order]],
            "person_id": _named(world, "person", person[order]),
            "from": stamps(first[order]),
            "to": stamps(last[order]),
        }
    )


def _clusters(world: World, ids: Texts) -> pd.DataFrame:
    inside = (world.who["cluster"] >= 0) & (world.who["part"] != PARTS.index("bystander"))
    members = np.flatnonzero(inside)
    members = members[np.argsort(world.who["cluster"][members], kind="stable")]
    cluster = world.who["cluster"][members]
    starts = np.flatnonzero(np.r_[True, cluster[1:] != cluster[:-1]]) if len(cluster) else np.zeros(0, np.int64)
    names = [" ".join(sorted(part.tolist())) for part in np.split(ids[members], starts[1:])] if len(cluster) else []
    number = cluster[starts]
    scheme: Texts = np.full(len(number), None, dtype=object)
    shares: Texts = np.full(len(number), None, dtype=object)
    guilty = np.zeros(len(number), dtype=bool)
    for first, count, name, bad, what in world.clusters:
        here = (number >= first) & (number < first + count)
        scheme[here], shares[here], guilty[here] = name, what, bad
    return pd.DataFrame(
        {
            "cluster_id": numbered("C", number - world.accounts + 1_001),
            "scheme": scheme,
            "guilty": guilty,
            "accounts": objects(names),
            "shares": shares,
        }
    )


def _innocents(world: World, ids: Texts) -> pd.DataFrame:
    one = np.concatenate([np.zeros(0, np.int64), *(a for a, _, _ in world.pairs)])
    other = np.concatenate([np.zeros(0, np.int64), *(b for _, b, _ in world.pairs)])
    reason = np.concatenate([np.zeros(0, object), *(np.full(len(a), why, dtype=object) for a, _, why in world.pairs)])
    a, b = ids[one], ids[other]
    swap = a > b
    frame = pd.DataFrame({"account_a": np.where(swap, b, a), "account_b": np.where(swap, a, b), "reason": reason})
    return frame.sort_values(["account_a", "account_b", "reason"], kind="stable").drop_duplicates().reset_index(drop=True)
