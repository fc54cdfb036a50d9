-- Who listens, who helps, who gave without asking for anything: the people to thank.
-- Grain: identity.
-- Columns:
--   position: Place in the list, from 1.
--   identity_id: The person.
--   name: The newest name seen; null when no export names them.
--   platforms: Where they are known from.
--   messages: Messages they sent.
--   gave: Threads and posts in which they gave help or answered a need.
--   gave_of: Out of how many threads and posts.
--   listened: Threads and posts in which they asked further or took up the other's words.
--   listened_of: Out of how many threads and posts.
--   points: What giving and listening took off their score; zero or below.
--   advice: What the report suggests.
--   advice_reason: Why, in words.
-- Why: an inbox has people worth keeping, and they deserve as much room as the others. Nobody
-- with a flag is on it, whatever else they gave.
WITH offsets AS (
  SELECT
    identity_id,
    max(k) FILTER (WHERE block = 'gives') AS gave,
    max(n) FILTER (WHERE block = 'gives') AS gave_of,
    max(k) FILTER (WHERE block = 'listens') AS listened,
    max(n) FILTER (WHERE block = 'listens') AS listened_of,
    -- Rounded: the order of a sum of reals is not fixed.
    round(sum(points) FILTER (WHERE block IN ('gives', 'listens')), 3) AS points
  FROM sender_blocks
  WHERE scope = 'all' AND block IN ('gives', 'listens')
  GROUP BY identity_id
)
SELECT
  row_number() OVER (
    ORDER BY l.advice = 'thank' DESC, coalesce(o.points, 0), l.messages DESC, l.identity_id
  ) AS position,
  l.identity_id,
  l.name,
  l.platforms,
  l.messages,
  coalesce(o.gave, 0) AS gave,
  coalesce(o.gave_of, 0) AS gave_of,
  coalesce(o.listened, 0) AS listened,
  coalesce(o.listened_of, 0) AS listened_of,
  coalesce(o.points, 0) AS points,
  l.advice,
  l.advice_reason
FROM leaderboard AS l
LEFT JOIN offsets AS o USING (identity_id)
WHERE l.flags = 0 AND (l.advice = 'thank' OR o.gave > 0)
ORDER BY position
