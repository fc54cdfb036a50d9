-- Texts used more than once: pitches first, courtesies after, the most used on top.
-- Grain: template, at most 200.
-- Columns: those of the view same_words, and
--   example: The newest message made from it, the first 2,000 characters.
-- Why: the masked text shows the slots, the example what one recipient saw.
WITH newest AS (
  SELECT
    t.template_id,
    first(m.text ORDER BY m.sent_at DESC, m.message_id) AS example
  FROM template_members AS t
  JOIN messages AS m USING (message_id)
  GROUP BY t.template_id
)
SELECT w.*, left(n.example, 2000) AS example
FROM same_words AS w
LEFT JOIN newest AS n USING (template_id)
ORDER BY w.kind, w.messages DESC, w.template_id
LIMIT 200
