-- How one person's score adds up.
-- Grain: block that can be measured.
-- Columns:
--   block: The behaviour.
--   points: Points it adds.
--   cap: Most points it can give when all blocks can be measured, more when some cannot.
--   k: Times it was seen.
--   n: Out of how many opportunities.
--   explanation: What was counted out of what.
-- Why: no number without what it is made of.
SELECT block, points, cap, k, n, explanation
FROM sender_blocks
WHERE identity_id = $identity_id AND scope = 'all' AND points IS NOT NULL
ORDER BY abs(points) DESC, block
