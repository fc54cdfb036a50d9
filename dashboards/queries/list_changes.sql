-- Who came onto the list or left it with the newest run, or is advised otherwise now.
-- Grain: identity.
-- Columns:
--   identity_id: The person.
--   name: The newest name seen; null when no export names them.
--   advice_before: The advice before; null when they had not written.
--   advice: The advice now.
--   cause: Why it changed.
--   was_on_list: Whether the advice before was to act.
--   is_on_list: Whether the advice now is to act.
-- Why: news for somebody who went through the list last week.
SELECT
  c.identity_id,
  l.name,
  c.advice_before,
  c.advice,
  c.cause,
  c.was_on_list,
  c.is_on_list
FROM advice_changes AS c
JOIN leaderboard AS l USING (identity_id)
ORDER BY l.position
