-- What the newest run added.
-- Grain: identity, at most 200.
-- Columns: those of the view new_since_last_run.
-- Why: somebody who reads this every week wants the news first.
SELECT * FROM new_since_last_run
ORDER BY flags_new DESC, promotional_new DESC, messages_new DESC, identity_id
LIMIT 200
