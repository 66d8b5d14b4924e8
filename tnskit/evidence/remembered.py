"""What people decided and the next run obeys: values that many share are set aside, two people stay two.

Both come from the exported tables `suppressions` and `dissociations` and from a case log; both are remembered by keyed token.
"""

from __future__ import annotations

import hashlib
from typing import Protocol

import pandas as pd

from tnskit.cleaning.keys import Key, keys, read
from tnskit.cleaning.market import Market, rows
from tnskit.cleaning.tokens import matching
from tnskit.evidence.engine import Engine

DECISIVE = """-- what two people decided outweighs whatever the data says
UPDATE counted SET counted = least(points, -total), points = least(points, -total)
FROM (SELECT a AS x, b AS y, sum(counted) AS total FROM counted WHERE counted > 0 GROUP BY a, b)
WHERE a = x AND b = y AND rule = 'dissociated'
"""
"""Without it a pair with more points than the rule takes away would be linked again by the next run."""


class Remembered(Protocol):
    """What remembers suppressions and dissociations: a `CaseLog` does."""

    @property
    def head(self) -> str:
        """How far the log went."""

    def suppressions(self) -> pd.DataFrame:
        """Give `kind`, `token`, `why`, `expires_at` (UTC) of the values that were set aside."""

    def dissociations(self) -> pd.DataFrame:
        """Give `token_a`, `token_b`, `part_a`, `part_b` and `second` of the pairs that are not one person; without a second, "" there."""


_MOMENT = """
SELECT coalesce((SELECT max(exported_at) FROM public.accounts), (SELECT max(last_at) FROM main.seen), TIMESTAMP '2000-01-01') AS now
"""


def moment(engine: Engine) -> pd.Timestamp:
    """Give the day of the export, which what runs out is judged by: the same files give the same links on any day."""
    return pd.Timestamp(engine.run(_MOMENT)["now"].iloc[0], tz="UTC")


def obey(engine: Engine, market: Market, log: Remembered | None) -> dict[str, str]:
    """Write the tables `suppressed` (value, why) and `apart` (a, b) that the steps of linking read.

    Args:
        engine: Where to.
        market: The market.
        log: What remembers besides the exported tables.

    Returns:
        What a memo has to cite: the head of the log, and a digest of what was obeyed; empty where nothing was.
    """
    aside = _suppressed(engine, market, log)
    pairs = _apart(engine, log)
    engine.run("CREATE OR REPLACE TABLE suppressed AS SELECT value::BIGINT AS value, why FROM frame WHERE why <> ''", frame=aside)
    engine.run("CREATE OR REPLACE TABLE apart AS SELECT a::BIGINT AS a, b::BIGINT AS b FROM frame WHERE a >= 0", frame=pairs)
    real = aside[aside["why"] != ""], pairs[pairs["a"] >= 0]
    if not any(len(frame) for frame in real):
        return {}
    text = "".join(frame.to_csv(index=False) for frame in real)
    return {"log": log.head if log is not None else "", "obeyed": hashlib.sha256(text.encode()).hexdigest()}


def _suppressed(engine: Engine, market: Market, log: Remembered | None) -> pd.DataFrame:
    told = engine.run("SELECT kind, token, value, why, expires_at FROM main.marked ORDER BY ALL")
    frames = [told, *([log.suppressions()] if log is not None else [])]
    now, found = moment(engine), dict[int, str]()
    for place, frame in enumerate(frames):
        dated = frame.assign(expires_at=pd.to_datetime(frame["expires_at"], utc=True))
        live = dated[dated["expires_at"].isna() | (dated["expires_at"] > now)]
        for (kind, why, until), some in live.groupby(["kind", "why", "expires_at"], dropna=False, sort=True):
            ends = "" if str(until) == "NaT" else f", until {str(until)[:10]}"
            words = f"suppressed: shared by {_SHARED.get(str(why), 'many')}{ends}"
            # what the log remembers cannot be obeyed without a key, and that is told; the export may be another team's
            tokens = list(some["token"].dropna())
            values = some["value"].dropna().tolist() if "value" in some else []
            for value in (*values, *matching(market, str(kind), tokens, keys() if place else read())):
                found[int(value)] = words
    lines = sorted(found.items()) or [(-1, "")]
    return pd.DataFrame(lines, columns=["value", "why"])


def account_token(account: str, key: Key) -> str:
    """Give the keyed token of an account, in the form of those of identifiers."""
    digest = key.digest("account")
    digest.update(account.encode())
    return f"tns1_{key.id}_{digest.hexdigest()}"


_SHARED = {
    "household": "a household", "office": "an office", "school": "a school", "cgnat": "a carrier's customers",
    "call_centre": "a call centre",
    "mail_agent": "a mail agent's customers", "proxy_number": "the platform's own numbers",
}  # fmt: skip


def _apart(engine: Engine, log: Remembered | None) -> pd.DataFrame:
    """The pairs of accounts that two people said are not one person, as codes."""
    told = log.dissociations() if log is not None else pd.DataFrame(columns=["second"])
    told = told[told["second"] != ""]
    if told.empty:
        return pd.DataFrame({"a": [-1], "b": [-1]})
    parts = sorted({*told["part_a"], *told["part_b"]})
    near = engine.run(
        "SELECT survivor AS code, account_id FROM main.people WHERE list_contains(?, left(md5(account_id), 4)) ORDER BY code", [parts]
    )
    held = keys()
    known = {account_token(str(row.account_id), key): int(row.code) for row in rows(near) for key in held}
    pairs = [(known.get(row.token_a, -1), known.get(row.token_b, -1)) for row in rows(told)]
    found = sorted({(min(pair), max(pair)) for pair in pairs if -1 not in pair and pair[0] != pair[1]})
    return pd.DataFrame(found or [(-1, -1)], columns=["a", "b"])
