-- Tracks of whose plays no album is known: none was reported, or one that only says that there is none. The most heard
-- first, each with its plays without an album, and how many such plays there are in all.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :placeholders       1 lists tracks like "Unknown Track", too; usually 0
-- :limit              how many
WITH listens AS (
  SELECT artist, track, artist_placeholder + track_placeholder AS is_none
    FROM plays_view
   WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
     AND (album IS NULL OR album_placeholder = 1 OR artist_placeholder = 1)
)
SELECT row_number() OVER (ORDER BY count(*) DESC, artist, track) AS rank, artist, track, count(*) AS plays,
       (SELECT count(*) FROM listens) AS total_plays
  FROM listens
 WHERE is_none = 0 OR :placeholders = 1
 GROUP BY artist, track
 ORDER BY rank
 LIMIT :limit;
