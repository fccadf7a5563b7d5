-- The most heard tracks or albums among the plays of one artist, album or track.
--
-- :kind  artists, albums or tracks; :artist  the artist; :title  the title, empty for an artist; :listener  whose;
-- :from_day and :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01; :min_ms  shorter
-- plays do not count, usually 30000; :now  Unix seconds, after which a moment is a wrong clock's; :placeholders  1 gives
-- places to names like "Unknown Artist", usually 0;
-- :of  tracks or albums; :limit  how many.
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
within AS (
  SELECT artist, CASE :of WHEN 'albums' THEN album ELSE track END AS name, ms,
         CASE :of WHEN 'albums' THEN album_placeholder ELSE track_placeholder END + artist_placeholder AS is_none
    FROM own
),
ranked AS (
  SELECT row_number() OVER (ORDER BY count(*) DESC, artist, name) AS rank, artist, name, count(*) AS plays,
         coalesce(sum(ms), 0) AS ms_played
    FROM within
   WHERE name IS NOT NULL AND (is_none = 0 OR :placeholders = 1)
   GROUP BY artist, name
)
SELECT rank, artist, name, plays, ms_played FROM ranked WHERE rank <= :limit ORDER BY rank;
