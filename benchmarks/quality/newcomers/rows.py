"""Rows about an account, as the tables keep them; each row in the order of its columns."""

from __future__ import annotations

from benchmarks.quality.newcomers.accounts import Account, Way
from benchmarks.quality.newcomers.addresses import Address, written
from benchmarks.quality.newcomers.lands import LANDS
from benchmarks.quality.newcomers.phones import Phone, typed
from benchmarks.quality.newcomers.plans import DAY, NEVER, NOBODY
from benchmarks.quality.newcomers.wallet import Bank, Card, fingerprint
from benchmarks.quality.newcomers.world import World, dotted, mix

TAGS = ["jobs", "tt", "home", "spam", "1"]
TAGGING = ("gmail.com", "googlemail.com", "outlook.com", "icloud.com")
NARRATIVES = [
    "did not show up",
    "asked for deposit then vanished",
    "reviews look fake",
    "charged twice",
    "not the person in the photo",
    "no me contestó más",
    "pediu pagamento fora",
]


def add_phone(
    world: World,
    account: Account,
    phone: Phone,
    start: int,
    stop: int,
    origin: str = "signup",
    *,
    verified: bool = True,
    extension: int | None = None,
) -> None:
    """A number on file for an account."""
    world.rows["phones"].append(
        {
            "account_id": account.number,
            "phone_raw": typed(world, phone, extension),
            "phone_e164": f"+{LANDS[phone.land].dial}{phone.national}" if world.chance(0.75) else None,
            "line_type": phone.line if world.chance(0.85) else "unknown",
            "verified_at": start + 90 if verified else NEVER,
            "first_seen": start,
            "last_seen": stop,
            "origin": origin,
        }
    )


def add_mail(world: World, account: Account, mail: str, start: int, stop: int, *, verified: bool = True) -> None:
    """A mailbox on file, at times dotted, tagged or in capitals."""
    name, host = mail.split("@")
    raw = name
    if host in TAGGING:
        if world.chance(0.04):
            raw = f"{name}+{world.dice.choice(TAGS)}"
        elif world.chance(0.05) and host == "gmail.com" and len(name) > 4:
            raw = name.replace(".", "") if "." in name else f"{name[:3]}.{name[3:]}"
    raw = f"{raw}@{host}"
    raw = raw.upper() if world.chance(0.01) else raw.title() if world.chance(0.05) else raw
    world.rows["emails"].append(
        {
            "account_id": account.number,
            "email_raw": raw,
            "email_norm": mail.lower() if world.chance(0.5) else None,
            "domain": host,
            "verified_at": start + 60 if verified else NEVER,
            "is_disposable": any(word in host for word in ("mailinator", "guerrilla", "tempmail")),
            "is_relay": any(word in host for word in ("privaterelay", "relay.firefox")),
            "first_seen": start,
            "last_seen": stop,
        }
    )


def add_card(world: World, account: Account, card: Card, start: int, stop: int, match: str = "full") -> None:
    """A card on file, at times in a wallet with a fingerprint of its own."""
    wallet = world.dice.choice(["apple_pay", "google_pay"]) if world.chance(0.07) else None
    shown = card.fingerprint if not wallet or world.chance(0.4) else fingerprint(world)
    instrument = world.next_id("ins_")
    world.rows["instruments"].append(
        {
            "account_id": account.number,
            "instrument_id": instrument,
            "kind": "card" if not wallet else "wallet",
            "fingerprint": shown,
            "processor": "stripe" if world.chance(0.9) else "adyen",
            "bin": card.start,
            "last4": card.last4,
            "exp_month": card.month,
            "exp_year": card.year,
            "funding": card.funding,
            "wallet": wallet,
            "name_match": match if world.chance(0.7) else "unknown",
            "first_used": start,
            "last_used": stop,
        }
    )
    account.instruments.append(instrument)


def add_bank(world: World, account: Account, bank: Bank, start: int, stop: int = NEVER, holder: str = "full") -> None:
    """A payout account on file."""
    world.rows["payout_accounts"].append(
        {
            "account_id": account.number,
            "payout_token": bank.token,
            "last4": bank.last4,
            "country": account.person.land,
            "holder_match": holder if world.chance(0.75) else None,
            "added_at": start,
            "removed_at": stop,
        }
    )


def add_address(world: World, account: Account, address: Address, start: int, stop: int) -> None:
    """An address on file."""
    text = written(world, address)
    world.rows["addresses"].append(
        {
            "account_id": account.number,
            "address_id": world.next_id("adr_"),
            "kind": "business" if account.role == "pro" else world.dice.choice(["service", "service", "billing", "mailing"]),
            "line1": text.line,
            "unit": text.unit,
            "city": text.city,
            "region": text.region,
            "postal": text.postal,
            "country": address.land,
            "is_mail_agent": address.virtual if world.chance(0.5) else None,
            "first_seen": start,
            "last_seen": stop,
        }
    )


def add_way(
    world: World,
    account: Account,
    network: int,
    device: int,
    start: float,
    stop: float,
    *,
    expected: float = 0.0,
    fixed: int = 0,
    at_work: int = 0,
    hour: float | None = None,
) -> None:
    """A way to log in; the hour is the person's, if none is said."""
    if stop > start:
        usual = account.person.hour if hour is None else hour
        way = Way(account.number, network, device, start, stop, expected, fixed, at_work, usual)
        account.ways.append(way)
        world.ways.append(way)


def add_event(world: World, account: Account, at: float, event: str, network: int | None = None, device: int | None = None) -> None:
    """A security event by whoever holds the account, from the network and device at hand."""
    person = account.person
    at = int(at)
    line = world.networks[person.home if network is None else network]
    used = world.devices[person.handset if device is None else device]
    address = line.first + int(mix(line.salt, at // line.period)) % line.size
    shown = f"{'ck_' if used.browser else 'ins-'}{int(mix(used.salt, at // used.period)):016x}"
    _event(world, account, at, event, "user", dotted(address), shown)


def add_support_event(world: World, account: Account, at: float, event: str) -> None:
    """A security event by the platform's own people."""
    _event(world, account, int(at), event, "support", None, None)


def _event(world: World, account: Account, at: int, event: str, actor: str, address: str | None, device: str | None) -> None:
    world.rows["security_events"].append(
        {"account_id": account.number, "at": at, "event": event, "actor": actor, "ip": address, "device_id": device}
    )


def remove(world: World, account: Account, at: int, code: str, *, reverse: bool = False, action: str = "remove") -> None:
    """A decision against an account, at times undone on appeal."""
    dice, number = world.dice, world.next_id("act_")
    reversed_at = at + dice.randint(3, 40) * DAY if reverse else NEVER
    if reversed_at > world.end:
        reverse, reversed_at = False, NEVER
    world.rows["actions"].append(
        {
            "action_id": number,
            "account_id": account.number,
            "action": action,
            "policy_code": code if world.chance(0.85) else "other",
            "policy_version": f"2026.{dice.randint(1, 4)}",
            "case_id": f"C{dice.randint(10**5, 10**6)}" if world.chance(0.7) else None,
            "decided_at": at,
            "effective_at": at + 60,
            "expires_at": NEVER,
            "decided_by": dice.choice(["ana", "luis", "ops2", "kim"]),
            "reviewed_by": dice.choice(["luis", "kim", None]),
            "automation": dice.choice(["none", "assisted", "full"]),
            "reason": "policy breach confirmed",
            "notice_sent_at": at + 600 if world.chance(0.9) else NEVER,
            "reversed_at": reversed_at,
            "reversal_reason": "appeal overturned" if reverse else None,
        }
    )
    if not reverse:
        account.status = "removed" if action == "remove" else "suspended"
        account.closed = account.last = at
        account.closes = min(account.closes, at + 3600)
    if reverse or world.chance(0.15):
        _appeal(world, account, number, at, reversed_at if reverse else None)


def _appeal(world: World, account: Account, action: str, at: int, overturned: int | None) -> None:
    world.rows["appeals"].append(
        {
            "appeal_id": world.next_id("app_"),
            "action_id": action,
            "received_at": at + DAY,
            "lang": account.person.locale,
            "grounds": "I did nothing wrong",
            "reviewer": "kim",
            "decided_at": min(world.end, at + 9 * DAY if overturned is None else overturned),
            "outcome": "upheld" if overturned is None else "overturned",
        }
    )


def report(world: World, account: Account, at: float, code: str, by: int = NOBODY) -> None:
    """A complaint about an account."""
    if at < world.end:
        world.rows["reports"].append(
            {
                "report_id": world.next_id("rep_"),
                "reporter_account_id": by,
                "subject_account_id": account.number,
                "channel": world.dice.choice(["phone", "email", "chat", "app"]),
                "received_at": int(at),
                "policy_code": code,
                "narrative": world.dice.choice(NARRATIVES),
                "safety_flag": world.chance(0.03),
            }
        )


def add_review(world: World, author: Account, subject: Account, at: int, body: str) -> None:
    """Praise that no job stands behind."""
    world.praise.append(
        {"author_account_id": author.number, "subject_account_id": subject.number, "rating": 5, "body": body, "created_at": at}
    )


def add_payment(
    world: World,
    kind: str,
    *,
    payer: int = NOBODY,
    payee: int = NOBODY,
    amount: int,
    at: int,
    status: str = "ok",
    instrument: str | None = None,
    code: str | None = None,
) -> None:
    """Money that no job stands behind; payer and payee by number."""
    world.transfers.append(
        {
            "payer_id": payer,
            "payee_id": payee,
            "kind": kind,
            "amount_minor": amount,
            "at": at,
            "status": status,
            "instrument_id": instrument,
            "dispute_code": code,
        }
    )
