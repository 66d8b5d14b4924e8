"""What the two accounts of a pair are, side by side: names, ages, when they began, who invited them."""

from __future__ import annotations

FACTS = """-- what the two accounts of a pair are, side by side
CREATE OR REPLACE TABLE fact AS
WITH met AS (SELECT a, b FROM piece UNION SELECT a, b FROM meeting),
named AS (
  SELECT met.*, x.account_id AS id_a, y.account_id AS id_b, x.created AS created_a, y.created AS created_b,
    CASE WHEN array_length(x.legal_words) > 1 AND array_length(y.legal_words) > 1 THEN x.legal_words
      WHEN array_length(x.display_words) > 1 THEN x.display_words END AS words_a,
    CASE WHEN array_length(x.legal_words) > 1 AND array_length(y.legal_words) > 1 THEN y.legal_words
      WHEN array_length(y.display_words) > 1 THEN y.display_words END AS words_b,
    CASE WHEN array_length(x.legal_words) > 1 AND array_length(y.legal_words) > 1 THEN x.legal_given ELSE x.display_given END AS given_a,
    CASE WHEN array_length(x.legal_words) > 1 AND array_length(y.legal_words) > 1 THEN y.legal_given ELSE y.display_given END AS given_b,
    abs(x.birth_year - y.birth_year) AS years, x.referrer AS referrer_a, y.referrer AS referrer_b, v.born AS born_a, w.born AS born_b,
    v.last_at AS last_a, w.last_at AS last_b, least(i.signs, j.signs) AS signs, v.disputed <> w.disputed AS one_disputed,
    array_length(x.legal_words) > 1 AND array_length(y.legal_words) > 1 AS legal, coalesce(x.business_id = y.business_id, false)
      OR EXISTS (SELECT 1 FROM public.business_members m JOIN public.business_members n USING (business_id)
        WHERE m.account_id = x.account_id AND n.account_id = y.account_id) AS seats
  FROM met JOIN main.people x ON x.code = met.a JOIN main.people y ON y.code = met.b
  JOIN life v ON v.account = met.a JOIN life w ON w.account = met.b
  JOIN purpose i ON i.account = met.a JOIN purpose j ON j.account = met.b)
SELECT *, CASE WHEN words_a IS NULL OR words_b IS NULL THEN 'unknown'
    WHEN words_a = words_b OR (array_length(list_intersect(words_a, words_b)) >= 2
      AND (list_has_all(words_a, words_b) OR list_has_all(words_b, words_a)))
      THEN CASE WHEN seats AND NOT coalesce(legal, false) THEN 'unknown' ELSE 'same' END
    -- a letter apart may be a slip of the pen, or a couple: Mark and Mary
    WHEN jaro_winkler_similarity(array_to_string(words_a, ' '), array_to_string(words_b, ' ')) >= 0.95 THEN 'unknown'
    -- one given name and another surname: a marriage, another of two surnames, or two people called Maria
    WHEN given_a = given_b AND NOT list_has_any(list_filter(words_a, lambda w: len(w) > 2 AND w <> given_a), words_b) THEN 'unknown'
    WHEN list_has_any(list_filter(words_a, lambda w: len(w) > 2), words_b)
      THEN CASE WHEN array_length(list_filter(words_a || words_b, lambda w: len(w) = 1)) > 0 THEN 'unknown' ELSE 'family' END
    ELSE 'differ' END AS names
FROM named
"""
"""`names` is `same`, `family` (a surname in common, not a given name), `differ`, or `unknown` where it could be either."""
