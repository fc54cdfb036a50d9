-- Everybody who wrote, for the ranking, the room and the head of each person's page.
-- Grain: identity, the owner left out.
-- Columns:
--   those of the view leaderboard, and
--   self_focus_index_low, self_focus_index_high, pitch_index_low, pitch_index_high: 90 % intervals.
--   handle: Handle or profile slug; null when none is known.
--   profile_url: Address of the profile; null when none is known.
--   headline: Headline, or position and company; null when no export says.
--   connected_on: Day of the connection; null when they are not connected, or undated.
--   invited_by: Who asked for the connection; null when no invitation is in the exports.
--   pitched_at: When they first pitched unprompted; null when they did not.
--   pitch_number: Which of their messages in that thread it was; null when they did not.
--   pitch_in_invitation: Whether that was the note of an invitation; null when they did not.
--   reason: The strongest flag, else the block with the most points in words, else null.
--   second_reason: The next of these, or null.
--   measured: n / (n + s) averaged over the measurable blocks by cap: how much of the position is
--     their own data; null when nothing can be measured.
--   points_measurable: Points of the blocks these exports can show.
--   state_reason: What is missing for a score, in words.
--   seen: What the first sentence counts them under: self_focused, pitched_early, flooding.
-- Why: one row holds all that a list or a hover shows, so that 50,000 people need no join in the
-- browser.
WITH known AS (
  SELECT
    identity_id,
    first(handle ORDER BY last_seen_at DESC NULLS LAST, person_id)
      FILTER (WHERE handle IS NOT NULL) AS handle,
    first(profile_url ORDER BY last_seen_at DESC NULLS LAST, person_id)
      FILTER (WHERE profile_url IS NOT NULL) AS profile_url,
    first(
      coalesce(headline, nullif(concat_ws(' · ', position, company), ''))
      ORDER BY last_seen_at DESC NULLS LAST, person_id
    ) FILTER (
      WHERE headline IS NOT NULL OR position IS NOT NULL OR company IS NOT NULL
    ) AS headline,
    min(connected_on) AS connected_on,
    first(invited_by ORDER BY connected_on, person_id)
      FILTER (WHERE invited_by IS NOT NULL) AS invited_by
  FROM people
  GROUP BY identity_id
),
numbered AS (
  SELECT
    p.identity_id,
    m.message_id,
    m.kind,
    m.sent_at,
    row_number() OVER (
      PARTITION BY m.conversation_id, p.identity_id ORDER BY m.sent_at, m.message_id
    ) AS pitch_number,
    x.is_unprompted_pitch
  FROM messages AS m
  JOIN people AS p ON p.person_id = m.sender_id
  JOIN message_metrics AS x USING (message_id)
),
pitched AS (
  SELECT
    identity_id,
    sent_at AS pitched_at,
    pitch_number,
    kind = 'invitation' AS pitch_in_invitation
  FROM numbered
  WHERE is_unprompted_pitch
  QUALIFY row_number() OVER (PARTITION BY identity_id ORDER BY sent_at, message_id) = 1
),
reasons AS (
  SELECT identity_id, 1 AS tier, CAST(-place AS DOUBLE) AS weight, behaviour AS name, statement AS words
  FROM strongest_flags
  UNION ALL
  SELECT identity_id, 2, points, block, explanation
  FROM sender_blocks
  WHERE scope = 'all' AND points > 0.5 AND k > 0
),
told AS (
  SELECT
    identity_id,
    list(words ORDER BY tier, weight DESC, name) AS words
  FROM reasons
  GROUP BY identity_id
),
promoting AS (
  SELECT p.identity_id, count(*) AS promotional
  FROM messages AS m
  JOIN people AS p ON p.person_id = m.sender_id
  JOIN message_metrics AS x USING (message_id)
  WHERE x.is_unprompted_pitch OR x.is_newsletter OR m.kind = 'sponsored'
  GROUP BY p.identity_id
),
measured AS (
  -- Rounded: the order of a sum of reals is not fixed.
  SELECT identity_id, round(sum(cap * reliability) / nullif(sum(cap), 0), 3) AS measured
  FROM sender_blocks
  WHERE scope = 'all' AND cap > 0 AND points IS NOT NULL
  GROUP BY identity_id
)
SELECT
  l.*,
  s.self_focus_index_low,
  s.self_focus_index_high,
  s.pitch_index_low,
  s.pitch_index_high,
  s.points_measurable,
  s.state_reason,
  known.handle,
  known.profile_url,
  known.headline,
  known.connected_on,
  known.invited_by,
  pitched.pitched_at,
  pitched.pitch_number,
  pitched.pitch_in_invitation,
  told.words[1] AS reason,
  told.words[2] AS second_reason,
  measured.measured,
  list_filter(
    [
      CASE WHEN l.state = 'scored' AND l.self_focus_index >= 50 THEN 'self_focused' END,
      CASE WHEN early.identity_id IS NOT NULL THEN 'pitched_early' END,
      CASE WHEN promoting.promotional >= 3 THEN 'flooding' END
    ],
    lambda finding : finding IS NOT NULL
  ) AS seen
FROM leaderboard AS l
JOIN sender_metrics AS s ON s.identity_id = l.identity_id AND s.scope = 'all'
LEFT JOIN known ON known.identity_id = l.identity_id
LEFT JOIN pitched ON pitched.identity_id = l.identity_id
LEFT JOIN told ON told.identity_id = l.identity_id
LEFT JOIN measured ON measured.identity_id = l.identity_id
LEFT JOIN promoting ON promoting.identity_id = l.identity_id
LEFT JOIN pitched_on_connecting AS early ON early.identity_id = l.identity_id
ORDER BY l.position
