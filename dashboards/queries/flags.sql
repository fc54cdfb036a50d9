-- The flags as sentences, in the order of the list, what weighs most first.
-- Grain: identity × behaviour, the owner left out.
-- Columns:
--   position: Place of the person in the list.
--   identity_id, behaviour, statement, k, n, rate_low, rate_high, innocent_explanation,
--   message_ids, first_seen_at: as in flags.
-- Why: each sentence leads to the messages it rests on.
SELECT
  l.position,
  f.identity_id,
  f.behaviour,
  f.statement,
  f.k,
  f.n,
  f.rate_low,
  f.rate_high,
  f.innocent_explanation,
  f.message_ids,
  f.first_seen_at
FROM flags AS f
JOIN strongest_flags AS s USING (identity_id, behaviour)
JOIN leaderboard AS l USING (identity_id)
ORDER BY l.position, s.place
