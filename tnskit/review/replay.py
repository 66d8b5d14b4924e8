"""Replay: make the check of a memo again from the exports, and say what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from tnskit.cleaning.market import Market
from tnskit.errors import UnknownAccountError, UsageError
from tnskit.evidence.links import link
from tnskit.review.freeze import digest, freeze
from tnskit.review.precheck import LOGGED, Check, precheck

_FIELDS = ("score", "label", "families", "benign", "benign_score", "shared")


@dataclass(frozen=True)
class Replay:
    """What came of making a check again.

    Attributes:
        account: The account of the memo.
        differs: What differs, in sentences; empty where all is the same.
        pairs: How many pairs were compared.
        label: The label of the link that the case rests on, as it comes out now.
    """

    account: str
    differs: tuple[str, ...] = field(repr=False)
    pairs: int
    label: str

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.differs

    def __str__(self) -> str:
        if self.same:
            return f"{self.account}: the same. {self.pairs:,} pairs, label '{self.label}', stops and verdict as in the memo."
        return "\n".join([f"{self.account}: {len(self.differs)} things differ from the memo.", *(f"  {one}" for one in self.differs)])


class _Then:
    """A log as it stood when a check was made; what was remembered later is not obeyed."""

    def __init__(self, log: Any, linked: str, opened: int) -> None:
        self._log, self.head, self._opened = log, linked, opened
        self._linked = int(linked.partition(":")[0]) if linked else 0

    def suppressions(self) -> pd.DataFrame:
        """As they stood when the market was linked."""
        found: pd.DataFrame = self._log.suppressions(until=self._linked)
        return found

    def dissociations(self) -> pd.DataFrame:
        """As they stood when the market was linked."""
        found: pd.DataFrame = self._log.dissociations(until=self._linked)
        return found

    def decided(self, accounts: list[str]) -> pd.DataFrame:
        """What was decided before the case was opened."""
        found: pd.DataFrame = self._log.decided(accounts, until=self._opened)
        return found


def replay(record: Mapping[str, Any], market: Market, *, rule_file: str | None = None, log: Any = None) -> Replay:
    """Make the check of a memo again and compare it, piece by piece.

    Args:
        record: What `read_record` found in the memo.
        market: The exports, loaded as they were then.
        rule_file: The rule table, if it was one of your own.
        log: The case log, if the links of the memo obeyed one.

    Returns:
        Replay: what differs. Inputs and settings are named first, for they explain the rest.
    """
    cites, account = record["cites"], str(record["account"])
    head = str(cites.get("log", ""))
    then = _Then(log, head, int(record["opened"])) if log is not None else None
    links = link(market, most=int(cites["most"]), rule_file=rule_file, log=then)
    try:
        check = precheck(
            market, links, account, now=record["now"], reads=tuple(record["reads"]), log=then, together=record.get("together", ())
        )  # fmt: skip
    except UnknownAccountError:
        return Replay(account, (*_inputs(cites, market), f"account '{account}' is not in these exports"), 0, "")
    now = {**_inputs_of(check), **{key: value for key, value in check.cites.items() if not key.startswith("input ")}}
    told = [*_inputs(cites, market), *_settings(cites, now), *_basis(record, check), *_pairs(record, check), *_rest(record, check)]
    if (head or LOGGED in cites) and log is None:
        told.insert(0, "the check of the memo knew a case log; name it with --log")
    return Replay(account, tuple(told), len(check.linked), check.basis.label if check.basis else "no link")


def _inputs_of(check: Check) -> dict[str, str]:
    return {key: value for key, value in check.cites.items() if key.startswith("input ")}


def _inputs(cites: Mapping[str, str], market: Market) -> list[str]:
    now = {f"input {row.table}": row.sha256 for row in market.report.tables.itertuples() if row.sha256}
    then = {key: value for key, value in cites.items() if key.startswith("input ")}
    lines = []
    for key in sorted({*now, *then}):
        name = key.removeprefix("input ")
        if key not in now:
            lines.append(f"input: the table {name} is missing")
        elif key not in then:
            lines.append(f"input: the table {name} is new")
        elif now[key] != then[key]:
            lines.append(f"input: the table {name} has changed")
    # frames have no digest of their own; what was kept and set aside of them has one
    if not lines and cites.get("load_report") != market.report.sha256:
        lines.append("input: what was loaded has changed (another load report)")
    return lines


_NAMED = {
    "version": "tnskit", "rules": "the rule table", "rules_version": "the day of the rules", "most": "the bound for crowded values",
    "tz": "the zone of times without one", "region": "the region of phones", "obeyed": "what a case log remembers",
}  # fmt: skip


def _settings(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    lines = []
    for key, words in _NAMED.items():
        if then.get(key) != now.get(key):
            lines.append(f"setting: {words} was {_short(then.get(key))} and is {_short(now.get(key))}")
    return lines


def _short(value: Any) -> str:
    return str(value)[:16] if value else "nothing"


def _basis(record: Mapping[str, Any], check: Check) -> list[str]:
    then, now = record["basis"] or {}, freeze(check)["basis"] or {}
    lines = []
    for key in ("b", "label", "score", "families", "benign", "benign_score"):
        if then.get(key) != now.get(key):
            name = {"b": "other account", "benign": "innocent reading", "benign_score": "likelihood of the innocent reading"}.get(key, key)
            lines.append(f"link: the {name} was {_text(then.get(key))} and is {_text(now.get(key))}")
    if record["evidence"] != now.get("evidence", []) and then.get("b") == now.get("b"):
        lines.append(f"link: the evidence, {len(record['evidence'])} pieces then and {len(now.get('evidence', []))} now, differs")
    return lines


def _text(value: Any) -> str:
    return "nothing" if value is None or value == "" else f"'{value}'" if isinstance(value, str) else f"{value:g}"


def _pairs(record: Mapping[str, Any], check: Check) -> list[str]:
    then, now = record["linked"], digest(check.linked)
    if then["sha256"] == now["sha256"]:
        return []
    before = {row["account_id"]: row for row in then["rows"]}
    after = {row["account_id"]: row for row in freeze(check)["linked"]["rows"]}
    gone, new = sorted(set(before) - set(after)), sorted(set(after) - set(before))
    lines = [f"pairs: {len(gone)} are gone: {', '.join(gone[:5])}"] if gone else []
    lines += [f"pairs: {len(new)} are new: {', '.join(new[:5])}"] if new else []
    moved = [name for name in before if name in after and any(before[name][key] != after[name][key] for key in _FIELDS)]
    lines += [f"pairs: with {name}, was {_told(before[name])} and is {_told(after[name])}" for name in sorted(moved)[:5]]
    return lines or [f"pairs: of {then['of']:,} linked accounts, role, status or one beyond the first {len(before)} differs"]


def _told(row: Mapping[str, Any]) -> str:
    return f"{row['label']}, {row['score']:g} points"


def _rest(record: Mapping[str, Any], check: Check) -> list[str]:
    codes = sorted(set(check.stops["code"]))
    lines = [f"stops: were {', '.join(record['stops']) or 'none'} and are {', '.join(codes) or 'none'}"] if codes != record["stops"] else []
    return [*lines, *([f"verdict: was '{record['verdict']}' and is '{check.verdict}'"] if check.verdict != record["verdict"] else [])]


def settings_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Give how the exports of a memo were loaded: `tz` and `region`.

    Raises:
        UsageError: The record does not tell.
    """
    cites = record["cites"]
    if not isinstance(cites, dict) or "region" not in cites or "most" not in cites:
        raise UsageError("the record of this memo does not tell its settings")
    return {"tz": None if cites.get("tz") in (None, "None") else str(cites["tz"]), "region": str(cites["region"])}
