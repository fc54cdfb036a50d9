-- How many people get each advice.
-- Grain: advice.
-- Columns:
--   advice: What one could do.
--   people: How many people it is said of.
-- Why: for the second sentence of the answer.
SELECT advice, count(*) AS people
FROM leaderboard
GROUP BY advice
ORDER BY advice
