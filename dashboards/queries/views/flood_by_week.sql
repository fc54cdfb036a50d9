-- Promotional messages you received, week by week.
-- Grain: week with at least one message from somebody else.
-- Columns:
--   week_on: Monday of the week, UTC.
--   promotional_messages: Unprompted pitches, newsletters and sponsored messages.
--   senders: People who sent them.
--   messages: All messages from others in that week.
-- Why: a flood is a matter of weeks, not of single messages.
SELECT
  CAST(date_trunc('week', m.sent_at AT TIME ZONE 'UTC') AS DATE) AS week_on,
  count(*) FILTER (
    WHERE x.is_unprompted_pitch OR x.is_newsletter OR m.kind = 'sponsored'
  ) AS promotional_messages,
  count(DISTINCT m.sender_id) FILTER (
    WHERE x.is_unprompted_pitch OR x.is_newsletter OR m.kind = 'sponsored'
  ) AS senders,
  count(*) AS messages
FROM messages AS m
LEFT JOIN message_metrics AS x USING (message_id)
WHERE NOT coalesce(m.is_from_owner, FALSE)
GROUP BY week_on
ORDER BY week_on
