"""How the accounts can be reached and how they pay: `phones`, `emails`, `instruments` and two more tables.

Each row is one use of a thing by an account, from its first day to its last. Numbers, boxes, cards and banks
belong to nobody: exchange 555, domains under `.example` (RFC 2606), the test ranges of card processors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from tnskit.training.metros import buildings, doors, numbers_of
from tnskit.training.people import Names
from tnskit.training.text import (
    DAY,
    NONE,
    Flags,
    Ints,
    Texts,
    blanked,
    chance,
    counted,
    hexes,
    numbered,
    objects,
    one_of,
    picked,
    spread,
    stamps,
)
from tnskit.training.world import AGENT, END, MAIN, PREPAID, PROXY, VOIP, World, among

BINS = ("424242", "400005", "555555", "222300", "378282", "601111")
FREE_MAIL = ("mail.example", "post.example", "inbox.example")
LINE_TYPES = ("mobile", "landline", "voip", "unknown", "proxy")
ORIGINS = ("signup", "profile", "2fa", "message", "payout")


@dataclass(frozen=True, eq=False)
class Rows:
    """Uses of one kind, one entry a row."""

    account: Ints
    thing: Ints
    first: Ints
    last: Ints
    how: Ints
    """The place of the word of its use among `words`; 0 for what the account owns."""
    words: tuple[str, ...]


def rows_of(world: World, kind: str, owners: Ints) -> Rows:
    """Put together what accounts own and what they use besides."""
    uses = world.uses.get(kind, [])
    words = ("", *sorted({use.how for use in uses} - {""}))
    parts = [owners, *(use.account for use in uses)]
    things = [world.own[kind][owners], *(use.thing for use in uses)]
    first = [world.who["created"][owners], *(use.first for use in uses)]
    last = [world.who["last"][owners], *(use.last for use in uses)]
    how = [np.full(len(use.account), words.index(use.how), dtype=np.int64) for use in uses]
    rows = Rows(
        np.concatenate(parts),
        np.concatenate(things),
        np.concatenate(first),
        np.concatenate(last),
        np.concatenate([np.zeros(len(owners), dtype=np.int64), *how]),
        words,
    )
    order = np.lexsort((np.arange(len(rows.account)), rows.thing, rows.account))
    account, thing = rows.account[order], rows.thing[order]
    again = np.r_[False, (account[1:] == account[:-1]) & (thing[1:] == thing[:-1])]
    keep = np.sort(order[~again])
    return Rows(rows.account[keep], rows.thing[keep], rows.first[keep], rows.last[keep], rows.how[keep], words)


def phones(world: World) -> pd.DataFrame:
    """Write the table `phones`."""
    draw = world.draw("phones")
    everyone = np.arange(world.accounts, dtype=np.int64)
    second = everyone[among(world, "second phones", world.accounts, 0.08)]
    line = world.fresh("phone", len(second))
    between = (world.who["created"][second], world.who["last"][second])
    world.use("phone", second, line, between=between, how="profile")
    _proxies(world)
    rows = rows_of(world, "phone", everyone)
    known, first, back = np.unique(rows.thing, return_index=True, return_inverse=True)
    full, number, kinds = _lines(world, known, world.who["metro"][rows.account[first]])
    e164, kind = full[back], kinds[back]
    count = len(rows.account)
    origins = np.array([ORIGINS.index(word) if word in ORIGINS else 1 for word in rows.words])
    checked = (draw.random(count) < np.where(kind == 2, 0.5, 0.78)) & (kind != 4)
    return pd.DataFrame(
        {
            "account_id": rows.account,
            "phone_raw": _as_typed(e164, number[back], draw.random(count)),
            "phone_e164": blanked(e164, draw.random(count) < 0.8),
            "line_type": picked(LINE_TYPES, kind),
            "verified_at": stamps(np.where(checked, np.minimum(rows.first + 600, rows.last), NONE)),
            "first_seen": stamps(rows.first),
            "last_seen": stamps(rows.last),
            "origin": picked(ORIGINS, np.where(rows.how == 0, 0, origins[rows.how])),
        },
        copy=False,
    )


def _lines(world: World, known: Ints, metro: Ints) -> tuple[Texts, Ints, Ints]:
    """Write lines in full; also their ten digits (`NONE` abroad) and their place in `LINE_TYPES`."""
    luck = one_of(known, world.salt("line"), 100)
    kind = np.where(luck < 82, 0, np.where(luck < 92, 1, np.where(luck < 95, 2, 3)))
    kind = np.where(known & VOIP, 2, np.where(known & MAIN, 1, np.where(known & PROXY, 4, kind)))
    abroad = (known & (VOIP | MAIN | PROXY) == 0) & (chance(known, world.salt("abroad")) < 0.006)
    number = numbers_of(metro, world.salt("numbers"))
    e164 = numbered("+1", number)
    e164[abroad] = _abroad(known[abroad], world.salt("abroad lines"))
    return e164, np.where(abroad, NONE, number), kind


def _proxies(world: World) -> None:
    """Let the platform's own numbers, which stand between customers and pros, show up on accounts."""
    draw = world.draw("proxies")
    count = max(int(world.accounts * 0.036), 1)
    who = draw.integers(0, world.accounts, count)
    line = world.fresh("phone", max(count // 3, 1))[draw.integers(0, max(count // 3, 1), count)] | PROXY
    world.use("phone", who, line, between=(world.who["created"][who], world.who["last"][who]), how="message")


def _abroad(things: Ints, salt: int) -> Texts:
    """Write Mexican and Brazilian numbers; the Brazilian line without its 9 comes back as dirt."""
    tail = (10_000_000 + one_of(things, salt, 89_999_999)).astype("U8").astype(object)
    return np.where(chance(things, salt + 1) < 0.6, "+5255" + tail, "+55119" + tail)


STYLES = (
    ("(", ") 555-", ""),
    ("", "-555-", ""),
    ("", "555", ""),
    ("1-", "-555-", ""),
    ("", ".555.", ""),
    ("", "-555-", " ext. 12"),
    ("", "-555-", " x4"),
)
"""How people write a number: before the area code, between it and the line, behind."""


def _as_typed(e164: Texts, number: Ints, luck: npt.NDArray[np.float64]) -> Texts:
    """Write numbers as people do; not quite half of them in full, and all that are abroad."""
    result = e164.copy()
    area, end = np.divmod(number, 10_000_000)[0], number % 10_000
    style = np.searchsorted(np.array([0.45, 0.70, 0.84, 0.93, 0.96, 0.99, 0.995]), luck, side="right")
    for at, (before, between, behind) in enumerate(STYLES):
        here = (style == at + 1) & (number >= 0)
        head = objects([f"{before}{code}{between}" for code in range(1_000)])[area[here]]
        result[here] = head + objects([f"{line:04d}{behind}" for line in range(10_000)])[end[here]]
    return result


def emails(world: World, names: Names) -> pd.DataFrame:
    """Write the table `emails`."""
    draw = world.draw("emails")
    everyone = np.arange(world.accounts, dtype=np.int64)
    second = everyone[among(world, "second boxes", world.accounts, 0.07)]
    box = world.fresh("email", len(second))
    later = np.minimum(world.who["created"][second] + 40 * DAY, world.who["last"][second])
    world.use("email", second, box, between=(later, world.who["last"][second]), how="")
    rows = rows_of(world, "email", everyone)
    known, first, back = np.unique(rows.thing, return_index=True, return_inverse=True)
    local, domain, kind = _boxes(world, names, known, rows.account[first])
    local, domain, kind = local[back], domain[back], kind[back]
    alias = np.where(rows.how == 0, world.who["alias"][rows.account], 0)
    owner = np.zeros(len(rows.account), dtype=bool)
    owner[first] = True
    tag = "+" + picked(("pro", "work", "new", "home"), one_of(rows.account, world.salt("tags"), 4))
    raw_local = np.where((alias == 1) & ~owner, local + tag, local)
    capital = np.flatnonzero(((alias == 2) & ~owner) | (draw.random(len(owner)) < 0.05))
    raw_local[capital] = np.char.title(local[capital].astype("U")).astype(object)
    norm: Texts = local + "@" + domain
    raw: Texts = raw_local + "@" + domain
    checked = draw.random(len(owner)) < 0.85
    return pd.DataFrame(
        {
            "account_id": rows.account,
            "email_raw": raw,
            "email_norm": blanked(norm, draw.random(len(owner)) < 0.7),
            "domain": domain,
            "verified_at": stamps(np.where(checked, np.minimum(rows.first + 300, rows.last), NONE)),
            "is_disposable": kind == 2,
            "is_relay": kind == 1,
            "first_seen": stamps(rows.first),
            "last_seen": stamps(rows.last),
        },
        copy=False,
    )


def _boxes(world: World, names: Names, things: Ints, holder: Ints) -> tuple[Texts, Texts, Ints]:
    """Write the boxes: local part, domain, and whether it is plain (0), relay, disposable or a firm's (3)."""
    salt = world.salt("boxes")
    luck = chance(things, salt)
    pro = np.isin(world.who["role"][holder], (1, 2))
    kind = np.where(luck < 0.05, 1, np.where(luck < 0.065, 2, np.where(pro & (luck < 0.35), 3, 0)))
    kind = np.where(things & MAIN, 3, kind)
    first, last = names.plain_first[holder], names.plain_last[holder]
    year = one_of(things, salt + 1, 60).astype("U2").astype(object)
    forms: list[Texts] = [first + "." + last, first + last, first + "_" + last, first + "." + last + year]
    local: Texts = np.choose(one_of(things, salt + 2, 4), forms)
    local = np.where(kind == 1, hexes(spread(things, salt + 3), words=3), local)
    free = picked(FREE_MAIL, one_of(things, salt + 4, 3))
    language = world.who["language"][holder]
    free = np.where(
        (language == 1) & (luck > 0.6),
        "correo.example",
        np.where((language == 2) & (luck > 0.6), "correio.example", free),
    )
    firm: Texts = last + "-" + picked(("homes", "repairs", "cleaning", "works"), one_of(things, salt + 5, 4))
    domain = np.where(kind == 1, "relay.example", np.where(kind == 2, "tenminutes.example", free))
    domain = np.where(kind == 3, firm, domain)
    desk = picked(("info", "office", "hello"), one_of(things, salt + 6, 3))
    local = np.where(kind == 3, np.where((things & MAIN > 0) | (luck < 0.25), desk, first), local)
    # No two boxes are one: the n-th holder of an address gets its number, as with any provider.
    text = local + "@" + domain
    _, code = np.unique(text.astype("U"), return_inverse=True)
    turn = counted(code.astype(np.int64))
    again = blanked(turn.astype("U8").astype(object), turn > 0)
    again = np.where(turn > 0, again, "")
    local = np.where(kind == 3, local, local + again)
    return local, np.where(kind == 3, domain + again + ".example", domain), kind


def instruments(world: World) -> pd.DataFrame:
    """Write the table `instruments`."""
    draw = world.draw("instruments")
    plain = (world.own["card"] & PREPAID) == 0
    shared = np.bincount(world.own["card"][plain], minlength=1)[np.where(plain, world.own["card"], 0)] > 1
    has = among(world, "has a card", world.accounts, 0.75) | shared | ~plain
    rows = rows_of(world, "card", np.flatnonzero(has))
    count, thing = len(rows.account), rows.thing
    salt = world.salt("cards")
    wallet = (chance(thing, salt) < 0.12) & ((thing & PREPAID) == 0)
    code = one_of(thing, salt + 1, 100)
    bins = np.searchsorted(np.array([42, 60, 82, 90, 97]), code, side="right")
    prepaid = ((thing & PREPAID) > 0) | (chance(thing, salt + 2) < 0.05)
    funding = np.where(prepaid, 2, np.where(chance(thing, salt + 3) < 0.5, 0, 1))
    company = np.isin(rows.how, [at for at, word in enumerate(rows.words) if word in ("company", "stolen")])
    match = np.where(company, 2, np.searchsorted(np.array([0.72, 0.86, 0.90]), draw.random(count), side="right"))
    last4 = np.char.zfill(one_of(thing, salt + 4, 10_000).astype("U4"), 4).astype(object)
    start = np.minimum(rows.first + (draw.random(count) * 5 * DAY).astype(np.int64), rows.last)
    return pd.DataFrame(
        {
            "account_id": rows.account,
            "instrument_id": numbered("I", 2_000_000 + draw.permutation(count).astype(np.int64)),
            "kind": np.where(wallet, "wallet", "card").astype(object),
            "fingerprint": "fp" + hexes(spread(thing, salt + 5)),
            "processor": "stripline",
            "bin": picked(BINS, bins),
            "last4": last4,
            "exp_month": 1 + one_of(thing, salt + 6, 12),
            "exp_year": 2025 + one_of(thing, salt + 7, 6),
            "funding": picked(("credit", "debit", "prepaid"), funding),
            "wallet": blanked(picked(("apple_pay", "google_pay"), one_of(thing, salt + 8, 2)), wallet),
            "name_match": picked(("full", "partial", "none", "unknown"), match),
            "first_used": stamps(start),
            "last_used": stamps(rows.last),
        },
        copy=False,
    )


def payout_accounts(world: World) -> pd.DataFrame:
    """Write the table `payout_accounts`."""
    draw = world.draw("payouts")
    pro = np.isin(world.who["role"], (1, 2)) & (draw.random(world.accounts) < 0.85)
    shared = np.bincount(world.own["payout"], minlength=world.accounts)[world.own["payout"]] > 1
    rows = rows_of(world, "payout", np.flatnonzero(pro | (shared & np.isin(world.who["role"], (1, 2)))))
    salt, count = world.salt("payouts"), len(rows.account)
    gone = (rows.last < END - 20 * DAY) & (draw.random(count) < 0.6)
    return pd.DataFrame(
        {
            "account_id": rows.account,
            "payout_token": "ba" + hexes(spread(rows.thing, salt)),
            "last4": np.char.zfill(one_of(rows.thing, salt + 1, 10_000).astype("U4"), 4).astype(object),
            "country": "US",
            "holder_match": picked(
                ("full", "partial", "none", "unknown"),
                one_of(rows.thing, salt + 2, 4) * (draw.random(count) < 0.3),
            ),
            "added_at": stamps(np.minimum(rows.first + DAY, rows.last)),
            "removed_at": stamps(np.where(gone, rows.last, NONE)),
        },
        copy=False,
    )


def addresses(world: World) -> pd.DataFrame:
    """Write the table `addresses`."""
    draw = world.draw("addresses")
    shared = np.unique(world.own["address"], return_inverse=True, return_counts=True)
    often: Flags = shared[2][shared[1]] > 1
    has = among(world, "has an address", world.accounts, 0.82) | often
    rows = rows_of(world, "address", np.flatnonzero(has))
    known, first, back = np.unique(rows.thing, return_index=True, return_inverse=True)
    metro = world.who["metro"][rows.account[first]]
    plain = (known & (MAIN | AGENT)) == 0
    unit = np.where(plain, buildings(known, metro, world.salt("buildings")), NONE)
    text = {name: column[back] for name, column in doors(world, known, metro, unit).items()}
    agent = (rows.thing & AGENT) > 0
    boxes = "PMB " + (100 + one_of(rows.account, world.salt("boxes at agents"), 800)).astype("U3").astype(object)
    text["unit"] = np.where(agent, boxes, blanked(text["unit"], draw.random(len(agent)) > 0.08))
    pro = np.isin(world.who["role"][rows.account], (1, 2))
    own = np.where(pro, np.where(draw.random(len(agent)) < 0.5, "business", "billing"), "service")
    kind = np.where(rows.how == 0, own, objects([*rows.words])[rows.how])
    return pd.DataFrame(
        {
            "account_id": rows.account,
            "address_id": numbered("D", 4_000_000 + draw.permutation(len(agent)).astype(np.int64)),
            "kind": kind,
            **text,
            "country": "US",
            "is_mail_agent": pd.arrays.BooleanArray(agent, draw.random(len(agent)) < 0.1),
            "first_seen": stamps(rows.first),
            "last_seen": stamps(rows.last),
        },
        copy=False,
    )
