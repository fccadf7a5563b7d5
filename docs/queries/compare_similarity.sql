-- How often two listeners heard the same artists: for each pair of plays, how many artists there are of which :listener
-- has the one number and :other the other. From it follows how alike the tastes are, from 0 for no artist in common to
-- 100: the cosine of the angle between both histories, each taken as a vector of ln(1 + plays) of every artist, times 100.
-- With the sums over all rows it is
--   100 * sum(artists * ln(1 + plays) * ln(1 + other_plays))
--       / sqrt(sum(artists * ln(1 + plays) * ln(1 + plays)))
--       / sqrt(sum(artists * ln(1 + other_plays) * ln(1 + other_plays)))
-- which is left to the reader, as not every engine has logarithms.
--
-- :kind  artists; :listener and :other  whose; :from_day and :to_day  the first day and the day after
-- the last, like 2024-01-01 and 2025-01-01; :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after
-- which a moment is a wrong clock's; :placeholders  1 gives places to names like "Unknown Artist", usually 0.
WITH everything AS (
  SELECT p.listener, CASE WHEN p.ms_played >= 0 THEN p.ms_played END AS ms,
         -- A split name's plays count for each artist whom it credits.
         CASE WHEN :kind = 'artists' THEN coalesce(credited.name, p.artist) ELSE p.artist END AS artist,
         CASE :kind WHEN 'albums' THEN p.album WHEN 'tracks' THEN p.track ELSE '' END AS title,
         CASE :kind WHEN 'artists' THEN coalesce(credited.placeholder, p.artist_placeholder)
                    WHEN 'albums' THEN p.album_placeholder + p.artist_placeholder
                    ELSE p.track_placeholder + p.artist_placeholder END AS placeholder
    FROM plays_view p
    LEFT JOIN artist_credits c ON c.artist_id = p.artist_id AND :kind = 'artists'
    LEFT JOIN artists credited ON credited.id = c.credited_id
   WHERE (p.listener = :listener OR p.listener = :other) AND p.local_day >= :from_day AND p.local_day < :to_day
     AND p.played_at >= 1009843200 AND p.played_at < :now + 86400
),
heard AS (
  -- Spellings that differ in case are one name; the first listener's is told. (heard itself knows the case of all
  -- scripts, and white space that does not matter.)
  SELECT coalesce(min(CASE WHEN e.listener = :listener THEN e.artist END), min(e.artist)) AS artist,
         coalesce(min(CASE WHEN e.listener = :listener THEN e.title END), min(e.title)) AS title,
         sum(CASE WHEN listener = :listener THEN 1 ELSE 0 END) AS plays,
         sum(CASE WHEN listener = :other THEN 1 ELSE 0 END) AS other_plays,
         coalesce(sum(CASE WHEN listener = :listener THEN ms END), 0) AS ms_played,
         coalesce(sum(CASE WHEN listener = :other THEN ms END), 0) AS other_ms_played
    FROM everything e
   WHERE (ms IS NULL OR ms >= CAST(:min_ms AS INTEGER))
     AND title IS NOT NULL AND (placeholder = 0 OR :placeholders = 1)
   GROUP BY lower(e.artist), lower(e.title)
)
SELECT plays, other_plays, count(*) AS artists
  FROM heard
 GROUP BY plays, other_plays
 ORDER BY plays, other_plays;
