"""A closed real case as a lesson: its shape is kept, and nothing that it was told with.

What goes over is who shares what kind of thing, in which days, and which rows of which words (an action and its rule, a report and its
channel, a rating) stood when. Ids, identifiers, names, places, trades, amounts, free text, clock times and calendar days do not: the
lesson is then made like any other, with people who do not exist. Days are rounded and all moved by one number that nobody keeps.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from tnskit.cleaning.market import Market
from tnskit.errors import LessonError
from tnskit.review.fold import Case
from tnskit.review.said import said
from tnskit.training.casefile import KINDS, SANCTIONS, read_case

CLOSED = ("decided", "overturned")
"""States of a case in which it can be taught."""
MOST_MOVED = 45
"""Days by which everything may be moved. Assumption: enough that no day can be looked up, little enough that seasons stay."""
OLDEST = 700
MOST_ROWS = 30
"""Rows of one table that go over."""
_ROWS = {
    "actions": ("decided_at", ("account_id",), ("action", "policy_code", "automation")),
    "reports": ("received_at", ("reporter_account_id", "subject_account_id"), ("channel", "policy_code", "safety_flag")),
    "security_events": ("at", ("account_id",), ("event", "actor")),
    "reviews": ("created_at", ("author_account_id", "subject_account_id"), ("rating", "origin", "status")),
    "payments": ("at", ("payer_id", "payee_id"), ("kind", "status", "dispute_code", "dispute_outcome")),
}  # fmt: skip
"""Moment, accounts and words of the rows that go over; every word is looked up in a list or checked to be one."""
_NETWORKS = {"mobile": "mobile", "business": "business", "education": "education", "hosting": "hosting", "relay_vpn": "hosting"}
_WORD = re.compile(r"[a-z][a-z_]{1,24}|[A-Z]{3}-\d\d|\d{1,2}(\.\d)?|True|False")


def borrow_case(
    market: Market, verdicts: Mapping[str, str], *, beside: Sequence[str] = (), case: Case | None = None, rule: str = "",
    explanation: str, words: Mapping[str, str], stops: Sequence[str] = (), letters: Mapping[str, Sequence[str]], lang: str = "en",
) -> str:  # fmt: skip
    """Turn a closed case into a case example; save what it gives as a TOML file and hand that to `lesson`.

    Args:
        market: The market of the case.
        verdicts: Account to what was right, for each account that the trainee shall decide on.
        beside: Other accounts of the case, such as one that was removed before.
        case: The case in the log; it has to be closed.
        rule: The rule that those who are sanctioned broke.
        explanation: The reading that holds, one of `casefile.EXPLANATIONS`.
        words: `title`, `task`, `mistake`, `point`; they may name accounts by their ids, which are replaced.
        stops: Stops that the facts raise.
        letters: Account to letters that are right, such as `["L23"]`.
        lang: Language of the words.

    Returns:
        The case as TOML. The lesson made of it holds no identifier, id, name, day or word of the original.

    Raises:
        LessonError: The case is not closed, or what results cannot be taught; the message says why.
        WordsError: The words hold a raw identifier.
        UnknownAccountError: An account is not in this market.
    """
    if case is not None and case.state not in CLOSED:
        raise LessonError(f"case {case.id} is {case.state}; only a closed case can be taught")
    everybody = [*dict.fromkeys([*verdicts, *beside])]
    codes = {account: market.code(account) for account in everybody}
    order = sorted(everybody, key=lambda _: secrets.randbits(32))
    names = {account: "person_" + _letters(place) for place, account in enumerate(order)}
    moved = secrets.randbelow(MOST_MOVED)
    facts = _facts(market, codes, moved)
    told: dict[str, Any] = {word: _without(text, names, word) for word, text in words.items()}
    parts = _parts(facts, verdicts, names, rule, order)
    made = [
        'code = "borrowed"', f"suspected = {json.dumps(rule or 'ACC-01')}", f"explanation = {json.dumps(explanation)}",
        f"stops = {json.dumps(list(stops))}", "", f"[words.{lang}]", *(f"{word} = {json.dumps(text)}" for word, text in told.items()),
        *parts, *_shares(market, codes, names, moved), *_rows(market, codes, names, moved),
        *(line for to, send in letters.items() for line in ("", "[[letters]]", f'to = "{names[to]}"', f"send = {json.dumps(list(send))}")),
    ]  # fmt: skip
    text = "\n".join(made) + "\n"
    read_case(text)
    return text


def _letters(place: int) -> str:
    return chr(ord("a") + place) if place < 26 else _letters(place // 26 - 1) + chr(ord("a") + place % 26)


def _without(text: str, names: Mapping[str, str], what: str) -> str:
    """Put placeholders for account ids, longest first, and refuse what is raw."""
    for account in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(account)}(?!\w)", f"{{{names[account]}}}", text)
    return said(text, what=what)


def _facts(market: Market, codes: Mapping[str, int], moved: int) -> pd.DataFrame:
    found = market.db.execute(
        "SELECT code, role, status, created, closed FROM people WHERE list_contains($1, code)", [sorted(set(codes.values()))]
    ).df()
    now = _now(market)
    found["opened"] = [-30 if pd.isna(at) else _day(at, now, moved) for at in found["created"]]
    found["until"] = [None if pd.isna(at) else _day(at, now, moved) for at in found["closed"]]
    return found.set_index("code").loc[list(codes.values())].assign(account=list(codes)).set_index("account")


def _now(market: Market) -> pd.Timestamp:
    found = market.db.execute("SELECT max(greatest(first_at, last_at)) FROM seen").fetchall()[0][0]
    return pd.Timestamp(found) if found is not None else pd.Timestamp(market.db.execute("SELECT max(created) FROM people").fetchall()[0][0])


def _day(at: Any, now: pd.Timestamp, moved: int) -> int:
    """A moment as whole days before the export, moved like all others, and not too far back."""
    return max(min(round((pd.Timestamp(at) - now).total_seconds() / 86_400) - moved, -2), -OLDEST)


def _parts(facts: pd.DataFrame, verdicts: Mapping[str, str], names: Mapping[str, str], rule: str, order: Sequence[str]) -> list[str]:
    """One block an account; those asked about get the same days, so that nothing but the evidence tells them apart."""
    asked = [account for account in order if account in verdicts]
    told = facts.to_dict("index")
    days = [int(told[account]["opened"]) for account in asked]
    lines = []
    for account in order:
        row, own = told[account], [f"[accounts.{names[account]}]"]
        own.append(f'role = "{"pro" if row["role"] in ("pro", "both") else "customer"}"')
        if account in asked:
            own += [f'opened = "{min(days)}..{max(days)}"', "asked = true", f"verdict = {json.dumps(verdicts[account])}"]
            own += [f"rule = {json.dumps(rule)}"] if verdicts[account] in SANCTIONS else []
        else:
            opened, until = int(row["opened"]), row["until"]
            own.append(f'opened = "{opened - 1}..{opened}"')
            if row["status"] in ("removed", "suspended", "restricted") and not pd.isna(until) and until > opened:
                own += [f'status = "{row["status"]}"', f'until = "{int(until)}"']
        lines += ["", *own]
    return lines


def _shares(market: Market, codes: Mapping[str, int], names: Mapping[str, str], moved: int) -> list[str]:
    """One block a value that two of them were seen with: its kind, who, and in which days."""
    seen = market.db.execute(
        "SELECT s.value, s.account, s.kind, i.class, min(s.first_at) AS first_at, max(s.last_at) AS last_at FROM seen s "
        "JOIN identifier i ON i.code = s.value WHERE list_contains($1, s.account) GROUP BY ALL ORDER BY s.kind, s.value, s.account",
        [sorted(set(codes.values()))],
    ).df()
    who, now, lines = {code: names[account] for account, code in codes.items()}, _now(market), []
    for _, part in seen.groupby(["kind", "value"], sort=True):
        kind = str(part["kind"].iloc[0])
        if len(part) < 2 or kind not in KINDS:
            continue
        block = ["", "[[shares]]", f'kind = "{kind}"', f"who = {json.dumps([who[int(code)] for code in part['account']])}", "proof = true"]
        block += [f'network = "{_NETWORKS.get(str(part["class"].iloc[0]), "residential")}"'] if kind == "ip" else []
        for row in part.dropna(subset=["first_at", "last_at"]).to_dict("records"):
            first, last = sorted((_day(row["first_at"], now, moved), _day(row["last_at"], now, moved)))
            block.append(f'days.{who[int(row["account"])]} = "{first}..{last}"')
        lines += block
    return lines


def _rows(market: Market, codes: Mapping[str, int], names: Mapping[str, str], moved: int) -> list[str]:
    """Rows that the case stands on, told in words of lists only."""
    lines, now = [], _now(market)
    for table, (moment, accounts, words) in _ROWS.items():
        frame = market.table(table)
        mine = frame[frame[list(accounts)].isin(list(codes)).any(axis=1) & frame[moment].notna()].head(MOST_ROWS)
        for row in mine.to_dict("records"):
            block = ["", "[[rows]]", f'table = "{table}"', f'{moment} = "{_day(row[moment].tz_localize(None), now, moved)}"']
            block += [f'{column} = "@{names.get(row[column], "someone")}"' for column in accounts if not pd.isna(row[column])]
            for column in words:
                value = "" if pd.isna(row[column]) else str(row[column])
                if _WORD.fullmatch(value):
                    block.append(f"{column} = {json.dumps(value.lower() if value in ('True', 'False') else value)}")
            lines += block + (['amount_minor = "1000..20000"'] if table == "payments" else [])
    return lines
