-- The threads of one person with the owner, and what they wrote in threads with others.
-- Grain: message.
-- Columns:
--   conversation_id: The thread.
--   is_between_two: Whether the thread is theirs and the owner's alone.
--   sent_at: When it was sent.
--   text: What was said; null when it is not theirs.
-- Why: a later export may show these without a name, and they stay forgotten.
WITH persons AS (
  SELECT person_id FROM people WHERE identity_id = $identity_id
),
took_part AS (
  SELECT conversation_id FROM messages WHERE sender_id IN (FROM persons)
  UNION
  SELECT m.conversation_id
  FROM message_recipients AS r
  JOIN messages AS m USING (message_id)
  WHERE r.person_id IN (FROM persons)
)
SELECT
  m.conversation_id,
  c.kind <> 'group_dm' AND c.participants <= 2 AS is_between_two,
  m.sent_at,
  CASE WHEN m.sender_id IN (FROM persons) THEN m.text END AS text
FROM messages AS m
JOIN conversations AS c USING (conversation_id)
WHERE m.conversation_id IN (FROM took_part)
ORDER BY m.conversation_id, m.sent_at, m.message_id
