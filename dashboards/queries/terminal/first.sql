-- Whom to deal with first.
-- Grain: identity, at most one.
-- Columns:
--   identity_id: The person.
--   name: The newest name seen; null when no export names them.
--   advice, advice_reason: What one could do, and why.
--   strongest_flag: The flag that weighs most; null when there is none.
-- Why: the terminal and Prefect name the same person as the first screen.
SELECT identity_id, name, advice, advice_reason, strongest_flag
FROM leaderboard
WHERE advice IN ('unfollow', 'unsubscribe', 'mute')
ORDER BY position
LIMIT 1
