-- Everybody who wrote to you, in the order in which to deal with them: by advice, then evidence.
-- Grain: identity (a person joined over platforms); the owner is left out.
-- Columns:
--   position: Place in the list, from 1.
--   identity_id: The person; joins sender_metrics, sender_blocks and flags.
--   name: The newest name seen; null when no export names them.
--   platforms: Where they are known from, in alphabetical order.
--   messages: Messages they sent.
--   posts: Posts of theirs in the exports.
--   advice: What one could do about it.
--   advice_reason: Why this advice is given, in words.
--   state: Whether there is enough to score them.
--   me_score: The score from 0 to 100; null when they are not scored.
--   me_score_low: Lower end of the 90 % interval of the score; null when they are not scored.
--   me_score_high: Upper end of the 90 % interval of the score; null when they are not scored.
--   rank: Rank by the lower end of the score; null when they are not scored.
--   self_focus_index: Index of the self-focus blocks; null when none can be measured.
--   pitch_index: Index of the pitch blocks; null when none can be measured.
--   flags: How many behaviours are flagged.
--   strongest_flag: The flag that weighs most; null when there is none.
-- Why: most people who pitch write too little to be scored, so the advice and the evidence
-- decide the order and the score comes last.
WITH named AS (
  SELECT
    identity_id,
    first(display_name ORDER BY last_seen_at DESC NULLS LAST, person_id)
      FILTER (WHERE display_name IS NOT NULL) AS name,
    list_sort(list_distinct(list(platform))) AS platforms,
    bool_or(is_owner) AS is_owner
  FROM people
  GROUP BY identity_id
),
flagged AS (
  SELECT
    identity_id,
    count(*) AS flags,
    sum(k) AS sightings,
    first(statement ORDER BY place) AS strongest_flag
  FROM strongest_flags
  GROUP BY identity_id
)
SELECT
  row_number() OVER (
    ORDER BY
      list_position(
        ['unfollow', 'unsubscribe', 'mute', 'watch', 'thank', 'none'], m.advice
      ),
      coalesce(f.flags, 0) DESC,
      coalesce(f.sightings, 0) DESC,
      m.me_score_low DESC NULLS LAST,
      m.messages DESC,
      m.identity_id
  ) AS position,
  m.identity_id,
  n.name,
  coalesce(n.platforms, []) AS platforms,
  m.messages,
  m.posts,
  m.advice,
  m.advice_reason,
  m.state,
  m.me_score,
  m.me_score_low,
  m.me_score_high,
  m.rank,
  m.self_focus_index,
  m.pitch_index,
  coalesce(f.flags, 0) AS flags,
  f.strongest_flag
FROM sender_metrics AS m
LEFT JOIN named AS n USING (identity_id)
LEFT JOIN flagged AS f USING (identity_id)
WHERE m.scope = 'all' AND NOT coalesce(n.is_owner, FALSE)
ORDER BY position
