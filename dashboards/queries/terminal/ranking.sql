-- The top of the list, without a word anybody wrote.
-- Grain: identity.
-- Columns:
--   position: Place in the list.
--   name: The newest name seen.
--   platforms: Where they are known from.
--   messages: Messages they sent.
--   advice: What one could do.
--   advice_reason: Why, in words.
--   state: Whether there is enough to score them.
--   me_score: The score.
--   flags: How many behaviours are flagged.
-- Why: for the artifact in Prefect and the end of a run.
SELECT
  position,
  coalesce(name, identity_id) AS name,
  array_to_string(platforms, ', ') AS platforms,
  messages,
  advice,
  advice_reason,
  state,
  round(me_score, 1) AS me_score,
  flags
FROM leaderboard
ORDER BY position
LIMIT $most
