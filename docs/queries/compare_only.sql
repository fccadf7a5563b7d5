-- The artists, albums or tracks that a listener heard and another one did not, the most heard first.
--
-- :kind  artists, albums or tracks; :listener and :other  whose; :from_day and :to_day  the first day and the day after
-- the last, like 2024-01-01 and 2025-01-01; :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after
-- which a moment is a wrong clock's; :placeholders  1 gives places to names like "Unknown Artist", usually 0;
-- :limit  how many.
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
SELECT artist, title, plays, ms_played
  FROM heard
 WHERE plays > 0 AND other_plays = 0
 ORDER BY plays DESC, artist, title
 LIMIT :limit;
