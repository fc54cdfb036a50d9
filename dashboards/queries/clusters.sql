-- What people seek and offer, by industry and place.
-- Grain: direction × object × industry × location with five people or more.
-- Columns: those of clusters.
-- Why: the essay's "people cluster"; under five people a cell would point at somebody.
SELECT direction, object, industry, location, people
FROM clusters
ORDER BY direction, people DESC, object, industry, location
