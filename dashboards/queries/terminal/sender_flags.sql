-- What was seen of one person, in sentences.
-- Grain: behaviour.
-- Columns:
--   behaviour: Which behaviour.
--   statement: The sentence with its numbers.
--   innocent_explanation: One way it could be harmless.
-- Why: evidence, and what could excuse it, always together.
SELECT behaviour, statement, innocent_explanation
FROM flags
WHERE identity_id = $identity_id
ORDER BY k DESC, behaviour
