-- Who wrote or was flagged in what the newest run added.
-- Grain: identity with something new; empty after a first run or a run without a new export.
-- Columns:
--   identity_id: The person.
--   name: The newest name seen; null when no export names them.
--   messages_new: Their messages that are newer than every export read before.
--   promotional_new: Unprompted pitches and newsletters among them.
--   flags_new: Flags whose first sighting is that recent.
--   is_new: Whether they had never written before.
--   advice: What the report suggests now.
--   strongest_flag: The flag that weighs most; null when there is none.
--   since_at: End of what earlier exports of that platform hold.
-- Why: yesterday's database is another file, so "new" is told from the data at hand: exports first
-- seen after the run that published before it began (a run that was killed may have read them), and
-- the newest event of the exports seen before. An export that reaches
-- further back in time adds messages that are not listed here; runs.messages_new counts them.
WITH run_before AS (
  SELECT nth_value(started_at, 2) OVER (
    ORDER BY started_at DESC
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
  ) AS started_at
  FROM runs
  WHERE status = 'published'
  LIMIT 1
),
known AS (
  SELECT e.platform, max(e.as_of) AS since_at
  FROM exports AS e, run_before AS r
  WHERE e.first_seen_at <= r.started_at
  GROUP BY e.platform
),
added AS (
  SELECT DISTINCT e.platform
  FROM exports AS e, run_before AS r
  WHERE e.first_seen_at > r.started_at
),
fresh AS (
  SELECT
    p.identity_id,
    count(*) AS messages_new,
    count(*) FILTER (WHERE x.is_unprompted_pitch OR x.is_newsletter) AS promotional_new,
    min(k.since_at) AS since_at
  FROM messages AS m
  JOIN added USING (platform)
  JOIN known AS k USING (platform)
  JOIN people AS p ON p.person_id = m.sender_id
  LEFT JOIN message_metrics AS x USING (message_id)
  WHERE m.sent_at > k.since_at
  GROUP BY p.identity_id
),
earlier AS (
  SELECT DISTINCT p.identity_id
  FROM messages AS m
  JOIN known AS k USING (platform)
  JOIN people AS p ON p.person_id = m.sender_id
  WHERE m.sent_at <= k.since_at
),
flagged AS (
  SELECT f.identity_id, count(*) AS flags_new
  FROM flags AS f
  JOIN fresh USING (identity_id)
  WHERE f.first_seen_at > fresh.since_at
  GROUP BY f.identity_id
)
SELECT
  l.identity_id,
  l.name,
  fresh.messages_new,
  fresh.promotional_new,
  coalesce(flagged.flags_new, 0) AS flags_new,
  earlier.identity_id IS NULL AS is_new,
  l.advice,
  l.strongest_flag,
  fresh.since_at
FROM fresh
JOIN leaderboard AS l USING (identity_id)
LEFT JOIN flagged USING (identity_id)
LEFT JOIN earlier USING (identity_id)
ORDER BY l.position
