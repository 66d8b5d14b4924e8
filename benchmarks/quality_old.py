"""How well links tell people apart, on made-up markets whose truth is known: ours beside what people usually write.

    python benchmarks/quality.py --accounts 2000 --seeds 11 12 13

Two accounts belong together if one person holds both. Prints, for each way of grouping: pairwise precision, recall and F1,
B-cubed F1, and innocents in groups that hold an abuser, per 100 abusers; and for the scores: average precision over pairs that
share something, and the area under the curve with which `benign_score` tells innocent sharers from one person.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

import tnskit as tns
from tnskit.cleaning.market import Market
from tnskit.evidence.links import Links
from tnskit.training.sample import sample


def shared_by_at_most(market: Market, most: int) -> pd.Series:
    """Group by any shared identifier that at most so many accounts have: what people write first."""
    seen = market.db.execute(
        "SELECT account, value FROM seen WHERE value IN (SELECT value FROM seen GROUP BY value HAVING count(*) BETWEEN 2 AND ?)",
        [most],
    ).df()
    size, values = len(market), int(seen["value"].max()) + 1 if len(seen) else 0
    edges = coo_array(
        (np.ones(len(seen), dtype=np.int8), (seen["account"], seen["value"] + size)),
        shape=(size + values,) * 2,
    )
    _, labels = connected_components(edges, directed=False)
    return pd.Series(labels[:size], index=market.accounts["account_id"])


def groups(links: Links, label: str) -> pd.Series:
    return links.clusters(label).set_index("account_id")["cluster_id"]


def pairs_in(sizes: pd.Series) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def grouped(found: pd.Series, truth: pd.DataFrame) -> dict[str, float]:
    """Score one grouping against the persons."""
    both = pd.DataFrame({"group": found, "person": truth["person_id"].reindex(found.index)})
    both["guilty"] = truth["part"].reindex(found.index).eq("guilty")
    cells = both.groupby(["group", "person"]).size()
    by_group, by_person = both.groupby("group").size(), both.groupby("person").size()
    right, made, true = pairs_in(cells), pairs_in(by_group), pairs_in(by_person)
    square = cells.to_numpy() ** 2
    precision_b = (square / by_group[cells.index.get_level_values(0)].to_numpy()).sum() / len(both)
    recall_b = (square / by_person[cells.index.get_level_values(1)].to_numpy()).sum() / len(both)
    many = both["group"].map(by_group) > 1
    held = both.loc[both["guilty"] & many, "group"].unique()
    hit = both["group"].isin(held) & ~both["guilty"]
    precision, recall = right / made if made else 1.0, right / true if true else 1.0
    return {
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / (precision + recall) if right else 0.0,
        "B-cubed F1": 2 * precision_b * recall_b / (precision_b + recall_b),
        "innocents per 100": 100 * hit.sum() / max(1, both["guilty"].sum()),
        "largest": float(by_group.max()),
    }


def average_precision(score: np.ndarray, right: np.ndarray) -> float:
    order = np.argsort(-score, kind="stable")
    hits = right[order]
    ranks = np.cumsum(hits) / (np.arange(len(hits)) + 1)
    return float(ranks[hits].mean()) if hits.any() else float("nan")


def auc(score: np.ndarray, positive: np.ndarray) -> float:
    ranks = pd.Series(score).rank().to_numpy()
    n, m = positive.sum(), (~positive).sum()
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m)) if n and m else float("nan")


def measure(accounts: int, seed: int) -> tuple[pd.DataFrame, dict[str, float]]:
    made = sample(accounts, seed=seed)
    truth = made.truth["accounts"].drop_duplicates("account_id").set_index("account_id")
    market = tns.load(made.tables)
    links = tns.link(market)
    ways = {f"any shared by at most {most}": shared_by_at_most(market, most) for most in (50, 10, 3)}
    ways |= {f"ours, {label}": groups(links, label) for label in ("possible", "likely", "strong")}
    pairs = links.pairs
    same = truth["person_id"].reindex(pairs["a"]).to_numpy() == truth["person_id"].reindex(pairs["b"]).to_numpy()
    scores = {
        "AP": average_precision(pairs["score"].to_numpy(), same),
        "benign AUC": auc(pairs["benign_score"].to_numpy(), ~same),
        "strong and not innocent, right": float(same[(pairs["label"] == "strong") & (pairs["benign_score"] < 0.5)].mean()),
    }
    return pd.DataFrame({name: grouped(found, truth) for name, found in ways.items()}).T, scores


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--accounts", type=int, default=2_000)
    asked.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    args = asked.parse_args()
    measured = [measure(args.accounts, seed) for seed in args.seeds]
    mean = sum(table for table, _ in measured) / len(measured)
    print(f"{args.accounts:,} accounts, mean of {len(measured)} seeds")
    print(mean.round(3).to_string())
    print(pd.DataFrame([scores for _, scores in measured], index=args.seeds).round(3).to_string())


if __name__ == "__main__":
    main()
