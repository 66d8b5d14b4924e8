"""The dirt of real exports, planted one kind at a time; each has a name, so that a loader can be tried on it.

A kind of dirt is a function of the tables and a stream: it changes a few cells or adds a few rows, and gives
back how many rows it touched. Its name is the name of the dirt, its docstring tells what the dirt looks like.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tnskit.training import dirty_contacts, dirty_records, dirty_visits
from tnskit.training.stains import Stream, Tables
from tnskit.training.world import World

DIRT: tuple[Callable[[Tables, Stream], int], ...] = (
    dirty_contacts.placeholder_phones,
    dirty_contacts.agent_phones,
    dirty_contacts.lost_plus,
    dirty_contacts.spreadsheet_phones,
    dirty_contacts.old_brazilian_lines,
    dirty_contacts.old_mexican_lines,
    dirty_contacts.no_mail,
    dirty_contacts.typo_domains,
    dirty_contacts.spaced_mail,
    dirty_contacts.short_last4,
    dirty_contacts.short_years,
    dirty_contacts.device_card_tokens,
    dirty_contacts.reissued_cards,
    dirty_visits.internal_ips,
    dirty_visits.forwarded_lists,
    dirty_visits.mapped_ips,
    dirty_visits.empty_prints,
    dirty_visits.support_logins,
    dirty_visits.retried_logins,
    dirty_visits.support_changes,
    dirty_contacts.lost_units,
    dirty_contacts.short_zips,
    dirty_contacts.spelled_addresses,
    dirty_contacts.typed_licences,
    dirty_contacts.stale_licences,
    dirty_records.merged_chain,
    dirty_records.merged_cycle,
    dirty_records.staff_and_tests,
    dirty_records.erased_users,
    dirty_records.blank_names,
    dirty_records.ghost_referrers,
    dirty_visits.midnight_spike,
    dirty_visits.epoch_dates,
    dirty_visits.future_dates,
    dirty_visits.offset_times,
    dirty_records.card_number_in_message,
    dirty_records.door_codes,
    dirty_records.auto_replies,
    dirty_records.never_closed_jobs,
    dirty_records.other_codes,
    dirty_records.told_thrice,
    dirty_records.strange_appeals,
    dirty_records.signed_refunds,
    dirty_visits.near_repeats,
    dirty_visits.exact_repeats,
)
"""Every kind, in the order in which they are planted."""


def soil(tables: Tables, world: World) -> pd.DataFrame:
    """Plant every kind of dirt; tells the `name`, `rows` and `says` (what it looks like) of each."""
    touched = [(kind.__name__, kind(tables, world.draw(f"dirt {kind.__name__}")), kind.__doc__) for kind in DIRT]
    return pd.DataFrame(touched, columns=["name", "rows", "says"])
