"""The plain forms of values, cleaned and masked by DuckDB; Python reads everything else.

Most cells of an export are in a form whose meaning a pattern decides: ten digits of a phone number, four numbers of an
address on the internet, a mailbox in small letters. `cleaned` reads those many at a time and gives NULL for all others, which
then go to `KINDS[kind]`, once per distinct value. Whatever is given here is what `KINDS[kind].clean`, `.klass` and `.shown` give;
`tests/cleaning/test_quick.py` holds the two together. A kind that is not listed here is read by Python alone.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from tnskit.cleaning.identifiers import KINDS
from tnskit.cleaning.kinds.devices import MADE_ALIKE
from tnskit.cleaning.kinds.emails import NOBODY, ROLES
from tnskit.cleaning.kinds.networks import PARTLY, built_in_prefixes
from tnskit.cleaning.kinds.streets import ONE_WORD, ORDINALS, POINTS, ROADS, SPANISH, SUFFIXES, UNITS_EN, UNITS_LATIN
from tnskit.cleaning.kinds.tokens import NOTHING, NULL_DIGESTS

CHUNK = 20_000
"""Rows that Python holds at a time."""

AMERICAN = frozenset({"US", "CA", "PR"})
"""Regions in which ten digits alone are a number of the North American plan."""

_PROBE = "a.b-c_d9"
"""A mailbox with every mark that a provider may ignore; what becomes of it tells what the provider does."""

_NATIONAL = r"\(?[2-9]\d\d\)?[-. ]?[2-9]\d\d[-. ]?\d{4}"
# Numbers of films and of directories, toll-free and other numbers without a place are Python's.
_PHONE = """
SELECT raw, CASE WHEN digits IS NOT NULL AND NOT contains('01234567890123456789-98765432109876543210', digits) AND {varied}
  AND NOT regexp_matches(digits, '^(?:8(?:00|33|44|55|66|77|88)|[579]00|310)|^...(?:55501|5551212)')
  THEN '+1' || digits END AS clean, '' AS class
FROM (SELECT raw, CASE WHEN regexp_full_match(raw, '{form}') THEN right(translate(raw, '+()-. ', ''), 10) END AS digits FROM {raws})
"""
_VARIED = "(" + " + ".join(f"contains(digits, '{n}')::UTINYINT" for n in range(10)) + ") > 4"

_LABEL = "[A-Za-z0-9-]{1,63}"
_MAILBOX = rf"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*@(?:{_LABEL}\.)+[A-Za-z]{{2,24}}"
_EMAIL = """
SELECT raw, CASE WHEN strlen(local) <= 64 AND bare <> repeat(left(bare, 1), strlen(bare)) AND NOT odd
  THEN translate(local, ignored, '') || '@' || same END AS clean, class
FROM (
  SELECT raw, local, ignored, same, class, translate(local, '._-', '') AS bare,
    local IN (FROM vault.nobody) OR translate(local, '._-', '') IN (FROM vault.nobody) AS odd
  FROM (
    SELECT raw, split_part(text, '@', 1) AS local, split_part(text, '@', 2) AS site
    FROM (SELECT raw, CASE WHEN strlen(raw) <= 254 AND regexp_full_match(raw, '{form}') THEN lower(raw) END AS text FROM {raws}))
  LEFT JOIN vault.site USING (site))
"""
_SITES = """
SELECT DISTINCT lower(split_part(raw, '@', 2)) AS site FROM {raws} WHERE strlen(raw) <= 254 AND regexp_full_match(raw, '{form}')
"""

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_TOLD_FOUR = {net.network_address.packed[0] for net in built_in_prefixes() if net.version == 4}
_TOLD_SIX = sorted({format(int.from_bytes(net.network_address.packed[:2]), "x") for net in built_in_prefixes() if net.version == 6})
_FOUR = rf"(?:{'|'.join(str(n) for n in range(256) if n not in PARTLY | _TOLD_FOUR)})(?:\.{_OCTET}){{3}}"
# 2003:: to 3ffe:: is public throughout; addresses of the built-in networks have a class, which Python tells.
_SIX = (
    "^((?:200[3-9a-f]|20[1-9a-f][0-9a-f]|2[1-9a-f][0-9a-f]{2}|3[0-9a-e][0-9a-f]{2}|3f[0-9a-e][0-9a-f]|3ff[0-9a-e])"
    "(?::[0-9a-f]{1,4}){3})(?::[0-9a-f]{1,4}){4}$"
)
_IP = """
SELECT raw, CASE WHEN net = '' THEN CASE WHEN regexp_full_match(raw, '{four}') THEN raw END
  ELSE CASE WHEN suffix(net, ':0') THEN regexp_replace(net, '(?::0)+$', '') ELSE net END || '::/64' END AS clean, '' AS class
FROM (
  SELECT raw, CASE WHEN contains(net, ':0') THEN regexp_replace(net, ':0+([0-9a-f])', ':\\1', 'g') ELSE net END AS net
  FROM (
    SELECT raw, CASE WHEN contains(raw, ':') AND NOT regexp_matches(raw, '^(?:{told}):')
      THEN regexp_extract(raw, '{six}', 1) ELSE '' END AS net
    FROM {raws}))
"""

_DEFAULTS = "'(?:^|:)(?:" + "|".join(sorted(one for one in NULL_DIGESTS | MADE_ALIKE if re.fullmatch("[0-9a-f-]{12,64}", one))) + ")$'"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TOKEN = """
SELECT raw, CASE WHEN regexp_full_match(raw, '{form}') AND {varied} AND NOT regexp_matches(raw, {runs})
  AND NOT regexp_matches(raw, {defaults}) THEN raw END AS clean, '' AS class
FROM {raws}
"""
_HEX = rf"(?:[a-z][a-z0-9]{{0,15}}:)?(?:[a-z]{{1,8}}[-_]?)?[0-9]*[a-f][0-9a-f]{{12,63}}|{_UUID}"
_RUNS = "'012345678|987654321|89abcdef|fedcba98|abcdefgh'"
_VARIED_TOKEN = "(" + " + ".join(f"contains(raw, '{c}')::UTINYINT" for c in "0123456789abcdef") + ") > 5"
_DIGITS = """
SELECT raw, CASE WHEN regexp_full_match(raw, '[1-9]\\d{{5}}\\|\\d{{4}}\\|\\d\\d-(?:1[0-2]|[1-9])') AND raw[:6] <> repeat(raw[1], 6)
  THEN raw END AS clean, '' AS class
FROM {raws}
"""

# A line of the US with its number first and a common suffix, a unit in its own cell, and a ZIP. Every word that may mean
# something else (a unit, a road of a number, a mail agent, nothing) is Python's; then the town and state change nothing.
_SUFFIX = "|".join(sorted(SUFFIXES))
_ADDRESS_PARTS = (
    rf"(?i)^([1-9]\d{{0,4}}) ((?:[NSEW] )?[A-Z]{{2,24}}(?: [A-Z]{{2,24}})?) (?:{_SUFFIX})\.?"
    r"\x1f(?:(?:(?:apt|unit|ste|suite|apto|depto)\.? ?)?#? ?0{0,3}([1-9]\d{0,3}[A-Z]?))?"
    r"\x1f[A-Z .'-]*\x1f[A-Z .]*\x1f(\d{3,5})(?:-\d{4})?\x1f(?:USA?HERE)(?:\x1f(?:false)?)?$"
)
_NOT_A_NAME = "|".join(
    sorted(
        word
        for word in {*NOTHING, *UNITS_EN, *UNITS_LATIN, *ROADS, *POINTS, *ORDINALS, *SUFFIXES, *SPANISH, *ONE_WORD}
        | set("pmb po box pob mail mailbox mailboxes apartado apdo caixa postal ups store postnet registered agent agents".split())
        | set("virtual office basement rear lower level county state private farm ranch old".split())
        if len(word) > 1
    )
)
_ADDRESS = """
SELECT raw, CASE WHEN part."1" <> '' AND NOT regexp_matches(' ' || lower(part."2") || ' ', ' (?:{words}) ')
    AND NOT regexp_matches(lower(split_part(raw, '\x1f', 3)), '(?:^|[^a-z])(?:{suffix})[^a-z]*$')
    AND NOT regexp_matches(part."4", '^(0+|9+)$')
  THEN part."1" || ' ' || lower(part."2") || '|' || lower(part."3") || '|' || lpad(part."4", 5, '0') || '|' END AS clean,
  CASE WHEN part."3" <> '' THEN 'unit' ELSE 'building' END AS class
FROM (SELECT raw, regexp_extract(raw, '{form}', ['1', '2', '3', '4']) AS part FROM {raws})
"""

MASKS: dict[str, str] = {
    "phone": "'phone ••• •••-' || right(split_part(clean, ';', 1), 4)",
    "ip": (
        "CASE WHEN contains(clean, ':') THEN 'IPv6 ' || regexp_replace(regexp_extract(clean, "
        "'^([0-9a-f]+(?::[0-9a-f]+){0,2})', 1), '(?::0)+$', '') || '::•/48' "
        "ELSE 'IP ' || regexp_extract(clean, '^(.*)\\.', 1) || '.•' END"
    ),
    "email": (
        "CASE WHEN NOT starts_with(clean, '\"') THEN 'e-mail ' || left(clean, 1) || '•••@' || "
        "(SELECT any_value(ending) FROM vault.ending e WHERE e.domain = split_part(clean, '@', -1)) END"
    ),
    "address": (
        "'address ••• in ' || CASE WHEN regexp_full_match(left(split_part(clean, '|', 3), 3), '[0-9]+') "
        "THEN left(split_part(clean, '|', 3), 3) || '••' ELSE '•••' END "
        "|| CASE WHEN split_part(clean, '|', 2) <> '' THEN ' with unit' ELSE '' END"
    ),
    "card_digits": "'card •••• ' || split_part(clean, '|', 2)",
    **{kind: f"'{kind} …' || right(clean, 3)" for kind in ("card", "payout", "device", "licence", "tax_id", "identity", "social")},
}
"""What may be seen of a clean value, as SQL of `clean`, by kind; NULL, or no line here, where Python is asked. That of `email` joins
the table of `prepare_masks`."""


def cleaned(kind: str, region: str, *, raws: str) -> str | None:
    """Give the query `raw`, `clean`, `class` over a relation of distinct `raw`, or None where Python reads the kind alone.

    Args:
        kind: A kind of `KINDS`.
        region: Country of phone numbers that do not tell one.
        raws: The relation; for `email` the tables of `prepare` have to stand.

    Returns:
        A query; `clean` is NULL where Python has to read the value.
    """
    if kind == "phone":
        form = rf"(?:\+?1[-. ]?)?{_NATIONAL}" if region in AMERICAN else rf"\+1[-. ]?{_NATIONAL}"
        return _PHONE.format(varied=_VARIED, form=form, raws=raws)
    if kind == "email":
        return _EMAIL.format(form=_MAILBOX, raws=raws)
    if kind == "ip":
        return _IP.format(four=_FOUR, six=_SIX, told="|".join(_TOLD_SIX), raws=raws)
    if kind == "address":
        form = _ADDRESS_PARTS.replace("HERE", "|" if region == "US" else "").replace("'", "''")
        return _ADDRESS.format(form=form, words=_NOT_A_NAME, suffix=_SUFFIX, raws=raws)
    if kind == "card_digits":
        return _DIGITS.format(raws=raws)
    if kind in {"card", "payout", "device", "identity"}:
        return _TOKEN.format(form=_HEX, varied=_VARIED_TOKEN, runs=_RUNS, defaults=_DEFAULTS, raws=raws)
    return None


def prepare(db: duckdb.DuckDBPyConnection, raws: str) -> None:
    """Make the tables that the query for `email` joins.

    `vault.nobody` holds names before the @ that Python reads: of nobody, or of an office. `vault.site` holds what each
    domain of the relation `raws` does to a mailbox, asked of `KINDS["email"]` once per domain.
    """
    words = NOBODY | ROLES
    names = sorted(words | {word.translate(str.maketrans("", "", "._-")) for word in words})
    db.execute("CREATE OR REPLACE TABLE vault.nobody AS SELECT unnest(?::VARCHAR[]) AS name", [names])
    db.execute("CREATE OR REPLACE TABLE vault.site (site VARCHAR, same VARCHAR, ignored VARCHAR, class VARCHAR)")
    asked = _SITES.format(form=_MAILBOX, raws=raws)
    for _ in through(db, asked, "vault.site", lambda rows: [(site, *told) for (site,) in rows if (told := _site(site))]):
        pass


def prepare_masks(db: duckdb.DuckDBPyConnection, kind: str, cleans: str) -> None:
    """Make the table that the mask of an e-mail joins: `vault.ending`, what may be seen of each domain in `clean` of `cleans`."""
    if kind != "email":
        return
    head = KINDS["email"].shown(f"{_PROBE}@x").partition("@")[0]
    db.execute("CREATE OR REPLACE TABLE vault.ending (domain VARCHAR, ending VARCHAR)")
    asked = f"SELECT DISTINCT split_part(clean, '@', -1) FROM {cleans} WHERE contains(clean, '@')"
    shown = KINDS["email"].shown
    for _ in through(db, asked, "vault.ending", lambda rows: [(d, shown(f"{_PROBE}@{d}").removeprefix(f"{head}@")) for (d,) in rows]):
        pass


def _site(domain: str) -> tuple[str, str, str] | None:
    """Say what a domain does to a plain mailbox: the domain it is the same as, the marks it ignores, its class.

    None where it does anything else.
    """
    one = KINDS["email"]
    clean = one.clean(f"{_PROBE}@{domain}")
    if clean is None:
        return None
    local, _, same = clean.rpartition("@")
    ignored = "".join(mark for mark in ".-_" if mark not in local)
    if local != "".join(c for c in _PROBE if c not in ignored):
        return None
    return same, ignored, one.klass(clean)


def through(
    db: duckdb.DuckDBPyConnection,
    asked: str,
    into: str,
    read: Callable[[list[tuple[Any, ...]]], Sequence[tuple[Any, ...]]],
) -> Iterator[int]:
    """Send the rows of a query through Python into a table, `CHUNK` rows at a time; see `streamed`.

    Args:
        db: Holds what is read and written; temporary tables are not seen.
        asked: The query.
        into: The table that takes the rows that `read` gives, in the order of its columns.
        read: Gives rows, as many as it likes, for a chunk of rows.

    Yields:
        The number of rows read, after each chunk.
    """
    return streamed(db, asked, into, partial(map, read))


def streamed(
    db: duckdb.DuckDBPyConnection,
    asked: str,
    into: str,
    read: Callable[[Iterator[list[tuple[Any, ...]]]], Iterable[Sequence[tuple[Any, ...]]]],
) -> Iterator[int]:
    """Send the rows of a query through Python into a table, so that few of them are ever in memory.

    Args:
        db: Holds what is read and written; temporary tables are not seen.
        asked: The query.
        into: The table that takes the rows that `read` gives, in the order of its columns.
        read: Gives rows, as many as it likes, for each chunk of `CHUNK` rows, in their order; it may take several chunks at a time.

    Yields:
        The number of rows read, after each chunk.
    """
    # a second cursor begins in the first database, whichever this one stands in
    place = db.execute("SELECT current_database(), current_schema()").fetchall()[0]
    beside = db.cursor()
    beside.execute("USE " + ".".join(f'"{name}"' for name in place))
    found = beside.execute(asked)
    sizes: deque[int] = deque()

    def chunks() -> Iterator[list[tuple[Any, ...]]]:
        while chunk := found.fetchmany(CHUNK):
            sizes.append(len(chunk))
            yield chunk

    for made in read(chunks()):
        if made:
            columns = {f"c{n}": np.array(column, dtype=object) for n, column in enumerate(zip(*made, strict=True))}
            db.register("_made", pd.DataFrame(columns))
            db.execute(f"INSERT INTO {into} SELECT * FROM _made")
            db.unregister("_made")
        yield sizes.popleft()
