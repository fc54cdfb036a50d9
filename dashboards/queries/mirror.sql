-- The owner on the same scale, block by block, beside the people who wrote.
-- Grain: block of the owner.
-- Columns:
--   block, cap, fill, points, k, n, rate, rate_low, rate_high, reliability, explanation: as in
--   sender_blocks.
--   others: People whose block could be measured.
--   others_low, others_mid, others_high: Quartiles of how much of the cap they fill; null without
--     any.
--   me_score, me_score_low, me_score_high, self_focus_index, pitch_index, state, state_reason,
--   points_measurable: as in sender_metrics, the same on every row.
-- Why: the scale is fair only if it is turned on its owner too.
WITH owner AS (
  SELECT DISTINCT identity_id FROM people WHERE is_owner
),
others AS (
  SELECT
    b.block,
    count(b.fill) AS others,
    quantile_cont(b.fill, 0.25) AS others_low,
    quantile_cont(b.fill, 0.5) AS others_mid,
    quantile_cont(b.fill, 0.75) AS others_high
  FROM sender_blocks AS b
  WHERE b.scope = 'all' AND b.identity_id NOT IN (SELECT identity_id FROM owner)
  GROUP BY b.block
)
SELECT
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
  b.explanation,
  coalesce(o.others, 0) AS others,
  o.others_low,
  o.others_mid,
  o.others_high,
  s.me_score,
  s.me_score_low,
  s.me_score_high,
  s.self_focus_index,
  s.pitch_index,
  s.state,
  s.state_reason,
  s.points_measurable
FROM sender_blocks AS b
JOIN owner USING (identity_id)
JOIN sender_metrics AS s ON s.identity_id = b.identity_id AND s.scope = b.scope
LEFT JOIN others AS o ON o.block = b.block
WHERE b.scope = 'all'
ORDER BY b.identity_id, b.block
