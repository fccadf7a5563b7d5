-- Albums of which exactly one track was heard, each with that track, its plays and the last of them.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :placeholders       1 where names like "Unknown Artist" count, else 0
SELECT min(artist) AS artist, min(album) AS album, min(track) AS track, count(*) AS plays, max(played_at) AS last_at
  FROM plays_view
 WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
   AND played_at >= 1009843200 AND played_at < :now + 86400
   AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
   AND album_id IS NOT NULL
   AND (CAST(:placeholders AS INTEGER) = 1 OR album_placeholder + artist_placeholder = 0)
 GROUP BY album_id
HAVING count(DISTINCT track_id) = 1
 ORDER BY artist, album, track, plays, last_at;
