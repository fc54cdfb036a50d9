-- Questions people asked you that you never came back to, pitches and pitchers left out.
-- Grain: two-party thread whose last word is such a question.
-- Columns:
--   conversation_id: The thread.
--   identity_id: Who asked.
--   name: The newest name seen; null when no export names them.
--   asked_at: When the last question was asked.
--   days_waiting: Whole days from the question to the newest event of the platform.
--   questions: Genuine questions in that message.
--   message_id: The message.
--   text: The message.
-- Why: the mirror asks whose questions were left lying, before it asks about anybody else. Nobody
-- owes an answer to a pitch, a newsletter, or somebody to mute.
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
)
SELECT
  w.conversation_id,
  l.identity_id,
  l.name,
  w.sent_at AS asked_at,
  date_diff('day', w.sent_at, n.as_of) AS days_waiting,
  x.genuine_questions AS questions,
  w.message_id,
  w.text
FROM last_words AS w
JOIN newest AS n USING (platform)
JOIN people AS p ON p.person_id = w.sender_id
JOIN leaderboard AS l ON l.identity_id = p.identity_id
JOIN message_metrics AS x ON x.message_id = w.message_id
WHERE
  NOT coalesce(w.is_from_owner, FALSE)
  AND x.genuine_questions > 0
  AND NOT coalesce(x.is_pitch OR x.is_unprompted_pitch, FALSE)
  AND NOT coalesce(x.is_newsletter, FALSE)
  AND l.advice NOT IN ('unfollow', 'unsubscribe', 'mute')
ORDER BY w.sent_at DESC, w.message_id
