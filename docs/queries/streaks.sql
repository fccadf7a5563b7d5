-- Days in a row with listening, the longest first, of equal ones the earlier. With "AND artist = '…'" in the first
-- condition: with listening to that artist.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :limit              how many
WITH listens AS (
  SELECT local_day
    FROM plays_view
   WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
),
heard AS (
  SELECT local_day AS day, count(*) AS plays FROM listens GROUP BY local_day
),
numbered AS (
  -- The day's number in the Gregorian calendar, so that days in a row have numbers in a row. Years begin in March here,
  -- so that a leap day is a year's last; divisions have no remainder.
  SELECT day, plays,
         d + (153 * m + 2 - (153 * m + 2) % 5) / 5
         + 365 * y + (y - y % 4) / 4 - (y - y % 100) / 100 + (y - y % 400) / 400 AS number
    FROM (SELECT day, plays,
                 CAST(substr(day, 9, 2) AS INTEGER) AS d, (CAST(substr(day, 6, 2) AS INTEGER) + 9) % 12 AS m,
                 CAST(substr(day, 1, 4) AS INTEGER) - CASE WHEN substr(day, 6, 2) < '03' THEN 1 ELSE 0 END AS y
            FROM heard) AS parts
),
runs AS (
  SELECT day, plays, number - row_number() OVER (ORDER BY number) AS run FROM numbered
)
SELECT min(day) AS first_day, max(day) AS last_day, count(*) AS days, sum(plays) AS plays
  FROM runs
 GROUP BY run
 ORDER BY days DESC, first_day
 LIMIT :limit;
