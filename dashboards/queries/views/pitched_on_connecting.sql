-- Who pitched with the invitation or by the day after you connected.
-- Grain: identity; the first unprompted pitch of each.
-- Columns:
--   identity_id: The person.
--   name: The newest name seen; null when no export names them.
--   connected_on: Day of the connection; null when the pitch came with an invitation that was not accepted.
--   pitched_at: When the first unprompted pitch was sent.
--   days_after: Days from the connection to the pitch; null when it came with the invitation.
--   message_number: Which of their messages in that thread it was, from 1.
--   with_invitation: Whether the note of the invitation was the pitch.
--   message_id: The message.
--   conversation_id: The thread.
-- Why: the essay's sixth sign, and the easiest to see in an inbox. LinkedIn dates a connection
-- by day only, so "within a day" means the same day or the next, UTC.
WITH numbered AS (
  SELECT
    p.identity_id,
    p.connected_on,
    m.message_id,
    m.conversation_id,
    m.kind,
    m.sent_at,
    row_number() OVER (
      PARTITION BY m.conversation_id, p.identity_id ORDER BY m.sent_at, m.message_id
    ) AS message_number,
    coalesce(x.is_unprompted_pitch, FALSE) AS is_pitch
  FROM messages AS m
  JOIN people AS p ON p.person_id = m.sender_id
  LEFT JOIN message_metrics AS x USING (message_id)
  WHERE NOT p.is_owner AND m.kind <> 'sponsored'
),
firsts AS (
  SELECT *
  FROM numbered
  WHERE is_pitch
  QUALIFY row_number() OVER (PARTITION BY identity_id ORDER BY sent_at, message_id) = 1
)
SELECT
  f.identity_id,
  l.name,
  f.connected_on,
  f.sent_at AS pitched_at,
  CASE WHEN f.kind <> 'invitation'
    THEN date_diff('day', f.connected_on, CAST(f.sent_at AT TIME ZONE 'UTC' AS DATE))
  END AS days_after,
  f.message_number,
  f.kind = 'invitation' AS with_invitation,
  f.message_id,
  f.conversation_id
FROM firsts AS f
JOIN leaderboard AS l USING (identity_id)
WHERE
  f.kind = 'invitation'
  OR date_diff('day', f.connected_on, CAST(f.sent_at AT TIME ZONE 'UTC' AS DATE)) BETWEEN 0 AND 1
ORDER BY f.sent_at DESC, f.identity_id
