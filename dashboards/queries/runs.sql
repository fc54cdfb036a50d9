-- The runs, newest first.
-- Grain: run, at most 30.
-- Columns: those of runs.
-- Why: says what the last run added, whether one failed, and whether the method changed.
SELECT
  run_id, started_at, finished_at, status, messages_new, posts_new, metrics_version, own_version,
  message
FROM runs
ORDER BY started_at DESC, run_id
LIMIT 30
