-- Days in a row with listening to one track: for each its longest streak, the longest first. Of an equal length the
-- earlier comes first, then names in code-point order.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :limit              how many
-- :placeholders       1 where names like "Unknown Artist" count, else 0
-- :since_day          only those that last until this day (yesterday, for those that go on); 0000-01-01 for all
WITH listens AS (
  SELECT track_id, artist, track, artist_placeholder, track_placeholder, local_day
    FROM plays_view
   WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
),
heard AS (
  SELECT track_id, min(artist) AS artist, min(track) AS track, local_day AS day, count(*) AS plays
    FROM listens
   WHERE track_id IS NOT NULL AND (CAST(:placeholders AS INTEGER) = 1 OR track_placeholder + artist_placeholder = 0)
   GROUP BY track_id, local_day
),
numbered AS (
  -- The day's number in the Gregorian calendar, so that days in a row have numbers in a row. Years begin in March here,
  -- so that a leap day is a year's last; divisions have no remainder.
  SELECT track_id, artist, track, day, plays,
         d + (153 * m + 2 - (153 * m + 2) % 5) / 5
         + 365 * y + (y - y % 4) / 4 - (y - y % 100) / 100 + (y - y % 400) / 400 AS number
    FROM (SELECT track_id, artist, track, day, plays,
                 CAST(substr(day, 9, 2) AS INTEGER) AS d, (CAST(substr(day, 6, 2) AS INTEGER) + 9) % 12 AS m,
                 CAST(substr(day, 1, 4) AS INTEGER) - CASE WHEN substr(day, 6, 2) < '03' THEN 1 ELSE 0 END AS y
            FROM heard) AS parts
),
days_in_runs AS (
  SELECT track_id, artist, track, day, plays,
         number - row_number() OVER (PARTITION BY track_id ORDER BY number) AS run
    FROM numbered
),
runs AS (
  SELECT track_id, min(artist) AS artist, min(track) AS track,
         min(day) AS first_day, max(day) AS last_day, count(*) AS days, sum(plays) AS plays
    FROM days_in_runs
   GROUP BY track_id, run
),
ranked AS (
  SELECT artist, track, first_day, last_day, days, plays,
         row_number() OVER (PARTITION BY track_id ORDER BY days DESC, first_day) AS place
    FROM runs
   WHERE last_day >= :since_day
)
SELECT artist, track, first_day, last_day, days, plays
  FROM ranked
 WHERE place = 1
 ORDER BY days DESC, first_day, artist, track
 LIMIT :limit;
