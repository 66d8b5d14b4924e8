"""Pairs of accounts that share no identifier, and did something together: praised one pro, came by one invitation, opened in one batch.

Only accounts that leave few traces of an ordinary life are looked at (`conduct.ODD`), and no more of them in one place than `most`, so
the work is linear in the rows.
"""

from __future__ import annotations

from tnskit.evidence.conduct import ODD, RAREST, UNHIRED, VEILS

BATCH, BEYOND = 5, 4
"""Accounts that open within a day of each other from one address, at the least, to be one batch, and how many more for each one that the
days of the whole market explain. Assumptions: four friends meet on a sofa; a campaign brings everybody."""

BURSTS = f"""-- accounts of no ordinary life that opened in one batch behind a VPN or in a data centre: pairs without an identifier
CREATE OR REPLACE TABLE burst AS
WITH opening AS (SELECT account, date_trunc('day', born) AS day FROM life WHERE born IS NOT NULL),
opened AS (
  SELECT s.value, s.account, o.day FROM main.seen s JOIN main.identifier i ON i.code = s.value JOIN opening o ON o.account = s.account
    JOIN purpose p ON p.account = s.account
  WHERE s.kind = 'ip' AND i.class IN {VEILS} AND s.first_at < o.day + INTERVAL 3 DAY AND p.signs > {RAREST}),
there AS (SELECT value, count(*) AS many FROM opened GROUP BY value HAVING count(*) >= {BATCH}),
days AS (SELECT value, day, count(*) AS many FROM opened JOIN there USING (value) GROUP BY value, day
  UNION ALL SELECT NULL, day, count(*) FROM opening GROUP BY day),
near AS (
  SELECT value, day, sum(many) AS many FROM (
    SELECT value, day, many FROM days UNION ALL SELECT value, day - INTERVAL 1 DAY, many FROM days
    UNION ALL SELECT value, day + INTERVAL 1 DAY, many FROM days) GROUP BY value, day),
batch AS (
  SELECT n.value, n.day, n.many FROM near n JOIN days d ON d.value = n.value AND d.day = n.day JOIN there w ON w.value = n.value
    JOIN near m ON m.value IS NULL AND m.day = n.day, (SELECT count(*) AS many FROM opening) every
  WHERE n.many <= $1 AND (n.many - {BATCH - 1}) * every.many > {BEYOND} * w.many * m.many)
SELECT x.account AS a, y.account AS b, max(least(p.many, q.many))::BIGINT AS accounts
FROM batch p JOIN batch q ON q.value = p.value AND abs(date_diff('day', p.day, q.day)) <= 1
  JOIN opened x ON x.value = p.value AND x.day = p.day JOIN opened y ON y.value = q.value AND y.day = q.day
WHERE x.account < y.account GROUP BY 1, 2
"""
"""Who opened there has more than a veil to show for it: one sign counts `RAREST` at most. The days around are added by moving each
day's count, so that no two days of an address are compared."""

MEETINGS = f"""-- accounts of no ordinary life that praised one pro without a job, came by one invitation, or opened in one batch
CREATE OR REPLACE TABLE meeting AS
WITH odd AS (SELECT p.account_id AS id, p.survivor AS account, p.referrer, signs, born FROM main.people p
  JOIN purpose ON purpose.account = p.code JOIN life ON life.account = p.code WHERE signs >= {ODD:g} AND p.linked),
said AS (
  SELECT DISTINCT account, subject_account_id AS what FROM public.reviews r JOIN odd ON id = author_account_id
  WHERE {UNHIRED}),
praised AS (SELECT * FROM said QUALIFY count(*) OVER (PARTITION BY what) BETWEEN 2 AND $1),
came AS (
  SELECT account, referrer AS what FROM odd WHERE referrer IS NOT NULL QUALIFY count(*) OVER (PARTITION BY referrer) BETWEEN 2 AND $1)
SELECT a, b, sum(praised)::BIGINT AS praised FROM (
  SELECT x.account AS a, y.account AS b, 1 AS praised FROM praised x JOIN praised y USING (what) WHERE x.account < y.account
  UNION ALL SELECT x.account, y.account, 0 FROM came x JOIN came y USING (what) WHERE x.account < y.account
  UNION ALL SELECT a, b, 0 FROM burst)
GROUP BY a, b
"""
