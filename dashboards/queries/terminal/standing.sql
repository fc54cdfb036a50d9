-- Where everybody but the owner stands.
-- Grain: identity.
-- Columns:
--   identity_id: The person.
--   advice: What one could do.
--   me_score: The score; null when they are not scored.
--   messages: Messages they sent.
--   posts: Posts of theirs in the exports.
-- Why: the next run says who came onto the list and who left it.
SELECT s.identity_id, s.advice, s.me_score, s.messages, s.posts
FROM sender_metrics AS s
WHERE
  s.scope = 'all'
  AND s.identity_id NOT IN (SELECT identity_id FROM people WHERE is_owner)
ORDER BY s.identity_id
