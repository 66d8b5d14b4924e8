"""Other ways of grouping accounts, beside which ours is measured: what people write first, and Fellegi-Sunter by EM."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tnskit.cleaning.market import Market

KINDS = ("phone", "email", "card", "payout", "device", "ip", "address", "licence", "tax_id")


def alone(market: Market) -> pd.Series:
    """Everyone alone."""
    ids = market.accounts["account_id"]
    return pd.Series(np.arange(len(ids)), index=ids)


def joined(market: Market, edges: pd.DataFrame) -> pd.Series:
    """Connected components of pairs of codes `a`, `b`."""
    size = len(market)
    matrix = coo_array((np.ones(len(edges), dtype=np.int8), (edges["a"], edges["b"])), shape=(size, size))
    return pd.Series(connected_components(matrix, directed=False)[1], index=market.accounts["account_id"])


def shared(market: Market, most: int | None = None) -> pd.Series:
    """Group by any shared identifier, or by those that at most so many accounts have."""
    bound = most or 10**9
    # A star a value is enough for components: every account with the first one there.
    edges = market.db.execute(
        "SELECT min(account) OVER (PARTITION BY value) AS a, account AS b FROM seen "
        "QUALIFY count(*) OVER (PARTITION BY value) BETWEEN 2 AND ?",
        [bound],
    ).df()
    return joined(market, edges)


def rarity(market: Market, *, from_: float = 1.0) -> pd.Series:
    """Group pairs whose shared identifiers add up: one over the accounts on each, less one (Adamic and Adar's idea)."""
    edges = market.db.execute(
        "WITH few AS (SELECT value, count(*) AS many FROM seen GROUP BY value HAVING count(*) BETWEEN 2 AND 50) "
        "SELECT x.account AS a, y.account AS b FROM few JOIN seen x USING (value) JOIN seen y USING (value) WHERE x.account < y.account "
        "GROUP BY ALL HAVING sum(1 / (many - 1)) > ?",
        [from_],
    ).df()
    return joined(market, edges)


def splink_em(market: Market, *, chance: float = 0.95) -> pd.Series:
    """Fellegi-Sunter with Splink 5: m and u by EM on the market, exact agreement of the main value of each kind, and of the name.

    Needs the extra `bench`. Splink logs and warns a lot; both are silenced here.
    """
    import logging

    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.disable(logging.WARNING)
    frame = _flat(market)
    kinds = [kind for kind in (*KINDS, "name") if kind in frame and frame[kind].notna().mean() > 0.02 and frame[kind].duplicated().any()]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="code",
        comparisons=[compare.ExactMatch(kind).configure(term_frequency_adjustments=True) for kind in kinds],
        blocking_rules_to_generate_predictions=[block_on(kind) for kind in kinds if kind not in {"ip", "name"}],
    )
    api: Any = DuckDBAPI()
    linker = Linker(api.register(frame), settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for kind in ("phone", "card", "device", "address"):
        # A round that comes to a probability of 0 stops, for that has no logarithm; what it would have taught is left to the other rounds.
        with contextlib.suppress(ValueError):
            if kind in kinds:
                linker.training.estimate_parameters_using_expectation_maximisation(block_on(kind))
    found = linker.inference.predict(threshold_match_probability=chance).as_pandas_dataframe()
    edges = found[["code_l", "code_r"]].set_axis(["a", "b"], axis=1)
    logging.disable(logging.NOTSET)
    return joined(market, edges)


def _flat(market: Market) -> pd.DataFrame:
    """One row an account, with its most used value of each kind, as such tools want it."""
    seen = market.db.execute(
        "SELECT account, kind, value FROM seen QUALIFY row_number() OVER (PARTITION BY account, kind ORDER BY days DESC, value) = 1"
    ).df()
    wide = seen[seen["kind"].isin(KINDS)].pivot_table(index="account", columns="kind", values="value", aggfunc="first")
    names = market.db.execute("SELECT code, nullif(array_to_string(legal_words, ' '), '') AS name FROM people ORDER BY code").df()
    return names.join(wide.astype("Int64").astype("string"), on="code")
