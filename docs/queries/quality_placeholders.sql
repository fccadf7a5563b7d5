-- Plays whose artist or track only says that there is none, like "Unknown Artist": the most heard first, and how many
-- such plays there are in all.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :limit              how many
WITH listens AS (
  SELECT artist, track
    FROM plays_view
   WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
     AND (artist_placeholder = 1 OR track_placeholder = 1)
)
SELECT row_number() OVER (ORDER BY count(*) DESC, artist, track) AS rank, artist, track, count(*) AS plays,
       (SELECT count(*) FROM listens) AS total_plays
  FROM listens
 GROUP BY artist, track
 ORDER BY rank
 LIMIT :limit;
