-- How many different artists, albums or tracks were heard in each month of a period, and how many of these for the
-- first time.
--
-- :kind  artists, albums or tracks; :listener  whose; :from_day and :to_day  the first day and the day after the last,
-- like 2024-01-01 and 2025-01-01; :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a
-- moment is a wrong clock's; :placeholders  1 gives places to names like "Unknown Artist", usually 0.
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
   WHERE p.listener = :listener AND p.local_day < :to_day
     AND p.played_at >= 1009843200 AND p.played_at < :now + 86400
),
heard AS (
  SELECT * FROM listens
   WHERE (ms IS NULL OR ms >= CAST(:min_ms AS INTEGER))
     AND title IS NOT NULL AND (placeholder = 0 OR :placeholders = 1)
),
firsts AS (
  SELECT artist, title, min(local_month) AS month FROM heard GROUP BY artist, title HAVING min(local_day) >= :from_day
),
new AS (SELECT month, count(*) AS new FROM firsts GROUP BY month),
months AS (
  -- Months in which anything was heard, also such of which nothing has a name.
  SELECT local_month AS month FROM listens
   WHERE local_day >= :from_day AND (ms IS NULL OR ms >= CAST(:min_ms AS INTEGER)) GROUP BY local_month
),
counted AS (
  SELECT month, count(*) AS heard
    FROM (SELECT DISTINCT local_month AS month, artist, title FROM heard WHERE local_day >= :from_day) AS different
   GROUP BY month
)
SELECT months.month, coalesce(heard, 0) AS heard, coalesce(new, 0) AS new
  FROM months LEFT JOIN counted ON counted.month = months.month LEFT JOIN new ON new.month = months.month
 ORDER BY months.month;
