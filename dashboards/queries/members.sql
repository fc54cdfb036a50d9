-- What became of every file in every export.
-- Grain: file in an export, at most 1,000; what went wrong comes first.
-- Columns: those of export_members, and
--   file_name: Name of the export.
-- Why: a file that was not read has to be visible, not absent.
SELECT e.file_name, m.*
FROM export_members AS m
JOIN exports AS e USING (export_id)
ORDER BY
  list_position(['failed', 'unknown', 'read', 'ignored'], m.handling),
  e.file_name, m.export_id, m.member
LIMIT 1000
