-- The artist who came back within a period after the longest silence: a year or more (365 days) without a play, and
-- since then at least five plays up to the period's end.
--
-- :listener  whose; :from_day and :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01;
-- :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a moment is a wrong clock's;
-- :placeholders  1 gives places to names like "Unknown Artist", usually 0.
WITH heard AS (
  SELECT p.id, p.played_at, p.local_day,
         -- A split name's plays count for each artist whom it credits.
         coalesce(credited.name, p.artist) AS artist,
         coalesce(credited.placeholder, p.artist_placeholder) AS placeholder
    FROM plays_view p
    LEFT JOIN artist_credits c ON c.artist_id = p.artist_id
    LEFT JOIN artists credited ON credited.id = c.credited_id
   WHERE p.listener = :listener AND p.local_day < :to_day
     AND p.played_at >= 1009843200 AND p.played_at < :now + 86400
     AND (p.ms_played IS NULL OR p.ms_played < 0 OR p.ms_played >= CAST(:min_ms AS INTEGER))
),
returns AS (
  SELECT artist, local_day, played_at AS returned_at,
         lag(played_at) OVER (PARTITION BY artist ORDER BY played_at, id) AS left_at,
         count(*) OVER (PARTITION BY artist ORDER BY played_at DESC, id DESC) AS plays
    FROM heard WHERE placeholder = 0 OR :placeholders = 1
)
SELECT artist, left_at, returned_at, plays
  FROM returns
 WHERE local_day >= :from_day AND returned_at - left_at >= 365 * 86400 AND plays >= 5
 ORDER BY returned_at - left_at DESC, artist, returned_at
 LIMIT 1;
