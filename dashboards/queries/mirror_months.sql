-- What the owner wrote, month by month.
-- Grain: month.
-- Columns:
--   month_on: First day of the month, UTC.
--   messages, posts, words, promotional_messages, threads: as in sender_monthly.
-- Why: a habit shows in months; a score does not show when it began.
SELECT
  m.month_on,
  CAST(sum(m.messages) AS BIGINT) AS messages,
  CAST(sum(m.posts) AS BIGINT) AS posts,
  CAST(sum(m.words) AS BIGINT) AS words,
  CAST(sum(m.promotional_messages) AS BIGINT) AS promotional_messages,
  CAST(sum(m.threads) AS BIGINT) AS threads
FROM sender_monthly AS m
WHERE m.identity_id IN (SELECT identity_id FROM people WHERE is_owner)
GROUP BY m.month_on
ORDER BY m.month_on
