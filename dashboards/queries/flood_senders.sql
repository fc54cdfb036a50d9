-- Who sent promotional messages, how steadily, and what came after "please stop".
-- Grain: identity with at least two promotional messages, at most 200.
-- Columns:
--   identity_id: Who sent them.
--   name: The newest name seen; null when no export names them.
--   promotional: Unprompted pitches, newsletters and sponsored messages.
--   newsletters: Newsletters among them.
--   weeks: Weeks from the first to the last, at least one.
--   first_at, last_at: First and last of them.
--   asked_to_stop_at: When the owner first asked them to stop; null when that did not happen.
--   after_stop: Promotional messages after that.
--   advice: What the report suggests.
--   sent: When, the first moment of each day, at most 120.
-- Why: a newsletter a week for a year and one burst at a launch are different things.
WITH promotional AS (
  SELECT
    p.identity_id,
    m.conversation_id,
    m.sent_at,
    x.is_newsletter,
    row_number() OVER (
      PARTITION BY p.identity_id, CAST(m.sent_at AT TIME ZONE 'UTC' AS DATE)
      ORDER BY m.sent_at, m.message_id
    ) = 1 AS is_first
  FROM messages AS m
  JOIN message_metrics AS x USING (message_id)
  JOIN people AS p ON p.person_id = m.sender_id
  WHERE NOT p.is_owner AND (x.is_unprompted_pitch OR x.is_newsletter OR m.kind = 'sponsored')
),
stops AS (
  SELECT p.identity_id, min(m.sent_at) AS asked_to_stop_at
  FROM messages AS m
  JOIN message_metrics AS x USING (message_id)
  JOIN message_recipients AS r USING (message_id)
  JOIN people AS p USING (person_id)
  WHERE m.is_from_owner AND x.opt_out_request AND NOT p.is_owner
  GROUP BY p.identity_id
)
SELECT
  q.identity_id,
  l.name,
  count(*) AS promotional,
  count(*) FILTER (WHERE q.is_newsletter) AS newsletters,
  greatest(1, ceil(date_diff('day', min(q.sent_at), max(q.sent_at)) / 7.0)) AS weeks,
  min(q.sent_at) AS first_at,
  max(q.sent_at) AS last_at,
  any_value(s.asked_to_stop_at) AS asked_to_stop_at,
  count(*) FILTER (WHERE q.sent_at > s.asked_to_stop_at) AS after_stop,
  any_value(l.advice) AS advice,
  list_slice(list_sort(list(q.sent_at) FILTER (WHERE q.is_first)), 1, 120) AS sent
FROM promotional AS q
JOIN leaderboard AS l USING (identity_id)
LEFT JOIN stops AS s USING (identity_id)
GROUP BY q.identity_id, l.name
HAVING count(*) >= 2 OR count(*) FILTER (WHERE q.sent_at > s.asked_to_stop_at) > 0
ORDER BY after_stop DESC, promotional DESC, q.identity_id
LIMIT 200
