-- Everybody there is something to do about, and everybody to thank.
-- Grain: identity with an advice.
-- Columns:
--   advice: What one could do.
--   name: The newest name seen.
--   platforms: Where they are known from.
--   reason: Why, in words.
--   messages: Messages they sent.
--   flags: How many behaviours are flagged.
--   profile_url: Where to do it.
--   identity_id: The person.
-- Why: the list to work through, in the order in which to do it.
WITH addresses AS (
  SELECT identity_id, min(profile_url) AS profile_url
  FROM people
  GROUP BY identity_id
)
SELECT
  l.advice,
  coalesce(l.name, l.identity_id) AS name,
  array_to_string(l.platforms, ', ') AS platforms,
  l.advice_reason AS reason,
  l.messages,
  l.flags,
  a.profile_url,
  l.identity_id
FROM leaderboard AS l
LEFT JOIN addresses AS a USING (identity_id)
WHERE l.advice != 'none'
ORDER BY l.position
