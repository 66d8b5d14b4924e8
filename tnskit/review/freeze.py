"""Freezing: what a check saw, as plain values that a log can hold and that are the same whenever they are made again."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tnskit.review.precheck import Check
from tnskit.review.seals import canonical

LINKED = 50
"""Linked accounts that are kept row by row; all of them are in the digest."""


def freeze(check: Check) -> dict[str, Any]:
    """Give everything that a decision can rest on as plain values, masked as it was.

    Returns:
        `account`, `role`, `status`, `tz`, `country`, `locale`, `removed_on`, `now`, `verdict`, `sentence`, `stops`, `against`,
        `collateral`, `questions`, `not_found`, `cites`,
        `explanations`, `takeover`, `evasion`, `what_if`, `group`, `together`,
        `linked` (the strongest, with `of` and the digest of all), `basis`
        (None without a link; its pieces are called E1, E2 ...) and `reputation`, which a case keeps folded.
    """
    return {
        "account": check.account, "role": check.role, "status": check.status, "tz": check.tz,
        "country": check.country, "locale": check.locale, "removed_on": _plain(check.removed_on),
        "reads": list(check.reads), "now": _plain(check.now), "verdict": check.verdict,
        "sentence": check.sentence, "questions": list(check.questions), "not_found": list(check.not_found), "cites": dict(check.cites),
        "group": list(check.group), "together": list(check.together), "stops": records(check.stops), "against": records(check.against),
        "collateral": records(check.collateral), "explanations": records(check.explanations), "evasion": records(check.evasion),
        "what_if": records(check.what_if), "linked": {"rows": records(check.linked.head(LINKED)), **digest(check.linked)},
        "takeover": {"victim": check.takeover.victim, "sentence": check.takeover.sentence, "signs": records(check.takeover.signs),
                     "owner": records(check.takeover.owner)},
        "basis": _basis(check), "reputation": records(check._folded),
        "suspended_by": list(check.suspended_by),
    }  # fmt: skip


def _basis(check: Check) -> dict[str, Any] | None:
    told = check.basis
    if told is None:
        return None
    pieces = [{"id": f"E{place}", **row} for place, row in enumerate(records(told.evidence), 1)]
    return {
        "b": told.b, "score": _plain(told.score), "label": told.label, "families": told.families, "benign": told.benign,
        "benign_score": _plain(told.benign_score), "missing": list(told.missing), "bounds": _plain(told.bounds), "evidence": pieces,
    }  # fmt: skip


def digest(linked: pd.DataFrame) -> dict[str, Any]:
    """Give how many accounts are linked, and one digest of them all."""
    return {"of": len(linked), "sha256": sha256(records(linked))}


def sha256(value: Any) -> str:
    """Give the digest of plain values."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a frame as plain values."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in frame.itertuples(index=False, name=None)]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.tz_convert("UTC").isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else round(value, 9)
    return value if isinstance(value, str | int | bool) else str(value)
