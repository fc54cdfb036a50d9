-- Texts that went to several people or came from several people, courtesies included.
-- Grain: template.
-- Columns:
--   template_id: The template.
--   direction: sent when the owner used it, else received.
--   kind: A courtesy has no ask, pitch or link; a campaign has.
--   masked_text: The text with names, companies, numbers and links masked.
--   senders: People who sent it.
--   recipients: People who received it.
--   messages: Messages made from it.
--   first_used_at: First message made from it.
--   last_used_at: Last message made from it.
-- Why: the essay's fourth sign. An inbox shows a template only when two people use the same text
-- or one person sends it twice; what one person sends to others is not in it.
WITH mine AS (
  SELECT DISTINCT t.template_id
  FROM template_members AS t
  JOIN messages AS m USING (message_id)
  WHERE m.is_from_owner
)
SELECT
  t.template_id,
  CASE WHEN mine.template_id IS NULL THEN 'received' ELSE 'sent' END AS direction,
  t.kind,
  t.masked_text,
  t.senders,
  t.recipients,
  t.messages,
  t.first_used_at,
  t.last_used_at
FROM templates AS t
LEFT JOIN mine USING (template_id)
WHERE t.messages > 1
ORDER BY t.kind, t.messages DESC, t.template_id
