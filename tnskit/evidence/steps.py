"""The SQL of linking, one named step a thought; `links` runs them in order, on whichever engine.

Reads `main.seen` (account, value, kind, first_at, last_at, days, verified), `main.identifier` (code, kind, class, shown),
`main.people` and the tables of `public`. Writes `crowded`, `piece` and `pair`.
"""

from __future__ import annotations

from tnskit.cleaning.survey import DEFAULT_ACCOUNTS, DEFAULT_MARKET, DEFAULT_SHARE
from tnskit.evidence.conduct import DISPUTED, ODD, WHOLE

MAIN = 0.75
"""Share of an account's use of a kind from which what is shared is its main one. Assumption: three days of four."""

SIZED = """-- count the accounts of each value; a value of one account links nothing
CREATE OR REPLACE TABLE sized AS
SELECT value, count(*) AS accounts FROM main.seen GROUP BY value HAVING count(*) >= 2
"""

_GONE = "('remove', 'removed', 'removal', 'ban', 'banned', 'close', 'x')"
_SANCTIONED = "('remove', 'removed', 'removal', 'ban', 'banned', 'suspend', 'suspended', 'x', 's')"

BREACHED = f"""-- accounts whose own conduct probably broke a rule: removed or suspended for it, or disputed payments
CREATE OR REPLACE TABLE breached AS
SELECT DISTINCT p.survivor AS account FROM main.people p WHERE p.account_id IN (
  SELECT account_id FROM public.actions WHERE action IN {_SANCTIONED} AND reversed_at IS NULL
  UNION ALL {DISPUTED})
  OR p.status IN ('removed', 'banned', 'suspended') AND p.account_id NOT IN (SELECT account_id FROM public.actions)
"""

BOUNDED = f"""-- give each value the bound above which its rules leave no points
CREATE OR REPLACE TABLE bounded AS
WITH guilt AS (SELECT value, count(*) AS many FROM main.seen JOIN breached USING (account) GROUP BY value),
ruled AS (
  SELECT s.value, s.accounts, i.kind, i.class, i.shown, max(r.points) AS top, max(r.cut) AS cut, max(r.family) AS family
  FROM sized s JOIN main.identifier i ON i.code = s.value
  LEFT JOIN choice c ON c.kind = i.kind AND c.class = i.class LEFT JOIN rule r ON r.id = c.id
  GROUP BY s.value, s.accounts, i.kind, i.class, i.shown),
judged AS (
  SELECT ruled.*, family IN ('DEVICE', 'PAYMENT') AND (coalesce(2 * many >= accounts, false) OR signs >= {{one_hand}}) AS proven
  FROM ruled JOIN spot USING (value) LEFT JOIN guilt USING (value)),
market AS (SELECT count(*) AS size FROM main.people WHERE linked)
SELECT judged.*, CASE WHEN proven THEN $1
  WHEN size >= {DEFAULT_MARKET} AND accounts >= {DEFAULT_ACCOUNTS} AND accounts > {DEFAULT_SHARE} * size THEN 0
  ELSE least($1, 5 * cut) END AS bound
FROM judged, market
"""
"""A value of so large a part of the market is a default that software or people put in (`survey.DEFAULT_SHARE`), unless the conduct of
those who share it says otherwise."""

CROWDED = """-- set aside what too many share, or what is shared by design, before any pair exists
CREATE OR REPLACE TABLE crowded AS
SELECT value, kind, shown, accounts,
  CASE WHEN said.why IS NOT NULL THEN said.why
    WHEN top IS NULL THEN 'no rule says what sharing this means'
    WHEN top <= 0 THEN 'shared by design: ' || class
    WHEN bound = 0 THEN 'seen with ' || accounts || ' accounts, so large a part of the market that it looks like a default'
    ELSE 'seen with ' || accounts || ' accounts; above ' || bound || ' it says nothing' END AS why
FROM bounded LEFT JOIN suppressed said USING (value) WHERE said.why IS NOT NULL OR top IS NULL OR top <= 0 OR accounts > bound
"""

SHARED = """-- pair the accounts on each remaining value
CREATE OR REPLACE TABLE shared AS
WITH live AS (SELECT * FROM bounded WHERE value NOT IN (SELECT value FROM crowded))
SELECT x.account AS a, y.account AS b, l.value, l.kind, l.class, l.accounts, l.proven, x.days AS days_a, y.days AS days_b,
  x.first_at AS first_a, x.last_at AS last_a, y.first_at AS first_b, y.last_at AS last_b,
  least(x.days, y.days) AS days,
  CASE WHEN x.verified AND y.verified THEN 'yes' WHEN NOT (coalesce(x.verified, true) AND coalesce(y.verified, true)) THEN 'no'
    ELSE 'unknown' END AS verified,
  date_diff('second', least(x.last_at, y.last_at),
    greatest(x.first_at, y.first_at)) / 86400.0 AS gap
FROM live l JOIN main.seen x ON x.value = l.value JOIN main.seen y ON y.value = l.value AND x.account < y.account
"""

PORTIONS = """-- how much of what each of the two uses of a kind is what they share
CREATE OR REPLACE TABLE portion AS
WITH met AS (
  SELECT a, b, kind, count(*) AS many, sum(days_a)::DOUBLE AS days_a, sum(days_b)::DOUBLE AS days_b FROM shared GROUP BY a, b, kind)
SELECT a, b, met.kind, least(met.days_a / x.days, met.days_b / y.days) AS least_part,
  met.many < x.many AND met.many < y.many AS both_have_more
FROM met JOIN habit x ON x.account = a AND x.kind = met.kind JOIN habit y ON y.account = b AND y.kind = met.kind
"""

HOLDERS = f"""-- how many people a value has: an account that shares two independent things with an earlier one there is one again
CREATE OR REPLACE TABLE holder AS
WITH apart AS (SELECT kind, CASE WHEN kind IN ('phone', 'email') THEN 'CONTACT' WHEN kind IN ('card', 'payout') THEN 'PAYMENT'
    ELSE upper(kind) END AS side FROM (SELECT DISTINCT kind FROM shared)),
kin AS (
  SELECT a, b FROM shared JOIN apart USING (kind) JOIN main.people x ON x.code = a JOIN main.people y ON y.code = b
    JOIN purpose i ON i.account = a JOIN purpose j ON j.account = b
  WHERE kind NOT IN ('ip', 'licence', 'tax_id', 'card_digits', 'social') AND (least(i.signs, j.signs) >= {ODD:g}
    OR coalesce(list_has_any(coalesce(x.legal_words, x.display_words), coalesce(y.legal_words, y.display_words)), true))
  GROUP BY a, b HAVING count(DISTINCT side) >= 2),
again AS (SELECT s.value, count(DISTINCT s.b) AS many FROM shared s JOIN kin USING (a, b) GROUP BY s.value)
SELECT l.value, l.accounts - coalesce(many, 0) AS holders FROM (SELECT DISTINCT value, accounts FROM shared) l LEFT JOIN again USING (value)
"""

PIECES = """-- points of each shared value in quarters: rule, times rarity, times recency, times how much of their use it is
CREATE OR REPLACE TABLE piece AS
WITH picked AS (
  SELECT s.*, h.holders, o.least_part, o.both_have_more, CASE
      WHEN r.handover > 0 AND s.gap >= r.handover AND s.kind <> 'device' THEN r.handed
      WHEN r.least > 0 AND s.days < r.least THEN r.otherwise ELSE r.id END AS used
  FROM shared s JOIN choice c ON c.kind = s.kind AND c.class = s.class AND c.verified = s.verified JOIN rule r ON r.id = c.id
  JOIN holder h ON h.value = s.value JOIN portion o ON o.a = s.a AND o.b = s.b AND o.kind = s.kind)
SELECT a, b, value, kind, p.used AS rule, r.family, r.weak, accounts, holders, first_a, last_a, first_b, last_b, gap,
  round(4 * r.points
  * CASE WHEN r.cut = 0 OR holders <= r.cut OR proven THEN 1 WHEN holders <= 2 * r.cut THEN 0.5
      WHEN holders <= 5 * r.cut THEN 0.25 ELSE 0 END
  * CASE WHEN gap IS NULL OR r.days = 0 THEN 1 WHEN gap > r.days THEN 0 {recency} END
  * CASE WHEN r.aside = 1 OR least_part >= {main} THEN 1 WHEN both_have_more THEN r.aside ELSE (1 + r.aside) / 2 END) / 4 AS points
FROM picked p JOIN rule r ON r.id = p.used
"""

NETWORK_SETS = """-- three or more networks in common say more than each of them
INSERT INTO piece
SELECT a, b, NULL, 'ip', r.id, r.family, r.weak, max(accounts), max(holders), min(first_a), max(last_a), min(first_b), max(last_b),
  min(gap),
  r.points * CASE WHEN max(holders) <= r.cut THEN 1 WHEN max(holders) <= 2 * r.cut THEN 0.5 ELSE 0.25 END
FROM shared JOIN holder USING (value) JOIN rule r ON r.id = 'network_set'
WHERE kind = 'ip' AND shared.days >= 2 AND coalesce(gap, 0) <= r.days
GROUP BY a, b, r.id, r.family, r.weak, r.points, r.cut, r.least HAVING count(*) >= r.least
"""

ERAS = """-- who had a device one after the other: an era ends where nobody used it for as long as its rule says
CREATE OR REPLACE TABLE era AS
WITH used AS (
  SELECT s.account, s.value, s.first_at, s.last_at, r.handover, r.handed
  FROM (SELECT DISTINCT value, kind, class FROM shared WHERE kind = 'device') v JOIN main.seen s USING (value)
  JOIN choice c ON c.kind = v.kind AND c.class = v.class AND c.verified = 'unknown' JOIN rule r ON r.id = c.id WHERE r.handover > 0),
before AS (
  SELECT *, max(last_at) OVER (PARTITION BY value ORDER BY first_at, account ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS till
  FROM used)
SELECT value, account, handed, (sum(coalesce(date_diff('second', till, first_at) >= 86400 * handover, false)::INT)
  OVER (PARTITION BY value ORDER BY first_at, account))::BIGINT AS era FROM before
"""

HANDED_ON = """-- a device that changed hands and brought nothing along says little: whoever bought it is somebody else
UPDATE piece SET rule = handed, weak = little, points = least(points, most)
FROM (
  SELECT f.a AS one, f.b AS other, x.value AS device, h.id AS handed, h.weak AS little, h.points AS most
  FROM fact f JOIN era x ON x.account = f.a JOIN era y ON y.account = f.b AND y.value = x.value AND y.era <> x.era
    JOIN rule h ON h.id = x.handed
  WHERE f.names <> 'same' AND f.signs < {one_hand}
    AND NOT coalesce(f.referrer_a = f.id_b OR f.referrer_b = f.id_a OR f.referrer_a = f.referrer_b, false)
    AND NOT EXISTS (SELECT 1 FROM meeting m WHERE m.a = f.a AND m.b = f.b)
    AND NOT EXISTS (SELECT 1 FROM piece q WHERE q.a = f.a AND q.b = f.b AND q.family <> 'DEVICE' AND NOT q.weak AND q.points >= 1))
WHERE a = one AND b = other AND value = device
"""
"""Run before the rules about pairs, so that `piece` holds shared values only."""

WORKED = """-- completed jobs of each account, as customer or as pro
CREATE OR REPLACE TABLE worked AS
WITH side AS (
  SELECT customer_account_id AS id, completed_at AS done FROM public.jobs WHERE completed_at IS NOT NULL
  UNION ALL SELECT pro_account_id, completed_at FROM public.jobs WHERE completed_at IS NOT NULL AND pro_account_id IS NOT NULL)
SELECT p.survivor AS account, count(*) AS jobs, min(done) AS first_at, max(done) AS last_at
FROM side JOIN main.people p ON p.account_id = side.id GROUP BY p.survivor
"""

REMOVED = f"""-- accounts that were removed, when, and whether that still stands; the status tells where the actions do not
CREATE OR REPLACE TABLE removed AS
WITH told AS (
  SELECT p.survivor AS account, min(coalesce(effective_at, decided_at)) AS since, bool_and(reversed_at IS NOT NULL) AS reversed
  FROM public.actions JOIN main.people p USING (account_id) WHERE action IN {_GONE} GROUP BY p.survivor)
SELECT * FROM told
UNION ALL SELECT p.code, coalesce(p.closed, last_at), false FROM main.people p JOIN life ON life.account = p.code
WHERE p.status IN ('removed', 'banned') AND p.account_id NOT IN (SELECT account_id FROM public.actions)
  AND p.code NOT IN (SELECT account FROM told)
"""

EBB = """-- how rare it is that two accounts open in one week: a day on which all were imported says nothing
CREATE OR REPLACE TABLE ebb AS
WITH week AS (SELECT count(*) AS many FROM life WHERE born IS NOT NULL GROUP BY date_trunc('week', born))
SELECT coalesce(greatest(0, least(1, -ln(sum(many * many) / sum(many) ** 2) / 3)), 0) AS rare FROM week
"""

NAMESAKES = """-- how many accounts bear each full name
CREATE OR REPLACE TABLE namesakes AS
SELECT words, count(*) AS accounts FROM (
  SELECT CASE WHEN array_length(legal_words) > 1 THEN legal_words ELSE display_words END AS words FROM main.people)
WHERE array_length(words) > 1 GROUP BY words
"""

_PAIR_RULE = """
INSERT INTO piece
SELECT * FROM (
  SELECT a, b, NULL, 'pair', r.id, r.family, r.weak, {accounts}, {accounts}, NULL, NULL, NULL, NULL, NULL,
    round(4 * r.points * {share}) / 4 AS points
  FROM fact f {joins} JOIN rule r ON r.id = {rule} WHERE {holds}) WHERE points <> 0
"""

_MONEY = "EXISTS (SELECT 1 FROM piece q WHERE q.a = f.a AND q.b = f.b AND q.family IN ('PAYMENT', 'DEVICE', 'CONTACT') AND q.points > 1)"

_RARE = "CASE WHEN n.accounts <= 4 THEN 1 WHEN n.accounts <= 20 THEN 0.5 ELSE 0 END"

PAIR_RULES: dict[str, str] = {
    "names": "-- the same name, and perhaps the same year of birth" + _PAIR_RULE.format(
        accounts="n.accounts", share=_RARE, joins="JOIN namesakes n ON n.words = f.words_a",
        rule="CASE WHEN years = 0 THEN 'name_birth' ELSE 'name_same' END", holds="names = 'same' AND coalesce(years, 0) <= 1",
    ),
    "birth_same": "-- one year of birth, and names that are not the same" + _PAIR_RULE.format(
        accounts="2", share="CASE WHEN names = 'family' THEN 0.6 ELSE 1 END", joins="", rule="'birth_same'",
        holds="years = 0 AND names <> 'same'",
    ),
    "birth_differs": "-- years of birth that differ" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="'birth_differs'", holds="years > 1",
    ),
    "names_differ": "-- names that differ" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="CASE WHEN names = 'family' THEN 'name_family' ELSE 'name_differs' END",
        holds="names IN ('family', 'differ')",
    ),
    "referral": "-- one referred the other, or one referred both" + _PAIR_RULE.format(
        accounts="2", share=f"CASE WHEN {_MONEY} THEN 1 ELSE 0.25 END", joins="",
        rule="CASE WHEN referrer_a = id_b OR referrer_b = id_a THEN 'referral' ELSE 'one_referrer' END",
        holds="referrer_a = id_b OR referrer_b = id_a OR referrer_a = referrer_b",
    ),
    "same_praise": "-- both praised one pro without a job" + _PAIR_RULE.format(
        accounts="2", share="CASE WHEN praised > 1 THEN 1 ELSE 0.6 END", joins="JOIN meeting USING (a, b)", rule="'same_praise'",
        holds="praised > 0",
    ),
    "one_batch": "-- opened in one batch behind a VPN or in a data centre" + _PAIR_RULE.format(
        accounts="m.accounts", share="1", joins="JOIN burst m USING (a, b)", rule="'one_batch'", holds="true",
    ),
    "timing": "-- opened together, or one after the other's removal" + _PAIR_RULE.format(
        accounts="2",
        share="CASE WHEN since IS NOT NULL THEN CASE WHEN opened - since <= INTERVAL 60 DAY THEN 1 ELSE 0.5 END "
        "ELSE rare * CASE WHEN apart <= 3 THEN 1 WHEN apart <= 21 THEN 0.6 ELSE 0.3 END END",
        joins="JOIN (SELECT f.a, f.b, abs(date_diff('second', born_a, born_b)) / 86400.0 AS apart, "
        "CASE WHEN f.created_b > v.since THEN v.since WHEN f.created_a > w.since THEN w.since END AS since, "
        "CASE WHEN f.created_b > v.since THEN f.created_b ELSE f.created_a END AS opened, rare "
        "FROM ebb, fact f LEFT JOIN removed v ON v.account = f.a AND NOT v.reversed "
        "LEFT JOIN removed w ON w.account = f.b AND NOT w.reversed) USING (a, b)",
        rule="CASE WHEN since IS NOT NULL THEN 'after_removal' ELSE 'opened_together' END",
        holds="since IS NOT NULL OR apart <= 90",
    ),
    "one_purpose": "-- both look made for one purpose" + _PAIR_RULE.format(
        accounts="2", share=f"least(1, signs / {WHOLE:g})", joins="", rule="'one_purpose'", holds="signs >= 1",
    ),
    "breadth": "-- independent personal things in common" + _PAIR_RULE.format(
        accounts="2", share="least(1, (personal - 1) / 2)",
        joins="JOIN (SELECT a, b, count(DISTINCT family) AS personal FROM piece WHERE points >= 4 "
        "AND family IN ('IDENTITY', 'PAYMENT', 'DEVICE', 'CONTACT') GROUP BY a, b) USING (a, b)",
        rule="'breadth'", holds="personal >= 2",
    ),
    "years_apart": "-- one life ended long before the other began" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="'years_apart'",
        holds="date_diff('day', least(last_a, last_b), greatest(born_a, born_b)) > 100",
    ),
    "own_things": "-- each has a line, a device, a mailbox, a bank account of their own" + _PAIR_RULE.format(
        accounts="2", share="1",
        joins="JOIN habit x ON x.account = f.a JOIN habit y ON y.account = f.b AND y.kind = x.kind JOIN life v ON v.account = f.a "
        "JOIN life w ON w.account = f.b ANTI JOIN portion o ON o.a = f.a AND o.b = f.b AND o.kind = x.kind",
        rule="'own_' || x.kind", holds="x.kind <> 'phone' OR (v.voip < v.phones AND w.voip < w.phones)",
    ),
    "identity_differs": "-- two documents or faces, none in common" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="'identity_differs'",
        holds="a IN (SELECT account FROM main.seen WHERE kind = 'identity') "
        "AND b IN (SELECT account FROM main.seen WHERE kind = 'identity') AND NOT EXISTS "
        "(SELECT 1 FROM piece q WHERE q.a = f.a AND q.b = f.b AND q.family = 'IDENTITY')",
    ),
    "two_places": "-- at work on two jobs at once" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="'two_places'",
        holds="EXISTS (SELECT 1 FROM public.jobs j, public.jobs k WHERE j.pro_account_id = f.id_a AND k.pro_account_id = f.id_b "
        "AND j.job_id <> k.job_id AND j.started_at < k.completed_at AND k.started_at < j.completed_at)",
    ),
    "own_histories": "-- both with a year or more of completed jobs of their own" + _PAIR_RULE.format(
        accounts="2", share="1", joins="JOIN worked v ON v.account = f.a JOIN worked w ON w.account = f.b", rule="'own_histories'",
        holds="v.jobs >= 5 AND w.jobs >= 5 AND v.last_at - v.first_at >= INTERVAL 365 DAY "
        "AND w.last_at - w.first_at >= INTERVAL 365 DAY",
    ),
    "seats_differ": "-- a seat each in one business, and not one name" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="'seats_differ'", holds="seats AND names <> 'same'",
    ),
    "dissociated": "-- people decided that they are not the same person" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="'dissociated'",
        holds="(id_a, id_b) IN (SELECT (account_a, account_b) FROM public.dissociations) "
        "OR (id_b, id_a) IN (SELECT (account_a, account_b) FROM public.dissociations) OR (a, b) IN (SELECT (a, b) FROM apart)",
    ),
    "reported": "-- one reported the other" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="'reported'",
        holds="(id_a, id_b) IN (SELECT (reporter_account_id, subject_account_id) FROM public.reports) "
        "OR (id_b, id_a) IN (SELECT (reporter_account_id, subject_account_id) FROM public.reports)",
    ),
}  # fmt: skip
"""What two accounts say about each other, one step a rule of kind `pair`."""

USUAL = """-- what sharing these families usually means in this very market: how many of those who do bear one name
INSERT INTO piece
WITH held AS (SELECT a, b, list_sort(list(DISTINCT family)) AS what FROM piece
  WHERE points > 0 AND list_contains({hard}, family) GROUP BY a, b),
known AS (SELECT a, b, what, names FROM held JOIN fact USING (a, b)),
rate AS (
  SELECT what, count(*) FILTER (names <> 'unknown') AS many,
    count(*) FILTER (names = 'same') / (count(*) FILTER (names <> 'unknown') + {doubt}) AS same FROM known GROUP BY what),
best AS (SELECT greatest({least}, max(same)) AS most FROM rate WHERE many >= {enough}),
lift AS (SELECT what, greatest(0, 2 * least(1, same / most) - 1) AS up FROM rate, best WHERE many >= {enough})
SELECT a, b, NULL, 'pair', r.id, r.family, r.weak, 2, 2, NULL, NULL, NULL, NULL, NULL, round(4 * r.points * up) / 4
FROM held JOIN lift USING (what) JOIN rule r ON r.id = 'usual' WHERE up > 0
"""

ENOUGH, DOUBT, LEAST = 30, 10, 0.5
"""Pairs with known names that a combination needs, pairs of other names added in doubt, and the share of one person's accounts that bear
one name at the least. Assumptions: names can be made up, so other names never count against."""

HARD = ("IDENTITY", "PAYMENT", "DEVICE", "CONTACT", "PLACE", "NETWORK", "BUSINESS")
"""Families that are things, not words about people."""


def usual_sql() -> str:
    """The step that asks the market itself."""
    return USUAL.format(hard=list(HARD), enough=ENOUGH, doubt=DOUBT, least=LEAST)


FACTS_AGREE = """-- what is known of the two beside what they share speaks for one person
INSERT INTO piece
SELECT a, b, NULL, 'pair', r.id, r.family, r.weak, 2, 2, NULL, NULL, NULL, NULL, NULL, round(4 * r.points * least(1, -known / 3)) / 4
FROM two JOIN rule r ON r.id = 'facts_agree' WHERE known < 0
"""

COUNTED = """-- the best piece of each family counts; a network seen through a shared device or home counts half, conduct alone counts half
CREATE OR REPLACE TABLE counted AS
WITH ranked AS (
  SELECT *, row_number() OVER (PARTITION BY a, b, family ORDER BY points DESC, rule, value) AS nth,
    bool_or(family IN ('DEVICE', 'PLACE') AND points > 0) OVER (PARTITION BY a, b) AS entangled,
    bool_or(points >= 1 AND NOT weak AND family <> 'AGAINST' AND NOT list_contains({beside}, family)) OVER (PARTITION BY a, b) AS backed
  FROM piece)
SELECT * EXCLUDE (nth, entangled, backed), CASE WHEN family = 'AGAINST' THEN points WHEN nth > 1 THEN 0
  WHEN family = 'NETWORK' AND entangled OR NOT backed AND family NOT IN ('NETWORK', 'BEHAVIOUR') THEN points / 2 ELSE points END AS counted
FROM ranked ORDER BY a, b, counted DESC, rule, value
"""

PAIRS = """-- families added up, what speaks against taken off, and a word for it
CREATE OR REPLACE TABLE scored AS
WITH bare AS (SELECT count(*) = 0 AS no_firm_kind FROM main.identifier WHERE kind IN ('identity', 'payout', 'card', 'device')),
summed AS (
  SELECT a, b, sum(counted) AS score, count(DISTINCT value) AS shared,
    coalesce(string_agg(family, '+' ORDER BY family) FILTER (counted > 0), '') AS families,
    count(DISTINCT family) FILTER (counted > 0 AND family NOT IN ('FACTS', 'MARKET', 'BREADTH', 'NAME', 'AGE')) AS things,
    count(DISTINCT family) FILTER (counted > 0 AND family NOT IN ('FACTS', 'MARKET', 'BREADTH', 'AGE')) AS many,
    bool_or(counted > 0 AND NOT weak AND list_contains({strong}, family)) AS firm,
    bool_or(counted > 0 AND family = 'NAME') AS named, bool_or(counted > 0 AND family = 'CONTACT') AS reached,
    bool_or(counted > 0 AND family = 'PLACE') AS placed,
    bool_and(list_contains({weak}, family)) FILTER (counted > 0) AS thin,
    bool_and(weak OR counted < 1 OR list_contains({beside}, family)) FILTER (counted > 0) AS beside,
    coalesce(bool_and(counted < 1 OR list_contains({beside}, family)) FILTER (counted > 0), true) AS crumbs
  FROM counted GROUP BY a, b),
held AS (
  SELECT *, firm OR (named AND reached AND placed) OR (no_firm_kind AND placed AND (named OR reached)) AS held FROM summed, bare)
SELECT a, b, score, shared, families, crumbs, CASE
    WHEN score < {possible} OR (many = 1 AND thin) THEN 'no reliable link'
    WHEN score < {likely} OR beside THEN 'possible'
    WHEN score < {strong_from} OR things < CASE WHEN no_firm_kind THEN 1 ELSE 2 END OR many < 2 OR NOT held THEN 'likely'
    ELSE 'strong' END AS label
FROM held
"""

PAIRS_OUT = """-- one row a pair, with its best innocent reading
CREATE OR REPLACE TABLE pair AS
SELECT s.a, s.b, s.score, s.label, s.families, coalesce(r.benign, '') AS benign, coalesce(r.benign_score, 0) AS benign_score,
  s.shared, s.crumbs
FROM scored s LEFT JOIN reading r USING (a, b) ORDER BY s.a, s.b
"""
