-- The habits of every artist: how often, on how many days, since when, and the usual number of days from one of them to
-- the next. The usual one is the median, of two in the middle the longer; fewer than four say nothing (null).
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :placeholders       1 where names like "Unknown Artist" count, else 0
WITH heard AS (
  SELECT p.played_at, p.local_day AS day,
         -- A split name's plays count for each artist whom it credits.
         coalesce(credited.name, p.artist) AS artist,
         coalesce(credited.placeholder, p.artist_placeholder) AS placeholder
    FROM plays_view p
    LEFT JOIN artist_credits c ON c.artist_id = p.artist_id
    LEFT JOIN artists credited ON credited.id = c.credited_id
   WHERE p.listener = :listener AND p.local_day >= :from_day AND p.local_day < :to_day
     AND p.played_at >= 1009843200 AND p.played_at < :now + 86400
     AND (p.ms_played IS NULL OR p.ms_played < 0 OR p.ms_played >= CAST(:min_ms AS INTEGER))
),
counted AS (
  SELECT * FROM heard WHERE placeholder = 0 OR CAST(:placeholders AS INTEGER) = 1
),
numbered AS (
  -- The day's number in the Gregorian calendar. Years begin in March here, so that a leap day is a year's last; divisions
  -- have no remainder.
  SELECT artist,
         d + (153 * m + 2 - (153 * m + 2) % 5) / 5
         + 365 * y + (y - y % 4) / 4 - (y - y % 100) / 100 + (y - y % 400) / 400 AS number
    FROM (SELECT DISTINCT artist,
                 CAST(substr(day, 9, 2) AS INTEGER) AS d, (CAST(substr(day, 6, 2) AS INTEGER) + 9) % 12 AS m,
                 CAST(substr(day, 1, 4) AS INTEGER) - CASE WHEN substr(day, 6, 2) < '03' THEN 1 ELSE 0 END AS y
            FROM counted) AS parts
),
steps AS (
  SELECT artist, number - lag(number) OVER (PARTITION BY artist ORDER BY number) AS gap FROM numbered
),
ordered AS (
  SELECT artist, gap, row_number() OVER (PARTITION BY artist ORDER BY gap) - 1 AS place,
         count(*) OVER (PARTITION BY artist) AS gaps
    FROM steps WHERE gap IS NOT NULL
),
usual AS (
  SELECT artist, gap FROM ordered WHERE gaps >= 4 AND place = (gaps - gaps % 2) / 2
),
days AS (
  SELECT artist, count(*) AS days FROM numbered GROUP BY artist
),
plays AS (
  SELECT artist, count(*) AS plays, min(played_at) AS first_at, max(played_at) AS last_at FROM counted GROUP BY artist
)
SELECT plays.artist, plays, first_at, last_at, days, gap AS usual_gap
  FROM plays JOIN days ON days.artist = plays.artist LEFT JOIN usual ON usual.artist = plays.artist
 ORDER BY plays.artist;
