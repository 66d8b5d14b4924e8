"""What a market may be asked for (`SHAPE`), and what there is in it: handsets, trades, innocent crowds, abuse, talk."""

from __future__ import annotations

from dataclasses import dataclass

DAY, FOREVER = 86400, 10**13
"""In seconds."""
NEVER = NOBODY = -1
"""A time that is not known, an account that is none."""
ANY_HOUR = -2
"""Tries at any hour, none of which succeeds."""
SHAPE = {
    "prevalence": 0.03,
    "careful": 0.4,
    "household": 0.10,
    "places": 0.12,
    "lookalikes": 1.0,
    "mobile": 0.45,
    "cgnat_home": 0.15,
    "vpn": 0.25,
    "ipv6": 0.35,
    "dirt": 0.06,
    "countries": {"US": 1.0},
    "days": 540,
    "end": "2026-11-15",
    "missing": (),
    "naive": (),
    "export_twice": False,
    "single_table": False,
    "team_ranges": False,
    "pro_share": 0.28,
    "login_rate": 1.0,
    "takeover": 0.002,
    "second_account": 0.05,
    "recycled": 0.03,
    "resold": 0.006,
    "id_style": "plain",
    "trades": None,
}
"""What a market is like if nothing else is asked for; the words are told in the package."""
MODELS = [
    ("ios", "iPhone 13", 9),
    ("ios", "iPhone 15", 7),
    ("ios", "iPhone SE", 3),
    ("android", "SM-A146U", 8),
    ("android", "SM-S918U", 4),
    ("android", "moto g power", 5),
    ("android", "Redmi Note 12", 6),
    ("android", "Pixel 7a", 3),
    ("web", "Windows Chrome", 12),
    ("web", "Mac Safari", 5),
    ("web", "Windows Edge", 4),
    ("web", "Windows Firefox", 2),
    ("web", "Chromebook", 2),
    ("ios", "iPad 9", 3),
    ("android", "SM-T220", 2),
]
"""Handsets, browsers and tablets: system, model, weight."""
TRADES: dict[str, tuple[int, int] | None] = {
    "plumbing": None,
    "house_cleaning": None,
    "lawn_care": (3, 10),
    "snow_removal": (11, 3),
    "tax_preparation": (1, 4),
    "moving": (5, 9),
    "painting": (4, 10),
    "roofing": (4, 10),
    "tutoring": (9, 5),
    "dog_walking": None,
    "electrical": None,
    "hvac": (6, 9),
    "wedding_photo": (5, 10),
    "handyman": None,
    "courier": None,
    "pest_control": (4, 9),
}
"""Trades and the months in which each is asked for, first and last."""


@dataclass(frozen=True)
class Crowd:
    """An innocent crowd and what its members share; most numbers are the chance that a member does.

    Attributes:
        members: At least and at most so many.
        weight: How frequent it is.
        role: What its members do; None: whatever they like.
        line: The class of its network.
        network: They log in from its line.
        at_work: 1 if they do so on weekdays, in working hours.
        address: Its address.
        card: Its card.
        bank: Its payout account.
        phone: Its number.
        mail: Its mailbox.
        domain: A mailbox at its domain.
        device: Its devices.
        signup: The account is set up on its device.
        agent: Somebody of it logs in for them.
        swap: They use each other's handsets.
        refer: One was referred by the one before.
        burst_days: Accounts are opened within so many days of each other; 0: any time.
        extension: Its number has extensions.
        business: It is a firm that the platform knows.
        brand: They go by one brand.
        surname: They have one surname.
        virtual: Its address is a mail agent's.
        elderly: They are old.
        serial: Each comes after another has left.
        once: Its agent logs in once.
        few: They come rarely.
    """

    members: tuple[int, int]
    weight: int
    role: str | None
    line: str
    network: float = 0
    at_work: int = 0
    address: float = 0
    card: float = 0
    bank: float = 0
    phone: float = 0
    mail: float = 0
    domain: float = 0
    device: float = 0
    signup: float = 0
    agent: float = 0
    swap: float = 0
    refer: float = 0
    burst_days: int = 0
    extension: bool = False
    business: bool = False
    brand: bool = False
    surname: bool = False
    virtual: bool = False
    elderly: bool = False
    serial: bool = False
    once: bool = False
    few: bool = False


CROWDS = {
    "office": Crowd(
        (4, 22), 10, "customer", "business", network=0.9, at_work=1, phone=0.3, extension=True, card=0.08, domain=0.3, device=0.05
    ),
    "coworking": Crowd((5, 18), 5, None, "business", network=0.9, at_work=1, address=0.6, device=0.03),
    "franchise": Crowd((3, 9), 6, "pro", "residential", card=0.9, phone=0.6, domain=0.8, business=True, brand=True, bank=0.15),
    "campus": Crowd((8, 40), 4, "customer", "education", network=1, address=0.7, burst_days=25, refer=0.3, device=0.05),
    "shelter": Crowd(
        (5, 20), 3, None, "residential", network=0.95, address=1, phone=0.25, device=0.35, swap=0.25, burst_days=200, mail=0.1
    ),
    "family_business": Crowd(
        (4, 9),
        5,
        "pro",
        "residential",
        network=0.8,
        address=0.8,
        card=0.8,
        bank=0.6,
        phone=0.5,
        device=0.5,
        surname=True,
        business=True,
        mail=0.3,
    ),
    "church": Crowd((3, 10), 3, None, "business", network=0.7, device=0.7, phone=0.4, mail=0.35, address=0.4, signup=0.6),
    "library": Crowd((4, 18), 5, None, "education", network=1, device=1, at_work=1),
    "phone_shop": Crowd((5, 25), 4, None, "business", signup=1),
    "reentry": Crowd((4, 12), 3, "pro", "business", network=0.8, address=1, phone=0.5, device=0.6, signup=0.8, at_work=1, burst_days=240),
    "courier_house": Crowd((3, 7), 5, "pro", "residential", network=1, address=0.9, bank=0.35, card=0.15, swap=0.6, phone=0.1),
    "agency": Crowd((3, 12), 5, "pro", "business", agent=0.9, card=0.3, phone=0.2),
    "callcentre": Crowd((10, 50), 2, None, "business", agent=1, phone=0.15, once=True),
    "care_home": Crowd((3, 12), 3, "customer", "residential", network=0.8, address=1, device=0.6, phone=0.4, at_work=1, elderly=True),
    "landlord": Crowd((3, 9), 4, "customer", "residential", address=1, serial=True),
    "company_card": Crowd((2, 6), 5, "customer", "business", card=1, network=0.6, at_work=1, agent=0.3),
    "payroll_agent": Crowd((3, 10), 3, "pro", "business", bank=1),
    "mail_agent": Crowd((3, 14), 3, "pro", "business", address=1, virtual=True),
    "public_wifi": Crowd((4, 25), 7, None, "business", network=1, few=True),
    "hostel": Crowd((3, 9), 3, None, "residential", network=1, address=0.7, burst_days=90, device=0.1),
    "trade_school": Crowd((5, 15), 2, "pro", "education", network=0.9, refer=0.5, at_work=1, burst_days=40, device=0.3, signup=0.4),
    "union_hall": Crowd((4, 14), 2, "pro", "business", signup=0.7, network=0.4, phone=0.15),
}
"""Innocent crowds and what their members share."""
CRIME = {
    "comeback": 44,
    "solo": 14,
    "farm_one": 7,
    "farm_crew": 8,
    "referral": 8,
    "tester": 6,
    "lead_refund": 9,
    "mules": 6,
    "bought": 12,
    "insider": 4,
    "aged": 6,
    "weak_chain": 7,
}
"""Trades of abuse by weight."""
CHARGE = {
    "comeback": "PRO-06",
    "solo": "PAY-04",
    "farm_one": "REV-01",
    "farm_crew": "REV-01",
    "referral": "LEA-02",
    "tester": "PAY-01",
    "lead_refund": "LEA-01",
    "mules": "PAY-05",
    "bought": "ACC-03",
    "insider": "PRI-01",
    "aged": "PAY-04",
    "weak_chain": "PAY-03",
}
"""What each is removed for."""
