-- The exports behind this database.
-- Grain: export.
-- Columns:
--   export_id: The export.
-- Why: whether a change is due to new data.
SELECT export_id FROM exports ORDER BY export_id
