"""The SQL of linking, one named step a thought; `links` runs them in order, on whichever engine.

Reads `main.seen` (account, value, kind, first_at, last_at, days, verified), `main.identifier` (code, kind, class, shown),
`main.people` and the tables of `public`. Writes `crowded`, `piece` and `pair`.
"""

from __future__ import annotations

SIZED = """-- count the accounts of each value; a value of one account links nothing
CREATE OR REPLACE TABLE sized AS
SELECT value, count(*) AS accounts FROM main.seen GROUP BY value HAVING count(*) >= 2
"""

BREACHED = """-- accounts whose own conduct probably broke a rule: removed or suspended for it, or disputed payments
CREATE OR REPLACE TABLE breached AS
SELECT DISTINCT p.survivor AS account FROM main.people p WHERE p.account_id IN (
  SELECT account_id FROM public.actions WHERE action IN ('remove', 'removed', 'removal', 'ban', 'banned', 'suspend', 'suspended', 'x', 's')
    AND reversed_at IS NULL
  UNION ALL SELECT payer_id FROM public.payments WHERE kind = 'chargeback' AND coalesce(dispute_outcome, '') NOT IN ('won', 'reversed'))
"""

BOUNDED = """-- give each value the bound above which its rules leave no points
CREATE OR REPLACE TABLE bounded AS
WITH guilt AS (SELECT value, count(*) AS many FROM main.seen JOIN breached USING (account) GROUP BY value),
ruled AS (
  SELECT s.value, s.accounts, i.kind, i.class, i.shown, max(r.points) AS top, max(r.cut) AS cut, max(r.family) AS family
  FROM sized s JOIN main.identifier i ON i.code = s.value
  LEFT JOIN choice c ON c.kind = i.kind AND c.class = i.class LEFT JOIN rule r ON r.id = c.id
  GROUP BY s.value, s.accounts, i.kind, i.class, i.shown),
judged AS (
  SELECT ruled.*, coalesce(family IN ('DEVICE', 'PAYMENT') AND 2 * many >= accounts, false) AS proven
  FROM ruled LEFT JOIN guilt USING (value))
SELECT *, CASE WHEN proven THEN $1 ELSE least($1, 5 * cut) END AS bound FROM judged
"""

CROWDED = """-- set aside what too many share, or what is shared by design, before any pair exists
CREATE OR REPLACE TABLE crowded AS
SELECT value, kind, shown, accounts,
  CASE WHEN said.why IS NOT NULL THEN said.why
    WHEN top IS NULL THEN 'no rule says what sharing this means'
    WHEN top <= 0 THEN 'shared by design: ' || class
    ELSE 'seen with ' || accounts || ' accounts; above ' || bound || ' it says nothing' END AS why
FROM bounded LEFT JOIN suppressed said USING (value) WHERE said.why IS NOT NULL OR top IS NULL OR top <= 0 OR accounts > bound
"""

SHARED = """-- pair the accounts on each remaining value
CREATE OR REPLACE TABLE shared AS
WITH live AS (SELECT * FROM bounded WHERE value NOT IN (SELECT value FROM crowded))
SELECT x.account AS a, y.account AS b, l.value, l.kind, l.class, l.accounts, l.proven,
  x.first_at AS first_a, x.last_at AS last_a, y.first_at AS first_b, y.last_at AS last_b,
  least(x.days, y.days) AS days,
  CASE WHEN x.verified AND y.verified THEN 'yes' WHEN NOT (coalesce(x.verified, true) AND coalesce(y.verified, true)) THEN 'no'
    ELSE 'unknown' END AS verified,
  date_diff('second', least(x.last_at, y.last_at),
    greatest(x.first_at, y.first_at)) / 86400.0 AS gap
FROM live l JOIN main.seen x ON x.value = l.value JOIN main.seen y ON y.value = l.value AND x.account < y.account
"""

PIECES = """-- points of each shared value: rule, times rarity, times recency
CREATE OR REPLACE TABLE piece AS
WITH picked AS (
  SELECT s.*, CASE
      WHEN r.handover > 0 AND s.gap >= r.handover THEN r.handed
      WHEN r.least > 0 AND s.days < r.least THEN r.otherwise ELSE r.id END AS used
  FROM shared s JOIN choice c ON c.kind = s.kind AND c.class = s.class AND c.verified = s.verified JOIN rule r ON r.id = c.id)
SELECT a, b, value, kind, p.used AS rule, r.family, r.weak, accounts, first_a, last_a, first_b, last_b, gap,
  r.points
  * CASE WHEN r.cut = 0 OR accounts <= r.cut OR proven THEN 1 WHEN accounts <= 2 * r.cut THEN 0.5
      WHEN accounts <= 5 * r.cut THEN 0.25 ELSE 0 END
  * CASE WHEN gap IS NULL OR r.days = 0 THEN 1 WHEN gap > r.days THEN 0 {recency} END AS points
FROM picked p JOIN rule r ON r.id = p.used
"""

NETWORK_SETS = """-- three or more networks in common say more than each of them
INSERT INTO piece
SELECT a, b, NULL, 'ip', r.id, r.family, r.weak, max(accounts), min(first_a), max(last_a), min(first_b), max(last_b), min(gap),
  r.points * CASE WHEN max(accounts) <= r.cut THEN 1 WHEN max(accounts) <= 2 * r.cut THEN 0.5 ELSE 0.25 END
FROM shared JOIN rule r ON r.id = 'network_set'
WHERE kind = 'ip' AND shared.days >= 2 AND coalesce(gap, 0) <= r.days
GROUP BY a, b, r.id, r.family, r.weak, r.points, r.cut, r.least HAVING count(*) >= r.least
"""

FACTS = """-- what the two accounts of a pair are, side by side
CREATE OR REPLACE TABLE fact AS
WITH met AS (SELECT DISTINCT a, b FROM piece),
named AS (
  SELECT met.*, x.account_id AS id_a, y.account_id AS id_b, x.created AS created_a, y.created AS created_b,
    CASE WHEN len(x.legal_words) > 1 AND len(y.legal_words) > 1 THEN x.legal_words
      WHEN len(x.display_words) > 1 THEN x.display_words END AS words_a,
    CASE WHEN len(x.legal_words) > 1 AND len(y.legal_words) > 1 THEN y.legal_words
      WHEN len(y.display_words) > 1 THEN y.display_words END AS words_b,
    abs(x.birth_year - y.birth_year) AS years, x.business_id AS business_a, y.business_id AS business_b,
    x.referrer AS referrer_a, y.referrer AS referrer_b
  FROM met JOIN main.people x ON x.code = met.a JOIN main.people y ON y.code = met.b)
SELECT *, CASE WHEN words_a IS NULL OR words_b IS NULL THEN 'unknown'
    WHEN words_a = words_b OR (len(list_intersect(words_a, words_b)) >= 2
      AND (list_has_all(words_a, words_b) OR list_has_all(words_b, words_a)))
      OR jaro_winkler_similarity(array_to_string(words_a, ' '), array_to_string(words_b, ' ')) >= 0.95 THEN 'same'
    WHEN list_has_any(list_filter(words_a, lambda w: len(w) > 2), words_b)
      THEN CASE WHEN len(list_filter(words_a || words_b, lambda w: len(w) = 1)) > 0 THEN 'unknown' ELSE 'family' END
    ELSE 'differ' END AS names
FROM named
"""

WORKED = """-- completed jobs of each account, as customer or as pro
CREATE OR REPLACE TABLE worked AS
WITH side AS (
  SELECT customer_account_id AS id, completed_at AS done FROM public.jobs WHERE completed_at IS NOT NULL
  UNION ALL SELECT pro_account_id, completed_at FROM public.jobs WHERE completed_at IS NOT NULL AND pro_account_id IS NOT NULL)
SELECT p.survivor AS account, count(*) AS jobs, min(done) AS first_at, max(done) AS last_at
FROM side JOIN main.people p ON p.account_id = side.id GROUP BY p.survivor
"""

REMOVED = """-- accounts that were removed, when, and whether that still stands
CREATE OR REPLACE TABLE removed AS
SELECT p.survivor AS account, min(coalesce(effective_at, decided_at)) AS since, bool_and(reversed_at IS NOT NULL) AS reversed
FROM public.actions JOIN main.people p USING (account_id)
WHERE action IN ('remove', 'removed', 'removal', 'ban', 'banned', 'close', 'x') GROUP BY p.survivor
"""

NAMESAKES = """-- how many accounts bear each full name
CREATE OR REPLACE TABLE namesakes AS
SELECT words, count(*) AS accounts FROM (
  SELECT CASE WHEN len(legal_words) > 1 THEN legal_words ELSE display_words END AS words FROM main.people)
WHERE len(words) > 1 GROUP BY words
"""

_PAIR_RULE = """
INSERT INTO piece
SELECT a, b, NULL, 'pair', r.id, r.family, r.weak, {accounts}, NULL, NULL, NULL, NULL, NULL, r.points * {share}
FROM fact f {joins} JOIN rule r ON r.id = {rule} WHERE {holds}
"""

_RARE = "CASE WHEN n.accounts <= 4 THEN 1 WHEN n.accounts <= 20 THEN 0.5 ELSE 0 END"

PAIR_RULES: dict[str, str] = {
    "names": "-- the same name, and perhaps the same year of birth" + _PAIR_RULE.format(
        accounts="n.accounts", share=_RARE, joins="JOIN namesakes n ON n.words = f.words_a",
        rule="CASE WHEN years = 0 THEN 'name_birth' ELSE 'name_same' END", holds="names = 'same' AND coalesce(years, 0) <= 1",
    ),
    "birth_differs": "-- years of birth that differ" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="'birth_differs'", holds="years > 1",
    ),
    "referral": "-- one referred the other, and money connects them" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="'referral'",
        holds="(referrer_a = id_b OR referrer_b = id_a) AND EXISTS "
        "(SELECT 1 FROM piece q WHERE q.a = f.a AND q.b = f.b AND q.family = 'PAYMENT' AND q.points > 1)",
    ),
    "after_removal": "-- opened in the same trade right after the other's removal" + _PAIR_RULE.format(
        accounts="2", share="1",
        joins="JOIN public.pro_profiles t ON t.account_id = f.id_a JOIN public.pro_profiles u ON u.account_id = f.id_b "
        "LEFT JOIN removed v ON v.account = f.a AND NOT v.reversed LEFT JOIN removed w ON w.account = f.b AND NOT w.reversed",
        rule="'after_removal'",
        holds="t.trade = u.trade AND (f.created_b BETWEEN v.since AND v.since + INTERVAL 7 DAY "
        "OR f.created_a BETWEEN w.since AND w.since + INTERVAL 7 DAY)",
    ),
    "identity_differs": "-- two documents or faces, none in common" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="'identity_differs'",
        holds="a IN (SELECT account FROM main.seen WHERE kind = 'identity') "
        "AND b IN (SELECT account FROM main.seen WHERE kind = 'identity') AND NOT EXISTS "
        "(SELECT 1 FROM piece q WHERE q.a = f.a AND q.b = f.b AND q.family = 'IDENTITY')",
    ),
    "two_places": "-- at work on two jobs at once" + _PAIR_RULE.format(
        accounts="2", share="1", joins="", rule="'two_places'",
        holds="EXISTS (SELECT 1 FROM public.jobs j JOIN public.jobs k ON j.pro_account_id = f.id_a AND k.pro_account_id = f.id_b "
        "AND j.job_id <> k.job_id AND j.started_at < k.completed_at AND k.started_at < j.completed_at)",
    ),
    "own_histories": "-- both with a year or more of completed jobs of their own" + _PAIR_RULE.format(
        accounts="2", share="1", joins="JOIN worked v ON v.account = f.a JOIN worked w ON w.account = f.b",
        rule="'own_histories'",
        holds="v.jobs >= 5 AND w.jobs >= 5 AND v.last_at - v.first_at >= INTERVAL 365 DAY "
        "AND w.last_at - w.first_at >= INTERVAL 365 DAY",
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

COUNTED = """-- the best piece of each family counts; a network seen through a shared device counts half
CREATE OR REPLACE TABLE counted AS
WITH ranked AS (
  SELECT *, row_number() OVER (PARTITION BY a, b, family ORDER BY points DESC, rule, value) AS nth,
    bool_or(family = 'DEVICE' AND points > 0) OVER (PARTITION BY a, b) AS device FROM piece)
SELECT * EXCLUDE (nth, device), CASE WHEN family = 'AGAINST' THEN points WHEN nth > 1 THEN 0
  WHEN family = 'NETWORK' AND device THEN points / 2 ELSE points END AS counted
FROM ranked ORDER BY a, b, counted DESC, rule, value
"""

PAIRS = """-- families added up, what speaks against taken off, and a word for it
CREATE OR REPLACE TABLE scored AS
WITH summed AS (
  SELECT a, b, sum(counted) AS score, count(DISTINCT value) AS shared,
    coalesce(string_agg(family, '+' ORDER BY family) FILTER (counted > 0), '') AS families,
    count(DISTINCT family) FILTER (counted > 0) AS many,
    bool_or(counted > 0 AND NOT weak AND list_contains({strong}, family)) AS firm,
    bool_and(list_contains({weak}, family)) FILTER (counted > 0) AS thin
  FROM counted GROUP BY a, b)
SELECT a, b, score, shared, families, CASE
    WHEN score < {possible} OR (many = 1 AND thin) THEN 'no reliable link'
    WHEN score < {likely} THEN 'possible'
    WHEN score < {strong_from} OR many < 2 OR NOT firm THEN 'likely' ELSE 'strong' END AS label
FROM summed
"""

PAIRS_OUT = """-- one row a pair, with its best innocent reading
CREATE OR REPLACE TABLE pair AS
SELECT s.a, s.b, s.score, s.label, s.families, coalesce(r.benign, '') AS benign, coalesce(r.benign_score, 0) AS benign_score,
  s.shared
FROM scored s LEFT JOIN reading r USING (a, b) ORDER BY s.a, s.b
"""
