-- Messages and posts to show on people's pages, with what surrounds them in the thread.
-- Grain: identity × message (or post).
-- Columns:
--   position: Place of the person in the list.
--   identity_id: Whose page it is for.
--   conversation_id: The thread; null for a post.
--   kind: dm, group_dm, invitation, sponsored, or the kind of post.
--   title: Title of the thread; null when it has none.
--   message_id: The message or post.
--   author: them, you, or other (somebody else in a group).
--   author_name: Who wrote it when that is somebody else; null otherwise.
--   sent_at: When.
--   subject: Subject line; null when there is none.
--   text: The first 4,000 characters; null when there is only an attachment.
--   is_cut: Whether the text goes on.
--   spans: Which characters fired which rule; null when nothing did.
--   number: Which of their messages in the thread it is, from 1; null when it is not theirs.
--   is_pitch: Whether it is an unprompted pitch.
--   is_newsletter: Whether it is a newsletter.
--   template_id: The template it was made from; null when none.
--   is_evidence: Whether a flag rests on it.
-- Why: a number has to lead to the words it came from. Two-party threads come whole, of groups
-- only their messages and the ones before and after. The people come in the order of the list
-- until 60,000 messages, at most 300 each, evidence first: more cannot fit into the page.
WITH queue AS (
  SELECT
    identity_id,
    position,
    sum(least(messages + posts, 300)) OVER (ORDER BY position) AS so_far
  FROM leaderboard
),
carried AS (
  SELECT identity_id, position FROM queue WHERE so_far <= 60000 OR position = 1
),
threaded AS (
  SELECT
    m.*,
    p.identity_id AS author_id,
    p.display_name AS author_name,
    row_number() OVER (
      PARTITION BY m.conversation_id, p.identity_id ORDER BY m.sent_at, m.message_id
    ) AS number,
    lag(p.identity_id) OVER thread AS before_id,
    lead(p.identity_id) OVER thread AS after_id
  FROM messages AS m
  LEFT JOIN people AS p ON p.person_id = m.sender_id
  WINDOW thread AS (PARTITION BY m.conversation_id ORDER BY m.sent_at, m.message_id)
),
taking_part AS (
  SELECT DISTINCT c.identity_id, c.position, t.conversation_id
  FROM threaded AS t
  JOIN carried AS c ON c.identity_id = t.author_id
),
evidence AS (
  SELECT DISTINCT identity_id, unnest(message_ids) AS message_id FROM flags
),
shown AS (
  SELECT
    h.position,
    h.identity_id,
    t.conversation_id,
    t.kind,
    v.title,
    t.message_id,
    CASE
      WHEN t.author_id = h.identity_id THEN 'them' WHEN t.is_from_owner THEN 'you' ELSE 'other'
    END AS author,
    CASE WHEN t.author_id IS DISTINCT FROM h.identity_id AND NOT coalesce(t.is_from_owner, FALSE)
      THEN t.author_name
    END AS author_name,
    t.sent_at,
    t.subject,
    t.text,
    CASE WHEN t.author_id = h.identity_id THEN t.number END AS number
  FROM taking_part AS h
  JOIN threaded AS t USING (conversation_id)
  JOIN conversations AS v USING (conversation_id)
  WHERE
    t.kind <> 'group_dm'
    OR h.identity_id IN (t.author_id, t.before_id, t.after_id)
  UNION ALL
  SELECT
    c.position,
    c.identity_id,
    NULL,
    w.kind,
    NULL,
    w.post_id,
    'them',
    NULL,
    w.posted_at,
    NULL,
    w.text,
    NULL
  FROM posts AS w
  JOIN people AS p ON p.person_id = w.author_id
  JOIN carried AS c ON c.identity_id = p.identity_id
),
measured AS (
  SELECT message_id, spans, is_unprompted_pitch, is_newsletter, template_id FROM message_metrics
  UNION ALL
  SELECT post_id, spans, is_unprompted_pitch, is_newsletter, template_id FROM post_metrics
)
SELECT
  s.position,
  s.identity_id,
  s.conversation_id,
  s.kind,
  s.title,
  s.message_id,
  s.author,
  s.author_name,
  s.sent_at,
  s.subject,
  left(s.text, 4000) AS text,
  coalesce(length(s.text) > 4000, FALSE) AS is_cut,
  x.spans,
  s.number,
  s.author = 'them' AND coalesce(x.is_unprompted_pitch, FALSE) AS is_pitch,
  s.author = 'them' AND coalesce(x.is_newsletter, FALSE) AS is_newsletter,
  x.template_id,
  e.message_id IS NOT NULL AS is_evidence
FROM shown AS s
LEFT JOIN measured AS x ON x.message_id = s.message_id
LEFT JOIN evidence AS e ON e.identity_id = s.identity_id AND e.message_id = s.message_id
QUALIFY row_number() OVER (
  PARTITION BY s.identity_id
  ORDER BY e.message_id IS NOT NULL DESC, s.sent_at DESC, s.message_id
) <= 300
ORDER BY s.position, s.conversation_id NULLS LAST, s.sent_at, s.message_id
