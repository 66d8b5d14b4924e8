"""What a trainee cites: whether it is there, and whether it is what proves the case.

A citation is two accounts and what they share (`A1042 A1077 payout`), the id of a row (`R5000012`), or a table and an account
(`business_members A1042`). Whether two accounts share something is looked up in the tables of the lesson, not in the scores.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from tnskit.training.lessons import Proof
from tnskit.training.lives import SEEN, VISITED
from tnskit.training.sample import ACCOUNT_COLUMNS
from tnskit.training.staging import IDS

SAME = {"cookie": "device", "network": "ip", "bank": "payout", "mail": "email", "license": "licence"}
"""Other words for a kind."""


def exists(tables: Mapping[str, pd.DataFrame], cited: str) -> bool:
    """Tell whether what is cited is in the market."""
    words = _words(cited)
    if len(words) == 1:
        return any(words[0] in set(tables[table][column].astype(str)) for table, (column, _, _) in IDS.items())
    if len(words) == 2 and words[0] in tables:
        columns = ACCOUNT_COLUMNS.intersection(tables[words[0]].columns)
        return any((tables[words[0]][column] == words[1]).any() for column in columns)
    if len(words) != 3:
        return False
    one, two, kind = words
    return one != two and bool(_values(tables, one, kind) & _values(tables, two, kind))


def meets(proof: Proof, cited: str) -> bool:
    """Tell whether a citation is one of those that prove it."""
    words = _words(cited)
    if proof.kind:
        return len(words) == 3 and words[2] == proof.kind and words[0] != words[1] and {words[0], words[1]} <= set(proof.accounts)
    if len(words) == 1:
        return words[0] in proof.rows
    return len(words) == 2 and words[0] == proof.table and words[1] in proof.accounts and proof.table not in IDS


def _words(cited: str) -> list[str]:
    words = [word for word in re.split(r"[\s,;:]+", cited.strip()) if word]
    if len(words) == 3:
        words[2] = SAME.get(words[2].lower(), words[2].lower())
    return words


def _values(tables: Mapping[str, pd.DataFrame], account: str, kind: str) -> set[str]:
    """Give what an account was seen with, in one form a value."""
    if kind in VISITED:
        rows = tables["logins"]
        return set(rows.loc[rows["account_id"] == account, VISITED[kind][0]].dropna().astype(str))
    if kind not in SEEN:
        return set()
    table, *columns = SEEN[kind]
    rows = tables[table][tables[table]["account_id"] == account]
    if kind == "card":
        return set(rows["fingerprint"].dropna().astype(str))
    if kind == "address":
        return {f"{line} {unit}".casefold() for line, unit in zip(rows["line1"].astype(str), rows["unit"].astype(str), strict=True)}
    if kind == "phone":
        return {re.sub(r"\D", "", str(value))[-10:] for value in rows["phone_raw"].dropna()}
    if kind == "email":
        return {re.sub(r"\+[^@]*@", "@", str(value).casefold()) for value in rows["email_raw"].dropna()}
    return {re.sub(r"\W", "", str(value)).casefold() for value in rows[columns[0]].dropna()}
