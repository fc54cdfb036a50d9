-- Who has no score, and why.
-- Grain: state × reason.
-- Columns:
--   state: facts only, or not scored.
--   state_reason: What is missing, in words, without the numbers of the single person.
--   people: How many people.
--   messages: How many messages of theirs.
-- Why: no score is an answer and has to be counted.
SELECT
  s.state,
  coalesce(
    regexp_replace(s.state_reason, '\b\d+ of (\d+)', 'fewer than \1', 'g'), 'no reason given'
  ) AS state_reason,
  count(*) AS people,
  CAST(sum(s.messages) AS BIGINT) AS messages
FROM sender_metrics AS s
JOIN leaderboard AS l USING (identity_id)
WHERE s.scope = 'all' AND s.state <> 'scored'
GROUP BY ALL
ORDER BY people DESC, s.state, state_reason
LIMIT 100
