-- The numbers of the first sentence: who wrote, how much was read, how many stand out.
-- Grain: one row.
-- Columns:
--   people: People other than the owner who wrote.
--   posters: Those of them of whom there are posts and no message.
--   messages_received: Messages from them.
--   messages_sent: Messages from the owner.
--   posts: Posts by anybody in the exports.
--   threads: Threads.
--   first_at: Oldest message or post; null when there is none.
--   last_at: Newest message or post; null when there is none.
--   self_focused: People scored whose self-focus index is 50 or more.
--   pitched_early: People who pitched with the invitation or by the day after connecting.
--   flooding: People who sent three or more promotional messages.
--   promotional: Promotional messages from others.
--   scored: People with a score.
--   facts_only: People with too little evidence for a score.
--   not_scored: People whose words could not be measured.
--   flagged: People with at least one flag.
--   owner_id: identity_id of the owner; null when the owner could not be told.
--   owner_name: Name of the owner; null when no export says.
-- Why: one row, so that the first screen cannot disagree with itself.
WITH wrote AS (
  SELECT
    count(*) AS people,
    count(*) FILTER (WHERE messages = 0 AND posts > 0) AS posters,
    count(*) FILTER (WHERE state = 'scored' AND self_focus_index >= 50) AS self_focused,
    count(*) FILTER (WHERE state = 'scored') AS scored,
    count(*) FILTER (WHERE state = 'facts only') AS facts_only,
    count(*) FILTER (WHERE state = 'not scored') AS not_scored,
    count(*) FILTER (WHERE flags > 0) AS flagged
  FROM leaderboard
),
sent AS (
  SELECT
    count(*) FILTER (WHERE NOT coalesce(is_from_owner, FALSE)) AS messages_received,
    count(*) FILTER (WHERE is_from_owner) AS messages_sent,
    count(DISTINCT conversation_id) AS threads,
    min(sent_at) AS first_at,
    max(sent_at) AS last_at
  FROM messages
),
posted AS (
  SELECT count(*) AS posts, min(posted_at) AS first_at, max(posted_at) AS last_at FROM posts
),
promoting AS (
  SELECT p.identity_id, count(*) AS promotional
  FROM messages AS m
  JOIN message_metrics AS x USING (message_id)
  JOIN people AS p ON p.person_id = m.sender_id
  WHERE NOT p.is_owner AND (x.is_unprompted_pitch OR x.is_newsletter OR m.kind = 'sponsored')
  GROUP BY p.identity_id
),
floods AS (
  SELECT
    count(*) FILTER (WHERE promotional >= 3) AS flooding,
    coalesce(sum(promotional), 0) AS promotional
  FROM promoting
),
owner AS (
  SELECT
    min(identity_id) AS owner_id,
    first(display_name ORDER BY platform, person_id) FILTER (WHERE display_name IS NOT NULL)
      AS owner_name
  FROM people
  WHERE is_owner
)
SELECT
  wrote.people,
  wrote.posters,
  sent.messages_received,
  sent.messages_sent,
  posted.posts,
  sent.threads,
  least(sent.first_at, posted.first_at) AS first_at,
  greatest(sent.last_at, posted.last_at) AS last_at,
  wrote.self_focused,
  (SELECT count(*) FROM pitched_on_connecting) AS pitched_early,
  floods.flooding,
  CAST(floods.promotional AS BIGINT) AS promotional,
  wrote.scored,
  wrote.facts_only,
  wrote.not_scored,
  wrote.flagged,
  owner.owner_id,
  owner.owner_name
FROM wrote, sent, posted, floods, owner
