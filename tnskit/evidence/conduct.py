"""What each account's life looks like, and what that says of a value that many share; one row an account, one row a value.

Most people leave traces of an ordinary life: a job done, a home network, a line of their own, months of use. An account
that one hand made for one purpose leaves few of them. Each *sign* counts by how rare it is in this very market, minus the
logarithm of the share of accounts that show it, so that a sign which everybody shows counts nothing. No sign says that a
rule was broken: a report is one side's word, and many honest people get a bonus. Together, and beside something that is
shared, they say that a hub is one hand's and not a library's.

Everything here is linear in the number of sightings.
"""

from __future__ import annotations

from dataclasses import dataclass

RAREST = 2.5
"""Most that one sign counts: as if one account in twelve showed it. Assumption: rarer signs are too few to be sure of."""

WHOLE = 6.0
"""Signs from which rule `one_purpose` counts whole. Assumption: three rare signs or more."""

ONE_HAND = 3.0
"""Mean of the signs of a value's accounts from which the value is taken for one hand's. Assumption: more than one rare sign each."""

ODD = 2.0
"""Signs from which an account is looked at for what it does rather than what it has. Assumption: one rare sign or two common ones."""

BRIEF, SILENT = 62, 60
"""Days: a life shorter than the first that ended longer than the second before the export is a brief one. Assumption: two months."""


@dataclass(frozen=True)
class Sign:
    """One thing that an ordinary account seldom shows.

    Attributes:
        name: Its column.
        words: What an investigator reads.
        shown: SQL over the table `life`.
    """

    name: str
    words: str
    shown: str


SIGNS: tuple[Sign, ...] = (
    Sign("idle", "no job was ever completed", "worked_here AND jobs = 0"),
    Sign("unhired", "praised somebody without a job behind it", "unhired > 0"),
    Sign("rented_line", "only internet numbers", "phones > 0 AND voip = phones"),
    Sign("veiled", "seen mostly through VPNs, relays or hosting", "veiled >= 0.5 * net_days"),
    Sign("prepaid", "only prepaid cards", "cards > 0 AND prepaid = cards"),
    Sign("throwaway", "a throw-away mailbox", "disposable > 0"),
    Sign("brief", "a life of two months at most, long over",
         f"last_at - born < INTERVAL {BRIEF} DAY AND today - last_at > INTERVAL {SILENT} DAY"),
    Sign("reported", "reported by somebody, or restricted by the team", "reported"),
    Sign("refused", "a third of its payments refused", "refused"),
    Sign("trying", "cards authorised again and again", "trying"),
    Sign("many_cards", "three cards or more", "cards >= 3"),
    Sign("paid_back", "pros got back what its requests had cost them", "paid_back"),
    Sign("bonus", "credit was given to it", "bonus"),
    Sign("breached", "sanctioned or with disputed payments", "breached"),
)  # fmt: skip

VEILS = "('hosting', 'relay_vpn', 'relay', 'vpn')"
"""Classes of networks behind which nobody is seen."""

UNHIRED = (
    "job_id IS NULL AND NOT coalesce(verified_hire, false) AND coalesce(origin, '') <> 'imported' "
    "AND (SELECT 2 * count(job_id) >= count(*) FROM public.reviews)"
)
"""A review without a job behind it, in an export that tells the jobs of most."""

DISPUTED = "SELECT payer_id FROM public.payments WHERE kind = 'chargeback' AND coalesce(dispute_outcome, '') NOT IN ('won', 'reversed')"
"""Accounts whose payments somebody's bank took back, for good."""

_REFUSED = "status IN ('declined', 'failed', 'refused', 'rejected')"

TOLD: dict[str, str] = {
    "disputed": DISPUTED,
    "reported": "SELECT subject_account_id FROM public.reports WHERE NOT coalesce(confidential, false) "
    "UNION ALL SELECT account_id FROM public.accounts WHERE status = 'restricted'",
    "refused": "SELECT payer_id FROM public.payments WHERE kind IN ('auth', 'charge', 'lead_fee') GROUP BY payer_id "
    f"HAVING count(*) FILTER ({_REFUSED}) >= 2 AND 3 * count(*) FILTER ({_REFUSED}) >= count(*)",
    "trying": "SELECT payer_id FROM public.payments WHERE kind = 'auth' GROUP BY payer_id HAVING count(*) >= 2",
    "bonus": "SELECT payee_id FROM public.payments WHERE kind = 'credit'",
    "paid_back": "SELECT customer_account_id FROM public.jobs WHERE lead_credit",
}
"""What a row somewhere tells of an account: the column of `life`, and SQL for the accounts. A report that was told in confidence is not
looked at, so that nothing which follows from it can give away who told."""

_LIFE = """-- what is known of each account's life
CREATE OR REPLACE TABLE life AS
WITH day AS (SELECT quantile_disc(last_at, 0.995) AS today FROM main.seen WHERE last_at IS NOT NULL),
own AS (
  SELECT account, min(first_at) AS first_at, max(last_at) FILTER (s.kind IN ('ip', 'device')) AS last_visit, max(last_at) AS last_any,
    count(*) FILTER (s.kind = 'phone') AS phones, count(*) FILTER (s.kind = 'phone' AND class = 'voip') AS voip,
    coalesce(sum(days) FILTER (s.kind = 'ip'), 0) AS net_days, sum(days) FILTER (s.kind = 'ip' AND class IN {veils}) AS veiled,
    count(*) FILTER (s.kind = 'card') AS cards, count(*) FILTER (s.kind = 'card' AND class = 'prepaid') AS prepaid,
    count(*) FILTER (s.kind = 'email' AND class = 'disposable') AS disposable
  FROM main.seen s JOIN main.identifier i ON i.code = s.value GROUP BY account),
side AS (
  SELECT customer_account_id AS id FROM public.jobs WHERE completed_at IS NOT NULL
  UNION ALL SELECT pro_account_id FROM public.jobs WHERE completed_at IS NOT NULL AND pro_account_id IS NOT NULL),
work AS (SELECT survivor AS account, count(*) AS jobs FROM side JOIN main.people ON account_id = id GROUP BY survivor),
praise AS (
  SELECT survivor AS account, count(*) AS unhired FROM public.reviews JOIN main.people ON account_id = author_account_id
  WHERE {unhired} GROUP BY survivor)
SELECT p.code AS account, p.created, least(coalesce(p.created, own.first_at), coalesce(own.first_at, p.created)) AS born,
  coalesce(last_visit, last_any) AS last_at, today, phones, voip, net_days, veiled, cards, prepaid, disposable,
  coalesce(jobs, 0) AS jobs, coalesce(unhired, 0) AS unhired, b.account IS NOT NULL AS breached,
  {told},
  (SELECT count(*) > 0 FROM side) AS worked_here
FROM main.people p LEFT JOIN own ON own.account = p.code LEFT JOIN work ON work.account = p.code
LEFT JOIN praise ON praise.account = p.code LEFT JOIN breached b ON b.account = p.code, day WHERE p.survivor = p.code
"""


def life_sql() -> str:
    """The step that gathers what is known of every account."""
    told = (f"p.code IN (SELECT survivor FROM main.people WHERE account_id IN ({who})) AS {name}" for name, who in TOLD.items())
    return _LIFE.format(veils=VEILS, unhired=UNHIRED, told=",\n  ".join(told))


def signs_sql() -> str:
    """The step that looks for every sign on every account."""
    shown = ", ".join(f"coalesce({sign.shown}, false) AS {sign.name}" for sign in SIGNS)
    return f"-- which signs each account shows\nCREATE OR REPLACE TABLE sign AS SELECT account, {shown} FROM life"


def purpose_sql() -> str:
    """The step that adds an account's signs up, each by its rarity in this market (in nats)."""
    rates = ", ".join(f"least({RAREST}, -ln(greatest(avg({sign.name}::INT), 1e-3))) AS {sign.name}" for sign in SIGNS)
    added = " + ".join(f"s.{sign.name}::INT * r.{sign.name}" for sign in SIGNS)
    return (
        "-- how much each account looks made for one purpose\n"
        f"CREATE OR REPLACE TABLE purpose AS WITH rate AS (SELECT {rates} FROM sign) "
        f"SELECT account, round({added}, 4) AS signs FROM sign s, rate r"
    )


SPOTS = """-- how much the accounts on a value look made for one purpose
CREATE OR REPLACE TABLE spot AS
SELECT value, round(sum(round(10000 * signs)::BIGINT) / count(*)) / 10000 AS signs
FROM main.seen JOIN sized USING (value) JOIN purpose USING (account) GROUP BY value
"""
"""In whole numbers, so that it does not matter in which order they are added."""

HABITS = """-- how much of each kind each account uses
CREATE OR REPLACE TABLE habit AS SELECT account, kind, count(*) AS many, sum(days) AS days FROM main.seen GROUP BY account, kind
"""
