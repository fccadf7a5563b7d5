-- Plays whose moment cannot be: undated ones, those before 2002, and those more than a day in the future; with the first
-- and the last moment of each.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :undated            1 counts plays without a moment, which lie in no period
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds
WITH listens AS (
  SELECT CASE WHEN played_at = 0 THEN 'undated' WHEN played_at < 1009843200 THEN 'early' ELSE 'future' END AS clock,
         played_at
    FROM plays_view
   WHERE listener = :listener AND (played_at < 1009843200 OR played_at >= :now + 86400)
     AND (local_day >= :from_day AND local_day < :to_day OR played_at = 0 AND :undated = 1)
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
)
SELECT clock, count(*) AS plays, min(played_at) AS first_at, max(played_at) AS last_at
  FROM listens
 GROUP BY clock
 ORDER BY clock;
