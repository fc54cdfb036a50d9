-- Every export with the account of its rows.
-- Grain: export.
-- Columns: those of the view reconciliation.
-- Why: rows read = stored + duplicate + rejected + ignored, shown for each.
SELECT * FROM reconciliation ORDER BY first_seen_at, file_name, export_id
