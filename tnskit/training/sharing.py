"""What accounts of a case share, written into rows that they have already; and the same in private for those who share nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tnskit.training.casefile import CaseFile, days
from tnskit.training.lives import SEEN, SPAN, VISITED, Dice, Life, Row, device, network, stamp

_VISITS = 4
"""Visits that a shared device or network is seen at."""
_LONG = 12
"""Visits from a thing that an account takes up as its own."""
Window = tuple[float, float]


def share(
    lives: dict[str, Life], case: CaseFile, one: dict[str, Any], base: dict[str, pd.DataFrame], luck: Dice
) -> tuple[str, frozenset[str]]:
    """Write one shared thing into rows that its accounts have already."""
    who, kind = case.named(one["who"]), one["kind"]
    when = {member: days(told) for name, told in one.get("days", {}).items() for member in case.named([name])}
    told = "ip" if kind == "ip" else "device" if kind == "cookie" else kind
    if kind in VISITED:
        owner = lives[who[0]]
        thing = _thing(one, luck, owner)
        for member in who:
            _visit(lives[member], VISITED[kind], thing, when.get(member), luck, times=_times(one))
        if one.get("others"):
            _others(base, thing, int(one["others"]), luck)
        return told, frozenset(lives[member].account for member in who)
    table, *columns = SEEN[kind]
    places = {member: _place(lives[member], kind, table) for member in who}
    owner = lives[one.get("owner", who[0])]
    source = owner.rows[table][places[owner.name]]
    for member in who:
        row = lives[member].rows[table][places[member]]
        row.update({column: source.get(column) for column in columns})
        row.update(one.get("cells", {}))
        if one.get("owner") and member != one["owner"]:
            row["name_match"] = "none"
        if table in SPAN and member in when:
            first, last = SPAN[table]
            row[first], row[last] = stamp(when[member][0]), stamp(when[member][1])
            if table == "phones":
                row["verified_at"] = stamp(when[member][0] + 0.01)
    return told, frozenset(lives[member].account for member in who)


def alike(lives: dict[str, Life], case: CaseFile, luck: Dice) -> None:
    """Give everybody who is asked about as many new devices and networks, in the same days, so that their number says nothing."""
    for kind in VISITED:
        usual: tuple[dict[str, Any], Window | None] = ({"kind": kind, "network": "residential"}, None)
        planted: dict[str, list[tuple[dict[str, Any], Window | None]]] = {name: [] for name, life in lives.items() if life.part.asked}
        for one in (one for one in case.shares if one["kind"] == kind):
            told = {member: days(window) for name, window in one.get("days", {}).items() for member in case.named([name])}
            for member in set(case.named(one["who"])) & set(planted):
                planted[member].append((one, told.get(member)))
        most = max(planted.values(), key=len) or [usual]
        for member in sorted(planted):
            for one, window in most[len(planted[member]) :]:
                _visit(lives[member], VISITED[kind], _thing(one, luck, lives[member]), window, luck, times=_times(one))


def _thing(one: dict[str, Any], luck: Dice, owner: Life) -> Row:
    return network(one["network"], luck, owner.metro) if one["kind"] == "ip" else device(one["kind"], luck)


def _times(one: dict[str, Any]) -> int:
    return _LONG if one.get("new") else _VISITS


def _place(life: Life, kind: str, table: str) -> int:
    """Choose the next row of a kind that nothing was written into yet."""
    at = life.taken.get(kind, 0)
    life.taken[kind] = at + 1
    return min(at, len(life.rows[table]) - 1)


def _visit(life: Life, columns: tuple[str, ...], thing: Row, window: tuple[float, float] | None, luck: Dice, *, times: int) -> None:
    """Let some visits of an account come from a device or network, within a window of days if one is told."""
    rows = life.rows["logins"]
    key = f"visit {columns[0]}"
    free = [place for place, row in enumerate(rows) if key not in row.get("_taken", ())]
    chosen = luck.rng.permutation(len(free))[:times]
    for place in (free[number] for number in chosen):
        row = rows[place]
        row.update(thing)
        row["_taken"] = (*row.get("_taken", ()), key)
        if window is not None:
            row["day"] = luck.day(max(window[0], life.opened + 0.01), window[1])


def _others(base: dict[str, pd.DataFrame], thing: Row, many: int, luck: Dice) -> None:
    """Let ordinary accounts come from the same network, as they do behind a carrier or a campus."""
    logins = base["logins"]
    accounts = luck.rng.permutation(np.array(sorted(logins["account_id"].dropna().astype(str).unique()), dtype=object))[:many]
    for account in accounts:
        mine = np.flatnonzero(logins["account_id"].astype(str).to_numpy() == account)
        for place in luck.rng.permutation(mine)[:_VISITS]:
            for column, value in thing.items():
                logins.loc[logins.index[place], column] = value
