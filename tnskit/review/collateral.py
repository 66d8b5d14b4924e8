"""Who and what else a removal would hit, and what would follow from it."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.evidence.groups import INNOCENT
from tnskit.findings.explain import labels_from, lookup
from tnskit.review.question import Question, many

_GOOD = "('active', 'restricted', '')"
_SHOWN = 6


def collateral(q: Question) -> pd.DataFrame:
    """Count who and what else would be hit.

    Returns:
        DataFrame `what`, `count`, `detail`; one row for each that there is.
    """
    return pd.DataFrame([*_linked(q), *_own(q), *_money(q)], columns=["what", "count", "detail"])


def _linked(q: Question) -> list[tuple[str, int, str]]:
    near = list(lookup(q.links, q.account, label="likely")["account_id"])
    others = {name for name in (*q.group, *near) if name not in q.names}
    good = q.links.engine.run(
        f"SELECT account_id FROM main.people WHERE list_contains($1, account_id) AND status IN {_GOOD} ORDER BY 1", [sorted(others)]
    )["account_id"]
    return [("linked accounts in good standing", len(good), _some(list(good)))] if len(good) else []


def _own(q: Question) -> list[tuple[str, int, str]]:
    facts = q.ask(
        "SELECT (SELECT count(*) FROM public.jobs WHERE completed_at IS NULL AND cancelled_at IS NULL AND hired_at IS NOT NULL "
        "AND list_has_any($1, [customer_account_id, pro_account_id])) AS jobs, "
        "(SELECT count(*) FROM public.reviews WHERE list_contains($1, author_account_id)) AS written, "
        "(SELECT count(*) FROM public.reviews WHERE list_contains($1, subject_account_id)) AS received, "
        "(SELECT count(DISTINCT business_id) FROM public.business_members WHERE list_contains($1, account_id)) AS seats"
    ).iloc[0]
    told = [
        ("open jobs", facts["jobs"], "somebody waits for each"),
        ("reviews written", facts["written"], "they would lose their author"),
        ("reviews received", facts["received"], "the work behind them would vanish from view"),
        ("firms with a seat for it", facts["seats"], "colleagues depend on it"),
    ]
    return [(what, int(count), detail) for what, count, detail in told if count]


def _money(q: Question) -> list[tuple[str, int, str]]:
    held = q.ask(
        "SELECT coalesce(currency, '') AS currency, count(*) AS n, sum(amount_minor) AS total FROM public.payments "
        "WHERE list_contains($1, payee_id) AND hold_reason IS NOT NULL AND coalesce(status, '') NOT IN ('released', 'paid', 'settled') "
        "GROUP BY 1 ORDER BY 1"
    )
    sums = [f"{int(row.total) // 100:,}.{int(row.total) % 100:02} {row.currency}".strip() for row in rows(held)]
    return [("payments held for it", int(held["n"].sum()), f"{', '.join(sums)}; a removal does not forfeit them")] if len(held) else []


def what_if(q: Question) -> pd.DataFrame:
    """Say what would follow if the account were removed.

    Returns:
        DataFrame `what`, `accounts` (list), `detail`: who would then be linked to a removed account and was not before, and into what
        parts its group would fall.
    """
    return pd.DataFrame([*_next(q), *_parts(q)], columns=["what", "accounts", "detail"])


def _next(q: Question) -> list[tuple[str, list[str], str]]:
    """Those who would be the next to be looked at: linked at strong to this account and to no removed one."""
    strong = lookup(q.links, q.account, label="strong")
    mine = strong[(strong["benign_score"] < INNOCENT) & (strong["status"] != "removed")]["account_id"]
    already = q.links.engine.run(
        "WITH side AS (SELECT a AS me, b AS other, label, benign_score FROM pair UNION ALL SELECT b, a, label, benign_score FROM pair) "
        "SELECT DISTINCT x.account_id FROM side JOIN main.people x ON x.code = me JOIN main.people y ON y.code = other "
        "WHERE list_contains($1, x.account_id) AND label = 'strong' AND benign_score < $2 AND y.status = 'removed'",
        [list(mine), INNOCENT],
    )["account_id"]
    new = [name for name in mine if name not in set(already)]
    words = "would be linked to a removed account by this removal alone; that breaks no rule, and each would need a case of its own"
    return [("who would be next", new, words)] if new else []


def _parts(q: Question) -> list[tuple[str, list[str], str]]:
    """How the group of the account hangs together without it."""
    if len(q.group) < 3:
        return []
    pairs = q.links.engine.run(
        "SELECT x.account_id AS a, y.account_id AS b FROM pair JOIN main.people x ON x.code = pair.a JOIN main.people y ON y.code = pair.b "
        "WHERE list_contains($1, x.account_id) AND list_contains($1, y.account_id) AND list_contains($2, label) AND benign_score < $3 "
        "ORDER BY pair.a, pair.b",
        [list(q.group), labels_from("strong"), INNOCENT],
    )
    group: nx.Graph[str] = nx.Graph()
    group.add_nodes_from(name for name in q.group if name not in q.names)
    group.add_edges_from((a, b) for a, b in pairs.itertuples(index=False) if a in group and b in group)
    parts = sorted((sorted(part) for part in nx.connected_components(group)), key=lambda part: (-len(part), part))
    if len(parts) == 1:
        return [("its group would still hang together", parts[0], f"{many(len(parts[0]), 'account')} without it")]
    return [(f"its group would fall into {len(parts)} parts", part, many(len(part), "account")) for part in parts]


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
