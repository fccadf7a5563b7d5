-- One artist, album or track year by year: plays, time played, and the rank among everything that was heard then.
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
  SELECT local_year, counted, title, count(*) AS plays, coalesce(sum(ms), 0) AS ms_played,
         row_number() OVER (PARTITION BY local_year ORDER BY count(*) DESC, counted, title) AS rank
    FROM heard GROUP BY local_year, counted, title
)
SELECT local_year AS year, plays, ms_played, rank
  FROM ranked
 WHERE counted = :artist AND title = :title
 ORDER BY local_year;
