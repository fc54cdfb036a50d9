-- How each score adds up, block by block, in the order of the list.
-- Grain: identity × block, all platforms together, the owner left out.
-- Columns:
--   position: Place of the person in the list.
--   identity_id, block, cap, fill, points, k, n, rate, rate_low, rate_high, reliability,
--   explanation: as in sender_blocks.
-- Why: the waterfall of a person's page, and what these exports cannot show about them.
SELECT
  l.position,
  b.identity_id,
  b.block,
  b.cap,
  b.fill,
  b.points,
  b.k,
  b.n,
  b.rate,
  b.rate_low,
  b.rate_high,
  b.reliability,
  b.explanation
FROM sender_blocks AS b
JOIN leaderboard AS l USING (identity_id)
WHERE b.scope = 'all'
ORDER BY l.position, b.block
