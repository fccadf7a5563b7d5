-- Charts of every day, week (ISO 8601), month or year: its first places, with the rank on the chart before (that of the
-- last unit in which anything was heard; null for none), the best rank and the number of charts so far.
--
-- :kind  artists, albums or tracks; :listener  whose; :from_day and :to_day  the first day and the day after the last,
-- like 2024-01-01 and 2025-01-01; :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a
-- moment is a wrong clock's; :placeholders  1 gives places to names like "Unknown Artist", usually 0;
-- :unit  day, week, month or year; :limit  how many places a chart has.
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
counted AS (
  SELECT CASE :unit WHEN 'day' THEN local_day WHEN 'week' THEN local_week WHEN 'month' THEN local_month
              ELSE CAST(local_year AS TEXT) END AS unit, artist, title, count(*) AS plays
    FROM heard GROUP BY 1, artist, title
),
-- Units in which anything was heard, also such of which nothing can have a place.
units AS (
  SELECT DISTINCT CASE :unit WHEN 'day' THEN local_day WHEN 'week' THEN local_week WHEN 'month' THEN local_month
                       ELSE CAST(local_year AS TEXT) END AS unit
    FROM listens WHERE ms IS NULL OR ms >= CAST(:min_ms AS INTEGER)
),
numbered AS (SELECT unit, row_number() OVER (ORDER BY unit) AS nth FROM units),
ranked AS (
  SELECT nth, counted.unit, artist, title, plays,
         row_number() OVER (PARTITION BY nth ORDER BY plays DESC, artist, title) AS rank
    FROM counted JOIN numbered ON numbered.unit = counted.unit
),
charted AS (
  SELECT nth, unit, rank, artist, title, plays,
         lag(nth) OVER (PARTITION BY artist, title ORDER BY nth) AS nth_before,
         lag(rank) OVER (PARTITION BY artist, title ORDER BY nth) AS rank_before,
         min(rank) OVER (PARTITION BY artist, title ORDER BY nth) AS peak,
         count(*) OVER (PARTITION BY artist, title ORDER BY nth) AS times
    FROM ranked WHERE rank <= :limit
)
SELECT unit, rank, artist, title, plays, CASE WHEN nth_before = nth - 1 THEN rank_before END AS rank_before, peak, times
  FROM charted
 ORDER BY nth, rank;
