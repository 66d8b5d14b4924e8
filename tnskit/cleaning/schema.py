"""The tables of a market and their columns, told once; the loader, the mapping and the manual read this page.

A column is written `name`, `name:type` or `name!`. The types are `id` (a string that must never be read as a number),
`text`, `word` (one of a few, lower case), `at` (a moment, kept in UTC), `day`, `year` (of a date too), `int`, `money` (integer
minor units), `bool` and `list`; no type means `text`. `!` marks what a row cannot be read without; such a row is set aside.
`*` marks a private column: its raw value stays behind the gate.

Source: the data model of marketplaces such as Thumbtack; a market may lack any table but `accounts`
(or the one long table `identifiers`) and any column without `!`.
"""

from __future__ import annotations

from dataclasses import dataclass

_LINES = """
accounts: account_id:id! role:word status:word created_at:at closed_at:at merged_into:id display_name* legal_name*
    business_id:id country tz locale referrer_account_id:id birth_year:year erased_at:at exported_at:at
identifiers: account_id:id! kind:word! value*! seen_at:at first_seen:at last_seen:at verified:bool class:word
phones: account_id:id! phone_raw*! phone_e164* line_type:word verified_at:at first_seen:at last_seen:at origin:word
emails: account_id:id! email_raw*! email_norm* domain verified_at:at is_disposable:bool is_relay:bool first_seen:at
    last_seen:at
instruments: account_id:id! instrument_id:id kind:word fingerprint* processor bin* last4* exp_month:int exp_year:int
    funding:word wallet name_match:word first_used:at last_used:at
payout_accounts: account_id:id! payout_token*! last4* country holder_match:word added_at:at removed_at:at
logins: login_id:id account_id:id! at:at ip* asn:int asn_kind:word geo_country geo_city geo_radius_km:int user_agent
    device_id* session_id:id outcome:word
devices: device_id*! kind:word! algo_version platform model first_seen:at last_seen:at emulator:bool
security_events: event_id:id account_id:id! at:at! event:word! actor:word ip* device_id*
addresses: account_id:id! address_id:id kind:word line1* unit* city region postal* country is_mail_agent:bool
    first_seen:at last_seen:at
business_members: business_id:id! account_id:id! seat:word from:at to:at
pro_profiles: account_id:id! trade licence_no* licence_state licence_class licence_status:word licence_checked_at:at
    insurance_expiry:day background_status:word background_provider tax_id_token* service_zips:list
jobs: job_id:id! request_id:id customer_account_id:id! pro_account_id:id category created_at:at! hired_at:at
    scheduled_for:at started_at:at completed_at:at cancelled_at:at cancelled_by:word status:word quote_minor:money
    currency lead_fee_minor:money lead_credit:bool address_id:id tz
messages: message_id:id! job_id:id sender_account_id:id! sent_at:at! channel:word body_redacted* lang has_contact:bool
    attachments:int deleted_at:at
payments: payment_id:id! job_id:id payer_id:id payee_id:id kind:word! amount_minor:money! currency at:at! status:word
    instrument_id:id parent_payment_id:id hold_reason dispute_code dispute_outcome:word
reviews: review_id:id! job_id:id author_account_id:id subject_account_id:id! rating:int body* created_at:at! origin:word
    verified_hire:bool status:word
reports: report_id:id! reporter_account_id:id subject_account_id:id! job_id:id channel:word received_at:at! policy_code
    narrative* lang safety_flag:bool confidential:bool
actions: action_id:id! account_id:id! action:word! policy_code policy_version case_id:id decided_at:at! effective_at:at
    expires_at:at decided_by reviewed_by automation:word reason* notice_sent_at:at reversed_at:at reversal_reason*
appeals: appeal_id:id! action_id:id! received_at:at! lang grounds* reviewer decided_at:at outcome:word
suppressions: kind:word! value_token*! why:word by at:at expires_at:at
dissociations: account_a:id! account_b:id! why by second_reviewer at:at
ip_ranges: prefix! asn:int org kind:word! country
"""


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    type: str = "text"
    needed: bool = False
    private: bool = False


@dataclass(frozen=True)
class Table:
    """One table of a market, with its columns in order."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


def _column(word: str) -> Column:
    needed, private = "!" in word, "*" in word
    name, _, kind = word.replace("!", "").replace("*", "").partition(":")
    return Column(name, kind or "text", needed, private)


def _tables() -> dict[str, Table]:
    joined = _LINES.replace("\n    ", " ").strip()
    parts = (line.partition(": ") for line in joined.splitlines())
    return {name: Table(name, tuple(map(_column, words.split()))) for name, _, words in parts}


TABLES: dict[str, Table] = _tables()
"""Every table by name, in the order of a reader's interest."""

ACCOUNT_COLUMNS = (
    "account_id", "customer_account_id", "pro_account_id", "sender_account_id", "payer_id", "payee_id",
    "author_account_id", "subject_account_id", "reporter_account_id", "account_a", "account_b",
)  # fmt: skip
"""Columns that hold an account id, wherever they stand."""
