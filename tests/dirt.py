"""Little dirty markets for the tests of dirt: two accounts A and B, one table, and what links them afterwards."""

from __future__ import annotations

from typing import Any

from tests.markets import market
from tnskit.cleaning.market import Market
from tnskit.evidence.links import Links, link

SEEN = {
    "phones": ("first_seen", "last_seen"), "emails": ("first_seen", "last_seen"), "addresses": ("first_seen", "last_seen"), "instruments": ("first_used", "last_used"),
    "payout_accounts": ("added_at", "removed_at"), "logins": ("at",), "identifiers": ("first_seen", "last_seen"),
}  # fmt: skip
"""The columns of each table that say when."""

WHEN = ("2024-01-01T10:00:00Z", "2024-03-01T10:00:00Z")


def each(table: str, *cells: Any, accounts: str = "A B", **more: Any) -> dict[str, list[dict[str, Any]]]:
    """One row of a table for each account; one dict of cells for all, or one for each."""
    names = accounts.split()
    given = cells if len(cells) == len(names) else cells[:1] * len(names)
    times = dict(zip(SEEN.get(table, ()), WHEN, strict=False))
    return {table: [{"account_id": name, **times, **more, **row} for name, row in zip(names, given, strict=True)]}


def people(*names: str, **facts: Any) -> list[dict[str, Any]]:
    """Accounts A, B, C ... that bear these names."""
    return [{"account_id": chr(65 + n), "legal_name": name, **facts} for n, name in enumerate(names)]


def both(a: dict[str, list[dict[str, Any]]], b: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The tables of two markets together."""
    return {name: [*a.get(name, []), *b.get(name, [])] for name in [*a, *(n for n in b if n not in a)]}


def loaded(accounts: Any = "A B", **tables: Any) -> Market:
    """Load these accounts with these tables."""
    return market(accounts, **tables)


def linked(accounts: Any = "A B", **tables: Any) -> Links:
    """Load and link them."""
    return link(market(accounts, **tables))


_PIECES = """
SELECT x.account_id AS a, y.account_id AS b, count(*) AS shared FROM counted
JOIN main.people x ON x.code = counted.a JOIN main.people y ON y.code = counted.b
WHERE value IS NOT NULL AND points > 0 GROUP BY ALL
"""


def pieces(accounts: Any = "A B", **tables: Any) -> dict[tuple[str, str], int]:
    """How many values that say something each two accounts share; those that share none are left out."""
    found = linked(accounts, **tables).engine.run(_PIECES)
    return {(str(a), str(b)): int(shared) for a, b, shared in found.itertuples(index=False)}


def score(accounts: Any = "A B", **tables: Any) -> int:
    """The values that say something which A and B share; 0 where nothing links them."""
    return pieces(accounts, **tables).get(("A", "B"), 0)


def many(number: int) -> str:
    """Names of so many accounts."""
    return " ".join(["A", "B", *(f"C{n:04}" for n in range(number - 2))])


def scores(table: str, *pairs: tuple[dict[str, Any], dict[str, Any]]) -> list[int]:
    """The shared values of many pairs of accounts, each with its own two rows of one table, loaded at once.

    The values of one pair should not be those of another.
    """
    names = [(f"A{n:02}", f"B{n:02}") for n in range(len(pairs))]
    rows = [row for (a, b), (x, y) in zip(names, pairs, strict=True) for row in each(table, x, y, accounts=f"{a} {b}")[table]]
    found = pieces(" ".join(f"{a} {b}" for a, b in names), **{table: rows})
    return [found.get(pair, 0) for pair in names]


PHONE, CARD = {"phone_raw": "312 555 2368"}, {"fingerprint": "fp_77aa88", "processor": "stripe", "instrument_id": "i1"}


def phone(*raws, accounts="A B", **more):
    return each("phones", *({"phone_raw": raw} for raw in raws), accounts=accounts, **more)


def twice(column, *raws):
    """Pairs of rows for `scores`: the same cell on both accounts, or two cells given as a tuple."""
    return [({column: one[0]}, {column: one[1]}) if isinstance(one, tuple) else ({column: one}, {column: one}) for one in raws]


def email(*raws, **more):
    return each("emails", *({"email_raw": raw} for raw in raws), **more)


def card(*rows, **more):
    return each("instruments", *rows, instrument_id="i1", **more)


def ip(*raws, **more):
    return each("logins", *({"ip": raw} for raw in raws), **more)


def device(*ids, **more):
    return each("logins", *({"device_id": one} for one in ids), **more)


def address(*rows, **more):
    return each("addresses", *rows, **more)
