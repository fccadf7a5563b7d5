-- The most heard artists, albums or tracks of the whole period, and their plays in every day, week (ISO 8601), month or
-- year in which they were heard.
--
-- :kind  artists, albums or tracks; :listener  whose; :from_day and :to_day  the first day and the day after the last,
-- like 2024-01-01 and 2025-01-01; :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a
-- moment is a wrong clock's; :placeholders  1 gives places to names like "Unknown Artist", usually 0;
-- :unit  day, week, month or year; :limit  how many are followed.
WITH listens AS (
  SELECT p.id, p.played_at, p.local_day, p.local_week, p.local_month, p.local_year,
         CASE WHEN p.ms_played >= 0 THEN p.ms_played END AS ms,
         -- A split name's plays count for each artist whom it credits.
         CASE WHEN :kind = 'artists' THEN coalesce(credited.name, p.artist) ELSE p.artist END AS artist,
         CASE :kind WHEN 'albums' THEN p.album WHEN 'tracks' THEN p.track ELSE '' END AS title,
         CASE :kind WHEN 'artists' THEN coalesce(credited.placeholder, p.artist_placeholder)
                    WHEN 'albums' THEN p.album_placeholder + p.artist_placeholder
                    ELSE p.track_placeholder + p.artist_placeholder END AS placeholder
    FROM plays_view p
    LEFT JOIN artist_credits c ON c.artist_id = p.artist_id AND :kind = 'artists'
    LEFT JOIN artists credited ON credited.id = c.credited_id
   WHERE p.listener = :listener AND p.local_day >= :from_day AND p.local_day < :to_day
     AND p.played_at >= 1009843200 AND p.played_at < :now + 86400
),
heard AS (
  SELECT * FROM listens
   WHERE (ms IS NULL OR ms >= CAST(:min_ms AS INTEGER))
     AND title IS NOT NULL AND (placeholder = 0 OR :placeholders = 1)
),
ranked AS (
  SELECT artist, title, count(*) AS plays, row_number() OVER (ORDER BY count(*) DESC, artist, title) AS rank
    FROM heard GROUP BY artist, title
)
SELECT rank, ranked.artist, ranked.title,
       CASE :unit WHEN 'day' THEN local_day WHEN 'week' THEN local_week WHEN 'month' THEN local_month
            ELSE CAST(local_year AS TEXT) END AS unit, count(*) AS plays
  FROM ranked JOIN heard ON heard.artist = ranked.artist AND heard.title = ranked.title
 WHERE rank <= :limit
 GROUP BY 1, 2, 3, 4
 ORDER BY rank, unit;
