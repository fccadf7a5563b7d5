-- An artist's 100th, 1,000th, 10,000th … listen. A split name counts for each artist that it credits.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :every              another step; 0 for the usual ones
-- :placeholders       1 where names like "Unknown Artist" count, else 0
WITH listens AS (
  SELECT id, played_at, local_day, artist, artist_placeholder, track
    FROM plays_view
   WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
),
numbered AS (
  SELECT row_number() OVER (ORDER BY played_at, id) AS listens, played_at, local_day, artist, artist_placeholder, track
    FROM listens
),
credits AS (
  SELECT DISTINCT split.name AS split_name, shown.name AS artist, shown.placeholder
    FROM artist_credits
    JOIN artists AS reported ON reported.id = artist_id
    JOIN artists AS split    ON split.id = coalesce(reported.shown_as, reported.id)
    JOIN artists AS one      ON one.id = credited_id
    JOIN artists AS shown    ON shown.id = coalesce(one.shown_as, one.id)
    JOIN listeners           ON listeners.id = reported.listener_id
   WHERE listeners.name = :listener
),
credited AS (
  SELECT listens, played_at, local_day, track, coalesce(credits.artist, numbered.artist) AS artist
    FROM numbered LEFT JOIN credits ON split_name = numbered.artist
   WHERE CAST(:placeholders AS INTEGER) = 1 OR coalesce(credits.placeholder, artist_placeholder) = 0
),
counted AS (
  SELECT artist, row_number() OVER (PARTITION BY artist ORDER BY listens) AS number, local_day, played_at, track,
         listens
    FROM credited
)
SELECT artist, number, local_day AS day, played_at, track, listens
  FROM counted
 WHERE CASE WHEN CAST(:every AS INTEGER) > 0 THEN number % CAST(:every AS INTEGER) = 0
            ELSE number IN (100, 1000, 10000, 100000, 1000000, 10000000) END
 ORDER BY listens, artist;
