-- The run that published this database.
-- Grain: one row.
-- Columns:
--   run_id: The run.
-- Why: what changed is told against the last result of the same home.
SELECT run_id FROM runs WHERE status = 'published' ORDER BY started_at DESC, run_id LIMIT 1
