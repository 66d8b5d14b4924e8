"""Who is paired with whom, asked from sorted files: what `Index` is in memory, for a market whose pairs no memory holds.

`near` has every pair twice, once under each account, sorted by account; `people` is sorted by code, which is the order of the ids.
DuckDB skips every piece of a file whose lowest and highest code leave out the accounts that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tnskit.cleaning.hashes import Ints
from tnskit.errors import UnknownAccountError
from tnskit.evidence.engine import Engine
from tnskit.evidence.index import Index
from tnskit.evidence.rules import LABELS


@dataclass(frozen=True, eq=False)
class FileIndex(Index):
    """The pairs of a market, by account, in files.

    Attributes:
        engine: What reads them.
        accounts: How many accounts there are.
    """

    engine: Engine = field(repr=False)
    accounts: int

    def __len__(self) -> int:
        return self.accounts

    def code(self, account: str) -> int:
        """Give the integer code of an account; see `Index.code`."""
        found = self.engine.run("SELECT survivor FROM main.people WHERE account_id = ?", [str(account)])["survivor"]
        if found.empty:
            raise UnknownAccountError(
                f"account '{str(account)[:40]}' is not among the {len(self):,} accounts of this market; ids are text, "
                "and capital letters and leading zeros count"
            )
        return int(found.iloc[0])

    def starting(self, text: str, most: int) -> list[str]:
        """Give the first accounts, in their order, whose id begins with a text; at most so many."""
        sql = "SELECT account_id FROM main.people WHERE account_id >= $1 AND starts_with(account_id, $1) ORDER BY code LIMIT $2"
        return [str(name) for name in self.engine.run(sql, [str(text), most])["account_id"]]

    def ids(self, codes: Iterable[int]) -> list[str]:
        """Give the account ids of codes; see `Index.ids`."""
        return [str(name) for name in self.people(codes)["account_id"]]

    def people(self, codes: Iterable[int]) -> pd.DataFrame:
        """Give `account_id`, `role`, `status` of codes, in their order."""
        wanted = [int(code) for code in codes]
        found = self._among(
            "SELECT code, account_id, coalesce(role, '') AS role, coalesce(status, '') AS status FROM main.people", "code", wanted
        )
        if missing := set(wanted) - set(found["code"]):
            raise UnknownAccountError(f"there is no account with code {min(missing)}")
        return found.set_index("code").loc[wanted].reset_index(drop=True)

    def neighbours(self, codes: Iterable[int], labels: Iterable[str] = LABELS) -> pd.DataFrame:
        """Give the pairs of some accounts at some labels; see `Index.neighbours`."""
        wanted = [int(code) for code in codes]
        said = [label for label in LABELS if label in set(labels)]
        found = self._among(
            "SELECT x, y, score, label, families, benign, benign_score, shared FROM near", "x", wanted,
            " AND list_contains($1, label) ORDER BY x, score DESC, y", [said],
        ).astype({"x": "int64", "y": "int64", "shared": "int64"})  # fmt: skip
        # account by account as they were asked for; one that is asked for twice is told twice
        return pd.DataFrame({"x": wanted}, dtype="int64").merge(found, on="x", how="inner")

    def reach(self, codes: Iterable[int], labels: Iterable[str]) -> tuple[Ints, Ints, Ints]:
        """Give one step from some accounts: from whom, to whom, and the score."""
        found = self.neighbours(codes, labels)
        return found["x"].to_numpy(), found["y"].to_numpy(), found["score"].to_numpy()

    def _among(self, sql: str, column: str, wanted: list[int], rest: str = "", values: Iterable[Any] = ()) -> pd.DataFrame:
        """Ask for the rows of some codes, which stand in the SQL as numbers so that files can be skipped by them."""
        told = ", ".join(map(str, np.unique(np.array(wanted, dtype=np.int64)))) or "-1"
        return self.engine.run(f"{sql} WHERE {column} IN ({told}){rest}", values)
