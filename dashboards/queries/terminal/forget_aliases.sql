-- Everything one person was called, and whether somebody else bears the same name.
-- Grain: person × alias.
-- Columns:
--   kind: key, name, handle or url.
--   alias: The id, name, handle or address.
--   is_shared: Whether another identity has the same alias.
--   is_owner: Whether the person is the owner of the exports.
-- Why: who is forgotten is known by all of these, and by no name that somebody else bears.
WITH called AS (
  SELECT p.identity_id, a.kind, a.alias FROM person_aliases AS a JOIN people AS p USING (person_id)
  UNION
  SELECT identity_id, 'name', display_name FROM people WHERE display_name IS NOT NULL
  UNION
  SELECT identity_id, 'handle', handle FROM people WHERE handle IS NOT NULL
  UNION
  SELECT identity_id, 'url', profile_url FROM people WHERE profile_url IS NOT NULL
),
mine AS (
  SELECT DISTINCT kind, alias FROM called WHERE identity_id = $identity_id
)
SELECT
  mine.kind,
  mine.alias,
  bool_or(coalesce(others.identity_id <> $identity_id, FALSE)) AS is_shared,
  (SELECT bool_or(is_owner) FROM people WHERE identity_id = $identity_id) AS is_owner
FROM mine
LEFT JOIN called AS others
  ON others.kind = mine.kind AND lower(others.alias) = lower(mine.alias)
GROUP BY mine.kind, mine.alias
ORDER BY mine.kind, mine.alias
