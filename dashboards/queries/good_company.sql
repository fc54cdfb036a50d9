-- Who listens, who helps, who gave without asking.
-- Grain: identity, at most 200.
-- Columns: those of the view good_company, and
--   headline: Headline, or position and company; null when no export says.
-- Why: as prominent as the ranking.
SELECT
  g.*,
  (
    SELECT first(
      coalesce(p.headline, nullif(concat_ws(' · ', p.position, p.company), ''))
      ORDER BY p.last_seen_at DESC NULLS LAST, p.person_id
    ) FILTER (
      WHERE p.headline IS NOT NULL OR p.position IS NOT NULL OR p.company IS NOT NULL
    )
    FROM people AS p
    WHERE p.identity_id = g.identity_id
  ) AS headline
FROM good_company AS g
ORDER BY g.position
LIMIT 200
