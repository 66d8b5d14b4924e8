"""The account-side tables, with the columns of a full export (times still days)."""

import pandas as pd

from benchmarks.quality.outsiders import names
from benchmarks.quality.outsiders.world import CITIES

NAN = float("nan")
COLUMNS = {
    "accounts": "account_id role status created_at closed_at merged_into display_name legal_name business_id country tz locale "
    "referrer_account_id birth_year erased_at",
    "phones": "account_id phone_raw phone_e164 line_type verified_at first_seen last_seen origin",
    "emails": "account_id email_raw email_norm domain verified_at is_disposable is_relay first_seen last_seen",
    "instruments": "account_id instrument_id kind fingerprint processor bin last4 exp_month exp_year funding wallet name_match "
    "first_used last_used",
    "payout_accounts": "account_id payout_token last4 country holder_match added_at removed_at",
    "addresses": "account_id address_id kind line1 unit city region postal country is_mail_agent first_seen last_seen",
    "business_members": "business_id account_id seat from to",
    "pro_profiles": "account_id trade licence_no licence_state licence_class licence_status licence_checked_at insurance_expiry "
    "background_status background_provider tax_id_token service_zips",
    "suppressions": "kind value_token why by at expires_at",
    "dissociations": "account_a account_b why by second_reviewer at",
    "ip_ranges": "prefix asn org kind country",
}

MATCHES = ["full", "partial", "none", "unknown"]


def frame(name, rows):
    return pd.DataFrame(rows, columns=COLUMNS[name].split())


def number_accounts(w):
    """Final ids: no order, no meaning, never telling who belongs together."""
    style, n = w.s["id_style"], len(w.accounts)
    codes = w.rng.permutation(n * 9)[:n] + 100000
    old = {}
    for a, c in zip(w.accounts, codes.tolist(), strict=True):
        new = {"A": f"A{c}", "18": str(284000000000000000 + c * 7919), "uuid": w.token("", 32)}[style]
        old[a.id], a.id = new, new
    for a in w.accounts:
        a.referrer, a.merged_into = old.get(a.referrer, ""), old.get(a.merged_into, "")
    w.rng.shuffle(w.accounts)


def e164(phone):
    return {"US": "+1", "MX": "+52", "BR": "+55", "PT": "+351"}[phone.country] + phone.number


def typed_phone(w, phone):
    """How the number was typed: formats, old prefixes (MX 1/044, BR without the 9)."""
    n, roll = phone.number, w.rng.random()
    if roll < 0.38:
        return e164(phone)
    if phone.country == "US":
        forms = (
            f"({n[:3]}) {n[3:6]}-{n[6:]}",
            f"{n[:3]}-{n[3:6]}-{n[6:]}",
            f"{n[:3]}.{n[3:6]}.{n[6:]}",
            n,
            "1" + n,
            f"+1 {n[:3]} {n[3:6]} {n[6:]}",
        )
    elif phone.country == "MX":
        forms = ("+52 1 " + n, "+52 " + n, "00" + "52" + n, f"+52 ({n[:3]}) {n[3:6]} {n[6:]}", "+521" + n)
    elif phone.country == "BR":
        short = "+55" + n[:2] + (n[3:] if len(n) == 11 else n[2:])
        forms = (f"+55 ({n[:2]}) {n[2:-4]}-{n[-4:]}", "+55" + n, f"+55 {n[:2]} {n[2:]}", "55" + n, short)
    else:
        forms = ("+351 " + n, "00351" + n, f"+351 {n[:3]} {n[3:6]} {n[6:]}")
    text = w.pick(forms)
    if phone.line == "landline" and w.chance(0.15):
        text += w.pick([" x12", " ext. 3"])
    return text


def account_rows(w):
    rows = []
    for a in w.accounts:
        country, gone = CITIES[a.person.city][0], not a.ring and a.status == "active" and w.chance(0.006)
        if a.status == "active" and a.until < 600 and w.chance(0.1):
            a.status, a.closed = "closed_by_user", a.until
        born = a.person.born if not (a.ring and a.name is not a.person.name) else a.person.born + int(w.rng.integers(-15, 16))
        rows.append(
            (
                a.id,
                a.role if not (a.role == "pro" and w.chance(0.04)) else "both",
                a.status,
                a.created,
                a.closed,
                a.merged_into or None,
                None if gone or w.chance(0.02) else names.shown(w.rng, a.name),
                None if gone or (a.role == "customer" and w.chance(0.7)) else names.legal(a.name),
                a.business or None,
                country,
                CITIES[a.person.city][4],
                {"US": "en-US", "MX": "es-MX", "BR": "pt-BR", "PT": "pt-PT"}[country],
                a.referrer or None,
                born if w.chance(0.45) else None,
                a.until if gone else NAN,
            )
        )
    return frame("accounts", rows)


def contact_rows(w):
    phones, mails = [], []
    for a in w.accounts:
        for u in a.uses.get("phone", ()):
            p = u.thing
            phones.append(
                (
                    a.id,
                    typed_phone(w, p),
                    e164(p) if w.chance(0.85) else None,
                    p.line if w.chance(0.8) else "unknown",
                    u.first + 0.01 if u.note == "verified" else NAN,
                    u.first,
                    u.last,
                    w.pick(["signup", "signup", "profile", "2fa", "payout"]),
                )
            )
        for u in a.uses.get("email", ()):
            box, domain = u.thing, u.thing.split("@")[1]
            shownas = (
                box
                if w.chance(0.8)
                else w.pick([box.upper(), box.capitalize(), " " + box, box + " ", box.split("@")[0].title() + "@" + domain])
            )
            mails.append(
                (
                    a.id,
                    shownas,
                    box.lower() if w.chance(0.7) else None,
                    domain,
                    u.first + 0.01 if u.note == "verified" else NAN,
                    domain in ("mailinator.com", "tempmail.dev"),
                    "privaterelay" in domain,
                    u.first,
                    u.last,
                )
            )
    return frame("phones", phones), frame("emails", mails)


def money_rows(w):
    cards, banks, w.instrument_ids = [], [], {}
    for a in w.accounts:
        for u in a.uses.get("card", ()):
            c, key = u.thing, (a.id, id(u.thing))
            if key in w.instrument_ids:
                continue
            w.instrument_ids[key] = w.token("pm_", 14)
            two = c.exp[1] % 100 if w.chance(0.08) else c.exp[1]
            cards.append(
                (
                    a.id,
                    w.instrument_ids[key],
                    c.kind,
                    c.fp if w.chance(0.985) else None,
                    "stripe",
                    c.bin,
                    c.last4 if w.chance(0.96) else c.last4.lstrip("0"),
                    c.exp[0],
                    two,
                    c.funding,
                    "apple_pay" if c.kind == "wallet" else None,
                    w.pick(["full", "full", "partial", "none", "unknown"]),
                    u.first,
                    u.last,
                )
            )
        banks += [
            (a.id, u.thing.token, u.thing.last4, u.thing.country, w.pick(MATCHES), u.first, u.last if u.last < a.until else NAN)
            for u in a.uses.get("bank", ())
        ]
    return frame("instruments", cards), frame("payout_accounts", banks)


def address_rows(w):
    rows, w.address_ids = [], {}
    for a in w.accounts:
        for u in a.uses.get("addr", ()):
            d, key = u.thing, (a.id, id(u.thing))
            if key in w.address_ids:
                continue
            country, region, city = CITIES[d.city][0], CITIES[d.city][1], d.city
            w.address_ids[key] = w.token("ad", 10)
            line = (
                d.line1
                if w.chance(0.7)
                else w.pick(
                    [
                        d.line1.upper(),
                        d.line1.replace(" St", " Street").replace(" Ave", " Avenue"),
                        d.line1.lower(),
                        names.plain(d.line1) + ",",
                    ]
                )
            )
            kind = (
                u.note
                if u.note in ("business", "mailing", "service")
                else w.pick(["service", "billing"])
                if a.role == "customer"
                else w.pick(["business", "mailing"])
            )
            unit = None if not d.unit or w.chance(0.2) else d.unit
            postal = d.postal.lstrip("0") if w.chance(0.05) else d.postal
            rows.append(
                (
                    a.id,
                    w.address_ids[key],
                    kind,
                    line,
                    unit,
                    city if w.chance(0.9) else names.plain(city).upper(),
                    region,
                    postal,
                    country,
                    d.mail_agent if w.chance(0.6) else None,
                    u.first,
                    u.last,
                )
            )
    return frame("addresses", rows)


def business_rows(w):
    members, profiles = [], []
    for a in w.accounts:
        if a.business and w.chance(0.6):
            members.append((a.business, a.id, w.pick(["owner", "office", "field", "field"]), a.created, NAN))
        if a.role == "pro":
            own = a.licence or (f"C{w.digits(6)}" if w.chance(0.35) else None)
            if own and w.chance(0.15):
                own = w.pick(["CSLB " + own, own.replace("-", " "), own.lower()])
            city = CITIES[a.person.city]
            profiles.append(
                (
                    a.id,
                    a.trade,
                    own,
                    city[1] if own else None,
                    own[:3] if own and own[0] == "C" else None,
                    w.pick(["active", "active", "expired"]) if own else None,
                    a.created + 3 if own else NAN,
                    NAN,
                    w.pick(["clear", "clear", "pending", None]),
                    "checkr",
                    w.token("tx_", 10) if w.chance(0.5) and not a.business else ("tx_" + a.business if a.business else None),
                    ",".join(city[2] + w.digits(2) for _ in range(2)),
                )
            )
    return frame("business_members", members), frame("pro_profiles", profiles)


def team_notes(w):
    """The team's own marks: some shared values, some pairs a human told apart, some classes of network."""
    ranges = [
        (f"{n['base'] >> 24}.{n['base'] >> 16 & 255}.{n['base'] >> 8 & 255}.0/24", n["asn"], n["org"], n["kind"], n["country"])
        for n in w.nets
        if n["kind"] in ("mobile", "relay_vpn", "hosting")
    ][:60]
    apart = [
        (g[0].id, g[1].id, "spoke to both", "ana", "luis", 700.0)
        for r, g in w.groups
        if r in ("household", "small office") and w.chance(0.04)
    ]
    marks = [
        (k, w.token("tok_", 16), why, "ana", 600.0, 1100.0) for k, why in (("ip", "school"), ("phone", "call_centre"), ("ip", "cgnat"))
    ]
    return frame("suppressions", marks), frame("dissociations", apart), frame("ip_ranges", ranges).drop_duplicates("prefix")
