"""Company: with whom else two accounts hang together, which says how common an ordinary reason is.

Who holds several accounts is likelier to hold one more. Two accounts that hang together with nobody else mostly share what they
share for an ordinary reason, however many points it makes: a home, a card that was lent, a handset that was sold. And one person is
one person: who is strongly linked to the same third account is linked by it, whatever the two share themselves.

It changes how likely one person is, never a score, a label or a group: what others do is no evidence of what two accounts share.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tnskit.cleaning.hashes import Ints
from tnskit.evidence.arrays import spread
from tnskit.evidence.groups import INNOCENT
from tnskit.evidence.links import Links
from tnskit.evidence.rules import LABELS

WORDS = (
    "Neither is strongly linked to a third account, which makes an ordinary reason likelier.",
    "One of them is strongly linked to a third account, the other is not.",
    "Each is strongly linked to a third account, but not to the same.",
    "Both are strongly linked to the same third account.",
)
"""What is said of each company, in the order of `Rules.company`."""


def company(strong: pd.DataFrame, a: Ints, b: Ints) -> Ints:
    """Say with whom else the two of each pair are strongly linked.

    Args:
        strong: Pairs of codes `a`, `b`, each once, that are strong and not more likely innocent.
        a: Codes of one account of each pair asked about.
        b: Codes of the other.

    Returns:
        One number a pair: 0 neither with anybody else, 1 one of them, 2 each, 3 both with the same third account.
    """
    low, high = strong["a"].to_numpy(np.int64), strong["b"].to_numpy(np.int64)
    size = 1 + int(max(np.max(codes, initial=0) for codes in (low, high, a, b)))
    keys = np.sort(np.concatenate([low * size + high, high * size + low]))
    starts = np.searchsorted(keys, np.arange(size + 1, dtype=np.int64) * size)
    others = np.diff(starts)
    itself = np.isin(a * size + b, keys)
    found = (others[a] > itself).astype(np.int64) + (others[b] > itself)
    each = np.flatnonzero(found == 2)
    pair = np.repeat(each, others[a[each]])
    third = keys[spread(starts, a[each])] % size
    found[pair[np.isin(b[pair] * size + third, keys)]] = 3
    return found


def company_of(links: Links, pairs: pd.DataFrame) -> Ints:
    """Give the company of pairs told by account id in `a` and `b`; an account that the links do not have hangs with nobody."""
    ids = links.engine.run("SELECT account_id, survivor FROM main.people ORDER BY code")
    survivor = np.append(ids["survivor"].to_numpy(np.int64), len(ids))
    a, b = (survivor[pd.Index(ids["account_id"]).get_indexer(pairs[side])] for side in ("a", "b"))
    strong = links.engine.run("SELECT a, b FROM pair WHERE label = $1 AND benign_score < $2", [LABELS[-1], INNOCENT])
    return company(strong, a, b)


def company_beside(links: Links, x: int, y: int) -> int:
    """Give the company of two codes, of which only the neighbours are read."""
    near = links.index.neighbours([x, y], LABELS[-1:])
    near = near[near["benign_score"] < INNOCENT]
    ends = pd.DataFrame({"a": near[["x", "y"]].min(axis=1), "b": near[["x", "y"]].max(axis=1)}).drop_duplicates()
    return int(company(ends, np.array([x], dtype=np.int64), np.array([y], dtype=np.int64))[0])
