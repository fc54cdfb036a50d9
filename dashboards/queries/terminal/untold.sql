-- What the run that published this database changed in the advice.
-- Grain: identity.
-- Columns: those of the table advice_changes.
-- Why: a run that was cut off right after it published told nobody; the next one does.
SELECT * FROM advice_changes
ORDER BY identity_id
