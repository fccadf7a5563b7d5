-- The most heard artists, albums or tracks of a period, and the rank that each had in another one (usually the period
-- before); null where it was not heard then.
--
-- :kind  artists, albums or tracks; :listener  whose; :from_day and :to_day  the first day and the day after the last,
-- like 2024-01-01 and 2025-01-01; :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a
-- moment is a wrong clock's; :placeholders  1 gives places to names like "Unknown Artist", usually 0;
-- :before_from_day and :before_to_day  the other period; :limit  how many.
WITH everything AS (
  SELECT p.local_day, CASE WHEN p.ms_played >= 0 THEN p.ms_played END AS ms,
         -- A split name's plays count for each artist whom it credits.
         CASE WHEN :kind = 'artists' THEN coalesce(credited.name, p.artist) ELSE p.artist END AS artist,
         CASE :kind WHEN 'albums' THEN p.album WHEN 'tracks' THEN p.track ELSE '' END AS title,
         CASE :kind WHEN 'artists' THEN coalesce(credited.placeholder, p.artist_placeholder)
                    WHEN 'albums' THEN p.album_placeholder + p.artist_placeholder
                    ELSE p.track_placeholder + p.artist_placeholder END AS placeholder
    FROM plays_view p
    LEFT JOIN artist_credits c ON c.artist_id = p.artist_id AND :kind = 'artists'
    LEFT JOIN artists credited ON credited.id = c.credited_id
   WHERE p.listener = :listener AND p.played_at >= 1009843200 AND p.played_at < :now + 86400
),
heard AS (
  SELECT * FROM everything
   WHERE (ms IS NULL OR ms >= CAST(:min_ms AS INTEGER))
     AND title IS NOT NULL AND (placeholder = 0 OR :placeholders = 1)
),
ranked AS (
  SELECT row_number() OVER (ORDER BY count(*) DESC, artist, title) AS rank, artist, title, count(*) AS plays,
         coalesce(sum(ms), 0) AS ms_played
    FROM heard WHERE local_day >= :from_day AND local_day < :to_day GROUP BY artist, title
),
before AS (
  SELECT row_number() OVER (ORDER BY count(*) DESC, artist, title) AS rank, artist, title
    FROM heard WHERE local_day >= :before_from_day AND local_day < :before_to_day GROUP BY artist, title
)
SELECT ranked.rank, ranked.artist, ranked.title, ranked.plays, ranked.ms_played, before.rank AS rank_before
  FROM ranked LEFT JOIN before ON before.artist = ranked.artist AND before.title = ranked.title
 WHERE ranked.rank <= :limit
 ORDER BY ranked.rank;
