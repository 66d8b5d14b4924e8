"""Figures of one way of linking against the truth of a made-up market.

"AP, rings apart" leaves out pairs of two people who run one ring together: they are two persons, and nobody could tell. "ECE, a ring one
hand" and the Brier score count them as one controller; "ECE" does not.

`truth` is a frame by `account_id`: `person_id` (who holds it), `part` (`guilty` or another word), `group` (the ring, or ""), `country`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

BINS = 10
"""Parts of a reliability curve."""

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


def pairs_in(sizes: pd.Series) -> int:
    """Count the pairs inside groups of these sizes."""
    return int((sizes * (sizes - 1) // 2).sum())


def f1(precision: float, recall: float) -> float:
    """The harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def grouped(found: pd.Series, truth: pd.DataFrame) -> dict[str, float]:
    """Score one grouping (account to group) against who is who."""
    both = truth.assign(found=found.reindex(truth.index))
    cells = both.groupby(["found", "person_id"]).size()
    by_group, by_person = both.groupby("found").size(), both.groupby("person_id").size()
    right, made, true = pairs_in(cells), pairs_in(by_group), pairs_in(by_person)
    square = cells.to_numpy() ** 2
    precision_b = (square / by_group[cells.index.get_level_values(0)].to_numpy()).sum() / len(both)
    recall_b = (square / by_person[cells.index.get_level_values(1)].to_numpy()).sum() / len(both)
    # B-cubed over those who have a second account or were grouped: everyone alone is right about everybody else.
    many = both["found"].map(by_group).gt(1) | both["person_id"].map(by_person).gt(1)
    precision, recall = right / made if made else 1.0, right / true if true else 1.0
    return {
        "pair precision": precision, "pair recall": recall, "pair F1": f1(precision, recall), "B-cubed F1": f1(precision_b, recall_b),
        "B-cubed F1, linked": _linked(both[many]), "largest": float(by_group.max()), **_harm(both, by_group),
    }  # fmt: skip


def _linked(both: pd.DataFrame) -> float:
    if both.empty:
        return 1.0
    cells = both.groupby(["found", "person_id"]).size()
    square = cells.to_numpy() ** 2
    group, person = both.groupby("found").size(), both.groupby("person_id").size()
    precision = (square / group[cells.index.get_level_values(0)].to_numpy()).sum() / len(both)
    recall = (square / person[cells.index.get_level_values(1)].to_numpy()).sum() / len(both)
    return f1(precision, recall)


def _harm(both: pd.DataFrame, by_group: pd.Series) -> dict[str, float]:
    guilty = both["part"].eq("guilty")
    many = both["found"].map(by_group) > 1
    held = both.loc[guilty & many, "found"].unique()
    hit = both["found"].isin(held) & ~guilty
    # A ring of one hand: somebody holds two of its accounts; partners who share nothing but money are several hands.
    ring = both[guilty & both["group"].ne("")]
    held_twice = ring.groupby(["group", "person_id"]).size()
    ring = ring[ring["group"].isin(held_twice[held_twice >= 2].index.get_level_values(0))]
    inside = ring.groupby(["group", "found"]).size()
    whole, size = ring.groupby("group").size(), by_group
    names, groups = inside.index.get_level_values(0), inside.index.get_level_values(1)
    caught = inside[(inside >= 2) & (inside >= whole[names].to_numpy() / 2) & (inside >= 0.8 * size[groups].to_numpy())]
    rings = int((whole >= 2).sum())
    with_own = ring.set_index(["group", "found"]).index.map(inside)
    return {
        "innocents per 100": 100 * float(hit.sum()) / int(guilty.sum()) if guilty.any() else float("nan"),
        "ring recall": caught.index.get_level_values(0).nunique() / rings if rings else float("nan"),
        "abusers covered": float((np.asarray(with_own) >= 2).mean()) if len(ring) else float("nan"),
    }


def average_precision(score: Floats, weight: Floats, same: Flags, missed: float = 0.0) -> float:
    """Area under precision and recall; `weight` of each pair, `missed` the weight of true pairs that were never made.

    Pairs of one score stand together: their order says nothing.
    """
    frame = pd.DataFrame({"score": score, "hit": weight * same, "all": weight})
    steps = frame.groupby("score").sum().sort_index(ascending=False).cumsum()
    total = float((weight * same).sum()) + missed
    gain = steps["hit"].diff().fillna(steps["hit"])
    return float((gain * steps["hit"] / steps["all"]).sum() / total) if total else float("nan")


def auc(score: Floats, positive: Flags) -> float:
    """Chance that a positive has the higher score; ties count half."""
    ranks = pd.Series(score).rank().to_numpy()
    n, m = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m)) if n and m else float("nan")


def ece(probability: Floats, same: Flags, *, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    frame = pd.DataFrame({"bin": place, "p": probability, "y": same})
    each = frame.groupby("bin").agg(p=("p", "mean"), y=("y", "mean"), n=("p", "size"))
    return float(((each["p"] - each["y"]).abs() * each["n"]).sum() / len(frame)) if len(frame) else 0.0


def curve(told: Floats, held: Flags) -> dict[str, float]:
    """Give, for each tenth of probability, the pairs in it and the sums of what was told and of what held; flat, for a table."""
    place = np.minimum((told * BINS).astype(int), BINS - 1)
    sums = {"pairs": np.bincount(place, minlength=BINS), "told": np.bincount(place, told, BINS), "held": np.bincount(place, held, BINS)}
    return {f"{what}, tenth {n}": float(values[n]) for what, values in sums.items() for n in range(BINS)}


def scored(pairs: pd.DataFrame, truth: pd.DataFrame, innocents: pd.DataFrame, sharing: pd.DataFrame) -> dict[str, float]:
    """Score the pairs: `sharing` holds the true pairs (`a`, `b`, `person_id`) that share something at all."""
    person = truth["person_id"]
    same = person.reindex(pairs["a"]).to_numpy() == person.reindex(pairs["b"]).to_numpy()
    each = sharing.groupby("person_id").size()
    balance = 1 / each.reindex(person.reindex(pairs["a"])).fillna(1.0).to_numpy()
    made = pd.MultiIndex.from_frame(pairs[["a", "b"]])
    lost = sharing[~pd.MultiIndex.from_frame(sharing[["a", "b"]]).isin(made)]
    score = pairs["score"].to_numpy(dtype=float)
    group = truth["group"]
    apart = (
        (group.reindex(pairs["a"]).to_numpy() == group.reindex(pairs["b"]).to_numpy()) & group.reindex(pairs["a"]).ne("").to_numpy() & ~same
    )
    result = {
        "AP, rings apart": average_precision(score[~apart], np.ones(int((~apart).sum())), same[~apart], float(len(lost))),
        "AP": average_precision(score, np.ones(len(pairs)), same, float(len(lost))),
        "AP balanced": average_precision(score, np.where(same, balance, 1.0), same, float((1 / each.reindex(lost["person_id"])).sum())),
        "strong precision": float(same[(pairs["label"] == "strong") & (pairs["benign_score"] < 0.5)].mean()),
    }
    if "probability" in pairs:
        p = pairs["probability"].to_numpy(dtype=float)
        one = same | apart
        result |= {"ECE": ece(p, same), "ECE, a ring one hand": ece(p, one), "Brier": float(((p - one) ** 2).mean())}
        result |= curve(p, one)
    return result | readings(pairs, same, innocents)


def readings(pairs: pd.DataFrame, same: Flags, innocents: pd.DataFrame) -> dict[str, float]:
    """How well `benign_score` tells innocent sharers from one person: over all, and by reason."""
    reason = pairs.merge(innocents, left_on=["a", "b"], right_on=["account_a", "account_b"], how="left")["reason"]
    reason = reason.where(~same)
    score = pairs["benign_score"].to_numpy(dtype=float)
    asked = reason.notna().to_numpy() | same
    each = {
        str(why): auc(score[same | (reason == why).to_numpy()], ~same[same | (reason == why).to_numpy()])
        for why in sorted(reason.dropna().unique())
    }
    return {
        "benign AUC": auc(score[asked], ~same[asked]),
        "benign AUC, mean of reasons": float(np.mean(list(each.values()))) if each else float("nan"),
        "benign AUC, worst reason": min(each.values(), default=float("nan")),
    } | {f"reason {why}": value for why, value in each.items()}


def exposed(found: pd.Series, pairs: pd.DataFrame, truth: pd.DataFrame) -> dict[str, float]:
    """Innocents who share something with an abuser: the share that stands in a group with one, over all and by country."""
    guilty = truth["part"].eq("guilty")
    both = pd.concat([pairs[["a", "b"]], pairs[["b", "a"]].set_axis(["a", "b"], axis=1)])
    near = both[guilty.reindex(both["b"]).to_numpy() & ~guilty.reindex(both["a"]).to_numpy()]["a"].unique()
    held = set(found[guilty.reindex(found.index)])
    hit = found.reindex(near).isin(held)
    by = hit.groupby(truth["country"].reindex(near).fillna("?").to_numpy()).agg(["mean", "size"])
    by = by[by["size"] >= 20]
    return {
        "exposed hit": float(hit.mean()) if len(hit) else 0.0 if guilty.any() else float("nan"),
        "exposed hit, worst country": float(by["mean"].max()) if len(by) else 0.0 if guilty.any() else float("nan"),
    }
