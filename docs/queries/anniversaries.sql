-- Anniversaries of the first listen, with the listens until the day before. Of 29 February: 28 February where there is
-- none.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :today              the day up to which anniversaries have come, like 2024-06-01
WITH RECURSIVE listens AS (
  SELECT id, played_at, local_day
    FROM plays_view
   WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
),
beginning AS (
  SELECT local_day, CAST(substr(local_day, 1, 4) AS INTEGER) AS year FROM listens ORDER BY played_at, id LIMIT 1
),
years (years, year) AS (
  SELECT 1, year + 1 FROM beginning
  UNION ALL
  SELECT years + 1, year + 1 FROM years WHERE year < CAST(substr(:today, 1, 4) AS INTEGER)
),
days AS (
  SELECT years,
         CAST(years.year AS TEXT)
         || CASE WHEN substr(local_day, 5) <> '-02-29' THEN substr(local_day, 5)
                 WHEN years.year % 400 = 0 OR (years.year % 4 = 0 AND years.year % 100 <> 0) THEN '-02-29'
                 ELSE '-02-28' END AS day
    FROM years CROSS JOIN beginning
)
SELECT years, day, (SELECT count(*) FROM listens WHERE local_day < day) AS listens
  FROM days
 WHERE day <= :today AND day < :to_day
 ORDER BY years;
