-- One artist, album or track in numbers: plays, time played, all plays of everything, its rank and how many have one,
-- days with plays, the first and the last play, and plays without an album. No row where it was not heard.
--
-- :kind  artists, albums or tracks; :artist  the artist; :title  the title, empty for an artist; :listener  whose;
-- :from_day and :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01; :min_ms  shorter
-- plays do not count, usually 30000; :now  Unix seconds, after which a moment is a wrong clock's; :placeholders  1 gives
-- places to names like "Unknown Artist", usually 0.
WITH listens AS (
  SELECT p.*, CASE WHEN p.ms_played >= 0 THEN p.ms_played END AS ms,
         -- A split name's plays count for each artist whom it credits.
         CASE WHEN :kind = 'artists' THEN coalesce(credited.name, p.artist) ELSE p.artist END AS counted,
         CASE :kind WHEN 'albums' THEN p.album WHEN 'tracks' THEN p.track ELSE '' END AS title,
         CASE :kind WHEN 'artists' THEN coalesce(credited.placeholder, p.artist_placeholder)
                    WHEN 'albums' THEN p.album_placeholder + p.artist_placeholder
                    ELSE p.track_placeholder + p.artist_placeholder END AS placeholder
    FROM plays_view p
    LEFT JOIN artist_credits c ON c.artist_id = p.artist_id AND :kind = 'artists'
    LEFT JOIN artists credited ON credited.id = c.credited_id
   WHERE p.listener = :listener AND p.local_day >= :from_day AND p.local_day < :to_day
     AND p.played_at >= 1009843200 AND p.played_at < :now + 86400
     AND (p.ms_played IS NULL OR p.ms_played < 0 OR p.ms_played >= CAST(:min_ms AS INTEGER))
),
heard AS (
  SELECT * FROM listens WHERE title IS NOT NULL AND (placeholder = 0 OR :placeholders = 1)
),
own AS (SELECT * FROM heard WHERE counted = :artist AND title = :title),
ranked AS (
  SELECT counted, title, row_number() OVER (ORDER BY count(*) DESC, counted, title) AS rank
    FROM heard GROUP BY counted, title
)
SELECT count(*) AS plays, coalesce(sum(ms), 0) AS ms_played, (SELECT count(DISTINCT id) FROM listens) AS total_plays,
       (SELECT rank FROM ranked WHERE counted = :artist AND title = :title) AS rank,
       (SELECT count(*) FROM ranked) AS places, count(DISTINCT local_day) AS days,
       min(played_at) AS first_at, max(played_at) AS last_at, count(*) - count(album_id) AS plays_without_album
  FROM own
HAVING count(*) > 0;
