"""networkx graphs of what was asked for, with the evidence on every edge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import networkx as nx
import numpy as np
import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.errors import UsageError
from tnskit.evidence.links import Links
from tnskit.findings.explain import labels_from

MOST = 500
"""Accounts in one graph. Assumption: past a few hundred a picture says nothing and networkx is slow to lay it out."""


def graph(
    links: Links,
    around: str | Iterable[str] | None = None,
    *,
    hops: int = 1,
    label: str = "possible",
    most: int = MOST,
    two_mode: bool = False,
) -> nx.Graph[str]:
    """Give the ego network of one account, of several, or the strongest links of the whole market.

    Args:
        links: What `link` gave.
        around: An account, several accounts (a ring), or None for the strongest pairs of the market.
        hops: Steps to go from there.
        label: Follow and show links of this label or above.
        most: At most so many accounts; the strongest are shown and `graph.graph["of"]` tells how many there are.
        two_mode: Give accounts *and* the identifiers they share as nodes, instead of account to account.

    Returns:
        A networkx.Graph. Accounts: `type` "account", `role`, `status`, `hops` (from the centre, -1 without one), `center`.
        Account to account: `score`, `label`, `families`, `benign`, `benign_score`, `shared`, `evidence` (JSON: one object
        per piece), `kinds` (of what counts, joined by "+"), `first`, `last` (days between which what they share was used).
        With `two_mode`: identifiers with `type` "identifier", `kind`, `shown`, `accounts`, and edges with `kind`, `points`,
        `first`, `last`. All attributes are text, numbers or booleans, so every networkx writer takes them.
        `graph.graph` has `shown`, `of` (accounts), `label`, `hops`, `mode`.

    Raises:
        UnknownAccountError: The market does not have an account.
        UsageError: No such label, or a negative number.
    """
    wanted = labels_from(label)
    if hops < 0 or most < 1:
        raise UsageError(f"hops={hops} and most={most} should be 0 or more and 1 or more")
    centres = [around] if isinstance(around, str) else list(around or [])
    if centres:
        reached = _reach(links, [links.code(name) for name in centres], hops, wanted)
    else:
        reached = _strongest(links, wanted)
    shown = dict(list(reached.items())[:most])
    return _graph(links, shown, label, two_mode, of=len(reached), hops=hops, centred=bool(centres))


def among(links: Links, shown: Mapping[int, int], *, label: str = "possible") -> tuple[nx.Graph[str], nx.Graph[str]]:
    """Give the graph of exactly these accounts and of what links them to each other.

    Args:
        links: What `link` gave.
        shown: Code of an account to its distance from what is asked about: 0 for what is asked about itself, -1 without such.
        label: Show links of this label or above.

    Returns:
        Two graphs as `graph` gives them: account to account, and accounts with the identifiers that they share.

    Raises:
        UsageError: No such label.
    """
    pairs = _pairs(links, list(shown), labels_from(label))
    pieces, centred = pieces_of(links, pairs), 0 in shown.values()
    made: list[nx.Graph[str]] = [nx.Graph(shown=len(shown), of=len(shown), label=label, mode=mode) for mode in ("accounts", "two-mode")]
    people, things = made
    names = _add_accounts(people, links, dict(shown), centred)
    things.add_nodes_from((name, dict(data)) for name, data in people.nodes(data=True))
    _add_links(people, pairs, pieces, names)
    _add_identifiers(things, links, pieces, names)
    return people, things


def _graph(links: Links, shown: dict[int, int], label: str, two_mode: bool, *, of: int, hops: int, centred: bool) -> nx.Graph[str]:
    pairs = _pairs(links, list(shown), labels_from(label))
    found: nx.Graph[str] = nx.Graph(shown=len(shown), of=of, label=label, hops=hops, mode="two-mode" if two_mode else "accounts")
    names = _add_accounts(found, links, shown, centred)
    pieces = pieces_of(links, pairs)
    if two_mode:
        _add_identifiers(found, links, pieces, names)
    else:
        _add_links(found, pairs, pieces, names)
    return found


def _reach(links: Links, start: list[int], hops: int, wanted: list[str]) -> dict[int, int]:
    """Accounts by their distance, nearest first, then strongest."""
    reached = dict.fromkeys(start, 0)
    edge = start
    for step in range(1, hops + 1):
        _, other, score = links.index.reach(edge, wanted)
        order = np.lexsort((other, -score))
        found, first = np.unique(other[order], return_index=True)
        found = found[np.argsort(first)]
        edge = [int(code) for code in found if int(code) not in reached]
        reached.update(dict.fromkeys(edge, step))
        if not edge:
            break
    return reached


def _strongest(links: Links, wanted: list[str]) -> dict[int, int]:
    """Accounts pair by pair, the strongest pair first, so that no cut parts the two."""
    found = links.engine.run("SELECT a, b FROM pair WHERE list_contains(?, label) ORDER BY score DESC, a, b", [wanted])
    return dict.fromkeys((int(code) for code in found.to_numpy().ravel()), -1)


def _pairs(links: Links, codes: list[int], wanted: list[str]) -> pd.DataFrame:
    """The pairs among some accounts, looked up under each of them."""
    found = links.index.neighbours(codes, wanted).rename(columns={"x": "a", "y": "b"})
    return found[(found["a"] < found["b"]) & found["b"].isin(codes)].sort_values(["a", "b"], ignore_index=True)


def pieces_of(links: Links, pairs: pd.DataFrame) -> pd.DataFrame:
    """Give the pieces of evidence of some pairs (`a`, `b`, as codes), those that count most first.

    Returns:
        DataFrame `a`, `b`, `value` (code of the identifier, or missing), `kind`, `family`, `shown`, `accounts`, `points`,
        `counted`, `rule`, `first_a`, `last_a`, `first_b`, `last_b`.
    """
    return links.engine.run(
        "SELECT c.a, c.b, c.value, c.kind, c.family, coalesce(i.shown, '') AS shown, c.accounts::BIGINT AS accounts, c.points, "
        "c.counted, c.rule, c.first_a, c.last_a, c.first_b, c.last_b FROM counted c JOIN asked_pairs q ON q.a = c.a AND q.b = c.b "
        "LEFT JOIN main.identifier i ON i.code = c.value ORDER BY c.a, c.b, abs(c.counted) DESC, c.points DESC, c.rule, shown",
        asked_pairs=pairs[["a", "b"]],
    )


def _add_accounts(found: nx.Graph[str], links: Links, shown: dict[int, int], centred: bool) -> dict[int, str]:
    people = links.index.people(shown)
    names: dict[int, str] = {}
    for (code, far), (name, role, status) in zip(shown.items(), people.itertuples(index=False), strict=True):
        names[code] = str(name)
        found.add_node(str(name), type="account", role=role, status=status, hops=far, center=centred and far == 0)
    return names


def _add_links(found: nx.Graph[str], pairs: pd.DataFrame, pieces: pd.DataFrame, names: dict[int, str]) -> None:
    told, days = _told(pieces), _days(pieces)
    for row in rows(pairs):
        records = told.get((row.a, row.b), [])
        kinds = sorted({str(one["kind"]) for one in records if one["shown"] and float(str(one["counted"])) > 0})
        first, last = days.get((row.a, row.b), ("", ""))
        found.add_edge(
            names[row.a], names[row.b], score=float(row.score), label=row.label, families=row.families, benign=row.benign,
            benign_score=float(row.benign_score), shared=int(row.shared), kinds="+".join(kinds), first=first, last=last,
            evidence=json.dumps(records, ensure_ascii=False),
        )  # fmt: skip


def _told(pieces: pd.DataFrame) -> dict[tuple[int, int], list[dict[str, object]]]:
    """The pieces of each pair as plain records."""
    names = ["kind", "family", "shown", "accounts", "points", "counted", "rule"]
    found: dict[tuple[int, int], list[dict[str, object]]] = {}
    for a, b, record in zip(pieces["a"], pieces["b"], pieces[names].to_dict("records"), strict=True):
        found.setdefault((a, b), []).append({str(key): value for key, value in record.items()})
    return found


def _days(pieces: pd.DataFrame) -> dict[tuple[int, int], tuple[str, str]]:
    """The days between which what each pair shares was used, where that is known."""
    seen = pieces[pieces["counted"] > 0]
    spans = pd.DataFrame({
        "a": seen["a"], "b": seen["b"], "first": seen[["first_a", "first_b"]].min(axis="columns"),
        "last": seen[["last_a", "last_b"]].max(axis="columns"),
    }).groupby(["a", "b"]).agg(first=("first", "min"), last=("last", "max"))  # fmt: skip
    return {key: (_day(first), _day(last)) for key, first, last in zip(spans.index, spans["first"], spans["last"], strict=True)}


def _add_identifiers(found: nx.Graph[str], links: Links, pieces: pd.DataFrame, names: dict[int, str]) -> None:
    """Add each shared identifier once, and an edge from every shown account that has it."""
    values = pieces[pieces["value"].notna() & (pieces["points"] > 0)]
    best = values.groupby("value")["points"].max()
    for row in rows(values.drop_duplicates("value")):
        found.add_node(row.shown, type="identifier", kind=row.kind, shown=row.shown, accounts=int(row.accounts))
    shown = dict(zip(values["value"], values["shown"], strict=True))
    seen = links.engine.run(
        "SELECT s.account, s.value, s.kind, s.first_at, s.last_at FROM main.seen s JOIN asked_values v ON v.value = s.value "
        "JOIN asked_accounts a ON a.account = s.account ORDER BY s.value, s.account",
        asked_values=pd.DataFrame({"value": best.index.astype("int64")}),
        asked_accounts=pd.DataFrame({"account": np.fromiter(names, dtype=np.int64)}),
    )
    for row in rows(seen):
        found.add_edge(
            names[row.account], shown[row.value], kind=row.kind, points=float(best[row.value]), first=_day(row.first_at),
            last=_day(row.last_at),
        )  # fmt: skip


def _day(moment: object) -> str:
    return "" if pd.isna(moment) else f"{pd.Timestamp(str(moment)):%Y-%m-%d}"  # type: ignore[call-overload]  # any scalar
