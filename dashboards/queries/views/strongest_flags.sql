-- The flags of each person, the one that weighs most first.
-- Grain: identity × behaviour.
-- Columns:
--   identity_id: The person.
--   place: 1 for the flag that weighs most.
--   behaviour: Which behaviour the flag states.
--   statement: The sentence, with its numbers and interval.
--   k: Times it was seen.
-- Why: what was done to the reader comes first, as the advice follows from it, then rates, and a
-- slip of a mail merge last; within these by how often it was seen.
SELECT
  identity_id,
  row_number() OVER (
    PARTITION BY identity_id
    ORDER BY
      CASE
        WHEN behaviour = 'ignored_opt_out' THEN 1
        WHEN behaviour IN ('compliment_then_pitch', 'cold_pitch', 'kept_pitching', 'twin') THEN 2
        WHEN behaviour = 'merge_failure' THEN 4
        ELSE 3
      END,
      k DESC,
      behaviour
  ) AS place,
  behaviour,
  statement,
  k
FROM flags
ORDER BY identity_id, place
