-- Days in a row without listening, between the last day with some and the next: the longest first, of equal ones the
-- earlier. With "AND artist = '…'" in the first condition: without listening to that artist.
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
  SELECT DISTINCT local_day AS day FROM listens
),
numbered AS (
  -- The day's number in the Gregorian calendar, so that days in a row have numbers in a row. Years begin in March here,
  -- so that a leap day is a year's last; divisions have no remainder.
  SELECT day,
         d + (153 * m + 2 - (153 * m + 2) % 5) / 5
         + 365 * y + (y - y % 4) / 4 - (y - y % 100) / 100 + (y - y % 400) / 400 AS number
    FROM (SELECT day,
                 CAST(substr(day, 9, 2) AS INTEGER) AS d, (CAST(substr(day, 6, 2) AS INTEGER) + 9) % 12 AS m,
                 CAST(substr(day, 1, 4) AS INTEGER) - CASE WHEN substr(day, 6, 2) < '03' THEN 1 ELSE 0 END AS y
            FROM heard) AS parts
),
pairs AS (
  SELECT day AS heard_before, lead(day) OVER (ORDER BY number) AS heard_again,
         lead(number) OVER (ORDER BY number) - number - 1 AS days
    FROM numbered
)
SELECT heard_before, heard_again, days
  FROM pairs
 WHERE days > 0
 ORDER BY days DESC, heard_before
 LIMIT :limit;
