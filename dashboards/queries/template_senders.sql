-- Who sent each text, to how many, and when.
-- Grain: template × sender.
-- Columns:
--   template_id: The template.
--   identity_id: Who sent it; null when no export says.
--   name: The newest name seen; null when no export names them.
--   is_owner: Whether the owner sent it.
--   messages: How often.
--   recipients: To how many people.
--   first_used_at, last_used_at: When.
-- Why: on a person's page: who else sent this text.
SELECT
  t.template_id,
  p.identity_id,
  first(p.display_name ORDER BY p.person_id) FILTER (WHERE p.display_name IS NOT NULL) AS name,
  coalesce(bool_or(p.is_owner), FALSE) AS is_owner,
  count(DISTINCT m.message_id) AS messages,
  count(DISTINCT r.person_id) AS recipients,
  min(m.sent_at) AS first_used_at,
  max(m.sent_at) AS last_used_at
FROM template_members AS t
JOIN messages AS m USING (message_id)
LEFT JOIN message_recipients AS r USING (message_id)
LEFT JOIN people AS p ON p.person_id = m.sender_id
GROUP BY t.template_id, p.identity_id
ORDER BY t.template_id, messages DESC, p.identity_id NULLS LAST
