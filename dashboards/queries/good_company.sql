-- Who listens, who helps, who gave without asking, in their own words.
-- Grain: identity, at most 200.
-- Columns: those of the view good_company, and
--   headline: Headline, or position and company; null when no export says.
--   quote: The newest message in which they gave, else asked further, the first 280 characters;
--     null when what they gave is no single message.
--   quoted_at: When they wrote that; null without a quote.
-- Why: as prominent as the ranking, and a number says little about a gift.
WITH words AS (
  SELECT p.identity_id, left(m.text, 280) AS quote, m.sent_at AS quoted_at
  FROM messages AS m
  JOIN message_metrics AS x USING (message_id)
  JOIN people AS p ON p.person_id = m.sender_id
  WHERE m.text IS NOT NULL AND (x.gives_help OR x.follow_up_question)
  QUALIFY row_number() OVER (
    PARTITION BY p.identity_id
    ORDER BY coalesce(x.gives_help, FALSE) DESC, m.sent_at DESC, m.message_id
  ) = 1
),
known AS (
  SELECT
    identity_id,
    first(
      coalesce(headline, nullif(concat_ws(' · ', position, company), ''))
      ORDER BY last_seen_at DESC NULLS LAST, person_id
    ) FILTER (
      WHERE headline IS NOT NULL OR position IS NOT NULL OR company IS NOT NULL
    ) AS headline
  FROM people
  GROUP BY identity_id
)
SELECT g.*, known.headline, words.quote, words.quoted_at
FROM good_company AS g
LEFT JOIN known USING (identity_id)
LEFT JOIN words USING (identity_id)
ORDER BY g.position
LIMIT 200
