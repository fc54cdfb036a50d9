-- Every export, and whether all of its rows are accounted for.
-- Grain: export.
-- Columns:
--   export_id: The export.
--   file_name: Name of the file or folder.
--   source: Which reader read it.
--   platform: Whose export it is.
--   first_seen_at: When it was ingested.
--   as_of: Newest event in it; null when nothing in it carries a time.
--   rows_read: Rows read in all files.
--   rows_stored: Rows that added a record.
--   rows_duplicate: Rows already known from this or another export.
--   rows_rejected: Rows refused.
--   rows_ignored: Rows left out by a named rule.
--   rows_unaccounted: Rows read less stored, duplicate, rejected and ignored; 0 when all is well.
--   rows_declared: Rows its own manifest declares for the files that were read; null without one.
--   rows_missing: Declared rows that were not found; null without a manifest.
--   files_read: Files read to their end.
--   files_ignored: Files left out by a named rule.
--   files_unknown: Files this version does not know.
--   files_failed: Files that could not be read.
--   files_shrunk: Files with less than half of the rows of their kind in the export before.
-- Why: a number is only as good as the count of what went into it.
WITH files AS (
  SELECT
    export_id,
    count(*) FILTER (WHERE handling = 'read') AS files_read,
    count(*) FILTER (WHERE handling = 'ignored') AS files_ignored,
    count(*) FILTER (WHERE handling = 'unknown') AS files_unknown,
    count(*) FILTER (WHERE handling = 'failed') AS files_failed,
    count(rows_before) AS files_shrunk,
    sum(rows_declared) FILTER (WHERE handling IN ('read', 'failed')) AS rows_declared,
    sum(rows_declared - rows_read) FILTER (WHERE handling IN ('read', 'failed')) AS rows_missing
  FROM export_members
  GROUP BY export_id
)
SELECT
  e.export_id,
  e.file_name,
  e.source,
  e.platform,
  e.first_seen_at,
  e.as_of,
  e.rows_read,
  e.rows_stored,
  e.rows_duplicate,
  e.rows_rejected,
  e.rows_ignored,
  e.rows_read - e.rows_stored - e.rows_duplicate - e.rows_rejected - e.rows_ignored
    AS rows_unaccounted,
  CAST(f.rows_declared AS BIGINT) AS rows_declared,
  CAST(f.rows_missing AS BIGINT) AS rows_missing,
  coalesce(f.files_read, 0) AS files_read,
  coalesce(f.files_ignored, 0) AS files_ignored,
  coalesce(f.files_unknown, 0) AS files_unknown,
  coalesce(f.files_failed, 0) AS files_failed,
  coalesce(f.files_shrunk, 0) AS files_shrunk
FROM exports AS e
LEFT JOIN files AS f USING (export_id)
ORDER BY e.first_seen_at, e.file_name, e.export_id
