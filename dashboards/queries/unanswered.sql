-- Questions left without an answer, by you and by others, newest first.
-- Grain: thread, at most 50 in each direction.
-- Columns:
--   direction: me when you owe the answer, else them.
--   identity_id, name, asked_at, days_waiting, questions, conversation_id: as in the views
--   unanswered_by_me and unanswered_by_them.
--   text: The message, the first 400 characters.
-- Why: part of the mirror; nobody's score depends on it.
(
  SELECT
    'me' AS direction, identity_id, name, asked_at, days_waiting, questions, conversation_id,
    left(text, 400) AS text
  FROM unanswered_by_me
  ORDER BY asked_at DESC, conversation_id
  LIMIT 50
)
UNION ALL
(
  SELECT
    'them' AS direction, identity_id, name, asked_at, days_waiting, questions, conversation_id,
    left(text, 400) AS text
  FROM unanswered_by_them
  ORDER BY asked_at DESC, conversation_id
  LIMIT 50
)
ORDER BY direction, asked_at DESC, conversation_id
