"""Chains: accounts of which each shares one thing with the next and no two things with anybody; shown, never closed."""

from __future__ import annotations

import itertools
from typing import Any

import networkx as nx
import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.evidence.calibrate import likely, probability
from tnskit.evidence.links import Links

FEW = 4
"""Accounts on a value from which it makes no step of a chain. Assumption: a household and a guest."""

WIDEST = 40
"""Accounts that hang together by single things, above which they are a crowd and no chain. Assumption: no hand keeps track of more."""

_OWN = ["IDENTITY", "PAYMENT", "DEVICE", "CONTACT", "PLACE", "NETWORK"]
"""Families that make a step; a licence or a tax number is a firm's, and firms are chains of their own."""

_STEPS = """
WITH thing AS (
  SELECT a, b, arg_max(kind, counted) AS kind, max(counted) AS counted FROM counted
  WHERE counted > 0 AND value IS NOT NULL AND accounts <= $1 AND list_contains($2, family) GROUP BY a, b)
SELECT x.account_id AS a, y.account_id AS b, kind, score, label, families, benign, benign_score
FROM thing JOIN pair USING (a, b) JOIN main.people x ON x.code = a JOIN main.people y ON y.code = b ORDER BY thing.a, thing.b
"""

_LIVES = """
SELECT p.account_id, coalesce(strftime(life.born, '%Y-%m-%d'), '') AS since, removed.account IS NOT NULL AND NOT removed.reversed AS gone
FROM main.people p JOIN life ON life.account = p.survivor LEFT JOIN removed ON removed.account = p.survivor
WHERE list_contains($1, p.account_id)
"""

_WORDS = {"ip": "network", "payout": "bank account", "email": "mailbox", "identity": "document"}


def chains(links: Links, *, least: int = 3, chance: float = 0.25) -> pd.DataFrame:
    """Give the chains of different things: A and B share a phone, B and C a card, C and D a network, and no more.

    Two people who lend each other a thing make one step of a chain, and chance makes a second; so a chain is a question, not a
    finding. It never makes a ring, carries no points, and its ends are not linked. What to look at is what the whole has that
    no step has: things of different kinds, lives one after the other, earlier members removed.

    Args:
        links: What `link` gave.
        least: Leave out chains of fewer accounts.
        chance: Leave out steps that are less likely one person by what they share alone (0 to 1), whoever else the two are linked to.
            Assumption: one in four is worth a look.

    Returns:
        DataFrame, the one most worth a look first: `chain_id`, `accounts` (list, in order), `size`, `told` ("A – B by phone, B – C by
        card"), `weakest` (the step that is least likely one person, in words), `chance` (how likely that step is, 0 to 1: the whole is
        at most this likely), `benign` and `benign_score` (innocent reading of that step), `kinds` (different kinds of things), `removed`
        (members removed), `in_turn` (whether each was opened after the one before), `since` (text, UTC: the first day).

    Raises:
        UsageError: An engine without the tables of these links.
    """
    found = links.engine.run(_STEPS, [FEW, _OWN])
    found = found[probability(links.rules, found) >= chance]
    found = found.assign(chance=likely(links, found))
    groups = dict(links.clusters("strong").to_numpy().tolist())
    apart = found[[groups[a] != groups[b] for a, b in zip(found["a"], found["b"], strict=True)]]
    told = [row for walk in _walks(apart, least) if (row := _row(walk, links))]
    columns = ["accounts", "size", "told", "weakest", "chance", "benign", "benign_score", "kinds"]
    made = _lived(links, pd.DataFrame(told, columns=columns))
    made = made.sort_values(["removed", "in_turn", "kinds", "chance", "chain_id"], ascending=[False, False, False, False, True])
    return made.reset_index(drop=True)


def _walks(steps: pd.DataFrame, least: int) -> list[list[Any]]:
    """The longest walk over the surest steps of each part that hangs together; no part of a crowd."""
    net: nx.Graph[str] = nx.Graph()
    for row in rows(steps):
        net.add_edge(row.a, row.b, chance=row.chance, row=row)
    walks = []
    for part in nx.connected_components(net):
        if not least <= len(part) <= WIDEST:
            continue
        tree = nx.maximum_spanning_tree(net.subgraph(sorted(part)), weight="chance")
        ends = _farthest(tree, _farthest(tree, min(part)))
        way = nx.shortest_path(tree, _farthest(tree, ends), ends)
        if len(way) >= least:
            walks.append([tree.edges[a, b]["row"] for a, b in itertools.pairwise(way)])
    return walks


def _farthest(tree: nx.Graph[str], start: str) -> str:
    steps: dict[str, int] = dict(nx.single_source_shortest_path_length(tree, start))
    return max(sorted(steps), key=lambda name: steps[name])


def _row(walk: list[Any], links: Links) -> tuple[object, ...] | None:
    """Describe a walk; one whose steps are all by one kind of thing is a crowd on that kind, no careful hand."""
    kinds = {step.kind for step in walk}
    if len(kinds) < 2:
        return None
    ends = [{step.a, step.b} for step in walk]
    first = next(iter(ends[0] - ends[1]))
    way = [first]
    for step in walk:
        way.append(step.b if step.a == way[-1] else step.a)
    if links.code(way[0]) > links.code(way[-1]):
        way, walk = way[::-1], walk[::-1]
    steps = [f"{a} – {b} by {_WORDS.get(step.kind, step.kind)}" for (a, b), step in zip(itertools.pairwise(way), walk, strict=True)]
    at = min(range(len(walk)), key=lambda n: walk[n].chance)
    weak = walk[at]
    return way, len(way), ", ".join(steps), steps[at], round(weak.chance, 4), weak.benign, float(weak.benign_score), len(kinds)


def _lived(links: Links, made: pd.DataFrame) -> pd.DataFrame:
    """Add what the members' lives tell of the whole."""
    lives = links.engine.run(_LIVES, [sorted({name for way in made["accounts"] for name in way})]).set_index("account_id")
    since = [[str(lives["since"].get(name, "")) for name in way] for way in made["accounts"]]
    made.insert(0, "chain_id", [f"C-{min(way)}" for way in made["accounts"]])
    made["removed"] = pd.Series([int(lives["gone"].reindex(way).fillna(False).sum()) for way in made["accounts"]], dtype="int64")
    made["in_turn"] = pd.Series([all(days) and days in (sorted(days), sorted(days, reverse=True)) for days in since], dtype=bool)
    made["since"] = [min((day for day in days if day), default="") for days in since]
    return made
