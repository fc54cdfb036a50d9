-- The newest messages and posts of one person, and which flags rest on each.
-- Grain: message or post by the person.
-- Columns:
--   sent_at: When.
--   kind: What sort of message or post.
--   text: The whole text; null when there is only an attachment.
--   evidence: Behaviours whose flag rests on it.
--   message_id: The message or post.
-- Why: every number can be followed down to the words it came from.
WITH said AS (
  SELECT m.message_id, m.sent_at, m.kind, m.text
  FROM messages AS m
  JOIN people AS p ON p.person_id = m.sender_id
  WHERE p.identity_id = $identity_id
  UNION ALL
  SELECT w.post_id, w.posted_at, w.kind, w.text
  FROM posts AS w
  JOIN people AS p ON p.person_id = w.author_id
  WHERE p.identity_id = $identity_id
),
evidence AS (
  SELECT unnest(message_ids) AS message_id, behaviour
  FROM flags
  WHERE identity_id = $identity_id
)
SELECT
  s.sent_at,
  s.kind,
  s.text,
  coalesce(
    (
      SELECT string_agg(DISTINCT e.behaviour, ', ' ORDER BY e.behaviour)
      FROM evidence AS e
      WHERE e.message_id = s.message_id
    ),
    ''
  ) AS evidence,
  s.message_id
FROM said AS s
ORDER BY s.sent_at DESC, s.message_id
LIMIT $most
