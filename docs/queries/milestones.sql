-- Round numbers of listens: the first, every 1,000th up to 10,000, every 10,000th up to 100,000, every 100,000th up to
-- a million, and every millionth.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :every              another step; 0 for the usual ones
WITH listens AS (
  SELECT id, played_at, local_day, artist, track
    FROM plays_view
   WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
),
numbered AS (
  SELECT row_number() OVER (ORDER BY played_at, id) AS number, played_at, local_day, artist, track FROM listens
)
SELECT number, local_day AS day, played_at, artist, track
  FROM numbered
 WHERE number = 1
    OR number % CASE WHEN CAST(:every AS INTEGER) > 0 THEN CAST(:every AS INTEGER)
                     WHEN number < 10000 THEN 1000
                     WHEN number < 100000 THEN 10000
                     WHEN number < 1000000 THEN 100000
                     ELSE 1000000 END = 0
 ORDER BY number;
