-- What the owner wrote, for the numbers of the mirror: to whom, when, and from which text.
-- Grain: message of the owner × one recipient, or post; at most 3,000.
-- Columns:
--   message_id: The message or post.
--   identity_id: Who received it, the first of several; null for a post.
--   name: The newest name seen of them; null when no export says.
--   kind: dm, group_dm, invitation, or the kind of post.
--   sent_at: When.
--   subject: Subject line; null when there is none.
--   text: The first 1,000 characters; null when there is only an attachment.
--   is_cut: Whether the text goes on.
--   spans: Which characters fired which rule; null when nothing did.
--   template_id: The template it was made from; null when none.
--   is_pitch: Whether it is an unprompted pitch.
--   is_newsletter: Whether it is a newsletter.
-- Why: who never wrote back has no page, so the owner's words to them are carried apart. Messages
-- made from a template come first, then the newest.
WITH received AS (
  SELECT
    r.message_id,
    min(p.identity_id) AS identity_id,
    first(p.display_name ORDER BY p.identity_id, p.person_id)
      FILTER (WHERE p.display_name IS NOT NULL) AS name
  FROM message_recipients AS r
  JOIN people AS p USING (person_id)
  WHERE NOT p.is_owner
  GROUP BY r.message_id
),
written AS (
  SELECT
    m.message_id, r.identity_id, r.name, m.kind, m.sent_at, m.subject, m.text, x.spans,
    x.template_id, x.is_unprompted_pitch AS is_pitch, x.is_newsletter
  FROM messages AS m
  LEFT JOIN received AS r USING (message_id)
  LEFT JOIN message_metrics AS x USING (message_id)
  WHERE m.is_from_owner
  UNION ALL
  SELECT
    w.post_id, NULL, NULL, w.kind, w.posted_at, NULL, w.text, x.spans, x.template_id,
    x.is_unprompted_pitch, x.is_newsletter
  FROM posts AS w
  JOIN people AS p ON p.person_id = w.author_id
  LEFT JOIN post_metrics AS x USING (post_id)
  WHERE p.is_owner
)
SELECT
  message_id,
  identity_id,
  name,
  kind,
  sent_at,
  subject,
  left(text, 1000) AS text,
  coalesce(length(text) > 1000, FALSE) AS is_cut,
  spans,
  template_id,
  coalesce(is_pitch, FALSE) AS is_pitch,
  coalesce(is_newsletter, FALSE) AS is_newsletter
FROM written
ORDER BY template_id IS NULL, sent_at DESC, message_id
LIMIT 3000
