-- Every metric: what it means, its unit, range, null rule and source.
-- Grain: metric.
-- Columns: those of metric_catalogue.
-- Why: the method section is generated from the declarations.
SELECT name, label, unit, low, high, grain, null_when, doc, source
FROM metric_catalogue
ORDER BY list_position(['sender', 'conversation', 'message'], grain), name
