-- People a word on the command line may mean, with their identities.
-- Grain: identity that matches.
-- Columns:
--   identity_id: The person.
--   name: The newest name seen.
--   person: What verdicts.csv calls them: their oldest key, readable and the same in every run.
--   platforms: Where they are known from.
--   messages: Messages they sent.
--   is_exact: Whether an id, key, address, handle or name is exactly the word.
-- Why: one way to name a person for every command; exact matches win over parts of a name.
WITH aliases AS (
  SELECT identity_id, person_id AS alias FROM people
  UNION ALL
  SELECT identity_id, identity_id FROM people
  UNION ALL
  SELECT p.identity_id, a.alias FROM person_aliases AS a JOIN people AS p USING (person_id)
),
matched AS (
  SELECT
    identity_id,
    bool_or(
      lower(alias) IN (lower($word), 'linkedin:in/' || lower($word), 'x:' || lower($word))
    ) AS is_exact
  FROM aliases
  WHERE
    contains(lower(alias), lower($word))
    OR lower(alias) IN ('linkedin:in/' || lower($word), 'x:' || lower($word))
  GROUP BY identity_id
),
keys AS (
  SELECT
    p.identity_id,
    min(a.alias ORDER BY a.first_seen_at NULLS LAST, a.alias) AS person
  FROM person_aliases AS a
  JOIN people AS p USING (person_id)
  WHERE a.kind = 'key'
  GROUP BY p.identity_id
),
named AS (
  SELECT
    identity_id,
    arg_max(display_name, last_seen_at) AS name,
    list_sort(list_distinct(list(platform))) AS platforms
  FROM people
  GROUP BY identity_id
)
SELECT
  m.identity_id,
  coalesce(n.name, m.identity_id) AS name,
  coalesce(k.person, m.identity_id) AS person,
  n.platforms,
  coalesce(s.messages, 0) AS messages,
  m.is_exact
FROM matched AS m
JOIN named AS n USING (identity_id)
LEFT JOIN keys AS k USING (identity_id)
LEFT JOIN sender_metrics AS s ON s.identity_id = m.identity_id AND s.scope = 'all'
ORDER BY m.is_exact DESC, messages DESC, m.identity_id
