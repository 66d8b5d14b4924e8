"""Who is paired with whom, as integer arrays: one account's neighbours are a lookup, not a scan.

The pairs stand twice, once under each account, strongest first, so that what is asked for lies in one piece of memory or
disk. `Index.arrays` can be written and mapped back as they are; words are held once and pointed at by number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import polars as pl

from tnskit.cleaning.hashes import Ints
from tnskit.errors import UnknownAccountError
from tnskit.evidence.arrays import spread, starts_of
from tnskit.evidence.engine import Engine
from tnskit.evidence.rules import LABELS

_PEOPLE = """
SELECT account_id, survivor, list_position($1, coalesce(role, '')) - 1 AS role, list_position($2, coalesce(status, '')) - 1 AS status
FROM main.people ORDER BY code
"""
_PAIRS = """
SELECT a, b, score, benign_score, shared, list_position($1, label) - 1 AS label, list_position($2, families) - 1 AS families,
  list_position($3, benign) - 1 AS benign
FROM pair ORDER BY a, b
"""
WORDS = ("label", "families", "benign", "role", "status")
"""Columns kept as numbers that point at words."""


@dataclass(frozen=True, eq=False)
class Index:
    """The pairs of a market, by account.

    Attributes:
        arrays: By name: `starts` (where the neighbours of each account begin), `other`, `score`, `label`, `families`,
            `benign`, `benign_score`, `shared` (one entry a neighbour, strongest first, then by code), `survivor`, `role`,
            `status` (one an account), `id_bytes` and `id_starts` (the account ids in UTF-8, in the order of the codes,
            which is the order of the ids).
        words: For `label`, `families`, `benign`, `role` and `status`, what the numbers stand for.
    """

    arrays: Mapping[str, Ints] = field(repr=False)
    words: Mapping[str, list[str]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.arrays["survivor"])

    def code(self, account: str) -> int:
        """Give the integer code of an account; a merged account gives that of the account it was merged into.

        Raises:
            UnknownAccountError: There is no such account.
        """
        wanted = str(account).encode()
        low = self._at(wanted)
        if low == len(self) or self._id(low) != wanted:
            raise UnknownAccountError(
                f"account '{str(account)[:40]}' is not among the {len(self):,} accounts of this market; ids are text, "
                "and capital letters and leading zeros count"
            )
        return int(self.arrays["survivor"][low])

    def starting(self, text: str, most: int) -> list[str]:
        """Give the first accounts, in their order, whose id begins with a text; at most so many."""
        wanted = str(text).encode()
        found = list[str]()
        for code in range(self._at(wanted), len(self)):
            name = self._id(code)
            if len(found) == most or not name.startswith(wanted):
                break
            found.append(name.decode())
        return found

    def _at(self, wanted: bytes) -> int:
        """Where an id stands, or would."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self._id(middle) < wanted else (low, middle)
        return low

    def ids(self, codes: Iterable[int]) -> list[str]:
        """Give the account ids of codes.

        Raises:
            UnknownAccountError: A code that no account has.
        """
        found = [int(code) for code in codes]
        if wrong := [code for code in found if not 0 <= code < len(self)]:
            raise UnknownAccountError(f"there is no account with code {wrong[0]}")
        return [self._id(code).decode() for code in found]

    def _id(self, code: int) -> bytes:
        starts = self.arrays["id_starts"]
        return self.arrays["id_bytes"][starts[code] : starts[code + 1]].tobytes()

    def people(self, codes: Iterable[int]) -> pd.DataFrame:
        """Give `account_id`, `role`, `status` of codes, in their order."""
        rows = np.fromiter(codes, dtype=np.int64)
        return pd.DataFrame({"account_id": self.ids(rows), "role": self._said("role", rows), "status": self._said("status", rows)})

    def neighbours(self, codes: Iterable[int], labels: Iterable[str] = LABELS) -> pd.DataFrame:
        """Give the pairs of some accounts at some labels.

        Returns:
            DataFrame `x` (one of the codes), `y` (the other's code), `score`, `label`, `families`, `benign`,
            `benign_score`, `shared`; account by account, strongest first.
        """
        wanted = np.fromiter(codes, dtype=np.int64)
        starts = self.arrays["starts"]
        places = spread(starts, wanted)
        x = np.repeat(wanted, starts[wanted + 1] - starts[wanted])
        kept = self._numbers(labels)[self.arrays["label"][places]]
        places, x = places[kept], x[kept]
        columns = {"x": x, "y": self.arrays["other"][places].astype(np.int64), "score": self.arrays["score"][places]}
        columns |= {name: self._said(name, places) for name in ("label", "families", "benign")}
        columns |= {"benign_score": self.arrays["benign_score"][places], "shared": self.arrays["shared"][places].astype(np.int64)}
        return pd.DataFrame(columns)

    def reach(self, codes: Iterable[int], labels: Iterable[str]) -> tuple[Ints, Ints, Ints]:
        """Give one step from some accounts: from whom, to whom, and the score; nothing else is looked at."""
        wanted = np.fromiter(codes, dtype=np.int64)
        starts = self.arrays["starts"]
        places = spread(starts, wanted)
        x = np.repeat(wanted, starts[wanted + 1] - starts[wanted])
        kept = self._numbers(labels)[self.arrays["label"][places]]
        return x[kept], self.arrays["other"][places[kept]].astype(np.int64), self.arrays["score"][places[kept]]

    def _numbers(self, labels: Iterable[str]) -> Ints:
        asked = set(labels)
        return np.array([word in asked for word in self.words["label"]] or [False])

    def _said(self, name: str, places: Ints) -> Ints:
        return np.array(self.words[name] or [""], dtype=object)[self.arrays[name][places]]


def index_of(engine: Engine) -> Index:
    """Make the index of what was linked, from the tables `pair` and `main.people`."""
    words = {name: _words(engine, name, "pair") for name in ("label", "families", "benign")}
    words |= {name: _words(engine, name, "main.people") for name in ("role", "status")}
    # Words come as numbers, for a word in every cell would take twenty times the memory.
    pairs = engine.run(_PAIRS, [words["label"], words["families"], words["benign"]])
    people = engine.run(_PEOPLE, [words["role"], words["status"]])
    a, b = pairs["a"].to_numpy(np.int32), pairs["b"].to_numpy(np.int32)
    half, other = np.concatenate([a, b]), np.concatenate([b, a])
    order = np.lexsort((other, -np.tile(pairs["score"].to_numpy(np.float64), 2), half))
    row = order % max(1, len(pairs))
    arrays: dict[str, Ints] = {"starts": starts_of(half, len(people)), "other": other[order]}
    widths = {"score": np.float64, "benign_score": np.float64, "shared": np.int32} | dict.fromkeys(WORDS[:3], np.uint16)
    arrays |= {name: pairs[name].to_numpy(width)[row] for name, width in widths.items()}
    arrays |= {name: people[name].to_numpy(np.int32) for name in ("survivor", "role", "status")}
    arrays["id_bytes"], arrays["id_starts"] = packed(people["account_id"])
    return Index(arrays, words)


def _words(engine: Engine, column: str, table: str) -> list[str]:
    found = engine.run(f"SELECT DISTINCT coalesce({column}, '') AS word FROM {table} ORDER BY word")["word"]
    return [str(word) for word in found]


def packed(texts: Iterable[str]) -> tuple[Ints, Ints]:
    """Give texts as one run of UTF-8 bytes, and where each begins."""
    # a list: for a column of pandas Polars would ask for pyarrow
    every = pl.Series(list(texts), dtype=pl.String)
    starts = np.zeros(len(every) + 1, dtype=np.int64)
    np.cumsum(every.str.len_bytes().to_numpy(), out=starts[1:])
    return np.frombuffer("".join(every).encode(), dtype=np.uint8), starts
