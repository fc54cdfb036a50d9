-- One person's score, advice and state.
-- Grain: one row; none when they never wrote.
-- Columns:
--   messages: Messages they sent.
--   posts: Posts of theirs in the exports.
--   me_score: The score; null when they are not scored.
--   me_score_low: Lower end of its 90 % interval.
--   me_score_high: Upper end of its 90 % interval.
--   state: Whether there is enough to score them.
--   state_reason: What is missing for a score.
--   rank: Rank by the lower end of the score.
--   advice: What one could do about it.
--   advice_reason: Why.
--   self_focus_index: Index of the self-focus blocks.
--   pitch_index: Index of the pitch blocks.
-- Why: the head of `mememeter sender`.
SELECT
  messages, posts, me_score, me_score_low, me_score_high, state, state_reason, rank, advice,
  advice_reason, self_focus_index, pitch_index
FROM sender_metrics
WHERE identity_id = $identity_id AND scope = 'all'
