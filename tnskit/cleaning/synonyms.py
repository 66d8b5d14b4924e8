"""Other names that exports give our tables and columns."""

from __future__ import annotations

COLUMN_SAME: dict[str, tuple[str, ...]] = {
    "account_id": (
        "account",
        "user_id",
        "userid",
        "user",
        "member_id",
        "customer_id",
        "profile_id",
        "uid",
        "acct_id",
        "person_id",
    ),
    "created_at": (
        "created",
        "signup_at",
        "signup_date",
        "registered_at",
        "creation_date",
        "joined_at",
        "created_on",
    ),
    "first_seen": ("first_seen_at", "seen_first", "first", "valid_from", "start_date", "added_at"),
    "last_seen": ("last_seen_at", "seen_last", "last", "valid_to", "end_date", "updated_at"),
    "seen_at": ("at", "time", "timestamp", "ts", "date", "datetime", "created_at", "event_time"),
    "at": (
        "time",
        "timestamp",
        "ts",
        "login_at",
        "logged_at",
        "event_time",
        "created_at",
        "datetime",
        "date",
    ),
    "phone_raw": ("phone", "phone_number", "mobile", "telephone", "cell", "number", "msisdn"),
    "email_raw": ("email", "e_mail", "email_address", "mail"),
    "ip": ("ip_address", "client_ip", "remote_addr", "ipv4", "source_ip", "address_ip"),
    "device_id": (
        "device",
        "device_hash",
        "deviceid",
        "fingerprint",
        "install_id",
        "cookie_id",
        "device_fingerprint",
    ),
    "line1": ("address", "street", "street_address", "address1", "address_line_1", "addr"),
    "postal": ("zip", "zipcode", "zip_code", "postcode", "postal_code", "cep"),
    "city": ("town", "municipality"),
    "region": ("state", "province"),
    "display_name": ("name", "full_name", "username", "user_name"),
    "legal_name": ("real_name",),
    "value": ("identifier", "identifier_value", "val"),
    "kind": ("type", "identifier_type", "identifier_kind"),
    "fingerprint": ("card_fingerprint", "card_token", "card", "card_hash"),
    "payout_token": ("bank_account", "bank_token", "account_token"),
}
"""Other names that exports give a column. Only used where exactly one of them is there and our own name is not."""

TABLE_SAME = {
    "users": "accounts", "user": "accounts", "account": "accounts", "members": "accounts", "customers": "accounts",
    "people": "accounts", "persons": "accounts", "phone": "phones", "email": "emails", "cards": "instruments",
    "card": "instruments", "payment_methods": "instruments", "login": "logins", "sessions": "logins",
    "visits": "logins", "address": "addresses", "device": "devices", "identifier": "identifiers",
    "observations": "identifiers", "payouts": "payout_accounts", "job": "jobs", "transactions": "payments",
}  # fmt: skip
