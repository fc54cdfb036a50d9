-- Refused rows by reason, with one example each.
-- Grain: export file × reason, at most 200.
-- Columns:
--   file_name: Name of the export.
--   member: File in it.
--   reason: Why the rows were refused.
--   rows: How many.
--   row_number: Number of the first of them.
--   excerpt: How that row begins.
-- Why: reasons, not thousands of lines.
SELECT
  e.file_name,
  r.member,
  r.reason,
  count(*) AS rows,
  min(r.row_number) AS row_number,
  arg_min(r.excerpt, r.row_number) AS excerpt
FROM rejects AS r
JOIN exports AS e USING (export_id)
GROUP BY e.export_id, e.file_name, r.member, r.reason
ORDER BY rows DESC, e.file_name, r.member, r.reason
LIMIT 200
