"""What happened to some accounts, on one axis."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from tnskit.cleaning.market import Market, utc
from tnskit.errors import UsageError

_EVENTS = """
SELECT created AS "at", account_id, 'account' AS lane, 'opened' AS event, role AS detail FROM main.people WHERE created IS NOT NULL
UNION ALL SELECT closed, account_id, 'account', 'closed', status FROM main.people WHERE closed IS NOT NULL
UNION ALL SELECT first_at, p.account_id, s.kind, 'first seen', i.shown FROM main.seen s JOIN main.people p ON p.code = s.account
  JOIN main.identifier i ON i.code = s.value WHERE first_at IS NOT NULL
UNION ALL SELECT last_at, p.account_id, s.kind, 'last seen', i.shown FROM main.seen s JOIN main.people p ON p.code = s.account
  JOIN main.identifier i ON i.code = s.value WHERE last_at > first_at
UNION ALL SELECT "at", account_id, 'security', event, coalesce('by ' || actor, '') FROM public.security_events
UNION ALL SELECT created_at, customer_account_id, 'job', 'asked for a job', category FROM public.jobs
UNION ALL SELECT hired_at, pro_account_id, 'job', 'was hired', category FROM public.jobs WHERE hired_at IS NOT NULL
UNION ALL SELECT completed_at, pro_account_id, 'job', 'completed a job', category FROM public.jobs WHERE completed_at IS NOT NULL
UNION ALL SELECT "at", payer_id, 'money', kind, amount_minor / 100 || ' ' || currency FROM public.payments
  WHERE payer_id IS NOT NULL
UNION ALL SELECT "at", payee_id, 'money', 'received ' || kind, amount_minor / 100 || ' ' || currency FROM public.payments
  WHERE payee_id IS NOT NULL
UNION ALL SELECT created_at, author_account_id, 'review', 'wrote a review', rating || ' of 5' FROM public.reviews
  WHERE author_account_id IS NOT NULL
UNION ALL SELECT created_at, subject_account_id, 'review', 'was reviewed', rating || ' of 5' FROM public.reviews
UNION ALL SELECT received_at, subject_account_id, 'report', 'was reported', coalesce(policy_code, '') FROM public.reports
UNION ALL SELECT received_at, reporter_account_id, 'report', 'reported somebody', coalesce(policy_code, '') FROM public.reports
  WHERE reporter_account_id IS NOT NULL
UNION ALL SELECT coalesce(effective_at, decided_at), account_id, 'decision', action, coalesce(policy_code, '') FROM public.actions
UNION ALL SELECT reversed_at, account_id, 'decision', action || ' reversed', coalesce(policy_code, '') FROM public.actions
  WHERE reversed_at IS NOT NULL
"""


def timeline(market: Market, accounts: Iterable[str]) -> pd.DataFrame:
    """Give the events of accounts in order.

    Args:
        market: A loaded market.
        accounts: Account ids.

    Returns:
        DataFrame `at` (UTC), `account_id`, `lane` (account, phone, card, ip, job, money, decision ...), `event`, `detail`
        (masked), oldest first. `draw` accepts it. What a merged account did stands under its own id; its identifiers stand
        under the account it was merged into.

    Raises:
        UnknownAccountError: The market does not have an account.
        UsageError: One string instead of a list, or nothing asked for.
    """
    if isinstance(accounts, str):
        raise UsageError(f"timeline takes a list of accounts; write ['{accounts}']")
    names = [str(name) for name in accounts]
    if not names:
        raise UsageError("timeline was asked for no account; give at least one")
    for name in names:
        market.code(name)
    found = market.db.cursor().execute(
        f"SELECT * FROM ({_EVENTS}) WHERE list_contains(?, account_id) AND \"at\" IS NOT NULL "
        "ORDER BY ALL",
        [names],
    ).df()  # fmt: skip
    found.attrs["accounts"] = names
    return utc(found)
