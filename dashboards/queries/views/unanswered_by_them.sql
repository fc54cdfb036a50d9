-- Questions you asked that were never answered.
-- Grain: two-party thread whose last word is such a question.
-- Columns:
--   conversation_id: The thread.
--   identity_id: Who was asked.
--   name: The newest name seen; null when no export names them.
--   asked_at: When the last question was asked.
--   days_waiting: Whole days from the question to the newest event of the platform.
--   questions: Genuine questions in that message.
--   message_id: The message.
--   text: The message.
-- Why: all talk and no listening also shows in what never gets an answer.
WITH newest AS (
  SELECT platform, max(sent_at) AS as_of FROM messages GROUP BY platform
),
last_words AS (
  SELECT m.*
  FROM messages AS m
  WHERE m.kind = 'dm'
  QUALIFY row_number() OVER (
    PARTITION BY m.conversation_id ORDER BY m.sent_at DESC, m.message_id DESC
  ) = 1
),
asked AS (
  SELECT r.message_id, min(p.identity_id) AS identity_id,
    first(p.display_name ORDER BY p.person_id) FILTER (WHERE p.display_name IS NOT NULL) AS name
  FROM message_recipients AS r
  JOIN people AS p USING (person_id)
  WHERE NOT p.is_owner
  GROUP BY r.message_id
)
SELECT
  w.conversation_id,
  a.identity_id,
  a.name,
  w.sent_at AS asked_at,
  date_diff('day', w.sent_at, n.as_of) AS days_waiting,
  x.genuine_questions AS questions,
  w.message_id,
  w.text
FROM last_words AS w
JOIN newest AS n USING (platform)
JOIN asked AS a USING (message_id)
JOIN message_metrics AS x USING (message_id)
WHERE w.is_from_owner AND x.genuine_questions > 0
ORDER BY w.sent_at DESC, w.message_id
