"""What DuckDB reads of a plain value is what the class of its kind reads; everything else it leaves to that class."""

import random

import pytest

from tnskit.cleaning import quick
from tnskit.cleaning.identifiers import KINDS
from tnskit.cleaning.market import open_database

HEX = "0123456789abcdef"
DRESSES = ("{0}{1}{2}", "({0}) {1}-{2}", "+1{0}{1}{2}", "1-{0}-{1}-{2}", "{0}.{1}.{2}", "+1 {0} {1} {2}", "{0} {1}{2}")
ODD_PHONES = ("0123456789", "1234567890", "9876543210", "5555550100", "3105551212", "2125550142", "8005551234", "2222222222")
BOXES = ("info", "jo", "noemail", "a", "none", "test", "jo.smith", "j_doe", "aaa", "x-y", "office", "no.reply")
SITES = ("gmail.com", "googlemail.com", "gmial.com", "mailinator.com", "x.mailinator.com", "yahoo.com", "PrivateRelay.appleid.com",
         "example.co.uk", "outlook.com", "fastmail.com", "user.fastmail.com", "me.com", "yandex.ru", "example.com")  # fmt: skip
BLOCKS = ("2606:54c0", "2a09:bac3", "2001:db8", "2002:0808", "2001:0", "2003:abc", "2600:1700", "fe80:0", "3fff:1", "0:0")
ODD_TOKENS = ("d41d8cd98f00b204e9800998ecf8427e", "9774d56d682e549c", "0123456789abcdef", "00000000-0000-0000-0000-000000000000",
              "deadbeefdeadbeef", "abcdef012345", "4111111111111111")  # fmt: skip


def digits(dice, count):
    return "".join(dice.choice("0123456789") for _ in range(count))


def hexes(dice, count):
    return "".join(dice.choice(HEX) for _ in range(count))


def phone(dice):
    number = dice.choice(ODD_PHONES) if dice.random() < 0.2 else digits(dice, 10)
    return dice.choice(DRESSES).format(number[:3], number[3:6], number[6:])


def email(dice):
    box = dice.choice(BOXES) if dice.random() < 0.5 else "".join(dice.choice("abc.-_1") for _ in range(dice.randrange(1, 8)))
    return f"{box}{dice.choice(('', '1', '+x'))}@{dice.choice(SITES)}"


def ip(dice):
    if dice.random() < 0.4:
        return ".".join(str(dice.choice((dice.randrange(300), 0, 10, 100, 104, 172, 192))) for _ in range(4))
    return f"{dice.choice(BLOCKS)}:{':'.join(hexes(dice, dice.randrange(1, 5)) for _ in range(6))}"


def token(dice):
    made = hexes(dice, dice.choice((8, 12, 13, 14, 16, 32, 40, 64)))
    made = dice.choice((made, made, made, dice.choice(ODD_TOKENS), digits(dice, dice.choice((13, 16, 19)))))
    return dice.choice(("", "", "stripe:", "tok_", "fp", "a:b:", "null", "visa:none")) + made


def card_digits(dice):
    return f"{dice.randrange(10**6):06}|{dice.randrange(10**4):04}|{dice.randrange(100):02}-{dice.randrange(14)}"


PLAIN_ADDRESS = (
    ("12", "99999"),
    ("Oak", "N Oak", "Elm Grove"),
    ("St", "Ave."),
    ("", "4", "Apt 4B", "#12"),
    ("Boston", "St. Louis"),
    ("MA",),
    ("02139", "2139"),
    ("US",),
    ("",),
)
ODD_ADDRESS = (
    ("0", "00012", "123456", "12A"),
    ("Main", "s Pine", "First", "North", "County", "Old Mill", "La Cima", "Box", "Test", "St", "Court", "Unit", "Saint Mary", "Georgia", "Maine",
     "Highway", "MLK", "O Neil", "Calle", "Plaza", "Ct Hill", "Ma", "Ms Oak", "Mail", "Avenida", "Fl", "of Oak", "Oak  Hill"),
    ("CT", "Road", "Pl", "Way", "Hwy", "Plaza", "", "rd,", "St 4"),
    ("unit 007", "Ste. 9", "PMB 4", "Floor 2", "0", "Apt  5", "na", "suite A", "12-B", "apto # 3", "#", "apt", "0000"),
    ("Oak", "Main St", "Elm Grove", "", "Winston-Salem", "O'Fallon", "Grand Plaza", "n/a", "Oak Ct", "CT", "Oak St."),
    ("Texas", "", "CT"),
    ("00000", "99999", "78701-1234", "", "n/a", "501", "9999", "123456"),
    ("", "usa", "MX", "CA", "U.S."),
    ("false", "true", "1"),
)  # fmt: skip


def address(dice):
    picked = [dice.choice(odd if dice.random() < 0.15 else plain) for plain, odd in zip(PLAIN_ADDRESS, ODD_ADDRESS, strict=True)]
    return "\x1f".join((" ".join(picked[:3]).strip(), *picked[3:]))


MADE = {"phone": phone, "address": address, "email": email, "ip": ip, "card": token, "device": token, "payout": token, "identity": token,
        "card_digits": card_digits}  # fmt: skip


@pytest.mark.parametrize("region", ["US", "MX"])
@pytest.mark.parametrize("kind", MADE)
def test_duckdb_and_python_read_the_same(kind, region):
    dice = random.Random(f"{kind}{region}")
    raws = sorted({MADE[kind](dice) for _ in range(4_000)})
    db, _ = open_database()
    db.execute("CREATE SCHEMA vault")
    db.execute("CREATE TABLE vault.raws AS SELECT unnest(?::VARCHAR[]) AS raw", [raws])
    if kind == "email":
        quick.prepare(db, "vault.raws")
    told = {raw: (clean, own) for raw, clean, own in db.execute(quick.cleaned(kind, region, raws="vault.raws")).fetchall()}
    read = {raw: found for raw, found in told.items() if found[0] is not None}
    one = KINDS[kind]
    assert sorted(told) == raws
    assert len(read) > len(raws) / 10
    assert read == {raw: ((clean := one.clean(raw, region)), one.klass(clean or "")) for raw in read}
    db.execute("CREATE TABLE vault.cleans AS SELECT unnest(?::VARCHAR[]) AS clean", [[clean for clean, _ in read.values()]])
    quick.prepare_masks(db, kind, "vault.cleans")
    masks = dict(db.execute(f"SELECT clean, {quick.MASKS[kind]} FROM vault.cleans").fetchall())
    assert masks == {clean: one.shown(clean) for clean in masks}
