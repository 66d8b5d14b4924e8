"""A case set inside an ordinary market: lives first, then what the case plants, then one shuffle for all.

What could give the answer away is drawn by the same dice for everybody: the ids, the order of the rows, the moments, how many rows
an account has. `stage` gives the tables as an export would hold them, and which account plays which part.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from tnskit.cleaning.schema import TABLES
from tnskit.training.casefile import CaseFile, days
from tnskit.training.cast import cast
from tnskit.training.lives import LEAST, SPREAD, Dice, Life, Row, count, devices_of, dice, fill, stamp
from tnskit.training.lives import frame as framed
from tnskit.training.sample import ACCOUNT_COLUMNS, BY_ACCOUNT, MARK, Sample, sample
from tnskit.training.sharing import alike, share

ORDINARY = 260
"""Ordinary accounts around a case; the task says a few hundred."""
TIMES = {
    "logins": "at", "jobs": "created_at", "messages": "sent_at", "payments": "at", "reviews": "created_at", "reports": "received_at",
    "security_events": "at", "actions": "decided_at", "appeals": "received_at",
}  # fmt: skip
"""Tables that stand in the order of time, and their moment."""
IDS = {
    "logins": ("login_id", "L", 10_000_001), "jobs": ("job_id", "", 400_000_000_000_000_001), "messages": ("message_id", "M", 6_000_001),
    "payments": ("payment_id", "Y", 9_000_001), "reviews": ("review_id", "V", 8_000_001), "reports": ("report_id", "R", 5_000_001),
    "security_events": ("event_id", "E", 70_001), "actions": ("action_id", "N", 30_001), "appeals": ("appeal_id", "Q", 2_001),
    "instruments": ("instrument_id", "I", 2_000_001), "addresses": ("address_id", "D", 4_000_001),
}  # fmt: skip
"""Id column of each table, what its ids begin with, and the first number."""
SCATTERED = ("instruments", "addresses")
"""Tables whose ids say nothing about time."""
SAME_DAYS = {"reviews": (-11.0, -4.0)}
"""Days before the export of which one of our cases tells: everybody on every stage has the last row in them, else its place would
tell which case it is, and so how many are guilty."""
_VISITS = 4
"""Visits that a shared device or network is seen at."""


@dataclass(frozen=True, eq=False)
class Staged:
    """A case on its stage.

    Attributes:
        tables: The market.
        people: Account id of each member of the case.
        lives: Their lives.
        marks: Ids of the rows that a case planted, by place of the block `[[rows]]`.
        pieces: Kinds of what was shared and the accounts, by place of the block `[[shares]]`.
    """

    tables: dict[str, pd.DataFrame] = field(repr=False)
    people: dict[str, str]
    lives: dict[str, Life] = field(repr=False)
    marks: dict[int, list[tuple[str, str, str]]] = field(repr=False)
    pieces: dict[int, tuple[str, frozenset[str]]] = field(repr=False)


@lru_cache(maxsize=2)
def _around(number: int) -> Sample:
    return sample(ORDINARY, seed=number)


def stage(case: CaseFile, *, seed: int, secret: bytes = b"", twin: str = "") -> Staged:
    """Set a case inside an ordinary market.

    Args:
        case: The case.
        seed: A whole number; another one gives other people, another city, other moments.
        secret: The trainer's; with it nobody else can make the same market again.
        twin: Language whose names, mailbox and part of town the accounts in question get, all else left alike.
    """
    around = _around(int(dice(secret, "around", seed).rng.integers(2**31)))
    base = {name: frame.copy() for name, frame in around.tables.items()}
    accounts = base["accounts"]["account_id"].astype(str).tolist()
    lives, others = cast(case, base, seed=seed, secret=secret, twin=twin)
    luck = dice(secret, case.code, seed, "plant")
    extra: dict[str, list[Row]] = {}
    pieces = {place: share(lives, case, one, base, luck) for place, one in enumerate(case.shares)}
    alike(lives, case, dice(secret, case.code, seed, "alike"))
    marks = {place: _rows(lives, case, one, extra, luck, others) for place, one in enumerate(case.rows)}
    _names(case, extra, marks)
    _padding(case, lives, extra, others, secret, seed)
    for life in lives.values():
        for table, rows in life.rows.items():
            extra.setdefault(table, []).extend(rows)
    extra["devices"] = devices_of(extra["logins"], luck)
    for row in extra["logins"]:
        row["at"] = stamp(row.pop("day"))
    shuffle = dice(secret, case.code, seed, "shuffle", twin)
    people = {name: lives[name].account for name in case.members}
    renamed = _numbers(accounts, [life.account for life in lives.values()], shuffle)
    tables, ids = _joined(base, extra, renamed, shuffle)
    told = {place: [(table, ids[table].get(row, row), renamed[who]) for table, row, who in rows] for place, rows in marks.items()}
    shared = {place: (kind, frozenset(renamed[name] for name in who)) for place, (kind, who) in pieces.items()}
    for life in lives.values():
        life.account = renamed[life.account]
    return Staged(tables, {name: renamed[old] for name, old in people.items()}, lives, told, shared)


def _rows(
    lives: dict[str, Life], case: CaseFile, one: dict[str, Any], extra: dict[str, list[Row]], luck: Dice, others: dict[str, list[str]]
) -> list[tuple[str, str, str]]:
    """Plant the rows of one block; gives their table, id and first account."""
    table, tz = one["table"], next(iter(lives.values())).metro.tz
    types = {column.name: column.type for column in TABLES[table].columns}
    own = {life.account: life for life in lives.values()}
    made = []
    for member in case.named([one["each"]]) if "each" in one else [""]:
        for _ in range(int(one.get("many", 1))):
            row: Row = {}
            for column, value in one.items():
                if column in types:
                    row[column] = _cell(value, types[column], member, lives, luck, others)
            if table in IDS:
                row.setdefault(IDS[table][0], f"new-{luck.hex(16)}")
            _usual(table, row, tz)
            extra.setdefault(table, []).append(row)
            name = row[IDS[table][0]] if table in IDS else table
            accounts = [row[column] for column in ACCOUNT_COLUMNS.intersection(row) if str(row[column]).startswith("new ")]
            accounts.sort(key=lambda account: (not own[account].part.asked, account))
            made.append((table, name, accounts[0] if accounts else next(iter(own))))
    return made


def _usual(table: str, row: Row, tz: str) -> None:
    """Fill in what rows of a table always have, so that an empty cell does not tell who was planted."""
    usual: dict[str, Row] = {
        "jobs": {"currency": "USD", "request_id": f"r{row.get('job_id')}", "lead_fee_minor": 1_500, "tz": tz},
        "payments": {"currency": "USD"}, "reports": {"safety_flag": False, "confidential": False},
        "messages": {"has_contact": False, "attachments": 0},
    }  # fmt: skip
    for column, value in usual.get(table, {}).items():
        row.setdefault(column, value)


def _cell(value: Any, kind: str, member: str, lives: dict[str, Life], luck: Dice, others: dict[str, list[str]]) -> Any:
    if not isinstance(value, str):
        return value
    if value == "@each":
        return lives[member].account
    if value in ("@someone", "@somepro"):
        return luck.pick(others["customer" if value == "@someone" else "pro"])
    if value.startswith("@"):
        return lives[value[1:]].account
    if kind == "at":
        return stamp(luck.day(*days(value)))
    if kind in ("int", "money"):
        low, _, high = value.partition("..")
        return int(luck.rng.integers(int(low), int(high or low) + 1))
    return value == "true" if kind == "bool" else value


def _names(case: CaseFile, extra: dict[str, list[Row]], marks: dict[int, list[tuple[str, str, str]]]) -> None:
    """Put the id of a named row where it is spoken of; the n-th speaks of the n-th."""
    named = {one["name"]: [row for _, row, _ in marks[place]] for place, one in enumerate(case.rows) if "name" in one}
    for place, one in enumerate(case.rows):
        mine = {row for _, row, _ in marks[place]}
        rows = [row for row in extra[one["table"]] if one["table"] in IDS and row[IDS[one["table"]][0]] in mine]
        for number, row in enumerate(rows):
            for column, value in list(row.items()):
                if isinstance(value, str) and value.startswith("#"):
                    row[column] = named[value[1:]][number % len(named[value[1:]])]


def _padding(
    case: CaseFile, lives: dict[str, Life], extra: dict[str, list[Row]], others: dict[str, list[str]], secret: bytes, seed: int
) -> None:
    """Fill up each account's rows to a number drawn by the same dice for all, whatever was planted."""
    asked = [life for life in lives.values() if life.part.asked]
    rivals = any(str(one.get("reporter_account_id", ""))[1:] in case.members for one in case.rows)
    for table, least in LEAST.items():
        columns = tuple(column.name for column in TABLES[table].columns if column.name in ACCOUNT_COLUMNS)
        planted = {life.name: count(life, extra.get(table, []), columns) for life in lives.values()}
        floor = max(least, *(planted[life.name] for life in asked))
        when = _windows(case, table, lives)
        for life in lives.values():
            luck = dice(secret, case.code, seed, "fill", table, life.name)
            want = (floor if life.name in case.members else least) + int(luck.rng.integers(SPREAD + 1))
            jobs = [row for row in extra.get("jobs", []) if life.account in (row["customer_account_id"], row["pro_account_id"])]
            mirrored = when[planted[life.name] :] if life.part.asked or table in SAME_DAYS else []
            for number in range(max(want - planted[life.name], 0)):
                day = mirrored[number] if number < len(mirrored) else _before(table, life)
                row = fill(life, table, luck, others=others, jobs=jobs, when=day)
                if table == "reports" and rivals and life.part.asked:
                    _ask_back(row, life)
                extra.setdefault(table, []).append(row)


def _before(table: str, life: Life) -> tuple[float, float] | None:
    """Tell when other rows are, so that those in the days of `SAME_DAYS` are the last ones; None where it does not matter."""
    if table not in SAME_DAYS:
        return None
    return life.opened + 0.1, max(life.opened + 0.2, SAME_DAYS[table][0])


def _ask_back(row: Row, life: Life) -> None:
    """Turn an ordinary report around, where the case turns on who reports: nobody else shall have reported the account."""
    other = row["subject_account_id"] if row["reporter_account_id"] == life.account else row["reporter_account_id"]
    row.update(reporter_account_id=life.account, subject_account_id=other, narrative="Hard to reach by phone.")


def _windows(case: CaseFile, table: str, lives: dict[str, Life]) -> list[tuple[float, float]]:
    """Tell when a case plants rows of a table on the account that gets the most; the others get ordinary rows in the same days."""
    told: dict[str, list[tuple[float, float]]] = {}
    for one in case.rows:
        if one["table"] == table and TIMES[table] in one:
            named = {value[1:] for value in one.values() if isinstance(value, str) and value.startswith("@")}
            who = [member for name in named for member in case.named([one["each"] if name == "each" else name]) if member in lives]
            for member in who:
                told.setdefault(member, []).extend([days(one[TIMES[table]])] * int(one.get("many", 1)))
    usual = [SAME_DAYS[table]] if table in SAME_DAYS else []
    return max((rows for member, rows in told.items() if lives[member].part.asked), key=len, default=usual)


def _numbers(ordinary: list[str], planted: list[str], luck: Dice) -> dict[str, str]:
    """Number all accounts anew, in an order that says nothing."""
    every = [*dict.fromkeys(ordinary), *planted]
    order = luck.rng.permutation(len(every))
    return {old: f"A{1_000 + int(number)}" for old, number in zip(every, order, strict=True)}


def _joined(
    base: dict[str, pd.DataFrame], extra: dict[str, list[Row]], renamed: dict[str, str], luck: Dice
) -> tuple[dict[str, pd.DataFrame], dict[str, dict[str, str]]]:
    """Put ordinary and planted rows together, in an order that says nothing, under new ids."""
    tables = {}
    for name, old in base.items():
        rows = [{k: v for k, v in row.items() if not k.startswith("_")} for row in extra.get(name, [])]
        known = _of_known(old, renamed)
        tables[name] = (
            pd.concat([known.astype(object), framed(rows).astype(object)], ignore_index=True)[list(old.columns)] if rows else known
        )
    ids = {}
    for name, frame in tables.items():
        for column in ACCOUNT_COLUMNS.intersection(frame.columns):
            frame[column] = frame[column].map(renamed)
        frame = frame.iloc[luck.rng.permutation(len(frame))]
        by = "account_id" if name in BY_ACCOUNT else TIMES.get(name, "device_id" if name == "devices" else None)
        if by is not None:
            frame = frame.sort_values(by, kind="stable", key=_order if by == "account_id" else None)
        tables[name] = frame.reset_index(drop=True)
        if name in IDS:
            ids[name] = _ids(tables[name], name, luck)
        for column, value in (("source_system", MARK), ("exported_at", "2026-01-01T00:00:00Z")):
            if column in tables[name]:
                tables[name][column] = value
    _refer(tables, ids)
    return tables, {name: ids.get(name, {}) for name in tables}


def _order(column: pd.Series) -> pd.Series:
    return column.str[1:].astype(int)


def _of_known(frame: pd.DataFrame, renamed: dict[str, str]) -> pd.DataFrame:
    """Leave out rows that name an account which the market does not have: its number may be somebody's now."""
    keep = np.ones(len(frame), dtype=bool)
    for column in ACCOUNT_COLUMNS.intersection(frame.columns):
        keep &= (frame[column].isna() | frame[column].isin(list(renamed))).to_numpy(dtype=bool)
    return frame[keep].copy()


def _ids(frame: pd.DataFrame, table: str, luck: Dice) -> dict[str, str]:
    column, letter, first = IDS[table]
    old = list(dict.fromkeys(frame[column].dropna().astype(str)))
    place = luck.rng.permutation(len(old)) if table in SCATTERED else np.arange(len(old))
    new = {name: f"{letter}{first + int(number)}" for name, number in zip(old, place, strict=True)}
    frame[column] = frame[column].map(new)
    if table == "jobs":
        requests = dict.fromkeys(frame["request_id"].dropna().astype(str))
        told = {name: str(300_000_000_000_000_001 + number) for number, name in enumerate(requests)}
        frame["request_id"] = frame["request_id"].map(told)
    return new


def _refer(tables: dict[str, pd.DataFrame], ids: dict[str, dict[str, str]]) -> None:
    """Let rows speak of other rows by their new ids."""
    spoken = {
        "job_id": ("jobs", ("messages", "payments", "reviews", "reports")), "instrument_id": ("instruments", ("payments",)),
        "parent_payment_id": ("payments", ("payments",)), "action_id": ("actions", ("appeals",)), "address_id": ("addresses", ("jobs",)),
    }  # fmt: skip
    for column, (source, users) in spoken.items():
        for user in users:
            tables[user][column] = tables[user][column].map(ids[source])
