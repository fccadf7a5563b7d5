-- Artists, albums or tracks that were among the top of a calendar year and were not heard since a given moment, with
-- their best rank in a year and the first year in which they had it; those with the most plays first.
--
-- :kind  artists, albums or tracks; :listener  whose; :from_day and :to_day  the first day and the day after the last,
-- like 2024-01-01 and 2025-01-01; :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a
-- moment is a wrong clock's; :placeholders  1 gives places to names like "Unknown Artist", usually 0;
-- :top  how many places are the top; :forgotten_at  the Unix second before which they were heard last.
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
lives AS (
  SELECT artist, title, min(played_at) AS first_at, max(played_at) AS last_at, count(*) AS plays
    FROM heard GROUP BY artist, title
),
ranked AS (
  SELECT local_year AS year, artist, title,
         row_number() OVER (PARTITION BY local_year ORDER BY count(*) DESC, artist, title) AS rank
    FROM heard GROUP BY local_year, artist, title
),
best AS (
  SELECT year, artist, title, rank, row_number() OVER (PARTITION BY artist, title ORDER BY rank, year) AS nth
    FROM ranked WHERE rank <= :top
)
SELECT best.rank, best.year, lives.artist, lives.title, first_at, last_at, plays
  FROM best JOIN lives ON lives.artist = best.artist AND lives.title = best.title
 WHERE best.nth = 1 AND last_at < :forgotten_at
 ORDER BY plays DESC, lives.artist, lives.title;
